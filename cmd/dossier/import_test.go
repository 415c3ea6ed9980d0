package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/archive/export"
	"github.com/dossier-archive/dossier/archive/warc"
	"github.com/dossier-archive/dossier/configs"
	"github.com/dossier-archive/dossier/crawler"
	"github.com/dossier-archive/dossier/pipeline"
)

var fetchedAt = time.Date(2019, 3, 4, 5, 6, 7, 0, time.UTC)

// textPage is a page of the text of article n, which has three, as another crawler keeps it.
func textPage(n, page int, at time.Time) dossier.Snapshot {
	name := func(page int) string {
		return map[bool]string{true: fmt.Sprintf("t%d_%d", n, page), false: fmt.Sprintf("t%d", n)}[page > 1]
	}
	pager, text := "", ""
	for i := 1; i <= 3; i++ {
		pager += fmt.Sprintf(`<a href="%s.html">%d</a> `, name(i), i)
		text += fmt.Sprintf("<p>Line %d of page %d says more of quay %d that the harbour administration opened on Friday.</p>", i, page, n)
	}
	address := "http://foreign.test/news/" + name(page) + ".html"
	return dossier.Snapshot{URL: address, FinalURL: address, FetchedAt: at, Status: 200, Proto: "HTTP/1.1",
		Head: []byte("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"),
		Body: fmt.Appendf(nil, "<html><head><title>Zone</title></head><body><h1>The harbour opens quay number %d</h1><p>Date: 2019-03-01 Source: Zone Daily</p><div class=content>%s</div><div class=page>%s</div></body></html>", n, text, pager)}
}

func foreignFile(t *testing.T, pages ...dossier.Snapshot) string {
	t.Helper()
	out, err := os.Create(filepath.Join(t.TempDir(), "x.warc"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	w, err := warc.NewPlainWriter(out, "another crawler", fetchedAt)
	if err != nil {
		t.Fatal(err)
	}
	for i := range pages {
		if _, _, err := w.Page(&pages[i]); err != nil {
			t.Fatal(err)
		}
	}
	return out.Name()
}

func importAs(t *testing.T, ar *archive.Archive, file string, sites ...*dossier.Site) archive.ImportReport {
	t.Helper()
	report, err := ar.ImportFile(t.Context(), file, importOf(ar, sites))
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func importOf(ar *archive.Archive, sites []*dossier.Site) archive.Import {
	c := &configs.Config{Timezone: time.UTC, Sites: sites}
	pages := newReader(c, ar)
	return archive.Import{
		Place: func(url string) (string, string, string, error) {
			at, err := crawler.ParseAddress("", url)
			return "zone", at.URL, at.Key, err
		},
		Refuses: refusals(c), IsPage: crawler.IsPage, Read: pages.foreign, GoOn: pages.goOn, Named: ownNames(c), IsCopy: pipeline.IsCopy}
}

func newArchive(t *testing.T) *archive.Archive {
	t.Helper()
	ar, err := archive.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), archive.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ar.Close() })
	return ar
}

// TestForeignTextInPages: pages of one text that another crawler kept as pages of their own
// become one record, in whatever order they stand in the file.
func TestForeignTextInPages(t *testing.T) {
	var all []dossier.Snapshot // first pages first, as a crawl in breadth does
	for page := 1; page <= 3; page++ {
		for n := range 70 {
			all = append(all, textPage(n, page, fetchedAt))
		}
	}
	backwards := slices.Clone(all)
	slices.Reverse(backwards)
	twice := append(slices.Clone(all), all...)
	for i := range all {
		twice[len(all)+i].FetchedAt = fetchedAt.AddDate(0, 1, 0)
	}
	for name, pages := range map[string][]dossier.Snapshot{"in order": all, "backwards": backwards, "twice": twice} {
		t.Run(name, func(t *testing.T) {
			ar := newArchive(t)
			file := foreignFile(t, pages...)
			for i := range 2 {
				got := importAs(t, ar, file)
				if got.Articles() != len(pages)/3 || got.New != 70*(1-i) || got.Changed != 0 || got.Duplicate != 0 || got.Passed != 0 {
					t.Errorf("import %d: %+v", i+1, got)
				}
			}
			n := 0
			for r, err := range ar.Records(t.Context(), archive.List{}) {
				if err != nil {
					t.Fatal(err)
				}
				n++
				if lines := strings.Count(r.Body, "\n") + 1; lines != 9 || r.Version != 1 || len(r.Parts) != 2 || r.Continued != "" || !strings.Contains(r.Body, "page 3 says") {
					t.Errorf("%s: version %d, parts %v, goes on at %q, %d lines", r.URL, r.Version, r.Parts, r.Continued, lines)
				}
			}
			if n != 70 {
				t.Errorf("%d records, want 70", n)
			}
			if v, err := ar.Verify(t.Context(), false); err != nil || !v.Whole() {
				t.Errorf("%+v, %v", v, err)
			}

			// A later file that lacks the further pages says nothing of them.
			later := textPage(5, 1, fetchedAt.AddDate(1, 0, 0))
			if got := importAs(t, ar, foreignFile(t, later)); got.Unchanged != 1 {
				t.Errorf("first page alone: %+v", got)
			}
		})
	}
}

// TestForeignTextThatLacksAPage: what is there of a text is its record, which names where it
// goes on, and the page behind the one that lacks is none.
func TestForeignTextThatLacksAPage(t *testing.T) {
	ar := newArchive(t)
	got := importAs(t, ar, foreignFile(t, textPage(5, 3, fetchedAt), textPage(5, 1, fetchedAt), textPage(6, 1, fetchedAt), textPage(6, 2, fetchedAt)))
	if got.New != 2 || got.Passed != 1 {
		t.Errorf("%+v", got)
	}
	for r, err := range ar.Records(t.Context(), archive.List{}) {
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]string{"t5.html": "http://foreign.test/news/t5_2.html", "t6.html": "http://foreign.test/news/t6_3.html"}[filepath.Base(r.URL)]
		if r.Continued != want {
			t.Errorf("%s goes on at %q, want %q", r.URL, r.Continued, want)
		}
	}
}

// TestForeignTextInSeveralFiles: pages of one text are put together though they stand in several
// files that are imported at once, and what stands in the place of one waits with it. A further page
// of a text that is archived is no record, whether the text has it or not.
func TestForeignTextInSeveralFiles(t *testing.T) {
	gone := textPage(5, 1, fetchedAt.AddDate(0, 0, 1))
	gone.Status, gone.Head = 404, []byte("HTTP/1.1 404 Not Found\r\n\r\n")
	file := func(n int) string { return foreignFile(t, textPage(5, n, fetchedAt)) }
	first := foreignFile(t, textPage(5, 1, fetchedAt), gone)
	for _, files := range [][]string{{first, file(2), file(3)}, {file(3), first, file(2)}} {
		ar := newArchive(t)
		for again := range 2 {
			importer := ar.Importer(importOf(ar, nil))
			for i, f := range files {
				last := i == len(files)-1
				got, err := importer.File(t.Context(), f, last)
				if err != nil || last != (got.Articles() == 1) || last != (got.Gone == 1) || last != (got.Waiting == 0) || got.Passed > 0 {
					t.Errorf("file %d, import %d: %+v, %v", i+1, again+1, got, err)
				}
			}
		}
		if got := importAs(t, ar, file(2)); got.Passed != 1 || got.New > 0 {
			t.Errorf("a part of it again: %+v", got)
		}
	}
	ar := newArchive(t)
	importAs(t, ar, first)
	if got := importAs(t, ar, file(2)); got.Passed != 1 || got.New > 0 {
		t.Errorf("a part that it lacks: %+v", got)
	}
	importer := ar.Importer(importOf(ar, nil))
	importer.File(t.Context(), file(3), false)
	importer.File(t.Context(), first, false)
	if got, err := importer.File(t.Context(), "none.warc", true); err == nil || got.Articles() != 1 {
		t.Errorf("before a file that is not there: %+v, %v", got, err)
	}
}

// TestForeignCopies: a page that names another address as its own is another name of the record there,
// wherever that stands in the files. Where it does not, or shows something else, the page is a record.
func TestForeignCopies(t *testing.T) {
	at := func(path string, n int, own string) dossier.Snapshot {
		p := textPage(n, 1, fetchedAt)
		p.URL, p.FinalURL = "http://foreign.test"+path, "http://foreign.test"+path
		p.Body = []byte(strings.Replace(string(p.Body), "<head>", `<head><link rel=canonical href="`+own+`">`, 1))
		return p
	}
	less := at("/print/5", 5, "/news/5")
	less.Body = []byte(strings.Replace(string(less.Body), "<div class=content>", "<div class=content><p>The harbour administration said this on its own pages.</p>", 1))
	for _, c := range []struct {
		pages []dossier.Snapshot
		want  []string // addresses of records
	}{
		{[]dossier.Snapshot{less, at("/news/5", 5, "/news/5")}, []string{"/news/5 also /print/5 canonical"}},
		{[]dossier.Snapshot{at("/news/5", 5, ""), less}, []string{"/news/5 also /print/5 canonical"}},
		{[]dossier.Snapshot{less}, []string{"/print/5"}},
		{[]dossier.Snapshot{less, at("/news/5", 6, "/news/5")}, []string{"/news/5", "/print/5"}},
	} {
		ar := newArchive(t)
		file := foreignFile(t, c.pages...)
		importAs(t, ar, file)
		if got := importAs(t, ar, file); got.New+got.Changed > 0 {
			t.Errorf("again: %+v", got)
		}
		var got []string
		for r, err := range ar.Records(t.Context(), archive.List{}) {
			if err != nil {
				t.Fatal(err)
			}
			aliases, err := ar.Aliases(t.Context(), r.ID)
			if err != nil {
				t.Fatal(err)
			}
			name := r.URL
			for _, al := range aliases {
				name += " also " + al.URL + " " + string(al.Reason)
			}
			got = append(got, strings.ReplaceAll(name, "http://foreign.test", ""))
		}
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("got %q, want %q", got, c.want)
		}
		if v, err := ar.Verify(t.Context(), false); err != nil || !v.Whole() {
			t.Errorf("%+v, %v", v, err)
		}
	}
}

// TestForeignCopiesOfBefore: what an older program imported as a repost is known again.
func TestForeignCopiesOfBefore(t *testing.T) {
	own, copied := textPage(5, 1, fetchedAt), textPage(5, 1, fetchedAt)
	copied.FinalURL = "http://foreign.test/print/5"
	copied.Body = []byte(strings.Replace(string(copied.Body), "<head>", "<head><link rel=canonical href='"+own.FinalURL+"'>", 1))
	file, ar := foreignFile(t, own, copied), newArchive(t)
	before := importOf(ar, nil)
	before.Named = nil
	importAs(t, ar, foreignFile(t, own))
	if got, err := ar.ImportFile(t.Context(), file, before); err != nil || got.Unchanged != 1 || got.Duplicate != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	importAs(t, ar, file)
	for r, err := range ar.Records(t.Context(), archive.List{}) {
		n := 0
		for range ar.RecordObservations(t.Context(), r.ID) {
			n++
		}
		if err != nil || n != 2 {
			t.Errorf("%d observations of %s, want 2; %v", n, r.URL, err)
		}
	}
}

// TestForeignPayloadDigest: a page whose payload digest is another one is imported and counted.
func TestForeignPayloadDigest(t *testing.T) {
	file := foreignFile(t, textPage(5, 1, fetchedAt), textPage(6, 1, fetchedAt))
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	bad := regexp.MustCompile("WARC-Payload-Digest: sha1:.").ReplaceAll(text[:len(text)/2], []byte("WARC-Payload-Digest: sha1:1"))
	if err := os.WriteFile(file, append(bad, text[len(text)/2:]...), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := importAs(t, newArchive(t), file); got.New != 2 || got.Payloads != 1 || got.Passed > 0 {
		t.Errorf("%+v", got)
	}
}

// TestForeignPagesOutOfScope: pages that a crawl of a configured site would not take become no
// records, but for those that are part of one, known, or in a file of this program.
func TestForeignPagesOutOfScope(t *testing.T) {
	named := &dossier.Site{ID: "zone", Start: []string{"http://foreign.test/"}, Articles: []*regexp.Regexp{regexp.MustCompile(`/t\d+\.html$`)}, Exclude: []*regexp.Regexp{regexp.MustCompile(`/t9\.`)}}
	bare := &dossier.Site{ID: "zone", Start: named.Start}
	at := func(n int, address string) dossier.Snapshot {
		p := textPage(n, 1, fetchedAt)
		p.Body = regexp.MustCompile(`(?s)<div class=page>.*?</div>`).ReplaceAll(p.Body, nil)
		p.URL, p.FinalURL = address, address
		return p
	}
	pages := []dossier.Snapshot{textPage(1, 1, fetchedAt), textPage(1, 2, fetchedAt), textPage(1, 3, fetchedAt),
		at(2, "http://foreign.test/about.html"), at(3, "http://ads.test/t3.html"), at(9, "http://foreign.test/t9.html"), at(4, "http://foreign.test/t4.html")}
	file := foreignFile(t, pages...)
	for _, c := range []struct {
		site        *dossier.Site
		want, taken int
	}{{named, 2, 3}, {bare, 4, 1}, {&dossier.Site{ID: "other"}, 5, 0}} {
		ar := newArchive(t)
		for i := range 2 {
			if got := importAs(t, ar, file, c.site); got.New != c.want*(1-i) || got.Articles() != c.want || got.Passed != c.taken {
				t.Errorf("%s, import %d: %+v; want %d articles", c.site.ID, i+1, got, c.want)
			}
		}
	}
	ar := newArchive(t)
	importAs(t, ar, file)
	if got := importAs(t, ar, file, named); got.Unchanged != 5 || got.Passed != 0 {
		t.Errorf("known: %+v", got)
	}
	own := filepath.Join(t.TempDir(), "own.warc")
	out, err := os.Create(own)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if _, err := export.WritePlainWARC(out, ar.Captures(t.Context(), archive.Query{}), "test"); err != nil {
		t.Fatal(err)
	}
	if got := importAs(t, newArchive(t), own, named); got.New != 5 || got.Passed != 0 {
		t.Errorf("of this program: %+v", got)
	}
}

// foreignPage is an answer of a server to another crawler.
func foreignPage(name string, day int, page string) dossier.Snapshot {
	address := "http://foreign.test/news/" + name
	return dossier.Snapshot{URL: address, FinalURL: address, FetchedAt: fetchedAt.AddDate(0, 0, day), Status: 200, Proto: "HTTP/1.1",
		Head: []byte("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"), Body: []byte(page)}
}

// TestForeignPagesThatAreNone: what a crawl refuses in the place of an article is no version.
func TestForeignPagesThatAreNone(t *testing.T) {
	for name, c := range map[string]struct{ page, want string }{
		"not found": {`<html><head><title>提示</title></head><body><h1>您访问的页面不存在</h1><p>对不起，您访问的页面不存在或已被删除。</p></body></html>`, "gone not_found_text"},
		"challenge": {`<html><head><title>Just a moment...</title></head><body><h1>Checking your browser before accessing</h1><p>DDoS protection by Cloudflare. Ray ID: 123</p></body></html>`, "failed challenge"},
		"login":     {`<html><head><title>用户登录</title></head><body><h1>用户登录</h1><form><input name="u"><input type="password"></form><p>请输入用户名和密码登录后查看内容。</p></body></html>`, "failed login"},
		"fault":     {`<html><head><title>系统维护中</title></head><body><h1>系统维护中</h1><p>系统正在维护升级，请稍后再试。给您带来的不便敬请谅解。</p></body></html>`, "failed error_text"},
		"no text":   {`<html><head><title></title></head><body></body></html>`, "failed text_gone"},
	} {
		t.Run(name, func(t *testing.T) {
			ar := newArchive(t)
			file := foreignFile(t, textPage(1, 1, fetchedAt), foreignPage("t1.html", 9, c.page), foreignPage("other.html", 9, c.page))
			for i := range 2 {
				if got := importAs(t, ar, file); got.New != 1-i || got.Changed != 0 || got.Gone+got.Failed != 1 || got.Passed != 1 {
					t.Errorf("import %d: %+v", i+1, got)
				}
			}
			for r, err := range ar.Records(t.Context(), archive.List{}) {
				if err != nil || r.Version != 1 {
					t.Errorf("%s: version %d, %v", r.URL, r.Version, err)
				}
				var last archive.Observation
				for o, err := range ar.RecordObservations(t.Context(), r.ID) {
					if err != nil {
						t.Fatal(err)
					}
					last = o
				}
				if got := fmt.Sprint(last.Outcome.Status, " ", last.Outcome.Reason); got != c.want || last.Outcome.Detail != "imported" {
					t.Errorf("%+v, want %s", last, c.want)
				}
			}
		})
	}
}

// TestDamagedRecordsAreCounted: of many records that could not be read for one reason the first
// are told of one by one.
func TestDamagedRecordsAreCounted(t *testing.T) {
	for _, c := range []struct {
		each bool
		want int
	}{{false, maxTold + 1}, {true, 30}} {
		var lines []string
		p := passedOver{file: "x.warc", say: func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }, each: c.each, reasons: map[string]int{}, told: map[string]int{}}
		for i := range 30 {
			p.add(archive.Passed{Offset: int64(i), Type: "response", URL: "http://a.test/", Reason: "it is cut off", Damaged: true})
		}
		p.sum()
		if last := lines[len(lines)-1]; len(lines) != c.want || !c.each && last != "passed over in x.warc: 10 further records: it is cut off" {
			t.Errorf("verbose %v: %d lines, the last is %q", c.each, len(lines), last)
		}
	}
}
