package pipeline_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/dossier-archive/dossier/pipeline"
)

// notForReaders are the endpoints of the maze that a crawl of pages rightly
// does not ask: one that robots.txt forbids, a file, what a style sheet names,
// and two that resolve to other addresses by the rules.
var notForReaders = []string{"/test/misc/known-files/robots.txt.found", "/test/html/misc/string/string-known-extension.pdf", "/test/css/font-face.found",
	"/test/html/misc/string/dot-dot-slash-prefix.found", "/test/html/misc/string/dot-slash-prefix.found"}

// TestCrawlMaze follows every way of naming an address that needs no script.
func TestCrawlMaze(t *testing.T) {
	data, err := os.ReadFile("../../shared/conformance/crawl-maze/site.json")
	if err != nil {
		t.Skip("needs the maze beside the repository:", err)
	}
	var maze struct {
		Pages map[string]struct {
			Status  int
			Headers map[string]string
			Body    string
		}
		Expected []string `json:"expected_without_javascript"`
	}
	if err := json.Unmarshal(data, &maze); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	asked := map[string]bool{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked[r.URL.Path] = true
		mu.Unlock()
		page, ok := maze.Pages[strings.ReplaceAll(r.URL.Path, "//", "/")]
		if !ok {
			page, ok = maze.Pages[strings.ReplaceAll(r.URL.Path, "//", "/")+"/"]
		}
		if !ok {
			http.NotFound(w, r)
			return
		}
		for name, value := range page.Headers {
			w.Header().Set(name, strings.ReplaceAll(value, "//localhost", "//"+r.Host))
		}
		w.WriteHeader(page.Status)
		io.WriteString(w, strings.ReplaceAll(page.Body, "//localhost", "//"+r.Host))
	}))
	defer server.Close()
	b := newBench(t, newFakeSite(t, 0))
	b.site.Start, b.site.Parallel = []string{server.URL + "/", server.URL + "/sitemap.xml"}, 4
	b.site.Follow = []*regexp.Regexp{regexp.MustCompile(`//127[^/]+/(css|headers|html|misc|test|sitemap.xml)`)}
	// The maze has no articles, which a run rightly calls a failure.
	report, _ := pipeline.Run(t.Context(), b.site, b.deps)
	var missing []string
	for _, path := range maze.Expected {
		if !asked[path] && !strings.Contains(strings.Join(notForReaders, " "), path) {
			missing = append(missing, path)
		}
	}
	if len(missing) > 0 {
		t.Errorf("%d of %d endpoints were not asked (%d requests):\n%s", len(missing), len(maze.Expected), report.Requests, strings.Join(missing, "\n"))
	}
	if asked[notForReaders[0]] {
		t.Error("what robots.txt forbids was asked")
	}
}
