package archive

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// wouldPrune counts what Prune would remove, at one moment, and writes nothing.
func (a *Archive) wouldPrune(ctx context.Context, p Policy) (out Pruned, err error) {
	tx, err := a.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, tx.Rollback()) }()
	if !p.PagesBefore.IsZero() {
		if err := a.wouldPrunePages(ctx, tx, p.PagesBefore.UTC().Format(time.RFC3339Nano), &out); err != nil {
			return out, err
		}
	}
	if !p.ObservationsBefore.IsZero() {
		err = tx.QueryRowContext(ctx, "SELECT count(*)"+oldObservations, stamped(p.ObservationsBefore)).Scan(&out.Observations)
	}
	return out, err
}

// wouldPrunePages follows prunePages.
func (a *Archive) wouldPrunePages(ctx context.Context, tx *sql.Tx, before string, out *Pruned) error {
	sizes, err := pairs(ctx, tx, "SELECT id, length(body)"+passedPages, before)
	if err != nil {
		return err
	}
	bases, err := pairs(ctx, tx, "SELECT id, base FROM pages WHERE base IS NOT NULL")
	if err != nil {
		return err
	}
	anew, err := toPackAnew(ctx, tx, before)
	if err != nil {
		return err
	}
	for _, page := range anew {
		if _, err := a.bodyOf(ctx, tx, page); err == nil {
			delete(bases, page)
		} else if !errors.Is(err, ErrDamaged) {
			return err
		}
	}
	needed := map[int64]int{}
	for _, base := range bases {
		needed[base]++
	}
	for removed := true; removed; {
		removed = false
		for page, size := range sizes {
			if needed[page] > 0 {
				continue
			}
			removed = true
			out.Pages++
			out.Bytes += size
			needed[bases[page]]--
			delete(sizes, page)
		}
	}
	out.Kept = len(sizes)
	return nil
}

// pairs reads rows of two numbers.
func pairs(ctx context.Context, db querier, query string, args ...any) (map[int64]int64, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[int64]int64{}
	for rows.Next() {
		var key, value int64
		if err := rows.Scan(&key, &value); err != nil {
			return nil, err
		}
		out[key] = value
	}
	return out, rows.Err()
}
