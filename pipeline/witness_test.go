package pipeline_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

// TestRowsTestify keeps what rows of a list say otherwise than the pages, and
// leaves the values to the pages.
func TestRowsTestify(t *testing.T) {
	s := newFakeSite(t, 0)
	row := func(n, text, date string) string {
		return `<li><a href="` + n + `.html">` + text + `</a><span>` + date + `</span></li>`
	}
	s.handle("/news/", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, `<html><head><title>News</title></head><body><ul>`+row("1", headline(1), day(1))+row("2", "Project number 2 signed in the…", day(2))+
			row("3", "A plant for railway vehicles comes", "2019-03-09")+row("4", headline(4), day(4))+`</ul></body></html>`)
	})
	for path, n := range map[string]int{"/news/1.html": 1, "/news/2.html": 2, "/news/3.html": 3} {
		s.handle(path, func(w http.ResponseWriter, r *http.Request) { write(w, r, article(n, paragraphs(n))) })
	}
	s.handle("/news/4.html", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, strings.Replace(article(4, paragraphs(4)), "Date: "+day(4)+" 10:30:00", "", 1))
	})
	b := newBench(t, s)
	expect(t, b.run(), "new 4, changed 0, unchanged 0, duplicates 0, gone 0, failed 0")
	got := map[string]string{}
	for r, err := range b.arch.Records(t.Context(), archive.Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		path := strings.TrimPrefix(r.URL, s.URL)
		got[path] = strings.Join(strings.Fields(r.Date+" "+rowsOf(r.Evidence["title"])+" "+rowsOf(r.Evidence["date"])), " ")
	}
	want := map[string]string{
		"/news/1.html": day(1) + "T10:30:00",
		"/news/2.html": day(2) + "T10:30:00",
		"/news/3.html": day(3) + "T10:30:00 A plant for railway vehicles comes 2019-03-09",
		"/news/4.html": day(4),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("dates and what rows say otherwise (-want +got):\n%s", diff)
	}
}

func rowsOf(e dossier.Evidence) string {
	for _, c := range e.Rejected {
		if c.Rule == "list-row" {
			return c.Value
		}
	}
	return ""
}
