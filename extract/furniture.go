package extract

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// furniture are words of ids and classes of what stands around articles.
var furniture = wordSet(
	"comment", "comments", "disqus", "related", "recommend", "recommended", "recommendation", "recommendations", "share", "sharing", "social", "sidebar", "aside", "widget", "newsletter",
	"subscribe", "subscription", "promo", "promotion", "advert", "advertisement", "ads", "ad", "sponsor", "sponsored", "breadcrumb", "nav", "menu", "footer",
	"tags", "taglist", "pagination", "pager", "toolbar", "cookie", "cookies", "consent", "popup", "modal", "login", "outbrain", "taboola", "readmore",
	"gdpr", "dsgvo", "cmplz", "cookiebanner", "more", "moreon", "trending", "popular", "latest", "follow", "followus", "signup", "bio", "biography", "authorbox", "print", "copyright", "rights",
	"xgwz", "xgyd", "fenxiang", "bdsharebuttonbox", "ewm", "qrcode", "correlation", "links", "disclaimer", "rating", "donate", "slideshow",
	"carousel", "byline", "dateline", "credit", "credits", "caption", "figcaption", "teaser", "teasers", "toc", "skip", "hotnews", "navigation", "prev", "next", "shangxia", "sxp",
)

// isFurniture reports whether an element's name says that it stands around
// the article.
func isFurniture(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Aside, atom.Nav, atom.Footer, atom.Figcaption, atom.Form, atom.Menu:
		return n.DataAtom != atom.Form
	}
	return hasRegionWord(n, furniture) && !strings.Contains(attrOf(n, "class"), "elementor-widget") // which all of its parts are
}

// mostText is the share of the page's running text from which on an element
// is not furniture, whatever it is called: templates put words such as "more"
// and "sidebar" into the names of everything.
const mostText = 0.4

// mostComments is that share for what is named as comments: readers often say
// more than the article.
const mostComments = 0.9

var commentNames = wordSet("comment", "comments", "disqus", "kommentare", "comentarios", "commentaires", "comentários", "pinglun", "replies", "respond")

// inFurniture reports whether an element or one above it stands around the
// article; seen keeps what is known of elements.
func (p *Page) inFurniture(n *html.Node, seen map[*html.Node]bool) bool {
	if n == nil || n.DataAtom == atom.Body || n.DataAtom == atom.Html {
		return false
	}
	if is, ok := seen[n]; ok {
		return is
	}
	text := p.runningText()
	share := mostText
	if hasRegionWord(n, commentNames) {
		share = mostComments
	}
	is := p.isFoot(n) || isFurniture(n) && !isContainer(n) && float64(text[n].text) < share*float64(text[p.Root].text) || p.inFurniture(n.Parent, seen)
	seen[n] = is
	return is
}

// footLines stand at the foot of a site: its licence, who runs it, whose its texts are.
var footLines = regexp.MustCompile(`(?i)ICP[备備]|公网安备|网站标识码|(?:主办|承办|技术支持)(?:单位)?\s*[:：]|©|\bcopyright\b|all rights reserved|版权所有|版權所有`)

// footSigns are what each of the footLines holds one of: looking for them takes a fraction of
// the time of the expression, and most lines have none.
var footSigns = []string{"icp", "公网", "标识码", "办", "技术支持", "©", "copyright", "rights", "版"}

// isFootLine reports whether a line is one of the footLines.
func isFootLine(b *block) bool {
	if b.runes > maxFootLine {
		return false
	}
	return containsAny(strings.ToLower(b.text), footSigns) && footLines.MatchString(b.text)
}

// Bounds of the foot of a page: its lines, and the characters of each.
const (
	mostFoot    = 24
	maxFootLine = 300
)

// isFoot reports whether an element is named as the foot of a page and says what stands at that of
// a site: that may be more than the text of a short notice.
func (p *Page) isFoot(n *html.Node) bool {
	if p.feet == nil {
		p.feet = map[*html.Node]bool{}
		all := p.pageBlocks()
		for _, b := range all[max(0, len(all)-mostFoot):] {
			if !isFootLine(b) {
				continue
			}
			for at := b.node; at != nil && at.DataAtom != atom.Body; at = at.Parent {
				if at.DataAtom == atom.Footer || hasRegionWord(at, footerWords) {
					p.feet[at] = true
				}
			}
		}
	}
	return p.feet[n]
}

// furnitureSeen is what inFurniture has found out about the page so far.
func (p *Page) furnitureSeen() map[*html.Node]bool {
	if p.furniture == nil {
		p.furniture = make(map[*html.Node]bool, len(p.elements()))
	}
	return p.furniture
}
