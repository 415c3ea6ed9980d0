package extract

import (
	"hash/maphash"
	"maps"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// memory holds the last pages that were learned, the oldest first.
type memory struct {
	pages   []*learned
	offered int // since it is full
}

func (m *memory) wants(limit int) bool {
	if len(m.pages) < limit {
		return true
	}
	m.offered++
	return m.offered%siteEvery == 0
}

// add remembers a page unless it is known, and drops the oldest one where there are too many.
func (m *memory) add(l *learned, limit int) (added bool, dropped *learned) {
	for _, other := range m.pages {
		if other.isPage(l.url, l.bytes) || l.text != 0 && other.text == l.text {
			return false, nil
		}
	}
	if len(m.pages) >= limit {
		m.pages, dropped = m.pages[1:], m.pages[0]
	}
	m.pages = append(slices.Clip(m.pages), l)
	return true, dropped
}

// place is the hash of where an element stands: the names of the elements from
// the root down to it. Long numbers in names do not count.
type place uint64

// learned is what is remembered of one page.
type learned struct {
	url   string
	bytes uint64 // of the page
	text  uint64 // of the article; 0: none
	lines map[uint64]bool
	parts map[uint64]bool // of the <title>
	at    map[place]bool  // elements that hold text
	order dateOrder

	body, title, date place // of an article, 0: not seen
}

// isPage reports whether this is the page of an address, or one of equal bytes.
func (l *learned) isPage(address string, bytes uint64) bool {
	return l.bytes == bytes || l.url != "" && l.url == address
}

// lineHash is the hash of a line at a place.
func lineHash(at place, text string) uint64 {
	return hashOf(text) ^ uint64(at)*31
}

var seed = maphash.MakeSeed()

func hashOf(text string) uint64 { return maphash.String(seed, text) }

// features are what is to be remembered of a page.
func (p *Page) features() *learned {
	l := &learned{url: p.address(), bytes: maphash.Bytes(seed, p.Snapshot.Body), lines: map[uint64]bool{}, parts: map[uint64]bool{}, at: map[place]bool{}, order: dateOrderOf(p.someText())}
	at := p.places()
	blocks := p.pageBlocks()
	for _, b := range blocks[:min(len(blocks), maxLearned)] {
		l.lines[lineHash(at[b.node], b.text)] = true
		for n := b.node; n != nil && !l.at[at[n]]; n = n.Parent {
			l.at[at[n]] = true
		}
	}
	for _, part := range titleParts(p.metadata().title) {
		l.parts[hashOf(part)] = true
	}
	if p.Kind() != KindArticle {
		return l
	}
	r := p.read()
	l.text = hashOf(r.body.text)
	l.body, l.title, l.date = at[r.body.node], at[r.title.best.node], at[r.date.best.node]
	return l
}

// places are the places of the elements of a page.
func (p *Page) places() map[*html.Node]place {
	if p.at == nil {
		p.at = make(map[*html.Node]place, len(p.elements())+1)
		for _, n := range p.elements() {
			outer := p.at[n.Parent]
			if n.Parent == nil || n.Parent.Type != html.ElementNode {
				outer = 1
			}
			p.at[n] = outer.inner(n)
		}
	}
	return p.at
}

// inner is the place of an element below this one. Of its classes the first
// counts: the others often speak of the article, not of the template.
func (at place) inner(n *html.Node) place {
	h := hashOf(n.Data)
	if n.DataAtom != atom.Body && n.DataAtom != atom.Html {
		class, _, _ := strings.Cut(strings.TrimSpace(attrOf(n, "class")), " ")
		h = h*31 + hashOf(withoutNumbers(attrOf(n, "id")))
		h = h*31 + hashOf(withoutNumbers(class))
	}
	return at*1099511628211 ^ place(h)
}

// withoutNumbers takes long numbers out of a name: that of the article, where
// short ones tell columns and boxes apart.
func withoutNumbers(s string) string {
	if !hasLongNumber(s) {
		return s
	}
	var b strings.Builder
	for s != "" {
		digits := len(s) - len(strings.TrimLeft(s, "0123456789"))
		if digits < 3 {
			b.WriteString(s[:max(digits, 1)])
		}
		s = s[max(digits, 1):]
	}
	return b.String()
}

// hasLongNumber reports whether a name holds a number that withoutNumbers takes out.
func hasLongNumber(s string) bool {
	digits := 0
	for i := 0; i < len(s) && digits < 3; i++ {
		if digits++; s[i] < '0' || s[i] > '9' {
			digits = 0
		}
	}
	return digits == 3
}

// census counts on how many pages there are a line, a place, and a part of the
// <title>.
type census struct {
	lines map[uint64]int
	at    map[place]int
	parts map[uint64]int
}

// with is a census of one more page and without one that was counted, nil: none. Others may
// go on to read the census before.
func (c *census) with(l, dropped *learned) *census {
	if c == nil {
		c = &census{map[uint64]int{}, map[place]int{}, map[uint64]int{}}
	}
	c = &census{maps.Clone(c.lines), maps.Clone(c.at), maps.Clone(c.parts)}
	c.count(l, 1)
	if dropped != nil {
		c.count(dropped, -1)
	}
	return c
}

// count adds a page as often as is said.
func (c *census) count(l *learned, by int) {
	for line := range l.lines {
		tally(c.lines, line, by)
	}
	for at := range l.at {
		tally(c.at, at, by)
	}
	for part := range l.parts {
		tally(c.parts, part, by)
	}
}

// tally changes a number; what is 0 is not kept.
func tally[K comparable](m map[K]int, k K, by int) {
	if m[k] += by; m[k] == 0 {
		delete(m, k)
	}
}
