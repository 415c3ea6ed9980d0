package archive

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// sealedSince is the schema from which on observations have digests.
const sealedSince = 2

// rowsSealedSince is the schema from which on records and versions have seals.
const rowsSealedSince = 3

// headsSince is the schema from which on the headers of a page are the text that the
// server sent; of older pages only the JSON is known.
const headsSince = 4

// importsSince is the schema from which on imports are runs.
const importsSince = 5

func provider(db *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, db, files,
		goose.WithGoMigrations(goose.NewGoMigration(sealedSince, &goose.GoFunc{RunTx: sealObservations}, nil),
			goose.NewGoMigration(rowsSealedSince, &goose.GoFunc{RunTx: sealRows}, nil),
			goose.NewGoMigration(headsSince, &goose.GoFunc{RunTx: rememberLists}, nil)))
}

// schemaByColumns finds the schema of an archive by a column that each has brought.
func schemaByColumns(ctx context.Context, db querier) (int64, error) {
	schema := int64(1)
	for _, since := range []struct {
		schema        int64
		table, column string
	}{{sealedSince, "observations", "digest"}, {rowsSealedSince, "seals", "seal"}, {headsSince, "frontier", "modified"}, {importsSince, "runs", "kind"}} {
		var n int
		if err := db.QueryRowContext(ctx, "SELECT count(*) FROM pragma_table_info($1) WHERE name = $2", since.table, since.column).Scan(&n); err != nil {
			return 0, err
		}
		if n > 0 {
			schema = since.schema
		}
	}
	return schema, nil
}

func latestMigration() (int64, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil || len(names) == 0 {
		return 0, fmt.Errorf("embedded migrations: %w", err)
	}
	last, err := goose.NumericComponent(filepath.Base(names[len(names)-1]))
	return max(last, headsSince), err
}

// sealObservations is a migration in Go, since SQLite has no digests: each
// observation gets one, also those of older archives.
func sealObservations(ctx context.Context, tx *sql.Tx) error {
	for _, statement := range []string{
		"ALTER TABLE observations ADD COLUMN doubt TEXT NOT NULL DEFAULT ''",   // why it is not to be relied on
		"ALTER TABLE observations ADD COLUMN digest BLOB NOT NULL DEFAULT x''", // of its fields and of the digest before it
		"ALTER TABLE frontier ADD COLUMN observed BLOB",                        // digest of the last observation
	} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return sealEvery(ctx, tx)
}

// sealRows is a migration in Go, which gives every record and version its seal, and
// addresses a place for what was left out of them and what they wait for.
func sealRows(ctx context.Context, tx *sql.Tx) error {
	for _, statement := range []string{
		`CREATE TABLE seals (
			id    INTEGER PRIMARY KEY,         -- record * 2^20 + number of the version, 0 for the record itself
			seal  BLOB NOT NULL,               -- digest of its fields
			page  BLOB,                        -- digest of the fields of the page that the version was read from
			doubt TEXT NOT NULL DEFAULT ''     -- why they are not to be relied on
		)`,
		"ALTER TABLE frontier ADD COLUMN raw TEXT NOT NULL DEFAULT ''", // the address with what url leaves out
		"ALTER TABLE frontier ADD COLUMN waits INTEGER",                // the record whose own address is asked first
		"CREATE INDEX frontier_waits ON frontier (waits) WHERE waits IS NOT NULL",
	} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return sealEveryRow(ctx, tx)
}

// rememberLists gives addresses a place for what sitemaps say of them, and lists one for
// when they were read and how they are ordered.
func rememberLists(ctx context.Context, tx *sql.Tx) error {
	for _, statement := range []string{
		"ALTER TABLE frontier ADD COLUMN modified INTEGER NOT NULL DEFAULT 0", // Unix seconds; the latest that a sitemap named
		"ALTER TABLE frontier ADD COLUMN rising INTEGER NOT NULL DEFAULT 0",   // 1: a list that begins with its oldest articles
		"ALTER TABLE frontier ADD COLUMN listed INTEGER NOT NULL DEFAULT 0",   // the run that last read it as a list, 0: none has
		"UPDATE frontier SET listed = asked WHERE status = 'listed' AND reason != 'paging_empty'",
	} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// sealEveryRow seals all records, some at a time.
func sealEveryRow(ctx context.Context, db statements) error {
	for after := int64(0); ; {
		rows, err := db.QueryContext(ctx, "SELECT seq FROM records WHERE seq > $1 ORDER BY seq LIMIT $2", after, verifyBatch)
		if err != nil {
			return err
		}
		seqs, err := column[int64](rows)
		if err != nil || len(seqs) == 0 {
			return err
		}
		if err := sealRecords(ctx, db, seqs[0], seqs[len(seqs)-1]); err != nil {
			return err
		}
		after = seqs[len(seqs)-1]
	}
}

// sealEvery gives every observation its digest.
func sealEvery(ctx context.Context, db statements) error {
	rows, err := db.QueryContext(ctx, "SELECT DISTINCT address FROM observations ORDER BY 1")
	if err != nil {
		return err
	}
	addresses, err := column[int64](rows)
	if err != nil {
		return err
	}
	return sealAll(ctx, db, addresses)
}
