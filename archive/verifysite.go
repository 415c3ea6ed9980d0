package archive

import "fmt"

// The site of a run and that of an address at which it observed something are the same. The
// digests of observations cover both their numbers: so one of the two sites was changed, and
// most of the addresses of a run say which.

// otherSites are the addresses at which a run of another site observed something, with how
// many of all addresses of that run are of which site.
const otherSites = `WITH asked AS (SELECT DISTINCT run, address FROM observations),
		bad AS (SELECT a.run, r.site AS of, f.id, f.site, f.url, f.record FROM asked a JOIN runs r ON r.id = a.run JOIN frontier f ON f.id = a.address WHERE f.site != r.site)
	SELECT b.run, b.of, b.id, b.site, b.url, coalesce((SELECT id FROM records WHERE seq = b.record), ''),
		(SELECT count(*) FROM asked WHERE run = b.run), (SELECT count(*) FROM bad WHERE run = b.run AND site = b.site) FROM bad b ORDER BY b.run, b.id`

// elsewhere is an address of another site than a run that observed it.
type elsewhere struct {
	run, address      int64
	of, site          string // of the run, of the address
	url, record       string
	addresses, others int // of the run; of its addresses those of this site
}

// sites compares the sites of runs with those of the addresses that they asked.
func (v *verifier) sites() error {
	rows, err := v.a.reader.QueryContext(v.ctx, otherSites)
	if err != nil {
		return err
	}
	defer rows.Close()
	var bad []elsewhere
	for rows.Next() {
		var e elsewhere
		if err := rows.Scan(&e.run, &e.of, &e.address, &e.site, &e.url, &e.record, &e.addresses, &e.others); err != nil {
			return err
		}
		bad = append(bad, e)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	told := map[string]bool{}
	for _, e := range bad {
		d, query, args := e.damage()
		if told[d.What] {
			continue
		}
		told[d.What] = true
		if v.repair {
			if d.Repaired, err = v.changed("site of "+d.What, query, args...); err != nil {
				return err
			}
		}
		v.found(d)
	}
	return nil
}

// damage says which of the two sites was changed, and how it is put right.
func (e elsewhere) damage() (d Damage, query string, args []any) {
	if 2*e.others > e.addresses && e.addresses > 1 {
		return Damage{Kind: DamagedFile, What: fmt.Sprintf("run %d", e.run), Detail: fmt.Sprintf("it says that it was of the site %s, and %d of its %d addresses are of %s", e.of, e.others, e.addresses, e.site)},
			"UPDATE runs SET site = $1 WHERE id = $2", []any{e.site, e.run}
	}
	d = Damage{Kind: DamagedAddress, What: e.url, Detail: fmt.Sprintf("it says that it is of the site %s, and a run of %s observed it", e.site, e.of)}
	if e.record != "" {
		d.Affects = []string{e.record}
	}
	return d, "UPDATE OR IGNORE frontier SET site = $1 WHERE id = $2", []any{e.of, e.address}
}
