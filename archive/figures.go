package archive

import (
	"unicode"
	"unicode/utf8"

	"github.com/dossier-archive/dossier"
)

// The hash by which reposts are found is of letters and digits alone (appendNormal), so that it
// does not depend on how a site sets its commas. 12.5 and 125, or 5 and -5, are equal by it:
// whether two texts say the same is then told by what stands beside their figures.

// sameFigures reports whether two articles of one text hash say the same in signs and figures.
func sameFigures(a, b dossier.Article) bool {
	return figuresOf(a.Title) == figuresOf(b.Title) && figuresOf(a.Body) == figuresOf(b.Body)
}

// figuresOf is what tells texts of the same letters and digits apart: these themselves as they
// are written, the cells of tables, signs such as √, ≥ and €, and marks before and between digits.
func figuresOf(s string) string {
	out := make([]byte, 0, len(s))
	before, gap := rune(0), false // the last one that was not passed over, and whether blanks follow it
	for i, r := range s {
		r = plainSign(r)
		switch {
		case r == '\t': // between the cells of a table
		case unicode.IsSpace(r):
			gap = true
			continue
		case unicode.IsLetter(r), unicode.IsMark(r), r == '%', r == '‰', r == '‱':
		case unicode.IsNumber(r):
			if gap && unicode.IsNumber(before) {
				out = append(out, ' ')
			}
		case isBullet(r), isMark(r):
			next := nextRune(s, i)
			if !unicode.IsNumber(next) || r != '-' && isMark(r) && !unicode.IsNumber(before) {
				before, gap = r, false
				continue
			}
		case !unicode.IsSymbol(r):
			before, gap = r, false
			continue
		}
		out = utf8.AppendRune(out, unicode.ToLower(r))
		before, gap = r, false
	}
	return string(out)
}

// nextRune is the one behind that at i, past no blanks.
func nextRune(s string, i int) rune {
	_, n := utf8.DecodeRuneInString(s[i:])
	r, _ := utf8.DecodeRuneInString(s[i+n:])
	return plainSign(r)
}

// plainSign writes a sign as keyboards do.
func plainSign(r rune) rune {
	switch {
	case 0xff01 <= r && r <= 0xff5e:
		r -= 0xff01 - '!'
	case r == '￥':
		r = '¥'
	}
	switch r {
	case '−', '–', '—', '―', '﹣', '~', '〜', '‐', '‑':
		return '-'
	case '∶':
		return ':'
	}
	return r
}

// isMark reports whether a mark belongs to a figure where digits stand around it.
func isMark(r rune) bool {
	switch r {
	case '.', ',', ':', '/', '-', '·':
		return true
	}
	return false
}

// isBullet reports whether a sign begins lines, where it says nothing of what follows but a digit.
func isBullet(r rune) bool {
	return 0x25a0 <= r && r <= 0x25ff || r == '★' || r == '☆' || r == '•'
}
