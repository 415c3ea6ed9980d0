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
		return "<html><body><h1>News</h1><div>" + b.String() + "</div></body></html>"
	}
	for _, c := range []struct{ name, html, want string }{
		{"heading before", cards(`<article><h3>Story %d</h3><p>Text.</p><a href="/%d">Read more</a></article>`), "Story 1"},
		{"heading beside, deeper", cards(`<li><div><h4><b>Story</b> %d</h4></div><p><span><a href="/%d">详情</a></span></p></li>`), "Story 1"},
		{"no headings", cards(`<li>Story %d <a href="/%d">Read more</a></li>`), ""},
		{"links of one box", cards(`<i>%d</i><a href="/%d">Read more</a>`), ""},
		{"a text of its own", cards(`<article><h3>Other %d</h3><a href="/%[1]d">Text %d</a></article>`), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			links := pageOf(c.html).Links()
			if len(links) != 3 || links[1].Title != c.want {
				t.Errorf("%+v; want the second with the title %q", links, c.want)
			}
		})
	}
}
