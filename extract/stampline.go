package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// isStampLine reports whether a line holds a date and little else: a weekday,
// a label, a place, the name of the writer.
func isStampLine(b *block) bool {
	if b.size > maxStampLine {
		return false
	}
	found := b.stamps()
	if len(found) == 0 {
		return false
	}
	rest := lettersBesideStamps(b)
	return rest <= stampRest*len(found) && (rest < 20 || !strings.HasSuffix(b.text, "."))
}

// maxStampLine is the size of the longest such line.
const maxStampLine = 140

// lettersBesideStamps is the size of the words that stand beside the dates of a line.
func lettersBesideStamps(b *block) (rest int) {
	for i, r := range b.text {
		in := slices.ContainsFunc(b.stamps(), func(s stamp) bool { return s.start <= i && i < s.end })
		if !in && unicode.IsLetter(r) {
			rest += size(string(r))
		}
	}
	return rest
}

// stampRest is the size of the words that may stand beside each date of a line
// with little else.
const stampRest = 32

// isTold reports whether the date of such a line is one that the text tells of: it is that
// of an event or a deadline, stands in a sentence or an item of a list, or is another day than
// the one that the page announces as its own, by a label or in a line above the text, which
// begins with some block. l is what the line has of labels, or nil.
func (p *Page) isTold(b *block, l *labelLine, text *block) bool {
	if l != nil {
		return p.isEvent(l) || isDeadline(l) || p.isOfAnotherDay(l)
	}
	if endsHanSentence(b.text) || itemMark.MatchString(b.text) && b.stamps()[0].start > 0 { // but not "22. Dezember 2018"
		return true
	}
	day, _, ok := p.announcedDay()
	if !ok {
		day, ok = p.dayAbove(text)
	}
	return ok && !slices.ContainsFunc(b.stamps(), day.sameDay)
}

// endsHanSentence reports whether a text ends as a sentence or an item does in Chinese and
// Japanese, where lines of labels do not.
func endsHanSentence(text string) bool {
	text = strings.TrimRight(text, " 　”』」）)")
	return strings.HasSuffix(text, "。") || strings.HasSuffix(text, "；") || strings.HasSuffix(text, "！")
}

// itemMark begins an item of a text: 一、 （二） 3. 4）
var itemMark = regexp.MustCompile(`^(?:[一二三四五六七八九十]{1,3}、|[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)]|\d{1,2}[、．）)]|\d{1,2}\. ?\pL)`)

// isDeadline reports whether the labels of a line are those of what takes place or ends on
// a day, and no more than that.
func isDeadline(l *labelLine) bool {
	for _, x := range l.labels {
		if x.kind != labelNotDate || ownDates[squeezeLabel(x.name)] {
			return false
		}
	}
	return true
}

// ownDates are the labels of days of the page or its paper that are not that of publishing.
var ownDates = squeezedSet("生成日期", "成文日期", "印发日期", "实施日期", "页面生成时间", "生成时间", "生效日期", "失效日期", "有效期", "出版日期", "今天", "今天是", "当前时间", "办公时间", "工作时间", "下架日期",
	"Promulgation date", "Effective date", "Expiry date", "Date of birth", "Today", "Opening hours", "Last reviewed")

// isOfAnotherDay reports whether a line has but a label for a date, and that is not the day that
// the page has announced above it, as a field of a record.
func (p *Page) isOfAnotherDay(l *labelLine) bool {
	if len(l.labels) != 1 || l.labels[0].kind != labelDate {
		return false
	}
	day, line, ok := p.announcedDay()
	return ok && line.index < l.block.index && len(l.block.stamps()) > 0 && !slices.ContainsFunc(l.block.stamps(), day.sameDay)
}

// dayAbove is the day of the nearest line above a text, and below the menu, that holds little but that.
func (p *Page) dayAbove(text *block) (stamp, bool) {
	all := p.pageBlocks()
	for i := text.index - 1; i >= max(0, text.index-headSpan) && !p.isAboveMenu(all[i], text); i-- {
		if b := all[i]; !b.hidden && b.region == RegionMain && b.linked*2 <= b.runes && isStampLine(b) && !today.MatchString(b.text) {
			return b.stamps()[0], true
		}
	}
	return stamp{}, false
}

// announcedDay is the first day that a label announces as that of the page, and the line where.
func (p *Page) announcedDay() (day stamp, line *block, ok bool) {
	for _, l := range p.labelLines() {
		if p.isEvent(l) {
			continue
		}
		said := ""
		if when, ok := l.value(labelDate); ok {
			said = when.value
		} else if when, ok := l.value(labelUpdated); ok {
			said = when.value
		} else if hasKind(l, labelSource, labelAuthor, labelEditor) {
			said = l.bare // 2018-01-19 Source: Daily
		}
		if found := findStamps(said, p.language(), 1); len(found) > 0 {
			return found[0], l.block, true
		}
	}
	return stamp{}, nil, false
}

// isSaidAbove reports whether a line has but a label that the line of labels above it has with a
// value as well: it is a field of what the text is about.
func (p *Page) isSaidAbove(l *labelLine) bool {
	kind := l.labels[0].kind
	info := p.infoLine()
	if len(l.labels) != 1 || kind != labelSource && kind != labelAuthor || info == nil || len(info.labels) < 2 || info.block.index >= l.block.index {
		return false
	}
	x, ok := info.value(kind)
	return ok && x.value != ""
}
