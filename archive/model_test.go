package archive_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

// model is what the archive should hold, said in the simplest way: records with
// the texts they have had, and which address belongs to which.
type model struct {
	texts   map[string][]string // of a record, by the address it began with
	owner   map[string]string   // record of an address, by that address
	primary map[string]bool     // addresses that are a record's own
	order   []string            // records as they were archived
	shown   map[string]string   // text that an address showed last
}

// visited says what a visit that finds a text at an address has to give. Another
// name of a record that reads otherwise waits for the record's own address, unless
// that has been asked.
func (m *model) visited(path, text string, asked bool) dossier.Status {
	m.shown[path] = text
	rec, known := m.owner[path]
	switch {
	case known && m.primary[path]:
		if m.current(rec) == text {
			return dossier.StatusUnchanged
		}
		m.texts[rec] = append(m.texts[rec], text)
		return dossier.StatusChanged
	case known && m.current(rec) == text:
		return dossier.StatusUnchanged
	}
	if first := m.first(text); first != "" {
		m.owner[path] = first
		return dossier.StatusDuplicate
	}
	if known && !asked {
		return dossier.StatusRetry
	}
	m.owner[path], m.primary[path], m.texts[path] = path, true, []string{text}
	m.order = append(m.order, path)
	return dossier.StatusNew
}

func (m *model) current(rec string) string { return m.texts[rec][len(m.texts[rec])-1] }

// first is the oldest record that reads so now.
func (m *model) first(text string) string {
	for _, path := range m.order {
		if m.current(path) == text {
			return path
		}
	}
	return ""
}

var modelPaths = []string{"/a", "/b", "/c", "/d", "/e"}

// TestRecordModel makes random visits and compares what each gives, and what
// is archived in the end, with the model. Time is that of a bubble, as pages wait
// for those before them in the queue.
func TestRecordModel(t *testing.T) {
	dir := t.TempDir()
	n := 0
	synctest.Test(t, func(t *testing.T) {
		// Not as a *testing.T: it would be asked for its deadline, which a bubble has not.
		rapid.Check(struct{ rapid.TB }{t}, func(rt *rapid.T) {
			n++
			checkModel(t, rt, filepath.Join(dir, fmt.Sprintf("%d.db", n)))
		})
	})
}

func checkModel(t *testing.T, rt *rapid.T, path string) {
	a, err := archive.Open(t.Context(), path, archive.Options{Create: true})
	if err != nil {
		rt.Fatal(err)
	}
	defer a.Close()
	m := &model{texts: map[string][]string{}, owner: map[string]string{}, primary: map[string]bool{}, shown: map[string]string{}}
	steps := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) [2]int {
		return [2]int{rapid.IntRange(0, len(modelPaths)-1).Draw(rt, "path"), rapid.IntRange(0, 3).Draw(rt, "text")}
	}), 1, 25).Draw(rt, "steps")
	ids := map[string]string{}
	for i, s := range steps {
		path, text := modelPaths[s[0]], fmt.Sprintf("Text number %d.", s[1])
		at := noon.AddDate(i, 0, 0)
		run := newModelRun(t, a, at)
		look := func(path, text string, asked bool) dossier.Status {
			want := m.visited(path, text, asked)
			got := commit(t, a, visit(*run.task(path), at, article("Title", text)))
			if got.Status != want {
				rt.Fatalf("step %d: %s with %q: got %s, want %s", i, path, text, got.Status, want)
			}
			owner := m.owner[path]
			if ids[owner] == "" {
				ids[owner] = got.Record
			}
			if got.Record != ids[owner] {
				rt.Fatalf("step %d: %s belongs to %s, want %s", i, path, got.Record, ids[owner])
			}
			return got.Status
		}
		if look(path, text, false) == dossier.StatusRetry {
			own := m.owner[path]
			look(own, m.shown[own], false)
			look(path, text, true)
		}
	}
	for rec, texts := range m.texts {
		versions, err := a.Versions(t.Context(), ids[rec])
		if err != nil || len(versions) != len(texts) {
			rt.Fatalf("%s: %d versions, %v; want %d", rec, len(versions), err, len(texts))
		}
		for i, v := range versions {
			if v.Article.Body != texts[i] {
				rt.Fatalf("%s@%d: %q, want %q", rec, i+1, v.Article.Body, texts[i])
			}
		}
	}
	if v, err := a.Verify(t.Context(), false); err != nil || !v.Whole() || v.Records != len(m.texts) {
		rt.Fatalf("%+v, %v; want %d records", v, err, len(m.texts))
	}
}

// modelRun is a run whose start page shows all addresses.
type modelRun struct {
	t      *testing.T
	a      *archive.Archive
	run    dossier.Run
	at     time.Time
	leased map[string]*dossier.Task // by address
}

func newModelRun(t *testing.T, a *archive.Archive, at time.Time) *modelRun {
	start := dossier.Link{URL: "http://jilin.test/", Key: "jilin.test/", Host: "jilin.test", Kind: dossier.KindStart}
	run, err := a.BeginRun(t.Context(), &dossier.Site{ID: "jilin"}, []dossier.Link{start}, at)
	if err != nil {
		t.Fatal(err)
	}
	v := dossier.Visit{Task: *next(t, a, run, at), At: at, Outcome: dossier.Outcome{Status: dossier.StatusListed}}
	for _, p := range modelPaths {
		l := link("jilin", p)
		l.OnShow = true
		v.Links = append(v.Links, l)
	}
	commit(t, a, v)
	return &modelRun{t, a, run, at.Add(time.Minute), map[string]*dossier.Task{}}
}

// task leases an address; what is leased before it is kept for later.
func (r *modelRun) task(path string) *dossier.Task {
	address := "http://jilin.test" + path
	for r.leased[address] == nil {
		task := next(r.t, r.a, r.run, r.at)
		r.leased[task.URL] = task
	}
	task := r.leased[address]
	delete(r.leased, address)
	return task
}
