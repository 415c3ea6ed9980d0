package pipeline_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestWholeListBehindASection: a section that the home page leads to shows the newest rows, which the
// home page does as well, and all of them stand behind "View all", in a frame, or on pages that are
// counted inside a parameter.
func TestWholeListBehindASection(t *testing.T) {
	const row = `<li><a href="/news/%d.html">%s</a> <span>%s</span></li>`
	rows := func(from, to int) string {
		var b strings.Builder
		for i := from; i > to; i-- {
			fmt.Fprintf(&b, row, i, headline(i), day(i))
		}
		return "<ul>" + b.String() + "</ul>"
	}
	page := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			write(w, r, `<html><head><title>Zone</title></head><body><ul class="menu"><li><a href="/">Home</a></li><li><a href="/press/">Press</a></li></ul>`+body+"</body></html>")
		}
	}
	for name, set := range map[string]func(s *fakeSite){
		"view all": func(s *fakeSite) {
			s.handle("/press/", page(rows(20, 15)+`<a class="btn" href="/press/archive/">View all releases</a> <a href="/press/forms/">Forms of the press office</a>`))
			s.handle("/press/archive/", page(rows(20, 0)))
		},
		"a frame": func(s *fakeSite) {
			s.handle("/press/", page(`<div class="hot"><h3>Most read</h3>`+rows(20, 15)+`</div><iframe src="/rows.asp"></iframe>`))
			s.handle("/rows.asp", func(w http.ResponseWriter, r *http.Request) {
				write(w, r, "<html><body>"+rows(20, 0)+"</body></html>")
			})
		},
		"numbers inside a parameter": func(s *fakeSite) {
			numbers := `<strong>1</strong> <a href="/press/?nn=7&amp;gtp=9_list%253D2">2</a> <a href="/press/?nn=7&amp;gtp=9_list%253D3">3</a> <a href="/press/?nn=7&amp;gtp=9_list%253D4">4</a>`
			s.handle("/", page(rows(20, 12)+`<a href="/press/?nn=7">All press releases</a>`))
			s.handle("/press/?nn=7", page(rows(20, 15)+numbers))
			for n := 2; n <= 4; n++ {
				marked := strings.ReplaceAll(strings.ReplaceAll(numbers, "<strong>1</strong>", `<a href="/press/">1</a>`), fmt.Sprintf(`<a href="/press/?nn=7&amp;gtp=9_list%%253D%d">%d</a>`, n, n), fmt.Sprintf("<strong>%d</strong>", n))
				s.handle(fmt.Sprintf("/press/?nn=7&gtp=9_list%%253D%d", n), page(rows(25-5*n, 20-5*n)+marked))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newFakeSite(t, 20)
			s.handle("/", page(rows(20, 12)))
			set(s)
			b := newBench(t, s)
			b.site.Start = []string{s.URL + "/"}
			if got := b.run(); got.New != 20 {
				t.Errorf("%d new, want 20; asked %v", got.New, s.requests())
			}
			if name != "view all" {
				return
			}
			// What the section leads to besides has its outcome in the same run.
			found, err := b.arch.Addresses(t.Context(), s.URL+"/press/forms/")
			if err != nil || len(found) != 1 || len(found[0].Observations) == 0 {
				t.Errorf("a link that was not followed: %+v, %v", found, err)
			}
		})
	}
}
