// Package bench compares reading pages with parsing alone and with another
// extractor, in one run. It is a module of its own, so that the product does
// not depend on what it is compared with.
package bench

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/extract"
)

type page struct {
	url  string
	body []byte
}

// pages are the pages of two quality sets, in memory.
func pages(b *testing.B) []page {
	b.Helper()
	var out []page
	for _, set := range []string{"aeb", "fundus"} {
		dir := filepath.Join("..", "..", "shared", "quality", "data", set)
		f, err := os.Open(filepath.Join(dir, "manifest.jsonl"))
		if err != nil {
			b.Skip("needs the quality sets beside the repository:", err)
		}
		lines := bufio.NewScanner(f)
		for lines.Scan() {
			var m struct{ File, URL string }
			if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
				b.Fatal(err)
			}
			out = append(out, page{m.URL, unpacked(b, filepath.Join(dir, m.File))})
		}
		f.Close()
	}
	return out
}

func unpacked(b *testing.B, file string) []byte {
	b.Helper()
	f, err := os.Open(file)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		b.Fatal(err)
	}
	body, err := io.ReadAll(z)
	if err != nil {
		b.Fatal(err)
	}
	return body
}

// measure reads all pages in one thread and reports pages a second.
func measure(b *testing.B, read func(page)) {
	all := pages(b)
	for b.Loop() {
		for _, p := range all {
			read(p)
		}
	}
	b.ReportMetric(float64(b.N*len(all))/b.Elapsed().Seconds(), "pages/s")
}

func BenchmarkParseAlone(b *testing.B) {
	measure(b, func(p page) {
		if _, err := html.Parse(bytes.NewReader(p.body)); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkDossier(b *testing.B) {
	measure(b, func(p page) {
		extract.Extract(dossier.Snapshot{URL: p.url, FinalURL: p.url, Header: http.Header{}, Body: p.body}, dossier.Rules{})
	})
}

func BenchmarkTrafilatura(b *testing.B) {
	measure(b, func(p page) {
		address, err := url.Parse(p.url)
		if err != nil {
			b.Fatal(err)
		}
		// A page that it cannot read counts as read.
		_, _ = trafilatura.Extract(bytes.NewReader(p.body), trafilatura.Options{OriginalURL: address, EnableFallback: true})
	})
}
