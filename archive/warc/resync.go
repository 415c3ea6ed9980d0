package warc

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
)

// damaged gives the record, or the gap, in which packed bytes were damaged;
// reading goes on behind it.
func (r *reader) damaged(rec *Record, d *damageError) *Record {
	r.after = true
	if rec == nil {
		rec = &Record{Offset: r.offset()}
	}
	rec.Problem = d.Error()
	r.in.Reset(r.count) // what is left of the damaged member
	r.back = nil
	r.members.resume()
	return rec
}

// resync goes to the next record. It gives the gap before that, unless it is the
// rest of a record whose length was wrong.
func (r *reader) resync() (*Record, error) {
	gap := &Record{Offset: r.offset()}
	for skipped := 0; skipped < resyncSpan; {
		line, err := r.in.ReadSlice('\n')
		skipped += len(line)
		gap.Problem = fmt.Sprintf("%d bytes that are no record", skipped)
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return gap, err
		}
		if next, err := r.in.Peek(7); err == nil && bytes.HasPrefix(next, []byte("WARC/1.")) {
			if r.strayed {
				return r.warc()
			}
			return gap, nil
		}
	}
	return gap, errors.New("no further record was found")
}

// skip passes over a block that is too long to be kept, or to be true: it ends
// where another record begins.
func (r *reader) skip(rec *Record, length int64) error {
	for blank := false; length > 0; {
		ahead, err := r.in.Peek(int(min(length, maxHeader/4)))
		if len(ahead) == 0 {
			return eof(err)
		}
		if blank && bytes.HasPrefix(ahead, []byte("WARC/1.")) {
			rec.Problem, r.strayed = "its length is wrong", true
			return nil
		}
		line := ahead[:1+bytes.IndexByte(ahead, '\n')]
		blank = len(line) > 0 && len(line) <= len("\r\n")
		if len(line) == 0 {
			line = ahead
		}
		length -= int64(len(line))
		if _, err := r.in.Discard(len(line)); err != nil {
			return err
		}
	}
	return nil
}

// giveBack reads again what a block of a wrong length has of further records.
func (r *reader) giveBack(rec *Record) {
	const begin = "\r\n\r\nWARC/1."
	ahead, _ := r.in.Peek(len(begin))
	i := bytes.Index(slices.Concat([]byte(begin[:4]), rec.Block, ahead), []byte(begin))
	if i < 0 || i >= len(rec.Block) {
		return
	}
	unread, _ := r.in.Peek(r.in.Buffered())
	rest := slices.Concat(rec.Block[i:], unread)
	rec.Block = rec.Block[:i]
	if r.back != nil {
		rest = append(rest, r.back.rest...)
	}
	r.back = &returned{rest, r.count}
	r.in = bufio.NewReaderSize(r.back, maxHeader)
}

// returned is what was given back, and then the file.
type returned struct {
	rest []byte
	in   io.Reader
}

func (b *returned) Read(p []byte) (int, error) {
	if len(b.rest) == 0 {
		return b.in.Read(p)
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}
