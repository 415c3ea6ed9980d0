package crawler

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dossier-archive/dossier"
)

func testFinder(start string) *finder {
	site := &dossier.Site{ID: "s", Start: []string{start}, Timezone: time.UTC}
	at, err := ParseAddress("", start)
	if err != nil {
		panic(err)
	}
	return &finder{site: site, scope: newScope(site), task: dossier.Task{Kind: dossier.KindSitemap}, at: at}
}

func urls(links []dossier.Link) string {
	var out []string
	for _, l := range links {
		out = append(out, l.URL)
	}
	return strings.Join(out, " ")
}

func TestSitemap(t *testing.T) {
	f := testFinder("http://example.org/news/map.xml")
	got, err := f.sitemap([]byte(`<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
		xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">
		<url><loc>http://example.org/news/1.html?utm_source=map</loc><lastmod>2024-01-01</lastmod></url>
		<url><loc> http://example.org/news/2.html </loc><n:news><n:publication_date>2024-02-03T23:30:00Z</n:publication_date><n:title>A title</n:title></n:news></url>
		<url><loc>http://elsewhere.example/3.html</loc></url>
		<url><loc>http://example.org/a.pdf</loc></url><url><loc>http://example.org/</loc></url></urlset>`))
	if err != nil {
		t.Fatal(err)
	}
	if want := "http://example.org/news/1.html http://example.org/news/2.html"; urls(got.articles) != want {
		t.Errorf("got %s, want %s", urls(got.articles), want)
	}
	if w := got.articles[1].Witness; w.Title != "A title" || w.Date != "2024-02-03" || got.articles[1].Kind != dossier.KindArticle {
		t.Errorf("news entry gave %+v", got.articles[1])
	}

	index, err := f.sitemap([]byte(`<sitemapindex><sitemap><loc>http://example.org/map1.xml.gz</loc></sitemap></sitemapindex>`))
	if err != nil || urls(index.lists) != "http://example.org/map1.xml.gz" || index.lists[0].Kind != dossier.KindSitemap {
		t.Errorf("index gave %+v, %v", index.lists, err)
	}

	// What stands before a defect is used, and the defect is said.
	broken, err := f.sitemap([]byte(`<urlset><url><loc>http://example.org/news/1.html</loc></url><url><loc>http://example`))
	if err == nil || urls(broken.articles) != "http://example.org/news/1.html" {
		t.Errorf("broken sitemap gave %s, %v", urls(broken.articles), err)
	}
	xxe, err := f.sitemap([]byte(`<!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>http://example.org/&x;</loc></url></urlset>`))
	if strings.Contains(urls(xxe.articles), "root:") {
		t.Errorf("an external entity was read: %s, %v", urls(xxe.articles), err)
	}
}

// TestSitemapExtensions: what a sitemap says of the pictures, films and translations of a
// page says nothing of the page.
func TestSitemapExtensions(t *testing.T) {
	for name, said := range map[string]string{
		"film":        `<video:video><video:title>Our film</video:title><video:publication_date>2024-02-03</video:publication_date></video:video>`,
		"picture":     `<image:image><image:loc>http://example.org/img?id=7</image:loc><image:title>The harbour</image:title></image:image>`,
		"translation": `<xhtml:link rel="alternate" hreflang="en" href="http://example.org/en/1.html"/>`,
		"unknown":     `<x:loc xmlns:x="http://example.org/x">http://example.org/x</x:loc><x:title>A title</x:title>`,
	} {
		for _, prefix := range []string{"", "s:"} {
			tag := func(name string) string { return "<" + prefix + name + ">" }
			end := func(name string) string { return "</" + prefix + name + ">" }
			got, err := testFinder("http://example.org/news/map.xml").sitemap([]byte(tag("urlset") + tag("url") +
				tag("loc") + "http://example.org/news/1.html" + end("loc") + said + tag("lastmod") + "2024-01-01" + end("lastmod") + end("url") + end("urlset")))
			if err != nil || urls(got.articles) != "http://example.org/news/1.html" {
				t.Fatalf("%s: got %s, %v", name, urls(got.articles), err)
			}
			if l := got.articles[0]; l.Kind != dossier.KindMaybe || l.Witness.Title != "" || l.Modified.Format(time.DateOnly) != "2024-01-01" {
				t.Errorf("%s: got %+v", name, l)
			}
		}
	}
	got, err := testFinder("http://example.org/news/map.xml").sitemap([]byte(`<urlset xmlns:m="http://www.sitemaps.org/schemas/sitemap/0.9">
		<m:url><m:loc>http://example.org/news/1.html</m:loc><news:news><news:title>A title</news:title></news:news></m:url></urlset>`))
	if err != nil || urls(got.articles) != "http://example.org/news/1.html" || got.articles[0].Witness.Title != "A title" {
		t.Errorf("prefixes that the root has not: got %+v, %v", got.articles, err)
	}
}

// TestSitemapsOfCrawlerCommons compares with what another reader found. It
// is strict about namespaces and places of sitemaps; this one is not.
func TestSitemapsOfCrawlerCommons(t *testing.T) {
	var cases []struct {
		Test    string
		Body    string
		Packed  []byte `json:"body_base64"`
		Error   string
		URL     string
		Strict  bool
		Entries []struct{ Loc string }
	}
	if err := json.NewDecoder(robotsData(t, "sitemap-crawler-commons/cases.json")).Decode(&cases); err != nil {
		t.Fatal(err)
	}
	wrong := 0
	for _, c := range cases {
		body := []byte(c.Body)
		if c.Packed != nil {
			body = c.Packed
		}
		if isGzip(body) {
			var err error
			if body, err = gunzip(body, 1<<20); err != nil {
				t.Fatal(err)
			}
		}
		if kind, _ := findSource(body); kind != dossier.KindSitemap || c.Error != "" {
			continue // a feed, read by its own library; or a matter of strictness
		}
		got := map[string]bool{}
		// The error of a broken file is not at issue here.
		_ = eachSitemapEntry(body, func(e sitemapEntry) {
			if a, err := ParseAddress(c.URL, e.Loc); err == nil {
				got[a.URL] = true
			}
		})
		for _, e := range c.Entries {
			if a, err := ParseAddress(c.URL, e.Loc); err == nil && !got[a.URL] {
				wrong++
				t.Logf("%s: %s was not found", c.Test, e.Loc)
			}
		}
	}
	if wrong > 0 {
		t.Errorf("%d addresses were not found", wrong)
	}
}

func TestFeed(t *testing.T) {
	f := testFinder("http://example.org/feed.xml")
	got, err := f.feed([]byte(`<rss version="2.0"><channel><title>T</title>
		<item><title>First  headline</title><link>http://example.org/1?utm_medium=rss</link><pubDate>Fri, 19 Jan 2018 10:46:00 +0800</pubDate></item>
		<item><guid>http://example.org/2</guid></item><item><title>No link</title></item></channel></rss>`))
	if err != nil {
		t.Fatal(err)
	}
	if want := "http://example.org/1 http://example.org/2"; urls(got.articles) != want {
		t.Errorf("got %s, want %s", urls(got.articles), want)
	}
	if w := got.articles[0].Witness; w.Title != "First headline" || w.Date != "2018-01-19" {
		t.Errorf("witness %+v", w)
	}
	if _, err := f.feed([]byte("<rss><channel><item>")); err == nil {
		t.Error("a feed that is cut gave no error")
	}
}

// TestFeedsOfGofeed: no feed, however ill-formed, may panic.
func TestFeedsOfGofeed(t *testing.T) {
	root := filepath.FromSlash("../../shared/conformance/feeds-gofeed/parser")
	if _, err := os.Stat(root); err != nil {
		t.Skip("needs the conformance data beside the repository:", err)
	}
	f := testFinder("http://example.org/feed.xml")
	read := 0
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) == ".json" && !strings.Contains(path, "json"+string(filepath.Separator)) {
			return err
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if _, err := f.feed(body); err == nil {
			read++
		}
		return nil
	})
	if err != nil || read < 400 {
		t.Errorf("%d feeds were read, %v", read, err)
	}
}

func TestFindSource(t *testing.T) {
	tests := []struct {
		body string
		want dossier.Kind
	}{
		{"Warning: a < b <?xml version='1.0'?><rss>", dossier.KindFeed},
		{"<br>Warning<br><?XML version='1.0'?><sitemapindex>", dossier.KindSitemap},
		{"Notes on <rss> and <feed>", ""},
		{"<?xml version='1.0'?><html><rss>", ""},
		{"\ufeff <?xml version='1.0'?>\n<!-- x --><urlset>", dossier.KindSitemap},
		{`<sit:urlset xmlns:sit="x">`, dossier.KindSitemap},
		{"http://example.org/1\nhttp://example.org/2", dossier.KindSitemap},
		{`<?xml version="1.0"?><rss version="2.0">`, dossier.KindFeed},
		{`<feed xmlns="http://www.w3.org/2005/Atom">`, dossier.KindFeed},
		{`<rdf:RDF>`, dossier.KindFeed},
		{`{"version":"https://jsonfeed.org/version/1.1"}`, dossier.KindFeed},
		{`<!DOCTYPE html><html><body>about &lt;rss> <rss`, ""},
		{`{"a":1}`, ""},
	}
	for _, tt := range tests {
		got, source := findSource([]byte(tt.body))
		if got != tt.want {
			t.Errorf("%q is a %q, want %q", tt.body, got, tt.want)
		}
		if i := strings.Index(strings.ToLower(tt.body), "<?xml"); i >= 0 && got != "" && string(source) != tt.body[i:] {
			t.Errorf("of %q the document is %q", tt.body, source)
		}
	}
}
