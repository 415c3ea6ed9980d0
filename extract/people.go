package extract

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/publicsuffix"
)

// findAuthor chooses who wrote the article.
func (p *Page) findAuthor(m *metadata, body bodyResult) choice {
	cs, empty := p.labelledAuthors(body)
	cs = append(cs, p.bylines(m, body)...)
	cs = append(cs, p.metaAuthors(m)...)
	agree(cs)
	c := choose(cs)
	if c.best.score < minAuthor || empty != "" && c.best.score < minBesideLabel {
		return c.refused(empty)
	}
	c.best, c.empty = withCoauthors(asMarked(c.best, c.rejected), c.rejected), empty
	if isLanguage(p.language(), "ja") {
		c.best.value = joinedNames(c.best.value, c.best.raw)
	}
	return c
}

// joinedNames puts family names and given ones together that a page writes with a blank between, as in
// Japanese: 佐藤 健一.
func joinedNames(names, raw string) string {
	parts := strings.Split(names, "; ")
	raw = collapse(raw)
	var out []string
	for i := 0; i < len(parts); i++ {
		if i+1 < len(parts) && allHan(parts[i]+parts[i+1]) && strings.Contains(raw, parts[i]+" "+parts[i+1]) {
			out = append(out, parts[i]+" "+parts[i+1])
			i++
			continue
		}
		out = append(out, parts[i])
	}
	return strings.Join(out, "; ")
}

// asMarked takes from a line what an element marks as the name when more stands behind
// that, as the section of the article.
func asMarked(best candidate, others []candidate) candidate {
	for _, c := range others {
		if best.rule == "byline" && c.rule != "byline" && c.score >= minAuthor && strings.HasPrefix(best.value, c.value+" ") && strings.Contains(c.value, " ") {
			best.value = c.value
		}
	}
	return best
}

// minAuthor is the least score of an author; minBesideLabel what one found
// elsewhere needs on a page that prints the label and leaves it empty.
const (
	minAuthor      = 0.3
	minBesideLabel = 0.7
)

// isPrintedEmpty reports whether a label without a value says that the article has no such
// field: it stands near the text, or some lines behind it with nothing else on its line, and is
// not that of a form; or beside the date of the article, wherever that is. What stands there may
// be a date without a label.
func (p *Page) isPrintedEmpty(x label, l *labelLine, far float64) bool {
	const near, behind, foot = 0.2, 0.3, 0.5
	if x.value != "" && !isStamp(x.value) {
		return false
	}
	return far < near || far < foot && l.block.linked == 0 && infoScore(l) >= 6 || far < behind && len(l.labels) == 1 && l.block.linked == 0 && l.labels[0].end >= len(l.block.text) && !besideField(l.block.node)
}

// isStamp reports whether a text is a date and nothing else.
func isStamp(s string) bool {
	found := findStamps(s, "", 1)
	return len(found) == 1 && found[0].start == 0 && found[0].end == len(s)
}

// besideField reports whether an element, or the one around it, holds what a reader fills in.
func besideField(n *html.Node) bool {
	if n.Parent != nil {
		n = n.Parent
	}
	for d := range n.Descendants() {
		if d.DataAtom == atom.Textarea || d.DataAtom == atom.Select || d.DataAtom == atom.Input && !strings.EqualFold(attrOf(d, "type"), "hidden") {
			return true
		}
	}
	return false
}

// labelledAuthors are the values of labels. What a page prints behind the
// label is the author, be it a letter or an office; only e-mail addresses and
// roles are taken off. empty is a label without a value.
func (p *Page) labelledAuthors(body bodyResult) (cs []candidate, empty string) {
	for _, l := range p.labelLines() {
		x, ok := l.value(labelAuthor)
		if !ok || l.block.runes > 200 || inText(x, l.block, body) {
			continue
		}
		far := p.distance(l.block, body)
		names := authorNames(x.value)
		score := 0.9 - far
		if names == "" {
			names, score = plainValue(x.value), 0.72-far
		}
		if names == "" {
			if p.isPrintedEmpty(x, l, far) {
				empty = x.name
			}
			continue
		}
		cs = append(cs, candidate{value: names, raw: x.name + " " + x.value, rule: "label-author", score: score})
	}
	return cs, empty
}

// inText reports whether a label is part of the text: the speaker of an
// interview, or who a report says sent it. In its last lines only a label of
// the author as such counts.
func inText(x label, b *block, body bodyResult) bool {
	n := len(body.blocks)
	if n == 0 || b.index <= body.blocks[0].index+1 || b.index > body.blocks[n-1].index {
		return false
	}
	if !mostlyHan(x.name) {
		return isInterior(b, body, 2)
	}
	return isInterior(b, body, 1) || !strings.Contains(x.name, "作者") && !strings.Contains(x.name, "撰")
}

// plainValue is the value of a label that is no list of names, "" when it is
// none at all.
func plainValue(s string) string {
	s = strings.TrimSpace(authorEmail.ReplaceAllString(collapse(s), " "))
	if found := findStamps(s, "", 1); len(found) > 0 {
		s = s[:found[0].start]
	}
	s = trimValue(s)
	if size(s) > 40 || strings.Contains(s, "://") || len(strings.Fields(s)) > 6 {
		return ""
	}
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return s
		}
	}
	return ""
}

// withCoauthors takes the longer list where a page names in sight all of those
// that its metadata name, and more.
func withCoauthors(best candidate, others []candidate) candidate {
	if !strings.HasPrefix(best.rule, "json-ld") && !strings.HasPrefix(best.rule, "meta-") {
		return best
	}
	for _, c := range others {
		if c.score < headScore || !strings.Contains("; "+c.value+"; ", best.value+"; ") {
			continue
		}
		more := []string{best.value}
		for n := range strings.SplitSeq(c.value, "; ") {
			if looksPersonal(n) && !namesOffice(n) && !strings.Contains(n, best.value) {
				more = append(more, n)
			}
		}
		if len(more) > 1 && len(more) < 8 {
			c.value, c.score = joinNames(more), best.score
			return c
		}
	}
	return best
}

// agree raises what places of different kinds name alike: the metadata of a
// site that names its editor everywhere is outweighed by what is in sight.
func agree(cs []candidate) {
	kinds := map[string]map[string]bool{}
	for _, c := range cs {
		key := squeezeLabel(c.value)
		if kinds[key] == nil {
			kinds[key] = map[string]bool{}
		}
		kinds[key][placeKind(c.rule)] = true
	}
	for i := range cs {
		cs[i].score += 0.07 * float64(len(kinds[squeezeLabel(cs[i].value)])-1)
	}
}

// placeKind is the kind of the place that a rule reads: the text of lines,
// elements by their names, or metadata.
func placeKind(rule string) string {
	switch {
	case strings.HasPrefix(rule, "json-ld"), strings.HasPrefix(rule, "meta-"):
		return "metadata"
	case strings.HasSuffix(rule, "-author") && rule != "label-author", rule == "author-link", rule == "microdata":
		return "element"
	}
	return "line"
}

// metaNames are the names of <meta> that hold the author, with how far they
// are believed.
var metaNames = []struct {
	name  string
	score float64
}{
	{"author", 0.61}, {"article:author", 0.7}, {"byl", 0.76}, {"dc.creator", 0.72}, {"dcterms.creator", 0.7}, {"sailthru.author", 0.74}, {"parsely-author", 0.76},
	{"citation_author", 0.72}, {"dc.contributor", 0.5}, {"article:author:name", 0.7}, {"twitter:creator:name", 0.6},
}

// maxMetaNames is how many names of <meta> are looked at for authors.
const maxMetaNames = 30

// metaAuthors are the authors that metadata name. On Chinese pages the tag
// holds the web editor (0 of 27 were the author) and is left out.
func (p *Page) metaAuthors(m *metadata) []candidate {
	cs := p.ldAuthors(m)
	if m.get("articletitle", "contentsource", "sitename") != "" || m.get("publishedtype", "pagetype") != "" || mostlyHan(m.title) {
		return append(cs, p.metaAuthor(m, "cxenseparse:author", 0.7)...)
	}
	known := map[string]bool{}
	for _, of := range metaNames {
		known[of.name] = true
		cs = append(cs, p.metaAuthor(m, of.name, of.score)...)
	}
	for _, name := range m.order {
		if len(known) == maxMetaNames {
			break
		}
		if !known[name] && (namesAuthor(name) || strings.HasSuffix(name, ":written by")) {
			known[name] = true
			cs = append(cs, p.metaAuthor(m, name, 0.66)...)
		}
	}
	// Cards of Twitter print a label and its value.
	for _, n := range []string{"1", "2"} {
		if labelTable().kind(m.get("twitter:label"+n)) == labelAuthor {
			cs = append(cs, p.metaAuthor(m, "twitter:data"+n, 0.7)...)
		}
	}
	return cs
}

// metaAuthor is the author that one name of <meta> holds.
func (p *Page) metaAuthor(m *metadata, name string, score float64) []candidate {
	return p.authorsOf(m, "meta-"+name, score, m.names[name])
}

// authorsOf makes one candidate of what a place of the metadata names. Where
// that speaks of this article, the site itself and desks are the last resort.
func (p *Page) authorsOf(m *metadata, rule string, score float64, raw []string) []candidate {
	var names, offices []string
	for _, r := range raw {
		switch n := authorNames(r); {
		case strings.Contains(r, "://"):
		case n != "" && !p.isOwner(m, r) && !p.isOwner(m, n):
			names = append(names, n)
		case size(r) <= maxByline/2 && (n != "" || desks.MatchString(r) || domainName.MatchString(r)):
			offices = append(offices, r)
		}
	}
	joined := joinNames(names)
	switch {
	case joined == "" && (len(offices) == 0 || strings.HasPrefix(rule, "meta-") && !strings.Contains(rule, ":data")):
		return nil
	case joined == "":
		return []candidate{{value: joinNames(offices), raw: strings.Join(raw, " | "), rule: rule, score: score - 0.4}}
	case !p.shows(joined) && !(strings.HasPrefix(rule, "json-ld") && m.isNews()):
		score -= 0.6
	case isAccount(joined):
		score -= 0.2
	}
	return []candidate{{value: joined, raw: strings.Join(raw, " | "), rule: rule, score: score}}
}

// shows reports whether the first of some names stands in sight. Metadata that
// name somebody whom the page does not show name the one who entered the text:
// on pages labelled by people 0 of 6 such were the author, and 84 of 90 of the
// others. News are the exception, which many sites show by a script.
func (p *Page) shows(names string) bool {
	name, _, _ := strings.Cut(strings.ToLower(names), "; ")
	for _, b := range p.pageBlocks() {
		if strings.Contains(strings.ToLower(b.text), name) {
			return true
		}
	}
	return false
}

// isAccount reports whether a name is rather that of an account: one word in
// small letters, or a few capitals.
func isAccount(s string) bool {
	if strings.Contains(s, " ") || !mostlyLatin(s) {
		return false
	}
	return strings.ToLower(s) == s || len(s) <= 4 && strings.ToUpper(s) == s
}

// ldAuthors are the authors that JSON-LD names.
func (p *Page) ldAuthors(m *metadata) []candidate {
	o := m.article()
	if o == nil {
		if persons := m.persons(); len(persons) == 1 {
			return p.authorsOf(m, "json-ld-person", 0.7, persons)
		}
		return nil
	}
	cs := p.authorsOf(m, "json-ld", 0.86, m.ldNames(o["author"]))
	return append(cs, p.authorsOf(m, "json-ld-creator", 0.7, m.ldNames(o["creator"]))...)
}

func mostlyHan(s string) bool {
	han := 0
	for _, r := range s {
		if unicode.Is(unicode.Han, r) {
			han++
		}
	}
	return han*2 > countRunes(s)
}

// isOwner reports whether a name is that of the site instead of a person.
func (p *Page) isOwner(m *metadata, name string) bool {
	if p.isSiteName(m, name) || p.isPublisher(m, name) {
		return true
	}
	key := strings.ReplaceAll(squeezeLabel(name), "-", "")
	label := siteLabel(p.Base.Hostname())
	switch {
	case len(label) < 5 || len(key) < 5:
		return false
	case looksPersonal(name) && !namesOffice(name):
		return false // the site of a person
	}
	return strings.Contains(key, label)
}

// siteLabel is the part of a host that names the site: "example" of
// www.example.org and of www.example.org.uk.
func siteLabel(host string) string {
	registered, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return ""
	}
	label, _, _ := strings.Cut(registered, ".")
	return strings.ReplaceAll(label, "-", "")
}

// isPublisher reports whether a name is that of the publisher in JSON-LD.
func (p *Page) isPublisher(m *metadata, name string) bool {
	o := m.article()
	if o == nil {
		return false
	}
	publisher := m.ldNames(o["publisher"])
	return len(publisher) > 0 && squeezeLabel(publisher[0]) == squeezeLabel(name)
}
