package extract

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:embed buttons.txt
var buttonData string

// A buttonKind says where words are those of a button, as buttons.txt has it.
type buttonKind string

// buttonAtValue are words of buttons also where they end the value of a label.
const buttonAtValue buttonKind = "value"

// buttonTable holds the words of buttons.
var buttonTable = sync.OnceValue(func() map[string]buttonKind { return readWords[buttonKind](buttonData) })

// maxButton is how many bytes the longest button has, maxButtonWords how many words.
const (
	maxButton      = 160
	maxButtonWords = 8
)

// isButton reports whether a text is the words of buttons and nothing else: "[Print]", "Imprimer |
// Partager", "文字サイズ 小 中 大".
func isButton(text string) bool {
	if len(text) > maxButton || strings.ContainsAny(text, "0123456789") {
		return false
	}
	found := false
	for part := range strings.FieldsFuncSeq(text, isBetweenButtons) {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		if !isButtonWords(part) {
			return false
		}
		found = true
	}
	return found
}

// isBetweenButtons reports whether a character stands between buttons or around them.
func isBetweenButtons(r rune) bool {
	return strings.ContainsRune(":：|｜·•/[]【】()（）<>«»‹›→←↑▲", r)
}

// isButtonWords reports whether a text is the words of one button, or of several with
// blanks between.
func isButtonWords(text string) bool {
	words := strings.Fields(text)
	for len(words) > 0 {
		n := min(len(words), maxButtonWords)
		for n > 0 && buttonTable()[squeezeLabel(strings.Join(words[:n], " "))] == "" {
			n--
		}
		if n == 0 {
			return false
		}
		words = words[n:]
	}
	return true
}

// withoutButtons takes buttons off the end of a value.
func withoutButtons(s string) string {
	s = strings.TrimSpace(s)
	for at := lastButton(s); at >= 0; at = lastButton(s) {
		s = strings.TrimRightFunc(s[:at], isBeforeButton)
	}
	return s
}

// lastButton is where the button begins that a value ends with, -1 when it ends with none.
func lastButton(s string) int {
	for at, n := len(s), 0; n < maxButtonWords && at > 0; n++ {
		from := 0
		if at = strings.LastIndexFunc(s[:at], isBeforeButton); at >= 0 {
			_, size := utf8.DecodeRuneInString(s[at:])
			from = at + size
		}
		if len(s)-from > maxButton {
			break
		}
		if buttonTable()[squeezeLabel(s[from:])] == buttonAtValue {
			return from
		}
	}
	return -1
}

func isBeforeButton(r rune) bool { return unicode.IsSpace(r) || r == '|' || r == '｜' }
