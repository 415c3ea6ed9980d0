package archive

import "fmt"

// A reference is a column whose values are numbers of rows elsewhere.
type reference struct{ table, column, parent, key string }

// dangling is a condition on a row, t, of the table. Not even nothing is in an empty one.
func (r reference) dangling() string {
	return fmt.Sprintf("(t.%s IS NOT NULL AND t.%[1]s NOT IN (SELECT %s FROM %s))", r.column, r.key, r.parent)
}

// references finds rows that point to nothing. A repair lets them point to what the rest of
// the archive says, makes those again that follow from the texts, and ends what points to
// pages that are lost. What addresses belong to comes early, since others rely on it, and
// what digests cover once these have told what it was.
func (v *verifier) references(early bool) error {
	for _, t := range valueTables {
		if early != (t.name == "frontier" || t.name == "addresses") {
			continue
		}
		references, err := v.referencesOf(t.name)
		if err != nil {
			return err
		}
		for _, r := range references {
			if err := v.reference(t, r); err != nil {
				return err
			}
		}
	}
	return nil
}

func (v *verifier) referencesOf(table string) (out []reference, err error) {
	rows, err := v.a.reader.QueryContext(v.ctx, `SELECT "from", "table", "to" FROM pragma_foreign_key_list($1) ORDER BY 1`, table)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		r := reference{table: table}
		if err := rows.Scan(&r.column, &r.parent, &r.key); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// reference tells of the rows of a table that point to nothing.
func (v *verifier) reference(t valueTable, r reference) error {
	n, err := v.countDangling(r)
	if err != nil || n == 0 {
		return err
	}
	d := Damage{Kind: DamagedFile, What: r.table, Detail: fmt.Sprintf("%d rows point to nothing in %s", n, r.parent)}
	if v.repair {
		if err := v.mendReference(t, r); err != nil {
			return err
		}
		if n, err = v.countDangling(r); err != nil {
			return err
		}
		d.Repaired = n == 0 || t.made
	}
	if !d.Repaired {
		d.Detail += lostReferences[r.table+"."+r.column]
	}
	v.found(d)
	return nil
}

func (v *verifier) countDangling(r reference) (n int, err error) {
	err = v.a.reader.QueryRowContext(v.ctx, fmt.Sprintf("SELECT count(*) FROM %s t WHERE %s", r.table, r.dangling())).Scan(&n)
	return n, err
}

// lostReferences say what it means that rows point to nothing where nothing says what they
// belong to.
var lostReferences = map[string]string{
	"observations.address": "; which addresses they were made at is not known, and --salvage leaves them out",
	"observations.record":  "; the row of that record is lost",
	"pages.base":           "; what they are packed with is lost, and so are they",
	"addresses.record":     "; no record was ever seen there",
}

func (v *verifier) mendReference(t valueTable, r reference) error {
	end := fmt.Sprintf("UPDATE %s AS t SET %s = NULL WHERE %s", r.table, r.column, r.dangling())
	switch known := valueRules[r.table+"."+r.column].instead; {
	case t.made:
		v.stale = true
		return nil
	case r.table == "versions" && r.column == "page":
		return v.endReferences(end, func(tx *tx, do func() error) error {
			rows, err := tx.QueryContext(v.ctx, "SELECT record FROM versions t WHERE "+r.dangling())
			if err != nil {
				return err
			}
			records, err := column[int64](rows)
			if err != nil {
				return err
			}
			return keepSeals(v.ctx, tx, records, do)
		})
	case r.table == "observations" && (r.column == "page" || r.column == "record"):
		if r.column == "record" { // of one of which something is left --salvage makes versions again
			end += " AND t.record NOT IN (SELECT record FROM versions UNION SELECT record FROM addresses UNION SELECT " + sealedSeq + " FROM seals)"
		}
		return v.endReferences(end, func(tx *tx, do func() error) error {
			return keepSealed(v.ctx, tx, "f.id IN (SELECT address FROM observations t WHERE "+r.dangling()+")", nil, do)
		})
	case known != "":
		query := fmt.Sprintf("UPDATE OR IGNORE %s AS t SET %s = %s WHERE %s", r.table, r.column, known, r.dangling())
		return v.endReferences(query, func(_ *tx, do func() error) error { return do() })
	}
	return nil
}

// endReferences changes what points to nothing, within what keeps the digests.
func (v *verifier) endReferences(query string, keep func(tx *tx, do func() error) error) error {
	return v.a.write(v.ctx, "repair references", func(tx *tx) error {
		return keep(tx, func() error {
			_, err := tx.ExecContext(v.ctx, query)
			return err
		})
	})
}
