package pipeline_test

import (
	"fmt"
	"net/http"
	"testing"
)

// TestStartSendsOn: the list that a start page sends its reader on to by a script or a meta
// element is asked in every run, also when the page was the list itself before, when it can
// be asked conditionally, and when it leads there by another page.
func TestStartSendsOn(t *testing.T) {
	for _, tt := range []struct {
		name, stub, further string
		before              bool // the start page is the list at first
	}{
		{"script", `<html><head><script>window.location.href="/news/";</script></head></html>`, "", false},
		{"meta element", `<html><head><meta http-equiv="refresh" content="0;url=/news/"></head></html>`, "", false},
		{"two pages", `<html><head><script>window.location.href="/portal.html";</script></head></html>`, `<html><head><meta http-equiv="refresh" content="0;url=/news/"></head></html>`, false},
		{"list that has moved", `<html><head><script>window.location.href="/news/";</script></head></html>`, "", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newFakeSite(t, 5)
			stub := func(w http.ResponseWriter, r *http.Request) { write(w, r, tt.stub) }
			s.handle("/entry.html", stub)
			s.handle("/portal.html", func(w http.ResponseWriter, r *http.Request) { write(w, r, tt.further) })
			b := newBench(t, s)
			b.site.Start = []string{s.URL + "/entry.html"}
			if tt.before {
				s.handle("/entry.html", func(w http.ResponseWriter, r *http.Request) {
					rows := ""
					for n := 5; n > 0; n-- {
						rows += fmt.Sprintf(`<li><a href="/news/%d.html">%s</a> <span>%s</span></li>`, n, headline(n), day(n))
					}
					write(w, r, "<html><body><ul>"+rows+"</ul></body></html>")
				})
			}
			if got := b.run(); got.New != 5 {
				t.Fatalf("first run: %+v", got)
			}
			s.handle("/entry.html", stub)
			for run := 2; run < 6; run++ {
				s.mu.Lock()
				s.articles++
				s.mu.Unlock()
				s.requests()
				got := b.run()
				if asked := s.requests(); got.New != 1 || got.Failed != 0 || asked["/news/"] != 1 || asked["/entry.html"] != 1 {
					t.Errorf("run %d: %d new, %d failed, asked %v; want one new and the list once", run, got.New, got.Failed, asked)
				}
			}
		})
	}
}
