package faults

import (
	"fmt"
	"net/http"
	"strings"
)

// cookies are answers that try to make the crawler carry something.
func cookies() []Fault {
	return []Fault{
		{Name: "ten thousand cookies", Short: true, Make: func(s *Site) {
			s.Article(func(w http.ResponseWriter, r *http.Request) {
				for i := range 10_000 {
					w.Header().Add("Set-Cookie", fmt.Sprintf("c%d=x", i))
				}
				html(story(9001))(w, r)
			})
			s.checkCookies()
		}, Want: Want{Outcome: "new"}},
		{Name: "more cookies with every answer", Make: func(s *Site) {
			n := counter()
			s.Article(html(story(9001)))
			s.Handle("/news/", func(w http.ResponseWriter, r *http.Request) {
				var page int
				fmt.Sscanf(r.URL.Query().Get("page"), "%d", &page)
				for range 40 {
					http.SetCookie(w, &http.Cookie{Name: fmt.Sprintf("c%d", n()), Value: strings.Repeat("v", 300)})
				}
				html(list(s.allRows()...)+fmt.Sprintf(`<div class="pager"><a href="?page=%d">Next</a></div>`, page+1))(w, r)
			})
			s.checkCookies()
		}, Want: Want{Outcome: "new"}},
		{Name: "cookie of 100 KB", Make: func(s *Site) {
			s.Article(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Add("Set-Cookie", "big="+strings.Repeat("x", 100<<10))
				html(story(9001))(w, r)
			})
			s.checkCookies()
		}, Want: Want{Outcome: "new"}},
		{Name: "cookies for other domains", Make: func(s *Site) {
			other := s.another(func(w http.ResponseWriter, r *http.Request) {
				if c := r.Header.Get("Cookie"); c != "" {
					s.Wrong("another host got the cookies %s", c)
				}
				html(story(9001))(w, r)
			})
			other = strings.Replace(other, "127.0.0.1", "localhost", 1)
			s.Article(func(w http.ResponseWriter, r *http.Request) {
				for _, domain := range []string{"localhost", ".localhost", "com", "com.cn", "example.org", ".", ""} {
					w.Header().Add("Set-Cookie", "spy=1; Path=/; Domain="+domain)
				}
				to := other + "/x.html"
				w.Header().Set("Location", to)
				w.WriteHeader(http.StatusFound)
			})
		}, Want: Want{Outcome: "new"}},
		{Name: "cookies that are none", Make: func(s *Site) {
			s.Article(raw(head, "Set-Cookie: \r\nSet-Cookie: =\r\nSet-Cookie: ;;;\r\nSet-Cookie: a b=c\r\nSet-Cookie: \xd5\xd0=1; Max-Age=x; Expires=never\r\n\r\n", story(9001)))
			s.checkCookies()
		}, Want: Want{Outcome: "new"}},
	}
}

// checkCookies lets the healthy articles refuse requests that carry more than
// web servers take.
func (s *Site) checkCookies() {
	for n := 1; n <= Healthy; n++ {
		well := html(story(n))
		s.Handle(fmt.Sprintf("/news/%d.html", n), func(w http.ResponseWriter, r *http.Request) {
			if len(r.Header.Get("Cookie")) > 8<<10 {
				status(http.StatusRequestHeaderFieldsTooLarge)(w, r)
				return
			}
			well(w, r)
		})
	}
}
