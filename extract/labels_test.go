package extract

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
)

// layouts are the ways in which pages set a label beside its value. The first
// %s is the label with its colon, the second the value.
var layouts = []struct{ name, before, after string }{
	{"one text", `<div class="info">Ref. 7 %s%s`, `</div>`},
	{"spans", `<div class="info"><span>%s</span><span>%s</span>`, `</div>`},
	{"cells", `<table><tr><td>%s</td><td>%s</td></tr>`, `</table>`},
	{"terms", `<dl><dt>%s</dt><dd>%s</dd>`, `</dl>`},
	{"fields", `<div class="field"><div class="field-label">%s&nbsp;</div><div class="field-items"><div class="field-item even">%s</div></div>`, `</div>`},
}

// valueOf is what a page with one line of labels says for a kind.
func valueOf(html string, kind labelKind) (string, bool) {
	for _, l := range pageOf("<html><body>" + html + "</body></html>").labelLines() {
		if x, ok := l.value(kind); ok {
			return x.value, true
		}
	}
	return "", false
}

// labelsOf are the labels of the table as they are written, by kind.
func labelsOf(t *testing.T) map[string]labelKind {
	t.Helper()
	all := map[string]labelKind{}
	for line := range strings.Lines(labelData) {
		head, list, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		kind, _, _ := strings.Cut(head, " ")
		for label := range strings.SplitSeq(list, "|") {
			label = strings.TrimSpace(label)
			if labelTable()[squeezeLabel(label)] == labelKind(kind) { // else an earlier language has it
				all[label] = labelKind(kind)
			}
		}
	}
	return all
}

// TestEveryLabel reads each label of the table in each layout, with each colon
// and with a blank inside, beside a value and left empty.
func TestEveryLabel(t *testing.T) {
	values := map[labelKind]string{labelDate: "2018-01-19", labelUpdated: "2018-01-19", labelAuthor: "Ann Lee", labelSource: "Zone Weekly", labelEditor: "Bo Chen"}
	for label, kind := range labelsOf(t) {
		want, ok := values[kind]
		if !ok {
			continue
		}
		for _, layout := range layouts {
			for _, colon := range []string{":", "：", " : "} {
				html := fmt.Sprintf(layout.before, label+colon, want) + layout.after
				if got, _ := valueOf(html, kind); got != want {
					t.Errorf("%s in %s with %q: %q, want %q", label, layout.name, colon, got, want)
				}
				html = fmt.Sprintf(layout.before, label+colon, "") + layout.after
				if got, found := valueOf(html, kind); got != "" || !found {
					t.Errorf("%s in %s with %q and no value: %q, %v", label, layout.name, colon, got, found)
				}
			}
		}
	}
}

// TestNextLabel ends each value where the next label begins, with and without
// a blank between them.
func TestNextLabel(t *testing.T) {
	for label, kind := range labelsOf(t) {
		if kind != labelAuthor && kind != labelSource && kind != labelEditor {
			continue
		}
		for _, next := range []string{"来源：", " Views: ", "　发布日期：", " | Дата: ", " Tags："} {
			html := "<p>" + label + "：Ann Lee" + next + "7</p>"
			if got, _ := valueOf(html, kind); got != "Ann Lee" {
				t.Errorf("%s before %q: %q", label, next, got)
			}
		}
	}
}

// TestBareLabels reads labels that stand without a colon in a cell of their own.
func TestBareLabels(t *testing.T) {
	tests := []struct{ html, author, source string }{
		{`<table><tr><th>作者</th><td>王小明</td><th>来源</th><td>新区日报</td></tr></table>`, "王小明", "新区日报"},
		{`<dl><dt>Author</dt><dd>Ann Lee</dd><dt>Source</dt><dd>Zone Weekly</dd></dl>`, "Ann Lee", "Zone Weekly"},
		{`<div><div class="field-label">Author</div><div class="field-item">Ann Lee</div></div>`, "Ann Lee", "-"},
		{`<p>【作者】王小明【来源】新区日报</p>`, "王小明", "新区日报"},
		{`<ul><li><b>작성자</b> 홍보팀</li><li><span>출처</span> <em>북부일보</em></li></ul>`, "홍보팀", "북부일보"},
		{`<p><b>Source</b> of power is what the zone has more of than of anything else, he said.</p>`, "-", "-"},
		{`<p>Source</p><p>Ann Lee</p>`, "-", "-"},
		{`<table><tr><th>作者</th><th>来源</th></tr><tr><td>王小明</td><td>新区日报</td></tr></table>`, "王小明", "新区日报"},
		{`<table><tr><th>作者</th><th>来源</th></tr><tr><td>王小明</td><td>新区日报</td></tr><tr><td>李红</td><td>城市晚报</td></tr></table>`, "-", "-"},
	}
	for _, tt := range tests {
		for kind, want := range map[labelKind]string{labelAuthor: tt.author, labelSource: tt.source} {
			got, found := valueOf(tt.html, kind)
			if !found {
				got = "-"
			}
			if got != want {
				t.Errorf("%s in %s: %q, want %q", kind, tt.html, got, want)
			}
		}
	}
}

// TestSpacedLabels reads lines of labels without colons.
func TestSpacedLabels(t *testing.T) {
	tests := []struct{ text, author, source string }{
		{"등록일 2019.11.05 작성자 홍보팀 조회 33", "홍보팀", "-"},
		{"발행일 2019.11.05", "-", "-"},
		{"작성자 김철수 | 등록일 2019-11-05 17:44 | 출처 북부일보", "김철수", "북부일보"},
		{"发布日期 2018-01-19 来源 新区日报 作者 王小明 浏览 12", "王小明", "新区日报"},
		{"Date 2018-01-19 Source Zone Weekly Views 7", "-", "Zone Weekly"},
		{"From Monday on the source of power is new", "-", "-"},
		{"Time 2018-01-19", "-", "-"},
		{"", "-", "-"},
	}
	for _, tt := range tests {
		for kind, want := range map[labelKind]string{labelAuthor: tt.author, labelSource: tt.source} {
			got, found := valueOf("<p>"+tt.text+"</p>", kind)
			if !found {
				got = "-"
			}
			if got != want {
				t.Errorf("%s in %q: %q, want %q", kind, tt.text, got, want)
			}
		}
	}
}

// TestLabelFile adds a language to the table, as a contributor does.
func TestLabelFile(t *testing.T) {
	table := labelSet(readWords[labelKind](labelData + "\nauthor xx: Scribe | Penned by\nsource xx: Wellspring\n"))
	l := &labelLine{labels: table.find("Penned by : Ann Lee Wellspring：Zone Weekly")}
	author, _ := l.value(labelAuthor)
	source, _ := l.value(labelSource)
	if author.value != "Ann Lee" || source.value != "Zone Weekly" {
		t.Errorf("author %q, source %q", author.value, source.value)
	}
	known := map[labelKind]bool{labelDate: true, labelUpdated: true, labelNotDate: true, labelAuthor: true, labelSource: true, labelEditor: true, labelNoise: true}
	for label, kind := range labelTable() {
		if !known[kind] {
			t.Errorf("%s is of the kind %q, which means nothing", label, kind)
		}
	}
}

// FuzzLabels reads any line, and any table, without failing: labels lie inside
// the line, in order, and do not overlap.
func FuzzLabels(f *testing.F) {
	for _, s := range []string{"来 源：新区日报 作者：王小明", "Autor:in: Ann Lee", "【来源】新区日报", "Date:2018/01/19 Author: Source:", ":::：", "]】: \xff：来源："} {
		f.Add(s, "author xx: Scribe | Penned by")
	}
	f.Fuzz(func(t *testing.T, text, table string) {
		for _, labels := range [][]label{findLabels(text), labelSet(readWords[labelKind](table)).find(text), labelTable().findSpaced(text)} {
			end := 0
			for _, x := range labels {
				if x.start < end || x.end < x.start || x.end > len(text) || !strings.Contains(text, x.value) {
					t.Fatalf("%q: label %+v after %d", text, x, end)
				}
				end = x.end
			}
		}
	})
}

// TestBlanksInLabels reads labels that are set with blanks to a common width.
func TestBlanksInLabels(t *testing.T) {
	for label, kind := range labelsOf(t) {
		runes := []rune(label)
		if kind == labelNoise || runes[0] < 0x2e80 || len(runes) != 2 {
			continue
		}
		html := fmt.Sprintf("<p>%c　%c ：2018-01-19</p>", runes[0], runes[1])
		if got, _ := valueOf(html, kind); got != "2018-01-19" {
			t.Errorf("%s with a blank inside: %q", label, got)
		}
	}
}

func TestTrimValue(t *testing.T) {
	tests := []struct{ text, want string }{
		{" ：新区日报） ", "新区日报"}, {"（新区日报）", "新区日报"}, {"Union of Hunters (UH)", "Union of Hunters (UH)"}, {"Zone Weekly (", "Zone Weekly"}, {"《新区日报》（海外版）", "《新区日报》（海外版）"},
		{"| Ann Lee |", "Ann Lee"}, {"()", ""}, {")(", ""}, {"", ""},
	}
	for _, tt := range tests {
		if got := trimValue(tt.text); got != tt.want {
			t.Errorf("trimValue(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestSqueezeLabel(t *testing.T) {
	for text, want := range map[string]string{" Date Of\tIssue ": "dateofissue", "作　者": "作者", "ДАТА публикации": "датапубликации", "\u00a0\u2003É": "é", "Ａ Ａ": "ａａ", "": ""} {
		if got := squeezeLabel(text); got != want {
			t.Errorf("squeezeLabel(%q) = %q, want %q", text, got, want)
		}
	}
}

// TestLabelsInElementsWithoutBlanks: labels begin where their elements do, as in templates
// whose blanks were taken away.
func TestLabelsInElementsWithoutBlanks(t *testing.T) {
	for _, line := range []string{
		"<span>Author: Ann Lee</span><span>Source: Canal Post</span><span>Date: 2017-01-12</span>",
		"<span>Date: 2017-01-12</span><span>Author: Ann Lee</span><span>Source: Canal Post</span><span>Views: 55</span>",
		"<span>Source: Canal Post</span><span>Author: Ann Lee</span><span>Views: 55</span><span>Date: 2017-01-12</span>",
	} {
		page := "<h1>A contract is signed in the zone</h1><div class=info>" + line + "</div><div><p>" + strings.Repeat("The administration signed a contract with an investor from abroad. ", 4) + "</p></div>"
		a := Extract(dossier.Snapshot{URL: "https://zone.example/n/1", Body: []byte(page)}, dossier.Rules{})
		if a.Date != "2017-01-12" || a.Author == nil || *a.Author != "Ann Lee" || a.Source == nil || *a.Source != "Canal Post" {
			t.Errorf("%s: date %q, author %v, source %v", line, a.Date, a.Author, a.Source)
		}
	}
}

// TestPlacesOfLabels reads labels above their values, and those that are printed with nothing
// behind them, wherever the page has them.
func TestPlacesOfLabels(t *testing.T) {
	page := func(head, tail string) string {
		return `<html><body>` + menu + `<article><h1>Batteries for the Northern Zone</h1>` + head + `<div class="content">` + enText + `</div>` + tail + `</article>` + foot + `</body></html>`
	}
	for name, tt := range map[string]struct{ html, date, author, source string }{
		"a row of labels above one of values": {page(`<table><tr><th>Date</th><th>Author</th><th>Source</th></tr><tr><td>2012-11-12 22:38</td><td>Ann Lee</td><td>Zone Weekly</td></tr></table>`, ""), "2012-11-12T22:38:00", "Ann Lee", "Zone Weekly"},
		"the same with an empty cell":         {page(`<table><tr><th>发布时间</th><th>作者</th><th>来源</th></tr><tr><td>2012-11-12</td><td></td><td>开发区日报</td></tr></table>`, ""), "2012-11-12", "", "开发区日报"},
		"fields with an empty value":          {page(`<div class=info><div><span class=label>Author</span><span class=value></span></div><div><span class=label>Date</span><span class=value>2012-11-12</span></div></div>`, ""), "2012-11-12", "", "-"},
		"empty before a date without a label": {page(`<p>Author: 2012-11-12 22:38 Source: Zone Weekly</p>`, ""), "2012-11-12T22:38:00", "", "Zone Weekly"},
		"empty in the foot of the article":    {page("", `<footer class="article-footer"><div>Date: 2012-11-12 22:38 &nbsp; Author: &nbsp; Source: </div></footer>`), "2012-11-12T22:38:00", "", ""},
		"full-width digits without colons":    {page(`<p>时间　２０１２年１１月１２日　作者　张伟　来源　开发区日报</p>`, ""), "2012-11-12", "张伟", "开发区日报"},
	} {
		got := fiveOf(pageOf(tt.html).Article(dossier.Rules{}))
		if got.Date != tt.date || got.Author != tt.author || got.Source != tt.source {
			t.Errorf("%s: %q, %q, %q; want %q, %q, %q", name, got.Date, got.Author, got.Source, tt.date, tt.author, tt.source)
		}
	}
}
