package archive

import (
	"errors"
	"fmt"
	"strings"
)

// doubtRun is the error of a run whose row was made again.
const doubtRun = "its row was lost, and made again from its observations"

// missingRuns counts runs whose rows are missing while their observations are there.
const missingRuns = "SELECT count(DISTINCT run) FROM observations WHERE run NOT IN (SELECT id FROM runs)"

// remakeRuns makes the rows of missing runs again. How they ended is not known.
const remakeRuns = `INSERT INTO runs (id, site, kind, started, ended, state, patterns, requests, new, changed, unchanged, duplicate, listed, gone, skipped, failed, error)
	SELECT o.run, min(f.site), CASE WHEN min(substr(o.detail, 1, 8) = '` + detailImported + `') THEN 'import' ELSE 'crawl' END, min(o.at), max(o.at), 'interrupted', '',
		sum(substr(o.detail, 1, 8) != '` + detailImported + `'), sum(o.status = 'new'), sum(o.status = 'changed'), sum(o.status = 'unchanged'), sum(o.status = 'duplicate'),
		sum(o.status = 'listed'), sum(o.status = 'gone'), sum(o.status = 'skipped'), sum(o.status = 'failed'), '` + doubtRun + `'
	FROM observations o JOIN frontier f ON f.id = o.address WHERE o.run NOT IN (SELECT id FROM runs) GROUP BY o.run`

// runs finds runs whose rows are missing. A repair makes them again, as far as their
// observations tell.
func (v *verifier) runs() error {
	var n int
	if err := v.a.reader.QueryRowContext(v.ctx, missingRuns).Scan(&n); err != nil || n == 0 {
		return err
	}
	d := Damage{Kind: DamagedFile, What: "table runs", Detail: fmt.Sprintf("%d runs are missing that have observations", n)}
	if v.repair {
		err := v.a.write(v.ctx, "runs", func(tx *tx) error {
			_, err := tx.ExecContext(v.ctx, remakeRuns)
			return err
		})
		if err != nil {
			return err
		}
		d.Detail += "; they were made again from these, and say so"
		d.Repaired = true
	}
	v.found(d)
	return nil
}

// counted are the columns of a run that count outcomes, as these are called.
var counted = []string{"new", "changed", "unchanged", "duplicate", "listed", "gone", "skipped", "failed"}

// counts finds runs that count fewer outcomes than there are observations of them. More they
// may count: prune takes observations away. What does not hold of these proves nothing.
func (v *verifier) counts() error {
	var sums, fewer []string
	for _, name := range counted {
		sum := "sum(o.status = '" + name + "')"
		sums, fewer = append(sums, sum), append(fewer, "r."+name+" < "+sum)
	}
	rows, err := v.a.reader.QueryContext(v.ctx, "SELECT r.id, r.site, "+strings.Join(sums, ", ")+` FROM runs r JOIN observations o ON o.run = r.id
		GROUP BY r.id HAVING max(o.doubt != '') = 0 AND (`+strings.Join(fewer, " OR ")+")")
	if err != nil {
		return err
	}
	defer rows.Close()
	type run struct {
		id   int64
		site string
		n    []any
	}
	var bad []run
	for rows.Next() {
		r := run{n: make([]any, len(counted))}
		dest := []any{&r.id, &r.site}
		for i := range r.n {
			dest = append(dest, &r.n[i])
		}
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		bad = append(bad, r)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for _, r := range bad {
		if v.unsure[r.id] {
			continue
		}
		d := Damage{Kind: DamagedFile, What: fmt.Sprintf("run %d", r.id), Detail: "it counts fewer outcomes than there are observations of it at " + r.site}
		if v.repair {
			err := v.a.write(v.ctx, d.What, func(tx *tx) error {
				for i, name := range counted {
					if _, err := tx.ExecContext(v.ctx, "UPDATE runs SET "+name+" = max("+name+", $1) WHERE id = $2", r.n[i], r.id); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				return err
			}
			d.Repaired = true
		}
		v.found(d)
	}
	return nil
}
