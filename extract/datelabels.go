package extract

import "regexp"

// labelledDates are the values of date labels.
func (p *Page) labelledDates(body bodyResult) []candidate {
	var cs []candidate
	var published []bool // of each, whether its label says so
	info := p.infoLine()
	for _, l := range p.labelLines() {
		if p.isEvent(l) {
			continue
		}
		for i, x := range l.labels {
			score := 0.0
			switch x.kind {
			case labelDate:
				score = 0.9
			case labelUpdated:
				if p.isOfSite(l.block) {
					continue
				}
				score = 0.69
			case labelSource, labelAuthor, labelEditor:
				if found := findStamps(x.value, p.language(), 1); len(found) > 0 && l.block.runes < 200 {
					cs = append(cs, candidate{value: found[0].in(nil), raw: x.value, rule: "beside-labels", score: 0.7 - p.distance(l.block, body), node: l.block.node})
					published = append(published, true)
				}
				continue
			default:
				continue
			}
			raw := x.name + " " + x.value
			found := findStamps(x.value, p.language(), 1)
			if len(found) > 0 && !found[0].hasTime && i+1 < len(l.labels) && timeNames[squeezeLabel(l.labels[i+1].name)] {
				raw += " " + l.labels[i+1].value
				found = findStamps(raw, p.language(), 1)
			}
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
			published = append(published, publishing.MatchString(l.wordsBefore(i)))
		}
		if found := findStamps(l.bare, p.language(), 1); len(found) > 0 && l.block.runes < 200 && hasKind(l, labelSource, labelAuthor, labelEditor, labelNoise, labelUpdated) {
			score := 0.86
			if !hasKind(l, labelSource, labelAuthor, labelEditor) {
				score = 0.8
			}
			if l == info {
				score += 0.08
			}
			cs = append(cs, candidate{value: found[0].in(nil), raw: l.bare, rule: "beside-labels", score: score - p.distance(l.block, body), node: l.block.node})
			published = append(published, true)
		}
	}
	return publishedFirst(cs, published)
}

// publishedFirst lowers the dates of making, signing or changing a document where another
// label says when it was published.
func publishedFirst(cs []candidate, published []bool) []candidate {
	const sure, less = 0.6, 0.25
	best := 0.0
	for i, c := range cs {
		if published[i] && c.rule != "beside-labels" {
			best = max(best, c.score)
		}
	}
	for i := range cs {
		if best >= sure && !published[i] {
			cs[i].score = min(cs[i].score, best) - less
		}
	}
	return cs
}

// publishing finds words that say of a date that something was published then.
var publishing = regexp.MustCompile(`(?i)发布|發布|發佈|发表|發表|刊登|刊发|公布|公开|上网|公開|掲載|発表|게시|등록|نشر|publi[skée]|publica|pubblica|posted|released|veröffentlich|opublikowan|опубликован|публикац|публікац|đăng|yay[ıi]n|yay[ıi]m|eklen|жариялан|zveřejn|zverejn|közzét|objavljen`)

// wordsBefore are the words of a label with those right before it, which may be of it.
func (l *labelLine) wordsBefore(i int) string {
	const most = 40
	from, x := 0, l.labels[i]
	if i > 0 {
		from = min(l.labels[i-1].end, x.start)
	}
	end := min(x.start+len(x.name)+1, len(l.block.text))
	return l.block.text[max(min(from, end), end-most-len(x.name)):end]
}

// insideSentence reports whether what looks like a label of a date is a word of
// a text: much stands before it, or between it and the date.
func insideSentence(l *labelLine, x label, s stamp) bool {
	return size(x.value[:s.start]) > 40 || x == l.labels[0] && size(l.bare) > 60 && l.block.runes > maxDateLine/2
}

// timeNames are labels of the time of the day that the label before them has.
var timeNames = map[string]bool{"time": true, "时间": true, "時間": true, "uhrzeit": true, "heure": true, "hora": true, "время": true, "giờ": true, "waktu": true}
