package archive_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dossier-archive/dossier/archive"
)

// definitionPages gives the pages of a file that say what its tables are.
func definitionPages(file []byte) (out []int) {
	for at := 0; at < len(file); at += 4096 {
		if bytes.Contains(file[at:at+4096], []byte("CREATE TABLE ")) {
			out = append(out, at)
		}
	}
	return out
}

// TestSalvageOfDefinitions: whichever bits are changed of what says what the tables are and
// where they begin, a salvage copies every row.
func TestSalvageOfDefinitions(t *testing.T) {
	alone(t)
	whole, _ := observed(t)
	texts, tables, sizes := cited(t, whole), sealedTables(t, whole), sizesOf(t, whole)
	file, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	pages := definitionPages(file)
	if len(pages) < 2 {
		t.Fatalf("definitions stand at %v", pages)
	}
	if !slices.Contains(pages, 0) {
		pages = append(pages, 0)
	}
	r := rand.New(rand.NewPCG(5, 6))
	for try := range 90 {
		damaged := slices.Clone(file)
		at := pages[r.IntN(len(pages))]
		var places [][2]int
		for range 1 + try%3 {
			place := [2]int{at + r.IntN(4096), r.IntN(8)}
			if try%5 == 0 {
				place[0] = at + r.IntN(200) // where the parts of a page are said to be
			}
			damaged[place[0]] ^= 1 << place[1]
			places = append(places, place)
		}
		dir := t.TempDir()
		path := filepath.Join(dir, "a.db")
		if err := os.WriteFile(path, damaged, 0o644); err != nil {
			t.Fatal(err)
		}
		a, err := archive.OpenDamaged(t.Context(), path, dir)
		if err != nil {
			t.Errorf("%v: %v", places, err)
			continue
		}
		rescued := filepath.Join(dir, "rescued.db")
		got, err := a.Salvage(t.Context(), rescued)
		if err := errors.Join(err, a.Close()); err != nil {
			t.Errorf("%v: %v", places, err)
			continue
		}
		if len(got.Lost) > 0 || len(got.Damage) > 0 {
			t.Errorf("%v: lost %q, damaged %+v", places, got.Lost, got.Damage)
		}
		if diff := cmp.Diff(texts, cited(t, rescued)); diff != "" {
			t.Errorf("%v: citations (-before +after):\n%s", places, diff)
		}
		if diff := cmp.Diff(tables, sealedTables(t, rescued)); diff != "" {
			t.Errorf("%v: (-before +after):\n%s", places, diff)
		}
		if got := sizesOf(t, rescued); got != sizes {
			t.Errorf("%v: rows are %s, were %s", places, got, sizes)
		}
		if left := damage(t, rescued, false); left != nil {
			t.Errorf("%v: the copy: %q", places, left)
		}
		if entries, err := os.ReadDir(dir); err != nil || slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.Name()[0] == '.' }) {
			t.Errorf("%v: left are %v, %v", places, entries, err)
		}
	}
}

// TestSalvageOfBeginnings: whichever bit is changed of the page at which a table begins, its
// rows are found; also where what was written last stands in the log alone.
func TestSalvageOfBeginnings(t *testing.T) {
	alone(t)
	whole := filepath.Join(t.TempDir(), "a.db")
	a := openAt(t, whole)
	put(t, a, "jilin", noon, many(200)...)
	a.Close()
	sizes := sizesOf(t, whole)
	file, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	for i, table := range []string{"records", "versions", "pages", "observations", "addresses", "frontier", "seals", "runs"} {
		for bit := range 8 {
			if (i+bit)%3 != 0 {
				continue
			}
			dir := t.TempDir()
			path := filepath.Join(dir, "a.db")
			if err := os.WriteFile(path, file, 0o644); err != nil {
				t.Fatal(err)
			}
			db := raw(t, path)
			db.SetMaxOpenConns(1)
			for _, s := range []string{"PRAGMA writable_schema = ON", "PRAGMA wal_autocheckpoint = 0",
				fmt.Sprintf("UPDATE sqlite_schema SET rootpage = (rootpage | (1 << %d)) & ~(rootpage & (1 << %[1]d)) WHERE type = 'table' AND name = '%s'", bit, table)} {
				if _, err := db.Exec(s); err != nil {
					t.Fatal(err)
				}
			}
			if bit%2 == 0 {
				db.Close() // which folds the log
			}
			got := salvaged(t, path)
			if len(got.Lost) > 0 || len(got.Damage) > 0 {
				t.Errorf("bit %d of %s: lost %q, damaged %+v", bit, table, got.Lost, got.Damage)
			}
			if got := sizesOf(t, path+".rescued"); got != sizes {
				t.Errorf("bit %d of %s: rows are %s, were %s", bit, table, got, sizes)
			}
			db.Close()
		}
	}
}

// salvaged salvages an archive beside it.
func salvaged(t *testing.T, path string) archive.Salvaged {
	t.Helper()
	a, err := archive.OpenDamaged(t.Context(), path, filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	got, err := a.Salvage(t.Context(), path+".rescued")
	if err := errors.Join(err, a.Close()); err != nil {
		t.Fatal(err)
	}
	return got
}

// TestSalvageOfDatabases: a database of another program is none of ours, whatever is damaged
// of it.
func TestSalvageOfDatabases(t *testing.T) {
	path := filepath.Join(t.TempDir(), "other.db")
	if _, err := raw(t, path).Exec("CREATE TABLE records (seq INTEGER PRIMARY KEY, id TEXT); INSERT INTO records VALUES (1, 'x')"); err != nil {
		t.Fatal(err)
	}
	if _, err := archive.OpenDamaged(t.Context(), path, t.TempDir()); !errors.Is(err, archive.ErrNotArchive) {
		t.Errorf("got %v", err)
	}
}

// TestVerifyDefinitions: a letter that was changed of what a table or an index is opens, and is
// found; a salvage copies all rows. What somebody has added is no damage.
func TestVerifyDefinitions(t *testing.T) {
	whole, _ := observed(t)
	texts := cited(t, whole)
	for _, c := range []struct{ name, from, to string }{
		{"records", "last_seen  TEXT", "lbst_seen  TEXT"},
		{"observations", "run ", "rum "},
		{"seals", "PRIMARY KEY", "PRIMARX KEY"},
		{"runs", "'running'", "'runninf'"},
		{"frontier_leased", "'leased'", "'leasee'"},
	} {
		path := copied(t, whole)
		db := raw(t, path)
		db.SetMaxOpenConns(1)
		for _, s := range []string{"PRAGMA writable_schema = ON", fmt.Sprintf(`UPDATE sqlite_schema SET sql = replace(sql, "%s", "%s") WHERE name = '%s'`, c.from, c.to, c.name)} {
			if _, err := db.Exec(s); err != nil {
				t.Fatal(err)
			}
		}
		db.Close()
		a, err := archive.OpenReader(t.Context(), path)
		if err == nil {
			_, err = a.Verify(t.Context(), false)
			a.Close()
		}
		if !isDamaged(err) {
			t.Errorf("%s: verify says %v", c.to, err)
		}
		if got := salvaged(t, path); len(got.Lost) > 0 || len(got.Damage) > 0 {
			t.Errorf("%s: lost %q, damaged %+v", c.to, got.Lost, got.Damage)
		}
		if diff := cmp.Diff(texts, cited(t, path+".rescued")); diff != "" {
			t.Errorf("%s: citations (-before +after):\n%s", c.to, diff)
		}
		if left := damage(t, path+".rescued", false); left != nil {
			t.Errorf("%s: the copy: %q", c.to, left)
		}
	}
	path := copied(t, whole)
	if !forge(t, path, "CREATE INDEX mine ON records (url)") {
		t.Fatal("no index")
	}
	if got := damage(t, path, false); got != nil {
		t.Errorf("an index of others: %q", got)
	}
}
