package extract

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	minCards  = 3   // links of one place with one text
	cardDepth = 5   // levels above a link at which its card ends at the latest
	cardNodes = 200 // of a card that are looked at
)

// nameCards gives links that all say the same, or nothing, as "Read more" below each
// teaser of a list or an arrow behind each headline, the heading of their card as title,
// or as text the words of another link of the row to the same place, else the headline that
// stands with a date in their row. Of a link that is a whole card the heading is the text.
func nameCards(links []Link, lang string) {
	type place struct{ path, text string }
	groups := map[place][]int{}
	for i := range links {
		if h := headingIn(links[i].node); size(h) >= minWords {
			links[i].Text = h
		}
	}
	words := ownWords(links)
	for i, l := range links {
		if l.node != nil && l.Title == "" && (l.Region == RegionMain || l.Text != "") {
			k := place{l.Path, l.Text}
			groups[k] = append(groups[k], i)
		}
	}
	for k, group := range groups {
		nodes := make(map[*html.Node]bool, len(group))
		for _, i := range group {
			nodes[links[i].node] = true
		}
		for _, i := range group {
			l := &links[i]
			if len(group) >= minCards && l.Text != "" {
				l.Title = headingOfCard(l.node, nodes)
			}
			if l.Title != "" && isDetailWord(k.text) {
				l.Text, l.card = l.Title, true
			}
			if l.Title == "" && l.Date != "" && !isDownloadWord(k.text) && (len(group) >= minCards || k.text == "" || isDetailWord(k.text)) {
				if size(words[l.Href]) >= minWords {
					l.Text = words[l.Href]
				} else if headline := rowHeadline(l.node, nodes, lang); headline != "" {
					l.Text = headline
				}
			}
		}
	}
}

// isCards reports whether what is taken for the text of the page begins below the heading of one of
// several dated cards that send their reader on to read more: they are the rows of a short list.
func (p *Page) isCards() bool {
	body := p.read().body
	if len(body.blocks) == 0 {
		return false
	}
	titles, hrefs := map[string]bool{}, map[string]bool{}
	for _, l := range p.Links() {
		if l.card && l.Date != "" && !p.isOwn(l.Href) {
			titles[Squeeze(l.Title)], hrefs[l.Href] = true, true
		}
	}
	if len(hrefs) < minCards {
		return false
	}
	for _, b := range slices.Backward(p.pageBlocks()[:body.blocks[0].index+1]) {
		if b.heading > 0 {
			return titles[Squeeze(b.text)]
		}
	}
	return false
}

// ownWords are the words of the links that have some, by address, for those that may take
// them from another.
func ownWords(links []Link) map[string]string {
	if !slices.ContainsFunc(links, func(l Link) bool { return l.Title == "" && l.Date != "" }) {
		return nil
	}
	words := map[string]string{}
	for _, l := range links {
		if size(l.Text) > size(words[l.Href]) && !isDetailWord(l.Text) {
			words[l.Href] = l.Text
		}
	}
	return words
}

// headingIn is the heading that stands with more in a link, "" when there is none.
func headingIn(a *html.Node) string {
	if a == nil || a.FirstChild == nil || a.FirstChild == a.LastChild {
		return ""
	}
	c := card{left: cardNodes}
	if c.look(a); c.heading == nil {
		return ""
	}
	return shortText(c.heading, maxLinkText)
}

// isDetailWord reports whether a link says that it leads to all of what its row begins.
func isDetailWord(text string) bool {
	const longest = 40 // bytes, with the signs around them
	return len(text) <= longest && detailWords[strings.ToLower(strings.Trim(text, "[]【】()（）<>»›.… "))]
}

// detailWords are what links say that lead to all of what a row begins, in small letters.
var detailWords = map[string]bool{
	"详细": true, "详情": true, "详细内容": true, "查看": true, "查看详情": true, "查看全文": true, "阅读全文": true, "点击查看": true, "全文": true, "詳細": true, "詳情": true,
	"查看更多": true, "more": true, "read": true, "view": true, "open": true, "detail": true, "details": true, "read more": true, "full text": true,
	"see more": true, "view details": true, "подробнее": true, "читать": true, "mehr": true, "weiterlesen": true, "lire la suite": true, "lire": true,
	"leer más": true, "ver": true, "ver más": true, "leia mais": true, "xem": true, "chi tiết": true, "xem chi tiết": true, "더보기": true, "자세히": true,
	"보기": true, "baca": true, "selengkapnya": true, "อ่านต่อ": true,
}

// isDownloadWord reports whether a link says that it leads to a file.
func isDownloadWord(text string) bool {
	text = strings.TrimPrefix(strings.TrimLeft(text, "[]【】()（）<>»›.… "), "点击")
	const longest = 18 // bytes of a word
	return startsWithAny(strings.ToLower(text[:min(len(text), longest)]), downloadWords)
}

var downloadWords = []string{"下载", "附件", "下載", "download", "pdf", "télécharger", "descargar", "baixar", "herunterladen", "скачать", "ダウンロード", "다운로드", "tải về", "unduh"}

// minRowHeadline is the size of a text that can be the headline of a row.
const minRowHeadline = 16

// minWords is the size of a link's own words that name what it leads to.
const minWords = 8

// rowHeadline is the longest text of the row of a link that stands in no link, without a
// date; "" where there is none, or the row holds another link of the group.
func rowHeadline(n *html.Node, group map[*html.Node]bool, lang string) string {
	for range cardDepth {
		n = n.Parent
		if n == nil || n.DataAtom == atom.Body {
			return ""
		}
		c := card{group: group, left: cardNodes}
		if c.look(n); c.links > 1 || c.left < 0 {
			return ""
		}
		best := ""
		for d := range n.Descendants() {
			if d.Type != html.TextNode || inside(d, atom.A) || d.Parent != nil && isSilent(d.Parent) {
				continue
			}
			text := collapse(d.Data)
			if found := findStamps(text, lang, 1); len(found) > 0 {
				text = collapse(text[:found[0].start] + " " + text[found[0].end:])
			}
			if size(text) > size(best) {
				best = text
			}
		}
		if best = strings.Trim(best, "·•-–—[]()（） "); size(best) >= minRowHeadline && size(best) <= maxLinkText {
			return best
		}
	}
	return ""
}

// headingOfCard is the text of the first heading around a link, within what holds
// no other link of its group; "" when there is none.
func headingOfCard(n *html.Node, group map[*html.Node]bool) string {
	for range cardDepth {
		if n = n.Parent; n == nil {
			return ""
		}
		c := card{group: group, left: cardNodes}
		c.look(n)
		if c.links > 1 {
			return ""
		}
		if c.heading != nil {
			return shortText(c.heading, 300)
		}
	}
	return ""
}

// card is what is seen of the elements around a link.
type card struct {
	group   map[*html.Node]bool
	left    int
	links   int
	heading *html.Node
}

func (c *card) look(n *html.Node) {
	c.left--
	if c.group[n] {
		c.links++
	}
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		if c.heading == nil {
			c.heading = n
		}
	}
	for d := n.FirstChild; d != nil && c.left >= 0 && c.links <= 1; d = d.NextSibling {
		c.look(d)
	}
}
