package archive

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/dossier-archive/dossier"
)

// Many sites serve an article at addresses that differ in a name only: http and
// https, with www and without, or with a number in the query that is another one
// each time. Such twins are reposts while they show the same text. When one shows
// another text, the record's own address is asked before anything is made of it: if
// that has the same text now, the record has changed, and there are not two.

// ownState is where the own address of a record stands.
type ownState int

const (
	ownAsked   ownState = iota // this run has asked it, or it is none of this site
	ownPending                 // it is asked first
	ownFailed                  // this run has asked it, and it could not be had
	ownDead                    // it has no page any more, or could not be had in several runs
)

// busy are the reasons of hosts that are there and want to be left alone.
var busy = map[dossier.Reason]bool{dossier.HTTPReason(429): true, dossier.HTTPReason(503): true, dossier.ReasonHostDown: true}

// deadAfter is in how many runs in a row an address fails until it counts as dead.
const deadAfter = 3

// ownState makes the own address of a record pending unless this run has asked it. It is
// asked whole: it may name the other one as its own.
func (c *commit) ownState(seq int64) (ownState, error) {
	if c.origin != originCrawl {
		return ownAsked, nil
	}
	var id, asked int64
	var failures int
	var state string
	var status dossier.Status
	var reason dossier.Reason
	since := c.v.Task.Run // or the run in which this address began to wait
	err := c.tx.QueryRowContext(c.ctx, "SELECT CASE WHEN reason = $1 THEN run ELSE $2 END FROM observations WHERE address = CAST($3 AS INTEGER) ORDER BY id DESC LIMIT 1",
		dossier.ReasonOwnFirst, since, c.v.Task.ID).Scan(&since)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("own address of record %d: %w", seq, err)
	}
	err = c.tx.QueryRowContext(c.ctx, `SELECT f.id, f.state, f.asked, f.status, f.reason, f.failures FROM addresses a JOIN frontier f ON f.site = a.site AND f.key = a.key
		WHERE a.record = CAST($1 AS INTEGER) AND a.reason = '' AND a.site = CAST($2 AS TEXT)`, seq, c.site).Scan(&id, &state, &asked, &status, &reason, &failures)
	switch {
	case errors.Is(err, sql.ErrNoRows) || err == nil && id == c.v.Task.ID:
		return ownAsked, nil
	case err != nil:
		return 0, fmt.Errorf("own address of record %d: %w", seq, err)
	case state == "pending" || state == "leased":
		return ownPending, nil
	case asked >= since && (status == dossier.StatusGone || status == dossier.StatusFailed && failures >= deadAfter && !busy[reason]):
		return ownDead, nil
	case asked >= since && status == dossier.StatusFailed:
		return ownFailed, nil
	case asked >= since:
		return ownAsked, nil
	}
	_, err = c.tx.ExecContext(c.ctx, "UPDATE frontier SET state = 'pending', attempts = 0, due = 0, etag = '', last_modified = '' WHERE id = $1", id)
	if err != nil {
		return 0, fmt.Errorf("own address of record %d: %w", seq, err)
	}
	return ownPending, nil
}

// otherwise deals with an article at another name of a record that reads otherwise:
// it waits for the own address of the record, takes its place when that is dead, and
// is else an article of its own. It never takes the place of a record that has
// another number in its address: where numbers name articles, one that is withdrawn is
// followed by others of the same headline.
func (c *commit) otherwise(seq int64, n content) (dossier.Outcome, error) {
	if o, stale, err := c.isStale(seq, n); stale || err != nil {
		return o, err
	}
	own, err := c.ownState(seq)
	if err != nil {
		return dossier.Outcome{}, err
	}
	id, err := c.idOf(seq)
	if err != nil {
		return dossier.Outcome{}, err
	}
	switch own {
	case ownPending:
		c.waits = sql.NullInt64{Int64: seq, Valid: true}
		return dossier.Outcome{Status: dossier.StatusRetry, Reason: dossier.ReasonOwnFirst, Detail: "it reads otherwise than " + id + ", whose own address is asked first", Record: id}, nil
	case ownFailed:
		return dossier.Outcome{Status: dossier.StatusFailed, Reason: dossier.ReasonOwnFirst, Detail: "it reads otherwise than " + id + ", whose own address could not be had", Record: id}, nil
	case ownAsked:
		if behind, err := c.mayBeBehind(seq, n); behind || err != nil {
			c.waits, c.doubts = sql.NullInt64{Int64: seq, Valid: true}, 1
			return dossier.Outcome{Status: dossier.StatusRetry, Reason: dossier.ReasonOwnFirst, Detail: "it reads otherwise than " + id + ", whose own address is as it was; the next run looks again", Record: id}, err
		}
	case ownDead:
		kin, err := c.kinship(seq)
		if err != nil {
			return dossier.Outcome{}, err
		}
		if same, err := c.isStory(seq, n); err != nil {
			return dossier.Outcome{}, err
		} else if same && kin != otherNumber {
			return c.moved(seq, n, dossier.ReasonRepost)
		}
	}
	return c.newRecord(n)
}

// mayBeBehind reports whether the own address of a record, which is as it was, may only
// be behind another name of it, as with a cache: by the headline, and not in several
// runs in a row.
func (c *commit) mayBeBehind(seq int64, n content) (bool, error) {
	kin, err := c.kinship(seq)
	if err != nil || c.origin != originCrawl || kin != otherName {
		return false, err
	}
	var failures int
	if err := c.tx.QueryRowContext(c.ctx, "SELECT failures FROM frontier WHERE id = $1", c.v.Task.ID).Scan(&failures); err != nil || failures+1 >= deadAfter {
		return false, err
	}
	return c.isStory(seq, n)
}

// isStale recognises another name of a record that shows an earlier version of it, as a
// cache does for a while.
func (c *commit) isStale(seq int64, n content) (o dossier.Outcome, stale bool, err error) {
	kin, err := c.kinship(seq)
	if err != nil || kin != otherName && kin != otherNumber {
		return o, false, err
	}
	if same, err := c.readsLike(seq, false, n); err != nil || !same {
		return o, false, err
	}
	if err := c.putAddress(c.v.FinalKey, c.v.Snapshot.FinalURL, seq, dossier.ReasonRepost); err != nil {
		return o, false, err
	}
	c.record, c.due = sql.NullInt64{Int64: seq, Valid: true}, c.v.At.Add(revisitFloor)
	o = dossier.Outcome{Status: dossier.StatusUnchanged, Reason: dossier.ReasonStale, Detail: "an earlier version of the record, which has another name"}
	o.Record, err = c.idOf(seq)
	return o, true, err
}

// kinship is how the address that answered is related to the own address of a record.
type kinship int

const (
	stranger    kinship = iota
	sameAddress         // it is that
	otherName           // it differs in scheme or www
	otherNumber         // it differs in one value of the query
)

func (c *commit) kinship(seq int64) (kinship, error) {
	rows, err := c.tx.QueryContext(c.ctx, "SELECT key FROM addresses WHERE record = CAST($1 AS INTEGER) AND reason = ''", seq)
	if err != nil {
		return stranger, fmt.Errorf("own address of record %d: %w", seq, err)
	}
	own, err := column[string](rows) // one at each site that has it
	if err != nil {
		return stranger, fmt.Errorf("own address of record %d: %w", seq, err)
	}
	names := otherNames(c.v.FinalKey)
	switch {
	case slices.Contains(own, c.v.FinalKey):
		return sameAddress, nil
	case slices.ContainsFunc(own, func(key string) bool { return slices.Contains(names[:], key) }):
		return otherName, nil
	case slices.ContainsFunc(own, func(key string) bool { return isNumbered(c.v.FinalKey, key) }):
		return otherNumber, nil
	}
	return stranger, nil
}

// release lets be asked what waited for a record, whose own address has an outcome now.
func (c *commit) release(o dossier.Outcome) error {
	if !c.record.Valid {
		return nil
	}
	_, err := c.tx.ExecContext(c.ctx, `UPDATE frontier INDEXED BY frontier_waits SET state = 'pending', due = 0, waits = NULL WHERE waits = CAST($1 AS INTEGER)
		AND ($2 OR EXISTS (SELECT 1 FROM addresses WHERE record = CAST($1 AS INTEGER) AND reason = '' AND key = $3 AND site = $4))`,
		c.record.Int64, o.Reason == dossier.ReasonMoved, c.key, c.site)
	if err != nil {
		return fmt.Errorf("own address of record %d: %w", c.record.Int64, err)
	}
	return nil
}

// nearestKeys is how many addresses beside one are looked at. An article with a number
// that changes has few between those of others; where the number is that of the
// article, there are very many.
const nearestKeys = 16

// twin finds the record with the same headline at an address of this site that
// differs in its name only; 0 when there is none. One that differs in a number has to
// be of the same day.
func (c *commit) twin(title, date string) (int64, error) {
	if title == "" {
		return 0, nil
	}
	const titled = " JOIN records r ON r.seq = a.record JOIN versions v ON v.record = r.seq AND v.number = r.version WHERE v.title = "
	names := otherNames(c.v.FinalKey)
	seq, err := c.firstTwin("SELECT a.record, a.key, v.date FROM addresses a"+titled+"CAST($1 AS TEXT) AND a.site = CAST($2 AS TEXT) AND a.key IN (CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS TEXT))",
		[]any{title, c.site, names[0], names[1], names[2]}, func(string, string) bool { return true })
	for _, p := range parametersOf(c.v.FinalKey) {
		if err != nil || seq != 0 {
			break
		}
		near := fmt.Sprintf("(SELECT record, key FROM addresses WHERE key > CAST($1 AS TEXT) AND key < CAST($2 AS TEXT) AND site = CAST($3 AS TEXT) LIMIT %d) a", nearestKeys)
		seq, err = c.firstTwin("SELECT a.record, a.key, v.date FROM "+near+titled+"CAST($4 AS TEXT)", []any{p.before, p.before + "\U0010ffff", c.site, title},
			func(key, day string) bool { return p.differs(key) && sameDay(day, date) })
	}
	if err != nil {
		return 0, fmt.Errorf("other names of %s: %w", c.v.FinalKey, err)
	}
	return seq, nil
}

func (c *commit) firstTwin(query string, args []any, is func(key, date string) bool) (int64, error) {
	rows, err := c.tx.QueryContext(c.ctx, query, args...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var seq int64
		var key, date string
		if err := rows.Scan(&seq, &key, &date); err != nil {
			return 0, err
		}
		if is(key, date) {
			return seq, nil
		}
	}
	return 0, rows.Err()
}

// isNumbered reports whether two addresses differ in one value of their queries.
func isNumbered(a, b string) bool {
	return slices.ContainsFunc(parametersOf(a), func(p parameter) bool { return p.differs(b) })
}

// parameter is a place in a query with what stands around its value.
type parameter struct{ before, after string }

// parametersOf are the parameters of an address that have a value.
func parametersOf(key string) []parameter {
	start := strings.IndexByte(key, '?')
	if start < 0 {
		return nil
	}
	var out []parameter
	for at := start + 1; at < len(key); {
		end := len(key)
		if i := strings.IndexByte(key[at:], '&'); i >= 0 {
			end = at + i
		}
		if i := strings.IndexByte(key[at:end], '='); i > 0 {
			out = append(out, parameter{key[:at+i+1], key[end:]})
		}
		at = end + 1
	}
	return out
}

// differs reports whether an address has another value in this place and else the
// same.
func (p parameter) differs(key string) bool {
	value, ok := strings.CutPrefix(key, p.before)
	if !ok || len(value) < len(p.after) {
		return false
	}
	value, ok = strings.CutSuffix(value, p.after)
	return ok && !strings.Contains(value, "&")
}

// otherNames are the three addresses that differ from one in scheme, www or both.
func otherNames(key string) [3]string {
	scheme, rest, _ := strings.Cut(key, "://")
	other := map[string]string{"http": "https", "https": "http"}[scheme]
	www := strings.TrimPrefix(rest, "www.")
	if www == rest {
		www = "www." + rest
	}
	return [3]string{other + "://" + rest, scheme + "://" + www, other + "://" + www}
}
