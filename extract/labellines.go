package extract

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A labelLine is a line of a page that holds labels.
type labelLine struct {
	block  *block
	labels []label
	bare   string // what stands before the first label, and parts with a date that none announces
}

// value is the first label of a kind that has a value, or the first one, false
// when there is none.
func (l *labelLine) value(kind labelKind) (first label, ok bool) {
	for _, x := range l.labels {
		switch {
		case x.kind != kind:
		case x.value != "":
			return x, true
		case !ok:
			first, ok = x, true
		}
	}
	return first, ok
}

// maxLabelLine is the longest line that can be one of labels; longer ones are
// text. maxLabelLines is how many lines of a page are taken, maxLabel the
// longest label.
const (
	maxLabelLines = 1000
	maxLabelLine  = 400
	maxLabel      = 40
)

// labelLines finds the lines of a page that hold labels.
func (p *Page) labelLines() []*labelLine {
	if p.lines != nil {
		return p.lines
	}
	p.lines = []*labelLine{}
	blocks := p.pageBlocks()
	parted := 0
	for i, b := range blocks {
		if len(p.lines) == maxLabelLines {
			break
		}
		if b.runes > maxLabelLine || b.heading > 0 && b.runes > 120 {
			continue
		}
		var next *block
		if i+1 < len(blocks) {
			next = blocks[i+1]
		}
		labels, whole := b.labelsAbove(next)
		dates := ""
		if !whole && parted < maxPartedLines && b.mayHaveParts(labels) {
			labels, dates = b.withParts(labels)
			parted++
		}
		if len(labels) == 0 {
			continue
		}
		l := &labelLine{block: b, labels: labels, bare: strings.TrimSpace(b.text[:labels[0].start] + dates)}
		if last := &l.labels[len(l.labels)-1]; last.value == "" && !whole && next != nil {
			last.value = valueBeside(b, next, last.kind)
		}
		l.labels = slices.DeleteFunc(l.labels, label.isSpoken)
		if len(l.labels) == 0 {
			continue
		}
		for i := range l.labels {
			l.labels[i].value = withoutSigned(b.node, l.labels[i].value)
			l.labels[i].endAtSeam(b)
			l.labels[i].endAtCounter(b.text, l.labels[i+1:])
		}
		l.partWriters()
		p.lines = append(p.lines, l)
	}
	if alone := p.aloneFields(p.lines); len(alone) > 0 {
		p.lines = append(p.lines, alone...)
		slices.SortStableFunc(p.lines, func(a, b *labelLine) int { return a.block.index - b.block.index })
	}
	return p.lines
}

// labelsAbove are the labels of a line, which stands above the next one, nil at the end of the page. They
// are whole where the page has set label and value in elements of their own.
func (b *block) labelsAbove(next *block) (labels []label, whole bool) {
	labels = labelTable().findIn(b.text, b.seams)
	if len(labels) == 0 {
		labels = labelTable().findSpaced(b.text)
	}
	if len(labels) == 0 {
		labels = leadingLabel(b)
	}
	if len(labels) == 0 && next != nil {
		labels = bareLabel(b, next)
	}
	if columns := columnLabel(b); len(columns) > 0 {
		return columns, true
	}
	if len(labels) == 0 {
		labels = emptyField(b)
		return labels, len(labels) > 0
	}
	return labels, false
}

// isSpoken reports whether what stands behind the label of a person is what he says, as in an
// interview.
func (x label) isSpoken() bool {
	return (x.kind == labelAuthor || x.kind == labelEditor) && strings.ContainsAny(x.value, "？。！?")
}

// endAtSeam ends the value of a label where its element ends: what stands beside that is no
// part of a name. A time may stand in an element of its own behind the day.
func (x *label) endAtSeam(b *block) {
	if len(b.seams) == 0 || x.value == "" || x.kind != labelAuthor && x.kind != labelSource && x.kind != labelEditor {
		return
	}
	if x.end > len(b.text) { // the value stands on the next line
		return
	}
	at := strings.Index(b.text[x.start:x.end], x.value)
	if at < 0 {
		return
	}
	if own := b.beforeSeam(x.start + at); len(own) < len(x.value) {
		x.value = cleanValue(own)
	}
}

// endAtCounter ends the value of a label where a number of readers begins, or the time since something. Of that the next
// label may hold the end, as in "Author: Ann Lee Total visits: 55".
func (x *label) endAtCounter(text string, next []label) {
	if x.value == "" || x.kind != labelAuthor && x.kind != labelSource && x.kind != labelEditor {
		return
	}
	ends := []int{x.end}
	if len(next) > 0 && next[0].kind == labelNoise {
		ends = append(ends, next[0].end)
	}
	from := x.start + len(x.name)
	if x.end > len(text) || from > x.end || !strings.Contains(text[from:x.end], x.value) { // the value stands on the next line
		text, from, ends = x.value, 0, []int{len(x.value)}
	}
	for _, end := range ends {
		i := counterAt(text[from:end])
		if since := ago.FindStringIndex(text[from:end]); since != nil && i < 0 {
			i = since[0]
		}
		if i >= 0 && from+i < x.end {
			if before := cleanValue(text[from : from+i]); len(before) < len(x.value) {
				x.value = before
			}
			return
		}
	}
}

// withoutSigned cuts from a value the number behind it that stands in brackets, in an element of
// its own or beside a sign, as an eye for those who have read the page.
func withoutSigned(n *html.Node, value string) string {
	if m := bracketedNumber.FindStringIndex(value); m != nil && m[0] > 0 {
		return strings.TrimSpace(value[:m[0]])
	}
	i := strings.LastIndexByte(value, ' ')
	if n == nil || i < 0 || !isBareNumber(value[i+1:]) {
		return value
	}
	number, signed := value[i+1:], false
	for d := range n.Descendants() {
		switch {
		case d.Type == html.TextNode && strings.TrimSpace(d.Data) == "":
		case d.Type == html.TextNode:
			if (signed || d.Parent != n) && collapse(d.Data) == number {
				return strings.TrimSpace(value[:i])
			}
			signed = false
		case d.Type == html.ElementNode:
			signed = isSign(d) || signed
		}
	}
	return value
}

// bracketedNumber ends a value with a number in brackets: "Daily (9711)".
var bracketedNumber = regexp.MustCompile(`\s*[(（]\s*\d+\s*[)）]?$`)

// isSign reports whether an element is drawn by its class, or a picture.
func isSign(n *html.Node) bool {
	switch n.DataAtom {
	case atom.I, atom.Em, atom.B, atom.Span:
		return n.FirstChild == nil && attrOf(n, "class") != ""
	case atom.Img, atom.Svg:
		return true
	}
	return false
}

// maxLeading is the size of the longest value behind a label that leads a line.
const maxLeading = 60

// leadingLabel reads a line whose first element is nothing but a label without
// a colon: <li><b>작성자</b> 홍보팀</li>.
func leadingLabel(b *block) []label {
	if b.runes > maxLeading+maxLabel {
		return nil
	}
	c := b.node.FirstChild
	for c != nil && (c.Type != html.ElementNode && strings.TrimSpace(c.Data) == "") {
		c = c.NextSibling
	}
	if c == nil || c.Type != html.ElementNode || c.NextSibling == nil || isBlock(c) || c.DataAtom == atom.A {
		return nil
	}
	name := shortText(c, maxLabel*3)
	kind := labelTable().kind(name)
	rest, ok := strings.CutPrefix(b.text, name)
	if value := cleanValue(rest); ok && kind != "" && value != "" && size(value) <= maxLeading && !endsSentence(value) {
		return []label{{kind: kind, name: name, value: value, end: len(b.text)}}
	}
	return nil
}

// bareLabel reads a line that is nothing but a label without a colon, in a
// cell, a term or an element that is named as a label, with its value beside.
func bareLabel(b, next *block) []label {
	if b.runes > maxLabel {
		return nil
	}
	kind := labelTable().kind(b.text)
	if kind == "" || labelTable().kind(next.text) != "" {
		return nil
	}
	switch b.node.Data {
	case "td", "th", "dt":
	default:
		if !hasRegionWord(b.node, labelNames) {
			return nil
		}
	}
	value := valueBeside(b, next, kind)
	if value == "" {
		return nil
	}
	return []label{{kind: kind, name: b.text, value: value, end: len(b.text)}}
}

// columnLabel reads a cell of a row of labels, one a cell, with their values in the row below,
// which is the only one: of several, each tells of something else.
func columnLabel(b *block) []label {
	name := strings.TrimRight(b.text, ":： ")
	if b.row == nil || b.cell == nil || b.runes > maxLabel || labelTable().kind(name) == "" {
		return nil
	}
	values := nextRow(b.row)
	names, below := cellsOf(b.row), cellsOf(values)
	if len(names) < 2 || len(names) != len(below) || len(cellsOf(nextRow(values))) == len(names) {
		return nil
	}
	for i := range names {
		if labelTable().kind(strings.TrimRight(shortText(names[i], maxLabel*3), ":： ")) == "" || len(findLabels(shortText(below[i], maxLeading*2))) > 0 {
			return nil
		}
	}
	value := cleanValue(shortText(below[slices.Index(names, b.cell)], maxLeading*2))
	if size(value) > maxLeading {
		return nil
	}
	return []label{{kind: labelTable().kind(name), name: name, value: value, end: len(b.text)}}
}

// nextRow is the row behind one in its table, nil when there is none.
func nextRow(row *html.Node) *html.Node {
	for row != nil {
		if row = row.NextSibling; row != nil && row.DataAtom == atom.Tr {
			break
		}
	}
	return row
}

// cellsOf are the cells of a row.
func cellsOf(row *html.Node) (cells []*html.Node) {
	if row == nil {
		return nil
	}
	for c := range row.ChildNodes() {
		if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
			cells = append(cells, c)
		}
	}
	return cells
}

// emptyField reads a line that is nothing but a label in an element that is named as one,
// beside an element with nothing in it.
func emptyField(b *block) []label {
	kind := labelKind("")
	if b.runes <= maxLabel {
		kind = labelTable().kind(b.text)
	}
	if kind == "" {
		return nil
	}
	name := b.node.FirstChild
	for name != nil && name.Type != html.ElementNode {
		name = name.NextSibling
	}
	if name == nil || !hasRegionWord(name, labelNames) {
		return nil
	}
	for value := name.NextSibling; value != nil; value = value.NextSibling {
		if value.Type == html.ElementNode {
			return []label{{kind: kind, name: b.text, end: len(b.text)}}
		}
	}
	return nil
}

// labelNames are parts of classes that say that an element is a label.
var labelNames = wordSet("label", "lbl", "key", "term")

// valueBeside is the value of a label that ends its line: the text of the
// next cell or element, when that can be a value and no text of its own.
func valueBeside(b, next *block, kind labelKind) string {
	if next.runes > 60 || next.heading > 0 || isTailHeading(next) || len(findLabels(next.text)) > 0 {
		return ""
	}
	if isFieldOf(b.node, next.node) {
		if kind != labelDate && kind != labelUpdated || len(next.stamps()) > 0 {
			return cleanValue(next.text)
		}
		return ""
	}
	if next.brk || b.node == next.node {
		// Below a label that has its line for itself stands its value only when
		// that is a link or a name.
		if kind == labelAuthor && len(findLabels(b.text)) == 1 && (next.linked*2 > next.runes || looksPersonal(next.text)) {
			return cleanValue(next.text)
		}
		return ""
	}
	sameRow := b.row != nil && b.row == next.row || b.node.Parent == next.node.Parent && (b.node.Data == "dt" || b.node.Data == "th")
	siblings := b.node.Parent == next.node.Parent || b.node.Parent == next.node || b.node == next.node.Parent
	switch kind {
	case labelDate, labelUpdated:
		if (sameRow || siblings) && len(next.stamps()) > 0 {
			return next.text
		}
	case labelNoise:
		if sameRow && titleLabels[squeezeLabel(strings.TrimRight(b.text, ":： "))] {
			return cleanValue(next.text)
		}
	case labelAuthor, labelSource, labelEditor:
		if sameRow || siblings && !isLinkedNowhere(next) && !isButton(next.text) && !isTailHeading(next) && next.runes <= 20 && next.node.Data != "p" && !endsSentence(next.text) && !isTitleName(next.node) && len(findLabels(b.text)) == 1 {
			return cleanValue(next.text)
		}
	}
	return ""
}

// isLinkedNowhere reports whether a line has links that lead to no page, as those for sharing and the
// size of letters do.
func isLinkedNowhere(b *block) bool {
	if b.linked == 0 {
		return false
	}
	for n := range b.node.Descendants() {
		if leadsNowhere(n) {
			return true
		}
	}
	return leadsNowhere(b.node)
}

// isFieldOf reports whether an element is the value of another one that is named as a label,
// inside of the one behind that, as content systems write the fields of a record.
func isFieldOf(label, value *html.Node) bool {
	if !hasRegionWord(label, labelNames) {
		return false
	}
	beside := label.NextSibling
	for beside != nil && beside.Type != html.ElementNode {
		beside = beside.NextSibling
	}
	for n := value; n != nil && beside != nil; n = n.Parent {
		if n == beside {
			return true
		}
	}
	return false
}

func endsSentence(s string) bool {
	return strings.ContainsAny(s, "。！？") || strings.HasSuffix(s, ".") && strings.Count(s, " ") > 3
}
