package extract

import (
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
)

// TestLastLines: a sentence that begins like a button is the last paragraph, a button not.
func TestLastLines(t *testing.T) {
	const text = "<h1>A contract is signed</h1><p>2017-01-12</p><div><p>The administration signed a contract with an investor from abroad, and work begins soon on the eastern side.</p><p>It creates two hundred jobs, a speaker said on the phone, and more are to follow in the year after.</p>"
	for line, kept := range map[string]bool{
		"Shareholders will vote on the plan on Friday.": true, "Printing begins in June.": true, "Endsley resigned.": true,
		"Share on Facebook": false, "Share this article with your friends.": false, "Printer-friendly version": false, "Print": false, "Tags: zone": false, "责任编辑：王小明": false, "Copyright 2017. All rights reserved by the zone.": false,
	} {
		got := Extract(dossier.Snapshot{URL: "https://zone.example/n/1", Body: []byte(text + "<p>" + line + "</p></div>")}, dossier.Rules{}).Body
		if strings.HasSuffix(got, line) != kept {
			t.Errorf("%q kept: %v, want %v", line, !kept, kept)
		}
	}
}

// TestCellsStay: a cell of a table with the name of a button is a cell.
func TestCellsStay(t *testing.T) {
	const page = "<h1>Prices of the week</h1><p>2017-01-12</p><div><p>The prices of the week rose on all four days, the exchange of the province said in its report on Friday evening.</p>" +
		"<table><tr><td>Day</td><td>Open</td><td>Close</td><td>Video</td></tr><tr><td>Monday</td><td>100</td><td>104</td><td>one</td></tr></table><p>Advertisement</p><p>They had fallen in the week before, and are expected to rise further, it said in the same report.</p></div>"
	got := Extract(dossier.Snapshot{URL: "https://zone.example/n/1", Body: []byte(page)}, dossier.Rules{}).Body
	if !strings.Contains(got, "Day\tOpen\tClose\tVideo") || strings.Contains(got, "Advertisement") {
		t.Errorf("body %q", got)
	}
}

// TestLongLineOfLabels: the line that names author, date and source is no part of the text
// however long it is.
func TestLongLineOfLabels(t *testing.T) {
	const page = "<h1>A contract is signed</h1><p>By Chen Guoqiang | October 22, 2018 5:57 PM | Source: Provincial Department of Commerce</p><div><p>The administration signed a contract with an investor from abroad, and work begins soon on the eastern side.</p></div>"
	a := Extract(dossier.Snapshot{URL: "https://zone.example/n/1", Body: []byte(page)}, dossier.Rules{})
	if !strings.HasPrefix(a.Body, "The administration") || a.Date != "2018-10-22T17:57:00" {
		t.Errorf("date %q, body %q", a.Date, a.Body)
	}
}

// TestSummaryThatRepeats: a summary that only says what the text begins with is no part
// of it, and the contacts at its end are.
func TestSummaryThatRepeats(t *testing.T) {
	const text = "兹定于11月20日在开发区会展中心举办招商推介会，请各有关单位派员参加。"
	const want = text + "\n联系人：张三，电话：0431-12345678。"
	for _, summary := range []string{text, "<strong>摘要：</strong>" + text, "<b>导读：</b>兹定于11月20日在开发区会展中心举办招商…", "【核心提示】" + text, "<p>内容导读：</p><p>" + text + "</p>", "<p>摘要</p><p>" + text + "</p>"} {
		page := `<h1>关于举办招商推介会的通知</h1><div class="info">发布时间：2026-11-12 来源：开发区管委会</div><div class="summary">` + summary + `</div><div class="content"><p>　　` + text + `</p><p>联系人：张三，电话：0431-12345678。</p></div>`
		if got := Extract(dossier.Snapshot{URL: "https://zone.example/n/1", Body: []byte(page)}, dossier.Rules{}).Body; got != want {
			t.Errorf("summary %q: body %q", summary, got)
		}
	}
}

// TestBylineWithOffice: a line that names the writer and her office above a short text is
// no part of it, nor is how long reading takes.
func TestBylineWithOffice(t *testing.T) {
	const want = "At the closing session the delegates exchanged documents on 7 further agreements."
	page := `<article><h1>Nordic Freight to expand its base</h1><p>14th November 2026</p><p>By Peter Hallam, Communications Manager</p><p>3 min read</p><div><p>` + want + `</p></div></article>`
	if got := Extract(dossier.Snapshot{URL: "https://zone.example/n/1", Body: []byte(page)}, dossier.Rules{}); got.Body != want || got.Author == nil || *got.Author != "Peter Hallam" {
		t.Errorf("author %v, body %q", got.Author, got.Body)
	}
}

// TestShortTexts: one sentence is the text beside a longer headline and beside the rules of
// a form for comments.
func TestShortTexts(t *testing.T) {
	const headline = "云溪党政代表团赴外地开展招商活动并与明水光电就石墨新材料产业园建设及供应链区域中心布局等事项深入座谈交流达成合作意向助力高质量发展"
	const want = "朝阳生物将在武阳建设第3个生产基地，预计用工85人。"
	for _, page := range []string{
		`<div class="con-title">` + headline + `</div><div class="small-title">发布时间：2026-11-06 11:16 来源：省商务厅</div><div id="zoom"><p>` + want + `</p></div>`,
		`<h1>朝阳生物落户武阳</h1><div class="info">发布时间：2026-11-06 11:16 来源：省商务厅</div><div class="con"><p>` + want + `</p></div><dl><dt>发表评论</dt><dd>请自觉遵守互联网相关的政策法规，严禁发布色情、暴力、反动的言论。</dd></dl>`,
	} {
		body := "<html><head><title>" + headline + "_开发区</title></head><body><div class=main>" + page + "</div></body></html>"
		if got := Extract(dossier.Snapshot{URL: "https://zone.example/n/1", Body: []byte(body)}, dossier.Rules{}).Body; got != want {
			t.Errorf("body %q", got)
		}
	}
}

// TestLastSentence: a sentence that begins like a line below the text is its last one; the name of
// what is attached below it is none.
func TestLastSentence(t *testing.T) {
	for line, kept := range map[string]bool{
		"打印店的经营者应当在每年三月底前办理年度登记手续。":   true,
		"主办单位和承办单位要密切配合，做好展会的各项筹备工作。": true,
		"打印本页": false,
		"主办单位：长春新区管委会 版权所有": false,
		"相关附件：":      false,
		"附件：1. 申报表格": true,
		"名单如下：":      true,
	} {
		body := pageOf("<html><body><h1>关于做好申报工作的通知</h1><div>发布时间：2021-06-01</div><div class=content><p>各有关单位要高度重视，认真组织申报工作，确保按时完成，其他事项由市商务局负责解释。</p><p>申报材料报送至市商务局外资科，逾期不予受理，各单位应当指定专人负责。</p><p>" + line + "</p></div></body></html>").read().body.text
		if strings.Contains(body, line) != kept {
			t.Errorf("%s is kept: %v in\n%s", line, !kept, body)
		}
	}
}

// TestFieldsBelowText: date, writer and source one below the other at the end of a text are
// fields and no part of it; the day and the contact of what is announced stay.
func TestFieldsBelowText(t *testing.T) {
	const text = "The zone signed an agreement with the port authority on Monday in the presence of the minister.\nWork will begin in May and take two years, said the director of the zone."
	for below, want := range map[string]string{
		"<p>Date: 2012-11-12 22:38</p><p>Author: Ann Lee</p><p>Source: Xinhua</p>":                                                          "",
		"<p>Date: 2012-11-12 22:38<br>Author: Ann Lee<br>Source: Xinhua</p>":                                                                "",
		"<dl><dt>Date:</dt><dd>2012-11-12 22:38</dd><dt>Author:</dt><dd>Ann Lee</dd><dt>Source:</dt><dd>Xinhua</dd></dl>":                   "",
		"<div class=info><div><span>Date</span><span>2012-11-12 22:38</span></div><div><span>Author</span><span>Ann Lee</span></div></div>": "",
		"<table><tr><td>Date: 2012-11-12 22:38</td><td>Author: Ann Lee</td><td>Source: Xinhua</td></tr></table><p>[Print] [Close]</p>":      "",
		"<p>Published: 2012-11-12</p>":                 "",
		"<p>Date: 12 May 2013</p>":                     "\nDate: 12 May 2013",
		"<p>Date: 12 May 2013</p><p>Venue: Hall</p>":   "\nDate: 12 May 2013\nVenue: Hall",
		"<p>Contact: Ann Lee</p><p>Tel: 0431-1234</p>": "\nContact: Ann Lee\nTel: 0431-1234",
	} {
		page := "<h1>New port zone opens</h1><div class=content><p>" + strings.ReplaceAll(text, "\n", "</p><p>") + "</p>" + below + "</div>"
		if got := Extract(dossier.Snapshot{URL: "https://zone.example/n/1", Body: []byte(page)}, dossier.Rules{}).Body; got != text+want {
			t.Errorf("%s: body %q", below, got)
		}
	}
}

// TestListsBesideShortText: rows whose date is longer than half the line, and boxes with
// elements named as that of the text, are no part of it.
func TestListsBesideShortText(t *testing.T) {
	const text = "The zone signed an agreement with the port authority on Monday in the presence of the minister.\nWork will begin in May and take two years, said the director of the zone."
	article := "<h1>New port zone opens</h1><div class=info>Date: 2012-11-12 22:38 Author: Ann Lee Source: Xinhua</div><div class=content><p>" + strings.ReplaceAll(text, "\n", "</p><p>") + "</p></div>"
	rows := func(row string) string {
		out := "<h3>News</h3>"
		for _, title := range []string{"Zone hosts trade mission", "Export guide published", "New road to the port"} {
			out += strings.ReplaceAll(row, "TITLE", title)
		}
		return out
	}
	for name, page := range map[string]string{
		"time":        "<div class=wrap><div class=main>" + article + "</div><div class=side>" + rows("<li><a href=/n/TITLE.html>TITLE</a> <span>22 August 2010, 18:45</span></li>") + "</div></div>",
		"day of week": "<div class=wrap><div class=main>" + article + "</div><div class=side>" + rows("<li><a href=/n/TITLE.html>TITLE</a> <span>Wednesday, 22 August 2010</span></li>") + "</div></div>",
		"cells":       "<table><tr><td><ul>" + rows("<li><a href=/n/TITLE.html>TITLE</a> <span>22 August 2010, 18:45</span></li>") + "</ul></td><td>" + article + "</td></tr></table>",
		"aside":       "<main><article>" + article + "</article></main><aside>" + rows("<article><h4><a href=/n/TITLE.html>TITLE</a></h4><time>2015-01-02</time></article>") + "</aside>",
	} {
		if got := Extract(dossier.Snapshot{URL: "https://zone.example/n/1", Body: []byte("<html><head><title>New port zone opens</title></head><body>" + page + "</body></html>")}, dossier.Rules{}).Body; got != text {
			t.Errorf("%s: body %q", name, got)
		}
	}
}
