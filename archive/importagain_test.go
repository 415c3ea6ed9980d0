package archive_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

// fetched is a page as another crawler got it.
type fetched struct {
	path string
	at   time.Time
	text string
}

// warcOf writes pages of one headline into a WARC file.
func warcOf(t *testing.T, pages ...fetched) string {
	t.Helper()
	var answers []answered
	for _, p := range pages {
		answers = append(answers, answered{path: p.path, at: p.at, status: 200, text: p.text})
	}
	return answersOf(t, answers...)
}

func TestImportedTwice(t *testing.T) {
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	for _, c := range []struct {
		name   string
		pages  []fetched
		first  archive.ImportReport
		second archive.ImportReport
	}{
		{"two texts in one second",
			[]fetched{{"/0", day(0), "One text."}, {"/0", day(0).Add(time.Second / 2), "Two texts."}, {"/0", day(0), "One text."}},
			archive.ImportReport{New: 1, Changed: 1, Unchanged: 1}, archive.ImportReport{Unchanged: 3}},
		{"a repost that became a record",
			[]fetched{{"/0", day(0), "One text."}, {"/1", day(1), "One text."}, {"/1", day(2), "Another text."}, {"/0", day(3), "One text."}, {"/1", day(4), "One text."}},
			archive.ImportReport{New: 2, Changed: 1, Unchanged: 1, Duplicate: 1}, archive.ImportReport{Unchanged: 4, Duplicate: 1}},
		{"a text that comes back",
			[]fetched{{"/0", day(0), "One text."}, {"/0", day(1), "Two texts."}, {"/0", day(2), "One text."}},
			archive.ImportReport{New: 1, Changed: 2}, archive.ImportReport{Unchanged: 3}},
		{"an old capture of a text that was another one in between",
			[]fetched{{"/0", day(2), "One text."}, {"/0", day(0), "One text."}, {"/0", day(1), "Two texts."}},
			archive.ImportReport{New: 1, Changed: 1, Unchanged: 1}, archive.ImportReport{Unchanged: 3}},
		{"a text that was another one in between, which comes last",
			[]fetched{{"/0", day(0), "One text."}, {"/0", day(2), "One text."}, {"/0", day(1), "Two texts."}},
			archive.ImportReport{New: 1, Changed: 1, Unchanged: 1}, archive.ImportReport{Unchanged: 3}},
		{"another text after one that was seen again",
			[]fetched{{"/0", day(0), "Two texts."}, {"/0", day(1), "Two texts."}, {"/0", day(2), "One text."}},
			archive.ImportReport{New: 1, Changed: 1, Unchanged: 1}, archive.ImportReport{Unchanged: 3}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, path := open(t), warcOf(t, c.pages...)
			for i, want := range []archive.ImportReport{c.first, c.second, c.second} {
				want.Records = len(c.pages) + 1
				got, err := a.ImportFile(t.Context(), path, archive.Import{Place: place, IsPage: isPage, Read: readPage(false)})
				if diff := cmp.Diff(want, got); err != nil || diff != "" {
					t.Errorf("import %d: %v (-want +got):\n%s", i+1, err, diff)
				}
			}
			for r, err := range a.Records(t.Context(), archive.List{}) {
				if err != nil || r.Body != "One text." && c.name != "two texts in one second" { // that of the newest capture
					t.Errorf("%s now says %q, %v", r.URL, r.Body, err)
				}
			}
			if v, err := a.Verify(t.Context(), false); err != nil || !v.Whole() {
				t.Errorf("%+v, %v", v, err)
			}
		})
	}
}

// Captures in any order, of few texts at few addresses, are all known the second time.
func TestImportedTwiceInAnyOrder(t *testing.T) {
	for seed := range uint64(few(60, 6)) {
		r := rand.New(rand.NewPCG(seed, 7))
		var pages []fetched
		for range 3 + r.IntN(12) {
			pages = append(pages, fetched{fmt.Sprintf("/%d", r.IntN(3)), noon.AddDate(0, 0, r.IntN(5)), fmt.Sprintf("Text number %d.", r.IntN(3))})
		}
		file, path := warcOf(t, pages...), filepath.Join(t.TempDir(), "a.db")
		a := openAt(t, path)
		var before []string
		for i := range 3 {
			got, err := a.ImportFile(t.Context(), file, archive.Import{Place: place, IsPage: isPage, Read: readPage(false)})
			if err != nil || i > 0 && (got.New > 0 || got.Changed > 0) || got.Articles() != len(pages) {
				t.Fatalf("%d: import %d of %+v: %+v, %v", seed, i+1, pages, got, err)
			}
			after := rowsOf(t, path)
			if diff := cmp.Diff(before, after); i > 0 && diff != "" {
				t.Errorf("%d: import %d of %+v changes (-was +is):\n%s", seed, i+1, pages, diff)
			}
			before = after
		}
		if v, err := a.Verify(t.Context(), false); err != nil || !v.Whole() {
			t.Errorf("%d: %+v, %v", seed, v, err)
		}
	}
}

// rowsOf are the rows of what an archive holds.
func rowsOf(t *testing.T, path string) (out []string) {
	t.Helper()
	for _, table := range []string{"records", "versions", "pages", "addresses", "frontier", "observations", "runs", "seals", "similar"} {
		rows, err := raw(t, path).Query("SELECT * FROM " + table + " ORDER BY 1, 2")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				t.Fatal(err)
			}
			line := table
			for _, v := range values {
				line += fmt.Sprintf(" %v", *v.(*any))
			}
			out = append(out, line)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// TestImportsAreObserved: each capture is an observation of its time, once, in a run that
// is none of a crawl. What was only imported is new to a crawl that finds it.
func TestImportsAreObserved(t *testing.T) {
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	a := open(t)
	file := warcOf(t, fetched{"/0", day(0), "A text."}, fetched{"/0", day(2), "A text."}, fetched{"/0", day(1), "A text."}, fetched{"/1", day(3), "A text."}, fetched{"/0", day(4), "Another."})
	for range 2 {
		if _, err := a.ImportFile(t.Context(), file, archive.Import{Place: place, IsPage: isPage, Read: readPage(false)}); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for r, err := range a.Records(t.Context(), archive.List{}) {
		if err != nil {
			t.Fatal(err)
		}
		for o, err := range a.RecordObservations(t.Context(), r.ID) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprintf("run %d %s %s %s %d %s", o.Run, o.URL, o.At.Format(time.DateOnly), o.Outcome.Status, o.HTTP, o.Outcome.Detail))
		}
	}
	want := []string{
		"run 1 http://jilin.test/0 2026-03-01 new 200 imported",
		"run 1 http://jilin.test/0 2026-03-03 unchanged 200 imported",
		"run 1 http://jilin.test/0 2026-03-02 unchanged 200 imported",
		"run 1 http://jilin.test/1 2026-03-04 duplicate 200 imported",
		"run 1 http://jilin.test/0 2026-03-05 changed 200 imported",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("observations (-want +got):\n%s", diff)
	}
	runs, err := a.Runs(t.Context(), "", 0)
	if err != nil || len(runs) != 1 || runs[0].Kind != dossier.RunImport || runs[0].State != dossier.RunFinished || runs[0].New != 1 || runs[0].Unchanged != 2 {
		t.Errorf("runs: %+v, %v; want the import", runs, err)
	}
	if last, err := a.LastRun(t.Context(), "jilin"); err != nil || !last.IsZero() {
		t.Errorf("last crawl: %v, %v; want none", last, err)
	}
	if days, err := a.Coverage(t.Context(), nil, nil); err != nil || len(days) > 0 {
		t.Errorf("coverage: %+v, %v; want none", days, err)
	}
	run := begin(t, a, "jilin", day(5), "/0")
	if unseen, fresh, err := a.Known(t.Context(), "jilin", run.ID, []string{"jilin.test/0", "jilin.test/1"}); err != nil || unseen != 1 || fresh != 0 {
		t.Errorf("%d unseen, %d fresh, %v; want the one that no list shows", unseen, fresh, err)
	}
	task := next(t, a, run, day(5))
	if o := commit(t, a, visit(*task, day(5), article("Plant opens", "Another."))); o.Status != dossier.StatusUnchanged || !task.Archived {
		t.Errorf("crawl: %+v, archived %v; want it known and unchanged", o, task.Archived)
	}
	if v, err := a.Verify(t.Context(), false); err != nil || !v.Whole() {
		t.Errorf("%+v, %v", v, err)
	}
}

// Pages of one site are packed with each other, also those of a small file.
func TestImportedPagesArePackedWithEachOther(t *testing.T) {
	var pages []fetched
	for i := range 30 {
		pages = append(pages, fetched{fmt.Sprintf("/%d", i), noon, fmt.Sprint("Text number ", i, sitePage(uint64(i)))})
	}
	path := filepath.Join(t.TempDir(), "a.db")
	if r, err := openAt(t, path).ImportFile(t.Context(), warcOf(t, pages...), archive.Import{Place: place, IsPage: isPage, Read: readPage(false)}); err != nil || r.New != len(pages) {
		t.Fatalf("%+v, %v", r, err)
	}
	if n := sum(t, raw(t, path), "SELECT count(*) FROM pages WHERE base IS NULL"); n != 1 {
		t.Errorf("%d of %d pages have no dictionary, want the first only", n, len(pages))
	}
}

// A record that was read again still comes from where its page does.
func TestOriginOfPages(t *testing.T) {
	a := open(t)
	crawled := put(t, a, "jilin", noon, article("T", "Crawled."))[0]
	if _, err := a.ImportFile(t.Context(), warcOf(t, fetched{"/1", noon, "Imported."}), archive.Import{Place: place, IsPage: isPage, Read: readPage(false)}); err != nil {
		t.Fatal(err)
	}
	for _, again := range []bool{false, true} {
		if again {
			if r, err := a.Reread(t.Context(), archive.Reread{Read: func(_ context.Context, _ string, s *dossier.Snapshot) (dossier.Article, error) {
				return article("Read again", string(s.Body)), nil
			}}); err != nil || r.Changed != 2 {
				t.Fatalf("%+v, %v", r, err)
			}
		}
		for _, bare := range []bool{false, true} {
			for r, err := range a.Records(t.Context(), archive.List{Bare: bare}) {
				if want := map[bool]string{true: "crawl", false: "import"}[r.ID == crawled]; err != nil || r.Origin != want {
					t.Errorf("version %d of %s: origin %q, %v; want %q", r.Version, r.URL, r.Origin, err, want)
				}
			}
		}
	}
}

// Captures that changed nothing stand in no WARC file, but when they were is known.
func TestSeenBeforeAndAfterItsPages(t *testing.T) {
	im := archive.Import{Place: place, IsPage: isPage, Read: readPage(false)}
	source := open(t)
	first, last := noon.AddDate(-5, 0, 0), noon.AddDate(0, 5, 0)
	if _, err := source.ImportFile(t.Context(), warcOf(t, fetched{"/0", noon, "A text."}, fetched{"/0", first, "A text."}, fetched{"/0", last, "A text."}), im); err != nil {
		t.Fatal(err)
	}
	path := exported(t, source)
	other := im // reads each page otherwise
	other.Read = func(context.Context, string, *dossier.Snapshot) (dossier.Article, error) {
		return article("T", "As rules read it."), nil
	}
	for _, im := range []archive.Import{im, other} {
		a := open(t)
		for range 2 {
			if _, err := a.ImportFile(t.Context(), path, im); err != nil {
				t.Fatal(err)
			}
		}
		for r, err := range a.Records(t.Context(), archive.List{}) {
			if err != nil || !r.FirstSeen.Equal(first) || !r.LastSeen.Equal(last) || r.Version != 1 {
				t.Errorf("version %d, seen %v to %v, %v; want %v to %v", r.Version, r.FirstSeen, r.LastSeen, err, first, last)
			}
		}
		if v, err := a.Verify(t.Context(), false); err != nil || !v.Whole() {
			t.Errorf("%+v, %v", v, err)
		}
	}
}

// TestImportFromPipe: what a pipe brings is imported, and whoever gives up neither waits for
// a writer nor for what it writes.
func TestImportFromPipe(t *testing.T) {
	file, err := os.ReadFile(warcOf(t, fetched{"/1", noon, "One text."}, fetched{"/2", noon, "Another text."}))
	if err != nil {
		t.Fatal(err)
	}
	im := archive.Import{Place: place, IsPage: isPage, Read: readPage(false)}
	gaveUp := errors.New("gave up")
	for _, c := range []struct {
		name  string
		write []byte // nil: nobody does
		ends  bool
	}{{"all of it", file, true}, {"a part", file[:len(file)/2], false}, {"nothing", []byte{}, false}, {"nobody", nil, false}} {
		t.Run(c.name, func(t *testing.T) {
			pipe := filepath.Join(t.TempDir(), "pipe")
			if err := syscall.Mkfifo(pipe, 0o600); err != nil {
				t.Skip(err)
			}
			ctx, giveUp := context.WithCancelCause(t.Context())
			defer giveUp(nil)
			var writer sync.WaitGroup
			defer writer.Wait()
			stalled := make(chan bool)
			defer close(stalled)
			if c.write == nil {
				giveUp(gaveUp)
			} else {
				writer.Go(func() {
					w, err := os.OpenFile(pipe, os.O_WRONLY, 0)
					if err != nil {
						t.Error(err)
						return
					}
					defer w.Close()
					if _, err := w.Write(c.write); err != nil {
						t.Error(err)
					}
					if !c.ends {
						giveUp(gaveUp)
						<-stalled
					}
				})
			}
			got, err := open(t).ImportFile(ctx, pipe, im)
			if c.ends && (err != nil || got.New != 2) || !c.ends && !errors.Is(err, gaveUp) {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}
