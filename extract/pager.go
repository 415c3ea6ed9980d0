package extract

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A Pager is what a list page says about its other pages.
type Pager struct {
	Next    []string       // addresses that call themselves the next page, as written
	Numbers map[int]string // addresses by the number that they show
	Current int            // number of this page where it is marked, 0 when it is not
	Script  *PagerScript
}

// A PagerScript is a pager that a script writes:
// createPageHTML(total, current, "index", "html").
type PagerScript struct {
	Total, Current int // pages; the first is 0
	Name, Ext      string
}

// Page is the address of page n, counted from 0, relative to the list.
func (s *PagerScript) Page(n int) string {
	if n == 0 {
		return s.Name + "." + s.Ext
	}
	return s.Name + "_" + strconv.Itoa(n) + "." + s.Ext
}

// Pager reads the links to other pages of a list: rel=next, words for "next"
// in the languages of the label table, numbers, and the scripts that write
// them.
func (p *Page) Pager() Pager {
	pg := Pager{Numbers: map[int]string{}}
	eachElement(p.Root, func(n *html.Node) {
		switch n.DataAtom {
		case atom.Link:
			if hasWord(attrOf(n, "rel"), "next") {
				pg.Next = append(pg.Next, attrOf(n, "href"))
			}
		case atom.A:
			pg.anchor(n)
		case atom.Button, atom.Div:
			pg.loadMore(n)
		case atom.Script:
			pg.script(n)
		case atom.Span, atom.Strong, atom.B, atom.Li, atom.Em, atom.Font:
			pg.marker(n)
		}
	})
	if next := p.nextRecords(); next != "" {
		pg.Next = append(pg.Next, next)
	}
	return pg
}

// nextNames name links to the next page.
var nextNames = wordSet("next")

func (pg *Pager) anchor(a *html.Node) {
	href := attrOf(a, "href")
	if href == "" || strings.HasPrefix(href, "#") || strings.HasPrefix(strings.ToLower(href), "javascript:") {
		pg.loadMore(a)
		return
	}
	text := strings.Trim(shortText(a, 40), "[]()【】<>（） ")
	if n := pageNumber(text); n > 0 {
		if isMarked(a) {
			pg.Current = n
		} else if _, seen := pg.Numbers[n]; !seen {
			pg.Numbers[n] = href
		}
		return
	}
	if hasWord(attrOf(a, "rel"), "next") || isNextText(shortText(a, 40)) || hasRegionWord(a, nextNames) && len(text) < 12 {
		pg.Next = append(pg.Next, href)
	}
}

// loadMore reads buttons that fetch the next rows by a plain address.
func (pg *Pager) loadMore(n *html.Node) {
	for _, key := range []string{"data-next", "data-next-url", "data-next-page", "data-load-more", "data-more-url"} {
		if v := attrOf(n, key); strings.ContainsAny(v, "/?") {
			pg.Next = append(pg.Next, v)
			return
		}
	}
	if isNextText(shortText(n, 40)) {
		for _, key := range []string{"data-url", "data-href", "data-src"} {
			if v := attrOf(n, key); strings.ContainsAny(v, "/?") {
				pg.Next = append(pg.Next, v)
				return
			}
		}
	}
}

// marker notes the number of this page where a pager shows it without link.
func (pg *Pager) marker(n *html.Node) {
	if n.FirstChild == nil || n.FirstChild != n.LastChild || n.FirstChild.Type != html.TextNode {
		return
	}
	if num := pageNumber(strings.Trim(collapse(n.FirstChild.Data), "[]()")); num > 0 && (isMarked(n) || besideNumbers(n)) {
		pg.Current = num
	}
}

// besideNumbers reports whether a node stands in a row with linked numbers.
func besideNumbers(n *html.Node) bool {
	found := 0
	for _, step := range []func(*html.Node) *html.Node{next, previous} {
		for s, i := step(n), 0; s != nil && i < 6; s, i = step(s), i+1 {
			if s.Type == html.ElementNode && pageNumber(strings.Trim(shortText(s, 12), "[]()")) > 0 && firstAnchor(s) != nil {
				found++
			}
		}
	}
	return found > 0
}

func firstAnchor(n *html.Node) *html.Node {
	var found *html.Node
	eachElement(n, func(e *html.Node) {
		if e.DataAtom == atom.A && found == nil {
			found = e
		}
	})
	return found
}

// isMarked reports whether a class says that this is the current page.
func isMarked(n *html.Node) bool {
	for e, i := n, 0; e != nil && e.Type == html.ElementNode && i < 2; e, i = e.Parent, i+1 {
		if attrOf(e, "aria-current") == "page" {
			return true
		}
		for _, c := range strings.Fields(strings.ToLower(attrOf(e, "class"))) {
			switch strings.Trim(c, "-_") {
			case "current", "active", "cur", "on", "selected", "page-current", "pager-current", "thispage", "now":
				return true
			}
		}
	}
	return false
}

func pageNumber(s string) int {
	if len(s) == 0 || len(s) > 5 {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		return 0
	}
	return n
}

// nextWords are how pagers call the next page, in small letters.
var nextWords = map[string]bool{
	"next": true, "next page": true, "older": true, "older posts": true, "older entries": true, "load more": true, "show more": true, "more results": true,
	"下一页": true, "下页": true, "后一页": true, "后页": true, "下一頁": true, "下頁": true, "加载更多": true, "查看更多": true,
	"次へ": true, "次のページ": true, "次ページ": true, "다음": true, "다음 페이지": true,
	"далее": true, "следующая": true, "вперед": true, "вперёд": true, "следующая страница": true, "наступна": true, "далі": true,
	"weiter": true, "nächste": true, "nächste seite": true, "vor": true,
	"suivant": true, "suivante": true, "page suivante": true, "siguiente": true, "página siguiente": true,
	"próxima": true, "próximo": true, "próxima página": true, "seguinte": true,
	"التالي": true, "التالى": true, "الصفحة التالية": true, "trang sau": true, "tiếp": true, "trang kế": true, "sau": true,
	"berikutnya": true, "selanjutnya": true, "seterusnya": true, "ถัดไป": true, "หน้าถัดไป": true,
	">": true, "»": true, "›": true, "→": true,
}

func isNextText(text string) bool {
	text = strings.ToLower(collapse(text))
	if nextWords[text] {
		return true
	}
	bare := strings.TrimSpace(strings.Trim(text, "[]()【】（）<>«»‹›→…. "))
	return bare != "" && nextWords[bare]
}

var (
	createPage = regexp.MustCompile(`createPageHTML\w*\(\s*['"]?(\d{1,6})['"]?\s*,\s*['"]?(\d{1,6})['"]?\s*,\s*['"]([\w\-./]{1,60})['"]\s*,\s*['"](\w{1,8})['"]`)
	countPage  = regexp.MustCompile(`\bcountPage\s*=\s*['"]?(\d{1,6})`)
	currentPg  = regexp.MustCompile(`\bcurrentPage\s*=\s*['"]?(\d{1,6})`)
)

// maxPagerScript bounds the scripts that are searched for a pager.
const maxPagerScript = 20_000

func (pg *Pager) script(n *html.Node) {
	if n.FirstChild == nil || len(n.FirstChild.Data) > maxPagerScript || pg.Script != nil {
		return
	}
	text := n.FirstChild.Data
	if !strings.Contains(text, "createPageHTML") && !strings.Contains(text, "countPage") {
		return
	}
	if m := createPage.FindStringSubmatch(text); m != nil {
		pg.Script = &PagerScript{Total: atoi(m[1]), Current: atoi(m[2]), Name: m[3], Ext: m[4]}
		return
	}
	total, current := countPage.FindStringSubmatch(text), currentPg.FindStringSubmatch(text)
	if total != nil && current != nil {
		pg.Script = &PagerScript{Total: atoi(total[1]), Current: atoi(current[1]), Name: "index", Ext: "html"}
	}
}

// atoi reads digits that a pattern has found.
func atoi(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}
