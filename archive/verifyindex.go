package archive

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/dossier-archive/dossier"
)

// index compares the search index with the records: that each has a document
// of just this text, and that there are no others.
func (v *verifier) index() error {
	bad, err := v.misindexed()
	var strays int
	if err == nil {
		err = v.a.reader.QueryRowContext(v.ctx, "SELECT count(*) FROM search_docsize d LEFT JOIN records r ON r.doc = d.id WHERE r.seq IS NULL").Scan(&strays)
	}
	if err != nil && !isCorrupt(err) {
		return err
	}
	if err == nil && len(bad) == 0 && strays == 0 {
		return nil
	}
	d := Damage{Kind: DamagedIndex, What: "search index", Affects: bad,
		Detail: fmt.Sprintf("%d records are not indexed as they are, %d documents have no record", len(bad), strays)}
	if err != nil {
		d.Detail = "it cannot be read: " + err.Error()
	}
	if v.repair {
		if err := v.a.Reindex(v.ctx); err != nil {
			return err
		}
		d.Repaired = true
	}
	v.found(d)
	return nil
}

func (v *verifier) misindexed() (bad []string, err error) {
	model, err := newIndexModel(v.ctx, v.a)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, model.db.Close()) }()
	rows, err := v.a.reader.QueryContext(v.ctx, `SELECT r.id, r.seq, r.site, r.doc, r.first_seen, v.title, v.body, v.date, v.author, v.source, d.sz
		FROM records r JOIN versions v ON v.record = r.seq AND v.number = r.version LEFT JOIN search_docsize d ON d.id = r.doc ORDER BY r.seq`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, site, first string
		var seq, doc int64
		var art dossier.Article
		var sizes []byte
		if err := rows.Scan(&id, &seq, &site, &doc, &first, &art.Title, &art.Body, &art.Date, &art.Author, &art.Source, &sizes); err != nil {
			return nil, err
		}
		x := indexedOf(art)
		held := doc == docOf(seq, art.Date, parseStamp(first))
		if held {
			want, err := model.sizes(v.ctx, x, site)
			if err != nil {
				return nil, err
			}
			held = bytes.Equal(want, sizes)
		}
		if held {
			if held, err = v.finds(doc, x); err != nil {
				return nil, err
			}
		}
		if !held {
			bad = append(bad, id)
		}
	}
	return bad, rows.Err()
}

// indexModel is an empty search index in memory. It says how many words the
// index counts in a text, which only its own tokenizer knows.
type indexModel struct{ db *sql.DB }

func newIndexModel(ctx context.Context, a *Archive) (*indexModel, error) {
	var create string
	if err := a.reader.QueryRowContext(ctx, "SELECT sql FROM sqlite_schema WHERE name = 'search'").Scan(&create); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // each connection has a database of its own
	if _, err := db.ExecContext(ctx, create); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &indexModel{db}, nil
}

// sizes are the numbers of words in the columns, as the index keeps them.
func (m *indexModel) sizes(ctx context.Context, x indexed, site string) ([]byte, error) {
	tx, err := m.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	var sizes []byte
	_, err = tx.ExecContext(ctx, insertIndexed, 1, x.title, x.body, x.author, x.source, allRecords+" "+siteToken(site))
	if err == nil {
		err = tx.QueryRowContext(ctx, "SELECT sz FROM search_docsize WHERE id = 1").Scan(&sizes)
	}
	return sizes, errors.Join(err, tx.Rollback())
}

// probeWords is how many words of the title and of the end of the body are
// looked up to see that the index holds this very text.
const probeWords = 6

// finds reports whether a document is found by words of its own.
func (v *verifier) finds(doc int64, x indexed) (bool, error) {
	var query []string
	title, body := strings.Fields(x.title), strings.Fields(x.body)
	if words := title[:min(len(title), probeWords)]; spoken(words) {
		query = append(query, phraseIn("title", words))
	}
	if words := body[max(0, len(body)-probeWords):]; spoken(words) {
		query = append(query, phraseIn("body", words))
	}
	if len(query) == 0 {
		return true, nil
	}
	var n int
	err := v.a.lookup.row(v.ctx, "SELECT count(*) FROM search WHERE rowid = $1 AND search MATCH $2", doc, strings.Join(query, " AND ")).Scan(&n)
	return n > 0, err
}

// spoken reports whether the index has at least one of the words: it knows
// letters and numbers.
func spoken(words []string) bool {
	return strings.ContainsFunc(strings.Join(words, ""), func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
}

// phraseIn is the query for words that follow each other in a column. What the
// index does not hold of them its tokenizer leaves out of the query, too.
func phraseIn(column string, words []string) string {
	return column + ` : "` + strings.ReplaceAll(strings.Join(words, " "), `"`, `""`) + `"`
}
