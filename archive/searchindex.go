package archive

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/dossier-archive/dossier"
)

// seqBits is the part of a search document's number that is the record; what
// stands above is its day, so that the newest documents are the last ones.
const seqBits = 32

// seqOfDoc is that part of the column doc, in SQL.
var seqOfDoc = fmt.Sprintf("doc & %d", 1<<seqBits-1)

// docOf numbers the search document of a record. Its day is that of
// publication, or that of archiving when the page shows none.
func docOf(seq int64, date string, firstSeen time.Time) int64 {
	day := dayNumber(firstSeen)
	if len(date) >= len(time.DateOnly) {
		if t, err := time.Parse(time.DateOnly, date[:len(time.DateOnly)]); err == nil && t.Year() > 0 {
			day = dayNumber(t)
		}
	}
	return day<<seqBits | seq
}

// indexed is the text of an article as the index holds it.
type indexed struct {
	title, body, author, source string
	sketch                      *sketch // nil when the text is too short to compare
}

func indexedOf(a dossier.Article) indexed {
	x := foldedOf(a)
	x.sketch = sketchOf(x.title + " " + x.body)
	return x
}

// foldedOf is the text without its sketch.
func foldedOf(a dossier.Article) indexed {
	f := newFolder()
	x := indexed{title: f.tokens(a.Title), body: f.tokens(a.Body)}
	if a.Author != nil {
		x.author = f.tokens(*a.Author)
	}
	if a.Source != nil {
		x.source = f.tokens(*a.Source)
	}
	return x
}

// reindexing is what the index has to learn of a record.
type reindexing struct {
	old, doc int64 // numbers of its document before and after; old is positive only when there was one
	indexed
	site string
}

// reindex replaces what the index says of a record by its new content.
func reindex(ctx context.Context, tx *tx, seq int64, date string, x indexed) error {
	var old int64
	var site, first string
	if err := tx.QueryRowContext(ctx, "SELECT doc, site, first_seen FROM records WHERE seq = $1", seq).Scan(&old, &site, &first); err != nil {
		return fmt.Errorf("index: %w", err)
	}
	doc := docOf(seq, date, parseStamp(first))
	if doc != old {
		if _, err := tx.ExecContext(ctx, "UPDATE records SET doc = $1 WHERE seq = $2", doc, seq); err != nil {
			return fmt.Errorf("index: %w", err)
		}
	}
	if before, ok := tx.reindex[seq]; ok {
		old = before.old
	}
	tx.reindex[seq] = reindexing{old, doc, x, site}
	return relate(ctx, tx, seq, x)
}

const insertIndexed = "INSERT INTO search (rowid, title, body, author, source, site) VALUES ($1, $2, $3, $4, $5, $6)"

// indexAll tells the search index what the transaction has changed. FTS5
// gathers what one transaction adds, as long as its numbers ascend and no other
// statement comes between.
func (t *tx) indexAll(ctx context.Context) error {
	changes := slices.SortedFunc(maps.Values(t.reindex), func(a, b reindexing) int { return cmp.Compare(a.doc, b.doc) })
	for _, c := range changes {
		if c.old <= 0 {
			continue
		}
		if _, err := t.ExecContext(ctx, "DELETE FROM search WHERE rowid = $1", c.old); err != nil {
			return fmt.Errorf("index: %w", err)
		}
	}
	for _, c := range changes {
		_, err := t.ExecContext(ctx, insertIndexed, c.doc, c.title, c.body, c.author, c.source, allRecords+" "+siteToken(c.site))
		if err != nil {
			return fmt.Errorf("index: %w", err)
		}
	}
	clear(t.reindex)
	return nil
}

// lowestDoc is the least number of a document, of those that were once given.
const lowestDoc = "(SELECT min(0, coalesce(min(doc), 0)) FROM records WHERE typeof(doc) = 'integer' AND doc > -1152921504606846976)"

// freeDocs gives records numbers of documents below all that there are: a damaged one may be
// any.
const freeDocs = "UPDATE records SET doc = " + lowestDoc + " - seq"

// Reindex builds the search index and the links between similar records anew
// from the current versions.
func (a *Archive) Reindex(ctx context.Context) error {
	return a.write(ctx, "rebuild the index", func(tx *tx) error {
		var create string
		if err := tx.QueryRowContext(ctx, "SELECT sql FROM sqlite_schema WHERE name = 'search'").Scan(&create); err != nil {
			return err
		}
		// Made anew, not emptied: what it is stored in may be damaged.
		for _, stmt := range []string{"DROP TABLE search", create, "INSERT INTO search (search, rank) VALUES ('automerge', 8)", "DELETE FROM bands", "DELETE FROM sketches", "DELETE FROM similar",
			freeDocs} {
			if _, err := tx.ExecContext(ctx, stmt); err != nil {
				return err
			}
		}
		for after := int64(0); ; {
			last, err := reindexBatch(ctx, tx, after)
			if err != nil || last == 0 {
				return err
			}
			if err := goesOn("records", after, last); err != nil {
				return err
			}
			after = last
		}
	})
}

func reindexBatch(ctx context.Context, tx *tx, after int64) (int64, error) {
	type row struct {
		seq int64
		art dossier.Article
	}
	rows, err := tx.QueryContext(ctx, `SELECT r.seq, v.title, v.body, v.date, v.author, v.source FROM records r
		JOIN versions v ON v.record = r.seq AND v.number = r.version WHERE r.seq > $1 ORDER BY r.seq LIMIT $2`, after, verifyBatch)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	var batch []row
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.seq, &r.art.Title, &r.art.Body, &r.art.Date, &r.art.Author, &r.art.Source); err != nil {
			return 0, err
		}
		batch = append(batch, r)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil || len(batch) == 0 {
		return 0, err
	}
	for _, r := range batch {
		if err := reindex(ctx, tx, r.seq, r.art.Date, indexedOf(r.art)); err != nil {
			return 0, err
		}
	}
	return batch[len(batch)-1].seq, tx.indexAll(ctx)
}
