package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html/atom"

	"github.com/dossier-archive/dossier"
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

const (
	minNotice   = 20 // size of a text under a headline that a list has for it, with its date
	minUndated  = 40 // the same where the list has no date for it, or another
	minHeadline = 12 // size of a headline that is no name of a column
	dateAbove   = 4  // lines above a headline where its date may stand
)

// IsAnnounced reports whether the page is the article that a row announces, though it shows
// more of others than of its own: right under the row's headline stands a text, and it has the
// row's date or one beside the headline. The day of a row is written as 2018-01-19.
func (p *Page) IsAnnounced(headline, day string) bool {
	r := p.read()
	text, at := size(r.body.text), p.headlineAt()
	if excuseOf(r.body.text) != "" || text < minNotice && !p.isNoticeOfPictures(at, day) || at < 0 || !showsHeadline(r.title.best.value, headline) || p.isNumbered() || p.teasers() >= minTeasers || p.rowsBetween(at, r.body.blocks) {
		return false
	}
	if day != "" && strings.HasPrefix(r.date.best.value, day) {
		return true
	}
	return text >= minUndated && size(headline) >= minHeadline && p.isHeadedBy(p.pageBlocks()[at], dateAbove)
}

// IsAnnouncedOn is like IsAnnounced for a page that also shows the day of the row: what it
// says of pages that are no more, of faults or logins is then its text.
func (p *Page) IsAnnouncedOn(headline, day string) bool {
	return headline != "" && day != "" && strings.HasPrefix(p.read().date.best.value, day) && p.IsAnnounced(headline, day)
}

// IsUnder reports whether a page that speaks of what is missing, broken or refused is the article
// of a row all the same: it has the headline of the row, and that speaks of it too, or some of
// the text does not.
func (p *Page) IsUnder(headline string) bool {
	r := p.read()
	if size(headline) < minHeadline || p.headlineAt() < 0 || !SameHeadline(r.title.best.value, headline) || isApology(headline) {
		return false
	}
	text, other := 0, 0
	for _, b := range r.body.blocks {
		for _, sentence := range strings.FieldsFunc(b.text, func(r rune) bool { return strings.ContainsRune("。！？；.!?;", r) }) {
			if text += size(sentence); !speaksOfTrouble(sentence) {
				other += size(sentence)
			}
		}
	}
	return other >= minUndated || text >= minNotice && speaksOfTrouble(headline)
}

// dateBelow is how many lines below a headline its date may stand when there is no text.
const dateBelow = 6

// isNoticeOfPictures reports whether the line of a headline has the day of its row below it and no
// text, as a notice that is a picture, a film or a file.
func (p *Page) isNoticeOfPictures(headline int, day string) bool {
	date := p.read().date.best
	if headline < 0 || day == "" || !strings.HasPrefix(date.value, day) || date.node == nil {
		return false
	}
	line := p.blockAt(date.node)
	return line != nil && headline < line.index && line.index <= headline+dateBelow
}

// showsHeadline reports whether a row shows a headline, by itself or with more.
func showsHeadline(headline, row string) bool {
	return SameHeadline(headline, row) || size(headline) >= minHeadline && strings.Contains(Squeeze(row), Squeeze(headline))
}

// rowsBetween reports whether the headlines of others stand between a line and a text.
func (p *Page) rowsBetween(line int, text []*block) bool {
	if len(text) == 0 {
		return false
	}
	n := 0
	for _, b := range p.pageBlocks()[line+1 : max(line+1, text[0].index)] {
		if !b.hidden && b.linked >= minHeadline && b.linked*2 > b.runes {
			n++
		}
	}
	return n >= minTeasers
}

// shownBegin is how many letters of a headline a page that shows it has at least.
const shownBegin = 12

// Shows reports whether the page shows a headline, or the begin of it, anywhere.
func (p *Page) Shows(headline string) bool {
	return strings.Contains(Squeeze(p.shownText()), string(beginOf(headline)))
}

// beginOf is the begin of a headline by which it is recognised.
func beginOf(headline string) []rune {
	begin := []rune(Squeeze(headline))
	return begin[:min(len(begin), shownBegin)]
}

// TellsMore reports whether the page tells more than an apology: it says of which day its text
// is, or has some of it.
func (p *Page) TellsMore() bool {
	r := p.read()
	return r.date.best.value != "" || size(r.body.text) > maxApology/2
}

// minOwnDate is the score of a date that a page announces as its own: by a label, an element or
// its metadata. Below it is one that stands somewhere in the text, or in the address.
const minOwnDate = 0.8

// HasOwnDate reports whether the page of an article announces its date so.
func HasOwnDate(a dossier.Article) bool {
	return a.Date != "" && a.Evidence["date"].Score >= minOwnDate
}

// IsStrayTo reports whether the page can hardly be what the row of a list with some headline leads
// to: it does not show that, has no date of its own, and a text of a line or two.
func (p *Page) IsStrayTo(headline string) bool {
	r := p.read()
	return size(headline) >= minHeadline && !p.isHeadlined(headline) && (r.date.best.value == "" || r.date.best.score < minOwnDate) && size(r.body.text) <= maxDemand
}

// isHeadlined reports whether a line of the page shows a headline, or the begin of it: its main
// heading, or one that is no link, as those of the latest articles beside each page are.
func (p *Page) isHeadlined(headline string) bool {
	begin := string(beginOf(headline))
	return slices.ContainsFunc(p.pageBlocks(), func(b *block) bool {
		return (b.heading == 1 || b.linked*2 <= b.runes) && strings.Contains(Squeeze(b.text), begin)
	})
}

// minRepeated is the size of the shortest address that is looked for in a page.
const minRepeated = 4

// ofAnswer finds what each answer of a server has of its own: times, codes, long numbers.
var ofAnswer = regexp.MustCompile(`\d{1,2}:\d\d(?::\d\d)?|\b(?:[0-9]+[A-Za-z]|[A-Za-z]+[0-9])[0-9A-Za-z]*|[0-9]{7,}`)

// Shown is what the page shows, to compare it with others: letters and numbers without its own
// address, which many pages that say that there is none repeat.
func (p *Page) Shown() string {
	text := p.shownText()
	_, rest, _ := strings.Cut(p.Snapshot.FinalURL, "://")
	if _, path, _ := strings.Cut(rest, "/"); len(path) >= minRepeated {
		text = strings.ReplaceAll(strings.ReplaceAll(text, p.Snapshot.FinalURL, ""), path, "")
	}
	return Squeeze(ofAnswer.ReplaceAllString(text, "")) + " " + strings.Join(p.pictures(), " ")
}

// pictures are the addresses of what a page shows beside its text, as written.
func (p *Page) pictures() []string {
	var out []string
	for _, n := range p.elements() {
		switch n.DataAtom {
		case atom.Img, atom.Iframe, atom.Embed, atom.Video, atom.Source:
			out = append(out, attrOf(n, "src"))
		}
	}
	return out
}

// shownText is the <title> and all lines that are not hidden.
func (p *Page) shownText() string {
	var b strings.Builder
	b.WriteString(p.metadata().title)
	for _, line := range p.pageBlocks() {
		if !line.hidden {
			b.WriteByte('\n')
			b.WriteString(line.text)
		}
	}
	return b.String()
}

// SameHeadline reports whether the row of a list shows a headline, or the begin of it.
// Blanks, signs and capitals make no difference. What is long may be cut without a sign.
func SameHeadline(headline, row string) bool {
	const long = 24
	whole, begin := Squeeze(headline), Squeeze(row)
	if EndsCut(row) || size(begin) >= long {
		return begin != "" && strings.HasPrefix(whole, begin)
	}
	return whole == begin
}

// EndsCut reports whether a text says that it goes on.
func EndsCut(text string) bool {
	return strings.HasSuffix(text, "…") || strings.HasSuffix(text, "...")
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
