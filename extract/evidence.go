package extract

import (
	"cmp"
	"math"
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
	empty    string // the label that stands without a value, "" when there is none
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

// refused is a choice without a best candidate: none is good enough.
func (c choice) refused(empty string) choice {
	if c.best.rule == "" {
		return choice{empty: empty}
	}
	return choice{rejected: append([]candidate{c.best}, c.rejected...), empty: empty}
}

// present is nil for a field that the page does not have, "" for one whose
// label stands without a value.
func (c choice) present() *string {
	if c.best.value == "" && c.empty == "" && (c.best.rule == "" || c.best.rule == ruleUnmatched) {
		return nil
	}
	return &c.best.value
}

func (c choice) evidence() dossier.Evidence {
	if c.best.value == "" && c.empty != "" {
		return evidenceOf(candidate{rule: "label-empty", raw: c.empty, score: 0.9}, c.rejected)
	}
	return evidenceOf(c.best, c.rejected)
}

// maxRejected is how many rejected candidates evidence keeps; maxRaw how much
// of a text.
const (
	maxRejected = 5
	maxRaw      = 300
)

// evidenceOf words a choice. Of candidates that say the same by the same rule
// the best is kept.
func evidenceOf(best candidate, rejected []candidate) dossier.Evidence {
	e := dossier.Evidence{Rule: best.rule, Raw: cut(best.raw, maxRaw), Score: shown(best.score)}
	type said struct{ rule, value string }
	seen := map[said]bool{{best.rule, best.value}: true}
	for _, c := range rejected {
		if len(e.Rejected) == maxRejected {
			break
		}
		if key := (said{c.rule, c.value}); !seen[key] {
			seen[key] = true
			e.Rejected = append(e.Rejected, dossier.Candidate{Rule: c.rule, Value: cut(c.value, maxRaw), Score: shown(c.score)})
		}
	}
	return e
}

// shown is a score as evidence has it: from 0 to 1, in hundredths.
func shown(score float64) float64 { return math.Round(100*min(max(score, 0), 1)) / 100 }

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
