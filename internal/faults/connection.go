package faults

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// wire takes the connection of a request out of the server's hands. It is
// closed when do returns.
func wire(do func(c net.Conn)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		do(conn)
	}
}

// raw answers with these bytes and closes the connection.
func raw(parts ...string) http.HandlerFunc {
	return wire(func(c net.Conn) { io.WriteString(c, strings.Join(parts, "")) })
}

// held answers with these bytes and then keeps silent.
func (s *Site) held(text string) http.HandlerFunc {
	return wire(func(c net.Conn) {
		io.WriteString(c, text)
		<-s.hold
	})
}

// dripping answers with the head at once and then a byte at a time, with a
// pause before each.
func (s *Site) dripping(head, text string, pause time.Duration) http.HandlerFunc {
	return wire(func(c net.Conn) {
		io.WriteString(c, head)
		for i := range len(text) {
			select {
			case <-s.hold:
				return
			case <-time.After(pause):
			}
			if _, err := io.WriteString(c, text[i:i+1]); err != nil {
				return
			}
		}
	})
}

// reset breaks the connection after sending some bytes.
func reset(text string) http.HandlerFunc {
	return wire(func(c net.Conn) {
		if io.WriteString(c, text); text != "" {
			<-time.After(200 * time.Millisecond) // or the reset overtakes what was sent
		}
		c.(*net.TCPConn).SetLinger(0)
	})
}

// head is the beginning of a whole answer.
const head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/html; charset=utf-8\r\n"

// sized is a head for a body of n bytes.
func sized(n int) string { return fmt.Sprintf("%sContent-Length: %d\r\n\r\n", head, n) }

// closedPort is an address that nothing listens on: a port below those that
// the system gives out, so that no server of another test can get it.
const closedPort = "127.0.0.1:1"

const shortTimeout = "timeout: 400ms"

// article is a Make for faults that are all in one answer.
func article(h http.HandlerFunc) func(*Site) { return func(s *Site) { s.Article(h) } }

// moved is a Make for an article that has moved to what the site opens
// elsewhere.
func moved(open func(s *Site) string) func(*Site) {
	return func(s *Site) {
		target := open(s)
		s.Article(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, target, http.StatusMovedPermanently) })
	}
}

func connections() []Fault {
	return []Fault{
		{Name: "hang after accept", Short: true, Network: shortTimeout, Make: func(s *Site) { s.Article(s.held("")) }, Want: Want{Outcome: "failed timeout"}},
		{Name: "hang inside the status line", Network: shortTimeout, Make: func(s *Site) { s.Article(s.held("HTTP/1.1 2")) }, Want: Want{Outcome: "failed timeout"}},
		{Name: "hang inside the header", Network: shortTimeout, Make: func(s *Site) { s.Article(s.held(head)) }, Want: Want{Outcome: "failed timeout"}},
		{Name: "hang before the body", Network: shortTimeout, Make: func(s *Site) { s.Article(s.held(sized(900))) }, Want: Want{Outcome: "failed timeout"}},
		{Name: "hang inside the body", Network: shortTimeout, Make: func(s *Site) { s.Article(s.held(sized(9000) + story(9001))) }, Want: Want{Outcome: "failed timeout"}},
		{Name: "hang inside a chunk", Network: shortTimeout,
			Make: func(s *Site) { s.Article(s.held(head + "Transfer-Encoding: chunked\r\n\r\nfff\r\n<html>")) }, Want: Want{Outcome: "failed timeout"}},
		{Name: "header a byte at a time", Network: shortTimeout,
			Make: func(s *Site) {
				s.Article(s.dripping("HTTP/1.1 200 OK\r\nX-Drip: ", strings.Repeat("x", 9999), 50*time.Millisecond))
			},
			Want: Want{Outcome: "failed timeout"}},
		{Name: "body a byte at a time for ever", Network: shortTimeout,
			Make: func(s *Site) { s.Article(s.dripping(sized(99999), strings.Repeat("x", 99999), 50*time.Millisecond)) },
			Want: Want{Outcome: "failed timeout"}},
		{Name: "slow body that comes in time", Network: "timeout: 2s",
			Make: func(s *Site) {
				text := story(9001)
				s.Article(s.dripping(sized(len(text))+text[:len(text)-40], text[len(text)-40:], 10*time.Millisecond))
			}, Want: Want{Outcome: "new"}},
		{Name: "ten articles that hang before the healthy ones", Network: shortTimeout, Make: func(s *Site) {
			s.Handle("/news/80*", s.held(""))
			for n := 8001; n <= 8010; n++ {
				s.Row(storyRow(n))
			}
		}, Want: Want{Outcome: "failed timeout", At: "/news/8010.html"}},
		{Name: "list that hangs once", Network: shortTimeout,
			Make: func(s *Site) { s.Handle("/news/", inTurn(s.held(""), html(list(s.allRows()...)))) }, Want: Want{Outcome: "listed", At: "/news/"}},
		{Name: "closed without an answer", Make: article(raw()), Want: Want{Outcome: "failed reset"}},
		{Name: "reset without an answer", Make: article(reset("")), Want: Want{Outcome: "failed reset"}},
		{Name: "connections closed without saying so", Make: func(s *Site) {
			for n := 1; n <= Healthy; n++ {
				text := story(n)
				s.Handle(fmt.Sprintf("/news/%d.html", n), raw(strings.Replace(sized(len(text)), "Connection: close\r\n", "", 1), text))
			}
		}, Want: Want{Outcome: "new", At: "/news/4.html"}},
		{Name: "reset inside the body", Make: article(reset(sized(9000) + "<html>")), Want: Want{Outcome: "failed truncated"}},
		{Name: "refused", Make: moved(func(*Site) string { return "http://" + closedPort + "/x.html" }), Want: Want{Outcome: "failed refused"}},
		{Name: "refused at once", Make: func(s *Site) { s.Start = []string{"http://" + closedPort + "/news/"} },
			Want: Want{Outcome: "failed refused", At: Start, Lost: true}},
		// Names below onion never leave the machine: RFC 7686.
		{Name: "name that does not resolve", Short: true, Make: moved(func(*Site) string { return "http://harbour.onion/x.html" }),
			Want: Want{Outcome: "failed dns"}},
		{Name: "site without a name server", Make: func(s *Site) { s.Start = []string{"http://harbour.onion/news/"} },
			Want: Want{Outcome: "failed dns", At: Start, Lost: true}},
		{Name: "one start address of two is down", Make: func(s *Site) { s.Start = append(s.Start, "http://"+closedPort+"/news/") },
			Want: Want{Outcome: "failed refused", At: LastStart}},
		{Name: "healthy after two resets", Make: article(inTurn(reset(""), reset(""), html(story(9001)))), Want: Want{Outcome: "new"}},
	}
}

// In place of a path, the addresses that a crawl begins with.
const (
	Start     = "start"
	LastStart = "last start"
)
