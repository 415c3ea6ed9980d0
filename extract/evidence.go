package extract

import (
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

// choose gives the best candidate and the others; of equals the first wins.
// Candidates of one value strengthen each other only by the best of them.
func choose(cs []candidate) (candidate, []candidate) {
	if len(cs) == 0 {
		return candidate{}, nil
	}
	sorted := slices.Clone(cs)
	slices.SortStableFunc(sorted, func(a, b candidate) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return 0
	})
	return sorted[0], sorted[1:]
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
