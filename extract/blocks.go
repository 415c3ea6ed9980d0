package extract

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A block is a line of a page as a reader sees it: the text between two
// borders of block elements or line breaks.
type block struct {
	index   int
	node    *html.Node // innermost element with a border around the text
	text    string     // blanks collapsed
	runes   int
	linked  int // runes of it in links
	size    int // see size
	heading int // 1 to 6 inside h1 to h6, else 0
	row     *html.Node
	cell    *html.Node
	region  Region
	hidden  bool
	bold    bool  // all of it stands in b or strong
	brk     bool  // begins after a line break inside its element
	seams   []int // where in the text an element ends and another of its kind begins

	lang     string // of the page
	dated    bool   // dates is known
	weighed  bool   // worth is known
	dates    []stamp
	squeezed string // "": not known, or nothing to compare
	worth    int
}

// key is the text of the line as it is compared with others.
func (b *block) key() string {
	if b.squeezed == "" {
		b.squeezed = squeezeLabel(b.text)
	}
	return b.squeezed
}

// maxStamps is how many dates of a line are looked for.
const maxStamps = 3

// stamps are the first dates of the line.
func (b *block) stamps() []stamp {
	if !b.dated {
		b.dates, b.dated = findStamps(b.text, b.lang, maxStamps), true
	}
	return b.dates
}

// maxBlocks bounds the lines that are read of a page.
const maxBlocks = 400_000

// maxDepth bounds recursion; deeper text is read into the block above it.
const maxDepth = 900

// pageBlocks is the text of a page in blocks.
func (p *Page) pageBlocks() []*block {
	if p.blocks == nil {
		w := blockWalk{bulk: make(map[*html.Node]int, len(p.elements()))}
		w.weigh(p.Root, 0)
		w.most = int(mostText * float64(w.bulk[p.Root]))
		w.walk(p.Root, blockState{node: p.Root, region: RegionMain}, 0)
		w.flush()
		p.blocks = unfolded(w.blocks)
		for _, b := range p.blocks {
			b.lang = p.language()
			if b.region == RegionMain && b.isTrail() {
				b.region = RegionNav
			}
		}
		if p.blocks == nil {
			p.blocks = []*block{}
		}
	}
	return p.blocks
}

// isTrail recognises the line that says where in the site a page stands, whatever its element
// is called: Home > News > Headline, of which all but the end may be links; with other signs between
// them where it says so.
func (b *block) isTrail() bool {
	const longest = 200
	if b.linked == 0 || b.heading > 0 || b.size > longest {
		return false
	}
	if startsWithAny(strings.ToLower(strings.TrimLeft(b.text, "【[ 　")), placeWords) {
		return true
	}
	if !strings.ContainsAny(b.text, ">›»＞→≫") {
		return false
	}
	parts := strings.FieldsFunc(b.text, func(r rune) bool { return strings.ContainsRune(">›»＞→≫", r) })
	return len(parts) >= 3 && !hasSentence(parts[0]+parts[1])
}

// placeWords begin lines that say where in the site a page stands.
var placeWords = []string{"当前位置", "当前所在位置", "您现在的位置", "您现在所在的位置", "您的位置", "您的当前位置", "您当前的位置", "你现在的位置", "你的位置", "你当前位置", "所在位置", "现在位置", "位置：", "位置:", "目前位置", "您所在的位置", "您所在位置",
	"您現在的位置", "目前所在位置", "現在位置", "現在地", "you are here", "your location", "your position", "current location", "current position", "sie sind hier", "vous êtes ici", "usted está aquí", "você está aqui", "вы здесь", "현재위치", "현재 위치"}

// unfolded shows the hidden blocks of a page that hides most of its text until
// the reader pays or clicks. A hidden copy of a text that is on show as well
// stays hidden.
func unfolded(blocks []*block) []*block {
	shown, folded := 0, 0
	for _, b := range blocks {
		n := b.size
		switch {
		case n < minSentence || b.linked*2 > b.runes || b.region != RegionMain:
		case b.hidden:
			folded += n
		default:
			shown += n
		}
	}
	if folded > 2*shown && folded > 600 {
		for _, b := range blocks {
			b.hidden = b.hidden && b.size < minSentence
		}
	}
	return blocks
}

// blockState is what an element inherits from those around it.
type blockState struct {
	node    *html.Node
	heading int
	row     *html.Node
	cell    *html.Node
	region  Region
	hidden  bool
	link    bool
	bold    bool
	pre     bool
}

type blockWalk struct {
	blocks []*block
	slab   []block    // that the next blocks are in
	text   []byte     // of the line in hand
	state  blockState // of the text collected so far
	linked int
	plain  bool // some of the text is not bold
	brk    bool

	bulk map[*html.Node]int // bytes of text below block elements
	most int                // of a part of the page that can still be a region of its own
}

// weigh fills bulk.
func (w *blockWalk) weigh(n *html.Node, depth int) int {
	total := 0
	for c := n.FirstChild; c != nil && depth <= maxDepth; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			total += len(strings.TrimSpace(c.Data))
		case c.Type == html.ElementNode && hasText(c):
			total += w.weigh(c, depth+1)
		}
	}
	if isBlock(n) || n.Parent == nil {
		w.bulk[n] = total
	}
	return total
}

func (w *blockWalk) walk(n *html.Node, s blockState, depth int) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			w.add(c.Data, s)
		case html.ElementNode:
			w.element(c, s, depth)
		}
	}
}

func (w *blockWalk) element(c *html.Node, s blockState, depth int) {
	if depth > maxDepth || !hasText(c) {
		return
	}
	switch c.DataAtom {
	case atom.Br:
		w.flush()
		w.brk = true
		return
	case atom.Hr:
		w.flush()
		return
	}
	if !isBlock(c) {
		inline := s
		inline.hidden = s.hidden || isHidden(c)
		inline.link = s.link || c.DataAtom == atom.A
		inline.bold = s.bold || c.DataAtom == atom.B || c.DataAtom == atom.Strong
		if len(bytes.TrimSpace(w.text)) > 0 && followsLike(c) {
			w.text = append(w.text, seam)
		}
		w.walk(c, inline, depth+1)
		return
	}
	w.flush()
	inner := s
	inner.node, inner.hidden = c, s.hidden || isHidden(c)
	// What holds most of the page is no menu, whatever it is called.
	if w.most == 0 || w.bulk[c] < w.most {
		inner.region = regionOf(c, s.region)
	}
	switch c.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		inner.heading = int(c.Data[1] - '0')
	case atom.Tr:
		inner.row = c
	case atom.Td, atom.Th:
		inner.cell = c
	case atom.Pre, atom.Xmp:
		inner.pre = true
	}
	w.walk(c, inner, depth+1)
	w.flush()
}

// add collects text. Lines of preformatted text are blocks of their own.
func (w *blockWalk) add(text string, s blockState) {
	if s.pre && strings.Contains(text, "\n") {
		for line := range strings.Lines(text) {
			w.add(strings.TrimRight(line, "\r\n"), blockState{node: s.node, region: s.region, hidden: s.hidden, link: s.link, bold: s.bold})
			w.flush()
		}
		return
	}
	blank := strings.TrimSpace(text) == ""
	if !blank {
		if len(bytes.TrimSpace(w.text)) == 0 {
			w.state = s
		}
		if s.link {
			w.linked += countRunes(text)
		}
		if !s.bold {
			w.plain = true
		}
	}
	w.text = append(w.text, text...)
}

func (w *blockWalk) flush() {
	if len(w.blocks) >= maxBlocks {
		w.text = w.text[:0]
		return
	}
	text, seams := unseamed(collapse(strip(string(bytes.TrimSpace(w.text)))))
	if text != "" {
		w.blocks = append(w.blocks, w.keep(block{index: len(w.blocks), node: w.state.node, text: text, seams: seams, runes: utf8.RuneCountInString(text), size: size(text), linked: w.linked,
			heading: w.state.heading, row: w.state.row, cell: w.state.cell, region: w.state.region, hidden: w.state.hidden, bold: !w.plain, brk: w.brk}))
	}
	w.text = w.text[:0]
	w.linked, w.plain, w.brk = 0, false, false
}

// seam stands in the text of a line in hand where an element ends and another of its kind
// begins beside it, as <span>Source: Daily</span><span>Views: 40</span>.
const seam = 0x1f

// followsLike reports whether an element stands beside one of its kind.
func followsLike(n *html.Node) bool {
	before := n.PrevSibling
	for before != nil && before.Type == html.TextNode && strings.TrimSpace(before.Data) == "" {
		before = before.PrevSibling
	}
	return before != nil && before.Type == html.ElementNode && before.Data == n.Data && n.DataAtom != atom.A
}

// unseamed takes the seams out of a text and says where they were.
func unseamed(text string) (string, []int) {
	if strings.IndexByte(text, seam) < 0 {
		return text, nil
	}
	var seams []int
	var b strings.Builder
	for part := range strings.SplitSeq(text, string(rune(seam))) {
		if strings.HasSuffix(b.String(), " ") || b.Len() == 0 {
			part = strings.TrimLeft(part, " ")
		}
		if b.Len() > 0 && part != "" {
			seams = append(seams, b.Len())
		}
		b.WriteString(part)
	}
	return strings.TrimRight(b.String(), " "), seams
}

// beforeSeam is the part of a line from a byte on that stands in one element, or in several
// that are joined as a list is.
func (b *block) beforeSeam(from int) string {
	for _, at := range b.seams {
		if at <= from || strings.TrimSpace(b.text[from:at]) == "" {
			continue
		}
		if join := nameJoins.FindStringIndex(b.text[at-1:]); join != nil && join[0] <= 1 || strings.HasSuffix(strings.TrimSpace(b.text[from:at]), ",") {
			continue
		}
		return b.text[from:at]
	}
	return b.text[from:]
}

// slabSize is how many blocks are allocated at a time.
const slabSize = 32

func (w *blockWalk) keep(b block) *block {
	if len(w.slab) == cap(w.slab) {
		w.slab = make([]block, 0, slabSize)
	}
	w.slab = append(w.slab, b)
	return &w.slab[len(w.slab)-1]
}

// strip takes out the characters that are not seen.
func strip(s string) string {
	// All of them begin with one of these bytes.
	if strings.IndexByte(s, 0xe2) < 0 && strings.IndexByte(s, 0xc2) < 0 && strings.IndexByte(s, 0xef) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch r {
		case '\u200b', '\u200e', '\u200f', '\u00ad', '\ufeff', '\u2060':
			return -1
		}
		return r
	}, s)
}

// countRunes counts what is not blank.
func countRunes(s string) int {
	n := 0
	for _, r := range s {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}

// hasText reports whether an element can hold text that a reader sees.
func hasText(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Title, atom.Noscript, atom.Template, atom.Head, atom.Select, atom.Textarea, atom.Input,
		atom.Iframe, atom.Object, atom.Svg, atom.Canvas, atom.Audio, atom.Video, atom.Datalist, atom.Option, atom.Map, atom.Math:
		return false
	case atom.Button:
		return n.Parent != nil && isHeading(n.Parent) // that opens what stands below it
	}
	return n.Data != "svg"
}

// isBlock reports whether an element stands on lines of its own.
func isBlock(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Body, atom.Center, atom.Dd, atom.Details, atom.Dialog, atom.Div, atom.Dl,
		atom.Dt, atom.Fieldset, atom.Figcaption, atom.Figure, atom.Footer, atom.Form, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6,
		atom.Header, atom.Hgroup, atom.Html, atom.Legend, atom.Li, atom.Main, atom.Menu, atom.Nav, atom.Ol, atom.P, atom.Pre, atom.Xmp, atom.Section,
		atom.Summary, atom.Table, atom.Tbody, atom.Td, atom.Tfoot, atom.Th, atom.Thead, atom.Tr, atom.Ul, atom.Caption, atom.Frameset, atom.Plaintext:
		return true
	}
	return n.DataAtom == 0 && (n.Data == "ucapcontent" || n.Data == "ucaptitle" || n.Data == "search")
}

// isHidden reports whether an element is not shown.
func isHidden(n *html.Node) bool {
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			return true
		case "style":
			v := strings.ToLower(strings.ReplaceAll(a.Val, " ", ""))
			if strings.Contains(v, "display:none") || strings.Contains(v, "visibility:hidden") {
				return true
			}
		case "class":
			for c := range strings.FieldsSeq(a.Val) {
				switch strings.ToLower(c) {
				case "hidden", "hide", "sr-only", "screen-reader-text", "visually-hidden", "visuallyhidden", "d-none", "invisible":
					return true
				}
			}
		case "aria-hidden":
			if a.Val == "true" && n.DataAtom != atom.Span && n.DataAtom != atom.Div {
				return true
			}
		}
	}
	return false
}

// within reports whether a node is root or below it.
func within(n, root *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == root {
			return true
		}
	}
	return false
}
