// Package extract reads articles from pages: title, date, author, source and
// body, and the links that lead to more. It is a pure function of bytes,
// address and rules; it knows no network, no clock and no database.
//
// A page is decoded (charset.go) and parsed once (page.go). Its visible text
// is cut into lines as a reader sees them (blocks.go), the lines with labels
// are found (labels.go, labels.txt), and the head is read (meta.go). Each field
// then gathers candidates with a score and chooses (title.go, date.go,
// people.go, source.go, body.go); rules of a site replace that field by field
// (rules.go). kind.go tells articles from other pages, links.go and pager.go
// read what leads to more.
package extract

import (
	"net/url"
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
	m := p.metadata()
	a := dossier.Article{Evidence: map[string]dossier.Evidence{}}

	title, rejectedTitles := p.findTitle(m)
	if !rules.Title.IsZero() {
		title, rejectedTitles = p.byRule(rules.Title, "title"), nil
	}
	a.Title = title.value
	a.Evidence["title"] = evidenceOf(title, rejectedTitles)

	body := p.mainText()
	switch {
	case !rules.Body.IsZero():
		body = p.bodyByRule(rules.Body, a.Title)
	case !rules.Title.IsZero():
		body = p.findBody(m, a.Title)
	}
	a.Body = body.text
	a.Evidence["body"] = evidenceOf(candidate{rule: body.cand.rule, raw: body.cand.raw, score: body.cand.score}, nil)

	date, rejectedDates := p.findDate(m, body, rules.Timezone)
	if !rules.Date.IsZero() {
		date, rejectedDates = p.dateByRule(rules.Date, rules.Timezone), nil
	}
	a.Date = date.value
	a.Evidence["date"] = evidenceOf(date, rejectedDates)

	author, rejectedAuthors, empty := p.findAuthor(m, body)
	if !rules.Author.IsZero() {
		author, rejectedAuthors, empty = p.byRule(rules.Author, "author"), nil, false
	}
	a.Author = present(author, empty)
	a.Evidence["author"] = evidenceOf(labelled(author, empty), rejectedAuthors)

	source, rejectedSources, empty := p.findSource(m, body)
	if !rules.Source.IsZero() {
		source, rejectedSources, empty = p.byRule(rules.Source, "source"), nil, false
	}
	a.Source = present(source, empty)
	a.Evidence["source"] = evidenceOf(labelled(source, empty), rejectedSources)

	a.Language = p.articleLanguage(m, a.Title+"\n"+a.Body)
	p.further(m, body, &a)
	return a
}

// present is nil for a field that the page does not have, "" for one whose
// label stands without a value.
func present(c candidate, empty bool) *string {
	if c.value == "" && c.rule == "" && !empty {
		return nil
	}
	return &c.value
}

func labelled(c candidate, empty bool) candidate {
	if c.value == "" && empty {
		return candidate{rule: "label-empty", score: 0.9}
	}
	return c
}

// further fills in what an article has beyond the five fields.
func (p *Page) further(m *metadata, body bodyResult, a *dossier.Article) {
	a.Canonical = p.absolute(m.canonical)
	if a.Canonical == "" {
		a.Canonical = p.absolute(m.get("og:url"))
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
		a.Attachments = p.attachments(body.node)
	}
}

func (p *Page) absolute(ref string) string {
	if ref == "" {
		return ""
	}
	u, err := p.Base.Parse(ref)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}

// attachmentTypes are the endings of files that articles offer.
var attachmentTypes = []string{".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".wps", ".rtf", ".zip", ".rar", ".csv", ".ofd", ".et"}

// maxAttachments bounds what is kept of one page.
const maxAttachments = 100

// attachments are the files that the text, or what stands right beside it,
// links to.
func (p *Page) attachments(root *html.Node) []dossier.Attachment {
	if root.Parent != nil && root.Parent.DataAtom != atom.Body {
		root = root.Parent
	}
	var out []dossier.Attachment
	seen := map[string]bool{}
	eachElement(root, func(n *html.Node) {
		if n.DataAtom != atom.A || len(out) >= maxAttachments {
			return
		}
		address := p.absolute(attrOf(n, "href"))
		u, err := url.Parse(address)
		if err != nil || seen[address] {
			return
		}
		for _, ending := range attachmentTypes {
			if strings.HasSuffix(strings.ToLower(u.Path), ending) {
				seen[address] = true
				out = append(out, dossier.Attachment{URL: address, Text: shortText(n, 300)})
				return
			}
		}
	})
	return out
}
