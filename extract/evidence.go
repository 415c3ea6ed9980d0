package extract

import (
	"cmp"
	"slices"

	"golang.org/x/net/html"

	"github.com/dossier-archive/dossier"
)

// A candidate is a possible value of a field.
type candidate struct {
	value string
	raw   string // text that it was read from
	rule  string
	score float64 // 0 to 1

	node *html.Node // that shows it, nil when it stands in no line
}

// A choice is the best candidate of a field with the others.
type choice struct {
	best     candidate
	rejected []candidate
	empty    bool // the label stands without a value
}

// choose takes the best candidate; of equals the first.
func choose(cs []candidate) choice {
	if len(cs) == 0 {
		return choice{}
	}
	sorted := slices.Clone(cs)
	slices.SortStableFunc(sorted, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
	return choice{best: sorted[0], rejected: sorted[1:]}
}

// present is nil for a field that the page does not have, "" for one whose
// label stands without a value.
func (c choice) present() *string {
	if c.best.value == "" && c.best.rule == "" && !c.empty {
		return nil
	}
	return &c.best.value
}

func (c choice) evidence() dossier.Evidence {
	if c.best.value == "" && c.empty {
		return evidenceOf(candidate{rule: "label-empty", score: 0.9}, c.rejected)
	}
	return evidenceOf(c.best, c.rejected)
}

// maxRejected is how many rejected candidates evidence keeps; maxRaw how much
// of a text.
const (
	maxRejected = 5
	maxRaw      = 300
)

func evidenceOf(best candidate, rejected []candidate) dossier.Evidence {
	e := dossier.Evidence{Rule: best.rule, Raw: cut(best.raw, maxRaw), Score: min(best.score, 1)}
	for _, c := range rejected {
		if len(e.Rejected) == maxRejected {
			break
		}
		e.Rejected = append(e.Rejected, dossier.Candidate{Rule: c.rule, Value: cut(c.value, maxRaw), Score: c.score})
	}
	return e
}

// cut shortens a text to at most n bytes at a character's border.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xc0 == 0x80 {
		n--
	}
	return s[:n] + "…"
}
