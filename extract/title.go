package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// findTitle chooses the headline: what a reader sees above the text, as far
// as the other places where a page names itself bear it out.
func (p *Page) findTitle(m *metadata) choice {
	cs := p.titleCandidates(m)
	known := map[string]bool{}
	for _, c := range cs {
		known[squeezeLabel(c.value)] = true
	}
	for i := range cs {
		cs[i].value = cleanTitle(cs[i].value, known)
	}
	return choose(cs)
}

// headlineAt is the index of the line of the headline, -1 when it stands in
// none. A line that is a link, as the page's own row in a list beside it, is the last choice.
func (p *Page) headlineAt() int {
	key, linked := squeezeLabel(p.read().title.best.value), -1
	for _, b := range p.pageBlocks() {
		switch {
		case b.hidden || key == "" || b.region == RegionNav || !strings.HasPrefix(b.key(), key):
		case b.linked*2 <= b.runes:
			return b.index
		case linked < 0:
			linked = b.index
		}
	}
	return linked
}

// titleCandidates gathers headings, the line above the label line and the
// titles of the metadata, scored by how well they agree.
func (p *Page) titleCandidates(m *metadata) []candidate {
	var cs []candidate
	if t := m.get("articletitle"); t != "" && !p.isSiteName(m, t) {
		cs = append(cs, candidate{value: t, raw: t, rule: "meta-articletitle", score: 0.93})
	}
	if o := m.article(); o != nil {
		if t := ldString(o, "headline"); t != "" {
			cs = append(cs, candidate{value: t, raw: t, rule: "json-ld", score: 0.74})
		}
	}
	for _, name := range []string{"og:title", "twitter:title", "dc.title", "title", "headline"} {
		if t := m.get(name); t != "" {
			cs = append(cs, candidate{value: p.withoutSite(t), raw: t, rule: "meta-" + strings.TrimPrefix(name, "og:"), score: 0.62})
		}
	}
	if m.title != "" {
		cs = append(cs, candidate{value: p.withoutSite(m.title), raw: m.title, rule: "title-element", score: 0.5})
		switch {
		case defaultTitles.MatchString(m.title):
			cs = cs[:len(cs)-1]
		case p.isOwnersName(m.title), p.namesSection(m.title):
			cs[len(cs)-1].score -= 0.2
		}
	}
	labelled := p.labelledTitles()
	cs = append(cs, labelled...)
	titled := p.withoutSite(m.title)
	for _, c := range p.visibleTitles(m) {
		if len(labelled) > 0 && p.isSectionOrOwner(c.value) { // above the rows of a board
			c.rule, c.score = ruleSection, min(c.score, 0.3)
		}
		if rest, ok := strings.CutPrefix(c.value, titled); ok && size(titled) >= 8 && rest != "" && (len(findLabels(rest)) > 0 || len(findStamps(rest, p.language(), 1)) > 0) {
			c.value = titled // day, source and letter sizes stand in some headings as well
		}
		if c.rule != ruleSection {
			c.score += p.agreement(m, c.value)
		}
		cs = append(cs, c)
	}
	return cs
}

// labelledTitles are what the index of a public document gives as its title.
func (p *Page) labelledTitles() []candidate {
	var cs []candidate
	for _, l := range p.labelLines() {
		for _, x := range l.labels {
			if name := squeezeLabel(x.name); titleLabels[name] && size(x.value) >= minHeadline {
				cs = append(cs, candidate{value: x.value, raw: l.block.text, rule: "label-title", score: 0.6, node: l.block.node})
			}
		}
	}
	return cs
}

// titleLabels announce the headline, as the rows of boards do.
var titleLabels = map[string]bool{"标题": true, "標題": true, "제목": true, "件名": true, "title": true, "subject": true, "tiêuđề": true}

// defaultTitles are what programs write into the <title> of a new page.
var defaultTitles = regexp.MustCompile(`(?i)^\s*(?:无标题(?:文档|页|文件)?|無標題(?:文件|頁|文檔)?|新建网页|未命名|untitled(?: (?:document|page|normal page))?|new page|default|index|home ?page|document|文章内容|文章详情|新闻详情|新闻内容|信息详情|详细内容|详细信息|内容详情|内容页|详情页?|正文(?:页)?|document sans (?:nom|titre)|documento sin título|documento sem título|unbenanntes dokument|документ без названия|無題ドキュメント|제목 ?없음|欢迎(?:您)?(?:访问|光临|来到|进入)\S{0,40}|welcome to .{0,80})\s*\d*\s*$`)

// isOwnersName reports whether the <title>, or what is left of it without the section, is that of
// all pages: the other pages have it, or the line of the copyright.
func (p *Page) isOwnersName(title string) bool {
	if p.isRepeatedTitle(title) {
		return true
	}
	name := p.withoutSite(title)
	return slices.ContainsFunc(p.pageBlocks(), func(b *block) bool {
		return b.size < maxDateLine && strings.Contains(b.text, name) && (strings.Contains(b.text, "©") || copyrights.MatchString(b.text) || isFootLine(b) && b.region == RegionFooter)
	})
}

// isTitledForSite reports whether the <title> says nothing of the page: there is none, it is
// that of the site, or no line of the page says it.
func (p *Page) isTitledForSite(m *metadata) bool {
	return m.title == "" || defaultTitles.MatchString(m.title) || p.isOwnersName(m.title) || !p.shows(p.withoutSite(m.title))
}

// visibleTitles are the lines that can be the headline: headings, elements
// that are named so, where there is no such heading what the title of the page says, and
// what stands right above the text or a label line.
func (p *Page) visibleTitles(m *metadata) []candidate {
	var cs []candidate
	anchors := p.titleAnchors()
	first := p.firstHeading(m)
	headings := map[*html.Node]bool{}
	titled := squeezeLabel(p.withoutSite(m.title))
	blocks := p.pageBlocks()
	above := false                // a line over running text was found, as those of the foot are as well
	var sections, headlines []int // in cs: names of sections, headings with running text behind
	var named, placed []int       // short names that the <title> has as well, other lines that stand out right above the date or the labels
	for i := 0; i < len(blocks); i++ {
		b := blocks[i]
		parts := []string{b.text}
		for i+1 < len(blocks) && b.heading > 0 && blocks[i+1].node == b.node {
			i++
			parts = append(parts, blocks[i].text)
		}
		text := strings.Join(parts, " ")
		if b.heading > 0 && !headings[b.node] {
			headings[b.node] = true
			text = p.withoutKicker(m, b, parts)
		}
		if n := size(text); n < 4 || n > 400 {
			continue
		}
		c := candidate{value: text, raw: strings.Join(parts, " "), node: b.node}
		for len(anchors) > 0 && anchors[0].index <= b.index {
			anchors = anchors[1:]
		}
		gap := linesAbove(blocks, b, anchors)
		switch {
		case b.heading == 1:
			c.rule, c.score = "h1", 0.62
			if b == first {
				c.score += 0.14
			}
		case b.heading > 1 && b.heading < 5:
			c.rule, c.score = "heading", 0.5-float64(b.heading)*0.03
			if isTitleName(b.node) {
				c.score += 0.05
			}
		case isTitleName(b.node):
			c.rule, c.score = "named-title", 0.5
		case first == nil && size(text) >= 8 && b.key() == titled && !p.isOwnersName(m.title):
			c.rule, c.score = "titled-line", 0.46
		case gap > 0 && p.canBeTitle(b, text):
			c.rule, c.score = "above-labels", 0.48-0.05*float64(gap)
			if b.bold && b.linked == 0 {
				c.score += 0.04
			}
		case first == nil && b.linked == 0 && (b.bold || isCentered(b.node)) && !above && isOverText(blocks[i+1:]) && !copyrights.MatchString(text) && p.canBeTitle(b, text):
			c.rule, c.score, above = "over-text", 0.44, true
			if isCentered(b.node) && p.isTitledForSite(m) {
				c.score += 0.1
			}
		default:
			continue
		}
		c.score += p.titlePlace(b, gap)
		switch {
		case b.heading > 0 && p.namesSection(b.text):
			sections = append(sections, len(cs))
		case b.heading > 1 && leadsIn(blocks[i+1:]):
			headlines = append(headlines, len(cs))
		}
		switch {
		case gap != 1 && size(text) <= maxSectionName && p.isPartOfTitle(m, text) && (p.isSectionOrOwner(text) || b.heading == 0 && squeezeLabel(m.title) == b.key()):
			named = append(named, len(cs))
		case gap == 1 && (b.heading > 1 || isTitleName(b.node) || b.linked == 0 && (b.bold || isCentered(b.node))) && size(text) > minHeadline && !p.isPartOfTitle(m, text):
			placed = append(placed, len(cs))
		}
		cs = append(cs, c)
	}
	for _, i := range named { // the site or the section, where the <title> is that of either
		if len(placed) > 0 && placed[len(placed)-1] > i && size(cs[placed[len(placed)-1]].value) > size(cs[i].value) {
			cs[i].rule, cs[i].score = ruleSection, min(cs[i].score, 0.3)
		}
	}
	if len(sections) > 0 && len(headlines) > 0 { // templates show the name of the section above its articles
		for _, i := range sections {
			cs[i].rule, cs[i].score = ruleSection, min(cs[i].score, 0.3)
		}
	}
	if len(headlines) > 0 {
		cs[headlines[0]].score += 0.1
	}
	return cs
}

// maxSectionName is the size of the longest name of a section or a site that a heading can be.
const maxSectionName = 24

// isSectionOrOwner reports whether a short text is what sections are called, or who runs the site.
func (p *Page) isSectionOrOwner(text string) bool {
	return sectionNames.MatchString(text) || isOffice(text) || p.isOwnersName(text) ||
		slices.ContainsFunc(strings.Fields(strings.ToLower(text)), func(w string) bool { return offices[w] })
}

// sectionNames are what the sections with articles are called.
var sectionNames = regexp.MustCompile(`(?i)^(?:(?:latest |recent )?news(?:room|letter)?|(?:press|media) ?(?:releases?|room|cent(?:er|re)|statements?)?|events?|announcements?|notices?|updates?|blog|publications?|aktuelles|nachrichten|presse(?:mitteilungen)?|meldungen|actualités|communiqués(?: de presse)?|noticias|notícias|comunicados(?: de (?:prensa|imprensa))?|новости|пресс-релизы|новини|お知らせ|新着情報|ニュース|報道発表|보도자료|공지사항|새소식|뉴스|新闻(?:动态|中心|资讯)?|\p{Han}{2,4}(?:动态|要闻|公告|资讯|新闻|消息)|新聞稿|最新消息|tin tức|berita|ข่าว(?:ประชาสัมพันธ์)?|الأخبار)$`)

// isPartOfTitle reports whether a text is the <title> of the page or a part of it.
func (p *Page) isPartOfTitle(m *metadata, text string) bool {
	return m.title != "" && slices.Contains(titleParts(m.title), squeezeLabel(text))
}

// centeredStyle puts text in the middle.
var centeredStyle = regexp.MustCompile(`(?i)text-align\s*:\s*center`)

// isCentered reports whether an attribute of an element, or of the one around it, puts its
// text in the middle.
func isCentered(n *html.Node) bool {
	for range 2 {
		if n == nil {
			return false
		}
		if n.DataAtom == atom.Center || strings.EqualFold(attrOf(n, "align"), "center") || centeredStyle.MatchString(attrOf(n, "style")) {
			return true
		}
		n = n.Parent
	}
	return false
}

// ruleSection is what finds a heading that is the name of a section.
const ruleSection = "section-name"

// isOverText reports whether running text stands behind a line, or behind one more that says
// from whom and of when it is.
func isOverText(behind []*block) bool {
	if len(behind) > 1 && isSourceAndDay(behind[0]) {
		behind = behind[1:]
	}
	return len(behind) > 0 && behind[0].gain() > 0
}

// leadsIn reports whether the lines behind a heading begin with running text.
func leadsIn(behind []*block) bool {
	return len(behind) > 0 && behind[0].size >= minSentence && behind[0].gain() > 0
}

// namesSection reports whether a menu leads elsewhere by the words of a heading or title, which are
// as few as those of a section.
func (p *Page) namesSection(title string) bool {
	const longest = 40
	if size(title) > longest {
		return false
	}
	for _, l := range p.Links() {
		if (l.Region == RegionNav || l.Region == RegionHeader) && strings.EqualFold(l.Text, title) && !p.isOwn(l.Href) {
			return true
		}
	}
	return false
}

// titlePlace is how much the place of a line speaks for or against its being
// the headline.
func (p *Page) titlePlace(b *block, gap int) float64 {
	score := p.siteSaysTitle(b)
	if gap > 0 {
		score += 0.12
	}
	if b.linked*2 > b.runes {
		score -= 0.2
	}
	if b.hidden || b.region == RegionFooter || b.region == RegionNav {
		score -= 0.25
	}
	if b.region == RegionHeader && b.heading == 0 {
		score -= 0.15
	}
	return score
}

// firstHeading is the only h1 of a page that can be its headline, nil when
// there are several or none, or when the page is titled by another heading.
func (p *Page) firstHeading(m *metadata) *block {
	var first, titled *block
	for _, b := range p.pageBlocks() {
		if b.hidden || b.heading == 0 || b.heading > 3 || p.isSiteName(m, b.text) || p.isRepeated(b) {
			continue
		}
		if titled == nil && titles(m, b.text) {
			titled = b
		}
		if b.heading > 1 || first != nil && (b.node == first.node || b.text == first.text) {
			continue
		}
		if first != nil {
			return nil
		}
		first = b
	}
	if first != nil && titled != nil && titled != first && !titles(m, first.text) {
		return nil
	}
	return first
}

// titles reports whether the title element says what a line says, and little
// more.
func titles(m *metadata, text string) bool {
	key, title := squeezeLabel(text), squeezeLabel(m.title)
	return len(key)*5 > len(title)*2 && strings.Contains(title, key)
}

// withoutKicker is the text of a heading without the parts around its headline:
// the one of its elements or lines that the metadata name as the headline, or
// what stands behind an element that is named as a kicker. A kicker stays where
// the metadata make it a part of the headline.
func (p *Page) withoutKicker(m *metadata, b *block, parts []string) string {
	n := b.node
	for n.FirstChild != nil && n.FirstChild == n.LastChild && n.FirstChild.Type == html.ElementNode {
		n = n.FirstChild
	}
	parts = withoutInfo(n, parts)
	text := strings.Join(parts, " ")
	for c := n.FirstChild; c != nil && n.FirstChild != n.LastChild && len(parts) < maxParts; c = c.NextSibling {
		switch c.Type {
		case html.ElementNode:
			part := shortText(c, 400)
			rest, ok := strings.CutPrefix(text, part)
			rest = strings.TrimLeft(rest, " :|-–—")
			if ok && hasRegionWord(c, kickerWords) && size(rest) > size(part) && !p.isDeclared(m, squeezeLabel(strings.TrimRight(part, ": ")+":"+rest)) {
				return rest
			}
			parts = append(parts, part)
		case html.TextNode:
			parts = append(parts, collapse(strip(c.Data)))
		}
	}
	whole := squeezeLabel(text)
	for _, part := range parts {
		key := squeezeLabel(part)
		if len(key)*5 >= len(whole)*2 && key != whole && p.isDeclared(m, key) {
			return part
		}
	}
	return text
}

// withoutInfo leaves out of the lines of a heading those behind the first that are none of
// the headline: dates, labels, counters. They may also be elements at the end of its line.
func withoutInfo(n *html.Node, lines []string) []string {
	kept := lines[:1:1]
	for _, line := range lines[1:] {
		if !isInfoText(line) || len(findLabels(line)) == 0 && !strings.Contains(line, ":") {
			kept = append(kept, line)
		}
	}
	if last := n.LastChild; len(lines) == 1 && last != nil && last != n.FirstChild && last.Type == html.ElementNode {
		part := shortText(last, 400)
		apart := last.DataAtom == atom.Small || last.DataAtom == atom.Time || len(findLabels(part)) > 0 || strings.Contains(part, ":")
		if before := withoutEnd(lines[0], part); apart && before != "" && isInfoText(part) {
			kept[0] = before
		}
	}
	return kept
}

// withoutEnd cuts an end from a text, whatever the blanks in them; "" when the text does
// not end so.
func withoutEnd(text, end string) string {
	for end = strings.TrimSpace(end); end != ""; end = strings.TrimRightFunc(end, unicode.IsSpace) {
		text = strings.TrimRightFunc(text, unicode.IsSpace)
		last, width := utf8.DecodeLastRuneInString(end)
		if !strings.HasSuffix(text, string(last)) {
			return ""
		}
		text, end = text[:len(text)-width], end[:len(end)-width]
	}
	return strings.TrimSpace(text)
}

// isInfoText reports whether a text has no words but those of a date, or is labels with
// no more than a date before them, or a counter.
func isInfoText(text string) bool {
	if isCounter(text) {
		return true
	}
	labels := findLabels(text)
	before := text
	if len(labels) > 0 {
		before = text[:labels[0].start]
	}
	stamps := findStamps(before, "", 1)
	if len(stamps) > 0 {
		before = before[:stamps[0].start] + before[stamps[0].end:]
	}
	return (len(labels) > 0 || len(stamps) > 0) && strings.IndexFunc(before, unicode.IsLetter) < 0
}

// maxParts is how many parts of a heading are looked at.
const maxParts = 24

// kickerWords are parts of classes that name a kicker.
var kickerWords = wordSet("kicker", "dachzeile", "overline", "topline", "roofline", "eyebrow", "spitzmarke", "pretitle", "supertitle", "surtitre", "antetitulo")

// isDeclared reports whether the metadata give a squeezed text as the headline.
func (p *Page) isDeclared(m *metadata, key string) bool {
	if p.declared == nil {
		p.declared = map[string]bool{}
		for _, t := range m.headlines() {
			p.declared[squeezeLabel(t)] = true
			p.declared[squeezeLabel(p.withoutSite(t))] = true
		}
	}
	return p.declared[key]
}

// isTitleName reports whether an element, or the one around it, is named as a
// headline.
func isTitleName(n *html.Node) bool {
	for i := 0; i < 2 && n != nil; i, n = i+1, n.Parent {
		if n.Data == "ucaptitle" {
			return true
		}
		for _, a := range n.Attr {
			switch a.Key {
			case "id", "class":
				if namesTitle(a.Val) {
					return true
				}
			case "itemprop":
				if strings.EqualFold(a.Val, "headline") {
					return true
				}
			}
		}
	}
	return false
}

var titleWords = wordSet("title", "headline", "biaoti", "bt", "tit", "heading", "xl", "subject")

func namesTitle(names string) bool {
	for name := range strings.FieldsSeq(names) {
		for part := range nameParts(name) {
			if titleWords.has([]byte(part)) {
				return true
			}
		}
	}
	return false
}
