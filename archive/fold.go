package archive

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

//go:embed simplified.txt
var simplifiedTable string

// variants are the simplified characters of traditional ones.
type variants struct {
	common [0xa000 - 0x3400]rune // of those from U+3400 on; 0: none
	rare   map[rune]rune
}

var simplified = sync.OnceValue(func() *variants {
	v := &variants{rare: map[rune]rune{}}
	for line := range strings.Lines(simplifiedTable) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		pair := []rune(strings.TrimSpace(line))
		for i := 0; i+1 < len(pair); i += 2 {
			if at := pair[i] - 0x3400; 0 <= at && int(at) < len(v.common) {
				v.common[at] = pair[i+1]
			} else {
				v.rare[pair[i]] = pair[i+1]
			}
		}
	}
	return v
})

// of gives the simplified form of a character, itself when it has none.
func (v *variants) of(r rune) rune {
	var s rune
	if at := r - 0x3400; 0 <= at && int(at) < len(v.common) {
		s = v.common[at]
	} else {
		s = v.rare[r]
	}
	if s == 0 {
		return r
	}
	return s
}

// sentence is a token that stands between two characters of a script without
// spaces where the text has something else between them, so that a phrase
// does not match across a comma.
const sentence = '\ue000'

// folder brings text into the form in which it is searched: small letters
// without accents, half width, simplified characters.
type folder struct{ table *variants }

func newFolder() folder { return folder{simplified()} }

// fold appends the searched form of a character; nothing for a combining mark.
func (f folder) fold(dst []rune, r rune) []rune {
	if 0xff01 <= r && r <= 0xff5e {
		r -= 0xff01 - '!'
	}
	switch {
	case r < 0x80:
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return append(dst, r)
	case r >= 0x2e80 && r <= 0x2fdf: // radicals, which files of print give instead of characters
		one, _ := utf8.DecodeRuneInString(norm.NFKC.String(string(r)))
		return append(dst, f.table.of(one))
	case r >= 0x2e80 && r <= 0x9fff && r < 0x3200 || r >= 0x3400 && r <= 0x9fff:
		return append(dst, f.table.of(r))
	case r >= 0x300 && r <= 0x36f:
		return dst
	case r >= 0x20000:
		return append(dst, f.table.of(r))
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
		dst = append(dst, unicode.ToLower(f.table.of(d)))
	}
	return dst
}

// character gives the character that begins at a byte of a text, composed with the marks and
// letters behind it that it is written with, and where the next one begins.
func character(s string, at int) (r rune, end int) {
	r, n := utf8.DecodeRuneInString(s[at:])
	end = at + n
	if r < 0x1100 || end == len(s) {
		return r, end
	}
	for joined := r; end < len(s); {
		next, n := utf8.DecodeRuneInString(s[end:])
		if !joins(joined, next) {
			break
		}
		joined, end = next, end+n
	}
	if end == at+n {
		return r, end
	}
	if one, size := utf8.DecodeRuneInString(norm.NFKC.String(s[at:end])); size > 0 {
		r = one
	}
	return r, end
}

// joins reports whether a character is written as one with the one before it: signs of voice
// behind kana, letters of a Korean syllable, what chooses among shapes of a Chinese character.
func joins(before, r rune) bool {
	switch {
	case r == 0x3099 || r == 0x309a || r == 0xff9e || r == 0xff9f:
		return before >= 0x3041 && before <= 0x30ff || before >= 0xff66 && before <= 0xff9d
	case r >= 0x1160 && r <= 0x11a7:
		return before >= 0x1100 && before <= 0x115f
	case r >= 0x11a8 && r <= 0x11ff:
		return before >= 0x1160 && before <= 0x11a7
	case r >= 0xfe00 && r <= 0xfe0f || r >= 0xe0100 && r <= 0xe01ef:
		return unicode.Is(unicode.Han, before)
	}
	return false
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
	return 0x4e00 <= r && r <= 0x9fff || unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}

// tokens gives text as it is indexed: folded, with a space around each
// character of a script that is written without.
func (f folder) tokens(s string) string {
	var b strings.Builder
	b.Grow(len(s) + len(s)/2)
	var buf [8]rune
	var last rune // the last character that is part of a token
	gap := false  // something stood between it and the next one
	for at := 0; at < len(s); {
		r, end := rune(s[at]), at+1
		if r >= 0x80 {
			r, end = character(s, at)
		}
		at = end
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
