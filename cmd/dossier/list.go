package main

import (
	"context"
	"io"
	"iter"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/archive/export"
)

type listOptions struct {
	filter
	limit int
	json  bool
}

func (a *app) listCommand() *cobra.Command {
	var o listOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List records, the newest first",
		Long: `List the records of the archive by their publication date, the newest first;
one whose page shows no date stands at the day when it was archived.` +
			statuses(statusOK, statusFailed, statusUsage, statusArchive, statusInterrupted),
		Example: `  dossier list --limit 10
  dossier list --site jilin --since 2018-01 --query investment
  dossier list --json --limit 0 | wc -l`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.check(); err != nil {
				return err
			}
			return a.list(cmd.Context(), o)
		},
	}
	o.flags(a, cmd)
	cmd.Flags().IntVarP(&o.limit, "limit", "n", 50, "at most `N` records; 0 lists all")
	cmd.Flags().BoolVar(&o.json, "json", false, "one JSON object a line, with all fields")
	return cmd
}

func (o *listOptions) check() error {
	if err := limitOf(o.limit); err != nil {
		return err
	}
	return o.filter.check()
}

func (a *app) list(ctx context.Context, o listOptions) error {
	ar, err := a.openReader(ctx)
	if err != nil {
		return err
	}
	defer ar.Close()
	q, err := o.in(ctx, ar)
	if err != nil {
		return err
	}
	records := ar.Records(ctx, archive.List{Query: q, Newest: true, Limit: o.limit})
	if o.json {
		_, err := export.Write(ctx, a.stdout, "jsonl", records, export.Options{})
		return err
	}
	n, err := printRecords(a.people, records)
	switch {
	case err != nil:
		return err
	case n == 0:
		a.say("no record matches")
	case n == o.limit:
		a.say("these are the newest %d; --limit 0 lists all", n)
	}
	return a.sayElsewhere(ctx, ar, q)
}

// printRecords prints a line for each record and says how many there were.
func printRecords(w io.Writer, records iter.Seq2[dossier.Record, error]) (n int, err error) {
	t := plainTable(w)
	t.AppendHeader(table.Row{"ID", "Date", "Site", "Title"})
	for r, err := range records {
		if err != nil {
			return n, err
		}
		title := r.Title
		if !r.Gone.IsZero() {
			title += " (gone)"
		}
		t.AppendRow(table.Row{r.ID, day(r), r.Site, brief(title)})
		n++
	}
	if n > 0 {
		t.Render()
	}
	return n, nil
}
