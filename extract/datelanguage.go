package extract

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// language is the one by which dates are read: it decides whether 04/11/2026 begins with
// the day. That is what the page declares, else what its text is written in. Other dates
// of the page that can only be read one way prove that one for pages in English.
func (p *Page) language() string {
	if p.dateLanguage == nil {
		lang := p.metadata().lang
		if lang == "" || strings.EqualFold(lang, "en") {
			text := p.someText()
			if lang == "" {
				lang = guessLanguage(text)
			}
			if monthFirst(lang) && dayComesFirst(text) {
				lang = "en-GB"
			}
		}
		p.dateLanguage = &lang
	}
	return *p.dateLanguage
}

// maxSample is how much of the text of a page tells its language.
const maxSample = 20_000

// someText is the text of a page from its beginning, in and out of articles.
func (p *Page) someText() string {
	var b strings.Builder
	b.Grow(min(len(p.Snapshot.Body), maxSample))
	for n := range p.Root.Descendants() {
		if n.Type == html.TextNode && n.Parent != nil && !isSilent(n.Parent) {
			b.WriteString(n.Data)
			b.WriteByte(' ')
		}
		if b.Len() > maxSample {
			break
		}
	}
	return b.String()
}

// frequent are words that stand in nearly every text of a language, and not in the others.
var frequent = func() map[string]string {
	words, shared := map[string]string{}, map[string]bool{}
	for lang, list := range map[string]string{
		"en": "the and of is was with this from that are were has",
		"es": "el los las una del por con para que más según esta",
		"pt": "o os da do das dos uma não com para que mais em ao foi são pela pelo",
		"fr": "le les des une du et est dans pour sur avec qui cette par",
		"de": "der die das und ist den von mit für ein eine auf werden wurde",
		"it": "il gli della delle di che per con una sono nel alla questo",
		"nl": "het een van en zijn voor met naar aan niet worden wordt",
		"vi": "và của các được trong cho với tại những người này đã",
		"id": "dan yang di dengan untuk dari pada ini akan telah dalam tidak",
		"tr": "ve bir bu için ile olarak olan daha çok sonra",
		"pl": "i w na z się do jest oraz przez że dla nie",
	} {
		for w := range strings.FieldsSeq(list) {
			shared[w] = shared[w] || words[w] != ""
			words[w] = lang
		}
	}
	for w := range shared {
		if shared[w] {
			delete(words, w)
		}
	}
	return words
}()

// guessLanguage is the language that a text is written in, of those that write numbers of
// days and months with the day first; "" when it is English or not known.
func guessLanguage(text string) string {
	if script := scriptOf(text); script != "latin" {
		return script
	}
	const enough = 8
	counts := map[string]int{}
	for w := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if lang := frequent[w]; lang != "" {
			counts[lang]++
		}
	}
	best := ""
	for lang, n := range counts {
		if n > counts[best] || n == counts[best] && lang < best {
			best = lang
		}
	}
	if best == "en" || counts[best] < enough || counts[best] < 2*counts["en"] {
		return ""
	}
	return best
}

// numericDate is a date whose order is to be found out. Dots always have the day first.
var numericDate = regexp.MustCompile(`^(\d{1,2})([/\-])(\d{1,2})[/\-](?:19|20)\d\d(?:$|[^\d/\-])`)

// dayComesFirst reports whether dates of a text can only be read with the day first, and
// none with the month first.
func dayComesFirst(text string) bool {
	const longest = len("31/12/2026 ")
	day := false
	for i := 1; i < len(text); i++ {
		if text[i] != '/' && text[i] != '-' || !isDigit(text[i-1]) {
			continue
		}
		from := i - 1
		if from > 0 && isDigit(text[from-1]) {
			from--
		}
		if from > 0 && (isDigit(text[from-1]) || strings.IndexByte("/-.", text[from-1]) >= 0) {
			continue
		}
		g := numericDate.FindStringSubmatch(text[from:min(len(text), from+longest)])
		if g == nil {
			continue
		}
		switch first, second := atoi(g[1]), atoi(g[3]); {
		case first <= 12 && second > 12 && second <= 31:
			return false
		case first > 12 && first <= 31 && second <= 12:
			day = true
		}
	}
	return day
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
