package extract

import (
	"bytes"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/dossier-archive/dossier"
)

// Many pages hold their rows, or the text of an article, where a browser finds them by
// script alone: in the values of variables, in what a script writes, in a field or for
// readers without scripts. Where a page shows next to no headlines and no text otherwise,
// these are read.

const (
	minScripted    = 3       // rows that make a list of what scripts hold
	fewHeadlines   = 5       // links of a page that need no help
	headlineLink   = 20      // columns of the text of a link that may be a headline
	fewParagraphs  = 3       // paragraphs of a page that has a text of its own
	longParagraph  = 80      // columns of such a paragraph
	maxScriptText  = 1 << 20 // bytes that are read of a script
	maxScriptReads = 4 << 20 // bytes that are read of the scripts of a page, some of them again and again
)

// unfoldScripts puts what scripts hold behind them, as a browser shows it: rows of a page
// that tells nothing itself, or else a text of one that shows none.
func (p *Page) unfoldScripts() {
	holders, ok := p.holders()
	if !ok {
		return
	}
	rows, left := 0, maxScriptReads
	boxes := map[*html.Node]*html.Node{}
	var told heldText
	for _, n := range holders {
		r := &jsonRows{nodes: element("div", "datastore"), told: heldText{size: told.size}, inPage: true}
		r.held(n, &left)
		if r.count > 0 {
			boxes[n] = r.nodes
			rows += r.count
		}
		if r.told.size > told.size {
			told = r.told
			told.holder = n
		}
	}
	if rows < minScripted && told.holder == nil {
		return
	}
	text, headed := size(p.read().body.text), p.headlineAt() >= 0
	ofPage := told.holder != nil && (!told.inObject || p.isTitled(told.title))
	p.found = found{}
	switch {
	case rows >= minScripted && !(headed && text >= minNotice):
		for _, n := range holders {
			if box := boxes[n]; box != nil {
				putBehind(n, box)
			}
		}
	case rows < minScripted && ofPage && text == 0:
		putBehind(told.holder, told.box())
	}
}

// isTitled reports whether a title that stands beside a text is that of the page.
func (p *Page) isTitled(title string) bool {
	key := Squeeze(title)
	return key != "" && (strings.Contains(Squeeze(p.metadata().title), key) || strings.Contains(Squeeze(p.read().title.best.value), key))
}

// holders are the elements of a page that can hold something, unless it shows enough.
func (p *Page) holders() (holders []*html.Node, ok bool) {
	headlines, paragraphs := 0, 0
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
		case atom.Input:
			if len(attrOf(n, "value")) >= minHeld && strings.EqualFold(attrOf(n, "type"), "hidden") {
				holders = append(holders, n)
			}
		}
	})
	return holders, headlines < fewHeadlines && paragraphs < fewParagraphs
}

// Written are the links of what the scripts of a page write into it as it is read, such as a menu.
// Of their fields only Href and Text are filled.
func (p *Page) Written() []Link {
	var all strings.Builder
	left := maxScriptReads
	for _, n := range p.elements() {
		if n.DataAtom != atom.Script || n.FirstChild == nil || len(n.FirstChild.Data) > maxScriptText {
			continue
		}
		script := n.FirstChild.Data
		for at := 0; at < len(script) && left > 0; {
			m := documentWrite.FindStringIndex(script[at:])
			if m == nil {
				break
			}
			at += m[1] - 1
			v, read, _ := jsValue(script[at:])
			left -= read
			if s, ok := v.(string); ok {
				all.WriteString(s)
			}
			at += max(read, 1)
		}
	}
	var out []Link
	if all.Len() == 0 || all.Len() > maxHeldText || unfilled.MatchString(all.String()) {
		return nil
	}
	for _, n := range fragment(all.String()) {
		eachElement(n, func(a *html.Node) {
			if href := attrOf(a, "href"); a.DataAtom == atom.A && href != "" && len(out) < maxChoices {
				out = append(out, Link{Href: queryIn(p.Charset, href), Text: shortText(a, maxEntry)})
			}
		})
	}
	return out
}

// documentWrite finds where a script writes a text into the page.
var documentWrite = regexp.MustCompile(`\bdocument\.write(?:ln)?\s*\(\s*['"]`)

// held takes what an element holds.
func (r *jsonRows) held(n *html.Node, left *int) {
	if n.DataAtom == atom.Input {
		if isOfContent(n) {
			r.told.take(attrOf(n, "value"))
		}
		return
	}
	text := n.FirstChild.Data
	switch {
	case n.DataAtom == atom.Script:
		r.scripted(n, text[:min(len(text), maxScriptText)], left)
	case !r.anchored(text) && n.DataAtom == atom.Textarea && isOfContent(n):
		r.told.take(text)
	}
}

// putBehind puts elements behind a script, or where the text begins for one of the head.
func putBehind(script, box *html.Node) {
	head := script.Parent
	if head.DataAtom == atom.Head && head.NextSibling != nil {
		head.NextSibling.InsertBefore(box, head.NextSibling.FirstChild)
		return
	}
	head.InsertBefore(box, script.NextSibling)
}

// anchored takes the links of HTML that a page holds as text, and reports whether it has
// any that may be headlines.
func (r *jsonRows) anchored(text string) bool {
	if len(text) > maxHeldText || !hasAnchor.MatchString(text) || len(hasAnchor.FindAllStringIndex(text, maxRecords)) == maxRecords || unfilled.MatchString(text) {
		return false
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
	if count > 0 {
		r.nodes.AppendChild(box)
		r.count += count
	}
	return count > 0
}

var (
	// unfilled finds the places of a template that a script fills.
	unfilled = regexp.MustCompile(`href\s*=\s*["']?\s*(?:\{\{|<%|\$\{|#|\{)`)
	// beginsValue finds where a script may set or hand over a list.
	beginsValue = regexp.MustCompile(`(?:[\w$\])]\s*=|[(:,?]|\breturn)\s*(?:\[|\{|new\s+Array\s*\()`)
	// writes finds where a script writes HTML.
	writes = regexp.MustCompile(`(?:\bdocument\.write(?:ln)?\s*\(|\.innerHTML\s*\+?=|\.(?:html|append)\s*\(|\b(\w+)\s*\+?=)\s*['"]`)
	// parsesJSON finds JSON in a string.
	parsesJSON = regexp.MustCompile("JSON\\.parse\\(\\s*['\"`]")
)

// scripted takes what a script holds: lists of objects or of lists, texts, and the HTML
// that it writes.
func (r *jsonRows) scripted(n *html.Node, script string, left *int) {
	*left -= len(script)
	switch kind := strings.ToLower(attrOf(n, "type")); {
	case *left < 0 || strings.Contains(kind, "ld+json") || strings.Contains(script, "<datastore"):
	case strings.Contains(kind, "json"):
		if v, _, ok := jsValue(script); ok {
			r.walk(v, "", 0)
		}
	default:
		r.script(script, isOfContent(n.Parent), left)
	}
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
	r.script(script[:min(len(script), maxScriptText)], false, &left)
	return r
}

// script takes the rows of a script; inText says that it stands where the text belongs.
func (r *jsonRows) script(script string, inText bool, left *int) {
	r.assigned(script, left)
	r.parsed(script, left)
	r.written(script, inText, left)
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
func (r *jsonRows) parsed(script string, left *int) {
	for at := 0; at < len(script) && *left > 0; {
		m := parsesJSON.FindStringIndex(script[at:])
		if m == nil {
			return
		}
		from := at + m[1] - 1
		quoted, read, _ := jsValue(script[from:])
		*left -= read
		if text, ok := quoted.(string); ok {
			if v, _, ok := jsValue(text); ok {
				r.walk(v, "", 0)
			}
		}
		at = from + max(read, 1)
	}
}

// written takes the HTML that a script writes or has in variables, as far as it has no
// variables itself.
func (r *jsonRows) written(script string, inText bool, left *int) {
	if plain := strings.ReplaceAll(script, `\`, ""); !hasAnchor.MatchString(plain) && !hasParagraphs.MatchString(plain) {
		return
	}
	var all, text strings.Builder
	for at := 0; at < len(script) && *left > 0; {
		m := writes.FindStringSubmatchIndex(script[at:])
		if m == nil {
			break
		}
		name := script[at+max(m[2], 0) : at+max(m[3], 0)]
		from := at + m[1] - 1
		v, read, _ := jsValue(script[from:])
		*left -= read
		if s, ok := v.(string); ok {
			all.WriteString(s)
			if name == "" && inText || namesContent.MatchString(name) {
				text.WriteString(s)
			}
		}
		at = from + max(read, 1)
	}
	if !r.anchored(all.String()) {
		r.told.take(text.String())
	}
}
