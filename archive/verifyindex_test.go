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

// TestRepairOfTheSearchIndex changes one byte of what the index is stored in, at many
// places, some of which only the check of the file sees: one repair mends each.
func TestRepairOfTheSearchIndex(t *testing.T) {
	whole := filepath.Join(t.TempDir(), "a.db")
	a := openAt(t, whole)
	arts := make([]dossier.Article, 60)
	for i := range arts {
		arts[i] = prose(i)
	}
	put(t, a, "zone", noon, arts...)
	a.Close()
	bytes, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	seen := 0
	for range 25 {
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
	if seen < 15 {
		t.Errorf("%d of 25 changes were seen", seen)
	}
}
