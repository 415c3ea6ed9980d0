package bench

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// BenchmarkImport reads the articles of BenchmarkCrawl from a WARC file into an archive, by the
// program itself, and beside that reads the same pages from files without storing anything:
// of-extract is the speed of the first by that of the second.
func BenchmarkImport(b *testing.B) {
	dir := b.TempDir()
	program := filepath.Join(dir, "dossier")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-C", "..", "-tags", "sqlite_fts5", "-o", program, "./cmd/dossier").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	writePages(b, dir)
	for i := 0; b.Loop(); i++ {
		imported := timed(b, dir, program, "--archive", fmt.Sprintf("%d.db", i), "import", "--quiet", "--site", "zone", "pages.warc.gz")
		read := timed(b, dir, program, "extract", "--manifest", "manifest.jsonl")
		b.ReportMetric(crawled/imported.Seconds(), "pages/s")
		b.ReportMetric(read.Seconds()/imported.Seconds(), "of-extract")
	}
}

// writePages writes the articles as files with a manifest, and into one WARC file.
func writePages(b *testing.B, dir string) {
	var manifest, warc bytes.Buffer
	lines := json.NewEncoder(&manifest)
	for n := range crawled {
		page, name := article(n), fmt.Sprintf("%d.html", n)
		address := "http://zone.example/art/" + name
		if err := os.WriteFile(filepath.Join(dir, name), []byte(page), 0o600); err != nil {
			b.Fatal(err)
		}
		if err := lines.Encode(map[string]string{"id": fmt.Sprint(n), "file": name, "url": address}); err != nil {
			b.Fatal(err)
		}
		answer := "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
		z := gzip.NewWriter(&warc)
		fmt.Fprintf(z, "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-%012d>\r\nWARC-Date: 2026-01-01T00:00:00Z\r\nWARC-Target-URI: %s\r\n"+
			"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", n, address, len(answer), answer)
		if err := z.Close(); err != nil {
			b.Fatal(err)
		}
	}
	for name, content := range map[string][]byte{"manifest.jsonl": manifest.Bytes(), "pages.warc.gz": warc.Bytes()} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			b.Fatal(err)
		}
	}
}

// timed is how long the program takes in a folder.
func timed(b *testing.B, dir, program string, args ...string) time.Duration {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), program, args...)
	cmd.Dir = dir
	var errors bytes.Buffer
	cmd.Stderr = &errors
	start := time.Now()
	if err := cmd.Run(); err != nil {
		b.Fatalf("%v: %v\n%s", args, err, errors.String())
	}
	return time.Since(start)
}
