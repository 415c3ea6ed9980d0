package faults

import (
	"fmt"
	"net/http"
	"strings"
)

// to answers with a redirect to a place as it stands, however wrong.
func to(code int, location string) http.HandlerFunc {
	return raw(fmt.Sprintf("HTTP/1.1 %d Moved\r\nConnection: close\r\nContent-Length: 0\r\nLocation: %s\r\n\r\n", code, location))
}

// at9 serves the article at another path and lets the listed one lead there
// by a Location.
func at9(path, location string) func(*Site) {
	return func(s *Site) {
		s.Handle(path, html(story(9001)))
		s.Article(to(302, location))
	}
}

// chain leads to the article over n redirects.
func chain(n int) func(*Site) {
	return func(s *Site) {
		s.Article(to(302, "/hop/1"))
		s.Handle("/hop/*", func(w http.ResponseWriter, r *http.Request) {
			var i int
			fmt.Sscanf(r.URL.Path, "/hop/%d", &i)
			if i >= n {
				html(story(9001))(w, r)
				return
			}
			to(302, fmt.Sprintf("/hop/%d", i+1))(w, r)
		})
	}
}

func redirects() []Fault {
	out := []Fault{
		{Name: "redirect to itself", Make: article(to(302, Page)), Want: Want{Outcome: "failed redirect_loop"}},
		{Name: "redirect in a circle", Short: true, Make: func(s *Site) {
			s.Handle("/hop/b", to(302, Page))
			s.Article(to(301, "/hop/b"))
		}, Want: Want{Outcome: "failed redirect_loop"}},
		{Name: "redirect to itself that sets a cookie", Short: true, Make: article(func(w http.ResponseWriter, r *http.Request) {
			if _, err := r.Cookie("seen"); err == nil {
				html(story(9001))(w, r)
				return
			}
			http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
			http.Redirect(w, r, Page, http.StatusFound)
		}), Want: Want{Outcome: "new"}},
		{Name: "redirect to itself that sets a cookie for ever", Make: article(func(w http.ResponseWriter, r *http.Request) {
			http.SetCookie(w, &http.Cookie{Name: "seen", Value: r.RemoteAddr})
			http.Redirect(w, r, Page, http.StatusFound)
		}), Want: Want{Outcome: "failed redirect_loop"}},
		{Name: "nine redirects", Make: chain(9), Want: Want{Outcome: "new"}},
		{Name: "a hundred redirects", Short: true, Make: chain(100), Want: Want{Outcome: "failed too_many_redirects", Asks: Healthy + 14}},
		{Name: "redirects without end, each another", Make: func(s *Site) {
			n := counter()
			s.Article(to(302, "/more/0"))
			s.Handle("/more/*", func(w http.ResponseWriter, r *http.Request) { to(302, fmt.Sprintf("/more/%d", n()))(w, r) })
		}, Want: Want{Outcome: "failed too_many_redirects"}},
		{Name: "redirect to the home page", Short: true, Make: func(s *Site) {
			s.Handle("/", html(list(storyRow(1), storyRow(2))))
			s.Article(to(302, "/"))
		}, Want: Want{Outcome: "gone redirect_home"}},
		{Name: "redirect to a page of errors that says 200", Make: func(s *Site) {
			s.Handle("/error.html", html(says("Nothing", "There is nothing to be seen.")))
			s.Article(to(302, "/error.html"))
		}, Want: Want{Outcome: "gone redirect_error"}},
		{Name: "redirect to a page of maintenance", Make: func(s *Site) {
			s.Handle("/maintenance.html", html(says("Zone", "We shall be back on Monday.")))
			s.Article(to(302, "/maintenance.html"))
		}, Want: Want{Outcome: "failed redirect_error"}},
		{Name: "script that leads to a check against robots", Make: func(s *Site) {
			s.Handle("/a20be899_yanzheng_ip.php", html(says("Zone", "One moment.")))
			s.Article(html(`<html><head><script>setTimeout(function(){ window.location.href="/a20be899_yanzheng_ip.php?type=x"; }, 1000);</script></head><body></body></html>`))
		}, Want: Want{Outcome: "failed challenge"}},
		{Name: "script that leads to the home page", Make: func(s *Site) {
			s.Handle("/", html(list(storyRow(1), storyRow(2))))
			s.Article(html(`<html><head><script>window.location.href="/";</script></head><body></body></html>`))
		}, Want: Want{Outcome: "gone redirect_home"}},
		{Name: "redirect to a login", Make: func(s *Site) {
			s.Handle("/account/login", html(loginPage))
			s.Article(to(302, "/account/login?back="+Page))
		}, Want: Want{Outcome: "failed login"}},
		{Name: "redirect to a page that is not found", Make: article(to(302, "/error/404.html")), Want: Want{Outcome: "gone http_404"}},
		{Name: "redirect to another host", Make: moved(func(s *Site) string { return s.another(html(story(9001))) + "/moved.html" }), Want: Want{Outcome: "new"}},
		{Name: "redirect to where robots.txt forbids", Make: func(s *Site) {
			s.Handle("/robots.txt", typed("text/plain", "User-agent: *\nDisallow: /closed/\n"))
			s.Handle("/closed/*", func(w http.ResponseWriter, r *http.Request) { s.Wrong("%s was asked", r.URL) })
			s.Article(to(302, "/closed/x.html"))
		}, Want: Want{Outcome: "skipped robots_disallowed"}},
		{Name: "redirect to another host that forbids it", Make: moved(func(s *Site) string {
			return s.another(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/robots.txt" {
					s.Wrong("%s was asked", r.URL)
				}
				fmt.Fprint(w, "User-agent: *\nDisallow: /\n")
			}) + "/x.html"
		}), Want: Want{Outcome: "skipped robots_disallowed"}},
		{Name: "redirect to what the site excludes", Keys: `exclude: ["/print/"]`, Make: func(s *Site) {
			s.Handle("/print/*", func(w http.ResponseWriter, r *http.Request) { s.Wrong("%s was asked", r.URL) })
			s.Article(to(302, "/print/9001.html"))
		}, Want: Want{Outcome: "skipped excluded"}},
		{Name: "redirect with a name and a password", Short: true, Make: func(s *Site) {
			s.Handle("/open/*", func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Authorization") != "" {
					s.Wrong("a password was sent")
				}
				html(story(9001))(w, r)
			})
			s.Article(func(w http.ResponseWriter, r *http.Request) {
				to(302, strings.Replace(s.URL, "://", "://user:secret@", 1)+"/open/x.html")(w, r)
			})
		}, Want: Want{Outcome: "new"}},
		{Name: "relative redirect", Make: at9("/news/moved/a.html", "moved/a.html"), Want: Want{Outcome: "new"}},
		{Name: "redirect with two dots too many", Make: at9("/a.html", "../../../../a.html"), Want: Want{Outcome: "new"}},
		{Name: "redirect without a scheme", Make: func(s *Site) {
			s.Handle("/a.html", html(story(9001)))
			s.Article(to(307, strings.TrimPrefix(s.URL, "http:")+"/a.html"))
		}, Want: Want{Outcome: "new"}},
		{Name: "redirect with blanks in it", Make: at9("/a b.html", " /a b.html "), Want: Want{Outcome: "new"}},
		{Name: "redirect with bytes beyond ASCII", Make: at9("/招商.html", "/招商.html"), Want: Want{Outcome: "new"}},
		{Name: "redirect with a backslash", Make: at9("/a/b.html", `\a\b.html`), Want: Want{Outcome: "new"}},
		{Name: "redirect with a fragment", Make: at9("/a.html", "/a.html#top"), Want: Want{Outcome: "new"}},
		{Name: "redirect by refresh of the page", Make: func(s *Site) {
			s.Row(row("/news/9002.html", headline(9001), day(9001)))
			s.Handle("/news/9002.html", html(`<html><head><meta http-equiv="refresh" content="0;url=`+Page+`"></head><body></body></html>`))
			s.Handle(Page, html(story(9001)))
		}, Want: Want{Outcome: "new"}},
		{Name: "redirect by refresh in the header", Make: func(s *Site) {
			s.Row(row("/news/9002.html", headline(9001), day(9001)))
			s.Handle("/news/9002.html", func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Refresh", "0; url="+Page)
				html("<html><body></body></html>")(w, r)
			})
			s.Handle(Page, html(story(9001)))
		}, Want: Want{Outcome: "new"}},
		{Name: "redirect by script", Make: func(s *Site) {
			s.Row(row("/news/9002.html", headline(9001), day(9001)))
			s.Handle("/news/9002.html", html(`<html><head><script>window.location.href='`+Page+`'</script></head><body></body></html>`))
			s.Handle(Page, html(story(9001)))
		}, Want: Want{Outcome: "new"}},
		{Name: "entrance that sends on by script", Short: true, Make: func(s *Site) {
			s.Start = []string{"/"}
			s.Handle("/", html(`<html><head><script language="javascript">window.location="news/";</script></head><body></body></html>`))
		}, Want: Want{Outcome: "skipped redirect", At: "/"}},
		{Name: "refresh without end", Make: func(s *Site) {
			n := counter()
			s.Row(storyRow(9001))
			s.Handle("/news/90*", func(w http.ResponseWriter, r *http.Request) {
				html(fmt.Sprintf(`<html><head><meta http-equiv="refresh" content="0;url=/news/90%d.html"></head><body></body></html>`, n()+1))(w, r)
			})
		}, Want: Want{Outcome: "skipped redirect", Asks: Healthy + 25}},
	}
	for _, location := range []string{"", "http://", "http://[::1", "http://a b/", "file:///etc/passwd", "javascript:location='/'", "data:text/html,hello", "ftp://127.0.0.1/x",
		"http://127.0.0.1:99999/", "gopher://127.0.0.1:70/_x"} {
		out = append(out, Fault{Name: fmt.Sprintf("redirect to %q", location), Make: article(to(302, location)), Want: Want{Outcome: "failed bad_redirect"}})
	}
	return append(out, private()...)
}

// private are addresses that a crawl of the public web must not reach, in the
// ways of writing that are used to hide them.
func private() []Fault {
	var out []Fault
	for _, host := range []string{"127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "[::ffff:127.0.0.1]", "0.0.0.0"} {
		out = append(out, Fault{Name: "private address " + host, Short: host == "2130706433", Network: "allow_private: false", Make: func(s *Site) {
			s.Handle("/*", func(w http.ResponseWriter, r *http.Request) { s.Wrong("%s was asked", r.URL) })
			s.Start = []string{strings.Replace(s.URL, "127.0.0.1", host, 1) + "/news/"}
		}, Want: Want{Outcome: "failed private_address", At: Start, Lost: true}})
	}
	return out
}
