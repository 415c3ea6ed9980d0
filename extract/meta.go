package extract

import (
	"encoding/json"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// metadata is what a page says about itself without showing it.
type metadata struct {
	names     map[string][]string // name, property, itemprop or http-equiv of <meta>, in small letters
	order     []string            // the keys of names as they come
	title     string              // <title>
	lang      string
	canonical string
	ld        []map[string]any // JSON-LD objects, those of @graph and mainEntity too
	times     []timeElement
	props     map[string][]*html.Node // visible elements by itemprop
}

// A timeElement is a <time> of the page.
type timeElement struct {
	node     *html.Node
	datetime string
	marked   bool // it says that it is the date of publication
}

// get is the first content of the first name that has one.
func (m *metadata) get(names ...string) string {
	for _, n := range names {
		for _, v := range m.names[n] {
			if v != "" {
				return v
			}
		}
	}
	return ""
}

// headlines are what the metadata give as the headline.
func (m *metadata) headlines() []string {
	out := []string{m.get("og:title"), m.get("twitter:title"), m.get("articletitle")}
	if o := m.article(); o != nil {
		out = append(out, ldString(o, "headline"))
	}
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

// metadata reads the head of a page, its JSON-LD and its microdata, once.
func (p *Page) metadata() *metadata {
	if p.meta != nil {
		return p.meta
	}
	m := &metadata{names: map[string][]string{}, props: map[string][]*html.Node{}}
	eachElement(p.Root, func(n *html.Node) {
		switch n.DataAtom {
		case atom.Html:
			m.lang = attrOf(n, "lang")
			if m.lang == "" {
				m.lang = attrOf(n, "xml:lang")
			}
		case atom.Title:
			if m.title == "" && n.Namespace == "" {
				m.title = collapse(strip(rawText(n)))
			}
		case atom.Meta:
			m.addMeta(n)
		case atom.Link:
			if m.canonical == "" && hasWord(attrOf(n, "rel"), "canonical") {
				m.canonical = attrOf(n, "href")
			}
		case atom.Script:
			if strings.Contains(strings.ToLower(attrOf(n, "type")), "ld+json") {
				m.addLD(rawText(n))
			}
		case atom.Time:
			prop := strings.ToLower(attrOf(n, "itemprop") + " " + attrOf(n, "class"))
			m.times = append(m.times, timeElement{n, attrOf(n, "datetime"), attrOf(n, "pubdate") != "" || strings.Contains(prop, "publish") || strings.Contains(prop, "datecreated")})
		}
		if prop := strings.ToLower(attrOf(n, "itemprop")); prop != "" && n.DataAtom != atom.Meta {
			m.props[prop] = append(m.props[prop], n)
		}
	})
	p.meta = m
	return m
}

func rawText(n *html.Node) string {
	if n.FirstChild != nil && n.FirstChild.NextSibling == nil {
		return n.FirstChild.Data
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// maxValues is how many values of one name are kept.
const maxValues = 200

func (m *metadata) addMeta(n *html.Node) {
	content := collapse(strip(attrOf(n, "content")))
	if content == "" {
		content = collapse(strip(attrOf(n, "value"))) // as some systems write it
	}
	for _, key := range []string{"name", "property", "itemprop", "http-equiv"} {
		if name := strings.ToLower(attrOf(n, key)); name != "" {
			if m.names[name] == nil {
				m.order = append(m.order, name)
			}
			if len(m.names[name]) < maxValues {
				m.names[name] = append(m.names[name], content)
			}
		}
	}
}

// maxLD bounds the JSON-LD of one script.
const maxLD = 1 << 20

// addLD takes the objects of a JSON-LD script. Line breaks inside strings,
// which many pages have, are mended, and what follows the first value is left.
func (m *metadata) addLD(text string) {
	text = strings.TrimSpace(text)
	text = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(text, "<!--"), "//<![CDATA["), "//]]>")
	if len(text) > maxLD {
		return
	}
	var v any
	if json.Unmarshal([]byte(text), &v) != nil {
		mended := strings.Map(func(r rune) rune {
			if r < ' ' {
				return ' '
			}
			return r
		}, text)
		// The first value of a script is read even if it has a rest.
		if json.NewDecoder(strings.NewReader(mended)).Decode(&v) != nil {
			return
		}
	}
	m.flatten(v, 0)
}

func (m *metadata) flatten(v any, depth int) {
	if depth > 5 || len(m.ld) > 200 {
		return
	}
	switch t := v.(type) {
	case []any:
		for _, x := range t {
			m.flatten(x, depth+1)
		}
	case map[string]any:
		m.ld = append(m.ld, t)
		m.flatten(t["@graph"], depth+1)
		m.flatten(t["mainEntity"], depth+1)
	}
}

// article is the JSON-LD object that describes the article of the page.
func (m *metadata) article() map[string]any {
	for _, o := range m.ld {
		for _, t := range ldStrings(o["@type"]) {
			if strings.HasSuffix(t, "Article") || strings.HasSuffix(t, "Posting") || t == "Report" || strings.HasSuffix(t, "NewsRelease") {
				return o
			}
		}
	}
	for _, o := range m.ld {
		if o["headline"] != nil && (o["datePublished"] != nil || o["author"] != nil) {
			return o
		}
	}
	return nil
}

// isNews reports whether JSON-LD says that the page is news.
func (m *metadata) isNews() bool {
	o := m.article()
	return o != nil && slices.ContainsFunc(ldStrings(o["@type"]), func(t string) bool { return strings.Contains(t, "News") })
}

// ldStrings is a value of JSON-LD as strings: itself, those of a list, or the
// names of objects.
func ldStrings(v any) []string {
	switch t := v.(type) {
	case string:
		if s := collapse(html.UnescapeString(t)); s != "" {
			return []string{s}
		}
	case []any:
		var out []string
		for _, x := range t {
			out = append(out, ldStrings(x)...)
		}
		return out
	case map[string]any:
		return ldStrings(t["name"])
	}
	return nil
}

// ldNames is like ldStrings, and follows references to other objects.
func (m *metadata) ldNames(v any) []string {
	switch t := v.(type) {
	case []any:
		var out []string
		for _, x := range t {
			out = append(out, m.ldNames(x)...)
		}
		return out
	case map[string]any:
		id, isReference := t["@id"].(string)
		if names := ldStrings(t["name"]); len(names) > 0 || !isReference {
			return names
		}
		for _, o := range m.ld {
			if o["@id"] == id && o["name"] != nil {
				return ldStrings(o["name"])
			}
		}
		return nil
	}
	return ldStrings(v)
}

// persons are the people that JSON-LD describes.
func (m *metadata) persons() []string {
	var out []string
	for _, o := range m.ld {
		if slices.Contains(ldStrings(o["@type"]), "Person") {
			out = append(out, ldStrings(o["name"])...)
		}
	}
	return out
}

func ldString(o map[string]any, key string) string {
	if s := ldStrings(o[key]); len(s) > 0 {
		return s[0]
	}
	return ""
}
