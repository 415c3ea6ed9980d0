package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dossier-archive/dossier"
)

// TestOfVersion: the document of a version that was replaced says by what, and not when the text
// that took its place was seen.
func TestOfVersion(t *testing.T) {
	first := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	versions := []dossier.Version{{Number: 1, Created: first, Origin: "crawl"}, {Number: 2, Created: first.AddDate(0, 1, 0), Origin: "reread"}}
	for number, want := range map[int][][2]string{
		1: {{"Version", "1 of 2026-01-02T03:04:05Z, as crawled"}, {"Replaced", "by version 2 of 2026-02-02T03:04:05Z, from reading the stored page again"}},
		2: {{"Version", "2 of 2026-02-02T03:04:05Z, from reading the stored page again"}},
	} {
		r := shownRecord{Record: dossier.Record{Version: number, LastSeen: first.AddDate(1, 0, 0)}, versions: versions}
		if diff := cmp.Diff(want, r.ofVersion()); diff != "" || r.LastSeen.IsZero() != (number == 1) {
			t.Errorf("version %d: last seen %v (-want +got):\n%s", number, r.LastSeen, diff)
		}
	}
}
