package archive_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// cited gives the text of each citation, as the digest of its parts.
func cited(t *testing.T, path string) map[string]string {
	t.Helper()
	rows, err := raw(t, path).Query(`SELECT coalesce(r.id, 'number ' || v.record) || '@' || v.number, hex(v.title || v.date || coalesce(v.author, '-') || coalesce(v.source, '-') || v.body)
		FROM versions v LEFT JOIN records r ON r.seq = v.record`)
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
			if (i+bit)%few(3, 11) != 0 {
				continue
			}
			path := copied(t, whole)
			statement := fmt.Sprintf("UPDATE %s SET %s = (%[2]s | 1 << %[3]d) & ~(%[2]s & 1 << %[3]d) WHERE %[4]s", c.table, c.column, bit, c.row)
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
