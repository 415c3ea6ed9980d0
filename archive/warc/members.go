package warc

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
)

// damageError says that packed bytes cannot be unpacked, and that a record
// begins behind them.
type damageError struct {
	at    int64 // in the packed file: begin of the member
	whole bool  // nothing of the member could be unpacked
	cause error
}

func (d *damageError) Error() string {
	if errors.Is(d.cause, ErrLimit) {
		return fmt.Sprintf("what is packed from byte %d of the file on is larger than allowed when unpacked", d.at)
	}
	return fmt.Sprintf("its packed bytes are damaged, from byte %d of the file on: %v", d.at, d.cause)
}

func (d *damageError) Unwrap() error { return d.cause }

// A packing unpacks members one by one.
type packing interface {
	io.Reader             // ends with the member
	begins() []byte       // what each member begins with
	skip(in *tape) error  // passes over what stands before a member and is none
	reset(in *tape) error // to the member that follows
}

// members unpacks a file of members one after the other, as WARC files are
// packed, a member for each record. A member that is damaged ends it with a
// damageError, until resume lets it go on behind.
type members struct {
	packed *tape
	z      packing
	open   bool  // a member is being unpacked
	begin  int64 // of that member
	given  int64 // bytes unpacked of it
	ratio  int64 // of these to the packed ones, beyond which it is given up as a bomb
	damage error // not yet dealt with
}

// gzipBegin is what a member begins with: its number and deflate, the one method.
var gzipBegin = []byte{0x1f, 0x8b, 0x08}

func newMembers(in io.Reader, z packing, ratio int64) *members {
	return &members{packed: &tape{in: bufio.NewReaderSize(in, 64<<10)}, z: z, ratio: ratio}
}

// gzipped is the packing of members of gzip.
type gzipped struct{ *gzip.Reader }

func (*gzipped) begins() []byte      { return gzipBegin }
func (*gzipped) skip(in *tape) error { return nil }

func (g *gzipped) reset(in *tape) (err error) {
	if g.Reader == nil {
		g.Reader, err = gzip.NewReader(in)
	} else {
		err = g.Reader.Reset(in)
	}
	if err != nil {
		g.Reader = nil
		return err
	}
	g.Multistream(false)
	return nil
}

func (m *members) Read(p []byte) (int, error) {
	for m.damage == nil {
		if !m.open {
			if err := m.next(); err != nil {
				return 0, err
			}
		}
		n, err := m.z.Read(p)
		m.given += int64(n)
		if m.given > ratioFrom && m.given/max(m.packed.offset()-m.begin, 1) > m.ratio {
			return 0, m.recover(ErrLimit)
		}
		if err == io.EOF {
			m.open, err = false, nil
		}
		if err != nil {
			return n, m.recover(err)
		}
		if n > 0 {
			return n, nil
		}
	}
	return 0, m.damage
}

// resume goes on behind what is damaged.
func (m *members) resume() { m.damage = nil }

// next opens the member that follows.
func (m *members) next() error {
	if err := m.z.skip(m.packed); err != nil {
		return err
	}
	m.packed.forget()
	first, err := m.packed.ReadByte()
	for b := first; b == 0 && err == nil; { // zeros may fill the file up to its end
		b, err = m.packed.ReadByte()
	}
	if err != nil {
		return err
	}
	m.packed.rewind(0)
	m.begin, m.given = m.packed.offset(), 0
	if err := m.z.reset(m.packed); err != nil {
		return m.recover(err)
	}
	m.open = true
	return nil
}

// recover puts the tape at the next member that begins a record. What is given
// is the damage, or the end of a file that holds no further one.
func (m *members) recover(cause error) error {
	m.open = false
	if errors.Is(cause, io.EOF) {
		cause = io.ErrUnexpectedEOF
	}
	m.packed.rewind(1)
	for from := m.packed.offset(); m.packed.offset()-from < resyncSpan; m.packed.rewind(1) {
		err := m.packed.find(m.z.begins())
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		m.packed.forget()
		if m.beginsRecord() {
			m.packed.rewind(0)
			m.damage = &damageError{m.begin, m.given == 0, cause}
			return m.damage
		}
	}
	if errors.Is(cause, ErrLimit) {
		m.damage = cause // also for whoever asks again
	}
	return cause
}

// beginsRecord looks into the member at the tape's place.
func (m *members) beginsRecord() bool {
	if m.z.reset(m.packed) != nil {
		return false
	}
	head := make([]byte, 16)
	n, _ := io.ReadFull(m.z, head)
	return bytes.HasPrefix(head[:n], []byte("WARC/")) || bytes.Contains(head[:n], []byte("://"))
}

// tape reads a file and keeps what has been read since the last call of forget,
// to read it again, as far as maxTape.
type tape struct {
	in   *bufio.Reader
	kept []byte
	at   int   // in kept
	lost int64 // bytes before kept
	full bool  // kept holds not all of it
}

// maxTape is the packed size of a record up to which what follows it is found
// although it swallows the following members when it is unpacked.
const maxTape = 16 << 20

func (t *tape) offset() int64 { return t.lost + int64(t.at) }

// forget makes the present place the one that rewind counts from.
func (t *tape) forget() {
	t.lost += int64(t.at)
	t.kept = t.kept[:copy(t.kept, t.kept[t.at:])]
	t.at, t.full = 0, false
}

// rewind goes back to n bytes behind the last call of forget, if these are kept.
func (t *tape) rewind(n int) {
	if !t.full && n <= len(t.kept) {
		t.at = n
	}
}

// find goes to the next place where a pattern begins.
func (t *tape) find(pattern []byte) error {
	for {
		for len(t.kept)-t.at < len(pattern) {
			if err := t.fill(); err != nil {
				return err
			}
		}
		if i := bytes.Index(t.kept[t.at:], pattern); i >= 0 {
			t.at += i
			return nil
		}
		t.at = len(t.kept) - len(pattern) + 1
		t.forget()
	}
}

// fill keeps more of the file.
func (t *tape) fill() error {
	if _, err := t.in.Peek(1); err != nil {
		return err
	}
	more, _ := t.in.Peek(t.in.Buffered())
	t.kept = append(t.kept, more...)
	_, err := t.in.Discard(len(more))
	return err
}

// peek gives the next n bytes, or with an error those that there are.
func (t *tape) peek(n int) ([]byte, error) {
	for len(t.kept)-t.at < n {
		if len(t.kept) >= maxTape {
			t.forget()
			t.full = true
		}
		if err := t.fill(); err != nil {
			return t.kept[t.at:], err
		}
	}
	return t.kept[t.at : t.at+n], nil
}

func (t *tape) ReadByte() (byte, error) {
	if ahead, err := t.peek(1); len(ahead) == 0 {
		return 0, err
	}
	b := t.kept[t.at]
	t.at++
	return b, nil
}

func (t *tape) Read(p []byte) (int, error) {
	if t.at == len(t.kept) {
		b, err := t.ReadByte()
		if err != nil || len(p) == 0 {
			return 0, err
		}
		p[0] = b
		return 1 + t.take(p[1:]), nil
	}
	return t.take(p), nil
}

func (t *tape) take(p []byte) int {
	n := copy(p, t.kept[t.at:])
	t.at += n
	return n
}
