package export_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive/export"
)

// TestReplacedCharactersAreSaid: where a format cannot hold a character, it is said
// once in how many of the records.
func TestReplacedCharactersAreSaid(t *testing.T) {
	steering, never := "bell\x07 and\u202e turn", "\ufffe\uffff"
	list := []dossier.Record{
		{ID: "dtitle", Version: 1, Article: dossier.Article{Title: "T" + never, Body: "x" + never + "\ny"}},
		{ID: "dauthor", Version: 1, Article: dossier.Article{Title: "T", Author: ptr(steering)}},
		{ID: "dclean", Version: 1, Article: dossier.Article{Title: "\ufffd 𠮷 é", Body: "a\tb\nc"}},
	}
	for format, want := range map[string]string{
		"xlsx":     "in 2 of the records characters became U+FFFD: XML cannot",
		"atom":     "in 2 of the records",
		"html":     "in 1 of the records characters became U+FFFD: they steer",
		"markdown": "in 1 of the records",
		"csv":      "", "jsonl": "", "json": "", "text": "", "parquet": "", "sqlite": "",
	} {
		var said []string
		var out bytes.Buffer
		o := export.Options{Warn: func(s string) { said = append(said, s) }}
		if _, err := export.Write(t.Context(), &out, format, all(list...), o); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(said, "\n"); !strings.HasPrefix(got, want) || len(said) > 1 || want == "" && got != "" {
			t.Errorf("%s: said %q, want %q", format, got, want)
		}
		if _, err := export.Write(t.Context(), io.Discard, format, all(list[2]), o); err != nil || want == "" && len(said) > 0 || len(said) > 1 {
			t.Errorf("%s of what can be held: said %q, %v", format, said, err)
		}
		if format != "xlsx" {
			continue
		}
		book, err := excelize.OpenReader(&out)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := book.GetCellValue("records", "D2"); err != nil || got != "T\ufffd\ufffd" {
			t.Errorf("a title is %q, %v", got, err)
		}
		if got, err := book.GetCellValue("records", "F3"); err != nil || got != "bell\ufffd and\u202e turn" {
			t.Errorf("an author is %q, %v", got, err)
		}
	}
}

// TestForgedIDs: an archive that comes from others can hold any text as an id.
func TestForgedIDs(t *testing.T) {
	ids := []string{"../../../evil", "/evil", "..", "a\x00b", "x/y", `c:\d`, "", "d2345abcdef"}
	var list []dossier.Record
	for _, id := range ids {
		list = append(list, dossier.Record{ID: id, Site: "s\x1b[2J", Version: 1, Article: dossier.Article{Title: "T"}})
	}
	for _, name := range []string{"texts", "texts.zip"} {
		path := filepath.Join(t.TempDir(), "in", "side", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if n, err := export.WriteFile(t.Context(), path, "text", all(list...), export.Options{}); err != nil || n != len(list) {
			t.Fatalf("%s: %d, %v", name, n, err)
		}
		var names []string
		if name == "texts" {
			files, err := filepath.Glob(filepath.Join(path, "texts", "*"))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range files {
				names = append(names, "texts/"+filepath.Base(f))
			}
		} else {
			z, err := zip.OpenReader(path)
			if err != nil {
				t.Fatal(err)
			}
			defer z.Close()
			for _, f := range z.File {
				names = append(names, f.Name)
			}
		}
		slices.Sort(names)
		want := []string{"texts/%2E%2E%2F%2E%2E%2F%2E%2E%2Fevil.txt", "texts/%2E%2E.txt", "texts/%2Fevil.txt", "texts/.txt", "texts/a%00b.txt", "texts/c%3A%5Cd.txt", "texts/d2345abcdef.txt", "texts/x%2Fy.txt"}
		if name == "texts.zip" {
			want = append([]string{"metadata.csv"}, want...)
		}
		if diff := cmp.Diff(want, names); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for _, format := range []string{"html", "markdown", "atom"} {
		var out bytes.Buffer
		if _, err := export.Write(t.Context(), &out, format, all(list...), export.Options{}); err != nil {
			t.Fatal(err)
		}
		if bytes.ContainsAny(out.Bytes(), "\x00\x1b") {
			t.Errorf("%s holds characters that steer", format)
		}
	}
}
