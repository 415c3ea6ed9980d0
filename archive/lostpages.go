package archive

import (
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"os"
)

// pagesOf reads the pages of a database file one by one.
type pagesOf struct {
	file  *os.File
	size  int64 // of a page
	count int64

	log    *os.File        // nil when there is none
	logged map[int64]int64 // where in it pages stand
}

// Kinds of pages, by their first byte.
const (
	interiorTable = 5
	leafTable     = 13
)

// usualPage is the size of pages of an archive that nobody has changed.
const usualPage = 4096

func openPages(path string) (*pagesOf, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	head := make([]byte, 100)
	info, err := f.Stat()
	if err == nil {
		_, err = io.ReadFull(f, head)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	size := int64(binary.BigEndian.Uint16(head[16:]))
	if size == 1 {
		size = 1 << 16
	}
	if size < 512 || size&(size-1) != 0 || info.Size()%size != 0 {
		size = usualPage
	}
	p := &pagesOf{file: f, size: size, count: info.Size() / size}
	if err := p.openLog(path); err != nil {
		return nil, errors.Join(err, p.close())
	}
	return p, nil
}

// openLog finds the pages that stand in the log.
func (p *pagesOf) openLog(path string) (err error) {
	if p.log, err = os.Open(path + "-wal"); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	p.logged = map[int64]int64{}
	_, last, err := eachFrame(p.log, 1<<62, nil)
	if err != nil || last == 0 {
		return err
	}
	at := int64(logHeader + frameHeader)
	size, _, err := eachFrame(p.log, last, func(number uint32, page []byte) error {
		p.logged[int64(number)] = at
		at += int64(len(page)) + frameHeader
		return nil
	})
	p.count = size / p.size
	return err
}

func (p *pagesOf) close() error {
	err := p.file.Close()
	if p.log != nil {
		err = errors.Join(err, p.log.Close())
	}
	return err
}

// read gives a page, of the first one what follows on the header of the file, and where it
// begins.
func (p *pagesOf) read(n int64) (page []byte, from int, err error) {
	page = make([]byte, p.size)
	if n == 1 {
		from = 100
	}
	if n < 1 || n > p.count {
		return page, from, nil
	}
	if at, ok := p.logged[n]; ok {
		_, err = p.log.ReadAt(page, at)
		return page, from, err
	}
	if _, err = p.file.ReadAt(page, (n-1)*p.size); errors.Is(err, io.EOF) {
		err = nil // it is nowhere, and so of zeros
	}
	return page, from, err
}

// cells gives the places of the cells of a page of a table; those that lead out of it are
// left out.
func cells(page []byte, from int) (out []int) {
	head := from + 8
	if page[from] == interiorTable {
		head += 4
	}
	for i := range int(binary.BigEndian.Uint16(page[from+3:])) {
		if head+2*i+2 > len(page) {
			break
		}
		if at := int(binary.BigEndian.Uint16(page[head+2*i:])); at >= head && at+4 < len(page) {
			out = append(out, at)
		}
	}
	return out
}

// children gives the pages that an interior page points to, in their order.
func children(page []byte, from int) (out []int64) {
	for _, at := range cells(page, from) {
		out = append(out, int64(binary.BigEndian.Uint32(page[at:])))
	}
	return append(out, int64(binary.BigEndian.Uint32(page[from+8:])))
}
