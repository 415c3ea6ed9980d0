// Package warc reads and writes web archives: WARC 1.0 and 1.1, plain or
// compressed with gzip or zstd, the older ARC for reading, and the WACZ bundle.
//
// Reading forgives what can be forgiven and says what it forgave; whatever is
// unpacked is limited.
package warc

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"
)

// Limits of what a reader unpacks. Zero fields take those of Defaults.
type Limits struct {
	Block   int64 // longest block of a record that is kept in memory
	Total   int64 // bytes of a file when unpacked
	Ratio   int64 // of unpacked to packed bytes of a member, looked at beyond 64 MiB
	Records int   // of a file
}

// Defaults are limits for files of other programs.
func Defaults() Limits {
	return Limits{Block: 64 << 20, Total: 1 << 38, Ratio: 1000, Records: 1 << 30}
}

const (
	maxHeader  = 64 << 10
	ratioFrom  = 64 << 20
	resyncSpan = 64 << 20 // how far the next record is looked for
)

// ErrLimit says that a file, or one of its records, holds more than it is allowed to.
var ErrLimit = errors.New("it is larger than allowed when unpacked")

// A Record is one record of a file.
type Record struct {
	Offset  int64 // in the unpacked file
	Type    string
	ID      string
	URI     string
	Date    time.Time
	Fields  []Field // all named fields, in order
	Block   []byte
	Problem string // why the record is not to be trusted; "" when all is well
}

// A Field is a named field of a record.
type Field struct{ Name, Value string }

// Get gives the first field of a name, whatever its case.
func (r *Record) Get(name string) string {
	for _, f := range r.Fields {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// Read gives the records of a WARC or ARC file, compressed or not. An error
// ends the sequence: what stands behind it could not be read. A record with a
// Problem does not.
func Read(in io.Reader, l Limits) iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		r, err := newReader(in, l.filled())
		if err != nil {
			yield(nil, err)
			return
		}
		for n := 0; ; n++ {
			if n >= r.limits.Records {
				yield(nil, fmt.Errorf("more than %d records: %w", n, ErrLimit))
				return
			}
			rec, err := r.next()
			if errors.Is(err, io.EOF) && rec == nil {
				return
			}
			var damage *damageError
			if errors.As(err, &damage) {
				rec, err = r.damaged(rec, damage), nil
			}
			if rec != nil && !yield(rec, nil) {
				return
			}
			if err != nil {
				if !errors.Is(err, io.EOF) {
					yield(nil, err)
				}
				return
			}
		}
	}
}

func (l Limits) filled() Limits {
	d := Defaults()
	return Limits{
		Block: cmp.Or(l.Block, d.Block), Total: cmp.Or(l.Total, d.Total),
		Ratio: cmp.Or(l.Ratio, d.Ratio), Records: cmp.Or(l.Records, d.Records),
	}
}

type reader struct {
	in      *bufio.Reader
	count   *counter
	limits  Limits
	arc     bool
	after   bool // a record was read before
	strayed bool // the length of the last record was wrong
	zeros   int  // bytes between the last record and what follows it
	back    *returned
	members *members // of a packed file
}

// counter counts what is read, and ends at a limit.
type counter struct {
	in     io.Reader
	n      int64
	limits Limits
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	c.n += int64(n)
	if c.n > c.limits.Total {
		return 0, ErrLimit
	}
	return n, err
}

func newReader(in io.Reader, l Limits) (*reader, error) {
	first := bufio.NewReaderSize(in, 64<<10)
	head, err := first.Peek(64 << 10)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read: %w", err)
	}
	c := &counter{in: first, limits: l}
	r := &reader{count: c, limits: l}
	if z := packingOf(head); z != nil {
		r.members = newMembers(first, z, l.Ratio)
		c.in = r.members
	}
	r.in = bufio.NewReaderSize(c, maxHeader)
	return r, nil
}

// packingOf looks for gzip or zstd where a file begins, or behind that where it is neither
// packed nor plain: its first bytes may be damaged. It gives nil for a plain file.
func packingOf(head []byte) packing {
	switch {
	case bytes.HasPrefix(head, gzipBegin[:2]):
		return &gzipped{}
	case bytes.HasPrefix(head, frameBegin), isSkippable(head):
		return &frames{}
	case bytes.Contains(head, []byte("WARC/")), bytes.Contains(head, []byte("filedesc:")):
		return nil
	case bytes.Contains(head, gzipBegin):
		return &gzipped{}
	case bytes.Contains(head, frameBegin):
		return &frames{}
	}
	return nil
}

func (r *reader) offset() int64 {
	n := r.count.n - int64(r.in.Buffered())
	if r.back != nil {
		n -= int64(len(r.back.rest))
	}
	return n
}

// next reads one record; together with a record, the error belongs to what
// follows it.
func (r *reader) next() (*Record, error) {
	if err := r.blank(); err != nil {
		return nil, err
	}
	if n := r.zeros; n > 0 {
		r.zeros = 0
		if r.after && !r.strayed {
			return &Record{Offset: r.offset() - int64(n), Problem: fmt.Sprintf("%d bytes that are no record", n)}, nil
		}
	}
	start, err := r.in.Peek(10)
	if len(start) == 0 {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(start, []byte("WARC/")):
		return r.warc()
	case bytes.HasPrefix(start, []byte("filedesc:")):
		r.arc = true
		return r.arcRecord()
	case r.arc:
		return r.arcRecord()
	}
	rec, err := r.resync()
	var damage *damageError
	if err != nil && !r.after && !errors.As(err, &damage) {
		return nil, errors.New("not a web archive: it begins neither with WARC/ nor with filedesc, and no record stands in it")
	}
	r.after = true
	return rec, err
}

// blank skips the empty lines between records. Zeros that fill a file up to its end are none of
// its records; others are counted.
func (r *reader) blank() error {
	for {
		b, err := r.in.ReadByte()
		if err != nil {
			return eof(err)
		}
		if b == 0 {
			r.zeros++
		} else if b != '\r' && b != '\n' {
			return r.in.UnreadByte()
		}
	}
}

// eof words the errors of a file that was cut off.
func eof(err error) error {
	if err == io.ErrUnexpectedEOF {
		return fmt.Errorf("the file is cut off: %w", err)
	}
	return err
}

func (r *reader) warc() (*Record, error) {
	rec := &Record{Offset: r.offset()}
	r.strayed = false
	if err := r.header(rec); err != nil {
		rec.Problem = "its header is cut off or too long"
		if errors.Is(err, bufio.ErrBufferFull) || errors.Is(err, errLongHeader) {
			r.after, r.strayed, err = true, true, nil // the next record is looked for
		}
		return rec, eof(err)
	}
	rec.Type, rec.ID = strings.ToLower(rec.Get("WARC-Type")), rec.Get("WARC-Record-ID")
	rec.URI = address(strings.TrimSuffix(strings.TrimPrefix(rec.Get("WARC-Target-URI"), "<"), ">"))
	var known bool
	if rec.Date, known = parseDate(rec.Get("WARC-Date")); !known {
		rec.Problem = "its date cannot be read"
	}
	length, err := strconv.ParseInt(rec.Get("Content-Length"), 10, 64)
	if err != nil || length < 0 {
		rec.Problem = "its length cannot be read"
		r.after, r.strayed = true, true
		return rec, nil
	}
	return r.block(rec, length)
}

// parseDate reads a date of the profile of ISO 8601 that WARC 1.1 names (W3CDTF): of a year, a month,
// a day, a minute or a second and less.
func parseDate(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", time.DateOnly, "2006-01", "2006"} {
		if date, err := time.Parse(layout, s); err == nil {
			return date.UTC(), true
		}
	}
	return time.Time{}, false
}

var errLongHeader = errors.New("the header of a record is too long")

// header reads the version line and the named fields, of which one may go on
// on further lines.
func (r *reader) header(rec *Record) error {
	for size := 0; ; {
		line, err := r.in.ReadSlice('\n')
		if size += len(line); err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return err
		}
		if size > maxHeader {
			return errLongHeader
		}
		text := strings.TrimRight(string(line), "\r\n")
		if text == "" {
			return nil
		}
		if n := len(rec.Fields); n > 0 && (text[0] == ' ' || text[0] == '\t') {
			rec.Fields[n-1].Value += " " + strings.TrimSpace(text)
			continue
		}
		if name, value, ok := strings.Cut(text, ":"); ok {
			rec.Fields = append(rec.Fields, Field{strings.TrimSpace(name), strings.TrimSpace(value)})
		}
	}
}

// block reads the content of a record and compares its digest.
func (r *reader) block(rec *Record, length int64) (*Record, error) {
	r.after = true
	if length > r.limits.Block {
		rec.Problem = fmt.Sprintf("its block of %d bytes is longer than allowed", length)
		return rec, r.skip(rec, length)
	}
	var b bytes.Buffer
	b.Grow(int(min(length, maxHeader)) + bytes.MinRead) // no more: the length may be wrong
	n, err := io.CopyN(&b, r.in, length)
	rec.Block = b.Bytes()
	if n < length {
		rec.Problem = "it is cut off"
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		if held := r.back; errors.Is(err, io.ErrUnexpectedEOF) {
			if r.giveBack(rec); r.back != held {
				rec.Problem, err = "its length is wrong", nil
			}
		}
		return rec, eof(err)
	}
	if next, err := r.in.Peek(1); err == nil && next[0] != '\r' && next[0] != '\n' {
		rec.Problem, r.strayed = "its length is wrong", true
		r.giveBack(rec)
		return rec, nil
	}
	if want := rec.Get("WARC-Block-Digest"); want != "" && !SameDigest(want, rec.Block) && rec.Problem == "" {
		rec.Problem = "its digest is not that of its block"
		r.giveBack(rec)
	}
	// The end of a packed record tells whether its bytes are whole.
	err = r.blank()
	var damage *damageError
	if errors.As(err, &damage) && damage.whole {
		err = nil // of the next record, and given again
	}
	return rec, err
}

// SameDigest compares a labelled digest with bytes. An algorithm that is not
// known proves nothing and passes.
func SameDigest(labelled string, block []byte) bool {
	name, value, ok := strings.Cut(labelled, ":")
	if !ok {
		return true
	}
	var sum []byte
	switch strings.ToLower(strings.ReplaceAll(name, "-", "")) {
	case "sha1":
		s := sha1.Sum(block)
		sum = s[:]
	case "sha256":
		s := sha256.Sum256(block)
		sum = s[:]
	default:
		return true
	}
	value = strings.TrimRight(value, "=")
	return strings.EqualFold(value, hex.EncodeToString(sum)) || strings.EqualFold(value, base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum))
}

// address escapes the spaces and control characters that other programs leave in
// addresses.
func address(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c == 0x7f {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
