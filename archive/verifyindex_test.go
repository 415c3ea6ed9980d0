package archive_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
)

// indexed is the path of an archive of sixty articles.
func indexed(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "a.db")
	a := openAt(t, path)
	arts := make([]dossier.Article, 60)
	for i := range arts {
		arts[i] = prose(i)
	}
	put(t, a, "zone", noon, arts...)
	a.Close()
	return path
}

// TestRepairOfTheSearchIndex changes one byte of what the index is stored in, at many
// places, some of which only the check of the file sees: one repair mends each.
func TestRepairOfTheSearchIndex(t *testing.T) {
	alone(t)
	whole := indexed(t)
	bytes, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	seen, tries := 0, 25
	for range tries {
		path := filepath.Join(t.TempDir(), "b.db")
		if err := os.WriteFile(path, bytes, 0o600); err != nil {
			t.Fatal(err)
		}
		db := raw(t, path)
		table := []string{"search_data", "search_data", "search_docsize"}[r.IntN(3)]
		column := map[string]string{"search_data": "block", "search_docsize": "sz"}[table]
		var id int64
		var block []byte
		if err := db.QueryRow(fmt.Sprintf("SELECT id, %s FROM %s ORDER BY id LIMIT 1 OFFSET abs($1) %% (SELECT count(*) FROM %[2]s)", column, table), r.IntN(1<<30)).Scan(&id, &block); err != nil {
			t.Fatal(err)
		}
		at := r.IntN(len(block))
		block[at] ^= byte(1 + r.IntN(255))
		if _, err := db.Exec(fmt.Sprintf("UPDATE %s SET %s = $1 WHERE id = $2", table, column), block, id); err != nil {
			t.Fatal(err)
		}
		what := fmt.Sprintf("byte %d of row %d of %s", at, id, table)
		found := damage(t, path, false)
		if len(found) > 0 {
			seen++
		}
		mended := damage(t, path, true)
		if len(found) > 0 && len(mended) == 0 || slices.ContainsFunc(mended, func(d string) bool { return !strings.HasSuffix(d, " true") }) {
			t.Errorf("%s: found %q, the repair said %q", what, found, mended)
		}
		if left := damage(t, path, false); len(left) > 0 {
			t.Errorf("%s: after the repair %q", what, left)
		}
	}
	if seen < tries*3/5 {
		t.Errorf("%d of %d changes were seen", seen, tries)
	}
}

// TestWrongSizeInTheSearchIndex: a size in the index that is not true makes SQLite say that
// there is no memory. It is damage of the index alone.
func TestWrongSizeInTheSearchIndex(t *testing.T) {
	path := indexed(t)
	lieAboutASize(t, path)
	r := openAt(t, path)
	if err := r.Check(t.Context()); !isDamaged(err) {
		t.Errorf("check: %v, want ErrDamaged", err)
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	made, err := r.Backup(t.Context(), copied, false)
	if err != nil || len(made.Damage) != 1 {
		t.Errorf("backup: %+v, %v, want a copy and the damage of the index", made, err)
	}
	r.Close()
	for _, file := range []string{path, copied} {
		if found := damage(t, file, false); len(found) == 0 {
			t.Error("verify finds nothing")
		}
		mended := damage(t, file, true)
		if len(mended) == 0 || slices.ContainsFunc(mended, func(d string) bool { return !strings.HasPrefix(d, "index ") || !strings.HasSuffix(d, " true") }) {
			t.Errorf("the repair said %q", mended)
		}
		if left := damage(t, file, false); len(left) > 0 {
			t.Errorf("after the repair %q", left)
		}
	}
}

// lieAboutASize changes a bit of the search index so that SQLite then says that there
// is no memory.
func lieAboutASize(t *testing.T, path string) {
	t.Helper()
	db := raw(t, path)
	db.SetMaxOpenConns(1)
	defer db.Close()
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		var id int64
		var block []byte
		if err := db.QueryRow("SELECT id, block FROM search_data WHERE id > 10 ORDER BY id LIMIT 1 OFFSET $1 % (SELECT count(*) FROM search_data WHERE id > 10)", r.IntN(1<<30)).Scan(&id, &block); err != nil {
			t.Fatal(err)
		}
		change := func(bit int) {
			block[bit/8] ^= 1 << (bit % 8)
			if _, err := db.Exec("UPDATE search_data SET block = $1 WHERE id = $2", block, id); err != nil {
				t.Fatal(err)
			}
		}
		bit := r.IntN(8 * len(block))
		change(bit)
		var line string
		if err := db.QueryRow("PRAGMA integrity_check").Scan(&line); err != nil && strings.Contains(err.Error(), "out of memory") {
			return
		}
		change(bit)
	}
	t.Fatal("no change makes SQLite say so")
}

// TestWordsOfTheSearchIndex: where one word stands for another in the index, its numbers and
// the words that are looked for do not tell.
func TestWordsOfTheSearchIndex(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	a := openAt(t, path)
	put(t, a, "zone", noon, article("Title", "the longestword of one small text here"), article("Other", "nothing of it is in that other one"))
	a.Close()
	for _, found := range [][]string{damage(t, path, false), damageWhileWritten(t, path, "lively")} {
		if len(found) > 0 {
			t.Fatalf("whole: %q", found)
		}
	}
	db := raw(t, path)
	db.SetMaxOpenConns(1) // of the temporary table
	for _, stmt := range []string{
		"CREATE TEMP TABLE was AS SELECT doc FROM records WHERE seq = 1",
		"DELETE FROM search WHERE rowid = (SELECT doc FROM was)",
		"INSERT INTO search (rowid, title, body, author, source, site) SELECT doc, 'title', 'the longestword of one small page here', '', '', 'x x' FROM was",
	} {
		if _, err := db.Exec(stmt); err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Join(damageWhileWritten(t, path, "busy"), "; "); got != "index  false" {
		t.Errorf("while another writes: found %q", got)
	}
	for _, want := range []string{"index  false", "index  true", ""} {
		if got := strings.Join(damage(t, path, want == "index  true"), "; "); got != want {
			t.Errorf("found %q, want %q", got, want)
		}
	}
}

// damageWhileWritten is damage while another process archives.
func damageWhileWritten(t *testing.T, path, site string) []string {
	t.Helper()
	stop, done := make(chan struct{}), make(chan struct{})
	w := openAt(t, path)
	arts := many(5000)
	run := begin(t, w, site, noon, numbered(len(arts))...)
	go func() {
		defer close(done)
		for i := range arts {
			select {
			case <-stop:
				return
			default:
				commit(t, w, visit(*next(t, w, run, noon), noon, arts[i]))
			}
		}
	}()
	found := damage(t, path, false)
	close(stop)
	<-done
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return found
}
