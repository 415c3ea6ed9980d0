package pipeline_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// unruled crawls a site from an address without a rule, after the pages of it are set, and checks that its articles
// and nothing else are archived.
func unruled(t *testing.T, s *fakeSite, start string, pages map[string]string) {
	t.Helper()
	s.serve(pages)
	b := newBench(t, s)
	b.site.Start = []string{s.URL + start}
	if got := b.run(); got.New != s.articles || got.Failed != 0 {
		t.Errorf("%d of %d articles, %d failed, reasons %v", got.New, s.articles, got.Failed, got.Reasons)
	}
	for _, path := range b.paths(s) {
		if !strings.HasPrefix(path, "/news/") {
			t.Errorf("%s has become a record", path)
		}
	}
}

// TestPagerOfOneClass: in a pager that counts down and names all of its links for the next page, the words say
// which is that.
func TestPagerOfOneClass(t *testing.T) {
	for _, words := range [][4]string{{"首页", "上页", "下页", "尾页"}, {"First", "Prev", "Next", "Last"}} {
		const n, rows = 5, 6
		name := func(i int) string {
			if i == 0 {
				return "/xwdt.htm"
			}
			return fmt.Sprintf("/xwdt/%d.htm", n-i)
		}
		pages := map[string]string{}
		for i := range n {
			list := ""
			for a := (n - i) * rows; a > (n-i-1)*rows; a-- {
				list += fmt.Sprintf(`<tr><td><a href="/news/%d.html">%s</a></td><td>%s</td></tr>`, a, headline(a), day(a))
			}
			link := func(to, word int) string {
				return fmt.Sprintf(`<a href="%s" class="Next">%s</a>`, name(to), words[word])
			}
			pager := fmt.Sprintf("%d/%d ", i+1, n)
			if i > 0 {
				pager += link(0, 0) + link(i-1, 1)
			}
			if i+1 < n {
				pager += link(i+1, 2) + link(n-1, 3)
			}
			pages[name(i)] = `<html><head><title>News</title></head><body><table>` + list + `</table><div>` + pager + `</div></body></html>`
		}
		unruled(t, newFakeSite(t, n*rows), name(0), pages)
	}
}

func excerpt(n int) string {
	return fmt.Sprintf("The Northern Development Zone signed contract number %d with an investor from abroad on Monday, the administration…", n)
}

// TestOlderPosts: the next page of a blog by the words of its link.
func TestOlderPosts(t *testing.T) {
	for _, words := range []string{"较早的文章", "较旧文章", "早期文章", "Previous Posts"} {
		post := func(n int) string {
			return fmt.Sprintf(`<article><h2><a href="/news/%d.html">%s</a></h2><time datetime="%s">%s</time><p>%s</p></article>`, n, headline(n), day(n), day(n), excerpt(n))
		}
		s := newFakeSite(t, 8)
		s.handle("/", func(w http.ResponseWriter, r *http.Request) {
			newest, older := 8, `<div class="nav-previous"><a href="/?paged=2">`+words+`</a></div>`
			if r.URL.Query().Get("paged") == "2" {
				newest, older = 4, ""
			}
			list := ""
			for n := newest; n > newest-4; n-- {
				list += post(n)
			}
			write(w, r, `<html><head><title>Zone</title></head><body>`+list+older+`</body></html>`)
		})
		unruled(t, s, "/", nil)
	}
}

// TestSectionsOfRows: a section that each row names before its headline is a list and stays one, and a short
// one whose rows send their reader on to read more is no article.
func TestSectionsOfRows(t *testing.T) {
	row := func(n, section int, name string) string {
		return fmt.Sprintf(`<li><b>[<a href="/a/%d/">%s</a>]</b> <a href="/news/%d.html" class="title">%s</a><span><small>Date:</small>%s 10:30:00</span><p>%s</p></li>`, section, name, n, headline(n), day(n), excerpt(n))
	}
	card := func(n int) string {
		return fmt.Sprintf(`<div class="item"><h3>%s</h3><p class="date">%s</p><p>%s</p><a href="/news/%d.html">Read more</a></div>`, headline(n), day(n), excerpt(n), n)
	}
	home := `<html><head><title>Zone</title></head><body><ul><li><a href="/a/1/">Investment News</a></li><li><a href="/channel/4/">Policies</a></li></ul><h2>Investment News <a href="/a/1/">More</a></h2><ul>`
	section := `<html><head><title>Investment News</title></head><body><ul>`
	for n := 9; n > 3; n-- {
		if n > 6 {
			home += fmt.Sprintf(`<li><a href="/news/%d.html">%s</a> %s</li>`, n, headline(n), day(n))
		}
		section += row(n, 1, "Investment News")
	}
	unruled(t, newFakeSite(t, 9), "/", map[string]string{
		"/":           home + `</ul><h2>Policies <a href="/channel/4/">More</a></h2>` + card(3) + card(2) + card(1) + "</body></html>",
		"/a/1/":       section + "</ul></body></html>",
		"/channel/4/": `<html><head><title>Policies</title></head><body><h2>Policies</h2>` + card(3) + card(2) + card(1) + "</body></html>",
	})
}

// TestShortSections: a section of two or three rows with excerpts, at an address as articles have it, is no
// article, and neither are the rows of an old table above the foot of a site. An article that a picture leads to
// stays one beside the latest news of its day.
func TestShortSections(t *testing.T) {
	const foot = `<div>The administration of the zone, 12 Harbour Road, building 4, third floor. All rights reserved. Best viewed with a screen of 1024 columns.</div>`
	forms := map[string]func(n int) string{
		"cards": func(n int) string {
			return fmt.Sprintf(`<div class="item"><h3>%s</h3><p class="date">%s</p><p>%s</p><a href="/news/%d.html">Read more</a></div>`, headline(n), day(n), excerpt(n), n)
		},
		"teasers": func(n int) string {
			return fmt.Sprintf(`<dl><dt><a href="/news/%d.html">%s</a></dt><dd>%s</dd><dd><span>%s 13:31</span></dd></dl>`, n, headline(n), excerpt(n), day(n))
		},
		"posts": func(n int) string {
			return fmt.Sprintf(`<div class="n"><a href="/news/%d.html"><b>%s</b></a> <i>%s</i><div>%s</div><div>%s</div></div>`, n, headline(n), day(n), excerpt(n), excerpt(n))
		},
		"table": func(n int) string {
			return fmt.Sprintf(`<table><tr><td><img src="dot.gif"></td><td><a href="/news/%d.html">%s</a></td><td>[%s]</td></tr></table>`, n, headline(n), day(n))
		},
	}
	for name, row := range forms {
		t.Run(name, func(t *testing.T) {
			rows := ""
			for n := 6; n > 2; n-- {
				rows += fmt.Sprintf(`<li><a href="/news/%d.html">%s</a> %s</li>`, n, headline(n), day(n))
			}
			menu := `<ul><li><a href="/">Home</a></li><li><a href="/channel/1/">Events</a></li><li><a href="/channel/4/">Policies</a></li></ul>`
			latest := `<div><h3>Latest</h3><ul>` + rows + `</ul></div>`
			unruled(t, newFakeSite(t, 7), "/", map[string]string{
				"/":            `<html><head><title>Zone</title></head><body>` + menu + `<a href="/news/7.html"><img src="7.jpg"></a></body></html>`,
				"/channel/1/":  `<html><head><title>Events</title></head><body>` + menu + `<h2>Events</h2><ul>` + rows + `</ul></body></html>`,
				"/channel/4/":  `<html><head><title>Policies</title></head><body>` + menu + `<h2>Policies</h2>` + row(2) + row(1) + foot + `</body></html>`,
				"/news/7.html": `<html><head><title>` + headline(7) + `</title></head><body>` + menu + `<h1>` + headline(7) + `</h1><p>` + day(6) + `</p><div>` + paragraphs(7) + `</div>` + latest + foot + `</body></html>`,
			})
		})
	}
}

// TestHomeByItsMenu: a start page that its menu calls the home page is one, whatever its name.
func TestHomeByItsMenu(t *testing.T) {
	menu := `<div class="nav"><a href="/portal.php">首页</a> <a href="/portal.php?mod=list&amp;catid=1">招商动态</a> <a href="/portal.php?mod=list&amp;catid=2">通知公告</a></div>`
	rows := func(from, to int) string {
		out := "<ul>"
		for n := from; n >= to; n-- {
			out += fmt.Sprintf(`<li><a href="/news/%d.html">%s</a> <em>%s</em></li>`, n, headline(n), day(n))
		}
		return out + "</ul>"
	}
	s := newFakeSite(t, 16)
	s.handle("/portal.php", func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Query().Get("catid") {
		case "1":
			write(w, r, "<html><head><title>招商动态</title></head><body>"+menu+rows(16, 9)+"</body></html>")
		case "2":
			write(w, r, "<html><head><title>通知公告</title></head><body>"+menu+rows(8, 1)+"</body></html>")
		default:
			write(w, r, "<html><head><title>Zone</title></head><body>"+menu+"<h2>招商动态</h2>"+rows(16, 13)+"<h2>通知公告</h2>"+rows(8, 5)+"</body></html>")
		}
	})
	unruled(t, s, "/portal.php", nil)
}
