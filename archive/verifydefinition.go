package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// defined compares what the tables and indexes of the archive are with those of a new one.
// A letter that was changed there opens, and then stops or misleads whoever writes or asks. An
// index or a table that somebody has defined otherwise is none of it. Without one of the tables
// nothing else is compared; indexes that are missing are noted.
func (v *verifier) defined() error {
	db, err := newTables(v.ctx)
	if err != nil {
		return err
	}
	want, err := textsOf(v.ctx, db)
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	got, err := textsOf(v.ctx, v.a.reader)
	if err != nil {
		return err
	}
	const most = 4 // letters
	for _, name := range slices.Sorted(maps.Keys(want)) {
		text := want[name]
		is, there := got[name]
		kind, _, _ := strings.Cut(name, " ")
		switch {
		case !there && kind == "table":
			v.out.Ended = true
			v.found(Damage{Kind: DamagedFile, What: name, Detail: "it is missing; --salvage FILE copies the rest into a new archive"})
		case !there && kind == "index":
			v.lacks = append(v.lacks, [2]string{name, text})
		}
		if n := otherBytes([]byte(is), []byte(text)); n > 0 && n <= most && len(is) == len(text) && unspoken(is) != unspoken(text) {
			return fmt.Errorf("what %s is was changed in %d letters: %w", name, n, ErrDamaged)
		}
	}
	return nil
}

// missingIndexes tells of indexes of tables that are not there. A repair builds them.
func (v *verifier) missingIndexes() error {
	for _, index := range v.lacks {
		d := Damage{Kind: DamagedIndex, What: index[0], Detail: "it is missing"}
		if v.repair {
			if err := v.a.writer.exec(v.ctx, index[1]); err != nil {
				return fmt.Errorf("%s cannot be built: %w", index[0], err)
			}
			d.Repaired = true
		}
		v.found(d)
	}
	return nil
}

// textsOf are the definitions of a database, by what they define.
func textsOf(ctx context.Context, db *sql.DB) (map[string]string, error) {
	rows, err := db.QueryContext(ctx, "SELECT type || ' ' || name, CAST(sql AS TEXT) FROM sqlite_schema WHERE sql IS NOT NULL")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			return nil, err
		}
		out[name] = text
	}
	return out, rows.Err()
}

var comments = regexp.MustCompile(`--[^\n]*`)

// unspoken is a definition without its comments.
func unspoken(text string) string {
	return strings.Join(strings.Fields(comments.ReplaceAllString(text, " ")), " ")
}
