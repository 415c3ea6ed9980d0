package extract

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Refresh is the target of a page that sends its reader elsewhere within a few
// seconds: by <meta http-equiv="refresh">, by the header of that name, or by a
// script; "" when it does not. What a script says is believed only of a page
// that shows next to nothing.
func (p *Page) Refresh() string {
	target := ""
	eachElement(p.Root, func(n *html.Node) {
		if n.DataAtom == atom.Meta && target == "" && strings.EqualFold(attrOf(n, "http-equiv"), "refresh") {
			target = refreshTarget(attrOf(n, "content"))
		}
	})
	if target == "" {
		target = refreshTarget(p.Snapshot.Header.Get("Refresh"))
	}
	if target == "" && p.Kind() == KindEmpty {
		target = p.scriptTarget()
	}
	return target
}

// refreshTarget reads "0; url=/news/": up to nine seconds count.
func refreshTarget(content string) string {
	wait, rest, ok := strings.Cut(content, ";")
	if !ok || len(strings.TrimSpace(wait)) != 1 {
		return ""
	}
	i := strings.Index(strings.ToLower(rest), "url=")
	if i < 0 {
		return ""
	}
	return strings.Trim(strings.TrimSpace(rest[i+len("url="):]), `"'`)
}

// scriptTarget is the one place that the scripts of a page send its reader to,
// "" when there are several.
func (p *Page) scriptTarget() string {
	target, others := "", false
	eachElement(p.Root, func(n *html.Node) {
		if n.DataAtom != atom.Script || n.FirstChild == nil {
			return
		}
		for _, m := range locationScript.FindAllStringSubmatch(n.FirstChild.Data, -1) {
			to := m[1] + m[2] + m[3]
			others = others || target != "" && target != to
			target = to
		}
	})
	if others {
		return ""
	}
	return target
}

// locationScript finds location.href = '/x', location = "/x", location.replace('/x') and, of
// pages of mofcom.gov.cn, _cofing1={href:"/x"}.
var locationScript = regexp.MustCompile(`\blocation(?:(?:\.href)?\s*=\s*["']([^"']+)["']\s*(?:;|$|\n|\})|\.(?:replace|assign)\(\s*["']([^"']+)["']\s*\))|\b_cofing\d*\s*=\s*\{\s*["']?href["']?\s*:\s*["']([^"']+)["']`)
