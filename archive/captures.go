package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"time"

	"github.com/dossier-archive/dossier"
)

// A Capture is a page as it was fetched, and the version that was first read from it.
type Capture struct {
	Record  dossier.Record
	Version dossier.Version
	Page    *dossier.Snapshot // nil: none is kept, or it is damaged
	Damaged bool
	// Before and After are when the pages of the record's other versions were fetched that are
	// next to this one in time; zero where there is none.
	Before, After time.Time
	// Moved is the record's address where that is not the one at which the page was fetched,
	// with the reason why this one is another name of it; nil where it is.
	Moved *dossier.Alias
	// Aliases are the other addresses of the record, with its first page that can be read.
	Aliases  []dossier.Alias
	Revisits []Revisit
}

// A Revisit says that a page was found as it was.
type Revisit struct {
	At          time.Time
	NotModified bool // by the word of its server
}

// Captures gives the pages that the chosen records were read from, a record after the
// other, and of each in the order of its versions. A page that several versions in
// a row were read from comes once. The first error is the last.
func (a *Archive) Captures(ctx context.Context, q Query) iter.Seq2[Capture, error] {
	return func(yield func(Capture, error) bool) {
		for r, err := range a.Records(ctx, List{Query: q}) {
			if err != nil {
				yield(Capture{}, err)
				return
			}
			more, err := a.capturesOf(ctx, r, func(c Capture) bool { return yield(c, nil) })
			if err != nil {
				yield(Capture{}, err)
			}
			if !more {
				return
			}
		}
	}
}

// capturesOf gives the captures of one record while more are wanted.
func (a *Archive) capturesOf(ctx context.Context, r dossier.Record, yield func(Capture) bool) (more bool, err error) {
	versions, err := a.Versions(ctx, r.ID)
	if err != nil {
		return false, err
	}
	aliases, err := a.Aliases(ctx, r.ID)
	if err != nil {
		return false, err
	}
	all := aliases
	times, err := a.timesOfPages(ctx, r.ID)
	if err != nil {
		return false, err
	}
	var given int64
	for _, v := range versions {
		c := Capture{Record: r, Version: v}
		if v.Page != 0 {
			if v.Page == given { // read again from the same page
				continue
			}
			given = v.Page
			page, err := a.Page(ctx, v.Page)
			if c.Damaged = errors.Is(err, ErrDamaged); c.Damaged {
				if !yield(c) {
					return false, nil
				}
				continue
			}
			if err != nil {
				return false, err
			}
			c.Page, c.Aliases, aliases = &page, aliases, nil // with the first alone
			c.Before, c.After = nextTo(times, page.FetchedAt)
			if c.Moved, err = a.movedFrom(ctx, r, page.FinalURL, all); err != nil {
				return false, err
			}
			if c.Revisits, err = a.revisits(ctx, &c); err != nil {
				return false, err
			}
		}
		if !yield(c) {
			return false, nil
		}
	}
	return true, nil
}

// movedFrom gives the address of a record when that is not the one of a page of it, nil when
// it is.
func (a *Archive) movedFrom(ctx context.Context, r dossier.Record, page string, aliases []dossier.Alias) (*dossier.Alias, error) {
	if r.URL == page {
		return nil, nil
	}
	own := &dossier.Alias{URL: r.URL, Site: r.Site, Reason: dossier.ReasonRedirect}
	for _, al := range aliases {
		if al.URL == page && al.Site == r.Site {
			own.Reason = al.Reason
		}
	}
	var first, last string
	err := a.reader.QueryRowContext(ctx, `SELECT a.first_seen, a.last_seen FROM records r JOIN addresses a ON a.record = r.seq AND a.reason = ''
		WHERE r.id = $1 AND a.url = $2`, r.ID, r.URL).Scan(&first, &last)
	if errors.Is(err, sql.ErrNoRows) { // Verify tells of it
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("address of %s: %w", r.ID, classify(err))
	}
	own.FirstSeen, own.LastSeen = parseStamp(first), parseStamp(last)
	return own, nil
}

// timesOfPages gives when the pages of a record's versions were fetched, the earliest first.
func (a *Archive) timesOfPages(ctx context.Context, id string) ([]time.Time, error) {
	rows, err := a.reader.QueryContext(ctx, `SELECT coalesce(p.fetched_at, v.created) FROM records r JOIN versions v ON v.record = r.seq LEFT JOIN pages p ON p.id = v.page
		WHERE r.id = $1 AND v.origin != $2`, id, originReread)
	if err != nil {
		return nil, classify(err)
	}
	texts, err := column[string](rows)
	if err != nil {
		return nil, classify(err)
	}
	var out []time.Time
	for _, text := range texts {
		if at, err := time.Parse(time.RFC3339Nano, text); err == nil { // Verify tells of others
			out = append(out, at)
		}
	}
	slices.SortFunc(out, time.Time.Compare)
	return out, nil
}

// nextTo gives the last of some times before another one, and the first after it.
func nextTo(times []time.Time, at time.Time) (before, after time.Time) {
	for _, t := range times {
		if t.Before(at) {
			before = t
		}
		if t.After(at) {
			return before, t
		}
	}
	return before, after
}

// revisits are the times when a page was found as it was, until the page after it came:
// when just its bytes came, or its server said that it had not changed. That its
// text was the same, in a page with another counter, is no revisit.
func (a *Archive) revisits(ctx context.Context, c *Capture) ([]Revisit, error) {
	until := ""
	if !c.After.IsZero() {
		until = stamped(c.After)
	}
	rows, err := a.reader.QueryContext(ctx, `SELECT o.at, o.http FROM records r JOIN observations o ON o.record = r.seq JOIN frontier f ON f.id = o.address
		WHERE r.id = $1 AND o.status = 'unchanged' AND o.doubt = '' AND o.at > $2 AND ($3 = '' OR o.at < $3)
			AND f.url = $4 AND (o.http = 304 OR o.page = $5) ORDER BY o.id`, c.Record.ID, stamped(c.Page.FetchedAt), until, c.Page.FinalURL, c.Version.Page)
	if err != nil {
		return nil, classify(err)
	}
	defer rows.Close()
	var out []Revisit
	for rows.Next() {
		var at string
		var status int
		if err := rows.Scan(&at, &status); err != nil {
			return nil, err
		}
		out = append(out, Revisit{At: parseStamp(at), NotModified: status == http.StatusNotModified})
	}
	return out, rows.Err()
}
