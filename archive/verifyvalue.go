package archive

import (
	"cmp"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// SQLite takes any value in any column. One that nobody has written stops whoever reads it,
// at every run again. What seals and digests cover is told apart from what was written
// only once it can be read: so all values are compared with their columns first.

// A valueTable is a table whose values are compared, with words for a row of it, t.
type valueTable struct {
	name, kind  string
	what        string
	affects     string // ids of records
	sealed      bool   // seals or digests tell what was written
	made, asked bool   // it follows from the texts; its rows can be taken away, and are made again
}

var valueTables = []valueTable{
	{name: "runs", kind: DamagedFile, what: "'run ' || t.id"},
	{name: "records", sealed: true, kind: DamagedRecord, what: "t.id", affects: "t.id"},
	{name: "pages", sealed: true, kind: DamagedPage, what: "'page ' || t.id", affects: "(SELECT group_concat(r.id || '@' || v.number) FROM versions v JOIN records r ON r.seq = v.record WHERE v.page = t.id)"},
	{name: "versions", sealed: true, kind: DamagedVersion, what: "coalesce((SELECT id FROM records WHERE seq = t.record), 'record number ' || t.record) || '@' || t.number",
		affects: "(SELECT id FROM records WHERE seq = t.record)"},
	{name: "seals", sealed: true, kind: DamagedRecord, what: "'seal ' || t.id", affects: "(SELECT id FROM records WHERE seq = t.id >> 20)"},
	{name: "frontier", kind: DamagedAddress, what: "t.url", affects: "(SELECT id FROM records WHERE seq = t.record)"},
	{name: "addresses", kind: DamagedAddress, what: "t.url", affects: "(SELECT id FROM records WHERE seq = t.record)"},
	{name: "observations", sealed: true, kind: DamagedObservation, what: "coalesce((SELECT url FROM frontier WHERE id = t.address), 'number ' || t.id)",
		affects: "(SELECT id FROM records WHERE seq = t.record)"},
	{name: "jobs", kind: DamagedFile, what: "'table jobs'", asked: true},
	{name: "robots", kind: DamagedFile, what: "'table robots'", asked: true},
	{name: "similar", kind: DamagedIndex, made: true},
	{name: "bands", kind: DamagedIndex, made: true},
	{name: "sketches", kind: DamagedIndex, made: true},
}

// A valueColumn is a column with when its value fits, and what stands in its place when it
// does not.
type valueColumn struct {
	name, fits, instead string
	known               bool // that follows from the rest of the archive
}

// values finds values that do not fit their columns. A repair puts in their place what the
// rest of the archive says, else what nobody trips over; seals and digests then tell
// whether it is what was written.
func (v *verifier) values() error {
	for _, t := range valueTables {
		columns, err := v.columnsOf(t.name)
		if err != nil {
			return err
		}
		bad, err := v.misfitsOf(t, columns)
		if isCorrupt(err) {
			v.found(Damage{Kind: DamagedFile, What: "table " + t.name, Detail: err.Error()})
		} else if err != nil {
			return err
		}
		for _, m := range bad {
			d := m.damage(t)
			switch {
			case !v.repair:
			case t.made:
				d.Repaired, v.stale = true, true
			default:
				if d.Repaired, err = v.refit(t, columns, m); err != nil {
					return err
				}
				d.Detail += m.unknown(t, columns)
			}
			v.found(d)
		}
	}
	return nil
}

// columnsOf gives the columns of a table as the database knows them.
func (v *verifier) columnsOf(table string) (out []valueColumn, err error) {
	rows, err := v.a.reader.QueryContext(v.ctx, `SELECT name, type, "notnull" OR pk > 0, dflt_value FROM pragma_table_info($1) WHERE type != ''`, table)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name, kind string
		var needed bool
		var byDefault sql.NullString
		if err := rows.Scan(&name, &kind, &needed, &byDefault); err != nil {
			return nil, err
		}
		out = append(out, valueColumnOf(table, name, kind, needed, byDefault.String))
	}
	return out, rows.Err()
}

func valueColumnOf(table, name, kind string, needed bool, byDefault string) valueColumn {
	rule := valueRules[table+"."+name]
	c := valueColumn{name, rule.fits, rule.instead, rule.instead != ""}
	isKind := fmt.Sprintf("typeof(t.%s) = '%s'", name, strings.ToLower(kind))
	switch {
	case c.fits == "" && kind == "INTEGER":
		c.fits = fmt.Sprintf("%s AND t.%s BETWEEN 0 AND %d", isKind, name, int64(topNumber))
	case !strings.HasPrefix(c.fits, "typeof"):
		c.fits = strings.TrimSuffix(isKind+" AND "+c.fits, " AND ")
	}
	if !needed {
		c.fits = "t." + name + " IS NULL OR " + c.fits
	}
	switch {
	case c.instead != "":
	case byDefault != "":
		c.instead = byDefault
	case kind == "TEXT" || kind == "BLOB":
		c.instead = "CAST(t." + name + " AS " + kind + ")"
	case needed:
		c.instead = "0"
	default:
		c.instead = "NULL"
	}
	return c
}

// A misfit is a row with values that do not fit.
type misfit struct {
	row           int64
	what, affects string
	columns       []string
}

func (m misfit) damage(t valueTable) Damage {
	if t.made {
		return Damage{Kind: t.kind, What: "table " + t.name, Detail: "a row of it has values that nobody has written in " + strings.Join(m.columns, ", ")}
	}
	d := Damage{Kind: t.kind, What: m.what, Detail: "nobody has written what stands in its " + strings.Join(m.columns, ", ")}
	if m.affects != "" {
		d.Affects = strings.Split(m.affects, ",")
	}
	return d
}

// unknown says of which values a repair cannot tell what they were. Where seals or digests
// cover the rest of a row, these tell.
func (m misfit) unknown(t valueTable, columns []valueColumn) string {
	if t.asked {
		return "; it is taken away, and made again when it is needed"
	}
	var names []string
	for _, c := range columns {
		if slices.Contains(m.columns, c.name) && !c.known {
			names = append(names, c.name)
		}
	}
	if t.sealed || len(names) == 0 {
		return ""
	}
	return "; what it was is known no more of " + strings.Join(names, ", ")
}

// misfitsOf finds the rows that do not fit, or looks at one alone.
func (v *verifier) misfitsOf(t valueTable, columns []valueColumn, row ...any) (out []misfit, err error) {
	var all, bad []string
	for _, c := range columns {
		all = append(all, "("+c.fits+")")
		bad = append(bad, fmt.Sprintf("CASE WHEN %s THEN '' ELSE ' %s' END", c.fits, c.name))
	}
	id, what, affects := "t.rowid", t.what, cmp.Or(t.affects, "''")
	if t.made {
		id, what = "0", "''"
	}
	query := fmt.Sprintf("SELECT %s, coalesce(substr(CAST(%s AS TEXT), 1, 500), ''), coalesce(%s, ''), %s FROM %s t WHERE (%s) IS NOT 1", id, what, affects, strings.Join(bad, " || "), t.name, strings.Join(all, " AND "))
	if len(row) > 0 {
		query += " AND t.rowid = $1"
	}
	rows, err := v.a.reader.QueryContext(v.ctx, query, row...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var m misfit
		var columns string
		if err := rows.Scan(&m.row, &m.what, &m.affects, &columns); err != nil {
			return nil, err
		}
		m.columns = strings.Fields(columns)
		out = append(out, m)
	}
	return out, rows.Err()
}

// refit puts values in the place of those that do not fit, and reports whether all fit then.
func (v *verifier) refit(t valueTable, columns []valueColumn, m misfit) (bool, error) {
	query := "DELETE FROM " + t.name + " WHERE rowid = $1"
	if !t.asked {
		var set []string
		for _, c := range columns {
			if slices.Contains(m.columns, c.name) {
				set = append(set, c.name+" = "+c.instead)
			}
		}
		query = "UPDATE OR IGNORE " + t.name + " AS t SET " + strings.Join(set, ", ") + " WHERE rowid = $1"
	}
	err := v.a.write(v.ctx, "repair "+t.name, func(tx *tx) error {
		_, err := tx.ExecContext(v.ctx, query, m.row)
		return err
	})
	if err != nil && !isConstraint(err) {
		return false, err
	}
	left, err := v.misfitsOf(t, columns, m.row)
	return err == nil && len(left) == 0, err
}
