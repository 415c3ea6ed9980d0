package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/dossier-archive/dossier/archive"
)

// A filter holds the flags that choose records.
type filter struct {
	sites        []string
	since, until string
	query        string

	given func(flag string) bool
}

func (f *filter) flags(a *app, cmd *cobra.Command) {
	flags := cmd.Flags()
	f.given = flags.Changed
	flags.StringSliceVar(&f.sites, "site", nil, "only this site, by `ID`; may be repeated")
	flags.StringVar(&f.since, "since", "", sinceHelp)
	flags.StringVar(&f.until, "until", "", untilHelp)
	flags.StringVar(&f.query, "query", "", "with all these `WORDS` in title or body")
	cmd.RegisterFlagCompletionFunc("site", a.siteNames)
}

// isDateFilter reports whether a text is a year, a month or a day that there is.
func isDateFilter(s string) bool {
	for _, layout := range []string{"2006", "2006-01", time.DateOnly} {
		if _, err := time.Parse(layout, s); err == nil && len(s) == len(layout) {
			return true
		}
	}
	return false
}

// check says what is wrong with the flags before an archive is opened.
func (f *filter) check() error {
	for _, flag := range []struct{ name, value string }{{"site", strings.Join(f.sites, "")}, {"since", f.since}, {"until", f.until}, {"query", f.query}} {
		if f.given != nil && f.given(flag.name) && strings.TrimSpace(flag.value) == "" {
			return fail(statusUsage, "leave it out to choose all records", "--%s is empty; is a variable not set?", flag.name)
		}
	}
	for name, value := range map[string]string{"since": f.since, "until": f.until} {
		if value != "" && !isDateFilter(value) {
			return fail(statusUsage, "write it as 2018, 2018-01 or 2018-01-19, a day that the calendar has", "--%s=%s is not a date", name, value)
		}
	}
	// 2018-05 is not after 2018: that is the whole year.
	if f.since != "" && f.until != "" && f.since > f.until && !strings.HasPrefix(f.since, f.until) {
		return fail(statusUsage, "", "--since=%s is after --until=%s", f.since, f.until)
	}
	return nil
}

// in makes a query of the filter. A site that the archive does not know is
// reported rather than answered with nothing.
func (f *filter) in(ctx context.Context, ar *archive.Archive) (archive.Query, error) {
	q := archive.Query{Sites: f.sites, Since: f.since, Until: f.until, Text: f.query}
	return q, knownSites(ctx, ar, slices.Concat(f.sites, archive.QuerySites(f.query))...)
}

// knownSites reports the first of some sites that the archive does not know.
func knownSites(ctx context.Context, ar *archive.Archive, sites ...string) error {
	if len(sites) == 0 {
		return nil
	}
	known, err := ar.Sites(ctx)
	if err != nil {
		return err
	}
	for _, id := range sites {
		if !slices.Contains(known, id) {
			return unknownSite(id, known, ar.Path())
		}
	}
	return nil
}

const (
	sinceHelp = "published on this `DATE` or later: 2018, 2018-01 or 2018-01-19; without a date, first seen then"
	untilHelp = "published on this `DATE` or earlier; without a date, first seen then"
)
