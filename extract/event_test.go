package extract

import (
	"strings"
	"testing"
	"time"

	"github.com/dossier-archive/dossier"
)

// TestDatesOfEvents: when something takes place is not when the page was published, and
// stays in its text.
func TestDatesOfEvents(t *testing.T) {
	fetched := time.Date(2026, 11, 27, 10, 0, 0, 0, time.UTC)
	const text = "<p>The agency invites the investors of the region to a seminar, at which the rules of the new zone are explained.</p><p>Register by e-mail before the end of the month, since the hall has room for a hundred.</p>"
	tests := []struct{ name, html, want, body string }{
		{"date and venue", "<p>Date: 20 November 2026, 10:00 - 12:00</p><p>Venue: City Hall, Room 111</p>" + text, "", "Date: 20 November 2026"},
		{"in Chinese", "<p>时间：2026年11月8日上午9:00</p><p>地点：市民中心三楼会议室</p>" + text, "", "时间：2026年11月8日"},
		{"on one line", "<p>时间：2026年11月8日上午9:00　地点：市民中心三楼会议室</p>" + text, "", "时间：2026年11月8日"},
		{"published at a place", "<p>发布时间：2026-11-04 地点：青岭县会议中心</p>" + text, "2026-11-04", ""},
		{"a day at a place", "<p>日期：2026-11-04 10:20 地点：青岭县会议中心</p>" + text, "2026-11-04", ""},
		{"in German, below a bare day", "<p>02.09.2026</p>" + text + "<p>Datum: 05.11.2026</p><p>Ort: Messe Nord</p>", "2026-09-02", "Datum: 05.11.2026"},
		{"in French, below a bare day", "<p>02.09.2026</p>" + text + "<p>Date : 05.11.2026</p><p>Lieu : Lyon</p>", "2026-09-02", "Date : 05.11.2026"},
		{"in Spanish, below a bare day", "<p>02.09.2026</p>" + text + "<p>Fecha: 05.11.2026</p><p>Lugar: Lima</p>", "2026-09-02", "Fecha: 05.11.2026"},
		{"in Chinese, below a bare day", "<p>2026-09-02</p>" + text + "<p>日期：2026年11月5日</p><p>地點：會展中心</p>", "2026-09-02", "日期：2026年11月5日"},
		{"in the future", "<p>Date: 28 December 2026</p>" + text, "", ""},
		{"beside the date of the page", "<p>Published: 3 November 2026</p><p>Date: 28 December 2026</p><p>Venue: City Hall</p>" + text, "2026-11-03", "Date: 28 December 2026"},
		{"tomorrow by the clock of another country", "<p>Date: 28 November 2026</p>" + text, "2026-11-28", ""},
		{"a date alone", "<p>Date: 20 November 2026</p>" + text, "2026-11-20", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := Parse(&dossier.Snapshot{URL: "http://zone.example/1.html", FetchedAt: fetched, Body: []byte(
				`<html lang="en"><head><meta charset="utf-8"></head><body><h1>Investment seminar in the south hall</h1><div class="content">` + tt.html + "</div></body></html>")}).Article(dossier.Rules{})
			if !strings.HasPrefix(a.Date, tt.want) || tt.want == "" && a.Date != "" {
				t.Errorf("date %q, want %q", a.Date, tt.want)
			}
			if !strings.Contains(a.Body, tt.body) {
				t.Errorf("the body has no %q:\n%s", tt.body, a.Body)
			}
		})
	}
}

// TestTextThatPasses: how long ago something was published is no part of a text, which
// would change daily.
func TestTextThatPasses(t *testing.T) {
	const text = "<p>The harbour administration opened a second quay on Friday, it said in the evening of the day.</p>"
	for _, line := range []string{"By <a href=/people/ann>Ann Lee</a> · <time datetime=2026-11-04T09:00:00+08:00>23 days ago</time> · 4 min read", "3天前", "vor 3 Tagen | dpa", "Опубликовано 5 дней назад"} {
		a := Parse(&dossier.Snapshot{URL: "http://zone.example/1.html", Body: []byte(
			`<html><head><meta charset="utf-8"></head><body><article><h1>The harbour opens a second quay</h1><div class=by>` + line + "</div>" + strings.Repeat(text, 4) + "</article></body></html>")}).Article(dossier.Rules{})
		if !strings.HasPrefix(a.Body, "The harbour administration") {
			t.Errorf("%s: the body begins %.60q", line, a.Body)
		}
	}
}
