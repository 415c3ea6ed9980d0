package crawler

import (
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/extract"
)

// TestIsArticle: what makes a page an article that was found by its looks.
func TestIsArticle(t *testing.T) {
	const (
		headline = "Ten projects begin in the zone"
		text     = "<p>The zone has begun ten projects, whose investors come from five countries.</p>"
		others   = `<h2>Recent posts</h2><ul><li><a href="/1">The airport is asked for more flights</a></li><li><a href="/2">The harbour has room for two ships</a></li></ul>`
		month    = `<h1>December 2023</h1><article><h2><a href="/p1">` + headline + `</a></h2><p>2023-12-05</p>` + text + text + text + text + `</article>`
	)
	story := "<h1>" + headline + "</h1>" + strings.Repeat(text, 5)
	tests := []struct {
		name, path, row, html string
		want                  bool
	}{
		{"no date, and the headline of its row", "/zsdt/101.html", headline, story, true},
		{"with others beside it", "/2023/12/ten-projects-begin-in-the-zone/", headline, story + others, true},
		{"a law", "/laws/101.html", headline, story, false},
		{"a story of the zone", "/en/zone-news/101.html", headline, story, true},
		{"no row", "/zsdt/101.html", "", story, false},
		{"another headline", "/zsdt/101.html", "The airport is asked for more flights", story, false},
		{"next to no text", "/zsdt/101.html", headline, "<h1>" + headline + "</h1>" + text, false},
		{"an address as sections have it", "/about/zone.html", headline, story, false},
		{"a list of that name", "/col/1004/", headline, "<h1>" + headline + "</h1>" + strings.Repeat(`<li><a href="/3">The airport is asked for more flights</a> 2023-12-05</li>`, 12), false},
		{"a month of a blog", "/2023/12/", "", month, false},
		{"an author of a blog", "/author/press/", "Press office of the zone", month, false},
		{"the first page of one", "/en/2023/12/page/2/", "", month, false},
		{"a year of a blog", "/en/2023/", "", month, false},
		{"an article whose number could be a year", "/node/2019", "", `<h1>` + headline + `</h1><p>Date: 2023-12-05</p>` + strings.Repeat(text, 5), true},
		{"an article below a category", "/category/t2019_55.html", "", `<h1>` + headline + `</h1><p>Date: 2023-12-05</p>` + strings.Repeat(text, 5), true},
		{"a post of a blog", "/2023/12/05/ten/", "", `<h1>` + headline + `</h1><p>Date: 2023-12-05</p>` + strings.Repeat(text, 5), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			at, err := ParseAddress("", "http://zone.example"+tt.path)
			if err != nil {
				t.Fatal(err)
			}
			v := &visit{site: &dossier.Site{}, task: dossier.Task{Kind: dossier.KindMaybe, Witness: dossier.Witness{Title: tt.row}}}
			p := extract.Parse(&dossier.Snapshot{URL: at.URL, Body: []byte("<html><body>" + tt.html + "</body></html>")})
			if got := v.isArticle(p, at); got != tt.want {
				t.Errorf("article: %v, want %v (%s)", got, tt.want, p.Kind())
			}
		})
	}
}

// TestHeadlineOfRow: of several links to one article the headline is kept.
func TestHeadlineOfRow(t *testing.T) {
	const headline = "Ten projects begin in the zone"
	tests := []struct{ name, html string }{
		{"words before it", `<h2><a href="/1.html">` + headline + `</a></h2><p>Some text <a href="/1.html">Continue reading “` + headline + `”</a></p>`},
		{"words before it, first", `<a href="/1.html">Read more: ` + headline + `</a><h2><a href="/1.html">` + headline + `</a></h2>`},
		{"a cut one", `<a href="/1.html">Ten projects…</a><a href="/1.html">` + headline + `</a>`},
		{"a short word", `<a href="/1.html">` + headline + `</a><a href="/1.html">More</a>`},
	}
	for _, tt := range tests {
		at, err := ParseAddress("", "http://zone.example/news/")
		if err != nil {
			t.Fatal(err)
		}
		f := &finder{site: &dossier.Site{Start: []string{at.URL}}, scope: newScope(&dossier.Site{Start: []string{at.URL}}), at: at}
		p := extract.Parse(&dossier.Snapshot{URL: at.URL, Body: []byte("<html><body>" + tt.html + "</body></html>")})
		got := f.candidates(p.Links(), at.URL)
		if len(got) != 1 || got[0].Text != headline {
			t.Errorf("%s: got %+v", tt.name, got)
		}
	}
}
