package extract

import (
	"net/url"
	"path"
	"regexp"
	"strings"

	"golang.org/x/net/html/atom"
)

// continued is where the text of an article in several pages goes on, absolute; "" when it
// does not. The second page is named like the first with a number behind it:
// t2019_55.html, t2019_55_2.html, ?page=2.
func (p *Page) continued() string {
	if p.Base == nil {
		return ""
	}
	own, err := url.Parse(p.address())
	if err != nil {
		return ""
	}
	_, file := path.Split(own.EscapedPath())
	stem := strings.TrimSuffix(file, path.Ext(file)) // which the address of the second page has as well
	for _, n := range p.elements() {
		switch {
		case n.DataAtom == atom.A:
			href := attrOf(n, "href")
			if !strings.HasPrefix(href, "?") && !strings.Contains(href, stem) || !leadsToSecond(pagerText(n)) {
				continue
			}
			if to, err := p.Base.Parse(href); err == nil && isSecondPage(own, to) {
				return p.absolute(href)
			}
		case n.DataAtom == atom.Script && n.FirstChild != nil && len(n.FirstChild.Data) <= maxPagerScript:
			text := n.FirstChild.Data
			if !strings.Contains(text, "createPage") && !strings.Contains(text, "countPage") {
				continue // of other scripts few write a pager, and every article is looked through
			}
			if s := p.pagesOf(text); s != nil && s.Next() != "" {
				if to, err := p.Base.Parse(s.Next()); err == nil && isSecondPage(own, to) {
					return to.String()
				}
			}
		}
	}
	return ""
}

// leadsToSecond reports whether the text of a link is that of one to the second page.
func leadsToSecond(text string) bool {
	const longest = 30 // bytes
	switch {
	case len(text) > longest:
		return false
	case strings.Contains(text, "2"):
		return pageNumber(text) == 2
	default:
		return isNextText(text)
	}
}

// isSecondPage reports whether an address is that of a page, with a number behind it.
func isSecondPage(page, to *url.URL) bool {
	if page.Host != to.Host {
		return false
	}
	if page.Path == to.Path {
		g := secondQuery.FindStringSubmatch("&" + to.RawQuery)
		return g != nil && strings.Trim(g[1]+g[2], "&") == page.RawQuery
	}
	if page.RawQuery != to.RawQuery {
		return false
	}
	ext := path.Ext(page.Path)
	if ext == "" {
		rest, below := strings.CutPrefix(to.Path, strings.TrimSuffix(page.Path, "/"))
		return below && len(page.Path) > 1 && secondFolder.MatchString(rest)
	}
	rest, named := strings.CutPrefix(strings.TrimSuffix(to.Path, ext), strings.TrimSuffix(page.Path, ext))
	return named && path.Ext(to.Path) == ext && secondFile.MatchString(rest)
}

var (
	secondQuery = regexp.MustCompile(`(?i)^(.*)&(?:page|p|pn|pageno|page_no|pageindex|currentpage)=[12]((?:&.*)?)$`)
	secondFile  = regexp.MustCompile(`^[_-](?:p|page)?[12]$`)
	// Without an ending, a number behind a stroke may be that of another article of the same headline.
	secondFolder = regexp.MustCompile(`^/(?:page/)?2/?$`)
)
