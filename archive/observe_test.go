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
	for _, day := range []int{0, 3} {
		at := noon.AddDate(0, 0, day)
		run := begin(t, a, "jilin", at)
		run.Ended, run.State = at, dossier.RunFinished
		if day == 3 {
			run.State = dossier.RunFailed
		}
		if err := a.EndRun(t.Context(), run); err != nil {
			t.Fatal(err)
		}
	}
	days, err := a.Coverage(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range days {
		got = append(got, d.Day+" "+d.State)
	}
	want := []string{"2026-03-01 checked", "2026-03-02 not due", "2026-03-03 not due", "2026-03-04 failed"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if none, err := a.Coverage(t.Context(), []string{"other"}); err != nil || len(none) != 0 {
		t.Errorf("of another site: %v, %v", none, err)
	}
}
