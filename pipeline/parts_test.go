package pipeline_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

// inPages makes the text of article 3 stand in three pages.
func inPages(s *fakeSite, said func(page int) string) {
	pager := `<div class="page"><a href="/news/3.html">1</a> <a href="/news/3_2.html">2</a> <a href="/news/3_3.html">3</a></div>`
	for i, path := range []string{"/news/3.html", "/news/3_2.html", "/news/3_3.html"} {
		s.handle(path, func(w http.ResponseWriter, r *http.Request) {
			if text := said(i + 1); text != "" {
				write(w, r, article(3, text+pager))
				return
			}
			http.NotFound(w, r)
		})
	}
}

func paragraphOf(page int) string {
	return fmt.Sprintf("<p>Page %d of the report says that the administration of the zone has spent %d million on roads, bridges and the harbour.</p><p>It will spend %d million in the year to come, according to the plan on this page.</p>", page, page*31, page*17)
}

func (b *bench) record(suffix string) dossier.Record {
	b.t.Helper()
	for r, err := range b.arch.Records(b.t.Context(), archive.List{}) {
		if err != nil {
			b.t.Fatal(err)
		}
		if strings.HasSuffix(r.URL, suffix) {
			return r
		}
	}
	b.t.Fatalf("no record of %s", suffix)
	return dossier.Record{}
}

// TestTextInPages: the text of an article that stands in several pages is archived whole, with
// all of its pages, and a change of any of them is one of the article.
func TestTextInPages(t *testing.T) {
	s := newFakeSite(t, 5)
	inPages(s, paragraphOf)
	b := newBench(t, s)
	expect(t, b.run(), "new 5, changed 0, unchanged 0, duplicates 0, gone 0, failed 0")
	r := b.record("/3.html")
	for page := 1; page <= 3; page++ {
		if !strings.Contains(r.Body, fmt.Sprintf("Page %d of the report", page)) {
			t.Errorf("page %d is missing from the text:\n%s", page, r.Body)
		}
	}
	if want := []string{s.URL + "/news/3_2.html", s.URL + "/news/3_3.html"}; !slices.Equal(r.Parts, want) || r.Continued != "" {
		t.Errorf("parts %v, goes on at %q, want %v", r.Parts, r.Continued, want)
	}
	if page, err := b.arch.Snapshot(t.Context(), r.ID, 1); err != nil || len(page.Parts) != 2 || !strings.Contains(string(page.Parts[1].Body), "Page 3 of") || strings.Contains(string(page.Body), "Page 2 of") {
		t.Errorf("the pages are kept as %+v, %v", page, err)
	}
	expect(t, b.run(), "new 0, changed 0, unchanged 5, duplicates 0, gone 0, failed 0")
	inPages(s, func(page int) string { return paragraphOf(page + page/3) })
	expect(t, b.run(), "new 0, changed 1, unchanged 4, duplicates 0, gone 0, failed 0")
	if r := b.record("/3.html"); r.Version != 2 || !strings.Contains(r.Body, "Page 4 of the report") {
		t.Errorf("version %d after a change of the last page:\n%s", r.Version, r.Body)
	}
	if v, err := b.arch.Verify(t.Context(), false); err != nil || !v.Whole() {
		t.Errorf("%+v, %v", v, err)
	}
}

// TestPageOfATextIsMissing: a record whose text had all of its pages stays as it is when one of
// them does not come. A new article is archived with those that do, and gets the rest later.
func TestPageOfATextIsMissing(t *testing.T) {
	s := newFakeSite(t, 5)
	without := func(page int) string {
		if page == 2 {
			return ""
		}
		return paragraphOf(page)
	}
	inPages(s, without)
	b := newBench(t, s)
	expect(t, b.run(), "new 5, changed 0, unchanged 0, duplicates 0, gone 0, failed 0")
	if r := b.record("/3.html"); r.Continued != s.URL+"/news/3_2.html" || len(r.Parts) != 0 || !strings.Contains(r.Body, "Page 1 of") {
		t.Errorf("goes on at %q, parts %v", r.Continued, r.Parts)
	}
	expect(t, b.run(), "new 0, changed 0, unchanged 5, duplicates 0, gone 0, failed 0")
	inPages(s, paragraphOf)
	expect(t, b.run(), "new 0, changed 1, unchanged 4, duplicates 0, gone 0, failed 0")
	inPages(s, without)
	expect(t, b.run(), "new 0, changed 0, unchanged 4, duplicates 0, gone 0, failed 1")
	if r := b.record("/3.html"); r.Version != 2 || len(r.Parts) != 2 || !strings.Contains(r.Body, "Page 3 of") {
		t.Errorf("version %d, parts %v", r.Version, r.Parts)
	}
	inPages(s, paragraphOf)
	expect(t, b.run(), "new 0, changed 0, unchanged 5, duplicates 0, gone 0, failed 0")
}

// TestPageOfATextHasMoved: a further page is read at the place that its address leads to.
func TestPageOfATextHasMoved(t *testing.T) {
	s := newFakeSite(t, 5)
	inPages(s, paragraphOf)
	for page, text := range map[string]string{"3_2.html": paragraphOf(2), "3_3.html": paragraphOf(3)} {
		s.handle("/news/"+page, http.RedirectHandler("/archive/2019/"+page, http.StatusMovedPermanently).ServeHTTP)
		s.handle("/archive/2019/"+page, func(w http.ResponseWriter, r *http.Request) { write(w, r, article(3, text)) })
	}
	b := newBench(t, s)
	for _, want := range []string{"new 5, changed 0, unchanged 0, duplicates 0, gone 0, failed 0", "new 0, changed 0, unchanged 5, duplicates 0, gone 0, failed 0"} {
		expect(t, b.run(), want)
		if r := b.record("/3.html"); r.Version != 1 || len(r.Parts) != 2 || r.Continued != "" || !strings.Contains(r.Body, "Page 2 of") || !strings.Contains(r.Body, "Page 3 of") {
			t.Errorf("version %d, parts %v, goes on at %q:\n%s", r.Version, r.Parts, r.Continued, r.Body)
		}
	}
}

// TestPageOfATextIsAnother: a record whose text had all of its pages stays as it is when
// something else comes in the place of one, and is asked again.
func TestPageOfATextIsAnother(t *testing.T) {
	for name, answer := range map[string]string{
		"nothing":        "",
		"home page":      "<html><head><title>Zone</title></head><body><h1>Northern Zone</h1><p>Welcome to the zone.</p></body></html>",
		"first page":     article(3, paragraphOf(1)),
		"another report": "<html><head><title>Zone</title></head><body><h1>The plan of the province</h1><p>2019-01-03</p>" + paragraphOf(9) + "</body></html>",
	} {
		t.Run(name, func(t *testing.T) {
			s := newFakeSite(t, 5)
			inPages(s, paragraphOf)
			b := newBench(t, s)
			b.run()
			s.handle("/news/3_2.html", func(w http.ResponseWriter, r *http.Request) { write(w, r, answer) })
			expect(t, b.run(), "new 0, changed 0, unchanged 4, duplicates 0, gone 0, failed 1")
			if r := b.record("/3.html"); r.Version != 1 || len(r.Parts) != 2 || !strings.Contains(r.Body, "Page 3 of") {
				t.Errorf("version %d, parts %v", r.Version, r.Parts)
			}
			inPages(s, paragraphOf)
			expect(t, b.run(), "new 0, changed 0, unchanged 5, duplicates 0, gone 0, failed 0")
		})
	}
}

// TestPageOfATextIsForbidden: so does one of which a page is not to be asked any more.
func TestPageOfATextIsForbidden(t *testing.T) {
	s := newFakeSite(t, 5)
	inPages(s, paragraphOf)
	b := newBench(t, s)
	b.run()
	b.site.Exclude = []*regexp.Regexp{regexp.MustCompile(`/3_2\.html`)}
	got := b.run()
	expect(t, got, "new 0, changed 0, unchanged 4, duplicates 0, gone 0, failed 0")
	if r := b.record("/3.html"); r.Version != 1 || len(r.Parts) != 2 || got.Reasons["excluded"] != 1 {
		t.Errorf("version %d, parts %v, reasons %v", r.Version, r.Parts, got.Reasons)
	}
}

// TestSeriesOfArticles: articles that lead to each other by numbers are no pages of one.
func TestSeriesOfArticles(t *testing.T) {
	s := newFakeSite(t, 5)
	pager := `<div><a href="/news/3.html">1</a> <a href="/news/3_2.html">2</a> <a href="/news/3_2.html">Next</a></div>`
	s.handle("/news/3.html", func(w http.ResponseWriter, r *http.Request) { write(w, r, article(3, paragraphs(3)+pager)) })
	s.handle("/news/3_2.html", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, "<html><head><title>"+headline(12)+"</title></head><body><h1>"+headline(12)+"</h1><div>Date: "+day(3)+"</div><div class=\"content\">"+paragraphs(12)+"</div>"+pager+"</body></html>")
	})
	s.handle("/map.xml", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, fmt.Sprintf(`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>%s/news/3_2.html</loc></url></urlset>`, s.URL))
	})
	b := newBench(t, s)
	b.site.Start = []string{s.URL + "/map.xml", s.URL + "/news/"}
	expect(t, b.run(), "new 6, changed 0, unchanged 0, duplicates 0, gone 0, failed 0")
	if r := b.record("/3.html"); len(r.Parts) != 0 || strings.Contains(r.Body, "number 12") {
		t.Errorf("parts %v, text\n%s", r.Parts, r.Body)
	}
}

// TestFurtherPageIsNoArticle: a further page of a text that a sitemap names is an address of
// the record of that text.
func TestFurtherPageIsNoArticle(t *testing.T) {
	s := newFakeSite(t, 5)
	inPages(s, paragraphOf)
	s.handle("/map.xml", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, fmt.Sprintf(`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>%[1]s/news/3_3.html</loc></url><url><loc>%[1]s/news/3_2.html</loc></url></urlset>`, s.URL))
	})
	b := newBench(t, s)
	b.site.Start = []string{s.URL + "/map.xml", s.URL + "/news/"}
	expect(t, b.run(), "new 5, changed 0, unchanged 0, duplicates 2, gone 0, failed 0")
	if r := b.record("/3.html"); !strings.Contains(r.Body, "Page 3 of") {
		t.Errorf("its text is\n%s", r.Body)
	}
}

// TestTextInAFrame: the text of a page whose article stands in a frame is archived with it.
func TestTextInAFrame(t *testing.T) {
	s := newFakeSite(t, 5)
	frame := func(text string) {
		s.handle("/frame/3.html", func(w http.ResponseWriter, r *http.Request) { write(w, r, "<html><body>"+text+"</body></html>") })
	}
	s.handle("/news/3.html", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, article(3, `<iframe src="/frame/3.html"></iframe>`))
	})
	frame(paragraphOf(1))
	b := newBench(t, s)
	expect(t, b.run(), "new 5, changed 0, unchanged 0, duplicates 0, gone 0, failed 0")
	if r := b.record("/3.html"); !strings.HasPrefix(r.Body, "Page 1 of the report") || !strings.HasPrefix(r.Date, day(3)) || !slices.Equal(r.Parts, []string{s.URL + "/frame/3.html"}) {
		t.Errorf("date %q, parts %v, text\n%s", r.Date, r.Parts, r.Body)
	}
	frame(paragraphOf(2))
	expect(t, b.run(), "new 0, changed 1, unchanged 4, duplicates 0, gone 0, failed 0")
	s.handle("/frame/3.html", http.NotFound)
	expect(t, b.run(), "new 0, changed 0, unchanged 4, duplicates 0, gone 0, failed 1")
}
