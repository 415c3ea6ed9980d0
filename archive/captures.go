package archive

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"time"

	"github.com/dossier-archive/dossier"
)

// A Capture is a page as it was fetched, and the version that was first read from it.
type Capture struct {
	Record  dossier.Record
	Version dossier.Version
	Page    *dossier.Snapshot // nil: none is kept, or it is damaged
	Damaged bool
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
	var given int64
	for i, v := range versions {
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
			until := ""
			if i+1 < len(versions) {
				until = stamped(versions[i+1].Created)
			}
			if c.Revisits, err = a.revisits(ctx, &c, until); err != nil {
				return false, err
			}
		}
		if !yield(c) {
			return false, nil
		}
	}
	return true, nil
}

// revisits are the times when a page was found as it was, until the next version:
// when just its bytes came, or its server said that it had not changed. That its
// text was the same, in a page with another counter, is no revisit.
func (a *Archive) revisits(ctx context.Context, c *Capture, until string) ([]Revisit, error) {
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
