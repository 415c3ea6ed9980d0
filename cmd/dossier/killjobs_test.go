package main

import (
	"archive/zip"
	"bytes"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/internal/demosite"
)

// longJobs are the commands that work on a whole archive. Each begins with the
// archive of a crawl, or an empty one, and may write one file.
var longJobs = []struct {
	name  string
	args  []string
	empty bool   // begins without an archive
	out   string // the file that it writes, "" for none
}{
	{name: "replay", args: []string{"-c", "other.yaml", "replay"}},
	{name: "repair", args: []string{"verify", "--repair"}},
	{name: "prune", args: []string{"prune", "--pages-before", "2999-01-01", "--observations-before", "2999-01-01", "--compact"}},
	{name: "import", args: []string{"import", "--site", "riverbend", "pages.warc.gz"}, empty: true},
	{name: "backup", args: []string{"backup", "copy.db"}, out: "copy.db"},
	{name: "salvage", args: []string{"verify", "--salvage", "copy.db"}, out: "copy.db"},
	{name: "csv", args: []string{"export", "-o", "records.csv"}, out: "records.csv"},
	{name: "xlsx", args: []string{"export", "-o", "records.xlsx"}, out: "records.xlsx"},
	{name: "sqlite", args: []string{"export", "-f", "sqlite", "-o", "records.db"}, out: "records.db"},
	{name: "bundle", args: []string{"export", "--bundle", "bundle.zip"}, out: "bundle.zip"},
	{name: "wacz", args: []string{"export", "-f", "wacz", "-o", "pages.wacz"}, out: "pages.wacz"},
}

// TestKillJobs kills each long job at random moments of the time that it takes.
// After each kill the archive is whole and has every text that it had, and a
// file under its final name is complete; left alone, the job is then done.
func TestKillJobs(t *testing.T) {
	site, err := demosite.Serve()
	if err != nil {
		t.Fatal(err)
	}
	defer site.Close()
	crawled := t.TempDir()
	demoConfigFile(t, crawled, site.URL)
	for _, args := range [][]string{{"crawl"}, {"export", "-f", "warc", "-o", "pages.warc.gz"}} {
		if out, err := program(t, crawled, args...).CombinedOutput(); err != nil && !isPartial(err) {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
	}
	otherRules(t, crawled)
	for _, job := range longJobs {
		t.Run(job.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(crawled)); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(dir, "a.db")
			if job.empty {
				if err := os.Remove(file); err != nil {
					t.Fatal(err)
				}
			}
			before := citations(t, file)
			first := len(before)
			takes := time.Second
			times := max(2, *kills/len(longJobs))
			if testing.Short() {
				times = 1
			}
			for range times {
				takes = killed(t, dir, takes, job.args)
				after := citations(t, file)
				for cited, digest := range before {
					if after[cited] != digest {
						t.Fatalf("%s had the digest %s, now %q", cited, digest, after[cited])
					}
				}
				before = after
				if job.out != "" {
					checkComplete(t, filepath.Join(dir, job.out))
				}
			}
			if out, err := program(t, dir, job.args...).CombinedOutput(); err != nil && !isPartial(err) {
				t.Fatalf("left alone: %v\n%s", err, out)
			}
			if got := len(citations(t, file)); got < len(before) || got == first && (job.empty || job.name == "replay") {
				t.Errorf("%d versions in the end, %d before the last time, %d at first", got, len(before), first)
			}
			if job.out != "" {
				if _, err := os.Stat(filepath.Join(dir, job.out)); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// otherRules writes a configuration whose rules give other titles.
func otherRules(t *testing.T, dir string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "dossier.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.ReplaceAll(string(text), `/"]}`, `/"], extract: {title: title}}`)
	if err := os.WriteFile(filepath.Join(dir, "other.yaml"), []byte(changed), 0o644); err != nil {
		t.Fatal(err)
	}
}

// killed starts a job, kills it at some moment of the time that it takes, and
// says how long that time is as far as is known.
func killed(t *testing.T, dir string, takes time.Duration, args []string) time.Duration {
	t.Helper()
	cmd := program(t, dir, args...)
	var said bytes.Buffer
	cmd.Stderr = &said
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(time.Duration(rand.Int64N(int64(takes))), func() { cmd.Process.Kill() })
	defer timer.Stop()
	if cmd.Wait(); cmd.ProcessState.Exited() {
		if code := cmd.ProcessState.ExitCode(); code != statusOK && code != statusPartial && !strings.Contains(said.String(), "--replace") {
			t.Fatalf("exit status %d: %s", code, said.String())
		}
		return time.Since(begin)
	}
	return takes
}

// citations gives the digest of every version of an archive, which must be
// whole, by what it is cited as. An archive that is not there has none.
func citations(t *testing.T, file string) map[string]string {
	t.Helper()
	if _, err := os.Stat(file); err != nil {
		return nil
	}
	a, err := archive.OpenReader(t.Context(), file)
	if errors.Is(err, archive.ErrNotArchive) || errors.Is(err, archive.ErrOlder) {
		return nil // killed while it was being made; what was there before is missed below
	}
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if v, err := a.Verify(t.Context(), false); err != nil || !v.Whole() {
		t.Fatalf("%s: %+v, %v", file, v, err)
	}
	out := map[string]string{}
	for r, err := range a.Records(t.Context(), archive.List{}) {
		if err != nil {
			t.Fatal(err)
		}
		versions, err := a.Versions(t.Context(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range versions {
			out[fmt.Sprintf("%s@%d", r.ID, v.Number)] = archive.ContentDigest(v.Article)
		}
	}
	return out
}

// checkComplete reads a file to its end, if it is there, and removes it.
func checkComplete(t *testing.T, file string) {
	t.Helper()
	if _, err := os.Stat(file); err != nil {
		return
	}
	read := map[string]func(string) error{".csv": wholeCSV, ".db": wholeDatabase}[filepath.Ext(file)]
	if read == nil {
		read = wholeZip
	}
	if err := errors.Join(read(file), os.Remove(file)); err != nil {
		t.Errorf("%s under its final name: %v", file, err)
	}
}

func wholeCSV(file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err == nil && (len(rows) < 2 || !bytes.HasSuffix(data, []byte("\n"))) {
		err = fmt.Errorf("%d rows, %d bytes", len(rows), len(data))
	}
	return err
}

func wholeDatabase(file string) error {
	db, err := sql.Open("sqlite3", "file:"+file+"?mode=ro")
	if err != nil {
		return err
	}
	defer db.Close()
	var result string
	var records int
	err = errors.Join(db.QueryRow("PRAGMA integrity_check(1)").Scan(&result), db.QueryRow("SELECT count(*) FROM records").Scan(&records))
	if err == nil && (result != "ok" || records == 0) {
		err = fmt.Errorf("%s, %d records", result, records)
	}
	return err
}

func wholeZip(file string) error {
	z, err := zip.OpenReader(file)
	if err != nil {
		return err
	}
	defer z.Close()
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, r); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return nil
}
