package archive_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dossier-archive/dossier"
)

// TestAliasesThatObservationsProve: other addresses of records that vanish or stand for another
// reason are found, and put back as the observations say.
func TestAliasesThatObservationsProve(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	a := openAt(t, path)
	text := article("Plant opens", "A plant was opened.")
	id := put(t, a, "jilin", noon, text)[0]
	put(t, a, "hubei", noon.Add(time.Hour), text)
	copied := begin(t, a, "jilin", noon.Add(2*time.Hour), "/print")
	v := visit(*next(t, a, copied, noon.Add(2*time.Hour)), noon.Add(2*time.Hour), text)
	v.Outcome = dossier.Outcome{Status: dossier.StatusDuplicate, Reason: dossier.ReasonCanonical, Record: id}
	v.Article, v.Snapshot = nil, nil
	commit(t, a, v)
	want := addressesOf(t, a)
	a.Close()
	if len(want) != 4 {
		t.Fatalf("%q, want a record, its version and two other addresses", want)
	}
	for _, bad := range []string{
		"DELETE FROM addresses WHERE reason = 'repost'", "DELETE FROM addresses WHERE reason != ''", "DELETE FROM addresses",
		"UPDATE addresses SET reason = 'redirect' WHERE reason = 'repost'", "UPDATE addresses SET reason = 'redirect' WHERE reason = 'canonical'",
	} {
		if _, err := raw(t, path).Exec(bad); err != nil {
			t.Fatal(err)
		}
		if found := damage(t, path, false); len(found) == 0 {
			t.Errorf("%s: not found", bad)
		}
		damage(t, path, true)
		if left := damage(t, path, false); len(left) > 0 {
			t.Errorf("%s: left after a repair: %q", bad, left)
		}
		a := openAt(t, path)
		if got := addressesOf(t, a); !slices.Equal(got, want) {
			t.Errorf("%s: put back\n%s\nwant\n%s", bad, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		a.Close()
	}
}
