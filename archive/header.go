package archive

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// Places in the header of an SQLite file, after its 16 first bytes: who may write it and who
// may read it, as 1 or 2. With a greater number to write the library opens it to read alone;
// with one to read not at all.
const (
	headerWrite = 18
	headerRead  = 19
	formatMost  = 2
)

const detailWrite = "its header says that only programs of a later time may write it"

// forbidsWriting reports whether the header of an archive says that nobody may write it. While
// there is a log, which has a header of its own, that holds.
func forbidsWriting(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	head := make([]byte, headerRead+1)
	if _, err := io.ReadFull(f, head); err != nil {
		return false, nil // a new file
	}
	return head[headerWrite] > formatMost && noLog(path), nil
}

// mendHeader lets whoever may read an archive write it: they never differ.
func mendHeader(path string) (err error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	format := make([]byte, 1)
	if _, err := f.ReadAt(format, headerRead); err != nil {
		return err
	}
	if _, err := f.WriteAt(format, headerWrite); err != nil {
		return fmt.Errorf("mend the header: %w", err)
	}
	return f.Sync()
}

// header finds a header that forbids to write. A repair has mended it when it opened the
// file.
func (v *verifier) header() error {
	forbids, err := forbidsWriting(v.a.path)
	if err != nil || !forbids && !v.a.mended {
		return err
	}
	v.found(Damage{Kind: DamagedFile, What: v.a.path, Detail: detailWrite, Repaired: v.a.mended})
	return nil
}
