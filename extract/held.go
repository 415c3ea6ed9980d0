package extract

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A heldText is the text of an article that a page holds where only a script shows it: in
// the value of a variable, in an object with its title and date, in a field.
type heldText struct {
	markup              string // HTML
	title, date, source string // that stand beside it, "" for what is not known
	inObject            bool
	size                int // columns
	holder              *html.Node
}

const (
	minHeld     = 80 // columns of the shortest text that is looked for
	maxHeldText = 1 << 20
)

var (
	// hasParagraphs finds HTML of running text.
	hasParagraphs = regexp.MustCompile(`(?i)<(?:p|br|div|section)\b`)
	// ofTheSite finds texts by which a site asks for consent or explains itself.
	ofTheSite   = regexp.MustCompile(`(?i)cookie|\bconsent\b|privacy|datenschutz|rgpd|gdpr|隐私`)
	contentKeys = []string{"content", "articlecontent", "contenthtml", "htmlcontent", "body", "bodyhtml", "html", "articlebody", "detail", "text", "zhengwen", "neirong", "zw", "nr"}
	sourceKeys  = []string{"source", "contentsource", "articlesource", "origin", "ly", "laiyuan"}
)

// namesContent finds names of variables, fields and elements that hold the text of an article.
var namesContent = regexp.MustCompile(`(?i)content|article|zhengwen|neirong|(?:^|[_\-\s])(?:body|text|detail|zw|nr|zoom|main)(?:$|[_\-\s])`)

// isOfContent reports whether an element, or one that it stands right in, is named for the text.
func isOfContent(n *html.Node) bool {
	for range 2 {
		if n == nil || n.DataAtom == atom.Body {
			return false
		}
		if namesContent.MatchString(attrOf(n, "id")) || namesContent.MatchString(attrOf(n, "name")) || namesContent.MatchString(attrOf(n, "class")) {
			return true
		}
		n = n.Parent
	}
	return false
}

// take keeps a text when it is longer than the one before, and reports whether it did.
func (t *heldText) take(markup string) bool {
	if len(markup) < minHeld || len(markup) > maxHeldText || !hasParagraphs.MatchString(markup) || ofTheSite.MatchString(markup) || unfilled.MatchString(markup) || strings.Contains(markup, "{{") {
		return false
	}
	columns, linked := 0, 0
	for _, n := range fragment(strings.TrimSpace(markup)) {
		all, in := textSizes(n)
		columns, linked = columns+all, linked+in
	}
	if columns < minHeld || linked*2 > columns || columns <= t.size {
		return false
	}
	*t = heldText{markup: markup, size: columns}
	return true
}

// takeFrom keeps the text of an object, with what stands beside it.
func (t *heldText) takeFrom(o map[string]any) {
	best, rank := "", 0
	for _, name := range slices.Sorted(maps.Keys(o)) {
		if text, ok := o[name].(string); ok {
			if r := rankOf(plainKey(name), contentKeys); r > rank && len(text) >= minHeld {
				best, rank = text, r
			}
		}
	}
	if rank <= likeKey || !t.take(best) {
		return
	}
	t.inObject = true
	t.title, t.source = fieldOf(o, titleKeys), fieldOf(o, sourceKeys)
	date, instant := dateOf(o, likeKey)
	t.date = date + instant
}

// fieldOf is the text of the best of some keys of an object.
func fieldOf(o map[string]any, keys []string) string {
	best, rank := "", likeKey
	for _, name := range slices.Sorted(maps.Keys(o)) {
		if r := rankOf(plainKey(name), keys); r > rank {
			if text := textOf(o[name]); text != "" && len(text) <= maxTitleText {
				best, rank = text, r
			}
		}
	}
	return best
}

// box is the text as elements, under what is known of it.
func (t *heldText) box() *html.Node {
	box := element("div", "")
	line := func(tag, text string) {
		if text != "" {
			n := element(tag, "")
			n.AppendChild(&html.Node{Type: html.TextNode, Data: text})
			box.AppendChild(n)
		}
	}
	line("h1", t.title)
	line("p", t.date)
	if t.source != "" {
		line("p", "Source: "+t.source)
	}
	text := element("div", "content")
	for _, n := range fragment(strings.TrimSpace(t.markup)) {
		text.AppendChild(n)
	}
	box.AppendChild(text)
	return box
}

// textSizes are the columns of the text that elements show, and of those in links.
func textSizes(root *html.Node) (all, linked int) {
	var walk func(n *html.Node, inLink bool)
	walk = func(n *html.Node, inLink bool) {
		switch {
		case n.Type == html.TextNode:
			columns := size(collapse(n.Data))
			all += columns
			if inLink {
				linked += columns
			}
		case n.Type == html.ElementNode && isSilent(n):
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, inLink || n.DataAtom == atom.A)
		}
	}
	walk(root, false)
	return all, linked
}
