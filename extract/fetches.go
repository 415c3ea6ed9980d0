package extract

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var (
	// asks finds where a script asks for something by GET: fetch("…"), $.getJSON('…'),
	// xhr.open("GET", "…"), $.ajax({url: "…"}).
	asks = regexp.MustCompile(`(?i)(?:\bfetch\(|\baxios(?:\.get)?\(|(?:\$|\bjQuery)\.get(?:JSON)?\(|\)\.load\(|\.open\(\s*['"]get['"]\s*,|\.ajax\(\s*\{[^{}]{0,300}?\burl\s*:)\s*`)
	// method finds by what else than GET a script may ask.
	method = regexp.MustCompile(`(?i)\b(?:method|type)\s*:\s*['"\x60]?(?:post|put|patch|delete|head|options)\b`)
	// maybeRows finds addresses by whose names they may give the rows of a list.
	maybeRows = regexp.MustCompile(`(?i)news|list|article|notice|infos?\b|content|posts?\b|press|release|xinwen|/xw|dongtai|gonggao|tzgg|zixun|[?&]page=`)
	// noRows finds addresses of counters, buttons and the like, by their names: what is asked
	// for there may do something.
	noRows = regexp.MustCompile(`(?i)count|hits?\b|click|stat|visit|log|sign|exit|user|member|cart|pay|weather|captcha|track|token|session|csrf|config|lang|search|comment|like|share|vote|zan\b|digg|ding\b|subscri|newsletter|delete|remove|send|sms|beacon|collect|monitor|report|poll|survey|feedback|\badd|fav|follow|online|friend|\bads?\b|banner`)
	// variable finds a name that is joined to an address.
	variable = regexp.MustCompile(`\+\s*(` + identifier + `)\b|\$\{(` + identifier + `)\}`)
	// writesNews finds scripts that write the rows of a list, by their addresses.
	writesNews = regexp.MustCompile(`(?i)(?:news|list|article|notice|xinwen|dongtai|gonggao|tzgg)[^/]*\.js(?:$|\?)|\.(?:php|aspx?|jsp|do)\?`)
)

const (
	maxFetches = 6
	maxAsked   = 400 // bytes of the words around an address
)

// Fetches lists what the scripts of a page ask for by themselves, as written: data, parts
// of the page, and scripts that write rows. What depends on what a reader does is left out.
func (p *Page) Fetches() []string {
	var out []string
	add := func(href string) {
		if href != "" && len(out) < maxFetches && maybeRows.MatchString(href) && !noRows.MatchString(href) && !picture.MatchString(strings.TrimSuffix(href, ".js")) {
			out = append(out, href)
		}
	}
	eachElement(p.Root, func(n *html.Node) {
		if n.DataAtom != atom.Script || len(out) >= maxFetches {
			return
		}
		if src := strings.TrimSpace(attrOf(n, "src")); src != "" {
			if !hasAncestor(n, atom.Head) && writesNews.MatchString(src) {
				add(src)
			}
			return
		}
		if n.FirstChild == nil || len(n.FirstChild.Data) > maxPagerScript {
			return
		}
		script := n.FirstChild.Data
		for _, at := range asks.FindAllStringIndex(script, maxFetches) {
			around := script[max(0, at[0]-maxAsked/2):min(len(script), at[1]+maxAsked)]
			if !method.MatchString(around) {
				add(asked(script[at[1]:], script))
			}
		}
	})
	return out
}

// asked is the address that a script begins with, "" where it cannot be known; a variable
// in it has the value that the script first gives it.
func asked(script, all string) string {
	var names []string
	for _, g := range variable.FindAllStringSubmatch(script[:min(len(script), maxAsked)], 9) {
		names = append(names, g[1]+g[2])
	}
	parts, ok := joinedParts(script, all, names)
	if !ok {
		return ""
	}
	return parts.address(valuesOf(names, all))
}

func hasAncestor(n *html.Node, tag atom.Atom) bool {
	for a := n.Parent; a != nil; a = a.Parent {
		if a.DataAtom == tag {
			return true
		}
	}
	return false
}
