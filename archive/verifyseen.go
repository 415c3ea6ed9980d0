package archive

import (
	"errors"
	"fmt"
)

// presence is what a record says of when it was there, and what its versions and
// observations prove.
type presence struct {
	seq        int64
	id         string
	last, gone string
	misses     int    // in a row
	since      string // the first of them

	seen   string // the newest version or observation that has found it
	asked  string // the newest observation of any kind, or address
	missed []miss // its own address had no page, since it was seen last
	others bool   // it was missed at another address
	silent bool   // it was seen without a trace: by an import of an older program
	doubt  bool   // observations of it do not hold
}

// miss is when a record had no page.
type miss struct {
	at       string
	imported bool
}

// presenceIn is of a range of records. Of the observations a prune leaves the last of
// each address: so the newest of any kind is there, and others may not be. What a repost
// shows is no sighting of the record.
const presenceIn = `SELECT r.seq, r.id, r.last_seen, r.gone, CASE WHEN typeof(r.missed) = 'integer' THEN r.missed ELSE -1 END, r.missed_at,
		max(r.first_seen, coalesce((SELECT max(created) FROM versions WHERE record = r.seq AND origin != 'reread'), ''),
			coalesce((SELECT max(at) FROM observations WHERE record = r.seq AND (status = 'new' OR status = 'changed')), ''),
			coalesce((SELECT max(o.at) FROM observations o JOIN frontier f ON f.id = o.address JOIN addresses a ON a.site = f.site AND a.key = f.key
				WHERE o.record = r.seq AND o.status = 'unchanged' AND a.record = r.seq AND a.reason = ''), '')),
		max(coalesce((SELECT max(at) FROM observations WHERE record = r.seq), ''), coalesce((SELECT max(last_seen) FROM addresses WHERE record = r.seq), '')),
		NOT EXISTS (SELECT 1 FROM observations WHERE record = r.seq)
			OR EXISTS (SELECT 1 FROM versions WHERE record = r.seq AND origin = 'import') AND NOT EXISTS (SELECT 1 FROM observations WHERE record = r.seq AND substr(detail, 1, 8) = $1),
		EXISTS (SELECT 1 FROM observations WHERE record = r.seq AND doubt != '')
	FROM records r WHERE r.seq BETWEEN $2 AND $3 ORDER BY r.seq`

// seen compares when records were seen last, and whether they are gone, with their
// versions and observations. What these prove a repair puts in the place of the rest.
func (v *verifier) seen() error {
	scan := rowScan{db: v.a.reader, table: "records"}
	for {
		seqs, err := scan.next(v.ctx)
		if err != nil || len(seqs) == 0 {
			return err // what could not be read, the check of the versions says
		}
		list, err := v.presencesOf(seqs[0], seqs[len(seqs)-1])
		if err != nil {
			return err
		}
		for _, s := range list {
			if err := v.compareSeen(s); err != nil {
				return err
			}
		}
	}
}

func (v *verifier) presencesOf(from, to int64) (list []*presence, err error) {
	tx, err := v.a.reader.BeginTx(v.ctx, nil) // as at one moment: a crawl may go on
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, tx.Rollback()) }()
	rows, err := tx.QueryContext(v.ctx, presenceIn, detailImported, from, to)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	bySeq := map[int64]*presence{}
	for rows.Next() {
		s := &presence{}
		if err := rows.Scan(&s.seq, &s.id, &s.last, &s.gone, &s.misses, &s.since, &s.seen, &s.asked, &s.silent, &s.doubt); err != nil {
			return nil, err
		}
		list, bySeq[s.seq] = append(list, s), s
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, err
	}
	missed, err := tx.QueryContext(v.ctx, `SELECT o.record, o.at, substr(o.detail, 1, 8) = $1, coalesce(a.record = o.record AND a.reason = '', 0) FROM observations o JOIN frontier f ON f.id = o.address
		LEFT JOIN addresses a ON a.site = f.site AND a.key = f.key WHERE o.record BETWEEN $2 AND $3 AND o.status = 'gone' ORDER BY o.at, o.id`, detailImported, from, to)
	if err != nil {
		return nil, err
	}
	defer missed.Close()
	for missed.Next() {
		var seq int64
		var m miss
		var own bool
		if err := missed.Scan(&seq, &m.at, &m.imported, &own); err != nil {
			return nil, err
		}
		if s := bySeq[seq]; s != nil && m.at > s.seen {
			if s.others = s.others || !own; own {
				s.missed = append(s.missed, m)
			}
		}
	}
	return list, missed.Err()
}

// goneBy is when the observations confirm that a record is gone, "" when they do not.
func (s *presence) goneBy() string {
	for i, m := range s.missed {
		if i+1 >= goneTimes && s.missed[0].at <= spanBefore(m.at) {
			return m.at
		}
	}
	return ""
}

// lastHolds reports whether a record can have been seen last when it says. Where no trace
// is left of all sightings, only what is older than one of them is wrong.
func (s *presence) lastHolds() bool {
	return s.last >= s.seen && (s.silent || s.last <= max(s.asked, s.seen))
}

// goneHolds reports whether a record can be gone, or there, as it says. Where it is gone it
// was asked then or later; what came of that may have been pruned, but for the last.
func (s *presence) goneHolds() bool {
	by := s.goneBy()
	if s.gone == "" {
		return by == ""
	}
	return s.gone > s.seen && s.gone <= s.asked && (by == "" || s.gone <= by)
}

func (v *verifier) compareSeen(s *presence) error {
	if s.doubt {
		return nil
	}
	if !s.lastHolds() {
		d := Damage{Kind: DamagedRecord, What: s.id, Affects: []string{s.id},
			Detail: fmt.Sprintf("it says that it was last seen at %s, and its versions and observations that it was at %s", spokenTime(s.last), s.seen)}
		if err := v.setSeen(s, "last_seen", s.seen, &d); err != nil {
			return err
		}
		s.last = s.seen
	}
	if !s.goneHolds() {
		d := Damage{Kind: DamagedRecord, What: s.id, Affects: []string{s.id},
			Detail: fmt.Sprintf("it says that it was gone at %s, and its observations that it was at %s", spokenTime(s.gone), spokenTime(s.goneBy()))}
		if err := v.setSeen(s, "gone", s.goneBy(), &d); err != nil {
			return err
		}
		s.gone = s.goneBy()
	}
	if s.missesHold() {
		return nil
	}
	n, since := s.missesBy()
	d := Damage{Kind: DamagedRecord, What: s.id, Affects: []string{s.id}, Detail: fmt.Sprintf("it says that it was missed %d times since %s, and its observations that it was %d times since %s",
		s.misses, spokenTime(s.since), n, spokenTime(since))}
	if v.repair {
		if err := v.set("records", "missed", "seq = $2", n, s.seq); err != nil {
			return err
		}
	}
	return v.setSeen(s, "missed_at", since, &d)
}

// missedSince are the times when the own address had no page, after the record was seen last
// by its own word.
func (s *presence) missedSince() []miss {
	i := 0
	for i < len(s.missed) && s.missed[i].at <= s.last {
		i++
	}
	return s.missed[i:]
}

// missesHold reports whether a record can have been missed as often as it says. Some
// observations of that may have been pruned, but none behind the first where that is there,
// unless it came in after them, by an import.
func (s *presence) missesHold() bool {
	at := s.missedSince()
	switch {
	case (s.misses == 0) != (s.since == ""), s.misses < len(at), s.misses < 0, s.misses == 0 && s.gone != "":
		return false
	case s.misses == 0:
		return true
	case s.since < s.last, !s.silent && s.since > s.asked, s.gone != "" && (s.misses < goneTimes || s.since > spanBefore(s.gone)):
		return false
	case len(at) == 0 || s.others:
		return true
	}
	first := at[0]
	return s.since == first.at && (s.misses == len(at) || first.imported) || s.since < first.at && s.misses > len(at)
}

// missesBy is how often the observations, and that it is gone, say that a record was missed,
// and since when.
func (s *presence) missesBy() (n int, since string) {
	at := s.missedSince()
	if n = len(at); n > 0 {
		since = at[0].at
	}
	if s.gone == "" {
		return n, since
	}
	if by := spanBefore(s.gone); n == 0 || since > by {
		n, since = n+1, by
	}
	return max(n, goneTimes), since
}

// spanBefore is the latest time at which what is gone was missed first.
func spanBefore(gone string) string { return stamped(parseStamp(gone).Add(-goneSpan)) }

// spokenTime is a time as it is stored, for people.
func spokenTime(at string) string {
	if at == "" {
		return "no time"
	}
	return at
}

func (v *verifier) setSeen(s *presence, field, value string, d *Damage) error {
	if v.repair {
		if err := v.set("records", field, "seq = $2", value, s.seq); err != nil {
			return err
		}
		d.Repaired = true
	}
	v.found(*d)
	return nil
}
