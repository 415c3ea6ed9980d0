package extract

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A Pager is what a list page says about its other pages.
type Pager struct {
	Next    []string   // addresses that call themselves the next page, as written
	Likely  []string   // addresses that can be the next page, when they are of the same list
	Numbers []Numbered // what numbers lead to, in the order of the page
	Current int        // number of this page where it is marked, 0 when it is not
	Script  *PagerScript
	Groups  []string  // where each list goes on, of a page that holds several datastores
	Unread  bool      // the page shows that the list goes on, and not where
	Rows    *Fragment // of an answer that is only rows; nil: a whole page
}

// A Fragment is what rows without a page around them say of further rows.
type Fragment struct {
	Ended       bool // there are none
	Next        int  // number of the next page, or of the next row; 0 when it is not said
	Page, Pages int  // number of this page and of all, 0 when they are not said
}

// Numbered is a number of a pager, or what else shows one.
type Numbered struct {
	N    int
	Href string // "" where the number leads nowhere, as that of this page
}

// maxNumbers bounds the numbers of a page that are looked at.
const maxNumbers = 1000

// Pager reads the links to other pages of a list: rel=next, words for "next"
// in many languages, numbers, buttons, choices and forms, and the scripts that
// write them.
func (p *Page) Pager() Pager {
	r := pagerReader{page: p}
	eachElement(p.Root, func(n *html.Node) {
		r.filled(n)
		switch n.DataAtom {
		case atom.Link:
			if hasWord(attrOf(n, "rel"), "next") {
				r.Next = append(r.Next, attrOf(n, "href"))
			}
		case atom.A:
			r.anchor(n)
		case atom.Button, atom.Div, atom.Input, atom.P:
			r.button(n)
		case atom.Span, atom.Strong, atom.B, atom.Li, atom.Em, atom.Font:
			r.button(n)
			r.marker(n)
		case atom.Select:
			r.menu(n)
		case atom.Form:
			r.form(n)
		case atom.Script:
			r.script(n)
		}
	})
	r.Groups = p.nextGroups()
	switch {
	case p.data != nil:
		r.Rows = &p.data.Fragment
	case p.bare:
		r.Rows = &Fragment{}
	}
	if next := p.nextRecords(); next != "" {
		r.Next = append(r.Next, next)
	}
	if len(r.Groups) == 0 {
		r.finish()
	}
	r.encode(p.Charset)
	return r.Pager
}

// encode writes what stands in the queries of addresses in the encoding of the page.
func (r *pagerReader) encode(charset string) {
	for _, list := range [][]string{r.Next, r.Likely, r.Groups} {
		for i := range list {
			list[i] = queryIn(charset, list[i])
		}
	}
	for i := range r.Numbers {
		r.Numbers[i].Href = queryIn(charset, r.Numbers[i].Href)
	}
}

// wholePage finds what only whole pages have.
var wholePage = regexp.MustCompile(`(?i)<(?:!doctype|html|head|body|title|meta|frameset|datastore)\b`)

// IsBare reports whether an answer is only rows for a page, as HTML or JSON.
func (p *Page) IsBare() bool { return p.bare || p.data != nil }

// isBare reports whether a text is no whole page, such as the rows that a
// script puts into one.
func isBare(text []byte) bool { return !wholePage.Match(text) }

// A pagerReader gathers the pager of a page.
type pagerReader struct {
	Pager
	page *Page
	jump struct{ before, after string } // around what a field takes as the number of a page

	jumpAt, jumpAll int // what the field holds and the form says of the pages, 0 when nothing
}

// nextNames name links to the next page.
var nextNames = wordSet("next")

func (r *pagerReader) anchor(a *html.Node) {
	href := attrOf(a, "href")
	if href == "" || strings.HasPrefix(href, "#") || strings.HasPrefix(strings.ToLower(href), "javascript:") {
		r.button(a)
		return
	}
	text := pagerText(a)
	named := hasRegionWord(a, nextNames) && len(text) < 12 && !leadsToOther(text)
	if hasWord(attrOf(a, "rel"), "next") || named && pageNumber(text) == 0 {
		r.Next = append(r.Next, href)
		return
	}
	if named || text == "" && isNextPicture(a) {
		r.Likely = append(r.Likely, href)
	}
	r.link(a, href)
}

var (
	rightNames = wordSet("right")
	arrowNames = wordSet("arrow", "angle", "chevron", "caret")
)

// isNextPicture reports whether a link without words shows or stands in what
// is named for the next page: an arrow to the right, a file next.gif.
func isNextPicture(a *html.Node) bool {
	found := a.Parent != nil && hasRegionWord(a.Parent, nextNames)
	eachElement(a, func(n *html.Node) {
		file := attrOf(n, "src")
		file = file[strings.LastIndexByte(file, '/')+1:]
		found = found || namesPart(file, nextNames) || hasRegionWord(n, nextNames) ||
			hasRegionWord(n, rightNames) && hasRegionWord(n, arrowNames)
	})
	return found
}

// link takes an address for what the element that leads there says.
func (r *pagerReader) link(n *html.Node, href string) {
	text := pagerText(n)
	if num := pageNumber(text); num > 0 {
		if isMarked(n) {
			r.Current = num
		}
		r.number(num, href)
		return
	}
	switch {
	case isNextText(text), isNextText(attrOf(n, "aria-label")), isNextText(attrOf(n, "title")):
		r.Next = append(r.Next, href)
	case isMoreText(text):
		r.Likely = append(r.Likely, href)
	}
}

func (r *pagerReader) number(n int, href string) {
	if len(r.Numbers) < maxNumbers {
		r.Numbers = append(r.Numbers, Numbered{n, href})
	}
}

// pagerText is the short text of a link or button, "" when it is long.
func pagerText(n *html.Node) string {
	if n.DataAtom == atom.Input {
		return collapse(attrOf(n, "value"))
	}
	return shortText(n, 40)
}

// dataAddress is the address that an element holds for its script: data-url, data-page-href and
// their like; "" when there is none.
func dataAddress(n *html.Node) string {
	for _, a := range n.Attr {
		if strings.HasPrefix(a.Key, "data-") && strings.ContainsAny(a.Val, "/?") && endsWithAny(a.Key, addressKeys) {
			return a.Val
		}
	}
	return ""
}

var addressKeys = []string{"url", "href", "src", "link", "path", "endpoint", "ajax", "remote"}

func endsWithAny(text string, ends []string) bool {
	return slices.ContainsFunc(ends, func(w string) bool { return strings.HasSuffix(text, w) })
}

// button reads elements that fetch the next rows by a plain address, from
// their data or from the script of a click.
func (r *pagerReader) button(n *html.Node) {
	for _, key := range []string{"data-next", "data-next-url", "data-next-page", "data-load-more", "data-more-url", "hx-get", "data-hx-get"} {
		if v := attrOf(n, key); strings.ContainsAny(v, "/?") {
			r.Next = append(r.Next, v)
			return
		}
	}
	if v := dataAddress(n); v != "" {
		switch text := pagerText(n); {
		case isNextText(text), isMoreText(text):
			r.Next = append(r.Next, withPage(n, v))
		case pageNumber(text) > 0:
			r.number(pageNumber(text), v)
		}
		return
	}
	if g := aroundValue.FindStringSubmatch(attrOf(n, "onclick")); g != nil && ownValue.MatchString(g[3]) {
		if r.jump.before == "" && takesPage.MatchString(g[2]) {
			r.jump.before, r.jump.after = g[2], g[4]
		}
	} else if href := r.page.clickAddress(n); href != "" {
		r.link(n, href)
	} else if num := pageNumber(pagerText(n)); num > 0 && n.DataAtom == atom.A {
		r.number(num, "")
	} else {
		r.notRead(n)
	}
}

// withPage adds the number that stands beside the address of a button. It is
// that of the next page, or of the one that is shown.
func withPage(n *html.Node, href string) string {
	for _, name := range []string{"page", "offset", "start"} {
		v := attrOf(n, "data-"+name)
		if v == "" || len(v) > 6 || strings.Trim(v, "0123456789") != "" || strings.Contains(href, name+"=") && !strings.HasSuffix(href, "=") {
			continue
		}
		if name == "page" {
			v = strconv.Itoa(max(atoi(v), 2))
		}
		switch {
		case strings.HasSuffix(href, "="):
			return href + v
		case strings.Contains(href, "?"):
			return href + "&" + name + "=" + v
		}
		return href + "?" + name + "=" + v
	}
	return href
}

// marker notes the number of this page where a pager shows it without link.
func (r *pagerReader) marker(n *html.Node) {
	if n.FirstChild == nil || n.FirstChild != n.LastChild || n.FirstChild.Type != html.TextNode {
		return
	}
	if num := pageNumber(collapse(n.FirstChild.Data)); num > 0 && (isMarked(n) || besideNumbers(n)) {
		r.Current = num
		r.number(num, "")
	}
}

// besideNumbers reports whether a node stands in a row with linked numbers.
func besideNumbers(n *html.Node) bool {
	found := 0
	for _, step := range []func(*html.Node) *html.Node{next, previous} {
		for s, i := step(n), 0; s != nil && i < 6; s, i = step(s), i+1 {
			if s.Type == html.ElementNode && pageNumber(shortText(s, 12)) > 0 && firstAnchor(s) != nil {
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

// pageNumber reads the number of a page: 2, [2], 第2页, Page 2, 2/14. The word may be one
// for those who hear, and then stands without a blank.
func pageNumber(text string) int {
	if len(text) == 0 || len(text) > 30 {
		return 0
	}
	text = plainDigits(text)
	if !strings.ContainsAny(text, "0123456789") {
		return 0
	}
	if g := numberedPage.FindStringSubmatch(text); g != nil {
		return atoi(g[1])
	}
	return pageOfRows(text)
}

// rowRange is a page by the rows that it shows: 11-20.
var rowRange = regexp.MustCompile(`^[\[(]?(\d{1,4})\s*[-–~～]\s*(\d{1,4})[\])]?$`)

// Bounds of the rows of a page that is called by them, and of its number.
const (
	minRange     = 5
	maxRange     = 100
	mostOfRanges = 100
)

// pageOfRows is the number of a page that is called by the rows that it shows, 0 for other texts.
func pageOfRows(text string) int {
	g := rowRange.FindStringSubmatch(text)
	if g == nil {
		return 0
	}
	from, rows := atoi(g[1]), atoi(g[2])-atoi(g[1])+1
	if rows < minRange || rows > maxRange || (from-1)%rows != 0 || from/rows >= mostOfRanges {
		return 0
	}
	return (from-1)/rows + 1
}

var numberedPage = regexp.MustCompile(`(?i)^[\[(【（<>]?\s*(?:第|page|p\.|página|pagina|seite|strona|stránka|sida|side|sivu|страница|стр\.?|сторінка|halaman|trang|หน้า|صفحة|sayfa|oldal)?\s*(\d{1,5})\s*(?:页|頁|ページ)?\s*(?:(?:/|／|of\s)\s*共?\s*\d{1,5}\s*(?:页|頁)?)?\s*[\])】）<>]?$`)

// plainDigits writes the digits of any script as those of ASCII.
func plainDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if d := digitOf(r); d >= 0 {
			return rune('0' + d)
		}
		return r
	}, text)
}

// leadsToOther reports whether the text of a link of a pager is that of the page before, the first one or
// the last: some content systems name all links of their pagers for the next one.
func leadsToOther(text string) bool {
	text = strings.ToLower(strings.Trim(collapse(text), "[]()【】（）<>«»‹›←→|. "))
	return backWords[text] || endWords[text]
}

// endWords lead to the first or the last page.
var endWords = map[string]bool{"首页": true, "首頁": true, "第一页": true, "第一頁": true, "尾页": true, "尾頁": true, "末页": true, "末頁": true, "最后一页": true, "最後一頁": true, "最后页": true,
	"first": true, "first page": true, "last": true, "last page": true, "end": true, "home": true, "primera": true, "primero": true, "última": true, "último": true, "première": true, "dernière": true, "premier": true, "dernier": true,
	"primeira": true, "erste": true, "letzte": true, "anfang": true, "ende": true, "первая": true, "последняя": true, "в начало": true, "в конец": true, "最初": true, "最後": true, "처음": true, "끝": true}

// nextWords are how pagers call the next page, in small letters.
var nextWords = map[string]bool{
	"next": true, "next page": true, "go to next page": true, "go to the next page": true, "next posts": true, "older news": true, "older": true, "older posts": true, "older entries": true, "load more": true, "show more": true, "more results": true,
	"下一页": true, "下页": true, "后一页": true, "后页": true, "下一頁": true, "下頁": true, "加载更多": true, "查看更多": true, "较早": true, "更早": true, "较早文章": true, "较旧": true, "較早": true,
	"较早的文章": true, "较旧文章": true, "较旧的文章": true, "更早的文章": true, "更早文章": true, "早期文章": true, "旧文章": true, "以前的文章": true, "較早的文章": true, "較舊的文章": true, "較舊文章": true, "舊文章": true, "previous posts": true, "previous entries": true,
	"次へ": true, "次のページ": true, "次ページ": true, "다음": true, "다음 페이지": true,
	"далее": true, "след": true, "следующие": true, "следующая": true, "вперед": true, "вперёд": true, "следующая страница": true, "наступна": true, "далі": true,
	"weiter": true, "nächste": true, "nächste seite": true, "vor": true,
	"suivant": true, "suivante": true, "page suivante": true, "siguiente": true, "página siguiente": true,
	"próxima": true, "próximo": true, "próxima página": true, "seguinte": true,
	"التالي": true, "التالى": true, "الصفحة التالية": true, "trang sau": true, "tiếp": true, "tiếp theo": true, "trang tiếp": true, "trang kế": true, "sau": true,
	"berikutnya": true, "selanjutnya": true, "seterusnya": true, "ถัดไป": true, "หน้าถัดไป": true, "หน้าต่อไป": true,
	"sonraki": true, "sonraki sayfa": true, "ileri": true, "successiva": true, "successivo": true, "pagina successiva": true, "avanti": true,
	"następna": true, "następny": true, "następna strona": true, "volgende": true, "volgende pagina": true, "další": true, "ďalšia": true, "následující": true,
	"következő": true, "următoarea": true, "următorul": true, "pagina următoare": true, "nästa": true, "nästa sida": true, "næste": true, "neste": true,
	"seuraava": true, "sljedeća": true, "следећа": true, "следваща": true, "naslednja": true, "järgmine": true, "επόμενη": true, "επόμενο": true,
	"הבא": true, "بعدی": true, "अगला": true, "дараах": true, "дараагийн": true, "келесі": true, "keyingi": true,
	"más antiguas": true, "entradas antiguas": true, "artículos antiguos": true, "articles plus anciens": true, "mensagens antigas": true,
	">": true, "»": true, "›": true, "→": true,
}

// nextSome is the next page by how many rows it has: 次の10件, 下20条, next 10, Próximo 15 itens.
var nextSome = regexp.MustCompile(`^(?:次の?|下|后|next|다음|próxim[oa]s?|siguientes?|prossim[ei]|nächsten?|weitere|suivants?|следующие|volgende|następne|nästa|sonraki)\s*\d{1,3}\s*(?:件|条|條|篇|개|\pL{3,12})?(?:へ|を表示)?\s*[>»›→]*$`)

func isNextText(text string) bool {
	text = strings.ToLower(collapse(text))
	if i := strings.IndexAny(text, "(（"); i > 0 {
		text = text[:i] // how many pages there are
	}
	if strings.HasPrefix(text, "下") || strings.HasPrefix(text, "后") {
		text = strings.ReplaceAll(text, " ", "")
	}
	if nextWords[text] || strings.ContainsAny(text, "0123456789") && nextSome.MatchString(text) {
		return true
	}
	bare := strings.TrimSpace(strings.Trim(text, "[]()【】（）<>«»‹›←→⇒▶…. "))
	return bare != "" && nextWords[bare]
}

// moreWords begin the text of what shows further rows. They also lead to other
// lists, so that the address has to tell.
var moreWords = []string{"load more", "show more", "view more", "see more", "more ", "load older", "older ", "earlier ", ">>", "next ",
	"加载更多", "查看更多", "点击加载", "点击查看更多", "更多", "載入更多", "もっと見る", "더보기", "더 보기", "показать ещ", "загрузить ещ", "ещё", "ще ",
	"mehr laden", "mehr anzeigen", "weitere ", "ältere ", "voir plus", "charger plus", "ver más", "cargar más", "más ", "carregar mais", "ver mais", "mais ",
	"xem thêm", "المزيد", "selengkapnya", "lihat lainnya", "muat lebih banyak", "ดูเพิ่มเติม", "daha fazla", "carica altr", "załaduj", "meer laden"}

func isMoreText(text string) bool {
	text = strings.ToLower(strings.Trim(text, "[]()【】（）+«»‹›←→▼… "))
	for _, w := range moreWords {
		if strings.HasPrefix(text, w) && len(text) <= len(w)+24 {
			return true
		}
	}
	return false
}
