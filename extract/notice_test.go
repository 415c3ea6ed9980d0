package extract

import (
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
)

// TestShortNotices: a notice of a few lines is read whole, whatever stands around it says more.
func TestShortNotices(t *testing.T) {
	const (
		head = "<h1>关于有关事项的通知</h1><div class=info>发布时间：2022-06-06 09:06 来源：招商局</div>"
		foot = `<div class="footer"><p>主办单位：净月开发区管理委员会　承办单位：管委会办公室</p><p>地址：创业大街1号　邮编：130000　联系电话：0431-85538888</p><p>网站标识码：2201000035　吉ICP备05001234号-1　吉公网安备22010402000123号</p></div>`
		long = "项目占地面积12万平方米，建筑面积6.8万平方米，建设玉米淀粉、结晶葡萄糖生产线各1条，项目达产后年销售收入4.2亿元，具有良好的经济效益和社会效益。"
	)
	for _, tt := range []struct{ name, body, want string }{
		{"beside a long foot", `<div id="zoom"><p>开发区抢抓施工黄金期，52个亿元以上项目全部复工。</p></div>`, "开发区抢抓施工黄金期，52个亿元以上项目全部复工。"},
		{"lines without a sentence", `<div id="zoom"><p>三十年</p><p>一座城</p><p>从荒滩上站起来</p><p>风</p><p>吹过吊塔</p><p>你说</p></div>`, "三十年\n一座城\n从荒滩上站起来\n风\n吹过吊塔\n你说"},
		{"files attached", `<div class=content><p>各有关单位：</p><p>现将《方案》印发给你们，请结合实际认真贯彻落实。</p><p>特此通知。</p><p>省商务厅</p><p>2020年5月19日</p><p><a href=/1.doc>附件1：实施方案.doc</a></p><p><a href=/2.doc>附件2：申报表.doc</a></p></div>`,
			"各有关单位：\n现将《方案》印发给你们，请结合实际认真贯彻落实。\n特此通知。\n省商务厅\n2020年5月19日"},
		{"ways to reach somebody", `<div class=content><p>地址：创业大街1号管委会大楼5楼</p><p>电话：0431-81501111</p><p>传真：0431-81501122</p><p>邮编：130000</p><p>E-mail：tzcjj@jlkfq.gov.cn</p></div>`,
			"地址：创业大街1号管委会大楼5楼\n电话：0431-81501111\n传真：0431-81501122\n邮编：130000\nE-mail：tzcjj@jlkfq.gov.cn"},
		{"fields", `<div id="zoom"><p>现将发展对象公示如下：</p><p>姓名：刘畅</p><p>申请入党时间：2019年7月1日</p><p>公示时间：2022年6月6日至6月10日</p></div>`, "现将发展对象公示如下：\n姓名：刘畅\n申请入党时间：2019年7月1日\n公示时间：2022年6月6日至6月10日"},
		{"times of its own", `<div class=con><p>各有关单位：</p><p>现将有关事项通知如下：</p><p>一、时间：2022年6月10日上午9时</p><p>二、地点：管委会三楼</p><p>` + long + `</p></div>`, "各有关单位：\n现将有关事项通知如下：\n一、时间：2022年6月10日上午9时\n二、地点：管委会三楼\n" + long},
		{"a record in a table", `<div class=con><table border=1><tr><td>项目名称</td><td>年产30万套壳体项目</td></tr><tr><td>项目内容</td><td>` + long + `</td></tr><tr><td>总投资</td><td>5亿元</td></tr><tr><td>联系人</td><td>张先生</td></tr></table></div>`,
			"项目名称\t年产30万套壳体项目\n项目内容\t" + long + "\n总投资\t5亿元\n联系人\t张先生"},
		{"an interview", `<div class="content"><p>记者：您每天几点到岗？</p><p>张敏：早上八点。</p><p>记者：最忙的时候呢？</p><p>张敏：去年项目集中开工那一个月，每天要跑六七家企业，协调水、电、气。</p></div>`,
			"记者：您每天几点到岗？\n张敏：早上八点。\n记者：最忙的时候呢？\n张敏：去年项目集中开工那一个月，每天要跑六七家企业，协调水、电、气。"},
		{"names alone", `<div class=con><p>刘 畅</p><p>朴 哲</p><p>王海涛</p><p>赵 雪</p><p>陈 杰</p><p>孙 丽</p></div>`, "刘 畅\n朴 哲\n王海涛\n赵 雪\n陈 杰\n孙 丽"},
		{"deadlines and one sentence", `<div class=con><p>▲ 专精特新中小企业认定</p><p>截止日期：2023年7月20日</p><p>▲ 稳岗返还</p><p>截止日期：2023年12月31日</p><p>温馨提示：以上政策请登录政务服务网申报。</p></div>`,
			"▲ 专精特新中小企业认定\n截止日期：2023年7月20日\n▲ 稳岗返还\n截止日期：2023年12月31日\n温馨提示：以上政策请登录政务服务网申报。"},
		{"elements beside a list of others", `<div class=con><div>各局、办，各街道：</div><div>一、严格落实24小时值班和领导带班制度。</div><div>二、各单位于9月29日12:00前报送值班表。</div><div>管委会办公室</div><div>2021年9月28日</div><div><ul><li><a href="/11.html">我区举办银企对接会</a></li><li><a href="/12.html">一季度经济运行情况</a></li></ul></div></div>`,
			"各局、办，各街道：\n一、严格落实24小时值班和领导带班制度。\n二、各单位于9月29日12:00前报送值班表。\n管委会办公室\n2021年9月28日"},
		{"the mark between pages", `<div id="zoom"><p>` + long + `</p><div>------分隔线----------------------------</div></div>`, long},
		{"fields of a project", `<div class=con><p>项目名称：年产30万套壳体项目</p><p>发布单位：经济发展局</p><p>发布时间：2022年6月1日</p><p>项目内容：` + long + `</p><p>联系人：张先生</p></div>`,
			"项目名称：年产30万套壳体项目\n发布单位：经济发展局\n发布时间：2022年6月1日\n项目内容：" + long + "\n联系人：张先生"},
		{"what a site says of its texts", `<div class=con><p>` + long + `</p><p>免责声明：凡本网注明“来源：某某报（非本网）”的作品，均转载自其它媒体，并不代表本网赞同其观点。</p></div>`, long},
	} {
		for _, below := range []string{"", foot} {
			a := pageOf("<html><head><meta charset=utf-8><title>净月开发区</title></head><body>" + head + tt.body + below + "</body></html>").Article(dossier.Rules{})
			if a.Body != tt.want || a.Date != "2022-06-06T09:06:00" || a.Author != nil || a.Source == nil || *a.Source != "招商局" {
				t.Errorf("%s (a foot of %d bytes): date %s, author %v, body\n%s\nwant\n%s", tt.name, len(below), a.Date, a.Author, a.Body, tt.want)
			}
		}
	}
}

// TestLinesOfEvents: what an event's page says of its day and place is text, and no date of the
// page, below heads of all kinds.
func TestLinesOfEvents(t *testing.T) {
	const body = "<div class=content><p>The agency cordially invites manufacturers to a briefing on opportunities in the supply chain.</p><p>Date: 15 June 2024</p><p>Time: 2:00 p.m.</p><p>Venue: Hotel New Otani, Tokyo</p></div>"
	for _, head := range []string{`<p class="date">19 April 2024</p>`, `<p class="meta">By Ann Lee, Staff Writer | Updated: 2024-04-19 10:46</p>`, `<time datetime="2024-04-19">19 April 2024</time>`, "<p>Published: 19 April 2024</p>"} {
		a := pageOf("<html lang=en><head><title>A briefing in Tokyo</title></head><body><h1>A briefing in Tokyo</h1>" + head + body + "</body></html>").Article(dossier.Rules{})
		if strings.Count(a.Body, "\n") != 3 || !strings.HasSuffix(a.Body, "Tokyo") || !strings.HasPrefix(a.Date, "2024-04-19") {
			t.Errorf("below %s: date %s, body\n%s", head, a.Date, a.Body)
		}
	}
	// So is the day of a line in the text below a head without a label.
	for _, line := range []string{"12 May 2018: Ground is broken.", "Applications close 31 August 2023", "From 1 July 2021 the hotline is 12345."} {
		for _, head := range []string{`<p class="date">20 May 2023</p>`, `<div class="meta">By Ann Lee | Updated: 2023-05-20 10:46</div>`} {
			a := pageOf("<html lang=en><head><title>The harbour</title></head><body><h1>The harbour is built</h1>" + head + "<div class=content><p>The zone signed an agreement with the port authority on Monday in the presence of the minister.</p><p>" + line +
				"</p><p>Work will begin in May and take two years, said the director of the zone, who was present.</p><p>It is the third of its kind.</p></div></body></html>").Article(dossier.Rules{})
			if !strings.Contains(a.Body, line) || !strings.HasPrefix(a.Date, "2023-05-20") {
				t.Errorf("%s below %s: date %s, body\n%s", line, head, a.Date, a.Body)
			}
		}
	}
}

// TestOrderOfTheCountry: hosts of countries that write the day first have it so in English too.
func TestOrderOfTheCountry(t *testing.T) {
	for host, want := range map[string]string{"x.gov.my": "2023-02-03", "x.gov.in:8080": "2023-02-03", "x.gov": "2023-03-02", "x.gov.ph": "2023-03-02", "x.com": "2023-03-02"} {
		p := Parse(&dossier.Snapshot{URL: "https://" + host + "/1", Body: []byte("<html lang=en><body><h1>The harbour is built</h1><p>Published: 03/02/2023</p><div><p>The zone signed an agreement with the port authority on Monday in the presence of the minister.</p></div></body></html>")})
		if got := p.Article(dossier.Rules{}).Date; got != want {
			t.Errorf("%s: got %s, want %s", host, got, want)
		}
	}
}

// TestBylinesWithADay: the day behind a writer is no part of the name.
func TestBylinesWithADay(t *testing.T) {
	for _, line := range []string{"Submitted by Ann Lee on Fri, 04/19/2024 - 10:46", "Posted by Ann Lee on Fri, 04/19/2024 - 10:46", "Posted by Ann Lee on Friday, 19 April 2024 10:46"} {
		a := pageOf("<html lang=en><body><h1>The harbour is built</h1><div class=submitted>" + line + "</div><div class=content><p>The zone signed an agreement with the port authority on Monday in the presence of the minister.</p></div></body></html>").Article(dossier.Rules{})
		if a.Author == nil || *a.Author != "Ann Lee" || !strings.HasPrefix(a.Date, "2024-04-19T10:46") {
			t.Errorf("%s: author %v, date %s", line, a.Author, a.Date)
		}
	}
}

// english is a page with a headline, what stands below it, and a text.
func english(below, text string) *Page {
	return pageOf("<html lang=en><head><title>The harbour is built</title></head><body><h1>The harbour is built</h1>" + below + "<div class=content>" + text + "</div></body></html>")
}

const (
	signed = "The zone signed an agreement with the port authority on Monday in the presence of the minister."
	begins = "Work will begin in May and take two years, said the director of the zone."
	bare   = `<p class="date">20 May 2023</p>`
)

// TestEndsOfTexts: what closes a text is part of it when it says something.
func TestEndsOfTexts(t *testing.T) {
	const text = "<p>" + signed + "</p><p>" + begins + "</p>"
	for _, tt := range []struct{ end, want string }{
		{"<h3>Media contact:</h3><p>Rina Shah<br>Tel: +91 79 2325 6009</p>", "Media contact:\nRina Shah\nTel: +91 79 2325 6009"},
		{"<h3>Latest news</h3><p>The minister added that the project would bring 400 jobs to the region.</p>", "Latest news\nThe minister added that the project would bring 400 jobs to the region."},
		{"<h3>Comments</h3><p>I hope that the project will bring 400 jobs to the region, says a reader.</p>", ""},
		{`<h3>Latest news</h3><p>The minister added that <a href="/2">the project</a> would bring 400 jobs.</p>`, ""},
		{"<table><tr><th>Year</th><th>t</th></tr><tr><td>2020</td><td>12</td></tr></table><p>Source: CEPICI.</p>", "Year\tt\n2020\t12\nSource: CEPICI."},
		{"<p>Bureau of Commerce</p><p>June 28, 2021</p>", "Bureau of Commerce\nJune 28, 2021"},
		{"<p>By order of the Director General</p>", "By order of the Director General"},
		{`<p>The agreements of this year were signed with four firms of the region, namely:</p><ul><li><a href="/a">Kvist Industries</a></li><li><a href="/b">Omar Foods</a></li></ul><p>They are to move in within the year, the director said.</p>`,
			"The agreements of this year were signed with four firms of the region, namely:\nKvist Industries\nOmar Foods\nThey are to move in within the year, the director said."},
	} {
		a := english(bare, text+tt.end).Article(dossier.Rules{})
		want := strings.TrimRight(signed+"\n"+begins+"\n"+tt.want, "\n")
		if a.Body != want || a.Source != nil || a.Author != nil || a.Date != "2023-05-20" {
			t.Errorf("%s: date %s, author %v, source %v, body\n%s\nwant\n%s", tt.end, a.Date, a.Author, a.Source, a.Body, want)
		}
	}
	if a := english("<p>Source: Zone Daily</p>"+bare, text+"<p>Source: Xinhua</p>").Article(dossier.Rules{}); a.Body != signed+"\n"+begins {
		t.Errorf("a source below the text: body\n%s", a.Body)
	}
}

// TestCaptionsAlone: the captions of a page without another text are its text.
func TestCaptionsAlone(t *testing.T) {
	const caption = "Visitors take photos under cherry trees in the new district, March 24, 2018. [Photo by Zhu Jipeng/For the Daily]"
	for _, text := range []string{`<p align=center><img src="/1.jpg"></p><p>` + caption + `</p>`, `<figure><img src="/1.jpg"><figcaption>` + caption + `</figcaption></figure>`} {
		if a := english(bare, text).Article(dossier.Rules{}); a.Body != caption {
			t.Errorf("%s: body %q", text, a.Body)
		}
		if a := english(bare, "<p>"+signed+"</p>"+text+"<p>"+begins+"</p>").Article(dossier.Rules{}); a.Body != signed+"\n"+begins {
			t.Errorf("%s beside a text: body %q", text, a.Body)
		}
	}
}

// TestQuestionsInButtons: headings whose text is a button that opens what stands below them.
func TestQuestionsInButtons(t *testing.T) {
	a := english(bare, `<h2><button>Who may apply?</button></h2><div><p>`+signed+`</p></div><h2><button>What does it cost?</button></h2><div><p>`+begins+`</p></div><button>Print</button>`).Article(dossier.Rules{})
	if want := "Who may apply?\n" + signed + "\nWhat does it cost?\n" + begins; a.Body != want {
		t.Errorf("body\n%s\nwant\n%s", a.Body, want)
	}
}

// TestHeadsOfTexts: bylines, sizes of letters, days and times in heads of several kinds.
func TestHeadsOfTexts(t *testing.T) {
	for _, tt := range []struct{ below, date, author string }{
		{"<p>Ann Lee, Staff Reporter - 19 April 2024</p>", "2024-04-19", "Ann Lee"},
		{`<p>By Ann Lee <span><a>L</a> <a>M</a> <a>S</a></span> 19 April 2024</p>`, "2024-04-19", "Ann Lee"},
		{`<p>19 April 2024 by Ann Lee <span><a>L</a> <a>M</a> <a>S</a></span></p>`, "2024-04-19", "Ann Lee"},
		{"<p>Date: April 19th, 2024 Time: 4:30 PM Author: Ann Lee</p>", "2024-04-19T16:30:00", "Ann Lee"},
	} {
		a := english(tt.below, "<p>"+signed+"</p><p>"+begins+"</p>").Article(dossier.Rules{})
		if a.Date != tt.date || a.Author == nil || *a.Author != tt.author {
			t.Errorf("%s: date %s, author %v", tt.below, a.Date, a.Author)
		}
	}
	for _, line := range []string{"By Zhang Wei (daily.example)", "Category: News", "Written by Ann Lee"} {
		a := pageOf("<html><head><title>Blue Bay Zone</title></head><body><table><tr><td align=center><strong>Plant opens in the zone</strong></td></tr><tr><td align=center>" + line + "<br>Published: July 22, 2019</td></tr><tr><td><p>" + signed + "</p><p>" + begins + "</p></td></tr></table></body></html>").Article(dossier.Rules{})
		if a.Title != "Plant opens in the zone" {
			t.Errorf("%s above the date: title %q", line, a.Title)
		}
	}
	a := english(bare, "<p>The zone invites you to a seminar on Friday.</p><table><tr><td>Date</td><td>15 June 2023</td></tr><tr><td>Venue</td><td>Hotel Otani</td></tr></table>").Article(dossier.Rules{})
	if a.Date != "2023-05-20" || !strings.HasSuffix(a.Body, "Date\t15 June 2023\nVenue\tHotel Otani") {
		t.Errorf("the day of an event in a table: date %s, body\n%s", a.Date, a.Body)
	}
	a = pageOf(`<html><head><title>关于申报的通知</title></head><body><table><tr><td><ul><li><a href="/2">公积金新政发布</a><span>2023-06-15</span></li></ul></td><td><table><tr><td>关于申报的通知</td></tr><tr><td><div><span>区统计局</span> <em>2021-04-09 08:30</em></div></td></tr><tr><td><p>2020年，全区经济运行稳定恢复，全年地区生产总值352.6亿元，按可比价格计算，比上年增长4.3%。</p></td></tr></table></td></tr></table></body></html>`).Article(dossier.Rules{})
	if a.Source == nil || *a.Source != "区统计局" {
		t.Errorf("a row beside the text: source %v", a.Source)
	}
}

// TestBoxBeforeTheText: a box of the most read articles that stands before the text in the page, in
// an element with it, takes nothing away from it.
func TestBoxBeforeTheText(t *testing.T) {
	const box = `<div class="hot"><h3>Most read</h3><ul><li><a href="/1">Pine River completes a park</a></li><li><a href="/2">Investors visit Pine River again</a></li><li><a href="/3">Work begins on the plant</a></li></ul></div>`
	for _, head := range []string{"<h2>The history of the zone</h2>", "<div>The history of the zone</div>", "<p><b>The history of the zone</b></p>"} {
		p := pageOf(`<html lang=en><head><title>The history of the zone</title></head><body><div class="wrap"><div class="left">` + box + `</div><div class="main">` + head + "<p>Date: 2018-01-19 Source: Zone Daily</p><p>" + signed + "</p><p>" + begins + "</p></div></div></body></html>")
		if a := p.Article(dossier.Rules{}); a.Body != signed+"\n"+begins {
			t.Errorf("below %s: body %q", head, a.Body)
		}
	}
}
