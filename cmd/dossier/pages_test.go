package main

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

// Whatever a manifest holds, each line of it is a page that has a name and stands
// at a line, or an error.
func FuzzManifest(f *testing.F) {
	f.Add([]byte(`{"id":"a","file":"a.html","url":"http://example.org/a"}` + "\n\n" + `{"file":"../b.html.gz"}`))
	f.Add([]byte("\ufeff" + `{"id":1,"file":["x"]}` + "\r\nnull\n{}\n[]"))
	f.Add(bytes.Repeat([]byte("x"), 2*maxManifestLine))
	f.Fuzz(func(t *testing.T, data []byte) {
		m := &manifest{"folder/m.jsonl", io.NopCloser(bytes.NewReader(data))}
		pages := 0
		for p := range m.pages() {
			pages++
			if !strings.HasPrefix(p.at, m.name+":") {
				t.Errorf("page %+v stands nowhere", p)
			}
			if p.err == nil && (p.ID == "" || p.File == "") {
				t.Errorf("page %+v has no name", p)
			}
		}
		if lines := bytes.Count(data, []byte("\n")) + 1; pages > lines {
			t.Errorf("%d pages of %d lines", pages, lines)
		}
	})
}

// What is shown to people has no character that steers a terminal.
func FuzzInert(f *testing.F) {
	f.Add("a\x1b[31mb\u009b2Jc\u202ed\x00e\xff\r\n\tf")
	f.Fuzz(func(t *testing.T, text string) {
		var b bytes.Buffer
		if _, err := io.WriteString(forPeople(&b), text); err != nil {
			t.Fatal(err)
		}
		for name, got := range map[string]string{"written": b.String(), "said": inert(text)} {
			if i := strings.IndexFunc(got, steers); i >= 0 {
				t.Errorf("%s: %q of %q", name, got[i:], text)
			}
		}
	})
}

func steers(r rune) bool {
	return r < ' ' && r != '\n' && r != '\t' || 0x7f <= r && r <= 0x9f || 0x202a <= r && r <= 0x202e || 0x2066 <= r && r <= 0x2069
}
