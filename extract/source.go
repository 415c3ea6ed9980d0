package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// findSource chooses where the text comes from.
func (p *Page) findSource(m *metadata, body bodyResult) choice {
	cs, empty := p.labelledSources(body)
	if v := sourceName(m.get("contentsource")); v != "" && empty == "" {
		cs = append(cs, candidate{value: v, raw: v, rule: "meta-contentsource", score: 0.6})
	}
	if v := sourceName(m.get("source")); v != "" && empty == "" && m.get("publishdate", "filetype", "publishedtype") != "" {
		cs = append(cs, candidate{value: v, raw: v, rule: "meta-source", score: 0.5})
	}
	if empty == "" {
		cs = append(cs, p.unlabelledSources(body)...)
	}
	c := choose(cs)
	c.empty = empty
	return c
}

// labelledSources are the values of labels. In the midst of the text a label
// speaks of a table or a picture. empty is a label without a value.
func (p *Page) labelledSources(body bodyResult) (cs []candidate, empty string) {
	for _, l := range p.labelLines() {
		x, ok := l.value(labelSource)
		if !ok || l.block.runes > 200 || p.isAside(l.block.node) || belowPicture(l.block.node) || isBelowGrid(p.pageBlocks(), l.block.index) || isInterior(l.block, body, 2) {
			continue
		}
		value := sourceName(x.value)
		far := p.distance(l.block, body)
		if pictureSellers.MatchString(value) {
			continue
		}
		if value == "" {
			if p.isPrintedEmpty(x, l, far) {
				empty = x.name
			}
			continue
		}
		cs = append(cs, candidate{value: value, raw: x.name + " " + x.value, rule: "label-source", score: 0.95 - far})
	}
	return cs, empty
}

// belowPicture reports whether an element is part of what stands below a picture.
func belowPicture(n *html.Node) bool {
	for i := 0; i < 4 && n != nil; i, n = i+1, n.Parent {
		if n.DataAtom == atom.Figure || n.DataAtom == atom.Figcaption || hasRegionWord(n, creditWords) {
			return true
		}
	}
	return false
}

var (
	creditWords = wordSet("caption", "credit", "credits", "copyright", "legend", "legende", "picture", "photo", "gallery", "bildunterschrift")
	// pictureSellers are where pictures come from, never texts.
	pictureSellers = regexp.MustCompile(`(?i)^(?:fotos?|photos?|bild(?:er)?|images?|图片|图|圖)[ :：]|\b(?:getty images|fotolia|shutterstock|istock(?:photo)?|adobe ?stock|pixabay|unsplash|pexels|depositphotos|dreamstime|123rf|imago)\b`)
)

// isInterior reports whether a line stands inside the text, more than margin
// lines away from its first and its last.
func isInterior(b *block, body bodyResult, margin int) bool {
	n := len(body.blocks)
	return n > 0 && b.index > body.blocks[0].index+margin && b.index < body.blocks[n-1].index-margin
}

// maxSource is the size from which on a value is no name.
const maxSource = 80

// sourceName cleans the value of a source label: the label once more, a date,
// what stands behind the name.
func sourceName(s string) string {
	s = collapse(s)
	if labels := findLabels(s); len(labels) > 0 && labels[0].start == 0 && labels[0].kind == labelSource {
		s = strings.TrimSpace(s[len(labels[0].name):])
	}
	s = strings.TrimSpace(strings.TrimPrefix(s, "转载自"))
	if found := findStamps(s, "", 1); len(found) > 0 {
		s = s[:found[0].start]
	}
	s = trimValue(withoutNoise(s))
	// A name behind the source is that of its writer.
	if words := strings.Fields(s); len(words) == 2 && allHan(s) && size(words[1]) <= 6 && size(words[0]) > 6 {
		s = words[0]
	}
	if size(s) > maxSource || strings.ContainsAny(s, "。？！") {
		return ""
	}
	return s
}

// withoutNoise cuts from a value what a site puts behind it on its line: a number of
// readers, and behind a stroke words to print, to share, of the time that reading takes.
func withoutNoise(s string) string {
	words := strings.Fields(strokeBetween.ReplaceAllString(s, " $0 "))
	for i := 1; i < len(words); i++ {
		behindStroke := isStroke.MatchString(words[i-1])
		n := noiseAt(words[i:])
		counts := n > 0 && i+n < len(words) && startsInDigit(words[i+n]) || timesRead.MatchString(words[i])
		if behindStroke && (n > 0 || startsInDigit(words[i])) || counts {
			return strings.TrimSpace(strings.Trim(strings.Join(words[:i], " "), "|｜·•-–— "))
		}
	}
	return s
}

var (
	strokeBetween = regexp.MustCompile(`[|｜•]`)
	timesRead     = regexp.MustCompile(`^[\d,]+人?次$`) // what is left of "55次阅读" where "阅读" is a label
	isStroke      = regexp.MustCompile(`^[|｜·•\-–—]$`)
)

// noiseAt is of how many words the label is made that words begin with and that names no
// field, 0 when there is none.
func noiseAt(words []string) int {
	for n := min(len(words), 4); n > 0; n-- {
		if labelTable().kind(strings.Trim(strings.Join(words[:n], " "), ":：")) == labelNoise {
			return n
		}
	}
	return 0
}

func startsInDigit(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return digitOf(r) >= 0
}

// unlabelledSources are the offices and papers that stand beside the date of
// the article: on its line, or on lines of their own right before or behind.
func (p *Page) unlabelledSources(body bodyResult) []candidate {
	var cs []candidate
	blocks := p.pageBlocks()
	for i, b := range blocks {
		if !p.nearHead(b, body) || b.size > 100 || isListRow(b) || p.isAboveMenu(b, body.blocks[0]) || p.isSigning(b, body) {
			continue
		}
		found := findStamps(b.text, p.language(), 2)
		if len(found) != 1 {
			continue
		}
		for _, part := range besideDate(b.text, found[0]) {
			if part = trimValue(cleanValue(part)); isPaper(part) {
				cs = append(cs, candidate{value: part, raw: b.text, rule: "beside-date", score: 0.55})
			}
		}
		if bar := strings.LastIndexAny(b.text, "|｜"); bar > found[0].end {
			if part := trimValue(cleanValue(strings.TrimLeft(b.text[bar:], "|｜"))); isPaper(part) {
				cs = append(cs, candidate{value: part, raw: b.text, rule: "beside-date", score: 0.55})
			}
		}
		if paper := beforeBar(b.text); paper != "" {
			cs = append(cs, candidate{value: paper, raw: b.text, rule: "beside-date", score: 0.55})
		}
		if b.size-(found[0].end-found[0].start) > 20 {
			continue
		}
		for _, run := range [][]*block{p.officesBefore(i, body), p.officesBehind(i, body)} {
			if v := joinOffices(run); v != "" {
				cs = append(cs, candidate{value: v, raw: v, rule: "office-line", score: 0.45})
			}
		}
	}
	return cs
}

// isAboveMenu reports whether the menu of the site stands between a line and the text below it.
func (p *Page) isAboveMenu(b, text *block) bool {
	entries := 0
	for _, between := range p.pageBlocks()[b.index:max(b.index, text.index)] {
		if between.region == RegionNav {
			entries++
		}
	}
	return entries >= minMenu
}

// isListRow reports whether a line is one of a list, with a link.
func isListRow(b *block) bool {
	return b.linked > 0 && (b.node.DataAtom == atom.Li || b.node.Parent != nil && b.node.Parent.DataAtom == atom.Li)
}

// isSigning reports whether a line is the day on which somebody signed a text below it, and the
// page says above the text when it was published.
func (p *Page) isSigning(b *block, body bodyResult) bool {
	if !slices.ContainsFunc(body.blocks, func(c *block) bool { return c.index < b.index && c.gain() > 0 }) {
		return false
	}
	if _, line, ok := p.announcedDay(); ok && line.index < body.blocks[0].index {
		return true
	}
	_, ok := p.dayAbove(body.blocks[0])
	return ok
}

// besideDate is what stands on a line beside its date and before its labels.
func besideDate(text string, date stamp) []string {
	if labels := findLabels(text); len(labels) > 0 {
		return []string{text[:min(labels[0].start, date.start)]}
	}
	return []string{text[:date.start], text[date.end:]}
}

// beforeBar is the name of a paper or an office in Latin letters that stands before a bar and the
// label of a date: "Economic Herald | Updated: 2018-01-19". A name that may be that of a
// person is none.
func beforeBar(text string) string {
	labels := findLabels(text)
	if len(labels) == 0 || labels[0].kind != labelDate && labels[0].kind != labelUpdated {
		return ""
	}
	before, ok := strings.CutSuffix(strings.TrimSpace(text[:labels[0].start]), "|")
	if !ok {
		return ""
	}
	name := strings.TrimSpace(before[strings.LastIndexByte(before, '|')+1:])
	if n := size(name); n < 4 || n > 60 || !mostlyLatin(name) || byLength(name) > 0 {
		return ""
	}
	if domainName.MatchString(name) {
		return name
	}
	if strings.ToLower(name) == name {
		return ""
	}
	if words := strings.Fields(name); len(words) == 1 || namesOffice(name) || isOffice(name) || len(words) > 2 && inCapitals(name) && !looksPersonal(name) {
		return name
	}
	return ""
}

// headLines is how many lines before the text its date and office can stand.
const headLines = 8

// nearHead reports whether a line stands where date and office of an article do.
func (p *Page) nearHead(b *block, body bodyResult) bool {
	if len(body.blocks) == 0 || b.hidden || b.region == RegionNav || b.region == RegionFooter || b.linked*2 > b.runes {
		return false
	}
	first := body.blocks[0].index
	return b.index >= first-headLines && b.index <= first+3
}

// officesBefore is the run of office lines that ends above a line,
// officesBehind the one that begins below it.
func (p *Page) officesBefore(i int, body bodyResult) []*block {
	var run []*block
	for j := i - 1; j >= 0 && len(run) < maxOffices && p.isOfficeLine(p.pageBlocks()[j], body); j-- {
		run = append(run, p.pageBlocks()[j])
	}
	slices.Reverse(run)
	return run
}

func (p *Page) officesBehind(i int, body bodyResult) []*block {
	blocks := p.pageBlocks()
	var run []*block
	for j := i + 1; j < len(blocks) && len(run) < maxOffices && p.isOfficeLine(blocks[j], body); j++ {
		run = append(run, blocks[j])
	}
	return run
}

// maxOffices is how many lines an office has: ministry, department, section.
const maxOffices = 3

// isOfficeLine reports whether a line can be part of the name of an office.
func (p *Page) isOfficeLine(b *block, body bodyResult) bool {
	if !p.nearHead(b, body) || b.heading > 0 || b.node.Data == "li" || b.runes < 3 || b.size > 60 || endsSentence(b.text) || strings.ContainsAny(b.text, "0123456789:：|>、,?？!") {
		return false
	}
	return !mostlyLatin(b.text) && isOffice(b.text) || mostlyLatin(b.text) && inCapitals(b.text) && byLength(b.text) == 0
}

// inCapitals reports whether each longer word of a text begins with a capital.
func inCapitals(s string) bool {
	words := strings.Fields(s)
	for _, w := range words {
		if r, n := utf8.DecodeRuneInString(w); n > 0 && len(w) > 3 && string(r) == strings.ToLower(string(r)) {
			return false
		}
	}
	return len(words) > 1
}

// joinOffices writes the lines of an office as one, "" when none of them is
// clearly that of an office.
func joinOffices(run []*block) string {
	var parts []string
	clear := false
	for _, b := range run {
		parts = append(parts, b.text)
		clear = clear || isOffice(b.text)
	}
	if !clear {
		return ""
	}
	if mostlyLatin(parts[0]) {
		return strings.Join(parts, ", ")
	}
	return strings.Join(parts, " ")
}

// officeEnds end names of offices where words are not parted; officeNames are
// words of such names elsewhere.
var (
	officeEnds = []string{
		"省", "庁", "局", "課", "部", "室", "センター", "機構", "委員会", "協会", "研究所", "事務局", "署", "府", "市役所", "総局", "本部", "財団", "振興会",
		"厅", "处", "司", "委", "办", "办公室", "管委会", "委员会", "中心", "协会", "政府", "公司", "集团",
		"부", "청", "처", "원", "과", "실", "위원회", "공사", "센터", "본부",
	}
	officeNames = []string{
		"office", "ministry", "department", "bureau", "agency", "commission", "committee", "council", "secretariat", "directorate", "administration", "authority", "cabinet",
		"ministerium", "bundesministerium", "pressestelle", "presseamt", "bundesamt", "staatskanzlei", "ministère", "direction", "préfecture", "secrétariat", "ministerio", "ministério",
		"oficina", "dirección", "secretaría", "secretaria", "министерство", "департамент", "управление", "служба", "міністерство", "департамент", "kementerian", "badan", "bộ", "sở", "وزارة", "هيئة", "กระทรวง", "กรม", "สำนักงาน",
	}
)

func isOffice(s string) bool {
	if !strings.Contains(s, " ") && slices.ContainsFunc(officeEnds, func(end string) bool { return strings.HasSuffix(s, end) }) {
		return true
	}
	return slices.ContainsFunc(strings.Fields(strings.ToLower(s)), func(w string) bool { return slices.Contains(officeNames, strings.Trim(w, ".,")) })
}

// paperEnds end names of papers, agencies, stations and sites in Han.
var paperEnds = []string{"网", "報", "报", "社", "日报", "晚报", "在线", "客户端", "电视台", "广播电台", "杂志", "周刊", "新闻", "公众号", "融媒体中心", "宣传部", "發布", "发布"}

// isPaper reports whether a text is the name of a paper, an office or a site.
func isPaper(s string) bool {
	n := size(s)
	switch {
	case n < 4 || n > 40:
		return false
	case domainName.MatchString(s):
		return true
	case allHan(s):
		return isOffice(s) || slices.ContainsFunc(paperEnds, func(end string) bool { return strings.HasSuffix(s, end) })
	case mostlyLatin(s) && (newsAgencies[s] || inCapitals(s)) && byLength(s) == 0 && !strings.ContainsAny(s, "|("):
		words := strings.Fields(s)
		return newsAgencies[s] || isOffice(s) || latinPapers[words[len(words)-1]]
	}
	return false
}

// newsAgencies are those and stations whose name is one word, latinPapers the last words of longer names of papers.
var (
	newsAgencies = map[string]bool{"Xinhua": true, "Reuters": true, "CGTN": true, "CCTV": true, "Bloomberg": true, "TASS": true, "Yonhap": true, "Bernama": true, "Antara": true}
	latinPapers  = map[string]bool{"Daily": true, "Times": true, "Post": true, "Herald": true, "Tribune": true, "Gazette": true, "Journal": true, "Weekly": true, "Observer": true, "Press": true, "Television": true, "TV": true, "Radio": true}
)
