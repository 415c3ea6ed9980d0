package extract

import (
	"fmt"
	"slices"
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
		{"the first named as well", "/view.asp?id=7", `<a href="view.asp?id=7&page=1">1</a> <a href="view.asp?id=7&page=2">2</a>`, "/view.asp?id=7&page=2"},
		{"the first with its number", "/view.asp?id=7&pageNum=1", `<a href="?id=7&pageNum=1">1</a> <a href="?id=7&pageNum=2">2</a>`, "/view.asp?id=7&pageNum=2"},
		{"in a folder", "/2023/12/harbour/", `<a href="/2023/12/harbour/2/">2</a>`, "/2023/12/harbour/2/"},
		{"another post of the name", "/news/harbour", `<a href="/news/harbour-2">Next</a>`, ""},
		{"below it", "/2023/12/harbour", `<a href="/2023/12/harbour/2">2</a>`, "/2023/12/harbour/2"},
		{"script", "/news/t2019_55.html", `<script>createPageHTML(3, 0, "t2019_55", "html");</script>`, "/news/t2019_55_1.html"},
		{"script of one page", "/news/t2019_55.html", `<script>createPageHTML(1, 0, "t2019_55", "html");</script>`, ""},
		{"numbers in its place", "/show-7-55-1.html", `<a href="show-7-55-2.html">2</a>`, "/show-7-55-2.html"},
		{"the next article in its place", "/news/art_77_1.html", `<a href="art_77_2.html">Next</a>`, ""},
		{"behind the last page", "/news/t2019_55.html", `<b>1</b> <a href="t2019_55_2.html">Next</a>`, "/news/t2019_55_2.html"},
		{"parts beside a page", "/report/2023.html", `<a href="2023_1.html">1</a> <a href="2023_2.html">2</a> <a href="2023_3.html">3</a>`, ""},
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

// paged is a page of the text of an article, with its pager.
func paged(address, pager string, lines ...string) *dossier.Snapshot {
	return &dossier.Snapshot{URL: address, FinalURL: address, Body: []byte("<html><body><ul class=nav><li><a href=/>Home</a></li></ul><h1>The harbour opens a second quay</h1><p>Date: 2019-05-05 Source: Zone Daily</p><div class=content><p>" +
		strings.Join(lines, "</p><p>") + "</p></div><div>" + pager + "</div></body></html>")}
}

// said are lines of which each page has others.
func said(page int) []string {
	var out []string
	for i := range 4 {
		out = append(out, fmt.Sprintf("Line %d of page %d says more of the quay that the harbour administration opened on Friday.", i, page))
	}
	return out
}

// TestTextInPages: the further pages of a text are found one behind the other, its article is
// that of all of them, and each of them leads back.
func TestTextInPages(t *testing.T) {
	const host = "http://zone.example"
	links := func(at []string) (pagers []string) {
		numbers := ""
		for i, to := range at {
			numbers += fmt.Sprintf(`<a href="%s">%d</a> `, to, i+1)
		}
		return []string{numbers, numbers, numbers}
	}
	script := func(page int) string {
		return fmt.Sprintf(`<script>createPageHTML(3, %d, "t_55", "html");</script>`, page)
	}
	numbered := []string{"/news/t_55.html", "/news/t_55_2.html", "/news/t_55_3.html"}
	for name, tt := range map[string]struct{ at, pagers []string }{
		"numbers":                     {numbered, links(numbered)},
		"words":                       {numbered, []string{`<a href="t_55_2.html">下一页</a>`, `<a href="t_55.html">上一页</a> <a href="t_55_3.html">下一页</a>`, `<a href="t_55.html">1</a>`}},
		"numbers at the first alone":  {numbered, []string{links(numbered)[0], `<a href="t_55.html">1</a>`, `<a href="t_55.html">[1]</a>`}},
		"script":                      {[]string{"/news/t_55.html", "/news/t_55_1.html", "/news/t_55_2.html"}, []string{script(0), script(1) + `<a href="t_55.html">1</a>`, script(2) + `<a href="t_55.html">1</a>`}},
		"query":                       {[]string{"/view.asp?id=7", "/view.asp?id=7&page=2", "/view.asp?id=7&page=3"}, links([]string{"/view.asp?id=7", "?id=7&page=2", "?id=7&page=3"})},
		"query with its first number": {[]string{"/view.asp?id=7&cpage=1", "/view.asp?id=7&cpage=2", "/view.asp?id=7&cpage=3"}, links([]string{"?id=7&cpage=1", "?id=7&cpage=2", "?id=7&cpage=3"})},
		"numbers in the place of 1":   {[]string{"/show-7-55-1.html", "/show-7-55-2.html", "/show-7-55-3.html"}, links([]string{"show-7-55-1.html", "show-7-55-2.html", "show-7-55-3.html"})},
		"folders":                     {[]string{"/2019/05/quay/", "/2019/05/quay/2/", "/2019/05/quay/3/"}, links([]string{"/2019/05/quay/", "/2019/05/quay/2/", "/2019/05/quay/3/"})},
	} {
		t.Run(name, func(t *testing.T) {
			p := Parse(paged(host+tt.at[0], tt.pagers[0], said(1)...))
			for i := 1; i < 3; i++ {
				if got := p.NextPart(); got != host+tt.at[i] {
					t.Fatalf("behind %d pages the text goes on at %q, want %s", i, got, tt.at[i])
				}
				if !p.GoOn(*paged(host+tt.at[i], tt.pagers[i], said(i+1)...)) {
					t.Fatalf("page %d is not taken", i+1)
				}
			}
			if got := p.NextPart(); got != "" {
				t.Errorf("behind its last page the text goes on at %q", got)
			}
			want := strings.Join(slices.Concat(said(1), said(2), said(3)), "\n")
			for name, a := range map[string]dossier.Article{"fetched": p.Article(dossier.Rules{}), "read again": Extract(*p.Snapshot, dossier.Rules{}),
				"by a rule": Extract(*p.Snapshot, dossier.Rules{Body: dossier.FieldRule{Selector: ".content"}})} {
				if a.Body != want || a.Continued != "" || !slices.Equal(a.Parts, []string{host + tt.at[1], host + tt.at[2]}) {
					t.Errorf("%s: goes on at %q, parts %v, body\n%s", name, a.Continued, a.Parts, a.Body)
				}
			}
			for i := 1; i < 3; i++ {
				if a := Extract(*paged(host+tt.at[i], tt.pagers[i], said(i+1)...), dossier.Rules{}); a.Canonical != host+tt.at[0] {
					t.Errorf("page %d names %q as its own address, want that of the first", i+1, a.Canonical)
				}
			}
		})
	}
}

// TestRepeatedLead: a page that begins with the summary of all goes on with what is new on it.
func TestRepeatedLead(t *testing.T) {
	const at, second = "http://zone.example/view.asp?id=7", "http://zone.example/view.asp?id=7&page=2"
	lead := strings.Repeat("The harbour administration tells of all its quays. ", 4)
	p := Parse(paged(at, `<a href="?id=7&page=2">2</a>`, append([]string{lead}, said(1)...)...))
	if !p.GoOn(*paged(second, "", lead, said(2)[0])) {
		t.Fatal("is not taken")
	}
	if a := p.Article(dossier.Rules{}); strings.Count(a.Body, "tells of all") != 4 || !strings.HasSuffix(a.Body, said(2)[0]) {
		t.Errorf("the text is\n%s", a.Body)
	}
}

// TestNoFurtherPage: the same text again, with other comments below it, is no further page
// of it, and neither is one of another headline, which may be another article, or that shows
// nothing; the text may go on there later.
func TestNoFurtherPage(t *testing.T) {
	const at, second = "http://zone.example/view.asp?id=7", "http://zone.example/view.asp?id=7&page=2"
	body := func(text string) *dossier.Snapshot {
		return &dossier.Snapshot{URL: second, FinalURL: second, Body: []byte("<html><head><title>Zone</title></head><body>" + text + "</body></html>")}
	}
	text := "<div class=content><p>" + strings.Join(said(2), "</p><p>") + "</p></div>"
	for _, tt := range []struct {
		name string
		page *dossier.Snapshot
		ends bool
	}{
		{"comments", paged(second, "", append(said(1), "A reader says that he likes it.")...), true},
		{"another article of the day", body("<h1>A school is built in the south</h1><p>Date: 2019-05-05 Source: Zone Daily</p>" + text), false},
		{"another article without a day", body("<h1>A school is built in the south</h1>" + text), false},
		{"another notice of the name", body("<h1>The harbour opens a second quay</h1><p>Date: 2019-05-12 Source: Zone Daily</p>" + text), false},
		{"nothing", body("<h1>The harbour opens a second quay</h1>"), false},
		{"no body", &dossier.Snapshot{URL: second, FinalURL: second}, false},
		{"home page", body("<h1>Northern Zone</h1><p>Welcome to the zone, which has a harbour, a railway and three schools of its own.</p><ul><li><a href=/n/1.html>A school is built in the south</a></li></ul>"), false},
	} {
		want := second
		if tt.ends {
			want = ""
		}
		p := Parse(paged(at, `<a href="?id=7&page=2">2</a>`, said(1)...))
		if p.NextPart() != second || p.GoOn(*tt.page) || p.NextPart() != want {
			t.Errorf("%s: is taken as a page of the text, or it goes on at %q", tt.name, p.NextPart())
		}
		if a := p.Article(dossier.Rules{}); a.Body != strings.Join(said(1), "\n") || a.Parts != nil || a.Continued != want {
			t.Errorf("%s: parts %v, goes on at %q, body\n%s", tt.name, a.Parts, a.Continued, a.Body)
		}
	}
}

// TestPagerInText: the links between the pages of a text are none of its lines.
func TestPagerInText(t *testing.T) {
	for pager, kept := range map[string]bool{
		`<a href="/s-1-1.html">上一页</a> <span>1</span> <a href="/s-1-2.html">2</a> <a href="/s-1-2.html">下一页</a>`: false,
		`首页 <a href=1>[1]</a> <b>[2]</b> <a href=3>[3]</a> <a href=3>下一页</a> 共3页`:                                false,
		`Page: <a href=1>1</a> | <b>2</b> | <a href=3>3</a> <a href=3>Next</a>`:                                  false,
		`Quays 1 and <a href=2>2</a> and 3`:        true,
		`The next one is <a href=2>quay 2</a>`:     true,
		`1 2 3`:                                    true,
		`<a href=/n/2.html>Next week</a> it opens`: true,
	} {
		s := paged("http://zone.example/s-1-1.html", "", append(said(1), pager)...)
		body := Extract(*s, dossier.Rules{}).Body
		if got := strings.Count(body, "\n") == 4; got != kept {
			t.Errorf("%s is kept: %v\n%s", pager, got, body)
		}
	}
}
