package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// defined compares what the tables and indexes of the archive are with those of a new one.
// A letter that was changed there opens, and then stops or misleads whoever writes or asks. An
// index or a table that somebody has defined otherwise is none of it.
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
	for name, text := range want {
		is := got[name]
		if n := otherBytes([]byte(is), []byte(text)); n > 0 && n <= most && len(is) == len(text) && unspoken(is) != unspoken(text) {
			return fmt.Errorf("what %s is was changed in %d letters: %w", name, n, ErrDamaged)
		}
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
