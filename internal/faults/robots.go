package faults

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
)

// robots are faults of robots.txt. While it cannot be had, nothing else of the
// host is asked.
func robots() []Fault {
	text := func(body string) http.HandlerFunc { return typed("text/plain", body) }
	lost := func(name, network string, h func(s *Site) http.HandlerFunc) Fault {
		return Fault{Name: "robots.txt: " + name, Network: network, Make: func(s *Site) {
			s.Handle("/robots.txt", h(s))
			s.Handle("/news/", func(w http.ResponseWriter, r *http.Request) { s.Wrong("%s was asked without robots.txt", r.URL) })
		}, Want: Want{Outcome: "failed robots_unreachable", At: "/news/", Lost: true, Asks: 6}}
	}
	same := func(h http.HandlerFunc) func(*Site) http.HandlerFunc {
		return func(*Site) http.HandlerFunc { return h }
	}
	well := func(name string, h http.HandlerFunc) Fault {
		return Fault{Name: "robots.txt: " + name, Make: func(s *Site) {
			s.Handle("/robots.txt", h)
			s.Article(html(story(9001)))
		}, Want: Want{Outcome: "new"}}
	}
	// The rules forbid the article and nothing else.
	rules := "User-agent: *\nDisallow: " + Page + "\n"
	obeyed := func(name string, h http.HandlerFunc) Fault {
		return Fault{Name: "robots.txt: " + name, Make: func(s *Site) {
			s.Handle("/robots.txt", h)
			s.Article(func(w http.ResponseWriter, r *http.Request) { s.Wrong("%s is forbidden and was asked", r.URL) })
		}, Want: Want{Outcome: "skipped robots_disallowed"}}
	}
	out := []Fault{
		{Name: "robots.txt: redirect without an address", Make: func(s *Site) {
			var asked atomic.Int32
			s.Handle("/robots.txt", func(w http.ResponseWriter, r *http.Request) {
				if asked.Add(1) > 1 {
					s.Wrong("robots.txt was asked again")
				}
				w.WriteHeader(http.StatusFound)
			})
			s.Article(html(story(9001)))
		}, Want: Want{Outcome: "new"}},
		obeyed("in order", text(rules)),
		well("404", http.NotFound),
		well("403", status(403)),
		well("400", status(400)),
		lost("500", "", same(status(500))),
		lost("429", "", same(status(429))),
		lost("hangs", shortTimeout, func(s *Site) http.HandlerFunc { return s.held("") }),
		lost("hangs in the middle", shortTimeout, func(s *Site) http.HandlerFunc { return s.held(sized(900) + "User-agent: *\n") }),
		lost("cut", "", same(raw(sized(900), rules))),
		lost("not HTTP", "", same(raw("nothing to see"))),
		lost("of an encoding that nobody knows", "", same(encoded("snappy", "\x00\x01\x02"))),
		well("500, then well", inTurn(status(500), text(""))),
		well("redirects in a circle", to(302, "/robots.txt")),
		well("six redirects", to(302, "/robots.txt?again")),
		obeyed("behind a redirect", inTurn(to(301, "/robots.txt?new"), text(rules))),
		well("redirects to nowhere", to(302, "javascript:void(0)")),
		well("a page in its place", html(list(storyRow(1)))),
		well("empty", text("")),
		well("noise", text(strings.Repeat("\x00\xff\x01\xfe", 5000))),
		well("bomb", encoded("gzip", bomb("gzip"))),
		well("20 MB of comments", func(w http.ResponseWriter, r *http.Request) {
			text(strings.Repeat("# nothing to see here, nothing to see here\n", 480_000))(w, r)
		}),
		obeyed("rules before 2 MB of comments", text(rules+strings.Repeat("# nothing\n", 200_000))),
		obeyed("line of 1 MB behind the rules", text(rules+"Disallow: /"+strings.Repeat("x", 1<<20))),
		obeyed("byte-order mark", text("\ufeff"+rules)),
		obeyed("line ends of old Macs", text(strings.ReplaceAll(rules, "\n", "\r"))),
		obeyed("spelling as it comes", text("USERAGENT : *\nDISALOW : "+Page+"\n")),
		obeyed("packed", encoded("gzip", string(pack("gzip", []byte(rules))))),
		obeyed("30,000 rules", text("User-agent: *\n"+manyRules(30_000)+"Disallow: "+Page+"\n")),
		obeyed("wildcards that take their time", text("User-agent: *\nDisallow: /"+strings.Repeat("*a", 200)+"$\nDisallow: "+Page+"\n")),
		{Name: "robots.txt: forbids everything", Make: func(s *Site) {
			s.Handle("/robots.txt", text("User-agent: *\nDisallow: /\n"))
			s.Handle("/news/", func(w http.ResponseWriter, r *http.Request) { s.Wrong("%s is forbidden and was asked", r.URL) })
		}, Want: Want{Outcome: "skipped robots_disallowed", At: "/news/", Lost: true, Asks: 1}},
		well("delay that is no number", text("User-agent: *\nCrawl-delay: a lot\nCrawl-delay: -5\nCrawl-delay: NaN\n")),
		{Name: "robots.txt: delay of a day", Interrupt: true, Make: func(s *Site) {
			s.Handle("/robots.txt", func(w http.ResponseWriter, r *http.Request) {
				fmt.Fprint(w, "User-agent: *\nCrawl-delay: 86400\n")
				s.Trouble()
			})
		}},
	}
	for i := range out {
		out[i].Short = i%4 == 0 && !out[i].Lost
	}
	return out
}

func manyRules(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "Disallow: /d%d/\n", i)
	}
	return b.String()
}
