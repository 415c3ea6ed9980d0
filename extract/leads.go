package extract

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// leadingAttrs are attributes that scripts take the address of a click from.
var leadingAttrs = []string{"data-href", "data-link", "data-url", "ng-href"}

// isLeading reports whether an attribute holds where a click on its element goes.
func isLeading(n *html.Node, a html.Attribute) bool {
	switch a.Key {
	case "to":
		return n.Data == "router-link" || n.Data == "nuxt-link"
	case "rel":
		return n.DataAtom == atom.A && strings.HasPrefix(a.Val, "/")
	}
	return slices.Contains(leadingAttrs, a.Key)
}

// doesSomething finds addresses and names of elements that a click on does something, or
// that give a part of a page.
var doesSomething = regexp.MustCompile(`(?i)/api/|/ajax|/set\b|[?&]lang|\b(?:btn|button|fav|del|share|like|vote|infinite|modal|popup|tab)`)

// leadsByData is where a click on an element goes by its attributes, as written: an address
// in one of them, or one that a script of the page makes of it. "" when it goes nowhere.
func (p *Page) leadsByData(n *html.Node) string {
	href := p.byAttributes(n)
	if href == "" || noRows.MatchString(href) || doesSomething.MatchString(href) || doesSomething.MatchString(attrOf(n, "class")) || n.DataAtom == atom.Button {
		return ""
	}
	return href
}

func (p *Page) byAttributes(n *html.Node) string {
	for _, a := range n.Attr {
		if isLeading(n, a) && strings.ContainsAny(a.Val, "/.?") && !strings.ContainsAny(a.Val, "{ ") {
			return a.Val
		}
	}
	for _, a := range n.Attr {
		if strings.HasPrefix(a.Key, "data-") && a.Val != "" && len(a.Val) <= 60 {
			if around, ok := p.dataGoers()[a.Key]; ok {
				return around.before + a.Val + around.behind
			}
		}
	}
	return ""
}

// around is what stands before and behind a value in an address.
type around struct{ before, behind string }

// ofElement finds the attribute of the clicked element that a script reads: data("id"),
// attr("data-id"), dataset.id, getAttribute("data-id").
var ofElement = regexp.MustCompile(`\bdata\(\s*['"]([\w-]+)['"]|\b(?:attr|getAttribute)\(\s*['"]data-([\w-]+)['"]|\.dataset\.(\w+)`)

// mayGoByData reports whether a script has words without which aroundValue or ofElement
// finds nothing in it.
func mayGoByData(script string) bool {
	return (strings.Contains(script, "location") || strings.Contains(script, "window.open(")) &&
		(strings.Contains(script, "data(") || strings.Contains(script, ".dataset.") || strings.Contains(script, "data-"))
}

// dataGoers are the addresses that scripts make of attributes of what is clicked, by the
// names of these, read once.
func (p *Page) dataGoers() map[string]around {
	if p.byData != nil {
		return p.byData
	}
	p.byData = map[string]around{}
	eachElement(p.Root, func(n *html.Node) {
		if n.DataAtom != atom.Script || n.FirstChild == nil || len(n.FirstChild.Data) > maxPagerScript || !mayGoByData(n.FirstChild.Data) {
			return
		}
		for _, g := range aroundValue.FindAllStringSubmatch(n.FirstChild.Data, maxFetches) {
			if of := ofElement.FindStringSubmatch(g[3]); of != nil {
				name := "data-" + strings.ToLower(of[1]+of[2]+of[3])
				if _, known := p.byData[name]; !known {
					p.byData[name] = around{g[2], g[4]}
				}
			}
		}
	})
	return p.byData
}
