package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/internal/demosite"
)

var kills = flag.Int("kills", 10, "how often TestKill kills a crawl")

// program gives the command line of this program, run by the test binary.
func program(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Args = append([]string{"dossier"}, args...)
	cmd.Dir = dir
	return cmd
}

// demoConfigFile writes a configuration for the two halves of a demo site.
func demoConfigFile(t *testing.T, dir, base string) {
	t.Helper()
	text := fmt.Sprintf(`archive: a.db
network: {allow_private: true, timeout: 5s}
defaults: {delay: 0s, parallel: 4}
sites:
  - {id: riverbend, start: ["%[1]s/en/"]}
  - {id: haiyu, start: ["%[1]s/zh/"]}
`, base)
	if err := os.WriteFile(filepath.Join(dir, "dossier.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// exported lists the addresses of the records, sorted.
func exported(t *testing.T, dir string) []string {
	t.Helper()
	out, err := program(t, dir, "export", "--format", "jsonl", "-o", "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	var urls []string
	for line := range bytes.Lines(out) {
		var r struct{ URL string }
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		urls = append(urls, r.URL)
	}
	slices.Sort(urls)
	return urls
}

// TestKill kills crawls with SIGKILL at random moments. After the last one a
// crawl that is left alone completes the archive: nothing lost, nothing twice,
// the file intact.
func TestKill(t *testing.T) {
	site, err := demosite.Serve()
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := site.Close(); err != nil {
			t.Error(err)
		}
	}()
	want := 0
	for round := 0; round == 0 || round*5 < *kills; round++ {
		dir := t.TempDir()
		demoConfigFile(t, dir, site.URL)
		for range min(5, *kills) {
			killOnce(t, dir)
		}
		if out, err := program(t, dir, "crawl").CombinedOutput(); err != nil && !isPartial(err) {
			t.Fatalf("crawl after the kills: %v\n%s", err, out)
		}
		got := exported(t, dir)
		if unique := slices.Compact(slices.Clone(got)); len(unique) != len(got) {
			t.Errorf("%d records, %d addresses", len(got), len(unique))
		}
		if truth := len(site.Truth(1)); len(got) != truth {
			t.Errorf("%d records after kills, the site has %d articles: %s", len(got), truth, strings.Join(got, "\n"))
		}
		want += len(got)
		checkIntact(t, filepath.Join(dir, "a.db"))
	}
	t.Logf("%d records compared", want)
}

// isPartial holds for the exit status of a crawl with failed pages: the demo
// site has some.
func isPartial(err error) bool {
	var exit *exec.ExitError
	return errors.As(err, &exit) && exit.ExitCode() == statusPartial
}

func killOnce(t *testing.T, dir string) {
	t.Helper()
	cmd := program(t, dir, "crawl", "--quiet")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(time.Duration(rand.IntN(700))*time.Millisecond, func() { cmd.Process.Kill() })
	defer timer.Stop()
	cmd.Wait() // killed, or done before
}

func checkIntact(t *testing.T, file string) {
	t.Helper()
	a, err := archive.OpenReader(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if err := a.Check(t.Context()); err != nil {
		t.Error(err)
	}
}
