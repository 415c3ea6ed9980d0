package extract

import (
	"regexp"
	"slices"
	"time"
)

// venue begins a line or a value that says where something takes place.
var venue = regexp.MustCompile(`(?i)^[\s【\[（(]*(?:venue|where|地\s*点|地\s*點|会议地点|活动地点|举办地点|会\s*场|會場|場\s*所|開催場所|장\s*소|место проведения|veranstaltungsort|ort|lieu|lugar(?: del evento)?|luogo|local|місце проведення|место|місце|المكان|địa điểm|tempat(?: acara)?|yer|สถานที่)\s*[】\])）]?\s*(?:[:：]|$)`)

// venueIn finds the same within a line.
var venueIn = regexp.MustCompile(`(?i)(?:[\s;；,，|]venue|[\s　;；,，|](?:会议|活动)?地\s*点)\s*[:：]`)

// venueNear is how many lines from its date the place of an event stands at the most.
const venueNear = 3

// eventNames are the labels of dates that events have as well; others say in so many words that
// something was published.
var eventNames = squeezedSet("Date", "Time", "When", "Date and time", "时间", "時間", "日時", "開催日時", "일시", "Время", "Дата", "Datum", "Fecha", "Thời gian", "Tanggal", "Waktu", "日期", "날짜", "Data", "วันที่", "Ngày", "التاريخ", "Tarih")

// isEvent reports whether a line of labels says when and where something takes place:
// its date is not that of the page.
func (p *Page) isEvent(l *labelLine) bool {
	when, ok := l.value(labelDate)
	if !ok || !eventNames[squeezeLabel(when.name)] || hasKind(l, labelSource, labelAuthor) {
		return false
	}
	if publishedNames[squeezeLabel(when.name)] && !p.isBelowText(l.block) {
		return false
	}
	if venueIn.MatchString(l.block.text) {
		return true
	}
	blocks := p.pageBlocks()
	for i := max(0, l.block.index-venueNear); i <= min(l.block.index+venueNear, len(blocks)-1); i++ {
		if venue.MatchString(blocks[i].text) {
			return true
		}
	}
	return false
}

// publishedNames are those of them that mostly announce the day of publication: of an event they
// are below the first words of a text.
var publishedNames = squeezedSet("日期", "날짜", "Data", "วันที่", "Ngày", "التاريخ", "Tarih")

// isBelowText reports whether running text stands between the headline and a line.
func (p *Page) isBelowText(b *block) bool {
	from := max(0, b.index-headSpan)
	return slices.ContainsFunc(p.pageBlocks()[from:b.index], func(above *block) bool { return above.gain() > 0 })
}

// eventLines are the texts of such lines.
func (p *Page) eventLines() map[string]bool {
	var out map[string]bool
	for _, l := range p.labelLines() {
		if p.isEvent(l) {
			if out == nil {
				out = map[string]bool{}
			}
			out[l.block.text] = true
		}
	}
	return out
}

// maxAhead is how far the date of a page may lie after the time when it was fetched:
// clocks and time zones differ.
const maxAhead = 48 * time.Hour

// isAhead reports whether a page would have been published after it was fetched: then the
// date is that of something announced.
func (p *Page) isAhead(c candidate) bool {
	day, err := time.Parse(time.DateOnly, c.value[:min(len(c.value), len(time.DateOnly))])
	return err == nil && p.Snapshot != nil && !p.Snapshot.FetchedAt.IsZero() && day.After(p.Snapshot.FetchedAt.Add(maxAhead))
}
