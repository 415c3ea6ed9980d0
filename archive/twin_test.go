package archive_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

// served is what a site answers: by address a text, "-> " with another address, or
// "" for none.
type served map[string]string

// crawlServed makes a run whose start page shows addresses, and gives the outcome of
// each in the order in which they were asked.
func crawlServed(t *testing.T, a *archive.Archive, at time.Time, shows []string, site served) []string {
	t.Helper()
	start := dossier.Link{URL: "http://zone.test/", Key: "http://zone.test/", Host: "zone.test", Kind: dossier.KindStart}
	run, err := a.BeginRun(t.Context(), &dossier.Site{ID: "zone"}, []dossier.Link{start}, at)
	if err != nil {
		t.Fatal(err)
	}
	v := dossier.Visit{Task: *next(t, a, run, at), At: at, Outcome: dossier.Outcome{Status: dossier.StatusListed}}
	for _, url := range shows {
		v.Links = append(v.Links, dossier.Link{URL: url, Key: url, Host: "zone.test", Kind: dossier.KindArticle, OnShow: true})
	}
	commit(t, a, v)
	var out []string
	for {
		task, wake, _, err := leaseOne(t.Context(), a, run.ID, nil, at)
		if err != nil {
			t.Fatal(err)
		}
		if task == nil {
			if wake.IsZero() {
				run.State, run.Ended = dossier.RunFinished, at
				if err := a.EndRun(t.Context(), run); err != nil {
					t.Fatal(err)
				}
				return out
			}
			at = wake
			continue
		}
		if len(out) > 50 {
			t.Fatalf("the run does not end: %q", out)
		}
		o := commit(t, a, answer(*task, at, site))
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s", task.URL, o.Status, o.Reason)))
	}
}

func answer(task dossier.Task, at time.Time, site served) dossier.Visit {
	final := task.URL
	for to, ok := strings.CutPrefix(site[final], "-> "); ok; to, ok = strings.CutPrefix(site[final], "-> ") {
		final = to
	}
	if site[final] == "" {
		return dossier.Visit{Task: task, At: at, Outcome: dossier.Outcome{Status: dossier.StatusGone, Reason: "http_404"}}
	}
	v := visit(task, at, article("The plant opens", site[final]))
	v.FinalKey, v.Snapshot.FinalURL = final, final
	return v
}

// TestTwins: an article at several names of one address stays one record when it
// changes, whichever of them is asked first.
func TestTwins(t *testing.T) {
	const (
		http  = "http://zone.test/1.html"
		https = "https://www.zone.test/1.html"
	)
	const first, second = "The plant has twelve halls.", "The plant has thirteen halls."
	for _, tt := range []struct {
		name  string
		runs  []served
		shows []string // in each run
		want  []string // outcomes of the last run
		url   string   // of the record
		texts []string // of its versions
	}{
		{"moved by a redirect, then changed", []served{{http: first}, {http: "-> " + https, https: first}, {http: "-> " + https, https: second}}, []string{http, https, https},
			[]string{https + " changed"}, https, []string{first, second}},
		{"moved and changed at once", []served{{http: first}, {http: "-> " + https, https: second}}, []string{http, https},
			[]string{http + " changed moved"}, https, []string{first, second}},
		{"both names, changed", []served{{http: first}, {http: first, https: first}, {http: second, https: second}}, []string{http, https, https},
			[]string{http + " changed", https + " unchanged"}, http, []string{first, second}},
		{"the old name is dead", []served{{http: first}, {http: first, https: first}, {https: second}}, []string{http, https, https},
			[]string{https + " retry own_first", http + " gone http_404", https + " changed moved"}, https, []string{first, second}},
		{"another number each time", []served{{http + "?t=1": first}, {http + "?t=1": first, http + "?t=2": first}, {http + "?t=1": second, http + "?t=2": second, http + "?t=3": second}},
			[]string{http + "?t=1", http + "?t=2", http + "?t=3"}, []string{http + "?t=2 retry own_first", http + "?t=1 changed", http + "?t=3 duplicate repost", http + "?t=2 unchanged"}, http + "?t=1", []string{first, second}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := open(t)
			var got []string
			for i, site := range tt.runs {
				// The others are not due by their age in the last run.
				got = crawlServed(t, a, noon.Add(time.Duration(i)*time.Minute), tt.shows[i:i+1], site)
			}
			if len(got) > len(tt.want) { // what a list has shown before is asked as well
				got = got[len(got)-len(tt.want):]
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("outcomes (-want +got):\n%s", diff)
			}
			n := 0
			for r, err := range a.Records(t.Context(), archive.Query{}) {
				if err != nil {
					t.Fatal(err)
				}
				n++
				versions, err := a.Versions(t.Context(), r.ID)
				if err != nil {
					t.Fatal(err)
				}
				var texts []string
				for _, v := range versions {
					texts = append(texts, v.Article.Body)
				}
				if diff := cmp.Diff(tt.texts, texts); diff != "" || r.URL != tt.url {
					t.Errorf("record at %s, want %s (-want +got):\n%s", r.URL, tt.url, diff)
				}
			}
			if n != 1 {
				t.Errorf("%d records, want 1", n)
			}
			if v, err := a.Verify(t.Context(), false); err != nil || !v.Whole() {
				t.Errorf("verify: %+v, %v", v, err)
			}
		})
	}
}

// TestTwinsThatDiffer are two records: what they show is not the same.
func TestTwinsThatDiffer(t *testing.T) {
	a := open(t)
	site := served{"http://zone.test/show?id=1": "The bulletin of May.", "http://zone.test/show?id=2": "The bulletin of June."}
	crawlServed(t, a, noon, []string{"http://zone.test/show?id=1"}, site)
	got := crawlServed(t, a, noon.Add(time.Minute), []string{"http://zone.test/show?id=2"}, site)
	want := []string{"http://zone.test/show?id=1 unchanged", "http://zone.test/show?id=2 new"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	got = crawlServed(t, a, noon.Add(2*time.Minute), []string{"http://zone.test/show?id=2"}, site)
	if diff := cmp.Diff([]string{"http://zone.test/show?id=2 unchanged"}, got); diff != "" {
		t.Errorf("the run after (-want +got):\n%s", diff)
	}
}
