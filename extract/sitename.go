package extract

import (
	"strings"
	"unicode/utf8"
)

// agreement is how far the title element and the metadata say the same as a
// visible line.
func (p *Page) agreement(m *metadata, text string) float64 {
	key := squeezeLabel(text)
	score := 0.0
	if t := squeezeLabel(m.title); t != "" && strings.Contains(t, key) {
		share := float64(len(key)) / float64(len(t))
		score += 0.12 + 0.2*share
		if !strings.HasPrefix(t, key) && share < 0.4 && !p.endsTitle(m.title, text) {
			score -= 0.4 // the name of the section or the site
		}
	} else if t != "" && sharedPrefix(t, key) >= 20 {
		score += 0.15
	}
	for _, name := range []string{"og:title", "articletitle", "twitter:title"} {
		if t := squeezeLabel(m.get(name)); t != "" && (strings.Contains(t, key) && len(key)*3 > len(t) || strings.HasPrefix(key, t)) {
			score += 0.1
		}
	}
	if o := m.article(); o != nil && squeezeLabel(ldString(o, "headline")) == key {
		score += 0.1
	}
	if p.isSiteName(m, text) {
		score -= 0.5
	}
	return score
}

// endsTitle reports whether a text stands behind the names of site and section, which some
// systems join to it with blanks, where the title without the name of the site ends.
func (p *Page) endsTitle(title, text string) bool {
	before, ok := strings.CutSuffix(p.withoutSite(title), collapse(text))
	return ok && size(text) >= 8 && strings.HasSuffix(before, " ") && hanEnds(before)
}

// hanEnds reports whether a text ends with a Chinese character, before blanks.
func hanEnds(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, " "))
	return r >= 0x2e80
}

func sharedPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// isSiteName reports whether a text is the name of the site or of a section.
func (p *Page) isSiteName(m *metadata, text string) bool {
	key := squeezeLabel(text)
	for _, name := range []string{"og:site_name", "sitename", "application-name", "columnname", "article:section"} {
		if t := squeezeLabel(m.get(name)); t != "" && t == key {
			return true
		}
	}
	return p.isHostName(key) || p.isRepeatedTitle(text)
}

// isHostName reports whether a squeezed text is the host of the page, or the
// part of it that names the site.
func (p *Page) isHostName(key string) bool {
	host := strings.TrimPrefix(p.Base.Hostname(), "www.")
	key = strings.Trim(key, "/|:-")
	return key != "" && (key == host || key == "www."+host || len(key) > 2 && strings.ReplaceAll(key, "-", "") == siteLabel(host))
}

// titleSeparators stand between a headline and the names of section and site.
var titleSeparators = []string{" | ", "｜", " - ", " – ", " — ", "_", "--", "——", " :: ", " » ", " « ", " › ", " · ", " • ", "|", " / ", "-", " : "}

// withoutSite takes the names of section and site off a title: parts that the
// page names as such, or else all but the part that says most.
func (p *Page) withoutSite(title string) string {
	if p.isShown(title) {
		return title
	}
	for _, sep := range titleSeparators {
		if !strings.Contains(title, sep) || sep == "-" && !hanAround(title) {
			continue
		}
		parts := strings.Split(title, sep)
		best := 0
		for i, part := range parts {
			if p.isRepeatedTitle(parts[best]) && !p.isRepeatedTitle(part) {
				best = i
			}
			if p.isRepeatedTitle(part) {
				continue
			}
			if p.isShown(part) && !p.isShown(parts[best]) || size(part) > size(parts[best]) && p.isShown(part) == p.isShown(parts[best]) {
				best = i
			}
		}
		head := strings.Join(parts[:len(parts)-1], sep)
		if p.isShown(head) {
			return strings.TrimSpace(head)
		}
		return strings.TrimSpace(parts[best])
	}
	return title
}

func hanAround(s string) bool {
	i := strings.Index(s, "-")
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[i+1:])
	return before >= 0x2e80 || after >= 0x2e80
}

// isShown reports whether a text stands in the page as a line of its own.
func (p *Page) isShown(text string) bool {
	key := squeezeLabel(text)
	if size(key) < 8 {
		return false
	}
	if p.shown == nil {
		p.shown = map[string]bool{}
		for _, b := range p.pageBlocks() {
			if b.linked*2 <= b.runes && b.runes < 300 {
				p.shown[b.key()] = true
			}
		}
	}
	return p.shown[key]
}

// cleanTitle takes off what stands in headings beside the headline: a date, a
// label, letter-size buttons. known are all titles that the page gives.
func cleanTitle(s string, known map[string]bool) string {
	s = collapse(strip(s))
	for _, word := range []string{"【字体", "字体：", "字号：", "[字体", "大 中 小"} {
		if i := strings.Index(s, word); i > 8 {
			s = strings.TrimSpace(s[:i])
		}
	}
	if found := findStamps(s, "", 1); len(found) > 0 {
		s = withoutDate(s, found[0], known)
	}
	return strings.TrimSpace(s)
}

// dateEdges part a date from a headline.
const dateEdges = " |-–—·•:：/"

// withoutDate takes the date off the beginning or the end of a title. A date
// that belongs to what the title says, as in "Minutes of 10 October 2019",
// stays: it has no time and nothing parts it from the words.
func withoutDate(s string, date stamp, known map[string]bool) string {
	before, behind := s[:date.start], s[date.end:]
	switch {
	case date.start == 0 && len(strings.TrimLeft(behind, dateEdges)) > 12 && strings.ContainsAny(behind[:min(3, len(behind))], "|-–—·•:"):
		return strings.TrimLeft(behind, dateEdges)
	case date.end < len(s)-4 || date.start <= 12:
		return s
	}
	rest := strings.TrimRight(before, dateEdges+"(（[【")
	parted := strings.TrimRight(before, " ") != strings.TrimRight(before, dateEdges)
	if date.hasTime || parted || known[squeezeLabel(rest)] {
		return rest
	}
	return s
}
