package extract

import (
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
)

// TestHeadsInManyLanguages: date, author and source of lines below a headline, whatever stands
// behind them on the line.
func TestHeadsInManyLanguages(t *testing.T) {
	const none = "-" // a field that the page does not have
	for _, tt := range []struct{ lang, line, date, author, source string }{
		// A date behind a name of several words.
		{"en", "Source: Ministry of Trade 2012-11-12 22:38 Author: Ann Lee", "2012-11-12T22:38:00", "Ann Lee", "Ministry of Trade"},
		{"pt", "Fonte: Agência Brasil | 12/11/2012 22:38 | Autor: João Araújo", "2012-11-12T22:38:00", "João Araújo", "Agência Brasil"},
		{"tr", "Kaynak: Anadolu Ajansı Yazar: Ayşe Yılmaz 2012-11-12 22:38", "2012-11-12T22:38:00", "Ayşe Yılmaz", "Anadolu Ajansı"},
		// Buttons behind the last value.
		{"de", "Datum: 12.11.2012 Autor: Anna Müller Quelle: dpa <a>Drucken</a> <a>Teilen</a>", "2012-11-12", "Anna Müller", "dpa"},
		{"de", "<span>Datum: 12.11.2012</span> <span>Quelle:</span> <a>Drucken</a>", "2012-11-12", none, ""},
		{"fr", "Publié le : 12/11/2012 Source : AFP Imprimer Partager", "2012-11-12", none, "AFP"},
		{"ja", "掲載日：2012年11月12日 出典：共同通信 印刷 シェア", "2012-11-12", none, "共同通信"},
		{"ja", "掲載日：2012年11月12日 出典：凸版印刷", "2012-11-12", none, "凸版印刷"},
		{"ru", "Дата: 12.11.2012 Источник: ТАСС <a>Версия для печати</a>", "2012-11-12", none, "ТАСС"},
		// Writers inside other values.
		{"zh", "发布时间：2012-11-12 22:38 来源：人民日报 记者 张伟", "2012-11-12T22:38:00", "张伟", "人民日报"},
		{"zh", "发布时间：2012-11-12 22:38 文/张伟 来源：人民日报", "2012-11-12T22:38:00", "张伟", "人民日报"},
		{"en", "Source: Xinhua By Ann Lee Date: 2012-11-12", "2012-11-12", "Ann Lee", "Xinhua"},
		{"en", "Source: Association of Firms by the River Date: 2012-11-12", "2012-11-12", none, "Association of Firms by the River"},
		{"fr", "Date : 12/11/2012 Par Jean Kouassi Source : AFP", "2012-11-12", "Jean Kouassi", "AFP"},
		{"ko", "입력 2012.11.12 22:38 수정 2012.11.13 10:00 김민수 기자", "2012-11-12T22:38:00", "김민수", none},
		{"zh", "［发布时间：2012-11-12］［作者：张伟］［来源：人民日报］", "2012-11-12", "张伟", "人民日报"},
		// Labels.
		{"it", "Data: 12/11/2012 22:38 Autore: Marco Bianchi Fonte: ANSA", "2012-11-12T22:38:00", "Marco Bianchi", "ANSA"},
		{"nl", "Datum: 12-11-2012 Auteur: Jan de Vries Bron: ANP", "2012-11-12", "Jan de Vries", "ANP"},
		{"cs", "Datum: 12.11.2012 Autor: Jiří Novák Zdroj: ČTK", "2012-11-12", "Jiří Novák", "ČTK"},
		{"ro", "Data: 12.11.2012 Autor: Ioana Popescu Sursa: Agerpres", "2012-11-12", "Ioana Popescu", "Agerpres"},
		{"bg", "Дата: 12.11.2012 Автор: Иван Георгиев Източник: БТА", "2012-11-12", "Иван Георгиев", "БТА"},
		{"el", "Ημερομηνία: 12/11/2012 Συντάκτης: Γιώργος Παπάς Πηγή: ΑΠΕ", "2012-11-12", "Γιώργος Παπάς", "ΑΠΕ"},
		{"fa", "تاریخ: 2012/11/12 نویسنده: علی رضایی منبع: ایرنا", "2012-11-12", "علی رضایی", "ایرنا"},
		{"he", "תאריך: 12.11.2012 מאת: דוד כהן מקור: הארץ", "2012-11-12", "דוד כהן", "הארץ"},
		{"mn", "Огноо: 2012-11-12 Зохиогч: Б.Болд Эх сурвалж: Монцамэ", "2012-11-12", "Б.Болд", "Монцамэ"},
		{"id", "Penulis: Budi Santoso Diposting pada: 12 November 2012", "2012-11-12", "Budi Santoso", none},
		// Labels without a colon, behind a stroke, an element or a date.
		{"fr", "Publié le : 12/11/2012 | Source : AFP | par Jean Kouassi | Partager", "2012-11-12", "Jean Kouassi", "AFP"},
		{"fr", "<em>Mis à jour le 12/11/2012</em><em>Source : AFP</em><em>Par Jean Kouassi</em><em>Vues : 345</em>", "2012-11-12", "Jean Kouassi", "AFP"},
		{"pt", "Fonte: Agência Brasil Publicado por Ana Souza Visualizações: 345 Postado em 12/11/2012", "2012-11-12", "Ana Souza", "Agência Brasil"},
		{"de", "<span>Quelle: dpa</span><span>Von Anna Müller</span><span>12.11.2012</span>", "2012-11-12", "Anna Müller", "dpa"},
		{"id", "<span>Sumber: Antara</span> <span>Dilihat: 345</span> <span>Senin, 12-11-2012</span>", "2012-11-12", none, "Antara"},
		{"vi", "<li>Ngày đăng: 12/11/2012</li><li>Theo TTXVN</li><li>Chia sẻ</li>", "2012-11-12", none, "TTXVN"},
		{"vi", "Thứ hai, 12-11-2012 | Theo Báo Đà Nẵng", "2012-11-12", none, "Báo Đà Nẵng"},
		{"ru", "Опубликовано: 12.11.2012 Источник – ТАСС Поделиться", "2012-11-12", none, "ТАСС"},
		{"ru", "Источник – ТАСС<br>Автор: Иван Петров<br>Размещено: 12.11.2012", "2012-11-12", "Иван Петров", "ТАСС"},
		{"ko", "작성일 : 2012. 11. 12. | 제공 연합뉴스 | 글 박지영", "2012-11-12", "박지영", "연합뉴스"},
		{"ko", "작성자 박지영 입력 2012. 11. 12. 조회 : 56", "2012-11-12", "박지영", none},
		{"ko", "출처 : 산업통상자원부 김민수 기자 등록일 2012-11-12", "2012-11-12", "김민수", "산업통상자원부"},
		{"th", "ประกาศเมื่อ 12 พฤศจิกายน 2555 ที่มา: สำนักข่าวไทย โดย อารี สุขใจ", "2012-11-12", "อารี สุขใจ", "สำนักข่าวไทย"},
		{"en", "Source: Agency for the Promotion by Sea | Date: 2012-11-12", "2012-11-12", none, "Agency for the Promotion by Sea"},
		{"en", "<span>Author: Glenn Close</span> <span>Date: 2012-11-12</span>", "2012-11-12", "Glenn Close", none},
		// What counts readers without a word, and the time since.
		{"zh", "发布时间：2012-11-12 作者：张伟 来源：人民日报 <span id='hits'>9711</span>", "2012-11-12", "张伟", "人民日报"},
		{"zh", "发布时间：2012-11-12 作者：张伟 来源：人民日报 （9711）", "2012-11-12", "张伟", "人民日报"},
		{"zh", "发布时间：2012-11-12 来源：人民日报 <a href='#c'>9711条评论</a>", "2012-11-12", none, "人民日报"},
		{"zh", "发布时间：2012-11-12 来源：人民日报 <span>3天前</span>", "2012-11-12", none, "人民日报"},
		{"en", "Date: 2012-11-12 Source: Riverland Post <em>1911</em>", "2012-11-12", none, "Riverland Post"},
		{"en", "Date: 2012-11-12 Source: Riverland Post <span>3 days ago</span>", "2012-11-12", none, "Riverland Post"},
		{"en", "Date: 2012-11-12 Source: Channel 4", "2012-11-12", none, "Channel 4"},
		{"zh", "2012年11月12日 记者 张伟 报道 来源 人民日报 打印 字号 大 中 小", "2012-11-12", "张伟", "人民日报"},
		{"zh", "2012-11-12<br>记者 从园区管委会获悉", "2012-11-12", none, none},
		{"zh", "发布时间：2012-11-12 数据来源：省商务厅外资处", "2012-11-12", none, none},
		{"en", "<div>12 November 2012</div><div>Source of pride for the town</div>", "2012-11-12", none, none},
		{"en", "<div>12 November 2012</div><div>Source Xinhua</div>", "2012-11-12", none, "Xinhua"},
		// Months and clocks.
		{"tr", "Tarih: 6 KASIM 2012", "2012-11-06", none, none},
		{"tr", "Tarih: 6 Ağu 2009", "2009-08-06", none, none},
		{"uk", "Понеділок, 12 листопада 2012 22:38", "2012-11-12T22:38:00", none, none},
		{"uk", "Опубліковано: 6 серп. 2009", "2009-08-06", none, none},
		{"pl", "Data: 6 sie 2009", "2009-08-06", none, none},
		{"en", "Date: Thu Aug 06 14:10:14 2009", "2009-08-06T14:10:14", none, none},
		{"zh", "发布时间：Thu Aug 06 14:10:14 CST 2009 来源：人民日报", "2009-08-06T14:10:14", none, "人民日报"},
		{"zh-TW", "發布日期：98/08/06", "2009-08-06", none, none},
		{"zh-TW", "張貼日期：98年8月6日", "2009-08-06", none, none},
		{"zh-TW", "發布日期：98-08-06 14:10", "2009-08-06T14:10:00", none, none},
		{"zh-CN", "发布日期：98/08/06", "1998-08-06", none, none},
		{"ja", "掲載日：2012年11月12日 執筆者：佐藤 健一", "2012-11-12", "佐藤 健一", none},
		{"ja", "掲載日：2012年11月12日 執筆者：佐藤健一、山田花子", "2012-11-12", "佐藤健一; 山田花子", none},
		{"ja", "更新日：2009年8月6日 午後2時10分", "2009-08-06T14:10:00", none, none},
		{"ms", "Tarikh: 06/08/2009 2:10 petang", "2009-08-06T14:10:00", none, none},
		// What is printed empty, beside a list with dates, and what is no name.
		{"en", "Date: Author: Source:", "", "", ""},
		{"en", "<b>Date</b> 12 November 2012 | Source Xinhua", "2012-11-12", none, "Xinhua"},
		{"zh", "<table><tr><td>发布时间：</td><td>2012-11-12 22:38</td></tr><tr><td>作者：</td><td>张伟</td></tr><tr><td>来源：</td><td>人民日报</td></tr></table>", "2012-11-12T22:38:00", "张伟", "人民日报"},
	} {
		p := pageOf("<html lang=" + tt.lang + "><head><title>The harbour is built</title></head><body><h1>The harbour is built</h1><div class=info>" + tt.line + "</div><div class=content><p>" + signed + "</p><p>" + begins + "</p></div>" +
			`<div class="side"><ul><li><a href="/1">Zone hosts a trade mission</a> <span>2015-03-02</span></li><li><a href="/2">Export guide is published</a> <span>2015-02-11</span></li></ul></div></body></html>`)
		a := p.Article(dossier.Rules{})
		field := func(s *string) string {
			if s == nil {
				return none
			}
			return *s
		}
		if a.Date != tt.date || field(a.Author) != tt.author || field(a.Source) != tt.source {
			t.Errorf("%s: date %q, author %q, source %q", tt.line, a.Date, field(a.Author), field(a.Source))
		}
	}
}

// TestClockOfThePlace: an instant of the metadata is given by the clock that the page shows.
func TestClockOfThePlace(t *testing.T) {
	for shown, want := range map[string]string{"13 November 2012, 02:38": "2012-11-13T02:38:00+03:00", "12 November 2012, 23:38": "2012-11-12T23:38:00+00:00", "12 November 2012": "2012-11-12T23:38:00+00:00"} {
		p := pageOf(`<html lang=en><head><title>The harbour is built</title><meta property="article:published_time" content="2012-11-12T23:38:00Z"></head><body><h1>The harbour is built</h1><div class=info>` + shown + "</div><div class=content><p>" + signed + "</p><p>" + begins + "</p></div></body></html>")
		if got := p.Article(dossier.Rules{}).Date; got != want {
			t.Errorf("%s: got %s, want %s", shown, got, want)
		}
	}
}

// TestLabelledDate: a line with a date behind its label is one, a paragraph that begins so is not.
func TestLabelledDate(t *testing.T) {
	for line, want := range map[string]bool{
		"Published 3 May 2019": true, "Published 3 May 2019 | Harbour office": true, "The port opened 3 May 2019": false,
		"Published 3 May 2019 in the gazette, the rules of the port set out what firms must do before they may use the quay.": false,
		"Published 3 May 2019 " + strings.Repeat("and so on ", 100):                                                           false,
	} {
		if got := pageOf("<p>" + line + "</p>").pageBlocks()[0].isLabelledDate(); got != want {
			t.Errorf("isLabelledDate(%.60q) = %v", line, got)
		}
	}
}
