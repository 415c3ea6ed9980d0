package extract

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// What leads to other articles: rows of links, boxes of teasers, pointers between paragraphs.

// maxBoxes is how many headings of a page are looked at.
const maxBoxes = 100

// relatedBoxes are the elements that begin with the heading of what follows an article, and
// show no more texts than headlines of others.
func (p *Page) relatedBoxes() map[*html.Node]bool {
	boxes, looked := map[*html.Node]bool{}, 0
	for _, b := range p.pageBlocks() {
		if b.hidden || b.heading < 2 || b.size >= 60 || !isTailHeading(b) {
			continue
		}
		if looked++; looked > maxBoxes {
			break
		}
		var box *html.Node
		for up := b.node.Parent; up != nil && up.DataAtom != atom.Body && p.firstBlocks()[up] == b; up = up.Parent {
			if p.isTeasers(up, b.index+1) {
				box = up
			} else if box != nil {
				break
			}
		}
		if box != nil {
			boxes[box] = true
		}
	}
	return boxes
}

// isTeasers reports whether an element shows, from a line on, several headlines of others, and
// of the text below each no more than one paragraph. The headline of the page itself is in no
// such element, nor is a heading that leads nowhere or a line above a paragraph, as those of a
// text beside the box are.
func (p *Page) isTeasers(box *html.Node, from int) bool {
	headlines, texts := 0, 0
	alone := false // since the last headline: a paragraph, or a line that is no date
	for _, b := range p.pageBlocks()[from:] {
		switch {
		case !within(b.node, box):
			return headlines >= 2 && texts <= headlines
		case b.heading == 1, b.heading > 0 && b.linked == 0 && b.gain() == 0 && !isTailHeading(b):
			return false
		case b.linked*2 > b.runes && b.size >= minRowHeadline:
			headlines, alone = headlines+1, false
		case b.gain() > 0:
			if alone {
				return false
			}
			texts, alone = texts+1, true
		case b.linked == 0 && b.size >= minRowHeadline && !isStampLine(b):
			alone = true
		}
	}
	return headlines >= 2 && texts <= headlines
}

// isInBox reports whether an element stands in one of some boxes.
func isInBox(n *html.Node, boxes map[*html.Node]bool) bool {
	for ; n != nil && len(boxes) > 0; n = n.Parent {
		if boxes[n] {
			return true
		}
	}
	return false
}

// withoutLinks drops lines that lead between the pages of the text, or are nothing but a link,
// or a link and its date, between others of their kind; a linked line alone between paragraphs stays. Headings go with such
// lines where nothing else follows them.
func withoutLinks(blocks []*block) []*block {
	const longest = 200
	out := blocks[:0:0]
	announced := false // by a line with a colon, as the firms that signed
	for i, b := range blocks {
		if announced = i > 0 && (isAnnouncing(blocks[i-1]) || announced) && isRowOfLink(b) && !isPagerLine(b); announced && resumesAfterRows(blocks[i:]) {
			out = append(out, b)
			continue
		}
		if isPagerLine(b) || b.size < longest && isRowOfLink(b) && (i > 0 && isRowOfLink(blocks[i-1]) || i+1 < len(blocks) && isRowOfLink(blocks[i+1])) {
			continue
		}
		out = append(out, b)
	}
	if len(out) == 0 || len(blocks) == 0 || out[len(out)-1] == blocks[len(blocks)-1] {
		return out
	}
	for len(out) > 1 && isHeadingLike(out[len(out)-1]) {
		out = out[:len(out)-1]
	}
	return out
}

// isAnnouncing reports whether a line is running text that says that a list follows.
func isAnnouncing(b *block) bool {
	return b.size >= minSentence && b.linked == 0 && (strings.HasSuffix(b.text, ":") || strings.HasSuffix(b.text, "："))
}

// resumesAfterRows reports whether running text stands right behind the links that lines begin with.
func resumesAfterRows(blocks []*block) bool {
	i := slices.IndexFunc(blocks, func(b *block) bool { return !isRowOfLink(b) })
	return i >= 0 && blocks[i].gain() > 0 && blocks[i].linked == 0
}

// isHeadingLike reports whether a line is a heading, or short, bold and no sentence.
func isHeadingLike(b *block) bool {
	const longest = 60
	return b.heading > 0 || b.bold && b.size < longest && !endsSentence(b.text)
}

// isRowOfLink reports whether a line is a link, with its date or without. A row of a table
// may tell more than where it leads.
func isRowOfLink(b *block) bool {
	if b.linked*5 > b.runes*4 {
		return true
	}
	return (b.row == nil || b.node.DataAtom == atom.Li) && b.isDatedLink()
}

// maxDayName is how many letters may stand beside link and date, as those of a day of the week.
const maxDayName = 12

// isDatedLink reports whether a line is a link and its date, of which the date may be longer
// than the link.
func (b *block) isDatedLink() bool {
	if b.linked*4 <= b.runes || b.size >= 200 {
		return false
	}
	text := b.text
	for _, s := range slices.Backward(b.stamps()) {
		text = text[:s.start] + text[s.end:]
	}
	beside := -b.linked
	for _, r := range strings.Trim(text, " ,，0123456789-–/.:年月日[]()（）") {
		if !unicode.IsSpace(r) {
			beside++
		}
	}
	return beside*4 < b.linked || len(b.stamps()) > 0 && beside <= maxDayName
}

// goesOn reports whether a paragraph stands right behind a line, in an element like that of
// the one before it.
func goesOn(blocks []*block, i int) bool {
	if i == 0 || i+1 == len(blocks) {
		return false
	}
	before, behind := blocks[i-1], blocks[i+1]
	return before.gain() > 0 && behind.gain() > 0 && behind.linked == 0 && behind.heading == 0 && describe(holder(before.node)) == describe(holder(behind.node))
}

// isAmongRows reports whether a line is a link beside the headlines of other articles.
func (p *Page) isAmongRows(b *block) bool {
	all := p.pageBlocks()
	isHeadline := func(i int) bool {
		return i >= 0 && i < len(all) && all[i].linked > maxLinkedName && isRowOfLink(all[i])
	}
	return isRowOfLink(b) && (isHeadline(b.index-1) || isHeadline(b.index+1))
}
