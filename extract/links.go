package extract

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A Link is an anchor of a page with what its surroundings say about it.
type Link struct {
	Href   string // as written
	Text   string // what a reader sees, blanks collapsed; of a picture its alternative text; of an arrow or "details" behind a headline that
	Title  string // the title attribute, often the headline that Text cuts short
	Date   string // date of its row, normalised like Article.Date; "" when the row shows none
	At     string // instant of its row, RFC 3339, of rows that came as data; then Date is ""
	Rel    string
	Path   string // tags and classes from the root: equal for the rows of one list
	Region Region

	node   *html.Node
	card   bool // it only says "Read more", and has the heading of its card as Title
	beside bool // Date stands before or behind the row, not in it
}

// Links lists the anchors of a page in their order.
func (p *Page) Links() []Link {
	if p.links == nil {
		w := linkWalk{counts: make(map[*html.Node]int, len(p.elements())), clicked: map[*html.Node]string{}, lang: p.language(), charset: p.Charset, click: p.clickAddress, data: p.leadsByData}
		w.links = make([]Link, 0, w.count(p.Root))
		w.walk(p.Root, "", RegionMain, 0)
		p.links = w.links
		dropStrayDates(p.links)
		nameCards(p.links, p.language())
	}
	return p.links
}

// Alternates lists the feeds that the head of a page announces, as written.
func (p *Page) Alternates() []string {
	var out []string
	eachElement(p.Root, func(n *html.Node) {
		if n.DataAtom != atom.Link || !hasWord(attrOf(n, "rel"), "alternate") {
			return
		}
		switch strings.ToLower(attrOf(n, "type")) {
		case "application/rss+xml", "application/atom+xml", "application/feed+json":
			if href := attrOf(n, "href"); href != "" {
				out = append(out, href)
			}
		}
	})
	return out
}

// maxLinkDepth bounds the recursion on pages nested by mistake.
const maxLinkDepth = 600

type linkWalk struct {
	links   []Link
	clicked map[*html.Node]string // where elements lead that are no anchors, as written
	counts  map[*html.Node]int    // anchors of different address in a row, for each node with anchors
	lang    string

	charset string // of the page, in which queries are sent
	click   func(*html.Node) string
	data    func(*html.Node) string
}

// queryIn percent-encodes what is not ASCII in the query of an address in the encoding of
// its page, as browsers do: an old site does not know its own categories in UTF-8.
func queryIn(charset, href string) string {
	i := strings.IndexByte(href, '?')
	if i < 0 || charset == "utf-8" || isASCII(href[i:]) {
		return href
	}
	e, _ := lookup(charset)
	if e == nil {
		return href
	}
	var b strings.Builder
	b.WriteString(href[:i])
	for rest := href[i:]; rest != ""; {
		n := strings.IndexFunc(rest, func(r rune) bool { return r >= utf8.RuneSelf })
		if n < 0 {
			n = len(rest)
		}
		b.WriteString(rest[:n])
		rest = rest[n:]
		n = strings.IndexFunc(rest, func(r rune) bool { return r < utf8.RuneSelf })
		if n < 0 {
			n = len(rest)
		}
		encoded, err := e.NewEncoder().String(rest[:n])
		if err != nil {
			return href
		}
		for _, c := range []byte(encoded) {
			fmt.Fprintf(&b, "%%%02X", c)
		}
		rest = rest[n:]
	}
	return b.String()
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// count fills counts. Two anchors in a row with one address, a picture and
// its headline, count as one.
func (w *linkWalk) count(root *html.Node) (total int) {
	last := ""
	type frame struct{ node, child *html.Node }
	stack := []frame{{root, root.FirstChild}}
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		if top.child == nil {
			n := top.node
			stack = stack[:len(stack)-1]
			if w.counts[n] == 0 && n.DataAtom != atom.A && len(n.Attr) > 0 {
				total += w.clickOn(n)
			}
			if below, ok := w.counts[n]; ok && len(stack) > 0 {
				w.counts[stack[len(stack)-1].node] += below
			}
			continue
		}
		c := top.child
		top.child = c.NextSibling
		if c.Type != html.ElementNode {
			continue
		}
		if c.DataAtom == atom.A || c.DataAtom == atom.Area {
			w.counts[c] = 0
			total++
		}
		if c.DataAtom == atom.A {
			href := attrOf(c, "href")
			if href == "" && len(c.Attr) > 0 {
				href = w.data(c)
			}
			if href != "" && (href != last || isScripted(href)) {
				last = href
				w.counts[c]++
			}
		}
		if c.FirstChild != nil {
			stack = append(stack, frame{c, c.FirstChild})
		} else if own, ok := w.counts[c]; ok {
			w.counts[top.node] += own
		}
	}
	return total
}

// clickOn takes an element without anchors that a click leads from as one.
func (w *linkWalk) clickOn(n *html.Node) int {
	href := ""
	if hasAttr(n, "onclick") || hasAttr(n, "ondblclick") {
		href = w.click(n)
	}
	if href == "" {
		href = w.data(n)
	}
	if href == "" || n.DataAtom == atom.Body || n.DataAtom == atom.Form {
		return 0
	}
	w.clicked[n], w.counts[n] = href, 1
	return 1
}

func (w *linkWalk) walk(n *html.Node, path string, region Region, depth int) {
	if depth > maxLinkDepth {
		return
	}
	var tag, class, below string // of the child before, and the path of what is in it
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode || isSilent(c) {
			continue
		}
		if _, leads := w.counts[c]; !leads {
			continue
		}
		at, where := path, regionOf(c, region)
		if isStructural(c) {
			if own := attrOf(c, "class"); below == "" || c.Data != tag || own != class {
				tag, class = c.Data, own
				below = pathBelow(path, c, below)
			}
			at = below
		}
		if c.DataAtom == atom.A || c.DataAtom == atom.Area {
			href := attrOf(c, "href")
			if isScripted(href) {
				href = w.click(c)
			}
			if href == "" && len(c.Attr) > 0 {
				href = w.data(c)
			}
			if href != "" {
				w.add(c, href, at, where)
			}
		} else if href := w.clicked[c]; href != "" {
			w.add(c, href, at, where)
			continue
		}
		w.walk(c, at, where, depth+1)
	}
}

// pathBelow is the path of an element below another, in the memory of the row before when
// that had the same.
func pathBelow(path string, n *html.Node, before string) string {
	class := signature(n)
	if at := len(path) + 1; len(before) > at && before[at:] == n.Data+"."+class {
		return before
	}
	return path + ">" + n.Data + "." + class
}

// isScripted reports whether an address leaves it to a script where a click
// goes.
func isScripted(href string) bool {
	return href == "#" || len(href) >= 11 && strings.EqualFold(href[:11], "javascript:")
}

func (w *linkWalk) add(a *html.Node, href, path string, region Region) {
	if a.DataAtom == atom.Area && region == RegionMain {
		region = RegionNav // a picture with many links is a menu
	}
	l := Link{node: a, Href: queryIn(w.charset, href), Path: path, Region: region, Rel: strings.ToLower(attrOf(a, "rel")),
		Text: shortText(a, maxLinkText), Title: collapse(attrOf(a, "title")), At: attrOf(a, instantAttr)}
	if region != RegionFooter && region != RegionPager && !(size(l.Text) < minRowHeadline && isDownloadWord(l.Text)) {
		if !isInBrackets(a) {
			l.Date, l.beside = w.rowDate(a, l.Text)
		}
	}
	w.links = append(w.links, l)
}

// maxLinkText is how many bytes of a link or row are looked at.
const maxLinkText = 300

// isStructural leaves out of a path what only styles text, so that a bold row
// is like the others.
func isStructural(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Font, atom.B, atom.Strong, atom.I, atom.Em, atom.U, atom.Small, atom.Big, atom.Tbody, atom.Center:
		return false
	}
	return true
}

// signature is the first class of an element. Numbers in classes count the
// rows and are dropped.
func signature(n *html.Node) string {
	class := attrOf(n, "class")
	for first := range strings.FieldsSeq(class) {
		class = strings.Trim(strings.Map(dropDigit, first), "-_")
		break
	}
	switch class {
	case "odd", "even", "first", "last", "active", "current", "on", "cur", "alt", "top", "hot", "new":
		class = ""
	}
	return class
}

func dropDigit(r rune) rune {
	if '0' <= r && r <= '9' {
		return -1
	}
	return r
}

// isSilent reports whether an element shows no text of its own.
func isSilent(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Head, atom.Select, atom.Textarea:
		return true
	}
	return false
}

// maxSilent is how many nodes shortText looks at beyond one a byte: of elements
// without text there can be very many.
const maxSilent = 200

// shortText is the collapsed text below a node, of pictures their alternative
// text when there is no other, cut at max bytes.
func shortText(n *html.Node, max int) string {
	if only := n.FirstChild; only != nil && only.NextSibling == nil && only.Type == html.TextNode {
		return collapse(only.Data)
	}
	var b strings.Builder
	alt, nodes := "", 0
	var walk func(*html.Node, int)
	walk = func(n *html.Node, depth int) {
		for c := n.FirstChild; c != nil && b.Len() < max && depth < maxLinkDepth && nodes < max+maxSilent; c = c.NextSibling {
			nodes++
			switch {
			case c.Type == html.TextNode:
				b.WriteString(c.Data)
			case c.Type != html.ElementNode || isSilent(c):
			case c.DataAtom == atom.Img && alt == "":
				alt = attrOf(c, "alt")
			default:
				if !isInline(c) {
					b.WriteByte(' ')
				}
				walk(c, depth+1)
				if !isInline(c) {
					b.WriteByte(' ')
				}
			}
		}
	}
	walk(n, 0)
	if t := collapse(b.String()); t != "" {
		return t
	}
	return collapse(alt)
}

func isInline(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Font, atom.B, atom.Strong, atom.I, atom.Em, atom.U, atom.Small, atom.Big, atom.A:
		return true
	}
	return false
}

// collapse writes one blank for each run of them and none at the ends.
func collapse(s string) string {
	if s = strings.TrimSpace(s); isCollapsed(s) {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

// isCollapsed reports whether a text without blanks at its ends has none to
// take out.
func isCollapsed(s string) bool {
	blank := false
	for _, r := range s {
		if r > ' ' && r < utf8.RuneSelf || r >= 0x3001 {
			blank = false
			continue
		}
		if r == ' ' && blank || r != ' ' && unicode.IsSpace(r) {
			return false
		}
		blank = r == ' '
	}
	return true
}

func attrOf(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

func hasAttr(n *html.Node, key string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
}

func hasWord(list, word string) bool {
	for _, f := range strings.Fields(list) {
		if strings.EqualFold(f, word) {
			return true
		}
	}
	return false
}

// eachElement calls do for every element of a tree in document order.
func eachElement(root *html.Node, do func(*html.Node)) {
	for n := root; n != nil; {
		if n.Type == html.ElementNode {
			do(n)
		}
		if n.FirstChild != nil {
			n = n.FirstChild
			continue
		}
		for n != root && n.NextSibling == nil {
			n = n.Parent
			if n == nil {
				return
			}
		}
		if n == root {
			return
		}
		n = n.NextSibling
	}
}
