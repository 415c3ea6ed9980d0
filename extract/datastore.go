package extract

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A datastore is the list of rows that Hanweb sites put as XML into a script
// of the page, and give in groups from dataproxy.jsp: records in CDATA, the
// address of the next group, the number of all records.
type datastore struct {
	records []string // rows as HTML
	next    string   // HTML with a link to the next group
	total   int      // records of the whole list, 0 when it is not said
}

const (
	// maxRecords bounds the rows of one group, maxDatastore its size.
	maxRecords   = 2000
	maxDatastore = 4 << 20
	maxStores    = 50 // lists of a page
)

// isDatastore reports whether a text is such a list.
func isDatastore(text string) bool {
	i := strings.Index(text[:min(len(text), 600)], "<datastore")
	before := strings.TrimSpace(strings.TrimPrefix(text[:max(i, 0)], "\ufeff"))
	return i >= 0 && (before == "" || strings.HasPrefix(before, "<?xml") && strings.Count(before, "<") == 1)
}

func parseDatastore(text, address string) datastore {
	text = text[:min(len(text), maxDatastore)]
	d := datastore{total: atoi(between(&text, "<totalrecord>", "</totalrecord>", false))}
	if next := between(&text, "<nextgroup>", "</nextgroup>", false); !isRepeatedGroup(address, next) {
		d.next = next
	}
	for len(d.records) < maxRecords {
		record := between(&text, "<record>", "</record>", true)
		if record == "" {
			break
		}
		d.records = append(d.records, record)
	}
	return d
}

// between gives what stands between two marks, out of its CDATA; with move the
// text then begins behind it.
func between(text *string, from, to string, move bool) string {
	_, rest, ok := strings.Cut(*text, from)
	inner, behind, closed := strings.Cut(rest, to)
	if !ok || !closed {
		return ""
	}
	if move {
		*text = behind
	}
	inner = strings.TrimSpace(inner)
	inner = strings.TrimPrefix(inner, "<![CDATA[")
	return strings.TrimSpace(strings.TrimSuffix(inner, "]]>"))
}

// unfold puts the rows of the datastores of a page behind their scripts, as a
// browser shows them.
func (p *Page) unfold() {
	var scripts []*html.Node
	eachElement(p.Root, func(n *html.Node) {
		if n.DataAtom == atom.Script && n.FirstChild != nil && strings.Contains(n.FirstChild.Data, "<datastore") {
			scripts = append(scripts, n)
		}
	})
	for _, s := range scripts {
		d := parseDatastore(s.FirstChild.Data, p.address())
		p.stores = append(p.stores, d)
		putBehind(s, d.list())
	}
}

// isRepeatedGroup reports whether the next group that an answer of dataproxy.jsp names is none behind
// it: some name that of the page again in each of them, and those asked for by the numbers of
// their records go on by these.
func isRepeatedGroup(address, next string) bool {
	if startRecord.MatchString(address) {
		return true
	}
	own, its := groupPage.FindStringSubmatch(address), groupPage.FindStringSubmatch(html.UnescapeString(next))
	return own != nil && its != nil && atoi(its[2]) <= atoi(own[2])
}

// list is the datastore as elements: a row a record, and the link to the next
// group.
func (d datastore) list() *html.Node {
	box := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div, Attr: []html.Attribute{{Key: "class", Val: "datastore"}}}
	for _, r := range d.records {
		row := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div, Attr: []html.Attribute{{Key: "class", Val: "record"}}}
		for _, n := range fragment(r) {
			row.AppendChild(n)
		}
		box.AppendChild(row)
	}
	for _, n := range fragment(d.next) {
		eachElement(n, func(e *html.Node) {
			if e.DataAtom == atom.A {
				e.Attr = append(e.Attr, html.Attribute{Key: "rel", Val: "next"})
			}
		})
		box.AppendChild(n)
	}
	return box
}

// fragment parses HTML that stands in a list or a table.
func fragment(text string) []*html.Node {
	around := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	if strings.HasPrefix(strings.ToLower(text), "<tr") {
		around = &html.Node{Type: html.ElementNode, Data: "tbody", DataAtom: atom.Tbody}
	}
	nodes, err := html.ParseFragment(strings.NewReader(text), around)
	if err != nil {
		return []*html.Node{{Type: html.TextNode, Data: text}}
	}
	return nodes
}

var (
	startRecord = regexp.MustCompile(`(?i)([?&]startrecord=)(\d{1,7})`)
	endRecord   = regexp.MustCompile(`(?i)([?&]endrecord=)(\d{1,7})`)
	groupPage   = regexp.MustCompile(`(?i)(dataproxy\.jsp\?(?:[^#]*&)?page=)(\d{1,6})`)
	proxyURL    = regexp.MustCompile(`["']([^"'\s<>]*dataproxy\.jsp[^"'\s<>]*)["']`)
	totalRecord = regexp.MustCompile(`(?i)\btotalRecord["']?\s*[:=]\s*["']?(\d{1,7})`)
)

// proxyParameter finds what dataproxy.jsp has to know of a list.
var proxyParameter = regexp.MustCompile(`["']?\b(col|appid|webid|path|columnid|sourceContentType|unitid|webname|permissiontype)["']?\s*[:=]\s*(?:"([^"]*)"|'([^']*)'|([\w/]+))`)

// nextGroups are the addresses where the lists of a page with several datastores
// go on, none when scripts and lists cannot be paired; and those of one list that names its next
// group and has a script that asks for others: which of them is answered cannot be told.
func (p *Page) nextGroups() []string {
	if len(p.stores) == 1 {
		d := p.stores[0]
		if next := linksIn(d.next); len(next) > 0 && len(d.records) > 0 {
			if asked := p.firstGroup(len(d.records)); asked != "" {
				return append(next, asked)
			}
		}
		return nil
	}
	var out []string
	calls := p.proxyCalls()
	for i, d := range p.stores {
		out = append(out, linksIn(d.next)...)
		if len(calls) == len(p.stores) && len(d.records) > 0 {
			if next := calls[i].group(len(d.records)); next != "" {
				out = append(out, next)
			}
		}
	}
	return out
}

// proxyCall is a script that asks for the groups of a list.
type proxyCall struct{ proxy, script string }

// proxyCalls are the calls of a page in their order.
func (p *Page) proxyCalls() []proxyCall {
	var out []proxyCall
	eachElement(p.Root, func(s *html.Node) {
		if s.DataAtom != atom.Script || s.FirstChild == nil || len(out) == maxStores {
			return
		}
		if text := withoutRecords(s.FirstChild.Data); len(text) <= maxPagerScript {
			if g := proxyURL.FindStringSubmatch(text); g != nil {
				out = append(out, proxyCall{g[1], text})
			}
		}
	})
	return out
}

// group is the address of the group behind the first n records, "" when the
// script says that there are no more.
func (c proxyCall) group(n int) string {
	if t := totalRecord.FindStringSubmatch(c.script); t != nil && atoi(t[1]) <= n {
		return ""
	}
	return groupAddress(c.proxy, c.script, n)
}

// linksIn are the addresses of the links of a piece of HTML.
func linksIn(text string) []string {
	var out []string
	for _, n := range fragment(text) {
		eachElement(n, func(e *html.Node) {
			if href := attrOf(e, "href"); e.DataAtom == atom.A && href != "" {
				out = append(out, href)
			}
		})
	}
	return out
}

// nextRecords is the address of the group of records after those that the page
// holds, "" when there is none.
func (p *Page) nextRecords() string {
	if len(p.stores) == 0 {
		return ""
	}
	d := p.stores[len(p.stores)-1]
	if len(d.records) == 0 || d.next != "" {
		return ""
	}
	address := p.address()
	first, last := startRecord.FindStringSubmatch(address), endRecord.FindStringSubmatch(address)
	switch {
	case first != nil && last != nil:
		from, to := atoi(first[2]), atoi(last[2])
		if len(d.records) < to-from+1 || d.total > 0 && to >= d.total {
			return ""
		}
		address = startRecord.ReplaceAllString(address, fmt.Sprintf("${1}%d", to+1))
		return endRecord.ReplaceAllString(address, fmt.Sprintf("${1}%d", to+to-from+1))
	case groupPage.MatchString(address):
		g := groupPage.FindStringSubmatch(address)
		return groupPage.ReplaceAllString(address, fmt.Sprintf("${1}%d", atoi(g[2])+1))
	}
	return p.firstGroup(len(d.records))
}

// firstGroup is the address of the group behind the n records of a list page,
// as its scripts ask for it. What the request has to say can stand in another
// script than the call.
func (p *Page) firstGroup(n int) string {
	var scripts strings.Builder
	proxy := ""
	total := n + 1
	eachElement(p.Root, func(s *html.Node) {
		if s.DataAtom != atom.Script || s.FirstChild == nil {
			return
		}
		text := withoutRecords(s.FirstChild.Data)
		if len(text)+scripts.Len() > 2*maxPagerScript {
			return
		}
		if g := proxyURL.FindStringSubmatch(text); g != nil && proxy == "" {
			proxy = g[1]
			if t := totalRecord.FindStringSubmatch(text); t != nil {
				total = atoi(t[1])
			}
		}
		scripts.WriteString(text + "\n")
	})
	if proxy == "" || total <= n {
		return ""
	}
	return groupAddress(proxy, scripts.String(), n)
}

// withoutRecords is a script without the datastore in it.
func withoutRecords(script string) string {
	before, rest, ok := strings.Cut(script, "<datastore")
	if !ok {
		return script
	}
	_, behind, _ := strings.Cut(rest, "</datastore>")
	return before + behind
}

// groupAddress is the address of the n records behind the first n.
func groupAddress(proxy, script string, n int) string {
	address, asked, _ := strings.Cut(html.UnescapeString(proxy), "?")
	query := fmt.Sprintf("?startrecord=%d&endrecord=%d&perpage=%d", n+1, 2*n, n)
	for field := range strings.SplitSeq(asked, "&") {
		name, value, _ := strings.Cut(field, "=")
		if value != "" && !strings.Contains(query, name+"=") {
			query += "&" + field
		}
	}
	for _, g := range proxyParameter.FindAllStringSubmatch(script, -1) {
		if !strings.Contains(query, "&"+g[1]+"=") {
			query += "&" + g[1] + "=" + url.QueryEscape(g[2]+g[3]+g[4])
		}
	}
	return address + query
}
