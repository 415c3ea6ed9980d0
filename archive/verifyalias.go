package archive

import (
	"fmt"

	"github.com/dossier-archive/dossier"
)

// observedAliases compares the other addresses of records with what was observed there. A repair puts
// back those that are missing, and the reasons of those that stand for another one.
func (v *verifier) observedAliases() error {
	missing, err := v.aliasesBy(missingAliases)
	if err != nil {
		return err
	}
	for _, m := range missing {
		if err := v.mendAlias(m, "it is missing among all addresses", `INSERT INTO addresses (key, site, url, record, reason, first_seen, last_seen)
			SELECT key, site, url, $1, $2, $3, $4 FROM frontier WHERE id = $5`, m.record, m.reason, m.first, m.last, m.address); err != nil {
			return err
		}
	}
	other, err := v.aliasesBy(otherAliases, detailImported+detailSaid)
	if err != nil {
		return err
	}
	for _, m := range other {
		if err := v.mendAlias(m, "it stands for another reason among all addresses", `UPDATE addresses SET reason = $1
			WHERE (key, site) = (SELECT key, site FROM frontier WHERE id = $2)`, m.reason, m.address); err != nil {
			return err
		}
	}
	return nil
}

// observedAlias is another address of a record as it was observed last.
type observedAlias struct {
	address         int64 // in the frontier
	url, id, reason string
	record          int64
	first, last     string // when it was seen
}

// aliasColumns are of an observation, o, its address, f, and its record, r.
const aliasColumns = `SELECT f.id, f.url, r.id, CASE WHEN o.reason = 'repost' OR o.reason = 'canonical' THEN o.reason WHEN o.detail LIKE '%names as its own' THEN 'canonical' ELSE 'redirect' END, o.record,
		(SELECT min(at) FROM observations WHERE address = f.id AND record = o.record AND status IN ('new', 'changed', 'unchanged', 'duplicate')),
		(SELECT max(at) FROM observations WHERE address = f.id AND record = o.record AND status IN ('new', 'changed', 'unchanged', 'duplicate'))`

// missingAliases are addresses that showed a record which has another one of its own, and that no
// record has, though its key may be another one than it was. Whatever gives a record an article gives it
// the address that was asked.
const missingAliases = aliasColumns + ` FROM observations o JOIN frontier f ON f.id = o.address JOIN records r ON r.seq = o.record
	WHERE o.doubt = '' AND (o.status IN ('new', 'changed', 'duplicate') OR o.reason = 'moved' AND o.status = 'unchanged')
		AND NOT EXISTS (SELECT 1 FROM addresses WHERE key = f.key) AND NOT EXISTS (SELECT 1 FROM addresses WHERE record = r.seq AND url = f.url)
		AND EXISTS (SELECT 1 FROM addresses WHERE record = r.seq AND reason = '')
		AND NOT EXISTS (SELECT 1 FROM observations WHERE address = f.id AND id > o.id AND (status IN ('new', 'changed', 'duplicate') OR reason = 'moved' AND status = 'unchanged'))
	ORDER BY o.id`

// otherAliases are addresses that showed a record as a repost or copy when they were asked last,
// but for what was not modified since, and are said to be something else. That may be so where
// the record has moved, and where they led to the address of the repost.
const otherAliases = aliasColumns + ` FROM addresses a JOIN frontier f ON f.site = a.site AND f.key = a.key JOIN observations o ON o.id =
			(SELECT max(id) FROM observations WHERE address = f.id AND record IS NOT NULL AND (status IN ('new', 'changed', 'duplicate') OR status = 'unchanged' AND http != 304))
		JOIN records r ON r.seq = o.record
	WHERE a.record = o.record AND a.reason != '' AND a.reason != o.reason AND o.doubt = '' AND o.status = 'duplicate' AND (o.reason = 'repost' OR o.reason = 'canonical')
		AND NOT EXISTS (SELECT 1 FROM observations WHERE record = a.record AND (reason = 'moved' OR detail = $1))
		AND (o.reason != 'repost' OR a.reason != 'redirect' OR NOT EXISTS (SELECT 1 FROM addresses WHERE record = a.record AND reason = 'repost'))
	ORDER BY o.id`

func (v *verifier) aliasesBy(query string, args ...any) (out []observedAlias, err error) {
	rows, err := v.a.reader.QueryContext(v.ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var m observedAlias
		if err := rows.Scan(&m.address, &m.url, &m.id, &m.reason, &m.record, &m.first, &m.last); err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, rows.Err()
}

// mendAlias tells of an address that is not as it was observed.
func (v *verifier) mendAlias(m observedAlias, wrong, query string, args ...any) (err error) {
	d := Damage{Kind: DamagedAddress, What: m.url, Affects: []string{m.id},
		Detail: fmt.Sprintf("it was seen to be another address of %s (%s), and %s", m.id, dossier.Reason(m.reason), wrong)}
	if v.repair {
		if d.Repaired, err = v.changed("address "+m.url, query, args...); err != nil {
			return err
		}
	}
	v.found(d)
	return nil
}
