package archive_test

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/dossier-archive/dossier/archive"
)

// TestBitFlips: whichever bit of an archive is changed, a citation whose text was left as it
// was goes on to give it after a repair, what is called whole has all texts, and a salvage
// keeps every text that could be read or says that something is lost.
func TestBitFlips(t *testing.T) {
	alone(t)
	whole, _ := observed(t)
	texts := cited(t, whole)
	file, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(7, 8))
	for range 40 {
		damaged := slices.Clone(file)
		at, bit := 100+r.IntN(len(file)-100), r.IntN(8)
		if r.IntN(2) == 0 {
			at = at/4096*4096 + 100 + r.IntN(40) // where rows are said to be
		}
		damaged[at] ^= 1 << bit
		path := filepath.Join(t.TempDir(), "a.db")
		if err := os.WriteFile(path, damaged, 0o644); err != nil {
			t.Fatal(err)
		}
		before := readable(path)
		got := salvaged(t, path)
		kept := cited(t, path+".rescued")
		for citation, text := range texts {
			if kept[citation] != text && (before[citation] == text || len(got.Lost)+len(got.Damage) == 0) {
				t.Errorf("bit %d of %d: a salvage costs %s; lost %q, damaged %+v", bit, at, citation, got.Lost, got.Damage)
			}
		}
		left, err := repaired(t, path)
		if isDamaged(err) { // it cannot be opened
			continue
		}
		if err != nil {
			t.Errorf("bit %d of %d: repair: %v", bit, at, err)
			continue
		}
		after := readable(path)
		for citation, text := range texts {
			if after[citation] != text && (before[citation] == text || len(left) == 0) {
				t.Errorf("bit %d of %d: a repair costs %s; left is %+v", bit, at, citation, left)
			}
		}
	}
}

// readable are the texts of citations, as many as SQLite can read in a row.
func readable(path string) map[string]string {
	out := map[string]string{}
	a, err := archive.OpenReader(context.Background(), path)
	if err != nil {
		return out
	}
	a.Close()
	db, err := sql.Open("sqlite3", path+"?mode=ro")
	if err != nil {
		return out
	}
	defer db.Close()
	rows, err := db.Query(citedQuery)
	if err != nil {
		return out
	}
	defer rows.Close()
	for rows.Next() {
		var citation, text string
		if rows.Scan(&citation, &text) != nil {
			break
		}
		out[citation] = text
	}
	return out
}

// repaired repairs an archive, and gives what verify finds then.
func repaired(t *testing.T, path string) ([]archive.Damage, error) {
	t.Helper()
	a, err := archive.Open(t.Context(), path, archive.Options{Repair: true})
	if err != nil {
		return nil, err
	}
	_, err = a.Verify(t.Context(), true, readObserved)
	if err := errors.Join(err, a.Close()); err != nil {
		return nil, err
	}
	b, err := archive.OpenReader(t.Context(), path)
	if err != nil {
		return nil, err
	}
	v, err := b.Verify(t.Context(), false)
	return v.Damage, errors.Join(err, b.Close())
}
