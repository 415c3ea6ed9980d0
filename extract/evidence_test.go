package extract

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dossier-archive/dossier"
)

// TestEvidence: scores lie between 0 and 1, and what says the same by the same
// rule is told once.
func TestEvidence(t *testing.T) {
	c := choose([]candidate{
		{value: "Bo", raw: "by Bo", rule: "byline", score: 0.61}, {value: "Ann", raw: "By Ann", rule: "byline", score: 1.234}, {value: "Ann", rule: "byline", score: 0.8},
		{value: "Ann", rule: "json-ld", score: 0.7049}, {value: "Bo", rule: "byline", score: 0.2}, {value: "Cy", rule: "meta-author", score: -0.2},
	})
	want := dossier.Evidence{Rule: "byline", Raw: "By Ann", Score: 1, Rejected: []dossier.Candidate{
		{Rule: "json-ld", Value: "Ann", Score: 0.7}, {Rule: "byline", Value: "Bo", Score: 0.61}, {Rule: "meta-author", Value: "Cy", Score: 0},
	}}
	if diff := cmp.Diff(want, c.evidence()); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	empty := c.refused("Author")
	if got := empty.present(); got == nil || *got != "" {
		t.Errorf("a label without a value gives %v", got)
	}
	if e := empty.evidence(); e.Rule != "label-empty" || e.Raw != "Author" || len(e.Rejected) != 4 {
		t.Errorf("its evidence is %+v", e)
	}
	if got := (choice{}).present(); got != nil {
		t.Errorf("no field gives %q", *got)
	}
}
