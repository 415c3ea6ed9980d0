package archive_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/archive/export"
)

func place(url string) (site, clean, key string, err error) {
	return "jilin", url, strings.TrimPrefix(url, "http://"), nil
}

// isPage takes all that a header calls HTML.
func isPage(s *dossier.Snapshot) bool { return strings.Contains(s.Header.Get("Content-Type"), "html") }

// twoVersions is an archive whose first record has two versions and was seen
// unchanged twice: once with the same bytes, once with another counter.
func twoVersions(t *testing.T) *archive.Archive {
	a := open(t)
	put(t, a, "jilin", noon.AddDate(-4, 0, 0), many(3)...)
	later, much := noon.AddDate(-3, 0, 0), noon.AddDate(-2, 0, 0)
	commit(t, a, visit(again(t, a, "jilin", "/0", later), later, article("Title 0", "Another text.")))
	commit(t, a, visit(again(t, a, "jilin", "/0", much), much, article("Title 0", "Another text.")))
	more := noon.AddDate(-1, 0, 0)
	same := article("Title 0", "Another text.")
	if o := commit(t, a, visitWith(again(t, a, "jilin", "/0", more), more, same, "<p>Another text.</p> Read 17 times")); o.Status != dossier.StatusUnchanged {
		t.Fatalf("a page with another counter is %s", o.Status)
	}
	return a
}

func TestWebArchiveRoundTrip(t *testing.T) {
	a := twoVersions(t)
	for _, format := range []string{"warc.gz", "warc", "wacz"} {
		t.Run(format, func(t *testing.T) {
			write := func() []byte {
				var b bytes.Buffer
				save := map[string]func(io.Writer, iter.Seq2[archive.Capture, error], string) (export.WebArchive, error){
					"warc.gz": export.WriteWARC, "warc": export.WritePlainWARC, "wacz": export.WriteWACZ}
				n, err := save[format](&b, a.Captures(t.Context(), archive.Query{}), "dossier test")
				if diff := cmp.Diff(export.WebArchive{Pages: 4, Revisits: 1}, n); err != nil || diff != "" {
					t.Fatalf("%v (-want +got):\n%s", err, diff)
				}
				return b.Bytes()
			}
			out := write()
			if !bytes.Equal(out, write()) {
				t.Error("the same archive gives other bytes")
			}
			if plain := bytes.HasPrefix(out, []byte("WARC/1.1\r\n")); plain != (format == "warc") {
				t.Errorf("the file begins with %q", out[:10])
			}
			path := filepath.Join(t.TempDir(), "x."+format)
			if err := os.WriteFile(path, out, 0o644); err != nil {
				t.Fatal(err)
			}
			b := open(t)
			var passed []archive.Passed
			im := archive.Import{Place: place, IsPage: isPage, Read: readPage(false), Passed: func(p archive.Passed) { passed = append(passed, p) }}
			first, err := b.ImportFile(t.Context(), path, im)
			if diff := cmp.Diff(archive.ImportReport{Records: 14, New: 3, Changed: 1, Unchanged: 1}, first); err != nil || diff != "" {
				t.Fatalf("%v (-want +got):\n%s\n%+v", err, diff, passed)
			}
			second, err := b.ImportFile(t.Context(), path, im)
			if diff := cmp.Diff(archive.ImportReport{Records: 14, Unchanged: 5}, second); err != nil || diff != "" {
				t.Errorf("again: %v (-want +got):\n%s", err, diff)
			}
			for want, err := range a.Records(t.Context(), archive.List{}) {
				if err != nil {
					t.Fatal(err)
				}
				got, err := b.Record(t.Context(), want.ID)
				if err != nil || got.SHA256 != want.SHA256 || got.Version != want.Version || !got.FirstSeen.Equal(want.FirstSeen) || !got.LastSeen.Equal(want.LastSeen) {
					t.Errorf("%s: got %+v, %v; want %+v", want.ID, got, err, want)
				}
			}
			if v, err := b.Verify(t.Context(), false); err != nil || !v.Whole() {
				t.Errorf("after the import: %+v, %v", v, err)
			}
		})
	}
}

// newWARC begins a file for a WARC.
func newWARC(t *testing.T) (path string, out *os.File) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "x.warc")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, out
}

// exported is the path of a WARC file with what an archive holds.
func exported(t *testing.T, a *archive.Archive) string {
	t.Helper()
	path, out := newWARC(t)
	defer out.Close()
	if _, err := export.WritePlainWARC(out, a.Captures(t.Context(), archive.Query{}), "test"); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestAliasesOfWebArchives: the other addresses of a record come with it, also those of
// other sites.
func TestAliasesOfWebArchives(t *testing.T) {
	source := open(t)
	id := put(t, source, "jilin", noon, article("T", "One text."), article("T", "One text."))[0]
	put(t, source, "other", noon.AddDate(0, 0, 1), article("T", "One text."))
	want, err := source.Aliases(t.Context(), id)
	if err != nil || len(want) != 2 {
		t.Fatalf("%+v, %v; want two aliases", want, err)
	}
	path := exported(t, source)
	a := open(t)
	for range 2 {
		if _, err := a.ImportFile(t.Context(), path, archive.Import{Place: place, IsPage: isPage, Read: readPage(false)}); err != nil {
			t.Fatal(err)
		}
		got, err := a.Aliases(t.Context(), id)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	}
}

// TestSitesOfWebArchives: that records of a file become those of another site is said.
func TestSitesOfWebArchives(t *testing.T) {
	source := open(t)
	put(t, source, "jilin", noon, article("T", "One text."))
	put(t, source, "other", noon, article("U", "Another text."), article("V", "A third text."))
	got, err := open(t).ImportFile(t.Context(), exported(t, source), archive.Import{Place: place, IsPage: isPage, Read: readPage(false)})
	if diff := cmp.Diff(map[string]int{"other": 2}, got.Sites); err != nil || diff != "" || got.New != 3 {
		t.Errorf("%+v, %v (-want +got):\n%s", got, err, diff)
	}
}

// TestRepostsOfNoSite: none are among none.
func TestRepostsOfNoSite(t *testing.T) {
	if n, err := twoVersions(t).Reposts(t.Context(), nil); n != 0 || err != nil {
		t.Errorf("got %d, %v; want 0", n, err)
	}
}

// TestConfirmedByTheServer: an answer 304 is a revisit.
func TestConfirmedByTheServer(t *testing.T) {
	a := open(t)
	put(t, a, "jilin", noon.AddDate(-4, 0, 0), many(1)...)
	later := noon.AddDate(-3, 0, 0)
	v := dossier.Visit{Task: again(t, a, "jilin", "/0", later), At: later, HTTP: 304,
		Outcome: dossier.Outcome{Status: dossier.StatusUnchanged, Reason: "not_modified"}}
	if o := commit(t, a, v); o.Status != dossier.StatusUnchanged {
		t.Fatalf("got %+v", o)
	}
	n, err := export.WriteWARC(io.Discard, a.Captures(t.Context(), archive.Query{}), "dossier test")
	if diff := cmp.Diff(export.WebArchive{Pages: 1, Revisits: 1}, n); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// A bundle whose pages are not those that it describes is imported, and said to
// be damaged.
func TestBundleWithOtherDigest(t *testing.T) {
	var b bytes.Buffer
	if _, err := export.WriteWACZ(&b, twoVersions(t).Captures(t.Context(), archive.Query{}), "dossier test"); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "x.wacz")
	if err := os.WriteFile(path, withOtherDigests(t, b.Bytes()), 0o644); err != nil {
		t.Fatal(err)
	}
	var passed []archive.Passed
	report, err := open(t).ImportFile(t.Context(), path, archive.Import{Place: place, IsPage: isPage, Read: readPage(false), Passed: func(p archive.Passed) { passed = append(passed, p) }})
	if err != nil || report.New != 3 || report.Damaged != 1 || !strings.Contains(passed[0].Reason, "digest") {
		t.Errorf("%+v, %v; want 3 new and one damaged\n%+v", report, err, passed)
	}
}

// A bundle that was cut off has no directory; what is left of its pages is
// imported.
func TestBundleThatIsCut(t *testing.T) {
	var b bytes.Buffer
	if _, err := export.WriteWACZ(&b, twoVersions(t).Captures(t.Context(), archive.Query{}), "dossier test"); err != nil {
		t.Fatal(err)
	}
	least := 0
	for share := 1; share <= 9; share++ {
		path := filepath.Join(t.TempDir(), "x.wacz")
		if err := os.WriteFile(path, b.Bytes()[:b.Len()*share/10], 0o644); err != nil {
			t.Fatal(err)
		}
		a := open(t)
		report, err := a.ImportFile(t.Context(), path, archive.Import{Place: place, IsPage: isPage, Read: readPage(false)})
		if err == nil && report.Damaged == 0 || err != nil && report.Articles() > 0 {
			t.Errorf("%d tenths: %+v, %v; want it said to be damaged", share, report, err)
		}
		if report.Articles() < least {
			t.Errorf("%d tenths: %d articles, want the %d of less", share, report.Articles(), least)
		}
		least = report.Articles()
	}
	if least != 5 {
		t.Errorf("%d articles of nine tenths, want all 4 and the revisit", least)
	}
}

// A bundle whose directory says that its files stand elsewhere is read as one without.
func TestBundleWithOtherPlaces(t *testing.T) {
	var b bytes.Buffer
	if _, err := export.WriteWACZ(&b, twoVersions(t).Captures(t.Context(), archive.Query{}), "dossier test"); err != nil {
		t.Fatal(err)
	}
	end := bytes.LastIndex(b.Bytes(), []byte("PK\x05\x06"))
	copy(b.Bytes()[end+16:], "\xff\xff\xff\x7f")
	path := filepath.Join(t.TempDir(), "x.wacz")
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	report, err := open(t).ImportFile(t.Context(), path, archive.Import{Place: place, IsPage: isPage, Read: readPage(false)})
	if err != nil || report.Articles() != 5 || report.Damaged == 0 {
		t.Errorf("%+v, %v; want all 4 and the revisit, and it said to be damaged", report, err)
	}
}

// withOtherDigests copies a bundle and changes each digest of its description.
func withOtherDigests(t *testing.T, bundle []byte) []byte {
	in, err := zip.NewReader(bytes.NewReader(bundle), int64(len(bundle)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range in.File {
		if f.Name != "datapackage.json" {
			if err := z.Copy(f); err != nil {
				t.Fatal(err)
			}
			continue
		}
		text, err := fs.ReadFile(in, f.Name)
		if err != nil {
			t.Fatal(err)
		}
		w, err := z.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(bytes.ReplaceAll(text, []byte("sha256:"), []byte("sha256:00"))); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestImportOfAnOlderCapture(t *testing.T) {
	a := open(t)
	old, err := os.CreateTemp(t.TempDir(), "*.warc.gz")
	if err != nil {
		t.Fatal(err)
	}
	source := open(t)
	put(t, source, "jilin", noon.AddDate(-5, 0, 0), article("T", "Five years ago."))
	if _, err := export.WriteWARC(old, source.Captures(t.Context(), archive.Query{}), "test"); err != nil {
		t.Fatal(err)
	}
	id := put(t, a, "jilin", noon, article("T", "Today."))[0]
	im := archive.Import{Place: place, IsPage: isPage, Read: readPage(false)}
	for i, want := range []archive.ImportReport{{Records: 4, Changed: 1, Renumbered: 1}, {Records: 4, Unchanged: 1, Renumbered: 1}} {
		got, err := a.ImportFile(t.Context(), old.Name(), im)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("import %d: %v (-want +got):\n%s", i+1, err, diff)
		}
	}
	r, err := a.Record(t.Context(), id)
	if err != nil || r.Body != "Today." || !r.LastSeen.Equal(noon) || !r.FirstSeen.Equal(noon.AddDate(-5, 0, 0)) {
		t.Errorf("record: %+v, %v; want today's, first seen five years ago", r, err)
	}
	if v, err := a.Verify(t.Context(), false); err != nil || !v.Whole() {
		t.Errorf("verify: %+v, %v", v, err)
	}
	versions, err := a.Versions(t.Context(), id)
	if err != nil || len(versions) != 2 || versions[1].Origin != "import" {
		t.Errorf("versions: %+v, %v", versions, err)
	}
	later := noon.AddDate(1, 0, 0)
	if o := commit(t, a, visit(again(t, a, "jilin", "/0", later), later, article("T", "Tomorrow."))); o.Status != dossier.StatusChanged {
		t.Errorf("crawl after the import: %+v", o)
	}
	if r, err := a.Record(t.Context(), id); err != nil || r.Version != 3 || r.Body != "Tomorrow." {
		t.Errorf("record: %+v, %v; want version 3", r, err)
	}
}

// TestNumbersOfWebArchives: versions that are in no file leave no gap, and where a number is
// that of another text then, the import says so.
func TestNumbersOfWebArchives(t *testing.T) {
	source := open(t)
	put(t, source, "jilin", noon.AddDate(-4, 0, 0), article("Plant opens", "One text."), article("Plant stays", "A text that stays."))
	if r, err := source.Reread(t.Context(), archive.Reread{Read: readPage(true)}); err != nil || r.Read != 2 {
		t.Fatalf("%+v, %v", r, err)
	}
	later := noon.AddDate(-3, 0, 0)
	commit(t, source, visit(again(t, source, "jilin", "/0", later), later, article("Plant opens", "Two texts.")))
	path := exported(t, source)
	im := archive.Import{Place: place, IsPage: isPage, Read: readPage(false)}
	a := open(t)
	for i, want := range []archive.ImportReport{{Records: 10, New: 2, Changed: 1, Renumbered: 1}, {Records: 10, Unchanged: 3, Renumbered: 1}} {
		got, err := a.ImportFile(t.Context(), path, im)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("import %d: %v (-want +got):\n%s", i+1, err, diff)
		}
	}
	if v, err := a.Verify(t.Context(), false); err != nil || !v.Whole() {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestForeignFilesAreImportedTwiceAlike(t *testing.T) {
	files, err := filepath.Glob("../../shared/conformance/warc/*/*.[wa]*")
	if err != nil || len(files) == 0 {
		t.Skip("the collection of web archives is not beside the repository")
	}
	read := func(_ context.Context, _ string, s *dossier.Snapshot) (dossier.Article, error) {
		return article("Page of "+s.URL, string(bytes.ToValidUTF8(s.Body, nil))), nil
	}
	a := open(t)
	total := 0
	for _, file := range files {
		im := archive.Import{Place: place, IsPage: isPage, Read: read}
		first, errFirst := a.ImportFile(t.Context(), file, im)
		second, errSecond := a.ImportFile(t.Context(), file, im)
		if fmt.Sprint(errFirst) != fmt.Sprint(errSecond) || second.New+second.Changed+second.Duplicate-first.Duplicate > 0 || first.Records != second.Records {
			t.Errorf("%s: %+v, %v; then %+v, %v", file, first, errFirst, second, errSecond)
		}
		total += first.New + first.Changed + first.Unchanged + first.Duplicate
	}
	if total < 10 {
		t.Errorf("%d pages imported of %d files", total, len(files))
	}
	if v, err := a.Verify(t.Context(), false); err != nil || !v.Whole() {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestImportRefusesWhatIsNone(t *testing.T) {
	a := open(t)
	var empty bytes.Buffer
	z := zip.NewWriter(&empty)
	if _, err := z.Create("../../etc/archive/x.warc"); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"text": "Hello.", "empty": "", "zip": empty.String()} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		if r, err := a.ImportFile(t.Context(), path, archive.Import{Place: place, IsPage: isPage, Read: readPage(false)}); err == nil {
			t.Errorf("%s: %+v, no error", name, r)
		}
	}
}

// Whatever a file holds that is called a web archive, importing it ends, counts
// what it read and leaves the archive whole.
func FuzzImport(f *testing.F) {
	a := open(f)
	put(f, a, "jilin", noon, many(2)...)
	for _, save := range []func(io.Writer, iter.Seq2[archive.Capture, error], string) (export.WebArchive, error){export.WriteWARC, export.WriteWACZ} {
		var b bytes.Buffer
		if _, err := save(&b, a.Captures(f.Context(), archive.Query{}), "dossier test"); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
		f.Add(b.Bytes()[:b.Len()/2])
		f.Add([]byte(zipped(f, zip.Store, "x.wacz", b.String())))
	}
	f.Add([]byte("filedesc://x 0.0.0.0 20260101000000 text/plain 3\nabc\nhttp://a.test/b 1.2.3.4 20260101000000 text/html 4\nabcd\n"))
	into := open(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "x.warc")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		passed := 0
		r, err := into.ImportFile(t.Context(), path, archive.Import{Place: place, IsPage: isPage, Read: readPage(false), Passed: func(archive.Passed) { passed++ }})
		if passed != r.Passed || r.Damaged > r.Passed || r.Articles() > r.Records {
			t.Errorf("%+v with %d told, %v", r, passed, err)
		}
		if err := into.Check(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
