package extract

import (
	"fmt"
	"strings"
	"testing"
)

// Links that all say the same have the headings of their cards as titles, and
// nothing where there is no card of their own.
func TestLinksOfCards(t *testing.T) {
	cards := func(form string) string {
		var b strings.Builder
		for i := range 3 {
			fmt.Fprintf(&b, form, i, i)
		}
		text := b.String()
		if strings.HasPrefix(text, "<tr>") {
			text = "<table>" + text + "</table>"
		}
		return "<html><body><h1>News</h1><div>" + text + "</div></body></html>"
	}
	for _, c := range []struct{ name, html, want string }{
		{"heading before", cards(`<article><h3>Story %d</h3><p>Text.</p><a href="/%d">Read more</a></article>`), "Story 1"},
		{"heading beside, deeper", cards(`<li><div><h4><b>Story</b> %d</h4></div><p><span><a href="/%d">详情</a></span></p></li>`), "Story 1"},
		{"a row without a date", cards(`<li>A story of the harbour %d <a href="/%d">[详细]</a></li>`), ""},
		{"a row with a file", cards(`<li>A story of the harbour %d <a href="/%d">[下载]</a> 2023-05-06</li>`), ""},
		{"a row with a headline", cards(`<li>A story of the harbour %d <a href="/%d">[详细]</a> 2023-05-06</li>`), "A story of the harbour 1"},
		{"cells with a headline", cards(`<tr><td>1</td><td>A story of the harbour %d</td><td>2023-05-06</td><td><a href="/%d">查看</a></td></tr>`), "A story of the harbour 1"},
		{"an arrow and a headline", cards(`<li><a href="/%[2]d"><img src="more.gif"></a> A story of the harbour %[1]d 2023-05-06</li>`), "A story of the harbour 1"},
		{"an arrow and another link", cards(`<li><a href="/zone"><img src="more.gif"></a> <a href="/%[2]d">A story of the harbour %[1]d</a></li>`), ""},
		{"no headings", cards(`<li>Story %d <a href="/%d">Read more</a></li>`), ""},
		{"links of one box", cards(`<i>%d</i><a href="/%d">Read more</a>`), ""},
		{"a text of its own", cards(`<article><h3>Other %d</h3><a href="/%[1]d">Text %d</a></article>`), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			links := pageOf(c.html).Links()
			if len(links) == 0 || len(links)%3 != 0 {
				t.Fatalf("%d links", len(links))
			}
			second := links[len(links)/3]
			named := second.Title
			if named == "" && second.Text != "Read more" && second.Text != "Text 1" && !strings.HasPrefix(second.Text, "[") {
				named = second.Text
			}
			if named != c.want || second.Title != "" && second.Text != second.Title && second.Text != "Text 1" {
				t.Errorf("%+v; want it with the title %q", second, c.want)
			}
		})
	}
}
