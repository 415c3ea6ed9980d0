package export_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

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
