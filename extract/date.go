package extract

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html/atom"
)

// findDate chooses the day of publication: a label, a bare date beside the
// headline, what the metadata says, a <time>, the address, in this order. A
// time at which the page was generated is never it.
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
	c := choose(slices.DeleteFunc(cs, beforeTheWeb))
	c.best = asShown(withTime(c.best, c.rejected), c.rejected)
	return c
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

// withTime prefers to a day another visible line that shows the same day with
// a time: many pages have the day in their metadata and both on show.
func withTime(best candidate, others []candidate) candidate {
	if len(best.value) > len(time.DateOnly) {
		return best
	}
	for _, c := range others {
		visible := strings.HasPrefix(c.rule, "label-") || c.rule == "above-text" || c.rule == "beside-labels"
		if visible && len(c.value) > len(time.DateOnly) && c.value[:len(time.DateOnly)] == best.value && !strings.HasPrefix(best.rule, "label-") {
			c.score = best.score
			return c
		}
	}
	return best
}

// asShown prefers to an instant of the metadata the day that the page shows
// when they are a day apart: the instant is that day in another zone. Of an
// instant in UTC the address and elements with a zone of their own say so too.
func asShown(best candidate, others []candidate) candidate {
	if !strings.HasPrefix(best.rule, "meta-") && !strings.HasPrefix(best.rule, "json-ld") || len(best.value) <= len(time.DateOnly) {
		return best
	}
	said, err := time.Parse(time.DateOnly, best.value[:len(time.DateOnly)])
	if err != nil {
		return best
	}
	utc := strings.HasSuffix(best.value, "+00:00") || len(best.value) == len("2006-01-02T15:04:05")
	for _, c := range others {
		shown := c.score >= 0.6 && (c.rule == "above-text" || strings.HasPrefix(c.rule, "label-date") || c.rule == "beside-labels" || c.rule == "near-title")
		local := utc && c.score >= 0.6 && (c.rule == "address" || c.rule == "time-element" && sameInstant(best.value, c.value) || strings.HasPrefix(c.rule, "meta-") && len(c.value) == len(time.DateOnly))
		if !shown && !local {
			continue
		}
		if t, err := time.Parse(time.DateOnly, c.value[:len(time.DateOnly)]); err == nil && (t.Sub(said) == 24*time.Hour || said.Sub(t) == 24*time.Hour) {
			c.score = best.score
			return c
		}
	}
	return best
}

// sameInstant reports whether two dates with zones are one instant.
func sameInstant(a, b string) bool {
	s, err1 := time.Parse(time.RFC3339, a)
	t, err2 := time.Parse(time.RFC3339, b)
	return err1 == nil && err2 == nil && s.Truncate(time.Minute).Equal(t.Truncate(time.Minute))
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

func (p *Page) language() string { return p.metadata().lang }

// labelledDates are the values of date labels.
func (p *Page) labelledDates(body bodyResult) []candidate {
	var cs []candidate
	info := p.infoLine()
	for _, l := range p.labelLines() {
		for _, x := range l.labels {
			score := 0.0
			switch x.kind {
			case labelDate:
				score = 0.9
			case labelUpdated:
				score = 0.72
			default:
				continue
			}
			raw := x.name + " " + x.value
			found := findStamps(x.value, p.language(), 1)
			if len(found) == 0 {
				continue
			}
			if l.block.runes > maxDateLine || l.block.runes > maxDateLine/2 && x != l.labels[0] || insideSentence(l, x, found[0]) {
				score -= 0.4 // a word of the text, not a label
			}
			if l == info {
				score += 0.08
			}
			cs = append(cs, candidate{value: found[0].in(nil), raw: raw, rule: "label-" + string(x.kind), score: score - p.distance(l.block, body), node: l.block.node})
		}
		if found := findStamps(l.bare, p.language(), 1); len(found) > 0 && l.block.runes < 200 && hasKind(l, labelSource, labelAuthor, labelEditor, labelNoise) {
			score := 0.86
			if !hasKind(l, labelSource, labelAuthor, labelEditor) {
				score = 0.8
			}
			if l == info {
				score += 0.08
			}
			cs = append(cs, candidate{value: found[0].in(nil), raw: l.bare, rule: "beside-labels", score: score - p.distance(l.block, body), node: l.block.node})
		}
	}
	return cs
}

// insideSentence reports whether what looks like a label of a date is a word of
// a text: much stands before it, or between it and the date.
func insideSentence(l *labelLine, x label, s stamp) bool {
	return size(x.value[:s.start]) > 40 || x == l.labels[0] && size(l.bare) > 60 && l.block.runes > maxDateLine/2
}

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
		if size(b.text) > 120 || b.hidden || b.linked*2 > b.runes {
			continue
		}
		found := b.stamps()
		if len(found) == 0 || len(findLabels(b.text)) > 0 {
			continue
		}
		score := 0.8 - min(math.Abs(float64(first-b.index)), headSpan)*0.01
		if rest := size(b.text) - (found[0].end - found[0].start); rest > 40 {
			score -= 0.1
		}
		if strings.Contains(b.text, "今天") || b.region != RegionMain {
			score -= 0.3
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

// kindOfWords is the kind of the label that ends a text without a colon, as in
// "Updated on 3 May 2018".
func kindOfWords(before string) labelKind {
	_, kind, ok := labelTable().before(strings.TrimRight(before, " :：,("), 0)
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
		found := b.stamps()
		if len(found) == 0 || b.hidden || size(b.text) > 120 || b.region != RegionMain && b.region != RegionHeader {
			return
		}
		if size(b.text)-(found[0].end-found[0].start) > 30 && kindOfWords(b.text[:found[0].start]) != labelDate {
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

// metaDateNames are the names of metadata that hold a date of publication,
// with how far they are to be believed.
var metaDateNames = []struct {
	name  string
	score float64
}{
	{"article:published_time", 0.84}, {"og:article:published_time", 0.83}, {"datepublished", 0.84}, {"publishdate", 0.8}, {"pubdate", 0.8}, {"firstpublishedtime", 0.8},
	{"publish-date", 0.8}, {"publish_date", 0.8}, {"published", 0.78}, {"sailthru.date", 0.78}, {"parsely-pub-date", 0.8}, {"cxenseparse:recs:publishtime", 0.78}, {"dc.date.issued", 0.8},
	{"dcterms.issued", 0.8}, {"dcterms.created", 0.74}, {"dc.date.created", 0.74}, {"dc.date", 0.66}, {"dcterms.date", 0.66}, {"dc.date.publication", 0.78}, {"date", 0.67}, {"og:pubdate", 0.78},
	{"rnews:datepublished", 0.8}, {"article.published", 0.8}, {"bt:pubdate", 0.78}, {"citation_publication_date", 0.74}, {"citation_date", 0.72}, {"article_date_original", 0.8},
	{"datecreated", 0.72}, {"published_time", 0.8}, {"releasedate", 0.76}, {"created", 0.6}, {"ptime", 0.7}, {"weibo:article:create_at", 0.8}, {"apub:time", 0.7},
	{"og:release_date", 0.74}, {"originalpublicationdate", 0.8}, {"last-modified", 0.35}, {"article:modified_time", 0.5}, {"og:updated_time", 0.45}, {"datemodified", 0.48}, {"dcterms.modified", 0.45}, {"lastmodifiedtime", 0.4},
}

// metaDates are the dates of <meta>, microdata and JSON-LD.
func (p *Page) metaDates(m *metadata) []candidate {
	var cs []candidate
	generated := p.generated(m)
	for _, n := range metaDateNames {
		raw := m.get(n.name)
		found := findStamps(raw, p.language(), 1)
		if len(found) == 0 {
			continue
		}
		score := n.score
		for _, g := range generated {
			if found[0].sameTime(g) {
				score = 0.3
			}
		}
		cs = append(cs, candidate{value: found[0].in(nil), raw: raw, rule: "meta-" + n.name, score: score})
	}
	if o := m.article(); o != nil {
		for _, of := range []struct {
			key   string
			score float64
		}{{"datePublished", 0.83}, {"dateCreated", 0.7}, {"dateModified", 0.47}} {
			raw := ldString(o, of.key)
			if found := findStamps(raw, p.language(), 1); len(found) > 0 {
				cs = append(cs, candidate{value: found[0].in(nil), raw: raw, rule: "json-ld-" + of.key, score: of.score})
			}
		}
	}
	return cs
}

// generated are the times at which the page says that it was built.
func (p *Page) generated(m *metadata) []stamp {
	var out []stamp
	for _, name := range []string{"maketime", "others", "generated", "build-time", "createdate"} {
		for _, v := range m.names[name] {
			if name != "others" || strings.Contains(v, "生成") {
				out = append(out, findStamps(v, "", 1)...)
			}
		}
	}
	return out
}

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
		case p.inFurniture(t.node, seen) && !hasRegionWord(t.node, []string{"byline", "dateline", "entry", "published"}):
			score -= 0.25
		case body.node != nil && within(t.node, body.node):
			score -= 0.02
		}
		if inLink(t) {
			score -= 0.05
		}
		cs = append(cs, candidate{value: found[0].in(nil), raw: raw, rule: "time-element", score: score})
	}
	return cs
}

func inLink(t timeElement) bool {
	for n := t.node; n != nil; n = n.Parent {
		if n.DataAtom == atom.A {
			return true
		}
	}
	return false
}

var (
	addressDay      = regexp.MustCompile(`[/_\-t](20[0-4]\d|19[89]\d)[/\-_]?(0[1-9]|1[0-2])[/\-_]?(0[1-9]|[12]\d|3[01])(?:[/_\-.]|$)`)
	addressDayFirst = regexp.MustCompile(`[/_\-.](0?[1-9]|[12]\d|3[01])[-.](0?[1-9]|1[0-2])[-.](20[0-4]\d)(?:[/_\-.]|$)`)
	addressLoose    = regexp.MustCompile(`/(20[0-4]\d|19[89]\d)/(\d{1,2})/(\d{1,2})/`)
)

// addressDate is the day that the address of the page holds.
func (p *Page) addressDate() []candidate {
	address := p.Snapshot.FinalURL
	if address == "" {
		address = p.Snapshot.URL
	}
	if g := addressDayFirst.FindStringSubmatch(address); g != nil {
		if s := (stamp{year: atoi(g[3]), month: atoi(g[2]), day: atoi(g[1])}); s.valid() {
			return []candidate{{value: s.in(nil), raw: g[0], rule: "address", score: 0.56}}
		}
	}
	for _, re := range []*regexp.Regexp{addressDay, addressLoose} {
		if g := re.FindStringSubmatch(address); g != nil {
			s := stamp{year: atoi(g[1]), month: atoi(g[2]), day: atoi(g[3])}
			if s.valid() {
				return []candidate{{value: s.in(nil), raw: g[0], rule: "address", score: 0.66}}
			}
		}
	}
	return nil
}
