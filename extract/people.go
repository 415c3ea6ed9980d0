package extract

import (
	"strings"
	"unicode"
)

// findAuthor chooses who wrote the article. empty says that the page prints
// the label without a name.
func (p *Page) findAuthor(m *metadata, body bodyResult) (best candidate, rejected []candidate, empty bool) {
	cs, empty := p.labelledAuthors(body)
	cs = append(cs, p.bylines(m, body)...)
	cs = append(cs, p.metaAuthors(m)...)
	best, rejected = choose(cs)
	if best.rule == "" || empty && best.score < minBesideLabel {
		return candidate{}, rejected, empty
	}
	return withCoauthors(best, rejected), rejected, empty
}

// minBesideLabel is the score that an author found elsewhere needs on a page
// that prints the label and leaves it empty.
const minBesideLabel = 0.7

// labelledAuthors are the values of labels. What a page prints behind the
// label is the author, be it a letter or an office; only e-mail addresses and
// roles are taken off.
func (p *Page) labelledAuthors(body bodyResult) (cs []candidate, empty bool) {
	for _, l := range p.labelLines() {
		x, ok := l.value(labelAuthor)
		if !ok || l.block.runes > 200 {
			continue
		}
		far := p.distance(l.block, body)
		names := authorNames(x.value)
		score := 0.9 - far
		if names == "" {
			names, score = plainValue(x.value), 0.72-far
		}
		if names == "" {
			empty = empty || x.value == "" && far < 0.2
			continue
		}
		cs = append(cs, candidate{value: names, raw: x.name + " " + x.value, rule: "label-author", score: score})
	}
	return cs, empty
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
	have := strings.Split(best.value, "; ")
	for _, c := range others {
		names := strings.Split(c.value, "; ")
		if c.score > 0.6 && len(names) > len(have) && len(names) < 8 && includes(names, have) {
			c.score = best.score
			return c
		}
	}
	return best
}

func includes(names, some []string) bool {
	all := map[string]bool{}
	for _, n := range names {
		all[squeezeLabel(n)] = true
	}
	for _, n := range some {
		if !all[squeezeLabel(n)] {
			return false
		}
	}
	return true
}

// metaNames are the names of <meta> that hold the author, with how far they
// are believed.
var metaNames = []struct {
	name  string
	score float64
}{
	{"author", 0.68}, {"article:author", 0.7}, {"byl", 0.76}, {"dc.creator", 0.72}, {"dcterms.creator", 0.7}, {"sailthru.author", 0.74}, {"parsely-author", 0.76},
	{"citation_author", 0.72}, {"dc.contributor", 0.5}, {"article:author:name", 0.7}, {"twitter:creator:name", 0.6},
}

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
		if !known[name] && namesAuthor(name) {
			known[name] = true
			cs = append(cs, p.metaAuthor(m, name, 0.66)...)
		}
	}
	// Cards of Twitter print a label and its value.
	for _, n := range []string{"1", "2"} {
		if labelTable()[squeezeLabel(m.get("twitter:label"+n))] == labelAuthor {
			cs = append(cs, p.metaAuthor(m, "twitter:data"+n, 0.7)...)
		}
	}
	return cs
}

// metaAuthor is the author that one name of <meta> holds.
func (p *Page) metaAuthor(m *metadata, name string, score float64) []candidate {
	return p.authorsOf(m, "meta-"+name, score, m.names[name])
}

// authorsOf makes one candidate of what a place of the metadata names. The
// site itself and desks are the last resort.
func (p *Page) authorsOf(m *metadata, rule string, score float64, raw []string) []candidate {
	var names, offices []string
	for _, r := range raw {
		switch n := authorNames(r); {
		case strings.Contains(r, "://"):
		case n != "" && !p.isSiteName(m, r) && !p.isPublisher(m, r):
			names = append(names, n)
		case size(r) <= maxByline/2 && (n != "" || desks.MatchString(r) || domainName.MatchString(r)):
			offices = append(offices, r)
		}
	}
	joined := joinNames(names)
	switch {
	case joined == "" && len(offices) == 0:
		return nil
	case joined == "":
		return []candidate{{value: joinNames(offices), raw: strings.Join(raw, " | "), rule: rule, score: score - 0.4}}
	case isAccount(joined):
		score -= 0.2
	}
	return []candidate{{value: joined, raw: strings.Join(raw, " | "), rule: rule, score: score}}
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
			return p.authorsOf(m, "json-ld-person", 0.64, persons)
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

// isPublisher reports whether a name is that of the publisher in JSON-LD.
func (p *Page) isPublisher(m *metadata, name string) bool {
	o := m.article()
	if o == nil {
		return false
	}
	publisher := m.ldNames(o["publisher"])
	return len(publisher) > 0 && squeezeLabel(publisher[0]) == squeezeLabel(name)
}
