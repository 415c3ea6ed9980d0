package pipeline_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// fakeSite is a site of numbered articles whose parts a test can change.
type fakeSite struct {
	t        *testing.T
	URL      string
	mu       sync.Mutex
	articles int
	perPage  int
	handlers map[string]http.HandlerFunc // of single paths, or paths with query, instead of the site's own
	asked    map[string]int
	other    http.HandlerFunc // what answers addresses that it does not have; nil: 404
}

func newFakeSite(t *testing.T, articles int) *fakeSite {
	s := &fakeSite{t: t, articles: articles, perPage: 10, handlers: map[string]http.HandlerFunc{}, asked: map[string]int{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

func (s *fakeSite) handle(path string, h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handlers[path] = h
}

// serve sets pages by their paths.
func (s *fakeSite) serve(pages map[string]string) {
	for path, page := range pages {
		s.handle(path, func(w http.ResponseWriter, r *http.Request) { write(w, r, page) })
	}
}

// requests gives the requests since the last call, by path and query.
func (s *fakeSite) requests() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.asked
	s.asked = map[string]int{}
	return out
}

func (s *fakeSite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked[r.URL.RequestURI()]++
	h := s.handlers[r.URL.Path]
	if h == nil {
		h = s.handlers[r.URL.RequestURI()]
	}
	s.mu.Unlock()
	if h == nil {
		h = s.own
	}
	h(w, r)
}

// own is what the site itself has at an address.
func (s *fakeSite) own(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	articles := s.articles
	s.mu.Unlock()
	var n, page int
	switch {
	case r.URL.Path == "/news/":
		fmt.Sscanf(r.URL.Query().Get("page"), "%d", &page)
		write(w, r, s.list(articles, max(page, 1)))
	case scan(r.URL.Path, "/news/%d.html", &n) && n >= 1 && n <= articles:
		write(w, r, article(n, paragraphs(n)))
	case s.other != nil:
		s.other(w, r)
	default:
		http.NotFound(w, r)
	}
}

func scan(path, format string, n *int) bool {
	got, err := fmt.Sscanf(path, format, n)
	return got == 1 && err == nil && fmt.Sprintf(format, *n) == path
}

// write answers conditionally, as web servers do with files.
func write(w http.ResponseWriter, r *http.Request, body string) {
	tag := fmt.Sprintf(`"%x"`, len(body)*7919+sum(body))
	w.Header().Set("ETag", tag)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	fmt.Fprint(w, body)
}

func sum(s string) int {
	n := 0
	for _, c := range []byte(s) {
		n = n*31 + int(c)
	}
	return n & 0xffffff
}

func (s *fakeSite) list(articles, page int) string {
	var rows strings.Builder
	for i, n := 0, articles-(page-1)*s.perPage; i < s.perPage && n > 0; i, n = i+1, n-1 {
		fmt.Fprintf(&rows, `<li><a href="%d.html?utm_source=list">%s</a><span>%s</span></li>`, n, headline(n), day(n))
	}
	pager := ""
	if page*s.perPage < articles {
		pager = fmt.Sprintf(`<div class="pager"><a href="?page=%d">Next</a></div>`, page+1)
	}
	return `<html><head><title>News - Zone</title></head><body><div class="nav"><a href="/">Home</a> <a href="/about.html">About the zone</a></div>
		<ul class="list">` + rows.String() + `</ul>` + pager + `</body></html>`
}

func headline(n int) string {
	return fmt.Sprintf("Project number %d signed in the Northern Development Zone", n)
}

func day(n int) string { return time.Date(2019, 1, n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly) }

func paragraphs(n int) string {
	return fmt.Sprintf(`<p>The Northern Development Zone signed contract number %d with an investor from abroad on Monday, the administration said.</p>
		<p>The investor will build a plant of %d hectares, which is to make parts for railway vehicles and to employ %d people.</p>
		<p>Construction is to begin in spring, after the permits have been given by the province and the district, and to take two years.</p>`, n, n+3, n*10+50)
}

func article(n int, paragraphs string) string {
	return fmt.Sprintf(`<html><head><title>%s - Zone</title><link rel="canonical" href="/news/%d.html"></head><body>
		<div class="nav"><a href="/">Home</a> <a href="/news/">News</a></div>
		<h1>%s</h1><div class="info">Date: %s 10:30:00 Author: Source: Zone Daily</div>
		<div class="content">%s</div><div class="footer">Copyright the zone</div></body></html>`, headline(n), n, headline(n), day(n), paragraphs)
}
