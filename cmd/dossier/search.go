package main

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/dossier-archive/dossier/archive"
)

type searchOptions struct {
	filter
	limit     int
	relevance bool
	json      bool
}

func (a *app) searchCommand() *cobra.Command {
	var o searchOptions
	cmd := &cobra.Command{
		Use:   "search QUERY",
		Short: "Find records by their words",
		Long: `Find records whose title or body has all the words of the query. A "phrase"
stands in quotes, -word excludes, word* finds what begins so, OR between two
words makes alternatives of these (a OR b c needs c), parentheses group (NOT in
capitals is as -, and AND as nothing; in quotes or small letters they are words),
title:word looks in one field and -title:word excludes there, and after:2018-01,
until:2018 and before:2019 bound the date. Records without a date count at the
day when they were first seen. Chinese, Japanese and Korean words
need no blanks. Traditional finds simplified characters, full width finds half
width, café finds cafe.` + statuses(statusOK, statusFailed, statusUsage, statusArchive),
		Example: `  dossier search '招商 -旅游 after:2018-01'
  dossier search '"development zone" (plant OR factory)' --site jilin
  dossier search investment --relevance --json`,
		Args: takesSome("a QUERY"),
		RunE: func(cmd *cobra.Command, words []string) error {
			for i, w := range words {
				words[i] = strings.TrimPrefix(w, " ")
			}
			query := strings.Join(words, " ")
			if err := o.check(query); err != nil {
				return err
			}
			return a.search(cmd.Context(), o, query)
		},
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&o.sites, "site", nil, "only this site, by `ID`; may be repeated")
	flags.StringVar(&o.since, "since", "", sinceHelp)
	flags.StringVar(&o.until, "until", "", untilHelp)
	flags.IntVarP(&o.limit, "limit", "n", 20, "at most `N` records; 0 lists all")
	flags.BoolVar(&o.relevance, "relevance", false, "the best match first, instead of the newest")
	flags.BoolVar(&o.json, "json", false, "one JSON object a line; title_marks and the marks of a snippet are where words were found, from and to in Unicode characters")
	cmd.RegisterFlagCompletionFunc("site", a.siteNames)
	return cmd
}

// excluding lets a query begin with what it excludes: words such as -旅游 are set
// behind a blank, so that they are not taken for options.
func excluding(args []string) []string {
	out := slices.Clone(args)
	for i, arg := range out {
		if arg == "--" {
			break
		}
		if strings.HasPrefix(arg, "-") && !shortOptions.MatchString(arg) {
			out[i] = " " + arg
		}
	}
	return out
}

// shortOptions are what search has of options, and numbers, which are values of them.
var shortOptions = regexp.MustCompile(`^-(?:-.*|[qvh]*|[qv]*n=?\d*|[qv]*c(?:=.*)?|\d+)$`)

func (o *searchOptions) check(query string) error {
	if strings.TrimSpace(query) == "" {
		return fail(statusUsage, "`dossier list` shows all records", "the query is empty")
	}
	if err := limitOf(o.limit); err != nil {
		return err
	}
	return o.filter.check()
}

func (a *app) search(ctx context.Context, o searchOptions, text string) error {
	ar, err := a.openReader(ctx)
	if err != nil {
		return err
	}
	defer ar.Close()
	o.query = text
	q, err := o.in(ctx, ar)
	if err != nil {
		return err
	}
	hits, more, err := ar.Search(ctx, archive.Search{Query: q, Relevance: o.relevance, Limit: o.limit})
	if err != nil {
		return err
	}
	for _, h := range hits {
		if err := a.printHit(h, o.json); err != nil {
			return err
		}
	}
	switch {
	case len(hits) == 0:
		a.say("no record matches")
	case more:
		a.say("these are the first %d; --limit shows more", len(hits))
	}
	return a.sayElsewhere(ctx, ar, q)
}

// inCharacters gives the marks of a snippet as other languages count: in characters,
// not in bytes.
func inCharacters(s archive.Snippet) archive.Snippet {
	marks := make([][2]int, len(s.Marks))
	for i, m := range s.Marks {
		for side, at := range m {
			marks[i][side] = utf8.RuneCountInString(s.Text[:at])
		}
	}
	s.Marks = marks
	return s
}

func (a *app) printHit(h archive.Hit, asJSON bool) error {
	if asJSON {
		return writeJSON(a.stdout, struct {
			ID      string          `json:"id"`
			Site    string          `json:"site"`
			URL     string          `json:"url"`
			Title   string          `json:"title"`
			Marks   [][2]int        `json:"title_marks"`
			Date    string          `json:"date"`
			Snippet archive.Snippet `json:"snippet"`
			Score   float64         `json:"score"`
		}{h.Record.ID, h.Record.Site, h.Record.URL, h.Record.Title, inCharacters(h.Title).Marks, h.Record.Date, inCharacters(h.Snippet), h.Score})
	}
	_, err := fmt.Fprintf(a.people, "%s  %s  %s  %s\n    %s\n", h.Record.ID, day(h.Record), h.Record.Site,
		h.Title.Highlight("[", "]", nil), strings.ReplaceAll(h.Snippet.Highlight("[", "]", nil), "\n", " "))
	return err
}
