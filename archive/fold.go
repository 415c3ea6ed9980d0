package archive

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

//go:embed simplified.txt
var simplifiedTable string

// simplified gives for traditional characters the simplified ones.
var simplified = sync.OnceValue(func() map[rune]rune {
	m := map[rune]rune{}
	for line := range strings.Lines(simplifiedTable) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		pair := []rune(strings.TrimSpace(line))
		for i := 0; i+1 < len(pair); i += 2 {
			m[pair[i]] = pair[i+1]
		}
	}
	return m
})

// sentence is a token that stands between two characters of a script without
// spaces where the text has something else between them, so that a phrase
// does not match across a comma.
const sentence = '\ue000'

// folder brings text into the form in which it is searched: small letters
// without accents, half width, simplified characters.
type folder struct{ table map[rune]rune }

func newFolder() folder { return folder{simplified()} }

// fold appends the searched form of a character; nothing for a combining mark.
func (f folder) fold(dst []rune, r rune) []rune {
	switch {
	case r < 0x80:
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return append(dst, r)
	case r >= 0x2e80 && r <= 0x9fff && r < 0x3200 || r >= 0x3400 && r <= 0x9fff:
		if s, ok := f.table[r]; ok {
			r = s
		}
		return append(dst, r)
	case r >= 0x300 && r <= 0x36f:
		return dst
	case r >= 0x20000:
		if s, ok := f.table[r]; ok {
			r = s
		}
		return append(dst, r)
	}
	if unicode.In(r, unicode.Latin, unicode.Greek) {
		for _, d := range norm.NFKD.String(string(r)) {
			if !unicode.Is(unicode.Mn, d) {
				dst = append(dst, unicode.ToLower(d))
			}
		}
		return dst
	}
	for _, d := range norm.NFKC.String(string(r)) {
		if s, ok := f.table[d]; ok {
			d = s
		}
		dst = append(dst, unicode.ToLower(d))
	}
	return dst
}

// unspaced reports whether a character belongs to a script that is written
// without spaces, so that each one is a token.
func unspaced(r rune) bool {
	if r < 0x1100 {
		return false
	}
	return r >= 0x4e00 && r <= 0x9fff || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo)
}

func isToken(r rune) bool {
	if r < 0x80 {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}

// tokens gives text as it is indexed: folded, with a space around each
// character of a script that is written without.
func (f folder) tokens(s string) string {
	var b strings.Builder
	b.Grow(len(s) + len(s)/2)
	var buf [8]rune
	var last rune // the last character that is part of a token
	gap := false  // something stood between it and the next one
	for _, r := range s {
		if r < 0x80 && last < 0x80 { // the common case
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
			if !isToken(r) {
				gap = true
				continue
			}
			if gap && last != 0 {
				b.WriteByte(' ')
			}
			b.WriteByte(byte(r))
			last, gap = r, false
			continue
		}
		for _, d := range f.fold(buf[:0], r) {
			if !isToken(d) {
				gap = true
				continue
			}
			one := unspaced(d)
			switch {
			case gap && one && last != 0 && unspaced(last):
				b.WriteByte(' ')
				b.WriteRune(sentence)
				b.WriteByte(' ')
			case last != 0 && (gap || one || unspaced(last)):
				b.WriteByte(' ')
			}
			b.WriteRune(d)
			last, gap = d, false
		}
	}
	return b.String()
}
