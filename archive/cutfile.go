package archive

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// OpenDamaged opens an archive for Salvage alone, as OpenAsIs does. SQLite opens no
// file that is shorter than it says, and none of which a definition of a table is damaged; of
// such a one a copy is made in the folder scratch, filled up with zeros, or with the
// definitions that are known, and removed by Close.
func OpenDamaged(ctx context.Context, path, scratch string) (*Archive, error) {
	size, err := missingBytes(path)
	if err != nil {
		return OpenAsIs(ctx, path) // which says what is wrong
	}
	var a *Archive
	if size == 0 {
		a, err = OpenAsIs(ctx, path)
	} else {
		a, err = openCopy(ctx, path, scratch, func(copied string) (bool, error) { return true, os.Truncate(copied, size) })
	}
	if err != nil && !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrNotArchive) && !misfits(err) {
		return nil, err
	}
	known, failed := definitions(ctx)
	if failed != nil {
		return nil, copyError(path, errors.Join(failed, closed(a)))
	}
	if err == nil {
		ok, err := a.isDefined(ctx, known)
		if ok {
			return a, nil
		}
		if err != nil && !isCorrupt(err) && !misfits(err) {
			return nil, errors.Join(err, a.Close())
		}
	}
	if failed := closed(a); failed != nil {
		return nil, failed
	}
	b, again := openCopy(ctx, path, scratch, func(copied string) (bool, error) { return redefine(ctx, copied, known) })
	switch {
	case again == nil:
		return b, nil
	case errors.Is(again, ErrDamaged), errors.Is(again, ErrNotArchive):
		if err != nil {
			return nil, err
		}
		return nil, fmt.Errorf("%s: what its tables are is damaged: %w", path, ErrDamaged)
	}
	return nil, again
}

const scratchFolder = ".dossier-salvage-*"

func closed(a *Archive) error {
	if a == nil {
		return nil
	}
	return a.Close()
}

func copyError(path string, err error) error {
	return fmt.Errorf("make a copy of %s, to be read in its place: %w", path, err)
}

// openCopy opens a copy of an archive, once it is changed. Where that reports that it is of no
// use the error is ErrDamaged.
func openCopy(ctx context.Context, path, scratch string, change func(copied string) (bool, error)) (*Archive, error) {
	folder, err := os.MkdirTemp(scratch, scratchFolder)
	if err != nil {
		return nil, copyError(path, err)
	}
	whole := filepath.Join(folder, "archive.db")
	err = copyFile(whole, path)
	if log := path + "-wal"; err == nil {
		if err = copyFile(whole+"-wal", log); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	}
	useful := true
	if err == nil {
		useful, err = change(whole)
	}
	if err != nil {
		return nil, errors.Join(copyError(path, err), os.RemoveAll(folder))
	}
	if !useful {
		return nil, errors.Join(ErrDamaged, os.RemoveAll(folder))
	}
	a, err := OpenAsIs(ctx, whole)
	if errors.Is(err, ErrDamaged) { // said of the file itself: nobody knows of the copy
		err = fmt.Errorf("%s is cut short, and too little of it is left: %w", path, errors.Unwrap(err))
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	a.scratch = folder
	return a, nil
}

// missingBytes is the size that a database should have, by its own header, when it is
// shorter; else 0. https://www.sqlite.org/fileformat2.html#the_database_header
func missingBytes(path string) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	var header [100]byte
	if _, err := io.ReadFull(f, header[:]); err != nil {
		return 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	page := int64(binary.BigEndian.Uint16(header[16:]))
	if page == 1 {
		page = 1 << 16
	}
	if size := page * int64(binary.BigEndian.Uint32(header[28:])); size > info.Size() && string(header[:15]) == "SQLite format 3" {
		return size, nil
	}
	return 0, nil
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
