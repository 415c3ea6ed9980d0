package extract

import (
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
)

// TestSentencesThatBeginAsFields: the first sentence of a text names no author and no source, though
// it begins as their lines do, and stays in the text with what stands above it.
func TestSentencesThatBeginAsFields(t *testing.T) {
	for lang, sentences := range map[string][]string{
		"en": {"By road, the zone is forty minutes from the airport.", "By the end of last year, the number of firms had doubled.", "Published by the ministry, the guide is free of charge.", "Source rules apply to all goods of the port.", "Source Capital opens an office in the zone"},
		"de": {"Von Berlin nach Bozen: der Logistiker zieht um", "Von Montag an gilt der neue Fahrplan der Bahn."},
		"fr": {"Par mer et par rail, le port double ses capacités.", "Par exemple, la société embauche dans la région."},
		"es": {"Por ley, el plazo para el registro es de treinta días.", "Fuente Vaqueros estrena un polígono industrial."},
		"pt": {"Por São Paulo passam dois terços da carga do país.", "Fonte Nova recebe a feira de negócios em maio."},
		"id": {"Oleh sebab itu, pajak bagi investor diturunkan.", "Sumber daya manusia menjadi kunci bagi kawasan."},
		"ru": {"Текст соглашения опубликован на сайте ведомства.", "Источник воды находится рядом с площадкой завода."},
		"ko": {"제공 부지는 12만㎡로 정해졌다고 밝혔다.", "작성자 표시제 도입을 올해부터 추진한다고 밝혔다."},
		"vi": {"Theo kế hoạch, nhà máy vận hành vào quý bốn năm nay.", "Nguồn vốn đến từ các nhà đầu tư của Hàn Quốc."},
		"ar": {"المصدر الأول للاستثمارات هو الاتحاد الأوروبي في المنطقة."},
		"zh": {"来源：这是企业主最先问的问题。记者调查发现多为虚拟号段。"},
	} {
		for _, sentence := range sentences {
			p := pageOf("<html lang=" + lang + "><head><title>The harbour is built</title></head><body><h1>The harbour is built</h1><div>2024-03-14</div><div class=content><p>" + begins + "</p><p>" + sentence + "</p><p>" + signed + "</p></div></body></html>")
			a := p.Article(dossier.Rules{})
			if a.Author != nil || a.Source != nil {
				t.Errorf("%s: author %v, source %v", sentence, orNone(a.Author), orNone(a.Source))
			}
			if want := begins + "\n" + sentence + "\n" + signed; a.Body != want {
				t.Errorf("%s: the text is %q", sentence, a.Body)
			}
		}
	}
}

func orNone(s *string) string {
	if s == nil {
		return "(none)"
	}
	return *s
}

// TestMenuIsNoByline: what a menu says of why to invest names nobody.
func TestMenuIsNoByline(t *testing.T) {
	p := pageOf(`<html lang=es><head><title>Vino gana espacio</title></head><body><ul><li><a href="/a">Inicio</a></li><li><a href="/b">Por qué invertir</a></li><li><a href="/c">Noticias</a></li></ul><h1>Vino gana espacio</h1><p>14/03/2024</p><div><p>` + begins + "</p><p>" + signed + "</p><p>Por Camila Rojas</p></div></body></html>")
	if a := p.Article(dossier.Rules{}); orNone(a.Author) != "Camila Rojas" {
		t.Errorf("author %q", orNone(a.Author))
	}
}

// TestOfficesHaveOneName: the name of an office is not cut where those of people are.
func TestOfficesHaveOneName(t *testing.T) {
	for value, want := range map[string]string{
		"Department of Trade and Industry": "", "Ministry of Finance, Trade and Industry": "", "Stabsstelle Wirtschaft und Digitales": "", "Presse- und Informationsamt": "", "Oficina de Comercio y Turismo": "", "Отдел экономики и инвестиций": "",
		"Ann Lee and Bo Chen": "Ann Lee; Bo Chen", "Ministry of Trade, Ann Lee": "Ministry of Trade; Ann Lee",
	} {
		if want == "" {
			want = value
		}
		p := pageOf("<html><head><title>The harbour is built</title></head><body><h1>The harbour is built</h1><div class=info>Date: 2024-03-14 Author: " + value + "</div><div class=content><p>" + begins + "</p><p>" + signed + "</p></div></body></html>")
		if got := orNone(p.Article(dossier.Rules{}).Author); got != want {
			t.Errorf("%s: author %q, want %q", value, got, want)
		}
	}
}

// TestLastSentencesStay: sentences that begin as buttons, signs and headings below a text do end it.
func TestLastSentencesStay(t *testing.T) {
	for _, last := range []string{
		"Print media were invited as well.", "Copyright protection was the topic of the second panel.", "Follow the money: capital flows grew again.", "Next: Nairobi.", "Comments are welcome until the end of May.", "Kontakt: Anna Berg, Telefon 0341 123-456",
		"Drucken ist eine Kunst, sagte er.", "Partager les risques reste la règle.", "Compartir los costos es la meta.", "Поделиться опытом готовы все участники.", "责任编辑制度已经在全市建立。", "推荐阅读活动受到群众的欢迎。",
	} {
		p := pageOf("<html><head><title>The harbour is built</title></head><body><h1>The harbour is built</h1><div class=info>Date: 2024-03-14</div><div class=content><p>" + begins + "</p><p>" + signed + "</p><p>" + last + "</p></div></body></html>")
		if got := p.Article(dossier.Rules{}).Body; !strings.HasSuffix(got, "\n"+last) {
			t.Errorf("%s: the text is %q", last, got)
		}
	}
}

// TestThaiSentences: Thai ends no sentence with a stop.
func TestThaiSentences(t *testing.T) {
	const want = "หอการค้าระบุเมื่อวันอังคารว่าเป็นสัญญาณที่ดีต่อภูมิภาค\nคาดว่าจะเกิดการจ้างงาน 240 ตำแหน่งภายในสามปีข้างหน้า"
	p := pageOf("<html lang=th><head><title>โดยรวมแล้วการลงทุนเพิ่มขึ้น</title></head><body><h1>โดยรวมแล้วการลงทุนเพิ่มขึ้น</h1><p>" + strings.ReplaceAll(want, "\n", "</p><p>") + "</p></body></html>")
	if got := p.Article(dossier.Rules{}).Body; got != want {
		t.Errorf("the text is %q", got)
	}
}

// TestNameOfTheSiteIsNoHeadline: the <title> and the head of the page have the name of the site, and its
// foot says whose that is.
func TestNameOfTheSiteIsNoHeadline(t *testing.T) {
	p := pageOf(`<html><head><title>Actualités | Agence de promotion</title></head><body><div class="top"><a href="/">Agence de promotion</a></div><div class="main"><h3>La nouvelle zone est inaugurée</h3><div class="info">Mis à jour le 26/11/2011<br>Source : AFP</div><div class=content><p>` +
		begins + "</p><p>" + signed + `</p></div></div><div class="footer">© 2026 Agence de promotion</div></body></html>`)
	if got, want := p.Article(dossier.Rules{}).Title, "La nouvelle zone est inaugurée"; got != want {
		t.Errorf("title %q, want %q", got, want)
	}
}

// TestSectionAboveHeadline: a heading that the <title> has, of the site or of its section, is not the
// headline where another one stands above the date.
func TestSectionAboveHeadline(t *testing.T) {
	for _, tt := range []struct{ title, head, want string }{
		{"Invest Agency | News", "<h1>News</h1><h2>Seven firms sign up</h2>", "Seven firms sign up"},
		{"Invest Agency", "<h1>Invest Agency</h1><h2>Seven firms sign up</h2>", "Seven firms sign up"},
		{"Media Center", `<div class="hero"><h1>Media Center</h1><p>Latest news</p></div><h2 class="entry-title">Seven firms sign up</h2>`, "Seven firms sign up"},
		{"Invest Group", `<table><tr><td bgcolor="#003399"><font size=5><b>Invest Group</b></font></td></tr></table><table><tr><td align=center><font size=4><b>Seven firms sign up for the park</b></font></td></tr></table>`, "Seven firms sign up for the park"},
		{"News | Agency", "<h2>News</h2><table><tr><th>Title</th><td>Seven firms sign up</td></tr></table>", "Seven firms sign up"},
		{"Seven firms sign up | Agency", "<h1>Seven firms sign up</h1><h2>They bring four hundred jobs to the northern zone</h2>", "Seven firms sign up"},
	} {
		p := pageOf("<html><head><title>" + tt.title + "</title></head><body>" + tt.head + "<div>2024-03-14</div><div class=content><p>" + begins + "</p><p>" + signed + "</p></div></body></html>")
		if got := p.Article(dossier.Rules{}).Title; got != tt.want {
			t.Errorf("%s: title %q, want %q", tt.head, got, tt.want)
		}
	}
}
