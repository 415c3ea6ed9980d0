package faults

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// with answers with a status and a whole page.
func with(code int, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(code)
		w.Write([]byte(text))
	}
}

// says is a short page with a headline and a sentence.
func says(title, text string) string {
	return "<html><head><title>" + title + "</title></head><body><h1>" + title + "</h1><p>" + text + "</p></body></html>"
}

const (
	waf       = `<html><head><title>Attention Required!</title></head><body><h1>Request blocked</h1><p>Your request was blocked by the firewall of this site. Event 7f3a.</p></body></html>`
	jsCheck   = `<html><head><title>Just a moment...</title></head><body><noscript>Checking your browser before you go on</noscript><script>var t=1</script></body></html>`
	zhCheck   = `<html><head><title>安全验证</title></head><body><p>请完成安全验证后继续访问</p></body></html>`
	bareCheck = `<html><head><script>document.cookie="pass="+escape(7*6)+";path=/";location.href=location.pathname+location.search;</script></head><body></body></html>`
	loginPage = `<html><head><title>Log in</title></head><body><h1>Log in</h1><form method="post"><input name="user"><input type="password" name="pw"><button>Log in</button></form></body></html>`
)

// statuses are answers that say what they are, and answers that do not.
func statuses() []Fault {
	text := story(9001)
	return []Fault{
		{Name: "304 unasked", Short: true, Make: article(raw("HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n")), Want: Want{Outcome: "failed http_304"}},
		{Name: "304 unasked for the list, whole the next time", Runs: 2,
			Make: func(s *Site) { s.Handle("/news/", inTurn(with(304, ""), html(list(s.allRows()...)))) }, Want: Want{Outcome: "listed", At: "/news/"}},
		{Name: "206 unasked", Short: true, Make: article(with(206, text[:400])), Want: Want{Outcome: "failed http_206"}},
		{Name: "201", Make: article(with(201, text)), Want: Want{Outcome: "new"}},
		{Name: "204", Make: article(with(204, "")), Want: Want{Outcome: "failed http_204"}},
		{Name: "205", Make: article(with(205, "")), Want: Want{Outcome: "failed http_205"}},
		{Name: "300 with a choice", Make: article(with(300, says("Multiple choices", `<a href="/news/1.html">this</a> or <a href="/news/2.html">that</a>`))), Want: Want{Outcome: "failed http_300"}},
		{Name: "400", Make: article(status(400)), Want: Want{Outcome: "failed http_400"}},
		{Name: "401", Make: article(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("WWW-Authenticate", `Basic realm="staff"`)
			status(401)(w, r)
		}), Want: Want{Outcome: "failed http_401"}},
		{Name: "403", Short: true, Make: article(status(403)), Want: Want{Outcome: "failed http_403"}},
		{Name: "403 with a whole article", Make: article(with(403, text)), Want: Want{Outcome: "failed http_403"}},
		{Name: "403 of a firewall", Make: article(with(403, waf)), Want: Want{Outcome: "failed challenge"}},
		{Name: "503 of a check against robots", Make: article(with(503, jsCheck)), Want: Want{Outcome: "failed challenge"}},
		{Name: "412 of a check against robots", Make: article(with(412, zhCheck)), Want: Want{Outcome: "failed challenge"}},
		{Name: "check against robots with 200", Short: true, Make: article(html(jsCheck)), Want: Want{Outcome: "failed challenge"}},
		{Name: "check against robots with 200, in Chinese", Make: article(html(zhCheck)), Want: Want{Outcome: "failed challenge"}},
		{Name: "check against robots that is a script alone, lifted the next time", Runs: 2, Make: article(inTurn(html(bareCheck), html(text))), Want: Want{Outcome: "new"}},
		{Name: "check against robots that is a script alone", Make: article(html(bareCheck)), Want: Want{Outcome: "failed challenge"}},
		{Name: "firewall with 200", Make: article(html(waf)), Want: Want{Outcome: "failed challenge"}},
		{Name: "check against robots in place of the list", Make: func(s *Site) { s.Handle("/news/", html(jsCheck)) },
			Want: Want{Outcome: "failed challenge", At: "/news/", Lost: true}},
		{Name: "login with 200", Make: article(html(loginPage)), Want: Want{Outcome: "failed login"}},
		{Name: "404", Short: true, Make: article(status(404)), Want: Want{Outcome: "gone http_404"}},
		{Name: "404 with a whole article", Make: article(with(404, text)), Want: Want{Outcome: "gone http_404"}},
		{Name: "404 for the start address", Make: func(s *Site) { s.Handle("/news/", status(404)) }, Want: Want{Outcome: "failed http_404", At: "/news/", Lost: true}},
		{Name: "410", Make: article(status(410)), Want: Want{Outcome: "gone http_410"}},
		{Name: "not found with 200", Short: true, Make: article(html(says("Page not found", "The page that you asked for does not exist. Try the search."))),
			Want: Want{Outcome: "gone not_found_text"}},
		{Name: "not found with 200, in Chinese", Make: article(html(says("提示信息", "对不起，您访问的页面不存在或已被删除！"))), Want: Want{Outcome: "gone not_found_text"}},
		{Name: "home page in place of the article", Make: article(func(w http.ResponseWriter, r *http.Request) {
			html(list(storyRow(1), storyRow(2), storyRow(3), storyRow(4)))(w, r)
		}), Want: Want{Outcome: "listed"}},
		{Name: "418", Make: article(status(418)), Want: Want{Outcome: "failed http_418"}},
		{Name: "451", Make: article(status(451)), Want: Want{Outcome: "failed http_451"}},
		{Name: "500 with a whole article", Make: article(with(500, text)), Want: Want{Outcome: "failed http_500"}},
		{Name: "500, then well", Short: true, Make: article(inTurn(status(500), html(text))), Want: Want{Outcome: "new"}},
		{Name: "502, 504, then well", Make: article(inTurn(status(502), status(504), html(text))), Want: Want{Outcome: "new"}},
		{Name: "501", Make: article(status(501)), Want: Want{Outcome: "failed http_501"}},
		{Name: "522 of a cache in front", Make: article(status(522)), Want: Want{Outcome: "failed http_522"}},
		{Name: "everything 503", Make: func(s *Site) { s.Handle("/*", status(503)); s.Handle("/news/", status(503)) },
			Want: Want{Outcome: "failed robots_unreachable", At: "/news/", Lost: true, Asks: 6}},
		{Name: "everything 404 but robots.txt", Make: func(s *Site) { s.Handle("/news/", status(404)); s.Handle("/robots.txt", typed("text/plain", "")) },
			Want: Want{Outcome: "failed http_404", At: "/news/", Lost: true, Asks: 4}},
	}
}

// asksPause answers with a status and a Retry-After.
func asksPause(code int, after string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", after)
		status(code)(w, r)
	}
}

// pauses are servers that ask to be left alone.
func pauses() []Fault {
	well := html(story(9001))
	once := func(name, after string) Fault {
		return Fault{Name: "429, Retry-After " + name, Make: article(inTurn(asksPause(429, after), well)), Want: Want{Outcome: "new", Asks: Healthy + 4}}
	}
	// A pause that no run would wait for: it is told to stop, and ends at once.
	long := func(name, after string) Fault {
		return Fault{Name: "429, Retry-After " + name, Short: true, Interrupt: true, Make: func(s *Site) {
			s.Article(func(w http.ResponseWriter, r *http.Request) {
				asksPause(429, after)(w, r)
				s.Trouble()
			})
		}}
	}
	return []Fault{
		{Name: "429, then well", Make: article(inTurn(status(429), well)), Want: Want{Outcome: "new"}},
		once("in seconds", "1"),
		once("of zero", "0"),
		once("as a date", time.Now().Add(2*time.Second).UTC().Format(http.TimeFormat)),
		once("as a date long past", "Wed, 21 Oct 2015 07:28:00 GMT"),
		once("nonsense", "soon"),
		once("negative", "-600"),
		long("of a year", strconv.Itoa(365*24*3600)),
		long("too large for a number", strings.Repeat("9", 40)),
		{Name: "429 for ever", Make: article(status(429)), Want: Want{Outcome: "failed http_429", Asks: Healthy + 8}},
		{Name: "503 for ever", Make: article(status(503)), Want: Want{Outcome: "failed http_503", Asks: Healthy + 6}},
		{Name: "503 with Retry-After", Make: article(inTurn(asksPause(503, "1"), well)), Want: Want{Outcome: "new"}},
		{Name: "storm of 429", Make: func(s *Site) {
			for _, path := range []string{"1", "2", "3", "4"} {
				s.Handle("/news/"+path+".html", inTurn(status(429), html(story(int(path[0]-'0')))))
			}
		}, Want: Want{Outcome: "new", At: "/news/4.html"}},
		{Name: "list 429, then well", Make: func(s *Site) { s.Handle("/news/", inTurn(asksPause(429, "1"), html(list(s.allRows()...)))) },
			Want: Want{Outcome: "listed", At: "/news/"}},
	}
}
