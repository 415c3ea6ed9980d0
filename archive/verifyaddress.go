package archive

import "fmt"

// addresses compares the address of each record with that which stands among all
// addresses. A missing one is put back from the frontier; of two that differ,
// the one of the page that the record was read from is right. What is missing may stand as
// a second one of another record: so it comes first.
func (v *verifier) addresses() error {
	for _, missing := range []bool{true, false} {
		bad, err := v.misplaced(missing)
		if err != nil {
			return err
		}
		for _, m := range bad {
			d := m.damage()
			if v.repair {
				if d.Repaired, err = v.replace(m); err != nil {
					return err
				}
			}
			v.found(d)
		}
	}
	return nil
}

// misplaced gives the records whose own address is missing, or another one.
func (v *verifier) misplaced(missing bool) (bad []misplaced, err error) {
	rows, err := v.a.reader.QueryContext(v.ctx, `SELECT r.seq, r.id, r.site, r.url, coalesce(a.url, ''), coalesce(p.final_url, ''),
			coalesce((SELECT f.key FROM frontier f WHERE f.site = r.site AND f.record = r.seq AND f.url = r.url LIMIT 1), ''),
			EXISTS (SELECT 1 FROM addresses o WHERE o.record = r.seq AND o.url = r.url)
		FROM records r LEFT JOIN addresses a ON a.record = r.seq AND a.reason = ''
		LEFT JOIN versions ver ON ver.record = r.seq AND ver.number = r.version LEFT JOIN pages p ON p.id = ver.page
		WHERE (a.url IS NULL) = $1 AND coalesce(a.url, '') != r.url ORDER BY r.seq`, missing)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var m misplaced
		if err := rows.Scan(&m.seq, &m.id, &m.site, &m.url, &m.address, &m.page, &m.key, &m.known); err != nil {
			return nil, err
		}
		bad = append(bad, m)
	}
	return bad, rows.Err()
}

// misplaced is a record whose own address is not what the archive says elsewhere.
type misplaced struct {
	seq           int64
	id, site, url string
	address       string // among all addresses, "" when it is missing
	page          string // of the current version
	key           string // of the url, in the frontier
	known         bool   // the url is one of its addresses
}

func (m misplaced) damage() Damage {
	detail := "it has no address of its own among all addresses"
	if m.address != "" {
		detail = fmt.Sprintf("its address is %s here and %s among all addresses", m.url, m.address)
	}
	return Damage{Kind: DamagedAddress, What: m.id, Detail: detail, Affects: []string{m.id}}
}

// putBack gives a record its own address, also where that stands as a second one of a
// record that has its own.
const putBack = `INSERT INTO addresses (key, site, url, record, reason, first_seen, last_seen)
	SELECT $1, site, url, seq, '', first_seen, last_seen FROM records WHERE seq = $2
	ON CONFLICT (key, site) DO UPDATE SET record = excluded.record, reason = '' WHERE record = excluded.record OR reason = '' AND EXISTS
		(SELECT 1 FROM records r JOIN addresses own ON own.record = r.seq AND own.reason = '' AND own.url = r.url WHERE r.seq = addresses.record AND own.key != addresses.key)`

// replace puts an address right, and reports whether that was possible.
func (v *verifier) replace(m misplaced) (bool, error) {
	var query string
	var args []any
	switch {
	case m.address != "" && (m.address == m.page || !m.known && m.url != m.page):
		query, args = "UPDATE records SET url = $1 WHERE seq = $2", []any{m.address, m.seq}
	case m.address != "" && m.url == m.page:
		query, args = "UPDATE addresses SET url = $1 WHERE record = $2 AND reason = '' AND url = $3", []any{m.url, m.seq, m.address}
	case m.address == "" && m.key != "":
		query, args = putBack, []any{m.key, m.seq}
	default:
		return false, nil
	}
	return v.changed("address of "+m.id, query, args...)
}

// changed makes a change of a row, and reports whether there was one.
func (v *verifier) changed(what, query string, args ...any) (done bool, err error) {
	err = v.a.write(v.ctx, what, func(tx *tx) error {
		res, err := tx.ExecContext(v.ctx, query, args...)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		done = n > 0
		return err
	})
	return done, err
}
