package archive

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/dossier-archive/dossier"
)

// Commit stores what one visit brought, in one transaction: the links that
// were found, the capture, the record, the observation, the counters of the
// run, and the outcome of the address. An address is done only here. The task
// is one that Next has leased. Commit returns the outcome; of an article it
// says what archiving it changed.
func (a *Archive) Commit(ctx context.Context, v dossier.Visit) (dossier.Outcome, error) {
	if a.writer != nil {
		defer a.writer.sharing.done(func(l *inHand) bool { return l.task == v.Task.ID })
	}
	out := v.Outcome
	c := commit{ctx: ctx, v: &v, origin: originCrawl, site: v.Task.Site, key: v.Task.Key}
	if err := c.prepare(a); err != nil {
		return out, fmt.Errorf("archive %s: %w", v.Task.URL, err)
	}
	err := a.writeTogether(ctx, "archive "+v.Task.URL, v.Task, v.Article != nil, func(tx *tx) error {
		c.attempt = attempt{tx: tx}
		var err error
		out, err = c.all()
		return err
	})
	if err == nil {
		c.learn(a)
	}
	return out, err
}

// Where a version was read from: a page that was just fetched, a stored page
// that was read again, or a page of a foreign web archive.
const (
	originCrawl  = "crawl"
	originReread = "reread"
	originImport = "import"
)

// prepare does what needs no transaction.
func (c *commit) prepare(a *Archive) error {
	var err error
	first := c.origin == originCrawl && !c.v.Task.Archived && c.v.FinalKey == c.key
	if c.page, err = a.packPage(c.ctx, c.site, c.v.FinalKey, c.v.Snapshot, first); err != nil {
		return err
	}
	if c.v.Article != nil {
		c.content = contentOf(*c.v.Article)
	}
	return nil
}

// learn offers a page that was stored to those that follow.
func (c *commit) learn(a *Archive) {
	if c.stored.Valid && c.page.base == 0 {
		a.codec.learn(c.site, c.stored.Int64, c.page.whole)
	}
}

// commit is one transaction of Commit: what is known before it, and the attempt that is
// being made.
type commit struct {
	ctx     context.Context
	v       *dossier.Visit
	origin  string
	page    *packedPage // nil without a capture
	content content     // of an article
	said    *sighting   // what an imported file says beside the capture, nil: nothing
	site    string
	key     string // of the address asked for
	attempt
}

// attempt is what a transaction finds and decides. One that is made again begins anew.
type attempt struct {
	tx     *tx
	record sql.NullInt64 // of the address, before and after
	stored sql.NullInt64 // the capture, when it was kept
	same   sql.NullInt64 // else the page that has just its bytes

	waits      sql.NullInt64 // the record whose own address is asked first
	doubts     int           // 1 when that was asked, and does not help
	pageFields []any         // of the capture that was kept, as its seal covers them; nil when it was kept before

	seal []byte    // digest of the last observation of the address, before and after
	due  time.Time // zero: no revisit
}

func (c *commit) all() (dossier.Outcome, error) {
	o := c.v.Outcome
	err := c.tx.QueryRowContext(c.ctx, "SELECT record, observed FROM frontier WHERE id = $1", c.v.Task.ID).Scan(&c.record, &c.seal)
	if err != nil {
		return o, fmt.Errorf("its row in the frontier: %w", err)
	}
	if err := addLinks(c.ctx, c.tx, c.site, c.v.Task.ID, c.v.Task.Run, c.v.Links); err != nil {
		return o, err
	}
	if o, err = c.settle(); err != nil {
		return o, err
	}
	if err := c.observe(o); err != nil {
		return o, err
	}
	if o.Status == dossier.StatusRetry {
		return o, c.retry(o)
	}
	return o, c.finish(o)
}

// settle brings the records up to date.
func (c *commit) settle() (dossier.Outcome, error) {
	o := c.v.Outcome
	switch {
	case c.v.Article != nil:
		return c.putArticle()
	case o.Status == dossier.StatusDuplicate && o.Record != "":
		return c.aliasTo(o)
	case o.Status == dossier.StatusUnchanged:
		return c.confirm(o)
	case o.Status == dossier.StatusGone && c.record.Valid:
		return c.lost(o)
	}
	if c.page != nil && o.Status != dossier.StatusRetry {
		return o, c.keepPage()
	}
	return o, nil
}

// lost notes that an address has no page any more: that of a record, or another name
// of one, which is no reason to miss the record.
func (c *commit) lost(o dossier.Outcome) (dossier.Outcome, error) {
	own, err := c.address(c.key)
	if err != nil {
		return o, err
	}
	if own.record == c.record.Int64 && own.reason != "" {
		c.due = c.v.At.Add(recheckSkipped)
		o.Record, err = c.idOf(own.record)
		return o, err
	}
	o.Record, err = c.missed(c.record.Int64)
	return o, err
}

// confirm notes that a page is as it was: that of a record, or another one
// with its text.
func (c *commit) confirm(o dossier.Outcome) (dossier.Outcome, error) {
	known, err := c.address(c.v.FinalKey)
	if err != nil || !c.record.Valid && known.record == 0 {
		return o, err
	}
	if known.record != 0 && known.reason == dossier.ReasonRepost {
		seen, err := c.aliasConfirmed(known.record, c.v.FinalKey, "")
		o.Record = seen.Record
		if own, ownErr := c.address(c.key); err == nil && own.record == known.record && own.reason == "" {
			o.Record, err = c.seen(own.record) // its own address leads to this one
		} else if err == nil {
			err = ownErr
		}
		return o, err
	}
	seq := c.record.Int64
	if !c.record.Valid {
		seq = known.record
	}
	id, err := c.seen(seq)
	o.Record = id
	return o, err
}

// observe logs the attempt and counts it.
func (c *commit) observe(o dossier.Outcome) error {
	status, page := c.v.HTTP, c.stored
	if c.v.Snapshot != nil {
		status = c.v.Snapshot.Status
	}
	if !page.Valid {
		page = c.same
	}
	var err error
	if c.seal, err = sealOf(c.seal, c.v.Task.Run, c.v.Task.ID, stamped(c.v.At), o.Status, o.Reason, o.Detail, status, c.record, page, ""); err != nil {
		return err
	}
	_, err = c.tx.ExecContext(c.ctx, `INSERT INTO observations (run, address, at, status, reason, detail, http, record, page, digest)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		c.v.Task.Run, c.v.Task.ID, stamped(c.v.At), o.Status, o.Reason, o.Detail, status, c.record, page, c.seal)
	if err != nil {
		return fmt.Errorf("observation: %w", err)
	}
	column := map[dossier.Status]string{
		dossier.StatusNew: "new", dossier.StatusChanged: "changed", dossier.StatusUnchanged: "unchanged", dossier.StatusDuplicate: "duplicate",
		dossier.StatusListed: "listed", dossier.StatusGone: "gone", dossier.StatusSkipped: "skipped", dossier.StatusFailed: "failed",
	}[o.Status]
	count := ""
	if column != "" {
		count = ", " + column + " = " + column + " + 1"
	}
	_, err = c.tx.ExecContext(c.ctx, "UPDATE runs SET requests = requests + $1, bytes = bytes + $2"+count+" WHERE id = $3",
		c.v.Requests, c.v.Bytes, c.v.Task.Run)
	if err != nil {
		return fmt.Errorf("counters: %w", err)
	}
	return nil
}

// retry puts the address back. A copy that waits for its original goes to the
// end of the queue.
func (c *commit) retry(o dossier.Outcome) error {
	if c.waits.Valid {
		_, err := c.tx.ExecContext(c.ctx, "UPDATE frontier SET state = 'done', status = $1, reason = $2, waits = $3, observed = $4, failures = failures + $5 WHERE id = $6",
			o.Status, o.Reason, c.waits, c.seal, c.doubts, c.v.Task.ID)
		if err != nil {
			return fmt.Errorf("let wait: %w", err)
		}
		return nil
	}
	_, err := c.tx.ExecContext(c.ctx, `UPDATE frontier SET state = 'pending', due = $1, attempts = attempts + 1, status = $2, reason = $3,
			canonical = $4, witness_title = CASE WHEN $5 != '' THEN $5 ELSE witness_title END, priority = CASE WHEN $4 != '' THEN $6 ELSE priority END, observed = $7 WHERE id = $8`,
		c.v.RetryAt.UnixMilli(), o.Status, o.Reason, c.v.Canonical, c.v.Task.Witness.Title, priorityCopy, c.seal, c.v.Task.ID)
	if err != nil {
		return fmt.Errorf("put back: %w", err)
	}
	return nil
}

// finish sets the last state of the address in this run.
func (c *commit) finish(o dossier.Outcome) error {
	state := "done"
	var due int64
	failures, again, err := c.disappointed(o)
	if err != nil {
		return err
	}
	if o.Status == dossier.StatusFailed {
		state, due = "failed", again.UnixMilli()
	} else if !again.IsZero() {
		c.due = again
	}
	if c.v.Article != nil && c.v.FinalKey != c.key && o.Status != dossier.StatusGone {
		c.due = time.Time{} // the address that answered is asked again, not the one that leads there
	}
	// What has learned meanwhile what it is, from a row of a list, is judged by that.
	undated := c.v.Task.Kind == dossier.KindMaybe && c.v.Task.Witness.Date == "" && (o.Status == dossier.StatusSkipped && unripe[o.Reason] || o.Status == dossier.StatusListed)
	keepValidators := o.Status == dossier.StatusFailed || o.Status == dossier.StatusGone
	if err := c.become(c.v.Kind, undated); err != nil {
		return err
	}
	_, err = c.tx.ExecContext(c.ctx, `UPDATE frontier SET state = CASE WHEN $1 AND `+learned+` OR $2 AND priority != $3 THEN 'pending' ELSE $4 END,
			due = $5, failures = $6, attempts = 0, status = $7, reason = $8, record = $9, revisit = $10,
			etag = CASE WHEN $11 THEN etag ELSE $12 END, last_modified = CASE WHEN $11 THEN last_modified ELSE $13 END, canonical = '',
			priority = CASE WHEN $14 = 'article' THEN $15 WHEN $14 = 'list' AND kind != 'start' AND NOT ($1 AND `+learned+`) THEN $16 ELSE priority END, observed = $17,
			digest = CASE WHEN $7 = 'changed' AND length(digest) >= `+saidFull+` THEN '' ELSE digest END,
			rising = CASE WHEN $7 = 'listed' THEN $18 ELSE rising END,
			listed = CASE WHEN $7 = 'listed' AND $8 != $19 THEN asked ELSE listed END
		WHERE id = $20`,
		undated, c.v.Task.Aside, priorityAside, state, due, failures, o.Status, o.Reason, c.record, nullMillis(c.due), keepValidators, c.v.ETag, c.v.LastModified,
		c.v.Kind, priorities[dossier.KindArticle], priorities[dossier.KindList], c.seal, c.v.Rising, dossier.ReasonPagingEmpty, c.v.Task.ID)
	if err != nil {
		return fmt.Errorf("outcome: %w", err)
	}
	return c.release(o)
}

// learned finds addresses that a row of a list has shown with its day.
const learned = "witness_title != '' AND witness_date != ''"

// become sets what an address is, unless it has learned that meanwhile. Most are what they
// were, and SQLite makes temporary tables where a statement sets the kind: the condition of
// frontier_lists has IN.
func (c *commit) become(kind dossier.Kind, undated bool) error {
	_, err := c.tx.ExecContext(c.ctx, "UPDATE frontier SET kind = $1 WHERE id = $2 AND $1 != '' AND kind != $1 AND kind != 'start' AND NOT ($3 AND "+learned+")",
		kind, c.v.Task.ID, undated)
	if err != nil {
		return fmt.Errorf("kind: %w", err)
	}
	return nil
}

// disappointed counts the runs in a row in which an address has not given what it was
// asked for, and says when it is asked again; zero when it has. An address that never
// had a page may get it later, as lists are often published before what they show.
func (c *commit) disappointed(o dossier.Outcome) (failures int, again time.Time, err error) {
	distance := retryFailed
	switch {
	case o.Status == dossier.StatusFailed, o.Status == dossier.StatusGone && !c.record.Valid, o.Reason == dossier.ReasonPagingEmpty:
	case o.Status == dossier.StatusSkipped && unripe[o.Reason]:
		distance = recheckUnripe
	case o.Status == dossier.StatusListed && c.v.Task.Chain != "":
		last, err := c.isLastPage(o)
		return 0, c.v.At.Add(recheckPage(c.v.Task.Depth, last)), err
	case o.Status == dossier.StatusSkipped:
		return 0, c.v.At.Add(recheckSkipped), nil
	default:
		return 0, time.Time{}, nil
	}
	err = c.tx.QueryRowContext(c.ctx, "SELECT failures + 1 FROM frontier WHERE id = $1", c.v.Task.ID).Scan(&failures)
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("failures: %w", err)
	}
	return failures, c.v.At.Add(distance(failures)), nil
}

// isLastPage reports whether a further page of a list leads to none behind it.
func (c *commit) isLastPage(o dossier.Outcome) (bool, error) {
	if o.Reason == dossier.ReasonNotModified {
		var behind int
		err := c.tx.QueryRowContext(c.ctx, `SELECT count(*) FROM frontier INDEXED BY frontier_lists WHERE site = $1 AND kind IN ('start', 'list', 'feed', 'sitemap')
			AND chain = $2 AND depth > $3`, c.site, c.v.Task.Chain, c.v.Task.Depth).Scan(&behind)
		if err != nil {
			return false, fmt.Errorf("last page: %w", err)
		}
		return behind == 0, nil
	}
	return o.Reason == "" && !slices.ContainsFunc(c.v.Links, func(l dossier.Link) bool { return l.Chain != "" }), nil
}
