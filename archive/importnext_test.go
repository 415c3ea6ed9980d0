package archive_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

// ordersOf are all orders of n things.
func ordersOf(n int) (out [][]int) {
	if n == 0 {
		return [][]int{nil}
	}
	for _, order := range ordersOf(n - 1) {
		for at := range n {
			out = append(out, slices.Insert(slices.Clone(order), at, n-1))
		}
	}
	return out
}

// textsInTime are the texts of the versions of the one record of an archive, in the order of
// their times.
func textsInTime(t *testing.T, a *archive.Archive) (texts string) {
	t.Helper()
	n := 0
	for r, err := range a.Records(t.Context(), archive.List{}) {
		if n++; err != nil || n > 1 {
			t.Fatalf("record %d: %v", n, err)
		}
		list, err := a.Versions(t.Context(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		slices.SortStableFunc(list, func(a, b dossier.Version) int { return a.Created.Compare(b.Created) })
		for _, v := range list {
			texts += strings.TrimSpace(v.Article.Body)[:1]
		}
	}
	return texts
}

// readAnywhereCounted reads pages with and without a counter in their text.
func readAnywhereCounted(ctx context.Context, site string, s *dossier.Snapshot) (dossier.Article, error) {
	art, err := readPage(false)(ctx, site, s)
	art.Body = strings.ReplaceAll(art.Body, counter, "")
	return art, err
}

// TestVersionsThatFollowEachOtherDiffer: whatever order captures come in, no version has the text
// of the one before it in time, and those of captures in the order of their times are there.
func TestVersionsThatFollowEachOtherDiffer(t *testing.T) {
	im := archive.Import{Place: place, IsPage: isPage, Read: readAnywhereCounted}
	for _, c := range []struct{ texts, want string }{{"ABB", "AB"}, {"ABA", "ABA"}, {"AAB", "AB"}, {"ABBA", "ABA"}, {"ABBC", "ABC"}} {
		t.Run(c.texts, func(t *testing.T) {
			if testing.Short() && len(c.texts) > 3 {
				t.Skip("many orders")
			}
			for _, counted := range []string{"", counter} {
				for _, order := range ordersOf(len(c.texts)) {
					path := filepath.Join(t.TempDir(), "a.db")
					a := openAt(t, path)
					var before []string
					for range 2 {
						for _, i := range order {
							file := answersOf(t, answered{path: "/0", at: noon.AddDate(0, 0, 10*i), status: 200, text: c.texts[i:i+1] + strings.Repeat(counted, i)})
							if _, err := a.ImportFile(t.Context(), file, im); err != nil {
								t.Fatal(err)
							}
						}
						rows := rowsOf(t, path)
						if before != nil && !slices.Equal(before, rows) {
							t.Errorf("%v: the second time changes something", order)
						}
						before = rows
					}
					got := textsInTime(t, a)
					for i := 1; i < len(got); i++ {
						if got[i] == got[i-1] {
							t.Errorf("%v: versions %s", order, got)
						}
					}
					if slices.IsSorted(order) && got != c.want {
						t.Errorf("in order: versions %s, want %s", got, c.want)
					}
					if v, err := a.Verify(t.Context(), false); err != nil || !v.Whole() {
						t.Errorf("%v: %+v, %v", order, v, err)
					}
				}
			}
			source := open(t)
			for i := range c.texts {
				at := noon.AddDate(0, 0, 10*i)
				crawlShown(t, source, at, 1, func(_ int, task dossier.Task) dossier.Visit {
					return visit(task, at, article("T", c.texts[i:i+1]))
				})
			}
			files := captureFiles(t, source)
			for _, order := range ordersOf(len(files)) {
				a := open(t)
				for _, i := range order {
					if _, err := a.ImportFile(t.Context(), files[i], im); err != nil {
						t.Fatal(err)
					}
				}
				if got := textsInTime(t, a); got != c.want {
					t.Errorf("of this program, %v: versions %s, want %s", order, got, c.want)
				}
			}
		})
	}
}

// TestOlderCaptureOfTheNextVersion: it moves back when the record was seen first, and is no
// version.
func TestOlderCaptureOfTheNextVersion(t *testing.T) {
	a := open(t)
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	id := put(t, a, "jilin", day(20), article("Plant opens", "B text."))[0]
	for i, want := range []archive.ImportReport{{Changed: 1}, {Unchanged: 1}, {Unchanged: 1}} {
		file := warcOf(t, fetched{"/0", day([]int{1, 10, 1}[i]), []string{"A text.", "B text.", "A text."}[i]})
		got, err := a.ImportFile(t.Context(), file, archive.Import{Place: place, IsPage: isPage, Read: readPage(false)})
		if want.Records = 2; err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("import %d: %+v, %v; want %+v", i+1, got, err, want)
		}
	}
	if r, err := a.Record(t.Context(), id); err != nil || r.Body != "B text." || !r.FirstSeen.Equal(day(1)) || r.Version != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}
