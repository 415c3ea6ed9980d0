package archive

import (
	"database/sql"
	"strings"

	"github.com/dossier-archive/dossier"
)

// Importing a file again changes nothing, though a record may look otherwise by then
// than when the first of its captures came.

// again recognises a capture of a record that was imported before and is not that of
// the version which stands for its time.
func (c *commit) again(seq int64, n content) (o dossier.Outcome, known bool, err error) {
	if c.origin != originImport {
		return o, false, nil
	}
	if known, err = c.ofSameSecond(seq, n); known || err != nil {
		if err == nil {
			o.Record, err = c.seen(seq)
		}
		o.Status = dossier.StatusUnchanged
		return o, known, err
	}
	return c.wasRepost(seq, n)
}

// onlyBegins recognises a capture of the first page of a text of which the record has more: a
// file that lacks the further pages says nothing of them.
func (c *commit) onlyBegins(seq int64, version int, n content) (o dossier.Outcome, yes bool, err error) {
	if c.origin != originImport || n.article.Continued == "" || n.article.Body == "" {
		return o, false, nil
	}
	var title, body string
	err = c.tx.QueryRowContext(c.ctx, "SELECT title, body FROM versions WHERE record = CAST($1 AS INTEGER) AND number = $2", seq, version).Scan(&title, &body)
	if err != nil {
		return o, false, recordError(seq, err)
	}
	if title != n.article.Title || !strings.HasPrefix(body, n.article.Body+"\n") {
		return o, false, nil
	}
	o.Status = dossier.StatusUnchanged
	o.Record, err = c.seen(seq)
	return o, true, err
}

// ofSameSecond reports whether one of the versions of a second is that of a capture.
// Times are kept in seconds, in which a crawler may fetch a page twice.
func (c *commit) ofSameSecond(seq int64, n content) (bool, error) {
	var same int
	err := c.tx.QueryRowContext(c.ctx, `SELECT count(*) FROM versions v LEFT JOIN pages p ON p.id = v.page
		WHERE v.record = CAST($1 AS INTEGER) AND v.created = $2 AND (v.sha256 = $3 OR p.sha256 = $4)`,
		seq, stamped(c.v.At), n.sha256, c.page.sha256).Scan(&same)
	if err != nil {
		return false, recordError(seq, err)
	}
	return same > 0, nil
}

// wasRepost recognises a capture from the time before a record was one: its address
// was then another name of the record that it shows.
func (c *commit) wasRepost(seq int64, n content) (o dossier.Outcome, yes bool, err error) {
	var before int
	err = c.tx.QueryRowContext(c.ctx, `SELECT count(*) FROM addresses a JOIN records r ON r.seq = a.record WHERE r.seq = CAST($1 AS INTEGER) AND a.key = $2 AND a.reason = ''
		AND a.first_seen <= $3 AND $3 < r.first_seen`,
		seq, c.v.FinalKey, stamped(c.v.At)).Scan(&before)
	if err != nil {
		return o, false, recordError(seq, err)
	}
	if before == 0 {
		return o, false, nil
	}
	other, err := c.original(n)
	if err != nil {
		return o, false, recordError(seq, err)
	}
	if other == 0 || other == seq {
		return o, false, nil
	}
	c.record = sql.NullInt64{Int64: other, Valid: true}
	id, err := c.idOf(other)
	return dossier.Outcome{Status: dossier.StatusDuplicate, Reason: dossier.ReasonRepost, Record: id}, true, err
}
