package extract

import (
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
)

func TestButtons(t *testing.T) {
	for text, want := range map[string]bool{
		"[Print]": true, "Imprimer | Partager": true, "文字サイズ 小 中 大": true, "字級：小 中 大": true, "Назад к списку": true, "« Zurück zur Übersicht": true, "공유하기": true, "ย้อนกลับ": true, "العودة إلى القائمة": true,
		"": false, "|": false, "Print the form and send it in": false, "Share prices rose": false, "Zurück in die Zukunft": false, "Top 500": false,
	} {
		if isButton(text) != want {
			t.Errorf("isButton(%q) is not %v", text, want)
		}
	}
	for value, want := range map[string]string{
		"Ann Lee Print this page": "Ann Lee", "Jean Kouassi | Partager": "Jean Kouassi", "佐藤花子 文字サイズ": "佐藤花子", "Glenn Close": "Glenn Close", "凸版印刷": "凸版印刷", "Drucken": "", "": "",
		"Ann Lee | Print this page | Share this page": "Ann Lee", "Ann Lee" + strings.Repeat(" Print this page", 1<<15): "Ann Lee", // in no time
	} {
		if got := withoutButtons(value); got != want {
			t.Errorf("withoutButtons(%q) is %q, want %q", value, got, want)
		}
	}
}

// TestTextBetweenButtons: what stands above and below a text in the same element is no part of it.
func TestTextBetweenButtons(t *testing.T) {
	for _, tt := range []struct{ lang, above, below string }{
		{"fr", "<div>Mis en ligne le 12/11/2012</div><div>Imprimer</div>", `<p>Article précédent: <a href="/1">Le port</a></p><p>Article suivant: <a href="/2">La zone</a></p><div>Retour à la liste</div>`},
		{"de", "<div>22. Dezember 2018 09:05</div><div>Drucken</div>", "<div>Zurück zur Übersicht</div>"},
		{"de", "<div>Pressemitteilung vom 22.12.2018 | Von Anna Schmidt | Drucken</div>", "<div>Nach oben</div>"},
		{"ko", "<div>등록일 2018-12-22</div><div>글 김민수</div><div>인쇄</div>", "<div>첨부파일 보도자료.hwp</div><div>담당부서 투자유치과 담당자 이영희</div><div>목록</div>"},
		{"ja", "<div>掲載日：2018年12月22日</div><div>印刷</div>", `<p>前の記事: <a href="/1">工業団地</a></p><div>ページの先頭へ戻る</div>`},
		{"vi", "<div>Ngày đăng: 22/12/2018</div><div>Theo TTXVN</div><div>In trang</div>", `<p>Bài trước: <a href="/1">Cảng mới</a></p><div>Các tin khác</div>`},
		{"id", "<div>Senin, 22/12/2018</div><div>Bagikan</div>", `<p>Sebelumnya: <a href="/1">Terminal</a></p><div>Kembali</div>`},
		{"ru", "<div>22.12.2018</div><div>Поделиться</div>", "<div>Возврат к списку</div><div>Нашли ошибку? Выделите её и нажмите Ctrl+Enter</div>"},
		{"ar", "<div>التاريخ: 22/12/2018</div><div>مشاركة</div>", "<div>أضف تعليق</div><div>العودة إلى القائمة</div>"},
		{"zh-TW", "<div>發布日期：107-12-22</div><div>友善列印</div><div>字級：小 中 大</div>", "<div>發布單位：產業發展科</div><div>回上一頁</div>"},
	} {
		p := pageOf("<html lang=" + tt.lang + "><head><title>The harbour is built</title></head><body><h1>The harbour is built</h1><div class=content>" + tt.above + "<p>" + signed + "</p><p>" + begins + "</p>" + tt.below + "</div></body></html>")
		a := p.Article(dossier.Rules{})
		if want := signed + "\n" + begins; a.Body != want {
			t.Errorf("%s: the text is %q", tt.lang, a.Body)
		}
		if !strings.HasPrefix(a.Date, "20") {
			t.Errorf("%s: the date is %q", tt.lang, a.Date)
		}
	}
}
