package archive

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// lostRow is a record whose own row is missing while its versions are there.
type lostRow struct {
	seq       int64
	versions  []int64 // numbers, the greatest first
	created   []string
	addresses []lostAddress // its own first

	seal  []byte // of the row that is missing, nil when that is missing as well
	doubt string
}

type lostAddress struct{ key, site, url, first, last string }

// lostRows finds the records whose rows are missing. Those of which no address is
// left cannot be made again.
func lostRows(ctx context.Context, db statements) ([]lostRow, error) {
	rows, err := db.QueryContext(ctx, `SELECT v.record, v.number, v.created FROM versions v WHERE v.record NOT IN (SELECT seq FROM records) ORDER BY v.record, v.number DESC`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []lostRow
	for rows.Next() {
		var seq, number int64
		var created string
		if err := rows.Scan(&seq, &number, &created); err != nil {
			return nil, err
		}
		if n := len(out); n == 0 || out[n-1].seq != seq {
			out = append(out, lostRow{seq: seq})
		}
		l := &out[len(out)-1]
		l.versions, l.created = append(l.versions, number), append(l.created, created)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, err
	}
	for i := range out {
		if err := out[i].look(ctx, db); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// look finds the addresses of the record and the seal of its row.
func (l *lostRow) look(ctx context.Context, db statements) error {
	rows, err := db.QueryContext(ctx, "SELECT key, site, url, first_seen, last_seen FROM addresses WHERE record = $1 ORDER BY reason != '', first_seen", l.seq)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var a lostAddress
		if err := rows.Scan(&a.key, &a.site, &a.url, &a.first, &a.last); err != nil {
			return err
		}
		l.addresses = append(l.addresses, a)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	seals, err := db.QueryContext(ctx, "SELECT seal, doubt FROM seals WHERE id = $1", sealID(l.seq, 0))
	if err != nil {
		return err
	}
	defer seals.Close()
	for seals.Next() {
		if err := seals.Scan(&l.seal, &l.doubt); err != nil {
			return err
		}
	}
	return seals.Err()
}

// row gives the fields of the missing row that its seal covers, and whether the
// seal proves them. Unproven they are those of a record that never moved.
func (l *lostRow) row() (r sealedRow, proven bool) {
	own := l.addresses[0]
	r = sealedRow{seq: l.seq, doubt: "its row was lost, and made again from what is left of it"}
	r.fields = []any{recordID(own.site, own.key, 0), own.site, l.versions[0], l.created[len(l.created)-1]}
	if l.seal == nil {
		return r, false
	}
	firsts := append([]string(nil), l.created...)
	for _, a := range l.addresses {
		firsts = append(firsts, a.first)
	}
	for _, a := range l.addresses {
		for salt := range 3 {
			for _, version := range l.versions {
				for _, first := range firsts {
					tried := sealedRow{seq: l.seq, fields: []any{recordID(a.site, a.key, salt), a.site, version, first}, doubt: l.doubt}
					if got, _, err := tried.seals(); err == nil && bytes.Equal(got, l.seal) {
						return tried, true
					}
				}
			}
		}
	}
	return r, false
}

// remake puts the missing row back, and says whether it is proven to be what it was.
func (l *lostRow) remake(ctx context.Context, db statements) (proven bool, err error) {
	r, proven := l.row()
	own := l.addresses[0]
	_, err = db.ExecContext(ctx, `INSERT INTO records (seq, id, site, url, version, first_seen, last_seen, doc) VALUES ($1, $2, $3, $4, $5, $6,
			max($7, coalesce((SELECT max(at) FROM observations WHERE record = $1 AND status IN ('new', 'changed', 'unchanged', 'duplicate')), ''),
				coalesce((SELECT max(created) FROM versions WHERE record = $1 AND origin != 'reread'), '')), `+lowestDoc+` - $1)`,
		l.seq, r.fields[0], r.fields[1], own.url, r.fields[2], r.fields[3], own.last)
	if err == nil && !proven {
		err = r.put(ctx, db)
	}
	if err != nil {
		return false, fmt.Errorf("record %d: %w", l.seq, err)
	}
	return proven, nil
}

// recordError says what it means when a row of a record is not found.
func recordError(seq int64, err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("the row of record number %d is missing; `dossier verify --repair` makes it again: %w", seq, ErrDamaged)
	}
	return fmt.Errorf("record %d: %w", seq, err)
}
