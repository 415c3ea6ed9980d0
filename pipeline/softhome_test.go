package pipeline_test

import (
	"fmt"
	"net/http"
	"testing"
)

// TestListInsteadOfAnArticle: an address that a row announces, and that showed the home page for
// a while, is an article as soon as it shows one. A list that a row announces stays one.
func TestListInsteadOfAnArticle(t *testing.T) {
	s := newFakeSite(t, 6)
	rows := func(from, to int) string {
		out := ""
		for n := from; n >= to; n-- {
			out += fmt.Sprintf(`<li><a href="/news/%d.html">%s</a> <span>%s</span></li>`, n, headline(n), day(n))
		}
		return out
	}
	const topic = "All about the railway plant in the Northern Development Zone"
	s.handle("/news/", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, `<html><head><title>News - Zone</title></head><body><ul><li><a href="/news/topic/">`+topic+`</a> <span>2019-01-20</span></li>`+rows(6, 1)+"</ul></body></html>")
	})
	s.handle("/news/topic/", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, `<html><head><title>`+topic+`</title></head><body><h1>`+topic+`</h1><ul>`+rows(5, 1)+"</ul></body></html>")
	})
	home := func(w http.ResponseWriter, r *http.Request) {
		write(w, r, `<html><head><title>Zone</title></head><body><h2>News</h2><ul>`+rows(6, 1)+"</ul></body></html>")
	}
	s.handle("/news/6.html", home)
	s.handle("/news/5.html", home)
	b := newBench(t, s)
	for run := range 3 {
		if got := b.run(); run == 0 && got.New != 4 || run > 0 && got.New != 0 {
			t.Fatalf("run %d: %+v, want the four articles that are there", run+1, got)
		}
	}
	s.handle("/news/6.html", nil)
	s.handle("/news/5.html", nil)
	for run := range 3 {
		s.requests()
		got := b.run()
		if want := []int{2, 0, 0}[run]; got.New != want || got.Failed != 0 {
			t.Errorf("run %d after it was mended: %+v, want %d new", run+1, got, want)
		}
		if asked := s.requests(); asked["/news/topic/"] != 1 || asked["/news/6.html"] > 1 {
			t.Errorf("run %d after it was mended asked %v, want the list once", run+1, asked)
		}
	}
	for _, path := range b.paths(s) {
		if path == "/news/topic/" {
			t.Errorf("the list has become a record")
		}
	}
}
