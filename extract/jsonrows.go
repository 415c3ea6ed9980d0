package extract

import (
	"bytes"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// jsonRows is what an answer in JSON holds of a list: rows as HTML or as
// objects with a title and an address, and where the list goes on.
type jsonRows struct {
	Fragment
	next  string     // address of the next rows, "" when it is not said
	nodes *html.Node // the rows as elements
	count int
	empty bool // a list without rows
	told  heldText

	inPage bool // it stands in a script of a page, where menus do as well
}

const (
	maxJSONDepth = 20
	maxTitleText = 2 * maxLinkText // bytes
	maxHrefText  = 8 << 10         // bytes
	minEpoch     = 100_000_000     // seconds; smaller numbers are no instants
	maxEpoch     = 100_000_000_000 // seconds; greater numbers are milliseconds
)

// isJSON reports whether a text is JSON that can hold rows.
func isJSON(text []byte) bool {
	text = bareJSON(text)
	return len(text) > 1 && (text[0] == '{' || text[0] == '[') && json.Valid(text)
}

// calledBack is JSON as the argument of a function.
var calledBack = regexp.MustCompile(`^[\w$.]{1,80}\(\s*([\[{])`)

// bareJSON is JSON without the call around it.
func bareJSON(text []byte) []byte {
	text = bytes.TrimSpace(bytes.TrimPrefix(text, []byte("\ufeff")))
	if m := calledBack.FindSubmatchIndex(text[:min(len(text), 200)]); m != nil {
		text = bytes.TrimSuffix(bytes.TrimRight(text[m[2]:], "; \r\n\t"), []byte(")"))
	}
	return text
}

// IsData reports whether an answer is JSON, and whether it holds a list: rows,
// or the place of rows without any.
func (p *Page) IsData() (data, list bool) {
	if p.data == nil {
		return false, false
	}
	return true, p.data.count > 0 || p.data.empty
}

func parseJSON(text []byte) *jsonRows {
	var v any
	d := json.NewDecoder(bytes.NewReader(bareJSON(text)))
	d.UseNumber()
	r := &jsonRows{nodes: element("div", "datastore")}
	if err := d.Decode(&v); err != nil {
		return r
	}
	r.walk(v, "", 0)
	r.Ended = r.Ended && r.next == "" && r.Next == 0 || r.Pages > 0 && r.Page >= r.Pages
	if r.next != "" && !r.Ended {
		r.nodes.AppendChild(&html.Node{Type: html.ElementNode, Data: "a", DataAtom: atom.A,
			Attr: []html.Attribute{{Key: "rel", Val: "next"}, {Key: "href", Val: r.next}}})
	}
	return r
}

func (r *jsonRows) walk(v any, key string, depth int) {
	if depth > maxJSONDepth || r.count >= maxRecords {
		return
	}
	switch v := v.(type) {
	case []any:
		r.empty = r.empty || len(v) == 0
		if r.tuple(v) {
			return
		}
		for _, item := range v {
			r.walk(item, key, depth+1)
		}
	case map[string]any:
		if r.inPage {
			r.told.takeFrom(v)
		}
		if r.row(v) {
			return
		}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			plain := plainKey(name)
			r.pager(plain, v[name])
			r.walk(v[name], plain, depth+1)
		}
	case string:
		r.fragment(v, key)
	}
}

// fragment takes a string that holds rows as HTML.
func (r *jsonRows) fragment(text, key string) {
	switch {
	case strings.TrimSpace(text) == "":
		r.empty = r.empty || htmlKeys[key]
	case len(text) <= maxDatastore && hasAnchor.MatchString(text):
		box := element("div", "records")
		for _, n := range fragment(strings.TrimSpace(text)) {
			box.AppendChild(n)
		}
		r.nodes.AppendChild(box)
		r.count++
	}
}

var (
	hasAnchor = regexp.MustCompile(`(?i)<a\s[^>]*href`)
	htmlKeys  = map[string]bool{"html": true, "content": true, "data": true, "list": true, "rows": true, "items": true, "body": true, "fragment": true}
)

// row takes an object for a row of a list when it has a title and an address.
func (r *jsonRows) row(o map[string]any) bool {
	title, href, named := "", "", false
	titleRank, hrefRank := 0, 0
	for _, name := range slices.Sorted(maps.Keys(o)) {
		key, text := plainKey(name), textOf(o[name])
		if rank := rankOf(key, titleKeys); rank > titleRank && text != "" && len(text) <= maxTitleText {
			title, titleRank, named = text, rank, strings.HasSuffix(key, "name")
		}
		if rank := rankOf(key, hrefKeys); rank > hrefRank && isHref(text) && !pictureKey.MatchString(key) {
			href, hrefRank = text, rank
		}
	}
	if title == "" || href == "" {
		return false
	}
	date, instant := dateOf(o, 0)
	if r.inPage && named && date+instant == "" {
		return false // the entry of a menu
	}
	r.add(title, href, date, instant)
	return true
}

// tuple takes a list of texts for a row when one is an address and one a title.
func (r *jsonRows) tuple(values []any) bool {
	const longest = 12 // fields
	if len(values) < 2 || len(values) > longest {
		return false
	}
	title, href, date := "", "", ""
	for _, v := range values {
		s, ok := v.(string)
		if !ok {
			continue
		}
		text := textOf(s)
		switch {
		case href == "" && isHref(text) && isPlainAddress.MatchString(text):
			href = text
		case date == "" && len(text) < 2*len(time.DateTime) && FindDate(text, "") != "":
			date = text
		case len(text) <= maxTitleText && size(text) > size(title):
			title = text
		}
	}
	if href == "" || size(title) < minHeadline {
		return false
	}
	r.add(title, href, date, "")
	return true
}

// isPlainAddress finds addresses that nothing else says to be one.
var isPlainAddress = regexp.MustCompile(`(?i)^(?:https?://|\.{0,2}/|[\w\-./]+\.(?:s?html?|aspx?|php|jsp|do|action)(?:$|[?#]))`)

// add puts a row behind the others.
func (r *jsonRows) add(title, href, date, instant string) {
	a := element("a", "")
	a.Attr = []html.Attribute{{Key: "href", Val: href}}
	a.AppendChild(&html.Node{Type: html.TextNode, Data: title})
	row := element("div", "record")
	row.AppendChild(a)
	if instant != "" {
		a.Attr = append(a.Attr, html.Attribute{Key: instantAttr, Val: instant})
	} else if date != "" {
		span := element("span", "")
		span.AppendChild(&html.Node{Type: html.TextNode, Data: date})
		row.AppendChild(span)
	}
	r.nodes.AppendChild(row)
	r.count++
}

// Keys of the fields of a row, in small letters without what joins their
// words. What stands first says most; a key may also end so.
var (
	titleKeys  = []string{"title", "headline", "subject", "articletitle", "name", "bt", "biaoti"}
	hrefKeys   = []string{"url", "link", "href", "permalink", "linkurl", "puburl", "path", "uri", "address", "route", "slug"}
	dateKeys   = []string{"pubdate", "publishdate", "publishtime", "publishedat", "publishedtime", "published", "releasedate", "releasetime", "docreltime", "pubtime", "date", "time", "rq", "fbsj", "day", "createdat", "created"}
	pictureKey = regexp.MustCompile(`img|image|pic|photo|thumb|cover|icon|logo|video|avatar|categor|column|channel|author|source|short|share|site|next|prev`)
	otherDate  = regexp.MustCompile(`updat|modif|edit|expire|end|start|begin|delet`)
	picture    = regexp.MustCompile(`(?i)\.(jpe?g|png|gif|svg|webp|bmp|mp4|css|js)([?#]|$)`)
)

// likeKey is the rank of a key that only ends like one of a list.
const likeKey = 1

// rankOf is greater the earlier a key stands in a list, likeKey for a key that
// only ends like one, 0 for others.
func rankOf(key string, list []string) int {
	for i, k := range list {
		if key == k {
			return likeKey + 1 + len(list) - i
		}
	}
	for _, k := range list {
		if len(k) > 3 && strings.HasSuffix(key, k) || k == "url" && strings.HasSuffix(key, k) {
			return likeKey
		}
	}
	return 0
}

// plainKey is a key in small letters without what joins its words.
func plainKey(name string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if strings.ContainsRune("_-.:@$ ", r) {
			return -1
		}
		return r
	}, name))
}

// textOf is the text of a value without tags; some systems wrap it in an
// object.
func textOf(v any) string {
	switch v := v.(type) {
	case string:
		if !strings.ContainsAny(v, "<&") || len(v) > maxHrefText {
			return collapse(v)
		}
		box := element("div", "")
		for _, n := range fragment(v) {
			box.AppendChild(n)
		}
		return shortText(box, maxTitleText)
	case map[string]any:
		if inner, ok := v["rendered"].(string); ok {
			return textOf(inner)
		}
	}
	return ""
}

func isHref(text string) bool {
	return text != "" && len(text) <= maxHrefText && strings.ContainsAny(text, "/?.") && !strings.Contains(text, " ") &&
		!picture.MatchString(text) && !strings.HasPrefix(strings.ToLower(text), "javascript:")
}

// dateOf is when a row says that it was published: as written, or as an
// instant. Keys of a rank of least and less do not count.
func dateOf(o map[string]any, least int) (date, instant string) {
	best := least
	for _, name := range slices.Sorted(maps.Keys(o)) {
		key := plainKey(name)
		rank := rankOf(key, dateKeys)
		if rank <= best || otherDate.MatchString(key) {
			continue
		}
		text := textOf(o[name])
		if number, ok := o[name].(json.Number); ok {
			text = number.String()
		}
		if at, ok := epoch(text); ok {
			date, instant, best = "", at.Format(time.RFC3339), rank
		} else if zoned, err := time.Parse(time.RFC3339, text); err == nil {
			date, instant, best = "", zoned.Format(time.RFC3339), rank
		} else if FindDate(text, "") != "" {
			date, instant, best = text, "", rank
		}
	}
	return date, instant
}

// epoch reads seconds or milliseconds since 1970.
func epoch(text string) (time.Time, bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil || len(text) == 8 || n < minEpoch:
		return time.Time{}, false
	case n > maxEpoch:
		return time.UnixMilli(n).UTC(), true
	}
	return time.Unix(n, 0).UTC(), true
}

// Keys of what says where a list goes on.
var (
	nextKeys  = map[string]bool{"next": true, "nexturl": true, "nextpageurl": true, "nexthref": true, "nextlink": true, "nextpagelink": true, "nextpage": true, "nextpageno": true, "nextpagenum": true, "nextoffset": true, "nextstart": true, "more": true, "moreurl": true, "loadmore": true, "loadmoreurl": true}
	moreKeys  = map[string]bool{"hasmore": true, "hasnext": true, "hasnextpage": true, "more": true, "next": true, "nextpage": true}
	lastKeys  = map[string]bool{"islast": true, "islastpage": true, "last": true, "lastpage": true, "isend": true, "end": true, "finished": true, "nomore": true}
	pagesKeys = map[string]bool{"pages": true, "pagecount": true, "totalpages": true, "totalpage": true, "pagetotal": true, "lastpage": true, "countpage": true, "maxpage": true}
	pageKeys  = map[string]bool{"page": true, "currentpage": true, "curpage": true, "pageno": true, "pagenum": true, "pageindex": true, "pagenumber": true, "nowpage": true, "current": true}
)

// pager reads what a field says about further rows.
func (r *jsonRows) pager(key string, v any) {
	switch v := v.(type) {
	case bool:
		r.Ended = r.Ended || !v && moreKeys[key] || v && lastKeys[key]
	case nil:
		r.Ended = r.Ended || nextKeys[key]
	case json.Number:
		r.numbered(key, atoi(v.String()))
	case string:
		r.pagerText(key, strings.TrimSpace(v))
	case map[string]any:
		if key == "next" {
			r.pagerText(key, textOf(v["href"])+textOf(v["url"]))
		}
	}
}

func (r *jsonRows) pagerText(key, text string) {
	switch {
	case nextKeys[key] && text == "":
		r.Ended = true
	case nextKeys[key] && strings.ContainsAny(text, "/?") && isHref(text):
		r.next = text
	case text != "" && strings.Trim(text, "0123456789") == "":
		r.numbered(key, atoi(text))
	}
}

func (r *jsonRows) numbered(key string, n int) {
	switch {
	case nextKeys[key] && n > 0:
		r.Next = n
	case pagesKeys[key]:
		r.Pages = n
	case pageKeys[key]:
		r.Page = n
	}
}

// instantAttr is where a row from data keeps its instant.
const instantAttr = "datetime"

func element(tag, class string) *html.Node {
	n := &html.Node{Type: html.ElementNode, Data: tag, DataAtom: atom.Lookup([]byte(tag))}
	if class != "" {
		n.Attr = []html.Attribute{{Key: "class", Val: class}}
	}
	return n
}
