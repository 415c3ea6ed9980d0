package archive_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/dossier-archive/dossier/archive"
)

// TestMissingTablesAndIndexes: a table that is missing is named, and an index is built again.
func TestMissingTablesAndIndexes(t *testing.T) {
	whole, ids := observed(t)
	for _, table := range []string{"versions", "frontier"} {
		path := copied(t, whole)
		if _, err := raw(t, path).Exec("PRAGMA foreign_keys = OFF; DROP TABLE " + table); err != nil {
			t.Fatal(err)
		}
		a := openAt(t, path)
		v, err := a.Verify(t.Context(), false)
		if err != nil || !v.Ended || len(v.Damage) != 1 || v.Damage[0].What != "table "+table {
			t.Errorf("%s: %+v, %v", table, v, err)
		}
		if _, err := a.Version(t.Context(), ids[0], 1); table == "versions" && (!errors.Is(err, archive.ErrDamaged) || strings.Contains(err.Error(), "no such")) {
			t.Errorf("a version without its table: %v", err)
		}
		a.Close()
	}
	path := copied(t, whole)
	if _, err := raw(t, path).Exec("DROP INDEX records_by_site; DROP INDEX records_by_day"); err != nil {
		t.Fatal(err)
	}
	if got, want := damage(t, path, false), []string{"index  false", "index  false"}; !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
	damage(t, path, true)
	if got := damage(t, path, false); len(got) > 0 {
		t.Errorf("after the repair: %q", got)
	}
	if n := sum(t, raw(t, path), "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'records_by_%'"); n != 3 {
		t.Errorf("%d indexes of records, want 3", n)
	}
}

// TestLostPage: that a page is lost is said of its version, before and after a repair, and of those
// that are packed with it.
func TestLostPage(t *testing.T) {
	path, ids := observed(t)
	db := raw(t, path)
	if _, err := db.Exec("PRAGMA foreign_keys = OFF; UPDATE pages SET base = 1 WHERE id = 2; DELETE FROM pages WHERE id = 1"); err != nil {
		t.Fatal(err)
	}
	for _, repair := range []bool{false, true, false} {
		a := openAt(t, path)
		v, err := a.Verify(t.Context(), repair)
		if err != nil {
			t.Fatal(err)
		}
		said := ""
		for _, d := range v.Damage {
			said += d.What + ": " + d.Detail + "\n"
		}
		if v.Whole() || !strings.Contains(said, "@1: "+archive.LostPage) || !strings.Contains(said, "packed with: page 1 is lost") || strings.Contains(said, "sql:") {
			t.Errorf("repair %v: %s", repair, said)
		}
		a.Close()
	}
	a := openAt(t, path)
	if doubt, err := a.Doubt(t.Context(), ids[0], 1); err != nil || doubt != archive.LostPage {
		t.Errorf("doubt %q, %v", doubt, err)
	}
}
