package archive

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/dossier-archive/dossier"
)

// reasonRepost marks the address of an article whose text another record has.
const reasonRepost = "repost"

// sameText reports whether a version of a record reads like an article. A repost
// has to read like the current one: when one of two pages is corrected, they are
// two articles. Imports bring captures in any order, so there each version counts.
func (c *commit) sameText(seq int64, reason string, n content) (bool, error) {
	var same int
	err := c.tx.QueryRowContext(c.ctx, `SELECT count(*) FROM versions v JOIN records r ON r.seq = v.record
		WHERE v.record = CAST($1 AS INTEGER) AND (v.sha256 = $2 OR v.text_hash = $3) AND (v.number = r.version OR NOT $4)`,
		seq, n.sha256, n.textHash, reason == reasonRepost && c.origin != originImport).Scan(&same)
	if err != nil {
		return false, fmt.Errorf("record %d: %w", seq, err)
	}
	return same > 0, nil
}

// aliasSeen compares an article with the record that its address is another
// name of. When it reads otherwise now, it is as one that no record has.
func (c *commit) aliasSeen(known knownAddress, n content) (dossier.Outcome, error) {
	same, err := c.sameText(known.record, known.reason, n)
	if err != nil {
		return dossier.Outcome{}, err
	}
	if !same {
		return c.unknown(n, known.record)
	}
	return c.aliasConfirmed(known.record, c.v.FinalKey, n.article.Date)
}

// aliasConfirmed notes that another name of a record was as it was.
func (c *commit) aliasConfirmed(seq int64, key, date string) (dossier.Outcome, error) {
	c.record = sql.NullInt64{Int64: seq, Valid: true}
	var first string
	err := c.tx.QueryRowContext(c.ctx, `UPDATE addresses SET last_seen = max(last_seen, $1) WHERE key = $2 AND record = $3
		RETURNING first_seen`, stamped(c.v.At), key, seq).Scan(&first)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return dossier.Outcome{}, fmt.Errorf("alias: %w", err)
	}
	if err := c.repostDue(seq, parseStamp(first), date); err != nil {
		return dossier.Outcome{}, err
	}
	id, err := c.idOf(seq)
	return dossier.Outcome{Status: dossier.StatusUnchanged, Record: id}, err
}

// unknown deals with an address that no record has: a repost of one that has
// the same text, or a new record.
// likely is the record that is expected to have it, 0 when there is none.
func (c *commit) unknown(n content, likely int64) (dossier.Outcome, error) {
	var seq int64
	err := sql.ErrNoRows
	if n.textHash != nil {
		err = c.tx.QueryRowContext(c.ctx, `SELECT v.record FROM versions v JOIN records r ON r.seq = v.record
			WHERE v.text_hash = CAST($1 AS BLOB) AND (v.number = r.version OR $2) ORDER BY v.record LIMIT 1`, n.textHash, c.origin == originImport).Scan(&seq)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return c.unlike(n, likely)
	}
	if err != nil {
		return dossier.Outcome{}, fmt.Errorf("same text: %w", err)
	}
	c.record = sql.NullInt64{Int64: seq, Valid: true}
	if err := c.repostDue(seq, c.v.At, n.article.Date); err != nil {
		return dossier.Outcome{}, err
	}
	if err := c.putAddress(c.v.FinalKey, c.v.Snapshot.FinalURL, seq, reasonRepost); err != nil {
		return dossier.Outcome{}, err
	}
	id, err := c.idOf(seq)
	return dossier.Outcome{Status: dossier.StatusDuplicate, Reason: reasonRepost, Record: id}, err
}

// unlike deals with an article whose text no record has: a new record, unless its
// address is another name of one that has changed.
func (c *commit) unlike(n content, likely int64) (dossier.Outcome, error) {
	if likely == 0 {
		var err error
		if likely, err = c.twin(n.article.Title); err != nil {
			return dossier.Outcome{}, err
		}
	}
	if likely == 0 {
		return c.newRecord(n)
	}
	return c.otherwise(likely, n)
}

// repostDue is when a repost is asked again: as a record would be. One whose address
// differs in a number of the query from the record's own is not, for there may be
// another one at every run.
func (c *commit) repostDue(seq int64, since time.Time, date string) error {
	rows, err := c.tx.QueryContext(c.ctx, "SELECT key FROM addresses WHERE record = CAST($1 AS INTEGER) AND reason = ''", seq)
	if err != nil {
		return fmt.Errorf("own address of record %d: %w", seq, err)
	}
	own, err := column[string](rows)
	if err != nil {
		return fmt.Errorf("own address of record %d: %w", seq, err)
	}
	c.due = revisitAt(c.v.At, since, date)
	if slices.ContainsFunc(own, func(key string) bool { return isNumbered(c.v.FinalKey, key) }) {
		c.due = time.Time{}
	}
	return nil
}

// askReposts lets the reposts of a record that has changed be asked soon, and
// whole: they may show the text as it was before.
func (c *commit) askReposts(seq int64) error {
	_, err := c.tx.ExecContext(c.ctx, `UPDATE frontier SET revisit = $1, etag = '', last_modified = '' FROM addresses a
		WHERE a.record = $2 AND a.reason = 'repost' AND frontier.revisit IS NOT NULL AND frontier.site = a.site AND frontier.key = a.key`, c.v.At.UnixMilli(), seq)
	if err != nil {
		return fmt.Errorf("reposts of record %d: %w", seq, err)
	}
	return nil
}

// aliasTo makes the address asked for another name of a record.
func (c *commit) aliasTo(id string) error {
	var seq int64
	if err := c.tx.QueryRowContext(c.ctx, "SELECT seq FROM records WHERE id = $1", id).Scan(&seq); err != nil {
		return fmt.Errorf("record %s: %w", id, err)
	}
	c.record = sql.NullInt64{Int64: seq, Valid: true}
	return c.putAddress(c.key, c.v.Task.URL, seq, "canonical")
}
