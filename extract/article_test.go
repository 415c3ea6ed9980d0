package extract

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/dossier-archive/dossier"
)

var shanghai = time.FixedZone("", 8*3600)

func pageOf(html string) *Page {
	return Parse(&dossier.Snapshot{URL: "http://example.org/a/1.html", FinalURL: "http://example.org/a/1.html", Header: http.Header{}, Body: []byte(html)})
}

// five are the fields that every test compares; a missing author or source is
// written "-".
type five struct{ Title, Date, Author, Source, Body string }

func fiveOf(a dossier.Article) five {
	show := func(s *string) string {
		if s == nil {
			return "-"
		}
		return *s
	}
	return five{a.Title, a.Date, show(a.Author), show(a.Source), a.Body}
}

const (
	enText = "<p>The zone administration signed a contract with a maker of batteries on Monday, officials said at the ceremony.</p><p>The plant is to be built in two years, and will employ about three hundred people from the region.</p>"
	enBody = "The zone administration signed a contract with a maker of batteries on Monday, officials said at the ceremony.\nThe plant is to be built in two years, and will employ about three hundred people from the region."
	zhText = "<p>1月16日，新区管委会与多家企业签订投资协议，项目总投资超过十亿元，计划年内开工建设。</p><p>管委会负责人表示，将继续优化营商环境，为企业提供全程服务，推动项目早日建成投产。</p>"
	zhBody = "1月16日，新区管委会与多家企业签订投资协议，项目总投资超过十亿元，计划年内开工建设。\n管委会负责人表示，将继续优化营商环境，为企业提供全程服务，推动项目早日建成投产。"
	dated  = `<li><a href="/news/1.html">The port of the zone opens berth number 1</a> <span>2018-01-11</span></li><li><a href="/news/2.html">The port of the zone opens berth number 2</a> <span>2018-01-12</span></li><li><a href="/news/3.html">The port of the zone opens berth number 3</a> <span>2018-01-13</span></li><li><a href="/news/4.html">The port of the zone opens berth number 4</a> <span>2018-01-14</span></li><li><a href="/news/5.html">The port of the zone opens berth number 5</a> <span>2018-01-15</span></li>`
	menu   = `<div class="menu"><a href="/">Home</a><a href="/news/">News</a><a href="/about.html">About the zone</a></div>`
	foot   = `<div class="footer">Copyright 2010-2024 Northern Zone. Record No. 123. Total visits: 99</div>`
)

// TestFamilies reads a page of each family of content systems.
func TestFamilies(t *testing.T) {
	tests := []struct {
		name, html string
		want       five
	}{
		{"a labelled line with empty labels", menu + `<div class="t">Batteries for the Northern Zone</div><div class="info"><span>Date:2018/01/19 10:46:00</span> <span>Author:</span> <span>Source:</span></div><div id="zoom">` + enText + `</div>` + foot,
			five{"Batteries for the Northern Zone", "2018-01-19T10:46:00+08:00", "", "", enBody}},
		{"labels in a cell of a table", `<title>Northern Zone</title><table><tr><td><a href="/">Home</a> | <a href="/n">News</a></td></tr><tr><td align=center><strong>Batteries for the Northern Zone</strong></td></tr><tr><td>Date:<span>2018/01/19 10:46:00</span>&nbsp;&nbsp;Author:<span>Ann Lee</span>&nbsp;&nbsp;Source:<span></span></td></tr><tr><td>` + enText + `</td></tr></table>`,
			five{"Batteries for the Northern Zone", "2018-01-19T10:46:00+08:00", "Ann Lee", "", enBody}},
		{"government meta tags, web editor as author", `<meta name="SiteName" content="北方新区"><meta name="ArticleTitle" content="新区集中签约"><meta name="PubDate" content="2018-01-20 08:00"><meta name="ContentSource" content="新区日报"><meta name="Author" content="系统管理员"><title>新区集中签约_北方新区</title><h2>新区集中签约</h2><div class="info">发布时间：2018-01-19 10:46 来源：新区日报 【字体：大 中 小】</div><div class="TRS_Editor"><div class="TRS_Editor">` + zhText + `</div></div>`,
			five{"新区集中签约", "2018-01-19T10:46:00+08:00", "-", "新区日报", zhBody}},
		{"PubDate that is the time of generation", `<meta name="ArticleTitle" content="新区集中签约"><meta name="PubDate" content="2023-05-12 08:00"><meta name="others" content="页面生成时间 2023-05-12 08:00"><h1>新区集中签约</h1><p class="d">2018年1月19日</p><div id="UCAP-CONTENT">` + zhText + `</div>`,
			five{"新区集中签约", "2018-01-19", "-", "-", zhBody}},
		{"JSON-LD", `<title>Batteries for the Zone | Northern News</title><meta property="og:site_name" content="Northern News"><script type="application/ld+json">{"@type":"NewsArticle","headline":"Batteries for the Zone","datePublished":"2018-01-19T10:46:00+01:00","author":[{"name":"Ann Lee"},{"name":"Bo Chen"}]}</script><article><h1>Batteries for the Zone</h1>` + enText + `</article>`,
			five{"Batteries for the Zone", "2018-01-19T10:46:00+01:00", "Ann Lee; Bo Chen", "-", enBody}},
		{"OpenGraph and time", `<title>Batteries for the Zone - Northern News</title><meta property="og:title" content="Batteries for the Zone"><meta property="og:type" content="article"><main><h1>Batteries for the Zone</h1><p class="byline">By <span itemprop="author">Ann Lee</span> <time datetime="2018-01-19">19 Jan</time></p><div itemprop="articleBody">` + enText + `</div></main>`,
			five{"Batteries for the Zone", "2018-01-19", "Ann Lee", "-", enBody}},
		{"ministry in Japanese", `<h1>投資促進会議の開催について</h1><p>掲載日：令和7年3月7日</p><div class="main"><p>投資促進会議を開催しました。会議では、地域の企業と海外の投資家が、今後の協力について意見を交換しました。</p><p>次回の会議は来年の春に開催する予定です。参加を希望する企業は、事務局までお問い合わせください。</p></div>`,
			five{"投資促進会議の開催について", "2025-03-07", "-", "-", "投資促進会議を開催しました。会議では、地域の企業と海外の投資家が、今後の協力について意見を交換しました。\n次回の会議は来年の春に開催する予定です。参加を希望する企業は、事務局までお問い合わせください。"}},
		{"line breaks in a cell, closing lines", `<table><tr><td align=center><b>新区集中签约</b></td></tr><tr><td>作者：王小明 来 源：新区日报 发布日期：2018-01-19 点击数：123</td></tr><tr><td>　　1月16日，新区管委会与多家企业签订投资协议，项目总投资超过十亿元，计划年内开工建设。<br><br>　　管委会负责人表示，将继续优化营商环境，为企业提供全程服务，推动项目早日建成投产。<br>责任编辑：李红</td></tr><tr><td>【<a href="#">打印</a>】【<a href="#">关闭</a>】</td></tr></table>`,
			five{"新区集中签约", "2018-01-19", "王小明", "新区日报", zhBody}},
		{"labels far behind the text, printed empty", `<h1>Khu mới ký kết</h1><p class="date">19/01/2018</p><div class="detail">` + enText + `</div><h3>Tin liên quan</h3><ul>` + dated + `</ul><p class="author">Tác giả: </p><p class="source">Nguồn:</p>`,
			five{"Khu mới ký kết", "2018-01-19", "", "", enBody}},
		{"rows of others inside the text, and a trail above it", `<p><a href="/">Home</a> &gt; <a href="/news/">News</a> &gt; Batteries for the Zone</p><h1>Batteries for the Zone</h1><div class="news-detail"><span>2018-01-19</span>` + enText + `<p>Views: 210</p><div class="about"><h3>Похожие материалы</h3><ul>` + dated + `</ul></div></div>`,
			five{"Batteries for the Zone", "2018-01-19", "-", "-", enBody}},
		{"one sentence above a box of teasers", `<div class="x"><h1>Lights for the port</h1><p><time datetime="2018-01-19">19 January</time></p><p>The port has new lights.</p></div><div class="m"><h2>À lire aussi</h2><ul><li><h3><a href="/1">The port of the zone opens a berth</a></h3><p>` + enBody[:100] + `…</p><time datetime="2018-01-10">10 January</time></li><li><h3><a href="/2">The railway of the zone is electric</a></h3><p>` + enBody[100:] + `…</p><time datetime="2018-01-09">9 January</time></li></ul></div>`,
			five{"Lights for the port", "2018-01-19", "-", "-", "The port has new lights."}},
		{"spans without blanks, created before published, editors and tools in brackets", `<h1>Batteries for the Zone</h1><div class="info"><span>Created: 10 January 2018</span><span>Published: 19 January 2018</span><span>Source: Zone Daily</span><span>Views: 40</span></div><div class="text">` + enText + `<p>(Editor: Bo Chen)</p></div><div>[<a href="javascript:print()">Print</a>] [<a href="javascript:close()">Close</a>]</div>`,
			five{"Batteries for the Zone", "2018-01-19", "-", "Zone Daily", enBody}},
		{"one <title> for all pages, headline in a cell, date below the text", `<title>北方新区</title><table><tr><td align="center"><strong><font size="4">新区集中签约三十四个项目</font></strong></td></tr><tr><td>` + zhText + `</td></tr><tr><td align="center">发布日期：2018-01-19 责任编辑：李红 阅读次数：12</td></tr></table><table><tr><td align="center">北方新区管理委员会 版权所有<br>地址：北方市科技大道1号</td></tr></table>`,
			five{"新区集中签约三十四个项目", "2018-01-19", "-", "-", zhBody}},
		{"pointers to other stories between the paragraphs", `<h1>Batteries for the Zone</h1><p class="date">19 January 2018</p><div class="text">` + strings.Replace(enText, "</p><p>", `</p><div class="inline"><span>Leia mais</span> <a href="/2">The railway of the zone is electric</a></div><div>延伸阅读：<a href="/3">The port opens a berth</a></div><p>`, 1) + `</div>`,
			five{"Batteries for the Zone", "2018-01-19", "-", "-", enBody}},
		{"day, source and letter sizes in the heading, rows under a bold line in the text", `<title>新区集中签约三十四个项目_投资动态</title><h2>新区集中签约三十四个项目<small>（2018年1月19日）</small> <span>来源：新区日报</span><span>字号：<a>大</a> <a>中</a></span></h2><div class="c">` + zhText + `<p><strong>More from the newsroom</strong></p><ul>` + dated + `</ul></div>`,
			five{"新区集中签约三十四个项目", "2018-01-19", "-", "新区日报", zhBody}},
		{"a hidden copy for reading aloud", `<h1>新区集中签约</h1><div class="info">日期：2018-01-19</div><div id="zoomcon">` + zhText + `</div><div style="display: none">` + zhText + `</div>`,
			five{"新区集中签约", "2018-01-19", "-", "-", zhBody}},
	}
	for _, tt := range tests {
		got := fiveOf(pageOf("<html><body>" + tt.html + "</body></html>").Article(dossier.Rules{Timezone: shanghai}))
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// TestLabels reads a line of labels in each language of the table.
func TestLabels(t *testing.T) {
	tests := []struct{ text, date, author, source string }{
		{"发布时间：2018-01-19 10:46来源：吉林日报作者：王小明 字体：大 中 小", "2018-01-19 10:46", "王小明", "吉林日报"},
		{"來 源：本站　作 者：李明　發布日期：2020/12/31 14:29:32　點擊量：5", "2020/12/31 14:29:32", "李明", "本站"},
		{"Date:2018/01/19 10:46:00 Author: Source:", "2018/01/19 10:46:00", "", ""},
		{"Release time: 2018-01-19 | Source：Jilin Daily | Views: 12", "2018-01-19", "-", "Jilin Daily"},
		{"公開日：2018年1月19日　執筆者：山田太郎　出典：県庁", "2018年1月19日", "山田太郎", "県庁"},
		{"등록일 : 2018.01.19 작성자 : 김철수 조회수 : 10", "2018.01.19", "김철수", "-"},
		{"Дата: 19.01.2018 Автор: Иван Петров Источник: ТАСС", "19.01.2018", "Иван Петров", "ТАСС"},
		{"Опубліковано: 19.01.2018 Джерело: Укрінформ", "19.01.2018", "-", "Укрінформ"},
		{"Datum: 19.01.2018 | Autor: Anna Schmidt | Quelle: dpa", "19.01.2018", "Anna Schmidt", "dpa"},
		{"Publié le : 19/01/2018 Auteur : Marie Dupont Source : AFP", "19/01/2018", "Marie Dupont", "AFP"},
		{"Fecha: 19/01/2018 Autor: Juan Pérez Fuente: EFE", "19/01/2018", "Juan Pérez", "EFE"},
		{"Publicado em: 19/01/2018 Por: João Silva Fonte: Lusa", "19/01/2018", "João Silva", "Lusa"},
		{"تاريخ النشر: 19/01/2018 الكاتب: أحمد المصدر: وكالة", "19/01/2018", "أحمد", "وكالة"},
		{"Ngày đăng: 19/01/2018 Tác giả: Nguyễn An Nguồn: TTXVN", "19/01/2018", "Nguyễn An", "TTXVN"},
		{"Tanggal: 19/01/2018 Penulis: Budi Sumber: Antara", "19/01/2018", "Budi", "Antara"},
		{"วันที่: 19/01/2561 ผู้เขียน: สมชาย ที่มา: สำนักข่าว", "19/01/2561", "สมชาย", "สำนักข่าว"},
		{"图片来源：新华社", "-", "-", "-"},
		{"生成日期：2018-01-19", "-", "-", "-"},
	}
	for _, tt := range tests {
		l := &labelLine{labels: findLabels(tt.text)}
		value := func(kind labelKind) string {
			if x, ok := l.value(kind); ok {
				return x.value
			}
			return "-"
		}
		if got := value(labelDate); got != tt.date {
			t.Errorf("%q: date %q, want %q", tt.text, got, tt.date)
		}
		if got := value(labelAuthor); got != tt.author {
			t.Errorf("%q: author %q, want %q", tt.text, got, tt.author)
		}
		if got := value(labelSource); got != tt.source {
			t.Errorf("%q: source %q, want %q", tt.text, got, tt.source)
		}
	}
}

func TestRules(t *testing.T) {
	page := `<html><body><h1 class="kicker">Zone</h1><h2 class="t">The headline</h2><div class="info">Date: 19.01.2018 um 10.46 Author: Ann Lee Source: Zone Daily</div>
		<div class="content"><p>First.</p><p class="share">Share it</p><p>Second.</p></div></body></html>`
	rules := dossier.Rules{
		Title: dossier.FieldRule{Selector: "h2.t"}, Body: dossier.FieldRule{Selector: "div.content"}, Remove: []string{".share"}, Timezone: shanghai,
		Date:   dossier.FieldRule{Selector: ".info", Match: regexp.MustCompile(`Date: (.*?) Author`), Layout: "02.01.2006 um 15.04"},
		Author: dossier.FieldRule{Selector: ".info", Match: regexp.MustCompile(`Author:\s*(.*?)\s*Source:`)},
		Source: dossier.FieldRule{Match: regexp.MustCompile(`Source: (\w+ \w+)`)},
	}
	want := five{"The headline", "2018-01-19T10:46:00+08:00", "Ann Lee", "Zone Daily", "First.\nSecond."}
	if diff := cmp.Diff(want, fiveOf(pageOf(page).Article(rules))); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
	// A rule that finds nothing leaves the field empty and says so.
	a := pageOf(page).Article(dossier.Rules{Title: dossier.FieldRule{Selector: ".nosuch"}})
	if a.Title != "" || a.Evidence["title"].Rule != "site-rule-unmatched" {
		t.Errorf("a rule without match gave %q by %q", a.Title, a.Evidence["title"].Rule)
	}
	if a := pageOf(page).Article(dossier.Rules{Author: dossier.FieldRule{Selector: ".nosuch"}}); a.Author != nil {
		t.Errorf("a rule without match gave the author %q, which the page does not print", *a.Author)
	}
}

func TestKind(t *testing.T) {
	repeat := func(row string, n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.ReplaceAll(row, "/1.html", fmt.Sprintf("/%d.html", i)))
		}
		return b.String()
	}
	rows := repeat(`<li><a href="/news/1.html">A headline about the northern zone</a> <span>2018-01-19</span></li>`, 12)
	article := `<h1>Batteries for the Zone</h1><div class="info">Date: 2018-01-19 Source: Zone Daily</div><div id="zoom">` + enText + `</div>`
	tests := []struct {
		name, html string
		want       PageKind
	}{
		{"article", menu + article + foot, KindArticle},
		{"short article", `<h1>通知</h1><div>发布时间：2018-01-19</div><div id="zoom"><p>经研究决定，2018年春节放假时间为2月15日至21日，共7天，请各单位安排好值班工作。</p></div>`, KindArticle},
		{"article beside a list", menu + article + `<div class="side"><ul>` + rows[:len(rows)/3] + `</ul></div>`, KindArticle},
		{"list", menu + `<ul>` + rows + `</ul>`, KindList},
		{"list of teasers", menu + `<main><div class="t"><h3><a href="/news/1.html">A headline about the northern zone</a></h3><p>Date: 2018-01-19. The zone administration signed a contract with a maker of batteries on Monday, officials said at the ceremony.</p></div>
			<div class="t"><h3><a href="/news/2.html">A second headline about the zone</a></h3><p>Date: 2018-01-18. The plant is to be built in two years, and will employ about three hundred people from the region.</p></div>
			<div class="t"><h3><a href="/news/3.html">A third headline about the zone</a></h3><p>Date: 2018-01-17. The harbour is to get a second quay for ships of up to three hundred metres, it was announced.</p></div>
			<div class="t"><h3><a href="/news/4.html">A fourth headline about the zone</a></h3><p>Date: 2018-01-16. The figures of the first half show a growth of nine per cent, more than was expected in spring.</p></div></main>`, KindList},
		{"rows of plain text above the date of the site", menu + `<h2>News</h2><table>` + repeat(`<tr><td>A headline about the northern zone that is longer than sixty columns</td><td>2018-01-19</td><td><a href="/n/1.html">View</a></td></tr>`, 10) + `</table><footer>Last updated: 1 June 2018</footer>`, KindList},
		{"not found", `<title>404 Not Found</title><h1>404</h1><p>The page you asked for does not exist.</p>`, KindNotFound},
		{"an article of the number 404", `<title>Project 404 is signed in the zone</title><h1>Project 404 is signed in the zone</h1><p>Date: 2019-01-02 Source: Zone Daily</p><p>` + strings.Repeat("The administration and the company agreed on what is built, and by whom. ", 4) + `</p>`, KindArticle},
		{"an article about captchas", `<title>How captchas came into the world</title><h1>How captchas came into the world</h1><p>Date: 2019-01-02</p><p>` + strings.Repeat("They were made to tell people and machines apart, which is harder than it was. ", 9) + `</p>`, KindArticle},
		{"a firewall that explains itself", `<title>Attention Required!</title><h1>Sorry, you have been blocked</h1><p>You are unable to access this site. The action you just performed triggered the security solution.</p><p>Ray ID: 7f3a 2024-01-02 10:00:00</p>`, KindChallenge},
		{"not found in Chinese", `<title>提示</title><p>对不起，您访问的页面不存在</p>`, KindNotFound},
		{"check of a script", `<html><head><script>document.cookie="__jsl_clearance=1;path=/";location.href=location.pathname+location.search;</script></head></html>`, KindChallenge},
		{"check of an unknown script", `<script>document.cookie="k="+f(3);window.location.reload();</script>`, KindChallenge},
		{"check in a frame", `<html><body><iframe src="/_Incapsula_Resource?SWUDNSAI=9"></iframe></body></html>`, KindChallenge},
		{"choice of a language", `<script>document.cookie="lang=en";location.href="/en/";</script>`, KindEmpty},
		{"firewall", `<title>网站访问报错</title><p>如果您是网站管理员，请登录安全狗</p>`, KindChallenge},
		{"check of a button", `<title>Access to this page has been denied</title><p>Press &amp; Hold to confirm you are a human (and not a bot).</p><p>Reference ID 6e1f</p>`, KindChallenge},
		{"posts with much of their texts", `<h1>News</h1>` + `<div><h3><a href="/n/1">A plant for rail cars opens in the zone</a></h3><i>2023-05-06</i><p>` + strings.Repeat("The plant gives work to many people of the district, its manager said. ", 12) + `<a href="/n/1">Read more</a></p></div>` + `<div><h3><a href="/n/2">A second plant opens in the zone</a></h3><i>2023-05-07</i><p>` + strings.Repeat("It makes parts for wind turbines and sells them abroad. ", 12) + `</p></div>`, KindList},
		{"an entry above rows", `<h1>News</h1><div><h3><a href="/n/1">A plant for rail cars opens in the zone</a></h3><i>2023-05-06</i><p>` + strings.Repeat("The plant gives work to many people of the district, its manager said. ", 12) + `</p></div><ul><li><a href="/n/2">A second plant opens in the zone</a> <i>2023-05-05</i></li><li><a href="/n/3">A third plant opens in the zone</a> <i>2023-05-04</i></li></ul>`, KindList},
		{"an article whose headline leads to itself", `<h1><a href="/a/1.html">A plant for rail cars opens in the zone</a></h1><i>Published: 2023-05-06</i><div>` + strings.Repeat("<p>The plant gives work to many people of the district, its manager said in the hall.</p>", 9) + `</div><h4>More news</h4><ul><li><a href="/n/2">A second plant opens in the zone</a> <i>2023-05-05</i></li><li><a href="/n/3">A third plant opens in the zone</a> <i>2023-05-04</i></li></ul>`, KindArticle},
		{"an article above dated rows in one cell", `<table><tr><td><h1>开发区召开招商引资工作推进会议</h1><p>时间：2018-01-20 12:18:24 来源：新区日报</p><div>` + zhText + `</div><b>相关信息</b><ul><li><a href="/n/1.html">开发区召开招商引资工作推进会议</a> <span>2018-01-19</span></li><li><a href="/n/2.html">开发区与多家外商签订投资合同</a> <span>2018-01-18</span></li><li><a href="/n/3.html">开发区新建标准厂房正式开工建设</a> <span>2018-01-17</span></li><li><a href="/n/4.html">开发区举行项目集中开工仪式</a> <span>2018-01-16</span></li></ul></td></tr></table>`, KindArticle},
		{"a post with lines between headline and text, and others", `<h1>Notícias</h1>` + repeat(`<div class="item"><h2><a href="/n/1.html">A plant for rail cars opens in the zone</a></h2><dl><dd>Written by Ann Lee</dd><dd>Category: News</dd><dd>Published: 2023-05-06</dd></dl><p>`+strings.Repeat("The plant gives work to many people of the district. ", 4)+`</p></div>`, 1) + `<section>` + repeat(`<div><h2><a href="/n/x/1.html">Another plant opens in the zone</a></h2><dl><dd>Written by Ann Lee</dd><dd>Published: 2023-05-05</dd></dl><p>It is small.</p></div>`, 3) + `</section>`, KindList},
		{"an article above cards with teasers", `<main><h1>A plant for rail cars opens in the zone</h1><div><time datetime="2023-05-06">6 May 2023</time></div><div class="entry-content"><p>` + strings.Repeat("The plant gives work to many people. ", 8) + `</p></div><div><h2>Read also</h2><ul>` + repeat(`<li><a href="/a/1.html"><img alt="Another plant opens in the zone"></a><h3><a href="/a/1.html">Another plant opens in the zone</a></h3><p>`+strings.Repeat("It makes parts for wind turbines, and sells ", 4)+`…</p><time>5 May 2023</time></li>`, 3) + `</ul></div></main>`, KindArticle},
		{"an article whose line of labels is called a footer", `<div class="article"><div class="header"><h1>A plant for rail cars opens in the zone</h1></div><div class="footer"><p><span>06.05.2023</span> By Ann Lee</p></div><div><p>` + strings.Repeat("The plant gives work to many people of the district. ", 8) + `</p></div><div><h4>Related</h4><ul>` + repeat(`<li>05.05.2023 <a href="/a/1.html">Another plant opens in the northern zone</a></li>`, 3) + `</ul></div></div>`, KindArticle},
		{"a box for members in Spanish", `<title>Contacto | Agencia</title><h1>Contacto</h1><p>Av. Libertad 500</p><ul>` + repeat(`<li><a href="/s/1.html">Sección</a></li>`, 9) + `</ul><h2>Inicio de sesión</h2><form><label>Contraseña</label><input type="password"/></form>`, KindOther},
		{"an article above cards", `<h1>A plant for rail cars opens in the zone</h1><i>Published: 2023-05-06</i><div>` + strings.Repeat("<p>The plant gives work to many people of the district, its manager said in the hall.</p>", 9) + `</div><div><h4><a href="/n/2">A second plant opens in the zone</a></h4><i>2023-05-05</i><p>It makes parts for wind turbines.</p></div><div><h4><a href="/n/3">A third plant opens in the zone</a></h4><i>2023-05-04</i><p>It makes parts for ships.</p></div><div><h4><a href="/n/4">A fourth plant opens in the zone</a></h4><i>2023-05-03</i><p>It makes parts for cars.</p></div>`, KindArticle},
		{"too many visits", `<title>提示</title><div>您的访问过于频繁，请稍后再试</div>`, KindChallenge},
		{"firewall of a panel", `<title>网站防火墙</title><h1>您的请求带有不合法参数，已被网站管理员设置拦截！</h1><p>可能原因：您提交的内容包含危险的攻击请求</p>`, KindChallenge},
		{"article on firewalls", `<h1>园区企业发布新一代应用防火墙产品</h1><div>发布时间：2023-05-06 来源：管委会</div><p>` + strings.Repeat("该产品由园区内一家软件企业研发，已在二十余家单位投入使用，反响良好。", 4) + `</p>`, KindArticle},
		{"request rejected", `<html><head><title>Request Rejected</title></head><body>The requested URL was rejected. Please consult with your administrator.<br><br>Your support ID is: 1234567890<br></body></html>`, KindChallenge},
		{"proof of work", `<title>Making sure you're not a bot!</title><h1>Making sure you’re not a bot!</h1><p>You are seeing this because the administrator protects the server.</p><script id="anubis_challenge" type="application/json">{}</script>`, KindChallenge},
		{"marked scripts", `<html><head><meta id="9Dhefwqg" content="{0{0{as" r='m'><script src="/4QbVtAD/c.js" r='m'></script></head><body></body></html>`, KindChallenge},
		{"check of free hosting", `<html><body><script src="/aes.js"></script><script>document.cookie="__test="+toHex(slowAES.decrypt(c,2,a,b));location.href="/a?i=1";</script><noscript>This site requires Javascript to work</noscript></body></html>`, KindChallenge},
		{"a window that says it is gone", `<script>alert("该信息已删除");history.go(-1);</script>`, KindNotFound},
		{"offline", `<title>系统提示</title><div>没有找到相关内容！您访问的信息可能已经下线。</div>`, KindNotFound},
		{"oops not found", `<title>Page not found</title><h1>Oops! That page can’t be found.</h1><p>It looks like nothing was found at this location.</p>`, KindNotFound},
		{"for members without a form", `<title>提示信息</title><p>您无权限查看该信息，请登录后访问。</p>`, KindLogin},
		{"database of the site", `<b>Warning</b>: mysql_connect(): Too many connections in /www/conn.php on line 3`, KindFault},
		{"empty server", `<title>Welcome to nginx!</title><h1>Welcome to nginx!</h1><p>If you see this page, the web server is successfully installed and working.</p>`, KindFault},
		{"closed site", `<title>网站已关闭</title><p>该网站未备案或已关闭</p>`, KindFault},
		{"a short list with the headline of a notice of maintenance", `<title>Zone</title><h1>Notices</h1><ul><li><a href="/n/1.html">網站維護公告</a> 2018-01-19</li><li><a href="/n/2.html">開發區招商會</a> 2018-01-18</li><li><a href="/n/3.html">園區停水通知</a> 2018-01-17</li><li><a href="/n/4.html">系統維護公告</a> 2018-01-16</li><li><a href="/n/5.html">園區招聘會</a> 2018-01-15</li></ul>`, KindOther},
		{"a short article beside headlines about challenges", `<h1>致歉声明</h1><div>发布时间：2018-01-19</div><div id="zoom"><p>我局对此前公告中的差错深表歉意，并已于当日更正。今后将加强审核，杜绝类似情况再次发生，欢迎社会各界继续监督。</p></div><div class="side"><ul>` + repeat(`<li><a href="/n/1.html">人机验证技术企业落户我市经济开发区</a></li>`, 3) + `</ul></div>`, KindArticle},
		{"a proxy", `<title>zone.example | 522: Connection timed out</title><h1>Connection timed out</h1><div>2025-05-06 10:11:12 UTC</div><h2>What happened?</h2><p>The initial connection between Cloudflare's network and the origin web server timed out. As a result, the web page can not be displayed.</p>`, KindFault},
		{"an empty panel", `<title>没有找到站点</title><h1>没有找到站点</h1><p>您的请求在Web服务器中没有找到对应的站点！</p><ul>` + repeat(`<li>检查端口是否正确，并检查是否已经将此域名绑定到对应站点；</li>`, 12) + `</ul>`, KindFault},
		{"a plugin against robots", `<title>Your access to this site has been limited</title><h1>Your access to this site has been limited by the site owner</h1><p>Block Technical Data: Generated by Wordfence at Tue, 6 May 2025 2:11:12 GMT.</p>`, KindChallenge},
		{"not found in many words", `<title>We could not find that page</title><h1>We could not find that page</h1>` + repeat(`<p>We recently redesigned our website, and some of the addresses have changed. The page you were looking for may have moved to a new place, or the information may be out of date.</p>`, 4), KindNotFound},
		{"not found with the day of the visit", `<title>News</title><h1>Article not found</h1><div>Published: 2026-11-29 Source: Zone</div><p>The article you requested does not exist on this site.</p>`, KindNotFound},
		{"a message of PHP under headline and date", `<h1>Batteries for the Northern Zone</h1><div>Published: 2018-01-19</div><div id="zoom"><b>Warning</b>: mysqli_query(): MySQL server has gone away in <b>/www/inc/db.php</b> on line <b>88</b></div>`, KindFault},
		{"a login under headline and date", `<h1>Batteries for the Northern Zone</h1><div>Published: 2018-01-19</div><div id="zoom"><p>This content is for subscribers only. Please log in to read it.</p></div>`, KindLogin},
		{"a text that a script should bring", `<h1>Batteries for the Northern Zone</h1><div>Published: 2018-01-19</div><div id="zoom">正在加载中...</div>`, KindEmpty},
		{"domain for sale", `<title>zone.example</title><h1>The domain zone.example is for sale</h1><p>Make an offer</p>`, KindFault},
		{"challenge", `<title>Just a moment...</title><p>Checking your browser before accessing the site.</p>`, KindChallenge},
		{"a box for members beside rows", `<title>经济开发区</title><ul>` + repeat(`<li><a href="/n/1.html">开发区召开招商引资工作推进会议</a> 2018-01-19</li>`, 4) + `</ul><dl><dt>会员登录</dt><dd><form><input name=u><input type=password></form></dd></dl>`, KindList},
		{"a login inside the menu of its site", `<title>Member area - Zone</title><ul class="nav">` + repeat(`<li><a href="/s/1.html">Section</a></li>`, 12) + `</ul><h1>Member area</h1><p>This part of the site is for members.</p><form>E-mail <input name=u> Password <input type=password><button>Enter</button></form>`, KindLogin},
		{"a top article in full above rows and a pager", `<h1>News</h1><h2>A plant for rail cars opens in the zone</h2><p>12 November 2018</p><div>` + strings.Repeat("<p>The plant gives work to many people of the district, its manager said in the hall.</p>", 4) + `</div><h2>More news</h2><ul>` + repeat(`<li><a href="/n/1.html">Another plant opens in the northern zone</a> <i>2018-01-05</i></li>`, 10) + `</ul><div class="pager"><a href="?page=2">2</a> <a href="?page=3">3</a></div>`, KindList},
		{"rows above a footer and a banner about cookies", `<h1>News</h1><ul>` + rows + `</ul><div class="footer"><p>Last updated: 20 November 2018</p></div><div id="cookie-bar"><p>` + strings.Repeat("We set cookies so that the site works, and to count its readers. ", 6) + `</p></div>`, KindList},
		{"login", `<title>用户登录</title><form>用户名 <input name=u> 密码 <input type=password> 请输入用户名和密码以后登录系统继续访问</form>`, KindLogin},
		{"empty", `<div></div>`, KindEmpty},
	}
	for _, tt := range tests {
		if got := pageOf("<html><body>" + tt.html + "</body></html>").Kind(); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestLinksAndPager(t *testing.T) {
	p := pageOf(`<html><body><div class="nav"><a href="/">Home</a></div>
		<table><tr><td>·<a href="1.html" title="The whole headline of the first">The whole headline…</a></td><td>[2018-01-19]</td></tr></table>
		<dl><dt><a href="2.html">Second headline</a></dt></dl>
		<p><a href="3.html">Third</a> 2018年1月17日<br><a href="4.html">Fourth</a> 2018年1月16日</p>
		<div class="pager"><span>1</span> <a href="index_1.html">2</a> <a href="index_2.html">3</a> <a href="index_1.html">下一页</a></div>
		<script>createPageHTML(5, 0, "index", "html");</script></body></html>`)
	want := map[string]string{"/": "", "1.html": "2018-01-19", "2.html": "", "3.html": "2018-01-17", "4.html": "2018-01-16"}
	for _, l := range p.Links() {
		if date, ok := want[l.Href]; ok && date != l.Date {
			t.Errorf("%s: date %q, want %q", l.Href, l.Date, date)
		}
		if l.Href == "/" && l.Region != RegionNav || strings.HasPrefix(l.Href, "index") && l.Region != RegionPager {
			t.Errorf("%s is in region %s", l.Href, l.Region)
		}
	}
	pg := p.Pager()
	if pg.Current != 1 || len(pg.Numbers) != 3 || pg.Numbers[1] != (Numbered{2, "index_1.html"}) || len(pg.Next) != 1 || pg.Script == nil || pg.Script.Next() != "index_1.html" {
		t.Errorf("pager %+v", pg)
	}
}

// TestStrayDates: the foot of a page says nothing of the last row above it, a link to a
// file is none of an article, and a row may well have its date beside it.
func TestStrayDates(t *testing.T) {
	p := pageOf(`<html><body><h1>Questions</h1><div><a href="1">How does a firm register</a></div><div><a href="2">How is a permit given</a></div><div><a href="3">Who pays for the road</a></div>
		<footer>Last updated: 1 June 2018</footer>
		<p><a href="/files/4">Download</a> 2018-01-18</p><ul><li>[<a href="/a/">News</a>] <a href="/a/6.html">A row with a teaser below</a><span>Date: 2018-01-17 10:46 Hits: 5</span><p>A teaser that is far longer than a date and says what the page will tell of.</p></li></ul><p><b><a href="/news/5">A headline about the zone</a></b></p><p>2018-01-19</p></body></html>`)
	want := map[string]string{"1": "", "2": "", "3": "", "/files/4": "", "/a/": "", "/a/6.html": "2018-01-17T10:46:00", "/news/5": "2018-01-19"}
	for _, l := range p.Links() {
		if l.Date != want[l.Href] {
			t.Errorf("%s: date %q, want %q", l.Href, l.Date, want[l.Href])
		}
	}
}

// TestDayBelowHeadline: the day that stands right below the headline is earlier than what the
// metadata say where the page was moved.
func TestDayBelowHeadline(t *testing.T) {
	const ld = `<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2021-06-01T08:00:00Z"}</script>`
	for line, want := range map[string]string{
		"12 November 2012":                                   "2012-11-12",
		"12 November 2012 · 3 min read":                      "2012-11-12",
		"14 June 2021":                                       "2021-06-01T08:00:00+00:00", // edited later
		"Updated 12 November 2012":                           "2021-06-01T08:00:00+00:00",
		"The harbour was opened on 12 November 2012 at noon": "2021-06-01T08:00:00+00:00",
	} {
		html := `<html><head>` + ld + `</head><body>` + menu + `<h1>Batteries for the Northern Zone</h1><p>` + line + `</p><div class="content">` + enText + `</div>` + foot + `</body></html>`
		if got := pageOf(html).Article(dossier.Rules{}).Date; got != want {
			t.Errorf("%q: date %q, want %q", line, got, want)
		}
	}
}

// Rows whose links are scripts have the addresses that these go to.
func TestLinksOfScripts(t *testing.T) {
	p := pageOf(`<html><head><script>function openNews(id){ window.open("/art/"+id+".html"); }</script></head><body><ul>
		<li><a href="javascript:void(0)" onclick="window.open('1.html')">First</a> 2018-01-19</li>
		<li><a href="javascript:void(0)" onclick="window.open('2.html','_blank')">Second</a> 2018-01-18</li>
		<li><a href="javascript:openNews(3)">Third</a> 2018-01-17</li>
		<li><a href="#" onclick="location.href='4.html'">Fourth</a> 2018-01-16</li>
		<li><a href="javascript:history.back()">Back</a></li><li><a href="#">Top</a></li></ul></body></html>`)
	var got []string
	for _, l := range p.Links() {
		got = append(got, l.Href+" "+l.Date)
	}
	want := []string{"1.html 2018-01-19", "2.html 2018-01-18", "/art/3.html 2018-01-17", "4.html 2018-01-16"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
}

// TestClickedRows: rows and menus of old sites that a click leads from are links,
// but not around anchors, nor where the script cannot be read.
func TestClickedRows(t *testing.T) {
	p := pageOf(`<html><body><table><tr><td onclick="location.href='/news/'">News of the zone</td><td onclick="toggle(this)">Menu</td></tr></table>
		<table><tr onclick="window.location='/news/1.html'"><td>The first headline about the zone</td><td>2018-01-19</td></tr>
		<tr onclick="location.href='/news/2.html'"><td><a href="/news/second.html">The second headline about the zone</a></td><td>2018-01-18</td></tr></table></body></html>`)
	got := map[string]string{}
	for _, l := range p.Links() {
		got[l.Href] = l.Date
	}
	want := map[string]string{"/news/": "", "/news/1.html": "2018-01-19", "/news/second.html": "2018-01-18"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
}

// TestQueryIn: a query is sent in the encoding of the page that links to it.
func TestQueryIn(t *testing.T) {
	tests := []struct{ charset, href, want string }{
		{"gb18030", "list.asp?type=招商&id=1", "list.asp?type=%D5%D0%C9%CC&id=1"},
		{"gb18030", "招商/list.asp?id=1", "招商/list.asp?id=1"},
		{"utf-8", "list.asp?type=招商", "list.asp?type=招商"},
		{"big5", "a?x=" + "投資", "a?x=%A7%EB%B8%EA"},
		{"windows-1252", "liste.php?rubrique=actualité&page=2", "liste.php?rubrique=actualit%E9&page=2"},
		{"windows-1251", "?cat=новости&page=2", "?cat=%ED%EE%E2%EE%F1%F2%E8&page=2"},
		{"shift_jis", "?c=表&page=2", "?c=%95%5C&page=2"},
	}
	for _, tt := range tests {
		if got := queryIn(tt.charset, tt.href); got != tt.want {
			t.Errorf("queryIn(%s, %q) = %q, want %q", tt.charset, tt.href, got, tt.want)
		}
	}
}

// TestHostilePages: whatever the page, reading ends, with text that is valid and no longer than the page.
func TestHostilePages(t *testing.T) {
	if testing.Short() {
		t.Skip("has one goroutine")
	}
	pages := map[string]string{
		"nothing": "", "NULs": "\x00\x00", "700 open elements": strings.Repeat("<div>", 700) + enText,
		"an open comment": "<p>before</p><!-- " + strings.Repeat("x", 1<<20), "plaintext": "<p>before</p><plaintext>" + strings.Repeat("x y. ", 1<<18),
		"stacks of open elements": strings.Repeat(strings.Repeat("<div>", 400)+"x"+strings.Repeat("</div>", 400), 600), "elements without end": strings.Repeat("<div>x ", 500_000),
		"100,000 attributes": "<p " + strings.Repeat(`a="b" `, 100_000) + ">text</p>", "anchors in anchors": strings.Repeat("<a href=x>", 100_000), "anchors around letters": strings.Repeat("<a href=x><b>", 100_000),
		"an author a hundred thousand times": strings.Repeat(`<meta name="author" content="Ann Lee">`, 200_000),
		"labels without end":                 strings.Repeat("来源：", 300_000), "rows without end": strings.Repeat("<tr><td>Date: 2018-01-01", 60_000),
	}
	for name, html := range pages {
		p := pageOf(html)
		p.Kind()
		p.Links()
		p.Pager()
		if a := p.Article(dossier.Rules{}); !utf8.ValidString(a.Title+a.Body) || len(a.Body) > len(html)+utf8.UTFMax {
			t.Errorf("%s: a text of %d bytes from %d", name, len(a.Body), len(html))
		}
	}
	broken, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(zhText))
	if err != nil {
		t.Fatal(err)
	}
	broken = append(broken[:60:60], append([]byte{0xff, 0x81}, broken[60:]...)...)
	if a := Parse(&dossier.Snapshot{Body: broken, Header: http.Header{}}).Article(dossier.Rules{}); !strings.Contains(a.Body, "优化营商环境") {
		t.Errorf("broken GB18030 gave %q", a.Body)
	}
}

func FuzzArticle(f *testing.F) {
	f.Add([]byte("<h1>T</h1><p>Date: 2018-01-19 Author: A</p>" + enText))
	f.Add([]byte(`<script type="application/ld+json">{"@type":"Article","author":[{}]}</script><table><tr><td>来源：`))
	f.Fuzz(func(t *testing.T, body []byte) {
		p := Parse(&dossier.Snapshot{URL: "http://example.org/", Body: body, Header: http.Header{}})
		p.Kind()
		p.Links()
		p.Pager()
		a, b := p.Article(dossier.Rules{}), p.Article(dossier.Rules{})
		if diff := cmp.Diff(a, b); diff != "" {
			t.Errorf("read twice (-first +second):\n%s", diff)
		}
	})
}
