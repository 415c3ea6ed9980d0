package extract

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"
)

// A stamp is a date as it stands in a text: with a time of day when the text
// has one, and with a zone when it has one.
type stamp struct {
	year, month, day     int
	hasTime              bool
	hour, minute, second int
	hasZone              bool
	offset               int // seconds east of UTC
	start, end           int // bytes of the text
}

// in writes a stamp as an Article has it, in zone when it has none of its
// own. zone may be nil: then none is written.
func (s stamp) in(zone *time.Location) string {
	date := fmt.Sprintf("%04d-%02d-%02d", s.year, s.month, s.day)
	if !s.hasTime {
		return date
	}
	clock := fmt.Sprintf("T%02d:%02d:%02d", s.hour, s.minute, s.second)
	switch {
	case s.hasZone:
		zone = time.FixedZone("", s.offset)
	case zone == nil:
		return date + clock
	}
	t := time.Date(s.year, time.Month(s.month), s.day, s.hour, s.minute, s.second, 0, zone)
	return date + clock + t.Format("-07:00")
}

// sameTime reports whether two stamps are the same day and minute.
func (s stamp) sameTime(o stamp) bool {
	return s.sameDay(o) && s.hasTime && o.hasTime && s.hour == o.hour && s.minute == o.minute
}

func (s stamp) sameDay(o stamp) bool {
	return s.year == o.year && s.month == o.month && s.day == o.day
}

// FindDate is the first date of a short text, such as the row of a list,
// written like Article.Date without zone. It is "" when there is none, and
// when the year is missing. lang is the language of the page; it decides
// whether 03/04/2018 is in March or in April.
func FindDate(text, lang string) string {
	found := findStamps(text, lang, 1)
	if len(found) == 0 {
		return ""
	}
	found[0].hasZone = false
	return found[0].in(nil)
}

// hasYear reports whether a text in ASCII has what a date with its year has:
// two numbers, or one of four digits.
func hasYear(text string) bool {
	numbers, digits := 0, 0
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			digits = 0
			continue
		}
		if digits++; digits == 1 {
			numbers++
		}
		if numbers > 1 || digits >= 4 {
			return true
		}
	}
	return false
}

// canHoldDate tells most texts without a date from those that may have one.
func canHoldDate(text string) bool {
	if isASCII(text) {
		return hasYear(text)
	}
	for _, r := range text {
		if digitOf(r) >= 0 || r >= utf8.RuneSelf && strings.ContainsRune("〇一二三四五六七八九", r) {
			return true
		}
	}
	return false
}

// findStamps finds the dates of a text in their order, at most max of them.
func findStamps(text, lang string, max int) []stamp {
	if !canHoldDate(text) {
		return nil
	}
	spare := tokenBuffers.Get().(*[]dateToken)
	toks := dateTokens((*spare)[:0], text)
	defer func() {
		clear(toks)
		*spare = toks
		tokenBuffers.Put(spare)
	}()
	p := dateReader{toks: toks, monthFirst: monthFirst(lang), eraLetters: isLanguage(lang, "ja"), yearLeads: isLanguage(lang, "zh", "ja", "ko"), republic: isLanguage(lang, "zh-tw", "zh-hant")}
	var out []stamp
	for p.i = 0; p.i < len(p.toks) && len(out) < max; {
		at := p.i
		if s, ok := p.date(); ok {
			s.start = p.toks[at].start
			p.clock(&s)
			s.end = p.toks[p.i-1].end
			if !s.hasTime {
				p.clockBefore(&s, at)
			}
			out = append(out, s)
			continue
		}
		p.i = at + 1
	}
	return out
}

// isLanguage reports whether a tag is of one of some languages.
func isLanguage(tag string, languages ...string) bool {
	return slices.ContainsFunc(languages, func(l string) bool { return strings.HasPrefix(strings.ToLower(tag), l) })
}

type tokenKind int

const (
	tokenNumber tokenKind = iota
	tokenWord
	tokenMark // one character that is neither
)

type dateToken struct {
	kind       tokenKind
	text       string // of words: in small letters
	value      int
	digits     int
	start, end int
}

// maxDateText is how much of a text is looked at for dates.
const maxDateText = 4000

// tokenBuffers are used again: the tokens of a line are needed for an instant.
var tokenBuffers = sync.Pool{New: func() any { return new([]dateToken) }}

// dateTokens splits a text into numbers, words and marks, and appends them to
// out. Blanks vanish; Han and hangul characters are words of their own.
func dateTokens(out []dateToken, text string) []dateToken {
	if len(text) > maxDateText {
		text = strings.ToValidUTF8(text[:maxDateText], "")
	}
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case digitOf(r) >= 0:
			t := dateToken{kind: tokenNumber, start: i}
			for i < len(text) {
				r, n := utf8.DecodeRuneInString(text[i:])
				d := digitOf(r)
				if d < 0 {
					break
				}
				if t.digits < 9 {
					t.value = t.value*10 + d
				}
				t.digits++
				i += n
			}
			t.end = i
			out = splitDay(out, t, text[i:])
			continue
		case isSyllable(r), r == '〇', r == '○':
			out = append(out, dateToken{kind: tokenWord, text: text[i : i+n], start: i, end: i + n})
		case unicode.IsLetter(r), unicode.IsMark(r):
			from := i
			for i < len(text) {
				r, n := utf8.DecodeRuneInString(text[i:])
				if !unicode.IsLetter(r) && !unicode.IsMark(r) || isSyllable(r) {
					if r == '.' && isThai(text[from:i]) && i+n < len(text) {
						if next, _ := utf8.DecodeRuneInString(text[i+n:]); unicode.Is(unicode.Thai, next) {
							i += n
							continue
						}
					}
					break
				}
				i += n
			}
			out = append(out, dateToken{kind: tokenWord, text: strings.ToLower(text[from:i]), start: from, end: i})
			continue
		case unicode.IsSpace(r):
		default:
			out = append(out, dateToken{kind: tokenMark, text: plainMark(text[i:i+n], r), start: i, end: i + n})
		}
		i += n
	}
	return out
}

// isSyllable reports whether a character is a word of its own.
func isSyllable(r rune) bool {
	return r >= 0x1100 && (unicode.Is(unicode.Han, r) || unicode.Is(unicode.Hangul, r))
}

// splitDay adds a number, and parts a day from the hour that follows it without
// a blank, as in 2018-01-1910:46.
func splitDay(before []dateToken, t dateToken, rest string) []dateToken {
	n := len(before)
	if t.digits != 4 || t.end-t.start != 4 || n < 4 || !strings.HasPrefix(rest, ":") || t.value/100 > 31 ||
		before[n-1].kind != tokenMark || before[n-1].text != before[n-3].text || before[n-1].end != t.start || before[n-4].digits != 4 {
		return append(before, t)
	}
	day, hour := t, t
	day.value, day.digits, day.end = t.value/100, 2, t.start+2
	hour.value, hour.digits, hour.start = t.value%100, 2, t.start+2
	return append(before, day, hour)
}

func isThai(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.Is(unicode.Thai, r)
}

// digitOf is the value of a decimal digit in any script, -1 for others.
func digitOf(r rune) int {
	switch {
	case '0' <= r && r <= '9':
		return int(r - '0')
	case '０' <= r && r <= '９':
		return int(r - '０')
	case '٠' <= r && r <= '٩':
		return int(r - '٠')
	case '۰' <= r && r <= '۹':
		return int(r - '۰')
	case '๐' <= r && r <= '๙':
		return int(r - '๐')
	}
	return -1
}

// plainMark writes the look-alikes of colon, dash, dot and slash as such, and
// others as they are.
func plainMark(as string, r rune) string {
	switch r {
	case '：', '∶', '︰', '꞉':
		return ":"
	case '－', '–', '—', '‐', '‑', '−':
		return "-"
	case '．', '·', '・':
		return "."
	case '／', '∕':
		return "/"
	case '，', '،', '、':
		return ","
	}
	return as
}
