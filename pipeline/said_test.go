package pipeline_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestRowsSayOtherwise: an article whose row shows another headline or day than before is
// asked again at once, and once; none is when a list only words its rows in another way, or
// otherwise than another list.
func TestRowsSayOtherwise(t *testing.T) {
	const articles = 60
	s := newFakeSite(t, articles)
	plain := func(n int) (string, string) { return headline(n), day(n) }
	brief := func(n int) (string, string) { return fmt.Sprintf("Investors sign for plant %d", n), "2019-05-05" }
	only := func(which int, title, day string) func(n int) (string, string) {
		return func(n int) (string, string) {
			if n == which {
				return title, day
			}
			return plain(n)
		}
	}
	row := plain
	list := func(row *func(n int) (string, string)) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			var b strings.Builder
			for n := articles; n > 0; n-- {
				title, day := (*row)(n)
				fmt.Fprintf(&b, `<li><a href="/news/%d.html">%s</a> <span>%s</span></li>`, n, title, day)
			}
			write(w, r, "<html><body><ul>"+b.String()+"</ul></body></html>")
		}
	}
	s.handle("/news/", list(&row))
	s.handle("/brief/", list(&brief))
	b := newBench(t, s)
	b.site.Start = append(b.site.Start, s.URL+"/brief/")
	if got := b.run(); got.New != articles {
		t.Fatalf("first run: %+v", got)
	}
	const other = "Railway museum opens its doors in the old station"
	_, day7 := plain(7)
	_, day9 := plain(9)
	for _, tt := range []struct {
		name    string
		row     func(n int) (string, string)
		asked   int // of the articles that are not asked in every run
		changed int
	}{
		{"as before", plain, 0, 0},
		{"another article at the address", only(7, other, "2019-06-01"), 1, 1},
		{"still", only(7, other, "2019-06-01"), 0, 0},
		{"another day", only(7, other, "2019-06-02"), 1, 0},
		{"still", only(7, other, "2019-06-02"), 0, 0},
		{"back", only(7, other, "2019-06-01"), 0, 0},
		{"cut", only(9, "Project number 9 si…", day9), 0, 0},
		{"without a day", only(9, headline(9), ""), 0, 0},
		{"all in other words", func(n int) (string, string) { return "[News] " + headline(n), "2019-06-03" }, 0, 0},
		{"as at first", plain, 0, 0},
		{"another headline", only(7, "Railway museum closes its doors", day7), 1, 0},
		{"still", only(7, "Railway museum closes its doors", day7), 0, 0},
	} {
		row = tt.row
		if tt.changed > 0 {
			s.handle("/news/7.html", func(w http.ResponseWriter, r *http.Request) {
				write(w, r, strings.ReplaceAll(article(7, "<p>The museum shows engines of the last hundred years and is open on all days but Mondays.</p>"), headline(7), other))
			})
		}
		s.requests()
		got := b.run()
		asked := s.requests()
		n := 0
		for i := 1; i <= articles/2; i++ {
			n += asked[fmt.Sprintf("/news/%d.html", i)]
		}
		if n != tt.asked || got.Changed != tt.changed {
			t.Errorf("%s: asked for %d articles, %d changed; want %d and %d", tt.name, n, got.Changed, tt.asked, tt.changed)
		}
	}
	// A list that calls each day today does not have its articles asked for ever.
	total := 0
	for i := range 30 {
		row = only(5, headline(5), time.Date(2020, 1, 1+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
		s.requests()
		b.run()
		total += s.requests()["/news/5.html"]
	}
	if total == 0 || total > 16 {
		t.Errorf("an article that is called new each day was asked %d times in 30 runs, want 16 at most", total)
	}
}
