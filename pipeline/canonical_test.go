package pipeline_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// TestOldAddressNamesTheNew: a record whose own address goes on to show the article and names
// another one as its own moves there, and the article is one record when it is amended. Where
// that address names the old one in turn, or leads to it, the record stays.
func TestOldAddressNamesTheNew(t *testing.T) {
	const added = "<p>Correction: the opening of the plant has been put off to the next spring.</p>"
	for _, tt := range []struct {
		name    string
		listed  string // where the list leads after the move
		further func(s *fakeSite, n int, w http.ResponseWriter, r *http.Request, page string)
		want    string // the address of the records
	}{
		{"list leads to the new ones", "/moved/%d.html", nil, "/moved/%d.html"},
		{"list leads to the old ones", "/news/%d.html", nil, "/moved/%d.html"},
		{"each names the other", "/news/%d.html", func(s *fakeSite, n int, w http.ResponseWriter, r *http.Request, page string) {
			write(w, r, strings.ReplaceAll(page, "/moved/", "/news/"))
		}, "/news/%d.html"},
		{"the new one leads back", "/news/%d.html", func(s *fakeSite, n int, w http.ResponseWriter, r *http.Request, page string) {
			http.Redirect(w, r, fmt.Sprintf("/news/%d.html", n), http.StatusMovedPermanently)
		}, "/news/%d.html"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newFakeSite(t, 4)
			b := newBench(t, s)
			if got := b.run(); got.New != 4 {
				t.Fatalf("first run: %+v", got)
			}
			more := map[int]string{}
			page := func(n int) string {
				return strings.Replace(article(n, paragraphs(n)+more[n]), fmt.Sprintf(`href="/news/%d.html"`, n), fmt.Sprintf(`href="/moved/%d.html"`, n), 1)
			}
			rows := ""
			var want []string
			for n := 4; n > 0; n-- {
				s.handle(fmt.Sprintf("/news/%d.html", n), func(w http.ResponseWriter, r *http.Request) { write(w, r, page(n)) })
				s.handle(fmt.Sprintf("/moved/%d.html", n), func(w http.ResponseWriter, r *http.Request) {
					if tt.further != nil {
						tt.further(s, n, w, r, page(n))
						return
					}
					write(w, r, page(n))
				})
				rows += fmt.Sprintf(`<li><a href="`+tt.listed+`">%s</a> <span>%s</span></li>`, n, headline(n), day(n))
				want = append(want, fmt.Sprintf(tt.want, n))
			}
			s.handle("/news/", func(w http.ResponseWriter, r *http.Request) {
				write(w, r, "<html><body><ul>"+rows+"</ul></body></html>")
			})
			for run := 2; run < 5; run++ {
				got := b.run()
				if got.New+got.Changed+got.Failed > 0 {
					t.Errorf("run %d: %+v, want nothing new", run, got)
				}
				if got := b.paths(s); !slices.Equal(sorted(got), sorted(want)) {
					t.Fatalf("run %d: records at %v, want %v", run, got, want)
				}
			}
			more[2] = added
			changed := 0
			for run := 5; run < 7; run++ {
				got := b.run()
				changed += got.Changed
				if got.New+got.Failed > 0 {
					t.Errorf("run %d: %+v, want no record", run, got)
				}
			}
			// What only the old address shows first is found when the new one is due.
			if got := b.paths(s); changed != 1 && (tt.listed == tt.want || tt.further != nil) || len(got) != 4 {
				t.Errorf("records at %v, %d changed; want the four, and one", got, changed)
			}
			if v, err := b.arch.Verify(t.Context(), false); err != nil || !v.Whole() {
				t.Errorf("the archive is not whole: %+v, %v", v, err)
			}
		})
	}
}

func sorted(list []string) []string {
	slices.Sort(list)
	return list
}
