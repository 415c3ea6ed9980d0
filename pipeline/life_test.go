package pipeline_test

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/pipeline"
)

// TestStartSentHome: a list that is sent on to the home page from some day on has failed;
// one that always was is read.
func TestStartSentHome(t *testing.T) {
	home := func(w http.ResponseWriter, r *http.Request) {
		write(w, r, `<html><body><ul><li><a href="/news/1.html">What the zone says of project 1</a> 2018-01-19</li><li><a href="/news/2.html">What the zone says of project 2</a> 2018-01-18</li></ul></body></html>`)
	}
	s := newFakeSite(t, 15)
	s.handle("/", home)
	b := newBench(t, s)
	b.run()
	s.handle("/news/", http.RedirectHandler("/", http.StatusFound).ServeHTTP)
	for range 2 {
		got, err := pipeline.Run(t.Context(), b.site, b.deps)
		if err == nil || got.Reasons[dossier.ReasonRedirectHome] != 1 || got.Failed != 1 {
			t.Errorf("the list leads home: %v, %d failed, reasons %v", err, got.Failed, got.Reasons)
		}
	}

	always := newFakeSite(t, 15)
	always.handle("/", home)
	always.handle("/enter", http.RedirectHandler("/", http.StatusFound).ServeHTTP)
	b = newBench(t, always)
	b.site.Start = []string{always.URL + "/enter"}
	for range 3 {
		if got := b.run(); got.Failed != 0 {
			t.Errorf("a start that always led home: reasons %v", got.Reasons)
		}
	}
}

// TestSiteThatIsGoneAsAWhole: while no start address can be read, pages that are not there are
// failures, and no record is marked as gone for them.
func TestSiteThatIsGoneAsAWhole(t *testing.T) {
	s := newFakeSite(t, 5)
	b := newBench(t, s)
	b.run()
	gone := raw("<html><head><title>Page not found</title></head><body><h1>Page not found</h1><p>The page does not exist.</p></body></html>")
	s.handle("/news/", gone)
	s.handle("/news/3.html", gone)
	got, err := pipeline.Run(t.Context(), b.site, b.deps)
	if err == nil || got.Gone != 0 || got.Failed != 2 || got.Reasons["not_found_text"] != 2 {
		t.Errorf("%v: %d gone, %d failed, reasons %v", err, got.Gone, got.Failed, got.Reasons)
	}
	s.handle("/news/", nil)
	if got := b.run(); got.Gone != 1 || got.Failed != 0 {
		t.Errorf("with its list: %d gone, %d failed, reasons %v", got.Gone, got.Failed, got.Reasons)
	}
}

// TestArticlesThatAreGoneAsAWhole: that no article is there any more while the list is, is said.
func TestArticlesThatAreGoneAsAWhole(t *testing.T) {
	s := newFakeSite(t, 8)
	b := newBench(t, s)
	b.run()
	for i := 1; i <= 7; i++ {
		s.handle(fmt.Sprintf("/news/%d.html", i), http.NotFound)
	}
	if got := b.run(); got.Gone != 7 || got.State != dossier.RunFinished {
		t.Errorf("with one left: %d gone, %s, %s", got.Gone, got.State, got.Error)
	}
	s.handle("/news/8.html", http.NotFound)
	got, err := pipeline.Run(t.Context(), b.site, b.deps)
	if !errors.Is(err, pipeline.ErrAllGone) || got.Gone != 8 || !strings.Contains(got.Error, "all articles that were asked again are gone: 8 on ") {
		t.Errorf("%v: %d gone, %s, %q", err, got.Gone, got.State, got.Error)
	}
}

// TestNoticesOfMaintenance: short notices about what is out of order are articles when the rows of
// the list announce them, and their corrections are versions.
func TestNoticesOfMaintenance(t *testing.T) {
	s := newFakeSite(t, 0)
	titles := []string{"网站维护公告一则", "关于网站系统升级维护的公告", "404 firms signed agreements at the fair", "Access denied to two ports of the coast"}
	var rows strings.Builder
	page := func(i int, text string) http.HandlerFunc {
		return raw("<html><head><title>" + titles[i] + "</title></head><body><h1>" + titles[i] + "</h1><div><p>" + titles[i] + ". " + text + "</p></div></body></html>")
	}
	for i, title := range titles {
		fmt.Fprintf(&rows, `<li><a href="/news/%d.html">%s</a> <span>2026-01-%02d</span></li>`, i, title, i+1)
		s.handle(fmt.Sprintf("/news/%d.html", i), page(i, "This holds from Friday until Monday in all of the zone."))
	}
	s.handle("/news/", raw("<html><head><title>News</title></head><body><ul>"+rows.String()+"</ul></body></html>"))
	b := newBench(t, s)
	if got := b.run(); got.New != len(titles) || got.Failed+got.Gone != 0 {
		t.Fatalf("%d new, %d failed, %d gone: %v", got.New, got.Failed, got.Gone, got.Reasons)
	}
	s.handle("/news/1.html", page(1, "This holds from Saturday until Tuesday in all of the zone."))
	if got := b.run(); got.Changed != 1 || got.Failed+got.Gone != 0 {
		t.Errorf("corrected: %d changed, %d failed, %d gone: %v", got.Changed, got.Failed, got.Gone, got.Reasons)
	}
}

// TestSourceWithoutEntries: a feed or a sitemap of start that has no entry has failed, as a
// page without links.
func TestSourceWithoutEntries(t *testing.T) {
	for name, source := range map[string]struct{ entry, around string }{
		"feed":    {"<item><title>What the zone says of project %[2]d</title><link>%[1]s/news/%[2]d.html</link></item>", `<rss version="2.0"><channel><title>Zone</title>%s</channel></rss>`},
		"sitemap": {"<url><loc>%[1]s/news/%[2]d.html</loc></url>", `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">%s</urlset>`},
	} {
		t.Run(name, func(t *testing.T) {
			s := newFakeSite(t, 5)
			entries := 5
			s.handle("/source.xml", func(w http.ResponseWriter, r *http.Request) {
				var b strings.Builder
				for i := 1; i <= entries; i++ {
					fmt.Fprintf(&b, source.entry, s.URL, i)
				}
				fmt.Fprintf(w, `<?xml version="1.0"?>`+source.around, b.String())
			})
			b := newBench(t, s)
			b.site.Start = []string{s.URL + "/source.xml"}
			if got := b.run(); got.New != 5 {
				t.Fatalf("%d articles, want 5: %v", got.New, got.Reasons)
			}
			entries = 0
			got, err := pipeline.Run(t.Context(), b.site, b.deps)
			if err == nil || got.Reasons[dossier.ReasonNoLinks] != 1 {
				t.Errorf("without entries: %v, reasons %v", err, got.Reasons)
			}
		})
	}
}

// TestListsWithoutEnd: a site whose rows lead to rows alone is left with an error, and what
// waits is kept.
func TestListsWithoutEnd(t *testing.T) {
	s := newFakeSite(t, 0)
	var n atomic.Int64
	farm := func(w http.ResponseWriter, r *http.Request) {
		var rows strings.Builder
		for range 12 {
			i := n.Add(1)
			fmt.Fprintf(&rows, `<li><a href="/w/%d.html">A headline of the wheel of fortune, number %d</a> <span>2026-11-%02d</span></li>`, i, i, i%28+1)
		}
		write(w, r, "<html><head><title>Fortune</title></head><body><ul>"+rows.String()+"</ul></body></html>")
	}
	s.handle("/news/", farm)
	s.other = farm
	b := newBench(t, s)
	for range 3 {
		got, err := pipeline.Run(t.Context(), b.site, b.deps)
		if !errors.Is(err, pipeline.ErrOnlyLists) || got.State != dossier.RunFailed || got.Requests > 1200 {
			t.Errorf("%v, state %s, %d requests", err, got.State, got.Requests)
		}
	}
}

// TestBannerToNowhere: a link without a day that is sent on to a host that is no more is no
// failure of the site; an article that is, is one.
func TestBannerToNowhere(t *testing.T) {
	s := newFakeSite(t, 5)
	s.handle("/", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, `<html><body><a href="/news/">News of the zone</a><div><a href="/ad.asp?s=2766af">Free parking for investors of the zone</a></div></body></html>`)
	})
	s.handle("/ad.asp", http.RedirectHandler("http://no-such-host.invalid/x", http.StatusFound).ServeHTTP)
	b := newBench(t, s)
	b.site.Start = append(b.site.Start, s.URL+"/")
	if got := b.run(); got.New != 5 || got.Failed != 0 {
		t.Errorf("%d articles, %d failed: %v", got.New, got.Failed, got.Reasons)
	}
	s.handle("/news/", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, `<html><body><ul><li><a href="/news/9.html">What the zone says of project 9</a> 2018-01-19</li><li><a href="/news/1.html">What the zone says of project 1</a> 2018-01-18</li></ul></body></html>`)
	})
	s.handle("/news/9.html", http.RedirectHandler("http://no-such-host.invalid/x", http.StatusFound).ServeHTTP)
	if got := b.run(); got.Failed != 1 || got.Reasons[dossier.ReasonDNS] != 1 {
		t.Errorf("%d failed: %v", got.Failed, got.Reasons)
	}
}

// TestRowsWithoutPages: a site whose new rows all lead to nothing says so, in each run.
func TestRowsWithoutPages(t *testing.T) {
	s := newFakeSite(t, 3)
	b := newBench(t, s)
	b.run()
	var log strings.Builder
	b.deps.Log = slog.New(slog.NewTextHandler(&log, nil))
	s.handle("/news/", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, strings.ReplaceAll(s.list(9, 1), `href="`, `href="/wrong/`))
	})
	for range 2 {
		log.Reset()
		if b.run(); !strings.Contains(log.String(), "nothing that the lists newly show has a page") {
			t.Errorf("no warning: %s", log.String())
		}
	}
	s.handle("/news/", nil)
	s.mu.Lock()
	s.articles = 9
	s.mu.Unlock()
	log.Reset()
	if got := b.run(); got.New != 6 || strings.Contains(log.String(), "newly show") {
		t.Errorf("%d new: %s", got.New, log.String())
	}
}

// TestDeletedWhereAllIsAnswered: on a site that answers every address with a page, in words that say
// nothing, an article that shows that page instead is gone, and all of them at once are a fault of the site.
func TestDeletedWhereAllIsAnswered(t *testing.T) {
	nothing := raw("<html><head><title>Zono</title></head><body><ul><li><a href='/news/'>Novaĵoj</a></li></ul><div class='main'><p>Ni trovis nenion tie, bonvolu reveni morgau.</p></div></body></html>")
	s := newFakeSite(t, 8)
	s.other = nothing
	b := newBench(t, s)
	b.run()
	s.handle("/news/3.html", nothing)
	s.requests()
	if got := b.run(); got.Gone != 1 || got.Failed != 0 {
		t.Errorf("%d gone, %d failed, reasons %v; want the one that was deleted", got.Gone, got.Failed, got.Reasons)
	}
	made := 0
	for path, n := range s.requests() {
		if strings.Contains(path, "98000") {
			made += n
		}
	}
	if made != 1 {
		t.Errorf("%d made-up addresses were asked, want 1", made)
	}
	for i := 1; i <= 8; i++ {
		s.handle(fmt.Sprintf("/news/%d.html", i), nothing)
	}
	if got := b.run(); got.Gone != 0 || got.Reasons[dossier.ReasonTextGone] != 8 {
		t.Errorf("without any article: %d gone, reasons %v; want failures", got.Gone, got.Reasons)
	}

	s = newFakeSite(t, 8) // refuses what it does not have
	b = newBench(t, s)
	b.run()
	s.handle("/news/3.html", nothing)
	if got := b.run(); got.Gone != 0 || got.Reasons[dossier.ReasonTextGone] != 1 {
		t.Errorf("a page that says nothing: %d gone, reasons %v; want one failure", got.Gone, got.Reasons)
	}
}

// TestErrorBesideABox: a list whose rows have given way to an error is no list for the box of known
// articles beside it, run after run; with its rows, or new ones, it is.
func TestErrorBesideABox(t *testing.T) {
	row := func(n int) string {
		return fmt.Sprintf(`<li><a href="/news/%d.html">%s</a> <span>%s</span></li>`, n, headline(n), day(n))
	}
	rows := func(from, to int) string {
		out := ""
		for n := from; n >= to; n-- {
			out += row(n)
		}
		return out
	}
	page := func(main, box string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			write(w, r, `<html><head><title>News - Zone</title></head><body><div class="main">`+main+`</div><div class="hot"><h3>Hot</h3><ul>`+box+`</ul></div></body></html>`)
		}
	}
	s := newFakeSite(t, 12)
	s.handle("/news/", page("<ul>"+rows(12, 1)+"</ul>", rows(3, 1)))
	b := newBench(t, s)
	if got := b.run(); got.New != 12 {
		t.Fatalf("first run: %+v", got)
	}
	s.handle("/news/", page("<p>Io malbona okazis al la servilo, kaj ĝi ne plu respondas. Bonvolu reveni morgaŭ, kiam ĉio estos denove kiel antaŭe.</p>", rows(3, 1)))
	for range 2 {
		got, err := pipeline.Run(t.Context(), b.site, b.deps)
		if err == nil || got.Reasons[dossier.ReasonRowsGone] != 1 || got.Failed != 1 {
			t.Errorf("with an error: %v, %d failed, reasons %v", err, got.Failed, got.Reasons)
		}
	}
	s.handle("/news/", page("<ul>"+rows(3, 1)+"</ul>", ""))
	if got := b.run(); got.Failed != 0 {
		t.Errorf("a list that has become short: reasons %v", got.Reasons)
	}
	s.mu.Lock()
	s.articles = 13
	s.mu.Unlock()
	s.handle("/news/", page("<ul>"+row(13)+"</ul>", rows(3, 1)))
	if got := b.run(); got.New != 1 || got.Failed != 0 {
		t.Errorf("with a new row: %d new, reasons %v", got.New, got.Reasons)
	}
}

// TestListIsNoPageAnyMore: a start address that gave a list and gives data or plain text has failed, also
// beside others.
func TestListIsNoPageAnyMore(t *testing.T) {
	for kind, body := range map[string]string{"application/json": `{"code": 404, "message": "none"}`, "text/plain": "none"} {
		s := newFakeSite(t, 5)
		s.handle("/more/", func(w http.ResponseWriter, r *http.Request) { s.own(w, cloned(r, "/news/")) })
		b := newBench(t, s)
		b.site.Start = append(b.site.Start, s.URL+"/more/")
		b.run()
		s.handle("/more/", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			fmt.Fprint(w, body)
		})
		got, err := pipeline.Run(t.Context(), b.site, b.deps)
		if err != nil || got.Failed != 1 || got.Reasons[dossier.ReasonNotHTML] != 1 {
			t.Errorf("%s: %v, %d failed, reasons %v", kind, err, got.Failed, got.Reasons)
		}
	}
}

// cloned is a request for another path.
func cloned(r *http.Request, path string) *http.Request {
	out := r.Clone(r.Context())
	out.URL.Path = path
	return out
}
