package crawler

import (
	"fmt"
	"slices"
	"testing"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/extract"
)

// TestNextPage finds the page behind a page of a list in the forms that pagers
// have, and none where there is none.
func TestNextPage(t *testing.T) {
	counted := `<script>var currentPage = 1; var countPage = 4; var next = currentPage+1;
		document.write("<a href=\"list"+"_" + next + "."+"htm\">x</a>")</script>`
	jump := `<script>function toPage(n) { if (n < 1) return; window.location.href = "list.jsp?type=3&p=" + n + "&size=10"; }</script>`
	tests := []struct{ name, at, html, want string }{
		// links and what they say
		{"words", "/n/", `<a href="list_2.html">[下一页]</a>`, "/n/list_2.html"},
		{"arrow and words", "/n/", `<a href="page/2/">&larr; Older posts</a>`, "/n/page/2/"},
		{"name for those who hear", "/n/", `<a href="?pageNo=2" aria-label="Next page"><svg></svg></a>`, "/n/?pageNo=2"},
		{"title", "/n/", `<a href="?pageNo=2" title="下一页"><i></i></a>`, "/n/?pageNo=2"},
		{"double arrow of the same list", "/l.jsp?id=7", `<a href="l.jsp?id=7&totalpage=9&PAGENUM=2">&gt;&gt;</a>`, "/l.jsp?id=7&totalpage=9&PAGENUM=2"},
		{"more rows of the same list", "/n/", `<a href="/n/?start=10">Load more news</a>`, "/n/?start=10"},
		{"more of another list", "/n/", `<a href="/other/?start=10">More news</a>`, ""},
		{"numbers in words", "/n/l_2.html", `<a href="l_1.html">第1页</a><b>第2页</b><a href="l_3.html">第3页</a>`, "/n/l_3.html"},
		{"a menu", "/n/", `<select><option value="/n/" selected>Page 1</option><option value="/n/list-2.html">Page 2</option></select>`, "/n/list-2.html"},
		{"a menu on its last page", "/n/list-2.html", `<select><option value="/n/">1/2</option><option value="/n/list-2.html" selected>2/2</option></select>`, ""},
		// buttons and forms
		{"data of a button", "/n/", `<button data-url="/n/rows?offset=10">Load more</button>`, "/n/rows?offset=10"},
		{"click", "/n/", `<input type="button" value="下一页" onclick="location.href='list-2.html'">`, "/n/list-2.html"},
		{"script in the address", "/n/", `<a href="javascript:location='list-2.html'">Next</a>`, "/n/list-2.html"},
		{"form", "/n/?page=1", `<form method="get"><input type="hidden" name="page" value="2"><input type="checkbox" name="all" value="1"><button>Load more</button></form>`, "/n/?page=2"},
		{"form that is sent", "/n/", `<form method="post"><input type="hidden" name="page" value="2"><button>Next</button></form>`, ""},
		{"form to search", "/n/", `<form><input name="q"><button>Search</button></form>`, ""},
		// scripts
		{"first of created pages", "/n/", `<script>createPageHTML(4, 0, "index", "html");</script>`, "/n/index_1.html"},
		{"last of created pages", "/n/index_3.html", `<script>createPageHTML(4, 3, 'index', 'html');</script>`, ""},
		{"created from 1", "/n/list.shtml", `<script>createPageHTML('page_div',10, 1,'list','shtml',189);</script>`, "/n/list_2.shtml"},
		{"last but one created from 1", "/n/list_9.shtml", `<script>createPageHTML('page_div',10, 9,'list','shtml',189);</script>`, "/n/list_10.shtml"},
		{"last created from 1", "/n/list_10.shtml", `<script>createPageHTML('page_div',10, 10,'list','shtml',189);</script>`, ""},
		{"counted pages that are written", "/n/", counted, "/n/list_2.htm"},
		{"counted pages named like this one", "/n/node_7_1.shtml", `<script>var currentPage=1, countPage=3;</script><script>var countPage = 3; var currentPage = 1;</script>`, "/n/node_7_2.shtml"},
		{"function of a number", "/n/list.jsp?type=3&size=10", jump + `<span>1</span> <a href="javascript:toPage(2)">2</a> <a href="#" onclick="toPage('2'); return false">下一页</a>`, "/n/list.jsp?type=3&p=2&size=10"},
		{"function that is elsewhere", "/n/", `<a href="javascript:toPage(2)">下一页</a>`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			const host = "http://zone.example"
			site := &dossier.Site{Start: []string{host + "/"}}
			at, err := ParseAddress("", host+tt.at)
			if err != nil {
				t.Fatal(err)
			}
			f := &finder{site: site, scope: newScope(site), at: at}
			p := extract.Parse(&dossier.Snapshot{URL: at.URL, Body: []byte("<html><body>" + tt.html + "</body></html>")})
			got, _ := f.nextPage(p.Pager(), at.URL)
			if want := tt.want; want == "" && got.URL != "" || want != "" && got.URL != host+want {
				t.Errorf("next page is %q, want %q", got.URL, want)
			}
		})
	}
}

// Of a page with several lists each is followed.
func TestNextPagesOfSeveralLists(t *testing.T) {
	site := &dossier.Site{Start: []string{"http://zone.example/"}}
	at, err := ParseAddress("", "http://zone.example/col/")
	if err != nil {
		t.Fatal(err)
	}
	list := `<script type="text/xml"><datastore><nextgroup><![CDATA[<a href="/p/dataproxy.jsp?page=1&unitid=%d"></a>]]></nextgroup><record><![CDATA[<li><a href="/art/%d.html">One</a></li>]]></record></datastore></script>`
	f := &finder{site: site, scope: newScope(site), at: at}
	p := extract.Parse(&dossier.Snapshot{URL: at.URL, Body: []byte("<html><body><h1>Lists</h1>" + fmt.Sprintf(list, 1, 1) + fmt.Sprintf(list, 2, 2) + "</body></html>")})
	var got []string
	for _, a := range f.nextPages(p, at.URL) {
		got = append(got, a.URL)
	}
	want := []string{"http://zone.example/p/dataproxy.jsp?page=1&unitid=1", "http://zone.example/p/dataproxy.jsp?page=1&unitid=2"}
	if !slices.Equal(got, want) {
		t.Errorf("next pages %q, want %q", got, want)
	}
}
