package archive

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/mattn/go-sqlite3"
)

// A seal is found by the number of its row. Where one of the two numbers was changed, the
// seal stands at the number of no row, and the row has no seal. The digest proves that they
// belong together, and the rest of the archive which number is wrong: the text that a
// citation gives is never moved to another number for the sake of a seal alone.

// A loneSeal is a seal at whose number there is no row.
type loneSeal struct {
	id    int64
	seal  []byte
	doubt string
}

func (s loneSeal) seq() int64  { return s.id >> sealBits }
func (s loneSeal) number() int { return int(s.id & (1<<sealBits - 1)) }

// A loneRow is a record, or a version, at whose number there is no seal.
type loneRow struct {
	row    int64 // of the table
	seq    int64
	number int // 0 for the record itself, -1 for what can be the number of no version
	fields []any
}

// Columns of a row that was found apart from its seal. The number of the seal itself is
// seals.id.
const (
	wrongSeal   = "seals.id"
	wrongSeq    = "records.seq"
	wrongRecord = "versions.record"
	wrongNumber = "versions.number"
)

// A parted is a row and its seal that do not stand at the same number.
type parted struct {
	of    loneRow
	seal  loneSeal
	wrong string // column
	id    string // of the record, "" when its row is missing
}

// partedRows finds rows and seals that belong together, and the seals that belong to no
// row.
func partedRows(ctx context.Context, db statements) (out []parted, left []loneSeal, err error) {
	left, err = loneSeals(ctx, db)
	if err != nil || len(left) == 0 {
		return nil, nil, err
	}
	rows, err := loneRows(ctx, db)
	if err != nil {
		return nil, nil, err
	}
	for _, u := range rows {
		p, ok, err := u.own(ctx, db, left)
		if err != nil {
			return nil, nil, err
		}
		if ok {
			out = append(out, p)
			left = slices.DeleteFunc(left, func(s loneSeal) bool { return s.id == p.seal.id })
		}
	}
	return out, left, nil
}

func loneSeals(ctx context.Context, db statements) (out []loneSeal, err error) {
	rows, err := db.QueryContext(ctx, `SELECT id, seal, CAST(coalesce(doubt, '') AS TEXT) FROM seals WHERE CASE WHEN `+sealedNumber+` = 0 THEN NOT EXISTS (SELECT 1 FROM records WHERE seq = `+sealedSeq+`)
		ELSE NOT EXISTS (SELECT 1 FROM versions WHERE record = `+sealedSeq+` AND number = `+sealedNumber+`) END ORDER BY id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s loneSeal
		if err := rows.Scan(&s.id, &s.seal, &s.doubt); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

func loneRows(ctx context.Context, db statements) (out []loneRow, err error) {
	for _, q := range []struct {
		query  string
		fields int
	}{
		{"SELECT seq, seq, 0, " + columnsOf("t", recordSealed) + " FROM records t WHERE NOT EXISTS (SELECT 1 FROM seals WHERE id = t.seq " + sealShift + ") ORDER BY seq", len(recordSealed)},
		{"SELECT rowid, CASE WHEN typeof(record) = 'integer' THEN record ELSE -1 END, CASE WHEN " + isVersion + " THEN number ELSE -1 END, " + columnsOf("t", versionSealed) +
			" FROM versions t WHERE NOT coalesce(" + isVersion + ", 0) OR NOT EXISTS (SELECT 1 FROM seals WHERE id = t.record " + sealShift + " | t.number) ORDER BY record, number", len(versionSealed)},
	} {
		if err := eachLone(ctx, db, q.query, q.fields, func(u loneRow) { out = append(out, u) }); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func eachLone(ctx context.Context, db statements, query string, fields int, take func(loneRow)) error {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		u := loneRow{fields: make([]any, fields)}
		dest := []any{&u.row, &u.seq, &u.number}
		for i := range u.fields {
			dest = append(dest, &u.fields[i])
		}
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		take(u)
	}
	return rows.Err()
}

// own finds the seal of a row among those that stand elsewhere, and which number is wrong.
// One of the record itself comes before those of others.
func (u loneRow) own(ctx context.Context, db statements, among []loneSeal) (p parted, ok bool, err error) {
	p.of = u
	for _, s := range among {
		if (!ok || s.seq() == u.seq) && sealsFields(s, u.fields) {
			p.seal, ok = s, true
		}
	}
	if ok {
		p.wrong, err = u.wrong(ctx, db, p.seal)
		return p, true, errors.Join(err, p.name(ctx, db))
	}
	for _, s := range among {
		if len(u.fields) != len(versionSealed) || s.seq() != u.seq || s.number() == 0 {
			continue
		}
		fields := slices.Clone(u.fields)
		if fields[0] = int64(s.number()); sealsFields(s, fields) {
			p.seal, p.wrong = s, wrongNumber
			return p, true, p.name(ctx, db)
		}
	}
	return p, false, nil
}

// sealsFields reports whether a seal is the digest of fields.
func sealsFields(s loneSeal, fields []any) bool {
	got, err := sealOf(nil, append(slices.Clone(fields), s.doubt)...)
	return err == nil && slices.Equal(got, s.seal)
}

// wrong says which number was changed of a row whose fields a seal proves. That of the row
// was, where nothing belongs to it as it stands and something to the number of the seal.
func (u loneRow) wrong(ctx context.Context, db statements, s loneSeal) (string, error) {
	here, there := "SELECT 1 FROM records WHERE seq = $1 AND version >= $2", "SELECT 1 FROM records WHERE seq = $1 AND version >= $2"
	column, same := wrongRecord, u.number == s.number()
	if u.number == 0 {
		const owned = "SELECT 1 FROM versions WHERE record = $1 AND number > $2 UNION ALL SELECT 1 FROM addresses WHERE record = $1"
		here, there, column = owned, owned, wrongSeq
	}
	if !same {
		return wrongSeal, nil
	}
	if fits, err := exists(ctx, db, here, u.seq, u.number); err != nil || fits {
		return wrongSeal, err
	}
	fits, err := exists(ctx, db, there, s.seq(), s.number())
	if err != nil || !fits {
		return wrongSeal, err
	}
	return column, nil
}

// exists reports whether a query gives a row.
func exists(ctx context.Context, db statements, query string, args ...any) (bool, error) {
	rows, err := db.QueryContext(ctx, "SELECT EXISTS ("+query+")", args...)
	if err != nil {
		return false, err
	}
	found, err := column[bool](rows)
	return len(found) > 0 && found[0], err
}

// name finds the id of the record.
func (p *parted) name(ctx context.Context, db statements) error {
	seq := p.of.seq
	if p.wrong == wrongRecord {
		seq = p.seal.seq()
	}
	rows, err := db.QueryContext(ctx, "SELECT CAST(id AS TEXT) FROM records WHERE seq = $1", seq)
	if err != nil {
		return err
	}
	ids, err := column[string](rows)
	if len(ids) > 0 {
		p.id = ids[0]
	}
	return err
}

// mend puts the wrong number right.
func (p parted) mend(ctx context.Context, db statements) error {
	query, args := "UPDATE seals SET id = $1 WHERE id = $2", []any{sealID(p.of.seq, p.of.number), p.seal.id}
	switch p.wrong {
	case wrongSeq:
		query, args = "UPDATE records SET seq = $1 WHERE seq = $2", []any{p.seal.seq(), p.of.row}
	case wrongRecord:
		query, args = "UPDATE versions SET record = $1 WHERE rowid = $2", []any{p.seal.seq(), p.of.row}
	case wrongNumber:
		query, args = "UPDATE versions SET number = $1 WHERE rowid = $2", []any{p.seal.number(), p.of.row}
	}
	_, err := db.ExecContext(ctx, query, args...)
	return err
}

func (p parted) damage() Damage {
	d := Damage{Kind: DamagedVersion, What: p.id}
	if d.What == "" {
		d.What = fmt.Sprintf("record number %d", p.of.seq)
	}
	number := p.of.number
	if p.wrong == wrongNumber {
		number = p.seal.number()
	}
	if number == 0 {
		d.Kind = DamagedRecord
	} else {
		d.What += fmt.Sprintf("@%d", number)
	}
	if p.id != "" {
		d.Affects = []string{d.What}
	}
	switch p.wrong {
	case wrongSeal:
		d.Detail = fmt.Sprintf("its seal, the digest of its fields, stands at the number %d, where no row is", p.seal.id)
	case wrongSeq:
		d.Detail = fmt.Sprintf("its row has the number %d, and its versions, its addresses and its seal have %d", p.of.seq, p.seal.seq())
	case wrongRecord:
		d.Detail = fmt.Sprintf("it stands at the record number %d, and its seal proves that it is of number %d", p.of.seq, p.seal.seq())
	case wrongNumber:
		d.Detail = fmt.Sprintf("it has the number %v, and its seal proves that it had %d", p.of.fields[0], number)
	}
	return d
}

// lone finds seals that do not stand at the number of their row. A repair puts the number
// right that was changed, and removes seals of what there never was.
func (v *verifier) lone() error {
	found, left, err := partedRows(v.ctx, v.a.reader)
	if err != nil {
		return err
	}
	for _, p := range found {
		d := p.damage()
		v.apart[sealID(p.of.seq, p.of.number)] = true
		if v.repair {
			if err := v.mendWith(&d, func(tx *tx) error { return p.mend(v.ctx, tx) }); err != nil {
				return err
			}
		}
		v.found(d)
	}
	for _, s := range left {
		if err := v.ofNothing(s); err != nil {
			return err
		}
	}
	return nil
}

// mendWith mends a damage. What other rows forbid is said in words.
func (v *verifier) mendWith(d *Damage, do func(tx *tx) error) error {
	err := v.a.write(v.ctx, "repair "+d.What, do)
	if isConstraint(err) {
		d.Detail += "; it cannot be put right while other rows stand in its place"
		return nil
	}
	d.Repaired = err == nil
	return err
}

// isConstraint reports whether other rows forbid what was written.
func isConstraint(err error) bool {
	var s sqlite3.Error
	return errors.As(err, &s) && s.Code == sqlite3.ErrConstraint
}

// ofNothing tells of a seal of a version that its record, as the seal of that proves, never
// had, or of a number that no record can have. Any other may be what is left of a version.
func (v *verifier) ofNothing(s loneSeal) error {
	d := Damage{Kind: DamagedRecord, What: fmt.Sprintf("seal %d", s.id), Detail: "it is the seal of no record and of no version"}
	if s.seq() > 0 && s.seq() <= topNumber {
		rows, err := sealedRows(v.ctx, v.a.reader, s.seq(), s.seq())
		if err != nil || len(rows) == 0 || rows[0].number != 0 {
			return err
		}
		own, _, err := rows[0].holds()
		current, is := rows[0].fields[2].(int64)
		if err != nil || !own || !is || int64(s.number()) <= current {
			return err
		}
		if id, is := rows[0].fields[0].(string); is {
			d.Detail = fmt.Sprintf("it is the seal of a version %d, which %s never had", s.number(), id)
		}
	}
	if v.repair {
		if err := v.mendWith(&d, func(tx *tx) error {
			_, err := tx.ExecContext(v.ctx, "DELETE FROM seals WHERE id = $1", s.id)
			return err
		}); err != nil {
			return err
		}
	}
	v.found(d)
	return nil
}
