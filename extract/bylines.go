package extract

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxByline is the size of the longest line that can name the author;
// maxNamed is how many elements named as the author are looked at, which
// bounds the work on pages that are lists of comments.
const (
	maxByline = 120
	maxNamed  = 60
)

// bylines are the places of a page that name the author without a label:
// lines that begin like "By", elements and links that are named so, names
// beside the date.
func (p *Page) bylines(m *metadata, body bodyResult) []candidate {
	cs := p.bylineBlocks(body)
	return append(cs, p.namedAuthors(body)...)
}

// bylineBlocks reads the lines around the head of the text and its last lines.
func (p *Page) bylineBlocks(body bodyResult) []candidate {
	var cs []candidate
	first, last := len(p.pageBlocks()), -1
	if n := len(body.blocks); n > 0 {
		first, last = body.blocks[0].index, body.blocks[n-1].index
	}
	for _, b := range p.pageBlocks() {
		head := b.index <= first+2 && first-b.index <= 15
		tail := b.index >= last-1 && b.index <= last+2
		if b.hidden || size(b.text) > maxByline || !head && !tail || p.isAside(b.node) {
			continue
		}
		if c, ok := p.bylineOf(b); ok {
			if !head {
				c.score -= 0.12
			}
			cs = append(cs, c)
		}
	}
	return cs
}

// lineParts separates what stands on one line: "19 Jan | 10:46 | By Ann Lee".
var lineParts = strings.NewReplacer("|", "\n", "·", "\n", "•", "\n", " / ", "\n", " – ", "\n", " — ", "\n", " - ", "\n", "｜", "\n")

// bylineOf reads a line as a byline. One that begins with "By" is clear; a
// part with the form of a name is taken when the line shows a date as well.
func (p *Page) bylineOf(b *block) (candidate, bool) {
	if rest, ok := cutBy(b.text); ok {
		if names := deskNames(rest); names != "" {
			return candidate{value: names, raw: b.text, rule: "byline", score: deskScore(names, 0.8)}, true
		}
	}
	found := findStamps(b.text, p.language(), 1)
	if len(found) > 0 {
		if rest, ok := cutBy(strings.TrimLeft(b.text[found[0].end:], " ,|·-")); ok {
			if names := authorNames(rest); names != "" {
				return candidate{value: names, raw: b.text, rule: "byline", score: 0.8}, true
			}
		}
	}
	for part := range strings.SplitSeq(lineParts.Replace(b.text), "\n") {
		part = strings.TrimSpace(part)
		if rest, ok := cutBy(part); ok {
			if names := authorNames(rest); names != "" {
				return candidate{value: names, raw: b.text, rule: "byline", score: 0.78}, true
			}
		}
		if len(found) > 0 && b.heading == 0 && looksPersonal(part) && !namesOffice(part) {
			return candidate{value: authorNames(part), raw: b.text, rule: "beside-date", score: 0.6}, true
		}
	}
	return candidate{}, false
}

// deskScore is the score of a byline, less when it names a desk.
func deskScore(names string, score float64) float64 {
	if desks.MatchString(names) {
		return score - 0.45
	}
	return score
}

// officeWords are of names that are written like those of people.
var officeWords = map[string]bool{
	"news": true, "daily": true, "times": true, "post": true, "press": true, "release": true, "releases": true, "media": true, "ministry": true, "department": true,
	"office": true, "government": true, "national": true, "bureau": true, "agency": true, "city": true, "province": true, "report": true, "reports": true, "minutes": true,
	"read": true, "business": true, "politics": true, "world": true, "sports": true, "sport": true, "economy": true, "development": true, "investment": true, "trade": true,
	"commission": true, "committee": true, "council": true, "association": true, "center": true, "centre": true, "university": true, "institute": true, "company": true,
	"online": true, "update": true, "updated": true, "latest": true, "public": true, "affairs": true, "events": true, "articles": true, "comments": true, "views": true,
	"north": true, "south": true, "east": true, "west": true, "new": true, "the": true, "all": true, "home": true, "blog": true, "zone": true, "park": true,
	"redaktion": true, "aktuelles": true, "pressemitteilung": true, "meldung": true, "nachrichten": true, "zeitung": true, "kommentare": true, "uhr": true, "min": true,
	"actualités": true, "noticias": true, "notícias": true, "prensa": true, "communiqué": true, "presse": true, "comunicado": true, "janeiro": true,
}

// namesOffice reports whether a word of a text is one of offices and sections.
func namesOffice(s string) bool {
	return slices.ContainsFunc(strings.Fields(strings.ToLower(s)), func(w string) bool { return officeWords[strings.Trim(w, ".,:")] })
}

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
func (p *Page) namedAuthors(body bodyResult) []candidate {
	found := innermost(p.namedElements())
	var cs []candidate
	for i, f := range found {
		score := f.score - p.farness(f.node, body)
		if i > 0 && together(found[i-1], f) {
			c := &cs[len(cs)-1]
			c.value, c.raw = joinNames([]string{c.value, f.names}), c.raw+" | "+f.text
			continue
		}
		cs = append(cs, candidate{value: f.names, raw: f.text, rule: f.rule, score: score})
	}
	return cs
}

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
		text := shortText(n, 200)
		names := namesInside(n, text)
		if names == "" || size(names) > maxByline {
			return
		}
		out = append(out, named{n, names, text, rule, deskScore(names, score)})
	})
	return out
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
	if len(parts) > 1 && !slices.ContainsFunc(parts, func(s string) bool { return !looksPersonal(s) }) {
		return authorNames(strings.Join(parts, "; "))
	}
	if len(parts) == 1 && len(strings.Fields(text)) > 6 {
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
			return "rel-author", 0.76
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
	authorWords = map[string]bool{
		"author": true, "authors": true, "byline": true, "bylines": true, "autor": true, "autoren": true, "autores": true, "autorin": true, "auteur": true, "auteurs": true, "autore": true,
		"writer": true, "writers": true, "reporter": true, "journalist": true, "redakteur": true, "verfasser": true, "vcard": true, "zuozhe": true, "jizhe": true,
		"authorname": true, "authornames": true, "postauthor": true, "articleauthor": true, "authorline": true, "username": true,
	}
	notAuthor = map[string]bool{
		"comment": true, "comments": true, "commenter": true, "bio": true, "biography": true, "description": true, "desc": true, "about": true, "avatar": true, "image": true, "img": true,
		"photo": true, "picture": true, "social": true, "twitter": true, "facebook": true, "follow": true, "email": true, "related": true, "teaser": true, "snippet": true, "more": true,
		"count": true, "archive": true, "role": true, "position": true, "job": true, "date": true, "time": true, "posts": true, "login": true, "caption": true, "quote": true,
	}
)

// namesAuthor reports whether one of the names of an element is that of the
// author: "article_author-name", but not "author-bio".
func namesAuthor(names string) bool {
	if len(names) > 400 {
		return false
	}
	for name := range strings.FieldsSeq(names) {
		is, not := false, false
		for _, part := range nameParts(name) {
			is = is || authorWords[part] || strings.HasSuffix(part, "author")
			not = not || notAuthor[part]
		}
		if is && !not {
			return true
		}
	}
	return false
}

// authorFolders are folders of addresses below which the pages of people are.
var authorFolders = map[string]bool{
	"author": true, "authors": true, "autor": true, "autoren": true, "autores": true, "auteur": true, "auteurs": true, "autore": true, "autori": true, "redaktion": true, "people": true,
	"profile": true, "profiles": true, "profil": true, "staff": true, "journalist": true, "journalists": true, "journaliste": true, "contributor": true, "contributors": true, "writer": true,
	"writers": true, "reporter": true, "reporters": true, "creator": true, "newsteam": true, "by": true, "columnist": true, "columnists": true, "skribent": true, "firma": true, "yazar": true, "yazarlar": true,
}

// isAuthorAddress reports whether an address is that of the page of a person.
func isAuthorAddress(href string) bool {
	if href == "" || len(href) > 300 || strings.HasPrefix(href, "#") {
		return false
	}
	u, err := url.Parse(href)
	if err != nil {
		return false
	}
	parts := strings.Split(strings.Trim(strings.ToLower(u.Path), "/"), "/")
	for _, part := range parts[:len(parts)-1] {
		if authorFolders[part] {
			return true
		}
	}
	return false
}

// asideWords are parts of ids and classes of what is said by others than the
// author, or about other articles.
var asideWords = []string{
	"comment", "comments", "commentlist", "kommentar", "kommentare", "respond", "disqus", "reply", "replies", "related", "teaser", "teasers", "recommended", "recommendations",
	"sidebar", "widget", "widgets", "trending", "popular", "mostread", "latest", "newsletter", "blogroll", "reblog", "pullquote",
}

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
		hasRegionWord(n, asideWords) && float64(p.runningText()[n]) < mostText*float64(p.runningText()[p.Root]) || p.isAside(n.Parent)
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

// blockAt is the line of the page in which an element begins, nil when it
// stands in none.
func (p *Page) blockAt(n *html.Node) *block {
	if p.firstBlock == nil {
		p.firstBlock = map[*html.Node]*block{}
		for _, b := range p.pageBlocks() {
			for up := b.node; up != nil && p.firstBlock[up] == nil; up = up.Parent {
				p.firstBlock[up] = b
			}
		}
	}
	for ; n != nil; n = n.Parent {
		if b := p.firstBlock[n]; b != nil {
			return b
		}
	}
	return nil
}
