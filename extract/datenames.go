package extract

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// dateNames are parts of ids and classes of elements that show a date.
var dateNames = wordSet("date", "datum", "fecha", "data", "dato", "published", "publish", "pubdate", "pubtime", "posted", "timestamp", "datetime", "created", "dateline", "postdate", "entrydate", "newsdate",
	"newsdatum", "fbdatum", "riqi", "shijian", "ngay", "tanggal", "tarih", "calendar", "clock")

const (
	// maxNamedDates bounds how many elements with such a name are looked at.
	maxNamedDates = 40
	// nearTitle is how many lines around the headline may hold its date.
	nearTitle = 8
	// minList is how many dates with a name make a list of stories.
	minList = 6
)

// namedDates are short lines of elements that are named for a date, and values
// of attributes that are marked as the date of publication, wherever they
// stand. Those near the headline come first.
func (p *Page) namedDates(body bodyResult) []candidate {
	var cs []candidate
	named := map[*html.Node]bool{}
	eachElement(p.Root, func(n *html.Node) {
		if len(named) >= maxNamedDates || !hasRegionWord(n, dateNames) && !isMarkedDate(n) {
			return
		}
		if c, ok := p.attributeDate(n); ok {
			cs = append(cs, c)
		}
		if line := lineOf(n); line != nil {
			named[line] = true
		}
	})
	var lines []candidate
	title := p.headlineAt()
	for _, b := range p.pageBlocks() {
		if !named[b.node] || b.hidden || b.size > 120 || b.region == RegionFooter {
			continue
		}
		if c, ok := p.lineDate(b, "named-line", 0.6-float64(min(len(lines), 5))*0.01); ok {
			c.score -= p.apart(b, body, title)
			lines = append(lines, c)
		}
	}
	if len(lines) >= minList {
		for i := range lines {
			lines[i].score -= 0.1
		}
	}
	return append(cs, lines...)
}

// lineOf is the element on whose line an element stands.
func lineOf(n *html.Node) *html.Node {
	for ; n != nil && n.DataAtom != atom.Body; n = n.Parent {
		if isBlock(n) {
			return n
		}
	}
	return nil
}

func isMarkedDate(n *html.Node) bool {
	prop := strings.ToLower(attrOf(n, "itemprop") + " " + attrOf(n, "property"))
	return n.DataAtom != atom.Meta && (strings.Contains(prop, "datepublished") || strings.Contains(prop, "datecreated"))
}

// attributeDate is the instant that an element holds beside what it shows.
func (p *Page) attributeDate(n *html.Node) (candidate, bool) {
	for _, key := range []string{"content", "title", "datetime", "data-datetime", "data-date"} {
		raw := attrOf(n, key)
		if len(raw) < len("2018-01-19") || len(raw) > 60 || n.DataAtom == atom.Meta || n.DataAtom == atom.Time {
			continue
		}
		if found := findStamps(raw, p.language(), 1); len(found) > 0 && found[0].start == 0 {
			score := 0.52
			if isMarkedDate(n) {
				score = 0.74
			}
			if p.inFurniture(n, p.furnitureSeen()) {
				score -= 0.2
			}
			return candidate{value: found[0].in(nil), raw: raw, rule: "attribute", score: score}, true
		}
	}
	return candidate{}, false
}

// lineDate reads the date of a line that shows little else.
func (p *Page) lineDate(b *block, rule string, score float64) (candidate, bool) {
	found := b.stamps()
	if len(found) == 0 || strings.ContainsAny(b.text, "©") || today.MatchString(b.text) || isQuoted(b.node) {
		return candidate{}, false
	}
	switch kindOfWords(b.text[:found[0].start]) {
	case labelUpdated:
		score -= 0.1
	case labelNotDate:
		return candidate{}, false
	}
	return candidate{value: found[0].in(nil), raw: b.text, rule: rule, score: score, node: b.node}, true
}

// apart is how much less a line is believed for standing away from the
// headline, or in what stands around articles.
func (p *Page) apart(b *block, body bodyResult, title int) float64 {
	d := 0.0
	if p.inFurniture(b.node.Parent, p.furnitureSeen()) || b.region == RegionNav {
		d += 0.15
	}
	if b.linked*2 > b.runes {
		d += 0.04
	}
	if n := len(body.blocks); n > 0 && b.index > body.blocks[n-1].index+tailSpan {
		d += 0.1
	}
	if title >= 0 && abs(b.index-title) <= nearTitle {
		d -= 0.08
	}
	return d
}

func abs(n int) int { return max(n, -n) }

// titleDates are lines of a date near the headline, when the text stands far
// below it.
func (p *Page) titleDates() []candidate {
	at := p.headlineAt()
	if at < 0 {
		return nil
	}
	all := p.pageBlocks()
	var cs []candidate
	for _, b := range all[max(0, at-3):min(at+nearTitle, len(all))] {
		if b.hidden || b.linked*2 > b.runes || b.region == RegionFooter || b.region == RegionNav || !isStampLine(b) || isLinkRow(b, b.stamps()[0]) {
			continue
		}
		if c, ok := p.lineDate(b, "near-title", 0.68-float64(abs(b.index-at))*0.01); ok {
			if b.region != RegionMain {
				c.score -= 0.15
			}
			cs = append(cs, c)
		}
	}
	return cs
}

// postedPhrases are what blogs and old pages say below an entry.
var postedPhrases = []string{"this entry was posted", "this post was", "this article was", "posted on", "posted by", "published on", "published in", "posted at", "wurde am", "erstellt am", "geschrieben am", "eingestellt am",
	"veröffentlicht am", "erschienen am", "verfasst am", "publié le", "mis en ligne le", "publicado el", "publicado em", "pubblicato il", "geplaatst op", "gepubliceerd op", "opublikowano", "dodano", "publikováno", "опубликовано", "发表于", "發表於"}

// postedSpan is how many lines below the text they may stand.
const postedSpan = 30

func (p *Page) postedDates(body bodyResult) []candidate {
	n := len(body.blocks)
	if n == 0 {
		return nil
	}
	all := p.pageBlocks()
	last := body.blocks[n-1].index
	var cs []candidate
	for _, b := range all[max(0, last-1):min(last+postedSpan, len(all))] {
		text := strings.ToLower(b.text)
		if b.hidden || size(text) > 300 {
			continue
		}
		for _, phrase := range postedPhrases {
			if i := strings.Index(text, phrase); i >= 0 && len(text) == len(b.text) {
				if found := findStamps(b.text[i+len(phrase):], p.language(), 1); len(found) > 0 && found[0].start < 40 {
					cs = append(cs, candidate{value: found[0].in(nil), raw: b.text, rule: "posted-below", score: 0.6, node: b.node})
				}
				break
			}
		}
	}
	return cs
}

// maxAboveDateline is how many lines a text has before the one that opens with
// its date: standfirst, writer, caption.
const maxAboveDateline = 5

// maxDateline is where the longest date that begins a text has ended, in bytes.
const maxDateline = 200

// dateline is the date that the text itself begins with: "27.1.2022 – In …".
func (p *Page) dateline(body bodyResult) []candidate {
	for _, b := range body.blocks[:min(len(body.blocks), maxAboveDateline)] {
		text := strings.TrimLeft(b.text, "([")
		found := findStamps(cut(text, maxDateline), p.language(), 1)
		if len(found) == 0 || found[0].start > 0 {
			continue
		}
		rest := strings.TrimLeft(text[found[0].end:], " ")
		if rest == "" || strings.ContainsAny(rest[:1], "-:.)]|/") || strings.HasPrefix(rest, "–") || strings.HasPrefix(rest, "—") {
			return []candidate{{value: found[0].in(nil), raw: cut(b.text, 60), rule: "dateline", score: 0.52, node: b.node}}
		}
	}
	return nil
}

// scriptKeys name the date of publication in the data of scripts.
var scriptKeys = regexp.MustCompile(`(?i)\\?"(?:datePublished|publishedAt|published_at|publishDate|publish_date|publicationDate|publication_date|pubDate|firstPublished|first_published|createdAt|created_at|dateCreated)\\?"\s*:\s*\\?"((?:19|20)\d\d[-/]\d\d[-/]\d\d[^"\\]{0,20})`)

// maxScript is how much of a script is looked at.
const maxScript = 1 << 20

// scriptDates are the dates of publication in the data of scripts, for pages
// that say it nowhere else.
func (p *Page) scriptDates() []candidate {
	var cs []candidate
	eachElement(p.Root, func(n *html.Node) {
		if n.DataAtom != atom.Script || n.FirstChild == nil || len(cs) > 0 {
			return
		}
		data := n.FirstChild.Data[:min(len(n.FirstChild.Data), maxScript)]
		if g := scriptKeys.FindStringSubmatch(data); g != nil {
			if found := findStamps(g[1], "", 1); len(found) > 0 {
				cs = append(cs, candidate{value: found[0].in(nil), raw: g[0], rule: "script", score: 0.5})
			}
		}
	})
	return cs
}
