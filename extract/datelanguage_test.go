package extract

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
)

// TestOrderOfDayAndMonth: a page that declares no language has its days and months in the
// order of the language of its text, or of its other dates.
func TestOrderOfDayAndMonth(t *testing.T) {
	const (
		english    = "The mayor of the town has said that the harbour is open and that ships from the north are welcome in this year."
		portuguese = "A empresa abre uma nova fábrica em Porto Novo, que vai empregar cem pessoas da região até o fim do ano, disse o diretor. São mais obras para os próximos anos, que não foram anunciadas pela prefeitura."
		chinese    = "据介绍，云麓项目占地面积约84亩，建成后预计年产值7143亿元，可带动就业696人，对完善区域产业配套具有重要意义。"
		vietnamese = "Công ty đã mở nhà máy mới tại khu kinh tế và sẽ tuyển một trăm người của vùng này trong năm, với những công trình được các nhà đầu tư công bố cho năm tới."
	)
	tests := []struct{ name, root, text, beside, want string }{
		{"Portuguese", "<html>", portuguese, "", "2026-11-04"},
		{"Vietnamese", "<html>", vietnamese, "", "2026-11-04"},
		{"declared", `<html lang="pt-BR">`, english, "", "2026-11-04"},
		{"English", "<html>", english, "", "2026-04-11"},
		{"English with other dates", "<html>", english, "22/11/2026 31-10-2026 22/11/2026.", "2026-11-04"},
		{"declared English with other dates", `<html lang="en">`, english, "22/11/2026", "2026-11-04"},
		{"American by default with other dates", `<html lang="en-US">`, english, "22/11/2026", "2026-11-04"},
		{"Portuguese with other dates", `<html lang="pt-BR">`, portuguese, "11/22/2026", "2026-04-11"},
		{"Chinese", `<html>`, chinese, "", "2026-04-11"},
		{"Chinese of Hong Kong", `<html lang="zh-Hant-HK">`, chinese, "", "2026-11-04"},
		{"Chinese with other dates", `<html lang="zh-CN">`, chinese, "22/11/2026", "2026-11-04"},
		{"dates of both kinds", "<html>", english, "22/11/2026 11/23/2026", "2026-04-11"},
		{"numbers that are no dates", "<html>", english, "22/11/20261 3/22/11/2026 22/31/2026", "2026-04-11"},
	}
	for _, tt := range tests {
		p := Parse(&dossier.Snapshot{URL: "http://zone.example/1.html", Body: []byte("<!DOCTYPE html>" + tt.root +
			"<head><meta charset=utf-8></head><body><h1>Empresa abre nova fábrica</h1><p>04/11/2026 10h06</p><div class=content><p>" + tt.text + "</p><p>" + tt.text + "</p></div><ul><li>" + tt.beside + "</li></ul></body></html>")})
		if got := p.Article(dossier.Rules{}).Date; len(got) < 10 || got[:10] != tt.want {
			t.Errorf("%s: got %q, want %s", tt.name, got, tt.want)
		}
	}
}

// TestOrderOfTheSite: a page whose dates can be read either way has them in the order of the
// other pages of its site.
func TestOrderOfTheSite(t *testing.T) {
	page := func(n int, lang, day string) *Page {
		text := fmt.Sprintf("<p>The mayor of the town has said that the harbour number %d is open and that ships from the north are welcome in this year.</p>", n)
		return Parse(&dossier.Snapshot{URL: fmt.Sprintf("http://zone.example/%d.html", n), Body: []byte("<!DOCTYPE html><html lang=" + lang + "><head><meta charset=utf-8></head><body><h1>Harbour " +
			strings.Repeat("x", n) + " is open</h1><p>" + day + " 10:06</p><div class=content>" + strings.Repeat(text, 3) + "</div></body></html>")})
	}
	for _, tt := range []struct {
		lang   string
		others []string
		want   string
	}{
		{"en", nil, "2026-04-11"},
		{"en", []string{"22/11/2026", "04/11/2026"}, "2026-11-04"},
		{"en-US", []string{"22/11/2026"}, "2026-11-04"},
		{"fr", []string{"22/11/2026", "23/11/2026"}, "2026-11-04"},
		{"en", []string{"22/11/2026", "11/23/2026"}, "2026-04-11"},
		{"en-GB", []string{"11/22/2026", "11/23/2026", "22/11/2026"}, "2026-04-11"},
	} {
		site := &Site{}
		for i, day := range tt.others {
			site.Learn(page(i+2, tt.lang, day))
		}
		if got := page(1, tt.lang, "04/11/2026").Of(site).Article(dossier.Rules{}).Date; !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s beside %v: got %q, want %s", tt.lang, tt.others, got, tt.want)
		}
	}
}

// TestValueOfSource: what a site puts behind its source is no part of it.
func TestValueOfSource(t *testing.T) {
	tests := []struct{ value, want string }{
		{"Daily News | Views 33", "Daily News"},
		{"EFE | Visitas 33", "EFE"},
		{"Agência Brasil | Compartilhe", "Agência Brasil"},
		{"dpa | 33 Aufrufe", "dpa"},
		{"ТАСС | 33 просмотра", "ТАСС"},
		{"共同通信 ｜ 閲覧数 33", "共同通信"},
		{"Báo Công Thương - Lượt đọc 33", "Báo Công Thương"},
		{"สำนักข่าวไทย | จำนวนผู้เข้าชม 30 ครั้ง", "สำนักข่าวไทย"},
		{"Daily News | 3 min read", "Daily News"},
		{"Daily News  Read 33 times", "Daily News"},
		{"Daily News", "Daily News"},
		{"Ministry of Trade - Investment Department", "Ministry of Trade - Investment Department"},
		{"Channel 5 News", "Channel 5 News"},
		{"Xinhua | Global Times", "Xinhua | Global Times"},
	}
	for _, tt := range tests {
		if got := sourceName(tt.value); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.value, got, tt.want)
		}
	}
}
