package extract

import (
	"iter"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// menu reads a choice of the pages of a list. An entry says its address, or
// the number that a script or a form makes one of.
func (r *pagerReader) menu(s *html.Node) {
	for o, href := range r.page.entries(s) {
		num := pageNumber(shortText(o, maxEntry))
		if num == 0 {
			continue
		}
		r.number(num, href)
		if hasAttr(o, "selected") {
			r.Current = num
		}
	}
}

// maxEntry is how much of the text of a menu's entry is looked at.
const maxEntry = 40

// entries gives the options of a menu with the addresses that they lead to, as
// written, leaving out those for which that cannot be read.
func (p *Page) entries(s *html.Node) iter.Seq2[*html.Node, string] {
	return func(yield func(*html.Node, string) bool) {
		address, more := p.chosen(s), true
		eachElement(s, func(o *html.Node) {
			if o.DataAtom != atom.Option || !more {
				return
			}
			href := attrOf(o, "value")
			if !hasAttr(o, "value") {
				href = shortText(o, maxEntry)
			}
			if !strings.ContainsAny(href, "/?.") {
				href = address(href)
			}
			if href != "" {
				more = yield(o, href)
			}
		})
	}
}

// Choices are the entries of the menus of a page that lead to others, such as
// the years of a list. Of their fields only Href and Text are filled.
func (p *Page) Choices() []Link {
	var out []Link
	eachElement(p.Root, func(s *html.Node) {
		if s.DataAtom != atom.Select || len(out) >= maxChoices {
			return
		}
		for o, href := range p.entries(s) {
			out = append(out, Link{Href: queryIn(p.Charset, href), Text: shortText(o, maxEntry)})
		}
	})
	return out
}

// maxChoices bounds the entries of a page that are looked at.
const maxChoices = 1000

var (
	ownValue   = regexp.MustCompile(`\.(value|val\(\))$`)
	callsValue = regexp.MustCompile(`^\s*(?:javascript:)?\s*(?:return\s+)?([A-Za-z_$][\w$]{0,40})\(\s*[\w.\[\]]*\.value`)
)

// chosen tells where a menu goes for a value that is no address; "" when that
// cannot be read.
func (p *Page) chosen(s *html.Node) func(value string) string {
	script := attrOf(s, "onchange")
	if g := aroundValue.FindStringSubmatch(script); g != nil && ownValue.MatchString(g[3]) {
		return func(value string) string { return g[2] + url.QueryEscape(value) + g[4] }
	}
	if g := callsValue.FindStringSubmatch(script); g != nil {
		return func(value string) string { return p.calledAddress(g[1], []string{url.QueryEscape(value)}) }
	}
	name, form := attrOf(s, "name"), formOf(s)
	if form != nil && name != "" && isGet(form) && (strings.Contains(script, "submit") || pageName.MatchString(name) || yearName.MatchString(name)) {
		before, after := p.sentAround(form, s)
		return func(value string) string { return before + url.QueryEscape(value) + after }
	}
	return func(string) string { return "" }
}

// pageName is the name of a field that holds the number of a page.
var pageName = regexp.MustCompile(`(?i)^(p|pg|pn|page|paged|page_?no|page_?num|page_?index|cur_?page|curr_?page|current_?page|to_?page|now_?page)$`)

// yearName is the name of a field that chooses the years or months of a list.
var yearName = regexp.MustCompile(`(?i)^(y|yy|yr|years?|nian|nianfen|nianDu|months?|archives?(-dropdown)?|date|rq|jahr|annee|ano)$`)

// sentAround is the address that a form goes to, before and after the value of
// one of its fields.
func (p *Page) sentAround(form, field *html.Node) (before, after string) {
	name := url.QueryEscape(attrOf(field, "name")) + "="
	query := "&" + sent(form, field)
	i := strings.Index(query, "&"+name)
	if i < 0 {
		return "", ""
	}
	value := query[i+1+len(name):]
	if j := strings.IndexByte(value, '&'); j >= 0 {
		after = value[j:]
	}
	return p.actionOf(form) + "?" + query[1:i+1+len(name)], after
}

func formOf(n *html.Node) *html.Node {
	for ; n != nil; n = n.Parent {
		if n.DataAtom == atom.Form {
			return n
		}
	}
	return nil
}

func isGet(form *html.Node) bool {
	method := attrOf(form, "method")
	return method == "" || strings.EqualFold(method, "get")
}

// actionOf is where a form sends its fields, without a query.
func (p *Page) actionOf(form *html.Node) string {
	action, _, _ := strings.Cut(attrOf(form, "action"), "?")
	if action == "" {
		action, _, _ = strings.Cut(p.address(), "?")
	}
	return action
}

// sets finds in a function that sends a form which field it gives its argument:
// f.page.value = n, getElementById("page").value = n, $("#page").val(n).
var sets = regexp.MustCompile(`(?:([\w$]+)|["'#\]=\s]([\w\-]+)["'\]]+\s*[)\]])\.(?:value\s*=\s*(\w+)|val\(\s*(\w+)\s*\))`)

// submitter is the goer of a function that writes an argument into a field of
// a form of the page and sends that.
func (p *Page) submitter(params []string, inside string) (goer, bool) {
	if !strings.Contains(inside, "submit(") {
		return nil, false
	}
	for _, g := range sets.FindAllStringSubmatch(inside, -1) {
		argument := parameter(params, g[3]+g[4])
		if argument == 0 {
			continue
		}
		field := p.fieldNamed(g[1] + g[2])
		if field == nil {
			continue
		}
		if form := formOf(field); form != nil && isGet(form) && attrOf(field, "name") != "" {
			before, after := p.sentAround(form, field)
			return goer{{text: before}, {arg: argument}, {text: after}}, true
		}
	}
	return nil, false
}

// fills finds in a script what it writes into a field of a form: document.f.page.value = 2.
var fills = regexp.MustCompile(`\b(\w{1,40})\.value\s*=\s*['"]?(\d{1,5})\b`)

// sentBy is where a click goes that writes a number into a field of a form and sends that.
func (p *Page) sentBy(script string) string {
	g := fills.FindStringSubmatch(script)
	if g == nil || !strings.Contains(script, "submit(") {
		return ""
	}
	field := p.fieldNamed(g[1])
	if field == nil {
		return ""
	}
	form := formOf(field)
	if form == nil || !isGet(form) || attrOf(field, "name") == "" {
		return ""
	}
	before, after := p.sentAround(form, field)
	return before + g[2] + after
}

// fieldNamed is the first field of a form with a name or id.
func (p *Page) fieldNamed(name string) *html.Node {
	var found *html.Node
	eachElement(p.Root, func(n *html.Node) {
		if found == nil && n.DataAtom == atom.Input && (attrOf(n, "name") == name || attrOf(n, "id") == name) {
			found = n
		}
	})
	return found
}

// What a script tells a library that draws a pager: the page that is shown,
// how many there are, or the rows and how many a page has.
var (
	drawnCurrent = regexp.MustCompile(`\b(?:curr|current|currentPage|curPage|pageIndex|pageNo|current_page|pageNumber)["']?\s*:\s*["']?(\d{1,5})\b`)
	drawnPages   = regexp.MustCompile(`\b(?:pages|pageCount|totalPages|totalPage|total_pages|pageTotal|num_pages)["']?\s*:\s*["']?(\d{1,5})\b`)
	drawnRows    = regexp.MustCompile(`\b(?:count|total|totalCount|totalRecord)["']?\s*:\s*["']?(\d{1,7})\b`)
	drawnLimit   = regexp.MustCompile(`\b(?:limit|pageSize|perPage|page_size)["']?\s*:\s*["']?(\d{1,4})\b`)
)

// drawn reads the call of such a library that goes to an address made of the
// number of the page.
func (r *pagerReader) drawn(script string) {
	current := drawnCurrent.FindStringSubmatch(script)
	to := aroundValue.FindStringSubmatch(script)
	if current == nil || to == nil {
		return
	}
	pages := 0
	if g := drawnPages.FindStringSubmatch(script); g != nil {
		pages = atoi(g[1])
	} else if rows, limit := drawnRows.FindStringSubmatch(script), drawnLimit.FindStringSubmatch(script); rows != nil && limit != nil && atoi(limit[1]) > 0 {
		pages = (atoi(rows[1]) + atoi(limit[1]) - 1) / atoi(limit[1])
	}
	if n := atoi(current[1]); n < pages {
		r.number(n, "")
		r.number(n+1, to[2]+strconv.Itoa(n+1)+to[4])
	}
}
