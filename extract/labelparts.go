package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxPartValue is the size of the longest value behind a label without a colon, maxPartedLine how many
// characters a line of such labels has at the most, and maxPartedLines how many lines of a page are
// looked through for them.
const (
	maxPartValue   = 60
	maxPartedLine  = maxLabelLine / 2
	maxPartedLines = 300
)

// mayHaveParts reports whether a line with some labels, or none, is worth a look for those without a
// colon.
func (b *block) mayHaveParts(labels []label) bool {
	return b.runes <= maxPartedLine && (len(labels) > 0 || b.isPartedStamp())
}

// withParts adds to the labels of a line those without a colon: of "Source: AFP | Par Marie
// Kouassi | Imprimer" the writer, and the button that ends his name. Such a label begins a part of
// the line, behind a stroke or where an element begins; that of a date may stand anywhere right
// before it, and the word "by" before a name. dates are the parts behind the first label that
// hold a date and no label of it.
func (b *block) withParts(labels []label) (all []label, dates string) {
	head := len(b.text)
	if len(labels) > 0 {
		head = labels[0].start
	}
	all, _, dates = b.partsIn(0, head, "")
	if len(labels) == 0 {
		// Of a line with no other label the date is read as one without a label.
		for _, x := range all {
			if x.isOfDate() {
				dates += " " + x.name + " " + x.value
			}
		}
		all = slices.DeleteFunc(all, label.isOfDate)
		if !slices.ContainsFunc(all, label.isSpokenField) {
			return nil, ""
		}
	}
	for _, x := range labels {
		if x.end > len(b.text) || x.end <= x.nameEnd() { // the value stands on another line
			all = append(all, x)
			continue
		}
		found, end, more := b.partsIn(x.nameEnd(), x.end, x.kind)
		if end < x.end {
			x.endAt(b.text, end)
		}
		all, dates = append(append(all, x), found...), dates+more
	}
	return all, dates
}

// behindLabels stand between a label and its value.
const behindLabels = " \u3000:：∶】]-–—"

// isPartedStamp reports whether a line holds a date beside other parts.
func (b *block) isPartedStamp() bool {
	return (b.size <= 2*maxPartValue || len(b.seams) > 0 || strings.ContainsAny(b.text, "|｜")) && hasYear(b.text) && len(b.stamps()) > 0
}

// partsIn finds labels without a colon in a piece of a line, which is the value of a label of
// some kind, or stands before all of them. end is where that value ends.
func (b *block) partsIn(from, to int, of labelKind) (found []label, end int, dates string) {
	end = to
	words := b.wordsIn(from, to)
	if of != "" && len(words) > 0 {
		words = words[1:] // what a label announces begins with the first
	}
	for n, i := range words {
		last := len(found) - 1
		if last >= 0 && i < found[last].nameEnd() {
			continue
		}
		begins := b.beginsPart(i) || n == 0 && of == "" || last >= 0 && mostlyHan(b.text[i:i+wordLength(b.text[i:])]) // 记者 张三 来源 青河日报
		if x, ok := b.partLabel(i, to, begins); ok {
			if last >= 0 && i < found[last].end {
				found[last].endAt(b.text, i)
			}
			found, end = append(found, x), min(end, i)
			continue
		}
		behind := of != "" || last >= 0
		ofDate := of == labelDate || of == labelUpdated || last >= 0 && found[last].isOfDate()
		if part := b.text[i:min(b.nextPart(i), to)]; begins && behind && !ofDate && hasYear(part) && len(findStamps(part, "", 1)) > 0 {
			dates, end = dates+" "+part, min(end, i)
		}
	}
	return found, end, dates
}

// endAt ends the value of a label at a byte of its line.
func (x *label) endAt(text string, end int) {
	x.end, x.value = end, cleanValue(strings.TrimLeft(text[x.nameEnd():end], behindLabels))
}

// isSpokenField reports whether a label says of a line without colons that it is one of fields:
// what only looks like a byline is read as one.
func (x label) isSpokenField() bool {
	return x.kind == labelSource || x.kind == labelAuthor && !mostlyLatin(x.value)
}

// isLabelledDate reports whether a line begins with the label of a date without a colon, and has
// little behind that: "Published 3 May 2019 in the gazette, the rules …" is text.
func (b *block) isLabelledDate() bool {
	if b.size > maxStampLine || !hasYear(b.text) {
		return false
	}
	x, ok := b.partLabel(0, len(b.text), true)
	return ok && x.isOfDate() && size(b.text[x.end:]) <= maxPartValue
}

// nameEnd is where the value of a label begins, or what stands before that.
func (x label) nameEnd() int { return x.start + len(x.name) }

func (x label) isOfDate() bool {
	return x.kind == labelDate || x.kind == labelUpdated || x.kind == labelNotDate
}

// wordsIn is where words and parts begin in a piece of a line.
func (b *block) wordsIn(from, to int) (at []int) {
	space := true
	for i, r := range b.text[from:to] {
		i += from
		switch {
		case unicode.IsSpace(r) || strings.ContainsRune("|｜:：∶】]", r):
			space = true
		case space || slices.Contains(b.seams, i):
			at, space = append(at, i), false
		}
	}
	return at
}

// beginsPart reports whether a part of a line begins at a byte of it, as behind a date, nextPart
// where the next one begins behind a byte.
func (b *block) beginsPart(i int) bool {
	before := strings.TrimRightFunc(b.text[:i], unicode.IsSpace)
	return before == "" || strings.HasSuffix(before, "|") || strings.HasSuffix(before, "｜") ||
		slices.ContainsFunc(b.seams, func(at int) bool { return len(before) <= at && at <= i }) ||
		slices.ContainsFunc(b.stamps(), func(s stamp) bool { return len(before) <= s.end && s.end <= i && s.start < i })
}

func (b *block) nextPart(i int) int {
	for _, at := range b.wordsIn(i, len(b.text)) {
		if at > i && b.beginsPart(at) {
			return at
		}
	}
	return len(b.text)
}

// partLabel is the label without a colon that stands at a byte of a line, with its value, which
// ends where the part or the piece of the line ends.
func (b *block) partLabel(i, to int, begins bool) (x label, ok bool) {
	stop := min(b.nextPart(i), to)
	part := strings.TrimRight(b.text[i:stop], " \u3000|｜")
	if begins && isButton(part) {
		return label{kind: labelNoise, name: part, start: i, end: stop}, true
	}
	if m := hangulReporter.FindStringSubmatch(part); m != nil {
		return label{kind: labelAuthor, name: m[0], value: m[1], start: i, end: i + len(m[0])}, true
	}
	at, kind := labelTable().spacedAt(b.text[:stop], i)
	if by := byLength(b.text[i:stop]); by > 0 && (kind == "" || kind == labelDate) { // "Publicado por Ana Lima"
		at, kind = i+by, labelAuthor
	}
	if kind == "" {
		return label{}, false
	}
	value := strings.TrimLeft(b.text[at:stop], behindLabels)
	begins = begins || isDash(strings.TrimSpace(b.text[at:stop]))
	x = label{kind: kind, name: strings.TrimSpace(b.text[i:at]), value: cleanValue(value), start: i, end: stop}
	switch kind {
	case labelDate, labelUpdated, labelNotDate:
		found := findStamps(value, "", 1)
		if len(found) == 0 || found[0].start > 0 {
			return label{}, false
		}
		x.end = stop - len(value) + found[0].end
		x.value = strings.TrimSpace(value[:found[0].end])
		return x, true
	case labelNoise:
		return x, begins && isBareNumber(value)
	case labelAuthor:
		name := firstName(value)
		if allHan(name) && countRunes(name) > maxHanName && !isOffice(name) {
			return label{}, false // 记者 从园区获悉
		}
		return x, looksPersonal(name) || name != "" && !isCased(name) && len(strings.Fields(name)) <= maxNameWords && size(value) <= maxPartValue
	}
	return x, begins && x.value != "" && size(x.value) <= maxPartValue && !isLowerCase(x.value) && !endsSentence(value) && len(findStamps(value, "", 1)) == 0
}

// maxHanName is how many characters the name of a person in Han has.
const maxHanName = 4

// hangulReporter begins a part with the name of a reporter.
var hangulReporter = regexp.MustCompile(`^(\p{Hangul}{2,4}(?:[,·]\s?\p{Hangul}{2,4})*)\s(?:기자|특파원)(?:\s|$)`)

// isDash reports whether a text begins with a dash and a blank.
func isDash(s string) bool {
	return strings.HasPrefix(s, "– ") || strings.HasPrefix(s, "— ") || strings.HasPrefix(s, "- ")
}

// isCased reports whether a text is of a script with capitals.
func isCased(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsUpper(r) || unicode.IsLower(r) })
}

// isLowerCase reports whether a text is several words without a capital, as in "Source of pride for the
// town".
func isLowerCase(s string) bool {
	return strings.Contains(s, " ") && strings.ContainsFunc(s, unicode.IsLower) && !strings.ContainsFunc(s, unicode.IsUpper)
}

// aloneSpan is how many lines a field without a colon stands from the date.
const aloneSpan = 2

// aloneFields are lines near one with the date of the article that are fields with no colon:
// "Theo TTXVN" below "Ngày đăng: 19/01/2018".
func (p *Page) aloneFields(lines []*labelLine) (found []*labelLine) {
	blocks := p.pageBlocks()
	known := map[int]bool{}
	var dated []int
	for _, l := range lines {
		known[l.block.index] = true
		if l.block.runes <= maxLabelLine/4 && slices.ContainsFunc(l.labels, label.isOfDate) {
			dated = append(dated, l.block.index)
		}
	}
	for _, b := range blocks {
		if len(dated) < maxLabelLines && !known[b.index] && b.size <= maxPartValue && hasYear(b.text) && isStampLine(b) {
			dated = append(dated, b.index)
		}
	}
	for _, at := range dated {
		for i := max(0, at-aloneSpan); i <= min(at+aloneSpan, len(blocks)-1); i++ {
			b := blocks[i]
			if known[i] || b.size > maxPartValue+maxLabel || b.heading > 0 || b.linked > 0 || b.hidden {
				continue
			}
			if x, ok := b.partLabel(0, len(b.text), true); ok && x.isSpokenField() && b.isNameAlone(x) {
				known[i] = true
				found = append(found, &labelLine{block: b, labels: []label{x}})
			}
		}
	}
	return found
}

// isFieldAlone reports whether a line is one of the aloneFields.
func (p *Page) isFieldAlone(b *block) bool {
	return slices.ContainsFunc(p.labelLines(), func(l *labelLine) bool { return l.block == b && l.labels[0].start == 0 && l.labels[0].isSpokenField() })
}

// isNameAlone reports whether what stands behind the label of a line with no colon is a name, and
// no sentence that begins with its word, as "Source Capital opens an office".
func (b *block) isNameAlone(x label) bool {
	first, _ := utf8.DecodeRuneInString(x.value)
	words := len(strings.Fields(x.value))
	switch {
	case strings.ContainsAny(x.value, ",，、:0123456789"), strings.HasSuffix(b.text, "."), endsHanSentence(b.text):
		return false
	case isDash(strings.TrimSpace(b.text[x.nameEnd():])):
		return true
	case !isCased(x.value):
		return words < maxNameWords && (x.kind != labelAuthor || !unicode.Is(unicode.Hangul, first) || koreanName.MatchString(x.value))
	case mostlyLatin(x.value) && squeezeLabel(x.name) != "theo": // of Vietnamese, where but the first word of a name is large
		return !hasSmallWord(x.value)
	}
	return unicode.IsUpper(first) && words <= 2*maxNameWords
}

var koreanName = regexp.MustCompile(`^\p{Hangul}{2,4}$`)
