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
	// Observations before this, but for the last of each address.
	ObservationsBefore time.Time
	Compact            bool // give the room back to the file system
	DryRun             bool // only count
}

// Pruned counts what was removed, or would be.
type Pruned struct {
	Pages        int   `json:"pages"`
	Bytes        int64 `json:"bytes"` // of these pages as they are stored
	Observations int   `json:"observations"`
}

// errUndo rolls a dry run back.
var errUndo = errors.New("dry run")

const (
	oldPages = ` FROM pages WHERE fetched_at < $1
		AND id NOT IN (SELECT v.page FROM records r JOIN versions v ON v.record = r.seq AND v.number = r.version WHERE v.page IS NOT NULL)
		AND id NOT IN (SELECT b.base FROM pages b WHERE b.base IS NOT NULL)`
	oldObservations = ` FROM observations WHERE at < $1 AND id NOT IN (SELECT max(id) FROM observations GROUP BY address)`
)

// Prune removes what a policy allows, in one transaction. A page that others
// are packed with stays as long as they do. The caller holds the lock.
func (a *Archive) Prune(ctx context.Context, p Policy) (Pruned, error) {
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
					return keepSeals(ctx, tx, records, func() error { return prunePages(ctx, tx, before, &out) })
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
		if p.DryRun {
			return errUndo
		}
		return nil
	})
	if errors.Is(err, errUndo) {
		err = nil
	}
	if err != nil || p.DryRun {
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
func prunePages(ctx context.Context, tx *tx, before string, out *Pruned) error {
	for {
		var n int
		var size sql.NullInt64
		if err := tx.QueryRowContext(ctx, "SELECT count(*), sum(length(body))"+oldPages, before).Scan(&n, &size); err != nil || n == 0 {
			return err
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
