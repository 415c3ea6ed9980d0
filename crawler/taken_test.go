package crawler

import (
	"regexp"
	"testing"

	"github.com/dossier-archive/dossier"
)

func TestTaken(t *testing.T) {
	bare := dossier.Site{ID: "zone", Start: []string{"http://www.zone.test/news/"}, Exclude: []*regexp.Regexp{regexp.MustCompile(`/draft/`)}}
	named := bare
	named.Articles = []*regexp.Regexp{regexp.MustCompile(`/art/\d+\.html$`), regexp.MustCompile(`^https?://paper\.test/`)}
	for _, c := range []struct {
		url         string
		bare, named dossier.Reason
	}{
		{"http://www.zone.test/art/1.html", "", ""},
		{"https://old.zone.test/art/1.html", "", ""},
		{"http://www.zone.test/about.html", "", dossier.ReasonNotArticle},
		{"http://www.zone.test/draft/art/1.html", dossier.ReasonExcluded, dossier.ReasonExcluded},
		{"http://other.test/art/1.html", dossier.ReasonOutOfScope, dossier.ReasonOutOfScope},
		{"http://paper.test/7.html", dossier.ReasonOutOfScope, ""},
	} {
		a, err := ParseAddress("", c.url)
		if err != nil {
			t.Fatal(err)
		}
		if bareGot, namedGot := Taken(&bare)(a), Taken(&named)(a); bareGot != c.bare || namedGot != c.named {
			t.Errorf("%s: got %q and %q, want %q and %q", c.url, bareGot, namedGot, c.bare, c.named)
		}
	}
}
