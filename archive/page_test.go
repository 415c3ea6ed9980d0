package archive_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"github.com/dossier-archive/dossier"
)

// sitePage makes a page of a template: much that repeats, a text of its own.
func sitePage(seed uint64) string {
	r := rand.New(rand.NewPCG(seed, 1))
	var b strings.Builder
	b.WriteString("<html><head><title>Site</title></head><body><div id=menu>")
	for i := range 200 {
		fmt.Fprintf(&b, `<a href="/column/%d/index.html" class="item-%d">Column %x</a>`+"\n", i, i*37%91, uint64(i)*2654435761)
	}
	b.WriteString("</div><div id=text>")
	for range 300 {
		fmt.Fprintf(&b, "<p>%x %x</p>\n", r.Uint64(), r.Uint64())
	}
	return b.String() + "</div></body></html>"
}

func TestPagesComeBackExactly(t *testing.T) {
	path := t.TempDir() + "/a.db"
	a := openAt(t, path)
	plain, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	const n = 20
	paths := make([]string, n)
	for i := range paths {
		paths[i] = fmt.Sprintf("/%d", i)
	}
	run := begin(t, a, "jilin", noon, paths...)
	pages := map[string]string{}
	alone := 0
	for i := range n {
		page := sitePage(uint64(i))
		task := next(t, a, run, noon)
		o := commit(t, a, visitWith(*task, noon, article(fmt.Sprint("Title ", i), fmt.Sprint("Body of ", i)), page))
		pages[o.Record] = page
		alone += len(plain.EncodeAll([]byte(page), nil))
	}
	for id, page := range pages {
		s, err := a.Snapshot(t.Context(), id, 0)
		if err != nil || !bytes.Equal(s.Body, []byte(page)) {
			t.Fatalf("page of %s differs: %v", id, err)
		}
	}
	db := raw(t, path)
	if stored := sum(t, db, "SELECT sum(length(body)) FROM pages"); float64(alone)/float64(stored) < 1.3 {
		t.Errorf("pages of one site take %d bytes, %d packed alone; want 1.3 times less", stored, alone)
	}
}

func TestChangedPageIsPackedWithTheOneBefore(t *testing.T) {
	path := t.TempDir() + "/a.db"
	a := openAt(t, path)
	run := begin(t, a, "jilin", noon, "/other", "/0")
	var id string
	for i := range 2 {
		task := next(t, a, run, noon)
		o := commit(t, a, visitWith(*task, noon, article(fmt.Sprint("Title ", i), fmt.Sprint("Text number ", i)), sitePage(uint64(i))))
		if strings.HasSuffix(task.URL, "/0") {
			id = o.Record
		}
	}
	var pages []string
	for i := range 3 {
		later := noon.AddDate(1+i, 0, 0)
		page := strings.Replace(sitePage(1), "</div></body>", fmt.Sprintf("<p>line %d</p></div></body>", i), 1)
		pages = append(pages, page)
		o := commit(t, a, visitWith(again(t, a, "jilin", "/0", later), later, article("Title", fmt.Sprint("Changed text ", i)), page))
		if o.Status != dossier.StatusChanged {
			t.Fatalf("change %d: got %+v", i, o)
		}
	}
	for i, page := range pages {
		s, err := a.Snapshot(t.Context(), id, i+2)
		if err != nil || string(s.Body) != page {
			t.Errorf("version %d: page differs (%v)", i+2, err)
		}
	}
	db := raw(t, path)
	if last := sum(t, db, "SELECT length(body) FROM pages ORDER BY id DESC LIMIT 1"); last > 1000 {
		t.Errorf("a change of one line takes %d bytes, want under 1000", last)
	}
	if n := sum(t, db, "SELECT count(*) FROM pages p JOIN pages b ON b.id = p.base WHERE b.base IS NOT NULL"); n != 0 {
		t.Errorf("%d pages are packed with a page that is itself packed with another", n)
	}
}

// A second process finds the dictionaries that the first one made.
func TestDictionariesOutliveTheProcess(t *testing.T) {
	path := t.TempDir() + "/a.db"
	for i := range 3 {
		a := openAt(t, path)
		run := begin(t, a, "jilin", noon, fmt.Sprintf("/%d", i))
		task := next(t, a, run, noon)
		commit(t, a, visitWith(*task, noon, article(fmt.Sprint("Title ", i), fmt.Sprint("Body of ", i)), sitePage(uint64(i))))
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if n := sum(t, raw(t, path), "SELECT count(*) FROM pages WHERE base IS NOT NULL"); n != 2 {
		t.Errorf("%d pages have a dictionary, want 2", n)
	}
}

func TestDamagedPageIsSaid(t *testing.T) {
	path := t.TempDir() + "/a.db"
	a := openAt(t, path)
	id := put(t, a, "jilin", noon, article("T", "B"))[0]
	if _, err := raw(t, path).Exec("UPDATE pages SET sha256 = x'00'"); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Snapshot(t.Context(), id, 0); !isDamaged(err) {
		t.Errorf("got %v, want ErrDamaged", err)
	}
}

// raw opens the file of an archive beside it.
func raw(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", path+"?_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func sum(t testing.TB, db *sql.DB, query string) int64 {
	t.Helper()
	var n int64
	if err := db.QueryRow(query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestHead: status line and headers are given back as they came; where only parsed
// headers are known, those.
func TestHead(t *testing.T) {
	a := openAt(t, t.TempDir()+"/a.db")
	run := begin(t, a, "zone", noon, numbered(3)...)
	for i, head := range []string{"HTTP/1.1 200 Fine\nx-lower: \xd6\xd0\r\nX-lower: 2\r\n\r\n", "", "HTTP/1.1 99 Odd\r\nA: 1\r\n\r\n"} {
		task := next(t, a, run, noon)
		v := visit(*task, noon, article(fmt.Sprint("Head ", i), fmt.Sprint("Words of the page ", i)))
		want := *v.Snapshot
		if head != "" {
			v.Snapshot.Head = []byte(head)
		}
		if i == 0 {
			want.Head, want.Header = v.Snapshot.Head, http.Header{"X-Lower": {"\xd6\xd0", "2"}}
		}
		got, err := a.Snapshot(t.Context(), commit(t, a, v).Record, 0)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("head %q (-want +got):\n%s", head, diff)
		}
	}
}
