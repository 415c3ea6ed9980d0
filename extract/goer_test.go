package extract

import (
	"testing"

	"github.com/dossier-archive/dossier"
)

// TestWhereClicksGo: rows without an address of their own lead where a function of the
// page goes for them, or where their data say.
func TestWhereClicksGo(t *testing.T) {
	tests := []struct{ name, script, row, want string }{
		{"one argument", `function show(id) { window.open("/view.html?id=" + id); }`, `onclick="show(1200345)"`, "/view.html?id=1200345"},
		{"two, by a variable", `function show(c,i){ var url="/info/"+c+"/"+i+".htm"; window.open(url); }`, `onclick="show('1004', 2001); return false"`, "/info/1004/2001.htm"},
		{"arrow and template", "const go = (id) => { location.assign(`/info/${id}.htm`); }", `onclick="go(2001)"`, "/info/2001.htm"},
		{"arrow without brackets", "var a = x => { location = '/a/' + x }, b = id => location.href = '/b/' + id + '.htm';", `onclick="b('7')"`, "/b/7.htm"},
		{"counted from 0", `function page(n) { if (n == 1) location.href = "index.html"; else location.href = "index_" + (n - 1) + ".html"; }`, `onclick="page(3)"`, "index_2.html"},
		{"encoded", `var go = function(id) { self.location.href = '/v/' + encodeURIComponent(id) + '.html'; };`, `onclick="go('a1')"`, "/v/a1.html"},
		{"against caches", `function go(id) { window.open('/v/' + id + '.html?t=' + new Date().getTime()); }`, `onclick="go(5)"`, "/v/5.html"},
		{"without argument", `function news() { location.href = '/news/' }`, `onclick="news()"`, "/news/"},
		{"an argument that is missing", `function go(a, b) { location.href = '/' + a + '/' + b }`, `onclick="go(5)"`, ""},
		{"an argument of the page", `function go(a) { location.href = '/v/' + a + '.html' }`, `onclick="go(this.id)"`, ""},
		{"what the page does not know", `function go(a) { location.href = base + a }`, `onclick="go(5)"`, ""},
		{"what a template does not know", "function go(id) { location.href = `/info/${id}/${lang}.htm` }", `onclick="go(5)"`, ""},
		{"reckoned", `var a = 1`, `onclick="location.href='/v/' + (n-1)"`, ""},
		{"a text with commas and brackets", `function show(t, i) { location = '/v/' + i + '.html' }`, `onclick="show('Plan (draft), 12, phase', 345)"`, "/v/345.html"},
		{"without semicolons", "function go(id) {\n var u = '/v/' + id\n window.open(u)\n}", `onclick="go(5)"`, "/v/5"},
		{"a name with a sign", `function go(id) { var $u = '/v/' + id; if ($u == '') return; location.href = $u }`, `onclick="go(5)"`, "/v/5"},
		{"a click that cannot be read beside data", ``, `onclick="location=this.dataset.href" data-href="/info/2001.htm"`, "/info/2001.htm"},
		{"of the next function", `function tab(a) { show(a) } function go(a) { location.href = '/v/' + a }`, `onclick="tab(5)"`, ""},
		{"by a hidden field", `function go(n) { location.href = "/list.do?columnId=" + $("#columnId").val() + "&pageNo=" + n; }`, `onclick="go(5)"><input type="hidden" id="columnId" value="27"`, "/list.do?columnId=27&pageNo=5"},
		{"by a field that it sets", `function go(n) { document.getElementById("columnId").value = n; location.href = "/list.do?c=" + document.getElementById('columnId').value; }`, `onclick="go(5)"><input type="hidden" id="columnId" value="27"`, ""},
		{"by a field that is not there", `function go(n) { location.href = "/list.do?c=" + $('#other').val() + n; }`, `onclick="go(5)"`, ""},
		{"data of the row", ``, `data-href="/info/2001.htm"`, "/info/2001.htm"},
		{"data that is none", ``, `data-href="tab2"`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := Parse(&dossier.Snapshot{URL: "http://zone.example/list.htm", Body: []byte(
				"<html><head><script>" + tt.script + "</script></head><body><div " + tt.row + "><b>Ten projects begin in the zone</b> <span>2023-05-17</span></div></body></html>")})
			got := ""
			for _, l := range p.Links() {
				got += l.Href
				if l.Date != "2023-05-17" {
					t.Errorf("date of the row is %q", l.Date)
				}
			}
			if got != tt.want {
				t.Errorf("leads to %q, want %q", got, tt.want)
			}
		})
	}
}
