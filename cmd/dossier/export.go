package main

import (
	"cmp"
	"context"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/spf13/cobra"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/archive/export"
	"github.com/dossier-archive/dossier/schedule"
)

type exportOptions struct {
	filter
	format  string
	output  string
	columns []string
	with    []string
	program string
	bom     bool
	bundle  string
}

func (a *app) exportCommand() *cobra.Command {
	var o exportOptions
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write records as CSV, JSON and other formats",
		Long: `Write the records of the archive, or those that the filters choose. A file is
written under another name and renamed when it is complete: there is never half
an export. The same archive and filters give the same bytes.

CSV has a header line and CRLF line ends (RFC 4180); a field that the page does
not have and one that it leaves empty are both empty. In JSON the first is null
and the second "". xlsx, parquet, sqlite, atom, text (a folder, or a .zip),
markdown and html are for other programs; the full-text table of sqlite finds
words, and phrases of more than four Chinese characters with a space behind each:
MATCH '"招 商 引 资 政 策"'. warc and wacz hold the pages as they
were fetched; a file called .warc is not compressed, any other WARC is.
--with raw is the page in base64; of a text that stands in several pages it is the
first, parts names the others, and warc has all of them. continued names the page
where a text goes on that could not be had.
--bundle writes a zip with data, description, checksums and how it was
collected. Pages that are damaged are left out, and counted.` + statuses(statusOK, statusFailed, statusUsage, statusPartial, statusArchive, statusInterrupted),
		Example: `  dossier export -o records.csv --for excel    opens in a spreadsheet
  dossier export --format jsonl --site jilin --since 2018 | jq .title
  dossier export --columns id,date,title,url
  dossier export --format wacz -o pages.wacz
  dossier export --bundle records.zip`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.checkTarget(cmd.Flags().Changed); err != nil {
				return err
			}
			if err := o.check(); err != nil {
				return err
			}
			return a.export(cmd.Context(), o)
		},
	}
	o.flags(a, cmd)
	flags := cmd.Flags()
	flags.StringVarP(&o.format, "format", "f", "", strings.Join(slices.Concat(export.Formats, webFormats), ", ")+" (default: as the name of the output ends, else csv)")
	flags.StringVarP(&o.output, "output", "o", "-", "`FILE` to write, packed if it ends in .gz; - is the standard output")
	flags.StringSliceVar(&o.columns, "columns", nil, "only these, in this order: "+strings.Join(export.Columns, ","))
	flags.StringSliceVar(&o.with, "with", nil, "also these: "+strings.Join(export.Extras, ","))
	flags.StringVar(&o.program, "for", "", "excel: mark, line ends and formulas as a spreadsheet needs them; data: untouched")
	flags.StringVar(&o.bundle, "bundle", "", "write a bundle to this zip `FILE` instead; - is the standard output")
	flags.BoolVar(&o.bom, "bom", false, "begin CSV with a byte-order mark, for spreadsheets; --for excel also keeps formulas from running")
	cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(slices.Concat(export.Formats, webFormats), cobra.ShellCompDirectiveNoFileComp))
	cmd.RegisterFlagCompletionFunc("columns", cobra.FixedCompletions(export.Columns, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// checkTarget looks at what says where to write. Given reports whether a flag was
// set.
func (o *exportOptions) checkTarget(given func(flag string) bool) error {
	if named := endingOf(o.bundle); named != "" {
		return fail(statusUsage, "name it .zip", "a bundle is a ZIP file, and %s is called as one of %s", o.bundle, named)
	}
	for flag, value := range map[string]string{
		"output": o.output, "bundle": o.bundle, "format": o.format, "columns": strings.Join(o.columns, ""),
	} {
		if given(flag) && value == "" {
			return fail(statusUsage, "leave it out, or name what it needs", "--%s is empty", flag)
		}
	}
	for _, flag := range []string{"output", "format", "columns", "with", "for", "bom"} {
		if o.bundle != "" && given(flag) {
			return fail(statusUsage, "a bundle has its own files; leave one of the two out", "--bundle and --%s exclude each other", flag)
		}
	}
	if ending := filepath.Ext(strings.TrimSuffix(o.output, ".gz")); !given("format") && ending != "" && endingOf(o.output) == "" && o.output != "-" {
		return fail(statusUsage, "name the format with --format, or the file as one of "+strings.Join(slices.Concat(export.Formats, webFormats), ", "),
			"the ending %s of %s names no format", ending, o.output)
	}
	if named := endingOf(o.output); given("format") && named != "" && named != o.format {
		return fail(statusUsage, "name the file as its format is called, or leave --format out", "--format=%s does not fit the file %s", o.format, o.output)
	}
	format := cmp.Or(o.format, formatOf(o.output))
	if packed := strings.HasSuffix(strings.ToLower(o.output), ".gz"); packed && !slices.Contains(packable, format) {
		return fail(statusUsage, "leave .gz out", "%s is not written with .gz: it is packed already, or no plain file", format)
	}
	return nil
}

// packable are the formats of which a file may end in .gz.
var packable = []string{"csv", "json", "jsonl", "atom", "markdown", "html", "warc"}

func (o *exportOptions) check() error {
	if o.format == "" {
		o.format = formatOf(o.output)
	}
	if o.program != "" && o.program != "excel" && o.program != "data" {
		return fail(statusUsage, "there are excel and data", "--for=%s is not known", o.program)
	}
	if slices.Contains(webFormats, o.format) {
		if len(o.columns)+len(o.with) > 0 || o.bom || o.program != "" {
			return fail(statusUsage, "leave them out: pages are written as they were fetched", "--columns, --with, --for and --bom are not for %s", o.format)
		}
		return o.filter.check()
	}
	for i, c := range o.columns {
		o.columns[i] = strings.TrimSpace(c)
	}
	if err := (export.Options{Columns: o.columns, With: o.with, Source: new(archive.Archive)}).Check(o.format); err != nil {
		hint := ""
		if !slices.Contains(export.Formats, o.format) {
			hint = "there are also " + strings.Join(webFormats, " and ")
		}
		return usage(err, hint)
	}
	if err := o.fits(); err != nil {
		return err
	}
	return o.filter.check()
}

// fits looks for options that say nothing about the format, or contradict each
// other.
func (o *exportOptions) fits() error {
	switch {
	case o.bom && o.format != "csv":
		return fail(statusUsage, "leave it out: only CSV begins with one", "--bom is for csv, not for %s", o.format)
	case o.bom && o.program == "data":
		return fail(statusUsage, "leave one of the two out", "--for=data leaves the data untouched, and --bom puts a mark before them")
	case o.program == "excel" && o.format != "csv" && o.format != "xlsx" && o.format != "text":
		return fail(statusUsage, "it opens csv, xlsx and the metadata.csv of text", "--for=excel is not for %s", o.format)
	}
	return nil
}

// formatOf is the format that the name of a file asks for.
func formatOf(name string) string {
	if ending := endingOf(name); ending != "" {
		return ending
	}
	return "csv"
}

// endingOf is the format that the name of a file names, "" when it names none.
func endingOf(name string) string {
	ending := strings.TrimPrefix(filepath.Ext(strings.TrimSuffix(strings.ToLower(name), ".gz")), ".")
	if format := otherEndings[ending]; format != "" {
		return format
	}
	if slices.Contains(export.Formats, ending) || slices.Contains(webFormats, ending) {
		return ending
	}
	return ""
}

// otherEndings are those that files of a format also have.
var otherEndings = map[string]string{"md": "markdown", "sqlite3": "sqlite", "ndjson": "jsonl", "htm": "html"}

// webFormats are the formats of web archives, which hold pages, not records.
var webFormats = []string{"warc", "wacz"}

func (a *app) export(ctx context.Context, o exportOptions) error {
	boundHeap(heapExport)
	ar, err := a.openReader(ctx)
	if err != nil {
		return err
	}
	defer ar.Close()
	for _, target := range []string{o.output, o.bundle} {
		if err := a.keepsOff(target); err != nil {
			return err
		}
	}
	q, err := o.in(ctx, ar)
	if err != nil {
		return err
	}
	if o.bundle != "" {
		return a.writeBundle(ctx, ar, q, o)
	}
	n, damaged, err := a.writeRecords(ctx, ar, q, o)
	if err != nil {
		return err
	}
	if err := a.sayElsewhere(ctx, ar, q); err != nil {
		return err
	}
	things := "records"
	if slices.Contains(webFormats, o.format) {
		things = "pages"
	}
	switch {
	case n == 0:
		a.say("no record matches: only the frame of the format was written")
	case o.output != "-":
		a.say("%d %s in %s", n, things, o.output)
	}
	if damaged > 0 {
		return fail(statusPartial, "`dossier verify` names them; all else is written", "%s left out, since nobody can read what is damaged", count(damaged, "page"))
	}
	return nil
}

// writeRecords writes records, or the pages of a web archive, to where the
// flags say, and counts them, and the damaged pages that are left out.
func (a *app) writeRecords(ctx context.Context, ar *archive.Archive, q archive.Query, o exportOptions) (n, damaged int, err error) {
	opts := a.exportOptions(o)
	opts.Damaged = func(records int) { damaged = records }
	write := func(w io.Writer) error {
		switch o.format {
		case "warc", "wacz":
			n, damaged, err = a.writePages(ctx, ar, q, o, w)
		default:
			n, err = export.WriteQuery(ctx, w, o.format, ar, q, opts)
		}
		return err
	}
	switch {
	case o.output == "-":
		err = write(a.stdout)
	case slices.Contains(webFormats, o.format):
		err = export.Create(o.output, write)
	case strings.HasSuffix(strings.ToLower(o.output), ".gz"):
		err = export.Create(o.output, func(w io.Writer) error {
			packed := gzip.NewWriter(w)
			return errors.Join(write(packed), packed.Close())
		})
	default:
		n, err = export.WriteQueryFile(ctx, o.output, o.format, ar, q, opts)
	}
	return n, damaged, err
}

func (a *app) exportOptions(o exportOptions) export.Options {
	opts := export.Options{Columns: o.columns, BOM: o.bom, With: o.with, Warn: func(text string) { a.say("warning: %s", text) }}
	if o.program == "excel" {
		opts = opts.ForExcel()
	}
	return opts
}

func (a *app) writePages(ctx context.Context, ar *archive.Archive, q archive.Query, o exportOptions, w io.Writer) (pages, damaged int, err error) {
	write := export.WriteWARC
	switch {
	case o.format == "wacz":
		write = export.WriteWACZ
	case strings.EqualFold(filepath.Ext(o.output), ".warc"):
		write = export.WritePlainWARC
	}
	done, err := write(w, ar.Captures(ctx, q), "dossier "+version())
	if done.NoPage > 0 {
		a.say("warning: of %d versions no page is kept; they are not in the file", done.NoPage)
	}
	return done.Pages, done.Damaged, err
}

// bundleTitle names what was chosen of the archive. The name of its file is no
// part of it: a copy gives the same bytes.
func bundleTitle(q archive.Query) string {
	sites := slices.Compact(slices.Sorted(slices.Values(q.Sites)))
	var chosen []string
	for _, part := range []struct{ name, value string }{{"site", strings.Join(sites, ", ")}, {"query", q.Text}, {"since", q.Since}, {"until", q.Until}} {
		if part.value != "" {
			chosen = append(chosen, part.name+" "+part.value)
		}
	}
	title := "Archived records"
	if len(chosen) > 0 {
		title += " (" + strings.Join(chosen, "; ") + ")"
	}
	return title
}

// writeBundle writes the records with what is known of how they were collected.
func (a *app) writeBundle(ctx context.Context, ar *archive.Archive, q archive.Query, o exportOptions) error {
	c, err := a.configOrNone()
	if err != nil {
		return err
	}
	b := export.Bundle{Title: bundleTitle(q), Software: "dossier " + version()}
	timetables := map[string]archive.Timetable{}
	byID := func(a, b *dossier.Site) int { return strings.Compare(a.ID, b.ID) }
	for _, s := range slices.SortedFunc(slices.Values(c.Sites), byID) {
		if len(q.Sites) > 0 && !slices.Contains(q.Sites, s.ID) {
			continue
		}
		b.Sites = append(b.Sites, export.BundleSite{ID: s.ID, Name: s.Name, Start: s.Start, Schedule: s.Schedule, Robots: s.Robots})
		if s.Schedule == "" {
			continue
		}
		if timetables[s.ID], err = schedule.Timetable(s); err != nil {
			return err
		}
	}
	if b.Coverage, err = ar.Coverage(ctx, q.Sites, timetables); err != nil {
		return err
	}
	if o.bundle == "-" {
		_, err := b.Write(ctx, a.stdout, ar.Records(ctx, archive.List{Query: q}))
		return err
	}
	n, err := b.WriteFile(ctx, o.bundle, ar.Records(ctx, archive.List{Query: q}))
	if err != nil {
		return err
	}
	a.say("%s in %s", count(n, "record"), o.bundle)
	return a.sayElsewhere(ctx, ar, q)
}

// sayElsewhere says how many records that stand under other sites appeared on those
// that were asked for.
func (a *app) sayElsewhere(ctx context.Context, ar *archive.Archive, q archive.Query) error {
	if len(q.Sites) == 0 {
		return nil
	}
	others, err := ar.Reposts(ctx, q.Sites)
	if err == nil && others > 0 {
		a.say("%s of other sites appeared on %s too; `dossier export --with aliases`, without --site, shows where", count(others, "record"), strings.Join(q.Sites, ", "))
	}
	return err
}
