package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// A Policy says what may be removed. Its zero value removes nothing. Records,
// versions and addresses are never removed: a citation stays valid.
type Policy struct {
	// Pages that no current version was read from, fetched before this: those
	// of earlier versions and of addresses that gave no record.
	PagesBefore time.Time
	// Observations before this, but for the last of each address, and the latest where an
	// import brought older ones behind that.
	ObservationsBefore time.Time
	Compact            bool // give the room back to the file system
	DryRun             bool // only count
}

// Pruned counts what was removed, or would be.
type Pruned struct {
	Pages        int   `json:"pages"`
	Bytes        int64 `json:"bytes"` // of these pages as they are stored
	Kept         int   `json:"kept"`  // pages that the policy names and that many others are packed with
	Observations int   `json:"observations"`
}

const (
	passedPages = ` FROM pages WHERE fetched_at < $1
		AND id NOT IN (SELECT v.page FROM records r JOIN versions v ON v.record = r.seq AND v.number = r.version WHERE v.page IS NOT NULL)`
	oldPages = passedPages + `
		AND id NOT IN (SELECT b.base FROM pages b WHERE b.base IS NOT NULL)`
	oldObservations = ` FROM observations WHERE at < $1 AND id NOT IN (SELECT max(id) FROM observations GROUP BY address)
		AND id NOT IN (SELECT id FROM (SELECT id, max(at) FROM observations GROUP BY address))`
)

// packedAnew is up to how many pages are packed anew so that the one with which they
// are packed can go; more would take more room than that gives.
const packedAnew = 3

// Prune removes what a policy allows, in one transaction. A page that many others
// are packed with stays as long as they do. The caller holds the lock, but for a dry
// run, which an archive that was opened for reading can do.
func (a *Archive) Prune(ctx context.Context, p Policy) (Pruned, error) {
	if p.DryRun {
		out, err := a.wouldPrune(ctx, p)
		if err != nil {
			err = fmt.Errorf("prune: %w", classify(err))
		}
		return out, err
	}
	var out Pruned
	err := a.write(ctx, "prune", func(tx *tx) error {
		if !p.PagesBefore.IsZero() {
			before := p.PagesBefore.UTC().Format(time.RFC3339Nano)
			rows, err := tx.QueryContext(ctx, "SELECT DISTINCT record FROM versions WHERE page IN (SELECT id FROM pages WHERE fetched_at < $1)", before)
			if err != nil {
				return err
			}
			records, err := column[int64](rows)
			if err != nil {
				return err
			}
			err = keepSealed(ctx, tx, "f.id IN (SELECT address FROM observations WHERE page IN (SELECT id FROM pages WHERE fetched_at < $1))", []any{before},
				func() error {
					return keepSeals(ctx, tx, records, func() error { return a.prunePages(ctx, tx, before, &out) })
				})
			if err != nil {
				return err
			}
		}
		if !p.ObservationsBefore.IsZero() {
			if err := pruneObservations(ctx, tx, stamped(p.ObservationsBefore), &out); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return out, err
	}
	a.codec.reset()
	if p.Compact {
		if err := a.writer.exec(ctx, "VACUUM"); err != nil {
			return out, fmt.Errorf("prune: compact: %w", classify(err))
		}
	}
	return out, nil
}

// prunePages goes on until nothing more becomes free: a page that was the
// dictionary of removed ones may go as well.
func (a *Archive) prunePages(ctx context.Context, tx *tx, before string, out *Pruned) error {
	if err := a.packAnew(ctx, tx, before); err != nil {
		return err
	}
	for {
		var n int
		var size sql.NullInt64
		if err := tx.QueryRowContext(ctx, "SELECT count(*), sum(length(body))"+oldPages, before).Scan(&n, &size); err != nil {
			return err
		}
		if n == 0 {
			return tx.QueryRowContext(ctx, "SELECT count(*)"+passedPages, before).Scan(&out.Kept)
		}
		for _, stmt := range []string{
			"UPDATE versions SET page = NULL WHERE page IN (SELECT id" + oldPages + ")",
			"UPDATE observations SET page = NULL WHERE page IN (SELECT id" + oldPages + ")",
			"DELETE" + oldPages,
		} {
			if _, err := tx.ExecContext(ctx, stmt, before); err != nil {
				return err
			}
		}
		out.Pages += n
		out.Bytes += size.Int64
	}
}

// toPackAnew are the pages that stay while the one that they are packed with is to go.
func toPackAnew(ctx context.Context, db querier, before string) ([]int64, error) {
	rows, err := db.QueryContext(ctx, `SELECT id FROM pages WHERE base IN (SELECT id`+passedPages+`) AND id NOT IN (SELECT id`+passedPages+`)
		AND (SELECT count(*) FROM pages o WHERE o.base = pages.base) <= $2`, before, packedAnew)
	if err != nil {
		return nil, err
	}
	return column[int64](rows)
}

// packAnew packs pages that stay without those that are to go.
func (a *Archive) packAnew(ctx context.Context, tx *tx, before string) error {
	pages, err := toPackAnew(ctx, tx, before)
	if err != nil {
		return err
	}
	for _, page := range pages {
		body, err := a.bodyOf(ctx, tx, page)
		if errors.Is(err, ErrDamaged) {
			continue // it keeps the other one
		}
		if err == nil {
			_, err = tx.ExecContext(ctx, "UPDATE pages SET base = NULL, body = $1 WHERE id = $2", a.codec.plain.EncodeAll(body, nil), page)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func pruneObservations(ctx context.Context, tx *tx, before string, out *Pruned) error {
	return keepSealed(ctx, tx, "f.id IN (SELECT address"+oldObservations+")", []any{before}, func() error {
		res, err := tx.ExecContext(ctx, "DELETE"+oldObservations, before)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		out.Observations = int(n)
		return err
	})
}
