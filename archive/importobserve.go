package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive/warc"
)

// What an import sees are observations, as what a crawl sees, of a run of its own kind.
// By them a capture is known again that was imported before, whatever has come since.
// An address that only imports have shown was discovered by no run: to a crawl that finds
// it, it is new.

// detailImported is that of the observations of an import.
const detailImported = "imported"

// sight is the address of a capture in the frontier.
type sight struct {
	site string // of the record, where the address is one of another site already
	id   int64  // 0: it is not there yet
}

// sightOf finds the address of a capture, whose record is known or not.
func (c *commit) sightOf(known knownAddress) (sight, error) {
	s := sight{site: c.site}
	if known.record != 0 {
		s.site = known.site
	}
	err := c.tx.QueryRowContext(c.ctx, "SELECT id, observed FROM frontier WHERE site = CAST($1 AS TEXT) AND key = CAST($2 AS TEXT)", s.site, c.v.FinalKey).Scan(&s.id, &c.seal)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	if err != nil {
		return s, fmt.Errorf("its row in the frontier: %w", err)
	}
	return s, nil
}

// observedBefore gives what came of a capture when it was seen before: of the same
// second, with the same bytes or the text of a version. That a file said so is no sight of it.
func (c *commit) observedBefore(s sight) (o dossier.Outcome, before bool, err error) {
	if s.id == 0 || c.page == nil {
		return o, false, nil
	}
	err = c.tx.QueryRowContext(c.ctx, `SELECT o.status, o.reason FROM observations o LEFT JOIN pages p ON p.id = o.page
		WHERE o.address = CAST($1 AS INTEGER) AND o.at = $2 AND (o.status = 'new' OR o.status = 'changed' OR o.status = 'unchanged' OR o.status = 'duplicate')
			AND o.detail != $3 AND (p.sha256 = $4 OR EXISTS (SELECT 1 FROM versions v WHERE v.record = o.record AND (v.sha256 = $5 OR o.status = 'duplicate' AND v.text_hash = $6)))
		ORDER BY o.id LIMIT 1`, s.id, stamped(c.v.At), detailImported+detailSaid, c.page.sha256, c.content.sha256, c.content.textHash).Scan(&o.Status, &o.Reason)
	if errors.Is(err, sql.ErrNoRows) {
		return o, false, nil
	}
	if err != nil {
		return o, false, fmt.Errorf("observations: %w", err)
	}
	if o.Status != dossier.StatusDuplicate {
		o.Status = dossier.StatusUnchanged
	}
	return o, true, nil
}

// revisited notes that another crawler saw the page of a record as the archive keeps it,
// by the digest of its body, and says whether that was seen before. Of a page that the
// archive does not have the outcome has no status.
func (c *commit) revisited(a *Archive, s sight, digest string) (o dossier.Outcome, before bool, err error) {
	rows, err := c.tx.QueryContext(c.ctx, `SELECT DISTINCT page FROM observations
		WHERE address = CAST($1 AS INTEGER) AND at = $2 AND status = 'unchanged' AND page IS NOT NULL`, s.id, stamped(c.v.At))
	if err != nil {
		return o, false, fmt.Errorf("observations: %w", err)
	}
	pages, err := column[int64](rows)
	if err != nil {
		return o, false, fmt.Errorf("observations: %w", err)
	}
	for _, page := range pages {
		if same, err := c.isBody(a, page, digest); same || err != nil {
			return dossier.Outcome{Status: dossier.StatusUnchanged}, true, err
		}
	}
	known, err := c.address(c.v.FinalKey)
	if err != nil || known.record == 0 {
		return o, false, err
	}
	if own, err := c.wasOwn(known, c.v.Task.URL); !own || err != nil {
		return o, false, err
	}
	old, err := c.stateAt(known.record, c.v.At)
	if err != nil || !old.page.Valid {
		return o, false, err
	}
	if same, err := c.isBody(a, old.page.Int64, digest); !same || err != nil {
		return o, false, err
	}
	c.same = old.page
	_, err = c.seen(known.record)
	return dossier.Outcome{Status: dossier.StatusUnchanged}, false, err
}

// isBody reports whether a page can be read and has the digest of a revisit.
func (c *commit) isBody(a *Archive, page int64, digest string) (bool, error) {
	s, err := a.pageFrom(c.ctx, c.tx, page)
	if errors.Is(err, ErrDamaged) {
		return false, nil
	}
	return err == nil && warc.SameDigest(digest, s.Body), err
}

// observe writes what came of a capture whose address was one of a record before, or not.
func (j *importJob) observe(c *commit, known knownAddress, o dossier.Outcome) error {
	s, err := c.sightOf(known)
	if err != nil {
		return err
	}
	c.v.Task.ID = s.id
	if c.v.Task.Run, err = j.runOf(c.tx, s.site); err != nil {
		return err
	}
	if s.id == 0 {
		res, err := c.tx.ExecContext(c.ctx, `INSERT INTO frontier (site, key, url, host, kind, state, priority, status, reason, discovered)
			VALUES ($1, $2, $3, $4, 'article', 'done', $5, $6, $7, 0)`, s.site, c.v.FinalKey, c.v.Task.URL, hostOf(c.v.Task.URL), priorities[dossier.KindArticle], o.Status, o.Reason)
		if err == nil {
			c.v.Task.ID, err = res.LastInsertId()
		}
		if err != nil {
			return fmt.Errorf("frontier: %w", err)
		}
	}
	o.Detail = detailImported + o.Detail
	if err := c.observe(o); err != nil {
		return err
	}
	_, err = c.tx.ExecContext(c.ctx, "UPDATE frontier SET observed = $1, record = coalesce(record, $2) WHERE id = $3", c.seal, c.record, c.v.Task.ID)
	if err != nil {
		return fmt.Errorf("frontier: %w", err)
	}
	return nil
}

// runOf is the run of the import for a site; it begins with the first observation.
func (j *importJob) runOf(tx *tx, site string) (int64, error) {
	if id := j.runs[site]; id != 0 {
		return id, nil
	}
	res, err := tx.ExecContext(j.ctx, "INSERT INTO runs (site, started, state, patterns, kind) VALUES ($1, $2, 'running', '', $3)", site, stamped(time.Now()), dossier.RunImport)
	if err != nil {
		return 0, fmt.Errorf("run: %w", err)
	}
	id, err := res.LastInsertId()
	if err == nil {
		j.runs[site] = id
	}
	return id, err
}

// end stores how the runs of the import ended. An import that saw nothing new has none.
func (j *importJob) end(cause error) error {
	run := dossier.Run{Ended: time.Now(), State: dossier.RunFinished}
	ctx := j.ctx
	if cause != nil {
		run.State, run.Error = dossier.RunFailed, cause.Error()
	}
	if ctx.Err() != nil {
		run.State, run.Error = dossier.RunInterrupted, ""
	}
	for _, id := range j.runs {
		run.ID = id
		if err := j.a.EndRun(context.WithoutCancel(ctx), run); err != nil {
			return err
		}
	}
	return nil
}
