package warc_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"testing"

	"github.com/dossier-archive/dossier/archive/warc"
)

func TestPagesThatAreCut(t *testing.T) {
	const page = "<html><p>A text.</p></html>"
	for _, c := range []struct {
		name   string
		record []warc.Field
		header string
		body   string
		cut    bool
	}{
		{"whole", nil, "Content-Length: 27\r\n", page, false},
		{"a connection that broke", nil, "Content-Length: 27\r\n", page[:20], true},
		{"a part of a record", []warc.Field{{Name: "WARC-Segment-Number", Value: "1"}}, "", page[:20], true},
		{"left out by the crawler", []warc.Field{{Name: "WARC-Truncated", Value: "length"}}, "", page[:20], true},
		// What the length is not of.
		{"other line ends", nil, "Content-Length: 31\r\n", page + "\n", false},
		{"stored unpacked", nil, "Content-Encoding: gzip\r\nContent-Length: 40\r\n", page[:20], false},
		{"stored without chunks", nil, "Transfer-Encoding: chunked\r\nContent-Length: 40\r\n", page[:20], false},
		{"two lengths", nil, "Content-Length: 40\r\nContent-Length: 20\r\n", page[:20], false},
		{"no number", nil, "Content-Length: many\r\n", page[:20], false},
	} {
		r := warc.Record{Type: "response", URI: "http://a.test/", Fields: append(c.record, warc.Field{Name: "Content-Type", Value: "application/http; msgtype=response"}),
			Block: fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n%s\r\n%s", c.header, c.body)}
		s, err := r.Page(1 << 20)
		if s == nil || errors.Is(err, warc.ErrCut) != c.cut || err != nil && !c.cut || string(s.Body) != c.body {
			t.Errorf("%s: %+v, %v; cut %v", c.name, s, err, c.cut)
		}
	}
}

// TestPayloadDigests: the payload is the body with or without its encodings, as crawlers take it.
func TestPayloadDigests(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte("text"))
	z.Close()
	chunked := fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", packed.Len(), packed.String())
	block := "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n" + chunked
	for of, want := range map[string]bool{chunked: false, packed.String(): false, "text": false, block: false, "other": true} {
		r := warc.Record{Type: "response", URI: "http://a.test/", Block: []byte(block), Fields: []warc.Field{{Name: "WARC-Payload-Digest", Value: warc.Digest([]byte(of))}}}
		if got := r.HasOtherPayload(); got != want {
			t.Errorf("digest of %.20q: %v, want %v", of, got, want)
		}
	}
}
