package extract_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/extract"
)

// notice is one page of a template that misleads a reader who sees no other
// page of the site: the profile of the zone is longer than the notice, the
// banner is a heading and shows the day of the visit, and nothing is named.
type notice struct{ title, date, text string }

var notices = []notice{
	{"Water works in the east park", "2018-01-19", "The water supply of the east park is off on Monday.\nUse the tanks at gate two, please."},
	{"Office hours at the spring festival", "2018-02-09", "The service hall is closed from Thursday to Wednesday."},
	{"New bus line to the port", "2018-03-02", "Line 17 runs from the hall to the port, every ten minutes.\nThe fare is two yuan.\nTickets are sold on the bus."},
	{"Fire drill in building C", "2018-03-02", "A fire drill is held in building C on Friday, at ten."},
	{"Tender for street lamps", "2018-04-11", "Offers for 240 street lamps are taken until the last day of May.\nThe papers are at the office, room 301."},
	{"Customs counter moves", "2018-05-30", "From June on, the counter of the customs is on the second floor."},
}

func (n notice) page(visit int) string {
	var text strings.Builder
	for line := range strings.Lines(n.text) {
		fmt.Fprintf(&text, "<p>%s</p>", strings.TrimSpace(line))
	}
	profile := "The zone was founded in 1992 and covers eighty square kilometres, with a port, a railway yard and a bonded area, and is home to nine hundred firms."
	return fmt.Sprintf(`<html><head><title>%s Harbour Zone</title></head><body><div class="t1"><h1>Harbour Zone invites you to invest</h1><p>2020-05-%02d</p></div>
		<div class="m1"><h2>%s</h2><p class="d">%s</p><div class="c"><div class="x">%s</div><div class="y"><p>Call the hotline of the zone, it is free of charge, at any time.</p></div></div></div>
		<div class="m2"><p>%s</p><p>%s</p><p>%s</p></div></body></html>`, n.title, visit, n.title, n.date, text.String(), profile, "Harbour. "+profile, "Rail. "+profile)
}

func noticePage(i, visit int) *extract.Page {
	return extract.Parse(&dossier.Snapshot{URL: fmt.Sprintf("https://zone.example/n/%d.html", i), Body: []byte(notices[i].page(visit))})
}

// right counts how many fields of the notices are read right.
func right(site *extract.Site) (n int, wrong []string) {
	for i, want := range notices {
		a := noticePage(i, i+1).Of(site).Article(dossier.Rules{})
		for _, f := range []struct{ name, got, want string }{{"title", a.Title, want.title}, {"date", a.Date, want.date}, {"body", a.Body, want.text}} {
			if f.got == f.want {
				n++
			} else {
				wrong = append(wrong, fmt.Sprintf("%d %s: %q, not %q", i, f.name, f.got, f.want))
			}
		}
	}
	return n, wrong
}

// TestSiteHelps reads the pages of one template alone and as pages of a site.
func TestSiteHelps(t *testing.T) {
	site := &extract.Site{}
	for i := range notices {
		site.Learn(noticePage(i, i+1))
	}
	alone, _ := right(nil)
	together, wrong := right(site)
	t.Logf("of %d fields right: alone %d, as pages of one site %d", 3*len(notices), alone, together)
	if together != 3*len(notices) {
		t.Errorf("wrong as pages of one site:\n%s", strings.Join(wrong, "\n"))
	}
	if alone >= together {
		t.Errorf("the site does not help: %d of %d fields right without it", alone, 3*len(notices))
	}
}

// TestSiteForgetsFaults: what a site says while it is mended is none of its pages.
func TestSiteForgetsFaults(t *testing.T) {
	site := &extract.Site{}
	for i := range 8 {
		site.Learn(extract.Parse(&dossier.Snapshot{URL: fmt.Sprintf("https://zone.example/%d", i), Body: fmt.Appendf(nil, "<title>系统维护中</title><p>系统维护中，请稍后访问。编号%d</p>", i)}))
	}
	for i := range notices {
		site.Learn(noticePage(i, i+1))
	}
	if together, wrong := right(site); together != 3*len(notices) {
		t.Errorf("wrong behind the faults:\n%s", strings.Join(wrong, "\n"))
	}
}

// TestSiteLeavesSinglePages: what is known of one page is no help in reading
// it, and changes nothing.
func TestSiteLeavesSinglePages(t *testing.T) {
	for i := range notices {
		site := &extract.Site{}
		site.Learn(noticePage(i, 1))
		site.Learn(noticePage(i, 1))
		got := noticePage(i, 1).Of(site).Article(dossier.Rules{})
		want := noticePage(i, 1).Article(dossier.Rules{})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("page %d reads otherwise with its own site (-alone +site):\n%s", i, diff)
		}
	}
}

// TestSiteKeepsSharedLines: notices end alike, and bulletins of one day share
// their date; neither is furniture.
func TestSiteKeepsSharedLines(t *testing.T) {
	page := func(i int) *extract.Page {
		return extract.Parse(&dossier.Snapshot{URL: fmt.Sprintf("https://zone.example/b/%d.html", i), Body: fmt.Appendf(nil,
			`<html><head><title>关于第%d号地块的公告</title></head><body><div class="h"><h1>关于第%d号地块的公告</h1><div class="info">发布时间：2019-03-0%d</div></div>
			<div class="c"><p>现将第%d号地块的出让结果予以公告，有异议者请在十日内以书面形式提出，逾期不予受理。</p><p>特此公告。</p></div></body></html>`, i, i, 1+i/2, i)})
	}
	site := &extract.Site{}
	for i := range 3 {
		site.Learn(page(i))
	}
	a := page(1).Of(site).Article(dossier.Rules{})
	if !strings.HasSuffix(a.Body, "特此公告。") || a.Date != "2019-03-01" {
		t.Errorf("date %q, body %q", a.Date, a.Body)
	}
}

// TestSiteKeepsSharedParagraphs: what all bulletins say between two paragraphs of their own stays,
// in whatever element it stands, but for boxes.
func TestSiteKeepsSharedParagraphs(t *testing.T) {
	const clause = "For questions about these figures call the statistics office at 555-0100 on working days."
	for of, want := range map[string]bool{
		"<div>%s</div>": true, "<div><p>%s</p></div>": true, "<section><p>%s</p></section>": true, "<center>%s</center>": true, "<table><tr><td>%s</td></tr></table>": true, `<div class="note"><p>%s</p></div>`: true,
		`<div class="newsletter"><p>%s</p></div>`: false, `<div><a href="/join">%s</a></div>`: false,
	} {
		page := func(i int) *extract.Page {
			return extract.Parse(&dossier.Snapshot{URL: fmt.Sprintf("https://zone.example/b/%d.html", i), Body: fmt.Appendf(nil,
				`<html><head><title>Bulletin %d</title></head><body><h2>Bulletin on investment, month %d</h2><div class="i">Date: 2026-01-%02d</div><div class="c"><p>In month %d there were %d new firms, and %d million dollars came in, more than before.</p>`+of+
					`<p>Besides, %d firms raised their capital by %d million in all, said the office.</p></div></body></html>`, i, i, 10+i, i, 40+i, 500+i, clause, 20+i, 70+i)})
		}
		site := &extract.Site{}
		for i := range 8 {
			site.Learn(page(i))
		}
		a := page(3).Of(site).Article(dossier.Rules{})
		if strings.Contains(a.Body, clause) != want || !strings.HasSuffix(a.Body, "said the office.") {
			t.Errorf("%s: the text is %q", of, a.Body)
		}
	}
}

// TestSiteOfShortNotices: what is known of pages with one paragraph takes no table from
// between the paragraphs of another.
func TestSiteOfShortNotices(t *testing.T) {
	page := func(i int, text string) *extract.Page {
		var related strings.Builder
		for j := range 6 {
			fmt.Fprintf(&related, `<li><a href="/s/%d.html">Notice number %d of the northern zone and its port</a></li>`, 10*i+j, 10*i+j)
		}
		return extract.Parse(&dossier.Snapshot{URL: fmt.Sprintf("https://zone.example/s/%d.html", i), Body: fmt.Appendf(nil,
			`<html><head><title>Notice %d of the zone</title></head><body><div class="h"><h1>Notice %d of the zone</h1><div>2019-03-%02d</div></div><div class="c">%s<ul>%s</ul></div></body></html>`,
			i, i, 1+i, text, related.String())})
	}
	site := &extract.Site{}
	for i := range 5 {
		site.Learn(page(i, fmt.Sprintf("<p>The service hall of the zone is closed on day %d of the month, from nine to five; who needs a permit that day asks at the counter of the port, on the second floor.</p>", i)))
	}
	a := page(7, "<p>The output of the zone grew again in March, said the bureau.</p><table><tr><td>Output</td><td>70.5</td></tr><tr><td>Trade</td><td>24.9</td></tr></table><p>Trade fell for the first time in a year, as a berth was closed.</p>").Of(site).Article(dossier.Rules{})
	if want := "The output of the zone grew again in March, said the bureau.\nOutput\t70.5\nTrade\t24.9\nTrade fell for the first time in a year, as a berth was closed."; a.Body != want {
		t.Errorf("body %q by %+v, want %q", a.Body, a.Evidence["body"], want)
	}
}

// TestSiteFollowsARewrite: what is known of the old template is forgotten.
func TestSiteFollowsARewrite(t *testing.T) {
	site := &extract.Site{}
	old := func(i int) *extract.Page {
		return extract.Parse(&dossier.Snapshot{URL: fmt.Sprint("https://zone.example/old/", i), Body: fmt.Appendf(nil,
			`<title>Old %d</title><h1>Old news number %d</h1><p>Date: 2012-01-01</p><div class="c"><p>The text of number %d is long enough to be one, and has a comma.</p></div><p>Hotline of old.</p>`, i, i, i)})
	}
	for i := range 100 {
		site.Learn(old(i))
	}
	for i := range 100 * len(notices) {
		page := noticePage(i%len(notices), i)
		page.Snapshot.URL += fmt.Sprint("?", i)
		site.Learn(page)
	}
	if together, wrong := right(site); together != 3*len(notices) {
		t.Errorf("wrong after the rewrite:\n%s", strings.Join(wrong, "\n"))
	}
}

// TestSiteKeepsListsInText: a list that a few articles share stays where it stands between the
// paragraphs of one or behind the last, in whatever elements these are.
func TestSiteKeepsListsInText(t *testing.T) {
	for _, paragraph := range []string{"<p>%s</p>", "<div>%s</div>", `<div class="para">%s</div>`, "%s<br>"} {
		for _, shared := range []string{"<ul><li>better infrastructure</li><li>faster public services</li></ul>", "<div>better infrastructure</div><div>faster public services</div>"} {
			for _, atEnd := range []bool{false, true} {
				page := func(i int) *extract.Page {
					between, behind := "", ""
					if i%6 == 0 {
						between = shared
					}
					if atEnd {
						between, behind = behind, between
					}
					text := func(n int) string {
						return fmt.Sprintf(paragraph, fmt.Sprintf("Paragraph %d of the report %d says that the zone will go on to build roads and quays for its firms.", n, i))
					}
					return extract.Parse(&dossier.Snapshot{URL: fmt.Sprintf("https://zone.example/s/%d.html", i), Body: fmt.Appendf(nil,
						`<html><head><title>Report %d of the zone</title></head><body><div class="h"><h1>Report %d of the zone</h1><div>2019-03-%02d</div></div><div class="c"><table><tr><td>%s%s%s%s%s<div class="share">Share this page</div></td></tr></table></div></body></html>`,
						i, i, 1+i, text(1), text(2), between, text(3), behind)})
				}
				site := &extract.Site{}
				for i := range 20 {
					site.Learn(page(i))
				}
				body := page(12).Of(site).Article(dossier.Rules{}).Body
				if !strings.Contains(body, "better infrastructure\nfaster public services") || !strings.Contains(body, "Paragraph 3") || strings.Contains(body, "Share") {
					t.Errorf("%s and %s (at the end: %v): the text is\n%s", paragraph, shared, atEnd, body)
				}
			}
		}
	}
}
