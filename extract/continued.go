package extract

import (
	"cmp"
	"net/url"
	"path"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/dossier-archive/dossier"
)

// The text of an article may stand in several pages. The second one is named like the first
// with a number behind it: t2019_55.html, t2019_55_2.html, ?page=2. Some count from 0, so
// that this number is 1. Few name the first page with its number as well: show-7-55-1.html.

// NextPart is where the text of an article goes on behind its page and the parts that are
// there of it, absolute; "" when it does not.
func (p *Page) NextPart() string {
	own, err := url.Parse(p.address())
	if err != nil || p.Base == nil || p.ended || p.read().body.node == nil {
		return ""
	}
	if len(p.further) == 0 {
		return p.leadsTo(own, 2, 1, 2)
	}
	second, err := url.Parse(p.further[0].Snapshot.URL) // it may have moved
	if err != nil {
		return ""
	}
	last := p.further[len(p.further)-1]
	number, ok := numberOf(own, second)
	if !ok {
		number, ok = numberBeside(own, second)
	}
	if !ok {
		return ""
	}
	number += len(p.further)
	return cmp.Or(last.leadsTo(own, len(p.further)+2, number), p.leadsTo(own, len(p.further)+2, number))
}

// GoOn takes what stands at NextPart as a further page of the text. It reports false when that
// shows nothing of it: no text, another headline, or another kind of page. When it is the
// same text again, with other comments below it, the text has ended.
func (p *Page) GoOn(part dossier.Snapshot) bool {
	further := Parse(&part).Of(p.site)
	like := p.read().body.node
	shown := map[string]bool{}
	for _, text := range append([]*Page{p}, p.further...) {
		for line := range strings.Lines(text.partText(like)) {
			shown[Squeeze(line)] = true
		}
	}
	news, repeated := 0, 0
	for line := range strings.Lines(further.partText(like)) {
		if shown[Squeeze(line)] {
			repeated += size(line)
		} else {
			news += size(line)
		}
	}
	if p.ended = repeated > 0 && repeated*5 >= size(p.partText(like))*4; p.ended || news == 0 || !p.isLike(further, like) {
		return false
	}
	p.Snapshot.Parts = append(p.Snapshot.Parts, part)
	p.further = append(p.further, further)
	return true
}

// isLike reports whether another page has the headline of this one, or none and a place
// for the text as this one has, and no other day.
func (p *Page) isLike(other *Page, text *html.Node) bool {
	day, _, _ := strings.Cut(p.read().date.best.value, "T")
	itsDay, _, _ := strings.Cut(other.read().date.best.value, "T")
	if day != "" && itsDay != "" && day != itsDay {
		return false
	}
	title, its := Squeeze(p.read().title.best.value), Squeeze(other.read().title.best.value)
	if its == "" || title == "" {
		return other.placeLike(text) != nil
	}
	return strings.Contains(title, its) || strings.Contains(its, title)
}

// leadsTo is the address of a page of the text that begins at first, by a link or a pager of
// this page: that of the page which readers count as n, which has one of the numbers in its
// address.
func (p *Page) leadsTo(first *url.URL, n int, numbers ...int) string {
	is := func(to *url.URL) bool {
		got, ok := numberOf(first, to)
		return ok && (got == numbers[0] || got == numbers[len(numbers)-1])
	}
	stem := stemOf(first)
	next, shown := "", 0 // where a word leads, and the last page that a number does
	for _, e := range p.elements() {
		switch {
		case e.DataAtom == atom.A:
			href, text := attrOf(e, "href"), pagerText(e)
			if !strings.HasPrefix(href, "?") && !strings.Contains(href, stem) || len(text) > maxPartText {
				continue
			}
			to, err := p.Base.Parse(href)
			if err != nil {
				continue
			}
			of, named := numberOf(first, to)
			beside, ok := numberBeside(first, to)
			number := pageNumber(text)
			switch {
			case number == 1 && named && of == 1 && to.Path != first.Path:
				return "" // these are pages beside this one, not behind it
			case number == n && (is(to) || ok && beside == n):
				return p.absolute(href)
			case number > 0 && (named || ok):
				shown = max(shown, number)
			case next == "" && is(to) && isNextText(text):
				next = p.absolute(href)
			}
		case e.DataAtom == atom.Script && e.FirstChild != nil && len(e.FirstChild.Data) <= maxPagerScript:
			text := e.FirstChild.Data
			if !strings.Contains(text, "createPage") && !strings.Contains(text, "countPage") {
				continue // of other scripts few write a pager, and every article is looked through
			}
			if s := p.pagesOf(text); s != nil && s.Next() != "" {
				if to, err := p.Base.Parse(s.Next()); err == nil && is(to) {
					return to.String()
				}
			}
		}
	}
	if shown > 0 && shown < n {
		return "" // behind the last page nothing follows
	}
	return next
}

// firstPart is the address of the first page of a text of which this is a further one,
// absolute; "" when it is none.
func (p *Page) firstPart() string {
	own, err := url.Parse(p.address())
	if err != nil || p.Base == nil || !mayBeNumbered(own) {
		return ""
	}
	for _, e := range p.elements() {
		if e.DataAtom != atom.A {
			continue
		}
		to, err := p.Base.Parse(attrOf(e, "href"))
		if err != nil {
			continue
		}
		n, ok := numberOf(to, own)
		if _, beside := numberBeside(to, own); ok && leadsBack(pagerText(e), n) || beside && pageNumber(pagerText(e)) == 1 {
			return p.absolute(attrOf(e, "href"))
		}
	}
	return ""
}

// stemOf is the part of an address that further pages have as well.
func stemOf(first *url.URL) string {
	_, file := path.Split(first.EscapedPath())
	stem := strings.TrimSuffix(file, path.Ext(file))
	if g := numberedFirst.FindStringSubmatch(stem); g != nil {
		return g[1]
	}
	return stem
}

// numberBeside is the number that an address has in the place of the 1 of the first page of a
// text.
func numberBeside(first, to *url.URL) (int, bool) {
	if rest, n, ok := queryNumber(first); ok && n == 1 && first.Host == to.Host && first.Path == to.Path {
		its, n, ok := queryNumber(to)
		return n, ok && its == rest && n >= 2
	}
	ext := path.Ext(first.Path)
	g := numberedFirst.FindStringSubmatch(strings.TrimSuffix(first.Path, ext))
	if g == nil || first.Host != to.Host || first.RawQuery != to.RawQuery || path.Ext(to.Path) != ext {
		return 0, false
	}
	rest, named := strings.CutPrefix(strings.TrimSuffix(to.Path, ext), g[1])
	n := atoi(rest)
	return n, named && n >= 2 && len(rest) <= 2
}

// maxPartText is how long the text of a link between the pages of a text can be, in bytes.
const maxPartText = 30

// leadsBack reports whether the text of a link is that of one to the first page, on the page
// with a number in its address.
func leadsBack(text string, number int) bool {
	return len(text) <= maxPartText && (pageNumber(text) == 1 || number <= 2 && backWords[strings.ToLower(strings.Trim(text, "[]()【】（）<>«»‹›←. "))])
}

// backWords lead to the page before this one.
var backWords = map[string]bool{
	"上一页": true, "上一頁": true, "上页": true, "前页": true, "前一页": true, "previous": true, "previous page": true, "prev": true, "précédent": true, "page précédente": true,
	"anterior": true, "página anterior": true, "zurück": true, "vorherige seite": true, "назад": true, "предыдущая": true, "前のページ": true, "前へ": true, "이전": true,
}

// isPagerLine reports whether a line is nothing but links between the pages of a text.
func isPagerLine(b *block) bool {
	if b.linked == 0 || b.size > maxPagerLine {
		return false
	}
	links := 0
	for word := range strings.FieldsSeq(b.text) {
		word = strings.ToLower(strings.Trim(word, "[]()【】（）|<>«»‹›←→.…"))
		switch {
		case word == "" || besidePages[word] || pagerCount.MatchString(word):
		case isNextText(word) || backWords[word] || pageNumber(word) > 0:
			links++
		default:
			return false
		}
	}
	return links >= 2
}

// maxPagerLine is the size of the longest line of links between pages.
const maxPagerLine = 160

// besidePages stand beside the numbers of pages, pagerCount says how many there are.
var (
	besidePages = map[string]bool{"首页": true, "尾页": true, "末页": true, "第一页": true, "最后一页": true, "页": true, "first": true, "last": true, "page": true, "pages": true, "page:": true, "pages:": true, "of": true}
	pagerCount  = regexp.MustCompile(`^(?:共\d{1,3}页[:：]?|\d{1,3}/\d{1,3}页?)$`)
)

// numberOf is the number that stands in an address behind that of the first page of a text.
func numberOf(first, to *url.URL) (int, bool) {
	if first.Host != to.Host {
		return 0, false
	}
	if first.Path == to.Path {
		rest, n, ok := queryNumber(to)
		return n, ok && rest == first.RawQuery
	}
	if first.RawQuery != to.RawQuery {
		return 0, false
	}
	form, ext := numberInFile, path.Ext(first.Path)
	rest, named := strings.CutPrefix(strings.TrimSuffix(to.Path, ext), strings.TrimSuffix(first.Path, ext))
	if ext == "" {
		form = numberInFolder
		rest, named = strings.CutPrefix(to.Path, strings.TrimSuffix(first.Path, "/"))
	}
	g := form.FindStringSubmatch(rest)
	if !named || g == nil || len(first.Path) < 2 || path.Ext(to.Path) != ext {
		return 0, false
	}
	return atoi(g[1]), true
}

// queryNumber is the number of a page in the query of an address, and the query without it.
func queryNumber(u *url.URL) (rest string, n int, ok bool) {
	g := numberInQuery.FindStringSubmatch("&" + u.RawQuery)
	if g == nil {
		return "", 0, false
	}
	return strings.Trim(g[1]+g[3], "&"), atoi(g[2]), true
}

// mayBeNumbered reports whether an address can be that of a further page of a text.
func mayBeNumbered(u *url.URL) bool {
	ext := path.Ext(u.Path)
	return numberInQuery.MatchString("&"+u.RawQuery) || ext != "" && numberAtEnd.MatchString(strings.TrimSuffix(u.Path, ext)) || ext == "" && numberAtEnd.MatchString(strings.TrimSuffix(u.Path, "/"))
}

var (
	numberInQuery = regexp.MustCompile(`(?i)^(.*)&(?:page|p|pn|pg|pageno|page_no|pagenum|pageindex|page_index|currentpage|curpage|cpage|nowpage)=(\d{1,2})((?:&.*)?)$`)
	numberInFile  = regexp.MustCompile(`^[_-](?:p|page)?(\d{1,2})$`)
	// Without an ending, a number behind a stroke may be that of another article of the same headline.
	numberInFolder = regexp.MustCompile(`^/(?:page/)?(\d{1,2})/?$`)
	numberedFirst  = regexp.MustCompile(`^(.*\d[_-])1$`)
	numberAtEnd    = regexp.MustCompile(`[_\-/](?:p|page)?\d{1,2}$`)
)

// placeLike is the element of the page that is called like one of another page, nil when that
// has no name or none is.
func (p *Page) placeLike(like *html.Node) *html.Node {
	name := describe(like)
	if like.DataAtom == atom.Body || !strings.ContainsAny(name, "#.") {
		return nil
	}
	for _, n := range p.elements() {
		if n.Data == like.Data && describe(n) == name && !isHiddenRoot(n) {
			return n
		}
	}
	return nil
}

// partText is the text of this page as a further one of a text that stands on its first page
// in the element like.
func (p *Page) partText(like *html.Node) string {
	if n := p.placeLike(like); n != nil {
		return p.bodyAt(n, "body-part", p.worths(), p.metadata(), p.read().title.best.value).text
	}
	return p.read().body.text
}

// withPart is a text and the page of it that follows, without the lines that pages repeat
// at their head.
func withPart(title, text, part string) string {
	shown := map[string]bool{Squeeze(title): true}
	for line := range strings.Lines(text[:min(len(text), maxRepeated)]) {
		shown[Squeeze(line)] = true
	}
	for {
		line, rest, more := strings.Cut(part, "\n")
		if !shown[Squeeze(line)] {
			break
		}
		if part = rest; !more {
			return text
		}
	}
	if text == "" {
		return part
	}
	return text + "\n" + part
}

// maxRepeated is how far into a text lines stand that its further pages repeat, in bytes.
const maxRepeated = 2000
