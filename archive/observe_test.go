package archive_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

func TestObservations(t *testing.T) {
	a := open(t)
	id := put(t, a, "jilin", noon, article("T", "A text."))[0]
	later := noon.AddDate(1, 0, 0)
	task := again(t, a, "jilin", "/0", later)
	gone := dossier.Outcome{Status: dossier.StatusGone, Reason: "not_found", Detail: "404"}
	commit(t, a, dossier.Visit{Task: task, At: later, Outcome: gone})
	gone.Record = id
	want := []archive.Observation{
		{Run: 1, Site: "jilin", URL: "http://jilin.test/0", At: noon, Outcome: dossier.Outcome{Status: dossier.StatusNew, Record: id}, HTTP: 200},
		{Run: 2, Site: "jilin", URL: "http://jilin.test/0", At: later, Outcome: gone},
	}
	var got []archive.Observation
	for o, err := range a.RecordObservations(t.Context(), id) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, o)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("of the record (-want +got):\n%s", diff)
	}
	n := 0
	for _, err := range a.RunObservations(t.Context(), 2) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 2 {
		t.Errorf("the second run has %d observations, want the start page and the article", n)
	}
	addresses, err := a.Addresses(t.Context(), "jilin.test/0")
	if err != nil || len(addresses) != 1 {
		t.Fatalf("%v, %v; want one address", addresses, err)
	}
	ad := addresses[0]
	if ad.State != "done" || ad.Status != dossier.StatusGone || ad.Record != id || ad.Asked != 2 || !ad.Revisit.Equal(later.Add(24*time.Hour)) || len(ad.Observations) != 2 {
		t.Errorf("address: %+v", ad)
	}
	if none, err := a.Addresses(t.Context(), "jilin.test/none"); err != nil || len(none) != 0 {
		t.Errorf("unknown address: %v, %v", none, err)
	}
}

func TestCoverage(t *testing.T) {
	a := open(t)
	for _, r := range []struct {
		site  string
		day   int
		state dossier.RunState
	}{{"jilin", 0, dossier.RunFinished}, {"jilin", 3, dossier.RunFailed}, {"jilin", 3, dossier.RunFailed}, {"other", 6, dossier.RunFinished}} {
		at := noon.AddDate(0, 0, r.day)
		run := begin(t, a, r.site, at)
		run.Ended, run.State = at, r.state
		if err := a.EndRun(t.Context(), run); err != nil {
			t.Fatal(err)
		}
	}
	every := func(d time.Duration, at time.Time) archive.Timetable {
		return func(t time.Time) time.Time { return at.Add((t.Sub(at)/d + 1) * d) }
	}
	dawn := time.Date(2026, 1, 1, 6, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name  string
		table archive.Timetable
		want  []string // states of 1 to 7 March
	}{
		{"none", nil, []string{"checked", "not due", "not due", "failed", "not due", "not due", "not due"}},
		{"each day", every(24*time.Hour, dawn), []string{"checked", "missed", "missed", "failed", "missed", "missed", "missed"}},
		{"not yet due on the last day", every(24*time.Hour, noon), []string{"checked", "missed", "missed", "failed", "missed", "missed", "not due"}},
		{"each third day", every(72*time.Hour, noon), []string{"checked", "not due", "not due", "failed", "not due", "not due", "not due"}},
		// What was due in the evening of 3 March began on the 4th.
		{"late", every(72*time.Hour, noon.Add(-18*time.Hour)), []string{"checked", "not due", "not due", "failed", "not due", "missed", "not due"}},
	} {
		days, err := a.Coverage(t.Context(), []string{"jilin"}, map[string]archive.Timetable{"jilin": c.table})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for i, d := range days {
			if day := noon.AddDate(0, 0, i).Format(time.DateOnly); d.Day != day || d.Site != "jilin" {
				t.Errorf("%s: row %d is of %s %s, want %s", c.name, i, d.Site, d.Day, day)
			}
			got = append(got, d.State)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		if days[3].Runs != 2 {
			t.Errorf("%s: %d runs on 4 March, want 2", c.name, days[3].Runs)
		}
	}
	if none, err := a.Coverage(t.Context(), []string{"elsewhere"}, nil); err != nil || len(none) != 0 {
		t.Errorf("of another site: %v, %v", none, err)
	}
}
