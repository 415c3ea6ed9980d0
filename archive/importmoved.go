package archive

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/dossier-archive/dossier"
)

// A record that has moved has pages of the time before, and they stand in a file under the
// address that it had then. Beside each stands the address that it has now.

// within gives a page's address as that of the record to which it belonged, as a file says,
// before that moved. s may be nil.
func (c *commit) within(known knownAddress, s *sighting) (knownAddress, error) {
	if s == nil || s.moved.key == "" || s.moved.key == c.key || known.record != 0 && known.reason == "" {
		return known, nil
	}
	now, err := c.address(s.moved.key)
	if err != nil {
		return known, err
	}
	own := knownAddress{record: now.record, site: now.site}
	switch {
	case known.record == 0 && now.record != 0 && now.reason == "" && now.site == c.site:
		if c.v.Snapshot == nil { // its page was passed over
			return known, nil
		}
		return own, c.putAddress(c.v.FinalKey, c.v.Snapshot.FinalURL, now.record, dossier.Reason(s.moved.reason))
	case known.record != 0 && known.record == now.record:
		return own, nil
	case known.record != 0 && now.record == 0:
		was, err := c.wasOwn(known, c.v.Task.URL)
		if was {
			known.reason = ""
		}
		return known, err
	}
	return known, nil
}

// wasOwn reports whether an address of a record is its own, or was it: a page of it was fetched
// there.
func (c *commit) wasOwn(known knownAddress, url string) (was bool, err error) {
	if known.reason == "" {
		return true, nil
	}
	err = c.tx.QueryRowContext(c.ctx, "SELECT EXISTS (SELECT 1 FROM versions v JOIN pages p ON p.id = v.page WHERE v.record = CAST($1 AS INTEGER) AND p.final_url = $2)",
		known.record, url).Scan(&was)
	if err != nil {
		return false, recordError(known.record, err)
	}
	return was, nil
}

// movedAsSaid gives a record the address that a file says it has now, unless that is one of
// another record. What is seen from then on is seen there.
func (c *commit) movedAsSaid(known knownAddress, to alias) error {
	if to.key == "" || known.site != c.site || to.site != c.site {
		return nil
	}
	if err := c.named(known.record, to); err != nil {
		return err
	}
	var url string
	err := c.tx.QueryRowContext(c.ctx, "SELECT url FROM addresses WHERE key = $1 AND site = $2 AND record = $3", to.key, to.site, known.record).Scan(&url)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("moved: %w", err)
	}
	c.v.FinalKey, c.v.Task.URL = to.key, url
	now, err := c.address(to.key)
	if err != nil || now.reason == "" {
		return err
	}
	return c.takeAddress(known.record, to.key, dossier.Reason(to.reason))
}
