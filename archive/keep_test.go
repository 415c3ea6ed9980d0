package archive_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/archive/export"
)

// readPage reads what visit wrote; upper gives another reading.
func readPage(upper bool) archive.ReadFunc {
	return func(_ context.Context, _ string, s *dossier.Snapshot) (dossier.Article, error) {
		page := string(s.Body)
		title, rest, _ := strings.Cut(strings.TrimPrefix(page, "<html><h1>"), "</h1><p>")
		art := article(title, strings.TrimSuffix(rest, "</p></html>"))
		if upper {
			art.Title = strings.ToUpper(art.Title)
		}
		return art, nil
	}
}

func many(n int) []dossier.Article {
	out := make([]dossier.Article, n)
	for i := range out {
		out[i] = article(fmt.Sprintf("Title %d", i), fmt.Sprintf("Body %d has a text of its own, number %d.", i, i*7919))
	}
	return out
}

func TestRereadMakesMarkedVersions(t *testing.T) {
	a := open(t)
	ids := put(t, a, "jilin", noon, many(10)...)
	same, err := a.Reread(t.Context(), archive.Reread{Read: readPage(false)})
	if diff := cmp.Diff(archive.RereadReport{Read: 10, Unchanged: 10}, same); err != nil || diff != "" {
		t.Errorf("same rules: %v (-want +got):\n%s", err, diff)
	}
	var changes []archive.RereadChange
	dry := archive.Reread{Read: readPage(true), DryRun: true, Change: func(c archive.RereadChange) { changes = append(changes, c) }}
	if r, err := a.Reread(t.Context(), dry); err != nil || r.Changed != 10 || len(changes) != 10 || changes[0].Fields[0].Field != "title" {
		t.Errorf("dry run: %+v, %v, %d changes", r, err, len(changes))
	}
	if r, _ := a.Record(t.Context(), ids[3]); r.Version != 1 {
		t.Fatalf("a dry run wrote version %d", r.Version)
	}
	if _, err := a.Reread(t.Context(), archive.Reread{Read: readPage(true)}); err != nil {
		t.Fatal(err)
	}
	versions, err := a.Versions(t.Context(), ids[3])
	if err != nil || len(versions) != 2 {
		t.Fatalf("%d versions, %v; want 2", len(versions), err)
	}
	if versions[0].Article.Title != "Title 3" || versions[1].Article.Title != "TITLE 3" || versions[0].Origin != "crawl" || versions[1].Origin != "reread" {
		t.Errorf("versions: %+v", versions)
	}
	// The page is as it was, so the next crawl sees no change.
	later := noon.AddDate(1, 0, 0)
	if o := commit(t, a, visit(again(t, a, "jilin", "/3", later), later, many(4)[3])); o.Status != dossier.StatusUnchanged {
		t.Errorf("crawl after rereading: %+v, want unchanged", o)
	}
}

func TestRereadResumes(t *testing.T) {
	a := open(t)
	put(t, a, "jilin", noon, many(600)...)
	ctx, cancel := context.WithCancel(t.Context())
	job := archive.Reread{Rules: "v2", Read: readPage(true)}
	seen := 0
	job.Change = func(archive.RereadChange) {
		if seen++; seen == 300 {
			cancel()
		}
	}
	first, err := a.Reread(ctx, job)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want it to be interrupted", err)
	}
	job.Change = nil
	second, err := a.Reread(t.Context(), job)
	if err != nil || !second.Resumed || second.Changed != 600 || first.Changed >= 600 || first.Changed == 0 {
		t.Errorf("first %+v, then %+v, %v; want the second to complete 600", first, second, err)
	}
	for r, err := range a.Records(t.Context(), archive.List{}) {
		if err != nil || r.Version != 2 {
			t.Fatalf("%s has version %d (%v), want 2", r.ID, r.Version, err)
		}
	}
}

func TestVerify(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	a := openAt(t, path)
	ids := put(t, a, "jilin", noon, many(20)...)
	check := func(repair bool, want ...string) archive.Verification {
		t.Helper()
		v, err := a.Verify(t.Context(), repair, readPage(false))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, d := range v.Damage {
			got = append(got, fmt.Sprintf("%s %v %v", d.Kind, d.Affects, d.Repaired))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("damage (-want +got):\n%s\n%+v", diff, v.Damage)
		}
		return v
	}
	if v := check(false); v.Records != 20 || v.Versions != 20 || v.Pages != 20 || !v.Whole() {
		t.Errorf("intact archive: %+v", v)
	}
	db := raw(t, path)
	exec := func(stmt string, args ...any) {
		t.Helper()
		if _, err := db.Exec(stmt, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec("UPDATE versions SET body = 'forged' WHERE record = (SELECT seq FROM records WHERE id = $1)", ids[5])
	exec("UPDATE pages SET body = x'00' WHERE id = (SELECT page FROM versions v JOIN records r ON r.seq = v.record WHERE r.id = $1)", ids[19])
	exec("DELETE FROM search WHERE rowid = (SELECT doc FROM records WHERE id = $1)", ids[7])
	// Another text of as many words stands in the index for this one.
	other, err := a.Record(t.Context(), ids[9])
	if err != nil {
		t.Fatal(err)
	}
	words := func(s string) string { return strings.TrimSpace(strings.Repeat("word ", len(strings.Fields(s)))) }
	exec("DELETE FROM search WHERE rowid = (SELECT doc FROM records WHERE id = $1)", ids[9])
	exec("INSERT INTO search (rowid, title, body, author, source, site) SELECT doc, $1, $2, $3, $4, site FROM records WHERE id = $5",
		words(other.Title), words(other.Body), "", "", ids[9])
	version, page := fmt.Sprintf("version [%s@1] ", ids[5]), fmt.Sprintf("page [%s@1] false", ids[19])
	if v := check(false, page, version+"false", fmt.Sprintf("index [%s %s %s] false", ids[5], ids[7], ids[9])); v.Whole() {
		t.Error("a damaged archive is called whole")
	}
	check(true, page, version+"true", fmt.Sprintf("index [%s %s] true", ids[7], ids[9]))
	check(false, page)
	hits, _, err := a.Search(t.Context(), archive.Search{Query: archive.Query{Text: `title:"title 7"`}})
	if err != nil || len(hits) != 1 {
		t.Errorf("search after repair: %d hits, %v", len(hits), err)
	}
}

func TestBackup(t *testing.T) {
	dir := t.TempDir()
	a := openAt(t, filepath.Join(dir, "a.db"))
	put(t, a, "jilin", noon, many(30)...)
	copied := filepath.Join(dir, "copy.db")
	if err := os.MkdirAll(filepath.Join(dir, ".dossier-backup-77", "of one that was killed"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := backup(t, a, copied, false); err != nil {
		t.Fatal(err)
	}
	if err := backup(t, a, copied, false); !errors.Is(err, fs.ErrExist) {
		t.Errorf("second backup: %v, want ErrExist", err)
	}
	if err := backup(t, a, copied, true); err != nil {
		t.Errorf("backup that replaces: %v", err)
	}
	b := openAt(t, copied)
	if v, err := b.Verify(t.Context(), false); err != nil || v.Records != 30 || !v.Whole() {
		t.Errorf("the copy: %+v, %v", v, err)
	}
	left, err := filepath.Glob(filepath.Join(dir, ".dossier*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if err := backup(t, a, filepath.Join(dir, "no", "copy.db"), false); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("backup into no folder: %v", err)
	}
	if err := backup(t, a, filepath.Join(dir, "a.db"), true); err == nil || !strings.Contains(err.Error(), "archive itself") {
		t.Errorf("backup into the archive: %v", err)
	}
}

func TestPrune(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	a := openAt(t, path)
	id := put(t, a, "jilin", noon, article("T", "First text of it."))[0]
	later := noon.AddDate(1, 0, 0)
	commit(t, a, visit(again(t, a, "jilin", "/0", later), later, article("T", "Second text.")))
	if p, err := a.Prune(t.Context(), archive.Policy{}); err != nil || p != (archive.Pruned{}) {
		t.Errorf("no policy: %+v, %v; want nothing", p, err)
	}
	policy := archive.Policy{PagesBefore: later, ObservationsBefore: later.Add(time.Hour), DryRun: true}
	r, err := archive.OpenReader(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	dry, err := r.Prune(t.Context(), policy)
	if err != nil || dry.Pages != 1 || dry.Observations == 0 {
		t.Errorf("dry run: %+v, %v", dry, err)
	}
	if _, err := a.Snapshot(t.Context(), id, 1); err != nil {
		t.Fatalf("a dry run removed a page: %v", err)
	}
	policy.DryRun, policy.Compact = false, true
	if p, err := a.Prune(t.Context(), policy); err != nil || p != dry {
		t.Errorf("prune: %+v, %v; want %+v", p, err, dry)
	}
	if _, err := a.Snapshot(t.Context(), id, 1); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("page of version 1: %v, want ErrNotFound", err)
	}
	if s, err := a.Snapshot(t.Context(), id, 2); err != nil || !strings.Contains(string(s.Body), "Second") {
		t.Errorf("page of version 2: %v", err)
	}
	versions, err := a.Versions(t.Context(), id)
	if err != nil || versions[0].Article.Body != "First text of it." {
		t.Errorf("the text of version 1 is lost: %v", err)
	}
}

// TestPruneOfDictionaries: a page that only its successor is packed with can go, one that
// many are packed with stays, and that is said.
func TestPruneOfDictionaries(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	a := openAt(t, path)
	page := func(n, version int) string {
		return strings.Replace(sitePage(uint64(n)), "</body>", fmt.Sprint(version, "</body>"), 1)
	}
	store := func(at time.Time, task dossier.Task, n, version int) string {
		return commit(t, a, visitWith(task, at, article(fmt.Sprint("Title ", n), fmt.Sprintf("Text %d of %d.", version, n)), page(n, version))).Record
	}
	const articles = 8
	ids := make([]string, articles)
	later := noon.AddDate(1, 0, 0)
	for version, at := range []time.Time{noon, later} {
		run := begin(t, a, "jilin", at, numbered(articles)...)
		for range articles {
			task := next(t, a, run, at)
			n := int(task.URL[len(task.URL)-1] - '0')
			ids[n] = store(at, *task, n, version+1)
		}
	}
	dry, err := a.Prune(t.Context(), archive.Policy{PagesBefore: later, DryRun: true})
	if err != nil {
		t.Fatal(err)
	}
	got, err := a.Prune(t.Context(), archive.Policy{PagesBefore: later})
	if got != dry {
		t.Errorf("the dry run counted %+v, and there were %+v", dry, got)
	}
	if err != nil || got.Pages < articles-2 || got.Pages+got.Kept != articles {
		t.Errorf("%+v, %v", got, err)
	}
	for n, id := range ids {
		if s, err := a.Snapshot(t.Context(), id, 2); err != nil || string(s.Body) != page(n, 2) {
			t.Errorf("page of %s: %v", id, err)
		}
	}
	a.Close()
	if left := damage(t, path, false); left != nil {
		t.Errorf("afterwards: %q", left)
	}
}

// TestForgottenSimilar: what is known of similar texts is compared with the texts,
// and made again.
func TestForgottenSimilar(t *testing.T) {
	words := func(i int) string {
		return fmt.Sprintf("The zone signed contracts with forty companies of the city on a day in spring. Their plants make parts number %d for trains and cars and give work to many people in the province.", i)
	}
	for _, forget := range []string{"DELETE FROM similar", "DELETE FROM bands", "DELETE FROM sketches", "DELETE FROM bands WHERE band = (SELECT min(band) FROM bands)",
		"UPDATE sketches SET hashes = x'00' WHERE record = 2"} {
		path := filepath.Join(t.TempDir(), "a.db")
		a := openAt(t, path)
		ids := put(t, a, "jilin", noon, article("One", words(1)), article("Two", words(2)), article("Other", "A text about something else that has words enough to be compared with others of its kind."))
		before, err := a.Similar(t.Context(), ids[0])
		if err != nil || len(before) != 1 {
			t.Fatalf("similar: %v, %v", before, err)
		}
		a.Close()
		if got := damage(t, path, false); got != nil {
			t.Fatalf("before: %q", got)
		}
		if _, err := raw(t, path).Exec(forget); err != nil {
			t.Fatal(err)
		}
		if got := damage(t, path, false); len(got) != 1 || !strings.HasPrefix(got[0], "index d") {
			t.Errorf("%s: found %q", forget, got)
		}
		damage(t, path, true)
		if got := damage(t, path, false); got != nil {
			t.Errorf("%s: after the repair %q", forget, got)
		}
		after, err := openAt(t, path).Similar(t.Context(), ids[0])
		if diff := cmp.Diff(before, after); err != nil || diff != "" {
			t.Errorf("%s: %v (-before +after the repair):\n%s", forget, err, diff)
		}
	}
}

// TestLostSketches keep no crawl and no repair from going on.
func TestLostSketches(t *testing.T) {
	words := "The zone signed contracts with forty companies of the city on a day in spring. Their plants make parts number %d for trains and cars and give work to many people in the province."
	path := filepath.Join(t.TempDir(), "a.db")
	a := openAt(t, path)
	put(t, a, "jilin", noon, article("One", fmt.Sprintf(words, 1)), article("Two", fmt.Sprintf(words, 2)))
	a.Close()
	for _, lose := range []string{"DELETE FROM sketches", "UPDATE versions SET body = 'other words' WHERE record = 2"} {
		if _, err := raw(t, path).Exec(lose); err != nil {
			t.Fatal(err)
		}
	}
	a = openAt(t, path)
	put(t, a, "mirror", noon, article("Three", fmt.Sprintf(words, 3)))
	if _, err := a.Verify(t.Context(), true, readPage(false)); err != nil {
		t.Fatal(err)
	}
	a.Close()
	if got := damage(t, path, false); got != nil {
		t.Errorf("after the repair: %q", got)
	}
}

func TestSimilar(t *testing.T) {
	a := open(t)
	bulletin := func(figure string) dossier.Article {
		return article("Quarterly bulletin of the province", "In the first quarter the output of the province rose by "+figure+" percent against the year before, the statistical office said, with industry and trade both growing faster than in the last year.")
	}
	ids := put(t, a, "jilin", noon, bulletin("5.1"), bulletin("6.2"), article("Another thing", "A text that has nothing to do with the others, about a new port on the coast and its railway."))
	if ids[0] == ids[1] {
		t.Fatal("two bulletins with different figures became one record")
	}
	for i, other := range []int{1, 0} {
		got, err := a.Similar(t.Context(), ids[i])
		if err != nil || len(got) != 1 || got[0].ID != ids[other] || got[0].URL == "" || got[0].Title == "" || got[0].Score < 0.6 || got[0].Score >= 1 {
			t.Errorf("similar to %d: %+v, %v", i, got, err)
		}
	}
	if got, err := a.Similar(t.Context(), ids[2]); err != nil || len(got) != 0 {
		t.Errorf("similar to another text: %+v, %v", got, err)
	}
}

// The fast ways to write give what the plain one gives.
func TestWriteQuery(t *testing.T) {
	a := corpus(t)
	for _, format := range []string{"jsonl", "csv", "json"} {
		for _, q := range []archive.Query{{}, {Text: "招商"}} {
			var fast, slow bytes.Buffer
			n, err := export.WriteQuery(t.Context(), &fast, format, a, q, export.Options{})
			m, slowErr := export.Write(t.Context(), &slow, format, a.Records(t.Context(), archive.List{Query: q}), export.Options{})
			if err != nil || slowErr != nil || n != m || n == 0 {
				t.Errorf("%s %+v: %d, %v and %d, %v", format, q, n, err, m, slowErr)
			}
			if diff := cmp.Diff(slow.String(), fast.String()); diff != "" {
				t.Errorf("%s %+v (-plain +fast):\n%s", format, q, diff)
			}
		}
	}
}

// The index of a sound archive is called sound in every script, with marks that
// are no words, and with characters that no tokenizer knows.
func TestVerifyReadsScripts(t *testing.T) {
	a := open(t)
	var arts []dossier.Article
	for _, s := range [][2]string{
		{"标题，一二", "正文。结束，好"}, {"A´b ´ c", "text ´ end ´"}, {"título", "cafe´ x"}, {"هذا", "نص عربي مُشَكَّل"},
		{"हिन्दी समाचार", "यह एक समाचार है"}, {"ไทย", "ข่าวประชาสัมพันธ์ น้ำ"}, {"가나", "다라 마바"}, {"½ ℃ ㎡", "№5 ①"}, {"😀", "emoji 😀"},
		{"x", "Ⅷ \ue000 y"}, {"x", "𠮷野家 㐀"}, {"x", "ｶﾞ ガ"}, {"a", "i̇ İstanbul ß ŉ ǰ"}, {"´", "´"}, {`a "b`, `c" AND d`}, {"“引号”", "《书名》、顿号；一二三四五六七。"},
	} {
		arts = append(arts, article(s[0], s[1]))
	}
	for i := range 30 {
		arts = append(arts, prose(i))
	}
	put(t, a, "jilin", noon, arts...)
	if v, err := a.Verify(t.Context(), false); err != nil || !v.Whole() {
		t.Errorf("%+v, %v", v.Damage, err)
	}
}

// TestBackupsAtOnce: of two that write to one name, one does.
func TestBackupsAtOnce(t *testing.T) {
	a := open(t)
	put(t, a, "jilin", noon, many(30)...)
	copied := filepath.Join(t.TempDir(), "copy.db")
	errs := make([]error, 4)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() { _, errs[i] = a.Backup(t.Context(), copied, false) })
	}
	all.Wait()
	made := 0
	for _, err := range errs {
		if err == nil {
			made++
		} else if !errors.Is(err, fs.ErrExist) {
			t.Errorf("got %v, want ErrExist", err)
		}
	}
	if made != 1 {
		t.Errorf("%d backups were made, want 1", made)
	}
}
