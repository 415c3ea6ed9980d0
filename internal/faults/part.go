package faults

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// parts are articles whose text stands in several answers, of which one is faulty.
func parts() []Fault {
	text := story(9001)
	leads := func(to string) string {
		return strings.Replace(text, `<div class="footer">`, `<div class="page"><b>1</b> <a href="`+to+`">2</a></div><div class="footer">`, 1)
	}
	const second, frame = "/news/9001_2.html", "/frame/9001.html"
	goesOn := func(name string, h http.HandlerFunc) Fault {
		return Fault{Name: "text in pages: " + name, Make: func(s *Site) {
			s.Handle(second, h)
			s.Article(html(leads(second)))
		}, Want: Want{Outcome: "new", Reads: "It keeps 63107 tonnes"}}
	}
	framed := func(name, reads string, h http.HandlerFunc) Fault {
		return Fault{Name: "text in a frame: " + name, Make: func(s *Site) {
			s.Handle(frame, h)
			s.Article(html(page(headline(9001), day(9001), "<p>The harbour office tells of its work:</p>"+`<iframe src="`+frame+`"></iframe>`)))
		}, Want: Want{Outcome: "new", Reads: reads}}
	}
	out := []Fault{
		goesOn("the second is none", http.NotFound),
		goesOn("the second is the first again", html(leads(second))),
		goesOn("the second is the home page", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusFound) }),
		goesOn("the second asks who its reader is", status(http.StatusForbidden)),
		goesOn("the second leads to itself", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, second, http.StatusFound) }),
		{Name: "text in pages: without end", Short: true, Make: func(s *Site) {
			s.Handle("/news/9001_*", func(w http.ResponseWriter, r *http.Request) {
				var n int
				fmt.Sscanf(r.URL.Path, "/news/9001_%d.html", &n)
				html(strings.Replace(page(headline(9001), day(9001), paragraphs(9001+n)), `<div class="footer">`,
					fmt.Sprintf(`<div class="page"><a href="/news/9001_%d.html">Next page</a></div><div class="footer">`, n+1), 1))(w, r)
			})
			s.Article(html(leads(second)))
		}, Want: Want{Outcome: "new", Reads: "cold store number 9003", Asks: 70}},
		{Name: "text in pages: the second comes later", Runs: 2, Make: func(s *Site) {
			s.Handle(second, inTurn(http.NotFound, html(page(headline(9001), day(9001), paragraphs(9002)))))
			s.Article(html(leads(second)))
		}, Want: Want{Outcome: "changed", Version: 2, Reads: "cold store number 9002"}},
		{Name: "text in pages: the second comes no more", Short: true, Runs: 2, Make: func(s *Site) {
			s.Handle(second, inTurn(html(page(headline(9001), day(9001), paragraphs(9002))), http.NotFound))
			s.Article(html(leads(second)))
		}, Want: Want{Outcome: "failed http_404", Version: 1, Reads: "cold store number 9002"}},
		framed("that is well", "It keeps 63107 tonnes", html("<html><body>"+paragraphs(9001)+"</body></html>")),
		framed("that is none", "The harbour office tells", http.NotFound),
		framed("that shows the page itself", "The harbour office tells", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, Page, http.StatusFound) }),
		framed("with nothing in it", "The harbour office tells", html("<html><body></body></html>")),
		framed("that is no page", "The harbour office tells", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/pdf")
			fmt.Fprint(w, "%PDF-1.4")
		}),
	}
	hangs := goesOn("the second hangs", func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-time.After(20 * time.Second):
		}
	})
	hangs.Network = shortTimeout
	return append(out, hangs)
}
