package archive

import (
	"context"
	"database/sql"
	"embed"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Schemas that older archives are told apart by.
const (
	schemaSeals    = 2 // observations have digests
	schemaRowSeals = 3 // records and versions have seals
	schemaLists    = 4 // lists are remembered; the headers of a page are the text that the server sent, of older pages only the JSON is known
	schemaImports  = 5 // imports are runs
	schemaParts    = 6 // the text of a page may stand in several answers
)

// schemas are the migrations in their order, the last one the schema of this program. A
// column that each has brought tells the schema of an archive where what says so is
// damaged.
var schemas = []struct {
	number        int64
	migrate       func(context.Context, *sql.Tx) error // nil: a file in migrations
	table, column string
}{
	{1, nil, "records", "seq"},
	{schemaSeals, sealObservations, "observations", "digest"},
	{schemaRowSeals, sealRows, "seals", "seal"},
	{schemaLists, rememberLists, "frontier", "modified"},
	{schemaImports, nil, "runs", "kind"},
	{schemaParts, addParts, "pages", "parts"},
}

func latestSchema() int64 { return schemas[len(schemas)-1].number }

func provider(db *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	var inGo []*goose.Migration
	for _, s := range schemas {
		if s.migrate != nil {
			inGo = append(inGo, goose.NewGoMigration(s.number, &goose.GoFunc{RunTx: s.migrate}, nil))
		}
	}
	return goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithGoMigrations(inGo...))
}

// schemaByColumns finds the schema of an archive by its columns.
func schemaByColumns(ctx context.Context, db querier) (int64, error) {
	schema := int64(1)
	for _, s := range schemas {
		var n int
		if err := db.QueryRowContext(ctx, "SELECT count(*) FROM pragma_table_info($1) WHERE name = $2", s.table, s.column).Scan(&n); err != nil {
			return 0, err
		}
		if n > 0 {
			schema = s.number
		}
	}
	return schema, nil
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
	if err := addParts(ctx, tx); err != nil { // which seals cover
		return err
	}
	return sealEveryRow(ctx, tx)
}

// addParts gives pages a place for what else their text stands in (parts.go).
func addParts(ctx context.Context, tx *sql.Tx) error {
	var n int
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM pragma_table_info('pages') WHERE name = 'parts'").Scan(&n); err != nil || n > 0 {
		return err
	}
	_, err := tx.ExecContext(ctx, "ALTER TABLE pages ADD COLUMN parts TEXT NOT NULL DEFAULT ''")
	return err
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
		last := seqs[len(seqs)-1]
		if err := goesOn("records", after, last); err != nil {
			return err
		}
		after = last
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
