package archive_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/archive/warc"
)

// answered is what a server answered to another crawler.
type answered struct {
	path   string
	at     time.Time
	status int
	text   string // of the page
	to     string // Location
}

func answersOf(t *testing.T, answers ...answered) string {
	t.Helper()
	path, out := newWARC(t)
	defer out.Close()
	w, err := warc.NewPlainWriter(out, "test", noon)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range answers {
		url := "http://jilin.test" + a.path
		h := http.Header{"Content-Type": {"text/html"}}
		if a.to != "" {
			h.Set("Location", a.to)
		}
		_, _, err := w.Page(&dossier.Snapshot{URL: url, FinalURL: url, FetchedAt: a.at, Status: a.status, Proto: "HTTP/1.1", Header: h,
			Body: []byte("<html><h1>Plant opens</h1><p>" + a.text + "</p></html>")})
		if err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// readJudged reads pages that say what they are in a word.
func readJudged(ctx context.Context, site string, s *dossier.Snapshot) (dossier.Article, error) {
	art, err := readPage(false)(ctx, site, s)
	o := dossier.Outcome{Status: dossier.StatusFailed}
	switch art.Body {
	case "NOTFOUND":
		o = dossier.Outcome{Status: dossier.StatusGone, Reason: dossier.ReasonNotFoundText, Detail: "the page says that it does not exist"}
	case "CHALLENGE":
		o.Reason = dossier.ReasonChallenge
	default:
		return art, err
	}
	return art, archive.NoArticle{Outcome: o}
}

var imJudged = archive.Import{Place: place, IsPage: isPage, Read: readJudged}

// sightsOf lists what was seen of the first record of an archive.
func sightsOf(t *testing.T, a *archive.Archive) (out []string) {
	t.Helper()
	for r, err := range a.Records(t.Context(), archive.List{}) {
		if err != nil {
			t.Fatal(err)
		}
		for o, err := range a.RecordObservations(t.Context(), r.ID) {
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s %d %s %s", strings.TrimPrefix(o.URL, "http://jilin.test"), o.At.Format("02"), o.Outcome.Status, o.HTTP, o.Outcome.Detail, o.Outcome.Reason)))
		}
	}
	return out
}

// importsTwice imports a file twice and fails when the second time changes anything.
func importsTwice(t *testing.T, path, file string, im archive.Import) archive.ImportReport {
	t.Helper()
	a := openAt(t, path)
	first, err := a.ImportFile(t.Context(), file, im)
	if err != nil {
		t.Fatal(err)
	}
	before := rowsOf(t, path)
	second, err := a.ImportFile(t.Context(), file, im)
	if err != nil || second.Articles() != first.Articles() || second.Gone != first.Gone || second.Failed != first.Failed || second.Passed != first.Passed {
		t.Errorf("again: %+v, %v; at first %+v", second, err, first)
	}
	if diff := cmp.Diff(before, rowsOf(t, path)); diff != "" {
		t.Errorf("the second import changes (-was +is):\n%s", diff)
	}
	if v, err := a.Verify(t.Context(), false); err != nil || !v.Whole() {
		t.Errorf("%+v, %v", v, err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	return first
}

// TestRefusalsOfWebArchives: what a server sent in the place of an article is no version, but
// an observation of the record, wherever it stands in the file.
func TestRefusalsOfWebArchives(t *testing.T) {
	day := func(n int) time.Time { return noon.AddDate(0, 0, n-1) }
	good := answered{path: "/0", at: day(5), status: 200, text: "One text."}
	for _, c := range []struct {
		name string
		is   answered
		want string // observation, or why it is passed over
		gone int64
	}{
		{"no such page", answered{"/0", day(9), 404, "x", ""}, "/0 09 gone 404 imported http_404", 1},
		{"removed", answered{"/0", day(9), 410, "x", ""}, "/0 09 gone 410 imported http_410", 1},
		{"says that it is not there", answered{"/0", day(9), 200, "NOTFOUND", ""}, "/0 09 gone 200 imported not_found_text", 1},
		{"older", answered{"/0", day(2), 404, "x", ""}, "/0 02 gone 404 imported http_404", 0},
		{"out of order", answered{"/0", day(9), 503, "x", ""}, "/0 09 failed 503 imported http_503", 0},
		{"challenge", answered{"/0", day(9), 200, "CHALLENGE", ""}, "/0 09 failed 200 imported challenge", 0},
		{"challenge by its status", answered{"/0", day(9), 403, "CHALLENGE", ""}, "/0 09 failed 403 imported challenge", 0},
		{"not found, whatever it says", answered{"/0", day(9), 404, "CHALLENGE", ""}, "/0 09 gone 404 imported http_404", 1},
		{"no text", answered{"/0", day(9), 200, "", ""}, "/0 09 failed 200 imported text_gone", 0},
		{"of no record", answered{"/1", day(9), 404, "x", ""}, "http_404: Not Found", 0},
		{"of no record, says that it is not there", answered{"/1", day(9), 200, "NOTFOUND", ""}, "not_found_text: the page says that it does not exist", 0},
		{"of no record, no text", answered{"/1", day(9), 200, "", ""}, "no article was found on the page", 0},
	} {
		for _, order := range [][]answered{{good, c.is}, {c.is, good}} {
			t.Run(c.name, func(t *testing.T) {
				path := filepath.Join(t.TempDir(), "a.db")
				im, reasons := imJudged, []string{}
				im.Passed = func(p archive.Passed) { reasons = append(reasons, p.Reason) }
				got := importsTwice(t, path, answersOf(t, order...), im)
				a := openAt(t, path)
				seen := append(sightsOf(t, a), reasons[:len(reasons)/2]...)
				if diff := cmp.Diff([]string{"/0 05 new 200 imported", c.want}, seen); diff != "" || got.New != 1 || got.Changed != 0 || got.Gone+got.Failed+got.Passed != 1 {
					t.Errorf("%+v (-want +got):\n%s", got, diff)
				}
				if n := sum(t, raw(t, path), "SELECT missed FROM records"); n != c.gone {
					t.Errorf("missed %d times, want %d", n, c.gone)
				}
			})
		}
	}
}

// TestRefusedPagesOfExports: what a file of this program says to be a record is one.
func TestRefusedPagesOfExports(t *testing.T) {
	source := open(t)
	put(t, source, "jilin", noon, article("How to mend a page", "NOTFOUND"))
	if got := importsTwice(t, filepath.Join(t.TempDir(), "a.db"), exported(t, source), imJudged); got.New != 1 {
		t.Errorf("%+v", got)
	}
}

// TestGoneByWebArchives: several captures over days confirm that a record is gone, and one
// that shows it later that it is there.
func TestGoneByWebArchives(t *testing.T) {
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	a := open(t)
	id := put(t, a, "jilin", noon, article("Plant opens", "One text."))[0]
	for i, c := range []struct {
		answers []answered
		want    time.Time
	}{
		{[]answered{{"/0", day(9), 404, "", ""}, {"/0", day(1), 404, "", ""}}, time.Time{}},
		{[]answered{{"/0", day(8), 404, "", ""}}, day(9)},
		{[]answered{{"/0", day(7), 200, "One text.", ""}}, time.Time{}},
		{[]answered{{"/0", day(12), 404, "", ""}}, day(12)},
		{[]answered{{"/0", day(20), 200, "One text.", ""}}, time.Time{}},
	} {
		if _, err := a.ImportFile(t.Context(), answersOf(t, c.answers...), imJudged); err != nil {
			t.Fatal(err)
		}
		if r, err := a.Record(t.Context(), id); err != nil || !r.Gone.Equal(c.want) || r.Version != 1 {
			t.Errorf("after file %d: gone %v, version %d, %v; want %v", i+1, r.Gone, r.Version, err, c.want)
		}
		if v, err := a.Verify(t.Context(), false); err != nil || !v.Whole() {
			t.Errorf("after file %d: %+v, %v", i+1, v, err)
		}
	}
}

// TestSeenBeforeItWasGone: an older capture that is imported takes nothing back of what a crawl
// found later.
func TestSeenBeforeItWasGone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	absent(t, path)
	const state = "SELECT missed FROM records WHERE seq = 1 AND gone != ''"
	if n := sum(t, raw(t, path), state); n != 4 {
		t.Fatalf("missed %d times, want 4", n)
	}
	a := openAt(t, path)
	if _, err := a.ImportFile(t.Context(), answersOf(t, answered{"/0", noon.AddDate(0, 0, 50), 200, "A text that is another.", ""}), imJudged); err != nil {
		t.Fatal(err)
	}
	if n := sum(t, raw(t, path), state); n != 4 {
		t.Errorf("missed %d times, want 4", n)
	}
	if v, err := a.Verify(t.Context(), false); err != nil || !v.Whole() {
		t.Errorf("%+v, %v", v, err)
	}
}

// TestRefusalsInAnyOrder: files with captures in any order leave an archive whole, also when it
// is pruned, and nothing of them is new when they come again.
func TestRefusalsInAnyOrder(t *testing.T) {
	for seed := range uint64(few(16, 3)) {
		r := rand.New(rand.NewPCG(seed, 11))
		path := filepath.Join(t.TempDir(), "a.db")
		a := openAt(t, path)
		if seed%2 == 0 {
			absent := answersOf(t, answered{"/0", noon.AddDate(0, 0, 10), 200, "Text number 1.", ""})
			if _, err := a.ImportFile(t.Context(), absent, imJudged); err != nil {
				t.Fatal(err)
			}
		}
		var files []string
		for range 1 + r.IntN(5) {
			var answers []answered
			for range 1 + r.IntN(5) {
				one := answered{fmt.Sprintf("/%d", r.IntN(2)), noon.AddDate(0, 0, r.IntN(20)), []int{200, 200, 404, 404, 500}[r.IntN(5)], fmt.Sprintf("Text number %d.", r.IntN(2)), ""}
				if r.IntN(5) == 0 {
					one.text = "NOTFOUND"
				}
				answers = append(answers, one)
			}
			files = append(files, answersOf(t, answers...))
		}
		var before []string
		for round := range 3 {
			for i, file := range files {
				if _, err := a.ImportFile(t.Context(), file, imJudged); err != nil {
					t.Fatal(err)
				}
				if v, err := a.Verify(t.Context(), false); err != nil || !v.Whole() {
					t.Fatalf("%d: round %d, file %d: %+v, %v", seed, round, i, v, err)
				}
			}
			rows := rowsOf(t, path)
			if diff := cmp.Diff(before, rows); round > 1 && diff != "" {
				t.Errorf("%d: importing all again changes (-was +is):\n%s", seed, diff)
			}
			before = rows
		}
		if _, err := a.Prune(t.Context(), archive.Policy{ObservationsBefore: noon.AddDate(1, 0, 0)}); err != nil {
			t.Fatal(err)
		}
		if v, err := a.Verify(t.Context(), false); err != nil || !v.Whole() {
			t.Errorf("%d: pruned: %+v, %v", seed, v, err)
		}
	}
}
