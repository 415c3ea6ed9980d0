package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/atom"
)

// size counts the columns of a text: a Han character is worth two letters.
func size(s string) int {
	n := 0
	for n < len(s) && s[n] < 0x80 {
		n++
	}
	for _, r := range s[n:] {
		switch {
		case r < 0x80:
			n++
		case 0x4e00 <= r && r <= 0x9fff: // Han too, without the search in tables
			n += 2
		case unicode.Is(unicode.Han, r), unicode.Is(unicode.Hiragana, r), unicode.Is(unicode.Katakana, r), unicode.Is(unicode.Hangul, r):
			n += 2
		default:
			n++
		}
	}
	return n
}

// minSentence is the size from which on a line counts as running text, minFullStop that
// of one that ends as Chinese and Japanese sentences do.
const (
	minSentence = 60
	minFullStop = 12
)

// gain is what a block adds to the worth of an element that holds it: running
// text adds its size, links and furniture take away theirs.
func (b *block) gain() int {
	if !b.weighed {
		b.worth, b.weighed = b.weigh(), true
	}
	return b.worth
}

func (b *block) weigh() int {
	n := b.size
	switch {
	case b.hidden:
		return 0
	case b.region != RegionMain && b.region != RegionHeader:
		return -n - 20
	case b.linked*2 > b.runes, b.linked > 0 && b.isDatedLink(), b.isTeaser(), n <= maxHouseRule && containsAny(b.text, houseRules):
		return -n - 20
	case b.heading > 0:
		return 0
	case n >= minThai && b.row == nil && b.node.DataAtom != atom.Li && mostlyThai(b.text):
		return n
	case n >= minSentence || hasSentence(b.text) && n >= 24 || n >= minFullStop && strings.HasSuffix(b.text, "。"):
		return n
	case b.row != nil || b.node.DataAtom == atom.Li:
		return 0
	}
	return -shortLine
}

// minThai is the size of the shortest line of Thai that is taken for a sentence, which that
// script does not end with a stop.
const minThai = 40

func mostlyThai(s string) bool {
	thai := 0
	for _, r := range s {
		if unicode.Is(unicode.Thai, r) {
			thai++
		}
	}
	return thai*2 > utf8.RuneCountInString(s)
}

// houseRules are what forms for comments ask of their writers, and what pages say of programs for files.
var houseRules = []string{"自觉遵守互联网相关的政策法规", "严禁发布色情", "文明上网理性发言", "文明上网，理性发言", "评论仅代表网友", "网友评论仅供", "评论仅供其表达个人看法", "Adobe Reader", "Acrobat Reader"}

const maxHouseRule = 160

// isTeaser recognises the cut beginning of another story.
func (b *block) isTeaser() bool {
	text := strings.TrimRight(b.text, " ]）)")
	return b.linked > 0 && EndsCut(text) || strings.HasSuffix(text, "[...") || strings.HasSuffix(text, "[…")
}

// shortLine is what a short line without a sentence takes from the worth of
// the element around it: menus have many of them, articles some.
const shortLine = 5

// hasSentence reports whether a text has the marks of a sentence.
func hasSentence(s string) bool {
	return strings.ContainsAny(s, "。，！？；、،؟।") || strings.Contains(s, ", ") || strings.HasSuffix(s, ".") || strings.Contains(s, ". ")
}
