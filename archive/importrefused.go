package archive

import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/dossier-archive/dossier"
)

// A page that shows no article is no version of a record. That a server has sent it in the place
// of one is an observation of that record, as it is of a crawl.

// NoArticle is the error of a ReadFunc for a page that says why it is not the one that was asked
// for: that it does not exist, that the site is out of order, a check against robots, a login.
// The article that it shows nevertheless may come with it.
type NoArticle struct{ Outcome dossier.Outcome }

func (e NoArticle) Error() string {
	return strings.TrimSuffix(string(e.Outcome.Reason)+": "+e.Outcome.Detail, ": ")
}

// textGone is the outcome of a page that shows nothing at the address of a record.
var textGone = dossier.Outcome{Status: dossier.StatusFailed, Reason: dossier.ReasonTextGone}

// refusal is what stands in the place of an article; its outcome is that of a crawl.
type refusal struct {
	dossier.Outcome
	words string // why it is passed over where no record has its address
}

// openRefusal makes ready an answer whose status says that it is not the page that was asked for.
func (j *importJob) openRefusal(f *foreign, page *dossier.Snapshot) (reason string) {
	o := dossier.Outcome{Status: dossier.StatusFailed, Reason: dossier.HTTPReason(page.Status), Detail: http.StatusText(page.Status)}
	if page.Status == http.StatusNotFound || page.Status == http.StatusGone {
		o.Status = dossier.StatusGone
	} else if barrier, ok := j.barrier(f.record.URI, page); ok {
		o = barrier
	}
	return j.refuse(f, page, o, NoArticle{o}.Error())
}

// barrier recognises the page of a firewall or a login behind a status that says less.
func (j *importJob) barrier(url string, page *dossier.Snapshot) (dossier.Outcome, bool) {
	site, _, _, err := j.Place(url)
	if err != nil || len(page.Body) == 0 || !j.IsPage(page) {
		return dossier.Outcome{}, false
	}
	_, err = j.Read(j.ctx, site, page)
	var none NoArticle
	if !errors.As(err, &none) {
		return dossier.Outcome{}, false
	}
	return none.Outcome, none.Outcome.Reason == dossier.ReasonChallenge || none.Outcome.Reason == dossier.ReasonLogin
}

// refuse makes ready what stands in the place of an article. words are why it is passed over
// where no record has its address.
func (j *importJob) refuse(f *foreign, page *dossier.Snapshot, o dossier.Outcome, words string) (reason string) {
	f.refused = refusal{o, words}
	return j.openBare(f, page.Status)
}

// putRefusal notes what stood in the place of a record, or of another name of it.
func (j *importJob) putRefusal(f *foreign, out *stored) error {
	c, o := f.commit, f.refused.Outcome
	known, err := c.address(f.key)
	if err != nil {
		return err
	}
	concerns := known.record != 0
	if concerns && o.Reason == dossier.ReasonTextGone {
		concerns, err = c.hasText(known.record)
	}
	if err != nil || !concerns {
		f.reason = f.refused.words
		out.passed = append(out.passed, f)
		return err
	}
	out.count(o.Status)
	at, err := c.sightOf(known)
	if err != nil {
		return err
	}
	if before, err := c.refusedBefore(at, o); before || err != nil {
		return err
	}
	c.record = sql.NullInt64{Int64: known.record, Valid: true}
	if err := j.observe(c, known, dossier.Outcome{Status: o.Status, Reason: o.Reason}); err != nil {
		return err
	}
	if o.Status == dossier.StatusGone && known.reason == "" {
		return c.missedThen(known.record)
	}
	return nil
}

// hasText reports whether a record has a text that its page can have lost.
func (c *commit) hasText(seq int64) (has bool, err error) {
	err = c.tx.QueryRowContext(c.ctx, "SELECT v.body != '' FROM records r JOIN versions v ON v.record = r.seq AND v.number = r.version WHERE r.seq = CAST($1 AS INTEGER)", seq).Scan(&has)
	if err != nil {
		return false, recordError(seq, err)
	}
	return has, nil
}

// refusedBefore reports whether an outcome of an address was seen before, in the same second.
func (c *commit) refusedBefore(s sight, o dossier.Outcome) (before bool, err error) {
	err = c.tx.QueryRowContext(c.ctx, "SELECT EXISTS (SELECT 1 FROM observations WHERE address = CAST($1 AS INTEGER) AND at = $2 AND status = $3 AND reason = $4)",
		s.id, stamped(c.v.At), o.Status, o.Reason).Scan(&before)
	if err != nil {
		return false, fmt.Errorf("observations: %w", err)
	}
	return before, nil
}

// missedThen counts that a record was not at its address at the time of a capture, unless it was
// seen there later.
func (c *commit) missedThen(seq int64) error {
	p, err := c.presence(seq)
	at := stamped(c.v.At)
	if err != nil || at <= p.last {
		return err
	}
	if p.misses++; p.misses > len(p.missed) { // some observations were pruned
		if p.since == "" || at < p.since {
			p.since = at
		}
		if by := p.goneBy(); p.gone == "" || by != "" && by < p.gone {
			p.gone = by
		}
		return c.setMisses(p)
	}
	p.gone = p.goneBy()
	p.misses, p.since = p.missesBy()
	return c.setMisses(p)
}

// missedSince counts anew how often a record was missed since it was seen last, which is at the
// time of a capture now.
func (c *commit) missedSince(seq int64) error {
	p, err := c.presence(seq)
	if err != nil {
		return err
	}
	p.gone = p.goneBy()
	p.misses, p.since = p.missesBy()
	return c.setMisses(p)
}

// presence is what a record says of when it was missed, and what its observations prove of the
// time since it was seen last.
func (c *commit) presence(seq int64) (*presence, error) {
	p := &presence{seq: seq}
	err := c.tx.QueryRowContext(c.ctx, "SELECT last_seen, missed, missed_at, gone FROM records WHERE seq = CAST($1 AS INTEGER)", seq).Scan(&p.last, &p.misses, &p.since, &p.gone)
	if err != nil {
		return p, recordError(seq, err)
	}
	rows, err := c.tx.QueryContext(c.ctx, `SELECT o.at FROM observations o JOIN frontier f ON f.id = o.address
		JOIN addresses a ON a.site = f.site AND a.key = f.key AND a.record = o.record AND a.reason = ''
		WHERE o.record = CAST($1 AS INTEGER) AND o.status = 'gone' AND o.at > $2 ORDER BY o.at, o.id`, seq, p.last)
	if err != nil {
		return p, recordError(seq, err)
	}
	list, err := column[string](rows)
	for _, at := range list {
		p.missed = append(p.missed, miss{at: at})
	}
	if err != nil {
		return p, recordError(seq, err)
	}
	return p, nil
}

func (c *commit) setMisses(p *presence) error {
	_, err := c.tx.ExecContext(c.ctx, "UPDATE records SET missed = $1, missed_at = $2, gone = $3 WHERE seq = $4", p.misses, p.since, p.gone, p.seq)
	if err != nil {
		return recordError(p.seq, err)
	}
	return nil
}
