package warc_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive/warc"
)

const conformance = "../../../shared/conformance/warc"

// TestForeignFiles reads the files of other programs. What another reader
// finds in a file, we find as well.
func TestForeignFiles(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(conformance, "expected.json"))
	if err != nil {
		t.Skipf("the collection of web archives is not beside the repository: %v", err)
	}
	var files []struct {
		File     string
		Readable int `json:"records_readable"`
		Records  []map[string]string
	}
	if err := json.Unmarshal(data, &files); err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if strings.HasSuffix(f.File, ".wacz") {
			continue
		}
		t.Run(f.File, func(t *testing.T) {
			in, err := os.Open(filepath.Join(conformance, f.File))
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			var got []*warc.Record
			for r, err := range warc.Read(in, warc.Limits{}) {
				if err != nil {
					t.Logf("after %d records: %v", len(got), err)
					break
				}
				if r.Problem != "" {
					t.Logf("record at %d: %s", r.Offset, r.Problem)
				}
				got = append(got, r)
			}
			for i, want := range f.Records {
				if i >= len(got) {
					t.Errorf("%d records, want %d", len(got), f.Readable)
					break
				}
				if uri := strings.Trim(want["warc-target-uri"], "<>"); got[i].Type != want["warc-type"] || uri != "" && got[i].URI != uri {
					t.Errorf("record %d: got %s %s, want %s %s", i, got[i].Type, got[i].URI, want["warc-type"], uri)
				}
				if want["http:status"] == "" || want["warc-type"] != "response" {
					continue
				}
				page, err := got[i].Page(1 << 24)
				if err != nil || http.StatusText(page.Status) == "" || want["http:status"] != itoa(page.Status) {
					t.Errorf("record %d: page %v, %v; want status %s", i, page, err, want["http:status"])
				}
			}
		})
	}
}

func itoa(n int) string {
	return strings.TrimSpace(string(rune('0'+n/100)) + string(rune('0'+n/10%10)) + string(rune('0'+n%10)))
}

var at = time.Date(2026, 3, 1, 12, 0, 0, 5e8, time.UTC)

func sample() *dossier.Snapshot {
	return &dossier.Snapshot{URL: "http://a.test/x?y=1", FinalURL: "http://a.test/x?y=1", FetchedAt: at, Status: 200, Proto: "HTTP/2.0",
		Request: http.Header{"User-Agent": {"dossier"}}, Header: http.Header{"Content-Type": {"text/html"}, "Content-Encoding": {"gzip"}, "X-Bad": {"a\r\nInjected: b"}}, Body: []byte("<p>page</p>\x00\xff")}
}

// The head of an answer is written as it came, but for what the decoded body makes
// untrue and for lines that no reader would take.
func TestHeadAsItCame(t *testing.T) {
	page := sample()
	page.Head = []byte("HTTP/1.0 200 Alles gut\nserver: x\r\nX-Long: one\r\n\ttwo\r\nno field\r\nCONTENT-LENGTH: 9000\r\ncontent-encoding: gzip\r\nserver: \xd6\xd0\r\n\r\n")
	want := "HTTP/1.0 200 Alles gut\r\nserver: x\r\nX-Long: one\r\n\ttwo\r\nX-Archive-Orig-CONTENT-LENGTH: 9000\r\nX-Archive-Orig-content-encoding: gzip\r\nserver: \xd6\xd0\r\nContent-Length: 13\r\n\r\n"
	var b bytes.Buffer
	w, err := warc.NewWriter(&b, "dossier", at)
	if err == nil {
		_, _, err = w.Page(page)
	}
	if err != nil {
		t.Fatal(err)
	}
	whole := sample()
	whole.FinalURL += "&z=1"
	whole.Head = []byte("HTTP/1.1 200 OK\r\ncontent-LENGTH: 13\r\nB: 2\r\nA: 1\r\n\r\n")
	if _, _, err := w.Page(whole); err != nil {
		t.Fatal(err)
	}
	for r, err := range warc.Read(&b, warc.Limits{}) {
		if r.URI == whole.FinalURL {
			if r.Type == "response" && string(r.Block) != string(whole.Head)+string(whole.Body) {
				t.Errorf("%q", r.Block)
			}
			continue
		}
		if err != nil || r.Type == "response" && !strings.HasPrefix(string(r.Block), want) {
			t.Errorf("%v %q", err, r.Block)
		}
		if r.Type != "response" {
			continue
		}
		got, err := r.Page(1000)
		if err != nil || string(got.Head) != want || got.Header.Get("X-Long") != "one two" || len(got.Header["Server"]) != 2 {
			t.Errorf("%v %q %v", err, got.Head, got.Header)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	write := func() []byte {
		var b bytes.Buffer
		w, err := warc.NewWriter(&b, "dossier", at)
		if err != nil {
			t.Fatal(err)
		}
		place, _, err := w.Page(sample())
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Metadata(place, sample().FinalURL, at, []warc.Field{{Name: "record", Value: "dabc@1"}}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Revisit(sample().FinalURL, at.Add(time.Hour), place, at, false); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	out := write()
	if !bytes.Equal(out, write()) {
		t.Error("the same calls give other bytes")
	}
	var types []string
	for r, err := range warc.Read(bytes.NewReader(out), warc.Limits{}) {
		if err != nil || r.Problem != "" {
			t.Fatalf("%v %s", err, r.Problem)
		}
		types = append(types, r.Type)
		if r.Type != "response" {
			continue
		}
		page, err := r.Page(1000)
		if err != nil {
			t.Fatal(err)
		}
		want := sample()
		want.Request, want.Proto = http.Header{}, "HTTP/1.1"
		want.Head = []byte("HTTP/1.1 200 OK\r\nX-Archive-Orig-Content-Encoding: gzip\r\nContent-Type: text/html\r\nX-Bad: a  Injected: b\r\nContent-Length: 13\r\n\r\n")
		want.Header = http.Header{"Content-Type": {"text/html"}, "X-Archive-Orig-Content-Encoding": {"gzip"}, "X-Bad": {"a  Injected: b"}, "Content-Length": {"13"}}
		if diff := cmp.Diff(want, page); diff != "" {
			t.Errorf("page (-want +got):\n%s", diff)
		}
	}
	if diff := cmp.Diff([]string{"warcinfo", "response", "request", "metadata", "revisit"}, types); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

func TestBombsAreRefused(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	zeros := make([]byte, 1<<20)
	z.Write([]byte("WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2026-01-01T00:00:00Z\r\nContent-Length: 94371840\r\n\r\n"))
	for range 90 {
		z.Write(zeros)
	}
	z.Close()
	var last error
	for r, err := range warc.Read(bytes.NewReader(b.Bytes()), warc.Limits{}) {
		if err == nil && len(r.Block) > 0 {
			t.Errorf("a block of %d bytes was kept", len(r.Block))
		}
		last = err
	}
	if !errors.Is(last, warc.ErrLimit) {
		t.Errorf("got %v, want ErrLimit", last)
	}
	var body bytes.Buffer
	inner := gzip.NewWriter(&body)
	inner.Write(zeros)
	inner.Close()
	r := &warc.Record{Type: "response", URI: "http://a.test/", Fields: []warc.Field{{Name: "Content-Type", Value: "application/http"}},
		Block: append([]byte("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"), body.Bytes()...)}
	if _, err := r.Page(1000); !errors.Is(err, warc.ErrLimit) {
		t.Errorf("page: got %v, want ErrLimit", err)
	}
}

// What is longer than allowed costs no record behind it.
func TestReadsOnBehindWhatIsTooLong(t *testing.T) {
	good := func(i int) string {
		return fmt.Sprintf("WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: http://a.test/%d\r\nWARC-Date: 2026-01-01T00:00:00Z\r\nContent-Length: 4\r\n\r\ntext\r\n\r\n", i)
	}
	long := strings.Replace(good(9), "http://a.test/9", "http://a.test/"+strings.Repeat("x", 70_000), 1)
	bomb := "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Date: 2026-01-01T00:00:00Z\r\nContent-Length: 69206016\r\n\r\n" + strings.Repeat("\x00", 66<<20)
	for _, c := range []struct {
		name, bad, packing string
	}{{"header", long, "plain"}, {"header, packed", long, "gzip"}, {"bomb", bomb, "gzip"}, {"header of a frame", long, "zstd"}, {"bomb of a frame", bomb, "zstd"}} {
		t.Run(c.name, func(t *testing.T) {
			var b bytes.Buffer
			for _, record := range []string{good(0), c.bad, good(1), good(2)} {
				pack(t, &b, c.packing, record)
			}
			var whole []string
			problems := 0
			for r, err := range warc.Read(&b, warc.Limits{}) {
				switch {
				case err != nil:
					t.Fatal(err)
				case r.Problem != "":
					problems++
				default:
					whole = append(whole, r.URI)
				}
			}
			if diff := cmp.Diff([]string{"http://a.test/0", "http://a.test/1", "http://a.test/2"}, whole); diff != "" || problems == 0 {
				t.Errorf("%d problems; whole records (-want +got):\n%s", problems, diff)
			}
		})
	}
}

// Addresses are inert, and what is none of the web is told from what is damaged.
func TestAddressesOfRecords(t *testing.T) {
	for uri, c := range map[string]struct {
		want string
		err  error
	}{
		"http://a.test/a b\x00c":  {"http://a.test/a%20b%00c", nil},
		"<HTTP://A.test/x>":       {"HTTP://A.test/x", nil},
		"metadata://gnu.org/wget": {"metadata://gnu.org/wget", warc.ErrForeign},
	} {
		record := "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: " + uri + "\r\nWARC-Date: 2026-01-01T00:00:00Z\r\nContent-Length: 4\r\n\r\ntext\r\n\r\n"
		for r, err := range warc.Read(strings.NewReader(record), warc.Limits{}) {
			if err != nil || r.URI != c.want {
				t.Fatalf("%q is read as %q, %v; want %q", uri, r.URI, err, c.want)
			}
			if _, err := r.Page(1000); !errors.Is(err, c.err) {
				t.Errorf("page of %q: %v, want %v", uri, err, c.err)
			}
		}
	}
}

// TestVersionsOfARC: the header of a record has more parts in version 2.
func TestVersionsOfARC(t *testing.T) {
	for version, lines := range map[int][2]string{
		1: {"filedesc://x.arc 0.0.0.0 20260101000000 text/plain 4", "http://a.test/b c 1.2.3.4 20260102030405 text/html 5"},
		2: {"filedesc://x.arc 0.0.0.0 20260101000000 text/plain 200 - - 0 x.arc 4", "http://a.test/b c 1.2.3.4 20260102030405 text/html 200 sum - 77 x.arc 5"},
	} {
		var got []string
		for r, err := range warc.Read(strings.NewReader(lines[0]+"\n0 0\n\n"+lines[1]+"\nabcde\n"), warc.Limits{}) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprint(r.Type, " ", r.URI, " ", r.Get("WARC-IP-Address"), " ", r.Date.Format(time.DateTime), " ", string(r.Block), r.Problem))
		}
		want := []string{"warcinfo filedesc://x.arc 0.0.0.0 2026-01-01 00:00:00 0 0\n", "response http://a.test/b%20c 1.2.3.4 2026-01-02 03:04:05 abcde"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("version %d (-want +got):\n%s", version, diff)
		}
	}
}

func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	w, err := warc.NewWriter(&b, "dossier", at)
	if err != nil {
		f.Fatal(err)
	}
	if _, _, err := w.Page(sample()); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte("WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 5\r\n\r\nHTTP/1.1\r\n\r\n"))
	for _, packing := range packings {
		file, _ := pages(f, 2, packing)
		f.Add(file)
	}
	for _, file := range withDictionary(f, 2) {
		f.Add(file)
	}
	f.Add([]byte("filedesc://x 0.0.0.0 20260101000000 text/plain 3\nabc\nhttp://a b 1.2.3.4 20260101000000 text/html 4\nabcd\n"))
	f.Add([]byte("filedesc://x 0.0.0.0 20260101000000 text/plain 200 - - 0 x 3\nabc\nhttp://a b 1.2.3.4 20260101000000 text/html 200 - - 0 x 4\nabcd\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for r, err := range warc.Read(bytes.NewReader(data), warc.Limits{Block: 1 << 16, Total: 1 << 20, Records: 100}) {
			if err != nil {
				return
			}
			if page, err := r.Page(1 << 16); err == nil && len(page.Body) > 1<<16 {
				t.Errorf("a body of %d bytes", len(page.Body))
			}
		}
	})
}

// TestDatesOfRecords: WARC 1.1 allows dates with less than seconds and with more.
func TestDatesOfRecords(t *testing.T) {
	for said, want := range map[string]string{
		"2026": "2026-01-01T00:00:00Z", "2026-10": "2026-10-01T00:00:00Z", "2026-10-07": "2026-10-07T00:00:00Z", "2026-10-07T08:00Z": "2026-10-07T08:00:00Z",
		"2026-10-07T08:00+08:00": "2026-10-07T00:00:00Z", "2026-10-07T08:00:09Z": "2026-10-07T08:00:09Z", "2026-10-07T08:00:00.123Z": "2026-10-07T08:00:00.123Z",
		"2026-10-07T08:00:00": "", "2026-13": "", "": "",
	} {
		file := "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.test/\r\nWARC-Date: " + said + "\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
		for r, err := range warc.Read(strings.NewReader(file), warc.Limits{}) {
			if err != nil || (want == "") != (r.Problem != "") || want != "" && r.Date.Format(time.RFC3339Nano) != want {
				t.Errorf("%q: got %v, %q, %v; want %q", said, r.Date, r.Problem, err, want)
			}
		}
	}
}
