package archive

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/dossier-archive/dossier"
)

// A page may show a text, then another one and the first again. Those are three versions, in
// whatever order its captures are imported: when the one in between has not come yet, a file
// of this program says that it was there.

// saysOf gives what a record of metadata says to the page of a batch that it stands beside,
// and reports whether there is one that nothing was said of before.
func saysOf(batch []*foreign, f *foreign) bool {
	if f.seen == nil {
		return false
	}
	of := f.record.Get("WARC-Concurrent-To")
	for _, page := range batch {
		if page.record.ID == of && page.record.Type == "response" && page.said == nil {
			page.said = f.seen
			return true
		}
	}
	return false
}

// showsNext recognises a capture of the version that comes next after its time: that began earlier
// than was known, when no other page was there in between.
func (c *commit) showsNext(seq int64, n content) (o dossier.Outcome, yes bool, err error) {
	if c.origin != originImport {
		return o, false, nil
	}
	var next state
	err = c.tx.QueryRowContext(c.ctx, `SELECT v.number, v.created, v.sha256, p.id, coalesce(p.sha256, x'')`+ofVersions+`
		AND v.created > $2 ORDER BY v.created, v.number LIMIT 1`, seq, stamped(c.v.At)).Scan(&next.number, &next.created, &next.sha256, &next.page, &next.bytes)
	if errors.Is(err, sql.ErrNoRows) {
		return o, false, nil
	}
	if err != nil {
		return o, false, recordError(seq, err)
	}
	back, err := c.cameBack(seq, next.created)
	if err != nil || back || !c.shows(next, n) {
		return o, false, err
	}
	o.Status = dossier.StatusUnchanged
	o.Record, err = c.seen(seq)
	return o, true, err
}

// cameBack reports whether a capture is no sight of the version that began at a time, though
// it may have its text: another page of the record was there in between, which is not imported
// yet.
func (c *commit) cameBack(seq int64, created string) (bool, error) {
	if c.said == nil {
		return false, nil
	}
	at := stamped(c.v.At)
	between := func(t time.Time) bool {
		s := stamped(t)
		return !t.IsZero() && (created < s && s < at || at < s && s < created)
	}
	for _, t := range []time.Time{c.said.before, c.said.after} {
		if !between(t) {
			continue
		}
		var seen bool
		err := c.tx.QueryRowContext(c.ctx, `SELECT EXISTS (SELECT 1 FROM observations WHERE record = CAST($1 AS INTEGER) AND at = $2 AND detail != $3
			AND (status = 'new' OR status = 'changed' OR status = 'unchanged'))`, seq, stamped(t), detailImported+detailSaid).Scan(&seen)
		if err != nil {
			return false, fmt.Errorf("what was seen in between: %w", recordError(seq, err))
		}
		if !seen {
			return true, nil
		}
	}
	return false, nil
}

// seenSince reports whether the current version of a record was seen again after a capture
// with another text that is imported.
func (c *commit) seenSince(seq int64, n content) (seen bool, err error) {
	if c.origin != originImport {
		return false, nil
	}
	err = c.tx.QueryRowContext(c.ctx, `SELECT EXISTS (SELECT 1 FROM observations o JOIN frontier f ON f.id = o.address JOIN addresses a ON a.site = f.site AND a.key = f.key
			WHERE o.record = CAST($1 AS INTEGER) AND a.record = o.record AND a.reason = '' AND o.at > $2 AND o.status = 'unchanged' AND o.detail != $3)
		AND NOT EXISTS (SELECT 1 FROM records r JOIN versions v ON v.record = r.seq AND v.number = r.version WHERE r.seq = CAST($1 AS INTEGER) AND v.sha256 = $4)`,
		seq, stamped(c.v.At), detailImported+detailSaid, n.sha256).Scan(&seen)
	if err != nil {
		return false, fmt.Errorf("whether it was seen since: %w", recordError(seq, err))
	}
	return seen, nil
}
