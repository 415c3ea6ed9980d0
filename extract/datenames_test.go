package extract

import (
	"testing"
	"time"

	"github.com/dossier-archive/dossier"
)

// TestDatesApart reads dates that stand away from the text, each in a page
// that shows it in one place only.
func TestDatesApart(t *testing.T) {
	const text = `<div class="c"><p>The administration signed a contract with an investor from abroad, and work begins soon.</p><p>It creates two hundred jobs, a speaker said on the phone.</p></div>`
	const gap = "<p>Menu</p><p>Search</p><p>Home</p><p>About</p><p>News</p><p>Press</p><p>Jobs</p><p>Zone</p><p>Map</p><p>Help</p><p>Links</p><p>Offices</p><p>Partners</p>"
	tests := []struct{ name, page, want, rule string }{
		{"named element", `<h1>A contract is signed</h1>` + gap + gap + text + gap + `<div class="newsDate">12.01.2017</div>`, "2017-01-12", "named-line"},
		{"beside the headline", `<h1>A contract is signed</h1><p>12 January 2017</p>` + gap + gap + text, "2017-01-12", "near-title"},
		{"attribute", `<h1>A contract is signed</h1><span property="schema:dateCreated" content="2017-01-12T12:45:46+00:00"></span>` + text, "2017-01-12T12:45:46+00:00", "attribute"},
		{"below the entry", `<h1>A contract is signed</h1>` + text + gap + `<p>Dieser Artikel wurde am 12. Januar 2017 um 14:48 von Max geschrieben</p>`, "2017-01-12T14:48:00", "posted-below"},
		{"dateline", `<h1>A contract is signed</h1><div class="c"><p>12.1.2017 - The administration signed a contract with an investor from abroad, and work begins soon, after the permits have been given by the province.</p></div>`, "2017-01-12", "dateline"},
		{"script", `<h1>A contract is signed</h1>` + text + `<script>var page = {"id":3,"published_at":"2017-01-12T06:22:28+01:00"};</script>`, "2017-01-12T06:22:28+01:00", "script"},
		{"older than web pages", `<h1>A contract is signed</h1><div class="date">28.09.1912</div>` + text, "", ""},
		{"dateline behind the standfirst", `<h1>A contract is signed</h1><h3>Work begins soon, says the administration of the zone.</h3><p>By Anna Berg</p><div class="c"><p>(12 January 2017) The administration signed a contract with an investor from abroad, and work begins soon, after the permits have been given.</p></div>`, "2017-01-12", "dateline"},
		{"beside a linked writer", `<h1>A contract is signed</h1><p><a href="/by/berg">Anna Bergmann-Liang</a> 12.01.2017</p>` + text, "2017-01-12", "above-text"},
		{"post of another site", `<h1>A contract is signed</h1><blockquote><p>Posted on Monday, 12 January 2017</p></blockquote>` + text, "", ""},
		{"metadata by value", `<meta name="article:published_time" value="2017-01-12T12:45:46+01:00"><h1>A contract is signed</h1>` + text, "2017-01-12T12:45:46+01:00", "meta-article:published_time"},
		{"JSON-LD with a rest", `<h1>A contract is signed</h1>` + text + `<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2017-01-12"}, "author": {}}</script>`, "2017-01-12", "json-ld-datePublished"},
		{"label inside a sentence", `<h1>A contract is signed</h1><p>12 January 2017</p><div class="c"><p>The stadium was the largest of its time: designed by two brothers who had never built one before, it opened on 2 July 2003.</p><p>It creates two hundred jobs, a speaker said on the phone.</p></div>`, "2017-01-12", "above-text"},
		{"instant in UTC and the day on show", `<meta property="article:published_time" content="2017-01-11T23:00:00Z"><h1>A contract is signed</h1><div class="date">12 January 2017</div>` + text, "2017-01-12", "above-text"},
		{"instant in UTC and the day of no zone", `<meta property="article:published_time" content="2017-01-12T12:00:00Z"><h1>A contract is signed</h1>` + text + gap + gap + gap + `<div class="date">11 January 2017</div>`, "2017-01-12T12:00:00+00:00", "meta-article:published_time"},
		{"the time that an element has for the day it shows", `<h1>A contract is signed</h1><div><time datetime="2017-01-12T12:45:46+01:00">12 January 2017</time></div>` + text, "2017-01-12T12:45:46+01:00", "time-element"},
		{"a day without a time", `<meta name="pubdate" content="2017-01-12 23:59:59"><h1>A contract is signed</h1>` + text, "2017-01-12", "meta-pubdate"},
		{"time of a line near the headline", `<meta name="publishdate" content="2017-01-12"><h1>A contract is signed</h1><p>2017-01-12 08:49</p>` + gap + gap + text, "2017-01-12T08:49:00", "near-title"},
		{"instant in UTC and a day too late", `<meta property="article:published_time" content="2017-01-12T02:00:00Z"><h1>A contract is signed</h1><div class="date"><p>13 January 2017</p></div>` + gap + text, "2017-01-12T02:00:00+00:00", "meta-article:published_time"},
		{"footer", `<h1>A contract is signed</h1>` + text + `<footer><p class="date">12.01.2017</p></footer>`, "", ""},
		{"change of the site in its footer", `<h1>A contract is signed</h1>` + text + `<footer><p>Last updated: 12 January 2017</p></footer>`, "", ""},
		{"change of the site beside its copyright", `<h1>A contract is signed</h1>` + text + `<p>Copyright 2010-2017. Last updated: 12 January 2017</p>`, "", ""},
		{"publication beside the rights", `<h1>A contract is signed</h1>` + text + `<p>Published 12 January 2017 | All rights reserved</p>`, "2017-01-12", "near-title"},
		{"change of the page in its own footer", `<article><h1>A contract is signed</h1>` + text + `<footer class="entry-footer">Last updated: 12 January 2017</footer></article>`, "2017-01-12", "label-updated"},
		{"change of the page", `<h1>A contract is signed</h1>` + text + `<p>Last updated: 12 January 2017</p>`, "2017-01-12", "label-updated"},
		{"in the text", `<h1>A contract is signed</h1><div class="c"><p>The stadium was built in a short time 75,000 people had asked for, opened on July 2, 1923 and has been used by clubs, for concerts, for the games of 1932 and 1984, and for more than one speech that is remembered.</p></div>`, "", ""},
	}
	addresses := map[string]string{"https://zone.example/news/A2017011208490001": "2017-01-12", "https://copies.example/web/20171110121040/http://zone.example/n/1": ""}
	for address, want := range addresses {
		a := Extract(dossier.Snapshot{URL: address, Body: []byte("<html><body><h1>A contract is signed</h1>" + text)}, dossier.Rules{})
		if a.Date != want {
			t.Errorf("%s: got %q, want %q", address, a.Date, want)
		}
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page := "<html lang=en><head><title>A contract is signed</title></head><body>" + tt.page + "</body></html>"
			a := Extract(dossier.Snapshot{URL: "https://zone.example/n/1", Body: []byte(page)}, dossier.Rules{})
			if e := a.Evidence["date"]; a.Date != tt.want || e.Rule != tt.rule {
				t.Errorf("got %q by %q (%q), want %q by %q", a.Date, e.Rule, e.Raw, tt.want, tt.rule)
			}
		})
	}
}

// TestClock: the day that a page shows above its menu is that of fetching, and none of its
// own; below the menu it is, though it be the same.
func TestClock(t *testing.T) {
	const text = `<p>The administration signed a contract with an investor from abroad, and work begins soon.</p>`
	for page, want := range map[string]string{
		`<div><span>Thứ bảy, 28/11/2026</span></div>` + menu + `<h1>A contract is signed</h1>` + text:                                                                                                                                                    "",
		`<div>Saturday, November 28, 2026</div><img src="/m.gif" usemap="#m"><map name="m"><area href="/" alt="Home"><area href="/n/" alt="News"><area href="/a/" alt="About"><area href="/c/" alt="Contact"></map><h2>A contract is signed</h2>` + text: "",
		`<div>Saturday, November 28, 2026</div><h2>A contract is signed</h2>` + text:                                                                                                                                                                     "2026-11-28",
		menu + `<div>28/11/2026</div><h1>A contract is signed</h1>` + text:                                                                                                                                                                               "2026-11-28",
		`<div>28/11/2026</div>` + menu + `<h1>A contract is signed</h1><div>Date: 2026-11-27</div>` + text:                                                                                                                                               "2026-11-27",
		`<div><span>Thứ sáu, 27/03/2026</span></div>` + menu + `<h1>A contract is signed</h1>` + text + text:                                                                                                                                             "2026-03-27",
		`<table><tr><td>Home | News | Notices</td><td>2026-11-28</td></tr></table><table><tr><td><h1>A contract is signed</h1></td></tr><tr><td>` + text + text + `</td></tr></table>`:                                                                   "",
		`<table><tr><td><h1>A contract is signed</h1></td></tr><tr><td>2026-11-28</td><td>Zone Daily</td></tr><tr><td>` + text + text + `</td></tr></table>`:                                                                                             "2026-11-28",
	} {
		s := dossier.Snapshot{URL: "https://zone.example/n/1", Body: []byte(`<html lang="vi">` + page), FetchedAt: time.Date(2026, 11, 28, 2, 0, 0, 0, time.UTC)}
		if got := Extract(s, dossier.Rules{}).Date; got != want {
			t.Errorf("%s: date %q, want %q", page[:60], got, want)
		}
	}
}
