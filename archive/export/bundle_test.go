package export_test

import (
	"archive/zip"
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/archive/export"
)

func TestBundle(t *testing.T) {
	b := export.Bundle{Title: "Test: \"quoted\"\nlines", Software: "dossier 1.0", Sites: []export.BundleSite{{ID: "jilin", Name: "Jilin", Start: []string{"http://jilin.test/"}, Robots: "obey"}},
		Coverage: []archive.CoverageDay{{Site: "jilin", Day: "2026-03-01", State: archive.DayChecked, Runs: 1}, {Site: "jilin", Day: "2026-03-02", State: archive.DayFailed}}}
	write := func() []byte {
		var out bytes.Buffer
		if n, err := b.Write(t.Context(), &out, all(records...)); err != nil || n != 3 {
			t.Fatalf("%d records, %v", n, err)
		}
		return out.Bytes()
	}
	out := write()
	if !bytes.Equal(out, write()) {
		t.Error("the same records give other bytes")
	}
	z, err := zip.NewReader(bytes.NewReader(out), int64(len(out)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(in); err != nil {
			t.Fatal(err)
		}
		in.Close()
	}
	if !bytes.Equal(files["data/records.csv"], write3(t, "csv")) || !bytes.Equal(files["data/records.jsonl"], write3(t, "jsonl")) {
		t.Error("the data are not those of an export")
	}
	lines := 0
	for s := bufio.NewScanner(bytes.NewReader(files["manifest-sha256.txt"])); s.Scan(); lines++ {
		hash, name, _ := strings.Cut(s.Text(), "  ")
		if sum := sha256.Sum256(files[name]); hex.EncodeToString(sum[:]) != hash {
			t.Errorf("%s: its digest is not that of the manifest", name)
		}
	}
	if lines != len(files)-1 {
		t.Errorf("%d files in the manifest, want %d", lines, len(files)-1)
	}
	var pack struct {
		Resources []struct {
			Name, Path, Hash string
			Bytes            int
			Schema           struct{ Fields []struct{ Name, Type string } }
		}
	}
	if err := json.Unmarshal(files["datapackage.json"], &pack); err != nil || len(pack.Resources) != 3 || len(pack.Resources[0].Schema.Fields) != len(export.Columns) {
		t.Errorf("datapackage: %+v, %v", pack, err)
	}
	for _, r := range pack.Resources {
		if r.Bytes != len(files[r.Path]) {
			t.Errorf("%s has %d bytes, datapackage says %d", r.Path, len(files[r.Path]), r.Bytes)
		}
	}
	if !json.Valid(files["croissant.json"]) || !strings.Contains(string(files["CITATION.cff"]), `title: "Test: \"quoted\"\nlines"`) ||
		!strings.Contains(string(files["README.md"]), "checked on 1 day, failed on 1") || !strings.HasPrefix(string(files["coverage.csv"]), "site,day,state,") {
		t.Errorf("CITATION.cff: %s\nREADME: %s", files["CITATION.cff"], files["README.md"])
	}
}

func write3(t *testing.T, format string) []byte { return write(t, format, export.Options{}) }
