package crawler

import (
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
)

// Whatever a server calls a feed or a sitemap, what is taken from it are
// addresses that may be asked.
func FuzzSource(f *testing.F) {
	f.Add([]byte(`<rss version="2.0"><channel><item><title>A</title><link>/1.html</link><pubDate>Fri, 19 Jan 2018 10:46:00 GMT</pubDate></item></channel></rss>`))
	f.Add([]byte(`<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>A</title><link href="1.html"/><updated>2018-01-19T10:46:00Z</updated></entry><entry>`))
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1","items":[{"url":"http://example.org/1.html","title":"A"}]}`))
	f.Add([]byte(`<urlset xmlns:n="n"><url><loc>/1.html</loc><n:news><n:title>A</n:title><n:publication_date>2018-01-19</n:publication_date></n:news></url>`))
	f.Add([]byte(`<?xml version="1.0" encoding="x"?><sitemapindex><sitemap><loc>http://example.org/m.xml</loc></sitemap></sitemapindex>`))
	f.Add([]byte("\ufeffhttp://example.org/1.html\r\nhttp://example.org/2.html"))
	f.Fuzz(func(t *testing.T, body []byte) {
		finder := testFinder("http://example.org/news/")
		for name, read := range map[string]func([]byte) (found, error){"feed": finder.feed, "sitemap": finder.sitemap} {
			got, _ := read(body)
			checkLinks(t, name, append(got.lists, got.articles...))
		}
	})
}

func checkLinks(t *testing.T, name string, links []dossier.Link) {
	t.Helper()
	for _, l := range links {
		a, err := ParseAddress("", l.URL)
		if err != nil || a.Key != l.Key || a.URL != l.URL {
			t.Errorf("%s: the link %+v is read again as %+v, %v", name, l, a, err)
		}
	}
}

func FuzzAddress(f *testing.F) {
	for _, ref := range []string{"../a b?x=1&utm_source=y#z", "HTTP://user:pw@EXAMPLE.org:80/%7Ea/./b", "//xn--a.test\\c", "?%zz", "http://[::1]/", "a???", "??b&utm_source=y", "c?", "javascript:x"} {
		f.Add("http://example.org/news/", ref)
	}
	f.Fuzz(func(t *testing.T, base, ref string) {
		a, err := ParseAddress(base, ref)
		if err != nil {
			return
		}
		a.Raw = "" // which the shorter one has not
		again, err := ParseAddress("", a.URL)
		if err != nil || again != a {
			t.Errorf("%q at %q is %+v, which is read again as %+v, %v", ref, base, a, again, err)
		}
		if !strings.HasPrefix(a.URL, "http://") && !strings.HasPrefix(a.URL, "https://") || len(a.URL) > maxAddress {
			t.Errorf("%q at %q gives %q", ref, base, a.URL)
		}
	})
}

// Whatever robots.txt holds, there is a verdict, and soon.
func FuzzRobots(f *testing.F) {
	f.Add([]byte("User-agent: *\nDisallow: /*.php$\nCrawl-delay: 3\n"), "/a.php?b")
	f.Add([]byte("\ufeffuser-agent:dossier\r\nallow : /a\rDisallow:/\nSitemap: http://example.org/m.xml"), "/a%2fb")
	f.Add([]byte("User-agent: dossier\nDisallow: /"+strings.Repeat("*a", 200)+"$"), "/"+strings.Repeat("a", 400)+"b")
	f.Fuzz(func(t *testing.T, body []byte, path string) {
		rules := parseRobots(body, "dossier")
		first, again := rules.check(path), rules.check(path)
		if first != again {
			t.Errorf("%q is once %v and once %v", path, first, again)
		}
	})
}
