package faults

import (
	"fmt"
	"net/http"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// rss is a feed of the healthy articles, with something before and something
// after them.
func (s *Site) rss(before, after string) string {
	var b strings.Builder
	b.WriteString(`<rss version="2.0"><channel><title>Harbour Office</title><link>` + s.URL + `</link>` + before)
	for n := 1; n <= Healthy; n++ {
		fmt.Fprintf(&b, "<item><title>%s</title><link>%s/news/%d.html</link><pubDate>Mon, 01 Mar 2021 08:00:00 +0800</pubDate></item>\n", headline(n), s.URL, n)
	}
	return b.String() + after + "</channel></rss>"
}

// feeds are the start addresses of their sites.
func feeds() []Fault {
	const at = "/feed.xml"
	fault := func(name, outcome string, answer func(s *Site) http.HandlerFunc) Fault {
		return Fault{Name: "feed: " + name, Make: func(s *Site) {
			s.Start = []string{at}
			s.Handle(at, answer(s))
		}, Want: Want{Outcome: outcome, At: at, Asks: 3*Healthy + 20}}
	}
	text := func(name, before, after string) Fault {
		return fault(name, "listed", func(s *Site) http.HandlerFunc { return typed("application/rss+xml", xmlHead+s.rss(before, after)) })
	}
	changed := func(name string, pairs ...string) Fault {
		return fault(name, "listed", func(s *Site) http.HandlerFunc {
			return xml(strings.NewReplacer(append([]string{"{site}", s.URL}, pairs...)...).Replace(xmlHead + s.rss("", "")))
		})
	}
	lost := func(f Fault) Fault { f.Lost = true; return f }
	out := []Fault{
		text("in order", "", ""),
		fault("sent as a page", "listed", func(s *Site) http.HandlerFunc { return html(xmlHead + s.rss("", "")) }),
		fault("page in place of the feed", "listed", func(s *Site) http.HandlerFunc { return typed("application/rss+xml", list(s.allRows()...)) }),
		fault("relative links", "listed", func(s *Site) http.HandlerFunc { return xml(strings.ReplaceAll(s.rss("", ""), s.URL+"/", "/")) }),
		fault("links without a scheme", "listed", func(s *Site) http.HandlerFunc { return xml(strings.ReplaceAll(s.rss("", ""), "<link>http:", "<link>")) }),
		fault("addresses in the guid alone", "listed", func(s *Site) http.HandlerFunc {
			return xml(strings.NewReplacer("<link>", "<guid>", "</link>", "</guid>").Replace(s.rss("", "")))
		}),
		changed("links in CDATA, with blanks", "<link>", "<link>\n  <![CDATA[ ", "</link>", " ]]>\n</link>"),
		changed("titles with markup", "<title>", "<title><![CDATA[<b>", "</title>", "</b>]]></title>"),
		text("entities of HTML", "<description>Caf&eacute;&nbsp;&mdash; caf&#233;</description>", ""),
		text("entities that nobody knows", "<description>&bogus; &#x110000; & so on</description>", ""),
		fault("external entities", "listed", func(s *Site) http.HandlerFunc {
			return xml(xmlHead + s.external() + s.rss("<description>&x;&y;</description>", ""))
		}),
		fault("a billion laughs", "listed", func(s *Site) http.HandlerFunc {
			return xml(xmlHead + laughs + s.rss("<description>&i;</description>", ""))
		}),
		text("dates that are none", "", "<item><title>Undated</title><link>/news/1.html</link><pubDate>yesterday</pubDate></item>"),
		text("items without links", "<item><title>Only a title</title></item>", "<item/>"),
		text("links that are no addresses", "<item><title>a</title><link>javascript:alert(1)</link></item><item><title>b</title><link>file:///etc/passwd</link></item>"+
			"<item><title>c</title><link>http://[</link></item>", ""),
		text("control characters", "<description>\x01\x0b\x1f</description>", ""),
		text("NUL", "", "<description>\x00</description>"),
		fault("mark and blank lines before it", "listed", func(s *Site) http.HandlerFunc { return xml("\ufeff\r\n \r\n" + xmlHead + s.rss("", "")) }),
		fault("says UTF-8, is GBK", "listed", func(s *Site) http.HandlerFunc {
			out, err := simplifiedchinese.GBK.NewEncoder().String(xmlHead + s.rss("<description>招商动态</description>", ""))
			if err != nil {
				panic(err) // plain Chinese
			}
			return xml(out)
		}),
		fault("encoding that nobody knows", "listed", func(s *Site) http.HandlerFunc { return xml(`<?xml version="1.0" encoding="klingon"?>` + s.rss("", "")) }),
		fault("cut behind the items", "failed bad_xml", func(s *Site) http.HandlerFunc {
			return xml(strings.TrimSuffix(s.rss("", "<item><title>Cut"), "</channel></rss>"))
		}),
		fault("end tags that do not fit", "listed", func(s *Site) http.HandlerFunc { return xml(s.rss("", "</item></b>")) }),
		fault("JSON feed", "listed", func(s *Site) http.HandlerFunc { return typed("application/json", s.jsonFeed()) }),
		lost(fault("JSON feed, cut", "failed bad_xml", func(s *Site) http.HandlerFunc { return typed("application/json", s.jsonFeed()[:150]) })),
		fault("JSON feed, cut behind the items", "failed bad_xml", func(s *Site) http.HandlerFunc {
			return typed("application/json", strings.TrimSuffix(s.jsonFeed(), "]}")+`,{"id":"cut","authors":[{"name":"A"}],"url":"`)
		}),
		fault("warnings of a program before it", "listed", func(s *Site) http.HandlerFunc {
			return xml("Notice: Undefined index: id in feed.php on line 3\n<br />\n" + xmlHead + s.rss("", ""))
		}),
		lost(fault("no item", "listed", func(*Site) http.HandlerFunc {
			return xml(`<rss version="2.0"><channel><title>Empty</title></channel></rss>`)
		})),
		{Name: "feed: announced, and not there", Make: func(s *Site) {
			s.Start = []string{"/"}
			s.Handle("/", html(strings.Replace(list(s.allRows()...), "<head>", `<head><link rel="alternate" type="application/rss+xml" href="/feed.xml">`, 1)))
		}, Want: Want{Outcome: "gone http_404", At: at}},
		{Name: "feed: announced, and broken", Make: func(s *Site) {
			s.Start = []string{"/"}
			s.Handle("/", html(strings.Replace(list(s.allRows()...), "<head>", `<head><link rel="alternate" type="application/rss+xml" href="/feed.xml">`, 1)))
			s.Handle(at, xml("<rss><channel><item>"))
		}, Want: Want{Outcome: "failed bad_xml", At: at}},
	}
	for i := range out {
		out[i].Short = i%6 == 2
	}
	return out
}

func (s *Site) jsonFeed() string {
	var items []string
	for n := 1; n <= Healthy; n++ {
		items = append(items, fmt.Sprintf(`{"id":"%d","url":"%s/news/%d.html","title":"%s","date_published":"2021-03-01T08:00:00Z"}`, n, s.URL, n, headline(n)))
	}
	return `{"version":"https://jsonfeed.org/version/1.1","title":"Harbour Office","items":[` + strings.Join(items, ",") + `]}`
}
