package pipeline_test

import (
	"net/http"
	"strconv"
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
	for r, err := range b.arch.Records(t.Context(), archive.List{}) {
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

// TestShortNotices: what a row announces is an article, also where the page shows more of
// other articles than of its own; a topic of that name, with rows in its text, is a list.
func TestShortNotices(t *testing.T) {
	related := func(n int) string {
		var b strings.Builder
		for i := range 10 {
			b.WriteString(`<li><a href="` + strconv.Itoa((n+i)%8+1) + `.html">` + headline((n+i)%8+1) + `</a> <span>` + day((n+i)%8+1) + `</span></li>`)
		}
		return `<ul>` + b.String() + `</ul>`
	}
	for name, date := range map[string]func(n int) string{"rows with dates": day, "rows without": func(int) string { return "" }} {
		s := newFakeSite(t, 0)
		s.handle("/news/", func(w http.ResponseWriter, r *http.Request) {
			var b strings.Builder
			for i := range 9 {
				b.WriteString(`<li><a href="` + strconv.Itoa(i+1) + `.html">` + headline(i+1) + `</a> <span>` + date(i+1) + `</span></li>`)
			}
			write(w, r, `<html><head><title>News</title></head><body><h1>News</h1><ul>`+b.String()+`</ul></body></html>`)
		})
		for n := 1; n <= 8; n++ {
			s.handle("/news/"+strconv.Itoa(n)+".html", func(w http.ResponseWriter, r *http.Request) {
				write(w, r, `<html><head><title>`+headline(n)+`</title></head><body><div class="top">`+headline(n)+`</div><p>`+day(n)+
					`</p><div class="text"><p>The office for plan `+strconv.Itoa(n)+` is closed on Monday and Tuesday.</p></div><h3>Related</h3>`+related(n)+`</body></html>`)
			})
		}
		s.handle("/news/9.html", func(w http.ResponseWriter, r *http.Request) {
			write(w, r, `<html><head><title>`+headline(9)+`</title></head><body><h1>`+headline(9)+`</h1><p>`+day(9)+`</p><div class="text">`+related(9)+`<p>All that is said of the projects in this town.</p></div></body></html>`)
		})
		b := newBench(t, s)
		if got := b.run(); got.New != 8 {
			t.Errorf("%s: %+v", name, got)
		}
		for r, err := range b.arch.Records(t.Context(), archive.List{}) {
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(r.Body, "The office for plan") || strings.Contains(r.Body, "\n") || strings.HasSuffix(r.URL, "/9.html") {
				t.Errorf("%s: %s: %q", name, r.URL, r.Body)
			}
		}
	}
}

// TestSectionWithItsNewestArticle: a section that a menu leads to, with its newest article
// above its rows, is a list, and a page that only says when it was changed no article.
func TestSectionWithItsNewestArticle(t *testing.T) {
	s := newFakeSite(t, 0)
	var rows strings.Builder
	for n := 1; n <= 6; n++ {
		rows.WriteString(`<li><a href="/news/` + strconv.Itoa(n) + `.html">` + headline(n) + `</a> <span>` + day(n) + `</span></li>`)
		s.handle("/news/"+strconv.Itoa(n)+".html", func(w http.ResponseWriter, r *http.Request) { write(w, r, article(n, paragraphs(n))) })
	}
	s.handle("/", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, `<html><head><title>Zone</title></head><body><div id="nav"><a href="/media/">Media centre</a> <a href="/profile.html">Profile of the zone</a></div><h1>Welcome to the zone</h1></body></html>`)
	})
	s.handle("/media/", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, `<html><head><title>Media centre</title></head><body><h1>Media centre</h1><h2>`+headline(11)+`</h2><p class="date">`+day(11)+`</p>`+paragraphs(11)+paragraphs(12)+paragraphs(13)+`<h2>More</h2><ul>`+rows.String()+`</ul></body></html>`)
	})
	s.handle("/profile.html", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, `<html><head><title>Profile</title></head><body><h1>Profile of the zone</h1><div class="info">Updated: March 3, 2021</div>`+paragraphs(20)+paragraphs(21)+`</body></html>`)
	})
	b := newBench(t, s)
	b.site.Start = []string{s.URL + "/"}
	if got := b.run(); got.New != 6 {
		t.Errorf("%+v", got)
	}
}
