package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/crawler"
	"github.com/dossier-archive/dossier/pipeline"
)

// TestUsualPlaces finds articles that only a sitemap knows which nobody
// announces, and asks for what is not there only once.
func TestUsualPlaces(t *testing.T) {
	const articles = 12
	s := newFakeSite(t, articles)
	visits := 0
	s.handle("/", func(w http.ResponseWriter, r *http.Request) {
		visits++
		write(w, r, fmt.Sprintf(`<html><head><title>Zone</title></head><body><h1>Zone</h1><p>Visit %d</p><a href="/about/">About the zone</a></body></html>`, visits))
	})
	s.handle("/sitemap.xml", func(w http.ResponseWriter, r *http.Request) {
		var b strings.Builder
		for n := 1; n <= articles; n++ {
			fmt.Fprintf(&b, "<url><loc>%s/news/%d.html</loc></url>", s.URL, n)
		}
		write(w, r, `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`+b.String()+"</urlset>")
	})
	s.handle("/feed/", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, "<html><body><p>Nothing here</p></body></html>")
	})
	s.handle("/atom.xml", func(w http.ResponseWriter, r *http.Request) { http.Error(w, "no", http.StatusForbidden) })
	b := newBench(t, s)
	b.site.Start = []string{s.URL + "/"}
	report := b.run()
	if report.New != articles || report.Failed != 0 {
		t.Errorf("new %d, failed %d, want %d and none: %v", report.New, report.Failed, articles, report.Reasons)
	}
	if asked := s.requests(); asked["/feed/"] != 1 || asked["/rss.xml"] != 1 || asked["/atom.xml"] != 1 {
		t.Errorf("asked %v, want each usual place once", asked)
	}
	b.run()
	asked := s.requests()
	if asked["/"] != 1 || asked["/sitemap.xml"] != 1 {
		t.Errorf("second run asked %v, want the home page and the sitemap", asked)
	}
	for _, place := range []string{"/feed/", "/rss.xml", "/feed.xml", "/atom.xml", "/sitemap_index.xml"} {
		if asked[place] != 0 {
			t.Errorf("%s asked again though nothing is there", place)
		}
	}
	for _, wait := range []time.Duration{29 * 24 * time.Hour, 31 * 24 * time.Hour} {
		if due, want := b.dueIn(wait)[s.URL+"/feed/"], wait > 30*24*time.Hour; due != want {
			t.Errorf("/feed/, which answers with a page, is due in %v: %v, want %v", wait, due, want)
		}
	}
}

// dueIn gives the addresses that a run would ask that begins later.
func (b *bench) dueIn(wait time.Duration) map[string]bool {
	b.t.Helper()
	now := time.Now().Add(wait)
	run, err := b.arch.BeginRun(b.t.Context(), b.site, nil, now)
	if err != nil {
		b.t.Fatal(err)
	}
	due := map[string]bool{}
	for {
		tasks, _, _, err := b.arch.Next(b.t.Context(), run.ID, nil, now, 100)
		if err != nil {
			b.t.Fatal(err)
		}
		if len(tasks) == 0 {
			return due
		}
		for _, task := range tasks {
			due[task.URL] = true
		}
	}
}

// TestChangeOnAListThatWasFound: a list that the home page leads to shows
// articles as a start page does.
func TestChangeOnAListThatWasFound(t *testing.T) {
	s := newFakeSite(t, 5)
	s.handle("/", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, `<html><head><title>Zone</title></head><body><div class="nav"><a href="/news/">News of the zone</a></div><p>Welcome to the zone.</p></body></html>`)
	})
	b := newBench(t, s)
	b.site.Start = []string{s.URL + "/"}
	if got := b.run(); got.New != 5 {
		t.Fatalf("first run: %+v", got)
	}
	s.handle("/news/4.html", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, article(4, paragraphs(4)+"<p>The contract was extended to four years, as the administration announced in the evening.</p>"))
	})
	if got := b.run(); got.Changed != 1 {
		t.Errorf("second run: %+v, want one changed", got)
	}
}

// TestOnlyWhatIsNew counts what later runs of a large site cost.
func TestOnlyWhatIsNew(t *testing.T) {
	const articles, perPage = 1000, 20
	s := newFakeSite(t, articles)
	s.perPage = perPage
	b := newBench(t, s)
	b.site.Parallel = 8
	first := b.run()
	if first.New != articles {
		t.Fatalf("first run found %d articles, want %d: %v", first.New, articles, first.Reasons)
	}
	s.requests()
	second := b.run()
	requests := 0
	for _, n := range s.requests() {
		requests += n
	}
	if lists := articles / perPage; requests > lists {
		t.Errorf("second run made %d requests, want at most the %d of its lists", requests, lists)
	}
	if requests != second.Requests {
		t.Errorf("second run reports %d requests, the site counted %d", second.Requests, requests)
	}
	if second.Bytes*50 > first.Bytes {
		t.Errorf("second run took %d bytes, want less than 2 %% of %d", second.Bytes, first.Bytes)
	}
	s.mu.Lock()
	s.articles += 10
	s.mu.Unlock()
	if third := b.run(); third.New != 10 {
		t.Errorf("third run found %d new articles, want 10: %v", third.New, third.Reasons)
	}
}

// TestFramesOfTheHomePage: what a frame of the home page links to are sections,
// as if they stood on the page itself.
func TestFramesOfTheHomePage(t *testing.T) {
	s := newFakeSite(t, 25)
	s.handle("/", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, `<html><head><title>Zone</title></head><frameset cols="200,*"><frame src="/left.html"><frame src="/main.html"></frameset></html>`)
	})
	s.handle("/left.html", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, `<html><body><a href="/news/" target="m">News of the zone</a><br><a href="/about.html" target="m">About the zone</a></body></html>`)
	})
	s.handle("/main.html", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, "<html><body><p>Welcome to the zone.</p></body></html>")
	})
	b := newBench(t, s)
	b.site.Start = []string{s.URL + "/"}
	if got := b.run(); got.New != 25 {
		t.Errorf("%d articles, want 25: %v", got.New, got.Reasons)
	}
}

// TestMenuInAFrame: sections in the menu of a frame of the home page are followed whatever they are
// called, also those that are added later beside its rows.
func TestMenuInAFrame(t *testing.T) {
	for _, frames := range []string{`<iframe src="/inc/menu.html"></iframe>`, `<frameset><frame src="/inc/menu.html"></frameset>`} {
		s := newFakeSite(t, 4)
		menu := `<table><tr><td><a href="/zcfg/list.html">政策法规</a></td></tr><tr><td><a href="/parks/list.html">Park Trends</a></td></tr></table>`
		latest := `<ul><li><a href="/news/4.html">` + headline(4) + `</a> ` + day(4) + `</li></ul>`
		section := func(n int) string {
			return fmt.Sprintf(`<html><body><h1>Rows</h1><ul><li><a href="/news/%d.html">%s</a> %s</li></ul></body></html>`, n, headline(n), day(n))
		}
		b := newBench(t, s)
		b.site.Start = []string{s.URL + "/"}
		pages := map[string]string{"/": `<html><head><title>Zone</title></head><body>` + frames + `</body></html>`, "/inc/menu.html": "<html><body>" + menu + latest + "</body></html>",
			"/zcfg/list.html": section(1), "/parks/list.html": section(2), "/env/list.html": section(3)}
		s.serve(pages)
		if got := b.run(); got.New != 3 {
			t.Errorf("%s: %d articles, want 3: %v", frames, got.New, got.Reasons)
		}
		pages["/inc/menu.html"] = "<html><body>" + menu + `<p><a href="/env/list.html">营商环境</a></p>` + latest + "</body></html>"
		s.serve(pages)
		if got := b.run(); got.New != 1 {
			t.Errorf("%s: %d new articles of the section that was added, want 1: %v", frames, got.New, got.Reasons)
		}
	}
}

// TestPageOfMonths: a page that shows nothing but the months of a year leads to lists, and is asked with a condition
// in each run: a month that is added is found. A page that only shows the menu as all do is not.
func TestPageOfMonths(t *testing.T) {
	s := newFakeSite(t, 9)
	const menu = `<ul class="menu"><li><a href="/">Home</a></li><li><a href="/archive/">Press releases</a></li><li><a href="/about/">About the zone</a></li></ul>`
	rows := func(from, to int) string {
		out := "<ul>"
		for n := from; n >= to; n-- {
			out += fmt.Sprintf(`<li><a href="/news/%d.html">%s</a> %s</li>`, n, headline(n), day(n))
		}
		return out + "</ul>"
	}
	page := func(body string) string {
		return "<html><head><title>Zone</title></head><body>" + menu + body + "</body></html>"
	}
	year := `<h2>2019</h2><p><a href="/archive/2019/01/">January</a> <a href="/archive/2019/02/">February</a></p>`
	s.serve(map[string]string{
		"/": page(rows(6, 5)), "/about/": page("<p>About the zone.</p>"), "/archive/": page(`<p><a href="/archive/2019/">2019</a></p>` + rows(6, 5)),
		"/archive/2019/": page(year), "/archive/2019/01/": page(rows(3, 1)), "/archive/2019/02/": page(rows(6, 4)),
	})
	b := newBench(t, s)
	b.site.Start = []string{s.URL + "/"}
	if got := b.run(); got.New != 6 {
		t.Errorf("%d articles, want 6: %v", got.New, got.Reasons)
	}
	s.serve(map[string]string{"/archive/2019/": page(year + `<p><a href="/archive/2019/03/">March</a></p>`), "/archive/2019/03/": page(rows(9, 7))})
	s.requests()
	got := b.run()
	asked := s.requests()
	if got.New != 3 || asked["/about/"] != 0 {
		t.Errorf("%d new articles, want 3; asked %v, reasons %v", got.New, asked, got.Reasons)
	}
	if again := b.run(); again.Bytes != 0 || s.requests()["/archive/2019/"] != 1 {
		t.Errorf("the third run took %d bytes, or did not ask for the year", again.Bytes)
	}
}

// TestPassingFaultsLoseNothing: what has no page when it is asked for the first time
// is asked again, and so is a page of a list that shows nothing.
func TestPassingFaultsLoseNothing(t *testing.T) {
	faults := map[string]http.HandlerFunc{
		"not found": http.NotFound,
		"home":      func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusFound) },
		"empty list": func(w http.ResponseWriter, r *http.Request) {
			write(w, r, "<html><head><title>News</title></head><body><h1>News</h1><ul></ul></body></html>")
		},
	}
	for name, fault := range faults {
		for _, path := range []string{"/news/3.html", "/news/?page=2"} {
			if name == "empty list" && path == "/news/3.html" {
				continue // a page that shows nothing yet is asked a day later
			}
			t.Run(name+" "+path, func(t *testing.T) {
				s := newFakeSite(t, 35)
				broken := true
				s.handle(path, func(w http.ResponseWriter, r *http.Request) {
					if broken {
						fault(w, r)
						return
					}
					s.own(w, r)
				})
				b := newBench(t, s)
				if first := b.run(); first.New == 35 {
					t.Fatal("the fault has no effect")
				}
				broken = false
				b.run()
				if got := len(b.paths(s)); got != 35 {
					t.Errorf("%d of 35 articles after the second run", got)
				}
			})
		}
	}
}

// TestRowsElsewhere: rows of a list that lead out of the site have an outcome, and
// cost no request.
func TestRowsElsewhere(t *testing.T) {
	s := newFakeSite(t, 8)
	s.handle("/news/", func(w http.ResponseWriter, r *http.Request) {
		page := s.list(8, 1)
		write(w, r, strings.Replace(page, "<li>", `<li><a href="http://portal.example/art/40.html?utm_source=list">The province opens its new portal for investors</a> <span>2019-01-09</span></li><li>`, 1))
	})
	b := newBench(t, s)
	expect(t, b.run(), "new 8, changed 0, unchanged 0, duplicates 0, gone 0, failed 0")
	found, err := b.arch.Addresses(t.Context(), "http://portal.example/art/40.html")
	if err != nil || len(found) != 1 || found[0].Reason != "out_of_scope" || len(found[0].Observations) != 1 {
		t.Errorf("%+v, %v", found, err)
	}
	if found[0].Raw != "http://portal.example/art/40.html?utm_source=list" {
		t.Errorf("raw address %q", found[0].Raw)
	}
	s.requests()
	b.run()
	if found, _ := b.arch.Addresses(t.Context(), "http://portal.example/art/40.html"); len(found) != 1 || len(found[0].Observations) != 1 {
		t.Errorf("after the second run: %+v", found)
	}
}

// TestNoticeInsteadOfTheList: what stands on a start page that was a list is no article,
// at no run.
func TestNoticeInsteadOfTheList(t *testing.T) {
	s := newFakeSite(t, 5)
	b := newBench(t, s)
	if got := b.run(); got.New != 5 {
		t.Fatalf("first run: %+v", got)
	}
	s.handle("/news/", func(w http.ResponseWriter, r *http.Request) { write(w, r, article(99, paragraphs(99))) })
	for range 2 {
		report, err := pipeline.Run(t.Context(), b.site, b.deps)
		if report.New != 0 || report.Reasons[dossier.ReasonNoLinks] != 1 {
			t.Errorf("with a notice instead of the list: %+v, %v", report, err)
		}
	}
}

// TestSitemapNamesWhatChanged: an article that a sitemap dates later than before is
// asked again at once, and none when it does that to all of them.
func TestSitemapNamesWhatChanged(t *testing.T) {
	const articles = 60
	s := newFakeSite(t, articles)
	day := func(int) string { return "2024-05-01" }
	one := func(n int) string {
		if n == 44 {
			return "2024-06-02T08:00:00+08:00"
		}
		return "2024-05-01"
	}
	s.handle("/sitemap.xml", func(w http.ResponseWriter, r *http.Request) {
		var b strings.Builder
		for n := 1; n <= articles; n++ {
			fmt.Fprintf(&b, "<url><loc>%s/news/%d.html</loc><lastmod>%s</lastmod></url>", s.URL, n, day(n))
		}
		write(w, r, `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`+b.String()+"</urlset>")
	})
	b := newBench(t, s)
	b.site.Start = []string{s.URL + "/sitemap.xml"}
	if got := b.run(); got.New != articles {
		t.Fatalf("first run: %+v", got)
	}
	s.handle("/news/44.html", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, article(44, paragraphs(44)+"<p>The contract was extended to four years, as the administration announced in the evening.</p>"))
	})
	s.requests()
	for i, tt := range []struct {
		day     func(n int) string
		asked   int
		changed int
	}{
		{day, 0, 0},
		{one, 1, 1},
		{one, 0, 0},
		{func(int) string { return "2024-07-01" }, 0, 0},
		{func(int) string { return "2024-06-30" }, 0, 0},
		{func(int) string { return "no date" }, 0, 0},
	} {
		day = tt.day
		got := b.run()
		asked := 0
		for address, n := range s.requests() {
			if strings.HasPrefix(address, "/news/") {
				asked += n
			}
		}
		if asked != tt.asked || got.Changed != tt.changed {
			t.Errorf("run %d asked for %d articles, %d changed; want %d and %d", i+2, asked, got.Changed, tt.asked, tt.changed)
		}
	}
}

// pagedList shows so many of a site's articles ten a page, the newest first or last;
// page n stands at /old/list_n.html. A page that is in broken answers that.
type pagedList struct {
	shown  int
	rising bool
	broken map[int]string
}

func (l *pagedList) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	const perPage = 10
	page, last := 1, (l.shown-1)/perPage+1
	fmt.Sscanf(r.URL.Path, "/old/list_%d.html", &page)
	if body, ok := l.broken[page]; ok {
		if body == "" {
			http.NotFound(w, r)
			return
		}
		write(w, r, body)
		return
	}
	var rows, pager strings.Builder
	for i := (page - 1) * perPage; i < min(page*perPage, l.shown); i++ {
		n := i + 1
		if !l.rising {
			n = l.shown - i
		}
		fmt.Fprintf(&rows, `<li><a href="/news/%d.html">%s</a> <span>%s</span></li>`, n, headline(n), time.Date(2021, 1, n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
	}
	for n := 1; n <= last; n++ {
		fmt.Fprintf(&pager, `<a href="/old/list_%d.html">%d</a> `, n, n)
	}
	write(w, r, `<html><head><title>News</title></head><body><ul class="list">`+rows.String()+`</ul><div class="page">`+pager.String()+`</div></body></html>`)
}

// listBench is a bench for a list of so many of a site's articles.
func listBench(t *testing.T, articles int, l *pagedList) *bench {
	s := newFakeSite(t, articles)
	for n := range articles/10 + 1 {
		s.handle(fmt.Sprintf("/old/list_%d.html", n+1), l.ServeHTTP)
	}
	b := newBench(t, s)
	b.site.Start = []string{s.URL + "/old/list_1.html"}
	return b
}

// TestRisingList: of a list that begins with its oldest articles the new ones are
// found behind its last page, in the next run.
func TestRisingList(t *testing.T) {
	for _, had := range []int{7, 10, 35, 40} {
		l := &pagedList{shown: had, rising: true}
		b := listBench(t, had+28, l)
		if got := b.run(); got.New != had {
			t.Fatalf("first run: %d new, want %d: %v", got.New, had, got.Reasons)
		}
		for _, more := range []int{2, 0, 25, 1} {
			l.shown += more
			if got := b.run(); got.New != more {
				t.Errorf("%d articles, then %d, of which %d are new: %d found, %v", had, l.shown, more, got.New, got.Reasons)
			}
		}
	}
}

// TestWalkThatWasCut: what a run did not see because a page of a list was missing or
// empty is found by the next two, also when rows have moved down since.
func TestWalkThatWasCut(t *testing.T) {
	const had, came = 30, 50
	empty := `<html><head><title>News</title></head><body><ul class="list"></ul></body></html>`
	for what, body := range map[string]string{"missing": "", "empty": empty} {
		for _, later := range []int{0, 7, 10, 20} {
			l := &pagedList{shown: had}
			b := listBench(t, had+came+later, l)
			got := b.run().New
			l.shown, l.broken = had+came, map[int]string{3: body}
			got += b.run().New
			l.shown, l.broken = had+came+later, nil
			got += b.run().New + b.run().New
			if got != l.shown {
				t.Errorf("page 3 was %s, then came %d: %d of %d articles", what, later, got, l.shown)
			}
		}
	}
}

// TestRowsThatLeadToFiles are not asked for, and end with the reason.
func TestRowsThatLeadToFiles(t *testing.T) {
	s := newFakeSite(t, 3)
	s.handle("/news/", func(w http.ResponseWriter, r *http.Request) {
		var b strings.Builder
		for n := 1; n <= 3; n++ {
			fmt.Fprintf(&b, `<li><a href="/news/%d.html">%s</a> <span>%s</span></li>`, n, headline(n), day(n))
		}
		write(w, r, `<html><body><ul>`+b.String()+`<li><a href="/files/plan.pdf">Plan of the zone for the coming year</a> <span>2019-01-09</span></li></ul><p><a href="/files/form.doc">Form</a></p></body></html>`)
	})
	b := newBench(t, s)
	got := b.run()
	if got.New != 3 || got.Reasons[dossier.ReasonNotHTML] != 2 || s.requests()["/files/plan.pdf"] != 0 {
		t.Errorf("%+v", got)
	}
}

// TestEveryLinkHasAnOutcome: of each link of a page that is read for its links it is known
// what became of it; one that is not followed is, as soon as a row of a list leads to it.
func TestEveryLinkHasAnOutcome(t *testing.T) {
	for name, patterns := range map[string]string{"without patterns": "", "with patterns": `/news/\d\.html$`} {
		t.Run(name, func(t *testing.T) {
			s := newFakeSite(t, 4)
			rows := 3
			s.handle("/news/", func(w http.ResponseWriter, r *http.Request) {
				list := ""
				for n := 1; n <= rows; n++ {
					list += fmt.Sprintf(`<li><a href="/news/%d.html">%s</a> <span>%s</span></li>`, n, headline(n), day(n))
				}
				write(w, r, `<html><body><ul>`+list+`</ul><div class="foot"><a href="/other/4.html">4</a> <a href="/files/form.doc">Form</a> <a href="https://elsewhere.example/">Elsewhere</a></div></body></html>`)
			})
			s.handle("/other/4.html", func(w http.ResponseWriter, r *http.Request) { write(w, r, article(4, paragraphs(4))) })
			b := newBench(t, s)
			if patterns != "" {
				b.site.Articles = []*regexp.Regexp{regexp.MustCompile(patterns)}
			}
			if got := b.run(); got.New != 3 || got.Failed != 0 || s.requests()["/other/4.html"] != 0 {
				t.Errorf("%+v", got)
			}
			for address, want := range map[string]dossier.Reason{s.URL + "/other/4.html": dossier.ReasonAside, s.URL + "/files/form.doc": dossier.ReasonNotHTML, "https://elsewhere.example/": dossier.ReasonOutOfScope} {
				found, err := b.arch.Addresses(t.Context(), address)
				if err != nil || len(found) != 1 || len(found[0].Observations) != 1 || found[0].Observations[0].Outcome.Reason != want {
					t.Errorf("%s: %+v, %v; want %s", address, found, err, want)
				}
			}
			if got := b.run(); got.Skipped != 0 || got.New != 0 {
				t.Errorf("again: %+v", got)
			}
			s.handle("/news/", func(w http.ResponseWriter, r *http.Request) {
				write(w, r, fmt.Sprintf(`<html><body><ul><li><a href="/other/4.html">%s</a> <span>%s</span></li><li><a href="/news/1.html">%s</a> <span>%s</span></li></ul></body></html>`, headline(4), day(4), headline(1), day(1)))
			})
			if patterns != "" {
				b.site.Articles = append(b.site.Articles, regexp.MustCompile(`/other/\d\.html$`))
			}
			if got := b.run(); got.New != 1 {
				t.Errorf("a row leads to it: %+v", got)
			}
		})
	}
}

// TestEveryEntryHasAnOutcome: of each address of a sitemap it is known what became of it.
func TestEveryEntryHasAnOutcome(t *testing.T) {
	s := newFakeSite(t, 2)
	entries := map[string]dossier.Reason{s.URL + "/files/plan.pdf": dossier.ReasonNotHTML, "http://elsewhere.example/1.html": dossier.ReasonOutOfScope, s.URL + "/news/1.html": "", s.URL + "/news/2.html": ""}
	s.handle("/sitemap.xml", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/xml")
		fmt.Fprint(w, `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
		for address := range entries {
			fmt.Fprintf(w, "<url><loc>%s</loc></url>", address)
		}
		fmt.Fprint(w, "</urlset>")
	})
	b := newBench(t, s)
	b.site.Start = []string{s.URL + "/sitemap.xml"}
	if got := b.run(); got.New != 2 || got.Skipped != 2 {
		t.Errorf("%+v", got)
	}
	for address, want := range entries {
		found, err := b.arch.Addresses(t.Context(), address)
		if err != nil || len(found) != 1 || found[0].Reason != want {
			t.Errorf("%s: %+v, %v; want %s", address, found, err, want)
		}
	}
}

// TestPagesWithoutEnd: pages that never end and show articles that are known, all the same
// or each its own part of them, lead no further from run to run.
func TestPagesWithoutEnd(t *testing.T) {
	for _, rising := range []bool{false, true} {
		for _, same := range []bool{false, true} {
			s := newFakeSite(t, 9)
			shown := 7
			s.handle("/months", func(w http.ResponseWriter, r *http.Request) {
				var m int
				fmt.Sscanf(r.URL.Query().Get("page"), "%d", &m)
				var rows []string
				for n := 1; n <= shown; n++ {
					if same || (n+m)%4 > 0 {
						rows = append(rows, fmt.Sprintf(`<li><a href="/news/%d.html">%s</a> <span>%s</span></li>`, n, headline(n), day(n)))
					}
				}
				if !rising {
					slices.Reverse(rows)
				}
				fmt.Fprintf(w, `<html><body><h2>Month %d</h2><ul>%s</ul><a href="?page=%d">Next</a></body></html>`, m, strings.Join(rows, ""), m+1)
			})
			b := newBench(t, s)
			b.site.Start = []string{s.URL + "/months?page=1"}
			var last int
			for run := 1; run <= 20; run++ {
				if run == 5 {
					shown = 9
				}
				b.run()
				for uri := range s.requests() {
					var m int
					if n, _ := fmt.Sscanf(uri, "/months?page=%d", &m); n == 1 && m > last {
						last = m
					}
				}
			}
			if last > 12 {
				t.Errorf("rising %v, same %v: asked up to month %d", rising, same, last)
			}
		}
	}
}

// TestStartLeadsElsewhere: a start address that leads to another domain says so.
func TestStartLeadsElsewhere(t *testing.T) {
	s := newFakeSite(t, 8)
	b := newBench(t, s)
	b.site.Start = []string{strings.Replace(s.URL, "127.0.0.1", "localhost", 1) + "/moved/"}
	s.handle("/moved/", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, s.URL+"/news/", http.StatusMovedPermanently)
	})
	report, err := pipeline.Run(t.Context(), b.site, b.deps)
	if err == nil || report.Reasons["out_of_scope"] != 1 {
		t.Errorf("%+v, %v", report, err)
	}
}

// TestOnlyTheListFails: a run that can read no start address and confirms articles has
// not found nothing.
func TestOnlyTheListFails(t *testing.T) {
	s := newFakeSite(t, 4)
	b := newBench(t, s)
	b.run()
	s.handle("/news/", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "broken", http.StatusForbidden) })
	report, err := pipeline.Run(t.Context(), b.site, b.deps)
	if err == nil || errors.Is(err, pipeline.ErrNothing) || report.Unchanged != 4 || report.State != dossier.RunFailed {
		t.Errorf("%+v, %v", report, err)
	}
}

// TestSentToLogin: a page that sends its reader to a login waits for another day.
func TestSentToLogin(t *testing.T) {
	s := newFakeSite(t, 8)
	s.handle("/news/3.html", raw(`<html><head><meta http-equiv="refresh" content="0; url=/user/login.jsp"></head><body></body></html>`))
	b := newBench(t, s)
	report := b.run()
	if report.New != 7 || report.Failed != 1 || report.Reasons["login"] != 1 {
		t.Errorf("%+v", report)
	}
}

// TestLedToLoginWithNews: a login is one though news stand beside it, for an article and for the
// whole site.
func TestLedToLoginWithNews(t *testing.T) {
	s := newFakeSite(t, 8)
	b := newBench(t, s)
	b.run()
	s.handle("/login", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, `<html><head><title>Northern Zone</title></head><body><h2>Sign in</h2><form action="/dologin"><input name="u"><input type="password" name="p"></form><div class="hot"><h3>Recent posts</h3>`+s.list(6, 1)+"</div></body></html>")
	})
	toLogin := http.RedirectHandler("/login?returnUrl=%2Fnews", http.StatusFound).ServeHTTP
	s.handle("/news/3.html", toLogin)
	if got := b.run(); got.Gone != 0 || got.Failed != 1 || got.Reasons[dossier.ReasonLogin] != 1 {
		t.Errorf("an article: %d gone, %d failed, reasons %v", got.Gone, got.Failed, got.Reasons)
	}
	s.handle("/news/", toLogin)
	if got, err := pipeline.Run(t.Context(), b.site, b.deps); err == nil || got.Reasons[dossier.ReasonLogin] == 0 {
		t.Errorf("the whole site: %v, reasons %v", err, got.Reasons)
	}
}

// TestMenuLeadsToLogin: the entry of a menu that asks for a name and a password is no fault,
// a row that leads to such a page is one.
func TestMenuLeadsToLogin(t *testing.T) {
	s := newFakeSite(t, 8)
	login := `<html><head><title>Log in</title></head><body><h1>Log in</h1><form><input name="user"><input type="password" name="pass"><input type="submit" value="Log in"></form></body></html>`
	s.handle("/", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, `<html><head><title>Zone</title></head><body><div id="nav"><a href="/members/">Members' area</a> <a href="/news/">News and events</a></div></body></html>`)
	})
	s.handle("/members/", raw(login))
	b := newBench(t, s)
	b.site.Start = []string{s.URL + "/"}
	if report := b.run(); report.New != 8 || report.Failed != 0 || report.Reasons["login"] != 1 {
		t.Errorf("a menu that leads to a login: %+v", report)
	}
	s.handle("/news/3.html", raw(login))
	b = newBench(t, s)
	if report := b.run(); report.New != 7 || report.Failed != 1 || report.Reasons["login"] != 1 {
		t.Errorf("a row that leads to a login: %+v", report)
	}
}

// TestSitemapNamedIndex: a sitemap speaks for the whole site, whatever its name.
func TestSitemapNamedIndex(t *testing.T) {
	s := newFakeSite(t, 5)
	s.handle("/sm/index.xml", raw(`<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>`+s.URL+`/b.xml</loc></sitemap></sitemapindex>`))
	var entries strings.Builder
	for n := 1; n <= 5; n++ {
		fmt.Fprintf(&entries, "<url><loc>%s/news/%d.html</loc></url>", s.URL, n)
	}
	s.handle("/b.xml", raw(`<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`+entries.String()+`</urlset>`))
	b := newBench(t, s)
	b.site.Start = []string{s.URL + "/sm/index.xml"}
	expect(t, b.run(), "new 5, changed 0, unchanged 0, duplicates 0, gone 0, failed 0")
}

// TestCookieOfAListThatIsConfirmed: articles that need the cookie of their list are
// asked with it also when the list is as it was.
func TestCookieOfAListThatIsConfirmed(t *testing.T) {
	s := newFakeSite(t, 4)
	s.handle("/news/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"one"`)
		if r.Header.Get("If-None-Match") == `"one"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		http.SetCookie(w, &http.Cookie{Name: "sess", Value: "abc", Path: "/"})
		s.own(w, r)
	})
	for n := 1; n <= 4; n++ {
		s.handle(fmt.Sprintf("/news/%d.html", n), func(w http.ResponseWriter, r *http.Request) {
			if _, err := r.Cookie("sess"); err != nil {
				http.Redirect(w, r, "/login.html", http.StatusFound)
				return
			}
			s.own(w, r)
		})
	}
	s.handle("/login.html", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, `<html><head><title>Login</title></head><body><h1>Please log in</h1><form method="post"><input name="user"><input type="password" name="password"></form></body></html>`)
	})
	b := newBench(t, s)
	expect(t, b.run(), "new 4, changed 0, unchanged 0, duplicates 0, gone 0, failed 0")
	log := slog.New(slog.DiscardHandler)
	b.deps.Crawler = crawler.New(crawler.Options{UserAgent: "dossier/test", Timeout: 2 * time.Second, MaxBody: 1 << 20, AllowPrivate: true, Log: log}, b.arch)
	expect(t, b.run(), "new 0, changed 0, unchanged 4, duplicates 0, gone 0, failed 0")
}

// TestFeedThatMoves: a feed that shows nothing known any more may have shown others
// since, unless it says where its older entries are.
func TestFeedThatMoves(t *testing.T) {
	s := newFakeSite(t, 60)
	newest := 10
	feed := func(w http.ResponseWriter, r *http.Request, paged bool) {
		from := newest
		if r.URL.Query().Has("before") {
			from, _ = strconv.Atoi(r.URL.Query().Get("before"))
		}
		fmt.Fprint(w, `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>`)
		if paged && from > 10 {
			fmt.Fprintf(w, `<link rel="self" href="/own.xml"/><link href="/paged.xml?all=1&amp;before=%d" rel="next"/>`, from-10)
		}
		for n := from; n > from-10; n-- {
			fmt.Fprintf(w, `<entry><title>%s</title><link href="/news/%d.html"/></entry>`, headline(n), n)
		}
		fmt.Fprint(w, `</feed>`)
	}
	s.handle("/plain.xml", func(w http.ResponseWriter, r *http.Request) { feed(w, r, false) })
	s.handle("/paged.xml", func(w http.ResponseWriter, r *http.Request) { feed(w, r, true) })
	for _, tt := range []struct {
		name                string
		first, little, much int
		gap                 int
	}{{"/plain.xml", 10, 5, 10, 1}, {"/paged.xml", 10, 5, 35, 0}} {
		newest = 10
		b := newBench(t, s)
		b.site.Start = []string{s.URL + tt.name}
		for _, run := range []struct{ newest, found, gap int }{{10, tt.first, 0}, {15, tt.little, 0}, {50, tt.much, tt.gap}} {
			newest = run.newest
			if got := b.run(); got.New != run.found || got.Reasons["gap"] != run.gap {
				t.Errorf("%s up to %d: %d new, want %d; %v", tt.name, newest, got.New, run.found, got.Reasons)
			}
		}
	}
}

// TestBoundedRuns: runs of fewer pages than a site has lists come to all of its articles.
func TestBoundedRuns(t *testing.T) {
	const sections = 5
	s := newFakeSite(t, sections*2)
	b := newBench(t, s)
	b.site.Start, b.site.MaxPages = nil, 3
	for i := range sections {
		path := fmt.Sprintf("/section%d/", i)
		b.site.Start = append(b.site.Start, s.URL+path)
		s.handle(path, func(w http.ResponseWriter, r *http.Request) {
			rows := ""
			for n := i*2 + 1; n <= i*2+2; n++ {
				rows += fmt.Sprintf(`<li><a href="/news/%d.html">%s</a> <span>%s</span></li>`, n, headline(n), day(n))
			}
			write(w, r, "<html><body><ul>"+rows+"</ul></body></html>")
		})
	}
	total := 0
	for i := range 8 {
		got, err := pipeline.Run(t.Context(), b.site, b.deps)
		if i == 0 && (!errors.Is(err, pipeline.ErrNothing) || !strings.Contains(err.Error(), "max_pages")) || i > 0 && err != nil {
			t.Errorf("run %d: %v", i, err)
		}
		total += got.New
	}
	if total != sections*2 {
		t.Errorf("%d articles in eight runs of three pages, want %d", total, sections*2)
	}
}

// TestStartThatIsGone: a start page that says that it does not exist is a failure.
func TestStartThatIsGone(t *testing.T) {
	s := newFakeSite(t, 5)
	b := newBench(t, s)
	b.run()
	s.handle("/news/", says("Page not found", "The page that you are looking for does not exist."))
	got, err := pipeline.Run(t.Context(), b.site, b.deps)
	if err == nil || got.Failed != 1 || got.Gone != 0 || got.Reasons[dossier.ReasonNotFoundText] != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestStopWhileRobotsHang: a run that is told to stop does not wait for robots.txt.
func TestStopWhileRobotsHang(t *testing.T) {
	s := newFakeSite(t, 1)
	asked, end := make(chan struct{}, 1), make(chan struct{})
	defer close(end)
	s.handle("/robots.txt", func(w http.ResponseWriter, r *http.Request) { asked <- struct{}{}; <-end })
	b := newBench(t, s)
	b.deps.Crawler = crawler.New(crawler.Options{UserAgent: "dossier/test", Timeout: time.Hour, MaxBody: 1 << 20, AllowPrivate: true, Log: b.deps.Log}, b.arch)
	ctx, stop := context.WithCancel(t.Context())
	go func() { <-asked; stop() }()
	got, err := pipeline.Run(ctx, b.site, b.deps)
	if !errors.Is(err, context.Canceled) || got.State != dossier.RunInterrupted || got.Requests != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestLedTo: an address that only a redirect leads to is answered by what was sent to it.
func TestLedTo(t *testing.T) {
	s := newFakeSite(t, 3)
	s.handle("/robots.txt", raw("User-agent: *\nDisallow: /private/\n"))
	s.handle("/news/2.html", http.RedirectHandler("/private/2.html", http.StatusFound).ServeHTTP)
	b := newBench(t, s)
	b.run()
	led, err := b.arch.LedTo(t.Context(), s.URL+"/private/2.html")
	if err != nil || len(led) != 1 || led[0].URL != s.URL+"/news/2.html" || led[0].Reason != dossier.ReasonRobots {
		t.Errorf("%+v, %v", led, err)
	}
	if led, err := b.arch.LedTo(t.Context(), s.URL+"/private/"); err != nil || len(led) > 0 {
		t.Errorf("the beginning of an address: %+v, %v", led, err)
	}
}

// TestRowThatComesLater: an address that a page showed without a day, and that was not taken
// for an article, is asked again when a row shows its day.
func TestRowThatComesLater(t *testing.T) {
	const short = "<p>Work begins on Monday.</p>"
	for _, parallel := range []int{1, 8} {
		s := newFakeSite(t, 12)
		box, rows := "", ""
		for n := 1; n <= 12; n++ {
			s.handle(fmt.Sprintf("/news/%d.html", n), func(w http.ResponseWriter, r *http.Request) {
				write(w, r, strings.ReplaceAll(article(n, short), "Date: "+day(n)+" 10:30:00", ""))
			})
			box += fmt.Sprintf(`<p><a href="/news/%d.html">%s</a></p>`, n, headline(n))
			rows += fmt.Sprintf(`<li><a href="/news/%d.html">%s</a> <span>%s</span></li>`, n, headline(n), day(n))
		}
		s.handle("/", func(w http.ResponseWriter, r *http.Request) {
			write(w, r, `<html><head><title>Zone</title></head><body><ul class="nav"><li><a href="/news/">News</a></li></ul><div class="latest">`+box+`</div></body></html>`)
		})
		s.handle("/news/", func(w http.ResponseWriter, r *http.Request) {
			write(w, r, "<html><body><ul>"+rows+"</ul></body></html>")
		})
		b := newBench(t, s)
		b.site.Start, b.site.Parallel = []string{s.URL + "/"}, parallel
		if got := b.run(); got.New != 12 {
			t.Errorf("parallel %d: %d new, reasons %v", parallel, got.New, got.Reasons)
		}
	}
}

// TestPagesThatAreAlwaysRefused keep a host from none of its others.
func TestPagesThatAreAlwaysRefused(t *testing.T) {
	t.Parallel() // it takes the pauses that the answers ask for
	s := newFakeSite(t, 6)
	for _, path := range []string{"/news/5.html", "/news/4.html"} {
		s.handle(path, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusTooManyRequests) })
	}
	b := newBench(t, s)
	b.site.Parallel = 1
	if got := b.run(); got.New != 4 || got.Reasons[dossier.ReasonHostDown] != 0 {
		t.Errorf("%+v", got)
	}
}
