package extract

import (
	"testing"

	"github.com/dossier-archive/dossier"
)

// TestDatesOfATable: the dates of rows are not that of the page.
func TestDatesOfATable(t *testing.T) {
	a := pageOf(`<html><head><meta charset="utf-8"></head><body><h1>收费标准</h1><table><tr><td>厂房租金</td><td>10元</td><td>2021-01-01</td></tr><tr><td>土地租金</td><td>20元</td>
		<td>2021-02-01</td></tr><tr><td>物业费用</td><td>3元</td><td>2021-03-01</td></tr><tr><td>停车费用</td><td>5元</td><td>2021-04-01</td></tr></table></body></html>`).Article(dossier.Rules{})
	if a.Date != "" || a.Body == "" {
		t.Errorf("date %q, body %q", a.Date, a.Body)
	}
}

// TestBodyThatIsATable: a bulletin of figures is a text; lists and layouts are none.
func TestBodyThatIsATable(t *testing.T) {
	const rows = "<tr><th>指标</th><th>本月</th></tr><tr><td>工业总产值</td><td>7.3</td></tr><tr><td>实际利用外资</td><td>120</td></tr>"
	tests := []struct{ name, table, want string }{
		{"figures", rows, "指标\t本月\n工业总产值\t7.3\n实际利用外资\t120"},
		{"links", `<tr><td><a href="/1">工业总产值</a></td><td>7.3</td></tr><tr><td><a href="/2">实际利用外资</a></td><td>1</td></tr><tr><td><a href="/3">财政收入</a></td><td>2</td></tr>`, ""},
		{"people", `<tr><td>李一</td><td>招商一处</td><td><a href="/1">详情</a></td></tr><tr><td>李二</td><td>招商二处</td><td><a href="/2">详情</a></td></tr><tr><td>李三</td><td>招商三处</td><td><a href="/3">详情</a></td></tr>`, ""},
		{"one cell a row", "<tr><td>工业</td></tr><tr><td>外资</td></tr><tr><td>财政</td></tr>", ""},
	}
	for _, tt := range tests {
		a := pageOf(`<html><head><meta charset="utf-8"></head><body><h1>10月份主要经济指标</h1><p>发布时间：2026-11-04</p><table border=1>` + tt.table + "</table></body></html>").Article(dossier.Rules{})
		if a.Body != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, a.Body, tt.want)
		}
	}
}
