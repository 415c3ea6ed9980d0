package extract

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/dossier-archive/dossier"
)

// A Site is what is known of a site from several of its pages: which lines
// stand on all of them, and where the headline, the date and the text of its
// articles stood. A page that is read as one Of a site is read with that in
// mind. The zero value knows nothing. It is safe for concurrent use.
type Site struct {
	mu       sync.Mutex
	articles memory
	others   memory    // lists above all
	sum      *census   // of both; nil: of none
	all      *siblings // of a page that is not known; nil when it is to be made
}

// Of makes the page be read as one of a site; nil is none. It is to be called
// before anything is read.
func (p *Page) Of(s *Site) *Page {
	p.site = s
	return p
}

// Another parses another capture as a page of the same site.
func (p *Page) Another(s *dossier.Snapshot) *Page { return Parse(s).Of(p.site) }

// Learn adds what a page shows to what is known of its site. A page whose
// address, bytes or text are known already is not counted twice, and one that
// answers something else than what was asked is not of the site.
func (s *Site) Learn(p *Page) {
	m, limit := &s.others, siteLists
	switch p.Kind() {
	case KindArticle:
		m, limit = &s.articles, sitePages
	case KindNotFound, KindFault, KindChallenge, KindLogin, KindEmpty:
		return
	}
	s.mu.Lock()
	wanted := m.wants(limit)
	s.mu.Unlock()
	if !wanted {
		return
	}
	l := p.features()
	s.mu.Lock()
	defer s.mu.Unlock()
	if added, dropped := m.add(l, limit); added {
		s.sum, s.all = s.sum.with(l, dropped), nil
	}
}

const (
	// sitePages is how many articles of a site are remembered, siteLists how
	// many other pages.
	sitePages = 24
	siteLists = 4
	// siteEvery is how often a page is learned once so many are known: often
	// enough to follow a site that is rewritten.
	siteEvery = 16
	// maxLearned bounds how many lines of a page are remembered.
	maxLearned = 4000
)

// siblings are the other pages of the site that are known, with the places
// where most of those that have them show a part of their article; 0 when there
// is no such place.
type siblings struct {
	pages             []*learned
	sum               *census    // of these pages and the page itself
	self              []*learned // the page itself, where it is known
	body, title, date place
	order             dateOrder // of most that show one
}

// others are the pages of the site that are known beside this one.
func (p *Page) others() *siblings {
	if p.beside == nil {
		p.beside = &siblings{}
		if p.site != nil {
			p.beside = p.site.without(p.address(), maphash.Bytes(seed, p.Snapshot.Body))
		}
	}
	return p.beside
}

// without gives the pages that are known but one.
func (s *Site) without(address string, bytes uint64) *siblings {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil {
		pages := slices.Concat(s.articles.pages, s.others.pages)
		s.all = siblingsOf(pages, nil, s.sum)
	}
	var others, self []*learned
	for _, l := range s.all.pages {
		if l.isPage(address, bytes) {
			self = append(self, l)
		} else {
			others = append(others, l)
		}
	}
	if len(self) == 0 {
		return s.all
	}
	return siblingsOf(others, self, s.all.sum)
}

func siblingsOf(others, self []*learned, sum *census) *siblings {
	s := &siblings{pages: others, self: self, sum: sum}
	s.body = s.habit(func(l *learned) place { return l.body })
	s.title = s.habit(func(l *learned) place { return l.title })
	s.date = s.habit(func(l *learned) place { return l.date })
	votes := dateOrder(0)
	for _, l := range others {
		votes += l.order
	}
	s.order = dateOrder(cmp.Compare(votes, 0))
	return s
}

// having counts the pages that have a place, and those with a line there.
func (s *siblings) having(at place, line uint64) (places, lines int) {
	places, lines = s.sum.at[at], s.sum.lines[line]
	for _, l := range s.self {
		if l.at[at] {
			places--
		}
		if l.lines[line] {
			lines--
		}
	}
	return places, lines
}

func (s *siblings) habit(of func(*learned) place) place {
	votes := map[place]int{}
	var best place
	for _, l := range s.pages {
		if at := of(l); at != 0 {
			votes[at]++
			if votes[at] > votes[best] {
				best = at
			}
		}
	}
	having := 0
	for _, l := range s.pages {
		if best != 0 && l.at[best] && l.text != 0 {
			having++
		}
	}
	if votes[best] < 2 || votes[best]*100 < having*most {
		return 0
	}
	return best
}

// Shares of the other pages, in percent, that make something a habit of the
// site.
const (
	nearlyAll = 80
	most      = 60
)

// isRepeated reports whether a line is furniture by the word of the other
// pages: it stands at its place on nearly all of those that have that place,
// and around it is nothing that is this page's own. Paragraphs and headings
// that recur between others in the text of an article are no furniture.
func (p *Page) isRepeated(b *block) bool {
	if p.repeated == nil {
		p.repeated = p.repeatedLines()
	}
	return p.repeated[b.index]
}

// repeatedLines says of each line whether it is repeated.
func (p *Page) repeatedLines() []bool {
	again := make([]bool, len(p.pageBlocks()))
	if len(p.others().pages) == 0 {
		return again
	}
	places := p.places()
	own, text := map[place]bool{}, 0
	around, first, last := map[*html.Node]bool{}, 0, 0 // of text in elements that stand for paragraphs
	beside := map[*html.Node]bool{}                    // elements that hold running text of the page's own
	for i, b := range p.pageBlocks() {
		if again[i] = p.standsElsewhere(b); !again[i] && !b.hidden {
			h := holder(b.node)
			own[places[h]] = true
			beside[h] = beside[h] || b.gain() > 0
			if text += max(b.gain(), 0); h == b.node && h.DataAtom == atom.Div && b.gain() > 0 {
				beside[h.Parent] = true
				if around[h.Parent] = true; first == 0 {
					first = i
				}
				last = i
			}
		}
	}
	if text == 0 {
		clear(again) // a page that is as the others are
		return again
	}
	between := p.betweenOwn(again)
	for i, b := range p.pageBlocks() {
		h := holder(b.node)
		again[i] = again[i] && !own[places[h]] && !(first < i && i < last && around[h]) && !between[i]
		if again[i] && b.linked == 0 && h != nil && (beside[h] || beside[h.Parent]) {
			again[i] = p.isCommon(b)
		}
	}
	return again
}

// betweenOwn says of each line whether it stands between running text of the page's own in the
// element of that, as a heading or a clause that all bulletins have, in whatever element for itself:
// only boxes are furniture there, which say so by their names, or by what they lead to.
func (p *Page) betweenOwn(again []bool) []bool {
	blocks := p.pageBlocks()
	between := make([]bool, len(blocks))
	before := -1
	for i, b := range blocks {
		if again[i] || b.hidden || b.gain() <= 0 {
			continue
		}
		if before >= 0 {
			text := textElement(blocks[before].node, b.node)
			for j := before + 1; j < i && text != nil; j++ {
				c := blocks[j]
				between[j] = again[j] && c.linked == 0 && within(c.node, text) && !p.inFurniture(c.node, p.furnitureSeen())
			}
		}
		before = i
	}
	return between
}

// textElement is the element that holds two paragraphs, nil when it is not the same one.
func textElement(a, b *html.Node) *html.Node {
	a, b = holder(a), holder(b)
	switch {
	case a == nil || b == nil:
		return nil
	case a == b:
		return a
	case a.Parent != nil && a.Parent == b.Parent:
		return a.Parent
	}
	return nil
}

// Bounds of lines beside text of a page's own that are furniture: the part of the other pages that
// have them, in percent, where so many are known. A list that a few articles share is none.
const (
	commonLine = 25
	minCommon  = 6 // pages
)

// isCommon reports whether a line stands on many of the other pages of the site.
func (p *Page) isCommon(b *block) bool {
	at := p.places()[b.node]
	_, same := p.others().having(at, lineHash(at, b.text))
	pages := len(p.others().pages)
	return pages < minCommon || same*100 >= pages*commonLine
}

// standsElsewhere reports whether nearly all of the other pages that have the
// place of a line have the line there as well.
func (p *Page) standsElsewhere(b *block) bool {
	at := p.places()[b.node]
	having, same := p.others().having(at, lineHash(at, b.text))
	return same >= min(2, len(p.others().pages)) && same*100 >= having*nearlyAll
}

// holder is the element around paragraphs, headings and items of lists.
func holder(n *html.Node) *html.Node {
	for ; n != nil; n = n.Parent {
		switch n.DataAtom {
		case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Li, atom.Ul, atom.Ol, atom.Dt, atom.Dd, atom.Dl, atom.Blockquote, atom.Pre:
		default:
			return n
		}
	}
	return nil
}

// withoutRepeated drops the furniture of the site from a text, unless that is all there is.
func (p *Page) withoutRepeated(blocks []*block) []*block {
	out := blocks[:0:0]
	for _, b := range blocks {
		if !p.isRepeated(b) {
			out = append(out, b)
		}
	}
	if len(out) == 0 {
		return blocks
	}
	return out
}

// isRepeatedTitle reports whether a part of the <title> stands in that of the
// other pages as well: it is the name of the site or of a section.
func (p *Page) isRepeatedTitle(part string) bool {
	o := p.others()
	if o.sum == nil {
		return false
	}
	h := hashOf(squeezeLabel(part))
	same := o.sum.parts[h]
	for _, l := range o.self {
		if l.parts[h] {
			same--
		}
	}
	return same >= 2
}

// titleParts are the parts of a title between its separators, squeezed.
func titleParts(title string) []string {
	parts := []string{title}
	for _, sep := range titleSeparators {
		var finer []string
		for _, part := range parts {
			finer = append(finer, strings.Split(part, sep)...)
		}
		parts = finer
	}
	for i, part := range parts {
		parts[i] = squeezeLabel(part)
	}
	return parts
}

// placedBody is the element that stands where the other pages have their text, nil when
// there is none, it says nothing, or others of that place stand apart from it, as in
// pages put together from parts that are all called alike.
func (p *Page) placedBody(w map[*html.Node]worth) *html.Node {
	at := p.others().body
	if at == 0 {
		return nil
	}
	var best *html.Node
	apart := false
	places := p.places()
	eachElement(p.Root, func(n *html.Node) {
		if places[n] != at || p.bulk(n) == 0 {
			return
		}
		apart = apart || best != nil && (best.Parent != n.Parent || describe(best) != describe(n))
		if best == nil || w[n].text > w[best].text {
			best = n
		}
	})
	if apart {
		return nil
	}
	return best
}

// bulk is the size of what an element shows that the other pages do not.
func (p *Page) bulk(root *html.Node) int {
	total := 0
	for _, b := range p.pageBlocks() {
		if !b.hidden && within(b.node, root) && !p.isRepeated(b) {
			total += b.size
		}
	}
	return total
}

// siteSaysTitle is what the other pages say for or against a line as the
// headline.
func (p *Page) siteSaysTitle(b *block) float64 {
	switch at := p.others().title; {
	case p.isRepeated(b):
		return -0.4
	case at != 0 && p.places()[b.node] == at:
		return 0.15
	}
	return 0
}

// siteSaysDate is what the other pages say for or against a line as the one
// with the date. Many pages of one day may share that line; today's date in
// the banner is repeated elsewhere than where the pages have theirs.
func (p *Page) siteSaysDate(b *block) float64 {
	switch at := p.others().date; {
	case at == 0:
		return 0
	case p.places()[b.node] == at:
		return 0.12
	case p.isRepeated(b):
		return -0.3
	}
	return 0
}
