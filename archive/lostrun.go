package archive

import "fmt"

// doubtRun is the error of a run whose row was made again.
const doubtRun = "its row was lost, and made again from its observations"

// missingRuns counts runs whose rows are missing while their observations are there.
const missingRuns = "SELECT count(DISTINCT run) FROM observations WHERE run NOT IN (SELECT id FROM runs)"

// remakeRuns makes the rows of missing runs again. How they ended is not known.
const remakeRuns = `INSERT INTO runs (id, site, kind, started, ended, state, patterns, requests, new, changed, unchanged, duplicate, listed, gone, skipped, failed, error)
	SELECT o.run, min(f.site), CASE WHEN min(substr(o.detail, 1, 8) = '` + detailImported + `') THEN 'import' ELSE 'crawl' END, min(o.at), max(o.at), 'interrupted', '',
		sum(substr(o.detail, 1, 8) != '` + detailImported + `'), sum(o.status = 'new'), sum(o.status = 'changed'), sum(o.status = 'unchanged'), sum(o.status = 'duplicate'),
		sum(o.status = 'listed'), sum(o.status = 'gone'), sum(o.status = 'skipped'), sum(o.status = 'failed'), '` + doubtRun + `'
	FROM observations o JOIN frontier f ON f.id = o.address WHERE typeof(o.run) = 'integer' AND o.run NOT IN (SELECT id FROM runs) GROUP BY o.run`

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
