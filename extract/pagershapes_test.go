package extract

import (
	"net/http"
	"slices"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/dossier-archive/dossier"
)

// TestQueriesOfPagers: what is not ASCII in the query of a pager is sent in the encoding of the
// page, as that of its rows is.
func TestQueriesOfPagers(t *testing.T) {
	body, err := simplifiedchinese.GB18030.NewEncoder().String(`<html><head><meta charset=gb2312><title>新闻</title></head><body><p>开发区新闻动态列表，共四页</p><a href="/more.asp?typename=新闻&page=3">3</a> <a href="/more.asp?typename=新闻&page=2">下一页</a></body></html>`)
	if err != nil {
		t.Fatal(err)
	}
	p := Parse(&dossier.Snapshot{URL: "http://example.org/more.asp", FinalURL: "http://example.org/more.asp", Header: http.Header{}, Body: []byte(body)})
	pager := p.Pager()
	const name = "/more.asp?typename=%D0%C2%CE%C5&page="
	if !slices.Equal(pager.Next, []string{name + "2"}) || len(pager.Numbers) != 1 || pager.Numbers[0].Href != name+"3" {
		t.Errorf("next %v, numbers %v", pager.Next, pager.Numbers)
	}
}

// TestShapesOfPagers: addresses that a button holds under any name, pages that are called by
// their rows, and a link that only a script can follow.
func TestShapesOfPagers(t *testing.T) {
	for _, tt := range []struct {
		markup, next string
		numbers      []Numbered
		unread       bool
	}{
		{`<button data-page-url="/news/more?page=2">Load more</button>`, "/news/more?page=2", nil, false},
		{`<a href="#" class="btn" data-list-href="/news/more?page=2">加载更多</a>`, "/news/more?page=2", nil, false},
		{`<b>1-10</b> <a href="/p2.html">11-20</a> <a href="/p3.html">21-30</a>`, "", []Numbered{{2, "/p2.html"}, {3, "/p3.html"}}, false},
		{`<a href="/1">2019-2020</a> <a href="/2">2021-2022</a> <a href="/3">3-12</a>`, "", nil, false},
		{`<a href="/news?offset=10"><img src="/r.gif" alt="较早"></a>`, "/news?offset=10", nil, false},
		{`<a href="#" class="btn">Load more</a>`, "", nil, true},
		{`<a href="javascript:;" class="btn">加载更多</a>`, "", nil, true},
		{`<a href="#top">More about the zone</a>`, "", nil, false},
	} {
		got := pageOf("<html><body><p>News of the zone</p>" + tt.markup + "</body></html>").Pager()
		numbers := slices.DeleteFunc(got.Numbers, func(n Numbered) bool { return n.Href == "" })
		next := ""
		if len(got.Next) > 0 {
			next = got.Next[0]
		}
		if next != tt.next || !slices.Equal(numbers, tt.numbers) || got.Unread != tt.unread {
			t.Errorf("%s: next %q, numbers %v, unread %v", tt.markup, next, numbers, got.Unread)
		}
	}
}
