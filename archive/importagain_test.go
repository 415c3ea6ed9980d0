package archive_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/archive/warc"
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
	path := filepath.Join(t.TempDir(), "x.warc")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	w, err := warc.NewPlainWriter(out, "test", noon)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		url := "http://jilin.test" + p.path
		_, err := w.Page(&dossier.Snapshot{URL: url, FinalURL: url, FetchedAt: p.at, Status: 200, Proto: "HTTP/1.1",
			Header: http.Header{"Content-Type": {"text/html"}}, Body: []byte("<html><h1>Plant opens</h1><p>" + p.text + "</p></html>")})
		if err != nil {
			t.Fatal(err)
		}
	}
	return path
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
	} {
		t.Run(c.name, func(t *testing.T) {
			a, path := open(t), warcOf(t, c.pages...)
			for i, want := range []archive.ImportReport{c.first, c.second, c.second} {
				want.Records = len(c.pages) + 1
				got, err := a.ImportFile(t.Context(), path, archive.Import{Place: place, Read: readPage(false)})
				if diff := cmp.Diff(want, got); err != nil || diff != "" {
					t.Errorf("import %d: %v (-want +got):\n%s", i+1, err, diff)
				}
			}
			if v, err := a.Verify(t.Context(), false); err != nil || !v.Whole() {
				t.Errorf("%+v, %v", v, err)
			}
		})
	}
}

// Pages of one site are packed with each other, also those of a small file.
func TestImportedPagesArePackedWithEachOther(t *testing.T) {
	var pages []fetched
	for i := range 30 {
		pages = append(pages, fetched{fmt.Sprintf("/%d", i), noon, fmt.Sprint("Text number ", i, sitePage(uint64(i)))})
	}
	path := filepath.Join(t.TempDir(), "a.db")
	if r, err := openAt(t, path).ImportFile(t.Context(), warcOf(t, pages...), archive.Import{Place: place, Read: readPage(false)}); err != nil || r.New != len(pages) {
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
	if _, err := a.ImportFile(t.Context(), warcOf(t, fetched{"/1", noon, "Imported."}), archive.Import{Place: place, Read: readPage(false)}); err != nil {
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
			for r, err := range a.Records(t.Context(), archive.Query{Bare: bare}) {
				if want := map[bool]string{true: "crawl", false: "import"}[r.ID == crawled]; err != nil || r.Origin != want {
					t.Errorf("version %d of %s: origin %q, %v; want %q", r.Version, r.URL, r.Origin, err, want)
				}
			}
		}
	}
}

// Captures that changed nothing stand in no WARC file, but when they were is known.
func TestSeenBeforeAndAfterItsPages(t *testing.T) {
	im := archive.Import{Place: place, Read: readPage(false)}
	source := open(t)
	first, last := noon.AddDate(-5, 0, 0), noon.AddDate(0, 5, 0)
	if _, err := source.ImportFile(t.Context(), warcOf(t, fetched{"/0", noon, "A text."}, fetched{"/0", first, "A text."}, fetched{"/0", last, "A text."}), im); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "x.warc")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if _, err := source.WritePlainWARC(t.Context(), out, archive.Query{}, "test"); err != nil {
		t.Fatal(err)
	}
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
		for r, err := range a.Records(t.Context(), archive.Query{}) {
			if err != nil || !r.FirstSeen.Equal(first) || !r.LastSeen.Equal(last) || r.Version != 1 {
				t.Errorf("version %d, seen %v to %v, %v; want %v to %v", r.Version, r.FirstSeen, r.LastSeen, err, first, last)
			}
		}
		if v, err := a.Verify(t.Context(), false); err != nil || !v.Whole() {
			t.Errorf("%+v, %v", v, err)
		}
	}
}
