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
// file that is shorter than it says; of such a one a copy is made in the folder
// scratch, filled up with zeros, and removed by Close.
func OpenDamaged(ctx context.Context, path, scratch string) (*Archive, error) {
	size, err := missingBytes(path)
	if err != nil || size == 0 {
		return OpenAsIs(ctx, path) // which says what is wrong
	}
	folder, err := os.MkdirTemp(scratch, ".dossier-salvage-*")
	if err != nil {
		return nil, fmt.Errorf("make a copy of %s, to be read in its place: %w", path, err)
	}
	whole := filepath.Join(folder, "archive.db")
	err = copyFile(whole, path)
	if err == nil {
		err = os.Truncate(whole, size)
	}
	if log := path + "-wal"; err == nil {
		if err = copyFile(whole+"-wal", log); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("make a copy of %s, to be read in its place: %w", path, err), os.RemoveAll(folder))
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
