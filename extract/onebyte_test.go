package extract

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// TestUndeclaredEncodings reads texts in the encodings that their languages were
// written in before UTF-8: without a label, and with the labels that servers send
// with every page.
func TestUndeclaredEncodings(t *testing.T) {
	texts := map[string]string{
		"th": "สำนักงานคณะกรรมการส่งเสริมการลงทุนเปิดเผยว่า บริษัทจากต่างประเทศจะลงทุนสร้างโรงงานผลิตแบตเตอรี่ในเขตเศรษฐกิจพิเศษภาคตะวันออก มูลค่ากว่าสามพันล้านบาท และจะจ้างงานประมาณห้าร้อยคน ",
		"ar": "أعلنت هيئة المنطقة الاقتصادية الخاصة عن توقيع اتفاقية مع شركة أجنبية لبناء مصنع لإنتاج البطاريات باستثمار يزيد على ثلاثمئة مليون دولار. ",
		"ru": "Администрация особой экономической зоны подписала соглашение с иностранной компанией на сумму триста миллионов долларов. ",
		"uk": "Адміністрація спеціальної економічної зони підписала угоду з іноземною компанією на суму триста мільйонів доларів, повідомили її представники. ",
		"ja": "経済産業省は、外国企業と投資協定を締結したと発表した。工場は来年の春に着工し、約五百人を雇用する予定である。",
		"ko": "경제자유구역청은 지난 4일 외국 기업과 3억 달러 규모의 투자 협약을 체결했다고 밝혔다. 공장은 내년 봄에 착공한다. ",
		"zh": "吉林省招商引资工作会议在长春召开，多个项目签约，投资总额超过三十亿元，省领导出席会议并讲话。",
		"zt": "投資臺灣事務所舉辦說明會，邀請廠商參加，並介紹園區的優惠措施與人才培育計畫。",
		"de": "Die Wirtschaftsförderung teilte mit, dass ein ausländisches Unternehmen für drei Millionen Euro ein Grundstück im Süden erwerben möchte. ",
		"fr": "L'agence a annoncé la signature d'un accord avec une société étrangère pour la création d'une usine près de la frontière, où cinq cents employés travailleront. ",
		"es": "La agencia anunció la firma de un acuerdo con una compañía extranjera para la construcción de una fábrica que empleará a quinientas personas el próximo año. ",
		"pt": "A agência anunciou a assinatura de um acordo com uma empresa estrangeira para a construção de uma fábrica na região, que não começará antes de março. ",
		"pl": "Agencja poinformowała, że spółka zagraniczna podpisała umowę na budowę fabryki, która zatrudni pięciuset pracowników w przyszłym roku, i że będzie to największa inwestycja. ",
		"cs": "Agentura oznámila, že zahraniční společnost podepsala smlouvu o výstavbě továrny, která příští rok zaměstná pět set lidí, což je největší investice v kraji. ",
		"hu": "Az ügynökség közölte, hogy egy külföldi vállalat szerződést írt alá egy gyár építéséről, amely jövőre ötszáz embert foglalkoztat, és ez a legnagyobb beruházás a megyében. ",
		"tr": "Ajans, yabancı bir şirketin gelecek yıl beş yüz kişiyi istihdam edecek bir fabrikanın inşası için sözleşme imzaladığını açıkladı. ",
		"el": "Η υπηρεσία ανακοίνωσε ότι μια ξένη εταιρεία υπέγραψε συμφωνία για την κατασκευή εργοστασίου που θα απασχολήσει πεντακόσια άτομα. ",
	}
	for _, c := range []struct {
		language string
		in       encoding.Encoding
		believed string // label that is believed although it is wrong
	}{
		{"th", charmap.Windows874, ""}, {"ar", charmap.Windows1256, ""}, {"ar", charmap.ISO8859_6, ""},
		{"ru", charmap.Windows1251, ""}, {"ru", charmap.KOI8R, ""}, {"ru", charmap.ISO8859_5, ""}, {"uk", charmap.Windows1251, ""}, {"uk", charmap.KOI8U, ""},
		{"ja", japanese.EUCJP, ""}, {"ja", japanese.ShiftJIS, ""}, {"ja", japanese.ISO2022JP, ""}, {"ko", korean.EUCKR, ""},
		{"zh", simplifiedchinese.GBK, ""}, {"zh", simplifiedchinese.GB18030, ""}, {"zt", traditionalchinese.Big5, ""},
		{"de", charmap.Windows1252, ""}, {"fr", charmap.Windows1252, ""}, {"es", charmap.Windows1252, ""}, {"pt", charmap.Windows1252, ""},
		{"pl", charmap.Windows1250, ""}, {"pl", charmap.ISO8859_2, ""}, {"cs", charmap.Windows1250, ""}, {"cs", charmap.ISO8859_2, ""}, {"hu", charmap.Windows1250, ""},
		{"tr", charmap.Windows1254, "iso-8859-1"}, {"el", charmap.Windows1253, ""}, {"el", charmap.ISO8859_7, ""},
	} {
		for _, repeat := range []int{1, 3, 15} {
			text := strings.Repeat(texts[c.language], repeat)
			inBytes := string(encoded(t, c.in, text))
			page := fmt.Sprintf(`<html><head><title>%s</title></head><body><div class="menu"><a href="/">Home</a></div><p>%s</p></body></html>`, inBytes, inBytes)
			for _, label := range []string{"", "iso-8859-1", "utf-8"} {
				if label == c.believed && label != "" {
					continue
				}
				got, name := decode([]byte(page), "text/html; charset="+label)
				if !strings.Contains(string(got), strings.TrimSpace(text)) {
					t.Errorf("%s in %v, %d times, labelled %q: read as %s", c.language, c.in, repeat, label, name)
				}
			}
		}
	}
}
