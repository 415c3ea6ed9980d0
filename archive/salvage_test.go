package archive_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

// TestSalvage overwrites parts of an archive. Verify names what it can, and a
// salvage keeps every text that it can read as it was.
func TestSalvage(t *testing.T) {
	alone(t)
	whole := filepath.Join(t.TempDir(), "whole.db")
	a := openAt(t, whole)
	put(t, a, "jilin", noon, many(200)...)
	texts := map[string]string{}
	for r, err := range a.Records(t.Context(), archive.List{}) {
		if err != nil {
			t.Fatal(err)
		}
		texts[r.ID] = r.SHA256
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	const pageSize = 4096
	r := rand.New(rand.NewPCG(3, 4))
	for try := range 30 {
		damaged := slices.Clone(file)
		var hit []string
		for range 1 + try%3 {
			n := 12 + r.IntN(len(file)/pageSize-12) // not of the schema
			for i := n * pageSize; i < (n+1)*pageSize; i++ {
				damaged[i] = byte(r.IntN(256)) * byte(try%2)
			}
			hit = append(hit, fmt.Sprint(n))
		}
		name := fmt.Sprintf("pages %s of the file", strings.Join(hit, ", "))
		dir := t.TempDir()
		path := filepath.Join(dir, "a.db")
		if err := os.WriteFile(path, damaged, 0o644); err != nil {
			t.Fatal(err)
		}
		b, err := archive.OpenReader(t.Context(), path)
		if err != nil {
			t.Logf("%s: %v", name, err)
			continue
		}
		v, err := b.Verify(t.Context(), false)
		if err != nil || v.Whole() {
			t.Errorf("%s: verify found %d kinds of damage, %v", name, len(v.Damage), err)
		}
		got, err := b.Salvage(t.Context(), filepath.Join(dir, "rescued.db"))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		b.Close()
		c, err := archive.OpenReader(t.Context(), filepath.Join(dir, "rescued.db"))
		if err != nil {
			t.Fatal(err)
		}
		kept := 0
		for r, err := range c.Records(t.Context(), archive.List{}) {
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if r.SHA256 == texts[r.ID] && archive.ContentDigest(r.Article) == r.SHA256 {
				kept++
			}
		}
		if kept < len(texts)-60 || kept < len(texts) && len(got.Lost) == 0 && try%2 == 0 {
			t.Errorf("%s: %d of %d records are as they were; lost: %q", name, kept, len(texts), got.Lost)
		}
		if _, err := c.Verify(t.Context(), false); err != nil {
			t.Errorf("%s: verify of the copy: %v", name, err)
		}
		c.Close()
	}
}

// TestSalvageWithoutMigrations: what only says which migrations were made is not needed
// to read the rest.
func TestSalvageWithoutMigrations(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	a := openAt(t, path)
	put(t, a, "jilin", noon, many(20)...)
	a.Close()
	var page int64
	if err := raw(t, path).QueryRow("SELECT rootpage FROM sqlite_schema WHERE name = 'goose_db_version'").Scan(&page); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt(make([]byte, 4096), (page-1)*4096); err != nil {
		t.Fatal(err)
	}
	f.Close()
	b, err := archive.OpenReader(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if v, err := b.Verify(t.Context(), false); err != nil || v.Whole() || v.Records != 20 {
		t.Errorf("%+v, %v", v, err)
	}
	if got, err := b.Salvage(t.Context(), path+".rescued"); err != nil || got.Records != 20 || len(got.Lost) > 0 {
		t.Errorf("%+v, %v", got, err)
	}
	if got := damage(t, path+".rescued", false); got != nil {
		t.Errorf("the copy: %q", got)
	}
}

// TestVerifyAddresses: a record whose address is missing among all addresses, or
// another one there, is found and put right.
func TestVerifyAddresses(t *testing.T) {
	for _, forged := range []string{
		"DELETE FROM addresses WHERE url LIKE '%/1'",
		"UPDATE records SET url = 'http://evil.test/' WHERE url LIKE '%/1'",
		"UPDATE addresses SET url = 'http://evil.test/' WHERE url LIKE '%/1'",
	} {
		path := filepath.Join(t.TempDir(), "a.db")
		a := openAt(t, path)
		ids := put(t, a, "jilin", noon, many(3)...)
		if _, err := raw(t, path).Exec(forged); err != nil {
			t.Fatal(err)
		}
		found, err := a.Verify(t.Context(), false)
		if err != nil || len(found.Damage) != 1 || found.Damage[0].Kind != archive.DamagedAddress || found.Damage[0].What != ids[1] {
			t.Errorf("%s: %+v, %v; want one damaged address of %s", forged, found.Damage, err, ids[1])
		}
		if repaired, err := a.Verify(t.Context(), true); err != nil || !repaired.Whole() {
			t.Errorf("%s: repair: %+v, %v", forged, repaired.Damage, err)
		}
		if after, err := a.Verify(t.Context(), false); err != nil || len(after.Damage) != 0 {
			t.Errorf("%s: afterwards: %+v, %v", forged, after.Damage, err)
		}
		if r, err := a.Record(t.Context(), ids[1]); err != nil || r.URL != "http://jilin.test/1" {
			t.Errorf("%s: %s, %v", forged, r.URL, err)
		}
	}
}

// TestVerifyAddressOfAnother: an own address that stands as a second one of another record
// goes back to its record, once.
func TestVerifyAddressOfAnother(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	a := openAt(t, path)
	ids := put(t, a, "jilin", noon, many(3)...)
	a.Close()
	const all = "SELECT group_concat(a.url || ' ' || a.record || a.reason) FROM (SELECT * FROM addresses ORDER BY key) a"
	var before, after string
	if err := raw(t, path).QueryRow(all).Scan(&before); err != nil {
		t.Fatal(err)
	}
	if _, err := raw(t, path).Exec("UPDATE addresses SET record = 3 WHERE url LIKE '%/1'"); err != nil {
		t.Fatal(err)
	}
	missing, other := "address "+ids[1], "address "+ids[2]
	if got, want := damage(t, path, false), []string{missing + " false", other + " false"}; !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
	if got, want := damage(t, path, true), []string{missing + " true"}; !slices.Equal(got, want) {
		t.Errorf("repair: found %q, want %q", got, want)
	}
	if got := damage(t, path, false); len(got) > 0 {
		t.Errorf("afterwards: %q", got)
	}
	if err := raw(t, path).QueryRow(all).Scan(&after); err != nil || after != before {
		t.Errorf("addresses are %s, want %s; %v", after, before, err)
	}
}

// TestSalvageOfTruncated: of an archive that is cut short is kept what stands before
// the cut, and nothing beside it is left behind.
func TestSalvageOfTruncated(t *testing.T) {
	alone(t)
	whole := filepath.Join(t.TempDir(), "a.db")
	a := openAt(t, whole)
	put(t, a, "jilin", noon, many(200)...)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	tooShort := filepath.Join(t.TempDir(), "c.db")
	if err := os.WriteFile(tooShort, file[:200], 0o644); err != nil {
		t.Fatal(err)
	}
	scratch := t.TempDir()
	if _, err := archive.OpenDamaged(t.Context(), tooShort, scratch); !errors.Is(err, archive.ErrDamaged) || !strings.Contains(err.Error(), tooShort) || strings.Contains(err.Error(), scratch) {
		t.Errorf("of 200 bytes: %v; want an error that names the file and no other", err)
	}
	for _, share := range []int{70, 90, 99} {
		dir := t.TempDir()
		path := filepath.Join(dir, "a.db")
		cut := file[:len(file)*share/100]
		if err := os.WriteFile(path, cut, 0o644); err != nil {
			t.Fatal(err)
		}
		b, err := archive.OpenDamaged(t.Context(), path, dir)
		if err != nil {
			t.Fatalf("%d %%: %v", share, err)
		}
		rescued := filepath.Join(dir, "rescued.db")
		got, err := b.Salvage(t.Context(), rescued, readPage(false))
		if err := errors.Join(err, b.Close()); err != nil {
			t.Fatalf("%d %%: %v", share, err)
		}
		t.Logf("%d %%: %d of 200 records, lost %q", share, got.Records, got.Lost)
		if got.Records < 180 && share >= 90 || len(got.Lost) == 0 {
			t.Errorf("%d %%: %d of 200 records, lost %q", share, got.Records, got.Lost)
		}
		damage(t, rescued, true)
		if left := damage(t, rescued, false); slices.ContainsFunc(left, func(d string) bool { return strings.HasPrefix(d, "file") || strings.HasPrefix(d, "index") }) {
			t.Errorf("%d %%: the rescued archive has %q", share, left)
		}
		if now, err := os.ReadFile(path); err != nil || !slices.Equal(now, cut) {
			t.Errorf("%d %%: the damaged file has changed, %v", share, err)
		}
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if strings.HasPrefix(e.Name(), ".") {
				t.Errorf("%d %%: %s is left", share, e.Name())
			}
		}
	}
}

// TestSalvageWithoutRobots: a table that can be made again costs nothing else.
func TestSalvageWithoutRobots(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	a := openAt(t, path)
	put(t, a, "jilin", noon, many(5)...)
	if err := a.PutRobots(t.Context(), dossier.RobotsFile{Origin: "http://jilin.test", Status: 200, FetchedAt: noon}); err != nil {
		t.Fatal(err)
	}
	if _, err := raw(t, path).Exec("ALTER TABLE robots RENAME COLUMN origin TO o2igin"); err != nil {
		t.Fatal(err)
	}
	got, err := a.Salvage(t.Context(), filepath.Join(t.TempDir(), "rescued.db"))
	if err != nil || got.Records != 5 || len(got.Lost) != 1 || !strings.Contains(got.Lost[0], "the table robots") {
		t.Errorf("%+v, %v, want 5 records without the table robots", got, err)
	}
}

// TestSalvageWhileCrawling: all tables are read as they are at one moment.
func TestSalvageWhileCrawling(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	a := openAt(t, path)
	arts := many(400)
	run := begin(t, a, "jilin", noon, numbered(len(arts))...)
	crawl := func(n int) {
		for range n {
			task := next(t, a, run, noon)
			var i int
			if _, err := fmt.Sscanf(task.URL, "http://jilin.test/%d", &i); err != nil {
				t.Error(err)
				return
			}
			commit(t, a, visit(*task, noon, arts[i]))
		}
	}
	crawl(200)
	b, err := archive.OpenAsIs(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	done := make(chan struct{})
	go func() { defer close(done); crawl(200) }()
	rescued := filepath.Join(t.TempDir(), "rescued.db")
	got, err := b.Salvage(t.Context(), rescued)
	<-done
	if err != nil || len(got.Lost) > 0 {
		t.Errorf("%q lost, %v, want nothing lost", got.Lost, err)
	}
	if found := damage(t, rescued, false); len(found) > 0 {
		t.Errorf("the copy: %q", found)
	}
}

// TestSalvageOfDamagedRows: rows that can be read and are not as they were stored are
// copied, and said.
func TestSalvageOfDamagedRows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	a := openAt(t, path)
	ids := put(t, a, "jilin", noon, many(5)...)
	db := raw(t, path)
	for _, stmt := range []string{"UPDATE versions SET body = 'forged' WHERE record = 2", "UPDATE pages SET body = x'00' WHERE id = (SELECT page FROM versions WHERE record = 4)"} {
		if _, err := db.Exec(stmt); err != nil {
			t.Fatal(err)
		}
	}
	got, err := a.Salvage(t.Context(), filepath.Join(t.TempDir(), "rescued.db"))
	if err != nil || got.Records != 5 || len(got.Damage) != 2 {
		t.Fatalf("%+v, %v, want 5 records, of which two are damaged", got, err)
	}
	for i, want := range []string{archive.DamagedPage + " " + ids[3] + "@1", archive.DamagedVersion + " " + ids[1] + "@1"} {
		if d := got.Damage[i]; d.Kind+" "+strings.Join(d.Affects, " ") != want {
			t.Errorf("got %+v, want %s", d, want)
		}
	}
}
