package faults

import (
	"fmt"
	"io"
	"net"
	"strings"
)

// messages are answers that are not quite HTTP.
func messages() []Fault {
	text := story(9001)
	huge := strings.Repeat("x", 400<<10)
	return []Fault{
		{Name: "another protocol", Make: article(raw("SSH-2.0-OpenSSH_9.6\r\n")), Want: Want{Outcome: "failed bad_answer"}},
		{Name: "page without a status line", Make: article(raw(text)), Want: Want{Outcome: "failed bad_answer"}},
		{Name: "status that is no number", Make: article(raw("HTTP/1.1 OK\r\n\r\n", text)), Want: Want{Outcome: "failed bad_answer"}},
		{Name: "status 999", Make: article(raw("HTTP/1.1 999 Request denied\r\nConnection: close\r\n\r\n", text)), Want: Want{Outcome: "failed http_999"}},
		{Name: "status 000", Make: article(raw("HTTP/1.1 000 \r\nConnection: close\r\n\r\n", text)), Want: Want{Outcome: "failed http_0"}},
		{Name: "HTTP/1.0 without a length", Make: article(raw("HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n", text)), Want: Want{Outcome: "new"}},
		{Name: "bare line feeds", Make: article(raw("HTTP/1.1 200 OK\nConnection: close\nContent-Type: text/html\n\n", text)), Want: Want{Outcome: "new"}},
		{Name: "header of 400 KB", Make: article(raw(head, "X-Big: ", huge, "\r\n\r\n", text)), Want: Want{Outcome: "failed bad_answer"}},
		{Name: "header without end", Make: article(wire(func(c net.Conn) {
			io.WriteString(c, head)
			for {
				if _, err := fmt.Fprintf(c, "X-More: %s\r\n", huge[:1000]); err != nil {
					return
				}
			}
		})), Want: Want{Outcome: "failed bad_answer"}},
		{Name: "5000 header fields", Make: article(raw(head, strings.Repeat("X-Field: y\r\n", 5000), fmt.Sprintf("Content-Length: %d\r\n\r\n", len(text)), text)),
			Want: Want{Outcome: "new"}},
		{Name: "header field without a colon", Make: article(raw(head, "this is no field\r\n\r\n", text)), Want: Want{Outcome: "failed bad_answer"}},
		{Name: "control characters in a header", Make: article(raw(head, "X-Bad: a\x00b\x01\r\n\r\n", text)), Want: Want{Outcome: "failed bad_answer"}},
		{Name: "bytes of GBK in a header", Make: article(raw(head, "X-Title: \xd5\xd0\xc9\xcc\r\n\r\n", text)), Want: Want{Outcome: "new"}},
		{Name: "folded header lines", Make: article(raw(head, "X-Long: a\r\n  b\r\n\tc\r\n\r\n", text)), Want: Want{Outcome: "new"}},
		{Name: "injected second answer", Short: true,
			Make: article(raw(sized(len(text)), text, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nstolen")), Want: Want{Outcome: "new"}},
		{Name: "injected answer on a connection that stays open", Make: article(wire(func(c net.Conn) {
			keep := strings.Replace(sized(len(text)), "Connection: close\r\n", "", 1)
			io.WriteString(c, keep+text+"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nstolen")
			c.Read(make([]byte, 4096))
		})), Want: Want{Outcome: "new"}},
		{Name: "early hints before the answer", Make: article(raw("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n", sized(len(text)), text)),
			Want: Want{Outcome: "new"}},
		{Name: "storm of interim answers", Short: true, Network: "timeout: 10s", Make: article(wire(func(c net.Conn) {
			for {
				if _, err := io.WriteString(c, "HTTP/1.1 102 Processing\r\n\r\n"); err != nil {
					return
				}
			}
		})), Want: Want{Outcome: "failed bad_answer"}},
		{Name: "switch of protocols unasked", Network: shortTimeout,
			Make: func(s *Site) {
				s.Article(s.held("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"))
			},
			Want: Want{Outcome: "failed http_101"}},
		{Name: "transfer encoding that nobody knows", Make: article(raw(head, "Transfer-Encoding: lzma\r\n\r\n", text)), Want: Want{Outcome: "failed bad_answer"}},
		{Name: "trailers after the body", Make: article(raw(head, "Trailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n", chunked(text), "X-Sum: 7\r\n\r\n")),
			Want: Want{Outcome: "new"}},
		{Name: "second protocol announced", Make: article(raw(head, "Alt-Svc: h3=\"127.0.0.1:9\"\r\nUpgrade: h2c\r\n\r\n", text)), Want: Want{Outcome: "new"}},
	}
}

// chunked is a text in chunks of 100 bytes, without what follows the last.
func chunked(text string) string {
	var b strings.Builder
	for len(text) > 0 {
		n := min(100, len(text))
		fmt.Fprintf(&b, "%x\r\n%s\r\n", n, text[:n])
		text = text[n:]
	}
	return b.String() + "0\r\n"
}
