package crawler

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestReasonsAreDocumented: every code that the source gives stands in
// docs/outcomes.md.
func TestReasonsAreDocumented(t *testing.T) {
	docs, err := os.ReadFile("../docs/outcomes.md")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, file := range []string{"reasons.go", "../pipeline/article.go"} {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`dossier\.Reason += "(\w+)"`).FindAllStringSubmatch(string(src), -1) {
			n++
			if !strings.Contains(string(docs), "`"+m[1]+"`") {
				t.Errorf("reason %s of %s is not in docs/outcomes.md", m[1], file)
			}
		}
	}
	if n < 40 {
		t.Errorf("%d reasons found", n)
	}
}
