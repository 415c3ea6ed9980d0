package extract

import (
	"slices"
	"strings"
	"time"
)

// metaDateNames are the names of metadata that hold a date of publication,
// with how far they are to be believed.
var metaDateNames = []struct {
	name  string
	score float64
}{
	{"article:published_time", 0.84}, {"og:article:published_time", 0.83}, {"datepublished", 0.84}, {"publishdate", 0.8}, {"pubdate", 0.8}, {"firstpublishedtime", 0.8},
	{"publish-date", 0.8}, {"publish_date", 0.8}, {"published", 0.78}, {"sailthru.date", 0.78}, {"parsely-pub-date", 0.8}, {"cxenseparse:recs:publishtime", 0.78}, {"dc.date.issued", 0.8},
	{"dcterms.issued", 0.8}, {"dcterms.created", 0.74}, {"dc.date.created", 0.74}, {"dc.date", 0.66}, {"dcterms.date", 0.66}, {"dc.date.publication", 0.78}, {"date", 0.67}, {"og:pubdate", 0.78},
	{"rnews:datepublished", 0.8}, {"article.published", 0.8}, {"bt:pubdate", 0.78}, {"citation_publication_date", 0.74}, {"citation_date", 0.72}, {"article_date_original", 0.8},
	{"datecreated", 0.72}, {"published_time", 0.8}, {"releasedate", 0.76}, {"created", 0.6}, {"ptime", 0.7}, {"weibo:article:create_at", 0.8}, {"apub:time", 0.7},
	{"og:release_date", 0.74}, {"originalpublicationdate", 0.8}, {"last-modified", 0.35}, {"article:modified_time", 0.5}, {"og:updated_time", 0.45}, {"datemodified", 0.48}, {"dcterms.modified", 0.45}, {"lastmodifiedtime", 0.4},
}

// metaDates are the dates of <meta>, microdata and JSON-LD.
func (p *Page) metaDates(m *metadata) []candidate {
	var cs []candidate
	generated := p.generated(m)
	for _, n := range metaDateNames {
		raw := m.get(n.name)
		found := p.metaStamps(raw)
		if len(found) == 0 {
			continue
		}
		score := n.score
		for _, g := range generated {
			if found[0].sameTime(g) {
				score = 0.3
			}
		}
		cs = append(cs, candidate{value: found[0].in(nil), raw: raw, rule: "meta-" + n.name, score: score})
	}
	if o := m.article(); o != nil {
		for _, of := range []struct {
			key   string
			score float64
		}{{"datePublished", 0.83}, {"dateCreated", 0.7}, {"dateModified", 0.47}} {
			raw := ldString(o, of.key)
			if found := p.metaStamps(raw); len(found) > 0 {
				cs = append(cs, candidate{value: found[0].in(nil), raw: raw, rule: "json-ld-" + of.key, score: of.score})
			}
		}
	}
	return cs
}

// metaStamps is the date of a value of metadata. The first and the last second
// of a day stand for a day without a time.
func (p *Page) metaStamps(raw string) []stamp {
	found := findStamps(raw, p.language(), 1)
	for i, s := range found {
		seconds := s.hour*3600 + s.minute*60 + s.second
		found[i].hasTime = s.hasTime && seconds != 0 && seconds != 24*3600-1
	}
	return found
}

// generated are the times at which the page says that it was built.
func (p *Page) generated(m *metadata) []stamp {
	var out []stamp
	for _, name := range []string{"maketime", "others", "generated", "build-time", "createdate"} {
		for _, v := range m.names[name] {
			if name != "others" || strings.Contains(v, "生成") {
				out = append(out, findStamps(v, "", 1)...)
			}
		}
	}
	return out
}

// withTime prefers to a day another visible line that shows the same day with
// a time: many pages have the day in their metadata and both on show.
func withTime(best candidate, others []candidate) candidate {
	if len(best.value) > len(time.DateOnly) {
		return best
	}
	for _, c := range others {
		if c.rule == "time-element" && best.node != nil && within(c.node, best.node) && len(c.value) > len(best.value) && strings.HasPrefix(c.value, best.value) {
			c.score = best.score
			return c
		}
		visible := strings.HasPrefix(c.rule, "label-") || c.rule == "above-text" || c.rule == "beside-labels" || c.rule == "near-title"
		if visible && len(c.value) > len(time.DateOnly) && c.value[:len(time.DateOnly)] == best.value && !strings.HasPrefix(best.rule, "label-") {
			c.score = best.score
			return c
		}
	}
	return best
}

// asShown prefers to an instant of the metadata the day that the page shows
// when they are a day apart: the instant is that day in another zone. Of an
// instant in UTC the address, elements with a zone of their own and lines
// that are named for a date say so too, if a zone on earth has that day.
func asShown(best candidate, others []candidate) candidate {
	if !strings.HasPrefix(best.rule, "meta-") && !strings.HasPrefix(best.rule, "json-ld") || len(best.value) <= len(time.DateOnly) {
		return best
	}
	said, err := time.Parse("2006-01-02T15:04:05", best.value[:len("2006-01-02T15:04:05")])
	utc := strings.HasSuffix(best.value, "+00:00") || len(best.value) == len("2006-01-02T15:04:05")
	onShow := func(c candidate) bool {
		return sameDate(c, best) && (isShownRule(c.rule) && c.score >= 0.55 || !utc && c.rule == "named-line")
	}
	if err == nil && utc {
		for _, c := range others {
			if value, ok := onClock(said, c); ok && isShownRule(c.rule) && c.score >= 0.55 {
				best.value = value
				return best
			}
		}
	}
	if err != nil || slices.ContainsFunc(others, onShow) {
		return best
	}
	for _, c := range others {
		if c.score >= 0.55 && (isShownRule(c.rule) || utc && saysLocalDay(c, best)) && aDayApart(said, c, utc) {
			c.score = best.score
			return c
		}
	}
	return best
}

// onClock gives an instant in UTC by the clock of a place that a candidate without a zone shows:
// some whole hours from it; false when it is none.
func onClock(said time.Time, c candidate) (value string, ok bool) {
	local, err := time.Parse("2006-01-02T15:04:05", c.value)
	if err != nil {
		return "", false
	}
	offset := local.Truncate(time.Minute).Sub(said.Truncate(time.Minute))
	if offset == 0 || offset%time.Hour != 0 || offset.Abs() > 14*time.Hour {
		return "", false
	}
	return said.In(time.FixedZone("", int(offset/time.Second))).Format(time.RFC3339), true
}

// isShownRule holds for the lines of an article's head.
func isShownRule(rule string) bool {
	return rule == "above-text" || rule == "beside-labels" || rule == "near-title" || strings.HasPrefix(rule, "label-date")
}

func sameDate(a, b candidate) bool {
	return a.value[:len(time.DateOnly)] == b.value[:len(time.DateOnly)]
}

func saysLocalDay(c, best candidate) bool {
	switch {
	case c.rule == "address", c.rule == "named-line":
		return true
	case c.rule == "time-element":
		return sameInstant(best.value, c.value)
	}
	return strings.HasPrefix(c.rule, "meta-") && len(c.value) == len(time.DateOnly)
}

// aDayApart reports whether a candidate is of the day before or after an
// instant, and whether that can be, when the instant is in UTC.
func aDayApart(said time.Time, c candidate, utc bool) bool {
	t, err := time.Parse(time.DateOnly, c.value[:len(time.DateOnly)])
	if err != nil {
		return false
	}
	switch t.Sub(said.Truncate(24 * time.Hour)) {
	case 24 * time.Hour:
		return !utc || said.Hour() >= 10
	case -24 * time.Hour:
		return !utc || said.Hour() < 10
	}
	return false
}

// sameInstant reports whether two dates with zones are one instant.
func sameInstant(a, b string) bool {
	s, err1 := time.Parse(time.RFC3339, a)
	t, err2 := time.Parse(time.RFC3339, b)
	return err1 == nil && err2 == nil && s.Truncate(time.Minute).Equal(t.Truncate(time.Minute))
}
