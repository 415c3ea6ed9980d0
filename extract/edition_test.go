package extract

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/dossier-archive/dossier"
)

// TestEnglishEdition: pages of the English editions of Chinese sites, with the day of fetching in their
// head, read as files of which nobody knows when they were fetched.
func TestEnglishEdition(t *testing.T) {
	const (
		headline = "The zone signs 12 projects worth 5 billion yuan"
		first    = `The zone, established in 2016, covers 499 square kilometers and is home to more than 2,300 enterprises from 41 countries and regions.`
		second   = `"We will go on improving the business environment," said Li Ming, director of the administrative committee of the zone.`
		text     = "<p>" + first + "</p><p>" + second + "</p>"
		body     = first + "\n" + second
		rows     = `<div class="rel"><h3>Related articles</h3><ul><li><a href="/n/3.html">A port project is signed in the zone</a> 2018-01-02</li></ul></div>`
	)
	for _, tt := range []struct {
		name, main           string
		date, author, source string
	}{
		{"source in brackets", `<p class="tit">` + headline + `</p><div>(Source: China Daily) September 19, 2015 09:05:33</div><div class="text">` + text + "</div>", "2015-09-19T09:05:33", "-", "China Daily"},
		{"source before a bar", "<h1>" + headline + "</h1><p>Source: Zone Daily &nbsp;|&nbsp; 2011.06.13 14:30</p>" + text, "2011-06-13T14:30:00", "-", "Zone Daily"},
		{"day behind the text", "<h1>" + headline + `</h1><div class="entry-content">` + text + `</div><time datetime="2021-03-17">17 March 2021</time>` + rows, "2021-03-17", "-", "-"},
		{"agency behind the day", "<h1>" + headline + "</h1><p>2013-05-17 09:05 Xinhua</p>" + text, "2013-05-17T09:05:00", "-", "Xinhua"},
		{"paper behind the day", "<h1>" + headline + "</h1><p>17 Jun 2014 China Daily</p>" + text, "2014-06-17", "-", "China Daily"},
		{"office behind the day", "<h1>" + headline + "</h1><p>2014-06-17 Bureau of Commerce</p>" + text, "2014-06-17", "-", "Bureau of Commerce"},
		{"place behind the day", "<h1>" + headline + "</h1><p>2014-06-17 Changchun</p>" + text, "2014-06-17", "-", "-"},
		{"section behind the day", "<h1>" + headline + "</h1><p>2014-06-17 Latest News</p>" + text, "2014-06-17", "-", "-"},
		{"site between bars", "<h1>" + headline + "</h1><p>By Zhang Wei | chinadaily.com.cn | Updated: 2016/03/24</p>" + text, "2016-03-24", "Zhang Wei", "chinadaily.com.cn"},
		{"office between bars", "<h1>" + headline + "</h1><p>By Zhang Wei | Zone Administrative Committee | Updated: 2016/03/24</p>" + text, "2016-03-24", "Zhang Wei", "Zone Administrative Committee"},
		{"writer behind the day", `<div class="xl_title"><b>` + headline + `</b></div><div>Published on 23 Sep 2021 by <a href="/author/x">Zhang Wei</a></div>` + text, "2021-09-23", "Zhang Wei", "-"},
		{"articles before and behind", "<h1>" + headline + "</h1><p>2014-06-17</p>" + text + `<div class="pn"><p>Previous: <a href="/n/1.html">The zone holds a meeting</a></p><p>Next: <a href="/n/2.html">A port project is signed</a></p></div>`, "2014-06-17", "-", "-"},
		{"none before", "<h1>" + headline + "</h1><p>2014-06-17</p>" + text + `<p>Previous: none</p><p>Next: <a href="/n/2.html">A port project is signed in the zone</a></p>`, "2014-06-17", "-", "-"},
		{"code to scan", "<h1>" + headline + "</h1><p>2014-06-17</p>" + text + `<div><img src="/qr.png"><p>Scan the QR code to read on your phone</p></div>`, "2014-06-17", "-", "-"},
		{"line of labels above the headline", `<div class="info">(Source: China Daily) October 24, 2021 14:30</div><h2>` + headline + "</h2>" + first + "<br><br>" + second + rows, "2021-10-24T14:30:00", "-", "China Daily"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &dossier.Snapshot{URL: "http://en.zone.example/n/9.html", FinalURL: "http://en.zone.example/n/9.html", Status: 200,
				Body: []byte(`<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>News</title></head><body><div class="top"><a href="/">The Zone</a> <span>Sunday, November 29, 2026</span> <a href="http://cn.zone.example">中文</a></div>` +
					`<div class="menu"><ul><li><a href="/">Home</a></li><li><a href="/n/">News</a></li><li><a href="/i/">Investment Guide</a></li><li><a href="/p/">Policies</a></li><li><a href="/c/">Contact Us</a></li></ul></div>` +
					`<div class="main"><div class="left">` + tt.main + `</div></div><div class="footer">Copyright © The Zone All Rights Reserved</div></body></html>`)}
			for _, fetched := range []time.Time{{}, time.Date(2026, 11, 29, 4, 0, 0, 0, time.UTC)} {
				s.FetchedAt = fetched
				if got, want := fiveOf(Parse(s).Article(dossier.Rules{})), (five{headline, tt.date, tt.author, tt.source, body}); got != want {
					t.Errorf("fetched %v:\n%q, want\n%q", fetched, got, want)
				}
			}
		})
	}
}

// TestSideOfChinesePages: what stands beside and above an article, and what its template leaves empty, is
// none of its fields.
func TestSideOfChinesePages(t *testing.T) {
	const (
		headline = "临港新区出台集成电路产业扶持政策"
		first    = "新区成立于2016年，规划面积499平方公里，现有企业2300余家。"
		second   = "今年前三季度，全省实际利用外资12亿美元，同比增长15.6%。"
		text     = `<div class="text"><p>` + first + "</p><p>" + second + "</p></div>"
	)
	for _, tt := range []struct {
		name, title, main    string
		date, author, source string
	}{
		{"day beside a label, below dated rows", "吉林省商务厅-新闻中心", "<h1>" + headline + "</h1><p>来源：外资处 &nbsp; 2011.03.26 14:30</p>" + text, "2011-03-26T14:30:00", "-", "外资处"},
		{"day behind the text, below dated rows", headline, "<h1>" + headline + "</h1>" + text + `<span class="date">2014年8月15日</span>`, "2014-08-15", "-", "-"},
		{"empty source above the headline", "吉林省商务厅", `<p class="source">发布时间：2018年10月21日 09:05:33 作者： 来源：</p><div class="bt">` + headline + "</div>" + text, "2018-10-21T09:05:33", "", ""},
		{"office behind the writer", headline, "<h1>" + headline + "</h1><p>2018-10-21 | 作者：张建国 | 吉林日报</p>" + text, "2018-10-21", "张建国", "吉林日报"},
		{"office behind the day", "文章内容", `<div class="xl_title"><b>` + headline + `</b></div><div style="text-align:center">2018年02月19日 09:05:33　吉林省人民政府</div>` + text, "2018-02-19T09:05:33", "-", "吉林省人民政府"},
		{"section of an office", headline, "<h1>" + headline + "</h1><p>2018-02-19　外资处</p>" + text, "2018-02-19", "-", "外资处"},
		{"title of the program", "文章内容", `<div class="con_tit"><h3>` + headline + `</h3></div><p>2018-02-19</p>` + text + `<p>上一篇：<a href="/n/1.html">新区召开安全生产工作会议</a></p><p>下一篇：没有了</p><p>扫一扫在手机打开当前页</p>`, "2018-02-19", "-", "-"},
		{"title of the office", "吉林省商务厅", `<div class="bt">` + headline + "</div>" + text + "<p>发布时间：2018-02-19 来源：新华网</p>", "2018-02-19", "-", "新华网"},
		{"element of a content system", "新闻中心", "<ucaptitle>" + headline + "</ucaptitle><p>时间：2018-02-19</p>" + text, "2018-02-19", "-", "-"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, clock := range []string{"2026年11月29日 星期日", "2026-11-29 10:30:25", "2026.11.29"} {
				page := Parse(&dossier.Snapshot{URL: "http://swt.example.cn/n/9.html", FinalURL: "http://swt.example.cn/n/9.html", Status: 200,
					Body: []byte(`<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>` + tt.title + `</title></head><body><div class="top"><a href="/">吉林省商务厅</a> <span>` + clock + `</span> <a href="/en/">English</a></div>` +
						`<div class="menu"><ul><li><a href="/">首页</a></li><li><a href="/n/">新闻中心</a></li><li><a href="/i/">投资吉林</a></li><li><a href="/p/">政策法规</a></li><li><a href="/s/">政务服务</a></li></ul></div>` +
						`<div class="main"><div class="right"><h3>最新动态</h3><ul><li><a href="/n/70.html">新区召开安全生产工作会议部署下半年工作</a></li><li><a href="/n/72.html">新区首家五星级酒店开业</a> <span>2026-11-22</span></li></ul></div>` +
						`<div class="left">` + tt.main + `</div></div><div class="footer">主办：吉林省商务厅 地址：长春市人民大街1号 网站标识码：2200000001</div></body></html>`)})
				if got, want := fiveOf(page.Article(dossier.Rules{})), (five{headline, tt.date, tt.author, tt.source, first + "\n" + second}); got != want {
					t.Errorf("%s: got\n%q, want\n%q", clock, got, want)
				}
			}
		})
	}
}

// TestIndexOfPublicDocuments: the table that stands above public documents gives the day, and the title where
// there is no other; none of it is text, however long it is.
func TestIndexOfPublicDocuments(t *testing.T) {
	const (
		headline = "关于举办第十二届东北亚博览会的通知"
		body     = "新区成立于2016年，规划面积499平方公里，现有企业2300余家。\n今年前三季度，全省实际利用外资12亿美元，同比增长15.6%。"
	)
	fields := [][2]string{{"索引号", "013544138/2019-00123"}, {"分类", "商务、海关、旅游"}, {"发文机关", "省商务厅"}, {"成文日期", "2019年1月3日"},
		{"标题", headline}, {"发布日期", "2019-01-08"}, {"发文字号", "吉商发〔2019〕3号"}, {"主题词", ""}}
	for _, tt := range []struct{ name, begin, field, row, end string }{
		{"table", "<table><tr>", "<td>%s：</td><td>%s</td>", "</tr><tr>", "</tr></table>"},
		{"heads", "<table><tr>", "<th>%s:</th><td>%s</td>", "</tr><tr>", "</tr></table>"},
		{"list", "<ul>", "<li><b>%s：</b><span>%s</span></li>", "", "</ul>"},
		{"definitions", "<dl>", "<dt>%s：</dt><dd>%s</dd>", "", "</dl>"},
		{"lines", `<div class="head">`, "<div><span>%s：</span>%s</div>", "", "</div>"},
	} {
		index := tt.begin
		for i, f := range fields {
			index += fmt.Sprintf(tt.field, f[0], f[1])
			if i%2 == 1 && i < len(fields)-1 {
				index += tt.row
			}
		}
		index += tt.end
		for _, heading := range []string{"", "<h1>" + headline + "</h1>"} {
			for _, main := range []string{index + heading, heading + index} {
				page := pageOf(`<html lang="zh-CN"><head><title>吉林省商务厅</title></head><body><div class="main">` + main + `<div class="text"><p>` + strings.ReplaceAll(body, "\n", "</p><p>") +
					`</p></div></div><div class="footer">主办：吉林省商务厅 网站标识码：2200000001</div></body></html>`)
				if got, want := fiveOf(page.Article(dossier.Rules{})), (five{headline, "2019-01-08", "-", "-", body}); got != want {
					t.Errorf("%s: %s\ngot\n%q, want\n%q", tt.name, main, got, want)
				}
			}
		}
	}
}
