package faults

import (
	"fmt"
	"net/http"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

const xmlHead = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

// urlset is a sitemap of the healthy articles, with something before and
// something after them.
func (s *Site) urlset(before, after string) string {
	var b strings.Builder
	b.WriteString(`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">` + before)
	for n := 1; n <= Healthy; n++ {
		fmt.Fprintf(&b, "<url><loc>%s/news/%d.html</loc><lastmod>%s</lastmod></url>\n", s.URL, n, day(n))
	}
	return b.String() + after + "</urlset>"
}

// index is a sitemap index of paths.
func (s *Site) index(paths ...string) string {
	var b strings.Builder
	b.WriteString(xmlHead + `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
	for _, p := range paths {
		fmt.Fprintf(&b, "<sitemap><loc>%s%s</loc></sitemap>", s.URL, p)
	}
	return b.String() + "</sitemapindex>"
}

func xml(text string) http.HandlerFunc { return typed("application/xml", text) }

// laughs are entities that unfold to a billion words; external ones name the
// site's own trap.
const laughs = `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">` +
	`<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;">` +
	`<!ENTITY g "&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;"><!ENTITY h "&g;&g;&g;&g;&g;&g;&g;&g;&g;&g;"><!ENTITY i "&h;&h;&h;&h;&h;&h;&h;&h;&h;&h;">]>`

func (s *Site) external() string {
	s.Handle("/external/*", func(w http.ResponseWriter, r *http.Request) { s.Wrong("an external entity was read: %s", r.URL) })
	return `<!DOCTYPE x [<!ENTITY % p SYSTEM "` + s.URL + `/external/p.dtd"> %p; <!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y SYSTEM "` + s.URL + `/external/y.xml">]>`
}

// sitemaps are the start addresses of their sites.
func sitemaps() []Fault {
	const at = "/map.xml"
	fault := func(name, outcome string, answer func(s *Site) http.HandlerFunc) Fault {
		return Fault{Name: "sitemap: " + name, Make: func(s *Site) {
			s.Start = []string{at}
			s.Handle(at, answer(s))
		}, Want: Want{Outcome: outcome, At: at, Asks: 3*Healthy + 20}}
	}
	lost := func(f Fault) Fault { f.Lost = true; return f }
	text := func(name, outcome, before, after string) Fault {
		return fault(name, outcome, func(s *Site) http.HandlerFunc { return xml(xmlHead + s.urlset(before, after)) })
	}
	out := []Fault{
		text("in order", "listed", "", ""),
		fault("external entities", "listed", func(s *Site) http.HandlerFunc {
			return xml(xmlHead + s.external() + s.urlset("<url><loc>&x;</loc></url><url><loc>&y;</loc></url>", ""))
		}),
		fault("a billion laughs", "listed", func(s *Site) http.HandlerFunc {
			return xml(xmlHead + laughs + s.urlset("<url><loc>&i;</loc></url>", ""))
		}),
		fault("index that names itself", "listed", func(s *Site) http.HandlerFunc {
			s.Handle("/part.xml", xml(s.urlset("", "")))
			return xml(s.index(at, "/part.xml", at+"?again"))
		}),
		fault("indexes that name each other", "listed", func(s *Site) http.HandlerFunc {
			s.Handle("/a.xml", xml(s.index("/b.xml")))
			s.Handle("/b.xml", xml(s.index("/a.xml", "/part.xml")))
			s.Handle("/part.xml", xml(s.urlset("", "")))
			return xml(s.index("/a.xml"))
		}),
		fault("indexes in each other without end", "listed", func(s *Site) http.HandlerFunc {
			n := counter()
			s.Handle("/part.xml", xml(s.urlset("", "")))
			s.Handle("/deep/*", func(w http.ResponseWriter, r *http.Request) { xml(s.index(fmt.Sprintf("/deep/%d.xml", n())))(w, r) })
			return xml(s.index("/deep/0.xml", "/part.xml"))
		}),
		fault("part that is not there", "listed", func(s *Site) http.HandlerFunc {
			s.Handle("/part.xml", xml(s.urlset("", "")))
			return xml(s.index("/gone.xml", "/part.xml"))
		}),
		fault("packed", "listed", func(s *Site) http.HandlerFunc {
			return typed("application/gzip", string(pack("gzip", []byte(s.urlset("", "")))))
		}),
		fault("packed, and said so", "listed", func(s *Site) http.HandlerFunc {
			return encoded("gzip", string(pack("gzip", pack("gzip", []byte(s.urlset("", ""))))))
		}),
		lost(fault("packed bomb", "failed bomb", func(*Site) http.HandlerFunc { return typed("application/gzip", bomb("gzip")) })),
		lost(fault("packed and cut", "failed truncated", func(s *Site) http.HandlerFunc {
			return typed("application/gzip", string(pack("gzip", []byte(s.urlset("", ""))))[:80])
		})),
		fault("UTF-16", "listed", func(s *Site) http.HandlerFunc {
			text, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(`<?xml version="1.0" encoding="UTF-16"?>` + s.urlset("", ""))
			if err != nil {
				panic(err) // plain letters
			}
			return xml(text)
		}),
		fault("says UTF-8, is GBK", "listed", func(s *Site) http.HandlerFunc {
			text, err := simplifiedchinese.GBK.NewEncoder().String(xmlHead + s.urlset("<!-- 招商动态 --><url><title>招商动态</title></url>", ""))
			if err != nil {
				panic(err) // plain Chinese
			}
			return xml(text)
		}),
		fault("encoding that nobody knows", "listed", func(s *Site) http.HandlerFunc {
			return xml(`<?xml version="1.0" encoding="klingon"?>` + s.urlset("", ""))
		}),
		fault("mark and blank lines before it", "listed", func(s *Site) http.HandlerFunc { return xml("\ufeff\r\n\r\n" + xmlHead + s.urlset("", "")) }),
		fault("sent as a page", "listed", func(s *Site) http.HandlerFunc { return html(xmlHead + s.urlset("", "")) }),
		fault("plain text", "listed", func(s *Site) http.HandlerFunc {
			var b strings.Builder
			for n := 1; n <= Healthy; n++ {
				fmt.Fprintf(&b, "%s/news/%d.html\r\n", s.URL, n)
			}
			return typed("text/plain", b.String()+"no address\r\n")
		}),
		text("ampersands as they are", "listed", "<url><loc>http://harbour.onion/?a=1&b=2</loc></url>", ""),
		text("end tags that do not fit", "listed", "<url><loc>http://harbour.onion/</url></loc>", ""),
		fault("cut behind the addresses", "failed bad_xml", func(s *Site) http.HandlerFunc {
			return xml(strings.TrimSuffix(s.urlset("", "<url><loc>http"), "</urlset>"))
		}),
		text("control characters", "failed bad_xml", "", "\x00\x01<url>"),
		text("addresses of other hosts", "listed", "<url><loc>http://harbour.onion/a.html</loc></url>", ""),
		text("addresses that are none", "listed", "<url><loc>file:///etc/passwd</loc></url><url><loc>javascript:1</loc></url><url><loc></loc></url><url><loc>http://[</loc></url>", ""),
		text("dates that are none", "listed", "", "<url><loc>/news/1.html</loc><lastmod>the day before</lastmod><priority>9e999</priority></url>"),
		text("elements of 100,000 levels", "listed", "", strings.Repeat("<x>", 100_000)+strings.Repeat("</x>", 100_000)),
		text("one entry of 5 MB", "listed", "", "<url><loc>"+strings.Repeat("x", 5<<20)+"</loc></url>"),
		{Name: "sitemap: 60,000 entries", Keys: `articles: ['/news/\d\.html$']`, Make: func(s *Site) {
			var b strings.Builder
			for n := range 60_000 {
				fmt.Fprintf(&b, "<url><loc>%s/other/%d.html</loc></url>\n", s.URL, n)
			}
			s.Start = []string{at}
			s.Handle(at, xml(s.urlset("", b.String())))
		}, Want: Want{Outcome: "listed", At: at, Asks: Healthy + 3}},
		lost(fault("no entry", "listed", func(*Site) http.HandlerFunc { return xml(xmlHead + "<urlset></urlset>") })),
		lost(fault("another kind of XML", "skipped not_html", func(*Site) http.HandlerFunc { return xml(xmlHead + "<catalog><book/></catalog>") })),
	}
	for i := range out {
		out[i].Short = i%6 == 1
	}
	return out
}
