package archive

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// rowScan goes through the rows of a table in the order of their numbers, past
// places of the file that cannot be read.
type rowScan struct {
	db       querier
	table    string
	after    int64 // the last row that was given
	skipped  int64 // numbers that could not be read, of which some may belong to no row
	from, to int64 // the least and the greatest of these

	last int64 // number of the last row, 0 when that is not known yet
}

// maxSkip is how many numbers in a row a scan tries when the last row of a table
// cannot be read either.
const maxSkip = 1 << 16

// next gives the numbers of the rows that follow, none at the end.
func (s *rowScan) next(ctx context.Context) ([]int64, error) {
	for failed := int64(0); ; failed++ {
		ids, err := s.batch(ctx)
		if len(ids) > 0 {
			s.after = ids[len(ids)-1]
			return ids, nil
		}
		if !isCorrupt(err) {
			return nil, err
		}
		if s.last == 0 {
			s.last = s.greatest(ctx)
		}
		if s.after >= s.last && s.last > 0 || failed > maxSkip {
			return nil, nil
		}
		s.skip()
		if s.from == 0 {
			s.from = s.after
		}
		s.to = s.after
	}
}

// skip passes over a number, in the table of seals over those of a record.
func (s *rowScan) skip() {
	s.skipped++
	s.after++
	if s.table == "seals" {
		s.after |= 1<<sealBits - 1
	}
}

// endless reports whether it is not known how many rows could not be read.
func (s *rowScan) endless() bool { return s.last < 0 }

// batch reads numbers until something cannot be read.
func (s *rowScan) batch(ctx context.Context) ([]int64, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	ctx = context.WithoutCancel(ctx) // the driver starts a goroutine for each statement that can be interrupted, and there may be very many
	rows, err := s.db.QueryContext(ctx, fmt.Sprintf("SELECT rowid FROM %s NOT INDEXED WHERE rowid > %d ORDER BY rowid LIMIT %d", s.table, s.after, verifyBatch))
	if err != nil {
		return nil, err
	}
	ids, err := column[int64](rows)
	before := s.after
	for i, id := range ids {
		if err := goesOn(s.table, before, id); err != nil {
			return ids[:i], err
		}
		before = id
	}
	return ids, err
}

// goesOn is an error where the row that follows another one does not come after it: a
// damaged tree can lead back, and whoever goes on behind what he was given goes round for ever.
func goesOn[T cmp.Ordered](table string, before, next T) error {
	if next > before {
		return nil
	}
	return fmt.Errorf("table %s: its rows are out of order: %w", table, ErrDamaged)
}

// column reads and closes rows of one value each. With an error it gives those
// before it.
func column[T any](rows *sql.Rows) ([]T, error) {
	defer rows.Close()
	out := []T{}
	for rows.Next() {
		var v T
		if err := rows.Scan(&v); err != nil {
			return out, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// greatest is the number of the last row, -1 when it cannot be read.
func (s *rowScan) greatest(ctx context.Context) int64 {
	var n sql.NullInt64
	if err := s.db.QueryRowContext(ctx, "SELECT max(rowid) FROM "+s.table).Scan(&n); err != nil {
		return -1
	}
	return n.Int64
}

// values reads all columns of a row.
func (s *rowScan) values(ctx context.Context, id int64) (columns []string, values []any, err error) {
	rows, err := s.db.QueryContext(ctx, fmt.Sprintf("SELECT rowid, * FROM %s NOT INDEXED WHERE rowid = %d", s.table, id))
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	if columns, err = rows.Columns(); err != nil {
		return nil, nil, err
	}
	if !rows.Next() {
		return columns, nil, rows.Err()
	}
	values = make([]any, len(columns))
	into := make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	if err := rows.Scan(into...); err != nil {
		return columns, nil, err
	}
	return columns, values, rows.Err()
}

// marks are n question marks for values, none for none.
func marks(n int) string { return strings.TrimPrefix(strings.Repeat(", ?", n), ", ") }
