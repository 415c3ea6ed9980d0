package archive

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/dossier-archive/dossier"
)

// stamp is how instants are written: UTC, to the second, in an order that
// sorts.
const stamp = "2006-01-02T15:04:05Z"

func stamped(t time.Time) string { return t.UTC().Format(stamp) }

// parseStamp reads what stamped wrote; "" is the zero time.
func parseStamp(s string) time.Time {
	t, err := time.Parse(stamp, s)
	if err != nil {
		return time.Time{}
	}
	return t
}

// BeginRun opens a run of a site and makes pending what it has to ask: the
// start addresses, the lists found earlier, what an interrupted run left,
// what failed, what start pages show, and what is due by its age. The caller
// holds the lock of the archive.
func (a *Archive) BeginRun(ctx context.Context, site *dossier.Site, starts []dossier.Link, now time.Time) (dossier.Run, error) {
	run := dossier.Run{Site: site.ID, Kind: dossier.RunCrawl, Started: now.UTC().Truncate(time.Second), State: dossier.RunRunning}
	err := a.write(ctx, "begin run of "+site.ID, func(tx *tx) error {
		if _, err := tx.ExecContext(ctx, "UPDATE runs SET state = 'interrupted', ended = $1 WHERE site = $2 AND state = 'running'", stamped(now), site.ID); err != nil {
			return err
		}
		patterns := patternsOf(site)
		same, err := samePatterns(ctx, tx, site.ID, patterns)
		if err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, "INSERT INTO runs (site, started, state, patterns) VALUES ($1, $2, 'running', $3)", site.ID, stamped(now), patterns)
		if err != nil {
			return err
		}
		if run.ID, err = res.LastInsertId(); err != nil {
			return err
		}
		if err := queue(ctx, tx, site.ID, now, same); err != nil {
			return err
		}
		if err := queueShown(ctx, tx, site.ID, run.ID, now); err != nil {
			return err
		}
		if err := queueStarts(ctx, tx, site.ID, run.ID, starts); err != nil {
			return err
		}
		return orderLists(ctx, tx, site)
	})
	return run, err
}

// orderLists puts what a run reads again for its links behind what was never asked, where
// a run is bounded: it would ask the same lists first each time, and nothing else.
func orderLists(ctx context.Context, tx *tx, site *dossier.Site) error {
	const lists = "kind IN ('start', 'list', 'feed', 'sitemap')"
	var err error
	if site.MaxPages > 0 {
		_, err = tx.ExecContext(ctx, "UPDATE frontier INDEXED BY frontier_lists SET priority = $1 WHERE site = $2 AND "+lists+" AND state = 'pending' AND asked > 0", priorityAgain, site.ID)
	} else {
		_, err = tx.ExecContext(ctx, "UPDATE frontier INDEXED BY frontier_lists SET priority = CASE kind WHEN 'start' THEN $1 WHEN 'list' THEN $2 ELSE $3 END WHERE site = $4 AND "+lists+" AND priority = $5",
			priorities[dossier.KindStart], priorities[dossier.KindList], priorities[dossier.KindFeed], site.ID, priorityAgain)
	}
	if err != nil {
		return fmt.Errorf("order of lists: %w", err)
	}
	return nil
}

// patternsOf is a digest of what decides which links of a page are taken.
// When it changes, lists have to be read again even if they are as they were.
func patternsOf(site *dossier.Site) string {
	h := sha256.New()
	fmt.Fprintln(h, site.Robots)
	fmt.Fprintln(h, strings.Join(site.Start, "\n"))
	for _, group := range [][]fmt.Stringer{stringers(site.Follow), stringers(site.Articles), stringers(site.Exclude)} {
		fmt.Fprintln(h, len(group), group)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

func stringers[T fmt.Stringer](list []T) []fmt.Stringer {
	out := make([]fmt.Stringer, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

func samePatterns(ctx context.Context, tx *tx, site, patterns string) (bool, error) {
	var last string
	err := tx.QueryRowContext(ctx, "SELECT patterns FROM runs WHERE site = $1 AND kind = 'crawl' ORDER BY id DESC LIMIT 1", site).Scan(&last)
	if errors.Is(err, sql.ErrNoRows) {
		return true, nil
	}
	return last == patterns, err
}

// queue makes pending what a run asks again.
func queue(ctx context.Context, tx *tx, site string, now time.Time, samePatterns bool) error {
	// The names of the indexes keep a site of a million addresses from being
	// read whole; their conditions have to be repeated word by word.
	const (
		set   = " SET state = 'pending', attempts = 0, due = 0 WHERE site = $1 AND "
		again = "UPDATE frontier" + set
		lists = "kind IN ('start', 'list', 'feed', 'sitemap') AND "
	)
	steps := []string{
		again + "state = 'leased'",
		"UPDATE frontier INDEXED BY frontier_waits SET state = 'pending', attempts = 0, due = 0, waits = NULL WHERE waits IS NOT NULL AND site = $1",
		"UPDATE frontier INDEXED BY frontier_lists" + set + lists + "state IN ('done', 'failed') AND kind != 'start' AND chain = ''",
		again + "state = 'failed' AND kind = 'list'",
	}
	if !samePatterns {
		steps = append(steps,
			"UPDATE frontier INDEXED BY frontier_lists SET etag = '', last_modified = '' WHERE "+lists+"site = $1",
			again+"state = 'done' AND status = 'skipped'",
			again+"state = 'done' AND status = 'listed' AND kind = 'maybe'")
	}
	steps = append(steps, "UPDATE frontier INDEXED BY frontier_lists SET state = 'done', kind = 'maybe', revisit = NULL WHERE "+lists+"site = $1 AND kind = 'start'")
	for _, sql := range steps {
		if _, err := tx.ExecContext(ctx, sql, site); err != nil {
			return fmt.Errorf("queue: %w", err)
		}
	}
	for _, sql := range []string{again + "state = 'failed' AND due <= $2", again + "state = 'done' AND revisit <= $2"} {
		if _, err := tx.ExecContext(ctx, sql, site, now.UnixMilli()); err != nil {
			return fmt.Errorf("queue: %w", err)
		}
	}
	// What the page before showed is of an earlier run: rows have moved down since.
	_, err := tx.ExecContext(ctx, "UPDATE frontier INDEXED BY frontier_lists SET digest = '', stale = 0 WHERE "+lists+"site = $1 AND state = 'pending' AND chain != ''", site)
	if err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	return nil
}

// queueShown makes pending the articles that lists show first, the newest first:
// there a change is seen first. Those that can be asked conditionally cost
// nothing when they are as they were. What a run asked that was interrupted less
// than a day ago is not asked again by the one that goes on with it.
func queueShown(ctx context.Context, tx *tx, site string, run int64, now time.Time) error {
	since := run
	err := tx.QueryRowContext(ctx, `SELECT coalesce(min(id), $1) FROM runs WHERE site = $2 AND kind = 'crawl' AND state = 'interrupted' AND started >= $3
		AND id > (SELECT coalesce(max(id), 0) FROM runs WHERE site = $2 AND kind = 'crawl' AND id < $1 AND state != 'interrupted')`,
		run, site, stamped(now.Add(-24*time.Hour))).Scan(&since)
	if err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	var records int
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM records WHERE site = $1", site).Scan(&records); err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	for _, part := range []struct {
		where string
		most  int
	}{{"(etag != '' OR last_modified != '')", shownMost}, {"etag = '' AND last_modified = ''", min(max(records/100, shownFull), shownMost)}} {
		_, err := tx.ExecContext(ctx, `UPDATE frontier SET state = 'pending', attempts = 0, due = 0 WHERE id IN (
			SELECT id FROM frontier INDEXED BY frontier_shown WHERE site = $1 AND shown_by IS NOT NULL AND state = 'done' AND record IS NOT NULL
				AND asked < $2 AND `+part.where+` ORDER BY discovered DESC, id LIMIT $3)`, site, since, part.most)
		if err != nil {
			return fmt.Errorf("queue: %w", err)
		}
	}
	return nil
}

func queueStarts(ctx context.Context, tx *tx, site string, run int64, starts []dossier.Link) error {
	for _, s := range starts {
		_, err := tx.ExecContext(ctx, `INSERT INTO frontier (site, key, url, host, kind, state, priority, discovered)
			VALUES ($1, $2, $3, $4, 'start', 'pending', 0, $5)
			ON CONFLICT (site, key) DO UPDATE SET url = excluded.url, kind = 'start', state = 'pending', priority = 0, attempts = 0, due = 0,
				depth = 0, chain = '', stale = 0, digest = '', discovered = CASE WHEN discovered = 0 THEN excluded.discovered ELSE discovered END`, site, s.Key, s.URL, s.Host, run)
		if err != nil {
			return fmt.Errorf("start %s: %w", s.URL, err)
		}
	}
	return nil
}

// EndRun stores how a run ended. The counters were kept page by page.
func (a *Archive) EndRun(ctx context.Context, run dossier.Run) error {
	if a.writer != nil {
		a.writer.sharing.done(func(l *inHand) bool { return l.run == run.ID }) // of pages that were given up
	}
	return a.write(ctx, "end run", func(tx *tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE runs SET ended = $1, state = $2, error = $3 WHERE id = $4",
			stamped(run.Ended), run.State, run.Error, run.ID)
		return err
	})
}

// ForgetLists has the lists that rows of a run led to asked no more, until the patterns of the
// site change.
func (a *Archive) ForgetLists(ctx context.Context, run dossier.Run) error {
	return a.write(ctx, "forget lists", func(tx *tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE frontier INDEXED BY frontier_lists SET kind = 'maybe', revisit = NULL
			WHERE kind IN ('start', 'list', 'feed', 'sitemap') AND site = $1 AND kind = 'list' AND chain = '' AND witness_title != '' AND state = 'done' AND asked = $2`,
			run.Site, run.ID)
		return err
	})
}

const runColumns = `id, site, kind, started, ended, state, requests, bytes, new, changed, unchanged, duplicate, listed, gone, skipped, failed, error`

func scanRun(row interface{ Scan(...any) error }) (dossier.Run, error) {
	var r dossier.Run
	var started, ended string
	err := row.Scan(&r.ID, &r.Site, &r.Kind, &started, &ended, &r.State, &r.Requests, &r.Bytes, &r.New, &r.Changed, &r.Unchanged,
		&r.Duplicate, &r.Listed, &r.Gone, &r.Skipped, &r.Failed, &r.Error)
	r.Started, r.Ended = parseStamp(started), parseStamp(ended)
	return r, err
}

// Runs lists the runs of a site, of all sites when it is "", the latest first.
func (a *Archive) Runs(ctx context.Context, site string, limit int) ([]dossier.Run, error) {
	if limit <= 0 {
		limit = -1
	}
	rows, err := a.reader.QueryContext(ctx, "SELECT "+runColumns+" FROM runs WHERE site = $1 OR $1 = '' ORDER BY id DESC LIMIT $2", site, limit)
	if err != nil {
		return nil, fmt.Errorf("runs: %w", classify(err))
	}
	defer rows.Close()
	var out []dossier.Run
	for rows.Next() {
		r, err := scanRun(rows)
		if err != nil {
			return nil, fmt.Errorf("runs: %w", classify(err))
		}
		a.settle(&r)
		out = append(out, r)
	}
	return out, rows.Err()
}

// settle tells a run whose process was killed from one that goes on: that one holds
// the lock.
func (a *Archive) settle(r *dossier.Run) {
	if r.State == dossier.RunRunning && a.writer == nil && !a.isLocked() {
		r.State = dossier.RunInterrupted
	}
}

// Run gives one run with the counts of its reasons.
func (a *Archive) Run(ctx context.Context, id int64) (dossier.Run, error) {
	r, err := scanRun(a.reader.QueryRowContext(ctx, "SELECT "+runColumns+" FROM runs WHERE id = $1", id))
	if errors.Is(err, sql.ErrNoRows) {
		return r, fmt.Errorf("run %d: %w", id, ErrNotFound)
	}
	if err != nil {
		return r, fmt.Errorf("run %d: %w", id, classify(err))
	}
	a.settle(&r)
	rows, err := a.reader.QueryContext(ctx, "SELECT status, reason, count(*) FROM observations WHERE run = $1 AND reason != '' GROUP BY status, reason", id)
	if err != nil {
		return r, fmt.Errorf("run %d: %w", id, classify(err))
	}
	defer rows.Close()
	for rows.Next() {
		var status dossier.Status
		var reason dossier.Reason
		var n int
		if err := rows.Scan(&status, &reason, &n); err != nil {
			return r, fmt.Errorf("run %d: %w", id, classify(err))
		}
		r.CountReason(status, reason, n)
	}
	return r, rows.Err()
}

// LastRun is when the last crawl of a site began, zero when there was none.
func (a *Archive) LastRun(ctx context.Context, siteID string) (time.Time, error) {
	var started string
	err := a.reader.QueryRowContext(ctx, "SELECT started FROM runs WHERE site = $1 AND kind = 'crawl' ORDER BY id DESC LIMIT 1", siteID).Scan(&started)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("last run of %s: %w", siteID, classify(err))
	}
	return parseStamp(started), nil
}
