package dossier_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReasonsAreDocumented: reason.go and the second table of docs/outcomes.md have the
// same codes, but for those of HTTP.
func TestReasonsAreDocumented(t *testing.T) {
	read := func(file, from, code string) []string {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, table, _ := strings.Cut(string(text), from)
		var codes []string
		for _, m := range regexp.MustCompile(code).FindAllStringSubmatch(table, -1) {
			codes = append(codes, m[1])
		}
		slices.Sort(codes)
		return codes
	}
	given := read("reason.go", "type Reason", `Reason = "(\w+)"`)
	said := slices.DeleteFunc(read("docs/outcomes.md", "| reason |", "(?m)^\\| `(\\w+)"), func(code string) bool { return strings.HasPrefix(code, "http_") })
	if diff := cmp.Diff(given, said); diff != "" || len(given) < 50 {
		t.Errorf("of %d codes reason.go (-) and docs/outcomes.md (+) say otherwise:\n%s", len(given), diff)
	}
}
