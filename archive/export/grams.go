package export

import (
	"strings"
	"unicode"
)

// maxGram is the longest word of a script without spaces that a full-text
// table finds as it is written: most Chinese words have two characters, and
// set phrases four.
const maxGram = 4

// withGrams gives text as a full-text table with SQLite's own unicode61
// tokenizer should index it. That tokenizer takes a whole Chinese clause for
// one word, and the program that opens the database later splits no query; so
// behind the text follow the sequences of one to maxGram characters of each
// clause, shorter ones first. Those of one character follow each other as in the
// text: a phrase of single characters is found whatever its length. The text itself comes first and unchanged, so
// that marks of what was found in Latin words stand where they should.
func withGrams(text string) string {
	var b strings.Builder
	var units []string // characters of the clause, stretches of letters and digits being one
	joined := false    // the last unit is a stretch that goes on
	mixed := false     // the clause has characters of such a script
	flush := func() {
		for n := 1; mixed && n <= min(maxGram, len(units)); n++ {
			for i := range len(units) - n + 1 {
				b.WriteByte(' ')
				for _, u := range units[i : i+n] {
					b.WriteString(u)
				}
			}
		}
		units, joined, mixed = units[:0], false, false
	}
	start := 0
	for i, r := range text {
		end := i + len(string(r))
		switch {
		case unspaced(r):
			units, joined, mixed = append(units, text[i:end]), false, true
		case !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r):
			flush()
		case joined:
			units[len(units)-1] = text[start:end]
		default:
			units, joined, start = append(units, text[i:end]), true, i
		}
	}
	flush()
	return text + b.String()
}

// unspaced reports whether a character is of a script that is written without
// spaces between words.
func unspaced(r rune) bool {
	return r >= 0x1100 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo)
}
