package extract

import "strings"

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
		half := p.is(n+1, "pm", "am", "uhr", "时", "時")
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
		if sec, ok := p.number(n+1, 1, 2); ok && sec < 60 && (p.at(n+1).digits == 2 || p.at(n).end == p.at(n+1).start && !p.is(n, "分", "분")) {
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
	case p.is(n, "pm", "petang", "ptg", "malam", "ch", "م", "مساء", "مساءً") || p.is(n, "p") && p.is(n+1, ".") && p.is(n+2, "m"):
		if h < 12 {
			h += 12
		}
	case p.is(n, "am", "pagi", "sa", "ص", "صباحا", "صباحاً", "صباحًا") || p.is(n, "a") && p.is(n+1, ".") && p.is(n+2, "m"):
		if h == 12 {
			h = 0
		}
	case (p.is(from-1, "午") && p.is(from-2, "下") || p.is(from-1, "後", "后") && p.is(from-2, "午") || p.is(from-1, "上") && p.is(from-2, "晚") || p.is(from-1, "후") && p.is(from-2, "오")) && h < 12:
		return h + 12, n
	default:
		return h, n
	}
	if !p.is(n, "p", "a") {
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
