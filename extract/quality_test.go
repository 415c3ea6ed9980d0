package extract_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/extract"
)

// floors are the scores that may not be lost: what was reached, minus 0.003.
// Bodies, titles, authors and sources count by F1, dates and times by exact
// day and minute, snippets by F1.
var floors = map[string]map[string]float64{
	"seed-page": {"body": 1, "title": 1, "date": 1, "time": 1, "author": 1, "source": 1},
	"field":     {"body": 0.989, "title": 0.997, "date": 0.997, "time": 0.997, "author": 0.997, "source": 0.997},
	"aeb":       {"body": 0.982},
	"fundus":    {"body": 0.961, "title": 0.946, "date": 0.975, "author": 0.933},
	"traf":      {"with/without": 0.925, "title": 0.949, "date": 0.888, "author": 0.891},
	"htmldate":  {"date": 0.925},
}

// TestQuality reads the pages of the quality sets and scores them with the
// scorer that comes with the sets.
func TestQuality(t *testing.T) {
	if testing.Short() {
		t.Skip("has one goroutine")
	}
	root, err := filepath.Abs("../../shared/quality")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(root); err != nil {
		t.Skip("needs the quality sets beside the repository:", err)
	}
	scorer := filepath.Join(t.TempDir(), "score")
	build := exec.Command("go", "build", "-o", scorer, ".")
	build.Dir = filepath.Join(root, "score")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the scorer: %v\n%s", err, out)
	}
	for set, fields := range floors {
		t.Run(set, func(t *testing.T) {
			got := scores(t, scorer, filepath.Join(root, "data", set))
			for field, floor := range fields {
				if got[field] < floor {
					t.Errorf("%s is %.4f, the floor is %.4f", field, got[field], floor)
				}
			}
			t.Log(got)
		})
	}
}

// scores gives the score of each field of a set.
func scores(t *testing.T, scorer, dir string) map[string]float64 {
	t.Helper()
	predictions := filepath.Join(t.TempDir(), "got.jsonl")
	if err := os.WriteFile(predictions, readSet(t, dir), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(scorer, "-truth", filepath.Join(dir, "truth.jsonl"), "-got", predictions, "-json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var results []struct {
		Name      string
		F1, Exact float64
	}
	if err := json.Unmarshal(out, &results); err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, r := range results {
		got[r.Name] = r.F1
	}
	return got
}

// readSet reads every page of a set and gives what was read as JSON lines.
func readSet(t *testing.T, dir string) []byte {
	t.Helper()
	manifest, err := os.Open(filepath.Join(dir, "manifest.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer manifest.Close()
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	lines := bufio.NewScanner(manifest)
	for lines.Scan() {
		var page struct{ ID, File, URL string }
		if err := json.Unmarshal(lines.Bytes(), &page); err != nil {
			t.Fatal(err)
		}
		a := extract.Extract(dossier.Snapshot{URL: page.URL, FinalURL: page.URL, Header: http.Header{}, Body: readPage(t, filepath.Join(dir, page.File))}, dossier.Rules{})
		if err := enc.Encode(map[string]any{"id": page.ID, "title": a.Title, "date": a.Date, "author": a.Author, "source": a.Source, "body": a.Body}); err != nil {
			t.Fatal(err)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func readPage(t *testing.T, file string) []byte {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(file, ".gz") {
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		r = z
	}
	body, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return body
}
