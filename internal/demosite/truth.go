package demosite

import "strings"

// An Expected is what the archive has to hold of one article.
type Expected struct {
	Site   string // id of the site, as in Sites
	Path   string // address below the base
	Other  string // second address of a repost: either may be the record's
	Title  string
	Date   string
	Author *string
	Source *string
	Body   string
}

// Truth is what a complete crawl of a phase archives: every article once,
// without those that never answer and those that robots.txt disallows. In the
// second phase the article that is gone is still there as it was.
func (s *Site) Truth(phase int) []Expected {
	var all []Expected
	for _, a := range s.articles {
		switch a.fault {
		case faultBroken, faultCut, faultInternal:
			continue
		}
		all = append(all, a.expected(phase))
	}
	return all
}

func (a *article) expected(phase int) Expected {
	e := Expected{
		Site: siteOf[a.section.lang], Path: a.path(), Title: a.title, Date: a.date(),
		Author: a.author, Source: a.source, Body: a.in(phase).body(),
	}
	if a.repost != nil {
		e.Other = a.repostPath()
	}
	return e
}

var siteOf = map[string]string{"en": "riverbend", "zh": "haiyu"}

// in returns the article as it reads in a phase.
func (a *article) in(phase int) *article {
	if a.fault != faultChanges || phase != 2 {
		return a
	}
	changed := *a
	changed.blocks = append(append([]block(nil), a.blocks...), block{
		Text: "Correction: an earlier version of this text gave another number of jobs. The company has since named the figure above.",
	})
	return &changed
}

// slug writes a title the way addresses do.
func slug(a *article) string {
	words := strings.FieldsFunc(strings.ToLower(a.title), func(r rune) bool { return r < 'a' || r > 'z' })
	return strings.Join(words[:min(len(words), 5)], "-")
}
