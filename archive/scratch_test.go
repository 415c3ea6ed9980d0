package archive_test

import (
	"os"
	"testing"

	"github.com/dossier-archive/dossier/archive"
)

// TestScratchThatIsRemoved: what another process removes before it can be opened is made
// again.
func TestScratchThatIsRemoved(t *testing.T) {
	tries := 0
	f, err := archive.Scratch(func() (*os.File, error) {
		folder, err := os.MkdirTemp(t.TempDir(), "x")
		if err != nil {
			return nil, err
		}
		if tries++; tries < 3 {
			os.Remove(folder)
		}
		return os.Open(folder)
	})
	if err != nil || tries != 3 {
		t.Fatalf("%v after %d tries", err, tries)
	}
	f.Close()
	if _, err := archive.Scratch(func() (*os.File, error) { return os.Open("nowhere") }); !os.IsNotExist(err) {
		t.Errorf("got %v, want that nothing is there", err)
	}
}
