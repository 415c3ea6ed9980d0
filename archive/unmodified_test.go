package archive_test

import (
	"testing"
	"time"

	"github.com/dossier-archive/dossier"
)

// TestLongUnmodified: a list whose server has said nothing but 304 for days is asked for
// without a condition, and with one again when it has been read.
func TestLongUnmodified(t *testing.T) {
	a := open(t)
	day := 0
	ask := func(o dossier.Outcome) string {
		t.Helper()
		at := noon.AddDate(0, 0, day).Add(time.Minute)
		start := dossier.Link{URL: "http://zone.test/", Key: "zone.test/", Host: "zone.test", Kind: dossier.KindStart}
		run, err := a.BeginRun(t.Context(), &dossier.Site{ID: "zone"}, []dossier.Link{start}, at)
		if err != nil {
			t.Fatal(err)
		}
		task := next(t, a, run, at)
		commit(t, a, dossier.Visit{Task: *task, At: at, ETag: `"1"`, Outcome: o})
		run.Ended = at
		if err := a.EndRun(t.Context(), run); err != nil {
			t.Fatal(err)
		}
		day++
		return task.ETag
	}
	read := dossier.Outcome{Status: dossier.StatusListed}
	same := dossier.Outcome{Status: dossier.StatusListed, Reason: dossier.ReasonNotModified}
	for i, tt := range []struct {
		outcome dossier.Outcome
		etag    string
	}{{read, ""}, {same, `"1"`}, {same, `"1"`}, {same, `"1"`}, {read, ""}, {same, `"1"`}} {
		if got := ask(tt.outcome); got != tt.etag {
			t.Errorf("day %d: asked with %q, want %q", i, got, tt.etag)
		}
	}
}
