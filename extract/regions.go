package extract

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Region is the part of a page that something stands in.
type Region string

const (
	RegionMain   Region = "main"   // everything that is not one of the others
	RegionNav    Region = "nav"    // menus, breadcrumbs
	RegionHeader Region = "header" // banner of the site
	RegionFooter Region = "footer" // links and counters at the end
	RegionPager  Region = "pager"  // links to the other pages of a list
)

// regionOf tells the region of an element inside another.
func regionOf(n *html.Node, outer Region) Region {
	if outer == RegionPager || outer == RegionFooter {
		return outer
	}
	switch n.DataAtom {
	case atom.Nav:
		if hasRegionWord(n, pagerWords) {
			return RegionPager
		}
		return RegionNav
	case atom.Footer:
		return RegionFooter
	case atom.Header:
		return RegionHeader
	case atom.Main, atom.Article:
		return RegionMain
	case atom.Body, atom.Html, atom.A, atom.Form:
		return outer
	}
	switch named := namedRegion(n); {
	case named == RegionFooter && hasTextBehind(n):
		return outer
	case named != "":
		return named
	}
	return outer
}

// hasTextBehind reports whether a named footer stands in an article between its heading and
// its running text: then it is the line below the headline, as in the news of TYPO3.
func hasTextBehind(n *html.Node) bool {
	const much, most = 100, 3000 // columns of text, nodes that are looked at
	if n.Parent == nil || !isArticleElement(n.Parent) || !hasHeadingBefore(n) {
		return false
	}
	text, nodes := 0, 0
	for s := n.NextSibling; s != nil; s = s.NextSibling {
		for d := range s.Descendants() {
			if nodes++; nodes > most {
				return false
			}
			if d.Type != html.TextNode || isSilent(d.Parent) || inside(d, atom.A) {
				continue
			}
			if text += size(strings.TrimSpace(d.Data)); text >= much {
				return true
			}
		}
	}
	return false
}

var articleNames = wordSet("article", "news", "post", "entry", "story")

func isArticleElement(n *html.Node) bool {
	return n.DataAtom == atom.Article || strings.Contains(attrOf(n, "itemtype"), "Article") || n.DataAtom != atom.Body && hasRegionWord(n, articleNames)
}

func hasHeadingBefore(n *html.Node) bool {
	for s := n.PrevSibling; s != nil; s = s.PrevSibling {
		if isHeading(s) {
			return true
		}
		for d := range s.Descendants() {
			if isHeading(d) {
				return true
			}
		}
	}
	return false
}

// namedRegion is the region that the id and the classes of an element name; of
// several the one that says most.
func namedRegion(n *html.Node) Region {
	if !hasRegionWord(n, anyRegion) {
		return ""
	}
	for _, r := range regionWords {
		if hasRegionWord(n, r.words) {
			return r.region
		}
	}
	return ""
}

// Words of ids and classes that name a region. A word matches a whole part of
// a name split at - _ and capitals, so "header-news" is a header but
// "headline" is not.
var (
	pagerWords  = wordSet("pager", "pagination", "paging", "pagenav", "pagebar", "pagelist", "pagenum", "fenye")
	navWords    = wordSet("nav", "navi", "navbar", "navigation", "menu", "submenu", "mainmenu", "breadcrumb", "breadcrumbs", "crumb", "crumbs", "pankuzu", "topicpath", "weizhi", "sitemap", "daohang", "gnb", "lnb", "snb", "gnavi", "globalnav", "lnavi", "localnav")
	footerWords = wordSet("footer", "foot", "copyright", "friendlink", "friendlinks", "youqing")
	headerWords = wordSet("header", "banner", "topbar", "masthead")
)

// regionWords are the words of the regions, what says most first.
var regionWords = []struct {
	words  *words
	region Region
}{{pagerWords, RegionPager}, {navWords, RegionNav}, {footerWords, RegionFooter}, {headerWords, RegionHeader}}

var anyRegion = func() *words {
	var all []string
	for _, r := range regionWords {
		all = slices.AppendSeq(all, maps.Keys(r.words.set))
	}
	return wordSet(all...)
}()

// hasRegionWord reports whether one of the words names what an element is, in
// its id or one of its classes.
func hasRegionWord(n *html.Node, words *words) bool {
	for _, a := range n.Attr {
		if a.Key != "id" && a.Key != "class" || len(a.Val) > 400 {
			continue
		}
		for name := range strings.FieldsSeq(a.Val) {
			if (name[0] != 'e' || !neutral[name]) && namesPart(name, words) {
				return true
			}
		}
	}
	return false
}

// neutral are names that Elementor gives to all parts of a page, also to that of its text.
var neutral = map[string]bool{"elementor-widget": true, "elementor-widget-container": true, "elementor-widget-theme-post-content": true, "elementor-widget-post-info": true}

// maxPart is the length of the longest part of a name that can be a word.
const maxPart = 32

// namesPart reports whether a part of a name, split at everything that is no
// letter and where a capital follows a small letter, is one of the words. In
// "sidebar-grid" and "has-menu" a word names what the element has.
// Utility classes such as print:max-w-full speak of looks and name nothing.
func namesPart(name string, words *words) bool {
	var buf [maxPart]byte
	n, found, small := 0, false, false
	for i := 0; i <= len(name); i++ {
		var c byte
		if i < len(name) {
			c = name[i]
		}
		capital := 'A' <= c && c <= 'Z'
		if n > 0 && (capital && small || !capital && (c < 'a' || c > 'z')) {
			part := buf[:min(n, maxPart)]
			if owning.has(part) {
				return false
			}
			found = found || n <= maxPart && words.has(part)
			n = 0
		}
		if c == ':' || c == '[' || c == '/' {
			return false
		}
		small = 'a' <= c && c <= 'z'
		if capital {
			c += 'a' - 'A'
		}
		if small || capital {
			if n < maxPart {
				buf[n] = c
			}
			n++
		}
	}
	return found
}

// words are parts of names: small letters from a to z, at most maxPart of them.
type words struct {
	set     map[string]bool
	lengths [26]uint64 // by first letter, a bit for each length that a word has
}

func wordSet(list ...string) *words {
	w := words{set: make(map[string]bool, len(list))}
	for _, s := range list {
		w.set[s] = true
		w.lengths[s[0]-'a'] |= 1 << len(s)
	}
	return &w
}

// has reports whether a part in small letters is one of the words. Most parts
// of names are none, and their first letter and length tell.
func (w *words) has(part []byte) bool {
	return w.lengths[part[0]-'a']&(1<<len(part)) != 0 && w.set[string(part)]
}

// owning are parts of names of elements that have what another part says.
var owning = wordSet("grid", "layout", "has", "with", "without", "is", "no")

// nameParts gives the parts of an id or a class in small letters, split at
// everything that is no letter and where a capital follows a small letter.
// Utility classes such as print:max-w-full speak of looks and have none.
func nameParts(name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if strings.ContainsAny(name, ":[/") {
			return
		}
		start, small := -1, false
		for i := 0; i <= len(name); i++ {
			var c byte
			if i < len(name) {
				c = name[i]
			}
			capital := 'A' <= c && c <= 'Z'
			letter := capital || 'a' <= c && c <= 'z'
			if start >= 0 && (!letter || capital && small) {
				if !yield(strings.ToLower(name[start:i])) {
					return
				}
				start = -1
			}
			if letter && start < 0 {
				start = i
			}
			small = letter && !capital
		}
	}
}
