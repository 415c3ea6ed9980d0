// Package extract reads articles from pages: title, date, author, source and
// body, and the links that lead to more. It is a pure function of bytes,
// address, time of fetching and rules, and of the pages of the site that it was given to
// learn from (site.go, census.go); it knows no network, no clock and no database.
//
// A page is decoded (charset.go) and parsed once (page.go). Its visible text
// is cut into lines as a reader sees them (blocks.go), the lines with labels
// are found (labels.go, labellines.go, labelparts.go, labels.txt), and the head is read
// (meta.go). Each field then gathers candidates with a score and chooses
// (title.go with titleplace.go, date.go, people.go with bylines.go, writerinside.go and named.go, source.go,
// body.go with shortbody.go, without what stands around it: furniture.go, trim.go and
// closing.go); rules of a site replace that field by field (rules.go). kind.go
// tells articles from other pages, links.go and pager.go read what leads to
// more. The text of an article may stand in further answers as well: frame.go and
// continued.go say where, and read it with the page.
package extract

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/dossier-archive/dossier"
)

// Extract reads the article of a snapshot.
func Extract(s dossier.Snapshot, rules dossier.Rules) dossier.Article {
	return Parse(&s).Article(rules)
}

// Article reads the article of a page. Fields for which the rules say
// something are read by them alone.
func (p *Page) Article(rules dossier.Rules) dossier.Article {
	p.remove(rules.Remove)
	r := p.readBy(rules)
	a := dossier.Article{
		Title:  r.title.best.value,
		Date:   p.inZone(r.date.best.raw, rules.Timezone, r.date.best.value),
		Author: r.author.present(),
		Source: r.source.present(),
		Body:   r.body.text,
		Evidence: map[string]dossier.Evidence{
			"title":  r.title.evidence(),
			"date":   r.date.evidence(),
			"author": r.author.evidence(),
			"source": r.source.evidence(),
			"body":   evidenceOf(candidate{rule: r.body.cand.rule, raw: r.body.cand.raw, score: r.body.cand.score}, nil),
		},
	}
	m := p.metadata()
	p.besides(m, r.body, &a)
	for _, f := range p.further {
		p.goOn(f, r.body, rules, &a)
	}
	for _, part := range p.Snapshot.Parts {
		a.Parts = append(a.Parts, part.FinalURL)
	}
	a.Language = p.articleLanguage(m, a.Title+"\n"+a.Body)
	return a
}

// goOn adds to an article what a further page of its text shows.
func (p *Page) goOn(further *Page, body bodyResult, rules dossier.Rules, a *dossier.Article) {
	further.remove(rules.Remove)
	further.Of(p.site)
	var more dossier.Article
	switch {
	case !rules.Body.IsZero():
		more.Body = further.bodyByRule(rules.Body).text
	case body.node != nil:
		more.Body = further.partText(body.node)
	default:
		more.Body = further.read().body.text
	}
	further.besides(further.metadata(), further.read().body, &more)
	a.Body = withPart(a.Title, a.Body, more.Body)
	for _, file := range more.Attachments {
		if len(a.Attachments) < maxAttachments && !slices.Contains(a.Attachments, file) {
			a.Attachments = append(a.Attachments, file)
		}
	}
	if a.Editor == nil || *a.Editor == "" {
		a.Editor = cmp.Or(more.Editor, a.Editor)
	}
}

// reading is what was read of the five fields.
type reading struct {
	title, date, author, source choice
	body                        bodyResult
}

// read reads a page without rules.
func (p *Page) read() *reading {
	if p.reading == nil {
		r := reading{title: p.findTitle(p.metadata())}
		p.reading = &r
		r.body = p.findBody(p.metadata(), r.title.best.value)
		p.readAround(&r)
	}
	return p.reading
}

// readAround reads the fields that are found by where the text stands.
func (p *Page) readAround(r *reading) {
	m := p.metadata()
	r.date = p.findDate(m, r.body)
	r.author = p.findAuthor(m, r.body)
	r.source = p.findSource(m, r.body)
}

// readBy reads a page and replaces the fields that have rules.
func (p *Page) readBy(rules dossier.Rules) reading {
	r := *p.read()
	if !rules.Title.IsZero() {
		r.title = choice{best: p.byRule(rules.Title)}
		r.body = p.findBody(p.metadata(), r.title.best.value)
	}
	if !rules.Body.IsZero() {
		r.body = p.bodyByRule(rules.Body)
	}
	if !rules.Title.IsZero() || !rules.Body.IsZero() {
		p.readAround(&r)
	}
	if !rules.Date.IsZero() {
		r.date = choice{best: p.dateByRule(rules.Date, rules.Timezone)}
	}
	if !rules.Author.IsZero() {
		r.author = choice{best: p.byRule(rules.Author)}
	}
	if !rules.Source.IsZero() {
		r.source = choice{best: p.byRule(rules.Source)}
	}
	return r
}

// besides fills in what an article has beyond the five fields.
func (p *Page) besides(m *metadata, body bodyResult, a *dossier.Article) {
	a.Canonical = p.absolute(m.canonical)
	if a.Canonical == "" {
		a.Canonical = p.absolute(m.get("og:url"))
	}
	if first := p.firstPart(); first != "" && (a.Canonical == "" || a.Canonical == p.address()) {
		a.Canonical = first
	}
	a.Section = m.get("article:section", "columnname")
	a.Image = p.absolute(m.get("og:image", "twitter:image", "image"))
	for _, k := range strings.FieldsFunc(m.get("keywords", "news_keywords"), func(r rune) bool { return strings.ContainsRune(",，;；、", r) }) {
		if k = strings.TrimSpace(k); k != "" {
			a.Keywords = append(a.Keywords, k)
		}
	}
	for _, l := range p.labelLines() {
		if x, ok := l.value(labelEditor); ok && l.block.runes < 200 && (a.Editor == nil || *a.Editor == "") {
			v := x.value
			a.Editor = &v
		}
	}
	if body.node != nil {
		a.Attachments = p.attachments(textAround(body.node))
		a.Continued = p.NextPart()
	} else {
		a.Attachments = p.attachments(p.Root)
	}
}

func (p *Page) absolute(ref string) string {
	if ref == "" {
		return ""
	}
	u, err := p.Base.Parse(queryIn(p.Charset, ref))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}

// attachmentTypes are the endings of files that articles offer.
var attachmentTypes = []string{".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".wps", ".rtf", ".zip", ".rar", ".csv", ".ofd", ".et"}

// maxAttachments bounds what is kept of one page.
const maxAttachments = 100

// textAround is the text of an article with what stands right beside it.
func textAround(body *html.Node) *html.Node {
	if body.Parent != nil && body.Parent.DataAtom != atom.Body {
		return body.Parent
	}
	return body
}

// attachments are the files that an element links to, outside of the furniture of the page.
func (p *Page) attachments(root *html.Node) []dossier.Attachment {
	var out []dossier.Attachment
	seen := map[string]bool{}
	eachElement(root, func(n *html.Node) {
		if n.DataAtom != atom.A || len(out) >= maxAttachments || root == p.Root && p.inFurniture(n, p.furnitureSeen()) {
			return
		}
		address := p.absolute(attrOf(n, "href"))
		u, err := url.Parse(address)
		if err != nil || seen[address] {
			return
		}
		if isAttached(u.Path) {
			seen[address] = true
			out = append(out, dossier.Attachment{URL: address, Text: shortText(n, 300)})
		}
	})
	return out
}

// isAttached reports whether an address is that of a file as articles have them attached.
func isAttached(path string) bool {
	path = strings.ToLower(path)
	return slices.ContainsFunc(attachmentTypes, func(ending string) bool { return strings.HasSuffix(path, ending) })
}
