package extract

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

var (
	// aroundValue finds location.href = "…" and its like, with the one value that is joined to
	// it, as menus and fields have it.
	aroundValue = regexp.MustCompile(`(?:location(?:\.href\s*=|\s*=|\.(?:assign|replace)\()|window\.open\()\s*(?:(['"])([^'"\s<>]{1,500})['"])\s*\+\s*([\w$.\[\]]+(?:\([^()]{0,60}\)[\w$.]*){0,2})\s*(?:\+\s*['"]([^'"\s<>]{0,200})['"])?`)
	// calls finds the call of a function: toPage(2), openNews('1004', 2001).
	calls = regexp.MustCompile(`^\s*(?:javascript:)?\s*(?:return\s+)?(` + identifier + `)\(((?:'[^']*'|"[^"]*"|[^()'"])*)\)`)
	// callsAddress finds a call with an address: go('/news/?page=2').
	callsAddress = regexp.MustCompile(`^\s*(?:javascript:)?\s*(?:return\s+)?[A-Za-z_$][\w$.]{0,40}\(\s*['"]([^'"\s<>]{0,500}(?:[/?]|\.(?:s?html?|php|aspx?|jsp|do|action))[^'"\s<>]{0,500})['"]`)
)

// clickAddress is where a click on an element goes by script, as written; ""
// when that is no plain address.
func (p *Page) clickAddress(n *html.Node) string {
	for _, script := range []string{attrOf(n, "onclick"), attrOf(n, "ondblclick"), attrOf(n, "href")} {
		if script == "" || len(script) > 1000 || !strings.Contains(script, "(") && !strings.Contains(script, "location") {
			continue
		}
		if at := goingTo.FindStringIndex(script); at != nil {
			if parts, ok := joinedParts(script[at[1]:], "", nil); ok {
				return parts.address(nil)
			}
		}
		if g := calls.FindStringSubmatch(script); g != nil {
			if href := p.calledAddress(g[1], valuesOf(arguments(g[2]), "")); href != "" {
				return href
			}
		}
		if href := p.sentBy(script); href != "" {
			return href
		}
		if g := callsAddress.FindStringSubmatch(script); g != nil {
			return g[1]
		}
	}
	return ""
}
