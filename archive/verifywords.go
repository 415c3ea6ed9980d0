package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
)

// A wordSum is of all words that an index holds, each with its record, column and
// place, in no order: the sum of two indexes is that of both together.
type wordSum uint64

// createWords names the words of an index, those of each word together.
const createWords = "CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, search, instance)"

// sumWords mixes record and place of a word so that the changes of two words do
// not cancel out; of 32 bits, for SQLite ends where a sum is too great.
var sumWords = fmt.Sprintf(`SELECT term, sum(
		(((doc >> %d) * 7919 + (`+seqOfDoc+`) * 104729) & 16777215) *
		((unicode(col) * 65599 + length(col) * 257 + offset * 31 + 1) & 16777215) & 4294967295)
	FROM temp.words GROUP BY term`, seqBits)

func wordsIn(ctx context.Context, db querier) (wordSum, error) {
	rows, err := db.QueryContext(ctx, sumWords)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	var all wordSum
	for rows.Next() {
		var term sql.RawBytes
		var places int64
		if err := rows.Scan(&term, &places); err != nil {
			return 0, err
		}
		h := fnv.New64a()
		h.Write(term)
		all += wordSum(h.Sum64()|1) * wordSum(places)
	}
	return all, rows.Err()
}

// indexWords reads the words of the search index, and sees whether the archive
// was written to meanwhile.
type indexWords struct {
	conn  *sql.Conn
	state int64
}

func newIndexWords(ctx context.Context, a *Archive) (*indexWords, error) {
	conn, err := a.reader.Conn(ctx)
	if err != nil {
		return nil, err
	}
	w := &indexWords{conn: conn}
	// The connection is one that can write to nothing but its own temporary tables.
	for _, stmt := range []string{"PRAGMA query_only = 0", createWords, "PRAGMA query_only = 1"} {
		if _, err := conn.ExecContext(ctx, stmt); err != nil {
			return nil, errors.Join(err, w.close(ctx))
		}
	}
	if w.state, err = w.version(ctx); err != nil {
		return nil, errors.Join(err, w.close(ctx))
	}
	return w, nil
}

func (w *indexWords) version(ctx context.Context) (n int64, err error) {
	err = w.conn.QueryRowContext(ctx, "PRAGMA data_version").Scan(&n)
	return n, err
}

// are reports whether the words of the index are those of a sum, which was made of the
// records since w was made. Where the archive was written to meanwhile, records and index
// are compared again as they are at one moment.
func (w *indexWords) are(ctx context.Context, a *Archive, want wordSum) (bool, error) {
	got, err := wordsIn(ctx, w.conn)
	if err != nil || got == want {
		return got == want, err
	}
	if now, err := w.version(ctx); err != nil || now == w.state {
		return false, err
	}
	return w.hold(ctx, a)
}

// hold compares index and records in one read transaction, in which the log of whoever
// writes cannot be folded in.
func (w *indexWords) hold(ctx context.Context, a *Archive) (same bool, err error) {
	m, err := newIndexModel(ctx, a)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, m.db.Close()) }()
	tx, err := w.conn.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, tx.Rollback()) }()
	var want wordSum
	scan := rowScan{db: tx, table: "records"}
	for {
		seqs, err := scan.next(ctx)
		if err != nil {
			return false, err
		}
		if len(seqs) == 0 {
			break
		}
		docs, err := documentsIn(ctx, tx, seqs[0], seqs[len(seqs)-1])
		if err != nil {
			return false, err
		}
		words, err := m.measure(ctx, docs)
		if err != nil {
			return false, err
		}
		want += words
	}
	got, err := wordsIn(ctx, tx)
	return got == want, err
}

func (w *indexWords) close(ctx context.Context) error {
	var err error
	for _, stmt := range []string{"PRAGMA query_only = 0", "DROP TABLE IF EXISTS temp.words", "PRAGMA query_only = 1"} {
		_, failed := w.conn.ExecContext(context.WithoutCancel(ctx), stmt)
		err = errors.Join(err, failed)
	}
	return errors.Join(err, w.conn.Close())
}
