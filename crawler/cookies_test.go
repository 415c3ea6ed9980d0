package crawler

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func address(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestCookiesAreBounded(t *testing.T) {
	var jar cookies
	at := address(t, "http://www.harbour.example/news/")
	jar.SetCookies(at, []*http.Cookie{{Name: "first", Value: "1"}})
	for i := range 1000 {
		jar.SetCookies(at, []*http.Cookie{{Name: fmt.Sprintf("c%d", i), Value: strings.Repeat("v", 200)}})
		size := 0
		for _, c := range jar.Cookies(at) {
			size += len(c.Name) + len(c.Value) + 3
		}
		if size == 0 || size > maxSentCookie {
			t.Fatalf("after %d cookies, %d bytes of them are sent, want 1 to %d", i, size, maxSentCookie)
		}
	}
	if n := len(jar.domain(at).jar.Cookies(at)); n > maxJar+1 {
		t.Errorf("%d cookies are kept, want at most %d", n, maxJar+1)
	}
}

func TestCookiesStayOnTheirDomain(t *testing.T) {
	var jar cookies
	jar.SetCookies(address(t, "http://www.harbour.gov.cn/"), []*http.Cookie{
		{Name: "own", Value: "1"}, {Name: "domain", Value: "1", Domain: "harbour.gov.cn"},
		{Name: "suffix", Value: "1", Domain: "gov.cn"}, {Name: "other", Value: "1", Domain: "quay.gov.cn"},
	})
	for site, want := range map[string]string{
		"http://www.harbour.gov.cn/": "domain own", "http://news.harbour.gov.cn/": "domain", "http://www.quay.gov.cn/": "", "http://gov.cn/": "",
	} {
		names := map[string]bool{}
		for _, c := range jar.Cookies(address(t, site)) {
			names[c.Name] = true
		}
		for _, name := range []string{"own", "domain", "suffix", "other"} {
			if has := strings.Contains(" "+want+" ", " "+name+" "); has != names[name] {
				t.Errorf("%s gets the cookie %s: %v, want %v", site, name, names[name], has)
			}
		}
	}
}
