package extract

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
)

// TestScriptedRows: rows that only a script, a field or a reader without scripts has are
// links of the page, with the day that stands beside them.
func TestScriptedRows(t *testing.T) {
	rows := func(format, between string) string {
		var out []string
		for i := range 6 {
			out = append(out, strings.NewReplacer("TITLE", fmt.Sprintf("Investor number %d comes to the zone", i), "HREF", fmt.Sprintf("/show/%d.html", i), "DAY", fmt.Sprintf("2018-01-%02d", i+1)).Replace(format))
		}
		return strings.Join(out, between)
	}
	for name, html := range map[string]string{
		"objects":         `<script>var list = [` + rows(`{"title":"TITLE","url":"HREF","date":"DAY"}`, ",") + `];</script>`,
		"names as keys":   `<script>new Vue({data: {n: 1, list: [` + rows(`{id: 3, title: 'TITLE', link: 'HREF', date: 'DAY',}`, ",\n") + `]}, methods: {f(a) { return a }}})</script>`,
		"lists":           `<script>var n = new Array();` + rows(`n[1] = new Array("TITLE", "HREF", "DAY");`, "\n") + `</script>`,
		"calls":           `<script>` + rows(`list.push({title: "TITLE", href: "HREF", rq: "DAY"});`, "") + `</script>`,
		"state":           `<script>window.__STATE__={"user":undefined,"list":[` + rows(`{"title":"TITLE","link":"HREF","publishedAt":"DAY"}`, ",") + `]};(function(){}())</script>`,
		"data":            `<script type="application/json">{"props":{"posts":[` + rows(`{"title":"TITLE","slug":"HREF","date":"DAY"}`, ",") + `]}}</script>`,
		"JSON in a text":  `<script>var d = JSON.parse('[` + rows(`{\"title\":\"TITLE\",\"url\":\"HREF\",\"date\":\"DAY\"}`, ",") + `]')</script>`,
		"written":         `<ul><script>` + rows(`document.write('<li><a href="HREF" target="_blank">TITLE<\/a> <span>DAY</span></li>');`, "\n") + `</script></ul>`,
		"written in bits": `<table><script>` + rows(`document.writeln("<tr><td>");document.writeln('<a href=\"HREF\">' + 'TITLE' + "</a>");document.writeln("</td><td>DAY</td></tr>");`, "\n") + `</script></table>`,
		"a field":         `<textarea class="lazy"><ul>` + rows(`<li><a href="HREF">TITLE</a> DAY</li>`, "") + `</ul></textarea>`,
		"without scripts": `<noscript><ul>` + rows(`<li><a href="HREF">TITLE</a> DAY</li>`, "") + `</ul></noscript>`,
	} {
		p := Parse(&dossier.Snapshot{URL: "https://zone.example/", Body: []byte(`<html><head><title>Zone</title></head><body><a href="/about.html">About</a>` + html + `</body></html>`)})
		for i := range 6 {
			at := slices.IndexFunc(p.Links(), func(l Link) bool { return l.Href == fmt.Sprintf("/show/%d.html", i) })
			if at < 0 || p.Links()[at].Text != fmt.Sprintf("Investor number %d comes to the zone", i) || p.Links()[at].Date != fmt.Sprintf("2018-01-%02d", i+1) {
				t.Errorf("%s: row %d is not a link with its day: %+v", name, i, p.Links())
				break
			}
		}
	}
}

// TestScriptsOfArticles: what the scripts of an article hold is no part of it.
func TestScriptsOfArticles(t *testing.T) {
	const text = "The administration signed a contract with an investor from abroad, and work begins soon."
	page := `<h1>A contract is signed</h1><p>2018-01-19</p><div><p>` + text + `</p></div><script>var related = [{title: 'Another contract is signed here', url: '/n/2.html', date: '2018-01-02'}, {title: 'A third contract is signed here', url: '/n/3.html'}, {title: 'A fourth contract is signed here', url: '/n/4.html'}]</script>`
	a := Extract(dossier.Snapshot{URL: "https://zone.example/n/1.html", Body: []byte(page)}, dossier.Rules{})
	if a.Body != text || a.Date != "2018-01-19" {
		t.Errorf("date %q, body %q", a.Date, a.Body)
	}
	page = strings.Replace(page, "<p>2018-01-19</p>", "", 1) + `<div><script>` + strings.Repeat(`document.write('<li><a href="/n/4.html">A fifth contract is signed here</a> 2018-01-02</li>');`, 8) + `</script></div>`
	if a := Extract(dossier.Snapshot{URL: "https://zone.example/n/1.html", Body: []byte(page)}, dossier.Rules{}); a.Body != text || a.Date != "" {
		t.Errorf("without a date: date %q, body %q", a.Date, a.Body)
	}
}

// TestJSValues: values are read as scripts write them.
func TestJSValues(t *testing.T) {
	for script, want := range map[string]string{
		`{a: 1, 'b': "x", "c": [true, null,], /* d */ e: -2.5}; more`: `map[a:1 b:x c:[<nil> <nil>] e:-2.5]`,
		`new Array('a\'b', "\u62db\u5546" + '\x41', f(1, [2]), 3)`:    `[a'b 招商A <nil> 3]`,
		"[`one\ntwo`, 'a' + x + 'b', // last\n 'c']":                  "[one\ntwo <nil> c]",
		`{t: new Date(2018, 1), u: 'a'}`:                              `map[t:<nil> u:a]`,
	} {
		if v, _, ok := jsValue(script); !ok || fmt.Sprint(v) != want {
			t.Errorf("%s: %v, want %s", script, v, want)
		}
	}
	for _, script := range []string{"", "[", "{a: ", `["a`, "{{", "[" + strings.Repeat("[", 1000), `{"a": 'b`} {
		if v, _, ok := jsValue(script); ok {
			t.Errorf("%.20q: %v", script, v)
		}
	}
}

// TestFetches: what scripts ask for by themselves is known, other requests are not.
func TestFetches(t *testing.T) {
	for script, want := range map[string]string{
		`fetch("/api/news?size=10").then(show)`:                                      "/api/news?size=10",
		`let page = 1; function load() { fetch("/api/news?page=" + page + "&n=9") }`: "/api/news?page=1&n=9",
		`$.ajax({type: "get", url: '/data/list.json', success: show})`:               "/data/list.json",
		`$("#l").load("/inc/list.html")`:                                             "/inc/list.html",
		`var x = new XMLHttpRequest(); x.open("GET", "/xw.jsp?n=1", true)`:           "/xw.jsp?n=1",
		`$.ajax({type: "POST", url: "/api/list"})`:                                   "",
		`$.get("/api/weather")`:                                                      "",
		`fetch("/newsletter/signup?list=1")`:                                         "",
		`$.get("/count.php?id=5")`:                                                   "",
		`fetch(address + id)`:                                                        "",
	} {
		p := Parse(&dossier.Snapshot{URL: "https://zone.example/", Body: []byte("<html><body><script>" + script + "</script></body></html>")})
		if got := strings.Join(p.Fetches(), " "); got != want {
			t.Errorf("%s: %q, want %q", script, got, want)
		}
	}
}
