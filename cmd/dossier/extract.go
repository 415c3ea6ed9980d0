package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/crawler"
)

type extractOptions struct {
	url      string
	manifest string
	site     string
	timezone string
	explain  string
}

func (a *app) extractCommand() *cobra.Command {
	var o extractOptions
	cmd := &cobra.Command{
		Use:   "extract FILE… | --manifest FILE",
		Short: "Read saved pages without an archive",
		Long: `Read title, date, author, source and body from saved pages and print one JSON
object a line, in the order of the pages. Files may be compressed with gzip;
"-" is the standard input. Nothing is written and no configuration is needed,
unless --site or --config names one.

A manifest has a JSON object a line: {"id": …, "file": …, "url": …}. Paths in it
are relative to it. A page that cannot be read is reported and left out; the
others are answered. Pages of one host, or of the site named by --site, are
read with what they have in common.` + statuses(statusOK, statusFailed, statusUsage, statusPartial, statusInterrupted),
		Example: `  dossier extract page.html --url https://example.org/news/1.html
  dossier extract --manifest pages/manifest.jsonl > articles.jsonl
  dossier extract page.html --site jilin --explain=text`,
		RunE: func(cmd *cobra.Command, files []string) error {
			if err := o.check(files); err != nil {
				return err
			}
			return a.extract(cmd.Context(), o, files)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.url, "url", "", "`URL` of the page, when there is one FILE")
	flags.StringVar(&o.manifest, "manifest", "", "read the pages that `FILE` lists")
	flags.StringVar(&o.site, "site", "", "use the rules of the site with this `ID`")
	flags.StringVar(&o.timezone, "timezone", "", "`ZONE` of dates that carry none, such as Asia/Shanghai")
	flags.StringVar(&o.explain, "explain", "", "add where each value came from; =text prints it for people")
	flags.Lookup("explain").NoOptDefVal = "json"
	cmd.RegisterFlagCompletionFunc("site", a.siteNames)
	return cmd
}

func (o extractOptions) check(files []string) error {
	switch {
	case o.manifest == "" && len(files) == 0:
		return fail(statusUsage, "name one or more files, or --manifest FILE", "no page to read")
	case o.manifest != "" && len(files) > 0:
		return fail(statusUsage, "use one or the other", "both files and a manifest")
	case o.url != "" && len(files) != 1:
		return fail(statusUsage, "for more pages write a manifest", "--url goes with exactly one FILE")
	case o.url != "" && !isWebAddress(o.url):
		return fail(statusUsage, "give a whole address, such as https://example.org/news/1.html", "--url=%s is no address of a page", o.url)
	case o.explain != "" && o.explain != "json" && o.explain != "text":
		return fail(statusUsage, "it is --explain or --explain=text", "--explain=%s is not known", o.explain)
	}
	return nil
}

// isWebAddress reports whether a text is an absolute address of the web.
func isWebAddress(s string) bool {
	_, err := crawler.ParseAddress("", s)
	return err == nil
}

func (a *app) extract(ctx context.Context, o extractOptions, files []string) error {
	rules, err := a.extractRules(o)
	if err != nil {
		return err
	}
	pages := namedPages(files, o.url)
	if o.manifest != "" {
		m, err := a.openManifest(o.manifest)
		if err != nil {
			return fail(statusUsage, "", "manifest: %w", err)
		}
		defer m.close()
		pages = m.pages()
	}
	to := a.stdout
	if o.explain == "text" {
		to = a.people
	}
	out := bufio.NewWriterSize(to, 64<<10)
	total, failed, err := a.answerAll(ctx, o, pages, rules, out)
	if err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	switch {
	case total == 0:
		return fail(statusFailed, "", "%s lists no page", o.manifest)
	case failed == total:
		return fail(statusFailed, "", "no page could be read")
	case failed > 0:
		return fail(statusPartial, "", "%d of %d pages could not be read", failed, total)
	}
	return nil
}

// answerAll reads the pages on all processors and writes the answers in order.
func (a *app) answerAll(ctx context.Context, o extractOptions, pages pageSeq, rules dossier.Rules, out io.Writer) (total, failed int, err error) {
	write := a.answerWriter(o, out)
	for answer := range inOrder(ctx, a.ofSites(ctx, pages, o.site), func(p sitePage) answered { return a.answer(p, rules) }) {
		total++
		if answer.err != nil {
			failed++
			a.complain(answer)
			continue
		}
		if err := write(answer); err != nil {
			return total, failed, fmt.Errorf("write: %w", err)
		}
	}
	if ctx.Err() != nil {
		return total, failed, context.Cause(ctx)
	}
	return total, failed, nil
}

// complain names the page that could not be read, also to those who asked for
// silence.
func (a *app) complain(an answered) {
	if an.page.at != "" {
		an.err = fmt.Errorf("%s: %w", an.page.at, an.err)
	}
	fmt.Fprintf(a.stderr, "dossier: %s\n", inert(an.err.Error()))
}

// answered is what was read from one page.
type answered struct {
	page    savedPage
	article dossier.Article
	err     error
}

func (a *app) answer(p sitePage, rules dossier.Rules) answered {
	page, err := a.parse(p)
	if err != nil {
		return answered{page: p.savedPage, err: err}
	}
	return answered{page: p.savedPage, article: page.Article(rules)}
}

// answerWriter gives the function that writes one answer as the options say.
func (a *app) answerWriter(o extractOptions, out io.Writer) func(answered) error {
	if o.explain == "text" {
		return func(an answered) error { return explain(out, an) }
	}
	return func(an answered) error {
		if o.explain == "" {
			an.article.Evidence = nil
		}
		return writeJSON(out, struct {
			ID  string `json:"id"`
			URL string `json:"url"`
			dossier.Article
		}{an.page.ID, an.page.URL, an.article})
	}
}

// extractRules are the rules of a site when one is named, else only the zone.
func (a *app) extractRules(o extractOptions) (dossier.Rules, error) {
	var rules dossier.Rules
	if o.site != "" || a.configFile != "" {
		c, err := a.config()
		if err != nil {
			return rules, err
		}
		rules.Timezone = c.Timezone
		if o.site != "" {
			site := c.Site(o.site)
			if site == nil {
				return rules, unknownSite(o.site, c.IDs(), c.File)
			}
			rules = site.Rules
		}
	}
	if o.timezone != "" {
		zone, err := time.LoadLocation(o.timezone)
		if err != nil {
			return rules, fail(statusUsage, "zones are named as in Asia/Shanghai, Europe/Berlin, UTC", "--timezone: %w", err)
		}
		rules.Timezone = zone
	}
	return rules, nil
}
