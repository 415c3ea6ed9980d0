package archive_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

// absent is an archive of two records, of which the first is gone, and was asked once
// more since, in vain.
func absent(t *testing.T, path string) {
	t.Helper()
	absentArchive.at(t, path, func(a *archive.Archive) []string { miss(t, a); return nil })
	if n := sum(t, raw(t, path), "SELECT count(*) FROM records WHERE gone != ''"); n != 1 {
		t.Fatalf("%d records are gone, want 1", n)
	}
}

var absentArchive made

func miss(t *testing.T, a *archive.Archive) {
	t.Helper()
	put(t, a, "jilin", noon, many(2)...)
	at := noon.AddDate(0, 0, 100) // when it is due
	for range 4 {
		at = at.Add(40 * time.Hour)
		commit(t, a, dossier.Visit{Task: again(t, a, "jilin", "/0", at), At: at, FinalKey: "jilin.test/0", Outcome: dossier.Outcome{Status: dossier.StatusGone, Reason: "http_404"}, HTTP: 404})
	}
	at = at.Add(100 * 24 * time.Hour)
	commit(t, a, dossier.Visit{Task: again(t, a, "jilin", "/0", at), At: at, FinalKey: "jilin.test/0", Outcome: dossier.Outcome{Status: dossier.StatusFailed, Reason: "http_500"}, HTTP: 500})
}

// TestVerifyWhenRecordsWereSeen: what a record says of when it was there follows from its
// observations, also after most of them were pruned.
func TestVerifyWhenRecordsWereSeen(t *testing.T) {
	for _, c := range []struct {
		forged string
		pruned bool // it is seen even so
	}{
		{"UPDATE records SET last_seen = '2099-01-01T00:00:00Z' WHERE seq = 2", true},
		{"UPDATE records SET last_seen = '2011-01-01T00:00:00Z' WHERE seq = 2", true},
		{"UPDATE records SET last_seen = '' WHERE seq = 2", true},
		{"UPDATE records SET last_seen = '2026-03-02T00:00:00Z' WHERE seq = 2", true},
		{"UPDATE records SET gone = '2026-03-02T00:00:00Z' WHERE seq = 2", true},
		{"UPDATE records SET gone = '2020-03-02T00:00:00Z' WHERE seq = 2", true},
		{"UPDATE records SET gone = '' WHERE seq = 1", false},
		{"UPDATE records SET gone = '2099-01-01T00:00:00Z' WHERE seq = 1", true},
		{"UPDATE records SET gone = (SELECT max(at) FROM observations WHERE status = 'gone') WHERE seq = 1", false}, // the fourth time
		{"UPDATE records SET missed = 0, missed_at = '' WHERE seq = 1", true},
		{"UPDATE records SET missed = 1 WHERE seq = 1", true},
		{"UPDATE records SET missed = 3 WHERE seq = 1", false},
		{"UPDATE records SET missed = 9 WHERE seq = 1", false},
		{"UPDATE records SET missed_at = '' WHERE seq = 1", true},
		{"UPDATE records SET missed_at = '2026-02-01T00:00:00Z' WHERE seq = 1", true},
		{"UPDATE records SET missed_at = '2099-02-01T00:00:00Z' WHERE seq = 1", true},
		{"UPDATE records SET missed = 2, missed_at = '2026-03-02T00:00:00Z' WHERE seq = 2", true},
		{"UPDATE records SET missed = 2 WHERE seq = 2", true},
		{"UPDATE records SET missed = 'often' WHERE seq = 2", true},
		{"UPDATE records SET missed = 1.5, missed_at = '2026-03-01T12:00:00Z' WHERE seq = 2", true},
	} {
		for _, pruned := range []bool{false, true} {
			path := filepath.Join(t.TempDir(), "a.db")
			absent(t, path)
			if pruned {
				a := openAt(t, path)
				if _, err := a.Prune(t.Context(), archive.Policy{ObservationsBefore: noon.AddDate(1, 0, 0)}); err != nil {
					t.Fatal(err)
				}
				a.Close()
			}
			if found := damage(t, path, false); len(found) > 0 {
				t.Fatalf("whole, pruned %v: %q", pruned, found)
			}
			if pruned && !c.pruned {
				continue
			}
			if _, err := raw(t, path).Exec(c.forged); err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{"record false", "record true", ""} {
				got := fmt.Sprint(damage(t, path, want == "record true"))
				if kind, state, _ := strings.Cut(want, " "); want == "" && got != "[]" || !strings.Contains(got, kind) || !strings.Contains(got, state) {
					t.Errorf("%s, pruned %v: found %s, want %q", c.forged, pruned, got, want)
				}
			}
			if n := sum(t, raw(t, path), "SELECT count(*) FROM records WHERE seq = 2 AND gone = '' AND missed = 0 AND missed_at = '' AND last_seen = '2026-03-01T12:00:00Z'"); n != 1 {
				t.Errorf("%s, pruned %v: the record is not as it was", c.forged, pruned)
			}
		}
	}
}

// TestVerifySimilarScores: how much of two texts is the same follows from them.
func TestVerifySimilarScores(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	a := openAt(t, path)
	text := strings.Repeat("The port of the river opens a quay for ships that carry grain, ore and timber. ", 3)
	var words strings.Builder
	for i := range 60 {
		fmt.Fprintf(&words, "word%d ", i)
	}
	put(t, a, "jilin", noon, article("One", words.String()+text), article("Two", words.String()+text+" And more."))
	a.Close()
	if n := sum(t, raw(t, path), "SELECT count(*) FROM similar"); n != 1 {
		t.Fatalf("%d links, want 1", n)
	}
	if found := damage(t, path, false); len(found) > 0 {
		t.Fatalf("whole: %q", found)
	}
	for forged, kind := range map[string]string{"score = 0.99": "[index ", "score = 'much'": "[index ", "other = 77": "file ", "other = 'x'": "file "} {
		if _, err := raw(t, path).Exec("UPDATE similar SET " + forged); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{kind, "true]", "[]"} {
			if got := fmt.Sprint(damage(t, path, want == "true]")); !strings.Contains(got, want) || want == "true]" && strings.Contains(got, "false") {
				t.Errorf("%s: found %s, want %s", forged, got, want)
			}
		}
	}
}
