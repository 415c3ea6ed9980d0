package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mattn/go-sqlite3"
)

// Check looks for damage of the database file and says what it found; nil
// means that all is well. Verify looks deeper.
func (a *Archive) Check(ctx context.Context) error {
	found, err := a.integrity(ctx)
	if err != nil {
		return fmt.Errorf("check: %w", classify(err))
	}
	if len(found) > 0 {
		return fmt.Errorf("%w: %s", ErrDamaged, strings.Join(found, "; "))
	}
	return nil
}

// integrity gives what the database finds wrong with itself.
func (a *Archive) integrity(ctx context.Context) ([]string, error) {
	return checked(ctx, a.reader, "integrity_check")
}

// checked runs a check of the database, and tells damage of the search index from
// want of memory: where a damaged part of it lies about a size, FTS5 asks for that
// much, and says that there is none.
func checked(ctx context.Context, db *sql.DB, check string) ([]string, error) {
	found, err := faults(ctx, db, "PRAGMA "+check)
	if !isNoMemory(err) {
		return found, err
	}
	rows, err := db.QueryContext(ctx, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid")
	if err != nil {
		return nil, err
	}
	tables, err := column[string](rows)
	if err != nil {
		return nil, err
	}
	found = nil
	for _, table := range tables {
		lines, err := faults(ctx, db, "PRAGMA "+check+"('"+strings.ReplaceAll(table, "'", "''")+"')")
		if table == "search" && isNoMemory(err) {
			lines, err = []string{"unable to validate the inverted index of the FTS5 table search: a size in it is wrong"}, nil
		}
		if err != nil {
			return nil, err
		}
		found = append(found, lines...)
	}
	return found, nil
}

func faults(ctx context.Context, db *sql.DB, check string) ([]string, error) {
	rows, err := db.QueryContext(ctx, check)
	if err != nil {
		return nil, err
	}
	lines, err := column[string](rows)
	return slices.DeleteFunc(lines, func(line string) bool { return line == "ok" }), err
}

// isNoMemory reports whether SQLite says that there is not enough memory.
func isNoMemory(err error) bool {
	var s sqlite3.Error
	return errors.As(err, &s) && s.Code == sqlite3.ErrNomem
}
