package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// scoped corrects the choice of an element that is named as furniture and was
// only believed because it holds much of the page's text, such as a consent
// dialog or a sidebar beside a short article: where the headline stands in an
// element with text of its own, that is the article.
func (p *Page) scoped(best *html.Node, w map[*html.Node]worth, title string) *html.Node {
	h := p.headingOf(title)
	if best == nil || h == nil {
		return best
	}
	common := h.node
	for common != nil && !within(best, common) {
		common = common.Parent
	}
	if !isBeside(best, common) {
		return best
	}
	for scope := h.node; scope != nil && scope != common; scope = scope.Parent {
		if w[scope].text > 0 {
			return p.bestWithin(scope, w)
		}
	}
	return p.outsideFurniture(common, w, best)
}

// headingOf is the heading of the page that is its headline, nil when none is.
func (p *Page) headingOf(title string) *block {
	key := squeezeLabel(title)
	for _, b := range p.pageBlocks() {
		if b.heading > 0 && !b.hidden && key != "" && b.region != RegionNav && strings.HasPrefix(b.key(), key) {
			return b
		}
	}
	return nil
}

// besideWords are names of what is beside the article however long it is.
var besideWords = wordSet("sidebar", "widget", "gdpr", "dsgvo", "cmplz", "cookie", "cookies", "cookiebanner", "consent", "privacy", "modal", "popup", "newsletter", "related", "nextstory")

// isBeside reports whether an element, or one above it up to another, is named
// as one that stands beside the article.
func isBeside(n, top *html.Node) bool {
	for ; n != nil && n != top && n.DataAtom != atom.Body; n = n.Parent {
		if n.DataAtom == atom.Aside || hasRegionWord(n, besideWords) && !isContainer(n) {
			return true
		}
	}
	return false
}

// bestWithin is the element of the greatest worth inside another.
func (p *Page) bestWithin(scope *html.Node, w map[*html.Node]worth) *html.Node {
	best := scope
	eachElement(scope, func(n *html.Node) {
		if w[n].text > 0 && w[n].sum >= w[best].sum {
			best = n
		}
	})
	return widened(best, w)
}

// outsideFurniture is the element of the greatest worth that is not named as
// furniture nor stands in one, instead of best.
func (p *Page) outsideFurniture(root *html.Node, w map[*html.Node]worth, best *html.Node) *html.Node {
	var found *html.Node
	eachElement(root, func(n *html.Node) {
		if w[n].text <= 0 || within(best, n) || isBeside(n, root) {
			return
		}
		if found == nil || w[n].sum >= w[found].sum {
			found = n
		}
	})
	if found == nil {
		return best
	}
	return widened(found, w)
}

// maxShortPost is the size of the running text up to which an article is
// taken for a short one.
const maxShortPost = 400

// shortPost is the element that the page names as its one post, where the best
// element is no more than a piece of it: of notes, poems and talk most lines
// are too short to count as running text.
func (p *Page) shortPost(best *html.Node, w map[*html.Node]worth) *html.Node {
	if best != nil && w[best].text > maxShortPost {
		return nil
	}
	var post *html.Node
	for _, n := range p.elements() {
		if !isPost(n) || isHidden(n) || p.inFurniture(n, p.furnitureSeen()) {
			continue
		}
		if post != nil && !within(n, post) {
			return nil
		}
		if post == nil {
			post = n
		}
	}
	if post == nil || best != nil && !within(best, post) && !isBeside(best, nil) {
		return nil
	}
	return post
}

// isPost reports whether an element is one article of a page: by its tag, by
// an id such as post-123, or by its type.
func isPost(n *html.Node) bool {
	if n.DataAtom == atom.Article || hasWord(attrOf(n, "class"), "hentry") {
		return true
	}
	rest, ok := strings.CutPrefix(attrOf(n, "id"), "post-")
	return ok && rest != "" && strings.Trim(rest, "0123456789") == ""
}

// boxed goes up from a piece of a short text to the largest element below the headline that
// shows no link and nothing of the foot of a site: that is the text, however short its lines are.
func (p *Page) boxed(best *html.Node, w map[*html.Node]worth, title string) *html.Node {
	if best == nil || w[best].text > maxShortPost {
		return best
	}
	headline := p.lineOf(title)
	if headline == nil {
		return best
	}
	for n := best.Parent; n != nil && n.DataAtom != atom.Body && p.isBox(n, headline.index); n = n.Parent {
		best = n
	}
	return best
}

// lineOf is the first line on show that is a title and leads nowhere, nil when there is none.
func (p *Page) lineOf(title string) *block {
	key := squeezeLabel(title)
	for _, b := range p.pageBlocks() {
		if key != "" && !b.hidden && b.linked == 0 && b.region != RegionNav && b.key() == key {
			return b
		}
	}
	return nil
}

// isBox reports whether an element begins behind a line and shows nothing but lines of the page's
// own, outside of furniture.
func (p *Page) isBox(n *html.Node, behind int) bool {
	first := p.firstBlocks()[n]
	return first != nil && first.index > behind && p.isOwnLines(n) && !p.inFurniture(n, p.furnitureSeen())
}
