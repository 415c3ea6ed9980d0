package pipeline_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestLatestBesideEachPage: pages that describe something, with the latest news beside that, are
// not asked again by each run, but for the first of them. A section is, also when it shows what another one does.
func TestLatestBesideEachPage(t *testing.T) {
	s := newFakeSite(t, 8)
	rows := func(n int, show string) string {
		s.mu.Lock()
		defer s.mu.Unlock()
		var b strings.Builder
		for i := s.articles; i > s.articles-n; i-- {
			fmt.Fprintf(&b, show, i, headline(i), day(i))
		}
		return b.String()
	}
	const row = `<li><a href="/news/%d.html">%s</a> <span>%s</span></li>`
	page := func(name, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			write(w, r, "<html><head><title>"+name+`</title></head><body><ul class="menu"><li><a href="/">Home</a></li><li><a href="/about/">About the zone</a></li><li><a href="/climate/">The climate</a></li><li><a href="/roads/">The roads</a></li><li><a href="/staff/">The staff</a></li><li><a href="/history/">The history</a></li><li><a href="/schools/">The schools</a></li><li><a href="/notices/">Notices</a></li><li><a href="/bulletins/">Bulletins</a></li></ul>`+
				"<h1>"+name+"</h1><div class=content>"+text+`</div><div class="side"><h3>Latest</h3><ul>`+rows(4, row)+"</ul></div></body></html>")
		}
	}
	section := func(name string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			write(w, r, "<html><head><title>"+name+"</title></head><body><h1>"+name+"</h1><ul>"+rows(6, row)+"</ul></body></html>")
		}
	}
	const text = "<p>The zone lies in the north of the province and has been there for thirty years, near a river.</p><p>It is known for its factories, and for the people who work in these.</p>"
	s.handle("/", page("The zone", ""))
	s.handle("/about/", page("About the zone", text))
	s.handle("/climate/", page("The climate", strings.ReplaceAll(text, "zone", "valley")))
	s.handle("/roads/", page("The roads", strings.ReplaceAll(text, "zone", "town")))
	s.handle("/staff/", page("The staff", ""))
	s.handle("/history/", page("The history", strings.ReplaceAll(text, "zone", "place")))
	s.handle("/schools/", page("The schools", strings.ReplaceAll(text, "zone", "quarter")))
	s.handle("/notices/", section("Notices"))
	s.handle("/bulletins/", section("Bulletins"))
	b := newBench(t, s)
	b.site.Start = []string{s.URL + "/"}
	if got := b.run(); got.New != 6 {
		t.Fatalf("first run: %d new, want 6", got.New)
	}
	s.requests()
	b.run()
	asked := s.requests()
	static := 0
	for _, path := range []string{"/about/", "/climate/", "/roads/", "/staff/", "/history/", "/schools/"} {
		static += asked[path]
	}
	if static > 2 || asked["/"] != 1 || asked["/notices/"] != 1 || asked["/bulletins/"] != 1 {
		t.Errorf("asked %v, want the home page and both sections, and two others at the most", asked)
	}
}
