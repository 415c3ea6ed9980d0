package extract

import (
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
	switch {
	case hasRegionWord(n, pagerWords):
		return RegionPager
	case hasRegionWord(n, navWords):
		return RegionNav
	case hasRegionWord(n, footerWords):
		return RegionFooter
	case hasRegionWord(n, headerWords):
		return RegionHeader
	}
	return outer
}

// Words of ids and classes that name a region. A word matches a whole part of
// a name split at - _ and capitals, so "header-news" is a header but
// "headline" is not.
var (
	pagerWords  = []string{"pager", "pagination", "paging", "pagenav", "pagebar", "pagelist", "pagenum", "fenye"}
	navWords    = []string{"nav", "navi", "navbar", "navigation", "menu", "submenu", "mainmenu", "breadcrumb", "breadcrumbs", "crumb", "crumbs", "weizhi", "sitemap", "daohang"}
	footerWords = []string{"footer", "foot", "copyright", "friendlink", "friendlinks", "youqing"}
	headerWords = []string{"header", "banner", "topbar", "masthead"}
)

// hasRegionWord reports whether one of the words names what an element is, in
// its id or one of its classes.
func hasRegionWord(n *html.Node, words []string) bool {
	for _, a := range n.Attr {
		if a.Key != "id" && a.Key != "class" || len(a.Val) > 400 {
			continue
		}
		for name := range strings.FieldsSeq(a.Val) {
			// Utility classes such as print:max-w-full speak of looks, not of parts.
			if !strings.ContainsAny(name, ":[/") && namesPart(name, words) {
				return true
			}
		}
	}
	return false
}

// maxPart is the length of the longest part of a name that can be a word.
const maxPart = 32

// namesPart reports whether a part of a name, split at everything that is no
// letter and where a capital follows a small letter, is one of the words. In
// "sidebar-grid" and "has-menu" a word names what the element has.
func namesPart(name string, words []string) bool {
	var buf [maxPart]byte
	n, found, small := 0, false, false
	for i := 0; i <= len(name); i++ {
		var c byte
		if i < len(name) {
			c = name[i]
		}
		capital := 'A' <= c && c <= 'Z'
		if n > 0 && (capital && small || !capital && (c < 'a' || c > 'z')) {
			switch part := buf[:min(n, maxPart)]; {
			case isOne(part, owning):
				return false
			case n <= maxPart:
				found = found || isOne(part, words)
			}
			n = 0
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

// owning are parts of names of elements that have what another part says.
var owning = []string{"grid", "layout", "has", "with", "without", "is", "no"}

func isOne(part []byte, words []string) bool {
	for _, w := range words {
		if len(w) == len(part) && w == string(part) {
			return true
		}
	}
	return false
}

// nameParts splits ids and classes at everything that is not a letter and
// where a capital follows a small letter.
func nameParts(s string) []string {
	// Utility classes such as print:max-w-full speak of looks, not of parts.
	if strings.ContainsAny(s, ":[/") {
		kept := strings.Fields(s)[:0]
		for _, f := range strings.Fields(s) {
			if !strings.ContainsAny(f, ":[/") {
				kept = append(kept, f)
			}
		}
		s = strings.Join(kept, " ")
	}
	var b strings.Builder
	small := false
	for _, r := range s {
		switch {
		case 'a' <= r && r <= 'z':
			b.WriteRune(r)
			small = true
			continue
		case 'A' <= r && r <= 'Z':
			if small {
				b.WriteByte(' ')
			}
			b.WriteRune(r - 'A' + 'a')
		default:
			b.WriteByte(' ')
		}
		small = false
	}
	return strings.Fields(b.String())
}
