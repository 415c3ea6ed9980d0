package archive_test

import (
	"strings"
	"testing"
)

// TestVerifyReferences: what points to nothing is found, and mended where the rest of the
// archive says what it pointed to. What is lost is said to be that at each time.
func TestVerifyReferences(t *testing.T) {
	whole, _ := observed(t)
	for _, c := range []struct {
		forged string
		mended bool
		check  string // 1 when it is
	}{
		{"UPDATE frontier SET record = 77 WHERE id = 2", true, "SELECT count(*) FROM frontier WHERE id = 2 AND record = 1"},
		{"UPDATE addresses SET record = 77 WHERE record = 1", true, "SELECT count(*) FROM addresses WHERE record = 1"},
		{"UPDATE observations SET page = 77 WHERE id = 2", true, "SELECT count(*) FROM observations WHERE id = 2 AND page = 1 AND doubt = ''"},
		{"UPDATE observations SET record = 77 WHERE id = 2", true, "SELECT count(*) FROM observations WHERE id = 2 AND record = 1 AND doubt = ''"},
		{"DELETE FROM pages", false, "SELECT count(*) = 0 FROM observations WHERE page IS NOT NULL OR doubt != ''"},
		{"DELETE FROM frontier WHERE id = 2", false, "SELECT 1"},
	} {
		path := copied(t, whole)
		if !forge(t, path, c.forged) {
			t.Fatal(c.forged)
		}
		if got := damage(t, path, false); len(got) == 0 {
			t.Errorf("%s: nothing found", c.forged)
		}
		if got := damage(t, path, true); strings.Contains(strings.Join(got, "\n"), "false") == c.mended {
			t.Errorf("%s: repair: %q, want mended %v", c.forged, got, c.mended)
		}
		if got := damage(t, path, false); len(got) > 0 == c.mended {
			t.Errorf("%s: afterwards: %q", c.forged, got)
		}
		if n := sum(t, raw(t, path), c.check); n != 1 {
			t.Errorf("%s: %s is %d, want 1", c.forged, c.check, n)
		}
	}
}
