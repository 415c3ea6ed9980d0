package faults

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// pack compresses data, with "raw" for deflate without the head of zlib.
func pack(encoding string, data []byte) []byte {
	return packed(encoding, func(w io.Writer) { w.Write(data) })
}

// packed compresses what write writes.
func packed(encoding string, write func(io.Writer)) []byte {
	var b bytes.Buffer
	var w io.WriteCloser
	switch encoding {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "deflate":
		w = zlib.NewWriter(&b)
	case "raw":
		w, _ = flate.NewWriter(&b, flate.DefaultCompression)
	case "br":
		w = brotli.NewWriter(&b)
	case "zstd":
		w, _ = zstd.NewWriter(&b)
	}
	write(w)
	w.Close() // to a buffer: nothing can fail
	return b.Bytes()
}

func packStory(encoding string) string { return string(pack(encoding, []byte(story(9001)))) }

// encoded answers with a body that says how it is packed.
func encoded(encoding, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", encoding)
		html(body)(w, r)
	}
}

// bomb is a body of many megabytes that packs to next to nothing.
func bomb(encodings ...string) string {
	blanks := make([]byte, 1<<20)
	data := packed(encodings[0], func(w io.Writer) {
		io.WriteString(w, story(9001))
		for range 64 {
			w.Write(blanks)
		}
	})
	for _, e := range encodings[1:] {
		data = pack(e, data)
	}
	return string(data)
}

func encodings() []Fault {
	text := story(9001)
	out := []Fault{
		{Name: "says gzip, is plain", Short: true, Make: article(encoded("gzip", text)), Want: Want{Outcome: "new"}},
		{Name: "says br, is plain", Make: article(encoded("br", text)), Want: Want{Outcome: "new"}},
		{Name: "says deflate, is plain", Make: article(encoded("deflate", text)), Want: Want{Outcome: "new"}},
		{Name: "says zstd, is plain", Make: article(encoded("zstd", text)), Want: Want{Outcome: "new"}},
		{Name: "says br, is gzip", Make: article(encoded("br", packStory("gzip"))), Want: Want{Outcome: "new"}},
		{Name: "says gzip, is br", Make: article(encoded("gzip", packStory("br"))), Want: Want{Outcome: "failed bad_encoding"}},
		{Name: "says nothing, is gzip", Short: true, Make: article(html(packStory("gzip"))), Want: Want{Outcome: "new"}},
		{Name: "packed twice, says once", Make: article(encoded("gzip", string(pack("gzip", []byte(packStory("gzip")))))), Want: Want{Outcome: "new"}},
		{Name: "packed twice, says twice", Make: article(encoded("gzip, br", string(pack("br", []byte(packStory("gzip")))))), Want: Want{Outcome: "new"}},
		{Name: "packed once, says twice", Make: article(encoded("gzip, gzip", packStory("gzip"))), Want: Want{Outcome: "new"}},
		{Name: "packed ten times", Make: article(encoded(strings.TrimSuffix(strings.Repeat("gzip, ", 10), ", "), text)), Want: Want{Outcome: "failed bad_encoding"}},
		{Name: "deflate without its head", Make: article(encoded("deflate", packStory("raw"))), Want: Want{Outcome: "new"}},
		{Name: "encoding named in capitals", Make: article(encoded("GZip", packStory("gzip"))), Want: Want{Outcome: "new"}},
		{Name: "encoding that nobody knows", Short: true, Make: article(encoded("snappy", "\xff\x06\x00\x00sNaPpY\x01\x02\x03")), Want: Want{Outcome: "failed bad_encoding"}},
		{Name: "charset in place of an encoding", Make: article(encoded("utf-8", text)), Want: Want{Outcome: "new"}},
		{Name: "gzip cut", Make: article(encoded("gzip", packStory("gzip")[:300])), Want: Want{Outcome: "failed truncated"}},
		{Name: "br cut", Make: article(encoded("br", packStory("br")[:200])), Want: Want{Outcome: "failed truncated"}},
		{Name: "zstd cut", Make: article(encoded("zstd", packStory("zstd")[:200])), Want: Want{Outcome: "failed truncated"}},
		{Name: "gzip with a wrong sum", Make: article(encoded("gzip", damaged(packStory("gzip"), 6))), Want: Want{Outcome: "failed bad_encoding"}},
		{Name: "gzip with damage inside", Make: article(encoded("gzip", damaged(packStory("gzip"), 300))), Want: Want{Outcome: "failed bad_encoding"}},
		{Name: "gzip with something behind it", Make: article(encoded("gzip", packStory("gzip")+"\r\n<!-- served in 3 ms -->")), Want: Want{Outcome: "new"}},
		{Name: "gzip in two members", Make: article(encoded("gzip", string(pack("gzip", []byte(text[:500])))+string(pack("gzip", []byte(text[500:]))))), Want: Want{Outcome: "new"}},
		{Name: "gzip of nothing", Make: article(encoded("gzip", string(pack("gzip", nil)))), Want: Want{Outcome: "failed empty"}},
		{Name: "gzip without a byte", Make: article(encoded("gzip", "")), Want: Want{Outcome: "failed empty"}},
	}
	for _, packing := range [][]string{{"gzip"}, {"br"}, {"zstd"}, {"deflate"}, {"gzip", "gzip"}, {"gzip", "br"}} {
		names := slices.Clone(packing)
		out = append(out, Fault{Name: "bomb of " + strings.Join(names, " in "), Short: len(packing) == 2,
			Make: func(s *Site) { s.Article(encoded(strings.Join(names, ", "), bomb(names...))) }, Want: Want{Outcome: "failed bomb"}})
	}
	return append(out, Fault{Name: "bomb that does not say so", Make: func(s *Site) { s.Article(html(bomb("gzip"))) }, Want: Want{Outcome: "failed bomb"}})
}

// damaged changes a byte, counted from the end.
func damaged(s string, fromEnd int) string {
	b := []byte(s)
	b[len(b)-fromEnd] ^= 0xff
	return string(b)
}
