package crawler

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/extract"
)

// TestSections: what a page leads to beside its rows, by where it stands and
// how it was come to.
func TestSections(t *testing.T) {
	const host = "http://zone.example"
	const nav = `<a href="/about/">About us</a> <a href="/news/">News</a>`
	tests := []struct {
		name, start, asked, at string
		kind                   dossier.Kind
		depth                  int
		html, want             string
	}{
		{"home page", "/", "/", "/", dossier.KindStart, 0, nav, "/about/ /news/"},
		{"pages on the law", "/", "/", "/", dossier.KindStart, 0, `<a href="/DE/Impressum/impressum_node.html">Impressum</a> <a href="/privacy-policy">Privacy</a> <a href="/terms-of-use">Terms</a> <a href="/accessibility-statement">Accessibility statement</a> <a href="/legal/news/">Legal news</a> <a href="/research/">Research</a> <a href="/search.html">Search</a> <a href="/print/">Print</a>`, "/legal/news/ /research/"},
		{"home page of a program", "/Home/Index", "/Home/Index", "/Home/Index", dossier.KindStart, 0, nav, "/about/ /news/"},
		{"menu to choose from", "/", "/", "/", dossier.KindStart, 0, `<select onchange="location=this.value"><option value="">Choose</option><option value="/">Home</option><option value="/s1/index.html">Investment</option><option value="http://other.example/">Ministry</option></select>`, "/s1/index.html"},
		{"menu to choose from, of a section", "/news/", "/news/", "/news/", dossier.KindStart, 0, `<select onchange="location=this.value"><option value="/news/2.html">Page 2</option></select>`, ""},
		{"menu that a script writes", "/", "/", "/", dossier.KindStart, 0, `<script>document.write("<ul>");document.write('<li><a href="/s1/index.html">Investment</a></li><li><a href=\"/s2/\">Parks</a></li>');document.write("<a href='"+home+"'>Home</a></ul>");</script>`, "/s1/index.html /s2/"},
		{"frame of the home page", "/", "/inc/menu.html", "/inc/menu.html", dossier.KindMaybe, 0, nav, "/about/ /news/"},
		{"frame of the home page with rows, in a later run", "/", "/inc/main.html", "/inc/main.html", dossier.KindList, 0, nav + `<p><a href="/a/1001.html">The harbour opens a second quay</a> 2023-05-06</p>`, "/about/ /news/"},
		{"frame of the home page of a language", "/en/", "/inc/menu_en.html", "/inc/menu_en.html", dossier.KindMaybe, 0, `<a href="/cn/">Chinese</a> <a href="/en/parks/">Parks</a>`, "/en/parks/"},
		{"home page of a module of a program", "/web/index/index", "/web/index/index", "/web/index/index", dossier.KindStart, 0, `<a href="/web/index/index">Home</a> <a href="/web/list/1">Investment</a> <a href="/shop/list/1">Shop</a>`, "/web/list/1"},
		{"home page without a stroke", "/en", "/en", "/en", dossier.KindStart, 0, nav, "/about/ /news/"},
		{"home page of a language", "/english.html", "/english.html", "/english.html", dossier.KindStart, 0, nav, "/about/ /news/"},
		{"page between home page and lists", "/", "/media-centre", "/media-centre", dossier.KindMaybe, 1, nav + `<a href="/media-centre/photos">Photos</a>`, "/news/"},
		{"columns of a section", "/", "/news", "/news", dossier.KindMaybe, 1, `<ul><li><a href="/news?cat=1">Parks</a></li><li><a href="/news?cat=2&sort=date">Sorted</a></li><li><a href="/news?sort=date">By date</a></li><li><a href="/news/parks">Of the parks</a></li><li><a href="/about">About us</a></li></ul><p><a href="/a/1001.html">The harbour opens a second quay</a> 2023-05-06</p>`, "/news?cat=1 /news/parks"},
		{"columns beside the one that the home page leads to", "/", "/news?cat=1", "/news?cat=1", dossier.KindMaybe, 1, `<a href="/news?cat=2">Parks</a><a href="/list.asp?c=4">News of the parks</a><p><a href="/a/1001.html">The harbour opens a second quay</a> 2023-05-06</p>`, "/news?cat=2 /list.asp?c=4"},
		{"columns of a section that was asked for", "/news", "/news", "/news", dossier.KindStart, 0, `<a href="/news?cat=1">Parks</a><p><a href="/a/1001.html">The harbour opens a second quay</a> 2023-05-06</p>`, "/news?cat=1"},
		{"columns beside the one that was asked for", "/news?cat=1", "/news?cat=1", "/news?cat=1", dossier.KindStart, 0, `<a href="/news?cat=2">Parks</a><p><a href="/a/1001.html">The harbour opens a second quay</a> 2023-05-06</p>`, ""},
		{"page in a folder between home page and lists", "/", "/c1/", "/c1/", dossier.KindMaybe, 1, `<a href="/zsdt/">招商动态</a> <a href="/c1/parks/">Parks</a> <a href="/about/">About us</a>`, "/zsdt/ /c1/parks/"},
		{"menu of cells that are clicked", "/", "/", "/", dossier.KindStart, 0, `<table><tr><td onclick="location='/news/'">News</td><td onclick="go('/about/')">About us</td><td data-href="/zone/">The zone</td></tr></table>`, "/news/ /about/ /zone/"},
		{"page behind a splash", "/", "/cn/main.html", "/cn/main.html", dossier.KindMaybe, 1, `<a href="/zsdt/">招商动态</a> <a href="/cn/env.html">Environment</a> <a href="/about/">About us</a>`, "/zsdt/ /cn/env.html"},
		{"page between lists that was asked for", "/media-centre", "/media-centre", "/media-centre", dossier.KindStart, 0, nav + `<a href="/media-centre/photos">Photos</a>`, "/media-centre/photos"},
		{"home page by a redirect", "/", "/", "/portal/start.do", dossier.KindStart, 0, nav, "/about/ /news/"},
		{"home page that sends its reader on", "/", "/portal/index.html", "/portal/index.html", dossier.KindStart, 1, nav, "/about/ /news/"},
		{"home page of a language by a redirect", "/en/", "/en/", "/en/portal/", dossier.KindStart, 0, `<a href="/cn/">Chinese</a> <a href="/en/news/">News</a>`, "/en/news/"},
		{"pictures", "/", "/", "/", dossier.KindStart, 0, `<a href="/news/"><img src="m.gif"></a><map><area href="/about/"></map><a href="/?p=2">2</a>`, "/news/ /about/"},
		{"a section that was asked for", "/news/", "/news/", "/news/", dossier.KindStart, 0, nav + `<a href="/news/zone/">Of the zone</a>`, "/news/zone/"},
		{"a list in the root", "/list.html", "/list.html", "/list.html", dossier.KindStart, 0, nav, ""},
		{"years", "/list.html", "/list.html", "/list.html", dossier.KindStart, 0, `<a href="/list/2023/">2023</a> <a href="list_2022.html">2022年</a> <a href="/list.html?y=2021">2021</a> <a href="/other/2020/">2020</a> <a href="/list/2019/">Plan for 2019</a>`, "/list/2023/ /list_2022.html /list.html?y=2021"},
		{"months", "/", "/news.html", "/news.html", dossier.KindMaybe, 1, `<a href="/news/2023/12/">December 2023 (10)</a> <a href="/news/2023-11.html">2023年11月</a> <a href="/news/2023/12/5/">5</a>`, "/news/2023/12/ /news/2023-11.html"},
		{"years in a menu", "/news/", "/news/", "/news/", dossier.KindStart, 0, `<select onchange="location=this.value"><option value="/news/2023.html" selected>2023</option><option value="/news/2022.html">2022</option></select>`, "/news/2023.html /news/2022.html"},
		{"years in the menu of a form", "/news/", "/news/", "/news/", dossier.KindStart, 0, `<form action="/news/"><input type="hidden" name="c" value="3"><select name="year"><option>2023</option><option value="2022">2022年</option></select><input type="submit"></form>`, "/news/?c=3&year=2023 /news/?c=3&year=2022"},
		{"years in a menu of a function", "/news/", "/news/", "/news/", dossier.KindStart, 0, `<script>function goYear(y){ location.href="/news/list_"+y+".html"; }</script><select onchange="goYear(this.value)"><option value="2022">2022</option></select>`, "/news/list_2022.html"},
		{"menus of other things", "/news/", "/news/", "/news/", dossier.KindStart, 0, `<select onchange="window.open(this.value)"><option value="http://other.example/2023/">2023</option><option value="/news/plan2023.html">Plan of 2023</option></select><form method="post"><select name="year"><option>2023</option></select></form>`, ""},
		{"years of a list found deep", "/", "/news.html", "/news.html", dossier.KindMaybe, maxSectionDepth + 1, `<a href="/news/2023/">2023</a>`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			site := &dossier.Site{Start: []string{host + tt.start}}
			at, err := ParseAddress("", host+tt.at)
			if err != nil {
				t.Fatal(err)
			}
			f := &finder{site: site, scope: newScope(site), at: at, task: dossier.Task{URL: host + tt.asked, Kind: tt.kind, Depth: tt.depth}}
			got := f.page(extract.Parse(&dossier.Snapshot{URL: at.URL, Body: []byte("<html><body>" + tt.html + "</body></html>")}))
			if got := strings.ReplaceAll(urls(slices.Concat(got.sections, got.archives)), host, ""); got != tt.want {
				t.Errorf("leads to %q, want %q", got, tt.want)
			}
		})
	}
}

// strangers is a store that knows no address.
type strangers struct{ Store }

func (strangers) Known(_ context.Context, _ string, _ int64, keys []string) (unseen, fresh int, err error) {
	return len(keys), 0, nil
}

// TestBoundSections: pages without articles that lead to others without end are left, be they sections, or
// frames that stand in a frame of the home page.
func TestBoundSections(t *testing.T) {
	links := map[string]func(l []dossier.Link) *found{
		"sections": func(l []dossier.Link) *found { return &found{sections: l} },
		"frames":   func(l []dossier.Link) *found { return &found{whole: l} },
	}
	for name, linksOf := range links {
		c := &Crawler{store: strangers{}}
		v := &visit{site: &dossier.Site{ID: "zone"}}
		taken := 0
		for range 2 * maxBarren {
			out := linksOf([]dossier.Link{{Key: "x"}})
			if err := c.boundSections(t.Context(), v, out); err != nil {
				t.Fatal(err)
			}
			taken += len(out.sections) + len(out.whole)
		}
		if taken != maxBarren {
			t.Errorf("%d %s are taken, want %d", taken, name, maxBarren)
		}
	}
}
