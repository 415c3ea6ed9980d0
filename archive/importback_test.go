package archive_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/archive/export"
)

// saves are the forms of a web archive.
var saves = map[string]func(io.Writer, iter.Seq2[archive.Capture, error], string) (export.WebArchive, error){
	"warc.gz": export.WriteWARC, "warc": export.WritePlainWARC, "wacz": export.WriteWACZ}

// counter changes the bytes of a page, not its text.
const counter = "<!-- read 17 times -->"

// readCounted reads pages with and without a counter.
func readCounted(ctx context.Context, site string, s *dossier.Snapshot) (dossier.Article, error) {
	page := *s
	page.Body = bytes.TrimSuffix(s.Body, []byte(counter))
	return readPage(false)(ctx, site, &page)
}

// changesBack crawls records whose pages show few texts in turn, each now and then as it was,
// and gives the ids of the records.
func changesBack(t *testing.T, a *archive.Archive, r *rand.Rand) (ids []string) {
	t.Helper()
	const records = 3
	at := noon
	texts, made := make([]int, records), make([]int, records)
	for run := range 2 + r.IntN(7) {
		at = at.Add(time.Duration(1+r.IntN(2)*r.IntN(200_000)) * time.Second)
		ids = crawlShown(t, a, at, records, func(i int, task dossier.Task) dossier.Visit {
			if run > 0 && r.IntN(4) > 0 {
				texts[i] = (texts[i] + 1 + r.IntN(2)) % 3
				made[i]++
			}
			v := visit(task, at, article(fmt.Sprintf("Title %d", i), fmt.Sprintf("Record %d shows the figure %d.", i, texts[i])))
			if r.IntN(6) == 0 {
				v.Snapshot.Body = append(v.Snapshot.Body, counter...)
			}
			return v
		})
	}
	for i, id := range ids {
		if list, err := a.Versions(t.Context(), id); err != nil || len(list) != made[i]+1 {
			t.Fatalf("%d versions, %v; want %d", len(list), err, made[i]+1)
		}
	}
	return ids
}

// crawlShown makes a run whose start page shows the addresses /0 to /n-1, each of which is
// visited, and gives the ids of their records.
func crawlShown(t *testing.T, a *archive.Archive, at time.Time, n int, visit func(i int, task dossier.Task) dossier.Visit) []string {
	t.Helper()
	start := dossier.Link{URL: "http://jilin.test/", Key: "jilin.test/", Host: "jilin.test", Kind: dossier.KindStart}
	run, err := a.BeginRun(t.Context(), &dossier.Site{ID: "jilin"}, []dossier.Link{start}, at)
	if err != nil {
		t.Fatal(err)
	}
	v := dossier.Visit{Task: *next(t, a, run, at), At: at, Outcome: dossier.Outcome{Status: dossier.StatusListed}}
	for _, path := range numbered(n) {
		l := link("jilin", path)
		l.OnShow = true
		v.Links = append(v.Links, l)
	}
	commit(t, a, v)
	ids := make([]string, n)
	for range n {
		task := next(t, a, run, at)
		var i int
		if _, err := fmt.Sscanf(task.URL, "http://jilin.test/%d", &i); err != nil {
			t.Fatal(err)
		}
		ids[i] = commit(t, a, visit(i, *task)).Record
	}
	run.State, run.Ended = dossier.RunFinished, at
	if err := a.EndRun(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	return ids
}

// historyOf says when the versions of records began, what they say and which is the current
// one, in the order of their times.
func historyOf(t *testing.T, a *archive.Archive, ids []string) (out []string) {
	t.Helper()
	for _, id := range ids {
		r, err := a.Record(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		list, err := a.Versions(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		slices.SortStableFunc(list, func(a, b dossier.Version) int { return a.Created.Compare(b.Created) })
		for _, v := range list {
			out = append(out, fmt.Sprint(id, " ", v.Created.Format(time.DateTime), " ", v.Article.Body))
		}
		out = append(out, fmt.Sprint(id, " now ", r.Body, " seen ", r.FirstSeen, " ", r.LastSeen))
	}
	return out
}

// numbersOf are the versions of records in the order of their numbers.
func numbersOf(t *testing.T, a *archive.Archive, ids []string) (out []string) {
	t.Helper()
	for _, id := range ids {
		list, err := a.Versions(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range list {
			out = append(out, fmt.Sprintf("%s@%d %s", id, v.Number, v.Article.Body))
		}
	}
	return out
}

// TestTextsThatComeBack: what an archive says of pages that showed texts in turn, it says
// when they went through a file of any form, and nothing is other when that comes again.
func TestTextsThatComeBack(t *testing.T) {
	im := archive.Import{Place: place, IsPage: isPage, Read: readCounted}
	for seed := range uint64(few(8, 2)) {
		source := open(t)
		ids := changesBack(t, source, rand.New(rand.NewPCG(seed, 3)))
		for form, save := range saves {
			var b bytes.Buffer
			if _, err := save(&b, source.Captures(t.Context(), archive.Query{}), "test"); err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			file, path := filepath.Join(dir, "x."+form), filepath.Join(dir, "a.db")
			if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			a := openAt(t, path)
			var before []string
			for i := range 2 {
				got, err := a.ImportFile(t.Context(), file, im)
				if err != nil || got.Passed > 0 || i > 0 && got.New+got.Changed > 0 {
					t.Fatalf("%d, %s: import %d: %+v, %v", seed, form, i+1, got, err)
				}
				if diff := cmp.Diff(historyOf(t, source, ids), historyOf(t, a, ids)); diff != "" {
					t.Errorf("%d, %s: import %d (-want +got):\n%s", seed, form, i+1, diff)
				}
				if diff := cmp.Diff(numbersOf(t, source, ids), numbersOf(t, a, ids)); diff != "" {
					t.Errorf("%d, %s: import %d (-want +got):\n%s", seed, form, i+1, diff)
				}
				rows := rowsOf(t, path)
				if diff := cmp.Diff(before, rows); i > 0 && diff != "" {
					t.Errorf("%d, %s: the second import changes (-was +is):\n%s", seed, form, diff)
				}
				before = rows
			}
			if v, err := a.Verify(t.Context(), false); err != nil || !v.Whole() {
				t.Errorf("%d, %s: %+v, %v", seed, form, v, err)
			}
		}
	}
}

// captureFiles writes each capture of an archive into a file of its own.
func captureFiles(t *testing.T, a *archive.Archive) (files []string) {
	t.Helper()
	for c, err := range a.Captures(t.Context(), archive.Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		path, out := newWARC(t)
		_, err := export.WritePlainWARC(out, func(yield func(archive.Capture, error) bool) { yield(c, nil) }, "test")
		if err != nil {
			t.Fatal(err)
		}
		if err := out.Close(); err != nil {
			t.Fatal(err)
		}
		files = append(files, path)
	}
	return files
}

// TestTextsThatComeBackInAnyOrder: the captures of a record may come in files of their own, in
// any order, and all of them again.
func TestTextsThatComeBackInAnyOrder(t *testing.T) {
	im := archive.Import{Place: place, IsPage: isPage, Read: readCounted}
	for seed := range uint64(few(16, 2)) {
		r := rand.New(rand.NewPCG(seed, 4))
		source, a := open(t), open(t)
		ids := changesBack(t, source, r)
		files := captureFiles(t, source)
		for i := range 2 {
			r.Shuffle(len(files), func(i, j int) { files[i], files[j] = files[j], files[i] })
			for _, file := range files {
				if got, err := a.ImportFile(t.Context(), file, im); err != nil || i > 0 && got.New+got.Changed > 0 {
					t.Fatalf("%d: round %d: %+v, %v", seed, i+1, got, err)
				}
			}
			if diff := cmp.Diff(historyOf(t, source, ids), historyOf(t, a, ids)); diff != "" {
				t.Errorf("%d: round %d (-want +got):\n%s", seed, i+1, diff)
			}
		}
		if v, err := a.Verify(t.Context(), false); err != nil || !v.Whole() {
			t.Errorf("%d: %+v, %v", seed, v, err)
		}
	}
}

// TestTextThatCameBackElsewhere: an archive that has seen a text once takes from another one
// that it was gone in between, also before it gets the page that was there then. What it saw
// itself all the time stays one version.
func TestTextThatCameBackElsewhere(t *testing.T) {
	im := archive.Import{Place: place, IsPage: isPage, Read: readCounted}
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	source := open(t)
	one, two := article("T", "One text."), article("T", "Two texts.")
	var ids []string
	for i, art := range []dossier.Article{two, one, two, one} {
		ids = crawlShown(t, source, day(i), 1, func(_ int, task dossier.Task) dossier.Visit { return visit(task, day(i), art) })
	}
	files := captureFiles(t, source)
	a := open(t)
	put(t, a, "jilin", day(1).Add(time.Hour), one)
	for i, want := range []archive.ImportReport{{Unchanged: 1, Renumbered: 1}, {Changed: 1, Renumbered: 1}, {Changed: 1}, {Changed: 1, Renumbered: 1}} {
		got, err := a.ImportFile(t.Context(), files[[]int{1, 3, 2, 0}[i]], im)
		want.Records = 4
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("import %d: %v (-want +got):\n%s", i+1, err, diff)
		}
	}
	if r, err := a.Record(t.Context(), ids[0]); err != nil || r.Body != "One text." || !r.LastSeen.Equal(day(3)) {
		t.Errorf("%+v, %v", r, err)
	}
	if v, err := a.Verify(t.Context(), false); err != nil || !v.Whole() {
		t.Errorf("%+v, %v", v, err)
	}
}
