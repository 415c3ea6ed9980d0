package archive

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"time"

	"github.com/dossier-archive/dossier"
)

// sameText reports whether a version of a record reads like an article. A repost
// has to read like the current one: when one of two pages is corrected, they are
// two articles. Imports bring captures in any order, so there each version counts.
func (c *commit) sameText(seq int64, reason dossier.Reason, n content) (bool, error) {
	return c.readsLike(seq, reason == dossier.ReasonRepost && c.origin != originImport, n)
}

// readsLike reports whether a version of a record, or only the current one, reads like an article.
func (c *commit) readsLike(seq int64, current bool, n content) (bool, error) {
	rows, err := c.tx.QueryContext(c.ctx, `SELECT v.sha256 = $1, v.title, v.body FROM versions v JOIN records r ON r.seq = v.record
		WHERE v.record = CAST($2 AS INTEGER) AND (v.sha256 = $1 OR v.text_hash = $3) AND (v.number = r.version OR NOT $4)`, n.sha256, seq, n.textHash, current)
	if err != nil {
		return false, recordError(seq, err)
	}
	defer rows.Close()
	for rows.Next() {
		var equal bool
		var old dossier.Article
		if err := rows.Scan(&equal, &old.Title, &old.Body); err != nil {
			return false, recordError(seq, err)
		}
		if equal || sameFigures(old, n.article) {
			return true, nil
		}
	}
	return false, rows.Err()
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
	o := dossier.Outcome{Status: dossier.StatusUnchanged}
	dead, err := c.isMissed(seq)
	if err != nil {
		return o, err
	}
	if dead {
		url := c.v.Task.URL
		if c.v.Snapshot != nil {
			url = c.v.Snapshot.FinalURL
		}
		// The alias may so far be one of another site.
		if err := errors.Join(c.putAddress(key, url, seq, dossier.ReasonRepost), c.takeAddress(seq, key, dossier.ReasonRepost)); err != nil {
			return o, err
		}
		o.Reason, o.Detail = dossier.ReasonMoved, "the address of the record has no page"
		o.Record, err = c.seen(seq)
		return o, err
	}
	o.Record, err = c.idOf(seq)
	return o, err
}

// isMissed reports whether the own address of a record of this site had no page when
// it was asked last.
func (c *commit) isMissed(seq int64) (bool, error) {
	var missed int
	err := c.tx.QueryRowContext(c.ctx, "SELECT missed FROM records WHERE seq = CAST($1 AS INTEGER) AND site = $2", seq, c.site).Scan(&missed)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, recordError(seq, err)
	}
	return missed > 0 && c.origin == originCrawl, nil
}

// unknown deals with an address that no record has: a repost of one that has
// the same text, or a new record.
// likely is the record that is expected to have it, 0 when there is none.
func (c *commit) unknown(n content, likely int64) (dossier.Outcome, error) {
	seq, err := c.original(n)
	if err != nil {
		return dossier.Outcome{}, fmt.Errorf("same text: %w", err)
	}
	if seq == 0 {
		return c.unlike(n, likely)
	}
	c.record = sql.NullInt64{Int64: seq, Valid: true}
	if err := c.repostDue(seq, c.v.At, n.article.Date); err != nil {
		return dossier.Outcome{}, err
	}
	if err := c.putAddress(c.v.FinalKey, c.v.Snapshot.FinalURL, seq, dossier.ReasonRepost); err != nil {
		return dossier.Outcome{}, err
	}
	id, err := c.idOf(seq)
	return dossier.Outcome{Status: dossier.StatusDuplicate, Reason: dossier.ReasonRepost, Record: id}, err
}

// original finds the first record that an article is a repost of, 0 when there is none.
func (c *commit) original(n content) (int64, error) {
	if n.textHash == nil {
		return 0, nil
	}
	rows, err := c.tx.QueryContext(c.ctx, `SELECT v.record, r.site, v.title, v.date, v.body, v.more FROM versions v JOIN records r ON r.seq = v.record
		WHERE v.text_hash = CAST($1 AS BLOB) AND (v.number = r.version OR $2) ORDER BY v.record`, n.textHash, c.origin == originImport)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var seq int64
		var site string
		var old dossier.Article
		var more []byte
		if err := rows.Scan(&seq, &site, &old.Title, &old.Date, &old.Body, &more); err != nil {
			return 0, err
		}
		var f further
		if err := json.Unmarshal(more, &f); err != nil {
			return 0, fmt.Errorf("record %d: %w (%w)", seq, ErrDamaged, err)
		}
		if (site != c.site || sameDay(old.Date, n.article.Date)) && sameFiles(f.Attachments, n.article.Attachments) && sameFigures(old, n.article) {
			return seq, nil
		}
	}
	return 0, rows.Err()
}

// sameDay reports whether two dates can be those of one article. A notice that a site
// prints every month in the same words is another one each time; other sites
// print the day on which they took an article over.
func sameDay(a, b string) bool {
	n := min(len(a), len(b), len(time.DateOnly))
	return a[:n] == b[:n]
}

// sameFiles reports whether two articles have the same files attached, or one of them
// shows none, as print copies do.
func sameFiles(a, b []dossier.Attachment) bool {
	names := func(list []dossier.Attachment) map[string]bool {
		out := map[string]bool{}
		for _, f := range list {
			out[path.Base(f.URL)] = true
		}
		return out
	}
	return len(a) == 0 || len(b) == 0 || maps.Equal(names(a), names(b))
}

// unlike deals with an article whose text no record has: a new record, unless its
// address is another name of one that has changed.
func (c *commit) unlike(n content, likely int64) (dossier.Outcome, error) {
	if likely == 0 {
		var err error
		if likely, err = c.twin(n.article.Title, n.article.Date); err != nil {
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
	kin, err := c.kinship(seq)
	c.due = revisitAt(c.v.At, since, date)
	if kin == otherNumber {
		c.due = time.Time{}
	}
	return err
}

// askReposts lets the reposts of a record that has changed be asked soon, and
// whole: they may show the text as it was before.
func (c *commit) askReposts(seq int64) error {
	_, err := c.tx.ExecContext(c.ctx, `UPDATE frontier SET revisit = $1, etag = '', last_modified = '' FROM addresses a
		WHERE a.record = $2 AND a.reason = $3 AND frontier.revisit IS NOT NULL AND frontier.site = a.site AND frontier.key = a.key`, c.v.At.UnixMilli(), seq, dossier.ReasonRepost)
	if err != nil {
		return fmt.Errorf("reposts of record %d: %w", seq, err)
	}
	return nil
}

// aliasTo makes the address asked for another name of a record, which moves to what its own
// address names as its own.
func (c *commit) aliasTo(o dossier.Outcome) (dossier.Outcome, error) {
	var seq int64
	if err := c.tx.QueryRowContext(c.ctx, "SELECT seq FROM records WHERE id = $1", o.Record).Scan(&seq); err != nil {
		return o, fmt.Errorf("record %s: %w", o.Record, err)
	}
	c.record = sql.NullInt64{Int64: seq, Valid: true}
	if err := c.putAddress(c.key, c.v.Task.URL, seq, dossier.ReasonCanonical); err != nil {
		return o, err
	}
	if moved, ok, err := c.followsName(seq); ok || err != nil {
		return moved, err
	}
	return o, nil
}
