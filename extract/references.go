package extract

import (
	"bytes"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxReferences bounds the addresses that one page can name.
const maxReferences = 20_000

// References lists everything on a page that could be an address, as written:
// the values of attributes, addresses in text, styles and headers. Most of it
// is not worth asking; it is for those who know what they look for.
func (p *Page) References() []string {
	r := references{seen: map[string]bool{}}
	for _, name := range []string{"Link", "Content-Location", "Refresh"} {
		for _, v := range p.Snapshot.Header.Values(name) {
			r.add(v)
		}
	}
	r.walk(p.Root)
	for _, src := range p.Frames() {
		r.add(src)
	}
	return r.found
}

// Frames lists the pages that a page shows in frames, as written.
func (p *Page) Frames() []string {
	var out []string
	eachElement(p.Root, func(n *html.Node) {
		if n.DataAtom == atom.Frame || n.DataAtom == atom.Iframe {
			if src := strings.TrimSpace(attrOf(n, "src")); src != "" && len(out) < maxFrames {
				out = append(out, src)
			}
		}
	})
	if len(out) == 0 {
		// The parser drops a frameset that stands behind other elements.
		return framesIn(p.Snapshot.Body)
	}
	return out
}

// framesIn looks for tags of frames in the bytes of a page.
func framesIn(body []byte) []string {
	var out []string
	for len(out) < maxFrames {
		i := bytes.IndexByte(body, '<')
		if i < 0 {
			break
		}
		body = body[i:]
		if len(body) > len("<frame") && bytes.EqualFold(body[:len("<frame")], []byte("<frame")) {
			if g := frameTag.FindSubmatch(body[:min(len(body), maxTag)]); g != nil {
				out = append(out, html.UnescapeString(string(g[1])))
			}
		}
		body = body[1:]
	}
	return out
}

const (
	maxFrames = 12
	maxTag    = 2000 // bytes of the tag of a frame
)

var frameTag = regexp.MustCompile(`(?i)^<frame\s[^<>]*?\bsrc\s*=\s*["']?([^"'\s<>]+)`)

type references struct {
	found []string
	seen  map[string]bool
}

func (r *references) walk(root *html.Node) {
	for n := range root.Descendants() {
		switch n.Type {
		case html.ElementNode, html.DoctypeNode:
			for _, a := range n.Attr {
				r.attribute(a)
			}
		case html.CommentNode:
			if strings.HasPrefix(n.Data, "[if") {
				r.add(n.Data)
			}
		case html.TextNode:
			if n.Parent == nil || n.Parent.DataAtom != atom.Script {
				r.add(n.Data)
			}
		}
	}
}

func (r *references) attribute(a html.Attribute) {
	switch a.Key {
	case "class", "id", "alt", "style":
	case "srcdoc":
		if doc, err := html.Parse(strings.NewReader(a.Val)); err == nil {
			r.walk(doc)
		}
	default:
		r.add(a.Val)
	}
}

// add takes the parts of a text that have a slash.
func (r *references) add(text string) {
	if !strings.Contains(text, "/") {
		return
	}
	if strings.HasPrefix(text, "data:") {
		if plain, err := url.PathUnescape(text); err == nil {
			text = strings.TrimPrefix(plain, "data:")
		}
	}
	parts := strings.FieldsFunc(text, func(c rune) bool { return c <= ' ' || strings.ContainsRune(`"'<>(),;|`+"`", c) })
	for _, part := range parts {
		if i := strings.Index(strings.ToLower(part), "url="); i == 0 {
			part = part[len("url="):]
		}
		if strings.Contains(part, "/") && len(part) > 1 && len(part) < 2000 && !r.seen[part] && len(r.found) < maxReferences {
			r.seen[part] = true
			r.found = append(r.found, part)
		}
	}
}
