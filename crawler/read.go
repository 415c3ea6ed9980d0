package crawler

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/extract"
)

// read tells what an answer is. It returns the page when it is to be read as
// an article; everything else gets its outcome and its links here.
func (c *Crawler) read(ctx context.Context, v *visit, s *dossier.Snapshot) (*extract.Page, error) {
	at, err := v.resolve(s.FinalURL)
	if err != nil {
		return nil, fmt.Errorf("final address: %w", err)
	}
	f := &finder{site: v.site, scope: v.scope, task: v.task, at: at}
	body := bytes.TrimSpace(s.Body)
	if len(body) == 0 && v.task.Chain != "" {
		v.end(dossier.Outcome{Status: dossier.StatusListed, Reason: dossier.ReasonPagingEmpty, Detail: "the answer has no body"})
		return nil, nil
	}
	if len(body) == 0 {
		v.end(dossier.Outcome{Status: dossier.StatusFailed, Reason: dossier.ReasonEmpty, Detail: "the answer has no body"})
		return nil, nil
	}
	if isGzip(body) && (v.isList() || v.isUsualPlace() || isPageType(s)) {
		if s.Body, err = gunzip(body, maxUnpackedMap); err != nil {
			v.end(dossier.Outcome{Status: dossier.StatusFailed, Reason: reasonOf(err), Detail: err.Error()})
			return nil, nil
		}
		body = bytes.TrimSpace(s.Body)
	}
	if v.isList() || v.isUsualPlace() {
		if kind, source := findSource(extract.UTF8(body, s.Header.Get("Content-Type"))); kind != "" {
			return nil, c.readSource(ctx, v, f, kind, source)
		}
	}
	if v.isUsualPlace() {
		v.end(dossier.Outcome{Status: dossier.StatusSkipped, Reason: dossier.ReasonNoSource, Detail: "neither a feed nor a sitemap"})
		return nil, nil
	}
	if (v.isList() || v.isGuess()) && (isData(body) || extract.IsScript(s)) {
		return nil, c.readData(ctx, v, f, s)
	}
	if !IsPage(s) {
		v.end(dossier.Outcome{Status: dossier.StatusSkipped, Reason: dossier.ReasonNotHTML, Detail: notHTML(s)})
		return nil, nil
	}
	return c.readPage(ctx, v, f, s)
}

// maxUnpackedMap is the limit of the sitemap protocol for one file.
const maxUnpackedMap = 50 << 20

// readSource takes the addresses of a feed or a sitemap.
func (c *Crawler) readSource(ctx context.Context, v *visit, f *finder, kind dossier.Kind, body []byte) error {
	read := f.sitemap
	if kind == dossier.KindFeed {
		read = f.feed
	}
	links, err := read(body)
	o := dossier.Outcome{Status: dossier.StatusListed}
	if err != nil {
		o = dossier.Outcome{Status: dossier.StatusFailed, Reason: dossier.ReasonBadXML, Detail: err.Error()}
	}
	if v.task.Kind != dossier.KindStart {
		v.out.Kind = kind
	} else if err == nil && v.task.Listed > 0 && len(links.articles)+len(links.lists)+len(links.more)+len(links.refused) == 0 {
		o = dossier.Outcome{Status: dossier.StatusFailed, Reason: dossier.ReasonNoLinks, Detail: "the " + string(kind) + " has no entry"}
	}
	return c.listed(ctx, v, &links, o)
}

// isData reports whether an answer begins like JSON.
func isData(body []byte) bool {
	text := trimBOM(body)
	return dataBegin.Match(text[:min(len(text), 100)])
}

var dataBegin = regexp.MustCompile(`^\s*([\w$.]{1,80}\()?\s*[\[{]\s*["\[{\]}\d]`)

// readData takes the rows of an answer in JSON, as pages ask for when their
// reader wants more of a list.
func (c *Crawler) readData(ctx context.Context, v *visit, f *finder, s *dossier.Snapshot) error {
	page := extract.Parse(s)
	if _, list := page.IsData(); !list {
		v.end(dossier.Outcome{Status: dossier.StatusSkipped, Reason: dossier.ReasonNotHTML, Detail: "JSON that holds no rows of a list"})
		return nil
	}
	links := f.page(page)
	return c.readList(ctx, v, s, &links)
}

// readPage decides between list and article. The page is read with what others
// of its host have shown, and adds to that.
func (c *Crawler) readPage(ctx context.Context, v *visit, f *finder, s *dossier.Snapshot) (*extract.Page, error) {
	known, err := c.siblings.Of(ctx, v.site.ID, f.at.Host)
	if err != nil {
		return nil, err
	}
	if v.isSentToLogin(f.at) && extract.Parse(s).AsksForPassword() {
		v.end(v.login("sent on to " + f.at.URL))
		return nil, nil
	}
	if o, bad, err := c.elsewhere(ctx, v, f.at); bad || err != nil {
		v.end(o)
		return nil, err
	}
	page := extract.Parse(s).Of(known)
	defer func() { known.Learn(page) }()
	if o, bad := v.misdirected(page); bad {
		v.end(o)
		return nil, nil
	}
	if sent, err := c.sentOn(ctx, v, f, page); sent || err != nil {
		return nil, err
	}
	whole, err := c.framed(ctx, v, page, f.at)
	if whole == nil || err != nil {
		return nil, err
	}
	page, s = whole, whole.Snapshot
	if v.isArticle(page, f.at) {
		if c.isNothing(ctx, v, page, f.at) {
			v.end(nothingThere())
			return nil, nil
		}
		if !v.task.Archived && page.IsStrayTo(v.task.Witness.Title) {
			v.end(dossier.Outcome{Status: dossier.StatusFailed, Reason: dossier.ReasonNotArticle, Detail: "the page shows neither the headline of the row that leads to it nor a date, and next to no text"})
			return nil, nil
		}
		v.out.Snapshot, v.out.Kind = s, dossier.KindArticle
		return page, nil
	}
	if v.task.Kind == dossier.KindArticle {
		v.out.Snapshot = s
		v.end(dossier.Outcome{Status: dossier.StatusSkipped, Reason: dossier.ReasonNotArticle, Detail: "the page shows no article"})
		return nil, nil
	}
	links := f.page(page)
	if f.isHome() && len(v.site.Follow) == 0 {
		links.lists = append(links.lists, c.sitemaps(ctx, v, f)...)
		links.lists = append(links.lists, f.usualPlaces(links.lists)...)
	}
	if c.hasOthersRows(v, f, page, &links) {
		return nil, c.notList(ctx, v, s, &links, "the rows beside what the page is about are those of another page")
	}
	if lost, err := hasLostRows(ctx, c.store, v.site.ID, v.task, page, &links); lost || err != nil {
		v.end(dossier.Outcome{Status: dossier.StatusFailed, Reason: dossier.ReasonRowsGone,
			Detail: fmt.Sprintf("%d articles are beside what the page says, all of them known, and half of those or more that it showed before are not; is it out of order, or has the list moved?", len(links.articles))})
		return nil, err
	}
	if v.task.Kind != dossier.KindStart || len(links.articles) > 0 || page.Kind() != extract.KindArticle {
		return nil, c.readList(ctx, v, s, &links)
	}
	if v.task.Listed > 0 {
		v.end(dossier.Outcome{Status: dossier.StatusFailed, Reason: dossier.ReasonNoLinks,
			Detail: "the page led to articles before, and shows a text of its own now; has the site moved or closed?"})
		return nil, nil
	}
	v.out.Snapshot = s
	return page, nil
}

// sentOn ends the visit of an empty page that sends its reader to another one.
func (c *Crawler) sentOn(ctx context.Context, v *visit, f *finder, page *extract.Page) (bool, error) {
	target := page.Refresh()
	if target == "" || v.task.Depth >= maxRefreshDepth || page.Kind() != extract.KindEmpty {
		return false, nil
	}
	a, err := ParseAddress(f.at.URL, target)
	if err != nil || a.Key == f.at.Key || v.scope.refuses(a) != "" {
		return false, nil
	}
	if o, bad, err := c.elsewhere(ctx, v, a); bad || err != nil {
		v.end(o)
		return true, err
	}
	if loginPath.MatchString(a.Path) && !loginPath.MatchString(f.at.Path) {
		v.end(v.login("the page sends its reader to " + a.URL))
		return true, nil
	}
	v.out.Links = []dossier.Link{f.link(a, v.task.Kind, v.task.Witness)}
	v.out.ETag, v.out.LastModified = "", "" // an answer that it is as it was would lead nowhere
	v.end(dossier.Outcome{Status: dossier.StatusSkipped, Reason: dossier.ReasonRedirect, Detail: "the page sends its reader to " + a.URL})
	return true, nil
}

// loginPath finds addresses where a reader has to say who he is.
var loginPath = regexp.MustCompile(`(?i)/(log-?in|log-?on|sign-?in|passport|sso|cas/login|denglu)([/.?]|$)`)

// sitemaps are those that robots.txt names, for a home page. The rules are
// known: the page was asked by them. A site that ignores them has none.
func (c *Crawler) sitemaps(ctx context.Context, v *visit, f *finder) []dossier.Link {
	if v.site.Robots == dossier.RobotsIgnore {
		return nil
	}
	rules, err := c.rules(ctx, v, f.at)
	if err != nil {
		return nil
	}
	var out []dossier.Link
	for _, s := range rules.Sitemaps {
		if a, err := ParseAddress(f.at.URL, s); err == nil && f.scope.refuses(a) == "" {
			out = append(out, f.link(a, dossier.KindSitemap, dossier.Witness{}))
		}
	}
	return out
}

// maxRefreshDepth ends chains of pages that send each other's readers on.
const maxRefreshDepth = 20

// ledOut reports whether the page that answered is out of the scope of the site.
func (v *visit) ledOut(s *dossier.Snapshot) bool {
	a, err := ParseAddress("", s.FinalURL)
	return err == nil && v.scope.refuses(a) == dossier.ReasonOutOfScope
}

// readList ends the visit of a page that is to lead to articles.
func (c *Crawler) readList(ctx context.Context, v *visit, s *dossier.Snapshot, links *found) error {
	leads := len(links.articles) + len(links.lists) + len(links.whole) + len(links.sections) + len(links.archives) + len(links.more)
	switch {
	case v.task.Kind == dossier.KindMaybe && len(links.articles) == 0:
		return c.notList(ctx, v, s, links, "neither an article nor a list of articles")
	case leads == 0 && v.task.Kind == dossier.KindStart && v.ledOut(s):
		v.end(dossier.Outcome{Status: dossier.StatusFailed, Reason: dossier.ReasonOutOfScope,
			Detail: "the start address leads to " + s.FinalURL + ", which is not on a domain of the start addresses; if the site has moved there, add it to start"})
		return nil
	case leads == 0 && v.task.Kind == dossier.KindStart:
		v.end(dossier.Outcome{Status: dossier.StatusFailed, Reason: dossier.ReasonNoLinks,
			Detail: "no link on the page leads to an article; are follow and articles of the site right?"})
		return nil
	}
	if v.task.Kind == dossier.KindMaybe {
		v.out.Kind = dossier.KindList
		if page, ok := c.leading.to(v.site.ID, v.task.Key); ok {
			v.out.Links = append(v.out.Links, page)
		}
	}
	if v.isList() && v.task.Kind != dossier.KindStart && len(links.articles) == 0 {
		if err := c.boundSections(ctx, v, links); err != nil {
			return err
		}
	}
	o := dossier.Outcome{Status: dossier.StatusListed}
	if at, err := ParseAddress("", s.FinalURL); v.task.Kind == dossier.KindStart && err == nil && v.isSentHome(at) {
		o.Reason = dossier.ReasonRedirectHome
	}
	return c.listed(ctx, v, links, o)
}

// notList ends the visit of a page that is neither an article nor asked again for what it leads to.
func (c *Crawler) notList(ctx context.Context, v *visit, s *dossier.Snapshot, links *found, detail string) error {
	v.out.Snapshot = s
	if err := c.boundSections(ctx, v, links); err != nil {
		return err
	}
	if len(links.articles) == 0 {
		if err := c.noteLeading(ctx, v, slices.Concat(links.sections, links.archives)); err != nil {
			return err
		}
	}
	v.out.Links = slices.Concat(links.articles, links.lists, links.whole, links.sections, links.archives, links.refused, links.asides)
	v.end(dossier.Outcome{Status: dossier.StatusSkipped, Reason: dossier.ReasonNotArticle, Detail: detail})
	return nil
}

// listed decides about further pages of a list and hands its links on.
func (c *Crawler) listed(ctx context.Context, v *visit, links *found, o dossier.Outcome) error {
	stop, err := proceed(ctx, c.store, v.site.ID, v.task, links)
	if err != nil {
		return err
	}
	if stop == "" && links.unread && len(links.more) == 0 && len(links.articles) > 0 {
		stop = dossier.ReasonPagingUnread
	}
	if o.Reason == "" {
		o.Reason = stop
	}
	if stop == dossier.ReasonGap {
		c.log.WarnContext(ctx, "all that the page shows is new since it was read last, and nothing leads further: articles between may have been missed; crawl more often, or add lists to start",
			"site", v.site.ID, "url", v.task.URL)
	}
	v.end(o)
	v.out.Rising = isRising(links.articles)
	v.out.Links = append(v.out.Links, links.articles...)
	v.out.Links = append(v.out.Links, links.lists...)
	v.out.Links = append(v.out.Links, links.whole...)
	v.out.Links = append(v.out.Links, links.sections...)
	v.out.Links = append(v.out.Links, links.archives...)
	v.out.Links = append(v.out.Links, links.more...)
	v.out.Links = append(v.out.Links, links.refused...)
	v.out.Links = append(v.out.Links, links.asides...)
	return nil
}

// isArticle decides whether a page is read as an article. An address that the
// configuration or a feed names needs only some text; one that was found by
// its looks has to look like an article itself, or to be led to by a row with
// headline and date: then a short text without a date will do. Where neither shows a
// date, the page has to tell what the row announces, at an address as news have it.
// The archives of a blog show whole articles and are none, unless a pattern names them, and
// so does a section with its newest article above its rows. What only a menu leads to and
// only says when it was changed is no news.
func (v *visit) isArticle(page *extract.Page, at Address) bool {
	switch v.task.Kind {
	case dossier.KindArticle:
		return page.Kind() != extract.KindEmpty
	case dossier.KindMaybe:
		kind, row := page.Kind(), v.task.Witness
		switch {
		case len(v.site.Articles) == 0 && archiveOfBlog.MatchString(at.Path):
			return false
		case kind == extract.KindArticle:
			return !v.isGuess() || !page.IsDatedInRow() && (articleShape(at) || !page.ShowsRows() && !page.IsOnlyUpdated())
		case kind.IsExcuse():
			return true // by its row it is none
		case row.Title == "" || kind != extract.KindOther && kind != extract.KindList:
			return false
		}
		return kind == extract.KindOther && row.Date != "" || v.isAnnounced(page) || articleShape(at) && newsPlace.MatchString(at.Path) && page.Tells(row.Title)
	case dossier.KindList:
		// A list may have stood in the place of the article for a while.
		return v.task.Chain == "" && !archiveOfBlog.MatchString(at.Path) && (v.isAnnounced(page) || page.Kind() == extract.KindArticle && page.Tells(v.task.Witness.Title))
	}
	return false
}

// isAnnounced reports whether a page is the article that the row announces which led to it.
func (v *visit) isAnnounced(page *extract.Page) bool {
	row := v.task.Witness
	return row.Title != "" && page.IsAnnounced(row.Title, row.Date)
}

// newsPlace finds addresses in a folder of news, or of a month. Elsewhere a page without a date
// describes what does not happen: laws, products, answers to questions.
var newsPlace = regexp.MustCompile(`(?i)/(?:19|20)\d\d[/\-]?(?:0[1-9]|1[0-2])[/\-\d]|/(?:[\w\-]*news[\w\-]*|press[\w\-]*|media[\w\-]*|stor(?:y|ies)|articles?|blogs?|posts?|` +
	`announcements?|notices?|bulletins?|xinwen\w*|dongtai\w*|zixun\w*|gonggao\w*|\w{0,6}(?:xw|dt|gg|tz|zx))/`)

// isPageType reports whether an answer calls itself a page.
func isPageType(s *dossier.Snapshot) bool {
	medium, _, _ := mime.ParseMediaType(s.Header.Get("Content-Type"))
	return medium == "text/html" || medium == "application/xhtml+xml"
}

// IsPage reports whether an answer is an HTML page. It believes the header when that
// names another medium and looks at the bytes when it does not.
func IsPage(s *dossier.Snapshot) bool {
	medium, _, _ := mime.ParseMediaType(s.Header.Get("Content-Type"))
	switch {
	case isPageType(s):
		return !isBinary(s.Body)
	case !strings.Contains(medium, "/"), medium == "text/plain", medium == "application/octet-stream", strings.HasSuffix(medium, "xml"):
		return strings.HasPrefix(http.DetectContentType(s.Body), "text/html") || looksLikeHTML(s.Body)
	}
	return false
}

// notHTML says what came instead of a page.
func notHTML(s *dossier.Snapshot) string {
	medium := s.Header.Get("Content-Type")
	if isPageType(s) {
		return fmt.Sprintf("called %s, and its bytes are none: they look like %s", medium, http.DetectContentType(s.Body))
	}
	return medium
}

// isBinary recognises files and data that are sent as pages.
func isBinary(body []byte) bool {
	switch kind := http.DetectContentType(body); {
	case kind == "application/octet-stream":
		return !looksLikeHTML(body)
	case strings.HasPrefix(kind, "text/"):
		return len(body) > 0 && bytes.ContainsAny(body[:1], "{[") && json.Valid(body)
	}
	return true
}

func looksLikeHTML(body []byte) bool {
	head := bytes.ToLower(bytes.ReplaceAll(body[:min(len(body), 4096)], []byte{0}, nil)) // UTF-16 as well
	for _, tag := range []string{"<html", "<!doctype html", "<body", "<head", "<table", "<div", "<datastore"} {
		if bytes.Contains(head, []byte(tag)) {
			return true
		}
	}
	return false
}
