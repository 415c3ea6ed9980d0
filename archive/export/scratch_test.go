package export

import (
	"io"
	"os"
	"testing"
)

// TestScratchHasNoName: what a killed export had written beside its file takes no room afterwards.
func TestScratchHasNoName(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	f, err := scratch()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if left, err := os.ReadDir(folder); err != nil || len(left) != 0 {
		t.Errorf("left: %v, %v", left, err)
	}
	if _, err := io.WriteString(f, "kept"); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(f); string(got) != "kept" || err != nil {
		t.Errorf("read back %q, %v", got, err)
	}
}
