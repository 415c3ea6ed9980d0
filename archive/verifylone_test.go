package archive_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dossier-archive/dossier/archive"
)

const citedQuery = `SELECT coalesce(r.id, 'number ' || v.record) || '@' || v.number, hex(v.title || v.date || coalesce(v.author, '-') || coalesce(v.source, '-') || v.body)
	FROM versions v LEFT JOIN records r ON r.seq = v.record`

// cited gives the text of each citation, as the digest of its parts.
func cited(t *testing.T, path string) map[string]string {
	t.Helper()
	rows, err := raw(t, path).Query(citedQuery)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var citation, text string
		if err := rows.Scan(&citation, &text); err != nil {
			t.Fatal(err)
		}
		out[citation] = text
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestChangedNumbers: whichever bit of a number is changed that a row and its seal have in
// common, the seals prove which one it was, and each citation goes on to give the same text.
func TestChangedNumbers(t *testing.T) {
	alone(t)
	whole, _ := observed(t)
	texts, tables := cited(t, whole), sealedTables(t, whole)
	for i, c := range []struct{ table, column, row string }{
		{"seals", "id", "id = 2 << 20"},
		{"seals", "id", "id = 2 << 20 | 1"},
		{"seals", "id", "id = 2 << 20 | 3"},
		{"versions", "number", "record = 2 AND number = 1"},
		{"versions", "number", "record = 2 AND number = 3"},
		{"versions", "record", "record = 2 AND number = 2"},
	} {
		for bit := range 42 {
			if (i+bit)%3 != 0 {
				continue
			}
			path := copied(t, whole)
			statement := fmt.Sprintf("UPDATE %s SET %s = (%[2]s | (1 << %[3]d)) & ~(%[2]s & (1 << %[3]d)) WHERE %[4]s", c.table, c.column, bit, c.row)
			if !forge(t, path, statement) { // another row has that number
				continue
			}
			if damage(t, path, false) == nil {
				t.Errorf("%s: nothing is found", statement)
			}
			found := damage(t, path, true)
			if slices.ContainsFunc(found, func(d string) bool { return strings.HasSuffix(d, "false") }) {
				t.Errorf("%s: repair: %q", statement, found)
			}
			if left := damage(t, path, false); left != nil {
				t.Errorf("%s: afterwards: %q", statement, left)
			}
			if diff := cmp.Diff(texts, cited(t, path)); diff != "" {
				t.Errorf("%s: citations (-before +after):\n%s", statement, diff)
			}
			if diff := cmp.Diff(tables, sealedTables(t, path)); diff != "" {
				t.Errorf("%s: (-before +after):\n%s", statement, diff)
			}
		}
	}
}

// TestStraySealMovesNothing: a seal that proves nothing at the number of no version costs no
// version its own.
func TestStraySealMovesNothing(t *testing.T) {
	whole, ids := observed(t)
	for _, statement := range []string{
		"UPDATE seals SET id = id + 4, seal = x'00' WHERE id = 2 << 20 | 3",
		"UPDATE seals SET id = id + 1000, seal = x'00' WHERE id = 2 << 20 | 1",
		"UPDATE seals SET id = 5, seal = x'00' WHERE id = 2 << 20 | 2",
	} {
		path := copied(t, whole)
		if !forge(t, path, statement) {
			t.Fatal(statement)
		}
		found := damage(t, path, true)
		if slices.ContainsFunc(found, func(d string) bool { return strings.HasSuffix(d, "false") }) {
			t.Errorf("%s: repair: %q", statement, found)
		}
		if left := damage(t, path, false); left != nil {
			t.Errorf("%s: afterwards: %q", statement, left)
		}
		if diff := cmp.Diff(cited(t, whole), cited(t, path)); diff != "" {
			t.Errorf("%s: citations (-before +after):\n%s", statement, diff)
		}
		if n := sum(t, raw(t, path), "SELECT count(*) FROM seals WHERE doubt != '' AND id >> 20 = 2"); n != 1 {
			t.Errorf("%s: %d rows of %s are doubtful, want 1", statement, n, ids[1])
		}
		if n := sum(t, raw(t, path), "SELECT count(*) FROM seals"); n != sum(t, raw(t, whole), "SELECT count(*) FROM seals") {
			t.Errorf("%s: %d seals", statement, n)
		}
	}
}

// TestVersionsAreNamed: whoever cites a version that is not there is told which ones are.
func TestVersionsAreNamed(t *testing.T) {
	path, ids := observed(t)
	if !forge(t, path, "UPDATE versions SET number = 7 WHERE record = 2 AND number = 3") {
		t.Fatal("no version")
	}
	_, err := openAt(t, path).Version(t.Context(), ids[1], 3)
	if err == nil || !strings.Contains(err.Error(), "has the versions 1 to 2, 7, not 3") {
		t.Errorf("got %v", err)
	}
}

// TestRowAtAnotherNumber: a record whose row has another number than all that belongs to it
// is put back, with its seal and, where that is lost as well, by its address; by a repair as
// by a salvage.
func TestRowAtAnotherNumber(t *testing.T) {
	whole, ids := observed(t)
	for _, c := range []struct {
		statement string
		doubtful  int64
	}{
		{"UPDATE records SET seq = 4 WHERE seq = 3", 0},
		{"UPDATE records SET seq = 4, first_seen = '2001-01-01T00:00:00Z' WHERE seq = 3", 0},
		{"UPDATE records SET seq = 1027 WHERE seq = 3; DELETE FROM seals WHERE id = 3 << 20", 1},
		{"UPDATE records SET seq = 1027 WHERE seq = 3; DELETE FROM seals WHERE id >> 20 = 3", 4},
		// What that row was is not known; the record is made again.
		{"UPDATE records SET seq = 4, id = 'dzzzzzzzzzz' WHERE seq = 3", 0},
	} {
		path := copied(t, whole)
		if !forge(t, path, c.statement) {
			t.Fatal(c.statement)
		}
		for _, d := range verified(t, path, false) {
			if strings.Contains(d.Detail, "sql:") || strings.Contains(d.Detail, "constraint") {
				t.Errorf("%s: found %+v", c.statement, d)
			}
		}
		salvaged := copied(t, path) + ".rescued"
		a := openAt(t, path)
		if _, err := a.Salvage(t.Context(), salvaged); err != nil {
			t.Fatalf("%s: %v", c.statement, err)
		}
		a.Close()
		damage(t, salvaged, true)
		damage(t, path, true)
		for way, path := range map[string]string{"repair": path, "salvage": salvaged} {
			left := slices.DeleteFunc(damage(t, path, false), func(d string) bool { return strings.Contains(d, "dzzzzzzzzzz") })
			if len(left) > 0 {
				t.Errorf("%s: %s: afterwards: %q", c.statement, way, left)
			}
			if diff := cmp.Diff(cited(t, whole), cited(t, path)); diff != "" {
				t.Errorf("%s: %s: citations (-before +after):\n%s", c.statement, way, diff)
			}
			if n := sum(t, raw(t, path), "SELECT count(*) FROM seals WHERE doubt != '' AND id >> 20 < 4"); n != c.doubtful {
				t.Errorf("%s: %s: %d rows are doubtful, want %d", c.statement, way, n, c.doubtful)
			}
			if r, err := openAt(t, path).Record(t.Context(), ids[2]); err != nil || r.Version != 3 {
				t.Errorf("%s: %s: %+v, %v", c.statement, way, r, err)
			}
		}
	}
}

// verified is what verify finds.
func verified(t *testing.T, path string, repair bool) []archive.Damage {
	t.Helper()
	a := openAt(t, path)
	defer a.Close()
	v, err := a.Verify(t.Context(), repair)
	if err != nil {
		t.Fatal(err)
	}
	return v.Damage
}

// TestSalvageOfForgedValues: whatever stands in one row, a salvage copies the others.
func TestSalvageOfForgedValues(t *testing.T) {
	alone(t)
	whole, _ := observed(t)
	before := cited(t, whole)
	for i, c := range columnsOf(t, whole) {
		for j, value := range []string{"x'ff00'", "1e300", "-1", "'zzz'", "9223372036854775807", "NULL"} {
			if (i+j)%5 != 0 {
				continue
			}
			path := copied(t, whole)
			statement := fmt.Sprintf("UPDATE %s SET %s = %s WHERE rowid = (SELECT max(rowid) FROM %[1]s)", c[0], c[1], value)
			if c[0] == "bands" || c[0] == "similar" || !forge(t, path, statement) {
				continue
			}
			a := openAt(t, path)
			rescued := path + ".rescued"
			got, err := a.Salvage(t.Context(), rescued)
			a.Close()
			if err != nil {
				t.Errorf("%s: %v", statement, err)
				continue
			}
			damage(t, rescued, true)
			after := cited(t, rescued)
			same := 0
			for citation, text := range before {
				if after[citation] == text {
					same++
				}
			}
			if same < len(before)-1 || same < len(before) && len(got.Lost) == 0 && len(got.Damage) == 0 {
				t.Errorf("%s: %d of %d citations give their text; lost %q, damage %+v", statement, same, len(before), got.Lost, got.Damage)
			}
		}
	}
}
