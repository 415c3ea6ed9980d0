package extract

import "strings"

// findSource chooses where the text comes from. empty says that the page
// prints the label without a value.
func (p *Page) findSource(m *metadata, body bodyResult) (best candidate, rejected []candidate, empty bool) {
	var cs []candidate
	for _, l := range p.labelLines() {
		x, ok := l.value(labelSource)
		if !ok || l.block.runes > 200 {
			continue
		}
		value := sourceName(x.value)
		far := p.distance(l.block, body)
		if value == "" {
			empty = empty || far < 0.2
			continue
		}
		cs = append(cs, candidate{value: value, raw: x.name + " " + x.value, rule: "label-source", score: 0.95 - far})
	}
	if v := sourceName(m.get("contentsource")); v != "" && !empty {
		cs = append(cs, candidate{value: v, raw: v, rule: "meta-contentsource", score: 0.6})
	}
	if v := sourceName(m.get("source")); v != "" && !empty && m.get("publishdate", "filetype", "publishedtype") != "" {
		cs = append(cs, candidate{value: v, raw: v, rule: "meta-source", score: 0.5})
	}
	best, rejected = choose(cs)
	return best, rejected, empty
}

// maxSource is the size from which on a value is no name.
const maxSource = 80

// sourceName cleans the value of a source label: the label once more, a date,
// what stands behind the name.
func sourceName(s string) string {
	s = collapse(s)
	for _, prefix := range []string{"来源：", "来源:", "信息来源：", "Source:", "source:", "來源：", "转载自"} {
		s = strings.TrimSpace(strings.TrimPrefix(s, prefix))
	}
	if found := findStamps(s, "", 1); len(found) > 0 {
		s = s[:found[0].start]
	}
	s = trimValue(s)
	// A name behind the source is that of its writer.
	if words := strings.Fields(s); len(words) == 2 && allHan(s) && size(words[1]) <= 6 && size(words[0]) > 6 {
		s = words[0]
	}
	if size(s) > maxSource {
		return ""
	}
	return s
}
