package extract

import (
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
	names := elementNames(n)
	switch {
	case anyNames(names, pagerWords):
		return RegionPager
	case anyNames(names, navWords):
		return RegionNav
	case anyNames(names, footerWords):
		return RegionFooter
	case anyNames(names, headerWords):
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

func hasRegionWord(n *html.Node, words []string) bool {
	return anyNames(elementNames(n), words)
}

func anyNames(names [][]string, words []string) bool {
	return slices.ContainsFunc(names, func(parts []string) bool { return namesPart(parts, words) })
}

// elementNames are the id and the classes of an element in their parts.
func elementNames(n *html.Node) [][]string {
	var names [][]string
	for _, a := range n.Attr {
		if a.Key != "id" && a.Key != "class" || len(a.Val) > 400 {
			continue
		}
		for _, name := range strings.Fields(a.Val) {
			if parts := nameParts(name); len(parts) > 0 {
				names = append(names, parts)
			}
		}
	}
	return names
}

// namesPart reports whether one of the words names what an element is. In
// "sidebar-grid" and "has-menu" it names what the element has.
func namesPart(parts, words []string) bool {
	found := false
	for _, part := range parts {
		switch part {
		case "grid", "layout", "has", "with", "without", "is", "no":
			return false
		}
		found = found || slices.Contains(words, part)
	}
	return found
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
