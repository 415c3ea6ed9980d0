package warc

import (
	"bytes"
	"compress/gzip"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"io"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dossier-archive/dossier"
)

// A Writer writes WARC 1.1. The same calls give the same bytes: ids follow from
// what is written.
type Writer struct {
	out    io.Writer
	zip    *gzip.Writer // nil: records are written as they are
	offset int64
	info   string // id of the warcinfo record
}

// NewWriter begins a file that says what wrote it and when, with one gzip member a
// record.
func NewWriter(out io.Writer, software string, at time.Time) (*Writer, error) {
	return newWriter(&Writer{out: out, zip: gzip.NewWriter(io.Discard)}, software, at)
}

// NewPlainWriter is NewWriter of a file that is not compressed.
func NewPlainWriter(out io.Writer, software string, at time.Time) (*Writer, error) {
	return newWriter(&Writer{out: out}, software, at)
}

func newWriter(w *Writer, software string, at time.Time) (*Writer, error) {
	block := "software: " + software + "\r\nformat: WARC File Format 1.1\r\nconformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n"
	place, err := w.write("warcinfo", at, []Field{{"Content-Type", "application/warc-fields"}}, []byte(block))
	w.info = place.ID
	return w, err
}

// A Place is where a record stands in the file.
type Place struct {
	ID             string
	Offset, Length int64
	Digest         string // of the payload, as the record names it
}

// The text of a page may stand in several answers. Each is a response of its own; those
// behind the first stand before it in the file and say of which page they are a part, and
// the first one names them, in their order. Other readers pass over these fields.
const (
	PartOf = "Dossier-Part-Of" // address of the page
	Part   = "Dossier-Part"    // WARC-Record-ID of a part
)

// Page writes the requests and the responses of a capture, and gives the places of the
// response and of those of its parts.
func (w *Writer) Page(s *dossier.Snapshot) (page Place, parts []Place, err error) {
	var named []Field
	for i := range s.Parts {
		place, err := w.exchange(&s.Parts[i], []Field{{PartOf, s.FinalURL}})
		if err != nil {
			return page, parts, err
		}
		parts, named = append(parts, place), append(named, Field{Part, place.ID})
	}
	page, err = w.exchange(s, named)
	return page, parts, err
}

// exchange writes request and response of one answer, which has further fields.
func (w *Writer) exchange(s *dossier.Snapshot, more []Field) (Place, error) {
	digest := Digest(s.Body)
	head := headOf(s)
	fields := append([]Field{{"WARC-Target-URI", s.FinalURL}, {"WARC-Payload-Digest", digest}, {"Content-Type", "application/http; msgtype=response"}}, more...)
	place, err := w.write("response", s.FetchedAt, fields, append(head, s.Body...))
	if err != nil {
		return place, err
	}
	place.Digest = digest
	if len(s.Request) > 0 {
		fields = []Field{{"WARC-Target-URI", s.FinalURL}, {"WARC-Concurrent-To", place.ID}, {"Content-Type", "application/http; msgtype=request"}}
		if _, err := w.write("request", s.FetchedAt, fields, requestOf(s)); err != nil {
			return place, err
		}
	}
	return place, nil
}

// Metadata writes named fields about a response.
func (w *Writer) Metadata(of Place, uri string, at time.Time, lines []Field) error {
	var b bytes.Buffer
	for _, l := range lines {
		fmt.Fprintf(&b, "%s: %s\r\n", l.Name, clean(l.Value))
	}
	_, err := w.write("metadata", at, []Field{{"WARC-Target-URI", uri}, {"WARC-Concurrent-To", of.ID}, {"Content-Type", "application/warc-fields"}}, b.Bytes())
	return err
}

// Revisit says that a page was seen again as it was: with the same bytes, or so
// that the server only said that it had not changed.
func (w *Writer) Revisit(uri string, at time.Time, of Place, ofDate time.Time, notModified bool) (Place, error) {
	profile := "identical-payload-digest"
	if notModified {
		profile = "server-not-modified"
	}
	return w.write("revisit", at, []Field{{"WARC-Target-URI", uri}, {"WARC-Payload-Digest", of.Digest},
		{"WARC-Profile", "http://netpreserve.org/warc/1.1/revisit/" + profile},
		{"WARC-Refers-To", of.ID}, {"WARC-Refers-To-Target-URI", uri}, {"WARC-Refers-To-Date", date(ofDate)}}, nil)
}

func (w *Writer) write(kind string, at time.Time, fields []Field, block []byte) (Place, error) {
	blockDigest := Digest(block)
	place := Place{Offset: w.offset, ID: recordID(fmt.Sprint(kind, date(at), fields, blockDigest, w.offset))}
	var head bytes.Buffer
	fmt.Fprintf(&head, "WARC/1.1\r\nWARC-Type: %s\r\nWARC-Record-ID: %s\r\nWARC-Date: %s\r\n", kind, place.ID, date(at))
	if w.info != "" {
		fmt.Fprintf(&head, "WARC-Warcinfo-ID: %s\r\n", w.info)
	}
	for _, f := range fields {
		fmt.Fprintf(&head, "%s: %s\r\n", f.Name, clean(f.Value))
	}
	if len(block) > 0 {
		fmt.Fprintf(&head, "WARC-Block-Digest: %s\r\n", blockDigest)
	}
	fmt.Fprintf(&head, "Content-Length: %d\r\n\r\n", len(block))
	count := &tally{out: w.out}
	if err := w.pack(count, head.Bytes(), block, []byte("\r\n\r\n")); err != nil {
		return place, fmt.Errorf("write record: %w", err)
	}
	place.Length = count.n
	w.offset += count.n
	return place, nil
}

// pack writes the parts of a record, as a member of their own where they are
// compressed.
func (w *Writer) pack(out io.Writer, parts ...[]byte) error {
	if w.zip != nil {
		w.zip.Reset(out)
		out = w.zip
	}
	for _, part := range parts {
		if _, err := out.Write(part); err != nil {
			return err
		}
	}
	if w.zip != nil {
		return w.zip.Close()
	}
	return nil
}

type tally struct {
	out io.Writer
	n   int64
}

func (t *tally) Write(p []byte) (int, error) {
	n, err := t.out.Write(p)
	t.n += int64(n)
	return n, err
}

// Digest is a labelled digest as archives write it.
func Digest(b []byte) string {
	sum := sha1.Sum(b)
	return "sha1:" + base32.StdEncoding.EncodeToString(sum[:])
}

// recordID is a UUID that follows from what it names.
func recordID(of string) string {
	s := sha256.Sum256([]byte(of))
	s[6], s[8] = s[6]&0x0f|0x80, s[8]&0x3f|0x80 // version 8, variant 1
	return fmt.Sprintf("<urn:uuid:%x-%x-%x-%x-%x>", s[:4], s[4:6], s[6:8], s[8:10], s[10:16])
}

func date(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.999999999Z07:00") }

// clean keeps a value from ending its line.
func clean(s string) string { return strings.NewReplacer("\r", " ", "\n", " ", "\x00", "").Replace(s) }

// headOf writes status line and header, in the names and the order in which they
// came when those are known. The body is stored decoded, so the fields that spoke of
// its encoding are kept under other names.
func headOf(s *dossier.Snapshot) []byte {
	var b bytes.Buffer
	length := strconv.Itoa(len(s.Body))
	known := false // the length stands there
	for line := range linesOf(s) {
		name, value, found := strings.Cut(line, ":")
		switch {
		case b.Len() == 0:
			b.WriteString(line)
		case isContinuation(line):
			b.WriteString(line)
		case !found || name == "" || strings.ContainsAny(name, " \t"):
			continue // no reader would take it
		default:
			switch http.CanonicalHeaderKey(name) {
			case "Content-Length":
				if !known && strings.TrimSpace(value) == length {
					known = true
					break
				}
				fallthrough
			case "Content-Encoding", "Transfer-Encoding":
				name = "X-Archive-Orig-" + name
			}
			b.WriteString(name + ":" + value)
		}
		b.WriteString("\r\n")
	}
	if !known {
		b.WriteString("Content-Length: " + length + "\r\n")
	}
	b.WriteString("\r\n")
	return b.Bytes()
}

// linesOf gives the lines of the head of an answer.
func linesOf(s *dossier.Snapshot) iter.Seq[string] {
	return func(yield func(string) bool) {
		if s.Head != nil {
			for line := range strings.Lines(string(s.Head)) {
				if line = strings.TrimRight(line, "\r\n"); line == "" || !yield(clean(line)) {
					return
				}
			}
			return
		}
		proto := s.Proto
		if !strings.HasPrefix(proto, "HTTP/1.") {
			proto = "HTTP/1.1"
		}
		if !yield(fmt.Sprintf("%s %d %s", proto, s.Status, http.StatusText(s.Status))) {
			return
		}
		for _, name := range slices.Sorted(maps.Keys(s.Header)) {
			for _, v := range s.Header[name] {
				if !yield(clean(name) + ": " + clean(v)) {
					return
				}
			}
		}
	}
}

func requestOf(s *dossier.Snapshot) []byte {
	path, host := "/", ""
	if u, err := url.Parse(s.FinalURL); err == nil {
		path, host = u.RequestURI(), u.Host
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "GET %s HTTP/1.1\r\n", clean(path))
	if s.Request.Get("Host") == "" {
		fmt.Fprintf(&b, "Host: %s\r\n", clean(host))
	}
	for _, name := range slices.Sorted(maps.Keys(s.Request)) {
		for _, v := range s.Request[name] {
			fmt.Fprintf(&b, "%s: %s\r\n", clean(name), clean(v))
		}
	}
	b.WriteString("\r\n")
	return b.Bytes()
}
