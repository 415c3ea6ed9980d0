package archive_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

// sealedTables gives what seals cover, to compare it before and after.
func sealedTables(t *testing.T, path string) string {
	t.Helper()
	var out strings.Builder
	for _, query := range []string{
		"SELECT 'record', seq, hex(id || site || version || first_seen) FROM records ORDER BY seq",
		"SELECT 'version', record, hex(number || created || origin || coalesce(page, '-') || language || more || evidence || sha256) FROM versions ORDER BY record, number",
		"SELECT 'page', id, hex(site || url || final_url || fetched_at || status || proto || request || header || size) FROM pages ORDER BY id",
		"SELECT 'seal', id, hex(seal) || hex(coalesce(page, '-')) || doubt FROM seals ORDER BY id",
	} {
		rows, err := raw(t, path).Query(query)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var table, text string
			var id int64
			if err := rows.Scan(&table, &id, &text); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintln(&out, table, id, text)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

// readObserved reads the pages of observed archives.
func readObserved(_ context.Context, _ string, page *dossier.Snapshot) (dossier.Article, error) {
	for _, art := range many(3) {
		for _, more := range []string{"", " It was revised."} {
			art := art
			art.Body += more
			if strings.Contains(string(page.Body), "<p>"+art.Body+"</p>") {
				return art, nil
			}
		}
	}
	return dossier.Article{}, fmt.Errorf("another page: %s", page.Body)
}

// TestForgedFields: whoever changes what stands beside a text or a page is
// noticed. What the archive proves elsewhere is put back, the rest is marked.
func TestForgedFields(t *testing.T) {
	const (
		record  = " WHERE url LIKE '%/1'"
		version = " WHERE number = 2 AND record = (SELECT seq FROM records" + record + ")"
		page    = " WHERE id = (SELECT page FROM versions" + version + ")"
	)
	for _, tt := range []struct {
		name, forge, kind string
		restored          bool
	}{
		{"id", "UPDATE records SET id = 'dzzzzzzzzzz'" + record, "record", true},
		{"site of the record", "UPDATE records SET site = 'other'" + record, "record", true},
		{"current version", "UPDATE records SET version = 1" + record, "record", true},
		{"first seen", "UPDATE records SET first_seen = '2001-01-01T00:00:00Z'" + record, "record", true},
		{"row of the record", "DELETE FROM records" + record, "record", true},
		{"hash of the text", "UPDATE versions SET text_hash = x'00'" + version, "version", true},
		{"address of the record", "UPDATE records SET url = 'http://evil.test/'" + record, "address", true},
		{"reason of an address", "UPDATE addresses SET reason = 'redirect' WHERE url LIKE '%/1'", "address", true},
		{"created", "UPDATE versions SET created = '2001-01-01T00:00:00Z'" + version, "version", true},
		{"origin", "UPDATE versions SET origin = 'reread'" + version, "version", true},
		{"language", "UPDATE versions SET language = 'xx'" + version, "version", true},
		{"evidence", "UPDATE versions SET evidence = '{\"title\":'" + version, "version", true},
		{"further fields", "UPDATE versions SET more = x'7b'" + version, "version", true},
		{"text and its digest", "UPDATE versions SET title = 'forged', body = 'forged', sha256 = '00'" + version, "version", true},
		{"page of the version", "UPDATE versions SET page = 1" + version, "version", true},
		{"status", "UPDATE pages SET status = 404" + page, "page", true},
		{"address", "UPDATE pages SET final_url = 'http://jilin.test/2'" + page, "page", true},
		{"protocol", "UPDATE pages SET proto = 'HTTP/9'" + page, "page", true},
		{"digest of the page", "UPDATE pages SET sha256 = x'00'" + page, "page", true},
		{"size", "UPDATE pages SET size = 9" + page, "page", true},
		{"headers", "UPDATE pages SET header = '{\"Server\":[\"other\"]}'" + page, "page", false},
		{"two fields", "UPDATE versions SET created = '2001-01-01T00:00:00Z', origin = 'reread'" + version, "version", false},
		{"seal", "UPDATE seals SET seal = x'00' WHERE id & 1048575 = 2 AND id >> 20 = (SELECT seq FROM records" + record + ")", "version", false},
		{"no seal", "DELETE FROM seals WHERE id & 1048575 = 2 AND id >> 20 = (SELECT seq FROM records" + record + ")", "version", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path, ids := observed(t)
			before := sealedTables(t, path)
			if _, err := raw(t, path).Exec("PRAGMA foreign_keys = OFF; " + tt.forge); err != nil {
				t.Fatal(err)
			}
			found := func(repair bool) archive.Verification {
				a := openAt(t, path)
				defer a.Close()
				v, err := a.Verify(t.Context(), repair, readObserved)
				if err != nil {
					t.Fatal(err)
				}
				return v
			}
			if v := found(false); v.Whole() || !slices.ContainsFunc(v.Damage, func(d archive.Damage) bool {
				return d.Kind == tt.kind && (strings.Contains(strings.Join(d.Affects, " "), ids[1]) || tt.name == "id")
			}) {
				t.Errorf("found %+v; want damage of %s %s", v.Damage, tt.kind, ids[1])
			}
			found(true)
			if v := found(false); !v.Whole() {
				t.Errorf("after the repair: %+v", v.Damage)
			}
			after := sealedTables(t, path)
			if tt.restored {
				if diff := cmp.Diff(before, after); diff != "" {
					t.Errorf("(-before +after the repair):\n%s", diff)
				}
				return
			}
			if doubt, err := openAt(t, path).Doubt(t.Context(), ids[1], 2); err != nil || !strings.Contains(doubt, "not as they were written") {
				t.Errorf("it is not marked as doubtful: %q, %v", doubt, err)
			}
		})
	}
}

// TestLostRecordStopsNothing: a crawl of a site that has lost the row of a record
// says what to do, and goes on once it is made again.
func TestLostRecordStopsNothing(t *testing.T) {
	path, ids := observed(t)
	if _, err := raw(t, path).Exec("PRAGMA foreign_keys = OFF; DELETE FROM records WHERE url LIKE '%/1'"); err != nil {
		t.Fatal(err)
	}
	crawl := func() error {
		a := openAt(t, path)
		defer a.Close()
		at := noon.AddDate(9, 0, 0)
		run := begin(t, a, "jilin", at)
		for {
			task, _, _, err := leaseOne(t.Context(), a, run.ID, nil, at)
			if err != nil || task == nil {
				return err
			}
			var i int
			if _, err := fmt.Sscanf(task.URL, "http://jilin.test/%d", &i); err != nil {
				return err
			}
			if _, err := a.Commit(t.Context(), visit(*task, at, many(3)[i])); err != nil {
				return err
			}
		}
	}
	if err := crawl(); err == nil || !strings.Contains(err.Error(), "verify --repair") {
		t.Errorf("the crawl ends with %v", err)
	}
	if diff := cmp.Diff([]string{"record " + ids[1] + " true"}, damage(t, path, true)[:1]); diff != "" {
		t.Errorf("repair (-want +got):\n%s", diff)
	}
	if err := crawl(); err != nil {
		t.Errorf("after the repair: %v", err)
	}
	if got := damage(t, path, false); got != nil {
		t.Errorf("after that crawl: %q", got)
	}
}

// TestUpgrade: an older archive can be backed up as it is, is brought up to date by
// the first who may, and not under the hands of a crawl.
func TestUpgrade(t *testing.T) {
	path, ids := observed(t)
	older(t, path)
	if _, err := archive.OpenReader(t.Context(), path); !errors.Is(err, archive.ErrOlder) {
		t.Errorf("an older archive opens with %v", err)
	}
	a, err := archive.OpenAsIs(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "b.db")
	if err := errors.Join(backup(t, a, copied, false), a.Close()); err != nil {
		t.Error(err)
	}
	if _, err := archive.OpenReader(t.Context(), copied); !errors.Is(err, archive.ErrOlder) {
		t.Errorf("its copy opens with %v", err)
	}
	current := openAt(t, copied) // brings only the copy up to date
	unlock, err := current.Lock("dossier crawl")
	if err != nil {
		t.Fatal(err)
	}
	older(t, copied)
	var locked *archive.LockedError
	if was, err := archive.Upgrade(t.Context(), copied, "dossier"); !was || !errors.As(err, &locked) {
		t.Errorf("during a crawl: %v, %v", was, err)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []bool{true, false} {
		if was, err := archive.Upgrade(t.Context(), path, "dossier"); err != nil || was != want {
			t.Errorf("older %v, %v; want %v", was, err, want)
		}
	}
	r, err := archive.OpenReader(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if rec, err := r.Record(t.Context(), ids[1]); err != nil || rec.Title == "" {
		t.Errorf("afterwards: %+v, %v", rec, err)
	}
}

// TestOlderArchiveGetsSeals: they cover what was there before.
func TestOlderArchiveGetsSeals(t *testing.T) {
	path, _ := observed(t)
	before := sealedTables(t, path)
	older(t, path)
	openAt(t, path).Close()
	if diff := cmp.Diff(before, sealedTables(t, path)); diff != "" {
		t.Errorf("seals of an older archive are others (-new +migrated):\n%s", diff)
	}
}

// TestSealsOfImportsAndRereadings hold, and so do they in a salvaged copy.
func TestSealsOfImportsAndRereadings(t *testing.T) {
	path, _ := observed(t)
	a := openAt(t, path)
	_, err := a.Reread(t.Context(), archive.Reread{Read: func(_ context.Context, _ string, page *dossier.Snapshot) (dossier.Article, error) {
		return dossier.Article{Title: "Read again", Body: "Other words from " + page.FinalURL}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	a.Close()
	if got := damage(t, path, false); got != nil {
		t.Errorf("after reading again: %q", got)
	}
	copied := filepath.Join(t.TempDir(), "b.db")
	a = openAt(t, path)
	if _, err := a.Salvage(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	a.Close()
	if diff := cmp.Diff(sealedTables(t, path), sealedTables(t, copied)); diff != "" {
		t.Errorf("salvaged (-was +is):\n%s", diff)
	}
}
