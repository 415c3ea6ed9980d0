package extract

import (
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
)

// TestSources reads where texts come from.
func TestSources(t *testing.T) {
	zh := func(head, tail string) string {
		return `<html lang="zh"><body>` + menu + `<h1>新区集中签约</h1>` + head + `<div class="TRS_Editor">` + zhText + tail + `</div>` + foot + `</body></html>`
	}
	en := func(head, tail string) string {
		return `<html lang="en"><body>` + menu + `<h1>Batteries for the Northern Zone</h1>` + head + `<div class="content">` + enText + enText + tail + `</div>` + foot + `</body></html>`
	}
	tests := []struct{ name, html, want string }{
		{"a label", zh(`<p>来源：新区日报 2018-01-19</p>`, ""), "新区日报"},
		{"a label with a link", zh(`<p>2018-01-19 来源：<a href="http://example.org/">新区日报</a></p>`, ""), "新区日报"},
		{"the label once more in the value", zh(`<p>来源：来源：新区日报</p>`, ""), "新区日报"},
		{"a name behind the source", zh(`<p>来源：新区日报 王小明</p>`, ""), "新区日报"},
		{"a label without a value", zh(`<p>来源： 发布时间：2018-01-19</p>`, ""), ""},
		{"a label at the end", en("", `<p>(Source: Zone Weekly)</p>`), "Zone Weekly"},
		{"a paper beside the date", zh(`<p>新区日报 2018-01-19 10:46</p>`, ""), "新区日报"},
		{"a site beside the date", en(`<p>example.org | Updated: 2018-01-19 10:46</p>`, ""), "example.org"},
		{"a site beside a bare date", en(`<p>example.org | 2018-01-19 10:46</p>`, ""), "example.org"},
		{"a section beside the date", zh(`<p>园区动态 2018-01-19</p>`, ""), "-"},
		{"an office on lines of its own", en(`<div>Northern Zone Government</div><div>Office of Investment</div><div>January 19, 2018</div>`, ""), "Northern Zone Government, Office of Investment"},
		{"an office below the date", `<html lang="ja"><body><h1>投資促進会議の開催について</h1><p>掲載日：2018年1月19日<br>北部振興機構<br>投資促進課</p><div><p>投資促進会議を開催しました。会議では、地域の企業と海外の投資家が、今後の協力について意見を交換しました。</p><p>次回の会議は来年の春に開催する予定です。参加を希望する企業は、事務局までお問い合わせください。</p></div></body></html>`, "北部振興機構 投資促進課"},
		{"a line that is no office", en(`<div>Northern Zone</div><div>January 19, 2018</div>`, ""), "-"},
		{"the credit of a picture", en(`<figure><img src="a.jpg"><figcaption>Source: Zone Pictures</figcaption></figure>`, ""), "-"},
		{"a seller of pictures", en(`<p>Source: Shutterstock</p>`, ""), "-"},
		{"a table inside the text", en("", `<p>Source: World Data</p>`+enText+enText), "-"},
		{"the tag of Chinese governments", `<meta name="ContentSource" content="来源：新区日报">` + zh("", ""), "新区日报"},
		{"readers behind the source", en(`<p>Source: Zone Weekly (55 views)</p>`, ""), "Zone Weekly"},
		{"readers by a sign", zh(`<p><span>2018-01-19</span><span>来源：新区日报</span><span><i class="fa fa-eye"></i> 207</span></p>`, ""), "新区日报"},
		{"times read behind the source", zh(`<p>来源：新区日报　55次阅读</p>`, ""), "新区日报"},
		{"none", en("", ""), "-"},
	}
	for _, tt := range tests {
		if got := fiveOf(pageOf(tt.html).Article(dossier.Rules{})).Source; got != tt.want {
			t.Errorf("%s: source %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestSourceBeforeABar: the paper that stands before a bar and the label of the date is the source,
// a person's name is not.
func TestSourceBeforeABar(t *testing.T) {
	for line, want := range map[string]string{
		"Economic Herald | Updated: 2018-01-19 10:46": "Economic Herald", "Xinhua | Updated: January 19, 2018": "Xinhua", "By Ann Lee | Economic Herald | Updated: 2018-01-19 10:46": "Economic Herald",
		"区日报 | 更新：2018-01-19 10:46":           "区日报",
		"Ann Lee | Updated: 2018-01-19 10:46": "", "Updated: 2018-01-19 10:46": "",
	} {
		a := english(`<div class="info"><span>`+line+`</span><span>L M S</span></div>`, "<p>"+signed+"</p><p>"+begins+"</p>").Article(dossier.Rules{})
		got := ""
		if a.Source != nil {
			got = *a.Source
		}
		if got != want || !strings.HasPrefix(a.Date, "2018-01-19") {
			t.Errorf("%s: source %q, date %s", line, got, a.Date)
		}
	}
}
