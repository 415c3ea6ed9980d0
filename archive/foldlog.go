package archive

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Sizes and words of the log that SQLite writes beside the file.
// https://www.sqlite.org/fileformat2.html#the_write_ahead_log
const (
	logHeader   = 32
	frameHeader = 24
	logMagic    = 0x377f0682 // with sums of little-endian words; one more: of big-endian ones
)

// foldLog brings what stands in the log of a copy into its file, up to the last transaction that
// is whole, and removes it. SQLite does so only where it can read what the tables are.
func foldLog(path string) (err error) {
	log, err := os.Open(path + "-wal")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close(), os.Remove(path+"-wal")) }()
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	_, last, err := eachFrame(log, 1<<62, nil)
	if err != nil || last == 0 {
		return err
	}
	pages, _, err := eachFrame(log, last, func(number uint32, page []byte) error {
		_, err := file.WriteAt(page, int64(number-1)*int64(len(page)))
		return err
	})
	if err != nil {
		return fmt.Errorf("fold the log into %s: %w", path, err)
	}
	return errors.Join(file.Truncate(pages), file.Sync())
}

// eachFrame gives the first frames of a log, as far as their sums hold, and then the size of the
// file after the last transaction that ends in them, in bytes, and how many frames that takes.
func eachFrame(log io.ReaderAt, most int, do func(number uint32, page []byte) error) (size int64, last int, err error) {
	head := make([]byte, logHeader)
	if _, err := log.ReadAt(head, 0); err != nil {
		return 0, 0, ended(err)
	}
	var words binary.ByteOrder = binary.LittleEndian
	switch binary.BigEndian.Uint32(head) {
	case logMagic:
	case logMagic + 1:
		words = binary.BigEndian
	default:
		return 0, 0, nil
	}
	sum := logSum{words: words}
	sum.add(head[:24])
	pageSize := int64(binary.BigEndian.Uint32(head[8:]))
	if !sum.is(head[24:]) || pageSize < 512 || pageSize > 1<<16 {
		return 0, 0, nil
	}
	frame := make([]byte, frameHeader+pageSize)
	for n := 0; n < most; n++ {
		if _, err := log.ReadAt(frame, logHeader+int64(n)*int64(len(frame))); err != nil {
			return size, last, ended(err)
		}
		sum.add(frame[:8])
		sum.add(frame[frameHeader:])
		number, pages := binary.BigEndian.Uint32(frame), binary.BigEndian.Uint32(frame[4:])
		if number == 0 || !bytes.Equal(frame[8:16], head[16:24]) || !sum.is(frame[16:]) {
			return size, last, nil
		}
		if pages > 0 {
			size, last = int64(pages)*pageSize, n+1
		}
		if do != nil {
			if err := do(number, frame[frameHeader:]); err != nil {
				return size, last, err
			}
		}
	}
	return size, last, nil
}

// ended takes the end of a log for no error: the last frame may have been cut off.
func ended(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

// A logSum is the sum over all of a log up to some place.
type logSum struct {
	words binary.ByteOrder
	a, b  uint32
}

func (s *logSum) add(data []byte) {
	for i := 0; i+8 <= len(data); i += 8 {
		s.a += s.words.Uint32(data[i:]) + s.b
		s.b += s.words.Uint32(data[i+4:]) + s.a
	}
}

func (s *logSum) is(written []byte) bool {
	return s.a == binary.BigEndian.Uint32(written) && s.b == binary.BigEndian.Uint32(written[4:])
}
