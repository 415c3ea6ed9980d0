package archive_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/archive/export"
	"github.com/dossier-archive/dossier/archive/warc"
)

// inPages is a visit of an article whose text stands in several answers.
func inPages(v dossier.Visit, bodies ...string) dossier.Visit {
	for i, body := range bodies {
		part := *v.Snapshot
		part.URL = strings.Replace(part.URL, ".test/", fmt.Sprintf(".test/part%d/", i+2), 1)
		part.FinalURL, part.Body = part.URL, []byte(body)
		part.Head = []byte(fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Part: %d\r\n\r\n", i+2))
		v.Snapshot.Parts = append(v.Snapshot.Parts, part)
		v.Article.Parts = append(v.Article.Parts, part.FinalURL)
	}
	return v
}

// readParts gives the text of all answers, one a line.
func readParts(_ context.Context, _ string, page *dossier.Snapshot) (dossier.Article, error) {
	art := article("Title", string(page.Body))
	for _, p := range page.Parts {
		art.Body += "\n" + string(p.Body)
		art.Parts = append(art.Parts, p.FinalURL)
	}
	return art, nil
}

// withParts is an archive of three records, the second of which stands in three answers.
func withParts(t *testing.T) (path, id string) {
	path = filepath.Join(t.TempDir(), "a.db")
	a := openAt(t, path)
	defer a.Close()
	for i := range 3 {
		run := begin(t, a, "jilin", noon, fmt.Sprintf("/%d", i))
		page := strings.Repeat(fmt.Sprintf("<p>Text of page 1 of article %d, as long as a page has to be.</p>", i), 20)
		v := visitWith(*next(t, a, run, noon), noon, article("Title", page), page)
		if i == 1 {
			second, third := strings.ReplaceAll(page, "page 1", "page 2"), strings.ReplaceAll(page, "page 1", "page 3")
			v.Article.Body += "\n" + second + "\n" + third
			v = inPages(v, second, third)
		}
		if o := commit(t, a, v); i == 1 {
			id = o.Record
		}
	}
	return path, id
}

// TestPartsAreKept: each answer that a text stands in comes back as it was.
func TestPartsAreKept(t *testing.T) {
	path, id := withParts(t)
	a := openAt(t, path)
	s, err := a.Snapshot(t.Context(), id, 1)
	if err != nil || len(s.Parts) != 2 {
		t.Fatalf("%d parts, %v", len(s.Parts), err)
	}
	for i, p := range append([]dossier.Snapshot{s}, s.Parts...) {
		if n := bytes.Count(p.Body, fmt.Appendf(nil, "page %d of article 1", i+1)); n != 20 || len(p.Body) != 20*len("<p>Text of page 1 of article 1, as long as a page has to be.</p>") {
			t.Errorf("answer %d: %q", i+1, p.Body)
		}
		if i > 0 && (!strings.Contains(string(p.Head), fmt.Sprintf("X-Part: %d\r\n", i+1)) || p.Header.Get("X-Part") == "" || !p.FetchedAt.Equal(noon) || p.Status != 200 || p.Request.Get("User-Agent") != "dossier") {
			t.Errorf("answer %d: %+v", i+1, p)
		}
	}
	got, err := a.Record(t.Context(), id)
	if err != nil || len(got.Parts) != 2 {
		t.Errorf("parts of the record %v, %v", got.Parts, err)
	}
	report, err := a.Reread(t.Context(), archive.Reread{Read: readParts})
	if err != nil || report.Unchanged != 3 {
		t.Errorf("read again: %+v, %v", report, err)
	}
}

// TestDamagedParts: whoever changes what an archive says of the parts of a page is noticed.
func TestDamagedParts(t *testing.T) {
	for name, forge := range map[string]string{
		"taken away": "UPDATE pages SET parts = '' WHERE parts != ''",
		"no JSON":    "UPDATE pages SET parts = '[{' WHERE parts != ''",
		"sizes":      "UPDATE pages SET parts = replace(parts, '\"size\":', '\"size\":9') WHERE parts != ''",
		"address":    "UPDATE pages SET parts = replace(parts, 'part2', 'part9') WHERE parts != ''",
		"bytes":      "UPDATE pages SET body = x'28b52ffd' WHERE parts != ''",
	} {
		t.Run(name, func(t *testing.T) {
			path, id := withParts(t)
			if _, err := raw(t, path).Exec(forge); err != nil {
				t.Fatal(err)
			}
			a := openAt(t, path)
			defer a.Close()
			v, err := a.Verify(t.Context(), false)
			if err != nil || v.Whole() || !strings.Contains(fmt.Sprint(v.Damage), id) {
				t.Errorf("%+v, %v: nothing is said of %s", v.Damage, err, id)
			}
			if _, err := a.Verify(t.Context(), true, readParts); err != nil {
				t.Fatal(err)
			}
			if _, err := a.Snapshot(t.Context(), id, 1); err != nil && !isDamaged(err) {
				t.Errorf("the page after the repair: %v", err)
			}
			if r, err := a.Record(t.Context(), id); err != nil || !strings.Contains(r.Body, "page 3 of") {
				t.Errorf("the record after the repair: %v", err)
			}
		})
	}
	// One that came by mistake is taken away, as the seal of the page proves.
	path, _ := withParts(t)
	if _, err := raw(t, path).Exec("UPDATE pages SET parts = '[]' WHERE parts = ''"); err != nil {
		t.Fatal(err)
	}
	a := openAt(t, path)
	defer a.Close()
	for _, repair := range []bool{true, false} {
		if v, err := a.Verify(t.Context(), repair, readParts); err != nil || len(v.Damage) != map[bool]int{true: 2}[repair] {
			t.Errorf("repair %v: %+v, %v", repair, v.Damage, err)
		}
	}
}

// TestPartsInWebArchives: a WARC file holds each answer, and gives back the same record.
func TestPartsInWebArchives(t *testing.T) {
	path, id := withParts(t)
	a := openAt(t, path)
	file, b := exported(t, a), open(t)
	var passed []archive.Passed
	im := archive.Import{Place: place, IsPage: isPage, Read: readParts, Passed: func(p archive.Passed) { passed = append(passed, p) }}
	for i, want := range []archive.ImportReport{{Records: 14, New: 3}, {Records: 14, Unchanged: 3}} {
		got, err := b.ImportFile(t.Context(), file, im)
		if diff := cmp.Diff(want, got); err != nil || diff != "" || len(passed) > 0 {
			t.Errorf("import %d: %v (-want +got):\n%s%+v", i+1, err, diff, passed)
		}
	}
	want, _ := a.Record(t.Context(), id)
	got, err := b.Record(t.Context(), id)
	if err != nil || got.SHA256 != want.SHA256 || !cmp.Equal(got.Parts, want.Parts) {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
	before, _ := a.Snapshot(t.Context(), id, 1)
	if after, err := b.Snapshot(t.Context(), id, 1); err != nil || len(after.Parts) != 2 || !bytes.Equal(after.Parts[1].Body, before.Parts[1].Body) {
		t.Errorf("the page came as %+v, %v", after, err)
	}
	var z bytes.Buffer
	if n, err := export.WriteWACZ(&z, a.Captures(t.Context(), archive.Query{}), "test"); err != nil || n.Pages != 3 {
		t.Errorf("WACZ: %+v, %v", n, err)
	}

	// Without its page a part is passed over, and said so.
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	alone := bytes.ReplaceAll(text, []byte("Dossier-Part: "), []byte("Dossier-Null: "))
	if err := os.WriteFile(file, alone, 0o644); err != nil {
		t.Fatal(err)
	}
	if got, err := open(t).ImportFile(t.Context(), file, im); err != nil || got.New != 3 || got.Passed != 2 || !strings.Contains(fmt.Sprint(passed), "does not follow") {
		t.Errorf("without their page: %+v, %v, %+v", got, err, passed)
	}
}

// TestPartsWithoutEnd: a file with more parts before a page than are held gives the page with
// none of them, and all are passed over.
func TestPartsWithoutEnd(t *testing.T) {
	path, out := newWARC(t)
	defer out.Close()
	w, err := warc.NewPlainWriter(out, "test", noon)
	if err != nil {
		t.Fatal(err)
	}
	page := strings.Repeat("<p>Text of a page that has many parts.</p>", 9)
	v := visitWith(dossier.Task{URL: "http://jilin.test/1"}, noon, article("Title", page), page)
	for i := range 100 {
		v = inPages(v, fmt.Sprintf("<p>Part %d.</p>", i))
	}
	if _, _, err := w.Page(v.Snapshot); err != nil {
		t.Fatal(err)
	}
	a := open(t)
	got, err := a.ImportFile(t.Context(), path, archive.Import{Place: place, IsPage: isPage, Read: readParts})
	if err != nil || got.New != 1 || got.Passed != 100 {
		t.Errorf("%+v, %v", got, err)
	}
	for r := range a.Records(t.Context(), archive.List{}) {
		if strings.Contains(r.Body, "Part ") {
			t.Errorf("its text is %.300q", r.Body)
		}
	}
}
