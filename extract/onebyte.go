package extract

import (
	"slices"
	"strings"
)

// Encodings of one byte a letter are told apart by what their texts cannot hold.

// isWindows874 recognises Thai text: vowels above and below and the marks of tones
// stand behind consonants only, and some codes are no characters.
func isWindows874(text []byte) bool {
	high, marks, stray := 0, 0, 0
	for i, c := range text {
		switch {
		case c < 0xa0:
		case c >= 0xdb && c <= 0xde, c >= 0xfc:
			return false
		case c == 0xd1, c >= 0xd4 && c <= 0xda, c >= 0xe7 && c <= 0xee:
			high++
			marks++
			if i == 0 || text[i-1] < 0xa1 {
				stray++
			}
		default:
			high++
		}
	}
	return high >= 20 && marks*12 >= high && stray*50 <= marks && hasForeignWords(text)
}

// hasForeignWords reports whether whole words are written in bytes beyond ASCII,
// as in Cyrillic, Greek, Arabic and Thai. Western words have one or two of them.
func hasForeignWords(text []byte) bool {
	high, inWords, run := 0, 0, 0
	for _, c := range text {
		if c >= 0x80 {
			high++
			run++
			continue
		}
		if run >= 4 {
			inWords += run
		}
		run = 0
	}
	if run >= 4 {
		inWords += run
	}
	return high >= 15 && inWords*10 >= high*6
}

// latin2 is the encoding of Central European text that is taken for Western,
// "" for Western text.
func latin2(text []byte) string {
	var n [256]int
	inside := 0 // signs of Western text between letters
	for i, c := range text {
		if c < 0x80 {
			continue
		}
		n[c]++
		if strings.IndexByte("\xb1\xb3\xb6\xb9\xbc\xbe\xbf", c) >= 0 && i > 0 && isLetterByte(text[i-1]) {
			inside++
		}
	}
	has := func(codes ...byte) (sum int) {
		for _, c := range codes {
			sum += n[c]
		}
		return sum
	}
	czech := n[0xec] >= 2 && n[0xf8] >= 2
	hungarian := has(0xf5, 0xfb) >= 2 && has(0xf6, 0xfc) >= 2 && has(0xe1, 0xe9) >= 2 && has(0xe4, 0xe3) == 0
	polish := inside >= 3 && has(0xb3, 0xea) >= 2
	switch {
	case czech && has(0x9a, 0x9e) > 0, hungarian, polish && has(0x9c, 0x9f, 0xb9) > has(0xb1, 0xb6, 0xbc):
		return "windows-1250"
	case czech && has(0xb9, 0xbe) > 0, polish:
		return "iso-8859-2"
	}
	return ""
}

func isLetterByte(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0xc0 }

// refine corrects the name of an encoding of one byte that was found by
// statistics: they do not know each alphabet.
func refine(name string, text []byte) string {
	switch name {
	case "windows-1252", "iso-8859-2", "windows-1250", "windows-1254", "iso-8859-15":
		if better := latin2(text); better != "" {
			return better
		}
	case "koi8-r":
		// Letters of Ukrainian, and in Russian the frames of tables.
		if slices.ContainsFunc(text, func(c byte) bool { return c == 0xa4 || c == 0xa6 || c == 0xa7 }) {
			return "koi8-u"
		}
	}
	return name
}
