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

// toldFaults is how many faults an error tells; Verify tells all.
const toldFaults = 5

// Check looks for damage of the database file and says what it found: ErrDamaged, or
// ErrIndex where a repair makes good all of it; nil means that all is well. Verify looks
// deeper.
func (a *Archive) Check(ctx context.Context) error {
	found, err := a.integrity(ctx)
	if err != nil {
		return fmt.Errorf("check: %w", classify(err))
	}
	if len(found) == 0 {
		return nil
	}
	kind := ErrDamaged
	if !slices.ContainsFunc(found, func(line string) bool { return !isOfIndex(line) && !isOfSearch(line) }) {
		kind = ErrIndex
	}
	more := ""
	if n := len(found) - toldFaults; n > 0 {
		found, more = found[:toldFaults], fmt.Sprintf("; and %d more", n)
	}
	return fmt.Errorf("%w: %s%s", kind, strings.Join(found, "; "), more)
}

// isOfIndex reports whether the database finds fault with an index of a table alone.
func isOfIndex(line string) bool {
	return strings.Contains(line, " missing from index ") || strings.HasPrefix(line, "wrong # of entries in index ") || strings.HasPrefix(line, "non-unique entry in index ")
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
