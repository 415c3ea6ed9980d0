package demosite_test

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/dossier-archive/dossier/internal/demosite"
)

// get asks a site for an address and returns status and UTF-8 body.
func get(t *testing.T, s http.Handler, address string) (*http.Response, string) {
	t.Helper()
	rec := httptest.NewRecorder()
	s.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, address, nil))
	answer := rec.Result()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(body, []byte("charset=gb2312")) {
		if utf8.Valid(body) {
			t.Errorf("%s: the GB18030 page is valid UTF-8", address)
		}
		if body, err = simplifiedchinese.GB18030.NewDecoder().Bytes(body); err != nil {
			t.Fatal(err)
		}
	}
	return answer, string(body)
}

// fetch asks again when the answer is 503.
func fetch(t *testing.T, s http.Handler, address string) string {
	t.Helper()
	answer, body := get(t, s, address)
	if answer.StatusCode == http.StatusServiceUnavailable {
		answer, body = get(t, s, address)
	}
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %s", address, answer.Status)
	}
	return html.UnescapeString(body)
}

// Each page shows what Truth says, and no two articles are the same.
func TestTruth(t *testing.T) {
	s := demosite.New()
	for phase := 1; phase <= 2; phase++ {
		truth := s.Truth(phase)
		if len(truth) < 60 {
			t.Errorf("phase %d: %d articles, want at least 60", phase, len(truth))
		}
		seen := map[string]bool{}
		for _, e := range truth {
			if seen[e.Title+e.Body] || seen[e.Path] || e.Title == "" || strings.Contains(e.Title+e.Body, "{") {
				t.Errorf("%s: not an article of its own: %q", e.Path, e.Title)
			}
			seen[e.Title+e.Body], seen[e.Path] = true, true
		}
	}
	for _, e := range s.Truth(1) {
		for _, path := range []string{e.Path, e.Other} {
			if path == "" {
				continue
			}
			page := fetch(t, s, path)
			for _, want := range append(strings.FieldsFunc(e.Body, func(r rune) bool { return r == '\n' || r == '\t' }), e.Title, e.Date[:4]) {
				if !strings.Contains(page, want) {
					t.Errorf("%s does not show %q", path, want)
				}
			}
		}
	}
}

var (
	link   = regexp.MustCompile(`<a href="(/[^"]+)"`)
	script = regexp.MustCompile(`createPageHTML\(\s*(\d+)\s*,\s*0\s*,`)
)

// From the start addresses every article can be reached.
func TestReach(t *testing.T) {
	s := demosite.New()
	seen, queue := map[string]bool{}, []string{"/zh/", "/en/"}
	add := func(address string) {
		address, _, _ = strings.Cut(address, "#")
		if !seen[address] && !strings.Contains(address, "/rili/") && !strings.Contains(address, "/calendar/") {
			seen[address] = true
			queue = append(queue, address)
		}
	}
	for len(queue) > 0 {
		address := queue[0]
		queue = queue[1:]
		_, page := get(t, s, address)
		for _, m := range link.FindAllStringSubmatch(page, -1) {
			add(html.UnescapeString(m[1]))
		}
		if m := script.FindStringSubmatch(page); m != nil && !strings.HasSuffix(address, ".html") {
			for i := 1; fmt.Sprint(i) != m[1]; i++ {
				add(fmt.Sprintf("%sindex_%d.html", address, i))
			}
		}
	}
	for _, e := range s.Truth(1) {
		if !seen[e.Path] {
			t.Errorf("no link leads to %s", e.Path)
		}
	}
	for address := range seen {
		if answer, _ := get(t, s, address); answer.StatusCode == http.StatusNotFound &&
			!strings.HasPrefix(address, "/en/internal/") && !strings.HasPrefix(address, "/zh/neibu/") &&
			!strings.HasPrefix(address, "/logo") {
			t.Errorf("%s is linked and not there", address)
		}
	}
}

// What goes wrong goes wrong as it should.
func TestFaults(t *testing.T) {
	s := demosite.New()
	_, list := get(t, s, "/en/news/")
	links := link.FindAllStringSubmatch(list[strings.Index(list, "newsList"):], 4)
	changes, once, vanishes := links[0][1], links[1][1], links[2][1]
	for i, want := range []int{503, 200, 200} {
		if answer, _ := get(t, s, once); answer.StatusCode != want {
			t.Errorf("answer %d of %s: got %d, want %d", i+1, once, answer.StatusCode, want)
		}
	}
	answer, before := get(t, s, changes)
	again := httptest.NewRequest(http.MethodGet, changes, nil)
	again.Header.Set("If-None-Match", answer.Header.Get("ETag"))
	rec := httptest.NewRecorder()
	s.ServeHTTP(rec, again)
	if rec.Code != http.StatusNotModified {
		t.Errorf("conditional request: got %d, want 304", rec.Code)
	}
	s.NextPhase()
	rec = httptest.NewRecorder()
	s.ServeHTTP(rec, again)
	if rec.Code != http.StatusOK || rec.Body.String() == before {
		t.Errorf("conditional request after the change: got %d, want 200 and another page", rec.Code)
	}
	if answer, _ := get(t, s, vanishes); answer.StatusCode != http.StatusNotFound {
		t.Errorf("%s in phase 2: got %d, want 404", vanishes, answer.StatusCode)
	}
	if _, list := get(t, s, "/en/news/"); strings.Contains(list, vanishes) {
		t.Errorf("%s is still listed", vanishes)
	}
	if got := s.Requests(once); got != 3 {
		t.Errorf("requests of %s: got %d, want 3", once, got)
	}
}

// Over real HTTP one article always fails and one is cut short.
func TestServe(t *testing.T) {
	s, err := demosite.Serve()
	if err != nil {
		t.Fatal(err)
	}
	broken, cut := 0, 0
	_, page := get(t, s, "/en/news/index_1.html")
	for _, m := range link.FindAllStringSubmatch(page[strings.Index(page, "newsList"):], 4) {
		answer, err := http.Get(s.URL + m[1])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, answer.Body); err != nil {
			cut++
		}
		if answer.StatusCode == http.StatusInternalServerError {
			broken++
		}
		answer.Body.Close()
	}
	if broken != 1 || cut != 1 {
		t.Errorf("got %d broken and %d cut, want one of each", broken, cut)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
