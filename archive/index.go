package archive

import (
	"context"
	"fmt"
	"time"

	"github.com/dossier-archive/dossier"
)

// seqBits is the part of a search document's number that is the record; what
// stands above is its day, so that the newest documents are the last ones.
const seqBits = 32

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
	f := newFolder()
	x := indexed{title: f.tokens(a.Title), body: f.tokens(a.Body)}
	if a.Author != nil {
		x.author = f.tokens(*a.Author)
	}
	if a.Source != nil {
		x.source = f.tokens(*a.Source)
	}
	x.sketch = sketchOf(x.title + " " + x.body)
	return x
}

// reindex replaces what the index says of a record by its new content.
func reindex(ctx context.Context, tx *tx, seq int64, date string, x indexed) error {
	var old int64
	var site, first string
	if err := tx.QueryRowContext(ctx, "SELECT doc, site, first_seen FROM records WHERE seq = $1", seq).Scan(&old, &site, &first); err != nil {
		return fmt.Errorf("index: %w", err)
	}
	if old > 0 {
		if _, err := tx.ExecContext(ctx, "DELETE FROM search WHERE rowid = $1", old); err != nil {
			return fmt.Errorf("index: %w", err)
		}
	}
	doc := docOf(seq, date, parseStamp(first))
	if doc != old {
		if _, err := tx.ExecContext(ctx, "UPDATE records SET doc = $1 WHERE seq = $2", doc, seq); err != nil {
			return fmt.Errorf("index: %w", err)
		}
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO search (rowid, title, body, author, source, site) VALUES ($1, $2, $3, $4, $5, $6)",
		doc, x.title, x.body, x.author, x.source, allRecords+" "+siteToken(site))
	if err != nil {
		return fmt.Errorf("index: %w", err)
	}
	return relate(ctx, tx, seq, x)
}
