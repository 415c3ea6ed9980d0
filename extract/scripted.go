package extract

import (
	"bytes"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/dossier-archive/dossier"
)

// Many pages hold their rows where a browser finds them by script alone: in the values of
// variables, in what a script writes, in a field or for readers without scripts. Where a
// page shows next to no headlines and no text otherwise, these are read.

const (
	minScripted    = 3       // rows that make a list of what scripts hold
	fewHeadlines   = 5       // links of a page that need no help
	headlineLink   = 20      // columns of the text of a link that may be a headline
	fewParagraphs  = 3       // paragraphs of a page that has a text of its own
	longParagraph  = 80      // columns of such a paragraph
	maxScriptText  = 2 << 20 // bytes that are read of a script
	maxScriptReads = 8 << 20 // bytes that are read of the values of a page, some of them again and again
)

// unfoldScripts puts the rows that scripts hold behind them, as a browser shows them.
func (p *Page) unfoldScripts() {
	headlines, paragraphs := 0, 0
	var holders []*html.Node
	eachElement(p.Root, func(n *html.Node) {
		switch n.DataAtom {
		case atom.A:
			if headlines < fewHeadlines && size(shortText(n, maxLinkText)) >= headlineLink && !hasAncestor(n, atom.Template) {
				headlines++
			}
		case atom.P:
			if paragraphs < fewParagraphs && size(shortText(n, maxLinkText)) >= longParagraph {
				paragraphs++
			}
		case atom.Script, atom.Noscript, atom.Textarea:
			if n.FirstChild != nil && n.FirstChild.Type == html.TextNode {
				holders = append(holders, n)
			}
		}
	})
	if headlines >= fewHeadlines || paragraphs >= fewParagraphs {
		return
	}
	rows := 0
	found := map[*html.Node]*html.Node{}
	left := maxScriptReads
	for _, n := range holders {
		text := n.FirstChild.Data
		var box *html.Node
		var count int
		if n.DataAtom == atom.Script {
			box, count = scriptedRows(text[:min(len(text), maxScriptText)], attrOf(n, "type"), &left)
		} else {
			box, count = heldRows(text)
		}
		if count > 0 {
			found[n] = box
			rows += count
		}
	}
	if rows < minScripted {
		return
	}
	for _, n := range holders {
		if box := found[n]; box != nil {
			putBehind(n, box)
		}
	}
}

// putBehind puts elements behind a script, or where the text begins for one of the head.
func putBehind(script, box *html.Node) {
	head := script.Parent
	if head.DataAtom == atom.Noscript && head.Parent != nil {
		script, head = head, head.Parent
	}
	if head.DataAtom == atom.Head && head.NextSibling != nil {
		head.NextSibling.InsertBefore(box, head.NextSibling.FirstChild)
		return
	}
	head.InsertBefore(box, script.NextSibling)
}

// heldRows are the links of HTML that a page holds as text.
func heldRows(text string) (*html.Node, int) {
	if len(text) > maxDatastore || !hasAnchor.MatchString(text) || unfilled.MatchString(text) {
		return nil, 0
	}
	box := element("div", "records")
	count := 0
	for _, n := range fragment(strings.TrimSpace(text)) {
		box.AppendChild(n)
		eachElement(n, func(e *html.Node) {
			if e.DataAtom == atom.A && size(shortText(e, maxLinkText)) >= minHeadline {
				count++
			}
		})
	}
	return box, count
}

var (
	// unfilled finds the places of a template that a script fills.
	unfilled = regexp.MustCompile(`href\s*=\s*["']?\s*(?:\{\{|<%|\$\{|#|\{)`)
	// beginsValue finds where a script may set or hand over a list.
	beginsValue = regexp.MustCompile(`(?:[\w$\])]\s*=|[(:,?]|\breturn)\s*(?:\[|\{|new\s+Array\s*\()`)
	// writes finds where a script writes HTML.
	writes = regexp.MustCompile(`(?:\bdocument\.write(?:ln)?\s*\(|\.innerHTML\s*\+?=|\.(?:html|append)\s*\(|\b\w+\s*\+?=)\s*['"]`)
	// parsesJSON finds JSON in a string.
	parsesJSON = regexp.MustCompile("JSON\\.parse\\(\\s*['\"`]")
)

// scriptedRows are the rows that a script holds: in lists of objects or of lists, and in
// the HTML that it writes.
func scriptedRows(script, kind string, left *int) (*html.Node, int) {
	if kind = strings.ToLower(kind); strings.Contains(kind, "ld+json") || strings.Contains(script, "<datastore") {
		return nil, 0
	}
	r := &jsonRows{nodes: element("div", "datastore")}
	if strings.Contains(kind, "json") {
		if v, _, ok := jsValue(script); ok {
			r.walk(v, "", 0)
		}
	} else {
		r.script(script, left)
	}
	return r.nodes, r.count
}

// IsScript reports whether an answer says that it is a script.
func IsScript(s *dossier.Snapshot) bool {
	medium, _, _ := strings.Cut(strings.ToLower(s.Header.Get("Content-Type")), ";")
	return strings.HasSuffix(strings.TrimSpace(medium), "javascript") && !bytes.HasPrefix(bytes.TrimSpace(s.Body), []byte("<"))
}

// parseScript takes the rows of a script that a page includes.
func parseScript(script string) *jsonRows {
	r := &jsonRows{nodes: element("div", "datastore")}
	left := maxScriptReads
	r.script(script[:min(len(script), maxScriptText)], &left)
	return r
}

// script takes the rows of a script.
func (r *jsonRows) script(script string, left *int) {
	r.assigned(script, left)
	r.parsed(script)
	r.written(script)
}

// assigned takes the rows of the values of a script.
func (r *jsonRows) assigned(script string, left *int) {
	for at := 0; at < len(script) && *left > 0; {
		m := beginsValue.FindStringIndex(script[at:])
		if m == nil {
			return
		}
		from := at + m[0] + 1
		for from < at+m[1] && script[from] != '[' && script[from] != '{' && !strings.HasPrefix(script[from:], "new") {
			from++
		}
		v, read, ok := jsValue(script[from:])
		*left -= read
		at = from + 1
		if ok {
			r.walk(v, "", 0)
			at = from + max(read, 1)
		}
	}
}

// parsed takes the rows of JSON that a script has as a string.
func (r *jsonRows) parsed(script string) {
	for at := 0; at < len(script); {
		m := parsesJSON.FindStringIndex(script[at:])
		if m == nil {
			return
		}
		from := at + m[1] - 1
		quoted, read, _ := jsValue(script[from:])
		if text, ok := quoted.(string); ok {
			if v, _, ok := jsValue(text); ok {
				r.walk(v, "", 0)
			}
		}
		at = from + max(read, 1)
	}
}

// written takes the HTML that a script writes, as far as it has no variables.
func (r *jsonRows) written(script string) {
	if !hasAnchor.MatchString(strings.ReplaceAll(script, `\`, "")) {
		return
	}
	var text strings.Builder
	for at := 0; at < len(script); {
		m := writes.FindStringIndex(script[at:])
		if m == nil {
			break
		}
		from := at + m[1] - 1
		v, read, _ := jsValue(script[from:])
		if s, ok := v.(string); ok {
			text.WriteString(s)
		}
		at = from + max(read, 1)
	}
	if box, count := heldRows(text.String()); count > 0 {
		r.nodes.AppendChild(box)
		r.count += count
	}
}
