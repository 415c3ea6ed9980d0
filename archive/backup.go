package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A Copy is what Backup has written.
type Copy struct {
	Records int
	Bytes   int64    // of the file
	Damage  []string // of the search index, which Verify can make anew, as it was in the archive
}

// Backup writes a copy of the archive as it is at this moment to a file, also
// while a crawl runs. The file appears under its name when it is complete, on
// disk and checked; one that is there is replaced only if replace is set.
func (a *Archive) Backup(ctx context.Context, path string, replace bool) (Copy, error) {
	made, err := a.copyBy(ctx, path, replace, a.copyTo)
	if err != nil {
		return Copy{}, fmt.Errorf("backup to %s: %w", path, classify(err))
	}
	return made, nil
}

// copyBy lets a copy of the archive be made in a folder beside its place, checks
// it, and puts it there.
func (a *Archive) copyBy(ctx context.Context, path string, replace bool, fill func(ctx context.Context, part string) error) (made Copy, err error) {
	if info, err := os.Stat(path); err == nil {
		switch {
		case !info.Mode().IsRegular():
			return made, errors.New("that is no ordinary file; name another")
		case !replace:
			return made, fmt.Errorf("%w; name another file", fs.ErrExist)
		}
		if path, err = filepath.EvalSymlinks(path); err != nil {
			return made, err
		}
	}
	if isSameFile(path, a.path) {
		return made, errors.New("that is the archive itself; name another file")
	}
	if _, err := os.Stat(filepath.Dir(path)); errors.Is(err, fs.ErrNotExist) {
		return made, absentError(fmt.Sprintf("the folder %s is not there; make it first", filepath.Dir(path)))
	}
	const begins = ".dossier-backup-"
	RemoveLeft(filepath.Dir(path), begins, "")
	held, err := Scratch(func() (*os.File, error) { return makeFolder(filepath.Dir(path), begins) })
	if errors.Is(err, fs.ErrPermission) { // it is not the archive that cannot be written
		return made, fmt.Errorf("no file can be made in the folder %s; name another, or change who may write there: %v", filepath.Dir(path), err)
	}
	if err != nil {
		return made, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(held.Name()), held.Close()) }()
	part := filepath.Join(held.Name(), "archive.db")
	if err := fill(ctx, part); err != nil {
		return made, err
	}
	if made, err = checkCopy(ctx, part); err != nil {
		return made, err
	}
	if err := syncFile(part); err != nil {
		return made, err
	}
	return made, errors.Join(publish(part, path, replace), syncFile(filepath.Dir(path)))
}

// publish gives a file its name, in one step also where another process does so.
func publish(part, path string, replace bool) error {
	if replace {
		return os.Rename(part, path)
	}
	err := os.Link(part, path)
	switch {
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%w; name another file", fs.ErrExist)
	case err != nil: // not every file system has links
		return os.Rename(part, path)
	}
	return nil
}

// makeFolder makes a new folder with a number behind its name, and opens it.
func makeFolder(in, begins string) (*os.File, error) {
	folder, err := os.MkdirTemp(in, begins+"*")
	if err != nil {
		return nil, err
	}
	f, err := os.Open(folder)
	if err != nil {
		err = errors.Join(err, os.Remove(folder))
	}
	return f, err
}

func isSameFile(a, b string) bool {
	first, err1 := os.Stat(a)
	second, err2 := os.Stat(b)
	return err1 == nil && err2 == nil && os.SameFile(first, second)
}

// copyTo needs a connection that may write, though not to the archive itself. Where
// nothing may be written beside that, it has to be read as openReader does.
func (a *Archive) copyTo(ctx context.Context, part string) error {
	err := a.vacuumInto(ctx, part, "mode=ro&_busy_timeout=10000")
	if errors.Is(classify(err), ErrReadOnly) && noLog(a.path) {
		err = a.vacuumInto(ctx, part, "mode=ro&immutable=1")
	}
	return err
}

func (a *Archive) vacuumInto(ctx context.Context, part, options string) error {
	db, err := sql.Open("sqlite3", dsn(a.path, options))
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "VACUUM INTO $1", part)
	return errors.Join(err, db.Close())
}

// checkCopy looks for damage. That of the search index is no reason to have no copy.
func checkCopy(ctx context.Context, path string) (Copy, error) {
	b, err := OpenAsIs(ctx, path)
	if err != nil {
		return Copy{}, err
	}
	faults, err := checked(ctx, b.reader, "quick_check")
	if err == nil && slices.ContainsFunc(faults, func(line string) bool { return !isOfSearch(line) }) {
		err = fmt.Errorf("the copy is not intact: %s: %w", strings.Join(faults, "; "), ErrDamaged)
	}
	made := Copy{Damage: faults}
	if err == nil {
		err = b.reader.QueryRowContext(ctx, "SELECT count(*) FROM records").Scan(&made.Records)
	}
	if info, failed := os.Stat(path); err == nil {
		if err = failed; err == nil {
			made.Bytes = info.Size()
		}
	}
	return made, errors.Join(err, b.Close())
}

func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
