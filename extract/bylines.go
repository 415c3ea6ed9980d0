package extract

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxByline is the size of the longest line that can name the author;
// maxNamed is how many elements named as the author are looked at, which
// bounds the work on pages that are lists of comments.
const (
	maxByline = 120
	maxNamed  = 60
)

// bylines are the places of a page that name the author without a label:
// lines that begin like "By", elements and links that are named so, names
// beside the date.
func (p *Page) bylines(m *metadata, body bodyResult) []candidate {
	cs := p.bylineBlocks(m, body)
	return append(cs, p.namedAuthors(m, body)...)
}

// bylineBlocks reads the lines around the head of the text and its last lines.
func (p *Page) bylineBlocks(m *metadata, body bodyResult) []candidate {
	var cs []candidate
	first, last := len(p.pageBlocks()), -1
	if n := len(body.blocks); n > 0 {
		first, last = body.blocks[0].index, body.blocks[n-1].index
	}
	for _, b := range p.pageBlocks() {
		head := b.index <= first+4 && first-b.index <= 15
		tail := b.index >= last-5 && b.index <= last+3
		if b.hidden || b.size > maxByline || !head && !tail || p.isAside(b.node) || p.isAmongRows(b) || b.heading == 1 && strings.Contains(squeezeLabel(m.title), b.key()) {
			continue
		}
		c, ok := p.bylineOf(b)
		if ok && b.index >= first && mostlyHan(b.text) {
			continue // a reporter that the text itself names is part of the text
		}
		if !ok && b.index >= first-1 && b.index <= first+1 {
			c, ok = p.signature(b)
		}
		if !ok {
			continue
		}
		if !head {
			c.score -= 0.12
		}
		if p.isOwner(m, c.value) {
			c.score -= 0.45
		}
		cs = append(cs, c)
	}
	return cs
}

// lineParts separates what stands on one line: "19 Jan | 10:46 | By Ann Lee".
var lineParts = strings.NewReplacer("|", "\n", "·", "\n", "•", "\n", " / ", "\n", " – ", "\n", " — ", "\n", " - ", "\n", "｜", "\n")

// bylineOf reads a line as a byline. One that begins with "By" is clear; a
// part with the form of a name is taken when the line shows a date as well.
func (p *Page) bylineOf(b *block) (candidate, bool) {
	if rest, ok := cutBy(b.text); ok {
		if names := namesBehindBy(b.beforeSeam(len(b.text) - len(rest))); names != "" {
			return candidate{value: names, raw: b.text, rule: "byline", score: deskScore(names, 0.8)}, true
		}
	}
	if rest := authorLinks.ReplaceAllString(b.text, ""); rest != b.text && looksPersonal(firstName(rest)) {
		return candidate{value: authorNames(rest), raw: b.text, rule: "byline", score: 0.74}, true
	}
	found := b.stamps()
	besideDate := b.text
	if len(found) > 0 {
		behind := strings.TrimLeft(b.text[found[0].end:], " ,|·-")
		if rest, ok := cutBy(behind); ok {
			if names := namesBehindBy(b.beforeSeam(len(b.text) - len(rest))); names != "" {
				return candidate{value: names, raw: b.text, rule: "byline", score: 0.8}, true
			}
		}
		if word, rest, ok := strings.Cut(behind, " "); ok && byMade[strings.ToLower(word)] && looksPersonal(authorNames(rest)) {
			return candidate{value: authorNames(rest), raw: b.text, rule: "byline", score: 0.78}, true
		}
		besideDate = strings.Trim(b.text[:found[0].start]+" "+b.text[found[0].end:], " 　|｜·.")
	}
	for _, line := range []string{b.text, besideDate} {
		if rest, ok := cutRole(line); ok {
			return candidate{value: authorNames(rest), raw: b.text, rule: "byline", score: 0.74}, true
		}
	}
	if _, writer := cutWriter(besideDate); writer != "" && !mostlyLatin(writer) {
		return candidate{value: authorNames(writer), raw: b.text, rule: "byline", score: 0.74}, true
	}
	for part := range strings.SplitSeq(lineParts.Replace(b.text), "\n") {
		part = withoutButtons(part)
		if rest, ok := cutBy(part); ok {
			if names := namesBehindBy(rest); names != "" {
				return candidate{value: names, raw: b.text, rule: "byline", score: 0.78}, true
			}
		}
		if first, _, ok := strings.Cut(part, " "); ok && labelTable().kind(first) == labelSource {
			continue // "Source Xinhua"
		}
		if name, job, ok := strings.Cut(part, ", "); ok && isJob(job) {
			part = name
		}
		if len(found) > 0 && b.heading == 0 && looksPersonal(part) && !isShouted(part) && !namesOffice(part) && len(findLabels(part)) == 0 {
			if names := authorNames(part); names != "" {
				return candidate{value: names, raw: b.text, rule: "beside-date", score: 0.6}, true
			}
		}
	}
	return candidate{}, false
}

// cutRole takes the role off a line that is nothing but reporters with their
// role: before the names in Chinese and Japanese, behind them in Korean.
func cutRole(s string) (string, bool) {
	if s == "" || s[0] < utf8.RuneSelf {
		return "", false
	}
	if m := hangulByline.FindStringSubmatch(s); m != nil {
		return m[1], true
	}
	role := authorRoles.FindString(s)
	rest := strings.TrimSpace(s[len(role):])
	if size(role) < 4 || size(rest) > 40 {
		return "", false
	}
	for _, w := range strings.FieldsFunc(rest, func(r rune) bool { return strings.ContainsRune(" 　、，,；", r) }) {
		if n := utf8.RuneCountInString(w); !allHan(w) || n > 5 {
			return "", false
		}
	}
	return rest, rest != ""
}

// hangulByline is a line such as "춘천=김철수 기자 kim@example.org", also with the date.
var hangulByline = regexp.MustCompile(`^(?:[\p{Hangul}·]+=)?(\p{Hangul}{2,4}(?:[,·]\s?\p{Hangul}{2,4})*)\s?(?:기자|특파원)(?:\s+\S+@\S+)?(?:\s*[|·]?\s*(?:입력|등록|승인)?\s*\d{4}[\d.\-/:\s]*(?:[|·].*)?)?$`)

// deskScore is the score of a byline, less when it names a desk, or is one
// word that can be anything.
func deskScore(names string, score float64) float64 {
	switch {
	case desks.MatchString(names):
		return score - 0.45
	case mostlyLatin(names) && !strings.Contains(names, " "):
		return score - 0.12
	}
	return score
}

// firstName is the first name of a list.
func firstName(s string) string {
	names, _, _ := strings.Cut(authorNames(s), "; ")
	return names
}

// signature reads the lines where the text begins: a name alone in bold or
// slanted letters. Below texts such lines name others (4 of 5).
func (p *Page) signature(b *block) (candidate, bool) {
	if !b.bold && !slanted(b.node, b.text) || b.heading > 0 || b.size > 60 {
		return candidate{}, false
	}
	names := authorNames(b.text)
	for n := range strings.SplitSeq(names, "; ") {
		if !looksPersonal(n) || isShouted(n) || namesOffice(n) {
			return candidate{}, false
		}
	}
	if size(names)+4 < b.size {
		return candidate{}, false
	}
	return candidate{value: names, raw: b.text, rule: "signature", score: 0.5}, true
}

// slanted reports whether all text of a line stands in one em or i.
func slanted(n *html.Node, text string) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Em || c.DataAtom == atom.I {
			return strings.Contains(shortText(c, 100), text)
		}
	}
	return false
}
