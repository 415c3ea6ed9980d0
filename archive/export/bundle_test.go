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

	"github.com/dossier-archive/dossier"
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
	var croissant struct {
		URL     string
		License struct {
			Type string `json:"@type"`
		}
	}
	if err := json.Unmarshal(files["croissant.json"], &croissant); err != nil || !strings.HasPrefix(croissant.URL, "http") || croissant.License.Type != "sc:CreativeWork" {
		t.Errorf("croissant.json: %+v, %v", croissant, err)
	}
	if !json.Valid(files["croissant.json"]) || !strings.Contains(string(files["CITATION.cff"]), `title: "Test: \"quoted\"\nlines"`) ||
		!strings.Contains(string(files["README.md"]), "checked on 1 day, failed on 1") || !strings.HasPrefix(string(files["coverage.csv"]), "site,day,state,") {
		t.Errorf("CITATION.cff: %s\nREADME: %s", files["CITATION.cff"], files["README.md"])
	}
}

func write3(t *testing.T, format string) []byte { return write(t, format, export.Options{}) }

// What a bundle says of its sites rests on where the records come from.
func TestBundleSaysWhereRecordsComeFrom(t *testing.T) {
	b := export.Bundle{Software: "dossier 1.0", Sites: []export.BundleSite{
		{ID: "hubei", Name: "Hubei", Start: []string{"http://hubei.test/"}},
		{ID: "jilin", Name: "Jilin", Start: []string{"http://jilin.test/"}},
		{ID: "yunnan", Start: []string{"http://yunnan.test/"}}}}
	var list []dossier.Record
	for _, from := range []struct{ site, origin string }{{"hubei", "import"}, {"jilin", "crawl"}, {"jilin", "crawl"}, {"jilin", "import"}, {"else", "import"}, {"x`\n# y\x1b", "crawl"}} {
		r := records[0]
		r.Site, r.Origin = from.site, from.origin
		list = append(list, r)
	}
	for _, c := range []struct {
		records []dossier.Record
		want    []string
		not     []string
	}{
		{list, []string{
			"6 records, as archived up to 2026-03-01T13:00:00Z by dossier",
			"- Hubei (`hubei`): 1 record imported from web archives that other programs made\n",
			"- Jilin (`jilin`): 2 records crawled, 1 record imported from web archives that other programs made; crawls begin at http://jilin.test/; schedule",
			"- yunnan (`yunnan`): no record; crawls begin at",
			"- `else`, which is not configured: 1 record imported",
			"- `x\ufffd # y\ufffd`, which is not configured: 1 record crawled",
			"date-released: 2026-03-01", `"datePublished"`, `"created"`, "Articles archived from Hubei, Jilin, else",
		}, []string{"Jilin, yunnan"}},
		{nil, []string{"0 records, as archived by dossier", "Articles archived from Hubei, Jilin, yunnan"}, []string{"0001-", "date-released", "datePublished", "dateCreated", `"created"`}},
	} {
		var out bytes.Buffer
		if _, err := b.Write(t.Context(), &out, all(c.records...)); err != nil {
			t.Fatal(err)
		}
		text := strings.Join([]string{fileIn(t, out.Bytes(), "README.md"), fileIn(t, out.Bytes(), "CITATION.cff"), fileIn(t, out.Bytes(), "datapackage.json"), fileIn(t, out.Bytes(), "croissant.json")}, "")
		for _, want := range c.want {
			if !strings.Contains(text, want) {
				t.Errorf("%d records: %q is missing in\n%s", len(c.records), want, text)
			}
		}
		for _, not := range c.not {
			if strings.Contains(text, not) {
				t.Errorf("%d records: %q stands in\n%s", len(c.records), not, text)
			}
		}
	}
}

func fileIn(t *testing.T, bundle []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(bundle), int64(len(bundle)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	content, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
