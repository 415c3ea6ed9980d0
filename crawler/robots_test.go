package crawler

import (
	"bufio"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestRobots(t *testing.T) {
	const file = "\ufeffUser-agent: *\nDisallow: /private/\nAllow: /private/open\nCrawl-delay: 2.5\n" +
		"User-agent: Other\nUser-agent: DOSSIER/2.0\nDisallow: /*.pdf$ # no files\nAllow: /index.html\nDisallow: /$\n" +
		"Sitemap: http://example.org/map.xml\n"
	tests := []struct {
		token, path string
		allowed     bool
		line        int
	}{
		{"anybot", "/private/x", false, 2},
		{"anybot", "/private/open/x", true, 3},
		{"anybot", "/x", true, 0},
		{"dossier", "/private/x", true, 0},
		{"dossier", "/a.pdf", false, 7},
		{"dossier", "/a.pdf?x", true, 0},
		{"dossier", "/", true, 8},
	}
	for _, tt := range tests {
		got := parseRobots([]byte(file), tt.token).check(tt.path)
		if got.Allowed != tt.allowed || got.Line != tt.line {
			t.Errorf("%s %s: %v, want allowed %v by line %d", tt.token, tt.path, got, tt.allowed, tt.line)
		}
	}
	all := parseRobots([]byte(file), "anybot")
	if all.CrawlDelay != 2500*time.Millisecond || len(all.Sitemaps) != 1 {
		t.Errorf("delay %v, sitemaps %v", all.CrawlDelay, all.Sitemaps)
	}
}

// TestRobotsEncodings: a rule and an address that write the same encoding otherwise match.
func TestRobotsEncodings(t *testing.T) {
	for _, pattern := range []string{"/%e4%b8%ad/", "/%E4%B8%AD/", "/中/"} {
		rules := parseRobots([]byte("User-agent: *\nDisallow: "+pattern+"\n"), robotsToken)
		for _, path := range []string{"/%e4%b8%ad/1.html", "/%E4%B8%AD/1.html", "/%E4%b8%Ad/1.html"} {
			if got := rules.check(path); got.Allowed {
				t.Errorf("Disallow: %s and %s: %v", pattern, path, got)
			}
		}
		if got := rules.check("/%e4%b8%ae/1.html"); !got.Allowed {
			t.Errorf("Disallow: %s and another folder: %v", pattern, got)
		}
	}
}

// robotsData opens a file of the conformance data or skips the test.
func robotsData(t *testing.T, name string) *os.File {
	t.Helper()
	f, err := os.Open(filepath.FromSlash("../../shared/conformance/" + name))
	if err != nil {
		t.Skip("needs the conformance data beside the repository:", err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestRobotsOfGoogle(t *testing.T) {
	var cases []struct {
		Test      string
		Line      int
		Google    bool   `json:"google_only"`
		Text      string `json:"robots_txt"`
		Bytes     []byte `json:"robots_txt_base64"`
		UserAgent string `json:"user_agent"`
		URL       string
		Allowed   bool
	}
	if err := json.NewDecoder(robotsData(t, "robots-google/allowed.json")).Decode(&cases); err != nil {
		t.Fatal(err)
	}
	wrong := 0
	for _, c := range cases {
		body := c.Bytes
		if body == nil {
			body = []byte(c.Text)
		}
		path := rawPath(c.URL)
		if got := parseRobots(body, c.UserAgent).match(path); got.Allowed != c.Allowed {
			wrong++
			t.Logf("%s:%d %s %.80q: %.80v, want %v", c.Test, c.Line, c.UserAgent, c.URL, got, c.Allowed)
			if !c.Google {
				t.Errorf("%s:%d is a case of RFC 9309", c.Test, c.Line)
			}
		}
	}
	if wrong > 2 || len(cases) != 145 {
		t.Errorf("%d of %d wrong, want at most 2 of 145", wrong, len(cases))
	}
}

// rawPath cuts the path out of an address without encoding it: the cases say
// what a matcher does with exactly these bytes.
func rawPath(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		return rest[i:]
	}
	return "/"
}

func TestRobotsOfRealSites(t *testing.T) {
	if testing.Short() {
		t.Skip("has one goroutine")
	}
	type file struct {
		I    int
		Body string `json:"body_base64"`
	}
	bodies := map[int][]byte{}
	eachLine(t, "robots-real/robots.jsonl.gz", func(f file) {
		b, err := base64.StdEncoding.DecodeString(f.Body)
		if err != nil {
			t.Fatal(err)
		}
		bodies[f.I] = b
	})
	type verdict struct {
		I       int
		Agent   string `json:"user_agent"`
		Path    string
		Allowed bool
	}
	type of struct {
		i     int
		agent string
	}
	parsed := map[of]*robots{}
	cases, wrong := 0, 0
	eachLine(t, "robots-real/cases.jsonl.gz", func(c verdict) {
		k := of{c.I, c.Agent}
		if parsed[k] == nil {
			parsed[k] = parseRobots(bodies[c.I], c.Agent)
		}
		cases++
		if got := parsed[k].match(c.Path); got.Allowed != c.Allowed {
			if wrong++; wrong < 10 {
				t.Errorf("file %d, %s %q: %v, want allowed %v", c.I, c.Agent, c.Path, got, c.Allowed)
			}
		}
	})
	if cases != 101276 || wrong > 0 {
		t.Errorf("%d of %d wrong, want 0 of 101276", wrong, cases)
	}
}

// eachLine decodes every line of a compressed file of the conformance data.
func eachLine[T any](t *testing.T, name string, do func(T)) {
	t.Helper()
	z, err := gzip.NewReader(robotsData(t, name))
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var v T
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		do(v)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}
