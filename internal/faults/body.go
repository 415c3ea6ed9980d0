package faults

import (
	"fmt"
	"strings"
)

// bodies are answers whose length is not what they say.
func bodies() []Fault {
	text := story(9001)
	return []Fault{
		{Name: "cut body", Short: true, Make: article(raw(sized(len(text)+500), text)), Want: Want{Outcome: "failed truncated"}},
		{Name: "body cut in the middle, whole the next time", Make: article(inTurn(raw(sized(len(text)), text[:len(text)/2]), html(text))), Want: Want{Outcome: "new"}},
		{Name: "length far too long", Make: article(raw(sized(1<<40), text)), Want: Want{Outcome: "failed truncated"}},
		{Name: "length too short", Make: article(raw(sized(len(text)-30), text)), Want: Want{Outcome: "new"}},
		{Name: "two different lengths", Make: article(raw(head, fmt.Sprintf("Content-Length: %d\r\nContent-Length: 5\r\n\r\n", len(text)), text)),
			Want: Want{Outcome: "failed bad_answer"}},
		{Name: "length twice the same", Make: article(raw(head, strings.Repeat(fmt.Sprintf("Content-Length: %d\r\n", len(text)), 2), "\r\n", text)), Want: Want{Outcome: "new"}},
		{Name: "negative length", Make: article(raw(head, "Content-Length: -1\r\n\r\n", text)), Want: Want{Outcome: "failed bad_answer"}},
		{Name: "length that is no number", Make: article(raw(head, "Content-Length: many\r\n\r\n", text)), Want: Want{Outcome: "failed bad_answer"}},
		{Name: "length and chunks", Make: article(raw(head, "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", chunked(text), "\r\n")), Want: Want{Outcome: "new"}},
		{Name: "chunks cut", Short: true, Make: article(raw(head, "Transfer-Encoding: chunked\r\n\r\n", chunked(text)[:400])), Want: Want{Outcome: "failed truncated"}},
		{Name: "chunks without the last", Make: article(raw(head, "Transfer-Encoding: chunked\r\n\r\n", strings.TrimSuffix(chunked(text), "0\r\n"))),
			Want: Want{Outcome: "failed truncated"}},
		{Name: "chunk size that is no number", Make: article(raw(head, "Transfer-Encoding: chunked\r\n\r\nzz\r\n", text, "\r\n0\r\n\r\n")), Want: Want{Outcome: "failed bad_answer"}},
		{Name: "chunk size of 20 digits", Make: article(raw(head, "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\n", text)), Want: Want{Outcome: "failed bad_answer"}},
		{Name: "chunks of one byte", Make: article(raw(head, "Transfer-Encoding: chunked\r\n\r\n", bytewise(text), "0\r\n\r\n")), Want: Want{Outcome: "new"}},
		{Name: "chunk extensions", Make: article(raw(head, "Transfer-Encoding: chunked\r\n\r\n", strings.Replace(chunked(text), "64\r\n", "64;a=b\r\n", 1), "\r\n")),
			Want: Want{Outcome: "new"}},
		{Name: "no body", Short: true, Make: article(raw(sized(0))), Want: Want{Outcome: "failed empty"}},
		{Name: "nothing but blanks", Make: article(html(" \r\n\t \n")), Want: Want{Outcome: "failed empty"}},
		{Name: "page over max_body", Short: true, Network: "max_body: 64KiB",
			Make: func(s *Site) { s.Article(html(page(headline(9001), day(9001), strings.Repeat(paragraphs(9001), 300)))) }, Want: Want{Outcome: "failed too_large"}},
		{Name: "body without end", Network: "max_body: 1MiB", Make: article(raw(head, "\r\n", strings.Repeat("<p>endless</p>", 200_000))), Want: Want{Outcome: "failed too_large"}},
		{Name: "article of 10 MB", Make: func(s *Site) {
			lines := strings.Repeat("<p>The list of the berths and their depths goes on and on.</p>", 170_000)
			s.Article(html(page(headline(9001), day(9001), paragraphs(9001)+lines)))
		}, Want: Want{Outcome: "new", Reads: "It keeps 63107 tonnes"}},
	}
}

func bytewise(text string) string {
	var b strings.Builder
	for i := range len(text) {
		b.WriteString("1\r\n" + text[i:i+1] + "\r\n")
	}
	return b.String()
}
