package extract

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A named element is one whose id, class or address says that it names the
// author.
type named struct {
	node  *html.Node
	names string
	text  string
	rule  string
	score float64
}

// namedAuthors reads the elements that are named as that of the author.
// Neighbours of one kind are the authors of one article.
func (p *Page) namedAuthors(m *metadata, body bodyResult) []candidate {
	found := innermost(p.namedElements())
	var cs []candidate
	for i, f := range found {
		score := f.score - p.farness(f.node, body)
		if i > 0 && together(found[i-1], f) {
			c := &cs[len(cs)-1]
			c.value, c.raw = joinNames([]string{c.value, f.names}), c.raw+" | "+f.text
			continue
		}
		if p.isOwner(m, f.names) {
			score -= 0.4
		}
		cs = append(cs, candidate{value: f.names, raw: f.text, rule: f.rule, score: score})
	}
	return withoutLists(cs)
}

// maxOthers is how many different names elements of one kind can hold that
// name the author of the article; more are a list of other articles.
const maxOthers = 3

// withoutLists lowers named elements that are many.
func withoutLists(cs []candidate) []candidate {
	values := map[string]map[string]bool{}
	for _, c := range cs {
		if values[c.rule] == nil {
			values[c.rule] = map[string]bool{}
		}
		values[c.rule][c.value] = true
	}
	for i := range cs {
		if c := &cs[i]; len(values[c.rule]) > maxOthers && c.score < headScore {
			c.score -= 0.2
		}
	}
	return cs
}

// headScore is the least score of an element named as the author that stands
// before the text.
const headScore = 0.66

// together reports whether two named elements stand beside each other: they
// look alike, and nothing but a word stands between them.
func together(a, b named) bool {
	if a.rule != b.rule || attrOf(a.node, "class") != attrOf(b.node, "class") {
		return false
	}
	for up, n := 0, a.node; up < 4 && n != nil; up, n = up+1, n.Parent {
		if within(b.node, n) {
			return size(shortText(n, 400)) <= size(a.text)+size(b.text)+60
		}
	}
	return false
}

// innermost drops elements that hold another one that names people.
func innermost(all []named) []named {
	var out []named
	for i, f := range all {
		if i+1 < len(all) && within(all[i+1].node, f.node) && !strings.Contains(f.names, "; ") {
			continue
		}
		if len(out) > 0 && within(f.node, out[len(out)-1].node) {
			continue
		}
		out = append(out, f)
	}
	return out
}

// namedElements are the elements that are named as the author and hold names,
// in the order of the page.
func (p *Page) namedElements() []named {
	var out []named
	looked := 0
	eachElement(p.Root, func(n *html.Node) {
		rule, score := authorMark(n)
		if rule == "" || looked >= maxNamed || p.isAside(n) || isHidden(n) {
			return
		}
		looked++
		if !p.isShort(n) {
			return
		}
		text := shortText(n, 200)
		if l := findLabels(text); len(l) == 1 && l[0].start == 0 && l[0].value == "" {
			return
		}
		names := namesInside(n, text)
		if names == "" || size(names) > maxByline || len(text) > 180 && !strings.Contains(names, "; ") {
			return
		}
		out = append(out, named{n, names, text, rule, deskScore(names, score)})
	})
	return out
}

// isShort reports whether an element stands on a line that can be a byline,
// and shows a text instead of a picture.
func (p *Page) isShort(n *html.Node) bool {
	b := p.blockAt(n)
	if b == nil {
		return false
	}
	return within(b.node, n) || b.size <= 2*maxByline
}

// namesInside are the names that an element holds. Names that are only parted
// by their elements are told apart when each has the form of one.
func namesInside(n *html.Node, text string) string {
	var parts []string
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			parts = append(parts, shortText(c, 100))
		}
	}
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	if len(parts) > 1 && !slices.ContainsFunc(parts, func(s string) bool { return !looksPersonal(s) || namesOffice(s) }) {
		return authorNames(strings.Join(parts, "; "))
	}
	if len(parts) == 1 && size(parts[0])*3 > size(text)*2 && len(strings.Fields(text)) > 3 {
		var inner *html.Node
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.ElementNode {
				inner = c
			}
		}
		return namesInside(inner, parts[0])
	}
	return deskNames(text)
}

// authorMark says by what an element is named as the author, "" when it is
// not, and how far that is believed.
func authorMark(n *html.Node) (rule string, score float64) {
	if n.DataAtom == atom.A {
		if hasWord(attrOf(n, "rel"), "author") {
			return "rel-author", 0.72
		}
		if isAuthorAddress(attrOf(n, "href")) {
			return "author-link", 0.7
		}
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "itemprop":
			if strings.EqualFold(a.Val, "author") {
				return "microdata", 0.78
			}
		case "class", "id", "data-testid", "data-qa", "data-component", "property":
			if namesAuthor(a.Val) {
				return "named-author", 0.68
			}
		}
	}
	return "", 0
}

// authorWords are parts of ids and classes that name the author; notAuthor
// are parts that say what of the author, or whose, it is.
var (
	authorWords = wordSet(
		"author", "authors", "byline", "bylines", "autor", "autoren", "autores", "autorin", "auteur", "auteurs", "autore",
		"writer", "writers", "reporter", "journalist", "redakteur", "verfasser", "vcard", "zuozhe", "jizhe",
		"authorname", "authornames", "postauthor", "articleauthor", "authorline", "username",
	)
	notAuthor = wordSet(
		"comment", "comments", "commenter", "bio", "biography", "description", "desc", "about", "avatar", "image", "img",
		"photo", "picture", "social", "twitter", "facebook", "follow", "email", "related", "teaser", "snippet", "more",
		"count", "archive", "role", "position", "job", "date", "time", "posts", "login", "caption", "quote",
	)
)

// namesAuthor reports whether one of the names of an element is that of the
// author: "article_author-name", but not "author-bio".
func namesAuthor(names string) bool {
	if len(names) > 400 {
		return false
	}
	for name := range strings.FieldsSeq(names) {
		is, not := false, false
		for part := range nameParts(name) {
			is = is || authorWords.has([]byte(part)) || strings.HasSuffix(part, "author")
		}
		if !is {
			continue
		}
		for part := range nameParts(name) {
			not = not || notAuthor.has([]byte(part))
		}
		if !not {
			return true
		}
	}
	return false
}

// authorFolders are folders of addresses below which the pages of people are.
var authorFolders = map[string]bool{
	"author": true, "authors": true, "autor": true, "autoren": true, "autores": true, "auteur": true, "auteurs": true, "autore": true, "autori": true, "redaktion": true,
	"staff": true, "journalist": true, "journalists": true, "journaliste": true, "contributor": true, "contributors": true, "writer": true,
	"writers": true, "reporter": true, "reporters": true, "creator": true, "newsteam": true, "columnist": true, "columnists": true, "skribent": true, "yazar": true, "yazarlar": true,
}

// isAuthorAddress reports whether an address is that of the page of a person.
func isAuthorAddress(href string) bool {
	path, _, _ := strings.Cut(href, "?")
	path, _, _ = strings.Cut(path, "#")
	if len(path) > 300 {
		return false
	}
	for {
		i := strings.IndexByte(path, '/')
		if i < 0 {
			return false
		}
		part := path[:i]
		if path = path[i+1:]; path == "" {
			return false
		}
		if authorFolders[strings.ToLower(part)] {
			return true
		}
	}
}

// asideWords are parts of ids and classes of what is said by others than the
// author, or about other articles.
var asideWords = wordSet(
	"comment", "comments", "commentlist", "kommentar", "kommentare", "respond", "disqus", "reply", "replies", "related", "teaser", "teasers", "recommended", "recommendations",
	"sidebar", "widget", "widgets", "trending", "popular", "mostread", "latest", "newsletter", "blogroll", "reblog", "pullquote",
)

// isAside reports whether an element stands in the comments, or among links to
// other articles.
func (p *Page) isAside(n *html.Node) bool {
	if n == nil || n.DataAtom == atom.Body || n.DataAtom == atom.Html {
		return false
	}
	if is, ok := p.aside[n]; ok {
		return is
	}
	if p.aside == nil {
		p.aside = map[*html.Node]bool{}
	}
	is := n.DataAtom == atom.Blockquote || n.DataAtom == atom.Footer && n.Parent != nil && n.Parent.DataAtom == atom.Body ||
		hasRegionWord(n, asideWords) && float64(p.runningText()[n].text) < mostText*float64(p.runningText()[p.Root].text) || p.isAside(n.Parent)
	p.aside[n] = is
	return is
}

// farness is how much less a named element is believed for the place where it
// stands: before the text or right behind it is where authors are named.
func (p *Page) farness(n *html.Node, body bodyResult) float64 {
	far := 0.0
	if p.inFurniture(n.Parent, p.furnitureSeen()) {
		far += 0.15
	}
	b := p.blockAt(n)
	if b == nil || len(body.blocks) == 0 {
		return far + 0.1
	}
	first, last := body.blocks[0].index, body.blocks[len(body.blocks)-1].index
	switch {
	case b.index > last+12:
		far += 0.2
	case b.index > last:
		far += 0.06
	case b.index > first+2:
		far += 0.12
	case first-b.index > 20:
		far += 0.15
	}
	return far
}

// firstBlocks are the first lines of the elements that show text.
func (p *Page) firstBlocks() map[*html.Node]*block {
	if p.firstBlock == nil {
		p.firstBlock = map[*html.Node]*block{}
		for _, b := range p.pageBlocks() {
			for up := b.node; up != nil && p.firstBlock[up] == nil; up = up.Parent {
				p.firstBlock[up] = b
			}
		}
	}
	return p.firstBlock
}

// blockAt is the line of the page in which an element begins, nil when it
// shows no text.
func (p *Page) blockAt(n *html.Node) *block {
	first := p.firstBlocks()
	if b := first[n]; b != nil {
		return b
	}
	text := squeezeLabel(shortText(n, 40))
	for up := n.Parent; up != nil; up = up.Parent {
		b := first[up]
		if b == nil {
			continue
		}
		for _, x := range p.pageBlocks()[b.index:min(b.index+maxLines, len(p.pageBlocks()))] {
			if x.runes < maxLabelLine && strings.Contains(x.key(), text) {
				return x
			}
		}
		return nil
	}
	return nil
}

// maxLines is how many lines of an element are looked at for one of its parts.
const maxLines = 40
