package extract

import (
	"fmt"
	"strings"
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

// findStamps finds the dates of a text in their order, at most max of them.
func findStamps(text, lang string, max int) []stamp {
	if !strings.ContainsAny(text, "0123456789０１２３４５６７８９٠١٢٣٤٥٦٧٨٩〇一二三四") {
		return nil
	}
	p := dateReader{toks: dateTokens(text), monthFirst: monthFirst(lang)}
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

// monthFirst holds for American English.
func monthFirst(lang string) bool {
	lang = strings.ToLower(lang)
	return lang == "en" || strings.HasPrefix(lang, "en-us") || strings.HasPrefix(lang, "en_us") || lang == "" || strings.HasPrefix(lang, "en-ph")
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

// dateTokens splits a text into numbers, words and marks. Blanks vanish; Han
// and hangul characters are words of their own.
func dateTokens(text string) []dateToken {
	if len(text) > maxDateText {
		text = strings.ToValidUTF8(text[:maxDateText], "")
	}
	out := make([]dateToken, 0, len(text)/3+1)
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
			out = append(out, t)
			continue
		case unicode.Is(unicode.Han, r), unicode.Is(unicode.Hangul, r), r == '〇':
			out = append(out, dateToken{kind: tokenWord, text: string(r), start: i, end: i + n})
		case unicode.IsLetter(r), unicode.IsMark(r):
			from := i
			for i < len(text) {
				r, n := utf8.DecodeRuneInString(text[i:])
				if !unicode.IsLetter(r) && !unicode.IsMark(r) || unicode.Is(unicode.Han, r) || unicode.Is(unicode.Hangul, r) {
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
			out = append(out, dateToken{kind: tokenMark, text: string(plainMark(r)), start: i, end: i + n})
		}
		i += n
	}
	return out
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

// plainMark writes the look-alikes of colon, dash, dot and slash as such.
func plainMark(r rune) rune {
	switch r {
	case '：', '∶', '︰', '꞉':
		return ':'
	case '－', '–', '—', '‐', '‑', '−':
		return '-'
	case '．', '·', '・':
		return '.'
	case '／', '∕':
		return '/'
	case '，', '،', '、':
		return ','
	}
	return r
}

// dateReader reads dates from tokens; i is where it stands.
type dateReader struct {
	toks       []dateToken
	i          int
	monthFirst bool
}

func (p *dateReader) at(n int) dateToken {
	if p.i+n < 0 || p.i+n >= len(p.toks) {
		return dateToken{kind: tokenMark}
	}
	return p.toks[p.i+n]
}

func (p *dateReader) number(n, minDigits, maxDigits int) (int, bool) {
	t := p.at(n)
	return t.value, t.kind == tokenNumber && t.digits >= minDigits && t.digits <= maxDigits
}

func (p *dateReader) is(n int, texts ...string) bool {
	t := p.at(n)
	for _, want := range texts {
		if t.kind != tokenNumber && t.text == want {
			return true
		}
	}
	return false
}

// date reads a date that begins here and moves behind it.
func (p *dateReader) date() (stamp, bool) {
	for _, form := range []func() (stamp, int, bool){p.yearFirst, p.era, p.numeric, p.compact, p.monthName, p.dayMonthName, p.vietnamese, p.hanNumerals} {
		if s, used, ok := form(); ok && s.valid() && !p.continues(used) {
			p.i += used
			return s, true
		}
	}
	return stamp{}, false
}

// continues reports whether more digits of the same number follow or come
// before, as in the number of a file or a telephone.
func (p *dateReader) continues(used int) bool {
	before, after := p.at(-1), p.at(used)
	if before.end == p.at(0).start && before.kind == tokenMark && (before.text == "-" || before.text == ".") && p.at(-2).kind == tokenNumber && p.at(-2).end == before.start {
		return true
	}
	last := p.at(used - 1)
	return after.kind == tokenMark && (after.text == "/" || after.text == ".") && after.start == last.end && last.kind == tokenNumber &&
		p.at(used+1).kind == tokenNumber && p.at(used+1).start == after.end
}

func (s *stamp) valid() bool {
	if s.year >= 2400 && s.year <= 2700 {
		s.year -= 543 // Buddhist
	}
	if s.year < 1900 || s.year > 2100 || s.month < 1 || s.month > 12 || s.day < 1 {
		return false
	}
	return s.day <= time.Date(s.year, time.Month(s.month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// yearFirst reads 2018-01-19, 2018/1/19, 2018.01.19, 2018年1月19日,
// 2018년 1월 19일 and 2024 07/22.
func (p *dateReader) yearFirst() (stamp, int, bool) {
	y, ok := p.number(0, 4, 4)
	if !ok {
		return stamp{}, 0, false
	}
	n := 1
	if p.is(n, "-", "/", ".", "年", "년", ",") {
		n++
	}
	if p.is(n-1, "년") && p.is(n, ".") {
		n++
	}
	m, ok := p.number(n, 1, 2)
	if !ok || !p.is(n+1, "-", "/", ".", "月", "월") {
		return stamp{}, 0, false
	}
	n += 2
	d, ok := p.number(n, 1, 2)
	if !ok {
		return stamp{}, 0, false
	}
	n++
	if p.is(n, "日", "号", "號", "일") {
		n++
	}
	return stamp{year: y, month: m, day: d}, n, true
}

// era reads 令和7年3月7日 and 令和元年5月1日.
func (p *dateReader) era() (stamp, int, bool) {
	first, ok := eras[p.at(0).text+p.at(1).text]
	if !ok {
		return stamp{}, 0, false
	}
	y, isNumber := p.number(2, 1, 2)
	if !isNumber && !p.is(2, "元") || !p.is(3, "年") || !p.is(5, "月") {
		return stamp{}, 0, false
	}
	m, ok1 := p.number(4, 1, 2)
	d, ok2 := p.number(6, 1, 2)
	n := 7
	if p.is(n, "日") {
		n++
	}
	return stamp{year: first + max(y, 1) - 1, month: m, day: d}, n, ok1 && ok2
}

// numeric reads 19.01.2018, 19/01/2018, 19-01-2018 and, with the month first,
// 01/19/2018. Of years with two digits only those after dots are read.
func (p *dateReader) numeric() (stamp, int, bool) {
	a, ok1 := p.number(0, 1, 2)
	b, ok2 := p.number(2, 1, 2)
	sep := p.at(1).text
	if !ok1 || !ok2 || p.at(3).text != sep || sep != "." && sep != "/" && sep != "-" || p.at(1).kind != tokenMark {
		return stamp{}, 0, false
	}
	y, ok := p.number(4, 4, 4)
	if !ok {
		if y, ok = p.number(4, 2, 2); !ok || sep == "-" || y < 90 && y > 49 {
			return stamp{}, 0, false
		}
		if y += 2000; y > 2089 {
			y -= 100
		}
	}
	d, m := a, b
	if sep != "." && (p.monthFirst && a <= 12 || b > 12) {
		d, m = b, a
	}
	return stamp{year: y, month: m, day: d}, 5, true
}

// compact reads 20180119 where it stands alone.
func (p *dateReader) compact() (stamp, int, bool) {
	v, ok := p.number(0, 8, 8)
	if !ok || v < 19900101 || v > 20991231 {
		return stamp{}, 0, false
	}
	return stamp{year: v / 10000, month: v / 100 % 100, day: v % 100}, 1, true
}

// monthName reads January 19, 2018 and Jan. 19th 2018.
func (p *dateReader) monthName() (stamp, int, bool) {
	m, ok := months[p.at(0).text]
	if !ok || p.at(0).kind != tokenWord {
		return stamp{}, 0, false
	}
	n := 1
	if p.is(n, ".") {
		n++
	}
	d, ok := p.number(n, 1, 2)
	if !ok {
		return stamp{}, 0, false
	}
	n++
	for p.is(n, "st", "nd", "rd", "th", ",", ".", "º", "°") {
		n++
	}
	y, ok := p.number(n, 4, 4)
	return stamp{year: y, month: m, day: d}, n + 1, ok
}

// dayMonthName reads 19 January 2018, 19. Januar 2018, 19 de enero de 2018,
// 1er mars 2018, 19 января 2018, and 2018 with no day is no date.
func (p *dateReader) dayMonthName() (stamp, int, bool) {
	d, ok := p.number(0, 1, 2)
	if !ok {
		return stamp{}, 0, false
	}
	n := 1
	for p.is(n, "st", "nd", "rd", "th", "er", ".", "º", "°", "de", "do", "d", "of", "-", "/", "ος", "η") && n < 4 {
		n++
	}
	m, ok := months[p.at(n).text]
	if !ok {
		return stamp{}, 0, false
	}
	n++
	for p.is(n, ".", ",", "de", "del", "of", "-", "/", "พ", "ศ", "พ.ศ", "г", "в") && n < 9 {
		n++
	}
	y, ok := p.number(n, 4, 4)
	return stamp{year: y, month: m, day: d}, n + 1, ok
}

// vietnamese reads 19 tháng 1 năm 2018 and 19 tháng 1, 2018.
func (p *dateReader) vietnamese() (stamp, int, bool) {
	d, ok1 := p.number(0, 1, 2)
	m, ok2 := p.number(2, 1, 2)
	y, ok3 := p.number(4, 4, 4)
	ok := ok1 && ok2 && ok3 && p.is(1, "tháng") && p.is(3, "năm", ",", "-", "/")
	return stamp{year: y, month: m, day: d}, 5, ok
}

// hanNumerals reads 二〇一八年一月十九日.
func (p *dateReader) hanNumerals() (stamp, int, bool) {
	y, n := 0, 0
	for ; n < 4; n++ {
		d := strings.Index("〇一二三四五六七八九", p.at(n).text)
		if p.at(n).kind != tokenWord || d < 0 || p.at(n).text == "" {
			return stamp{}, 0, false
		}
		y = y*10 + d/len("〇")
	}
	if !p.is(n, "年") {
		return stamp{}, 0, false
	}
	m, used := p.hanNumber(n + 1)
	n += 1 + used
	if used == 0 || !p.is(n, "月") {
		return stamp{}, 0, false
	}
	d, used := p.hanNumber(n + 1)
	n += 1 + used
	return stamp{year: y, month: m, day: d}, n + 1, used > 0 && p.is(n, "日")
}

// hanNumber reads 一 to 三十一.
func (p *dateReader) hanNumber(n int) (value, used int) {
	for ; used < 3; used++ {
		t := p.at(n + used)
		if t.kind != tokenWord || t.text == "" {
			break
		}
		if t.text == "十" {
			value = max(value, 1) * 10
			continue
		}
		d := strings.Index("〇一二三四五六七八九", t.text)
		if d <= 0 {
			break
		}
		value += d / len("〇")
	}
	return value, used
}

// maxClockGap is how many tokens may stand between a date and its time.
const maxClockGap = 6

// clock reads the time of day behind a date, over a comma, a weekday or a
// word such as "at".
func (p *dateReader) clock(s *stamp) {
	from := p.toks[p.i-1].end
	for gap := 0; gap <= maxClockGap; gap++ {
		t := p.at(gap)
		if t.text == "" && t.kind != tokenNumber || t.start-from > 40 {
			return
		}
		if t.kind == tokenNumber {
			used, ok := p.readClock(s, gap)
			if ok {
				p.i += gap + used
			}
			return
		}
		if t.kind == tokenMark && !strings.Contains("-,.|T()（）【】[]:@•", t.text) {
			return
		}
	}
}

// readClock reads 10:46:00, 10.46 Uhr, 10h46, 10時46分 and 6:08 PM at a token.
func (p *dateReader) readClock(s *stamp, n int) (int, bool) {
	from := n
	h, ok1 := p.number(n, 1, 2)
	sep := p.at(n + 1).text
	mi, ok2 := p.number(n+2, 1, 2)
	if !ok1 || h > 24 {
		return 0, false
	}
	hourOnly := false
	switch {
	case !ok2 || p.at(n+2).digits == 1 && sep != "时" && sep != "時" && sep != "点" && sep != "h":
		hourOnly = true
	case sep == ":" || sep == "h" || sep == "时" || sep == "時" || sep == "点" || sep == "點" || sep == "시":
	case sep == "." && p.at(n+1).start == p.at(n).end && (p.is(n+3, "uhr", "pm", "am", "p", "a") || p.at(n+3).kind != tokenNumber && p.at(n+3).text != "."):
	default:
		hourOnly = true
	}
	if hourOnly {
		half := p.is(n+1, "pm", "am", "uhr")
		if !half && !(p.is(n+1, "p", "a") && p.is(n+2, ".") && p.is(n+3, "m")) {
			return 0, false
		}
		mi = 0
		n++
	} else {
		n += 3
	}
	if mi > 59 {
		return 0, false
	}
	if p.is(n, ":", "分", "분") {
		if sec, ok := p.number(n+1, 2, 2); ok && sec < 60 {
			s.second = sec
			n += 2
			if p.is(n, "秒", "초") {
				n++
			}
		} else if !p.is(n, ":") {
			n++
		}
	}
	if p.is(n, ".") && p.at(n+1).kind == tokenNumber && p.at(n+1).start == p.at(n).end {
		n += 2 // fractions of a second
	}
	h, n = p.halfDay(h, n, from)
	if h > 23 {
		return 0, false
	}
	s.hasTime, s.hour, s.minute = true, h, mi
	n += p.zone(s, n)
	return n - from, true
}

// halfDay applies AM and PM, 上午 and 下午.
func (p *dateReader) halfDay(h, n, from int) (int, int) {
	switch {
	case p.is(n, "pm") || p.is(n, "p") && p.is(n+1, ".") && p.is(n+2, "m"):
		if h < 12 {
			h += 12
		}
	case p.is(n, "am") || p.is(n, "a") && p.is(n+1, ".") && p.is(n+2, "m"):
		if h == 12 {
			h = 0
		}
	case (p.is(from-1, "午") && p.is(from-2, "下") || p.is(from-1, "上") && p.is(from-2, "晚") || p.is(from-1, "후") && p.is(from-2, "오")) && h < 12:
		return h + 12, n
	default:
		return h, n
	}
	if p.at(n).text == "pm" || p.at(n).text == "am" {
		return h, n + 1
	}
	n += 3
	if p.is(n, ".") {
		n++
	}
	return h, n
}

// zones are the abbreviations that are worth knowing, in hours; summer time is
// named by its own.
var zones = map[string]float64{
	"z": 0, "utc": 0, "gmt": 0, "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "bst": 1, "eet": 2, "eest": 3, "msk": 3, "мск": 3,
	"edt": -4, "est": -5, "cdt": -5, "mdt": -6, "mst": -7, "pdt": -7, "pst": -8, "jst": 9, "kst": 9, "hkt": 8, "sgt": 8, "wib": 7,
	"aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "sast": 2, "brt": -3, "art": -3,
}

// zone reads Z, UTC, GMT+08:00, +0800 and abbreviations.
func (p *dateReader) zone(s *stamp, n int) int {
	used := 0
	t := p.at(n)
	if p.is(n, "(") {
		used++
		t = p.at(n + used)
	}
	named := false
	if h, ok := zones[t.text]; ok && t.kind == tokenWord {
		s.hasZone, s.offset = true, int(h*3600)
		used++
		named = true
	} else if used > 0 {
		return 0
	}
	sign := p.at(n + used)
	if sign.kind != tokenMark || sign.text != "+" && sign.text != "-" || sign.end != p.at(n+used+1).start || p.at(n+used+1).kind != tokenNumber {
		return used
	}
	v := p.at(n + used + 1)
	if apart := sign.start != p.at(n-1).end; apart && !named && sign.text == "-" && (v.digits != 4 || v.value > 1200) {
		return used
	}
	offset, width := 0, 2
	switch {
	case v.digits == 4:
		offset = v.value/100*3600 + v.value%100*60
	case v.digits <= 2 && v.value <= 14:
		offset = v.value * 3600
		if m, ok := p.number(n+used+3, 2, 2); ok && p.is(n+used+2, ":") {
			offset += m * 60
			width = 4
		} else if !named && v.digits < 2 {
			return used
		}
	default:
		return used
	}
	if sign.text == "-" {
		offset = -offset
	}
	if offset < -12*3600 || offset > 14*3600 {
		return used
	}
	s.hasZone, s.offset = true, offset
	return used + width
}

// clockBefore reads a time that stands right before its date.
func (p *dateReader) clockBefore(s *stamp, at int) {
	i := p.i
	defer func() { p.i = i }()
	for back := 3; back <= 7; back++ {
		if at-back < 0 {
			return
		}
		p.i = at - back
		if p.at(0).kind != tokenNumber || p.at(-1).kind == tokenMark && p.at(-1).text == ":" {
			continue
		}
		if used, ok := p.readClock(s, 0); ok && p.i+used <= at && at-(p.i+used) <= 2 {
			s.start = p.at(0).start
			return
		}
		s.hasTime = false
	}
}
