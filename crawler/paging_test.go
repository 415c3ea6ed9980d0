package crawler

import (
	"fmt"
	"slices"
	"strings"
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
		{"this page is plain text", "/n/list_2.htm", `<a href="list.htm">1</a> 2 <a href="list_3.htm">3</a>`, "/n/list_3.htm"},
		{"this page is plain text, others without a stroke", "/n/list3.htm", `<a href="list.htm">1</a> <a href="list2.htm">2</a> 3 <a href="list4.htm">4</a>`, "/n/list4.htm"},
		{"pages at another place", "/", `<div class="page"><b>1</b> <a href="/news.php?page=2">2</a> <a href="/news.php?page=3">3</a></div>`, "/news.php?page=2"},
		{"articles at another place", "/", `<div class="page"><b>1</b> <a href="/news/show.php?id=2">2</a> <a href="/news/show.php?id=3">3</a></div>`, ""},
		// numbers, the one of this page a link like the others
		{"first of a query", "/n/", numbers("?page=1", "?page=2", "?page=3"), "/n/?page=2"},
		{"second of a query", "/n/?page=2", numbers("?page=1", "?page=2", "?page=3"), "/n/?page=3"},
		{"last of a query", "/n/?page=3", numbers("?page=1", "?page=2", "?page=3"), ""},
		{"of an order of its own", "/l.asp?cid=3", numbers("l.asp?page=1&cid=3", "l.asp?page=2&cid=3", "l.asp?page=3&cid=3"), "/l.asp?page=2&cid=3"},
		{"counted from 0", "/node", numbers("?page=0", "?page=1", "?page=2"), "/node?page=1"},
		{"counted from 0, second", "/node?page=1", numbers("?page=0", "?page=1", "?page=2"), "/node?page=2"},
		{"counted in rows", "/n", numbers("?start=0", "?start=10", "?start=20"), "/n?start=10"},
		{"a name that nobody knows", "/l.php?c=4", numbers("l.php?c=4&z=1", "l.php?c=4&z=2", "l.php?c=4&z=3"), "/l.php?c=4&z=2"},
		{"a name in brackets", "/n", numbers("/n?x%5BcurrentPage%5D=1&cHash=a1", "/n?x%5BcurrentPage%5D=2&cHash=b7", "/n?x%5BcurrentPage%5D=3&cHash=91"), "/n?x%5BcurrentPage%5D=2&cHash=b7"},
		{"names of the pages", "/n/", numbers("?at=ab", "?at=cd", "?at=ef"), "/n/?at=cd"},
		{"names of the pages, last", "/n/?at=ef", numbers("?at=ab", "?at=cd", "?at=ef"), ""},
		{"files", "/n/", numbers("index.html", "index_1.html", "index_2.html"), "/n/index_1.html"},
		{"files of another name", "/n/", numbers("list_3_1.html", "list_3_2.html", "list_3_3.html"), "/n/list_3_2.html"},
		{"folders", "/c/news/", numbers("/c/news/page/1/", "/c/news/page/2/", "/c/news/page/3/"), "/c/news/page/2/"},
		{"counted down", "/n.htm", numbers("n.htm", "n/9.htm", "n/8.htm"), "/n/9.htm"},
		{"this page shown as text", "/n/?page=2", `<a href="?page=1">1</a> 2 <a href="?page=3">3</a> <a href="?page=4">4</a>`, "/n/?page=3"},
		{"this page a link to nothing", "/n/?x=2", `<a href="?x=1">1</a> <a href="#">2</a> <a href="?x=3">3</a>`, "/n/?x=3"},
		{"other numbers beside", "/n/", `<b>40</b>` + numbers("/s/901.html", "/s/902.html") + numbers("?page=1", "?page=2") + `<i>1/2</i>`, "/n/?page=2"},
		{"slides", "/n/", numbers("/n/901.html", "/n/902.html", "/n/903.html"), ""},
		{"days", "/n/", numbers("/n/2023/06/1/", "/n/2023/06/2/", "/n/2023/06/3/"), ""},
		{"days of a query", "/n/?day=1", numbers("?day=1", "?day=2", "?day=3"), ""},
		{"pages of another list", "/", numbers("/n/list/?page=1", "/n/list/?page=2", "/n/list/?page=3"), ""},
		{"hidden for those who scroll", "/n/?page=2", `<a class="next" href="?page=3">3</a>`, "/n/?page=3"},
		// menus that make an address of a number
		{"menu of pages of so many", "/n/", menu(`onchange="location=this.value"`, `<option value="?p=1" selected>Page 1 of 3<option value="?p=2">Page 2 of 3<option value="?p=3">Page 3 of 3`), "/n/?p=2"},
		{"menu that joins", "/n/", menu(`onchange="window.location='list_'+this.value+'.html'"`, `<option value="1">1<option value="2">2`), "/n/list_2.html"},
		{"menu that joins, without values", "/n/?x=2", menu(`onchange="location.href='/n/?x='+this.options[this.selectedIndex].value"`, `<option>1<option selected>2<option>3`), "/n/?x=3"},
		{"menu of a function", "/n/", `<script>var jump = function(v){ location.href="/n/?page="+v; }</script>` + menu(`onchange="jump(this.value)"`, `<option value="1">1<option value="2">2`), "/n/?page=2"},
		{"menu of a form", "/l?c=3", `<form action="/l"><input type="hidden" name="c" value="3">` + menu(`name="page" onchange="this.form.submit()"`, `<option value="1">第1页/共2页<option value="2">第2页/共2页`) + `<input type="hidden" name="d" value="4"></form>`, "/l?c=3&page=2&d=4"},
		{"menu of a form that is sent", "/l", `<form method="post" action="/l">` + menu(`name="page" onchange="submit()"`, `<option value="1">1<option value="2">2`) + `</form>`, ""},
		{"menu of something else", "/l", `<form action="/l">` + menu(`name="size"`, `<option value="1">1<option value="2">2`) + `</form>`, ""},
		// functions and libraries
		{"function that sends a form", "/l?t=7", `<form name="f" action="/l"><input type="hidden" name="no" value="1"><input type="hidden" name="t" value="7"></form>
			<script>function goPage(n){ document.f.no.value=n; document.f.submit(); }</script><a href="#" onclick="goPage(1)">1</a> <a href="#" onclick="goPage(2)">2</a> <a href="#" onclick="goPage(3)">3</a>`, "/l?no=2&t=7"},
		{"function that sends a form by ids", "/l", `<form id="f" action="/l"><input type="hidden" id="pn" name="no"></form>
			<script>function goPage(n){ $("#pn").val(n); $("#f").submit(); }</script><a href="javascript:goPage(2);">下一页</a>`, "/l?no=2"},
		{"function of nothing", "/n/", `<script>function nextPage(){ location.href = "/n/?page=2"; }</script><a href="javascript:nextPage()">Next</a>`, "/n/?page=2"},
		{"call with an address", "/n/", `<a href="#" onclick="return go('/n/?page=2')">Next</a>`, "/n/?page=2"},
		{"library", "/n/?page=2", `<script>laypage({cont:"p",pages:4,curr:2,jump:function(obj,first){ if(!first){ location.href="?page="+obj.curr; } }});</script>`, "/n/?page=3"},
		{"library that counts rows", "/n/", `<script>x.render({elem:"p",count:40,limit:10,curr:1,jump:function(o){ window.location.href="/n/?page="+o.curr; }});</script>`, "/n/?page=2"},
		{"library on the last page", "/n/?page=4", `<script>laypage({pages:4,curr:4,jump:function(obj){ location.href="?page="+obj.curr; }});</script>`, ""},
		// pictures and blanks
		{"file of a picture", "/n/", `<a href="?page=2"><img src="/i/next.gif"></a>`, "/n/?page=2"},
		{"name of a picture", "/n/", `<a href="?page=2"><i class="fa fa-angle-right"></i></a>`, "/n/?page=2"},
		{"arrow of a slide show", "/n/", `<a href="/slides/2"><i class="fa fa-angle-right"></i></a>`, ""},
		{"blanks and counts", "/n/", `<a href="?page=2">下 一 页（2/4）</a>`, "/n/?page=2"},
		{"number beside the address", "/n/", `<button data-url="/n/rows" data-page="1">Load more</button>`, "/n/rows?page=2"},
		{"field for the number of a page", "/n/", `<p>Page 1 of 4</p><form action="/n/"><input name="page"><input type="submit" value="GO"></form>`, "/n/?page=2"},
		{"field that holds the number of this page", "/n/?page=2", `<form action="/n/" method="get">Page <input name="page" value="2"> of 4 <input type="submit" value="Go"></form>`, "/n/?page=3"},
		{"field on the last page", "/n/?page=4", `<form action="/n/">第<input name="page" value="4">页 共4页</form>`, ""},
		{"field without a form", "/n/", `<p>第1页/共3页</p><input id="pg"><button onclick="location.href='index_'+document.getElementById('pg').value+'.html'">GO</button>`, "/n/index_2.html"},
		{"field to search in", "/n/", `<button onclick="location.href='/search?q='+$('#kw').val()">Search</button><form action="/n/" method="get">Page <input name="page" value="1"> of 4 <input type="submit" value="Go"></form>`, "/n/?page=2"},
		{"field of a library", "/n/", `<p>Page 2 of 3</p><input id="pg"><a href="#" onclick="location.href = '?page=' + $('#pg').val()">Go</a>`, "/n/?page=3"},
		{"call that sends the whole page", "/n/", `<a href="javascript:__doPostBack('list.pager','2')">Next</a>`, ""},
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
		{"created by another name", "/n/", `<script>createPage(4, 0, "index", "html");</script>`, "/n/index_1.html"},
		{"created from variables", "/n/", `<script>var total_page = 3, current = "1", ext='html'; createPageHTML(total_page, current, "index", ext);</script>`, "/n/index_2.html"},
		{"function that creates pages", "/n/", `<script>function createPageHTML(total, current, name, ext) { var a = 4; }</script>`, ""},
		{"other numbers", "/n/", `<script>setPage(4, 0, "index", "blue"); openPage(1, 2, "home");</script>`, ""},
		{"data for a script", "/n/", `<div data-pagecount="3" data-pageindex="1" data-url="/n/index_{page}.html"></div>`, "/n/index_2.html"},
		{"data with strokes", "/n/", `<ul data-total-pages="3" data-current-page="2" data-href="?page=[page]"></ul>`, "/n/?page=3"},
		{"data with a text", "/n/", `<div data-page="1" data-pages="3" data-label="Page {0} of {n}" data-url="/n/index_{page}.html"></div>`, "/n/index_2.html"},
		{"data of the last page", "/n/", `<div data-pages="3" data-page="3" data-url="/n/index_{page}.html"></div>`, ""},
		{"menu of pages elsewhere", "/", menu(`onchange="location.href=this.value"`, `<option value="/news.php?page=1" selected>Page 1</option><option value="/news.php?page=2">Page 2</option>`), "/news.php?page=2"},
		{"menu of other places", "/", menu(`onchange="location.href=this.value"`, `<option value="/a.php?id=1" selected>1</option><option value="/b.php?id=2">2</option>`), ""},
		{"counted pages that are written", "/n/", counted, "/n/list_2.htm"},
		{"counted pages named like this one", "/n/node_7_1.shtml", `<script>var currentPage=1, countPage=3;</script><script>var countPage = 3; var currentPage = 1;</script>`, "/n/node_7_2.shtml"},
		{"function of a number", "/n/list.jsp?type=3&size=10", jump + `<span>1</span> <a href="javascript:toPage(2)">2</a> <a href="#" onclick="toPage('2'); return false">下一页</a>`, "/n/list.jsp?type=3&p=2&size=10"},
		{"library that draws", "/n/", `<script>$('#p').pagination({pageCount: 3, current: 1, callback: function(api){ location.href = 'list_' + api.getCurrent() + '.html' }})</script>`, "/n/list_2.html"},
		{"form that a click fills in", "/n/", `<form name="form1" action="list.asp"><input type="hidden" name="page" value="1"></form><a href="#" onclick="document.form1.page.value=2;document.form1.submit();">下一页</a>`, "/n/list.asp?page=2"},
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

// TestUnreadPager: what shows that the list goes on, and not where, is told
// from the last page of a list.
func TestUnreadPager(t *testing.T) {
	tests := []struct {
		name, html string
		want       bool
	}{
		{"numbers that send the whole page", `<span>1</span> <a href="javascript:__doPostBack('p','2')">2</a> <a href="javascript:__doPostBack('p','3')">3</a>`, true},
		{"the last of them", `<a href="javascript:__doPostBack('p','1')">1</a> <a href="javascript:__doPostBack('p','2')">2</a> <span class="current">3</span>`, false},
		{"next by script", `<a href="javascript:void(0)" onclick="page.turn()">下一页</a>`, true},
		{"next that is off", `<a class="disabled" onclick="page.turn()">下一页</a> <span>下一页</span> <a href="javascript:void(0)">下一页</a>`, false},
		{"button", `<button id="more">Load more</button>`, true},
		{"button that is hidden", `<button id="more" style="display:none">Load more</button>`, false},
		{"in words", `<p>共40条 共4页 第1页</p>`, true},
		{"in other words", `<p>Page 2 of 4</p>`, true},
		{"in words, the last", `<p>第4页 共4页</p>`, false},
		{"words with a link", `<p>Page 1 of 4 <a href="?page=2">Next</a></p>`, false},
		{"words with numbers", `<p>Page 1 of 4</p>` + numbers("?page=1", "?page=2"), false},
		{"in data", `<div class="pagination" data-pagecount="3" data-pageindex="1"></div>`, true},
		{"in data, the last", `<div class="pagination" data-pagecount="3" data-pageindex="3"></div>`, false},
		{"in data of a slide show", `<div class="slides" data-pages="3" data-current="1"></div>`, false},
		{"no pager", `<p>12/2023</p> <a href="#">更多</a>`, false},
	}
	for _, tt := range tests {
		p := extract.Parse(&dossier.Snapshot{URL: "http://zone.example/n/", Body: []byte("<html><body>" + tt.html + "</body></html>")})
		if got := p.Pager().Unread; got != tt.want {
			t.Errorf("%s: unread %v, want %v", tt.name, got, tt.want)
		}
	}
}

// numbers is a pager in which every number is a link.
func numbers(hrefs ...string) string {
	var b strings.Builder
	for i, href := range hrefs {
		fmt.Fprintf(&b, `<li class="page-item"><a href="%s">%d</a></li>`, href, i+1)
	}
	return "<ul>" + b.String() + "</ul>"
}

func menu(attributes, options string) string {
	return "<select " + attributes + ">" + options + "</select>"
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
	for _, a := range f.nextPages(p.Pager(), at.URL, 2) {
		got = append(got, a.URL)
	}
	want := []string{"http://zone.example/p/dataproxy.jsp?page=1&unitid=1", "http://zone.example/p/dataproxy.jsp?page=1&unitid=2"}
	if !slices.Equal(got, want) {
		t.Errorf("next pages %q, want %q", got, want)
	}
}

// A page that could not be fetched is stepped over by what counts the pages.
func TestAfterFailure(t *testing.T) {
	for failed, want := range map[string]string{
		"http://zone.example/news/index_3.html":                                        "http://zone.example/news/index_4.html",
		"http://zone.example/m/dataproxy.jsp?page=1&webid=1&unitid=7&permissiontype=0": "http://zone.example/m/dataproxy.jsp?page=2&webid=1&unitid=7&permissiontype=0",
		"http://zone.example/list?id=7&pn=2":                                           "http://zone.example/list?id=7&pn=3",
		"http://zone.example/news/":                                                    "",
	} {
		got := ""
		for _, l := range afterFailure(dossier.Task{URL: failed, Kind: dossier.KindList, Chain: "zone.example/news/"}, false) {
			got = l.URL
		}
		if got != want {
			t.Errorf("behind %s comes %q, want %q", failed, got, want)
		}
	}
	gone := dossier.Task{URL: "http://zone.example/news/index_3.html", Kind: dossier.KindList, Chain: "zone.example/news/"}
	if got := afterFailure(gone, true); len(got) != 1 {
		t.Errorf("behind a page that is not there come %v, want the next one", got)
	}
	if gone.Stale = 1; len(afterFailure(gone, true)) != 0 || len(afterFailure(gone, false)) != 1 {
		t.Error("behind two pages that are not there one more is asked, or none behind two that failed")
	}
}
