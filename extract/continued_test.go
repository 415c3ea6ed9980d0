package extract

import (
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
)

// TestContinued: an article in several pages says where its text goes on.
func TestContinued(t *testing.T) {
	const host = "http://zone.example"
	tests := []struct{ name, path, pager, want string }{
		{"numbers", "/news/t2019_55.html", `1 <a href="t2019_55_2.html">2</a> <a href="t2019_55_3.html">3</a>`, "/news/t2019_55_2.html"},
		{"counted from 0", "/news/t2019_55.html", `<a href="t2019_55_1.html">下一页</a>`, "/news/t2019_55_1.html"},
		{"in a query", "/view.asp?id=7", `<a href="view.asp?id=7&page=2">[2]</a>`, "/view.asp?id=7&page=2"},
		{"in a query of Java", "/view.jsp?id=7", `<a href="view.jsp?id=7&pageNo=2">2</a>`, "/view.jsp?id=7&pageNo=2"},
		{"in a folder", "/2023/12/harbour/", `<a href="/2023/12/harbour/2/">2</a>`, "/2023/12/harbour/2/"},
		{"another post of the name", "/news/harbour", `<a href="/news/harbour-2">Next</a>`, ""},
		{"below it", "/2023/12/harbour", `<a href="/2023/12/harbour/2">2</a>`, "/2023/12/harbour/2"},
		{"script", "/news/t2019_55.html", `<script>createPageHTML(3, 0, "t2019_55", "html");</script>`, "/news/t2019_55_1.html"},
		{"script of one page", "/news/t2019_55.html", `<script>createPageHTML(1, 0, "t2019_55", "html");</script>`, ""},
		{"the next article", "/news/art_77_517.html", `<a href="art_77_518.html">Next</a>`, ""},
		{"the second article", "/news/1.html", `<a href="2.html">Next</a>`, ""},
		{"comments", "/news/1.html", `<a href="/comments.html?page=2">2</a>`, ""},
		{"of another number", "/view.asp?id=7", `<a href="view.asp?id=8&page=2">2</a>`, ""},
		{"a list that the article stands in", "/news/t2019_55.html", `<a href="/news/index_2.html">Next</a>`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := Parse(&dossier.Snapshot{URL: host + tt.path, Body: []byte("<html><body><h1>The harbour opens a second quay</h1><p>Date: 2019-05-05</p><div class=content>" +
				strings.Repeat("<p>The harbour administration opened a second quay on Friday, it said in the evening.</p>", 4) + "</div><div>" + tt.pager + "</div></body></html>")})
			if got := strings.TrimPrefix(p.Article(dossier.Rules{}).Continued, host); got != tt.want {
				t.Errorf("goes on at %q, want %q", got, tt.want)
			}
		})
	}
}
