package archive

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"unicode"

	"github.com/dossier-archive/dossier"
)

// index compares the search index with the records: that each has a document
// of just this text, and that there are no others.
func (v *verifier) index() error {
	if v.stale {
		if err := v.a.Reindex(v.ctx); err != nil {
			return err
		}
	}
	words, err := newIndexWords(v.ctx, v.a)
	if err != nil {
		return err
	}
	bad, err := v.misindexed()
	var strays int
	if err == nil {
		err = v.a.reader.QueryRowContext(v.ctx, "SELECT count(*) FROM search_docsize d LEFT JOIN records r ON r.doc = d.id WHERE r.seq IS NULL").Scan(&strays)
	}
	if err != nil && !isIndexDamage(err) {
		return err
	}
	for _, step := range []func() ([]string, error){v.unrelated, v.misscored} {
		if err == nil && len(bad) == 0 {
			bad, err = step()
		}
	}
	if err != nil && !isIndexDamage(err) {
		return err
	}
	held := true
	if err == nil && len(bad) == 0 && strays == 0 {
		held, err = words.are(v.ctx, v.a, v.wordSum)
	}
	if closed := words.close(v.ctx); err == nil || !isIndexDamage(err) {
		err = errors.Join(err, closed)
	}
	if err != nil && !isIndexDamage(err) {
		return err
	}
	if err == nil && len(bad) == 0 && strays == 0 && held {
		return nil
	}
	d := Damage{Kind: DamagedIndex, What: "search index", Affects: bad,
		Detail: fmt.Sprintf("%d records are not indexed or not compared with similar ones as they are, %d documents have no record", len(bad), strays)}
	switch {
	case err != nil:
		d.Detail = "it cannot be read: " + err.Error()
	case !held:
		d.Detail = "it has words that are not in the records, or not where it has them"
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

// isIndexDamage reports whether an error of reading the search index comes of what
// stands in it.
func isIndexDamage(err error) bool { return isCorrupt(err) || isNoMemory(err) }

// misindexed names the records that the index does not hold as they are. Parts
// of the archive are compared at once, each in a read transaction of its own: none
// lasts long, and a crawl that goes on meanwhile makes no difference.
func (v *verifier) misindexed() (bad []string, err error) {
	models := make(chan *indexModel, runtime.GOMAXPROCS(0))
	for range cap(models) {
		m, err := newIndexModel(v.ctx, v.a)
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, m.db.Close()) }()
		models <- m
	}
	scan := rowScan{db: v.a.reader, table: "records"}
	for {
		seqs, err := scan.next(v.ctx)
		if err != nil || len(seqs) == 0 {
			return bad, err
		}
		parts := slices.Collect(slices.Chunk(seqs, (len(seqs)-1)/cap(models)+1))
		found, errs := make([][]string, len(parts)), make([]error, len(parts))
		readAll(v.ctx, indexesOf(parts), func(i int) {
			m := <-models
			defer func() { models <- m }()
			found[i], errs[i] = v.misindexedIn(m, parts[i][0], parts[i][len(parts[i])-1])
		})
		if err := errors.Join(append(errs, v.ctx.Err())...); err != nil {
			return bad, err
		}
		bad = append(bad, slices.Concat(found...)...)
	}
}

// document is a record as the index should hold it, and what it holds.
type document struct {
	id, site         string
	seq              int64
	indexed          indexed
	doc, wantDoc     int64
	sizes, wantSizes []byte // numbers of words, as the index keeps them
	sketch           []byte // that is filed, nil when none is
}

// isSketched reports whether the sketch of a record and its bands are those of its text.
func (d *document) isSketched(ctx context.Context, bands *sql.Stmt) (bool, error) {
	want := sketchOf(d.indexed.title + " " + d.indexed.body)
	if want == nil || d.sketch == nil {
		return want == nil && d.sketch == nil, nil
	}
	if !bytes.Equal(d.sketch, want.bytes()) {
		return false, nil
	}
	args, distinct := []any{d.seq}, map[int64]bool{}
	for _, b := range want.bands() {
		args, distinct[b] = append(args, b), true
	}
	var n int
	err := bands.QueryRowContext(ctx, args...).Scan(&n)
	return n == len(distinct), err
}

// misindexedIn compares the records of a range.
func (v *verifier) misindexedIn(m *indexModel, from, to int64) (bad []string, err error) {
	ctx := context.WithoutCancel(v.ctx) // the driver starts a goroutine for each statement that can be interrupted
	tx, err := v.a.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, tx.Rollback()) }()
	docs, err := documentsIn(ctx, tx, from, to)
	if err != nil {
		return nil, err
	}
	words, err := m.measure(ctx, docs)
	if err != nil {
		return nil, err
	}
	atomic.AddUint64((*uint64)(&v.wordSum), uint64(words))
	find, err := tx.PrepareContext(ctx, "SELECT count(*) FROM search WHERE rowid = $1 AND search MATCH $2")
	if err != nil {
		return nil, err
	}
	defer find.Close()
	bands, err := tx.PrepareContext(ctx, "SELECT count(*) FROM bands WHERE record = $1 AND band IN ("+strings.TrimSuffix(strings.Repeat("?, ", bandCount), ", ")+")")
	if err != nil {
		return nil, err
	}
	defer bands.Close()
	for _, d := range docs {
		held := d.doc == d.wantDoc && bytes.Equal(d.sizes, d.wantSizes)
		if query := probeOf(d.indexed); held && query != "" {
			var n int
			if err := find.QueryRowContext(ctx, d.doc, query).Scan(&n); err != nil {
				return nil, err
			}
			held = n > 0
		}
		if held {
			if held, err = d.isSketched(ctx, bands); err != nil {
				return nil, err
			}
		}
		if !held {
			bad = append(bad, d.id)
		}
	}
	return bad, nil
}

func documentsIn(ctx context.Context, tx *sql.Tx, from, to int64) ([]*document, error) {
	rows, err := tx.QueryContext(ctx, `SELECT r.id, r.seq, r.site, r.doc, r.first_seen, v.title, v.body, v.date, v.author, v.source, d.sz, s.hashes
		FROM records r JOIN versions v ON v.record = r.seq AND v.number = r.version LEFT JOIN search_docsize d ON d.id = r.doc
		LEFT JOIN sketches s ON s.record = r.seq
		WHERE r.seq BETWEEN $1 AND $2 ORDER BY r.seq`, from, to)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []*document
	for rows.Next() {
		d := &document{}
		var first string
		var art dossier.Article
		if err := rows.Scan(&d.id, &d.seq, &d.site, &d.doc, &first, &art.Title, &art.Body, &art.Date, &art.Author, &art.Source, &d.sizes, &d.sketch); err != nil {
			return nil, err
		}
		d.indexed, d.wantDoc = foldedOf(art), docOf(d.seq, art.Date, parseStamp(first))
		out = append(out, d)
	}
	return out, rows.Err()
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
	for _, stmt := range []string{create, createWords} {
		if _, err := db.ExecContext(ctx, stmt); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	return &indexModel{db}, nil
}

// measure notes how many words the columns of documents have, in the form in
// which the index keeps that, and sums up the words.
func (m *indexModel) measure(ctx context.Context, docs []*document) (words wordSum, err error) {
	tx, err := m.db.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, tx.Rollback()) }()
	insert, err := tx.PrepareContext(ctx, insertIndexed)
	if err != nil {
		return 0, err
	}
	defer insert.Close()
	byDoc := map[int64]*document{}
	ascending := slices.SortedFunc(slices.Values(docs), func(a, b *document) int { return cmp.Compare(a.wantDoc, b.wantDoc) })
	for _, d := range ascending { // as the index wants them
		byDoc[d.wantDoc] = d
		x := d.indexed
		if _, err := insert.ExecContext(ctx, d.wantDoc, x.title, x.body, x.author, x.source, allRecords+" "+siteToken(d.site)); err != nil {
			return 0, err
		}
	}
	rows, err := tx.QueryContext(ctx, "SELECT id, sz FROM search_docsize")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var doc int64
		var sizes []byte
		if err := rows.Scan(&doc, &sizes); err != nil {
			return 0, err
		}
		byDoc[doc].wantSizes = sizes
	}
	if err := rows.Err(); err != nil {
		return 0, err
	}
	return wordsIn(ctx, tx)
}

// probeOf is a query for words that show that the index holds this very text:
// the longest of title and body, which are rarely the commonest, and the last
// one; "" when there are none.
func probeOf(x indexed) string {
	var query []string
	title, body := strings.Fields(x.title), strings.Fields(x.body)
	if w := longest(title); w != "" {
		query = append(query, phraseIn("title", w))
	}
	if w := longest(body); w != "" {
		query = append(query, phraseIn("body", w))
	}
	for _, w := range slices.Backward(body) {
		if spoken(w) {
			query = append(query, phraseIn("body", w))
			break
		}
	}
	return strings.Join(query, " AND ")
}

// longest is the first of the longest words that the index has.
func longest(words []string) string {
	best := ""
	for _, w := range words {
		if len(w) > len(best) && spoken(w) {
			best = w
		}
	}
	return best
}

// spoken reports whether the index has a word: it knows letters and numbers.
func spoken(word string) bool {
	return strings.ContainsFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
}

// phraseIn is the query for a word in a column, which the tokenizer of the
// index may take for several.
func phraseIn(column, word string) string {
	return column + ` : "` + strings.ReplaceAll(word, `"`, `""`) + `"`
}
