package archive

import (
	"context"
	"errors"
	"fmt"
	"slices"
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

// scoredAtOnce is of how many records the links are compared in one read.
const scoredAtOnce = 32

// misscored names the records that are linked to others with another share of equal
// words than their texts have.
func (v *verifier) misscored() ([]string, error) {
	rows, err := v.a.reader.QueryContext(v.ctx, "SELECT DISTINCT record FROM similar ORDER BY record")
	if err != nil {
		return nil, err
	}
	seqs, err := column[int64](rows)
	if err != nil {
		return nil, err
	}
	parts := slices.Collect(slices.Chunk(seqs, scoredAtOnce))
	found, errs := make([][]string, len(parts)), make([]error, len(parts))
	readAll(v.ctx, indexesOf(parts), func(i int) {
		found[i], errs[i] = v.misscoredIn(parts[i][0], parts[i][len(parts[i])-1])
	})
	return slices.Concat(found...), errors.Join(append(errs, v.ctx.Err())...)
}

// misscoredIn compares the links of a range of records.
func (v *verifier) misscoredIn(from, to int64) (bad []string, err error) {
	ctx := context.WithoutCancel(v.ctx) // the driver starts a goroutine for each statement that can be interrupted
	tx, err := v.a.reader.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, tx.Rollback()) }()
	rows, err := tx.QueryContext(ctx, "SELECT record, other, CASE WHEN typeof(score) = 'real' THEN score ELSE -1 END FROM similar WHERE record BETWEEN $1 AND $2 ORDER BY record, other", from, to)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var links []similarLink
	for rows.Next() {
		var l similarLink
		if err := rows.Scan(&l.record, &l.other, &l.score); err != nil {
			return nil, err
		}
		links = append(links, l)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, err
	}
	var own map[uint64]struct{}
	var id string
	last := int64(0)
	for _, l := range links {
		if l.record != last {
			var text string
			if id, text, err = foldedWords(ctx, tx, l.record); err != nil {
				return nil, err
			}
			own, last = groupSet(text), l.record
		}
		_, text, err := foldedWords(ctx, tx, l.other)
		if err != nil {
			return nil, err
		}
		if share := jaccard(own, groupSet(text)); l.record == l.other || share < similarFrom || l.score != scoreOf(share) {
			bad = append(bad, id)
		}
	}
	return slices.Compact(bad), nil
}

type similarLink struct {
	record, other int64
	score         float64
}

// words are the words of the current version of a record.
func (v *verifier) words(seq int64) (id, text string, err error) {
	return foldedWords(v.ctx, v.a.reader, seq)
}

func foldedWords(ctx context.Context, db querier, seq int64) (id, text string, err error) {
	var title, body string
	err = db.QueryRowContext(ctx, "SELECT r.id, v.title, v.body FROM records r JOIN versions v ON v.record = r.seq AND v.number = r.version WHERE r.seq = $1", seq).
		Scan(&id, &title, &body)
	f := newFolder()
	return id, f.tokens(title) + " " + f.tokens(body), err
}
