package archive

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/dossier-archive/dossier"
)

// A list that words the headline of an article otherwise than before, or puts it on another
// day, says that the article may be another one. Lists also word it differently from each
// other, for ever, or call each day today: of what rows have said of an address, the digests
// are kept, as its digest in the frontier, until the record changes. Only what is said for
// the first time has the article asked.
const (
	// saidMost is how much of rows is kept of an address. One of which they say more is asked
	// by its age alone, until that finds a new version.
	saidMost = 16
	// saidAtOnce is how many articles of one page are asked because of its rows, or a share
	// of these. A page that says otherwise of more has only changed its ways.
	saidAtOnce = 5
	saidShare  = 10
)

// saidFull is the length of so many digests.
var saidFull = strconv.Itoa(saidMost*9 - 1)

// said is what a row says for the first time of an address.
type said struct {
	id     int64
	kept   string // digests of all that rows have said of it
	ask    bool   // its record says otherwise, and this run has not asked it
	words  dossier.Witness
	before dossier.Witness
}

// newlySaid compares the rows of a page with what the frontier holds of them.
func newlySaid(ctx context.Context, tx *tx, site string, run int64, links []dossier.Link) ([]said, error) {
	var out []said
	asks := 0
	for _, l := range links {
		if l.Witness == (dossier.Witness{}) || l.Aside || l.Refused || l.Chain != "" {
			continue
		}
		s, err := newlySaidOf(ctx, tx, site, run, l)
		if err != nil {
			return nil, fmt.Errorf("what is said of %s: %w", l.URL, err)
		}
		if s.id != 0 {
			out = append(out, s)
		}
		if s.ask {
			asks++
		}
	}
	if asks > max(saidAtOnce, len(links)/saidShare) {
		for i := range out {
			out[i].ask = false
		}
	}
	return out, nil
}

// newlySaidOf has no id when a row says what it, or another one, has said before.
func newlySaidOf(ctx context.Context, tx *tx, site string, run int64, l dossier.Link) (s said, err error) {
	var id, record int64
	var chain string
	var done bool
	err = tx.QueryRowContext(ctx, `SELECT id, witness_title, witness_date, digest, chain, coalesce(record, 0), state = 'done' AND asked < $1 FROM frontier
		WHERE site = CAST($2 AS TEXT) AND key = CAST($3 AS TEXT) AND kind NOT IN ('start', 'list', 'feed', 'sitemap')`, run, site, l.Key).
		Scan(&id, &s.before.Title, &s.before.Date, &s.kept, &chain, &record, &done)
	if errors.Is(err, sql.ErrNoRows) || err == nil && chain != "" {
		return said{}, nil
	}
	if err != nil {
		return said{}, err
	}
	s.words = l.Witness
	kept := strings.Fields(s.kept)
	isNew := func(words, before string) bool {
		if words == "" || before == "" || saysSame(before, words) || saysSame(words, before) {
			return false
		}
		digest := saidDigest(words)
		if slices.Contains(kept, digest) || len(kept) >= saidMost {
			return false
		}
		kept = append(kept, digest)
		return true
	}
	title, day := isNew(s.words.Title, s.before.Title), isNew(s.words.Date, s.before.Date)
	if !title && !day {
		return said{}, nil
	}
	s.id, s.kept = id, strings.Join(kept, " ")
	if record == 0 || !done {
		return s, nil
	}
	var now dossier.Witness
	err = tx.QueryRowContext(ctx, `SELECT v.title, substr(v.date, 1, 10) FROM records r JOIN versions v ON v.record = r.seq AND v.number = r.version
		WHERE r.seq = CAST($1 AS INTEGER)`, record).Scan(&now.Title, &now.Date)
	if err != nil {
		return said{}, recordError(record, err)
	}
	s.ask = title && !saysSame(now.Title, s.words.Title) || day && now.Date != s.words.Date
	return s, nil
}

// saysSame reports whether a row shows a headline, or the begin of it.
func saysSame(headline, row string) bool {
	begin := normalText(row)
	return begin != "" && strings.HasPrefix(normalText(headline), begin)
}

func saidDigest(words string) string {
	sum := sha256.Sum256([]byte(normalText(words)))
	return hex.EncodeToString(sum[:4])
}

// keep remembers what was said. Of an article that is asked because of it, the row is now
// the witness, and what was said before is kept.
func (s said) keep(ctx context.Context, tx *tx) error {
	if !s.ask {
		if _, err := tx.ExecContext(ctx, "UPDATE frontier SET digest = $1 WHERE id = $2", s.kept, s.id); err != nil {
			return fmt.Errorf("what is said: %w", err)
		}
		return nil
	}
	for _, words := range []string{s.before.Title, s.before.Date} {
		if digest := saidDigest(words); words != "" && !strings.Contains(s.kept, digest) {
			s.kept += " " + digest
		}
	}
	_, err := tx.ExecContext(ctx, `UPDATE frontier SET state = 'pending', attempts = 0, due = 0, digest = $1,
		witness_title = CASE WHEN $2 != '' THEN $2 ELSE witness_title END, witness_date = CASE WHEN $3 != '' THEN $3 ELSE witness_date END WHERE id = $4`,
		s.kept, s.words.Title, s.words.Date, s.id)
	if err != nil {
		return fmt.Errorf("what is said: %w", err)
	}
	return nil
}
