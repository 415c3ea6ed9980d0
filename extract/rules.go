package extract

import (
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"github.com/dossier-archive/dossier"
)

// remove takes elements out of the page before anything is read from it.
func (p *Page) remove(selectors []string) {
	if len(selectors) == 0 {
		return
	}
	doc := goquery.NewDocumentFromNode(p.Root)
	for _, s := range selectors {
		doc.Find(s).Remove()
	}
	p.found = found{}
}

// ruleText is the text that a rule reads: of the first element that its
// selector matches, or of the whole page.
func (p *Page) ruleText(r dossier.FieldRule) (string, bool) {
	root := p.Root
	if r.Selector != "" {
		found := goquery.NewDocumentFromNode(p.Root).Find(r.Selector)
		if found.Length() == 0 {
			return "", false
		}
		root = found.Nodes[0]
	}
	return collapse(strip(fullText(root))), true
}

// fullText is all text below a node, hidden or not, with blanks where elements
// with lines of their own begin and end.
func fullText(root *html.Node) string {
	var b strings.Builder
	w := blockWalk{}
	w.walk(root, blockState{node: root, region: RegionMain}, 0)
	w.flush()
	for i, x := range w.blocks {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(x.text)
	}
	return b.String()
}

// ruleUnmatched is what evidence says of a rule that finds nothing.
const ruleUnmatched = "site-rule-unmatched"

// byRule reads a field by its rule alone. When the rule finds nothing the
// value is empty and the evidence says so: a rule that no longer fits its
// site has to be seen.
func (p *Page) byRule(r dossier.FieldRule) candidate {
	text, found := p.ruleText(r)
	if !found {
		return candidate{rule: ruleUnmatched, raw: r.Selector}
	}
	value := text
	if r.Match != nil {
		g := r.Match.FindStringSubmatch(text)
		if g == nil {
			return candidate{rule: ruleUnmatched, raw: text}
		}
		value = g[0]
		if len(g) > 1 {
			value = g[1]
		}
	}
	return candidate{value: strings.TrimSpace(value), raw: text, rule: "site-rule", score: 1}
}

// dateByRule reads the date in the layout of the rule, or in any known form.
func (p *Page) dateByRule(r dossier.FieldRule, zone *time.Location) candidate {
	c := p.byRule(r)
	if c.value == "" {
		return c
	}
	if r.Layout == "" {
		found := findStamps(c.value, p.language(), 1)
		if len(found) == 0 {
			return candidate{rule: "site-rule-no-date", raw: c.value}
		}
		c.value = found[0].in(zone)
		return c
	}
	in := zone
	if in == nil {
		in = time.UTC
	}
	t, err := time.ParseInLocation(r.Layout, c.value, in)
	if err != nil {
		return candidate{rule: "site-rule-no-date", raw: c.value}
	}
	s := stamp{year: t.Year(), month: int(t.Month()), day: t.Day(), hour: t.Hour(), minute: t.Minute(), second: t.Second()}
	s.hasTime = strings.Contains(r.Layout, "15") || strings.Contains(r.Layout, "03") || strings.Contains(r.Layout, "3:04")
	if strings.Contains(r.Layout, "MST") || strings.Contains(r.Layout, "Z07") || strings.Contains(r.Layout, "-07") {
		_, s.offset = t.Zone()
		s.hasZone = true
	}
	c.value = s.in(zone)
	return c
}

// bodyByRule takes the text of the elements that the rule's selector matches.
func (p *Page) bodyByRule(r dossier.FieldRule) bodyResult {
	if r.Match != nil || r.Selector == "" {
		c := p.byRule(r)
		return bodyResult{text: c.value, cand: c}
	}
	found := goquery.NewDocumentFromNode(p.Root).Find(r.Selector)
	if found.Length() == 0 {
		return bodyResult{cand: candidate{rule: ruleUnmatched, raw: r.Selector}}
	}
	out := bodyResult{node: found.Nodes[0], cand: candidate{rule: "site-rule", raw: describe(found.Nodes[0]), score: 1}}
	for _, b := range p.pageBlocks() {
		for _, n := range found.Nodes {
			if within(b.node, n) {
				out.blocks = append(out.blocks, b)
				break
			}
		}
	}
	out.text = render(out.blocks)
	return out
}
