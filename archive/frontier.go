package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/dossier-archive/dossier"
)

// Priorities of the frontier: what leads to articles comes before them, so
// that a list is read whole before it moves on. Copies wait for their
// originals.
var priorities = map[dossier.Kind]int{
	dossier.KindStart: 0, dossier.KindSitemap: 1, dossier.KindFeed: 1,
	dossier.KindList: 2, dossier.KindArticle: 4, dossier.KindMaybe: 3,
}

// The priorities of lists that a bounded run has read before, of copies that name another
// address as their own, and of what is not to be asked: rows of lists, and links that a page is not read for. An address that only such
// links lead to is as one that no page has shown.
const (
	priorityAgain   = 5
	priorityCopy    = 9
	priorityRefused = 10
	priorityAside   = 11
)

// Next leases the pending address of a run's site that comes first, of those
// whose host is not busy and whose time has come, and with it up to most in all of
// the same host and priority. When there is none, wake is the earliest time at
// which one of these hosts has one due, zero for never, and more says that busy
// hosts have pending addresses.
func (a *Archive) Next(ctx context.Context, run int64, busyHosts []string, now time.Time, most int) (tasks []*dossier.Task, wake time.Time, more bool, err error) {
	busy := map[string]bool{}
	for _, h := range busyHosts {
		busy[h] = true
	}
	err = a.writeAs(ctx, inOrder, "next page", func(tx *tx) error {
		var site string
		if err := tx.QueryRowContext(ctx, "SELECT site FROM runs WHERE id = $1", run).Scan(&site); err != nil {
			return fmt.Errorf("run %d: %w", run, err)
		}
		var best candidate
		for host := ""; ; {
			var ok bool
			if host, ok, err = pendingHost(ctx, tx, site, host); err != nil || !ok {
				break
			}
			if busy[host] {
				more = true
				continue
			}
			c, err := firstOf(ctx, tx, site, host, now)
			if err != nil {
				return err
			}
			if c.id == 0 && (wake.IsZero() || c.due.Before(wake)) {
				wake = c.due
			}
			if c.id != 0 && (best.id == 0 || c.before(best)) {
				best = c
			}
		}
		if err != nil || best.id == 0 {
			return err
		}
		if best.priority == priorityAside || best.priority == priorityCopy {
			// What is in hand may lead to it in another way, or be the original of the copy.
			if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM frontier INDEXED BY frontier_leased WHERE state = 'leased' AND site = $1 AND priority != $2)", site, best.priority).Scan(&more); err != nil || more {
				return err
			}
		}
		ids, err := likeIt(ctx, tx, site, best, now, most)
		if err != nil {
			return err
		}
		for _, id := range ids {
			task, err := lease(ctx, tx, id, run, now)
			if err != nil {
				return err
			}
			tasks = append(tasks, task)
		}
		return nil
	})
	if err != nil {
		return nil, wake, more, err
	}
	for _, t := range tasks {
		wake = time.Time{}
		a.writer.sharing.lend(t)
	}
	return tasks, wake, more, nil
}

// likeIt gives a candidate and those that follow it on its host with its priority.
func likeIt(ctx context.Context, tx *tx, site string, c candidate, now time.Time, most int) ([]int64, error) {
	// The limit stands in the text, of which there are few: SQLite prepares a statement
	// anew each time that a limit is bound.
	query := fmt.Sprintf(`SELECT id FROM frontier WHERE state = 'pending' AND site = CAST($1 AS TEXT) AND host = CAST($2 AS TEXT)
		AND priority = CAST($3 AS INTEGER) AND id >= CAST($4 AS INTEGER) AND due <= $5 AND (attempts > 0) = $6 ORDER BY id LIMIT %d`, most)
	rows, err := tx.QueryContext(ctx, query, site, c.host, c.priority, c.id, now.UnixMilli(), c.again)
	if err != nil {
		return nil, err
	}
	return column[int64](rows)
}

// candidate is the first due address of a host; with id 0 the time when one
// will be due.
type candidate struct {
	id       int64
	host     string
	priority int
	again    bool // it was asked in this run, and failed
	due      time.Time
}

func (c candidate) before(o candidate) bool {
	if c.priority != o.priority {
		return c.priority < o.priority
	}
	return c.id < o.id
}

// pendingHost is the next host after one, in the order of names, that has
// pending addresses.
func pendingHost(ctx context.Context, tx *tx, site, after string) (string, bool, error) {
	var host string
	err := tx.QueryRowContext(ctx, `SELECT host FROM frontier WHERE state = 'pending' AND site = CAST($1 AS TEXT) AND host > CAST($2 AS TEXT)
		ORDER BY host LIMIT 1`, site, after).Scan(&host)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	if err == nil {
		err = goesOn("frontier", after, host)
	}
	return host, err == nil, err
}

// firstOf is what comes first on a host. Of equal priority that is what was not asked in
// this run: a page that always fails keeps no other waiting.
func firstOf(ctx context.Context, tx *tx, site, host string, now time.Time) (candidate, error) {
	const pending = "SELECT id, priority, attempts > 0 FROM frontier WHERE state = 'pending' AND site = CAST($1 AS TEXT) AND host = CAST($2 AS TEXT) AND due <= $3"
	first := func(where string, args ...any) (candidate, error) {
		c := candidate{host: host}
		err := tx.QueryRowContext(ctx, pending+where+" ORDER BY priority, id LIMIT 1", append([]any{site, host, now.UnixMilli()}, args...)...).Scan(&c.id, &c.priority, &c.again)
		if errors.Is(err, sql.ErrNoRows) {
			err = nil
		}
		return c, err
	}
	c, err := first("")
	if err != nil || c.id != 0 && !c.again {
		return c, err
	}
	if c.id != 0 {
		fresh, err := first(" AND attempts = 0 AND priority = CAST($4 AS INTEGER)", c.priority)
		if err != nil || fresh.id != 0 {
			return fresh, err
		}
		return c, nil
	}
	var due int64
	err = tx.QueryRowContext(ctx, "SELECT min(due) FROM frontier WHERE state = 'pending' AND site = CAST($1 AS TEXT) AND host = CAST($2 AS TEXT)", site, host).Scan(&due)
	c.due = time.UnixMilli(due).UTC()
	return c, err
}

// lease marks an address as under way and gives it as a task. Validators are
// given only where an unchanged answer has a meaning: for lists and records, and while
// their servers have said something else not long ago.
func lease(ctx context.Context, tx *tx, id, run int64, now time.Time) (*dossier.Task, error) {
	t := dossier.Task{ID: id, Run: run}
	var record sql.NullInt64
	err := tx.QueryRowContext(ctx, `UPDATE frontier SET state = 'leased', asked = $1 WHERE id = $2
		RETURNING site, key, url, host, kind, depth, attempts, chain, stale, digest, witness_title, witness_date, canonical, etag, last_modified, record, listed, rising, reason = $3, priority = $4, status = $5 AND reason = $6`,
		run, id, dossier.ReasonPagingEnd, priorityAside, dossier.StatusListed, dossier.ReasonRedirectHome).Scan(&t.Site, &t.Key, &t.URL, &t.Host, &t.Kind, &t.Depth, &t.Attempts, &t.Chain, &t.Stale, &t.Digest,
		&t.Witness.Title, &t.Witness.Date, &t.Canonical, &t.ETag, &t.LastModified, &record, &t.Listed, &t.Rising, &t.Ended, &t.Aside, &t.Homeward)
	if err != nil {
		return nil, fmt.Errorf("lease %d: %w", id, err)
	}
	t.Archived = record.Valid
	if !t.Archived && (t.Kind == dossier.KindArticle || t.Kind == dossier.KindMaybe) {
		t.ETag, t.LastModified = "", ""
	}
	if t.ETag+t.LastModified != "" {
		doubtful, err := isLongUnmodified(ctx, tx, &t, now)
		if err != nil {
			return nil, err
		}
		if doubtful {
			t.ETag, t.LastModified = "", ""
		}
	}
	return &t, nil
}

// Some servers call a page unmodified whatever it shows. So one is asked for without a
// condition when they have said nothing else for longer than this.
const (
	maxUnmodifiedList    = 3 * 24 * time.Hour
	maxUnmodifiedArticle = 60 * 24 * time.Hour
)

// isLongUnmodified reports whether a server has only called a page unmodified for long.
func isLongUnmodified(ctx context.Context, tx *tx, t *dossier.Task, now time.Time) (bool, error) {
	most := maxUnmodifiedList
	if t.Archived {
		most = maxUnmodifiedArticle
	}
	var at string
	err := tx.QueryRowContext(ctx, "SELECT at FROM observations WHERE address = $1 AND reason != $2 ORDER BY id DESC LIMIT 1", t.ID, dossier.ReasonNotModified).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("last answer of %d: %w", t.ID, err)
	}
	return now.Sub(parseStamp(at)) > most, nil
}

// Known counts the keys that no run of the site has shown, and those that were
// shown since a later run than this.
func (a *Archive) Known(ctx context.Context, siteID string, run int64, keys []string) (unseen, fresh int, err error) {
	const chunk = 500
	unseen = len(keys)
	for len(keys) > 0 {
		part := keys[:min(chunk, len(keys))]
		keys = keys[len(part):]
		args := []any{run, siteID, priorityAside}
		for _, k := range part {
			args = append(args, k)
		}
		var held, here int
		row := a.reader.QueryRowContext(ctx, "SELECT coalesce(sum(discovered > 0), 0), coalesce(sum(discovered > ?), 0) FROM frontier WHERE site = ? AND priority != ? AND key IN ("+marks(len(part))+")", args...)
		if err := row.Scan(&held, &here); err != nil {
			return 0, 0, fmt.Errorf("known addresses of %s: %w", siteID, classify(err))
		}
		unseen -= held
		fresh += here
	}
	return unseen, fresh, nil
}

// LastPage gives the page of a list, by the key of its first page, that stands
// furthest from that; false when there is none.
func (a *Archive) LastPage(ctx context.Context, siteID, chain string) (dossier.Link, bool, error) {
	l := dossier.Link{Kind: dossier.KindList, Chain: chain}
	err := a.reader.QueryRowContext(ctx, `SELECT key, url, host, depth FROM frontier INDEXED BY frontier_lists
		WHERE site = $1 AND kind IN ('start', 'list', 'feed', 'sitemap') AND chain = $2 ORDER BY depth DESC, id DESC LIMIT 1`, siteID, chain).
		Scan(&l.Key, &l.URL, &l.Host, &l.Depth)
	if errors.Is(err, sql.ErrNoRows) {
		return l, false, nil
	}
	if err != nil {
		return l, false, fmt.Errorf("last page of %s: %w", chain, classify(err))
	}
	return l, true, nil
}

// OnShow gives the keys of the articles that a page of a site showed first when it was read last, but for
// those that another has shown since.
func (a *Archive) OnShow(ctx context.Context, siteID, key string) ([]string, error) {
	rows, err := a.reader.QueryContext(ctx, `SELECT key FROM frontier INDEXED BY frontier_shown
		WHERE site = $1 AND shown_by = (SELECT id FROM frontier WHERE site = $1 AND key = $2)`, siteID, key)
	if err != nil {
		return nil, fmt.Errorf("what %s showed: %w", key, classify(err))
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var shown string
		if err := rows.Scan(&shown); err != nil {
			return nil, fmt.Errorf("what %s showed: %w", key, classify(err))
		}
		out = append(out, shown)
	}
	return out, rows.Err()
}

// Leads reports whether the frontier of a site holds a key as a list, a feed, a
// sitemap or a start address.
func (a *Archive) Leads(ctx context.Context, siteID, key string) (bool, error) {
	var n int
	err := a.lookup.row(ctx, `SELECT count(*) FROM frontier WHERE site = $1 AND key = $2
		AND kind IN ('start', 'list', 'feed', 'sitemap')`, siteID, key).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("%s in the frontier of %s: %w", key, siteID, classify(err))
	}
	return n > 0, nil
}

// unknown finds addresses that were only imported, or that pages are not read for.
var unknown = fmt.Sprintf("(discovered = 0 OR priority = %d AND record IS NULL)", priorityAside)

// unsaid finds addresses that were judged without the day of a row, and not taken for
// articles, of which a dated row says now that they are.
var unsaid = `(witness_date = '' AND excluded.witness_title != '' AND excluded.witness_date != '' AND excluded.kind = 'maybe' AND
	(kind = 'maybe' AND status = 'skipped' AND reason IN (` + unripeInSQL + `) OR kind = 'list' AND status = 'listed' AND chain = ''))`

// ledTo finds addresses that a start address sends its reader on to, which are asked as
// that is.
const ledTo = "(excluded.kind = 'start' AND state IN ('done', 'failed') AND asked < excluded.discovered)"

// A known address learns what it is; one that was passed over, or another
// page of a list or the target of a start address that this run has not asked, is asked
// again; one that was only imported, or that pages are not read for, is as one that is not known.
var insertLink = `INSERT INTO frontier
	(site, key, url, host, kind, state, priority, depth, chain, stale, digest, witness_title, witness_date, shown_by, discovered, raw, modified, listed)
	VALUES ($1, $2, $3, $4, $5, 'pending', $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
	ON CONFLICT (site, key) DO UPDATE SET
		state = CASE
			WHEN ` + unknown + ` AND state = 'done' THEN 'pending'
			WHEN excluded.chain != '' AND state IN ('done', 'failed') AND asked < excluded.discovered AND kind != 'start' THEN 'pending'
			WHEN kind = 'maybe' AND excluded.kind != 'maybe' AND state = 'done' AND status = 'skipped' THEN 'pending'
			WHEN ` + unsaid + ` AND state = 'done' OR ` + ledTo + ` THEN 'pending'
			ELSE state END,
		due = CASE WHEN state IN ('done', 'failed') THEN 0 ELSE due END,
		stale = CASE WHEN excluded.chain != '' THEN excluded.stale ELSE stale END,
		digest = CASE WHEN excluded.chain != '' THEN excluded.digest ELSE digest END,
		chain = CASE WHEN kind = 'maybe' OR ` + unknown + ` OR ` + ledTo + ` THEN excluded.chain ELSE chain END,
		priority = CASE WHEN kind = 'maybe' AND excluded.kind != 'maybe' OR ` + unknown + ` OR ` + unsaid + ` THEN excluded.priority ELSE priority END,
		depth = CASE WHEN ` + unknown + ` THEN excluded.depth ELSE depth END,
		kind = CASE WHEN kind = 'maybe' OR ` + unknown + ` OR ` + unsaid + ` THEN excluded.kind ELSE kind END,
		host = CASE WHEN ` + unknown + ` THEN excluded.host ELSE host END,
		discovered = CASE WHEN ` + unknown + ` THEN excluded.discovered ELSE discovered END,
		witness_title = CASE WHEN witness_title = '' THEN excluded.witness_title ELSE witness_title END,
		witness_date = CASE WHEN witness_date = '' THEN excluded.witness_date ELSE witness_date END,
		raw = CASE WHEN raw = '' THEN excluded.raw ELSE raw END,
		modified = max(modified, excluded.modified),
		listed = CASE WHEN excluded.chain != '' THEN min(listed, excluded.listed) ELSE listed END,
		shown_by = coalesce(excluded.shown_by, shown_by)`

// addLinks puts the links of a page into the frontier. from is the row of the
// page; what it showed before and shows no more is no longer on show.
func addLinks(ctx context.Context, tx *tx, site string, from, run int64, links []dossier.Link) error {
	if len(links) == 0 {
		return nil
	}
	if _, err := tx.ExecContext(ctx, "UPDATE frontier INDEXED BY frontier_shown SET shown_by = NULL WHERE site = $1 AND shown_by = $2", site, from); err != nil {
		return err
	}
	modified, err := modifiedSince(ctx, tx, site, run, links)
	if err != nil {
		return err
	}
	otherwise, err := newlySaid(ctx, tx, site, run, links)
	if err != nil {
		return err
	}
	const aside = `INSERT INTO frontier (site, key, url, host, kind, state, priority, depth, discovered, raw)
		VALUES ($1, $2, $3, $4, $5, 'pending', $6, $7, $8, $9) ON CONFLICT (site, key) DO NOTHING`
	for _, l := range links {
		var shown any
		if l.OnShow {
			shown = from
		}
		priority := priorities[l.Kind]
		switch {
		case l.Aside:
			if _, err := tx.ExecContext(ctx, aside, site, l.Key, l.URL, l.Host, l.Kind, priorityAside, l.Depth, run, l.Raw); err != nil {
				return fmt.Errorf("link %s: %w", l.URL, err)
			}
			continue
		case l.Refused:
			priority = priorityRefused
		}
		_, err := tx.ExecContext(ctx, insertLink, site, l.Key, l.URL, l.Host, l.Kind, priority, l.Depth, l.Chain, l.Stale, l.Digest,
			l.Witness.Title, l.Witness.Date, shown, run, l.Raw, unixOf(l.Modified), l.Listed)
		if err != nil {
			return fmt.Errorf("link %s: %w", l.URL, err)
		}
	}
	for _, id := range modified {
		if _, err := tx.ExecContext(ctx, "UPDATE frontier SET state = 'pending', attempts = 0, due = 0 WHERE id = $1", id); err != nil {
			return fmt.Errorf("modified: %w", err)
		}
	}
	for _, s := range otherwise {
		if err := s.keep(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

// Of the records of a sitemap so many, or a share of them all, are asked again at once
// because it dates them later than before. Where it does that to more, it dates
// something else than their texts.
const (
	modifiedMost  = 20
	modifiedShare = 10
)

// modifiedSince gives the addresses of records that a sitemap dates later than it did
// before, and that the run has not asked.
func modifiedSince(ctx context.Context, tx *tx, site string, run int64, links []dossier.Link) ([]int64, error) {
	var out []int64
	for _, l := range links {
		if l.Modified.IsZero() {
			continue
		}
		var id int64
		err := tx.QueryRowContext(ctx, `SELECT id FROM frontier WHERE site = CAST($1 AS TEXT) AND key = CAST($2 AS TEXT)
			AND modified BETWEEN 1 AND $3 AND state = 'done' AND record IS NOT NULL AND asked < $4`, site, l.Key, unixOf(l.Modified)-1, run).Scan(&id)
		switch {
		case err == nil:
			out = append(out, id)
		case !errors.Is(err, sql.ErrNoRows):
			return nil, fmt.Errorf("modified: %w", err)
		}
	}
	if len(out) > max(modifiedMost, len(links)/modifiedShare) {
		return nil, nil
	}
	return out, nil
}

// unixOf is 0 for no time, and for those before computers.
func unixOf(t time.Time) int64 { return max(t.Unix(), 0) }
