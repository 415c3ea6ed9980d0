package extract

import (
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
)

// TestTitles chooses the headline among all that could be one.
func TestTitles(t *testing.T) {
	page := func(head, body string) string {
		return `<html><head>` + head + `</head><body>` + menu + body + `<div class="content">` + enText + `</div>` + foot + `</body></html>`
	}
	const want = "Batteries for the Northern Zone"
	tests := []struct{ name, html, want string }{
		{"the only heading", page(`<title>A plant is coming</title><meta property="og:title" content="A plant is coming">`, `<h1>`+want+`</h1>`), want},
		{"a heading that is the site", page(`<title>`+want+` | Zone Weekly</title>`, `<h1>Zone Weekly</h1><h2>`+want+`</h2>`), want},
		{"a heading that is the host", page(`<title>`+want+`</title>`, `<h1>example.org</h1><h2>`+want+`</h2>`), want},
		{"a dash inside the headline", page(`<title>Batteries – a plan for the zone</title>`, `<h2>Batteries – a plan for the zone</h2>`), "Batteries – a plan for the zone"},
		{"site and section behind the headline", page(`<title>`+want+`_News_Zone Weekly</title>`, `<div>`+want+`</div>`), want},
		{"the site before the headline", page(`<title>Zone Weekly - `+want+`</title>`, `<h3>`+want+`</h3>`), want},
		{"a kicker inside the heading", page(`<meta property="og:title" content="`+want+`">`, `<h1><span>Industry</span> <span>`+want+`</span></h1>`), want},
		{"a kicker by its class", page("", `<h1><span class="article-kicker">Industry</span> `+want+`</h1>`), want},
		{"a line below inside the heading", page(`<meta property="og:title" content="`+want+`">`, `<h1>`+want+`<br>A plant for three hundred people</h1>`), want},
		{"a heading of two lines", page(`<title>`+want+` open a plant</title>`, `<h1>`+want+`<br>open a plant</h1>`), want + " open a plant"},
		{"a date and buttons inside the heading", page("", `<h2 id="ivs_title">`+want+` <small>2018-01-19 10:46</small> 【字体：大 中 小】</h2>`), want},
		{"the line of labels on a second line of the heading", page("", `<h1>`+want+`<br><span>2018-01-19 08:05:04　　来源：新区日报　　点击：<span id="hits">3070</span></span></h1>`), want},
		{"the line of labels at the end of the heading", page("", `<h1>`+want+` <span>2018-01-19 08:05:04　　来源：新区日报　　点击：<span id="hits">3070</span></span></h1>`), want},
		{"the name of the section as main heading", `<html><head><title>News Flash | Zone</title></head><body><ul id="nav"><li><a href="/news/">News Flash</a></li><li><a href="/about">About</a></li></ul><h1>News Flash</h1><p>Posted on: October 29, 2018</p><h2>` + want + `</h2><div>` + enText + `</div><h3>Other news of the zone</h3><p><a href="/n/2">Another plant opens in the northern zone</a></p><p>Posted on: October 20, 2018</p></body></html>`, want},
		{"a date at the end of the headline", page("", `<h1>Statement of the Council of <span>12 March 2018</span></h1>`), "Statement of the Council of 12 March 2018"},
		{"a menu that leads to the headline", `<html><head><title>Northern Zone</title></head><body><ul class="nav"><li><a href="/other">` + want + `</a></li></ul><h1>` + want + `</h1><div>` + enText + `</div></body></html>`, want},
		{"a date before the headline", page("", `<h1>19.01.2018 - `+want+`</h1>`), want},
		{"a date that belongs to the headline", page("", `<h1>Minutes of the council of 10 October 2019</h1>`), "Minutes of the council of 10 October 2019"},
		{"a table without headings", `<html><head><title>Northern Zone</title></head><body><table><tr><td>Home &gt; News</td></tr><tr><td><b>` + want + `</b></td></tr><tr><td>Date: 2018-01-19 Source: Zone Weekly</td></tr><tr><td>` + enText + `</td></tr></table></body></html>`, want},
		{"a title that is the site, and a bare date", page(`<title>Administration of the zone - News of the administration</title>`, `<h3>`+want+`</h3><b>12.04.2011</b>`), want},
		{"labels around the text", `<html><body><div><b>` + want + `</b></div><div>Source: Zone Weekly</div><div>` + enText + `</div><div>Date: 2018-01-19 Editor: Bo Chen</div></body></html>`, want},
		{"the tag of Chinese governments", page(`<meta name="ArticleTitle" content="新区集中签约"><title>新区集中签约_北方新区</title>`, `<div class="t">新区集中签约</div>`), "新区集中签约"},
	}
	for _, tt := range tests {
		if got := pageOf(tt.html).Article(dossier.Rules{}).Title; got != tt.want {
			t.Errorf("%s: title %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestTitleThatALineRepeats: without a heading the line that the <title> repeats is the
// headline, not the office that signs the text.
func TestTitleThatALineRepeats(t *testing.T) {
	const headline = "城东开发区举办半导体材料生产线推介会"
	p := pageOf(`<html><head><meta charset="utf-8"><title>` + headline + ` | 青岭开发区</title></head><body><table><tr><td><a href="/">首页</a></td></tr></table>
		<p align=center><font size=6>` + headline + `</font></p><hr><div>城东开发区日前举办推介会，来自各地的三十余家企业参加，并就项目落地进行了洽谈。</div>
		<div>会上，开发区介绍了投资环境和配套政策，与会企业表示将尽快组织实地考察，推动项目早日落户。</div><p align=right>青岭县招商局</p><p align=right>2026年11月4日</p></body></html>`)
	a := p.Article(dossier.Rules{})
	if a.Title != headline || a.Source == nil || *a.Source != "青岭县招商局" || strings.Contains(a.Body, "首页") {
		t.Errorf("title %q, source %v, body %q", a.Title, a.Source, a.Body)
	}
}

// TestHeadlineInOldTables: where the <title> is that of the site, of its section or of the program
// that made the page, the line over the text is the headline, wherever the line of labels stands,
// and not the place of the page, a form, the day of the visit, or what the labels say.
func TestHeadlineInOldTables(t *testing.T) {
	const want, site = "临港新区三个重点项目集中开工建设", "临港新区管理委员会"
	const paragraphs = "近日，总投资二十亿元的新能源汽车零部件生产项目在临港新区正式开工建设，项目建成后预计年产值可达三十亿元。\n新区管委会主任表示，将为企业提供全程代办服务，推动项目早日建成投产。"
	text := "<table><tr><td class=text><p>　　" + strings.ReplaceAll(paragraphs, "\n", "</p><p>　　") + "</p></td></tr></table>"
	const place = "<table><tr><td>当前位置：<a href=/>首页</a> - <a href=/n>园区新闻</a> - " + want + "</td></tr></table>"
	const form = "<table><tr><td>今天是2026年11月29日 星期日</td><td><form>站内搜索：<input name=k></form></td></tr></table>"
	for _, title := range []string{site, site + "--园区新闻", "无标题文档", "Untitled Document", "欢迎访问临港新区", ""} {
		for _, line := range []string{
			"<table><tr><td align=center><strong><font size=4>" + want + "</font></strong></td></tr></table>",
			`<table><tr><td style="font-size:18px;font-weight:bold;text-align:center">` + want + "</td></tr></table>",
			"<p align=center><b>" + want + "</b></p>",
			`<br><div align="center"><span style="font-size:16pt">` + want + "</span></div><br>",
		} {
			for _, said := range []string{"发布时间：2009-3-5　来源：新区日报　点击：233", "加入时间：2009-3-5 来源：新区日报 访问量：【12】", "新区日报　2009-03-05"} {
				info := "<table><tr><td align=center>" + said + "</td></tr></table>"
				for _, page := range []string{line + info + text, place + line + info + text, form + place + line + info + text, info + line + text, place + info + line + text, line + text + info, line + text} {
					html := "<html><head><title>" + title + "</title></head><body><table><tr><td><a href=/>首页</a> | <a href=/n>新闻</a> | <a href=/c>联系我们</a></td></tr></table><table><tr><td><table><tr><td>栏目导航</td></tr><tr><td><a href=/n/1>园区新闻</a></td></tr><tr><td><a href=/n/2>通知公告</a></td></tr></table></td><td>" +
						page + "</td></tr></table><table><tr><td align=center>版权所有 " + site + " 地址：临港路1号　电话：0431-88888888</td></tr></table></body></html>"
					a := pageOf(html).Article(dossier.Rules{})
					signed := strings.HasSuffix(page, info) && said == "新区日报　2009-03-05" // as offices sign
					if a.Title != want || a.Body != paragraphs && !signed {
						t.Errorf("<title> %q, %s: title %q, body %q", title, page, a.Title, a.Body)
					}
				}
			}
		}
	}
}
