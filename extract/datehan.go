package extract

import "strings"

// era reads 令和7年3月7日, 令和元年5月1日, 平成30年(2018年)1月19日, 令和5.3.7,
// R5.3.7 and 平成三十年一月十九日.
func (p *dateReader) era() (stamp, int, bool) {
	first, n := eras[p.at(0).text], 1
	if len(p.at(0).text) == len("令") {
		first, n = eras[p.at(0).text+p.at(1).text], 2
	}
	if first == 0 || n == 1 && (!p.eraLetters || p.at(0).end != p.at(1).start) {
		return stamp{}, 0, false
	}
	y, used := p.hanOrNumber(n)
	if p.is(n, "元") {
		y, used = 1, 1
	}
	n += used
	sep, yearSep := p.at(n), "月"
	if sep.text == "." || sep.text == "/" {
		yearSep = sep.text
	} else if sep.text != "年" {
		return stamp{}, 0, false
	}
	n = p.pastOtherYear(n + 1)
	m, usedMonth := p.hanOrNumber(n)
	n += usedMonth
	if used == 0 || usedMonth == 0 || !p.is(n, yearSep) {
		return stamp{}, 0, false
	}
	d, usedDay := p.hanOrNumber(n + 1)
	n += 1 + usedDay
	if p.is(n, "日") {
		n++
	}
	return stamp{year: first + y - 1, month: m, day: d}, n, usedDay > 0
}

// pastOtherYear is where the month begins behind a year that is given again in
// brackets, by the other calendar: 2018年（平成30年）1月19日, 2018（平成30）年1月19日.
func (p *dateReader) pastOtherYear(n int) int {
	if !p.is(n, "(", "（") {
		return n
	}
	for i := n + 1; i < n+7; i++ {
		if p.is(i, ")", "）") {
			return i + 1
		}
	}
	return n
}

// hanOrNumber reads a number of one or two digits, or 一 to 九十九.
func (p *dateReader) hanOrNumber(n int) (value, used int) {
	if v, ok := p.number(n, 1, 2); ok {
		return v, 1
	}
	return p.hanNumber(n)
}

// minguo reads 民國109年12月31日, 109年12月31日, 109-12-31 and 109/12/31: years
// of the Republic of China, from the hundredth on where it is not named, and in Taiwan
// from the sixtieth on, 98-12-31.
func (p *dateReader) minguo() (stamp, int, bool) {
	n := 0
	named := p.is(0, "民") && p.is(1, "國", "国")
	if named {
		n = 2
	}
	y, ok1 := p.number(n, 1, 3)
	m, ok2 := p.number(n+2, 1, 2)
	d, ok3 := p.number(n+4, 1, 2)
	if !ok1 || !ok2 || !ok3 || !named && (y > 150 || y < 100 && (!p.republic || y < 60)) {
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

// hanNumerals reads 二〇一八年一月十九日.
func (p *dateReader) hanNumerals() (stamp, int, bool) {
	y, n := 0, 0
	for ; n < 4; n++ {
		d := hanDigit(p.at(n).text)
		if d < 0 {
			return stamp{}, 0, false
		}
		y = y*10 + d
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

// hanDigit is the value of one of 〇 to 九, -1 for others. Zero has many looks.
func hanDigit(s string) int {
	switch s {
	case "":
		return -1
	case "○", "零", "Ｏ":
		return 0
	}
	if d := strings.Index("〇一二三四五六七八九", s); d >= 0 {
		return d / len("〇")
	}
	return -1
}

// hanNumber reads 一 to 九十九.
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
		d := hanDigit(t.text)
		if d <= 0 {
			break
		}
		value += d
	}
	return value, used
}
