package extract

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
)

func records(from, to int) string {
	var b strings.Builder
	for n := from; n <= to; n++ {
		fmt.Fprintf(&b, `<record><![CDATA[<li><a title="开发区引进项目第%d号签约" href="/art/2019/1/%d/art_33_%d.html">开发区引进项目第%d号签约</a><span>2019-01-%02d</span></li>]]></record>`, n, n%28+1, n, n, n%28+1)
	}
	return "<recordset>" + b.String() + "</recordset>"
}

// TestDatastore reads the rows of a Hanweb list and where its next group is.
func TestDatastore(t *testing.T) {
	script := `<script type="text/xml"><datastore>%s` + records(1, 15) + `</datastore></script>`
	group := `<nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=1&appid=1&webid=3&columnid=33&unitid=77"></a>]]></nextgroup>`
	call := `<script>$('#77').jpage({proxyUrl:'/module/web/jpage/dataproxy.jsp', perPage:15, totalRecord:%d, ajaxParam:{col:1, appid:"1", webid:'3', path:'/', columnid:33, unitid:77, webname:'开发区', permissiontype:0}});</script>`
	tests := []struct{ name, url, page, next string }{
		{"group named", "http://z.example/col/col33/index.html", fmt.Sprintf(script, group), "/module/web/jpage/dataproxy.jsp?page=1&appid=1&webid=3&columnid=33&unitid=77"},
		{"script asks", "http://z.example/col/col33/index.html", fmt.Sprintf(script, "") + fmt.Sprintf(call, 40),
			"/module/web/jpage/dataproxy.jsp?startrecord=16&endrecord=30&perpage=15&col=1&appid=1&webid=3&path=%2F&columnid=33&unitid=77&webname=%E5%BC%80%E5%8F%91%E5%8C%BA&permissiontype=0"},
		{"script asks, its fields elsewhere", "http://z.example/col/col33/index.html", fmt.Sprintf(script, "") + `<script>var perpage = 5; $('#77').jpage({perPage:5, totalRecord:40, proxyUrl:'/m/dataproxy.jsp?perpage=' + perpage});</script><script>var ajaxParam = {columnid:33, unitid:77}</script>`,
			"/m/dataproxy.jsp?startrecord=16&endrecord=30&perpage=15&columnid=33&unitid=77"},
		{"all there", "http://z.example/col/col33/index.html", fmt.Sprintf(script, "") + fmt.Sprintf(call, 15), ""},
		{"answer", "http://z.example/p/dataproxy.jsp?startrecord=16&endrecord=30&perpage=15&columnid=33", "<?xml version='1.0' encoding='UTF-8'?><datastore><totalrecord>40</totalrecord>" + records(1, 15) + "</datastore>",
			"http://z.example/p/dataproxy.jsp?startrecord=31&endrecord=45&perpage=15&columnid=33"},
		{"answer that names the first group", "http://z.example/p/dataproxy.jsp?startrecord=16&endrecord=30&perpage=15&columnid=33", "<datastore><totalrecord>40</totalrecord>" + group + records(1, 15) + "</datastore>",
			"http://z.example/p/dataproxy.jsp?startrecord=31&endrecord=45&perpage=15&columnid=33"},
		{"group that names itself", "http://z.example/module/web/jpage/dataproxy.jsp?page=1&columnid=33", "<datastore>" + group + records(1, 15) + "</datastore>", "http://z.example/module/web/jpage/dataproxy.jsp?page=2&columnid=33"},
		{"last answer", "http://z.example/p/dataproxy.jsp?startrecord=1&endrecord=15&perpage=15", "<datastore><totalrecord>15</totalrecord>" + records(1, 15) + "</datastore>", ""},
		{"pages", "http://z.example/p/dataproxy.jsp?page=1&columnid=33", "<datastore>" + records(1, 15) + "</datastore>", "http://z.example/p/dataproxy.jsp?page=2&columnid=33"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := Parse(&dossier.Snapshot{URL: tt.url, Body: []byte(tt.page)})
			rows := 0
			for _, l := range p.Links() {
				if l.Date != "" && strings.HasPrefix(l.Href, "/art/") && strings.HasPrefix(l.Text, "开发区引进项目第") {
					rows++
				}
			}
			if rows != 15 {
				t.Errorf("%d rows with headline and date, want 15", rows)
			}
			if got := strings.Join(p.Pager().Next, " "); got != tt.next {
				t.Errorf("next is %q, want %q", got, tt.next)
			}
		})
	}
}

// TestDatastoresOfOnePage: each list of a page goes on at its own address.
func TestDatastoresOfOnePage(t *testing.T) {
	store := func(from int, group string) string {
		return `<script type="text/xml"><datastore>` + group + records(from, from+14) + "</datastore></script>"
	}
	call := func(unit, total int) string {
		return fmt.Sprintf(`<script>$('#%d').jpage({proxyUrl:'/p/dataproxy.jsp', perPage:15, totalRecord:%d, ajaxParam:{columnid:3, unitid:%d}});</script>`, unit, total, unit)
	}
	const first, second = "/p/dataproxy.jsp?startrecord=16&endrecord=30&perpage=15&columnid=3&unitid=7", "/p/dataproxy.jsp?startrecord=16&endrecord=30&perpage=15&columnid=3&unitid=8"
	group := func(n int) string {
		return fmt.Sprintf(`<nextgroup><![CDATA[<a href="/p/dataproxy.jsp?page=1&unitid=%d"></a>]]></nextgroup>`, n)
	}
	for _, tt := range []struct{ name, page, want string }{
		{"calls", store(1, "") + call(7, 40) + store(101, "") + call(8, 40), first + " " + second},
		{"one ends", store(1, "") + call(7, 15) + store(101, "") + call(8, 40), second},
		{"one list with both", store(1, group(7)) + call(7, 40), "/p/dataproxy.jsp?page=1&unitid=7 " + first},
		{"one list with both that ends", store(1, group(7)) + call(7, 15), ""},
		{"groups named", store(1, group(7)) + store(101, group(8)), "/p/dataproxy.jsp?page=1&unitid=7 /p/dataproxy.jsp?page=1&unitid=8"},
		{"one list", store(1, "") + call(7, 40), ""},
		{"calls that fit no list", store(1, "") + store(101, "") + call(8, 40), ""},
	} {
		p := Parse(&dossier.Snapshot{URL: "http://z.example/", Body: []byte("<html><body><h1>列表</h1>" + tt.page + "</body></html>")})
		if got := strings.Join(p.Pager().Groups, " "); got != tt.want {
			t.Errorf("%s: lists go on at %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestDatastoreBroken: rows that end in the middle give those before.
func TestDatastoreBroken(t *testing.T) {
	for page, rows := range map[string]int{"<datastore>": 0, "<datastore><recordset><record><![CDATA[<li>": 0, "<?xml?><datastore><record></record>": 0, `<script><datastore><record><![CDATA[<tr><td><a href="/1">x</a>]]></record></script>`: 1} {
		p := Parse(&dossier.Snapshot{Body: []byte(page)})
		if got := len(p.Links()); got != rows {
			t.Errorf("%s: %d links, want %d", page, got, rows)
		}
		if more := p.Pager(); len(more.Next)+len(more.Groups) > 0 {
			t.Errorf("%s: goes on to %v", page, more)
		}
	}
}
