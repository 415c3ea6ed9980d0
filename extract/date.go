package extract

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// findDate chooses the day of publication: a label, what the metadata says, a bare date beside the
// headline, a <time>, the address, in this order; such a bare date before the metadata where it
// is right below the headline and earlier. A time at which the page was generated is never it.
func (p *Page) findDate(m *metadata, body bodyResult) choice {
	cs := p.labelledDates(body)
	cs = append(cs, p.bareDates(body)...)
	cs = append(cs, p.metaDates(m)...)
	cs = append(cs, p.timeElements(m, body)...)
	cs = append(cs, p.lateDates(body)...)
	cs = append(cs, p.addressDate()...)
	cs = append(cs, p.titleDates()...)
	cs = append(cs, p.namedDates(body)...)
	cs = append(cs, p.postedDates(body)...)
	cs = append(cs, p.dateline(body)...)
	if len(cs) == 0 {
		cs = p.scriptDates()
	}
	events := p.eventLines()
	c := choose(slices.DeleteFunc(cs, func(c candidate) bool {
		return beforeTheWeb(c) || p.isAhead(c) || events[c.raw] || isOfRow(c, body) || besideCopyright(c) || p.isClock(c)
	}))
	c.best = asShown(withTime(c.best, c.rejected), c.rejected)
	return p.byDayBelowHeadline(c)
}

// byDayBelowHeadline chooses the day that a line right below the headline shows and little else, where
// metadata name a later one: that is when the page was moved to another system, or edited.
func (p *Page) byDayBelowHeadline(c choice) choice {
	if !strings.HasPrefix(c.best.rule, "json-ld") && !strings.HasPrefix(c.best.rule, "meta-") {
		return c
	}
	at := -1
	for i, shown := range c.rejected {
		if shown.rule != "above-text" || len(shown.value) < len(time.DateOnly) || shown.value >= c.best.value[:min(len(c.best.value), len(time.DateOnly))] {
			continue
		}
		if at < 0 {
			at = p.headlineAt()
		}
		b := p.blockAt(shown.node)
		if at >= 0 && b != nil && b.index > at && b.index <= at+2 && lettersBesideStamps(b) <= maxDayName && kindOfWords(b.text[:b.stamps()[0].start]) != labelUpdated {
			return choice{best: shown, rejected: slices.Insert(slices.Delete(slices.Clone(c.rejected), i, i+1), 0, c.best)}
		}
	}
	return c
}

// isOfRow reports whether a date stands in the table that is all the text of a page: it is
// that of one of its rows.
func isOfRow(c candidate, body bodyResult) bool {
	return body.cand.rule == ruleTable && c.node != nil && within(c.node, body.node)
}

// firstPages is the year of the first pages that can have shown their date
// without a label or a mark.
const firstPages = 1994

// beforeTheWeb refuses dates of running lines that are older than web pages.
func beforeTheWeb(c candidate) bool {
	switch c.rule {
	case "above-text", "late-line", "near-title", "named-line", "dateline", "posted-below":
		return len(c.value) > 4 && atoi(c.value[:4]) < firstPages
	}
	return false
}

// inZone writes the date of a raw text with the zone of the site, if it has
// none.
func (p *Page) inZone(raw string, zone *time.Location, value string) string {
	for _, s := range findStamps(raw, p.language(), 3) {
		if s.in(nil) == value {
			return s.in(zone)
		}
	}
	return value
}

// isOfSite reports whether a line is of the foot of the site, where "Last updated" says
// when anything at all was changed.
func (p *Page) isOfSite(b *block) bool {
	return b.region == RegionFooter && !inside(b.node, atom.Article) && !inside(b.node, atom.Main) || copyrights.MatchString(b.text)
}

// besideCopyright reports whether a date stands on the line of the copyright, and is not
// said to be that of publication.
func besideCopyright(c candidate) bool {
	if c.rule == "label-date" || !copyrights.MatchString(c.raw) {
		return false
	}
	found := findStamps(c.raw, "", 1)
	return len(found) == 0 || kindOfWords(c.raw[:found[0].start]) != labelDate
}

var copyrights = regexp.MustCompile(`(?i)\bcopyright\b|all rights reserved|版权所有|版權所有`)

// maxDateLine is the length of the longest line that holds a label of a date.
const maxDateLine = 300

func hasKind(l *labelLine, kinds ...labelKind) bool {
	for _, k := range kinds {
		if _, ok := l.value(k); ok {
			return true
		}
	}
	return false
}

// distance is how much less a line is believed that stands in the furniture
// or behind the text.
func (p *Page) distance(b *block, body bodyResult) float64 {
	d := -p.siteSaysDate(b)
	if b.region == RegionFooter || b.region == RegionNav || b.hidden {
		d += 0.3
	}
	if n := len(body.blocks); n > 0 {
		switch first, last := body.blocks[0].index, body.blocks[n-1].index; {
		case b.index > last+3:
			d += 0.25
		case b.index > first+1 && b.index < last:
			d += 0.2
		case first-b.index > 25:
			d += 0.15
		}
	}
	if p.inFurniture(b.node, p.furnitureSeen()) {
		d += 0.12
	}
	return d
}

// headSpan is how many lines above the text a bare date may stand.
const headSpan = 12

// bareDates are short lines with a date right above the text.
func (p *Page) bareDates(body bodyResult) []candidate {
	if len(body.blocks) == 0 {
		return nil
	}
	first := body.blocks[0].index
	var cs []candidate
	all := p.pageBlocks()
	lines := slices.Clone(all[max(0, first-headSpan):min(first+1, len(all))])
	for _, b := range body.head {
		if b.index > first || b.index < first-headSpan {
			lines = append(lines, b)
		}
	}
	for _, b := range lines {
		if b.size > 120 || b.hidden || isQuoted(b.node) {
			continue
		}
		found := b.stamps()
		if len(found) == 0 || len(findLabels(b.text)) > 0 || isLinkRow(b, found[0]) {
			continue
		}
		score := 0.8 - min(math.Abs(float64(first-b.index)), headSpan)*0.01
		if rest := b.size - (found[0].end - found[0].start); rest > 40 {
			score -= 0.1
		}
		if b.region != RegionMain || today.MatchString(b.text) {
			score -= 0.3
		}
		if b.index == first && b.gain() > 0 && !isStampLine(b) {
			score -= 0.15 // of what the text tells
		}
		switch kindOfWords(b.text[:found[0].start]) {
		case labelUpdated:
			score -= 0.2
		case labelNotDate:
			continue
		}
		cs = append(cs, candidate{value: found[0].in(nil), raw: b.text, rule: "above-text", score: score + p.siteSaysDate(b), node: b.node})
	}
	return cs
}

// today finds lines that say which day it is.
var today = regexp.MustCompile(`(?i)今天|^今日[是：]|^现在(?:时间|是)|^today(?: is|:|'s date)|^(?:current )?date (?:and|&) time|^current (?:date|time)|^heute ist|^aujourd'hui|^hoy es|^hoje é|^сегодня\b`)

// isClock reports whether a date is that of fetching and stands above the menu, also one of pictures, or with it in
// the head of the site or a row of a table, where many sites show which day it is, in
// whatever words.
func (p *Page) isClock(c candidate) bool {
	if p.Snapshot == nil || c.node == nil || strings.HasPrefix(c.rule, "label-") {
		return false
	}
	b, headline := p.blockAt(c.node), p.headlineAt()
	if b == nil || b.index >= headline || !p.isOfToday(b, c.value) {
		return false
	}
	if slices.ContainsFunc(p.pageBlocks()[b.index:headline], func(b *block) bool { return b.region == RegionNav }) {
		return true
	}
	if b.row != nil && !within(p.pageBlocks()[headline].node, b.row) && inRowOfCells(p.pageBlocks(), b.index) {
		return true
	}
	if p.linksBetween(c.node, p.pageBlocks()[headline].node) >= minMenu {
		return true
	}
	head := siteHead(b.node)
	return head != nil && !within(p.pageBlocks()[headline].node, head)
}

// isOfToday reports whether a line has the day of fetching, or where nobody knows that, one with the
// name of a weekday or above the menu, as clocks do.
func (p *Page) isOfToday(b *block, date string) bool {
	now := p.Snapshot.FetchedAt
	if now.IsZero() {
		return weekday.MatchString(b.text) || p.isAboveMenu(b, p.pageBlocks()[p.headlineAt()])
	}
	day := date[:min(len(date), len(time.DateOnly))]
	return day >= now.Add(-14*time.Hour).Format(time.DateOnly) && day <= now.Add(14*time.Hour).Format(time.DateOnly)
}

var weekday = regexp.MustCompile(`(?i)\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|domingo|sábado|sabato|domenica|(?:segunda|terça|quarta|quinta|sexta)-feira|senin|selasa|rabu|kamis|jum'?at|sabtu|minggu)\b|星期[一二三四五六日天]|周[一二三四五六日]|[月火水木金土日]曜|[월화수목금토일]요일|понедельник|вторник|сред[аы]|четверг|пятниц|суббот|воскресень|понеділок|вівторок|серед[аиу]|п’ятниц|неділ|thứ (?:hai|ba|tư|năm|sáu|bảy)|chủ nhật|الاثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|الأحد|วัน(?:จันทร์|อังคาร|พุธ|พฤหัสบดี|ศุกร์|เสาร์|อาทิตย์)`)

// minMenu is how many entries a menu has at the least: lines in an element of that name, or links
// of pictures or of the areas of one.
const minMenu = 4

// linksBetween counts the links that stand between two elements of the page.
func (p *Page) linksBetween(from, to *html.Node) (links int) {
	begun := false
	for _, n := range p.elements() {
		switch {
		case n == to:
			return links
		case n == from:
			begun = true
		case begun && (n.DataAtom == atom.A || n.DataAtom == atom.Area) && attrOf(n, "href") != "":
			links++
		}
	}
	return links
}

// siteHead is the outermost element around another that is called a header, nil when none is.
func siteHead(n *html.Node) (head *html.Node) {
	for ; n != nil && n.DataAtom != atom.Body; n = n.Parent {
		if regionOf(n, RegionMain) == RegionHeader {
			head = n
		}
	}
	return head
}

// isQuoted reports whether a line is of a quotation, such as a post of another
// site with the day of that.
func isQuoted(n *html.Node) bool { return inside(n, atom.Blockquote) }

// maxLinkedName is how much of the line of a date may be linked beside it: the
// name of a writer or of a section, but no headline.
const maxLinkedName = 30

// isLinkRow reports whether a line with a date is a row of a list rather than
// the line of an article, whose writer may be a link.
func isLinkRow(b *block, s stamp) bool {
	const shortest = 8 // of Chinese headlines
	return isListRow(b) && b.linked >= shortest && b.isDatedLink() || b.linked*2 > b.runes && (b.linked > maxLinkedName || b.linked+size(b.text[s.start:s.end]) > b.runes)
}

// kindOfWords is the kind of the label that ends a text without a colon, as in
// "Updated on 3 May 2018".
func kindOfWords(before string) labelKind {
	_, kind, ok := labelTable().before(strings.TrimRight(before, " :：,("), 0, nil)
	if !ok {
		return ""
	}
	return kind
}

// tailSpan is how many lines behind the text a bare date may stand.
const tailSpan = 6

// lateDates are lines with little but a date inside the text or right behind
// it: the signature of a notice, the last line of a blog's entry.
func (p *Page) lateDates(body bodyResult) []candidate {
	n := len(body.blocks)
	if n == 0 {
		return nil
	}
	all := p.pageBlocks()
	var cs []candidate
	add := func(b *block, score float64) {
		if b.hidden || b.size > 120 || b.region != RegionMain && b.region != RegionHeader || isRowOfLink(b) {
			return
		}
		found := b.stamps()
		if len(found) == 0 {
			return
		}
		if b.size-(found[0].end-found[0].start) > 30 && kindOfWords(b.text[:found[0].start]) != labelDate {
			score -= 0.1
		}
		if k := kindOfWords(b.text[:found[0].start]); k == labelNotDate || strings.Contains(b.text, "©") {
			return
		}
		cs = append(cs, candidate{value: found[0].in(nil), raw: b.text, rule: "late-line", score: score + p.siteSaysDate(b), node: b.node})
	}
	for i, b := range body.blocks[:min(n, 4)] {
		add(b, 0.42-float64(i)*0.02)
	}
	for _, b := range body.blocks[max(0, n-2):] {
		add(b, 0.36)
	}
	last := body.blocks[n-1].index
	for i := last + 1; i < min(last+1+tailSpan, len(all)); i++ {
		add(all[i], 0.4-float64(i-last)*0.02)
	}
	return cs
}

// bylineNames name furniture that shows the date of the article all the same.
var bylineNames = wordSet("byline", "dateline", "entry", "published")

// timeElements are the <time> elements of the article's head.
func (p *Page) timeElements(m *metadata, body bodyResult) []candidate {
	var cs []candidate
	seen := p.furnitureSeen()
	for i, t := range m.times {
		raw := t.datetime
		if len(findStamps(raw, p.language(), 1)) == 0 {
			raw = shortText(t.node, 100)
		}
		found := findStamps(raw, p.language(), 1)
		if len(found) == 0 {
			continue
		}
		score := 0.7 - min(float64(i), 8)*0.02
		if t.marked {
			score += 0.08
		}
		switch {
		case p.inFurniture(t.node, seen) && !hasRegionWord(t.node, bylineNames):
			score -= 0.25
		case body.node != nil && within(t.node, body.node):
			score -= 0.02
		}
		if inside(t.node, atom.A) {
			score -= 0.05
		}
		cs = append(cs, candidate{value: found[0].in(nil), raw: raw, rule: "time-element", score: score, node: t.node})
	}
	return cs
}

var (
	addressDay      = regexp.MustCompile(`[/_\-t](20[0-4]\d|19[89]\d)[/\-_]?(0[1-9]|1[0-2])[/\-_]?(0[1-9]|[12]\d|3[01])(?:[/_\-.]|$)`)
	addressDayFirst = regexp.MustCompile(`[/_\-.](0?[1-9]|[12]\d|3[01])[-.](0?[1-9]|1[0-2])[-.](20[0-4]\d)(?:[/_\-.]|$)`)
	addressNumber   = regexp.MustCompile(`/[A-Za-z]{0,3}(20[0-4]\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d\d*(?:[/_\-.?]|$)`)
	addressLoose    = regexp.MustCompile(`/(20[0-4]\d|19[89]\d)/(\d{1,2})/(\d{1,2})/`)
)

// addressDate is the day that the address of the page holds.
func (p *Page) addressDate() []candidate {
	address := p.address()
	if i := strings.LastIndex(address, "://"); i > len("https") {
		address = address[i:] // the page is a copy, and the day that of copying
	}
	if g := addressDayFirst.FindStringSubmatch(address); g != nil {
		if s := (stamp{year: atoi(g[3]), month: atoi(g[2]), day: atoi(g[1])}); s.valid() {
			return []candidate{{value: s.in(nil), raw: g[0], rule: "address", score: 0.56}}
		}
	}
	for _, re := range []*regexp.Regexp{addressDay, addressLoose, addressNumber} {
		if g := re.FindStringSubmatch(address); g != nil {
			s := stamp{year: atoi(g[1]), month: atoi(g[2]), day: atoi(g[3])}
			if s.valid() {
				return []candidate{{value: s.in(nil), raw: g[0], rule: "address", score: 0.66}}
			}
		}
	}
	return nil
}
