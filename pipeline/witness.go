package pipeline

import (
	"maps"
	"slices"
	"time"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/extract"
)

const (
	// ruleRow names what the row of a list, a feed or a sitemap says of an article.
	ruleRow = "list-row"
	// rowScore is below what pages say of themselves: a row may be cut, and its
	// date may be that of the list.
	rowScore = 0.4
)

// testify keeps in the evidence what the row that led to an article says
// otherwise than its page. The values stay those of the page, so that a stored
// page gives the same article when it is read again.
func testify(a *dossier.Article, w dossier.Witness) {
	evidence := maps.Clone(a.Evidence)
	if evidence == nil {
		evidence = map[string]dossier.Evidence{}
	}
	add := func(field, value string) {
		e := evidence[field]
		e.Rejected = append(slices.Clone(e.Rejected), dossier.Candidate{Rule: ruleRow, Value: value, Score: rowScore})
		evidence[field] = e
	}
	if w.Title != "" && !extract.SameHeadline(a.Title, w.Title) {
		add("title", w.Title)
	}
	if day := a.Date[:min(len(a.Date), len(time.DateOnly))]; w.Date != "" && day != w.Date {
		add("date", w.Date)
	}
	a.Evidence = evidence
}
