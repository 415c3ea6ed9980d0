package archive

import (
	"errors"
	"fmt"
	"strings"
)

// counted are the columns of a run that count outcomes, as these are called.
var counted = []string{"new", "changed", "unchanged", "duplicate", "listed", "gone", "skipped", "failed"}

// miscounted finds runs that count other outcomes than there are observations of them. Prune
// takes observations away and leaves holes among their numbers: only without holes from the
// one before the first of a run to the one behind its last are all of them there. What does
// not hold of these proves nothing, and may be of any run.
var miscounted = func() string {
	var sums, outcomes, fewer, more []string
	for _, name := range counted {
		n := "coalesce(s." + name + ", 0)"
		sums = append(sums, "sum(status = '"+name+"') AS "+name)
		outcomes, fewer, more = append(outcomes, n), append(fewer, "r."+name+" < "+n), append(more, "r."+name+" > "+n)
	}
	return `WITH seen AS (SELECT run, min(id) AS first, max(id) AS last, max(doubt != '') AS doubt, ` + strings.Join(sums, ", ") + ` FROM observations GROUP BY run),
		known AS (SELECT coalesce(max(id), 0) AS last, count(*) AS n, coalesce(max(doubt != ''), 0) AS doubt FROM observations),
		compared AS (SELECT r.id, r.site, ` + strings.Join(fewer, " OR ") + ` AS fewer, (` + strings.Join(more, " OR ") + `) AND NOT known.doubt AND CASE WHEN s.run IS NULL THEN known.n = known.last
				ELSE (SELECT count(*) FROM observations WHERE id BETWEEN s.first - 1 AND s.last + 1) = s.last - s.first + 1 + (s.first > 1) + (s.last < known.last) END AS more,
			` + strings.Join(outcomes, ", ") + ` FROM runs r LEFT JOIN seen s ON s.run = r.id, known WHERE coalesce(s.doubt, 0) = 0)
		SELECT * FROM compared WHERE fewer OR more`
}()

// miscount is a run that counts other outcomes than it has observations.
type miscount struct {
	id          int64
	site        string
	fewer, more bool
	n           []any // by counted
}

// counts compares what runs count with their observations.
func (v *verifier) counts() error {
	rows, err := v.a.reader.QueryContext(v.ctx, miscounted)
	if err != nil {
		return err
	}
	defer rows.Close()
	var bad []miscount
	for rows.Next() {
		m := miscount{n: make([]any, len(counted))}
		dest := []any{&m.id, &m.site, &m.fewer, &m.more}
		for i := range m.n {
			dest = append(dest, &m.n[i])
		}
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		bad = append(bad, m)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for _, m := range bad {
		if v.unsure[m.id] || m.more && len(v.unsure) > 0 {
			continue
		}
		if err := v.miscounted(m); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) miscounted(m miscount) error {
	other, set := "fewer", "%[1]s = max(%[1]s, ?)"
	if m.more {
		other, set = "more", "%s = ?"
	}
	d := Damage{Kind: DamagedFile, What: fmt.Sprintf("run %d", m.id), Detail: fmt.Sprintf("it counts %s outcomes than there are observations of it at %s", other, m.site)}
	if v.repair {
		var all []string
		for _, name := range counted {
			all = append(all, fmt.Sprintf(set, name))
		}
		err := v.a.write(v.ctx, d.What, func(tx *tx) error {
			_, err := tx.ExecContext(v.ctx, "UPDATE runs SET "+strings.Join(all, ", ")+" WHERE id = ?", append(m.n, m.id)...)
			return err
		})
		if err != nil {
			return err
		}
		d.Repaired = true
	}
	v.found(d)
	return nil
}
