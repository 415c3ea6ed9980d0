package faults

import (
	"fmt"
	"net/http"
	"strings"
)

// home makes a site begin with its home page, with links beside the news.
func (s *Site) home(links ...string) {
	s.Start = []string{"/"}
	s.Handle("/", html(section("Harbour Office", append([]string{`<a href="/news/">News of the harbour</a>`}, links...)...)))
}

// section is a page with a menu and little else.
func section(title string, links ...string) string {
	return "<html><head><title>" + title + `</title></head><body><div class="nav">` + strings.Join(links, " ") +
		"</div><h2>" + title + "</h2><p>Opening hours and addresses of the offices.</p></body></html>"
}

// maxTrapped is the most requests that a trap may cost beside the site itself:
// the sections of a home page and one step more.
const maxTrapped = 40

// traps are addresses that never end. What they cost is bounded.
func traps() []Fault {
	bounded := Want{Outcome: "new", At: "/news/4.html", Asks: maxTrapped + Healthy + 3}
	trap := func(name string, links []string, path string, h http.HandlerFunc) Fault {
		return Fault{Name: "trap: " + name, Make: func(s *Site) {
			s.home(links...)
			s.Handle(path, h)
		}, Want: bounded}
	}
	n := counter()
	deeper := func(w http.ResponseWriter, r *http.Request) {
		html(section("Office "+r.URL.Path, `<a href="a/">Department</a> <a href="b/">Another department</a> <a href="../a/">Back</a>`))(w, r)
	}
	out := []Fault{
		trap("calendar without end", []string{`<a href="/calendar/2021/3/">Calendar of events</a>`}, "/calendar/*", func(w http.ResponseWriter, r *http.Request) {
			var year, month int
			fmt.Sscanf(r.URL.Path, "/calendar/%d/%d/", &year, &month)
			var days strings.Builder
			for d := range 28 {
				fmt.Fprintf(&days, `<td><a href="/calendar/%d/%d/%d/">%d</a></td>`, year, month, d+1, d+1)
			}
			html(section(fmt.Sprintf("Events %d/%d", month, year), fmt.Sprintf(`<a href="/calendar/%d/%d/">Next month</a> <table>%s</table>`, year+month/12, month%12+1, days.String())))(w, r)
		}),
		trap("queries that grow by &amp;amp;", []string{`<a href="/office?a=1&amp;amp;b=2">Offices of the harbour</a>`}, "/office", func(w http.ResponseWriter, r *http.Request) {
			html(section("Offices", fmt.Sprintf(`<a href="/office?%s&amp;amp;b=2">By name</a>`, strings.ReplaceAll(r.URL.RawQuery, "&", "&amp;amp;"))))(w, r)
		}),
		trap("parameters that pile up", []string{`<a href="/search-results?sort=name">All companies</a>`}, "/search-results", func(w http.ResponseWriter, r *http.Request) {
			html(section("Companies", fmt.Sprintf(`<a href="?%s&amp;view=list">As a list</a> <a href="?%s&amp;sort=date">By date</a>`, r.URL.RawQuery, r.URL.RawQuery)))(w, r)
		}),
		trap("sessions in the path", []string{`<a href="/S(abcdefgh12345678)/about.aspx">About the harbour</a>`}, "/S(*", func(w http.ResponseWriter, r *http.Request) {
			html(section("About", fmt.Sprintf(`<a href="/S(s%016d)/about.aspx">About us</a> <a href="/S(s%016d)/contact.aspx">Contact</a>`, n(), n())))(w, r)
		}),
		trap("sessions in the query", []string{`<a href="/about?token=1">About the harbour</a>`}, "/about", func(w http.ResponseWriter, r *http.Request) {
			html(section("About", fmt.Sprintf(`<a href="/about?token=%d">About us</a> <a href="/about?token=%d&amp;p=x">Contact</a>`, n(), n())))(w, r)
		}),
		trap("folders that nest for ever", []string{`<a href="/dir/a/">Directory of offices</a>`}, "/dir/*", deeper),
		trap("relative links that lead to themselves", []string{`<a href="/help/index.html">Help for visitors</a>`}, "/help/*", func(w http.ResponseWriter, r *http.Request) {
			html(section("Help", `<a href="help/index.html">Help for visitors</a> <a href="help/faq/">Questions and answers</a>`))(w, r)
		}),
		trap("capitals in every way", []string{`<a href="/Map/">Map of the harbour</a>`}, "/*", func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasPrefix(strings.ToLower(r.URL.Path), "/map") {
				http.NotFound(w, r)
				return
			}
			html(section("Map", `<a href="/MAP/">Map</a> <a href="/map/">Map</a> <a href="/mAp/">Map</a> <a href="/maP/">Map</a>`))(w, r)
		}),
		trap("slashes that double", []string{`<a href="/plan//">Plan of the quays</a>`}, "/plan*", func(w http.ResponseWriter, r *http.Request) {
			html(section("Plan", fmt.Sprintf(`<a href="%s/">Plan of the quays</a>`, r.URL.Path)))(w, r)
		}),
		trap("hundreds of sections", links(1000, `<a href="/s/%d/">Section of quay %d</a>`), "/s/*", func(w http.ResponseWriter, r *http.Request) {
			html(section("Quay "+r.URL.Path, links(100, `<a href="`+r.URL.Path+`%d/">Berth %d</a>`)...))(w, r)
		}),
		trap("every address is a page", []string{`<a href="/any/thing">Anything at all</a>`}, "/any/*", func(w http.ResponseWriter, r *http.Request) {
			html(section("Anything", fmt.Sprintf(`<a href="/any/%d">Something else</a>`, n())))(w, r)
		}),
	}
	for i := range out {
		if strings.HasSuffix(out[i].Name, "hundreds of sections") {
			out[i].Asks = 600 // 80 sections of the home page, 400 of theirs and those of one page more
		}
		out[i].Short = i%4 == 0
	}
	return out
}

// links are n links by one format.
func links(n int, format string) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf(format, i, i)
	}
	return out
}

// newsPages makes the list of a site one of several pages.
func (s *Site) newsPages(do func(page int, query string) string) {
	s.Handle("/news/", func(w http.ResponseWriter, r *http.Request) {
		page := 1
		fmt.Sscanf(r.URL.Query().Get("page"), "%d", &page)
		html(do(page, r.URL.RawQuery))(w, r)
	})
}

func next(href string) string { return `<div class="pager"><a href="` + href + `">Next</a></div>` }

// pagings are lists that do not end, or that lead astray.
func pagings() []Fault {
	paging := func(name string, outcome string, do func(s *Site) func(page int, query string) string) Fault {
		return Fault{Name: "paging: " + name, Make: func(s *Site) { s.newsPages(do(s)) },
			Want: Want{Outcome: outcome, At: "/news/", Asks: Healthy + 12}}
	}
	out := []Fault{
		paging("last page again and again", "listed", func(s *Site) func(int, string) string {
			return func(p int, _ string) string { return list(s.allRows()...) + next(fmt.Sprintf("?page=%d", p+1)) }
		}),
		paging("empty pages without end", "listed", func(s *Site) func(int, string) string {
			return func(p int, _ string) string {
				if p == 1 {
					return list(s.allRows()...) + next("?page=2")
				}
				return list() + next(fmt.Sprintf("?page=%d", p+1))
			}
		}),
		paging("next that leads to itself", "listed", func(s *Site) func(int, string) string {
			return func(int, string) string { return list(s.allRows()...) + next("/news/") }
		}),
		paging("pages that lead to each other", "listed", func(s *Site) func(int, string) string {
			return func(p int, _ string) string {
				return list(s.allRows()[(p-1)*2%Healthy:(p-1)*2%Healthy+2]...) + next(fmt.Sprintf("?page=%d", p%2+1))
			}
		}),
		paging("the same rows in another order", "listed", func(s *Site) func(int, string) string {
			return func(p int, _ string) string {
				rows := s.allRows()
				at := p % len(rows)
				return list(append(rows[at:], rows[:at]...)...) + next(fmt.Sprintf("?page=%d", p+1))
			}
		}),
		paging("next with a query that grows", "listed", func(s *Site) func(int, string) string {
			return func(p int, query string) string {
				return list(s.allRows()...) + next("?"+strings.ReplaceAll(query, "&", "&amp;")+fmt.Sprintf("&amp;page=%d", p+1))
			}
		}),
		paging("page count of a billion", "listed", func(s *Site) func(int, string) string {
			return func(int, string) string {
				return list(s.allRows()...) + `<script>createPageHTML(1000000000, 0, "index", "html");</script>`
			}
		}),
		paging("row that names the list itself", "listed", func(s *Site) func(int, string) string {
			return func(int, string) string {
				return list(append(s.allRows(), row("/news/", "All news of the harbour district in one place", day(1)), row("?", headline(1), day(1)), row("#top", headline(2), day(2)))...)
			}
		}),
		paging("numbers that only a script follows", "listed paging_unread", func(s *Site) func(int, string) string {
			return func(int, string) string {
				return list(s.allRows()...) + `<p>1 <a href="javascript:__doPostBack('p','2')">2</a> <a href="javascript:__doPostBack('p','3')">3</a></p>`
			}
		}),
		paging("page that fails in the middle", "listed", func(s *Site) func(int, string) string {
			s.Handle("/news/p/2.html", status(500))
			s.Handle("/news/p/3.html", html(list(s.allRows()[2:]...)))
			return func(int, string) string { return list(s.allRows()[:2]...) + next("/news/p/2.html") }
		}),
	}
	last := &out[len(out)-1]
	last.Outcome, last.At = "failed http_500", "/news/p/2.html"
	out[0].Short, out[3].Short = true, true
	return out
}
