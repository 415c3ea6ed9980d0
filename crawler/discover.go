package crawler

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/extract"
)

// A finder sorts the links of one page of one site. Links that the patterns
// of the site name are taken as they say; without patterns, rows with dates
// and headlines are taken for articles.
type finder struct {
	site  *dossier.Site
	scope scope
	task  dossier.Task
	at    Address // of the page, after redirects
	home  bool    // the menu of the page calls it so

	resolved map[reference]resolved // see resolve
}

type reference struct{ base, ref string }

type resolved struct {
	addr Address
	err  error
}

// resolve is ParseAddress for what is read several times: the links of the page.
func (f *finder) resolve(base, ref string) (Address, error) {
	r, known := f.resolved[reference{base, ref}]
	if !known {
		if f.resolved == nil {
			f.resolved = map[reference]resolved{}
		}
		r.addr, r.err = ParseAddress(base, ref)
		f.resolved[reference{base, ref}] = r
	}
	return r.addr, r.err
}

// found is what a list page leads to.
type found struct {
	articles []dossier.Link // articles, or what may be one
	lists    []dossier.Link // lists of their own: feeds, sitemaps, what patterns name
	sections []dossier.Link // what may be a list
	whole    []dossier.Link // frames of the page, and what may be the whole of the list that it shows a part of
	archives []dossier.Link // single years and months of this list
	more     []dossier.Link // further pages of this list
	refused  []dossier.Link // rows, and what the site excludes, of which only the reason is kept
	asides   []dossier.Link // what the page is not read for
	boxes    []string       // digests of the articles in each place of the page
	unread   bool           // it goes on, and nobody knows where
}

// scope says which addresses belong to a site: those on the registrable
// domains of its start addresses.
type scope struct {
	domains map[string]bool
	site    *dossier.Site
}

func newScope(site *dossier.Site) scope {
	s := scope{domains: map[string]bool{}, site: site}
	for _, start := range site.Start {
		if a, err := ParseAddress("", start); err == nil {
			s.domains[a.Domain()] = true
		}
	}
	return s
}

// scopeOf is the scope of a site. That of the last one is kept: it is asked for at each page.
func (c *Crawler) scopeOf(site *dossier.Site) scope {
	if s := c.scope.Load(); s != nil && s.site == site {
		return *s
	}
	s := newScope(site)
	c.scope.Store(&s)
	return s
}

// refuses says why an address is not asked, "" when it may be.
func (s scope) refuses(a Address) dossier.Reason {
	if matchesAny(s.site.Exclude, a.URL) {
		return dossier.ReasonExcluded
	}
	if !s.domains[a.Domain()] && !namesHost(s.site.Articles, a) && !namesHost(s.site.Follow, a) {
		return dossier.ReasonOutOfScope
	}
	return ""
}

func matchesAny(patterns []*regexp.Regexp, address string) bool {
	for _, p := range patterns {
		if p.MatchString(address) {
			return true
		}
	}
	return false
}

// namesHost reports whether a pattern matches the host as well: then the site
// means an address outside its own domain.
func namesHost(patterns []*regexp.Regexp, a Address) bool {
	host := strings.Index(a.URL, a.Host)
	for _, p := range patterns {
		if m := p.FindStringIndex(a.URL); m != nil && m[0] < host+len(a.Host) && m[1] > host {
			return true
		}
	}
	return false
}

// candidate is a link of a page with its address.
type candidate struct {
	extract.Link
	addr    Address
	refused dossier.Reason // why it is not to be asked, "" when it may be
}

// maxRefused is how many links of a page that are not asked are kept with the reason.
const maxRefused = 200

// page sorts the links of an HTML page that leads to articles.
func (f *finder) page(p *extract.Page) found {
	base := f.base(p)
	f.home = f.isCalledHome(p, base)
	var out found
	candidates := f.candidates(p.Links(), base)
	rows := articleRows(candidates, f.task.Chain != "")
	places := map[string][]string{} // keys of articles by the path of their links
	for i, c := range candidates {
		switch {
		case c.refused != "":
			row := len(f.site.Articles) == 0 && rows[i] && c.isDated()
			if (row || c.refused == dossier.ReasonExcluded) && len(out.refused) < maxRefused {
				out.refused = append(out.refused, f.refused(c.addr, f.witness(c)))
			}
		case matchesAny(f.site.Articles, c.addr.URL):
			out.articles = append(out.articles, f.link(c.addr, dossier.KindArticle, f.witness(c)))
		case matchesAny(f.site.Follow, c.addr.URL):
			f.follow(&out, c)
		case len(f.site.Articles) == 0 && rows[i]:
			out.articles = append(out.articles, f.link(c.addr, dossier.KindMaybe, f.witness(c)))
			places[c.Path] = append(places[c.Path], c.addr.Key)
		}
	}
	for _, keys := range places {
		out.boxes = append(out.boxes, digestOf(keys))
	}
	f.references(&out, p, base, candidates)
	if len(f.site.Articles) == 0 {
		out.refused = append(out.refused, f.files(p.Links(), base)...)
	}
	pg := p.Pager()
	out.unread = pg.Unread && len(f.site.Follow) == 0
	for _, next := range f.nextPages(pg, base, len(out.articles)) {
		if len(f.site.Follow) == 0 || matchesAny(f.site.Follow, next.URL) {
			out.more = append(out.more, f.continuation(next))
		}
	}
	if len(f.site.Follow) == 0 {
		out.whole = append(f.frames(p, base), f.wholeLists(candidates, rows)...)
		out.sections = f.sections(p, base, candidates, rows)
		out.archives = f.archives(p, base, candidates, rows)
		if len(out.articles) == 0 {
			out.lists = append(out.lists, f.fetched(p, base)...)
		}
		if f.isHome() {
			out.lists = append(out.lists, f.announced(p, base)...)
		}
	}
	f.putOnShow(out.articles)
	f.putAside(&out, p.Links(), base)
	return out
}

// putAside keeps the links of a page that it is not read for, so that it is known of each
// that it was seen.
func (f *finder) putAside(out *found, links []extract.Link, base string) {
	seen := map[string]bool{f.at.Key: true}
	for _, group := range [][]dossier.Link{out.articles, out.lists, out.whole, out.sections, out.archives, out.more, out.refused} {
		for _, l := range group {
			seen[l.Key] = true
		}
	}
	for _, l := range links {
		if a, err := f.resolve(base, l.Href); err == nil && !seen[a.Key] {
			seen[a.Key] = true
			out.asides = f.appendAside(out.asides, a)
		}
	}
}

// appendAside keeps an address of which only the reason is kept for which it is not
// followed. No host is asked for it.
func (f *finder) appendAside(asides []dossier.Link, a Address) []dossier.Link {
	if len(asides) >= maxAsides {
		return asides
	}
	l := f.link(a, dossier.KindMaybe, dossier.Witness{})
	l.Aside, l.Host = true, f.at.Host
	return append(asides, l)
}

// maxAsides is how many links of a page are kept that it is not read for.
const maxAsides = 1000

// base is what the addresses of a page are relative to: for rows that a script
// puts into a list, the page of the list.
func (f *finder) base(p *extract.Page) string {
	switch {
	case p.IsBare() && f.task.Chain != "":
		return f.task.Chain
	case p.Base != nil:
		return p.Base.String()
	}
	return f.at.URL
}

// references takes what the patterns of the site name, wherever the page has
// it: in frames, images, texts and headers.
func (f *finder) references(out *found, p *extract.Page, base string, anchors []candidate) {
	if len(f.site.Articles) == 0 && len(f.site.Follow) == 0 {
		return
	}
	seen := map[string]bool{f.at.Key: true}
	for _, c := range anchors {
		seen[c.addr.Key] = true
	}
	for _, href := range p.References() {
		a, err := f.resolve(base, href)
		if err != nil || seen[a.Key] || f.scope.refuses(a) != "" || !isPage(a) {
			continue
		}
		switch {
		case matchesAny(f.site.Articles, a.URL):
			out.articles = append(out.articles, f.link(a, dossier.KindArticle, dossier.Witness{}))
		case matchesAny(f.site.Follow, a.URL):
			f.follow(out, candidate{addr: a})
		default:
			continue
		}
		seen[a.Key] = true
	}
}

// frames are the pages that a page shows in its frames: of an old site all
// that it has.
func (f *finder) frames(p *extract.Page, base string) []dossier.Link {
	if f.task.Depth > maxSectionDepth || f.task.Kind != dossier.KindStart && f.task.Kind != dossier.KindMaybe {
		return nil
	}
	var out []dossier.Link
	for _, src := range p.Frames() {
		if a, err := ParseAddress(base, src); err == nil && a.Host == f.at.Host && f.scope.refuses(a) == "" && isPage(a) {
			frame := f.link(a, dossier.KindMaybe, dossier.Witness{})
			if f.isHome() {
				frame.Depth = 0 // a part of the home page
			}
			out = append(out, frame)
		}
	}
	return out
}

// fetched is what the scripts of a page ask for to show it, of a page without rows of its own.
func (f *finder) fetched(p *extract.Page, base string) []dossier.Link {
	if f.task.Depth > maxSectionDepth || p.IsBare() {
		return nil
	}
	var out []dossier.Link
	for _, src := range p.Fetches() {
		if a, err := ParseAddress(base, src); err == nil && a.Host == f.at.Host && f.scope.refuses(a) == "" {
			kind := dossier.KindMaybe // it is asked again by each run when it is a list
			if !isPage(a) {
				kind = dossier.KindList
			}
			out = append(out, f.link(a, kind, dossier.Witness{}))
		}
	}
	return out
}

// candidates resolves the links of a page, each address once; of two links to
// one address the one that says more is kept.
func (f *finder) candidates(links []extract.Link, base string) []candidate {
	var out []candidate
	seen := map[string]int{f.at.Key: -1}
	for _, l := range links {
		a, err := f.resolve(base, l.Href)
		if err != nil || !isPage(a) {
			continue
		}
		i, again := seen[a.Key]
		if again && i >= 0 && saysMore(l, out[i].Link) {
			out[i].Link = l
		}
		if !again {
			seen[a.Key] = len(out)
			out = append(out, candidate{l, a, f.scope.refuses(a)})
		}
	}
	return out
}

// files are the rows of a list that lead to files, as notices do that are published as
// PDF: they are not asked for, and it is kept why.
func (f *finder) files(links []extract.Link, base string) []dossier.Link {
	var out []dossier.Link
	seen := map[string]bool{}
	for _, l := range links {
		c := candidate{Link: l}
		if !c.isDated() || c.headlineWidth() < minHeadline || l.Region == extract.RegionFooter || len(out) >= maxRefused {
			continue
		}
		a, err := f.resolve(base, l.Href)
		if err != nil || isPage(a) || seen[a.Key] {
			continue
		}
		seen[a.Key] = true
		out = append(out, f.refused(a, f.witness(c)))
	}
	return out
}

// refused is a link of which only the reason is kept for which it is not asked.
func (f *finder) refused(a Address, w dossier.Witness) dossier.Link {
	l := f.link(a, dossier.KindMaybe, w)
	l.Refused = true
	return l
}

// saysMore reports whether a link says more of what it leads to than another. A text that
// only puts words before the other, such as "Continue reading", says less, and so does one
// that is cut.
func saysMore(a, b extract.Link) bool {
	switch {
	case extract.EndsCut(a.Text) != extract.EndsCut(b.Text) && width(a.Text) >= minHeadline && width(b.Text) >= minHeadline && a.Date == b.Date:
		return extract.EndsCut(b.Text)
	case (a.Date != "") != (b.Date != ""):
		return a.Date != ""
	case introduces(a, b):
		return false
	case introduces(b, a):
		return true
	}
	return width(a.Text) > width(b.Text)
}

// introduces reports whether a link has the headline of another behind words of its own.
func introduces(a, b extract.Link) bool {
	return width(b.Text) >= minHeadline && strings.Index(extract.Squeeze(a.Text), extract.Squeeze(b.Text)) > 0
}

func (f *finder) link(a Address, kind dossier.Kind, w dossier.Witness) dossier.Link {
	return dossier.Link{URL: a.URL, Raw: a.Raw, Key: a.Key, Host: a.Host, Kind: kind, Depth: f.task.Depth + 1, Witness: w}
}

// follow takes an address that the site's patterns name as a list: another
// page of this one, or a list of its own.
func (f *finder) follow(out *found, c candidate) {
	if f.task.Kind != dossier.KindFeed && family(c.addr) == family(f.at) {
		out.more = append(out.more, f.continuation(c.addr))
		return
	}
	out.lists = append(out.lists, f.link(c.addr, dossier.KindList, dossier.Witness{}))
}

func (f *finder) continuation(a Address) dossier.Link {
	l := f.link(a, dossier.KindList, dossier.Witness{})
	l.Chain, l.Listed = f.task.Chain, f.task.Listed
	if l.Chain == "" {
		l.Chain = f.at.Key
	}
	return l
}

// witness is what the row of a link says about the article. A cut text gives
// way to the title attribute that holds all of it.
func (f *finder) witness(c candidate) dossier.Witness {
	title := c.Text
	cut := extract.EndsCut(title)
	if utf8.RuneCountInString(c.Title) > utf8.RuneCountInString(title) && (cut || title == "") {
		title = c.Title
	}
	date := c.Date[:min(len(c.Date), len(time.DateOnly))]
	if at, err := time.Parse(time.RFC3339, c.At); err == nil {
		date = f.day(at)
	}
	return dossier.Witness{Title: title, Date: date}
}

// maxOnShow is how many articles of a list count as on show.
const maxOnShow = 30

// putOnShow marks the first articles of the first page of a list: what is on
// show is what gets corrected or withdrawn, so it is asked again at the next run.
func (f *finder) putOnShow(articles []dossier.Link) {
	if f.task.Chain != "" {
		return
	}
	for i := range articles[:min(len(articles), maxOnShow)] {
		articles[i].OnShow = true
	}
}

// announced are the feeds that the head of a home page names.
func (f *finder) announced(p *extract.Page, base string) []dossier.Link {
	var out []dossier.Link
	for _, href := range p.Alternates() {
		if a, err := ParseAddress(base, href); err == nil && f.scope.refuses(a) == "" && !strings.Contains(a.Path, "comments") {
			out = append(out, f.link(a, dossier.KindFeed, dossier.Witness{}))
		}
	}
	return out
}
