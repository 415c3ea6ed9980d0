package export

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/mattn/go-sqlite3"

	"github.com/dossier-archive/dossier"
)

// sqliteEncoder writes a database with the records alone: one table with
// indexes and, when it has title and body, a full-text table beside it, which
// [withGrams] describes.
type sqliteEncoder struct {
	w      io.Writer
	ctx    context.Context
	row    rower
	file   *os.File // the database, which has no name once it is open
	db     *sql.DB
	tx     *sql.Tx
	insert *sql.Stmt
	index  *sql.Stmt // nil without a full-text table
	values []any
}

func newSQLite(w io.Writer, row rower) (_ *sqliteEncoder, err error) {
	e := &sqliteEncoder{w: w, ctx: row.ctx, row: row, values: make([]any, len(row.columns))}
	defer func() {
		if err != nil {
			err = errors.Join(err, e.Close())
		}
	}()
	if e.file, err = os.CreateTemp("", "dossier-export-*"); err != nil {
		return e, temporary(err)
	}
	e.db, err = sql.Open("sqlite3", e.file.Name()+"?_journal_mode=OFF&_synchronous=OFF&_cache_size=-16384")
	if err == nil {
		e.db.SetMaxOpenConns(1)
		e.tx, err = e.db.BeginTx(e.ctx, nil)
	}
	if err == nil {
		_, err = e.tx.ExecContext(e.ctx, e.schema())
	}
	if err = errors.Join(err, os.Remove(e.file.Name())); err != nil { // so that nothing stays behind when the program is killed
		return e, err
	}
	marks := "?" + strings.Repeat(", ?", len(row.columns)-1)
	if e.insert, err = e.tx.PrepareContext(e.ctx, "INSERT INTO records ("+strings.Join(namesOf(row.columns), ", ")+") VALUES ("+marks+")"); err != nil {
		return e, err
	}
	if e.searchable() {
		e.index, err = e.tx.PrepareContext(e.ctx, "INSERT INTO records_fts (rowid, title, body) VALUES (?, ?, ?)")
	}
	return e, err
}

func (e *sqliteEncoder) schema() string {
	columns := make([]string, len(e.row.columns))
	for i, c := range e.row.columns {
		kind := " TEXT NOT NULL"
		switch {
		case c.name == "id":
			kind = " TEXT NOT NULL UNIQUE"
		case c.optional:
			kind = " TEXT"
		case c.kind == "integer":
			kind = " INTEGER NOT NULL"
		}
		columns[i] = c.name + kind
	}
	list := strings.Join(columns, ", ")
	if !e.searchable() {
		return "CREATE TABLE records (" + list + ");"
	}
	// Datasette shows the first statement with its comment below the table, and
	// knows the second table, as sqlite-utils does, by content in double quotes.
	return "CREATE TABLE records (" + howToSearch + list + ");" +
		`CREATE VIRTUAL TABLE records_fts USING fts5 (title, body, content="records", tokenize='unicode61 remove_diacritics 2');
			INSERT INTO records_fts (records_fts, rank) VALUES ('hashsize', 8388608);`
}

// howToSearch tells whoever opens the file what [withGrams] leaves to the query.
var howToSearch = fmt.Sprintf(`
	-- Full text: SELECT * FROM records WHERE rowid IN (SELECT rowid FROM records_fts WHERE records_fts MATCH '"招商"')
	-- More than %d Chinese characters are found with a space behind each: MATCH '"招 商 引 资 政 策"'
	`, maxGram)

// searchable reports whether there is a full-text table.
func (e *sqliteEncoder) searchable() bool {
	return has(e.row.columns, "title", "body")
}

func (e *sqliteEncoder) begin() error { return nil }

// roomless names the folder of temporary files where the database found no room there.
func roomless(err error) error {
	if s := (sqlite3.Error{}); errors.As(err, &s) && s.Code == sqlite3.ErrFull {
		return fmt.Errorf("the folder %s for temporary files is full; make room there, or name another in TMPDIR: %w: %w", os.TempDir(), syscall.ENOSPC, err)
	}
	return err
}

func (e *sqliteEncoder) record(r *dossier.Record) error { return roomless(e.insertRecord(r)) }

func (e *sqliteEncoder) insertRecord(r *dossier.Record) error {
	for i, c := range e.row.columns {
		v, err := c.value(e.row, r)
		if err != nil {
			return err
		}
		switch v := v.(type) {
		case time.Time, json.RawMessage:
			e.values[i] = cell(v)
		default:
			e.values[i] = v
		}
	}
	inserted, err := e.insert.ExecContext(e.ctx, e.values...)
	if err != nil || e.index == nil {
		return err
	}
	row, err := inserted.LastInsertId()
	if err == nil {
		_, err = e.index.ExecContext(e.ctx, row, withGrams(r.Title), withGrams(r.Body))
	}
	return err
}

func (e *sqliteEncoder) end() error { return roomless(e.finish()) }

// finish makes the indexes, and copies the finished database out.
func (e *sqliteEncoder) finish() error {
	var stmts []string
	for _, c := range []string{"site", "url", "date"} {
		if has(e.row.columns, c) {
			stmts = append(stmts, fmt.Sprintf("CREATE INDEX records_%s ON records (%s)", c, c))
		}
	}
	if e.index != nil {
		stmts = append(stmts, "INSERT INTO records_fts (records_fts, rank) VALUES ('hashsize', 1048576)")
	}
	for _, stmt := range stmts {
		if _, err := e.tx.ExecContext(e.ctx, stmt); err != nil {
			return err
		}
	}
	if e.index != nil {
		if err := e.index.Close(); err != nil {
			return err
		}
	}
	if err := errors.Join(e.insert.Close(), e.tx.Commit(), e.db.Close()); err != nil {
		return err
	}
	_, err := io.Copy(e.w, e.file)
	return err
}

// Close removes the temporary database.
func (e *sqliteEncoder) Close() error {
	if e.db != nil {
		e.db.Close() // it is thrown away
	}
	if e.file == nil {
		return nil
	}
	return e.file.Close()
}
