package archive

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive/warc"
)

// A page that shows the text of a record in other bytes stands in no WARC file, nor does
// one that was imported and is older than that with its text. When the record was seen first and
// last is therefore said beside each of its pages, and its other addresses, whose pages
// are not kept, beside the first.
const (
	seenAlias  = "record-alias"
	seenRecord = "record"         // id@number of the version
	seenMoved  = "record-address" // where that is not the address of the page
	seenSite   = "record-site"
	seenFirst  = "record-first-seen"
	seenLast   = "record-last-seen"
	seenText   = "text-sha256"
	seenOnPage = "page-sha256"
	seenBefore = "page-before" // when the record's page before this one was fetched
	seenAfter  = "page-after"  // and the one after it
)

// Notes are what stands beside the page of a capture in a WARC file: what an import of it
// needs to know of the record.
func (c *Capture) Notes() []warc.Field {
	sum := sha256.Sum256(wholeBody(c.Page))
	lines := []warc.Field{{Name: seenRecord, Value: fmt.Sprintf("%s@%d", c.Record.ID, c.Version.Number)}, {Name: "title", Value: c.Version.Article.Title},
		{Name: seenText, Value: c.Version.SHA256}, {Name: seenOnPage, Value: hex.EncodeToString(sum[:])},
		{Name: seenSite, Value: c.Record.Site}, {Name: seenFirst, Value: stamped(c.Record.FirstSeen)}, {Name: seenLast, Value: stamped(c.Record.LastSeen)}}
	for _, next := range []warc.Field{{Name: seenBefore, Value: stamped(c.Before)}, {Name: seenAfter, Value: stamped(c.After)}} {
		if next.Value != stamped(time.Time{}) {
			lines = append(lines, next)
		}
	}
	if c.Moved != nil {
		lines = append(lines, warc.Field{Name: seenMoved, Value: aliasLine(*c.Moved, c.Record.Site)})
	}
	for _, al := range c.Aliases {
		lines = append(lines, warc.Field{Name: seenAlias, Value: aliasLine(al, c.Record.Site)})
	}
	return lines
}

// sighting is what a file of this program says of a record beside one of its pages.
type sighting struct {
	times   []time.Time
	aliases []alias
	record  string // id
	site    string // of the record, "": an older program wrote the file
	number  int    // of the version
	text    string // digest of a version
	page    []byte // or of the page that it was read from

	moved alias // the record's address, and why that of the page is another name of it; key "": it is that

	before, after time.Time // when the record's pages next to that one were fetched, zero: there is none
}

// detailSaid is what the detail of an observation ends with that rests on what a file says of
// a record: no capture was there.
const detailSaid = ", as the file says"

// alias is another address of a record.
type alias struct {
	site, url, key, reason string
	first, last            time.Time
}

// aliasLine says what an alias is: why it is one, when it was seen first and last as
// such, its address, and its site where that is not the record's.
func aliasLine(a dossier.Alias, site string) string {
	line := strings.Join([]string{string(a.Reason), stamped(a.FirstSeen), stamped(a.LastSeen), a.URL}, " ")
	if a.Site != site {
		line += " " + a.Site
	}
	return line
}

// aliasIn reads what aliasLine writes, in the place where an import puts addresses.
func (j *importJob) aliasIn(line string) (a alias, ok bool) {
	part := strings.Fields(line)
	if len(part) < 4 || len(part) > 5 || !slices.Contains([]dossier.Reason{dossier.ReasonRedirect, dossier.ReasonCanonical, dossier.ReasonRepost}, dossier.Reason(part[0])) {
		return a, false
	}
	site, url, key, err := j.Place(part[3])
	a = alias{site: site, url: url, key: key, reason: part[0], first: parseStamp(part[1]), last: parseStamp(part[2])}
	if len(part) == 5 {
		a.site = part[4]
	}
	return a, err == nil && siteForm.MatchString(a.site) && !a.first.IsZero() && !a.last.Before(a.first) && a.last.Before(time.Now().Add(maxAhead))
}

// siteForm is what configurations allow as the id of a site.
var siteForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

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
		case seenAlias:
			if a, ok := j.aliasIn(value); ok {
				s.aliases = append(s.aliases, a)
			}
		case seenRecord:
			id, number, _ := strings.Cut(value, "@")
			s.record = id
			s.number, _ = strconv.Atoi(number) // 0 is that of none
		case seenSite:
			s.site = value
		case seenMoved:
			if a, ok := j.aliasIn(value); ok {
				s.moved = a
			}
		case seenText:
			s.text = value
		case seenOnPage:
			s.page, _ = hex.DecodeString(value) // what is none fits no page
		case seenBefore:
			s.before = parseStamp(value)
		case seenAfter:
			s.after = parseStamp(value)
		}
	}
	site, url, key, err := j.Place(r.URI)
	if len(s.times) == 0 || err != nil {
		return &foreign{record: r}
	}
	j.noteSite(s, site)
	c := &commit{ctx: j.ctx, v: &dossier.Visit{FinalKey: key, Task: dossier.Task{URL: url}}, origin: originImport, site: site, key: key}
	return &foreign{record: r, site: site, key: key, seen: s, commit: c}
}

// noteSite counts a record that becomes one of another site than it is in the archive that wrote
// the file.
func (j *importJob) noteSite(s *sighting, site string) {
	if s.site == site || !siteForm.MatchString(s.site) || j.foreign[s.record] {
		return
	}
	if j.foreign == nil {
		j.foreign = map[string]bool{}
	}
	j.foreign[s.record] = true
	if j.report.Sites == nil {
		j.report.Sites = map[string]int{}
	}
	j.report.Sites[s.site]++
}

// sighted moves when a record was seen first and last, gives it its other addresses, and its
// own where it has moved, if it has the text or the page beside which that is said.
func (j *importJob) sighted(of *commit, s *sighting) error {
	again, visit := *of, *of.v // what is changed of it holds for this attempt
	c := &again
	c.v = &visit
	known, err := c.address(c.key)
	if err != nil {
		return err
	}
	if known, err = c.within(known, s); err != nil || known.record == 0 || known.reason != "" {
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
	if stamped(slices.MaxFunc(s.times, time.Time.Compare)) >= last {
		if err := c.movedAsSaid(known, s.moved); err != nil {
			return err
		}
	}
	for _, at := range s.times {
		if first <= stamped(at) && stamped(at) <= last {
			continue
		}
		c.v.At = at
		if _, err := c.seen(known.record); err != nil {
			return err
		}
		if err := j.observe(c, known, dossier.Outcome{Status: dossier.StatusUnchanged, Detail: detailSaid}); err != nil {
			return err
		}
	}
	for _, a := range s.aliases {
		if err := c.named(known.record, a); err != nil {
			return err
		}
	}
	return nil
}

// named gives a record another address, unless that is one of another record.
func (c *commit) named(seq int64, a alias) error {
	_, err := c.tx.ExecContext(c.ctx, `INSERT INTO addresses (key, site, url, record, reason, first_seen, last_seen) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (key, site) DO UPDATE SET first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen)
			WHERE record = excluded.record AND reason != ''`, a.key, a.site, a.url, seq, a.reason, stamped(a.first), stamped(a.last))
	if err != nil {
		return fmt.Errorf("address %s: %w", a.url, err)
	}
	return nil
}

// renumbered gives the record of a page, by its seq, when the file names its version by the id
// of that record and a number that is that of another text here, or of none; else 0.
func (c *commit) renumbered() (int64, error) {
	if c.said == nil || c.said.number == 0 {
		return 0, nil
	}
	var seq int64
	err := c.tx.QueryRowContext(c.ctx, `SELECT r.seq FROM records r WHERE r.id = CAST($1 AS TEXT) AND r.seq IN (SELECT record FROM addresses WHERE key = $2)
		AND NOT EXISTS (SELECT 1 FROM versions v LEFT JOIN pages p ON p.id = v.page WHERE v.record = r.seq AND v.number = $3 AND (v.sha256 = $4 OR p.sha256 = $5))`,
		c.said.record, c.key, c.said.number, c.said.text, c.said.page).Scan(&seq)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("number of a version: %w", err)
	}
	return seq, nil
}
