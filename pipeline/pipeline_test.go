package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/crawler"
	"github.com/dossier-archive/dossier/pipeline"
)

// bench is an archive with a crawler for one fake site.
type bench struct {
	t    *testing.T
	arch *archive.Archive
	deps pipeline.Deps
	site *dossier.Site
}

func newBench(t *testing.T, s *fakeSite) *bench {
	t.Helper()
	arch, err := archive.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), archive.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { arch.Close() })
	log := slog.New(slog.DiscardHandler)
	c := crawler.New(crawler.Options{UserAgent: "dossier/test", Timeout: 2 * time.Second, MaxBody: 1 << 20, AllowPrivate: true, Log: log}, arch)
	return &bench{t, arch, pipeline.Deps{Crawler: c, Store: arch, Log: log},
		&dossier.Site{ID: "zone", Start: []string{s.URL + "/news/"}, Parallel: 2, Timezone: time.UTC, Robots: dossier.RobotsObey}}
}

func (b *bench) run() dossier.Run {
	b.t.Helper()
	report, err := pipeline.Run(b.t.Context(), b.site, b.deps)
	if err != nil {
		b.t.Fatalf("run: %v (%+v)", err, report)
	}
	return report
}

// paths lists the addresses of the records without the host, in order.
func (b *bench) paths(s *fakeSite) []string {
	b.t.Helper()
	var out []string
	for r, err := range b.arch.Records(b.t.Context(), archive.List{}) {
		if err != nil {
			b.t.Fatal(err)
		}
		out = append(out, strings.TrimPrefix(r.URL, s.URL))
	}
	return out
}

// expect compares the counters of a run that a test is about.
func expect(t *testing.T, got dossier.Run, want string) {
	t.Helper()
	text := fmt.Sprintf("new %d, changed %d, unchanged %d, duplicates %d, gone %d, failed %d",
		got.New, got.Changed, got.Unchanged, got.Duplicate, got.Gone, got.Failed)
	if text != want {
		t.Errorf("got %s, want %s (reasons %v)", text, want, got.Reasons)
	}
}

func TestFindsEveryArticleWithoutPatterns(t *testing.T) {
	s := newFakeSite(t, 35)
	b := newBench(t, s)
	expect(t, b.run(), "new 35, changed 0, unchanged 0, duplicates 0, gone 0, failed 0")
	asked := s.requests()
	for uri, n := range asked {
		if n != 1 {
			t.Errorf("%s asked %d times, want once", uri, n)
		}
	}
	if want := 35 + 4 + 1; len(asked) != want {
		t.Errorf("%d addresses asked, want %d: articles, lists, robots.txt: %v", len(asked), want, asked)
	}
}

// TestDatastoreLists finds all articles of a list that is XML in a script and
// goes on by dataproxy.jsp, in both forms that sites use.
func TestDatastoreLists(t *testing.T) {
	for _, form := range []string{"next group", "script"} {
		t.Run(form, func(t *testing.T) {
			const all, group = 40, 15
			s := newFakeSite(t, all)
			rows := func(from, to int) string {
				var b strings.Builder
				for n := from; n <= min(to, all); n++ {
					fmt.Fprintf(&b, `<record><![CDATA[<li><a href="/news/%d.html">%s</a><span>2019-02-%02d</span></li>]]></record>`, n, headline(n), n%28+1)
				}
				return "<recordset>" + b.String() + "</recordset>"
			}
			next := func(page int) string {
				if form != "next group" || page*group >= all {
					return ""
				}
				return fmt.Sprintf(`<nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=%d&columnid=33&unitid=7"></a>]]></nextgroup>`, page)
			}
			s.handle("/col/col33/index.html", func(w http.ResponseWriter, r *http.Request) {
				write(w, r, `<html><head><title>News</title></head><body><div id="7"><script type="text/xml"><datastore>`+next(1)+rows(1, group)+`</datastore></script></div>
					<script>$("#7").jpage({proxyUrl:'/module/web/jpage/dataproxy.jsp', perPage:15, totalRecord:40, ajaxParam:{columnid:33, unitid:7}})</script></body></html>`)
			})
			s.handle("/module/web/jpage/dataproxy.jsp", func(w http.ResponseWriter, r *http.Request) {
				from, page := 0, 0
				if fmt.Sscan(r.FormValue("startrecord"), &from); r.FormValue("columnid") != "33" || r.FormValue("unitid") != "7" {
					t.Errorf("asked without the list: %s", r.URL)
				}
				if fmt.Sscan(r.FormValue("page"), &page); page > 0 {
					from = page*group + 1
				}
				w.Header().Set("Content-Type", "text/xml;charset=UTF-8")
				fmt.Fprint(w, "<?xml version='1.0' encoding='UTF-8'?><datastore>"+next(page+1)+"<totalrecord>40</totalrecord>"+rows(from, from+group-1)+"</datastore>")
			})
			b := newBench(t, s)
			b.site.Start = []string{s.URL + "/col/col33/index.html"}
			expect(t, b.run(), "new 40, changed 0, unchanged 0, duplicates 0, gone 0, failed 0")
		})
	}
}

func TestSecondRunAsksLittle(t *testing.T) {
	s := newFakeSite(t, 100)
	b := newBench(t, s)
	b.run()
	s.requests()
	report := b.run()
	expect(t, report, "new 0, changed 0, unchanged 10, duplicates 0, gone 0, failed 0")
	if asked := s.requests(); len(asked) != 11 {
		t.Errorf("asked %v, want the list and the ten articles that it shows", asked)
	}
	confirmed := 0
	for o, err := range b.arch.RunObservations(t.Context(), report.ID) {
		if err != nil || o.HTTP != http.StatusNotModified {
			t.Errorf("%s: status %d, %v", o.URL, o.HTTP, err)
		}
		confirmed++
	}
	if confirmed != 11 {
		t.Errorf("%d observations of eleven", confirmed)
	}

	s.mu.Lock()
	s.articles = 125
	s.mu.Unlock()
	expect(t, b.run(), "new 25, changed 0, unchanged 10, duplicates 0, gone 0, failed 0")
}

func TestPatterns(t *testing.T) {
	s := newFakeSite(t, 12)
	b := newBench(t, s)
	b.site.Articles = []*regexp.Regexp{regexp.MustCompile(`/news/\d+\.html$`)}
	b.site.Follow = []*regexp.Regexp{regexp.MustCompile(`/news/\?page=\d+$`)}
	b.site.Exclude = []*regexp.Regexp{regexp.MustCompile(`/7\.html`)}
	report := b.run()
	expect(t, report, "new 11, changed 0, unchanged 0, duplicates 0, gone 0, failed 0")
	if s.requests()["/news/7.html"] != 0 || report.Reasons["excluded"] != 1 {
		t.Errorf("an excluded address was asked, or has no outcome: %v", report.Reasons)
	}
}

func TestChangedAndGone(t *testing.T) {
	s := newFakeSite(t, 5)
	b := newBench(t, s)
	b.run()
	s.handle("/news/3.html", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, article(3, paragraphs(3)+"<p>The contract was extended to four years, as the administration announced in the evening.</p>"))
	})
	s.handle("/news/2.html", http.NotFound)
	expect(t, b.run(), "new 0, changed 1, unchanged 3, duplicates 0, gone 1, failed 0")
	for r := range b.arch.Records(t.Context(), archive.List{}) {
		want := 1
		if strings.HasSuffix(r.URL, "/3.html") {
			want = 2
		}
		if r.Version != want || !r.Gone.IsZero() {
			t.Errorf("%s is version %d, gone %v, want version %d and not yet gone", r.URL, r.Version, r.Gone, want)
		}
	}
}

// TestOnlyReadOtherwise: a page whose counter moved, read by other rules than
// before, is no change of the site; one whose text changed as well is.
func TestOnlyReadOtherwise(t *testing.T) {
	s := newFakeSite(t, 3)
	b := newBench(t, s)
	visits := 0
	serve := func(more string) {
		visits++
		s.handle("/news/3.html", func(w http.ResponseWriter, r *http.Request) {
			write(w, r, article(3, paragraphs(3)+more+`<p class="note">A note of the editors, which some rules take for a part of the text.</p>`)+fmt.Sprint("<!-- ", visits, " -->"))
		})
	}
	serve("")
	expect(t, b.run(), "new 3, changed 0, unchanged 0, duplicates 0, gone 0, failed 0")
	b.site.Rules.Remove = []string{".note"}
	serve("")
	got := b.run()
	expect(t, got, "new 0, changed 0, unchanged 3, duplicates 0, gone 0, failed 0")
	if got.Reasons["reading"] != 1 {
		t.Errorf("reasons %v, want one reading", got.Reasons)
	}
	serve("<p>The contract was extended to four years, as the administration announced in the evening.</p>")
	expect(t, b.run(), "new 0, changed 1, unchanged 2, duplicates 0, gone 0, failed 0")
}

// TestRepostOnlyReadOtherwise: a repost that is read by other rules than when
// its original was archived is a repost still.
func TestRepostOnlyReadOtherwise(t *testing.T) {
	s := newFakeSite(t, 3)
	note := `<p class="note">A note of the editors, which some rules take for a part of the text.</p>`
	for _, path := range []string{"/news/3.html", "/news/2.html"} {
		s.handle(path, func(w http.ResponseWriter, r *http.Request) {
			write(w, r, strings.Replace(article(3, paragraphs(3)+note), `<link rel="canonical" href="/news/3.html">`, "", 1)+"<!-- "+path+" -->")
		})
	}
	b := newBench(t, s)
	expect(t, b.run(), "new 2, changed 0, unchanged 0, duplicates 1, gone 0, failed 0")
	b.site.Rules.Remove = []string{".note"}
	for _, path := range []string{"/news/3.html", "/news/2.html"} { // other bytes
		s.handle(path, func(w http.ResponseWriter, r *http.Request) {
			write(w, r, strings.Replace(article(3, paragraphs(3)+note), `<link rel="canonical" href="/news/3.html">`, "", 1)+"<!-- again -->")
		})
	}
	expect(t, b.run(), "new 0, changed 0, unchanged 3, duplicates 0, gone 0, failed 0")
}

// TestTextGone: a page that has lost its text is no new version of its record,
// and comes back as it was.
func TestTextGone(t *testing.T) {
	for name, page := range map[string]string{
		"template without text": article(3, ""),
		"shell of a script":     `<html><head><title>Zone</title></head><body><div id="app"></div><script src="/app.js"></script></body></html>`,
		"nothing but a frame":   `<html><head></head><body><div class="main"></div></body></html>`,
	} {
		t.Run(name, func(t *testing.T) {
			s := newFakeSite(t, 3)
			b := newBench(t, s)
			b.run()
			s.handle("/news/3.html", func(w http.ResponseWriter, r *http.Request) { write(w, r, page) })
			got := b.run()
			expect(t, got, "new 0, changed 0, unchanged 2, duplicates 0, gone 0, failed 1")
			if got.Reasons["text_gone"] != 1 {
				t.Errorf("reasons %v, want one text_gone", got.Reasons)
			}
			for r := range b.arch.Records(t.Context(), archive.List{}) {
				if r.Version != 1 || r.Body == "" {
					t.Errorf("%s is version %d with %d bytes of text", r.URL, r.Version, len(r.Body))
				}
			}
			s.handle("/news/3.html", func(w http.ResponseWriter, r *http.Request) { write(w, r, article(3, paragraphs(3))) })
			expect(t, b.run(), "new 0, changed 0, unchanged 3, duplicates 0, gone 0, failed 0")
		})
	}
}

func TestSameArticleUnderOtherAddresses(t *testing.T) {
	s := newFakeSite(t, 4)
	b := newBench(t, s)
	// A repost, a print copy that names its original, and a redirect.
	s.handle("/news/", func(w http.ResponseWriter, r *http.Request) {
		row := `<li><a href="%s">%s</a> 2019-01-02</li>`
		write(w, r, "<html><body><ul>"+fmt.Sprintf(row, "/print/2.html", headline(2))+fmt.Sprintf(row, "2.html", headline(2))+
			fmt.Sprintf(row, "/other/3.html", headline(3))+fmt.Sprintf(row, "3.html", headline(3))+fmt.Sprintf(row, "/old/4", headline(4))+"</ul></body></html>")
	})
	s.handle("/print/2.html", func(w http.ResponseWriter, r *http.Request) { write(w, r, article(2, paragraphs(2))) })
	s.handle("/other/3.html", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, strings.Replace(article(3, paragraphs(3)), "/news/3.html", "/other/3.html", 1))
	})
	s.handle("/old/4", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/news/4.html", http.StatusMovedPermanently)
	})
	b.site.Parallel = 1
	expect(t, b.run(), "new 3, changed 0, unchanged 0, duplicates 2, gone 0, failed 0")
	want := map[string]string{"/news/2.html": "/print/2.html canonical", "/other/3.html": "/news/3.html repost", "/news/4.html": "/old/4 redirect"}
	for r := range b.arch.Records(t.Context(), archive.List{}) {
		full, err := b.arch.Record(t.Context(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, a := range full.Aliases {
			got = append(got, strings.TrimPrefix(a.URL, s.URL)+" "+string(a.Reason))
		}
		path := strings.TrimPrefix(r.URL, s.URL)
		if len(got) != 1 || got[0] != want[path] {
			t.Errorf("%s has aliases %v, want %q", path, got, want[path])
		}
	}
	if n := s.requests()["/print/2.html"]; n != 1 {
		t.Errorf("the print copy was asked %d times, want once", n)
	}
}

func TestTrapsEnd(t *testing.T) {
	s := newFakeSite(t, 15)
	b := newBench(t, s)
	b.site.Start = []string{s.URL + "/"}
	s.handle("/", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, `<html><body><div class="nav"><a href="/news/">News</a> <a href="/calendar?m=1">Calendar</a> <a href="/private/a.html">Internal</a></div></body></html>`)
	})
	s.handle("/calendar", func(w http.ResponseWriter, r *http.Request) {
		var m int
		fmt.Sscanf(r.URL.Query().Get("m"), "%d", &m)
		write(w, r, fmt.Sprintf(`<html><body><h2>Month %d</h2><table><tr><td><a href="?m=%d&d=1">1</a></td></tr></table><a href="?m=%d">Next</a></body></html>`, m, m, m+1))
	})
	s.handle("/endless/", func(w http.ResponseWriter, r *http.Request) { t.Error("not linked") })
	s.handle("/robots.txt", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "User-agent: *\nDisallow: /private/\n") })
	report := b.run()
	expect(t, report, "new 15, changed 0, unchanged 0, duplicates 0, gone 0, failed 0")
	asked := s.requests()
	calendar := 0
	for uri, n := range asked {
		if strings.HasPrefix(uri, "/calendar") {
			calendar += n
		}
		if strings.HasPrefix(uri, "/private") {
			t.Errorf("%s is disallowed and was asked", uri)
		}
	}
	if calendar > 1 {
		t.Errorf("the calendar was asked %d times, want once", calendar)
	}
}

// TestSitemapOfRobots: articles that no page links to are found by the sitemap
// that robots.txt names.
func TestSitemapOfRobots(t *testing.T) {
	s := newFakeSite(t, 8)
	b := newBench(t, s)
	b.site.Start = []string{s.URL + "/"}
	s.handle("/", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, `<html><body><p>Welcome to the site of the zone.</p><a href="/about.html">About the zone</a></body></html>`)
	})
	s.handle("/about.html", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, `<html><head><title>About</title></head><body><h1>About the zone</h1><p>The zone was founded a long time ago. It has an office, which is open on all working days.</p></body></html>`)
	})
	s.handle("/robots.txt", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "User-agent: *\nDisallow:\nSitemap: %s/map.xml\n", s.URL)
	})
	s.handle("/map.xml", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>`+s.URL+`/about.html</loc></url>`)
		for n := 1; n <= 8; n++ {
			fmt.Fprintf(w, "<url><loc>%s/news/%d.html</loc></url>", s.URL, n)
		}
		fmt.Fprint(w, "</urlset>")
	})
	expect(t, b.run(), "new 8, changed 0, unchanged 0, duplicates 0, gone 0, failed 0")
}

func TestListThatNeverEnds(t *testing.T) {
	s := newFakeSite(t, 30)
	s.handle("/news/", func(w http.ResponseWriter, r *http.Request) {
		var page int
		fmt.Sscanf(r.URL.Query().Get("page"), "%d", &page)
		write(w, r, s.list(30, min(max(page, 1), 3))+fmt.Sprintf(`<a href="?page=%d">Next</a>`, max(page, 1)+1))
	})
	b := newBench(t, s)
	expect(t, b.run(), "new 30, changed 0, unchanged 0, duplicates 0, gone 0, failed 0")
	if n := len(s.requests()); n > 30+1+5 {
		t.Errorf("%d addresses asked", n)
	}
}

func TestFaults(t *testing.T) {
	s := newFakeSite(t, 12)
	b := newBench(t, s)
	failOnce := true
	s.handle("/news/9.html", func(w http.ResponseWriter, r *http.Request) {
		if failOnce {
			failOnce = false
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		write(w, r, article(9, paragraphs(9)))
	})
	s.handle("/news/8.html", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	s.handle("/news/7.html", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "99999")
		fmt.Fprint(w, article(7, paragraphs(7)))
	})
	s.handle("/news/6.html", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/news/6.html?again", http.StatusFound)
	})
	s.handle("/news/5.html", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/pdf")
		fmt.Fprint(w, "%PDF-1.4")
	})
	report := b.run()
	expect(t, report, "new 8, changed 0, unchanged 0, duplicates 0, gone 0, failed 3")
	for reason, n := range map[dossier.Reason]int{"http_500": 3, "truncated": 3, "redirect_loop": 1, "not_html": 1, "http_503": 1} {
		if report.Reasons[reason] != n {
			t.Errorf("reason %s given %d times, want %d: %v", reason, report.Reasons[reason], n, report.Reasons)
		}
	}
	kept, err := b.arch.Run(t.Context(), report.ID)
	want := map[dossier.Reason]int{"http_500": 1, "truncated": 1, "redirect_loop": 1}
	if err != nil || !maps.Equal(report.FailedBy, want) || !maps.Equal(kept.FailedBy, want) {
		t.Errorf("failed by %v, kept %v (%v), want %v", report.FailedBy, kept.FailedBy, err, want)
	}
	got, status := map[string]int{}, map[string]int{"/news/8.html": 500, "/news/6.html": 302, "/news/7.html": 200, "/news/5.html": 200}
	for o, err := range b.arch.RunObservations(t.Context(), report.ID) {
		if err != nil {
			t.Fatal(err)
		}
		if path := strings.TrimPrefix(o.URL, s.URL); status[path] > 0 {
			got[path] = o.HTTP
		}
	}
	if !maps.Equal(got, status) {
		t.Errorf("statuses %v, want %v", got, status)
	}
}

func TestZeroResultsIsAFailure(t *testing.T) {
	s := newFakeSite(t, 0)
	b := newBench(t, s)
	report, err := pipeline.Run(t.Context(), b.site, b.deps)
	if !errors.Is(err, pipeline.ErrNothing) || report.State != dossier.RunFailed {
		t.Errorf("a site without articles gave %v, %v", report.State, err)
	}
}

func TestInterruptedRunIsResumed(t *testing.T) {
	s := newFakeSite(t, 40)
	b := newBench(t, s)
	ctx, stop := context.WithCancel(t.Context())
	deps := b.deps
	deps.Progress = func(r dossier.Run) {
		if r.New == 7 {
			stop()
		}
	}
	report, err := pipeline.Run(ctx, b.site, deps)
	if !errors.Is(err, context.Canceled) || report.State != dossier.RunInterrupted {
		t.Fatalf("interrupted run gave %v, %v", report.State, err)
	}
	b.run()
	if got := len(b.paths(s)); got != 40 {
		t.Errorf("%d records after resuming, want 40", got)
	}
	for uri, n := range s.requests() {
		if n > 2 {
			t.Errorf("%s asked %d times, want once a run", uri, n)
		}
	}
}

// TestPageInHandIsKept: a page that is being answered when the run is told to
// stop is archived, and not asked for again.
func TestPageInHandIsKept(t *testing.T) {
	for _, path := range []string{"/news/", "/news/5.html"} {
		t.Run(path, func(t *testing.T) {
			s := newFakeSite(t, 10)
			b := newBench(t, s)
			b.site.Parallel = 1
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			page := article(5, paragraphs(5))
			if path == "/news/" {
				page = s.list(10, 1)
			}
			s.handle(path, func(w http.ResponseWriter, r *http.Request) {
				stop()
				write(w, r, page)
			})
			report, err := pipeline.Run(ctx, b.site, b.deps)
			asked := s.requests()
			if !errors.Is(err, context.Canceled) || asked[path] != 1 {
				t.Fatalf("interrupted run gave %v and asked %v", err, asked)
			}
			delete(asked, "/robots.txt")
			if got := report.New + report.Listed; got != len(asked) {
				t.Errorf("%d pages archived, %d asked: %v", got, len(asked), asked)
			}
		})
	}
}

func TestPageLimit(t *testing.T) {
	s := newFakeSite(t, 40)
	b := newBench(t, s)
	b.site.MaxPages = 10
	if report := b.run(); report.State != dossier.RunFinished || !strings.HasPrefix(report.Error, "max_pages: ") {
		t.Errorf("%+v", report)
	}
	if n := len(s.requests()); n != 11 {
		t.Errorf("%d requests, want ten pages and robots.txt", n)
	}
	b.site.MaxPages = 0
	b.run()
	if got := len(b.paths(s)); got != 40 {
		t.Errorf("%d records after a second run, want 40", got)
	}
	b.site.MaxPages = 1000
	if report := b.run(); report.Error != "" {
		t.Errorf("%+v", report)
	}
}

// TestPageLimitAndExclude: what is not to be asked takes no page from what is.
func TestPageLimitAndExclude(t *testing.T) {
	s := newFakeSite(t, 40)
	b := newBench(t, s)
	b.site.MaxPages = 20
	b.site.Exclude = []*regexp.Regexp{regexp.MustCompile(`/news/(4\d|3[1-9])\.html`)}
	first := b.run()
	if first.New+first.Listed != 20 {
		t.Errorf("%d articles and %d lists of 20 pages: %+v", first.New, first.Listed, first)
	}
	b.site.MaxPages = 0
	second := b.run()
	if first.Reasons["excluded"]+second.Reasons["excluded"] != 10 || len(b.paths(s)) != 30 {
		t.Errorf("%d records of 30, %v and %v", len(b.paths(s)), first.Reasons, second.Reasons)
	}
}

// inHand counts the pages that were leased and are not stored.
type inHand struct {
	pipeline.Store
	mu        sync.Mutex
	now, most int
}

func (s *inHand) Next(ctx context.Context, run int64, busy []string, now time.Time, most int) ([]*dossier.Task, time.Time, bool, error) {
	tasks, wake, more, err := s.Store.Next(ctx, run, busy, now, most)
	s.add(len(tasks))
	return tasks, wake, more, err
}

func (s *inHand) Commit(ctx context.Context, v dossier.Visit) (dossier.Outcome, error) {
	defer s.add(-1)
	return s.Store.Commit(ctx, v)
}

func (s *inHand) add(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now += n
	s.most = max(s.most, s.now)
}

// TestPagesInHand: of a site that is asked with pauses no more pages are under way than
// requests may be, so that a crash costs no more.
func TestPagesInHand(t *testing.T) {
	s := newFakeSite(t, 40)
	b := newBench(t, s)
	b.site.Parallel, b.site.Delay = 3, time.Millisecond
	store := &inHand{Store: b.arch}
	b.deps.Store = store
	if got := b.run(); got.New != 40 || store.most > 3 || store.now != 0 {
		t.Errorf("%d new, at most %d in hand, %d at the end; want 40, 3 and none", got.New, store.most, store.now)
	}
}

// TestNoticesOfPictures: a page whose text is a picture, a film or a few words is the
// article of its row when it shows the headline and the day of that, also above rows of others.
func TestNoticesOfPictures(t *testing.T) {
	s := newFakeSite(t, 6)
	related := `<h3>Related news</h3>` + s.list(6, 1)
	contents := []string{`<img src="/1.jpg">`, `<video src="/1.mp4"></video>` + related, "See the annex." + related, ""}
	for i, content := range contents {
		s.handle(fmt.Sprintf("/news/%d.html", i+1), func(w http.ResponseWriter, r *http.Request) { write(w, r, article(i+1, content)) })
	}
	b := newBench(t, s)
	if got := b.run(); got.New != 6 {
		t.Errorf("%d new, %d skipped, %d listed, reasons %v, want 6: %q", got.New, got.Skipped, got.Listed, got.Reasons, b.paths(s))
	}
	for r, err := range b.arch.Records(t.Context(), archive.List{}) {
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(r.URL, "/3.html") && r.Body != "See the annex." || strings.HasSuffix(r.URL, "/1.html") && r.Body != "" {
			t.Errorf("%s: body %q", r.URL, r.Body)
		}
	}
}
