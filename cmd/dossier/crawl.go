package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"github.com/dossier-archive/dossier"
)

func (a *app) crawlCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "crawl [SITE…]",
		Short: "Make one run of the named sites, of all when none is named",
		Long: `Fetch what is new on the sites and archive it. A run that was interrupted is
continued. This is what cron calls: with --quiet nothing is printed when all is
well.

The first SIGINT or SIGTERM finishes the pages in hand and leaves the rest to
the next run; a second one stops at once.` +
			statuses(statusOK, statusFailed, statusUsage, statusPartial, statusArchive, statusLocked, statusInterrupted),
		Example: `  dossier crawl
  dossier crawl jilin shanghai --json
  dossier crawl --quiet              in a crontab`,
		ValidArgsFunction: a.siteNames,
		RunE: func(cmd *cobra.Command, ids []string) error {
			return a.crawl(cmd.Context(), ids, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a site")
	return cmd
}

func (a *app) crawl(ctx context.Context, ids []string, asJSON bool) (err error) {
	c, err := a.configWithSites()
	if err != nil {
		return err
	}
	sites, err := chosen(c, ids)
	if err != nil {
		return err
	}
	ar, done, err := openWriter(ctx, c.Archive, strings.Join(append([]string{"dossier crawl"}, ids...), " "))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	crew := newCrew(c, ar, crawlBounds, a.logger(slog.LevelWarn))
	bar := a.newProgress()
	runs := crew.all(ctx, sites, bar.show)
	bar.done()
	if err := a.printRuns(runs, asJSON); err != nil {
		return err
	}
	return a.verdict(ctx, runs)
}

func (a *app) printRuns(runs []siteRun, asJSON bool) error {
	switch {
	case asJSON:
		for _, r := range runs {
			if err := writeJSON(a.stdout, r.report); err != nil {
				return err
			}
		}
	case !a.quiet && len(runs) > 0:
		printReports(a.people, runs)
		for _, r := range runs {
			if r.err == nil && r.report.Error != "" {
				a.say("%s: %s", r.site.ID, r.report.Error)
			}
		}
	}
	return nil
}

// printReports prints a line a site, and their sum when there are several.
func printReports(w io.Writer, runs []siteRun) {
	t := plainTable(w)
	t.AppendHeader(table.Row{"Site", "Requests", "New", "Changed", "Unchanged", "Duplicates", "Gone", "Failed"})
	row := func(name string, r dossier.Run) {
		t.AppendRow(table.Row{name, r.Requests, r.New, r.Changed, r.Unchanged, r.Duplicate, r.Gone, r.Failed})
	}
	for _, r := range runs {
		row(r.site.ID, r.report)
	}
	if len(runs) > 1 {
		row("all", sum(runs))
	}
	t.Render()
}

// sum adds up the counts of several runs.
func sum(runs []siteRun) dossier.Run {
	var s dossier.Run
	for _, r := range runs {
		s.Requests += r.report.Requests
		s.New += r.report.New
		s.Changed += r.report.Changed
		s.Unchanged += r.report.Unchanged
		s.Duplicate += r.report.Duplicate
		s.Gone += r.report.Gone
		s.Failed += r.report.Failed
	}
	return s
}

// verdict says what went wrong with which site and what the command has come
// to: nil when every page of every site is well.
func (a *app) verdict(ctx context.Context, runs []siteRun) error {
	stopped, partly, pages := 0, 0, 0
	for _, r := range runs {
		pages += r.report.Failed
		if r.report.Failed > 0 {
			fmt.Fprintf(a.stderr, "%s: %s failed; by reason: %s\n", r.site.ID, count(r.report.Failed, "page"), reasons(r.report.FailedBy))
		}
		switch {
		case r.err == nil:
		case isArchiveError(r.err):
			return r.err
		case r.report.State != dossier.RunInterrupted:
			if r.report.Seen() > 0 {
				partly++
			} else {
				stopped++
			}
			fmt.Fprintf(a.stderr, "%s: %s\n", r.site.ID, inert(r.err.Error()))
		}
	}
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case stopped == len(runs):
		return fail(statusFailed, "", "no site could be crawled")
	case stopped > 0:
		return fail(statusPartial, "", "%d of %s could not be crawled", stopped, count(len(runs), "site"))
	case partly > 0:
		return fail(statusPartial, "", "%d of %s could be crawled only in part", partly, count(len(runs), "site"))
	case pages > 0:
		return fail(statusPartial, "", "%s failed; the next run tries again", count(pages, "page"))
	}
	return nil
}

// reasons lists how often each reason was given, the most frequent first.
func reasons(given map[dossier.Reason]int) string {
	codes := slices.Sorted(maps.Keys(given))
	slices.SortStableFunc(codes, func(a, b dossier.Reason) int { return given[b] - given[a] })
	parts := make([]string, len(codes))
	for i, c := range codes {
		parts[i] = fmt.Sprintf("%s %d", c, given[c])
	}
	return strings.Join(parts, ", ")
}
