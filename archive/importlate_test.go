package archive_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/archive/warc"
)

// seenAgain is a record that says that a page was seen again as it was.
func seenAgain(path, of, text string, at time.Time) string {
	digest := warc.Digest([]byte("<html><h1>Plant opens</h1><p>" + text + "</p></html>"))
	return fmt.Sprintf("WARC/1.1\r\nWARC-Type: revisit\r\nWARC-Record-ID: <urn:x:%s%s>\r\nWARC-Date: %s\r\nWARC-Target-URI: http://jilin.test%s\r\nWARC-Payload-Digest: %s\r\n"+
		"WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest\r\nWARC-Refers-To-Target-URI: http://jilin.test%s\r\nContent-Length: 0\r\n\r\n\r\n\r\n",
		path, at.Format("02"), at.Format(time.RFC3339), path, digest, of)
}

// joined writes files and records behind each other.
func joined(t *testing.T, parts ...string) string {
	t.Helper()
	path, out := newWARC(t)
	defer out.Close()
	for _, part := range parts {
		if strings.HasPrefix(part, "/") {
			file, err := os.ReadFile(part)
			if err != nil {
				t.Fatal(err)
			}
			part = string(file)
		}
		if _, err := out.WriteString(part); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// TestRevisitsBeforeTheirPages: what says that a page was seen again may stand before it.
func TestRevisitsBeforeTheirPages(t *testing.T) {
	day := func(n int) time.Time { return noon.AddDate(0, 0, n-1) }
	page := func() string { return answersOf(t, answered{"/0", day(1), 200, "One text.", ""}) }
	for name, c := range map[string]struct {
		parts []string
		want  archive.ImportReport
		seen  []string
	}{
		"before": {[]string{seenAgain("/0", "/0", "One text.", day(9)), seenAgain("/0", "/0", "One text.", day(4)), page()}, archive.ImportReport{Records: 4, New: 1, Unchanged: 2},
			[]string{"/0 01 new 200 imported", "/0 04 unchanged 200 imported", "/0 09 unchanged 200 imported"}},
		"behind": {[]string{page(), seenAgain("/0", "/0", "One text.", day(9))}, archive.ImportReport{Records: 3, New: 1, Unchanged: 1},
			[]string{"/0 01 new 200 imported", "/0 09 unchanged 200 imported"}},
		"of another page": {[]string{seenAgain("/0", "/0", "Another text.", day(9)), page()}, archive.ImportReport{Records: 3, New: 1, Passed: 1},
			[]string{"/0 01 new 200 imported", "a revisit of a page that neither this file nor the archive has"}},
		"of another address": {[]string{page(), seenAgain("/7", "/0", "One text.", day(9))}, archive.ImportReport{Records: 3, New: 1, Passed: 1},
			[]string{"/0 01 new 200 imported", "a revisit of a page of another address"}},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.db")
			im, reasons := imJudged, []string{}
			im.Passed = func(p archive.Passed) { reasons = append(reasons, p.Reason) }
			got := importsTwice(t, path, joined(t, c.parts...), im)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.seen, append(sightsOf(t, openAt(t, path)), reasons[:len(reasons)/2]...)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestRevisitsOfPagesThatAreNotKept: the page has the text of a record in other bytes, of which the
// archive keeps the first.
func TestRevisitsOfPagesThatAreNotKept(t *testing.T) {
	im := archive.Import{Place: place, IsPage: isPage, Read: readAnywhereCounted}
	text := "One text." + counter
	for _, last := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "a.db")
		a := openAt(t, path)
		id := put(t, a, "jilin", noon, article("Plant opens", "One text."))[0]
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		parts := []string{answersOf(t, answered{"/0", noon.AddDate(0, 0, 1), 200, text, ""}), seenAgain("/0", "/0", text, noon.AddDate(0, 0, 2))}
		if last {
			parts[0], parts[1] = parts[1], parts[0]
		}
		if got := importsTwice(t, path, joined(t, parts...), im); got.Unchanged != 2 || got.Passed != 0 {
			t.Errorf("%+v", got)
		}
		if r, err := openAt(t, path).Record(t.Context(), id); err != nil || !r.LastSeen.Equal(noon.AddDate(0, 0, 2)) || r.Version != 1 {
			t.Errorf("%+v, %v", r, err)
		}
	}
}

// TestRedirectsOfWebArchives: an address that leads to a record's is another name of it.
func TestRedirectsOfWebArchives(t *testing.T) {
	day := func(n int) time.Time { return noon.AddDate(0, 0, n-1) }
	good := answered{"/0", day(5), 200, "One text.", ""}
	for name, c := range map[string]struct {
		answers []answered
		aliases []string
		passed  int
	}{
		"before the page":    {[]answered{{"/old", day(4), 301, "", "/0"}, good}, []string{"/old redirect 04 04"}, 0},
		"behind it, twice":   {[]answered{good, {"/old", day(8), 302, "", "http://jilin.test/0"}, {"/old", day(6), 308, "", "/0"}}, []string{"/old redirect 06 08"}, 0},
		"over another":       {[]answered{{"/old", day(4), 303, "", "/older"}, {"/older", day(4), 307, "", "/0"}, good}, []string{"/old redirect 04 04", "/older redirect 04 04"}, 0},
		"to no record":       {[]answered{good, {"/old", day(8), 301, "", "/7"}}, nil, 1},
		"to itself":          {[]answered{good, {"/old", day(8), 301, "", "/old"}}, nil, 1},
		"in a circle":        {[]answered{good, {"/old", day(8), 301, "", "/older"}, {"/older", day(8), 301, "", "/old"}}, nil, 2},
		"without an address": {[]answered{good, {"/old", day(8), 301, "", ""}}, nil, 1},
		"not modified":       {[]answered{good, {"/old", day(8), 304, "", "/0"}}, nil, 1},
		"of a record":        {[]answered{good, {"/1", day(3), 200, "Another text.", ""}, {"/1", day(8), 301, "", "/0"}}, nil, 1},
		"and then not there": {[]answered{{"/old", day(2), 404, "", ""}, {"/old", day(4), 301, "", "/0"}, good}, []string{"/old redirect 04 04"}, 0},
		"of a repost":        {[]answered{good, {"/2", day(6), 200, "One text.", ""}, {"/2", day(8), 301, "", "/0"}}, []string{"/2 repost 06 06"}, 1},
		"to a repost":        {[]answered{good, {"/2", day(6), 200, "One text.", ""}, {"/old", day(8), 301, "", "/2"}}, []string{"/2 repost 06 06", "/old redirect 08 08"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.db")
			got := importsTwice(t, path, answersOf(t, c.answers...), imJudged)
			var list []string
			a := openAt(t, path)
			for r, err := range a.Records(t.Context(), archive.List{}) {
				if err != nil {
					t.Fatal(err)
				}
				aliases, err := a.Aliases(t.Context(), r.ID)
				if err != nil {
					t.Fatal(err)
				}
				for _, al := range aliases {
					list = append(list, fmt.Sprint(strings.TrimPrefix(al.URL, "http://jilin.test"), " ", al.Reason, " ", al.FirstSeen.Format("02"), " ", al.LastSeen.Format("02")))
				}
			}
			if diff := cmp.Diff(c.aliases, list); diff != "" || got.Passed != c.passed || (got.Aliases > 0) != strings.Contains(fmt.Sprint(list), string(dossier.ReasonRedirect)) {
				t.Errorf("%+v (-want +got):\n%s", got, diff)
			}
		})
	}
}
