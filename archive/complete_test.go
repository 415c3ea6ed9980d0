package archive_test

import (
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/dossier-archive/dossier/archive"
)

// TestSwappedPages lets two pages of a table or index change places. What is
// given out is all that was asked for, or it is said that the archive is damaged.
func TestSwappedPages(t *testing.T) {
	const n = 3000
	whole := filepath.Join(t.TempDir(), "whole.db")
	if err := openAt(t, whole).Close(); err != nil {
		t.Fatal(err)
	}
	db := raw(t, whole)
	for _, statement := range []string{
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
			INSERT INTO records (seq, id, site, url, version, first_seen, last_seen, doc)
			SELECT i, 'd' || i, CASE WHEN i % 2 THEN 'odd' ELSE 'even' END, 'http://a.test/' || i, 1, '', '', ((736000 + i % 3000) << 32) + i FROM n`,
		`INSERT INTO versions (record, number, created, origin, title, date, body, language, more, evidence, sha256)
			SELECT seq, 1, '', 'crawl', 'Title ' || seq, '', '', 'en', '{}', '{}', '' FROM records`,
		`PRAGMA wal_checkpoint(TRUNCATE)`,
	} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	of := func(q archive.Query) archive.List { return archive.List{Query: q} }
	queries := map[string]struct {
		q    archive.List
		want int
	}{
		"all":                 {archive.List{}, n},
		"newest":              {archive.List{Newest: true, Bare: true}, n},
		"of a site":           {of(archive.Query{Sites: []string{"odd"}}), n / 2},
		"of both":             {of(archive.Query{Sites: []string{"odd", "even"}}), n},
		"of a day":            {of(archive.Query{Since: "2018"}), 0},
		"of a site, of a day": {of(archive.Query{Sites: []string{"odd"}, Since: "2018"}), 0},
	}
	given := func(path string, l archive.List) (n int, err error) {
		a, err := archive.OpenReader(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		if !l.Newest {
			return a.WriteJSONL(t.Context(), io.Discard, l.Query, []string{"id"})
		}
		for _, err := range a.Records(t.Context(), l) {
			if err != nil {
				return n, err
			}
			n++
		}
		return n, nil
	}
	for name, c := range queries {
		got, err := given(whole, c.q)
		if err != nil || c.want > 0 && got != c.want || got == 0 {
			t.Fatalf("%s: %d records, %v", name, got, err)
		}
		c.want = got
		queries[name] = c
	}
	said := 0
	for _, of := range []string{"records", "records_by_site", "records_by_day", "records_by_site_day", "versions", "sqlite_autoindex_versions_1"} {
		path := filepath.Join(t.TempDir(), "a.db")
		swapPages(t, whole, path, sum(t, db, "SELECT rootpage FROM sqlite_master WHERE name = '"+of+"'"))
		for name, c := range queries {
			got, err := given(path, c.q)
			switch {
			case isDamaged(err):
				said++
			case err != nil || got != c.want:
				t.Errorf("pages of %s, %s: %d records of %d, %v", of, name, got, c.want, err)
			}
		}
	}
	if said == 0 {
		t.Error("no damage was met")
	}
}

// swapPages copies a database and lets the second leaf of a tree and the one
// before its last change places.
func swapPages(t *testing.T, from, to string, root int64) {
	t.Helper()
	const size = 4096
	file, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	page := func(n int64) []byte { return file[(n-1)*size : n*size] }
	top := page(root)
	leaves := make([]int64, binary.BigEndian.Uint16(top[3:]))
	for i := range leaves {
		leaves[i] = int64(binary.BigEndian.Uint32(top[binary.BigEndian.Uint16(top[12+2*i:]):]))
	}
	if kind := page(leaves[0])[0]; kind != 10 && kind != 13 || len(leaves) < 4 {
		t.Fatalf("tree %d has %d pages of kind %d below its root; want leaves", root, len(leaves), kind)
	}
	one, other := page(leaves[1]), page(leaves[len(leaves)-2])
	kept := slices.Clone(one)
	copy(one, other)
	copy(other, kept)
	if err := os.WriteFile(to, file, 0o644); err != nil {
		t.Fatal(err)
	}
}
