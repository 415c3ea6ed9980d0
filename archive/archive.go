// Package archive keeps what was fetched and read in one SQLite file: the
// frontier of every site, runs and observations, pages as they came, and
// records with their versions and addresses.
//
// All writing goes through one connection, each page in one transaction, which
// it may share with others, and which is on disk when Commit returns. Reading has
// connections of its own and never waits for the writer.
//
// The files by what they are for:
//
//   - the file: archive.go, header.go, errors.go, migrate.go, lock.go, diskspace.go, scratch.go; the
//     connections: writer.go, groupcommit.go, statements.go
//   - what is asked next, and how it went: frontier.go, said.go, run.go, revisit.go, observe.go,
//     coverage.go
//   - one page into the archive: commit.go; what its article is to the archive: record.go,
//     alias.go, figures.go, spelling.go, moved.go, twin.go, parting.go
//   - pages as they came: page.go, parts.go, codec.go, samples.go, captures.go
//   - records out of it: read.go, lines.go, diff.go
//   - search: query.go, search.go, searchindex.go, snippet.go, fold.go; texts that are
//     much alike: similar.go
//   - seals and digests: seal.go of observations, rowseal.go of all else
//   - verify: verify.go and a file for each thing that is compared, integrity.go of
//     SQLite's own; repair: mendobservation.go, remake.go, lostrow.go, lostrun.go; salvage.go, with
//     rowscan.go, cutfile.go, lostschema.go, lostpages.go and foldlog.go
//   - stored pages that are read again: reread.go
//   - import: import.go, importopen.go, importstore.go, openpipe.go, importrequest.go, importparts.go, importwhole.go, importobserve.go, importseen.go, importback.go, importmoved.go,
//     importagain.go, importrefused.go, importredirect.go, importrevisit.go, importlate.go, importnamed.go, of WACZ importwacz.go and waczdigest.go
//   - backup.go, prune.go, prunedry.go
package archive

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"
)

// applicationID marks a file as an archive of this program.
const applicationID = 1685025651

// IsArchive reports whether a file is an archive, by its first bytes. A pipe is none, and
// is not opened: nobody may ever write into it.
func IsArchive(path string) bool {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	// Of the header of an SQLite file the four bytes from 68 on are ours.
	head := make([]byte, 72)
	_, err = io.ReadFull(f, head)
	return err == nil && bytes.HasPrefix(head, []byte("SQLite format 3\x00")) && binary.BigEndian.Uint32(head[68:]) == applicationID
}

// An Archive is an open archive file. It is safe for concurrent use.
type Archive struct {
	path   string
	writer *writer // nil when opened for reading
	reader *sql.DB
	lookup *lookups // with the reader
	codec  *codec

	made      bool // by Open
	mended    bool // its header, by Open
	abandoned bool
	scratch   string // folder of the copy that is read, removed by Close
}

// Options of Open.
type Options struct {
	Create bool // make the file when it is not there
	Repair bool // mend a header that forbids to write, for Verify
}

// Open opens an archive for reading and writing and brings an older one up to
// date. Errors are ErrNotArchive, ErrNewer, ErrReadOnly, ErrFull or ErrDamaged
// where they are something that a user can mend.
func Open(ctx context.Context, path string, o Options) (*Archive, error) {
	if err := checkPath(path, o.Create); err != nil {
		return nil, err
	}
	mended, err := checkWritable(ctx, path, o.Repair)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, classify(err))
	}
	_, err = os.Stat(path)
	a := &Archive{path: path, made: errors.Is(err, fs.ErrNotExist), mended: mended}
	if err := a.openBoth(ctx); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, classify(err))
	}
	return a, a.openCodec()
}

func (a *Archive) openBoth(ctx context.Context) (err error) {
	if a.writer, err = openWriter(a.path); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.writer.close())
		}
	}()
	if err := a.prepare(ctx); err != nil {
		return err
	}
	if err := a.writer.connect(ctx); err != nil {
		return err
	}
	return a.openReader("mode=ro&_query_only=1&_busy_timeout=10000")
}

// OpenReader opens an archive that is never written to: while a crawl runs,
// and also where neither the file nor its folder can be written. ErrOlder asks for
// Upgrade.
func OpenReader(ctx context.Context, path string) (*Archive, error) {
	return openReader(ctx, path, latestSchema())
}

// OpenAsIs opens an archive for Backup or Salvage alone. It may be older than the
// program: one backs it up before it is brought up to date, and for a damaged one
// that may fail.
func OpenAsIs(ctx context.Context, path string) (*Archive, error) {
	return openReader(ctx, path, 1)
}

// Upgrade brings an older archive up to date and reports whether it was one. It
// locks it meanwhile, in the name of a command.
func Upgrade(ctx context.Context, path, command string) (older bool, err error) {
	r, err := OpenReader(ctx, path)
	if !errors.Is(err, ErrOlder) {
		if err == nil {
			err = r.Close()
		}
		return false, err
	}
	unlock, err := (&Archive{path: path}).Lock(command)
	if err == nil {
		var a *Archive
		if a, err = Open(ctx, path, Options{}); err == nil {
			err = a.Close()
		}
		err = errors.Join(err, unlock())
	}
	if err != nil {
		return true, fmt.Errorf("%s is of an older dossier and cannot be brought up to date: %w", path, err)
	}
	return true, nil
}

// openReader opens an archive whose schema is not older than one.
func openReader(ctx context.Context, path string, oldest int64) (*Archive, error) {
	if err := checkPath(path, false); err != nil {
		return nil, err
	}
	a := &Archive{path: path}
	if err := a.openReader("mode=ro&_query_only=1&_busy_timeout=10000"); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, classify(err))
	}
	err := a.checkSchema(ctx, a.reader, oldest)
	if err != nil && !errors.Is(err, ErrNewer) && !errors.Is(err, ErrNotArchive) && noLog(path) {
		// Without a log beside it the file is complete, and can be read where
		// SQLite could not make its index of the log.
		a.reader.Close()
		if err = a.openReader("mode=ro&_query_only=1&immutable=1"); err == nil {
			err = a.checkSchema(ctx, a.reader, oldest)
		}
	}
	if err != nil {
		a.reader.Close()
		return nil, fmt.Errorf("open %s: %w", path, classify(err))
	}
	return a, a.openCodec()
}

// checkWritable looks at a file before anything is written to it: opening it
// for writing would turn the database of another program to our journal. A header that
// forbids to write is mended where that is asked for.
func checkWritable(ctx context.Context, path string, mend bool) (mended bool, err error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("%w: %w", ErrReadOnly, err)
	}
	if err := f.Close(); err != nil {
		return false, err
	}
	db, err := sql.Open("sqlite3", dsn(path, "mode=ro&_query_only=1&_busy_timeout=10000"))
	if err != nil {
		return false, err
	}
	if err := errors.Join(checkOwner(ctx, db), db.Close()); err != nil {
		return false, err
	}
	forbids, err := forbidsWriting(path)
	switch {
	case err != nil || !forbids:
		return false, err
	case !mend:
		return false, fmt.Errorf("%s: %w", detailWrite, ErrDamaged)
	}
	return true, mendHeader(path)
}

// noLog reports whether no write-ahead log stands beside the file.
func noLog(path string) bool {
	info, err := os.Stat(path + "-wal")
	return err != nil || info.Size() == 0
}

// checkPath gives the plain errors that SQLite words badly.
func checkPath(path string, create bool) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && create:
		if dir := filepath.Dir(path); !isDir(dir) {
			return fmt.Errorf("archive %s: the folder %s does not exist; make it first", path, dir)
		}
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return absentError(fmt.Sprintf("archive %s does not exist; `dossier crawl` makes it, --archive names another", path))
	case err != nil:
		return fmt.Errorf("archive: %w", err)
	case info.IsDir():
		return fmt.Errorf("archive %s is a folder; name a file in it: %w", path, ErrNotArchive)
	case info.Size() == 0 && !create && noLog(path): // it may have been cut to nothing
		return fmt.Errorf("open %s: it is empty: %w", path, ErrNotArchive)
	}
	return nil
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func dsn(path, query string) string {
	// Each connection of a sql.DB serves one goroutine at a time: it needs no lock of its own.
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: query + "&_mutex=no"}
	return u.String()
}

func (a *Archive) openReader(query string) error {
	db, err := sql.Open("sqlite3", dsn(a.path, query))
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(4)
	db.SetMaxIdleConns(4)
	a.reader, a.lookup = db, &lookups{db: db, stmts: map[string]*sql.Stmt{}}
	return nil
}

// prepare checks that the file is ours and not newer, and migrates it.
func (a *Archive) prepare(ctx context.Context) error {
	for try := 0; ; try++ {
		before, _ := appliedSchema(ctx, a.writer.db)
		err := a.bringUpToDate(ctx)
		if err == nil || try == makingTries || ctx.Err() != nil || errors.Is(err, ErrNewer) {
			return err
		}
		// Another process may be making the same archive: then its schema goes on.
		time.Sleep(makingFor)
		if after, err2 := appliedSchema(ctx, a.writer.db); err2 != nil || after <= before {
			return err
		}
	}
}

// An archive that another process makes at the same time is looked at again so often.
const (
	makingFor   = 200 * time.Millisecond
	makingTries = 25
)

func (a *Archive) bringUpToDate(ctx context.Context) error {
	if err := checkOwner(ctx, a.writer.db); err != nil {
		return err
	}
	if _, err := appliedSchema(ctx, a.writer.db); isCorrupt(err) { // the library would make the table again
		return fmt.Errorf("which migrations were made: %w", err)
	}
	p, err := provider(a.writer.db)
	if err != nil {
		return err
	}
	current, latest, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if current > latest {
		return newerError(current, latest)
	}
	if current == latest {
		return nil
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("bring up to date: %w", err)
	}
	return nil
}

func newerError(current, latest int64) error {
	return fmt.Errorf("schema %d, this program knows %d; install the newer dossier: %w", current, latest, ErrNewer)
}

// checkOwner tells databases of other programs from ours and from new files.
func checkOwner(ctx context.Context, db *sql.DB) error {
	var id, tables int
	if err := db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		return err
	}
	if id == applicationID {
		return nil
	}
	err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema WHERE name NOT LIKE 'goose_%' AND name NOT LIKE 'sqlite_%'").Scan(&tables)
	if err != nil {
		return err
	}
	if tables > 0 || id != 0 {
		return fmt.Errorf("it is a database of another program: %w", ErrNotArchive)
	}
	return nil
}

// checkSchema refuses what a reader cannot understand, without writing.
func (a *Archive) checkSchema(ctx context.Context, db *sql.DB, oldest int64) error {
	if err := checkOwner(ctx, db); err != nil {
		return err
	}
	current, err := schemaOf(ctx, db)
	if err != nil {
		var n int
		if again := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&n); again == nil && n == 0 {
			return fmt.Errorf("it is empty: %w", ErrNotArchive)
		}
		return err
	}
	switch latest := latestSchema(); {
	case current > latest:
		return newerError(current, latest)
	case current == 0:
		return fmt.Errorf("it is not finished: the program was ended while it made it, and the next crawl or import goes on: %w", ErrNotArchive)
	case current < oldest:
		return fmt.Errorf("schema %d is older than this program's %d; `dossier crawl` brings it up to date: %w", current, latest, ErrOlder)
	}
	return nil
}

// schemaOf is the schema of an archive. Where what says so is damaged, it follows from
// what the tables have.
func schemaOf(ctx context.Context, db querier) (current int64, err error) {
	current, err = appliedSchema(ctx, db)
	if isCorrupt(err) {
		current, err = schemaByColumns(ctx, db)
	}
	return current, err
}

func appliedSchema(ctx context.Context, db querier) (current int64, err error) {
	err = db.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&current)
	return current, err
}

func (a *Archive) openCodec() (err error) {
	a.codec, err = newCodec()
	return err
}

// Path is the file of the archive.
func (a *Archive) Path() string { return a.path }

// Abandon lets Close remove the archive, if Open has made it and nothing was
// stored in it. The caller holds the lock until then.
func (a *Archive) Abandon() { a.abandoned = true }

// Close ends all use. A writer folds the log into the file.
func (a *Archive) Close() error {
	empty := a.made && a.abandoned && a.isEmpty()
	err := a.reader.Close()
	if a.writer != nil {
		err = errors.Join(err, a.writer.close())
	}
	if a.codec != nil {
		a.codec.close()
	}
	if a.scratch != "" {
		err = errors.Join(err, os.RemoveAll(a.scratch))
	}
	if empty && err == nil { // with an error the log may stand beside it
		err = os.Remove(a.path)
	}
	return err
}

// isEmpty reports whether neither a run nor an import has stored anything.
func (a *Archive) isEmpty() bool {
	var n int
	err := a.reader.QueryRow("SELECT (SELECT count(*) FROM runs) + (SELECT count(*) FROM records)").Scan(&n)
	return err == nil && n == 0
}
