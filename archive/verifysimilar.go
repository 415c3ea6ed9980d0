package archive

import (
	"fmt"
)

// surelySimilar is a share of two sketches from which on the texts are rarely
// less alike than similarFrom.
const surelySimilar = 0.75

// unrelated names the records that are linked to no other, though one of nearly the
// same text is there. Which of several similar texts are linked depends on the order
// in which they came, and is not compared.
func (v *verifier) unrelated() ([]string, error) {
	rows, err := v.a.reader.QueryContext(v.ctx, fmt.Sprintf(`WITH few AS (SELECT band FROM bands GROUP BY band HAVING count(*) BETWEEN 2 AND %d)
		SELECT DISTINCT one.record, other.record, s.hashes, o.hashes FROM few
		JOIN bands one ON one.band = few.band JOIN bands other ON other.band = few.band AND other.record < one.record
		JOIN sketches s ON s.record = one.record JOIN sketches o ON o.record = other.record
		WHERE NOT EXISTS (SELECT 1 FROM similar WHERE record = one.record) AND NOT EXISTS (SELECT 1 FROM similar WHERE other = one.record)`, bandLimit))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	near := map[int64]int64{} // by record, one that is nearly the same
	for rows.Next() {
		var record, other int64
		var a, b []byte
		if err := rows.Scan(&record, &other, &a, &b); err != nil {
			return nil, err
		}
		one, two := sketchFrom(a), sketchFrom(b)
		if one != nil && two != nil && one.share(two) >= surelySimilar {
			near[record] = other
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	var bad []string
	for record, other := range near {
		id, text, err := v.words(record)
		if err != nil {
			return nil, err
		}
		_, than, err := v.words(other)
		if err != nil {
			return nil, err
		}
		if jaccard(groupSet(text), groupSet(than)) >= similarFrom {
			bad = append(bad, id)
		}
	}
	return bad, nil
}

// words are the words of the current version of a record.
func (v *verifier) words(seq int64) (id, text string, err error) {
	var title, body string
	err = v.a.reader.QueryRowContext(v.ctx, "SELECT r.id, v.title, v.body FROM records r JOIN versions v ON v.record = r.seq AND v.number = r.version WHERE r.seq = $1", seq).
		Scan(&id, &title, &body)
	f := newFolder()
	return id, f.tokens(title) + " " + f.tokens(body), err
}
