package main

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/archive/export"
)

type exportOptions struct {
	filter
	format  string
	output  string
	columns []string
	bom     bool
}

func (a *app) exportCommand() *cobra.Command {
	var o exportOptions
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write records as CSV, JSON or JSON Lines",
		Long: `Write the records of the archive, or those that the filters choose. A file is
written under another name and renamed when it is complete: there is never half
an export. The same archive and filters give the same bytes.

CSV has a header line and CRLF line ends (RFC 4180); a field that the page does
not have and one that it leaves empty are both empty. In JSON the first is null
and the second "".` + statuses(statusOK, statusFailed, statusUsage, statusArchive, statusInterrupted),
		Example: `  dossier export -o records.csv --bom          opens in a spreadsheet
  dossier export --format jsonl --site jilin --since 2018 | jq .title
  dossier export --columns id,date,title,url`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.check(); err != nil {
				return err
			}
			return a.export(cmd.Context(), o)
		},
	}
	o.flags(a, cmd)
	flags := cmd.Flags()
	flags.StringVarP(&o.format, "format", "f", "", strings.Join(export.Formats, ", ")+" (default: as the name of the output ends, else csv)")
	flags.StringVarP(&o.output, "output", "o", "-", "`FILE` to write; - is the standard output")
	flags.StringSliceVar(&o.columns, "columns", nil, "only these, in this order: "+strings.Join(export.Columns, ","))
	flags.BoolVar(&o.bom, "bom", false, "begin CSV with a byte-order mark, for spreadsheets")
	cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(export.Formats, cobra.ShellCompDirectiveNoFileComp))
	cmd.RegisterFlagCompletionFunc("columns", cobra.FixedCompletions(export.Columns, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (o *exportOptions) check() error {
	if o.format == "" {
		o.format = formatOf(o.output)
	}
	if err := (export.Options{Columns: o.columns}).Check(o.format); err != nil {
		return usage(err, "")
	}
	if o.bom && o.format != "csv" {
		return fail(statusUsage, "leave it out: JSON has none", "--bom is for csv, not for %s", o.format)
	}
	return o.filter.check()
}

// formatOf is the format that the name of a file asks for.
func formatOf(name string) string {
	if ending := strings.TrimPrefix(filepath.Ext(name), "."); slices.Contains(export.Formats, ending) {
		return ending
	}
	return "csv"
}

func (a *app) export(ctx context.Context, o exportOptions) error {
	ar, err := a.openReader(ctx)
	if err != nil {
		return err
	}
	defer ar.Close()
	q, err := o.in(ctx, ar)
	if err != nil {
		return err
	}
	n, err := a.writeRecords(ctx, ar, q, o)
	if err != nil {
		return err
	}
	switch {
	case n == 0:
		a.say("no record matches: only the frame of the format was written")
	case o.output != "-":
		a.say("%d records in %s", n, o.output)
	}
	return nil
}

func (a *app) writeRecords(ctx context.Context, ar *archive.Archive, q archive.Query, o exportOptions) (int, error) {
	opts := export.Options{Columns: o.columns, BOM: o.bom}
	if o.output == "-" {
		return export.Write(ctx, a.stdout, o.format, ar.Records(ctx, q), opts)
	}
	return export.WriteFile(ctx, o.output, o.format, ar.Records(ctx, q), opts)
}
