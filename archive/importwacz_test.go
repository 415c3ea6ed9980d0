package archive_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/archive/export"
)

// zipped is a ZIP file of what it is given, name and content by turns.
func zipped(t testing.TB, method uint16, parts ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.CreateHeader(&zip.FileHeader{Name: parts[i], Method: method})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(parts[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestBundlesInBundles: the bundles that a bundle of several holds are read, one level deep, and
// one that is damaged costs no other.
func TestBundlesInBundles(t *testing.T) {
	var b, plain bytes.Buffer
	captures := twoVersions(t).Captures(t.Context(), archive.Query{})
	if _, err := export.WriteWACZ(&b, captures, "dossier test"); err != nil {
		t.Fatal(err)
	}
	if _, err := export.WriteWARC(&plain, captures, "dossier test"); err != nil {
		t.Fatal(err)
	}
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	in, err := gzip.NewReader(bytes.NewReader(plain.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	records, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	whole, packed := b.String(), string(z.EncodeAll(records, nil))
	for name, c := range map[string]struct {
		file    string
		damaged int
		reason  string
	}{
		"bundle":         {zipped(t, zip.Store, "none.wacz", "PK", "one.wacz", whole), 1, "not a WACZ bundle"},
		"cut bundle":     {zipped(t, zip.Store, "one.wacz", whole[:len(whole)-40]), 2, "directory"},
		"packed bundle":  {zipped(t, zip.Deflate, "one.wacz", whole, "archive/x.warc.gz", plain.String()), 1, "unzip"},
		"too deep":       {zipped(t, zip.Store, "two.wacz", zipped(t, zip.Store, "one.wacz", whole), "archive/x.warc.gz", plain.String()), 1, "not a WACZ bundle"},
		"frames of zstd": {zipped(t, zip.Store, "archive/x.warc.zst", packed), 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.wacz")
			if err := os.WriteFile(path, []byte(c.file), 0o644); err != nil {
				t.Fatal(err)
			}
			reasons := ""
			report, err := open(t).ImportFile(t.Context(), path, archive.Import{Place: place, IsPage: isPage, Read: readPage(false), Passed: func(p archive.Passed) { reasons += p.File + ": " + p.Reason + "\n" }})
			if err != nil || report.Articles() != 5 || report.Damaged != c.damaged || !strings.Contains(reasons, c.reason) {
				t.Errorf("%+v, %v; want 5 articles and %d damaged\n%s", report, err, c.damaged, reasons)
			}
		})
	}
}
