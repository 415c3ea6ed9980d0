package extract

import (
	"bytes"
	"net/url"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/dossier-archive/dossier"
)

// A Page is a snapshot that has been decoded and parsed once. Everything that
// is read from it, article and links, is read from this one tree. It is not
// safe for concurrent use.
type Page struct {
	Snapshot *dossier.Snapshot
	Base     *url.URL // what relative addresses are resolved against: <base> or the final address
	Root     *html.Node
	Charset  string // WHATWG name of the encoding that the bytes were decoded from

	stores []datastore // see unfold
	data   *jsonRows   // of an answer in JSON; nil: none
	bare   bool        // see isBare

	further []*Page // parts of the snapshot that are further pages of the text
	ended   bool    // what follows them is none
	framed  bool    // others are documents of frames, which stand in the tree

	site *Site // that it is read as a page of; nil: none
	found
}

// found is what reading has found out about a page so far; all of it can be
// found again.
type found struct {
	meta   *metadata    // see metadata
	blocks []*block     // see pageBlocks
	lines  []*labelLine // see labelLines
	kind   PageKind     // see Kind
	links  []Link       // see Links

	reading    *reading              // see read
	furniture  map[*html.Node]bool   // see furnitureSeen
	inOrder    []*html.Node          // see elements
	running    map[*html.Node]worth  // see runningText
	shown      map[string]bool       // see isShown
	aside      map[*html.Node]bool   // see isAside
	declared   map[string]bool       // see isDeclared
	firstBlock map[*html.Node]*block // see firstBlocks

	functions    map[string]goer   // see goers
	byData       map[string]around // see dataGoers
	dateLanguage *string           // see language

	feet     map[*html.Node]bool  // see isFoot
	beside   *siblings            // see others
	at       map[*html.Node]place // see places
	repeated []bool               // see isRepeated
}

// Parse decodes and parses a snapshot. It never fails: what is no HTML gives
// a page with its text in one block.
func Parse(s *dossier.Snapshot) *Page {
	text, charset := decode(s.Body, s.Header.Get("Content-Type"))
	p := &Page{Snapshot: s, Charset: charset}
	p.Root = p.parse(text)
	p.unfold()
	p.Base = p.base()
	p.unframe()
	p.unfoldScripts()
	return p
}

func (p *Page) parse(text []byte) *html.Node {
	if isDatastore(string(text[:min(len(text), 600)])) {
		d := parseDatastore(string(text), p.address())
		p.stores = []datastore{d}
		root := &html.Node{Type: html.DocumentNode}
		root.AppendChild(d.list())
		return root
	}
	if isJSON(text) {
		p.data = parseJSON(text)
		root := &html.Node{Type: html.DocumentNode}
		root.AppendChild(p.data.nodes)
		return root
	}
	if IsScript(p.Snapshot) {
		p.data = parseScript(string(text))
		root := &html.Node{Type: html.DocumentNode}
		root.AppendChild(p.data.nodes)
		return root
	}
	p.bare = isBare(text)
	if isSenseless(text) {
		return parseFlat(text)
	}
	root, err := html.Parse(bytes.NewReader(text))
	if err != nil {
		return parseFlat(text)
	}
	return root
}

// address is the final address of the page.
func (p *Page) address() string {
	if p.Snapshot.FinalURL != "" {
		return p.Snapshot.FinalURL
	}
	return p.Snapshot.URL
}

// Host is the host of the page, with its port.
func (p *Page) Host() string {
	u, err := url.Parse(p.address())
	if err != nil {
		return ""
	}
	return u.Host
}

// base is the address that links of the page are relative to.
func (p *Page) base() *url.URL {
	base, err := url.Parse(p.address())
	if err != nil {
		base = &url.URL{}
	}
	found := false
	eachElement(p.Root, func(n *html.Node) {
		if n.DataAtom != atom.Base || found {
			return
		}
		if u, err := base.Parse(attrOf(n, "href")); err == nil && attrOf(n, "href") != "" && (u.Scheme == "http" || u.Scheme == "https") {
			base, found = u, true
		}
	})
	return base
}

// Bounds of what is taken for a page: the parser takes time for each tag by
// the number of open elements.
const (
	manyTags  = 400_000
	deepStack = 300
)

// isSenseless recognises documents of very many tags that are nested very
// deep, as no page is that people read.
func isSenseless(text []byte) bool {
	if bytes.Count(text, []byte{'<'}) < manyTags {
		return false
	}
	depth := 0
	for rest := text; ; {
		i := bytes.IndexByte(rest, '<')
		if i < 0 || i+2 >= len(rest) {
			return false
		}
		rest = rest[i+1:]
		switch {
		case rest[0] == '/' && depth > 0:
			depth--
		case !isVoidName(rest):
			depth++
		}
		if depth > deepStack {
			return true
		}
	}
}

// isVoidName reports whether a tag opens nothing, or what the next of its kind
// closes.
func isVoidName(tag []byte) bool {
	name := tag[:min(len(tag), 8)]
	for i, c := range name {
		if c |= 0x20; c < 'a' || c > 'z' {
			name = name[:i]
			break
		}
	}
	switch string(bytes.ToLower(name)) {
	case "", "br", "img", "hr", "input", "meta", "link", "p", "li", "td", "th", "tr", "dd", "dt", "option", "area", "col", "wbr", "source", "embed", "param", "base":
		return true
	}
	return false
}

// maxFlatDepth is how deep the tree is that parseFlat builds.
const maxFlatDepth = 200

// parseFlat builds a tree from the tokens of a document that the parser
// refuses because more than 512 elements are open at once. Elements beyond
// maxFlatDepth become siblings; nothing is moved or closed by rule.
func parseFlat(text []byte) *html.Node {
	root := &html.Node{Type: html.DocumentNode}
	open := []*html.Node{root}
	z := html.NewTokenizer(bytes.NewReader(text))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return root
		case html.TextToken:
			open[len(open)-1].AppendChild(&html.Node{Type: html.TextNode, Data: string(z.Text())})
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			n := &html.Node{Type: html.ElementNode, Data: t.Data, DataAtom: t.DataAtom, Attr: t.Attr}
			open[len(open)-1].AppendChild(n)
			if t.Type == html.StartTagToken && !isVoid(t.DataAtom) && len(open) < maxFlatDepth {
				open = append(open, n)
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			for i := len(open) - 1; i > 0; i-- {
				if open[i].Data == string(name) {
					open = open[:i]
					break
				}
			}
		}
	}
}

func isVoid(a atom.Atom) bool {
	switch a {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta, atom.Source, atom.Track, atom.Wbr:
		return true
	}
	return false
}
