package extract

import (
	"net/http"
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
)

func TestRefresh(t *testing.T) {
	script := func(text string) string { return "<html><script>" + text + "</script><body></body></html>" }
	shown := "<p>" + strings.Repeat("The page has a text of its own. ", 10) + "</p>"
	tests := []struct{ name, header, page, want string }{
		{"meta", "", `<meta http-equiv="Refresh" content="0; URL='/a.html'">`, "/a.html"},
		{"meta, after a minute", "", `<meta http-equiv="refresh" content="60; url=/a.html">`, ""},
		{"meta, the page itself", "", `<meta http-equiv="refresh" content="5">`, ""},
		{"header", "1;url=/a.html", "<p></p>", "/a.html"},
		{"script", "", script("window.location.href='/a.html'"), "/a.html"},
		{"script, replace", "", script(`top.location.replace("/a.html");`), "/a.html"},
		{"script, location", "", script("if (x) { location = '/a.html' }"), "/a.html"},
		{"script, variable of mofcom.gov.cn", "", script(`var _cofing1={href:"/a.html",type:0};`), "/a.html"},
		{"script, two places", "", script("if (x) location.href='/a'; else location.href='/b';"), ""},
		{"script, two places for readers with a telephone and without", "", script(`var ua=navigator.userAgent;if(/mobile/i.test(ua)){window.location="/m/";}else{window.location="/pc/";}`), "/pc/"},
		{"script, the same without brackets", "", script(`if (navigator.userAgent.match(/(iPhone|Android)/i)) location.href="/m/"; else location.href="/pc/";`), "/pc/"},
		{"script, telephones have a place alone", "", script(`if(ua.indexOf("Mobile")>-1){location.href="/m/"}`), "/m/"},
		{"script, two places where a reader has no telephone", "", script(`if(!isMobile()){location.href="/pc/"}else{location.href="/m/"}`), ""},
		{"script, the same by an index", "", script(`if(ua.indexOf("Mobile")==-1){location.href="/pc/"}else{location.href="/m/"}`), ""},
		{"script, two places in one that does more", "", script(`if(/mobile/i.test(ua)){location="/m/";}else{location="/pc/";}` + strings.Repeat("go();", maxSending/4)), ""},
		{"script, timer", "", script(`setTimeout("location.href='/a.html'",3000);`), "/a.html"},
		{"script, timer with quotes of one kind", "", script(`setTimeout('window.location.replace(\'/a.html\')', 3000);`), "/a.html"},
		{"script, put together", "", script("location.href = '/a?x=' + x;"), ""},
		{"script of a page with a text", "", shown + script("location.href='/a'"), ""},
		{"variable of another name", "", script("var allocation = '/a';"), ""},
	}
	for _, tt := range tests {
		s := &dossier.Snapshot{FinalURL: "http://harbour.example/", Header: http.Header{"Refresh": {tt.header}}, Body: []byte(tt.page)}
		if got := Parse(s).Refresh(); got != tt.want {
			t.Errorf("%s: Refresh() = %q, want %q", tt.name, got, tt.want)
		}
	}
}
