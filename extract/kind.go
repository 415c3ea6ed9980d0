package extract

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// PageKind is what a page is to a crawler.
type PageKind string

const (
	KindArticle   PageKind = "article"
	KindList      PageKind = "list"      // leads to articles
	KindOther     PageKind = "other"     // neither
	KindNotFound  PageKind = "notfound"  // says that there is no such page
	KindFault     PageKind = "fault"     // says that the server has failed or is being mended
	KindChallenge PageKind = "challenge" // a check against robots
	KindLogin     PageKind = "login"     // asks for a name and a password
	KindEmpty     PageKind = "empty"     // shows next to nothing
)

// Kind tells what a page is, from its structure and its words.
func (p *Page) Kind() PageKind {
	if p.kind == "" {
		p.kind = p.judge()
	}
	return p.kind
}

// IsExcuse reports whether a page of this kind says why it is not the one that was asked for.
func (k PageKind) IsExcuse() bool {
	return k == KindNotFound || k == KindFault || k == KindChallenge || k == KindLogin
}

// minShown is how many columns a page shows at the least that is not empty.
const minShown = 30

func (p *Page) judge() PageKind {
	m := p.metadata()
	shown := 0
	for _, b := range p.pageBlocks() {
		if !b.hidden {
			shown += b.size
		}
	}
	if k := p.apology(m, shown); k != "" {
		return k
	}
	if p.isScriptCheck(shown) {
		return KindChallenge
	}
	if shown < minShown {
		return KindEmpty
	}
	r := p.read()
	if k := excuseOf(r.body.text); k != "" {
		return k
	}
	text := size(r.body.text)
	rows, linked := p.listRows()
	declared := strings.EqualFold(m.get("og:type"), "article") || m.article() != nil || m.get("articletitle", "article:published_time") != ""
	if n := p.teasers(); n >= minTeasers && text < n*maxTeaser || !declared && m.get("citation_title") == "" && (p.isPosts() || p.isCards()) {
		return KindList
	}
	info := p.infoLine()
	informed := info != nil && info.block.region != RegionFooter && info.block.region != RegionNav
	date := r.date.best.score
	dated := r.date.best.value != ""
	switch {
	case text == 0:
		return listOr(rows, linked, KindOther)
	case dated && date >= 0.7 && (informed || declared) && text >= 60 && (rows < 12 || text > linked):
		return KindArticle
	case dated && text >= 200 && (rows < 5 && text*3 > linked || text > linked && !p.isPaged()) && p.isHeaded():
		return KindArticle
	case rows >= 5 && text < linked*2:
		return KindList
	case dated && date >= 0.6 && text >= 100 && text*2 > linked:
		return KindArticle
	case declared && text >= 200:
		return KindArticle
	}
	return listOr(rows, linked, KindOther)
}

// isPaged reports whether the page leads on to further pages of a list.
func (p *Page) isPaged() bool {
	pager := p.Pager()
	return len(pager.Next)+len(pager.Numbers) > 0 || pager.Script != nil
}

// isNumbered reports whether the page shows the numbers of further pages, which no article
// has beside it as it has a link to the next article.
func (p *Page) isNumbered() bool {
	pager := p.Pager()
	return len(pager.Numbers) > 0 || pager.Script != nil
}

// isHeaded reports whether the page shows one text below its headline and its date, in
// this order and near each other.
func (p *Page) isHeaded() bool { return p.isHeadedBy(p.headingOf(p.read().title.best.value), 0) }

// isHeadedBy is like isHeaded, for a headline that may be no heading and have its date some
// lines above it.
func (p *Page) isHeadedBy(headline *block, above int) bool {
	r := p.read()
	date := r.date.best.node
	if headline == nil || headline.linked*2 > headline.runes || date == nil || len(r.body.blocks) == 0 {
		return false
	}
	line, first := p.blockAt(date), r.body.blocks[0].index
	return line != nil && headline.index < line.index+above && line.index <= first && first-headline.index <= headSpan
}

// manyHeadlines is the size of the headlines without dates that make a list.
const manyHeadlines = 400

func listOr(rows, linked int, other PageKind) PageKind {
	if rows >= 3 || linked > manyHeadlines {
		return KindList
	}
	return other
}

// listRows counts the links with a date beside them, and the size of all
// linked headlines. A picture that leads where its headline does is none.
func (p *Page) listRows() (rows, linked int) {
	last := ""
	for _, l := range p.Links() {
		if l.Region == RegionFooter || l.Region == RegionNav || l.Region == RegionPager || l.Href == last {
			continue
		}
		if n := size(l.Text); n >= 16 {
			last = l.Href
			linked += n
			if l.Date != "" {
				rows++
			}
		}
	}
	return rows, linked
}

// ShowsRows reports whether the page shows the dated rows of a list, as those of a section
// also do below a text of their own or their newest article, or has its day from a row.
func (p *Page) ShowsRows() bool {
	rows, _ := p.listRows()
	return rows >= 5 || rows >= 3 && p.isPaged() || p.isDatedByRow()
}

// HasRowsBeside reports whether the headlines of others that the page shows stand beside what it is
// about, as the latest news do on pages that describe something: it has a text with none of them
// inside, or all of them are in elements that are named as such boxes.
func (p *Page) HasRowsBeside() bool {
	if size(p.read().body.text) >= minSentence && p.teasers() == 0 && !p.isPosts() {
		return true
	}
	return !slices.ContainsFunc(p.Links(), func(l Link) bool {
		return (l.Region == RegionMain || l.Region == RegionHeader) && size(l.Text) >= minRowHeadline && l.node != nil && !p.inFurniture(l.node, p.furnitureSeen())
	})
}

// isDatedByRow reports whether a row that leads elsewhere shows the day of the page.
func (p *Page) isDatedByRow() bool {
	day, _, _ := strings.Cut(p.read().date.best.value, "T")
	return day != "" && slices.ContainsFunc(p.Links(), func(l Link) bool {
		return strings.HasPrefix(l.Date, day) && size(l.Text) >= 8 && l.Region != RegionFooter && l.Region != RegionNav && l.Region != RegionPager && !p.isOwn(l.Href)
	})
}

// IsDatedInRow reports whether the day of the page stands in a row that leads elsewhere, one of several
// of its place: what looks like its text is those of the rows of a short list.
func (p *Page) IsDatedInRow() bool {
	date := p.read().date.best
	day, _, _ := strings.Cut(date.value, "T")
	if day == "" || date.node == nil {
		return false
	}
	var rows []Link
	places := map[string]map[string]bool{} // addresses of rows, by place
	for _, l := range p.Links() {
		if l.node == nil || l.Date == "" || max(size(l.Text), size(l.Title)) < minWords || l.Region == RegionFooter || l.Region == RegionNav || l.Region == RegionPager || p.isOwn(l.Href) {
			continue
		}
		rows = append(rows, l)
		if places[l.Path] == nil {
			places[l.Path] = map[string]bool{}
		}
		places[l.Path][l.Href] = true
	}
	near := nearestRows(rows, date.node)
	if len(near) == 0 {
		return false
	}
	row := near[0]
	others := slices.ContainsFunc(near, func(l Link) bool { return l.Href != row.Href })
	return strings.HasPrefix(row.Date, day) && !others && len(places[row.Path]) > 1
}

// nearestRows are the rows in the least element that holds one of them and a node.
func nearestRows(rows []Link, n *html.Node) (near []Link) {
	above := map[*html.Node]int{} // how far above the node
	for d := 0; n != nil; n, d = n.Parent, d+1 {
		above[n] = d
	}
	least := len(above)
	for _, l := range rows {
		at := l.node
		d, ok := above[at]
		for ; !ok && at != nil; d, ok = above[at] {
			at = at.Parent
		}
		switch {
		case !ok || d > least:
		case d < least:
			least, near = d, []Link{l}
		default:
			near = append(near, l)
		}
	}
	return near
}

// IsOnlyUpdated reports whether the page says when it was changed, as pages do that are none
// of the news, and nothing of when it was published.
func (p *Page) IsOnlyUpdated() bool { return p.read().date.best.rule == "label-"+string(labelUpdated) }

// minTeasers is how many linked headlines make a text a list of teasers. An
// article links to others in its sentences or below, not by headlines with
// dates inside of its text.
const (
	minTeasers = 4
	maxTeaser  = 500 // size of the text a teaser
)

// teasers counts the headlines inside the text of the page that are links with
// a date beside them, or headings. Those behind its last line are related to it.
func (p *Page) teasers() int {
	body := p.read().body
	if body.node == nil || len(body.blocks) == 0 {
		return 0
	}
	line := body.blocks[len(body.blocks)-1]
	last := line.node
	place := sync.OnceValue(func() map[*html.Node]int { // in the page, of links and of the last line of the text
		place := map[*html.Node]int{}
		for i, n := range p.elements() {
			if n == last || n.DataAtom == atom.A {
				place[n] = i
			}
		}
		return place
	})
	seen := map[string]bool{}
	for _, l := range p.Links() {
		if size(l.Text) < 16 || seen[l.Href] || l.Region != RegionMain && l.Region != RegionHeader || !within(l.node, body.node) || p.inFurniture(l.node.Parent, p.furnitureSeen()) {
			continue
		}
		if place()[l.node] > place()[last] && !within(l.node, last) {
			break
		}
		if at := p.blockAt(l.node); at != nil && at.index > line.index && within(l.node, last) {
			break
		}
		if l.Date != "" || inHeading(l.node) {
			seen[l.Href] = true
		}
	}
	return len(seen)
}

// isPosts reports whether the page is a list of posts with much of their texts, as blogs
// show them: what is taken for its text begins below a linked headline, and others
// of that place stand above or behind it, or dated rows do.
func (p *Page) isPosts() bool {
	body := p.read().body
	if body.node == nil {
		return false
	}
	type place struct{ hrefs, dated int }
	places := map[string]*place{}
	posts := map[*html.Node]*place{}
	seen := map[string]bool{}
	rows, headlines := 0, 0 // with a date, that are no headings and that are
	for _, l := range p.Links() {
		if l.node == nil || size(l.Text) < 8 || seen[l.Href] || l.Region != RegionMain && l.Region != RegionHeader || p.isOwn(l.Href) {
			continue
		}
		seen[l.Href] = true
		if !inHeading(l.node) {
			if l.Date != "" || l.At != "" {
				rows++
			}
			continue
		}
		at := places[l.Path]
		if at == nil {
			at = &place{}
			places[l.Path] = at
		}
		at.hrefs++
		if l.Date != "" || l.At != "" || p.isDatedHeadline(l.node) {
			at.dated++
			headlines++
		}
		posts[l.node] = at
	}
	var above *place // of the last linked headline above the text
	under := false
	for n := range p.Root.Descendants() {
		switch at := posts[n]; {
		case at != nil:
			above = at
		case n.Type == html.ElementNode && above != nil && isHeading(n) && !linksHeadline(n, posts):
			above = nil // a headline of its own
		case n.Type == html.TextNode && size(n.Data) >= minPostText && within(n, body.node) && !inside(n, atom.A):
			under = true
		}
		if under {
			break
		}
	}
	return under && above != nil && (above.hrefs >= 3 || above.hrefs == 2 && above.dated == 2 || above.dated > 0 && (rows >= 2 || headlines >= 3))
}

// isDatedHeadline reports whether the line above a linked headline has a date, or one of
// those below it before the text.
func (p *Page) isDatedHeadline(link *html.Node) bool {
	const short, most = 60, 5 // size of a line, how many are looked at
	blocks := p.pageBlocks()
	for i, b := range blocks {
		if b.heading == 0 || !within(link, b.node) {
			continue
		}
		for _, below := range blocks[i+1 : min(i+1+most, len(blocks))] {
			if below.size > short || below.heading > 0 {
				break
			}
			if len(below.stamps()) > 0 {
				return true
			}
		}
		if i > 0 && blocks[i-1].size <= short && len(blocks[i-1].stamps()) > 0 {
			return true
		}
	}
	return false
}

// isOwn reports whether a link leads to the page itself, as the headline of an article
// may, or up from it, as the name of a site does.
func (p *Page) isOwn(href string) bool {
	if p.Base == nil {
		return false
	}
	to, err := p.Base.Parse(href)
	if err != nil {
		return false
	}
	at, err := p.Base.Parse(p.address())
	if err != nil || to.Host != at.Host {
		return false
	}
	folder := indexName.ReplaceAllString(to.Path, "")
	return strings.HasSuffix(folder, "/") && strings.HasPrefix(at.Path, folder) || folder == "" ||
		strings.TrimSuffix(to.Path, "/") == strings.TrimSuffix(at.Path, "/") && to.RawQuery == at.RawQuery
}

// indexName is the name of the file of a folder itself.
var indexName = regexp.MustCompile(`(?i)(index|default|home|main)\.\w{2,5}$`)

// minPostText is how long a piece of text is at the least that belongs to a post.
const minPostText = 30

func isHeading(n *html.Node) bool {
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}

// linksHeadline reports whether one of some links stands in a heading, or around it.
func linksHeadline[T any](n *html.Node, links map[*html.Node]T) bool {
	if _, ok := links[n.Parent]; ok {
		return true
	}
	for d := range n.Descendants() {
		if _, ok := links[d]; ok {
			return true
		}
	}
	return false
}

// inside reports whether a node stands in an element, or is one.
func inside(n *html.Node, element atom.Atom) bool {
	for ; n != nil; n = n.Parent {
		if n.DataAtom == element {
			return true
		}
	}
	return false
}

// inHeading reports whether a link stands in a heading, or around one.
func inHeading(n *html.Node) bool {
	for i := 0; i < 3 && n != nil; i, n = i+1, n.Parent {
		if isHeading(n) || n.DataAtom == atom.A && n.FirstChild != nil && isHeading(n.FirstChild) {
			return true
		}
	}
	return false
}
