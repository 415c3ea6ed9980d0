package archive

import (
	"bufio"
	"bytes"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive/warc"
)

// A page that shows the text of a record in other bytes stands in no WARC file, nor does
// a capture that was unchanged when it was imported. When the record was seen first and
// last is therefore said beside each of its pages.
const (
	seenFirst  = "record-first-seen"
	seenLast   = "record-last-seen"
	seenText   = "text-sha256"
	seenOnPage = "page-sha256"
)

// sighting is what a file of this program says of a record beside one of its pages.
type sighting struct {
	times []time.Time
	text  string // digest of a version
	page  []byte // or of the page that it was read from
}

// sighting reads what a record of metadata says; seen is nil when that is nothing of the kind.
func (j *importJob) sighting(r *warc.Record) *foreign {
	s := &sighting{}
	for lines := bufio.NewScanner(bytes.NewReader(r.Block)); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch name {
		case seenFirst, seenLast:
			if at := parseStamp(value); !at.IsZero() && at.Before(time.Now().Add(maxAhead)) {
				s.times = append(s.times, at)
			}
		case seenText:
			s.text = value
		case seenOnPage:
			s.page, _ = hex.DecodeString(value) // what is none fits no page
		}
	}
	site, _, key, err := j.Place(r.URI)
	if len(s.times) == 0 || err != nil {
		return &foreign{record: r}
	}
	c := &commit{ctx: j.ctx, v: &dossier.Visit{FinalKey: key}, origin: originImport, site: site, key: key}
	return &foreign{record: r, site: site, key: key, seen: s, commit: c}
}

// sighted moves when a record was seen first and last, if it has the text or the page
// beside which that is said.
func (c *commit) sighted(s *sighting) error {
	known, err := c.address(c.key)
	if err != nil || known.record == 0 || known.reason != "" {
		return err
	}
	var first, last string
	err = c.tx.QueryRowContext(c.ctx, `SELECT r.first_seen, r.last_seen FROM records r WHERE r.seq = CAST($1 AS INTEGER) AND EXISTS (
		SELECT 1 FROM versions v LEFT JOIN pages p ON p.id = v.page WHERE v.record = r.seq AND (v.sha256 = $2 OR p.sha256 = $3))`,
		known.record, s.text, s.page).Scan(&first, &last)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("when it was seen: %w", recordError(known.record, err))
	}
	for _, at := range s.times {
		if first <= stamped(at) && stamped(at) <= last {
			continue
		}
		c.v.At = at
		if _, err := c.seen(known.record); err != nil {
			return err
		}
	}
	return nil
}
