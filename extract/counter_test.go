package extract

import (
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
)

// TestCounters: lines that count readers are no part of a text, wherever they stand: they
// would make a version of it at each visit.
func TestCounters(t *testing.T) {
	counters := []string{
		"This article has been viewed 55 times.", "55 views", "Total views 55", "Post Views: 1,432", "You are visitor number 55", "Comments (55)", "Like 55", "1.2k views", "1.2万人已读", "123 people have read this article", "read 45 times",
		"阅读次数：55", "本文共阅读55次", "您是第55位访问者", "【阅读：55次】", "(55)人阅读", "浏览：55次 打印本页", "已有8人阅读", "（已有1,234人浏览）", "本文已被 35 人次阅读", "共有12人看过", "點閱數：55",
		"アクセス数：55", "55 回閲覧", "조회수 55", "Lượt truy cập: 55", "Прочитано 55 раз", "55 Mal gelesen", "Cet article a été lu 55 fois", "Leído 55 veces", "Lido 55 vezes", "عدد المشاهدات: 55", "Dibaca 55 kali", "จำนวนผู้เข้าชม: 55", "Okunma Sayısı: 55",
	}
	const text = `<p>The administration signed a contract with an investor from abroad, and work begins soon on the eastern side.</p><p>It creates two hundred jobs, a speaker said on the phone, and more are to follow in the year after.</p>`
	const want = "The administration signed a contract with an investor from abroad, and work begins soon on the eastern side.\nIt creates two hundred jobs, a speaker said on the phone, and more are to follow in the year after."
	for _, line := range counters {
		for place, page := range map[string]string{"above": "<p>" + line + "</p>" + text, "below": text + "<div><font>" + line + "</font></div>", "beside a button": text + "<p>" + line + ` <a href="javascript:window.print()">Print</a></p>`} {
			s := dossier.Snapshot{URL: "https://zone.example/n/1", Body: []byte("<h1>A contract is signed</h1><p>2017-01-12</p><div>" + page + "</div>")}
			if got := Extract(s, dossier.Rules{}).Body; got != want {
				t.Errorf("%q %s: body %q", line, place, got)
			}
		}
	}
}

// TestNoCounters: what a text says of readers and visitors stays in it.
func TestNoCounters(t *testing.T) {
	for _, line := range []string{"Visitors: 55,000", "已有8人报名参加", "已有3000人在开发区就业", "120 people have read the plan and signed it, the mayor said", "Read the report of 2017", "参观人数：5000人", "访问团一行55人", "A total of 1,200 people visited.", "The document has been downloaded 4,000 times.", "共有300人参与。", "参与人数：300人", "Channel 8 Online"} {
		if isCounter(line) {
			t.Errorf("%q is taken for a counter", line)
		}
	}
	figures := "<p>Guests: 300</p><p>Visits: 5,000</p><p>Contracts: 40</p>"
	page := "<h1>The fair in figures</h1><p>2017-01-12</p><div><p>" + strings.Repeat("The fair of the zone was larger than the one before. ", 4) + "</p>" + figures + "</div>"
	if got := Extract(dossier.Snapshot{URL: "https://zone.example/n/1", Body: []byte(page)}, dossier.Rules{}).Body; !strings.HasSuffix(got, "Guests: 300\nVisits: 5,000\nContracts: 40") {
		t.Errorf("body %q", got)
	}
}

// TestCountersBehindNames: on a line of labels a number of readers is no part of the name
// before it, nor a name where that is missing.
func TestCountersBehindNames(t *testing.T) {
	for _, names := range []struct {
		author, source string
		counters       []string
	}{
		{"Author: Ann Lee", "Source: Port Daily", []string{"55 views", "Seen 55 times", "Visits 55", "Visitors: 55", "Total views : 55", "View Count: 55", "Views(55)", "Times read: 55", "You are visitor No. 55", "Page hits: 55", "👁 55", "👁️ 1.2k", "1.2k views", "Views: 1.2K", "2.5M reads", "Browsing: 55", "Browse: 55 times", "👁 55 ❤ 3"}},
		{"Author: Ann Lee", "Source: Canal Post", []string{"Views: 55", "views 55"}},
		{"Author: New York Times", "Source: Channel 8", []string{"Views: 55", "Total visits: 55"}},
		{"Author: VTV1", "Source: The Times", []string{"Views: 55"}},
		{"作者：读者", "来源：第一财经", []string{"浏览：55", "已有55人浏览"}},
		{"作者：张立伟", "来源：新华网", []string{"已有55人浏览", "被浏览55次", "55次浏览", "55人已阅读", "累计浏览：55", "关注度：55", "本文被阅读：55 次", "您是第55位浏览者", "55人已读", "55人读过", "55 人阅读过", "阅读 1.2万", "浏览量：1.2万次", "1.2万人已读", "阅读55评论3", "10万+阅读"}},
		{"Auteur : Claire Martin", "Source : Les Échos", []string{"Vu 55 fois", "55 lectures", "Nombre de lectures : 55", "Affichages : 55"}},
		{"Автор: Иван Петров", "Источник: РИА Регион", []string{"Просмотров 55", "Количество просмотров: 55", "Прочитано 55 раз"}},
		{"Tác giả: Trần Lan", "Nguồn: TTXVN", []string{"Đã đọc: 55 lần", "Số lần xem: 55", "Xem: 55"}},
	} {
		for _, counter := range names.counters {
			for _, label := range []string{names.author, names.source} {
				name, value, _ := strings.Cut(strings.ReplaceAll(label, "：", ":"), ":")
				for line, want := range map[string]string{label + "&nbsp;&nbsp;" + counter: strings.TrimSpace(value), name + ": &nbsp; " + counter: "", "<span>" + label + "</span><span>" + counter + "</span>": strings.TrimSpace(value)} {
					s := dossier.Snapshot{URL: "https://zone.example/n/1", Body: []byte("<h1>A contract is signed in the zone</h1><div class=info>2017-01-12 &nbsp; " + line + "</div><div><p>" + strings.Repeat("The administration signed a contract with an investor from abroad. ", 4) + "</p></div>")}
					a := Extract(s, dossier.Rules{})
					got := a.Author
					if label == names.source {
						got = a.Source
					}
					if got == nil && want != "" || got != nil && *got != want {
						t.Errorf("%q gives %v, want %q", line, got, want)
					}
				}
			}
		}
	}
}
