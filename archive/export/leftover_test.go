package export_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive/export"
)

// TestLeftParts: what an export left that was killed goes with the next one to the
// same file; what one under way holds, and the files of others, stay.
func TestLeftParts(t *testing.T) {
	folder := t.TempDir()
	target := filepath.Join(folder, "a.csv")
	others := []string{".a.csv.part", ".a.csv.gz.12.part", ".a.csv.x1.part", ".a.csv.12.partial", ".b.csv.12.part"}
	for _, name := range append(slices.Clone(others), ".a.csv.12.part", ".a.csv.34.part") {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("half"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, left := range []string{".a.csv.34.part.folder", ".a.csv.56.part.folder"} {
		if err := os.MkdirAll(filepath.Join(folder, left, "texts"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	inner := func(w io.Writer) error { _, err := io.WriteString(w, "inner"); return err }
	outer := func(w io.Writer) error { // its own part is held meanwhile
		if err := export.Create(target, inner); err != nil {
			return err
		}
		_, err := io.WriteString(w, "outer")
		return err
	}
	if err := export.Create(target, outer); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	want := append(others, "a.csv")
	slices.Sort(want)
	if !slices.Equal(names, want) {
		t.Errorf("left: %q, want %q", names, want)
	}
	if got, err := os.ReadFile(target); string(got) != "outer" {
		t.Errorf("the file holds %q, %v; want what the outer export wrote", got, err)
	}
}

// brim is a disk that is full.
type brim struct{}

func (brim) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// TestReasonIsSaidOnce: an export that fails says why in one line.
func TestReasonIsSaidOnce(t *testing.T) {
	for _, format := range []string{"csv", "xlsx", "sqlite", "parquet"} {
		_, err := export.Write(t.Context(), brim{}, format, all(records...), export.Options{})
		if !errors.Is(err, syscall.ENOSPC) || strings.Count(err.Error(), syscall.ENOSPC.Error()) != 1 {
			t.Errorf("%s: %v, want the reason once", format, err)
		}
	}
}

func TestNoTemporaryFolder(t *testing.T) {
	t.Setenv("TMPDIR", "/nosuch")
	for _, format := range []string{"xlsx", "sqlite"} {
		_, err := export.Write(t.Context(), io.Discard, format, all(records...), export.Options{})
		if err == nil || !strings.Contains(err.Error(), "/nosuch") || !strings.Contains(err.Error(), "TMPDIR") {
			t.Errorf("%s: %v, want one that names TMPDIR", format, err)
		}
	}
}

// TestNoRoomForTemporaryFiles: a database that does not fit says where.
func TestNoRoomForTemporaryFiles(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
		t.Skipf("a file system cannot be mounted here: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	t.Setenv("TMPDIR", dir)
	records := func(yield func(dossier.Record, error) bool) {
		for i := 0; i < 200 && yield(dossier.Record{ID: fmt.Sprint(i), Article: dossier.Article{Body: strings.Repeat("text ", 500)}}, nil); i++ {
		}
	}
	_, err := export.Write(t.Context(), io.Discard, "sqlite", records, export.Options{})
	if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "TMPDIR") {
		t.Errorf("got %v, want where there is no room", err)
	}
}
