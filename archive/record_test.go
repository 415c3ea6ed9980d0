package archive_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

// again makes a run that visits one address once more, revisit time or not.
func again(t *testing.T, a *archive.Archive, site, path string, at time.Time) dossier.Task {
	t.Helper()
	run := begin(t, a, site, at, path)
	for {
		if task := next(t, a, run, at); strings.HasSuffix(task.URL, path) {
			return *task
		}
	}
}

// TestSpelledAlike: letters that are written as one character or as two make no version.
func TestSpelledAlike(t *testing.T) {
	a := open(t)
	first := article("Zürich opens a café", "The café was opened in Zürich.")
	first.Author = ptr("José Müller")
	put(t, a, "jilin", noon, first)
	later := noon.AddDate(1, 0, 0)
	apart := first
	apart.Title, apart.Body, apart.Author = norm.NFD.String(first.Title), norm.NFD.String(first.Body), ptr(norm.NFD.String(*first.Author))
	if o := commit(t, a, visitWith(again(t, a, "jilin", "/0", later), later, apart, "<p>other page</p>")); o.Status != dossier.StatusUnchanged {
		t.Errorf("letters apart: got %+v, want unchanged", o)
	}
	apart.Body += " Two."
	if o := commit(t, a, visitWith(again(t, a, "jilin", "/0", later.AddDate(1, 0, 0)), later.AddDate(1, 0, 0), apart, "<p>a third</p>")); o.Status != dossier.StatusChanged {
		t.Errorf("another text: got %+v, want changed", o)
	}
}

func TestRecordLifecycle(t *testing.T) {
	a := open(t)
	first := article("Plant opens", "A plant was opened in Changchun.")
	first.Author, first.Source = ptr("Li"), ptr("")
	id := put(t, a, "jilin", noon, first)[0]

	later := noon.AddDate(1, 0, 0)
	if o := commit(t, a, visit(again(t, a, "jilin", "/0", later), later, first)); o.Status != dossier.StatusUnchanged || o.Record != id {
		t.Errorf("same article: got %+v, want unchanged %s", o, id)
	}
	changed := first
	changed.Author = nil
	much := later.AddDate(1, 0, 0)
	if o := commit(t, a, visitWith(again(t, a, "jilin", "/0", much), much, changed, "<p>other page</p>")); o.Status != dossier.StatusChanged {
		t.Errorf("author gone: got %+v, want changed", o)
	}
	got, err := a.Record(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	want := dossier.Record{ID: id, Site: "jilin", URL: "http://jilin.test/0", Article: changed, FirstSeen: noon, LastSeen: much, Changed: much, Version: 2,
		SHA256: archive.ContentDigest(changed), Origin: "crawl", Aliases: []dossier.Alias{}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("record mismatch (-want +got):\n%s", diff)
	}
	versions, err := a.Versions(t.Context(), id)
	if err != nil || len(versions) != 2 {
		t.Fatalf("versions: %v, %v; want 2", versions, err)
	}
	if diff := cmp.Diff(first, versions[0].Article); diff != "" {
		t.Errorf("version 1 is not what it was (-want +got):\n%s", diff)
	}
	for n, want := range map[int]string{0: "<p>other page</p>", 1: "<html><h1>Plant opens</h1><p>A plant was opened in Changchun.</p></html>"} {
		s, err := a.Snapshot(t.Context(), id, n)
		if err != nil || string(s.Body) != want || s.Header.Get("Content-Type") != "text/html" {
			t.Errorf("page of version %d: %q, %v; want %q", n, s.Body, err, want)
		}
	}
}

func TestSameTextElsewhereIsAnAlias(t *testing.T) {
	a := open(t)
	id := put(t, a, "jilin", noon, article("Plant opens", "A plant was opened."))[0]
	repost := article("PLANT opens ", "A plant  was opened!")
	repost.Date = "2019-05-05"
	if got := put(t, a, "hubei", noon, repost)[0]; got != id {
		t.Errorf("repost: got record %q, want %q", got, id)
	}
	empty := put(t, a, "hunan", noon, article("Plant opens", ""), article("Plant opens", ""))
	if empty[0] == empty[1] {
		t.Error("two pages without text became one record")
	}
	r, err := a.Record(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	want := []dossier.Alias{{URL: "http://hubei.test/0", Site: "hubei", Reason: "repost", FirstSeen: noon, LastSeen: noon}}
	if diff := cmp.Diff(want, r.Aliases); diff != "" {
		t.Errorf("aliases (-want +got):\n%s", diff)
	}
	at, err := a.RecordAt(t.Context(), "hubei", "hubei.test/0")
	if err != nil || at == nil || at.ID != id {
		t.Errorf("RecordAt the alias: %v, %v; want %s", at, err, id)
	}
}

// When one of two pages with the same text is corrected, each is an article of
// its own, whichever it is: the other is asked soon, without a condition.
func TestRepostThatReadsOtherwiseIsARecord(t *testing.T) {
	old, corrected := article("Plant opens", "A plant with 120 workers was opened in the northern zone."), article("Plant opens", "A plant with 135 workers was opened in the northern zone.")
	for _, changes := range []string{"jilin", "hubei"} {
		a := open(t)
		id := put(t, a, "jilin", noon, old)[0]
		put(t, a, "hubei", noon, old)
		day := noon.AddDate(1, 0, 0)
		commit(t, a, visit(again(t, a, changes, "/0", day), day, corrected))
		other := map[string]string{"jilin": "hubei", "hubei": "jilin"}[changes]
		soon := day.Add(time.Hour)
		task := again(t, a, other, "/0", soon)
		if changes == "jilin" && (task.ETag != "" || task.LastModified != "") {
			t.Errorf("the repost is asked with a condition: %+v", task)
		}
		commit(t, a, visit(task, soon, old))
		got := map[string]string{}
		for r, err := range a.Records(t.Context(), archive.List{}) {
			if err != nil {
				t.Fatal(err)
			}
			got[r.URL] = r.Body
		}
		want := map[string]string{"http://" + changes + ".test/0": corrected.Body, "http://" + other + ".test/0": old.Body}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s changes: records (-want +got):\n%s", changes, diff)
		}
		now, err := a.RecordAt(t.Context(), "hubei", "hubei.test/0")
		if err != nil {
			t.Fatal(err)
		}
		parted := []archive.Parting{{URL: "http://hubei.test/0", Reason: "repost", Original: id, Record: now.ID, FirstSeen: noon, LastSeen: noon}}
		for _, of := range []string{id, now.ID} {
			got, err := a.Partings(t.Context(), of)
			if diff := cmp.Diff(parted, got); err != nil || diff != "" {
				t.Errorf("%s changes: partings of %s: %v (-want +got):\n%s", changes, of, err, diff)
			}
		}
		if v, err := a.Versions(t.Context(), id); err != nil || v[0].Article.Body != old.Body {
			t.Errorf("version 1 is %+v, %v", v, err)
		}
	}
}

func TestRedirectIsAnAliasAndNotAskedTwice(t *testing.T) {
	a := open(t)
	run := begin(t, a, "jilin", noon, "/old", "/new")
	task := next(t, a, run, noon)
	v := visit(*task, noon, article("Moved", "A text that moved."))
	v.Snapshot.FinalURL, v.FinalKey = "http://jilin.test/new", "jilin.test/new"
	o := commit(t, a, v)
	if task, _, more, err := leaseOne(t.Context(), a, run.ID, nil, noon); task != nil || more || err != nil {
		t.Errorf("after the redirect: got %v, %v, %v; want nothing to do", task, more, err)
	}
	r, err := a.Record(t.Context(), o.Record)
	if err != nil || r.URL != "http://jilin.test/new" || len(r.Aliases) != 1 || r.Aliases[0].Reason != "redirect" {
		t.Errorf("record: %+v, %v", r, err)
	}
}

// A record whose address leads elsewhere moves there, and goes on there with
// its versions.
func TestMovedRecord(t *testing.T) {
	a := open(t)
	start := dossier.Link{URL: "http://jilin.test/old", Key: "jilin.test/old", Host: "jilin.test", Kind: dossier.KindStart}
	again := func(at time.Time) dossier.Task {
		run, err := a.BeginRun(t.Context(), &dossier.Site{ID: "jilin"}, []dossier.Link{start}, at)
		if err != nil {
			t.Fatal(err)
		}
		return *next(t, a, run, at)
	}
	to := func(task dossier.Task, at time.Time, path, body string) dossier.Outcome {
		v := visit(task, at, article("Moved house", body))
		v.Snapshot.FinalURL, v.FinalKey = "http://jilin.test"+path, "jilin.test"+path
		return commit(t, a, v)
	}
	const text = "A text that moves to another house."
	first := to(again(noon), noon, "/old", text)
	day := 24 * time.Hour
	second := to(again(noon.Add(day)), noon.Add(day), "/new", text)
	if second.Status != dossier.StatusUnchanged || second.Reason != "moved" || second.Record != first.Record {
		t.Errorf("after the move: %+v, want %s unchanged and moved", second, first.Record)
	}
	third := to(again(noon.Add(2*day)), noon.Add(2*day), "/new", text+" It is larger now.")
	if third.Status != dossier.StatusChanged || third.Record != first.Record {
		t.Errorf("changed at its new address: %+v", third)
	}
	r, err := a.Record(t.Context(), first.Record)
	if err != nil || r.URL != "http://jilin.test/new" || r.Version != 2 || len(r.Aliases) != 1 || r.Aliases[0].URL != "http://jilin.test/old" || r.Aliases[0].Reason != "redirect" {
		t.Errorf("record: %+v, %v", r, err)
	}
	other := to(again(noon.Add(3*day)), noon.Add(3*day), "/elsewhere", "Nothing of all that.")
	if got, err := a.Record(t.Context(), first.Record); err != nil || got.URL != r.URL || got.Version != 2 {
		t.Errorf("after its old address led elsewhere: %+v, %v (outcome %+v)", got, err, other)
	}
}

func TestGoneNeedsDays(t *testing.T) {
	a := open(t)
	id := put(t, a, "jilin", noon, article("Plant", "It will vanish."))[0]
	gone := func(at time.Time) bool {
		t.Helper()
		task := again(t, a, "jilin", "/0", at)
		commit(t, a, dossier.Visit{Task: task, At: at, Outcome: dossier.Outcome{Status: dossier.StatusGone, Reason: "not_found"}})
		r, err := a.Record(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return !r.Gone.IsZero()
	}
	day := noon.AddDate(1, 0, 0)
	for i, want := range []bool{false, false, false, true} {
		if got := gone(day.AddDate(0, 0, i+i/3)); got != want {
			t.Errorf("after observation %d: gone %v, want %v", i+1, got, want)
		}
	}
	back := day.AddDate(1, 0, 0)
	commit(t, a, visit(again(t, a, "jilin", "/0", back), back, article("Plant", "It will vanish.")))
	if r, _ := a.Record(t.Context(), id); !r.Gone.IsZero() {
		t.Error("the page is back, and the record is still gone")
	}
}

func TestCitation(t *testing.T) {
	a := twoVersions(t)
	r, err := a.RecordAt(t.Context(), "jilin", "jilin.test/0")
	if err != nil || r == nil {
		t.Fatalf("%v, %v", r, err)
	}
	for suffix, want := range map[string]string{"": "Another text.", "@2": "Another text.", "@1": many(1)[0].Body} {
		id, number, err := archive.ParseCitation(r.ID + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if v, err := a.Version(t.Context(), id, number); err != nil || v.Article.Body != want {
			t.Errorf("%s: %q, %v; want %q", r.ID+suffix, v.Article.Body, err, want)
		}
	}
	if _, err := a.Version(t.Context(), r.ID, 3); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("version 3: %v, want ErrNotFound", err)
	}
	for _, bad := range []string{"d1@", "d1@0", "d1@x"} {
		if _, _, err := archive.ParseCitation(bad); err == nil {
			t.Errorf("%s: no error", bad)
		}
	}
}

func TestNotFound(t *testing.T) {
	a := open(t)
	_, recordErr := a.Record(t.Context(), "dnothing")
	_, versionsErr := a.Versions(t.Context(), "dnothing")
	_, pageErr := a.Snapshot(t.Context(), "dnothing", 0)
	for _, err := range []error{recordErr, versionsErr, pageErr} {
		if !errors.Is(err, archive.ErrNotFound) {
			t.Errorf("got %v, want ErrNotFound", err)
		}
	}
}
