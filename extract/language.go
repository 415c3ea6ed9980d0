package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// articleLanguage is the language of the text: its script where that decides,
// what the page declares otherwise.
func (p *Page) articleLanguage(m *metadata, text string) string {
	declared := m.lang
	if declared == "" {
		declared = m.get("content-language", "og:locale", "language", "dc.language")
	}
	tag := language.Und
	if t, err := language.Parse(strings.ReplaceAll(declared, "_", "-")); err == nil {
		tag = t
	}
	script := scriptOf(text)
	base, _ := tag.Base()
	switch script {
	case "":
	case "zh":
		if b := base.String(); b != "zh" && b != "ja" && b != "yue" {
			return hanLanguage(text)
		}
	case "ru":
		if b := base.String(); tag == language.Und || strings.Contains("en zh de fr es", b) {
			return "ru"
		}
	case "latin":
		if b := base.String(); strings.Contains("zh ja ko ru ar th", b) && tag != language.Und {
			return "en"
		}
	default:
		if base.String() != script && !(script == "ar" && (base.String() == "fa" || base.String() == "ur")) {
			return script
		}
	}
	if tag == language.Und {
		return ""
	}
	return tag.String()
}

// scriptOf names the language of a script that has one, "latin", or "".
func scriptOf(text string) string {
	counts, latin := map[string]int{}, 0
	for i, r := range text {
		if i > 4000 {
			break
		}
		switch {
		case r < utf8.RuneSelf:
			if 'a' <= r|0x20 && r|0x20 <= 'z' {
				latin++
			}
		case r < 0x250 && unicode.IsLetter(r):
			latin++
		case unicode.Is(unicode.Hiragana, r), unicode.Is(unicode.Katakana, r):
			counts["ja"] += 3
		case unicode.Is(unicode.Han, r):
			counts["zh"] += 2
		case unicode.Is(unicode.Hangul, r):
			counts["ko"] += 2
		case unicode.Is(unicode.Cyrillic, r):
			counts["ru"]++
		case unicode.Is(unicode.Arabic, r):
			counts["ar"]++
		case unicode.Is(unicode.Thai, r):
			counts["th"]++
		}
	}
	counts["latin"] = latin
	best := ""
	for _, name := range []string{"latin", "zh", "ja", "ko", "ru", "ar", "th"} {
		if counts[name] > counts[best] {
			best = name
		}
	}
	if best == "zh" && counts["ja"]*4 > counts["zh"] {
		return "ja"
	}
	return best
}

// hanLanguage tells traditional from simplified characters by frequent ones
// that differ.
func hanLanguage(text string) string {
	hant, hans := 0, 0
	for i, r := range text {
		if i > 6000 {
			break
		}
		if strings.ContainsRune("國會來發業與這時個說們學開關經濟區灣過對動產長務實點後當從應總體導", r) {
			hant++
		}
		if strings.ContainsRune("国会来发业与这时个说们学开关经济区湾过对动产长务实点后当从应总体导", r) {
			hans++
		}
	}
	if hant > hans {
		return "zh-Hant"
	}
	return "zh"
}
