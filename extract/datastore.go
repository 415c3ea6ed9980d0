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
)

// isDatastore reports whether a text is such a list.
func isDatastore(text string) bool {
	i := strings.Index(text[:min(len(text), 600)], "<datastore")
	before := strings.TrimSpace(strings.TrimPrefix(text[:max(i, 0)], "\ufeff"))
	return i >= 0 && (before == "" || strings.HasPrefix(before, "<?xml") && strings.Count(before, "<") == 1)
}

func parseDatastore(text string) datastore {
	text = text[:min(len(text), maxDatastore)]
	d := datastore{total: atoi(between(&text, "<totalrecord>", "</totalrecord>", false))}
	d.next = between(&text, "<nextgroup>", "</nextgroup>", false)
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
		d := parseDatastore(s.FirstChild.Data)
		p.store = &d
		if head := s.Parent; head.DataAtom == atom.Head && head.NextSibling != nil {
			head.NextSibling.InsertBefore(d.list(), head.NextSibling.FirstChild)
		} else {
			s.Parent.InsertBefore(d.list(), s.NextSibling)
		}
	}
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

// nextRecords is the address of the group of records after those that the page
// holds, "" when there is none.
func (p *Page) nextRecords() string {
	d := p.store
	if d == nil || len(d.records) == 0 || d.next != "" {
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
