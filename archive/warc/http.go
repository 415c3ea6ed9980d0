package warc

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/dossier-archive/dossier"
)

// ErrNoPage says that a record holds no answer of a web server.
var ErrNoPage = errors.New("it holds no answer of a server")

// ErrForeign says that a record is none of a page of the web, and may be as it should.
var ErrForeign = errors.New("it is no page of the web")

// ErrCut says that the end of a page is missing.
var ErrCut = errors.New("the page is cut")

// Page gives the page of a response or resource record, with its transfer and
// content encodings undone. A body of more than limit bytes is an error. With ErrCut
// comes what there is of the page.
func (r *Record) Page(limit int64) (*dossier.Snapshot, error) {
	if scheme, _, ok := strings.Cut(strings.ToLower(r.URI), "://"); !ok || scheme != "http" && scheme != "https" {
		return nil, fmt.Errorf("its address %.100q is not one of the web: %w", r.URI, ErrForeign)
	}
	s := &dossier.Snapshot{URL: r.URI, FinalURL: r.URI, FetchedAt: r.Date, Request: http.Header{}, Header: http.Header{}}
	switch {
	case r.Type == "response" && strings.HasPrefix(strings.ToLower(r.Get("Content-Type")), "application/http"):
	case r.Type == "resource" || r.Type == "response":
		s.Status, s.Proto, s.Body = http.StatusOK, "", r.Block
		if t := r.Get("Content-Type"); t != "" {
			s.Header.Set("Content-Type", t)
		}
		return s, r.cut()
	default:
		return nil, fmt.Errorf("a record of the type %q: %w", r.Type, ErrForeign)
	}
	head, body, err := ParseHead(r.Block)
	if err != nil {
		return nil, err
	}
	s.Proto, s.Status, s.Header, s.Head = head.Proto, head.Status, head.Header, r.Block[:len(r.Block)-len(body)]
	if s.Body, err = decode(body, s.Header, limit); err != nil && !errors.Is(err, ErrCut) {
		return nil, err
	}
	if said := r.cut(); err == nil && said != nil {
		err = said
	}
	if err == nil {
		err = isShort(body, s.Header)
	}
	return s, err
}

// HasOtherPayload reports whether the record names a digest of its payload that is not that of its
// bytes, whether those are taken with the encodings of the answer or without.
func (r *Record) HasOtherPayload() bool {
	want := r.Get("WARC-Payload-Digest")
	if want == "" || r.cut() != nil || r.Type != "response" && r.Type != "resource" || SameDigest(want, r.Block) {
		return false
	}
	head, body, err := ParseHead(r.Block)
	if err != nil {
		return r.Type == "resource"
	}
	if SameDigest(want, body) {
		return false
	}
	chunks := http.Header{"Transfer-Encoding": head.Header["Transfer-Encoding"]}
	for _, encodings := range []http.Header{chunks, head.Header} {
		if plain, err := decode(body, encodings, int64(len(r.Block))*maxEncoded); err != nil || SameDigest(want, plain) {
			return false
		}
	}
	return true
}

// maxEncoded is the ratio of a body to its encoded form up to which its digest is compared.
const maxEncoded = 30

// cut says so when whoever wrote the record has left out the end of it.
func (r *Record) cut() error {
	if why := r.Get("WARC-Truncated"); why != "" {
		return fmt.Errorf("%w: WARC-Truncated: %s", ErrCut, why)
	}
	if r.Get("WARC-Segment-Number") != "" {
		return fmt.Errorf("%w: it stands in several records, which are not joined", ErrCut)
	}
	return nil
}

// isShort says that a connection broke before all came that the server had announced.
// The length is that of the body as it was sent, so it tells nothing of one that had an
// encoding: other crawlers store it decoded under the old header.
func isShort(body []byte, h http.Header) error {
	length, err := strconv.ParseInt(h.Get("Content-Length"), 10, 64)
	if err != nil || len(h.Values("Content-Length")) > 1 || length <= int64(len(body)) || h.Get("Transfer-Encoding") != "" || h.Get("Content-Encoding") != "" || isWhole(body) {
		return nil
	}
	return fmt.Errorf("%w: fewer bytes came than its Content-Length says", ErrCut)
}

// A Head is the status line and the header of an answer.
type Head struct {
	Proto  string
	Status int
	Header http.Header
}

// ParseHead reads the head of an answer, forgiving what browsers forgive, and gives
// the bytes behind it.
func ParseHead(answer []byte) (Head, []byte, error) {
	line, rest, ok := bytes.Cut(answer, []byte("\n"))
	proto, after, _ := strings.Cut(strings.TrimSpace(string(line)), " ")
	code, _, _ := strings.Cut(strings.TrimSpace(after), " ")
	status, err := strconv.Atoi(code)
	if !ok || err != nil || !strings.HasPrefix(proto, "HTTP/") || status < 100 || status > 999 {
		return Head{}, nil, fmt.Errorf("no status line: %w", ErrNoPage)
	}
	h, rest := headerIn(rest)
	return Head{proto, status, h}, rest, nil
}

// Asked gives the header of a request record without the host that its address names. Of what
// is no request for a page (GET) it gives nil.
func (r *Record) Asked() http.Header {
	line, rest, ok := bytes.Cut(r.Block, []byte("\n"))
	if words := strings.Fields(string(line)); r.Type != "request" || !ok || len(words) != 3 || words[0] != http.MethodGet || !strings.HasPrefix(words[2], "HTTP/") {
		return nil
	}
	h, _ := headerIn(rest)
	if u, err := url.Parse(r.URI); err == nil && len(h.Values("Host")) == 1 && strings.EqualFold(h.Get("Host"), u.Host) {
		h.Del("Host")
	}
	return h
}

// headerIn reads the lines of a header, forgiving what browsers forgive, and gives the bytes
// behind it.
func headerIn(rest []byte) (http.Header, []byte) {
	h, last := http.Header{}, ""
	for {
		line, behind, ok := bytes.Cut(rest, []byte("\n"))
		rest = behind
		text := strings.TrimRight(string(line), "\r")
		if text == "" || !ok {
			return h, rest
		}
		name, value, found := strings.Cut(text, ":")
		switch value = strings.TrimSpace(value); {
		case isContinuation(text) && last != "":
			values := h[last]
			values[len(values)-1] += " " + strings.TrimSpace(text)
		case found && name != "" && !strings.ContainsAny(name, " \t"):
			last = textproto.CanonicalMIMEHeaderKey(name)
			h[last] = append(h[last], value)
		}
	}
}

// isContinuation holds for a line that goes on with the value of the line before.
func isContinuation(line string) bool {
	return strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t")
}

// decode undoes the encodings that the header names. A body that is not
// encoded as it says is taken as it is: other crawlers store it decoded under
// the old header. With ErrCut comes what there is of it.
func decode(body []byte, h http.Header, limit int64) (out []byte, cut error) {
	if strings.Contains(strings.ToLower(h.Get("Transfer-Encoding")), "chunked") {
		whole, err := dechunk(body, limit)
		switch {
		case errors.Is(err, ErrLimit):
			return nil, err
		case err == nil:
			body = whole
		case len(whole) > 0 && errors.Is(err, io.ErrUnexpectedEOF):
			body, cut = whole, cutIn("chunks", whole)
		}
	}
	names := strings.Split(strings.ToLower(strings.Join(h.Values("Content-Encoding"), ",")), ",")
	for i := len(names) - 1; i >= 0; i-- {
		name := strings.TrimSpace(names[i])
		in, err := unpacker(name, body)
		if err != nil || in == nil {
			continue
		}
		whole, err := readAll(in, limit)
		switch {
		case errors.Is(err, ErrLimit):
			return nil, err
		case err == nil:
			body = whole
		case len(whole) > 0 && errors.Is(err, io.ErrUnexpectedEOF):
			body, cut = whole, cutIn(name, whole)
		}
	}
	if int64(len(body)) > limit {
		return nil, ErrLimit
	}
	return body, cut
}

// cutIn says that an encoding ends early, unless the page that came out is whole: only
// a checksum is missing then.
func cutIn(encoding string, body []byte) error {
	if isWhole(body) {
		return nil
	}
	return fmt.Errorf("%w: its encoding (%s) ends early", ErrCut, encoding)
}

// isWhole holds for a page that ends as pages do.
func isWhole(body []byte) bool {
	end := bytes.TrimSpace(body)
	return bytes.EqualFold(end[max(0, len(end)-len("</html>")):], []byte("</html>"))
}

// dechunk undoes the transfer encoding. With io.ErrUnexpectedEOF comes what there is.
func dechunk(body []byte, limit int64) ([]byte, error) {
	in := bufio.NewReader(bytes.NewReader(body))
	var out []byte
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return out, io.ErrUnexpectedEOF
		}
		size, _, _ := strings.Cut(strings.TrimSpace(line), ";")
		n, err := strconv.ParseInt(strings.TrimSpace(size), 16, 32)
		if err != nil || n < 0 {
			return nil, fmt.Errorf("chunk of size %.20q", size)
		}
		if n == 0 {
			return out, nil
		}
		if int64(len(out))+n > limit {
			return nil, ErrLimit
		}
		at := len(out)
		out = append(out, make([]byte, min(n, int64(len(body))))...)
		if got, err := io.ReadFull(in, out[at:]); err != nil || n > int64(len(body)) {
			return out[:at+got], io.ErrUnexpectedEOF
		}
		if _, err := in.ReadString('\n'); err != nil {
			return out, io.ErrUnexpectedEOF
		}
	}
}

func unpacker(name string, body []byte) (io.Reader, error) {
	in := bytes.NewReader(body)
	switch name {
	case "gzip", "x-gzip":
		return gzip.NewReader(in)
	case "deflate":
		if z, err := zlib.NewReader(in); err == nil {
			return z, nil
		}
		return flate.NewReader(bytes.NewReader(body)), nil
	case "br":
		return brotli.NewReader(in), nil
	case "zstd":
		z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(128<<20))
		if err != nil {
			return nil, err
		}
		return z.IOReadCloser(), nil
	}
	return nil, nil
}

func readAll(in io.Reader, limit int64) ([]byte, error) {
	out, err := io.ReadAll(io.LimitReader(in, limit+1))
	if int64(len(out)) > limit {
		return nil, ErrLimit
	}
	return out, err
}

// MediaType is what the header of a page says that it is, as indexes of web archives
// have it: "unk" when it says nothing.
func MediaType(s *dossier.Snapshot) string {
	mime, _, _ := strings.Cut(s.Header.Get("Content-Type"), ";")
	if mime = strings.ToLower(strings.TrimSpace(mime)); mime == "" {
		return "unk"
	}
	return mime
}
