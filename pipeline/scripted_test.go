package pipeline_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestRowsThatScriptsAskFor: what the scripts of a page without rows ask for is read as a
// list, at each run.
func TestRowsThatScriptsAskFor(t *testing.T) {
	rows := func(format, between string, n int) string {
		var out []string
		for i := 1; i <= n; i++ {
			out = append(out, strings.NewReplacer("HREF", fmt.Sprintf("/news/%d.html", i), "TITLE", fmt.Sprintf("What the zone says of project %d", i)).Replace(format))
		}
		return strings.Join(out, between)
	}
	for name, tt := range map[string]struct {
		script, path, medium string
		answer               func(n int) string
	}{
		"data": {`<script>$.getJSON("/api/list?size=50", show)</script>`, "/api/list?size=50", "application/json",
			func(n int) string { return `{"list":[` + rows(`{"title":"TITLE","url":"HREF"}`, ",", n) + `]}` }},
		"a part of the page": {`<script>$("#list").load("/inc/list.html")</script>`, "/inc/list.html", "text/html",
			func(n int) string { return "<ul>" + rows(`<li><a href="HREF">TITLE</a></li>`, "", n) + "</ul>" }},
		"a script": {`<script src="/js/newslist.js"></script>`, "/js/newslist.js", "application/javascript",
			func(n int) string { return rows(`document.write('<li><a href="HREF">TITLE</a></li>');`, "\n", n) }},
	} {
		t.Run(name, func(t *testing.T) {
			n := 24
			s := newFakeSite(t, 25)
			s.handle("/", func(w http.ResponseWriter, r *http.Request) {
				write(w, r, `<html><head><title>Zone</title></head><body><h1>Zone</h1><div id="list">`+tt.script+"</div></body></html>")
			})
			s.handle(tt.path, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", tt.medium)
				fmt.Fprint(w, tt.answer(n))
			})
			b := newBench(t, s)
			b.site.Start = []string{s.URL + "/"}
			if got := b.run(); got.New != n {
				t.Errorf("%d articles, want %d: %v", got.New, n, got.Reasons)
			}
			n++
			if got := b.run(); got.New != 1 {
				t.Errorf("%d articles in the second run, want 1: %v", got.New, got.Reasons)
			}
		})
	}
}
