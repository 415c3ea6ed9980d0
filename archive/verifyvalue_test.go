package archive_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

// columnsOf gives the tables of an archive with their columns.
func columnsOf(t *testing.T, path string) (out [][2]string) {
	t.Helper()
	rows, err := raw(t, path).Query(`SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'search%' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE 'goose%' ORDER BY 1, 2`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var c [2]string
		if err := rows.Scan(&c[0], &c[1]); err != nil {
			t.Fatal(err)
		}
		out = append(out, c)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// forge changes an archive past its own rules, and reports whether that was possible.
func forge(t *testing.T, path, statement string) bool {
	t.Helper()
	db := raw(t, path)
	db.SetMaxOpenConns(1)
	for _, s := range []string{"PRAGMA foreign_keys = OFF", "PRAGMA ignore_check_constraints = ON"} {
		if _, err := db.Exec(s); err != nil {
			t.Fatal(err)
		}
	}
	_, err := db.Exec(statement)
	return err == nil
}

// copied is a copy of an archive.
func copied(t *testing.T, path string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "a.db")
	if _, err := raw(t, path).Exec("VACUUM INTO ?", to); err != nil {
		t.Fatal(err)
	}
	return to
}

// sizesOf counts the rows of what cannot be made again.
func sizesOf(t *testing.T, path string) (counts string) {
	t.Helper()
	const query = `SELECT concat_ws(' ', (SELECT count(*) FROM runs), (SELECT count(*) FROM records), (SELECT count(*) FROM versions), (SELECT count(*) FROM pages),
		(SELECT count(*) FROM addresses), (SELECT count(*) FROM frontier), (SELECT count(*) FROM observations))`
	if err := raw(t, path).QueryRow(query).Scan(&counts); err != nil {
		t.Fatal(err)
	}
	return counts
}

// used does what stops at a value that cannot be read.
func used(t *testing.T, path string) error {
	t.Helper()
	a := openAt(t, path)
	defer a.Close()
	if _, err := a.Runs(t.Context(), "", 0); err != nil {
		return err
	}
	for r, err := range a.Records(t.Context(), archive.List{}) {
		if err != nil {
			return err
		}
		if _, err := a.Versions(t.Context(), r.ID); err != nil {
			return err
		}
		for _, err := range a.RecordObservations(t.Context(), r.ID) {
			if err != nil {
				return err
			}
		}
	}
	at := noon.AddDate(9, 0, 0)
	run, err := a.BeginRun(t.Context(), &dossier.Site{ID: "jilin"}, nil, at)
	if err != nil {
		return err
	}
	for {
		task, _, _, err := leaseOne(t.Context(), a, run.ID, nil, at)
		if err != nil || task == nil {
			return err
		}
		if _, err := a.Commit(t.Context(), visit(*task, at, many(1)[0])); err != nil {
			return err
		}
	}
}

// TestVerifyValues: a value that nobody has written is found in whatever column it stands,
// and what a repair makes of it holds, stops nobody, and costs no row.
func TestVerifyValues(t *testing.T) {
	alone(t)
	whole, _ := observed(t)
	values := []string{"x'ff00'", "1e300", "-1", "'zzz'", "9223372036854775807"}
	for i, c := range columnsOf(t, whole) {
		for j, value := range values {
			// A third is enough to see a column that was forgotten.
			if (i+j)%3 != 0 && c[1] != "number" && c[1] != "doc" {
				continue
			}
			t.Run(fmt.Sprintf("%s.%s=%s", c[0], c[1], value), func(t *testing.T) {
				path := copied(t, whole)
				row := "rowid = (SELECT max(rowid) FROM " + c[0] + ")"
				if c[0] == "bands" || c[0] == "similar" {
					row = "record = 2"
				}
				before := sizesOf(t, path)
				if !forge(t, path, fmt.Sprintf("UPDATE %s SET %s = %s WHERE %s", c[0], c[1], value, row)) {
					t.SkipNow()
				}
				if len(damage(t, path, false)) == 0 {
					if err := used(t, copied(t, path)); err != nil {
						t.Errorf("it is called whole, and stops at %v", err)
					}
				}
				left := slices.DeleteFunc(damage(t, path, true), func(d string) bool { return strings.HasSuffix(d, "true") })
				after := damage(t, path, false)
				if len(left) == 0 && len(after) > 0 {
					t.Errorf("afterwards: %q", after)
				}
				if got := sizesOf(t, path); got != before {
					t.Errorf("rows are\n%s, were\n%s", got, before)
				}
				if err := used(t, path); err != nil {
					t.Errorf("after the repair, which left %q: %v", left, err)
				}
			})
		}
	}
}

// TestVerifyValidators: what no request can send is found, and no page fails for it for ever.
func TestVerifyValidators(t *testing.T) {
	path, _ := observed(t)
	for _, c := range []string{"etag", "last_modified"} {
		if !forge(t, path, "UPDATE frontier SET "+c+" = 'x' || char(10) WHERE id = 2") {
			t.Fatal(c)
		}
		for _, want := range []string{"false]", "true]", "[]"} {
			if got := fmt.Sprint(damage(t, path, want == "true]")); !strings.HasSuffix(got, want) {
				t.Errorf("%s: found %s, want %s", c, got, want)
			}
		}
	}
}

// TestVerifyHeader: a header that lets nobody write the archive is damage, which a repair
// mends.
func TestVerifyHeader(t *testing.T) {
	whole, _ := observed(t)
	path := copied(t, whole)
	a := openAt(t, path) // which makes the log
	a.Close()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte{3}, 18); err != nil {
		t.Fatal(err)
	}
	f.Close()
	if _, err := archive.Open(t.Context(), path, archive.Options{}); !isDamaged(err) {
		t.Errorf("open: %v, want that it is damaged", err)
	}
	r, err := archive.OpenReader(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := r.Verify(t.Context(), false); err != nil || v.Whole() {
		t.Errorf("verify: %+v, %v, want damage", v, err)
	}
	r.Close()
	a, err = archive.Open(t.Context(), path, archive.Options{Repair: true})
	if err != nil {
		t.Fatal(err)
	}
	if v, err := a.Verify(t.Context(), true); err != nil || !v.Whole() || len(v.Damage) != 1 {
		t.Errorf("repair: %+v, %v, want that one thing was repaired", v, err)
	}
	a.Close()
	if got := damage(t, path, false); got != nil {
		t.Errorf("afterwards: %q", got)
	}
	if err := used(t, path); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// TestRepairOfAFileThatIsDamaged: while a page of the file is in the place of another a repair
// writes nothing: it may be what --salvage copies.
func TestRepairOfAFileThatIsDamaged(t *testing.T) {
	path := copied(t, func() string { whole, _ := observed(t); return whole }())
	if !forge(t, path, "UPDATE frontier SET priority = 'x' WHERE id = 1") {
		t.Fatal("no address")
	}
	root := func(table string) int64 {
		return sum(t, raw(t, path), "SELECT rootpage FROM sqlite_schema WHERE name = '"+table+"'")
	}
	pages, records := root("pages"), root("records")
	damage(t, path, false) // which folds the log
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	copy(file[(records-1)*4096:records*4096], file[(pages-1)*4096:pages*4096])
	path = filepath.Join(t.TempDir(), "a.db")
	if err := os.WriteFile(path, file, 0o644); err != nil {
		t.Fatal(err)
	}
	if got := damage(t, path, true); !slices.ContainsFunc(got, func(d string) bool { return strings.HasSuffix(d, "false") }) {
		t.Errorf("repair: %q", got)
	}
	if n := sum(t, raw(t, path), "SELECT count(*) FROM frontier WHERE priority = 'x'"); n != 1 {
		t.Error("it was written into")
	}
}
