package extract

import (
	"regexp"
	"slices"
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

// scriptTarget is the one place that the scripts of a page send its reader to, of several
// that which is not for telephones alone; "" when there are more.
func (p *Page) scriptTarget() string {
	var all strings.Builder
	eachElement(p.Root, func(n *html.Node) {
		if n.DataAtom == atom.Script && n.FirstChild != nil {
			all.WriteString(n.FirstChild.Data + "\n")
		}
	})
	targets := targetsOf(all.String())
	if len(targets) > 1 && all.Len() <= maxSending {
		targets = targetsOf(withoutMobile(all.String()))
	}
	if len(targets) != 1 {
		return ""
	}
	return targets[0]
}

// maxSending is how many bytes the scripts have that send readers to one of several places;
// longer ones do more than that.
const maxSending = 64 << 10

// targetsOf are the places that a script sends a reader to, each once.
func targetsOf(script string) []string {
	var out []string
	for _, m := range locationScript.FindAllStringSubmatch(script, -1) {
		if to := m[1] + m[2] + m[3]; !slices.Contains(out, to) {
			out = append(out, to)
		}
	}
	return out
}

// withoutMobile leaves out of a script what it does on telephones: if (/mobile/.test(ua)) { … }.
func withoutMobile(script string) string {
	return ifMobile.ReplaceAllStringFunc(script, func(branch string) string {
		if isNegated.MatchString(branch) {
			return branch
		}
		return ""
	})
}

var (
	// ifMobile finds a condition on the reader's device, with what is done where it holds.
	ifMobile = regexp.MustCompile(`(?i)\bif\s*\([^{};]{0,600}(?:mobile|android|iphone|phone|\bwap)[^{};]{0,600}?\)\s*(?:\{[^{}]{0,500}\}|[\w.]{0,40}location\b[^{};]{0,500};)`)
	// isNegated finds the condition that the device is none of those.
	isNegated = regexp.MustCompile(`^(?i:if)\s*\(\s*!|(?:==?=?\s*-\s*1|<\s*0)[\s)]`)
)

// locationScript finds location.href = '/x', location = "/x", location.replace('/x'), also in the
// text of a timer, and, of pages of mofcom.gov.cn, _cofing1={href:"/x"}.
var locationScript = regexp.MustCompile(`\blocation(?:(?:\.href)?\s*=\s*\\?["']([^"'\\]+)\\?["']\s*(?:;|$|\n|\}|["'])|\.(?:replace|assign)\(\s*\\?["']([^"'\\]+)\\?["']\s*\))|\b_cofing\d*\s*=\s*\{\s*["']?href["']?\s*:\s*["']([^"']+)["']`)
