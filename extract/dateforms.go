package extract

import (
	"time"
	"unicode/utf8"
)

// dateReader reads dates from tokens; i is where it stands.
type dateReader struct {
	toks       []dateToken
	i          int
	monthFirst bool
	eraLetters bool // R5.3.7 is a date of Japan, elsewhere a version
	yearLeads  bool // 18.01.19 is of 2018
	republic   bool // years of two digits count from 1911
}

func (p *dateReader) at(n int) *dateToken {
	if p.i+n < 0 || p.i+n >= len(p.toks) {
		return &dateToken{kind: tokenMark}
	}
	return &p.toks[p.i+n]
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
	forms := dateWords[:]
	switch t := p.at(0); {
	case t.kind == tokenNumber:
		forms = dateNumbers[:]
	case t.kind == tokenMark:
		return stamp{}, false
	case !monthWords[t.text] && t.text[0] < utf8.RuneSelf && !p.eraLetters:
		return stamp{}, false
	}
	for _, form := range forms {
		if s, used, ok := form(p); ok && s.valid() && !p.continues(used) {
			p.i += used
			return s, true
		}
	}
	return stamp{}, false
}

// The forms of dates by what they begin with.
var (
	dateNumbers = [...]func(*dateReader) (stamp, int, bool){(*dateReader).yearFirst, (*dateReader).minguo, (*dateReader).numeric, (*dateReader).compact, (*dateReader).dayMonthName, (*dateReader).vietnamese, (*dateReader).yearMonthName, (*dateReader).mongolian}
	dateWords   = [...]func(*dateReader) (stamp, int, bool){(*dateReader).era, (*dateReader).minguo, (*dateReader).monthName, (*dateReader).hanNumerals}
)

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
	n := p.pastOtherYear(1)
	if p.is(n, "-", "/", ".", "年", "년", ",") {
		n++
	}
	if p.is(n-1, "년") && p.is(n, ".") {
		n++
	}
	if p.is(n-1, "年") {
		n = p.pastOtherYear(n)
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

// numeric reads 19.01.2018, 19/01/2018, 19-01-2018 and, with the month first,
// 01/19/2018. Of years with two digits only those after dots are read, which in East Asia
// come first: 18.01.19.
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
		if leads, ok := p.number(0, 2, 2); ok && p.yearLeads {
			return stamp{year: p.centuryOf(leads), month: b, day: y}, 5, true
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

// month reads the name of a month, of one word or two, and a second name of the
// same month as Arabic pages give it: نيسان / أبريل.
func (p *dateReader) month(n int) (month, used int) {
	if p.at(n).kind != tokenWord || !monthWords[p.at(n).text] {
		return 0, 0
	}
	month, used = months[p.at(n).text+" "+p.at(n+1).text], 2
	if month == 0 {
		month, used = months[p.at(n).text], 1
	}
	if month == 0 {
		return 0, 0
	}
	if p.is(n+used, "/") && p.at(n+used+1).kind == tokenWord && months[p.at(n+used+1).text] == month {
		used += 2
	}
	return month, used
}

// monthName reads January 19, 2018 and Jan. 19th 2018.
func (p *dateReader) monthName() (stamp, int, bool) {
	m, n := p.month(0)
	if n == 0 {
		return stamp{}, 0, false
	}
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
	if y, ok := p.number(n, 4, 4); ok {
		return stamp{year: y, month: m, day: d}, n + 1, true
	}
	return p.clockBeforeYear(m, d, n)
}

// clockBeforeYear reads on behind a month and its day as programs in C and Java write dates:
// Thu Aug 06 14:10:14 CST 2009. What the letters of the zone mean depends on the country.
func (p *dateReader) clockBeforeYear(month, day, n int) (stamp, int, bool) {
	h, ok1 := p.number(n, 2, 2)
	mi, ok2 := p.number(n+2, 2, 2)
	sec, ok3 := p.number(n+4, 2, 2)
	if !ok1 || !ok2 || !ok3 || !p.is(n+1, ":") || !p.is(n+3, ":") || h > 23 || mi > 59 || sec > 59 {
		return stamp{}, 0, false
	}
	n += 5
	if p.at(n).kind == tokenWord {
		n++
	}
	y, ok := p.number(n, 4, 4)
	return stamp{year: y, month: month, day: day, hasTime: true, hour: h, minute: mi, second: sec}, n + 1, ok
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
	name := n
	m, used := p.month(n)
	if used == 0 {
		return stamp{}, 0, false
	}
	n += used
	for p.is(n, ".", ",", "de", "del", "of", "-", "/", "พ", "ศ", "พ.ศ", "г", "в") && n < 9 {
		n++
	}
	y, ok := p.number(n, 4, 4)
	if !ok {
		y, n, ok = p.shortYear(name, n)
	}
	return stamp{year: y, month: m, day: d}, n + 1, ok
}

// centuryOf completes a year of two digits that leads a date: in Taiwan it counts from 1911.
func (p *dateReader) centuryOf(year int) int {
	switch {
	case year < 50:
		return 2000 + year
	case p.republic:
		return 1911 + year
	}
	return 1900 + year
}

// shortYear reads the two digits of a year behind the name of a month where
// they cannot be anything else: 12 ม.ค. 61, 19-Jan-18, 19 Jan '18.
func (p *dateReader) shortYear(name, n int) (year, at int, ok bool) {
	switch {
	case isThai(p.at(name).text):
		year, ok = p.number(n, 2, 2)
		return year + 2500, n, ok && year > 40
	case p.is(n, "'", "’"):
		n++
	case !p.is(n-1, "-"):
		return 0, 0, false
	}
	year, ok = p.number(n, 2, 2)
	if year += 2000; year > 2049 {
		year -= 100
	}
	return year, n, ok
}

// yearMonthName reads 2018 January 19, 2018. január 19 and 2018 жылғы 19 қаңтар.
func (p *dateReader) yearMonthName() (stamp, int, bool) {
	y, ok := p.number(0, 4, 4)
	if !ok {
		return stamp{}, 0, false
	}
	n := 1
	for p.is(n, ".", ",", "-", "/", "ж", "жылғы", "жылы") && n < 3 {
		n++
	}
	if d, ok := p.number(n, 1, 2); ok {
		m, used := p.month(n + 1)
		return stamp{year: y, month: m, day: d}, n + 1 + used, used > 0
	}
	m, used := p.month(n)
	n += used
	for p.is(n, ".", ",", "-", "/") {
		n++
	}
	d, ok := p.number(n, 1, 2)
	return stamp{year: y, month: m, day: d}, n + 1, ok && used > 0
}

// mongolian reads 2018 оны 01 сарын 19.
func (p *dateReader) mongolian() (stamp, int, bool) {
	y, ok1 := p.number(0, 4, 4)
	m, ok2 := p.number(2, 1, 2)
	n := 4
	if p.is(n, "ын") {
		n++
	}
	d, ok3 := p.number(n, 1, 2)
	return stamp{year: y, month: m, day: d}, n + 1, ok1 && ok2 && ok3 && p.is(1, "оны", "он") && p.is(3, "сарын", "сар")
}

// vietnamese reads 19 tháng 1 năm 2018 and 19 tháng 1, 2018.
func (p *dateReader) vietnamese() (stamp, int, bool) {
	d, ok1 := p.number(0, 1, 2)
	m, ok2 := p.number(2, 1, 2)
	y, ok3 := p.number(4, 4, 4)
	ok := ok1 && ok2 && ok3 && p.is(1, "tháng") && p.is(3, "năm", ",", "-", "/")
	return stamp{year: y, month: m, day: d}, 5, ok
}
