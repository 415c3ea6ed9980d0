package extract

import (
	"strings"
	"unicode"
)

// minStory is the size of a text that makes a page under a known headline an article.
const minStory = 200

// Tells reports whether the page shows a headline that a list has for it, and under it a
// text of some length that is not made of other headlines. A question is none.
func (p *Page) Tells(headline string) bool {
	r := p.read()
	text := size(r.body.text)
	if text < minStory || strings.HasSuffix(headline, "?") || strings.HasSuffix(headline, "？") || !SameHeadline(r.title.best.value, headline) {
		return false
	}
	_, linked := p.listRows()
	return text > linked && p.teasers() < minTeasers && !p.isPosts()
}

// SameHeadline reports whether the row of a list shows a headline, or the begin of it.
// Blanks, signs and capitals make no difference.
func SameHeadline(headline, row string) bool {
	whole, begin := Squeeze(headline), Squeeze(row)
	if strings.HasSuffix(row, "…") || strings.HasSuffix(row, "...") {
		return begin != "" && strings.HasPrefix(whole, begin)
	}
	return whole == begin
}

// Squeeze leaves of a text its letters and numbers, in small letters.
func Squeeze(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}
