package archive_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

// states lists the versions of a record.
func states(t *testing.T, a *archive.Archive, id string) []string {
	t.Helper()
	list, err := a.Versions(t.Context(), id)
	if err != nil {
		return []string{err.Error()}
	}
	var out []string
	for _, v := range list {
		if archive.ContentDigest(v.Article) != v.SHA256 {
			v.Origin = "damaged"
		}
		out = append(out, fmt.Sprintf("%d %s %s %v", v.Number, v.Origin, v.Article.Title, strings.Contains(v.Article.Body, "revised")))
	}
	r, err := a.Record(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return append(out, fmt.Sprint("current ", r.Version))
}

const recordOne = "(SELECT record FROM addresses WHERE url LIKE '%/1')"

// lostVersions are ways in which versions get lost of a record that was as it was,
// then revised, then as it was again, and what its pages give back.
var lostVersions = []struct {
	name, lose string
	want       []string
}{
	{"first", "DELETE FROM versions WHERE number = 1 AND record = " + recordOne,
		[]string{"1 reread Title 1 false", "2 crawl Title 1 true", "3 crawl Title 1 false", "current 3"}},
	{"second", "DELETE FROM versions WHERE number = 2 AND record = " + recordOne,
		[]string{"1 crawl Title 1 false", "2 reread Title 1 true", "3 crawl Title 1 false", "current 3"}},
	{"current", "DELETE FROM versions WHERE number = 3 AND record = " + recordOne,
		[]string{"1 crawl Title 1 false", "2 crawl Title 1 true", "3 reread Title 1 false", "current 3"}},
	{"all", "DELETE FROM versions WHERE record = " + recordOne,
		[]string{"1 reread Title 1 false", "2 reread Title 1 true", "3 reread Title 1 false", "current 3"}},
	// A page too few: nobody knows which version the other brought.
	{"with a page", "DELETE FROM pages WHERE id = (SELECT page FROM versions WHERE number = 2 AND record = " + recordOne + "); DELETE FROM versions WHERE number >= 2 AND record = " + recordOne,
		[]string{"1 crawl Title 1 false", "4 reread Title 1 false", "current 4"}},
	// As if all had been imported: no observation tells of the pages.
	{"without observations", "DELETE FROM observations; UPDATE frontier SET observed = NULL; DELETE FROM versions WHERE record = " + recordOne,
		[]string{"1 reread Title 1 false", "2 reread Title 1 true", "3 reread Title 1 false", "current 3"}},
}

// lossy is an archive that has lost something.
func lossy(t *testing.T, lose string) (path string, ids []string) {
	t.Helper()
	path, ids = observed(t)
	if _, err := raw(t, path).Exec("PRAGMA foreign_keys = OFF; " + lose); err != nil {
		t.Fatal(err)
	}
	return path, ids
}

// TestLostVersionsAreReadAgain: a version whose row is lost is made of its page,
// by a repair as by a salvage, and marked.
func TestLostVersionsAreReadAgain(t *testing.T) {
	for _, tt := range lostVersions {
		t.Run(tt.name, func(t *testing.T) {
			path, ids := lossy(t, tt.lose)
			a := openAt(t, path)
			found, err := a.Verify(t.Context(), false)
			if err != nil || found.Whole() {
				t.Fatalf("verify: %+v, %v", found, err)
			}
			copied := filepath.Join(t.TempDir(), "b.db")
			got, err := a.Salvage(t.Context(), copied, readPage(false))
			if err != nil || got.Reread == 0 || len(got.Lost) == 0 {
				t.Fatalf("salvage: %+v, %v", got, err)
			}
			if diff := cmp.Diff(tt.want, states(t, openAt(t, copied), ids[1])); diff != "" {
				t.Errorf("salvaged (-want +got):\n%s", diff)
			}
			if _, err := a.Verify(t.Context(), true, readPage(false)); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, states(t, a, ids[1])); diff != "" {
				t.Errorf("repaired (-want +got):\n%s", diff)
			}
		})
	}
}

// TestLostRecordIsReadAgain: an address and pages are enough to make a record.
func TestLostRecordIsReadAgain(t *testing.T) {
	path, ids := lossy(t, "CREATE TEMP TABLE one AS SELECT record FROM addresses WHERE url LIKE '%/1'; DELETE FROM versions WHERE record IN one; DELETE FROM records WHERE seq IN one")
	a := openAt(t, path)
	copied := filepath.Join(t.TempDir(), "b.db")
	if _, err := a.Salvage(t.Context(), copied, readPage(false)); err != nil {
		t.Fatal(err)
	}
	b := openAt(t, copied)
	want := []string{"1 reread Title 1 false", "2 reread Title 1 true", "3 reread Title 1 false", "current 3"}
	if diff := cmp.Diff(want, states(t, b, ids[1])); diff != "" {
		t.Errorf("versions (-want +got):\n%s", diff)
	}
	if v, err := b.Verify(t.Context(), false); err != nil || !v.Whole() {
		t.Errorf("verify: %+v, %v", v.Damage, err)
	}
}

// TestDamagedVersionOfOtherRules: the text of a version that is read otherwise now
// is lost, and stays said to be; of the current one its page gives a new one, once.
func TestDamagedVersionOfOtherRules(t *testing.T) {
	path, ids := lossy(t, "UPDATE versions SET title = 'Forged' WHERE number >= 2 AND record = "+recordOne)
	a := openAt(t, path)
	for range 2 {
		v, err := a.Verify(t.Context(), true, readPage(true))
		if err != nil || v.Whole() {
			t.Errorf("repair: %+v, %v; want damage that is left", v, err)
		}
		for _, d := range v.Damage {
			if d.Kind == archive.DamagedVersion && (d.Repaired || !strings.Contains(d.Detail, "the text is lost")) {
				t.Errorf("repair: %+v", d)
			}
		}
		want := []string{"1 crawl Title 1 false", "2 damaged Forged true", "3 damaged Forged false", "4 reread TITLE 1 false", "current 4"}
		if diff := cmp.Diff(want, states(t, a, ids[1])); diff != "" {
			t.Errorf("versions (-want +got):\n%s", diff)
		}
	}
	// With the rules of their time they come back.
	if v, err := a.Verify(t.Context(), true, readPage(false)); err != nil || !v.Whole() {
		t.Errorf("repair by the rules of their time: %+v, %v", v, err)
	}
}

// TestLostRuns: what is lost of the table of runs costs no observations, by a repair as by a
// salvage.
func TestLostRuns(t *testing.T) {
	for _, way := range []string{"repair", "salvage"} {
		path := filepath.Join(t.TempDir(), "a.db")
		a := openAt(t, path)
		put(t, a, "jilin", noon, many(3)...)
		if _, err := a.ImportFile(t.Context(), warcOf(t, fetched{"/9", noon, "A text."}), archive.Import{Place: place, IsPage: isPage, Read: readPage(false)}); err != nil {
			t.Fatal(err)
		}
		a.Close()
		const all = "SELECT count(*) FROM observations WHERE run IN (SELECT id FROM runs)"
		want := sum(t, raw(t, path), all)
		if _, err := raw(t, path).Exec("DELETE FROM runs"); err != nil {
			t.Fatal(err)
		}
		if found := damage(t, path, false); len(found) == 0 {
			t.Errorf("%s: verify finds nothing", way)
		}
		if way == "repair" {
			damage(t, path, true)
		} else {
			a := openAt(t, path)
			path = filepath.Join(t.TempDir(), "b.db")
			got, err := a.Salvage(t.Context(), path)
			if err != nil || !slices.Contains(got.Lost, "the rows of 2 runs, which were made again from their observations") {
				t.Errorf("salvage: %+v, %v", got, err)
			}
		}
		if found := damage(t, path, false); len(found) > 0 {
			t.Errorf("%s: after it %q", way, found)
		}
		if got := sum(t, raw(t, path), all); got != want {
			t.Errorf("%s: %d observations, want %d", way, got, want)
		}
		runs, err := openAt(t, path).Runs(t.Context(), "", 0)
		if err != nil || len(runs) != 2 || runs[0].Kind != dossier.RunImport || runs[0].Requests != 0 || runs[1].New != 3 || runs[1].Listed != 1 || runs[1].Error == "" {
			t.Errorf("%s: %+v, %v", way, runs, err)
		}
	}
}
