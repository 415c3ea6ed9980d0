package archive

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/dossier-archive/dossier"
)

// ledAway deals with a record whose own address now leads to another one. Where
// that shows the same article, it has moved; else the record has been missed,
// and the other page is looked at for its own sake.
func (c *commit) ledAway(final knownAddress, n content) (o dossier.Outcome, ok bool, err error) {
	own, err := c.address(c.key)
	if err != nil || own.record == 0 || own.reason != "" || own.record == final.record && final.reason == "" {
		return o, false, err
	}
	if final.record == 0 || final.record == own.record {
		same, err := c.isStory(own.record, n)
		if err != nil {
			return o, false, err
		}
		if same {
			o, err = c.moved(own.record, n, dossier.ReasonRedirect)
			return o, true, err
		}
		other := dossier.Link{URL: c.v.Snapshot.FinalURL, Key: c.v.FinalKey, Host: hostOf(c.v.Snapshot.FinalURL), Kind: dossier.KindMaybe, Depth: c.v.Task.Depth + 1}
		if err := addLinks(c.ctx, c.tx, c.site, c.v.Task.ID, c.v.Task.Run, []dossier.Link{other}); err != nil {
			return o, false, err
		}
	}
	if same, err := c.goesOn(own.record, final.record, n); err != nil || same != "" {
		c.record, c.due = sql.NullInt64{Int64: own.record, Valid: true}, c.v.At.Add(recheckSkipped)
		id, idErr := c.idOf(own.record)
		return dossier.Outcome{Status: dossier.StatusDuplicate, Reason: dossier.ReasonMoved, Detail: "it goes on as " + same, Record: id}, true, errors.Join(err, idErr)
	}
	id, err := c.missed(own.record)
	return dossier.Outcome{Status: dossier.StatusGone, Reason: dossier.ReasonRedirectOther, Detail: "to " + c.v.Snapshot.FinalURL, Record: id}, true, err
}

// goesOn gives the id of another record that has the article of a record by now, "" when
// it has another one. The new address was asked first, and showed a text that was
// changed at the same time.
func (c *commit) goesOn(seq, other int64, n content) (string, error) {
	if other == 0 || other == seq {
		return "", nil
	}
	same, err := c.isStory(seq, n)
	if err != nil || !same {
		return "", err
	}
	return c.idOf(other)
}

// isStory reports whether an article is that of a record: a version has its
// content, or its headline on the same day, or the current one its text under another
// headline. At another name of the record's own address the headline is enough.
func (c *commit) isStory(seq int64, n content) (bool, error) {
	var same int
	var body string
	kin, err := c.kinship(seq)
	if err != nil {
		return false, err
	}
	day := n.article.Date[:min(len(n.article.Date), len(time.DateOnly))]
	if kin == sameAddress || kin == otherName {
		day = ""
	}
	err = c.tx.QueryRowContext(c.ctx, `SELECT (SELECT count(*) FROM versions WHERE record = r.seq AND (sha256 = $1 OR text_hash = $2
			OR title = $3 AND ($4 = '' OR date = '' OR substr(date, 1, 10) = $4))), v.body
		FROM records r JOIN versions v ON v.record = r.seq AND v.number = r.version WHERE r.seq = $5`,
		n.sha256, n.textHash, n.article.Title, day, seq).Scan(&same, &body)
	if err != nil {
		return false, fmt.Errorf("moved: %w", err)
	}
	text := normalText(body)
	return same > 0 || text != "" && text == normalText(n.article.Body), nil
}

// moved gives a record the address that answered; its old one is an alias, for a
// reason.
func (c *commit) moved(seq int64, n content, reason dossier.Reason) (dossier.Outcome, error) {
	o, err := c.revised(seq, n)
	if err != nil {
		return o, err
	}
	o.Reason, o.Detail = dossier.ReasonMoved, "to "+c.v.Snapshot.FinalURL
	if err := c.putAddress(c.v.FinalKey, c.v.Snapshot.FinalURL, seq, reason); err != nil {
		return o, err
	}
	if err := c.takeAddress(seq, c.v.FinalKey, reason); err != nil {
		return o, err
	}
	return o, c.redirected()
}

// followsName moves a record to the address that its own one names as its own, if that is
// another one of the site that was found to show the same text, and neither names nor leads
// to this one in turn. That is asked, for the two may have changed meanwhile.
func (c *commit) followsName(seq int64) (o dossier.Outcome, ok bool, err error) {
	if c.v.Canonical == "" {
		return o, false, nil
	}
	own, err := c.address(c.key)
	if err != nil || own != (knownAddress{record: seq, site: c.site}) {
		return o, false, err
	}
	other, err := c.address(c.v.Canonical)
	if err != nil || other != (knownAddress{record: seq, reason: dossier.ReasonRepost, site: c.site}) {
		return o, false, err
	}
	if err := c.takeAddress(seq, c.v.Canonical, dossier.ReasonCanonical); err != nil {
		return o, false, err
	}
	var url string
	if err := c.tx.QueryRowContext(c.ctx, "SELECT url FROM records WHERE seq = $1", seq).Scan(&url); err != nil {
		return o, false, recordError(seq, err)
	}
	_, err = c.tx.ExecContext(c.ctx, "UPDATE frontier SET state = 'pending', attempts = 0, due = 0 WHERE site = $1 AND key = $2 AND state = 'done' AND asked < $3",
		c.site, c.v.Canonical, c.v.Task.Run)
	if err != nil {
		return o, false, fmt.Errorf("moved: %w", err)
	}
	o = dossier.Outcome{Status: dossier.StatusUnchanged, Reason: dossier.ReasonMoved, Detail: "to " + url + ", which the page names as its own"}
	o.Record, err = c.seen(seq)
	c.due = time.Time{} // that one is asked again
	return o, err == nil, err
}

// takeAddress makes an alias the own address of a record, and that one an alias for a
// reason.
func (c *commit) takeAddress(seq int64, key string, reason dossier.Reason) error {
	for _, step := range []struct {
		query string
		args  []any
	}{
		{"UPDATE addresses SET reason = $1 WHERE record = $2 AND reason = ''", []any{reason, seq}},
		{"UPDATE addresses SET reason = '' WHERE record = $1 AND key = $2 AND site = $3", []any{seq, key, c.site}},
		{"UPDATE records SET url = (SELECT url FROM addresses WHERE record = $1 AND reason = '') WHERE seq = $1", []any{seq}},
	} {
		if _, err := c.tx.ExecContext(c.ctx, step.query, step.args...); err != nil {
			return fmt.Errorf("moved: %w", err)
		}
	}
	return nil
}

// replaced reports whether a page shows the text of another record of the site
// instead of its own, as all pages do of a site that was closed or taken over.
func (c *commit) replaced(seq int64, n content) (o dossier.Outcome, yes bool, err error) {
	if n.textHash == nil || c.origin != originCrawl {
		return o, false, nil
	}
	var other string
	err = c.tx.QueryRowContext(c.ctx, `SELECT r.id FROM versions v JOIN records r ON r.seq = v.record AND r.version = v.number
		WHERE v.text_hash = CAST($1 AS BLOB) AND r.site = $2 AND r.seq != $3 LIMIT 1`, n.textHash, c.site, seq).Scan(&other)
	if errors.Is(err, sql.ErrNoRows) {
		return o, false, nil
	}
	if err != nil {
		return o, false, recordError(seq, err)
	}
	if same, err := c.isStory(seq, n); same || err != nil {
		return o, false, err
	}
	id, err := c.idOf(seq)
	return dossier.Outcome{Status: dossier.StatusFailed, Reason: dossier.ReasonTextGone, Detail: "the page shows the text of " + other + " instead; the record stays as it was", Record: id}, true, err
}
