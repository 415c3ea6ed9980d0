package extract

import (
	"regexp"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// shortBody is the text of a page without running text that says when it was published: a few
// words below that, or else what stands below its pictures.
func (p *Page) shortBody(title string) bodyResult {
	info := p.infoBelow(title)
	if info == nil {
		return bodyResult{}
	}
	if r := p.fewWords(info); r.text != "" {
		return r
	}
	return p.captions(info)
}

// infoBelow is the line of labels, or else of a date, under the headline; nil when there is none.
func (p *Page) infoBelow(title string) *block {
	heading := p.headingOf(title)
	if heading == nil {
		return nil
	}
	var info *block
	if l := p.infoLine(); l != nil && infoScore(l) >= 3 {
		info = l.block
	} else if stamps := p.onlyStamps(); len(stamps) > 0 && stamps[0].index <= heading.index+maxGap {
		info = stamps[0]
	}
	if info == nil || info.index <= heading.index {
		return nil
	}
	return info
}

// fewWords is a text without a sentence, as "See the annex": the lines right below
// that of labels, up to links or another heading.
func (p *Page) fewWords(info *block) (r bodyResult) {
	labels := map[*block]*labelLine{}
	for _, l := range p.labelLines() {
		labels[l.block] = l
	}
	ways := 0 // lines that say how somebody is reached, until when, or what a field is
	for _, b := range p.pageBlocks()[info.index+1:] {
		way := labels[b] != nil && (contacts[squeezeLabel(labels[b].labels[0].name)] || isDeadline(labels[b]))
		if b.hidden || labels[b] != nil && !way || isClosing(b) {
			continue
		}
		if b.region != RegionMain || b.heading > 0 || b.row != nil || b.linked*2 > b.runes || isTailHeading(b) || p.inFurniture(b.node, p.furnitureSeen()) {
			break
		}
		if way || fieldLine.MatchString(b.text) {
			ways++
		}
		if r.blocks = append(r.blocks, b); len(r.blocks)-ways > mostWords && (len(r.blocks) > mostLines || !isInContainer(b.node) && !p.isInTextBox(b.node, info.index)) {
			return bodyResult{}
		}
	}
	if len(r.blocks) > 0 {
		r.node, r.text = r.blocks[0].node, render(r.blocks)
		r.cand = candidate{value: r.text, raw: describe(r.node), rule: "body-below-labels", score: 0.3}
	}
	return r
}

// fieldLine is a line with the name of a field and its value.
var fieldLine = regexp.MustCompile(`^[^:：]{1,12}[:：]\s*\S`)

// mostWords is how many lines a text without a sentence has at the most, and mostLines in an
// element that content systems name as the text, as a poem or a programme.
const (
	mostWords = 4
	mostLines = 60
)

// isInContainer reports whether an element stands in one that content systems name as the text.
func isInContainer(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if isContainer(n) {
			return true
		}
	}
	return false
}

// isInTextBox reports whether an element stands in one that begins behind a line and shows no links.
func (p *Page) isInTextBox(n *html.Node, behind int) bool {
	for ; n != nil && n.DataAtom != atom.Body; n = n.Parent {
		if !isPiece(n) {
			return p.isBox(n, behind)
		}
	}
	return false
}

// captions are what stands below the pictures of a page that shows nothing else.
func (p *Page) captions(info *block) (r bodyResult) {
	for _, b := range p.pageBlocks()[info.index+1:] {
		if b.hidden || b.linked > 0 || b.region != RegionMain || b.size < minSentence/2 || !isCredit(b) && !belowPicture(b.node) {
			continue
		}
		r.blocks = append(r.blocks, b)
	}
	if len(r.blocks) > 0 {
		r.node, r.text = r.blocks[0].node, render(r.blocks)
		r.cand = candidate{value: r.text, raw: describe(r.node), rule: "body-captions", score: 0.3}
	}
	return r
}
