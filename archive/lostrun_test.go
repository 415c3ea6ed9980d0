package archive_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dossier-archive/dossier/archive"
)

// TestVerifyRunCounts: a run counts as many outcomes as it has observations, or more where
// these were pruned.
func TestVerifyRunCounts(t *testing.T) {
	path, _ := observed(t)
	before := sum(t, raw(t, path), "SELECT sum(new * 100 + changed * 10 + unchanged) FROM runs")
	for _, forged := range []string{"new = 0 WHERE id = 1", "changed = 1 WHERE id = 3", "unchanged = -1", "new = 9 WHERE id = 1", "gone = 1 WHERE id = 4", "changed = 5, new = 5 WHERE id = 2"} {
		if _, err := raw(t, path).Exec("UPDATE runs SET " + forged); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"[file  false", "[file  true", "[]"} {
			if got := fmt.Sprint(damage(t, path, strings.Contains(want, "true"))); !strings.HasPrefix(got, want) {
				t.Errorf("%s: found %s, want %s", forged, got, want)
			}
		}
	}
	if got := sum(t, raw(t, path), "SELECT sum(new * 100 + changed * 10 + unchanged) FROM runs"); got != before {
		t.Errorf("counted %d, want %d", got, before)
	}
	a := openAt(t, path)
	if _, err := a.Prune(t.Context(), archive.Policy{ObservationsBefore: noon.AddDate(9, 0, 0)}); err != nil {
		t.Fatal(err)
	}
	a.Close()
	if found := damage(t, path, false); len(found) > 0 {
		t.Errorf("pruned: %q", found)
	}
	if _, err := raw(t, path).Exec("UPDATE runs SET new = 1000"); err != nil {
		t.Fatal(err)
	}
	if found := damage(t, path, false); len(found) > 1 { // of the last run, whose observations are all there
		t.Errorf("pruned and forged: %q", found)
	}
}

// TestVerifySites: a run and the addresses that it asked are of one site, and most of them say
// of which.
func TestVerifySites(t *testing.T) {
	const all = "SELECT (SELECT group_concat(site) FROM runs) || (SELECT group_concat(site) FROM frontier)"
	path, _ := observed(t)
	var before, after string
	if err := raw(t, path).QueryRow(all).Scan(&before); err != nil {
		t.Fatal(err)
	}
	for _, forged := range []string{"runs SET site = 'other' WHERE id = 2", "frontier SET site = 'other' WHERE id = 3"} {
		if _, err := raw(t, path).Exec("UPDATE " + forged); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"false]", "true]", "[]"} {
			if got := fmt.Sprint(damage(t, path, want == "true]")); !strings.HasSuffix(got, want) {
				t.Errorf("%s: found %s, want %s", forged, got, want)
			}
		}
		if err := raw(t, path).QueryRow(all).Scan(&after); err != nil || after != before {
			t.Errorf("%s: %s, want %s; %v", forged, after, before, err)
		}
	}
}
