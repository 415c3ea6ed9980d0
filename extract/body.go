package extract

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// bodyResult is the article text of a page with where it was found.
type bodyResult struct {
	node   *html.Node
	blocks []*block // of the text, in order; without the standfirst
	head   []*block // lines with labels, date or writer that stood with them
	text   string
	cand   candidate
}

// containers are ids and classes that content systems give to the text of an
// article, of the families in the field guide.
var containers = map[string]bool{
	"trs_editor": true, "trs_ueditor": true, "trs_paper_default": true, "custom_unionstyle": true, "zoom": true, "ucap-content": true, "zoomcon": true,
	"vsb_content": true, "v_news_content": true, "ivs_content": true, "easysitetext": true, "articlewrap": true, "cmsarticlecontent": true,
	"rm_txt_con": true, "detailcontent": true, "articleedit": true, "articlebody": true, "article-body": true, "article_body": true, "article__body": true,
	"entry-content": true, "post-content": true, "article-content": true, "article_content": true, "articlecontent": true, "story-body": true, "storybody": true, "post-body": true,
	"news_content": true, "newscontent": true, "news-content": true, "content_article": true, "bodytext": true, "article-text": true, "articletext": true,
	"article__content": true, "post__content": true, "field-name-body": true, "main-txt": true, "bt_content": true, "field--name-body": true, "news-detail": true,
	"elementor-widget-theme-post-content": true, "et_pb_post_content": true, "td-post-content": true, "wp-block-post-content": true, "wp_articlecontent": true, "news-text-wrap": true,
}

func isContainer(n *html.Node) bool {
	if n.DataAtom == atom.Body {
		return false // named for the page, not for its text
	}
	if strings.EqualFold(attrOf(n, "itemprop"), "articleBody") || n.Data == "ucapcontent" {
		return true
	}
	for _, key := range []string{"id", "class"} {
		for w := range strings.FieldsSeq(strings.ToLower(attrOf(n, key))) {
			if containers[w] {
				return true
			}
		}
	}
	return false
}

// worth is what an element holds: the gains of its blocks, and of them the
// running text alone.
type worth struct{ sum, text int }

func (w worth) plus(v worth) worth { return worth{w.sum + v.sum, w.text + v.text} }

// worths adds up the gains of a page. Running text in furniture, such as
// comments and teasers, counts against the elements around it.
func (p *Page) worths() map[*html.Node]worth {
	w := make(map[*html.Node]worth, len(p.elements()))
	boxes := p.relatedBoxes()
	var labels *block // the line of them that speaks of the article is none of its text
	if info := p.infoLine(); info != nil && (infoScore(info) >= 6 && len(info.labels) > 1 || isInfoLine(info) && isStampLine(info.block) && !endsSentence(info.block.text)) {
		labels = info.block
	}
	all := p.pageBlocks()
	for _, b := range all {
		g := b.gain()
		if g > 0 && b.index >= len(all)-mostFoot && isFootLine(b) && !endsSentence(b.text) {
			g = -g
		}
		if b == labels && g > 0 || g < 0 && b.linked > 0 && leadsToFile(b.node) {
			g = 0
		}
		if g > 0 && (p.isRepeated(b) || p.inFurniture(b.node, p.furnitureSeen()) || isInBox(b.node, boxes)) {
			g = -g / 2
		}
		if g != 0 {
			w[b.node] = w[b.node].plus(worth{g, max(g, 0)})
		}
	}
	p.sumUp(w)
	return w
}

// leadsToFile reports whether the first link of an element, which stands near its beginning,
// leads to a file as articles have them attached.
func leadsToFile(n *html.Node) bool {
	const near = 64 // nodes: elements with very many lines are looked at for each of them
	seen := 0
	for d := range n.Descendants() {
		if seen++; seen > near {
			return false
		}
		if d.DataAtom == atom.A {
			path, _, _ := strings.Cut(attrOf(d, "href"), "?")
			return isAttached(path)
		}
	}
	return false
}

// sumUp adds to each element what the elements below it have, in one pass from
// the leaves up: on deep pages, going up from every line would cost the depth
// for each of them.
func (p *Page) sumUp(values map[*html.Node]worth) {
	for _, n := range slices.Backward(p.elements()) {
		if v, ok := values[n]; ok && n.Parent != nil {
			values[n.Parent] = values[n.Parent].plus(v)
		}
	}
}

// elements are the elements of the page in order.
func (p *Page) elements() []*html.Node {
	if p.inOrder == nil {
		n := 0
		eachElement(p.Root, func(*html.Node) { n++ })
		p.inOrder = make([]*html.Node, 0, n)
		eachElement(p.Root, func(n *html.Node) { p.inOrder = append(p.inOrder, n) })
	}
	return p.inOrder
}

// runningText is the size of the running text below each element, wherever it
// stands.
func (p *Page) runningText() map[*html.Node]worth {
	if p.running == nil {
		p.running = map[*html.Node]worth{}
		for _, b := range p.pageBlocks() {
			if g := b.gain(); g > 0 {
				p.running[b.node] = p.running[b.node].plus(worth{text: g})
			}
		}
		p.sumUp(p.running)
	}
	return p.running
}

// findBody finds the text of the article: the element that holds the most
// running text and the least of anything else, without what stands in it but
// does not belong to it.
func (p *Page) findBody(m *metadata, title string) bodyResult {
	w := p.worths()
	best, rule := p.bestElement(w)
	if best == nil {
		best, rule = p.dataTable(), ruleTable
	}
	if table := p.tableOfCell(best); table != nil {
		best, rule = table, ruleTable
	}
	best = p.scoped(best, w, title)
	if rule == "body-densest" {
		best = p.boxed(best, w, title)
	}
	if post := p.shortPost(best, w); post != nil {
		best, rule = post, "body-post"
	}
	if placed := p.placedBody(w); placed != nil {
		best, rule = placed, "body-placed"
	}
	if best == nil {
		if declared := declaredBody(m, 0); declared.text != "" {
			return declared
		}
		return p.shortBody(title)
	}
	r := p.bodyAt(best, rule, w, m, title)
	if r.text == "" { // what was best was the headline
		if named, apart := p.namedElement(w); named != nil && named != best && apart == 1 {
			r = p.bodyAt(named, "body-named", w, m, title)
		}
	}
	if r.text == "" { // or captions
		r = p.shortBody(title)
	}
	if declared := declaredBody(m, size(r.text)); declared.text != "" {
		return declared
	}
	return r
}

// bodyAt is the text of an element and of those that go on with it.
func (p *Page) bodyAt(n *html.Node, rule string, w map[*html.Node]worth, m *metadata, title string) bodyResult {
	r := bodyResult{node: n}
	if rule == ruleTable { // whose rows are no lines around a text
		r.blocks = p.inside([]*html.Node{n})
	} else {
		r.blocks, r.head = p.trim(p.inside(p.parts(n, rule, w)), title)
	}
	r.text = render(append(p.standfirst(m, r.blocks, title), r.blocks...))
	r.cand = candidate{value: r.text, raw: describe(n), rule: rule, score: confidence(w[n].sum, w[n].text)}
	return r
}

// declaredBody is the text that JSON-LD holds, for pages whose own text a
// script writes: used when the page shows next to nothing of it.
func declaredBody(m *metadata, shown int) bodyResult {
	o := m.article()
	if o == nil {
		return bodyResult{}
	}
	text, _ := o["articleBody"].(string)
	var lines []string
	for line := range strings.Lines(strings.ReplaceAll(html.UnescapeString(text), "\r", "\n")) {
		if line = collapse(strip(line)); line != "" {
			lines = append(lines, line)
		}
	}
	text = strings.Join(lines, "\n")
	if size(text) < 200 || size(text) < shown*4 {
		return bodyResult{}
	}
	return bodyResult{text: text, cand: candidate{value: text, raw: "articleBody", rule: "json-ld", score: 0.6}}
}

func confidence(sum, text int) float64 {
	if text <= 0 {
		return 0.1
	}
	return max(0.1, min(1, float64(sum)/float64(text)))
}

// The share of the running text, in percent, that an element has to hold which is named as
// the text, and one that alone is: below a short article the beginnings of others can be longer.
const (
	mostNamed = 60
	onlyNamed = 25
)

// hasOthersBehind reports whether the first running text behind an element is that of other
// articles: it has a heading that leads elsewhere, or that ends an article.
func (p *Page) hasOthersBehind(n *html.Node) bool {
	begun, others := false, false
	for _, b := range p.pageBlocks() {
		switch {
		case within(b.node, n):
			begun, others = true, false
		case !begun || b.hidden:
		case b.heading > 0:
			others = b.linked*2 > b.runes || isTailHeading(b)
		case b.size >= minSentence && b.linked*2 <= b.runes:
			return others
		}
	}
	return false
}

// bestElement is the element of the greatest worth; of equals the innermost.
// An element that a content system names as the text wins over a larger one
// as long as it holds most of the running text.
func (p *Page) bestElement(w map[*html.Node]worth) (*html.Node, string) {
	var best *html.Node
	for _, n := range p.elements() {
		if w[n].text > 0 && (best == nil || w[n].sum >= w[best].sum) {
			best = n
		}
	}
	named, apart := p.namedElement(w)
	if named != nil && best != nil && (w[named].text*100 >= w[best].text*mostNamed || apart == 1 && w[named].text*100 >= w[best].text*onlyNamed && p.hasOthersBehind(named)) {
		return named, "body-named"
	}
	if best == nil {
		return named, "body-named"
	}
	return widened(best, w), "body-densest"
}

// namedElement is the element with the most text of those that a content system names as
// the text; apart says how many there are that are not in one another.
func (p *Page) namedElement(w map[*html.Node]worth) (named *html.Node, apart int) {
	for _, n := range p.elements() {
		if w[n].text <= 0 || !isContainer(n) || isHidden(n) {
			continue
		}
		if named == nil || !within(n, named) {
			apart++
		}
		if named == nil || w[n].text >= w[named].text {
			named = n
		}
	}
	return named, apart
}

// widened goes up from a paragraph or a list to the element that holds it, as
// long as that does not hold more of other things than of the text: a short
// text beside pictures and short lines is more than its longest paragraph.
func widened(n *html.Node, w map[*html.Node]worth) *html.Node {
	for n.Parent != nil && isPiece(n) && w[n.Parent].sum >= 0 {
		n = n.Parent
	}
	return n
}

func isPiece(n *html.Node) bool {
	switch n.DataAtom {
	case atom.P, atom.Ol, atom.Ul, atom.Li, atom.Dl, atom.Dd, atom.Blockquote, atom.Span, atom.Font, atom.B, atom.Strong, atom.Em, atom.A, atom.Figure:
		return true
	}
	return false
}

// describe names an element for people: tag, id and classes.
func describe(n *html.Node) string {
	out := n.Data
	if id := attrOf(n, "id"); id != "" {
		out += "#" + id
	}
	for _, c := range strings.Fields(attrOf(n, "class")) {
		out += "." + c
	}
	return out
}

// parts are the elements that the text is spread over: templates close the
// element of the text around a picture or an advertisement and open an equal
// one behind it, or leave paragraphs beside it. Where the place of the text is that of a
// paragraph, as on pages that have but one, tables and lists between others belong to it.
func (p *Page) parts(best *html.Node, rule string, w map[*html.Node]worth) []*html.Node {
	var out []*html.Node
	if rule != "body-densest" && best.DataAtom != atom.P {
		name := describe(best)
		eachElement(p.Root, func(n *html.Node) {
			if n == best || n.Data == best.Data && describe(n) == name && !within(n, best) && !within(best, n) && !isHiddenRoot(n) && !p.inFurniture(n, p.furnitureSeen()) {
				out = append(out, n)
			}
		})
		return out
	}
	if best.Parent == nil || best.DataAtom == atom.Body {
		return []*html.Node{best}
	}
	var between []*html.Node // headings and lists since the last part
	for n := best.Parent.FirstChild; n != nil; n = n.NextSibling {
		switch {
		case n.Type != html.ElementNode || isHidden(n):
		case n == best || continues(n, best, w):
			if len(out) > 0 {
				out = append(out, between...)
			}
			out, between = append(out, n), nil
		case w[n].sum >= 0:
			between = append(between, n)
		}
	}
	if len(out) == 0 { // it is hidden itself
		return []*html.Node{best}
	}
	return slices.Concat(p.besideParts(out[0], best, false), out, p.besideParts(out[len(out)-1], best, true))
}

// besideParts are the elements right before or behind those of a text, in their order, that are named as it is and
// show short lines of their own: a salutation, who signed. What holds a link or is of
// the foot of a site ends them.
func (p *Page) besideParts(from, best *html.Node, behind bool) (out []*html.Node) {
	for n := besideOf(from, behind); n != nil && describe(n) == describe(best) && p.isOwnLines(n); n = besideOf(n, behind) {
		out = append(out, n)
	}
	if !behind {
		slices.Reverse(out)
		return out
	}
	for len(out) > 0 && isHeadingLike(p.firstBlocks()[out[len(out)-1]]) { // of what ended them
		out = out[:len(out)-1]
	}
	return out
}

// isOwnLines reports whether an element shows lines, and none that leads elsewhere, begins what
// is no part of a text, or is of the foot of a site or on other pages as well.
func (p *Page) isOwnLines(n *html.Node) bool {
	first := p.firstBlocks()[n]
	if first == nil {
		return false
	}
	for _, b := range p.pageBlocks()[first.index:] {
		if !within(b.node, n) {
			break
		}
		if b.hidden || b.linked > 0 || b.heading == 1 || b.region != RegionMain || isFootLine(b) || isTailHeading(b) || p.isRepeated(b) {
			return false
		}
	}
	return true
}

// besideOf is the element that stands next to one, before or behind it; nil when there is none.
func besideOf(n *html.Node, behind bool) *html.Node {
	next := func(n *html.Node) *html.Node {
		if behind {
			return n.NextSibling
		}
		return n.PrevSibling
	}
	for n = next(n); n != nil && n.Type != html.ElementNode; n = next(n) {
	}
	return n
}

// continues reports whether an element beside the text is a part of it: a
// paragraph, or one that is named as it is.
func continues(n, best *html.Node, w map[*html.Node]worth) bool {
	return w[n].text > 0 && w[n].sum > 0 && (n.DataAtom == atom.P || describe(n) == describe(best))
}

// inside lists the visible blocks below some elements, without furniture.
func (p *Page) inside(roots []*html.Node) []*block {
	var out []*block
	seen := map[*html.Node]bool{}
	hidden := true
	for _, root := range roots {
		seen[root] = false
		hidden = hidden && isHiddenRoot(root)
	}
	for _, b := range p.pageBlocks() {
		if b.hidden && !hidden || !withinAny(b.node, roots) || p.inFurniture(b.node, seen) {
			continue
		}
		out = append(out, b)
	}
	return out
}

func withinAny(n *html.Node, roots []*html.Node) bool {
	for _, root := range roots {
		if within(n, root) {
			return true
		}
	}
	return false
}

func isHiddenRoot(n *html.Node) bool {
	for ; n != nil && n.Type == html.ElementNode; n = n.Parent {
		if isHidden(n) {
			return true
		}
	}
	return false
}
