package extract

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// language is the one by which dates are read: it decides whether 04/11/2026 begins with
// the day. That is what the page declares, else what its text is written in. Dates
// of the page, or else of the others of its site, that can only be read one way prove that one.
func (p *Page) language() string {
	if p.dateLanguage == nil {
		lang, text := p.metadata().lang, p.someText()
		if lang == "" {
			lang = guessLanguage(text)
		}
		if (lang == "" || lang == "zh") && countryOf(p.Host()) == "tw" {
			lang = "zh-tw" // where years count from 1912
		}
		order, others := dateOrderOf(text), p.others().order
		switch {
		case order == eitherFirst:
			order = others
		case others != eitherFirst && others != order:
			order = eitherFirst // the date of another country in the text
		}
		if order == eitherFirst && dayFirstCountries[countryOf(p.Host())] {
			order = dayFirst
		}
		switch {
		case order == dayFirst && monthFirst(lang):
			lang += tagDayFirst
		case order == monthIsFirst && !monthFirst(lang):
			lang += tagMonthFirst
		}
		p.dateLanguage = &lang
	}
	return *p.dateLanguage
}

// dayFirstCountries are those that publish in English and write the day first, by the ends of
// their hosts.
var dayFirstCountries = func() map[string]bool {
	out := map[string]bool{}
	for c := range strings.FieldsSeq("ae at au bd be bh bw ch cy cz de dk eg es et eu fi fj fr gh gr hk hu id ie in iq it jm jo ke kh kw lb lk lu ma mm mt mu mw my na ng nl no nz om pg pk pl pt qa ro rs rw sa se sg si sk sz th tr tt tz ua ug uk vn ws za zm zw") {
		out[c] = true
	}
	return out
}()

// countryOf is the end of a host.
func countryOf(host string) string {
	host, _, _ = strings.Cut(host, ":")
	return host[strings.LastIndexByte(host, '.')+1:]
}

// Tags of a language whose dates are written in another order than most of it.
const (
	tagDayFirst   = "-x-dmy"
	tagMonthFirst = "-x-mdy"
)

// monthFirst holds for American English, and for Chinese, Japanese and Korean, which write
// the year last where a system does that was made in America.
func monthFirst(lang string) bool {
	lang = strings.ToLower(lang)
	switch {
	case strings.HasSuffix(lang, tagDayFirst):
		return false
	case strings.HasSuffix(lang, tagMonthFirst), lang == "", lang == "en":
		return true
	case isLanguage(lang, "zh-hk", "zh-mo", "zh-hant-hk", "zh-hant-mo", "zh_hk"):
		return false
	}
	return isLanguage(lang, "en-us", "en_us", "en-ph", "zh", "ja", "ko")
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

// A dateOrder is what comes first in dates of numbers.
type dateOrder int

const (
	eitherFirst  dateOrder = 0
	dayFirst     dateOrder = 1
	monthIsFirst dateOrder = -1
)

// dateOrderOf is the order in which alone dates of a text can be read.
func dateOrderOf(text string) dateOrder {
	const longest = len("31/12/2026 ")
	day, month := false, false
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
		first, second := atoi(g[1]), atoi(g[3])
		day = day || first > 12 && first <= 31 && second <= 12
		month = month || first <= 12 && second > 12 && second <= 31
	}
	switch {
	case day && !month:
		return dayFirst
	case month && !day:
		return monthIsFirst
	}
	return eitherFirst
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
