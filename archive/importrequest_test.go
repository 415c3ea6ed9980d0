package archive_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

// TestRequestsOfWebArchives: what went through an archive is byte for byte what was imported,
// with the headers that were sent, also for the parts of a page.
func TestRequestsOfWebArchives(t *testing.T) {
	source := twoVersions(t)
	at := noon.AddDate(-1, 1, 0)
	v := visit(again(t, source, "jilin", "/7", at), at, article("Title 7", "A text in two answers."))
	part := *v.Snapshot
	part.FinalURL, part.Body, part.Request = "http://jilin.test/7_2", []byte("<p>in two answers.</p>"), http.Header{"User-Agent": {"dossier"}, "Referer": {v.Snapshot.FinalURL}}
	v.Snapshot.Parts = []dossier.Snapshot{part}
	commit(t, source, v)
	im := archive.Import{Place: place, IsPage: isPage, Read: readPage(false)}
	want, err := os.ReadFile(exported(t, source))
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(want, []byte("WARC-Type: request")); n != 6 {
		t.Fatalf("%d requests, want 6", n)
	}
	path := filepath.Join(t.TempDir(), "a.db")
	a := openAt(t, path)
	// The file had no requests at first: what is there already stays as it is.
	for i, file := range []string{withoutRequests(t, want), exported(t, source)} {
		got, err := a.ImportFile(t.Context(), file, im)
		if err != nil || i > 0 && (got.New > 0 || got.Changed > 0) {
			t.Errorf("import %d: %+v, %v", i+1, got, err)
		}
	}
	b := open(t)
	for range 2 {
		if _, err := b.ImportFile(t.Context(), exported(t, source), im); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(exported(t, b))
		if diff := cmp.Diff(string(want), string(got)); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	}
	for _, a := range []*archive.Archive{a, b} {
		if v, err := a.Verify(t.Context(), false); err != nil || !v.Whole() {
			t.Errorf("%+v, %v", v, err)
		}
	}
}

// withoutRequests writes a WARC file without its requests.
func withoutRequests(t *testing.T, file []byte) string {
	t.Helper()
	path, out := newWARC(t)
	defer out.Close()
	for i, record := range strings.Split(string(file), "WARC/1.1\r\n") {
		if i > 0 && !strings.HasPrefix(record, "WARC-Type: request") {
			if _, err := fmt.Fprint(out, "WARC/1.1\r\n", record); err != nil {
				t.Fatal(err)
			}
		}
	}
	return path
}

// TestRequestsOfOtherCrawlers: requests stand before or behind their answers, which they name,
// are named by, or stand beside.
func TestRequestsOfOtherCrawlers(t *testing.T) {
	type record struct{ kind, id, url, beside, block string }
	page := func(text string) string {
		return "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><h1>Plant opens</h1><p>" + text + "</p></html>"
	}
	get := func(agent string) string {
		return "GET /0 HTTP/1.1\r\nHost: jilin.test\r\nUser-Agent: " + agent + "\r\n\r\n"
	}
	answer := record{"response", "a", "/0", "", page("A text.")}
	with := func(r record, beside string) record {
		r.beside = beside
		return r
	}
	var others []record // more than are held
	for i := range 70 {
		others = append(others, record{"request", fmt.Sprint("o", i), fmt.Sprint("/o", i), "", get("other")})
	}
	for name, c := range map[string]struct {
		records []record
		want    string
	}{
		"before, names it":          {[]record{{"request", "r", "/0", "a", get("crawler")}, answer}, "crawler"},
		"before, is named":          {[]record{{"request", "r", "/0", "", get("crawler")}, with(answer, "r")}, "crawler"},
		"before, beside it":         {[]record{{"request", "r", "/0", "", get("crawler")}, answer}, "crawler"},
		"behind, names it":          {[]record{answer, {"request", "r", "/0", "a", get("crawler")}}, "crawler"},
		"behind, beside it":         {[]record{answer, {"request", "r", "/0", "", get("crawler")}}, "crawler"},
		"of another address":        {[]record{answer, {"request", "r", "/1", "", get("crawler")}}, ""},
		"names another":             {[]record{answer, {"request", "r", "/0", "b", get("crawler")}}, ""},
		"a form that was sent":      {[]record{answer, {"request", "r", "/0", "a", strings.Replace(get("crawler"), "GET", "POST", 1)}}, ""},
		"no request":                {[]record{answer, {"request", "r", "/0", "a", "crawler"}}, ""},
		"too large":                 {[]record{answer, {"request", "r", "/0", "a", get(strings.Repeat("x", 20<<10))}}, ""},
		"too far before its answer": {append(append([]record{{"request", "r", "/0", "a", get("crawler")}}, others...), answer), ""},
	} {
		t.Run(name, func(t *testing.T) {
			path, out := newWARC(t)
			for _, r := range c.records {
				beside := ""
				if r.beside != "" {
					beside = "WARC-Concurrent-To: <urn:x:" + r.beside + ">\r\n"
				}
				fmt.Fprintf(out, "WARC/1.0\r\nWARC-Type: %s\r\nWARC-Record-ID: <urn:x:%s>\r\nWARC-Date: %s\r\nWARC-Target-URI: http://jilin.test%s\r\n%sContent-Type: application/http; msgtype=%s\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n",
					r.kind, r.id, noon.Format(time.RFC3339), r.url, beside, r.kind, len(r.block), r.block)
			}
			if err := out.Close(); err != nil {
				t.Fatal(err)
			}
			a := open(t)
			if got, err := a.ImportFile(t.Context(), path, archive.Import{Place: place, IsPage: isPage, Read: readPage(false)}); err != nil || got.New != 1 || got.Passed != 0 {
				t.Fatalf("%+v, %v", got, err)
			}
			for r, err := range a.Records(t.Context(), archive.List{}) {
				if err != nil {
					t.Fatal(err)
				}
				s, err := a.Snapshot(t.Context(), r.ID, 0)
				if err != nil || s.Request.Get("User-Agent") != c.want || s.Request.Get("Host") != "" {
					t.Errorf("sent %v, %v; want %q", s.Request, err, c.want)
				}
			}
		})
	}
}
