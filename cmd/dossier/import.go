package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/configs"
	"github.com/dossier-archive/dossier/crawler"
	"github.com/dossier-archive/dossier/pipeline"
)

func (a *app) importCommand() *cobra.Command {
	var site string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "import FILE…",
		Short: "Take articles from WARC, ARC and WACZ files of other crawlers",
		Long: `Read the pages of web archives that other programs made, extract their articles
and archive them under --site. Records that are not imported are counted by their
reasons; --verbose lists each, and the first of those that could not be read are
always listed. Articles whose addresses are those of another site already stay its
records. Where the site is configured, pages that a crawl of it would not take become
no records: those that match exclude, that are of other domains than start, and,
where there are articles patterns, that match none. The further pages of a text
become part of its record, where they stand in the same file. What stood in the place
of a record, as an answer 404, is noted for it, and addresses that lead to a record
are its aliases. Importing a file twice changes nothing. WARC and ARC files may be
packed with gzip or zstd, and WACZ files may stand in another one. "-" is the standard
input; that and other pipes can bring WARC and ARC files, not WACZ.` +
			statuses(statusOK, statusFailed, statusUsage, statusPartial, statusArchive, statusLocked, statusInterrupted),
		Example: `  dossier import --site jilin crawl.warc.gz pages.wacz
  curl https://example.org/crawl.warc.gz | dossier import --site jilin -`,
		Args: takesSome("one or more FILEs"),
		RunE: func(cmd *cobra.Command, files []string) error {
			if site == "" {
				return fail(statusUsage, "the records get it as their site", "--site is missing")
			}
			if err := configs.CheckID(site); err != nil {
				return fail(statusUsage, "", "--site: %w", err)
			}
			return a.importFiles(cmd.Context(), files, site, asJSON)
		},
	}
	cmd.Flags().StringVar(&site, "site", "", "`ID` of the site that the pages belong to")
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a file")
	cmd.RegisterFlagCompletionFunc("site", a.siteNames)
	return cmd
}

func (a *app) importFiles(ctx context.Context, files []string, site string, asJSON bool) (err error) {
	c, err := a.configOrNone()
	if err != nil {
		return err
	}
	ar, done, err := openWriter(ctx, c.Archive, "dossier import")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			ar.Abandon() // nothing of it stays if it was made for this
		}
		err = errors.Join(err, done())
	}()
	if known := c.IDs(); len(known) > 0 && c.Site(site) == nil {
		a.say("warning: there is no site %q in %s, so its pages are read without rules; known are %s", site, c.File, strings.Join(known, ", "))
	}
	pages := newReader(c, ar)
	passed := &passedOver{say: a.say, each: a.verbose}
	importer := ar.Importer(archive.Import{
		Place: func(url string) (string, string, string, error) {
			address, err := crawler.ParseAddress("", url)
			return site, address.URL, address.Key, err
		},
		Refuses: refusals(pages.config),
		IsPage:  crawler.IsPage,
		Read:    pages.foreign,
		GoOn:    pages.goOn,
		Named:   ownNames(pages.config),
		IsCopy:  pipeline.IsCopy,
		Passed:  passed.add,
	})
	var total imported
	for i, file := range files {
		passed.begin(file)
		report, err := a.importFile(ctx, importer, file, i == len(files)-1, passed, asJSON)
		switch {
		case err == nil:
		case errors.Is(err, archive.ErrFull):
			return fail(statusArchive, "make room on the disk and import again: what is archived is recognised, and the rest is added", "%w", err)
		case len(files) == 1 || ctx.Err() != nil || isArchiveError(err):
			return err
		default:
			total.unread++
			fmt.Fprintf(a.stderr, "dossier: %s\n", inert(err.Error()))
		}
		total.told += report.Articles() + report.Gone + report.Failed + report.Aliases
		total.damaged += report.Damaged
	}
	return total.failure(files)
}

func (a *app) importFile(ctx context.Context, importer *archive.Importer, file string, last bool, passed *passedOver, asJSON bool) (archive.ImportReport, error) {
	path := file
	if file == "-" {
		path = "/dev/stdin"
	}
	report, err := importer.File(ctx, path, last)
	passed.sum()
	if err != nil {
		if report.Articles()+report.Gone+report.Failed+report.Aliases > 0 {
			err = errors.Join(err, a.printImport(file, report, passed.reasons, asJSON))
		}
		return report, err
	}
	for _, other := range slices.Sorted(maps.Keys(report.Elsewhere)) {
		a.say("in %s: of the site %s already, whose they stay: %s", file, other, count(report.Elsewhere[other], "article"))
	}
	for _, other := range slices.Sorted(maps.Keys(report.Sites)) {
		a.say("warning: in %s: %s of the site %s in the archive that wrote it become those of --site, with other ids; to keep them, export each site by itself and import it under its name",
			file, count(report.Sites[other], "record"), other)
	}
	if report.Payloads > 0 {
		a.say("warning: in %s: the payload digest of %s is not that of the page, which is imported all the same", file, count(report.Payloads, "record"))
	}
	if report.Renumbered > 0 {
		a.say("in %s: the versions of %s have other numbers here than the file says: cite those by the archive that they came from", file, count(report.Renumbered, "record"))
	}
	return report, a.printImport(file, report, passed.reasons, asJSON)
}

// refusals says of sites that are configured which pages a crawl of them would not take.
func refusals(c *configs.Config) func(site, url string) string {
	takes := map[string]func(crawler.Address) dossier.Reason{}
	for _, site := range c.Sites {
		takes[site.ID] = crawler.Taken(site)
	}
	words := map[dossier.Reason]string{
		dossier.ReasonExcluded:   "excluded: it matches exclude of the site",
		dossier.ReasonOutOfScope: "out_of_scope: it is not on a domain of the start addresses of the site",
		dossier.ReasonNotArticle: "not_article: it matches none of the articles patterns of the site",
	}
	return func(site, url string) string {
		refuses := takes[site]
		if refuses == nil {
			return ""
		}
		address, err := crawler.ParseAddress("", url)
		if err != nil {
			return err.Error()
		}
		return words[refuses(address)]
	}
}

// ownNames gives the addresses that articles name as their own, where a crawl would ask there first.
func ownNames(c *configs.Config) func(site, page string, a dossier.Article) string {
	refuses := refusals(c)
	return func(site, page string, a dossier.Article) string {
		address, ok := crawler.Named(page, a)
		if !ok || refuses(site, address.URL) != "" {
			return ""
		}
		return address.URL
	}
}

// imported counts what came of all files.
type imported struct {
	told    int // records that say something of an article
	damaged int // records
	unread  int // files
}

// failure is the error that importing ends with, nil when all was read.
func (i imported) failure(files []string) error {
	switch {
	case i.told == 0:
		return fail(statusFailed, "--verbose gives the reason of each record", "no article was found in %s", strings.Join(files, ", "))
	case i.unread > 0:
		return fail(statusPartial, "the others are imported", "%s of %d could not be read", count(i.unread, "file"), len(files))
	case i.damaged > 0:
		return fail(statusPartial, "what could be read is archived; get the file again from where it was made", "%s could not be read", count(i.damaged, "record"))
	}
	return nil
}

func (a *app) printImport(file string, r archive.ImportReport, reasons map[string]int, asJSON bool) error {
	if asJSON {
		return writeJSON(a.stdout, struct {
			File string `json:"file"`
			archive.ImportReport
			Reasons map[string]int `json:"reasons"` // why records were passed over
		}{file, r, reasons})
	}
	further := ""
	for _, c := range []struct {
		name string
		n    int
	}{{"gone", r.Gone}, {"failed", r.Failed}, {"aliases", r.Aliases}, {"waiting", r.Waiting}} {
		if c.n > 0 {
			further += fmt.Sprintf(", %s %d", c.name, c.n)
		}
	}
	_, err := fmt.Fprintf(a.people, "%s: %s, new %d, changed %d, unchanged %d, duplicates %d%s, passed over %d\n",
		file, count(r.Records, "record"), r.New, r.Changed, r.Unchanged, r.Duplicate, further, r.Passed)
	if err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// passedOver tells about the records of a file that are not imported: of those
// that could not be read the first for each reason, of the others how many have one.
type passedOver struct {
	file    string
	say     func(format string, args ...any)
	each    bool
	reasons map[string]int
	told    map[string]int // of them one by one
}

// maxTold is how many records that could not be read for one reason are told of one by one.
const maxTold = 20

func (p *passedOver) begin(file string) {
	p.file, p.reasons, p.told = file, map[string]int{}, map[string]int{}
}

func (p *passedOver) add(r archive.Passed) {
	p.reasons[r.Reason]++
	if p.each || r.Damaged && p.told[r.Reason] < maxTold {
		p.told[r.Reason]++
		what := strings.Join(strings.Fields(r.Type+" "+r.URL), " ")
		if what == "" && r.Offset == 0 { // not of one record
			p.say("passed over in %s: %s", cmp.Or(r.File, p.file), r.Reason)
			return
		}
		p.say("passed over at byte %d of %s, unpacked: %s: %s", r.Offset, cmp.Or(r.File, p.file), cmp.Or(what, "a record"), r.Reason)
	}
}

func (p *passedOver) sum() {
	for _, reason := range slices.Sorted(maps.Keys(p.reasons)) {
		if n := p.reasons[reason] - p.told[reason]; n > 0 {
			what := "record"
			if p.told[reason] > 0 {
				what = "further record"
			}
			p.say("passed over in %s: %s: %s", p.file, count(n, what), reason)
		}
	}
}
