package export_test

import (
	"io"
	"os"
	"testing"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive/export"
)

// TestTemporaryFilesHaveNoName: what a killed export had written beside its file takes no room afterwards.
func TestTemporaryFilesHaveNoName(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	for _, format := range []string{"xlsx", "sqlite", "parquet", "csv"} {
		looked := false
		records := func(yield func(dossier.Record, error) bool) {
			for _, r := range records {
				if !yield(r, nil) {
					return
				}
				left, err := os.ReadDir(folder)
				if looked = true; err != nil || len(left) != 0 {
					t.Errorf("%s: under way there are %v, %v", format, left, err)
				}
			}
		}
		if n, err := export.Write(t.Context(), io.Discard, format, records, export.Options{}); n == 0 || err != nil || !looked {
			t.Errorf("%s: %d records, %v", format, n, err)
		}
	}
}
