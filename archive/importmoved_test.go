package archive_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dossier-archive/dossier/archive"
)

// addressesOf are the records of an archive by their addresses, with their versions and
// other addresses.
func addressesOf(t *testing.T, a *archive.Archive) (out []string) {
	t.Helper()
	for r, err := range a.Records(t.Context(), archive.List{}) {
		if err != nil {
			t.Fatal(err)
		}
		list, err := a.Versions(t.Context(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprint(r.URL, " now ", r.Body, " seen ", r.FirstSeen, " ", r.LastSeen))
		for _, v := range list {
			out = append(out, fmt.Sprint(r.URL, " ", v.Created, " ", v.Article.Body))
		}
		aliases, err := a.Aliases(t.Context(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, al := range aliases {
			out = append(out, fmt.Sprint(r.URL, " also ", al.URL, " ", al.Reason, " ", al.FirstSeen, " ", al.LastSeen))
		}
	}
	slices.Sort(out)
	return out
}

// TestMovedRecordsOfWebArchives: a record that has moved is at its new address when it went
// through a file, with all versions, whatever the order of its captures.
func TestMovedRecordsOfWebArchives(t *testing.T) {
	const (
		old   = "http://zone.test/8.html"
		fresh = "http://zone.test/8new.html"
		last  = "http://zone.test/8last.html"
	)
	const one, two, three = "The plant has twelve halls.", "The plant has thirteen halls.", "The plant has fourteen halls."
	im := archive.Import{IsPage: isPage, Read: readPage(false),
		Place: func(url string) (site, clean, key string, err error) { return "zone", url, url, nil }}
	for name, runs := range map[string][]served{
		"moved":                     {{old: one}, {old: one}, {old: "-> " + fresh, fresh: one}},
		"changed, moved":            {{old: one}, {old: one}, {old: two}, {old: two}, {old: "-> " + fresh, fresh: two}},
		"moved and changed at once": {{old: one}, {old: "-> " + fresh, fresh: two}},
		"moved, changed and back":   {{old: one}, {old: two}, {old: "-> " + fresh, fresh: two}, {old: "-> " + fresh, fresh: three}, {old: "-> " + fresh, fresh: one}},
		"moved twice":               {{old: one}, {old: two}, {old: "-> " + fresh, fresh: three}, {old: "-> " + last, fresh: "-> " + last, last: three}},
		"the old name is dead":      {{old: one}, {old: two}, {old: two, fresh: two}, {fresh: two}, {fresh: three}},
	} {
		t.Run(name, func(t *testing.T) {
			source := open(t)
			for i, site := range runs {
				crawlServed(t, source, noon.AddDate(0, i, 0), slices.Sorted(maps.Keys(site)), site)
			}
			want := addressesOf(t, source)
			if text := strings.Join(want, "\n"); strings.Count(text, " now ") != 1 || !strings.Contains(text, " also "+old) {
				t.Fatalf("it has not moved: %q", want)
			}
			path := filepath.Join(t.TempDir(), "a.db")
			a, file := openAt(t, path), exported(t, source)
			var before []string
			for i := range 2 {
				if _, err := a.ImportFile(t.Context(), file, im); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, addressesOf(t, a)); diff != "" {
					t.Errorf("import %d (-want +got):\n%s", i+1, diff)
				}
				rows := rowsOf(t, path)
				if diff := cmp.Diff(before, rows); i > 0 && diff != "" {
					t.Errorf("the second import changes (-was +is):\n%s", diff)
				}
				before = rows
			}
			if v, err := a.Verify(t.Context(), false); err != nil || !v.Whole() {
				t.Errorf("%+v, %v", v, err)
			}

			// In any order, and where an archive has seen it before.
			files := captureFiles(t, source)
			for seed := range uint64(few(5, 2)) {
				r := rand.New(rand.NewPCG(seed, 1))
				a := open(t)
				if seed == 0 {
					crawlServed(t, a, noon, []string{old}, runs[0])
				}
				for i := range 2 {
					if seed > 0 || i > 0 {
						r.Shuffle(len(files), func(i, j int) { files[i], files[j] = files[j], files[i] })
					}
					for _, file := range files {
						if _, err := a.ImportFile(t.Context(), file, im); err != nil {
							t.Fatal(err)
						}
					}
				}
				without := func(list []string) (out []string) { // since when and why an address is another one depends on the order
					for _, line := range list {
						if address, alias, ok := strings.Cut(line, " also "); ok {
							alias, _, _ = strings.Cut(alias, " ")
							line = address + " also " + alias
						}
						out = append(out, line)
					}
					return out
				}
				if diff := cmp.Diff(without(want), without(addressesOf(t, a))); diff != "" {
					t.Errorf("%d: in another order (-want +got):\n%s", seed, diff)
				}
				if v, err := a.Verify(t.Context(), false); err != nil || !v.Whole() {
					t.Errorf("%d: %+v, %v", seed, v, err)
				}
			}
		})
	}
}

// TestMovedOnMeanwhile: a file that is older than what an archive knows does not move a record
// back.
func TestMovedOnMeanwhile(t *testing.T) {
	const old, fresh, last = "http://zone.test/8.html", "http://zone.test/8new.html", "http://zone.test/8last.html"
	im := archive.Import{IsPage: isPage, Read: readPage(false),
		Place: func(url string) (site, clean, key string, err error) { return "zone", url, url, nil }}
	a := open(t)
	day := func(n int) time.Time { return noon.AddDate(0, n, 0) }
	crawlServed(t, a, day(0), []string{old}, served{old: "A text."})
	crawlServed(t, a, day(1), []string{old, fresh}, served{old: "-> " + fresh, fresh: "A text."})
	file := exported(t, a)
	crawlServed(t, a, day(2), []string{old, fresh}, served{old: "-> " + last, fresh: "-> " + last, last: "A text."})
	want := addressesOf(t, a)
	if _, err := a.ImportFile(t.Context(), file, im); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, addressesOf(t, a)); diff != "" || !strings.HasPrefix(want[0], last) {
		t.Errorf("of %q (-want +got):\n%s", want, diff)
	}
}
