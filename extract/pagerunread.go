package extract

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// What pagers say of the number of a page and of all.
var (
	pageOfPages = regexp.MustCompile(`(?i)\bpages?\s*:?\s*(\d{1,5})\s*(?:of|/)\s*(\d{1,5})\b|(\d{1,5})\s*[/／]\s*(?:共\s*)?(\d{1,5})\s*[页頁]`)
	thisOfPages = regexp.MustCompile(`第\s*(\d{1,5})\s*[页頁]`)
	allPages    = regexp.MustCompile(`共\s*(?:有\s*)?(\d{1,5})\s*[页頁]`)
)

// maxPageLine is the length of a line that counts pages.
const maxPageLine = 200

// pageCount is what a page says in words of its number and of that of all
// pages, 0 when it does not.
func (p *Page) pageCount() (current, all int) {
	for _, b := range p.pageBlocks() {
		if len(b.text) > maxPageLine || b.hidden {
			continue
		}
		if g := pageOfPages.FindStringSubmatch(b.text); g != nil {
			return atoi(g[1] + g[3]), atoi(g[2] + g[4])
		}
		this, total := thisOfPages.FindStringSubmatch(b.text), allPages.FindStringSubmatch(b.text)
		if this != nil && total != nil {
			return atoi(this[1]), atoi(total[1])
		}
	}
	return 0, 0
}

// finish looks at the pager as a whole: a field for the number of a page is
// filled in, and it is said whether the list goes on beyond what was read.
func (r *pagerReader) finish() {
	if len(r.Next)+len(r.Likely) > 0 || r.Script != nil || r.Rows != nil || r.leads() {
		return
	}
	current, all := r.page.pageCount()
	if current == 0 {
		current, all = r.jumpAt, r.jumpAll
	}
	if current > 0 && current < all && r.jump.before != "" {
		r.Next = append(r.Next, r.jump.before+strconv.Itoa(current+1)+r.jump.after)
		return
	}
	r.Unread = r.Unread || current > 0 && current < all || r.deadNumbers()
}

// leads reports whether a number behind that of this page has an address.
func (r *pagerReader) leads() bool {
	for _, n := range r.Numbers {
		if n.Href != "" && n.N > r.Current {
			return true
		}
	}
	return false
}

// deadNumbers reports whether the pager has several numbers that lead nowhere,
// and one of them comes after this page.
func (r *pagerReader) deadNumbers() bool {
	dead, last := 0, 0
	for _, n := range r.Numbers {
		if n.Href == "" {
			dead, last = dead+1, max(last, n.N)
		}
	}
	return dead > 1 && last > r.Current
}

// loadWords begin the text of a button that shows further rows and does
// nothing else.
var loadWords = []string{"load more", "show more", "load older", "加载更多", "点击加载", "点击查看更多", "載入更多", "もっと見る", "더보기", "показать ещ", "загрузить ещ", "mehr laden", "charger plus", "cargar más", "carregar mais", "xem thêm", "muat lebih banyak", "daha fazla", "carica altr"}

// notRead notes an element that calls itself the next page or further rows and
// acts by a script that says no address.
func (r *pagerReader) notRead(n *html.Node) {
	text := pagerText(n)
	switch {
	case isDead(n):
	case isNextText(text) && acts(n), isMoreText(text) && acts(n) && startsWithAny(strings.ToLower(text), loadWords), (n.DataAtom == atom.Button || leadsNowhere(n)) && startsWithAny(strings.ToLower(text), loadWords):
		r.Unread = true
	}
}

// leadsNowhere reports whether a link has no address, so that only a script can know what it does.
func leadsNowhere(n *html.Node) bool {
	href := strings.ToLower(strings.TrimSpace(attrOf(n, "href")))
	return n.DataAtom == atom.A && (href == "" || strings.HasPrefix(href, "#") || strings.HasPrefix(href, "javascript:"))
}

// acts reports whether a click on an element runs a script of its own.
func acts(n *html.Node) bool {
	href := strings.ToLower(attrOf(n, "href"))
	return attrOf(n, "onclick") != "" || strings.HasPrefix(href, "javascript:") && strings.Contains(href, "(") && !strings.Contains(href, "void(")
}

var deadNames = wordSet("disabled", "disable", "inactive", "hidden", "nopage", "nonext", "off")

func isDead(n *html.Node) bool {
	return hasAttr(n, "disabled") || hasRegionWord(n, deadNames) || n.Parent != nil && hasRegionWord(n.Parent, deadNames) || isHidden(n)
}
