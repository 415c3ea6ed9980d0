package crawler

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
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
}

// found is what a list page leads to.
type found struct {
	articles []dossier.Link // articles, or what may be one
	lists    []dossier.Link // lists of their own: feeds, sitemaps, what patterns name
	sections []dossier.Link // what may be a list
	archives []dossier.Link // single years and months of this list
	more     []dossier.Link // further pages of this list
	refused  []dossier.Link // rows, and what the site excludes, of which only the reason is kept
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

// refuses says why an address is not asked, "" when it may be.
func (s scope) refuses(a Address) dossier.Reason {
	if matchesAny(s.site.Exclude, a.URL) {
		return ReasonExcluded
	}
	if !s.domains[a.Domain()] && !namesHost(s.site.Articles, a) && !namesHost(s.site.Follow, a) {
		return ReasonOutOfScope
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
	var out found
	candidates := f.candidates(p.Links(), base)
	rows := articleRows(candidates)
	for i, c := range candidates {
		switch {
		case c.refused != "":
			row := len(f.site.Articles) == 0 && rows[i] && c.isDated()
			if (row || c.refused == ReasonExcluded) && len(out.refused) < maxRefused {
				out.refused = append(out.refused, f.refused(c.addr, f.witness(c)))
			}
		case matchesAny(f.site.Articles, c.addr.URL):
			out.articles = append(out.articles, f.link(c.addr, dossier.KindArticle, f.witness(c)))
		case matchesAny(f.site.Follow, c.addr.URL):
			f.follow(&out, c)
		case len(f.site.Articles) == 0 && rows[i]:
			out.articles = append(out.articles, f.link(c.addr, dossier.KindMaybe, f.witness(c)))
		}
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
		out.sections = append(f.frames(p, base), f.sections(candidates, rows)...)
		out.archives = f.archives(p, base, candidates, rows)
		if f.isHome() {
			out.lists = append(out.lists, f.announced(p, base)...)
		}
	}
	f.putOnShow(out.articles)
	return out
}

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
		a, err := ParseAddress(base, href)
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
				frame.Depth = f.task.Depth // a part of the home page
			}
			out = append(out, frame)
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
		a, err := ParseAddress(base, l.Href)
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
		a, err := ParseAddress(base, l.Href)
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
// only puts words before the other, such as "Continue reading", says less.
func saysMore(a, b extract.Link) bool {
	switch {
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
	cut := strings.HasSuffix(title, "…") || strings.HasSuffix(title, "...")
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

// isHome reports whether the page is the entrance of a site, or of one of its
// languages that the entrance leads to: from there the sections are looked for.
func (f *finder) isHome() bool {
	if f.task.Kind == dossier.KindMaybe && f.task.Depth == 0 {
		return true // a frame of the home page
	}
	entrance := f.task.Kind == dossier.KindStart || f.task.Kind == dossier.KindMaybe && f.task.Depth <= 1
	return entrance && (homePath.MatchString(f.at.File()) || f.entrance() != "")
}

// entrance is the folder of the configured home page that has sent its reader
// to this page, "" when none has.
func (f *finder) entrance() string {
	if f.task.Kind != dossier.KindStart {
		return ""
	}
	asked, err := ParseAddress("", f.task.URL)
	if err != nil || asked.Key == f.at.Key && f.task.Depth == 0 {
		return ""
	}
	for _, start := range f.site.Start {
		s, err := ParseAddress("", start)
		if err == nil && homePath.MatchString(s.File()) && (f.task.Depth > 0 || s.Key == asked.Key) && strings.HasPrefix(f.at.File(), folderOf(s.File())) {
			return folderOf(s.File())
		}
	}
	return ""
}

var homePath = regexp.MustCompile(`(?i)^/(` + language + `|` + language + `\.\w{3,5}|(` + language + `/)?((index|default|home|main)(\.\w{2,5})?)?|home/index)$`)

// language is the part of an address that names an edition of a site.
const language = `([a-z]{2}(-[a-z]{2,4})?|english|chinese|www)`

// folder is the part of the site that a home page speaks for.
func (f *finder) folder() string {
	if from := f.entrance(); from != "" {
		return from
	}
	return folderOf(homeAction.ReplaceAllString(f.at.File(), "/"))
}

// homeAction is how some programs call the home page of a site, in no folder of its own.
var homeAction = regexp.MustCompile(`(?i)/home/index$`)

const (
	maxSections     = 80
	maxSectionDepth = 2
)

// sections are links of a page that may lead to lists, as sectionScope has them. What
// they are is seen when they are asked. Further states of the page itself, such as the
// months of a calendar, are none.
func (f *finder) sections(all []candidate, rows []bool) []dossier.Link {
	hasRows := slices.Contains(rows, true)
	folder, named := f.sectionScope(hasRows)
	var out []dossier.Link
	for i, c := range all {
		column := hasRows && f.isColumn(c.addr)
		leads := folder != "" && strings.HasPrefix(c.addr.File(), folder) || named && namesList(c.Link) && f.inFolder(c.addr) || column
		switch {
		case !leads, rows[i], c.refused != "", len(out) >= maxSections, c.addr.Host != f.at.Host, c.addr.File() == f.at.File() && !column,
			c.Region == extract.RegionPager, !isName(c.Link), noSection.MatchString(c.addr.Path), matchesAny(f.site.Articles, c.addr.URL):
			continue
		}
		out = append(out, f.link(c.addr, dossier.KindMaybe, dossier.Witness{}))
	}
	return out
}

// sectionScope says which links of a page may lead to lists: all into a folder, "" for
// none, and those that are named as lists are. A home page leads into its folder, and so
// does a section in a folder of its own. A start address without rows is a part of its
// site, and leads to what stands below it. Any other page without rows may stand between
// the entrance of its site and the lists, and a section that the home page leads to may
// have others beside it.
func (f *finder) sectionScope(hasRows bool) (folder string, named bool) {
	folder = f.folder()
	named = f.mayLead() && (!hasRows || f.task.Kind == dossier.KindMaybe && f.task.Depth == 1)
	switch {
	case f.isHome(), f.leadsBelow(folder):
		return folder, named
	case !named || f.task.Kind != dossier.KindStart:
		return "", named
	case plainFile(f.at.File()) == "":
		return "", false
	}
	return plainFile(f.at.File()) + "/", false
}

// isColumn reports whether an address is a column of a section with rows, as the tabs of a page
// have them: ?cat=2, or /news/parks of /news. A section that the home page leads to has other
// columns beside itself; one that was asked for has only those within it.
func (f *finder) isColumn(a Address) bool {
	found := f.task.Kind == dossier.KindMaybe && f.task.Depth == 1 && f.task.Witness.Title == ""
	if f.isHome() || !found && f.task.Kind != dossier.KindStart {
		return false
	}
	if !sameFile(f.at.File(), a.File()) {
		below, ok := strings.CutPrefix(a.File(), f.at.File()+"/")
		return ok && path.Ext(f.at.File()) == "" && below != "" && !strings.Contains(strings.TrimSuffix(below, "/"), "/")
	}
	own, its := parameters(f.at), parameters(a)
	further := slices.DeleteFunc(slices.Clone(its), func(p parameter) bool { return slices.Contains(own, p) })
	within := len(its)-len(further) == len(own)
	return len(further) == 1 && columnParameter.MatchString(further[0].name) && (within || found && len(its) == len(own))
}

var columnParameter = regexp.MustCompile(`(?i)^(cat|catid|category|cate|class|classid|cid|column|columnid|col|channel|channelid|section|sort_?id|type|typeid|tid|lm|lanmu|lanmuid|bigclass|smallclass)$`)

// leadsBelow reports whether a page that is no home page can have sections in
// its own folder.
func (f *finder) leadsBelow(folder string) bool {
	return !homePath.MatchString(folder) && f.mayLead()
}

// mayLead reports whether a page is near enough to the start to lead to sections.
func (f *finder) mayLead() bool {
	return f.task.Kind == dossier.KindStart || f.task.Kind == dossier.KindMaybe && f.task.Depth <= maxSectionDepth && f.task.Witness.Title == ""
}

// namesList reports whether a link is named as lists of articles are.
func namesList(l extract.Link) bool { return listName.MatchString(l.Text + " " + l.Title) }

var listName = regexp.MustCompile(`(?i)\b(news|newsroom|newsletters?|press|media|stories|updates?|announcements?|notices?|bulletins?|releases?|articles?|blogs?|insights?|publications?|highlights?|latest|archives?)\b|新闻|动态|要闻|资讯|公告|通知|快讯|信息|报道|播报|公开|频道|栏目|专栏|招商|新聞|動態|資訊|報導|頻道|欄目|ニュース|お知らせ|뉴스|소식|новости`)

// isName tells names and pictures from the numbers of pages and days.
func isName(l extract.Link) bool {
	return l.Text+l.Title == "" || strings.IndexFunc(l.Text+l.Title, unicode.IsLetter) >= 0
}

// noSection are addresses that answer to a reader's own input or identity, and those of the
// pages on the law that sites have to show.
var noSection = regexp.MustCompile(`(?i)(login|logout|signin|sign-in|[/_\-.?&=](?:register|passport|search|feedback|subscribe|print)|/cart|/user/|wp-admin|wp-login` +
	`|/impressum|/imprint\b|datenschutz|/privacy|/disclaimer|/cookie|/legal[-_]?notice|/mentions[-_]legales|/aviso[-_]legal|/terms[-_](?:of|and)|/politica[-_]de[-_](?:privacidad|cookies))`)

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

// articleRows tells which links of a page look like the rows of a list of
// articles: a headline with a date beside it, or headlines of one place in
// the page whose addresses look like articles.
func articleRows(all []candidate) []bool {
	groups := map[string]*rowGroup{}
	for _, c := range all {
		if (c.Region == extract.RegionMain || c.Region == extract.RegionHeader) && c.headlineWidth() >= minHeadline {
			g := groups[c.Path]
			if g == nil {
				g = &rowGroup{}
				groups[c.Path] = g
			}
			g.add(c)
		}
	}
	out := make([]bool, len(all))
	for i, c := range all {
		w := c.headlineWidth()
		switch g := groups[c.Path]; {
		case c.Region == extract.RegionPager, c.Region == extract.RegionFooter, w < minHeadline:
		case c.isDated():
			out[i] = true
		case g != nil:
			out[i] = g.isHeadlines()
		}
	}
	return out
}

// minHeadline is the least width of a headline: four Han characters or eight
// Latin ones.
const minHeadline = 8

// rowGroup gathers the links of one place in a page that are long enough for headlines.
type rowGroup struct{ links, width, shaped, dated int }

func (g *rowGroup) add(c candidate) {
	g.links++
	g.width += c.headlineWidth()
	if articleShape(c.addr) {
		g.shaped++
	}
	if c.isDated() {
		g.dated++
	}
}

// isHeadlines holds where undated links are as long as headlines are. Section
// names are on average 8 to 22 wide, headlines 30 to 90.
func (g *rowGroup) isHeadlines() bool {
	average := g.width / g.links
	switch {
	case g.dated*2 >= g.links:
		return true
	case g.links < 2:
		return average >= 30 && g.shaped > 0
	case g.shaped*5 >= g.links*3:
		return average >= 24
	}
	return average >= 36
}

func (c candidate) isDated() bool { return c.Date != "" || c.At != "" }

func (c candidate) headlineWidth() int { return max(width(c.Text), width(c.Title)) }

// width counts the columns of a text: two for a Han, kana or hangul character.
func width(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
			n += 2
		case unicode.IsLetter(r), unicode.IsDigit(r), r == ' ':
			n++
		}
	}
	return n
}

// articleShape reports whether an address looks like that of an article: a
// number of four digits or more, a date, an id, a long slug.
func articleShape(a Address) bool { return shapeOfArticle.MatchString(a.Path) }

var shapeOfArticle = regexp.MustCompile(`(?i)\d{4,}|/\d{1,4}/\d{1,2}/|[?&](\w*id|aid|newsid|n|no)=\d+|/\d+\.\w{3,5}$|/\d+/?$|(\w+-){3,}\w+|[0-9a-f]{16,}`)

// files are extensions of addresses that are no pages.
var files = map[string]bool{
	".pdf": true, ".doc": true, ".docx": true, ".xls": true, ".xlsx": true, ".ppt": true, ".pptx": true, ".wps": true, ".rtf": true, ".csv": true, ".odt": true,
	".zip": true, ".rar": true, ".7z": true, ".gz": true, ".tar": true, ".exe": true, ".apk": true, ".dmg": true, ".iso": true,
	".jpg": true, ".jpeg": true, ".png": true, ".gif": true, ".bmp": true, ".svg": true, ".webp": true, ".ico": true, ".tif": true, ".tiff": true,
	".mp3": true, ".mp4": true, ".avi": true, ".mov": true, ".wmv": true, ".flv": true, ".wav": true, ".m4a": true, ".webm": true, ".m3u8": true,
	".css": true, ".js": true, ".json": true, ".woff": true, ".woff2": true, ".ttf": true, ".eot": true, ".swf": true, ".epub": true, ".ics": true,
}

func isPage(a Address) bool { return !files[strings.ToLower(path.Ext(a.File()))] }
