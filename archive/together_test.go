package archive_test

import (
	"path/filepath"
	"sync"
	"testing"

	"github.com/dossier-archive/dossier/archive"
)

// TestMadeTogether: several that open an archive that is not there yet, at the same time, all get it.
func TestMadeTogether(t *testing.T) {
	for round := range 6 {
		path := filepath.Join(t.TempDir(), "a.db")
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				a, err := archive.Open(t.Context(), path, archive.Options{Create: true})
				if err != nil {
					t.Errorf("round %d: %v", round, err)
					return
				}
				if err := a.Close(); err != nil {
					t.Errorf("round %d: close: %v", round, err)
				}
			})
		}
		all.Wait()
	}
}
