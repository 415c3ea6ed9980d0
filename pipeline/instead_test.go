package pipeline_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

// instead are answers that sites give in the place of an article, by the reason
// that they must get at the first crawl and of a page that was an article.
var instead = []struct {
	name   string
	answer http.HandlerFunc
	first  dossier.Reason
	later  dossier.Reason // "": as first
}{
	{"system error", says("System error", "An error occurred while processing your request. Please try again later."), "error_text", ""},
	{"maintenance", says("Site maintenance", "We will be back soon. The site is being mended, and we apologise for that."), "error_text", ""},
	{"error in Chinese", says("提示", "系统繁忙，请稍后再试！"), "error_text", ""},
	{"error in a template", inTemplate("<h2>出错了</h2><p>服务器内部错误，请联系管理员。</p>"), "error_text", ""},
	{"not found in a template", inTemplate("<p>您访问的页面不存在或已被删除！</p>"), "not_found_text", ""},
	{"not found in other words", says("Oops", "We could not find what you were looking for."), "not_found_text", ""},
	{"deleted in a template", inTemplate("<p>This article has been deleted or is under review.</p>"), "not_found_text", ""},
	{"members in a template", inTemplate("<p>You do not have permission to view this item. Please log in first.</p>"), "login", ""},
	{"members in Chinese", inTemplate("<p>您没有权限查看该信息，请先登录。</p>"), "login", ""},
	{"slider", says("Security verification", "To keep your visit safe, please complete the verification below to continue"), "challenge", ""},
	{"old browser", says("提示", "您的浏览器版本过低，请升级您的浏览器后访问本站。"), "error_text", ""},
	{"the site was closed", says("Notice of the zone", "This website was closed on 1 November 2026. Its content has moved to the portal of the city.</p><p>1 November 2026"), "", "text_gone"},
	{"page of errors", http.RedirectHandler("/404.html", http.StatusFound).ServeHTTP, "redirect_error", ""},
	{"folder of errors", http.RedirectHandler("/error/index.jsp?from=3", http.StatusMovedPermanently).ServeHTTP, "redirect_error", ""},
	{"page of errors of ASP.NET", http.RedirectHandler("/Sorry.aspx?aspxerrorpath=/news/3.html", http.StatusFound).ServeHTTP, "redirect_error", ""},
	{"own list", http.RedirectHandler("/news/", http.StatusFound).ServeHTTP, "redirect_list", ""},
	{"home page", http.RedirectHandler("/", http.StatusFound).ServeHTTP, "redirect_home", ""},
	{"home page that is told why", http.RedirectHandler("/?from=404", http.StatusFound).ServeHTTP, "redirect_home", ""},
	{"home page by a script", raw(`<html><head><script>window.location.href="/";</script></head><body></body></html>`), "redirect_home", ""},
	{"home page by a meta element", raw(`<html><head><meta http-equiv="refresh" content="0; url=/index.html"></head></html>`), "redirect_home", ""},
	{"page of errors by a script", raw(`<script>location.replace('/error.html')</script>`), "redirect_error", ""},
	{"words that nobody has heard of", says("Zone of the North", "Ni trovis nenion tie ĉi, bonvolu reveni morgaŭ."), "", "text_gone"},
}

func raw(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { write(w, r, body) }
}

func says(title, text string) http.HandlerFunc {
	return raw("<html><head><title>" + title + "</title></head><body><h1>" + title + "</h1><p>" + text + "</p></body></html>")
}

// inTemplate puts a text between a menu and a footer.
func inTemplate(text string) http.HandlerFunc {
	menu := strings.Repeat(`<li><a href="/section/">A section of the northern zone</a></li>`, 50)
	return raw(`<html><head><title>Northern Zone</title></head><body><div class="nav"><ul>` + menu + `</ul></div><div class="content">` + text +
		`</div><div class="footer">Northern Zone, 1 Harbour Road. All rights reserved.</div></body></html>`)
}

func TestErrorPagesAreNoArticles(t *testing.T) {
	for _, tt := range instead {
		t.Run(tt.name, func(t *testing.T) {
			if tt.first != "" {
				s := newFakeSite(t, 5)
				errorPages(s)
				s.handle("/news/3.html", tt.answer)
				b := newBench(t, s)
				got := b.run()
				if got.New != 4 || got.Reasons[tt.first] != 1 {
					t.Errorf("first crawl: %d new, reasons %v, want 4 and one %s", got.New, got.Reasons, tt.first)
				}
			}
			s := newFakeSite(t, 5)
			errorPages(s)
			b := newBench(t, s)
			b.run()
			s.handle("/news/3.html", tt.answer)
			got := b.run()
			want := max(tt.first, tt.later)
			if got.New+got.Changed != 0 || got.Reasons[want] != 1 {
				t.Errorf("later: %d new, %d changed, reasons %v, want one %s", got.New, got.Changed, got.Reasons, want)
			}
			b.observed("/3.html", want)
		})
	}
}

// TestPagesOfNothing: a page in words that nobody has heard of, which shows neither the
// headline of its row nor a date, is no article: it is gone where the site answers any address
// so, and asked again where it does not.
func TestPagesOfNothing(t *testing.T) {
	n := 0
	const menu = `<html><head><title>Northern Zone</title></head><body><ul><li><a href="/a/">Investing here</a></li><li><a href="/b/">Living here</a></li></ul>`
	odd := func(w http.ResponseWriter, r *http.Request) {
		n++
		write(w, r, fmt.Sprintf(menu+"<h2>Ho ve</h2><p>Ni trovis nenion ĉe %s, kaj bonvolu reveni morgaŭ al la paĝo kiun vi serĉis.</p><p>Kodo a%dbc, 12:%02d</p></body></html>", r.URL.Path, n, n))
	}
	for name, tt := range map[string]struct {
		other http.HandlerFunc // for addresses that do not exist; nil: 404
		want  string
	}{
		"answered alike": {odd, "new 3, changed 0, unchanged 0, duplicates 0, gone 2, failed 0"},
		"refused":        {nil, "new 3, changed 0, unchanged 0, duplicates 0, gone 0, failed 2"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newFakeSite(t, 5)
			s.handle("/news/2.html", odd)
			s.handle("/news/3.html", odd)
			if tt.other != nil {
				s.handle("/news/98000002.html", tt.other)
				s.handle("/news/98000003.html", tt.other)
			}
			b := newBench(t, s)
			expect(t, b.run(), tt.want)
			asked := s.requests()
			if made := asked["/news/98000002.html"] + asked["/news/98000003.html"]; made != 1 {
				t.Errorf("%d requests of made-up addresses, want 1", made)
			}
		})
	}
}

// TestArticleShowsAListNow: a page that was an article and answers with the posts of its section
// or of the whole site, its own among them, makes no version.
func TestArticleShowsAListNow(t *testing.T) {
	var posts strings.Builder
	for n := 1; n <= 5; n++ {
		fmt.Fprintf(&posts, `<article><h2 class="entry-title"><a href="/news/%d.html">%s</a></h2><div class="meta"><time datetime="%sT10:00:00">%s</time></div><div class="entry-summary"><p>The zone took another step in its work on project %d, and the committee said that more firms will come. <a href="/news/%d.html">Continue reading</a></p></div></article>`,
			n, headline(n), day(n), day(n), n, n)
	}
	for _, heading := range []string{"", "<h1>Category: News</h1>", "<h1>Northern Zone</h1>"} {
		s := newFakeSite(t, 5)
		b := newBench(t, s)
		b.run()
		s.handle("/news/3.html", raw("<html><head><title>News - Northern Zone</title></head><body><main>"+heading+posts.String()+`</main><aside><h2>Recent Posts</h2><ul><li><a href="/news/4.html">`+headline(4)+"</a></li></ul></aside></body></html>"))
		got := b.run()
		if got.Changed != 0 || got.Reasons[dossier.ReasonTextGone] != 1 {
			t.Errorf("below %q: %d changed, reasons %v", heading, got.Changed, got.Reasons)
		}
		b.observed("/3.html", dossier.ReasonTextGone)
	}
}

// errorPages serves what the redirects lead to, with status 200.
func errorPages(s *fakeSite) {
	for _, path := range []string{"/404.html", "/error/index.jsp", "/Sorry.aspx", "/error.html"} {
		s.handle(path, says("Nothing here", "There is nothing here, and the date is 2019-03-04. Go on to the first page of the zone."))
	}
	s.handle("/", says("Northern Zone", "This is the first page of the zone."))
}

// observed checks that a record has an observation of its first version.
func (b *bench) observed(suffix string, reason dossier.Reason) {
	b.t.Helper()
	for r := range b.arch.Records(b.t.Context(), archive.List{}) {
		if !strings.HasSuffix(r.URL, suffix) {
			continue
		}
		if r.Version != 1 || !r.Gone.IsZero() {
			b.t.Errorf("%s is version %d, gone %v", r.URL, r.Version, r.Gone)
		}
		for o := range b.arch.RecordObservations(b.t.Context(), r.ID) {
			if o.Outcome.Reason == reason {
				return
			}
		}
	}
	b.t.Errorf("no observation %s of the record at %s", reason, suffix)
}

// TestLedToAnotherArticle: an address that leads to another article is missed,
// and that article becomes a record of its own.
func TestLedToAnotherArticle(t *testing.T) {
	s := newFakeSite(t, 5)
	b := newBench(t, s)
	b.run()
	s.handle("/news/2.html", http.RedirectHandler("/news/4.html", http.StatusFound).ServeHTTP)
	s.handle("/news/3.html", http.RedirectHandler("/news/33.html", http.StatusFound).ServeHTTP)
	s.handle("/news/33.html", func(w http.ResponseWriter, r *http.Request) { write(w, r, article(33, paragraphs(33))) })
	got := b.run()
	expect(t, got, "new 1, changed 0, unchanged 3, duplicates 0, gone 2, failed 0")
	b.observed("/2.html", "redirect_other")
	b.observed("/3.html", "redirect_other")
}

// TestMovedUnderAnotherHeadline: the text tells that an article has moved.
func TestMovedUnderAnotherHeadline(t *testing.T) {
	s := newFakeSite(t, 5)
	b := newBench(t, s)
	b.run()
	s.handle("/news/3.html", http.RedirectHandler("/new/3.html", http.StatusMovedPermanently).ServeHTTP)
	s.handle("/new/3.html", func(w http.ResponseWriter, r *http.Request) {
		page := strings.ReplaceAll(article(3, paragraphs(3)), headline(3), "What has become of the third project in the zone")
		write(w, r, strings.Replace(page, `<link rel="canonical" href="/news/3.html">`, "", 1))
	})
	got := b.run()
	expect(t, got, "new 0, changed 1, unchanged 4, duplicates 0, gone 0, failed 0")
	if got.Reasons["moved"] != 1 {
		t.Errorf("reasons %v, want one moved", got.Reasons)
	}
}

// TestArticlesAboutErrors: what errors are about can be news.
func TestArticlesAboutErrors(t *testing.T) {
	s := newFakeSite(t, 5)
	text := "<p>The portal of the zone is under maintenance on Saturday from eight to ten, and cannot be reached.</p>"
	s.handle("/news/3.html", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, strings.ReplaceAll(article(3, text), headline(3), "Notice of system maintenance"))
	})
	s.handle("/news/4.html", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, strings.ReplaceAll(article(4, paragraphs(4)), headline(4), "The page is not found: how 404 became a number of the zone"))
	})
	b := newBench(t, s)
	expect(t, b.run(), "new 5, changed 0, unchanged 0, duplicates 0, gone 0, failed 0")
}

// TestNoticesThatSpeakOfApologies: a short notice under the headline and with the day of its
// row is archived whatever it says; when it is replaced, that is no version of it.
func TestNoticesThatSpeakOfApologies(t *testing.T) {
	login := `<form><input name="user"><input type="password" name="p"><button>Login</button></form>`
	for _, text := range []string{"<p>An error occurred in the notice of 3 May: the fee is 50 yuan.</p>", "<p>The company does not exist any more, the register says.</p>", "<p>The site is under maintenance on Monday.</p>" + login} {
		s := newFakeSite(t, 5)
		s.handle("/news/3.html", func(w http.ResponseWriter, r *http.Request) { write(w, r, article(3, text)) })
		b := newBench(t, s)
		if got := b.run(); got.New != 5 {
			t.Errorf("%s: %d new, reasons %v", text, got.New, got.Reasons)
		}
		s.handle("/news/3.html", func(w http.ResponseWriter, r *http.Request) {
			write(w, r, article(3, "<p>This article has been removed.</p>"))
		})
		if got := b.run(); got.Changed != 0 || got.Reasons[dossier.ReasonTextGone] != 1 {
			t.Errorf("%s: replaced: %d changed, reasons %v", text, got.Changed, got.Reasons)
		}
	}
}

// TestRowsOfOneWord: dated rows whose headline is a word are rows, beside a login as well.
func TestRowsOfOneWord(t *testing.T) {
	s := newFakeSite(t, 6)
	s.handle("/news/", func(w http.ResponseWriter, r *http.Request) {
		rows := ""
		for n := 1; n <= 6; n++ {
			rows += fmt.Sprintf(`<li><a href="/notice/%d00%d.html">Notice</a> <span>%s</span></li>`, n, n, day(n))
		}
		write(w, r, `<html><head><title>Zone</title></head><body><form><input name="user"><input type="password" name="p"></form><ul>`+rows+`</ul></body></html>`)
	})
	for n := 1; n <= 6; n++ {
		s.handle(fmt.Sprintf("/notice/%d00%d.html", n, n), func(w http.ResponseWriter, r *http.Request) {
			write(w, r, strings.NewReplacer(headline(n), "Notice", `rel="canonical"`, "").Replace(article(n, paragraphs(n))))
		})
	}
	if got := newBench(t, s).run(); got.New != 6 {
		t.Errorf("%+v", got)
	}
}
