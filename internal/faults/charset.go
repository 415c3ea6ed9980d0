package faults

import (
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// A foreign page is an article in one language, with a sentence by which its
// text is known again.
type foreign struct{ title, sentence, text string }

var (
	chinese = foreign{"港口新区冷链仓库正式投入运营", "冷库可储存水果和水产品三万吨",
		"港口新区管委会周二宣布，位于北码头的冷链仓库在十一个月的建设之后正式投入运营。冷库可储存水果和水产品三万吨，全年保持零下二十度。铁路、公路和水路货物均可在此装卸，运营企业在屋顶安装了光伏板，为当地居民提供了四十个就业岗位。"}
	traditional = foreign{"港口新區冷鏈倉庫正式啟用", "冷庫可儲存水果和水產品三萬噸",
		"港口新區管理處週二宣布，位於北碼頭的冷鏈倉庫在十一個月的建設之後正式啟用。冷庫可儲存水果和水產品三萬噸，全年保持零下二十度。鐵路、公路和水路貨物均可在此裝卸，營運企業在屋頂安裝了光電板，為當地居民提供了四十個就業機會。"}
	russian = foreign{"В портовом районе открыт новый холодильный склад", "Склад вмещает тридцать тысяч тонн рыбы и фруктов",
		"Администрация порта во вторник открыла холодильный склад на северном причале после одиннадцати месяцев строительства. Склад вмещает тридцать тысяч тонн рыбы и фруктов при температуре минус двадцать градусов. Работу получили сорок жителей города."}
	japaneseText = foreign{"港湾地区に新しい冷蔵倉庫が開業", "この倉庫は果物と魚を三万トン保管できる",
		"港湾局は火曜日、北埠頭の冷蔵倉庫が十一か月の工事を経て開業したと発表した。この倉庫は果物と魚を三万トン保管できる。屋根の太陽光パネルが電力を供給し、町の住民四十人が新しい職を得たという。"}
	koreanText = foreign{"항만 지구에 새 냉동 창고 문을 열다", "이 창고는 과일과 생선을 삼만 톤 보관할 수 있다",
		"항만청은 화요일 북부 부두의 냉동 창고가 열한 달의 공사 끝에 문을 열었다고 밝혔다. 이 창고는 과일과 생선을 삼만 톤 보관할 수 있다. 지붕의 태양광 판이 전기를 대고, 마을 주민 사십 명이 일자리를 얻었다."}
	german = foreign{"Kühlhaus im Hafen von Königsbrück eröffnet", "Es fasst dreißigtausend Tonnen Früchte und Fisch",
		"Die Hafenbehörde hat am Dienstag das Kühlhaus am nördlichen Kai eröffnet, elf Monate nach Baubeginn. Es fasst dreißigtausend Tonnen Früchte und Fisch bei minus zwanzig Grad. Vierzig Menschen aus der Umgebung fanden dort Arbeit, und die Anlage läuft größtenteils mit Strom vom eigenen Dach."}
)

// in writes the page with a declaration in the head, encoded.
func (f foreign) in(e encoding.Encoding, declaration string) string {
	text := strings.Replace(page(f.title, day(9001), "<p>"+f.text+"</p>"), "<head>", "<head>"+declaration, 1)
	out, err := e.NewEncoder().String(text)
	if err != nil {
		panic(err) // the texts of this file can be written in their encodings
	}
	return out
}

// charsets are pages whose declarations are wrong, late, twofold or missing.
func charsets() []Fault {
	gbk, gb18030, utf8 := simplifiedchinese.GBK, simplifiedchinese.GB18030, encoding.Nop
	littleBOM, little := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	big := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	late := "<script>" + strings.Repeat("var a = 1;\n", 460) + `</script><meta charset="gb2312">`
	reads := func(name, header string, f foreign, body string) Fault {
		return Fault{Name: "charset: " + name, Make: article(typed(header, body)), Want: Want{Outcome: "new", Reads: f.sentence}}
	}
	out := []Fault{
		reads("header says UTF-8, is GBK", "text/html; charset=utf-8", chinese, chinese.in(gbk, "")),
		reads("header and meta say UTF-8, is GBK", "text/html; charset=utf-8", chinese, chinese.in(gbk, `<meta charset="utf-8">`)),
		reads("header says GBK, is UTF-8", "text/html; charset=gbk", chinese, chinese.in(utf8, "")),
		reads("meta says gb2312, is UTF-8", "text/html", chinese, chinese.in(utf8, `<meta charset="gb2312">`)),
		reads("header says iso-8859-1, is UTF-8", "text/html; charset=iso-8859-1", chinese, chinese.in(utf8, "")),
		reads("header says iso-8859-1, meta says gb2312", "text/html; charset=iso-8859-1", chinese, chinese.in(gbk, `<meta charset="gb2312">`)),
		reads("meta after 4 KiB", "text/html", chinese, chinese.in(gbk, late)),
		reads("only a script says gbk", "text/html", chinese, chinese.in(utf8, `<script src="/a.js" charset="gbk"></script>`)),
		reads("a comment says big5", "text/html", chinese, chinese.in(gbk, `<!-- <meta charset="big5"> --><meta charset="gbk">`)),
		reads("gb2312 that is GB18030", "text/html; charset=gb2312", foreign{sentence: "镕㐀𠀀新区"}, foreign{"港口新区冷链仓库正式投入运营", "", chinese.text + "镕㐀𠀀新区"}.in(gb18030, "")),
		reads("undeclared GBK", "text/html", chinese, chinese.in(gbk, "")),
		reads("undeclared Big5", "text/html", traditional, traditional.in(traditionalchinese.Big5, "")),
		reads("undeclared Shift JIS", "text/html", japaneseText, japaneseText.in(japanese.ShiftJIS, "")),
		reads("EUC-JP of the meta", "text/html", japaneseText, japaneseText.in(japanese.EUCJP, `<meta http-equiv="Content-Type" content="text/html; charset=EUC-JP">`)),
		reads("EUC-KR of the meta", "text/html", koreanText, koreanText.in(korean.EUCKR, `<meta charset="euc-kr">`)),
		reads("undeclared windows-1251", "text/html", russian, russian.in(charmap.Windows1251, "")),
		reads("KOI8-R of the header", "text/html; charset=koi8-r", russian, russian.in(charmap.KOI8R, "")),
		reads("undeclared windows-1252", "text/html", german, german.in(charmap.Windows1252, "")),
		reads("UTF-16 with a mark, gb2312 in the meta", "text/html", chinese, chinese.in(littleBOM, `<meta charset="gb2312">`)),
		reads("UTF-16 with a mark, header says GBK", "text/html; charset=gbk", chinese, chinese.in(littleBOM, "")),
		reads("UTF-16 without a mark, in the header", "text/html; charset=utf-16le", chinese, chinese.in(little, "")),
		reads("UTF-16 without a mark, undeclared", "text/html", chinese, chinese.in(little, "")),
		reads("UTF-16 the other way round, undeclared", "text/html", chinese, chinese.in(big, "")),
		reads("UTF-8 with a mark, header says GBK", "text/html; charset=gbk", chinese, "\ufeff"+chinese.in(utf8, "")),
		reads("UTF-8 with three marks", "text/html; charset=utf-8", chinese, "\ufeff\ufeff\ufeff"+chinese.in(utf8, "")),
		reads("charset that nobody knows", "text/html; charset=klingon", chinese, chinese.in(utf8, `<meta charset="utf8mb4">`)),
		reads("charset in quotes and capitals", `text/html; CHARSET='GB2312'`, chinese, chinese.in(gbk, "")),
		reads("declared in XML alone", "application/xhtml+xml", chinese, `<?xml version="1.0" encoding="gbk"?>`+chinese.in(gbk, "")),
		reads("invalid bytes in UTF-8", "text/html; charset=utf-8", chinese, strings.Replace(chinese.in(utf8, ""), "冷库可储存", "\xff\xfe\x80冷库可储存", 1)),
		reads("half a character at the end", "text/html; charset=utf-8", chinese, chinese.in(utf8, "")+"\xe6\x8b"),
		reads("NUL between the letters", "text/html; charset=utf-8", chinese, strings.ReplaceAll(chinese.in(utf8, ""), "。", "。\x00")),
	}
	for i := range out {
		out[i].Short = i%5 == 0
	}
	return out
}
