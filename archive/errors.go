package archive

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
	"time"

	"github.com/mattn/go-sqlite3"
)

// Sentinel errors, tested with errors.Is.
var (
	ErrNotArchive = errors.New("not a dossier archive")
	ErrNewer      = errors.New("made by a newer version of dossier")
	ErrOlder      = errors.New("made by an older version of dossier")
	ErrReadOnly   = errors.New("the archive cannot be written")
	ErrFull       = errors.New("the disk is full")
	ErrDamaged    = errors.New("the archive is damaged")
	ErrIndex      = fmt.Errorf("%w, though only what can be made again", ErrDamaged) // indexes alone
	ErrNotFound   = errors.New("not in the archive")
	ErrNoFTS      = errors.New("this program was built without full-text search; build it with -tags sqlite_fts5")
)

// absentError says what is not there, and is fs.ErrNotExist without its words.
type absentError string

func (e absentError) Error() string { return string(e) }
func (e absentError) Unwrap() error { return fs.ErrNotExist }

// LockedError says that another process is crawling into the archive.
type LockedError struct {
	Path   string
	Holder Holder
}

// Holder is who holds the lock of an archive.
type Holder struct {
	PID     int       `json:"pid"`
	Host    string    `json:"host"`
	Command string    `json:"command"`
	Since   time.Time `json:"since"`
}

func (e *LockedError) Error() string {
	if e.Holder.PID == 0 {
		return fmt.Sprintf("%s is locked by another run", e.Path)
	}
	return fmt.Sprintf("%s is locked by process %d on %s (%s, since %s)", e.Path, e.Holder.PID, e.Holder.Host,
		e.Holder.Command, e.Holder.Since.Format(time.RFC3339))
}

// classify gives the errors of SQLite that a user can act on their sentinel.
func classify(err error) error {
	var s sqlite3.Error
	if !errors.As(err, &s) {
		if errors.Is(err, fs.ErrPermission) && !errors.Is(err, ErrReadOnly) {
			return fmt.Errorf("%w: %w", ErrReadOnly, err)
		}
		if err != nil && !errors.Is(err, ErrDamaged) && strings.Contains(err.Error(), "sql: Scan error") {
			return fmt.Errorf("%w: %w", ErrDamaged, err) // a value of another type than was written
		}
		return err
	}
	if strings.Contains(s.Error(), "no such module: fts5") {
		return fmt.Errorf("%w: %w", ErrNoFTS, err)
	}
	if s.Code == sqlite3.ErrIoErr && (s.SystemErrno == syscall.ENOSPC || s.SystemErrno == syscall.EDQUOT) {
		return fmt.Errorf("%w: %w", ErrFull, err) // the shared index of the log did not fit
	}
	if kind, name := missingIn(s.Error()); kind == "index" {
		return fmt.Errorf("%w: the index %s is missing", ErrIndex, name)
	} else if kind == "table" && name != "goose_db_version" { // a file without that is no archive
		return fmt.Errorf("%w: the table %s is missing", ErrDamaged, name)
	}
	if strings.Contains(s.Error(), "JSON cannot hold BLOB values") {
		return fmt.Errorf("%w: %w", ErrDamaged, err) // a text is none any more
	}
	switch s.Code {
	case sqlite3.ErrNotADB:
		return fmt.Errorf("%w: %w", ErrNotArchive, err)
	case sqlite3.ErrReadonly, sqlite3.ErrPerm:
		return fmt.Errorf("%w: %w", ErrReadOnly, err)
	case sqlite3.ErrFull:
		return fmt.Errorf("%w: %w", ErrFull, err)
	case sqlite3.ErrCorrupt:
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return err
}

// missingIn says what SQLite has not found, a table or an index, and its name.
func missingIn(text string) (kind, name string) {
	if _, rest, ok := strings.Cut(text, "no such "); ok {
		kind, name, _ = strings.Cut(rest, ": ")
	}
	return kind, name
}
