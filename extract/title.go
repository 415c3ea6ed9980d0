package extract

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// findTitle chooses the headline: what a reader sees above the text, as far
// as the other places where a page names itself bear it out.
func (p *Page) findTitle(m *metadata) choice {
	cs := p.titleCandidates(m)
	for i := range cs {
		cs[i].value = cleanTitle(cs[i].value)
	}
	return choose(cs)
}

// headlineAt is the index of the line of the headline, -1 when it stands in
// none.
func (p *Page) headlineAt() int {
	key := squeezeLabel(p.read().title.best.value)
	for _, b := range p.pageBlocks() {
		if !b.hidden && key != "" && b.region != RegionNav && strings.HasPrefix(squeezeLabel(b.text), key) {
			return b.index
		}
	}
	return -1
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
			cs = append(cs, candidate{value: p.withoutSite(m, t), raw: t, rule: "meta-" + strings.TrimPrefix(name, "og:"), score: 0.62})
		}
	}
	if m.title != "" {
		cs = append(cs, candidate{value: p.withoutSite(m, m.title), raw: m.title, rule: "title-element", score: 0.5})
	}
	for _, c := range p.visibleTitles() {
		c.score += p.agreement(m, c.value)
		cs = append(cs, c)
	}
	return cs
}

// visibleTitles are the lines that can be the headline: headings, elements
// that are named so, and what stands right above the label line.
func (p *Page) visibleTitles() []candidate {
	var cs []candidate
	info := p.infoLine()
	blocks := p.pageBlocks()
	for i := 0; i < len(blocks); i++ {
		b := blocks[i]
		text := b.text
		for i+1 < len(blocks) && b.heading > 0 && blocks[i+1].node == b.node {
			i++
			text += " " + blocks[i].text
		}
		if n := size(text); n < 4 || n > 400 {
			continue
		}
		c := candidate{value: text, raw: text, node: b.node}
		switch {
		case b.heading == 1:
			c.rule, c.score = "h1", 0.62
		case b.heading > 1 && b.heading < 5:
			c.rule, c.score = "heading", 0.5-float64(b.heading)*0.03
		case isTitleName(b.node):
			c.rule, c.score = "named-title", 0.5
		case info != nil && b.index < info.block.index && info.block.index-b.index <= 3 && size(text) >= 8 && size(text) <= 200 && !endsSentence(text):
			c.rule, c.score = "above-labels", 0.48-0.05*float64(info.block.index-b.index)
		default:
			continue
		}
		if info != nil && b.index < info.block.index && info.block.index-b.index <= 3 {
			c.score += 0.12
		}
		if b.linked*2 > b.runes {
			c.score -= 0.2
		}
		if b.hidden || b.region == RegionFooter || b.region == RegionNav {
			c.score -= 0.25
		}
		if b.region == RegionHeader && b.heading == 0 {
			c.score -= 0.15
		}
		c.score += p.siteSaysTitle(b)
		cs = append(cs, c)
	}
	return cs
}

// isTitleName reports whether an element, or the one around it, is named as a
// headline.
func isTitleName(n *html.Node) bool {
	for i := 0; i < 2 && n != nil; i, n = i+1, n.Parent {
		for _, part := range nameParts(attrOf(n, "id") + " " + attrOf(n, "class")) {
			switch part {
			case "title", "headline", "biaoti", "bt", "tit", "heading", "xl", "subject":
				return true
			}
		}
		if strings.EqualFold(attrOf(n, "itemprop"), "headline") {
			return true
		}
	}
	return false
}

// agreement is how far the title element and the metadata say the same as a
// visible line.
func (p *Page) agreement(m *metadata, text string) float64 {
	key := squeezeLabel(text)
	score := 0.0
	if t := squeezeLabel(m.title); t != "" && strings.Contains(t, key) {
		share := float64(len(key)) / float64(len(t))
		score += 0.12 + 0.2*share
		if !strings.HasPrefix(t, key) && share < 0.4 {
			score -= 0.2 // the name of the section or the site
		}
	} else if t != "" && sharedPrefix(t, key) >= 20 {
		score += 0.15
	}
	for _, name := range []string{"og:title", "articletitle", "twitter:title"} {
		if t := squeezeLabel(m.get(name)); t != "" && (strings.Contains(t, key) && len(key)*3 > len(t) || strings.HasPrefix(key, t)) {
			score += 0.1
		}
	}
	if o := m.article(); o != nil && squeezeLabel(ldString(o, "headline")) == key {
		score += 0.1
	}
	if p.isSiteName(m, text) {
		score -= 0.5
	}
	return score
}

func sharedPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// isSiteName reports whether a text is the name of the site or of a section.
func (p *Page) isSiteName(m *metadata, text string) bool {
	key := squeezeLabel(text)
	for _, name := range []string{"og:site_name", "sitename", "application-name", "columnname", "article:section"} {
		if t := squeezeLabel(m.get(name)); t != "" && t == key {
			return true
		}
	}
	return p.isRepeatedTitle(text)
}

// titleSeparators stand between a headline and the names of section and site.
var titleSeparators = []string{" | ", "｜", " - ", " – ", " — ", "_", "--", "——", " :: ", " » ", " « ", " › ", " · ", " • ", "|", " / ", "-", " : "}

// withoutSite takes the names of section and site off a title: parts that the
// page names as such, or else all but the part that says most.
func (p *Page) withoutSite(m *metadata, title string) string {
	for _, sep := range titleSeparators {
		if !strings.Contains(title, sep) || sep == "-" && !hanAround(title) {
			continue
		}
		parts := strings.Split(title, sep)
		best := 0
		for i, part := range parts {
			if p.isRepeatedTitle(parts[best]) && !p.isRepeatedTitle(part) {
				best = i
			}
			if p.isRepeatedTitle(part) {
				continue
			}
			if p.isShown(part) && !p.isShown(parts[best]) || size(part) > size(parts[best]) && p.isShown(part) == p.isShown(parts[best]) {
				best = i
			}
		}
		head := strings.Join(parts[:len(parts)-1], sep)
		if p.isShown(head) {
			return strings.TrimSpace(head)
		}
		return strings.TrimSpace(parts[best])
	}
	return title
}

func hanAround(s string) bool {
	i := strings.Index(s, "-")
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[i+1:])
	return before >= 0x2e80 || after >= 0x2e80
}

// isShown reports whether a text stands in the page as a line of its own.
func (p *Page) isShown(text string) bool {
	key := squeezeLabel(text)
	if size(key) < 8 {
		return false
	}
	if p.shown == nil {
		p.shown = map[string]bool{}
		for _, b := range p.pageBlocks() {
			if b.linked*2 <= b.runes && b.runes < 300 {
				p.shown[squeezeLabel(b.text)] = true
			}
		}
	}
	return p.shown[key]
}

// cleanTitle takes off what stands in headings beside the headline: a date, a
// label, letter-size buttons.
func cleanTitle(s string) string {
	s = collapse(strip(s))
	if found := findStamps(s, "", 1); len(found) > 0 && found[0].end >= len(s)-4 && found[0].start > 12 {
		s = strings.TrimRight(s[:found[0].start], " (（[【:：-|")
	}
	for _, word := range []string{"【字体", "字体：", "字号：", "[字体", "大 中 小"} {
		if i := strings.Index(s, word); i > 8 {
			s = s[:i]
		}
	}
	return strings.TrimSpace(s)
}

// infoLine is the label line that speaks of the article: the one with the
// most labels and a date, not in the furniture.
func (p *Page) infoLine() *labelLine {
	var best *labelLine
	top := 0
	for _, l := range p.labelLines() {
		score := 0
		for _, x := range l.labels {
			switch x.kind {
			case labelDate, labelUpdated:
				score += 2
				if len(findStamps(x.value, "", 1)) > 0 {
					score += 3
				}
			case labelAuthor, labelSource:
				score += 3
			case labelEditor:
				score++
			case labelNotDate:
				score -= 2
			}
		}
		if len(findStamps(l.bare, "", 1)) > 0 {
			score += 3
		}
		if l.block.hidden || l.block.region == RegionFooter || l.block.region == RegionNav {
			score -= 4
		}
		if l.block.runes > 200 {
			score -= 2
		}
		if score > top {
			best, top = l, score
		}
	}
	return best
}
