package crawler

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestParseAddress(t *testing.T) {
	const base = "http://example.org/en/news/index.html"
	tests := []struct{ ref, want, key string }{
		// Relative forms.
		{"./t1.html", "http://example.org/en/news/t1.html", ""},
		{"../t1.html#top", "http://example.org/en/t1.html", ""},
		{"//other.example.org/a", "http://other.example.org/a", ""},
		{"?page=2", "http://example.org/en/news/index.html?page=2", ""},
		{" /a b.html\n", "http://example.org/a%20b.html", ""},
		{`\en\x.html`, "http://example.org/en/x.html", ""},
		// One page, several addresses.
		{"HTTP://Example.ORG:80/a", "http://example.org/a", ""},
		{"/a?utm_source=x&id=1&fbclid=2", "http://example.org/a?id=1", ""},
		{"/a?utm_source=x", "http://example.org/a", ""},
		{"/a;jsessionid=0A1B2C?id=2", "http://example.org/a?id=2", ""},
		{"/a?PHPSESSID=0123456789abcdef0123", "http://example.org/a", ""},
		{"/a?id=3&sid=0123456789abcdef0123", "http://example.org/a?id=3", ""},
		{"/news/?sid=0123456789abcdef0123", "http://example.org/news/", ""},
		{"/index.asp?sid=0123456789abcdef0123", "http://example.org/index.asp", ""},
		{"/about.html?sid=0123456789abcdef0123", "http://example.org/about.html", ""},
		{"/a.cfm?CFID=1204&CFTOKEN=88a1&id=3", "http://example.org/a.cfm?id=3", ""},
		{"/a;vsid=0A1B2C?t=12&s=0cc175b9c0f1b6a831c399e269772661", "http://example.org/a?t=12", ""},
		{"/a12.shtml?r=0.7129386450271", "http://example.org/a12.shtml", ""},
		{"/a?n=5&_=1795854898251", "http://example.org/a?n=5", ""},
		{"/t20180119_12.html?t=1795854898251", "http://example.org/t20180119_12.html", ""},
		{"/a?id=3&t=1795854898251", "http://example.org/a?id=3", ""},
		{"http://user:secret@example.org/a", "http://example.org/a", ""},
		{"/%7euser/%e6%8b%9b", "http://example.org/%7euser/%e6%8b%9b", "http://example.org/~user/%E6%8B%9B"},
		{"/(S(lit3py55t21z5v55vlm25s55))/a.aspx?id=2", "http://example.org/(S(lit3py55t21z5v55vlm25s55))/a.aspx?id=2", "http://example.org/a.aspx?id=2"},
		// What chooses the page stays, in its order.
		{"/a?sid=12&b=&a=1", "http://example.org/a?sid=12&b=&a=1", ""},
		{"/a?t=1795854898251", "http://example.org/a?t=1795854898251", ""},
		{"/a?r=0.7129386450271", "http://example.org/a?r=0.7129386450271", ""},
		{"/a?s=0cc175b9c0f1b6a831c399e269772661", "http://example.org/a?s=0cc175b9c0f1b6a831c399e269772661", ""},
		{"/a?id=1795854898251&s=12", "http://example.org/a?id=1795854898251&s=12", ""},
		{"/100%", "http://example.org/100%25", ""},
	}
	for _, tt := range tests {
		got, err := ParseAddress(base, tt.ref)
		if err != nil {
			t.Errorf("ParseAddress(%q): %v", tt.ref, err)
			continue
		}
		key := tt.key
		if key == "" {
			key = tt.want
		}
		if got.URL != tt.want || got.Key != key {
			t.Errorf("ParseAddress(%q) = %q, key %q, want %q, key %q", tt.ref, got.URL, got.Key, tt.want, key)
		}
	}
	if a, err := ParseAddress(base, "/a;jsessionid=0A1B2C?utm_source=x&id=1#top"); err != nil || a.Raw != "http://example.org/a;jsessionid=0A1B2C?utm_source=x&id=1" {
		t.Errorf("raw address %q, %v", a.Raw, err)
	}
	if a, err := ParseAddress(base, "http://user:secret@example.org/a?id=1"); err != nil || a.Raw != "" {
		t.Errorf("raw address %q, %v; want none, least of all with a secret", a.Raw, err)
	}
	for _, ref := range []string{"javascript:void(0)", "mailto:a@example.org", "ftp://example.org/", "file:///etc/passwd", "data:text/html,x", "http://[::1", "http://"} {
		if got, err := ParseAddress("", ref); err == nil {
			t.Errorf("ParseAddress(%q) = %v, want an error", ref, got)
		}
	}
}

// TestAddressesOfWPT counts the web-platform-tests that the parser gets wrong.
func TestAddressesOfWPT(t *testing.T) {
	raw, err := os.ReadFile(filepath.FromSlash("../../shared/conformance/url-wpt/urltestdata.json"))
	if err != nil {
		t.Skip("needs the conformance data beside the repository:", err)
	}
	var entries []json.RawMessage
	if err := json.Unmarshal(raw, &entries); err != nil {
		t.Fatal(err)
	}
	parser := newAddressParser()
	wrong, wrongHTTP, cases := 0, 0, 0
	for _, e := range entries {
		var c struct {
			Input, Href, Protocol string
			Base                  *string
			Failure               bool
		}
		if json.Unmarshal(e, &c) != nil || c.Input == "" && c.Base == nil {
			continue
		}
		cases++
		base := ""
		if c.Base != nil {
			base = *c.Base
		}
		u, err := parser.ParseRef(base, c.Input)
		if (err != nil) == c.Failure && (c.Failure || u.Href(false) == c.Href) {
			continue
		}
		wrong++
		if strings.HasPrefix(c.Protocol, "http") {
			wrongHTTP++
			t.Logf("%q on %q: want %q", c.Input, base, c.Href)
		}
	}
	if wrong > 15 || wrongHTTP > 0 || cases < 800 {
		t.Errorf("%d of %d cases wrong, %d of them http; want at most 15 and 0", wrong, cases, wrongHTTP)
	}
}
