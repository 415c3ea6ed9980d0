package extract

import (
	"strings"
	"time"
)

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
	forms := dateWords[:]
	switch p.at(0).kind {
	case tokenNumber:
		forms = dateNumbers[:]
	case tokenMark:
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
	dateNumbers = [...]func(*dateReader) (stamp, int, bool){(*dateReader).yearFirst, (*dateReader).minguo, (*dateReader).numeric, (*dateReader).compact, (*dateReader).dayMonthName, (*dateReader).vietnamese}
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
	if len(p.at(0).text) != len("令") || len(p.at(1).text) != len("和") {
		return stamp{}, 0, false
	}
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

// minguo reads 民國109年12月31日, 109年12月31日, 109-12-31 and 109/12/31: years
// of the Republic of China, from the hundredth on where it is not named.
func (p *dateReader) minguo() (stamp, int, bool) {
	n := 0
	named := p.is(0, "民") && p.is(1, "國", "国")
	if named {
		n = 2
	}
	y, ok1 := p.number(n, 1, 3)
	m, ok2 := p.number(n+2, 1, 2)
	d, ok3 := p.number(n+4, 1, 2)
	if !ok1 || !ok2 || !ok3 || !named && (y < 100 || y > 150) {
		return stamp{}, 0, false
	}
	n += 5
	switch {
	case p.is(n-4, "年") && p.is(n-2, "月"):
		if p.is(n, "日") {
			n++
		}
	case p.is(n-4, "-", "/", ".") && p.at(n-2).text == p.at(n-4).text && p.at(n-3).digits == 2 && p.at(n-1).digits == 2:
	default:
		return stamp{}, 0, false
	}
	return stamp{year: y + 1911, month: m, day: d}, n, true
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
