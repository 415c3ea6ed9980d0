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

// remake puts the missing row back, and says in words what it rests on: "" where its seal
// proves that it is what it was.
func (l *lostRow) remake(ctx context.Context, db statements) (how string, err error) {
	if at, err := l.moveBack(ctx, db); err != nil || at != 0 {
		return fmt.Sprintf("; it had the number %d, and its id is that of its address", at), err
	}
	r, proven := l.row()
	if free, err := l.freeID(ctx, db, r.fields[0]); err != nil || free != r.fields[0] {
		r.fields[0], proven = free, false
		if err != nil {
			return "", err
		}
	}
	own := l.addresses[0]
	_, err = db.ExecContext(ctx, `INSERT INTO records (seq, id, site, url, version, first_seen, last_seen, doc) VALUES ($1, $2, $3, $4, $5, $6,
			max($7, coalesce((SELECT max(at) FROM observations WHERE record = $1 AND status IN ('new', 'changed', 'unchanged', 'duplicate')), ''),
				coalesce((SELECT max(created) FROM versions WHERE record = $1 AND origin != 'reread'), '')), `+lowestDoc+` - $1)`,
		l.seq, r.fields[0], r.fields[1], own.url, r.fields[2], r.fields[3], own.last)
	if err == nil && !proven {
		how, err = "; it was made again from these and its address, and is marked as doubtful", r.put(ctx, db)
	}
	if err != nil {
		return "", fmt.Errorf("record %d: %w", l.seq, err)
	}
	return how, nil
}

// moveBack gives a row its number back that stands at another one, where it has neither
// versions nor addresses, and the id that an address of this record gives. That number is
// 0 when there is no such row.
func (l *lostRow) moveBack(ctx context.Context, db statements) (at int64, err error) {
	for _, a := range l.addresses {
		for salt := range 3 {
			rows, err := db.QueryContext(ctx, `SELECT seq FROM records WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM versions WHERE record = seq) AND NOT EXISTS (SELECT 1 FROM addresses WHERE record = seq)`,
				recordID(a.site, a.key, salt))
			if err != nil {
				return 0, err
			}
			found, err := column[int64](rows)
			if err != nil {
				return 0, err
			}
			if len(found) > 0 {
				_, err = db.ExecContext(ctx, "UPDATE records SET seq = $1 WHERE seq = $2", l.seq, found[0])
				return found[0], err
			}
		}
	}
	return 0, nil
}

// freeID is the id that a record should have, or one that no other record has.
func (l *lostRow) freeID(ctx context.Context, db statements, id any) (any, error) {
	for salt := 0; ; salt++ {
		taken, err := exists(ctx, db, "SELECT 1 FROM records WHERE id = $1", id)
		if err != nil || !taken {
			return id, err
		}
		id = recordID(l.addresses[0].site, l.addresses[0].key, salt)
	}
}

// recordError says what it means when a row of a record is not found.
func recordError(seq int64, err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("the row of record number %d is missing; `dossier verify --repair` makes it again: %w", seq, ErrDamaged)
	}
	return fmt.Errorf("record %d: %w", seq, err)
}
