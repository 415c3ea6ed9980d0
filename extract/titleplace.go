package extract

import "strings"

// Where headlines stand: over the line of labels or over the text, and what stands there that is
// none.

// maxGap is how many lines can stand between a headline and the label line
// below it.
const maxGap = 3

// titleAnchors are the lines that headlines stand above: those of labels that
// speak of the article.
func (p *Page) titleAnchors() []*block {
	var out []*block
	for _, l := range p.labelLines() {
		if infoScore(l) >= 3 {
			out = append(out, l.block)
		}
	}
	if len(out) > 0 {
		return out
	}
	return p.onlyStamps()
}

// onlyStamps are the lines with little but a date on a page that has one or two
// of them and no line of labels: more are the rows of a list.
func (p *Page) onlyStamps() []*block {
	var out []*block
	for _, b := range p.pageBlocks() {
		if b.size <= 60 && !b.hidden && b.region == RegionMain && b.linked*2 <= b.runes && isStampLine(b) && !today.MatchString(b.text) {
			if out = append(out, b); len(out) > 2 {
				return nil
			}
		}
	}
	return out
}

// canBeTitle reports whether a line that nothing but its place speaks for can be the headline:
// it is no sentence, no name of a form, and says nothing about the article.
func (p *Page) canBeTitle(b *block, text string) bool {
	n := size(text)
	return n >= 8 && n <= 200 && !endsSentence(text) && !strings.HasSuffix(text, "：") && !isAbout(b) && !p.isFieldAlone(b) && !isClosing(b) && !isInfoText(text) && !today.MatchString(text) && (b.bold || !isSourceAndDay(b))
}

// isSourceAndDay reports whether a line is a short name and a date behind it, or a date and the
// name of a paper or an office.
func isSourceAndDay(b *block) bool {
	found := b.stamps()
	if len(found) != 1 {
		return false
	}
	return found[0].end == len(b.text) && lettersBesideStamps(b) <= stampRest || found[0].start == 0 && isPaper(cleanValue(b.text[found[0].end:]))
}

// isAbout reports whether a line names the writer or the day of the text, or begins with a label as "Category: News".
func isAbout(b *block) bool {
	if isByline(b) || b.isLabelledDate() {
		return true
	}
	labels := findLabels(b.text)
	return len(labels) > 0 && labels[0].start == 0 && labels[0].kind == labelNoise && b.size < maxNoiseLine && strings.ContainsAny(b.text, ":：")
}

// maxNoiseLine is the size up to which a line is no headline when a label without a field begins it.
const maxNoiseLine = 40

// linesAbove is how many lines a block stands above the first of the anchors
// below it, 0 when it stands right above none: that of a line at the end of a short text stands
// above the text.
func linesAbove(blocks []*block, b *block, anchors []*block) int {
	if len(anchors) == 0 || anchors[0].index-b.index > maxGap || anchors[0].index > b.index+1 && (leadsIn(blocks[b.index+1:]) || isListRow(blocks[b.index+1])) {
		return 0
	}
	return anchors[0].index - b.index
}

// infoLine is the label line that speaks of the article most, nil when none
// does.
func (p *Page) infoLine() *labelLine {
	var best *labelLine
	top := 0
	for _, l := range p.labelLines() {
		if score := infoScore(l); score > top {
			best, top = l, score
		}
	}
	return best
}

// infoScore is how far a line of labels speaks of the article: by its labels
// and a date, not in the furniture.
func infoScore(l *labelLine) int {
	score := 0
	for _, x := range l.labels {
		switch x.kind {
		case labelDate, labelUpdated:
			score += 2
			if len(findStamps(x.value, "", 1)) > 0 {
				score += 3
			}
		case labelAuthor, labelSource:
			score += 3
		case labelEditor:
			score++
		case labelNotDate:
			score -= 2
		}
	}
	if len(findStamps(l.bare, "", 1)) > 0 {
		score += 3
	}
	if l.block.hidden || l.block.region == RegionFooter || l.block.region == RegionNav {
		score -= 4
	}
	if l.block.runes > 200 {
		score -= 2
	}
	return score
}
