package crawler

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"

	"github.com/dossier-archive/dossier"
)

// findSource tells feeds and sitemaps from pages by how an answer begins, "" when it is
// neither. It gives the document without what the program of a site may have printed
// before it, such as warnings.
func findSource(body []byte) (dossier.Kind, []byte) {
	body = bytes.TrimSpace(trimBOM(body))
	head := bytes.ToLower(body[:min(len(body), 2048)])
	if bytes.HasPrefix(head, []byte("{")) && bytes.Contains(head, []byte("jsonfeed.org/version")) {
		return dossier.KindFeed, body
	}
	declared := bytes.Index(head, []byte("<?xml"))
	if declared < 0 && !bytes.HasPrefix(head, []byte("<")) {
		if isAddressList(head) {
			return dossier.KindSitemap, body
		}
		return "", body
	}
	m := rootElement.FindSubmatchIndex(head)
	if m == nil {
		return "", body
	}
	if declared >= 0 && declared < m[0] {
		body = body[declared:]
	}
	switch root := string(head[m[2]:m[3]]); root {
	case "html":
		return "", body
	case "urlset", "sitemapindex":
		return dossier.KindSitemap, body
	}
	return dossier.KindFeed, body
}

// rootElement finds the first element that tells what a document is.
var rootElement = regexp.MustCompile(`<(?:\w+:)?(urlset|sitemapindex|rss|feed|rdf|html)\b`)

// feed sorts the items of a feed. An item is an article by the word of its
// site, unless patterns say otherwise.
func (f *finder) feed(body []byte) (found, error) {
	var out found
	parsed, broken := parseFeed(body)
	if parsed == nil {
		return out, broken
	}
	for _, item := range parsed.Items {
		href := item.Link
		if href == "" && strings.HasPrefix(item.GUID, "http") {
			href = item.GUID
		}
		w := dossier.Witness{Title: collapseBlanks(item.Title)}
		if t := item.PublishedParsed; t != nil {
			w.Date = f.day(*t)
		}
		f.listed(&out, href, dossier.KindArticle, w, time.Time{})
	}
	if next, ok := f.pageAt(f.at.URL, olderEntries(body)); ok {
		out.more = append(out.more, f.continuation(next))
	}
	f.putOnShow(out.articles)
	return out, broken
}

// linkOfFeed finds what a feed says of its older entries, RFC 5005.
var linkOfFeed = regexp.MustCompile(`(?i)<(?:\w+:)?link\s[^>]*\brel\s*=\s*["'](?:next|prev-archive)["'][^>]*>`)

var hrefOfLink = regexp.MustCompile(`(?i)\bhref\s*=\s*["']([^"'<>]{1,1000})["']`)

// olderEntries is where a feed goes on: the page of it, or the archive, that it names
// itself; "" when it names none.
func olderEntries(body []byte) string {
	if bytes.HasPrefix(body, []byte("{")) {
		var feed struct {
			Next string `json:"next_url"`
		}
		if json.Unmarshal(body, &feed) != nil {
			return ""
		}
		return feed.Next
	}
	for _, link := range linkOfFeed.FindAll(body, 10) {
		if g := hrefOfLink.FindSubmatch(link); g != nil {
			return html.UnescapeString(string(g[1]))
		}
	}
	return ""
}

// parseFeed reads a feed. Of one that is broken it reads what stands before the
// defect, and gives the error as well.
func parseFeed(body []byte) (*gofeed.Feed, error) {
	parsed, err := gofeed.NewParser().Parse(bytes.NewReader(body))
	if err == nil {
		return parsed, nil
	}
	err = fmt.Errorf("feed: %w", err)
	for _, end := range []struct{ item, feed string }{
		{"</item>", "</channel></rss>"}, {"</item>", "</rdf:RDF>"}, {"</entry>", "</feed>"},
	} {
		if i := bytes.LastIndex(body, []byte(end.item)); i >= 0 {
			whole := append(bytes.Clone(body[:i+len(end.item)]), end.feed...)
			if parsed, again := gofeed.NewParser().Parse(bytes.NewReader(whole)); again == nil {
				return parsed, err
			}
		}
	}
	if parsed := cutJSONFeed(body); parsed != nil {
		return parsed, err
	}
	return nil, err
}

// cutJSONFeed reads the whole items of a JSON feed that is cut, nil when there are
// none. The last brace that ends something may end a part of an item.
func cutJSONFeed(body []byte) *gofeed.Feed {
	const parts = 32 // of an item
	if !bytes.HasPrefix(body, []byte("{")) {
		return nil
	}
	for range parts {
		i := bytes.LastIndexByte(body, '}')
		if i < 0 {
			return nil
		}
		if parsed, err := gofeed.NewParser().Parse(bytes.NewReader(append(bytes.Clone(body[:i+1]), "]}"...))); err == nil {
			return parsed
		}
		body = body[:i]
	}
	return nil
}

// sitemap sorts the entries of a sitemap. Without patterns each may be an
// article; what it is is seen when it is asked.
func (f *finder) sitemap(body []byte) (found, error) {
	var out found
	err := eachSitemapEntry(body, func(e sitemapEntry) {
		if e.IsMap {
			if a, err := ParseAddress(f.at.URL, e.Loc); err == nil && f.scope.refuses(a) == "" && f.task.Depth < maxSitemapDepth {
				out.lists = append(out.lists, f.link(a, dossier.KindSitemap, dossier.Witness{}))
			}
			return
		}
		kind, w := dossier.KindMaybe, dossier.Witness{}
		if e.Title != "" {
			kind, w.Title = dossier.KindArticle, collapseBlanks(e.Title)
			if t, err := time.Parse(time.RFC3339, e.Date); err == nil {
				w.Date = f.day(t)
			}
		}
		f.listed(&out, e.Loc, kind, w, e.LastMod)
	})
	return out, err
}

// maxSitemapDepth bounds how deep sitemap indexes may stand in each other.
const maxSitemapDepth = 5

// listed takes an address that a feed or sitemap names, and when it says that the page
// was last modified.
func (f *finder) listed(out *found, href string, kind dossier.Kind, w dossier.Witness, modified time.Time) {
	a, err := ParseAddress(f.at.URL, href)
	if err != nil || href == "" || homePath.MatchString(a.Path) {
		return
	}
	article := func(kind dossier.Kind) {
		l := f.link(a, kind, w)
		l.Modified = modified
		out.articles = append(out.articles, l)
	}
	reason := f.scope.refuses(a)
	switch entry := len(f.site.Articles) == 0 && kind == dossier.KindArticle; {
	case isPage(a) && (entry && reason != "" || reason == dossier.ReasonExcluded) && len(out.refused) < maxRefused:
		out.refused = append(out.refused, f.refused(a, w))
	case reason != "", !isPage(a):
		out.asides = f.appendAside(out.asides, a)
	case matchesAny(f.site.Articles, a.URL):
		article(dossier.KindArticle)
	case matchesAny(f.site.Follow, a.URL):
		out.lists = append(out.lists, f.link(a, dossier.KindList, dossier.Witness{}))
	case len(f.site.Articles) == 0 && f.inFolder(a):
		article(kind)
	default:
		out.asides = f.appendAside(out.asides, a)
	}
}

// sourceFile are names of feeds and sitemaps, which speak for no folder.
var sourceFile = regexp.MustCompile(`(?i)\.(xml|rss|atom|rdf|json|txt|gz)$`)

// inFolder keeps to the folder of the start addresses when all of them name
// one, so that an English site does not collect the Chinese one.
func (f *finder) inFolder(a Address) bool {
	for _, start := range f.site.Start {
		s, err := ParseAddress("", start)
		if err != nil || !homePath.MatchString(s.File()) || sourceFile.MatchString(s.File()) {
			return true
		}
		if strings.HasPrefix(a.File(), folderOf(homeAction.ReplaceAllString(s.File(), "/"))) {
			return true
		}
	}
	return false
}

// day writes the day of an instant in the time zone of the site.
func (f *finder) day(t time.Time) string {
	if f.site.Timezone != nil {
		t = t.In(f.site.Timezone)
	}
	return t.Format(time.DateOnly)
}

func collapseBlanks(s string) string { return strings.Join(strings.Fields(s), " ") }
