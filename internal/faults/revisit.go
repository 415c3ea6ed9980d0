package faults

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// revisits are faults that show when a site is crawled a second time.
func revisits() []Fault {
	text := story(9001)
	twice := func(name, outcome string, version int, h http.HandlerFunc) Fault {
		return Fault{Name: "again: " + name, Runs: 2, Make: article(h), Want: Want{Outcome: outcome, Version: version}}
	}
	n := counter()
	out := []Fault{
		twice("ETag that always changes", "unchanged", 1, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", fmt.Sprintf(`"%d"`, n()))
			html(text)(w, r)
		}),
		twice("ETag without quotes", "unchanged", 1, raw(head, "ETag: abc\r\n\r\n", text)),
		twice("ETag of 8 KB", "unchanged", 1, func(w http.ResponseWriter, r *http.Request) {
			if len(r.Header.Get("If-None-Match")) > 4<<10 {
				status(http.StatusRequestHeaderFieldsTooLarge)(w, r)
				return
			}
			w.Header().Set("ETag", `"`+strings.Repeat("e", 8<<10)+`"`)
			html(text)(w, r)
		}),
		twice("last modified in a hundred years", "unchanged", 1, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Last-Modified", time.Now().AddDate(100, 0, 0).UTC().Format(http.TimeFormat))
			html(text)(w, r)
		}),
		twice("last modified that is no date", "unchanged", 1, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Last-Modified", "just now")
			html(text)(w, r)
		}),
		twice("304 with a body", "unchanged not_modified", 1, inTurn(tagged(text), raw("HTTP/1.1 304 Not Modified\r\nContent-Length: 5000\r\nConnection: close\r\n\r\n", text))),
		twice("304 on a connection that stays open, with a body", "unchanged not_modified", 1,
			inTurn(tagged(text), raw("HTTP/1.1 304 Not Modified\r\nContent-Type: text/html\r\n\r\n", text))),
		twice("304 to a request without a condition", "failed http_304", 1, inTurn(html(text), raw("HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n"))),
		twice("condition that is ignored", "unchanged", 1, tagged(text)),
		twice("server time in the furniture", "unchanged", 1, func(w http.ResponseWriter, r *http.Request) {
			html(strings.Replace(text, "Quay Street", fmt.Sprintf("Quay Street. Visitors: %d", n()), 1))(w, r)
		}),
		twice("addresses with a session that changes", "unchanged", 1, func(w http.ResponseWriter, r *http.Request) {
			html(strings.Replace(text, "/news/\"", fmt.Sprintf("/news/?sid=%016d\"", n()), 1))(w, r)
		}),
		twice("text that changes", "changed", 2, inTurn(html(text), html(strings.Replace(text, "eleven months", "twelve months", 1)))),
		twice("gone the second time", "gone http_404", 1, inTurn(html(text), status(404))),
		twice("check against robots the second time", "failed challenge", 1, inTurn(html(text), html(jsCheck))),
		twice("not found with 200 the second time", "gone not_found_text", 1, inTurn(html(text), html(says("Page not found", "The page that you asked for does not exist.")))),
		twice("system error with 200 the second time", "failed error_text", 1, inTurn(html(text), html(says("System error", "An error occurred while processing your request.")))),
		twice("another text in the place of the article", "failed text_gone", 1, inTurn(html(text), html(says("Zone", "Ni trovis nenion tie, bonvolu reveni morgau.")))),
		twice("own list the second time", "gone redirect_list", 1, inTurn(html(text), to(302, "/news/"))),
		twice("cut the second time", "failed truncated", 1, inTurn(html(text), raw(sized(len(text)+100), text))),
		twice("empty the second time", "failed empty", 1, inTurn(html(text), html(""))),
		twice("login the second time", "failed login", 1, inTurn(html(text), html(loginPage))),
		twice("500 the second time", "failed http_500", 1, inTurn(html(text), status(500))),
		twice("moved the second time", "unchanged moved", 1, inTurn(html(text), to(301, "/moved/x.html"))),
	}
	for i := range out {
		if strings.HasSuffix(out[i].Name, "moved the second time") {
			make := out[i].Make
			out[i].Make = func(s *Site) {
				make(s)
				s.Handle("/moved/x.html", html(text))
			}
		}
		out[i].Short = i%6 == 0
	}
	return out
}

// tagged answers with an ETag and looks at no condition.
func tagged(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"v1"`)
		html(text)(w, r)
	}
}
