package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/internal/demosite"
)

func exitStatus(err error) int {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	if err != nil {
		return -1
	}
	return 0
}

// slowDemo is a folder with a configuration that crawls the demo site slowly.
func slowDemo(t *testing.T, schedule string) string {
	t.Helper()
	site, err := demosite.Serve()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := site.Close(); err != nil {
			t.Error(err)
		}
	})
	dir := t.TempDir()
	text := fmt.Sprintf("archive: a.db\nnetwork: {allow_private: true}\ndefaults: {delay: 200ms}\nsites:\n  - {id: haiyu, start: [\"%s/zh/\"]%s}\n", site.URL, schedule)
	if err := os.WriteFile(filepath.Join(dir, "dossier.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// waitFor waits until a file is there.
func waitFor(t *testing.T, file string) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		if info, err := os.Stat(file); err == nil && info.Size() > 0 {
			return
		}
		select {
		case <-deadline:
			t.Fatalf("%s did not appear", file)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// TestSecondProcess: while one process crawls, a second one says who it is and
// exits with 11; reading goes on.
func TestSecondProcess(t *testing.T) {
	dir := slowDemo(t, "")
	first := program(t, dir, "crawl", "--quiet")
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, filepath.Join(dir, "a.db.lock"))
	out, err := program(t, dir, "crawl").CombinedOutput()
	if exitStatus(err) != statusLocked || !strings.Contains(string(out), fmt.Sprintf("process %d", first.Process.Pid)) {
		t.Errorf("second crawl: status %d, %s", exitStatus(err), out)
	}
	for _, args := range [][]string{{"list"}, {"prune", "--pages-before", "2020-01-01", "--dry-run"}} {
		if out, err := program(t, dir, args...).CombinedOutput(); err != nil {
			t.Errorf("%s beside a crawl: %v, %s", args[0], err, out)
		}
	}
	if err := first.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if got := exitStatus(first.Wait()); got != statusInterrupted {
		t.Errorf("interrupted crawl exits with %d, want %d", got, statusInterrupted)
	}
	runs := lastRuns(t, dir)
	if len(runs) != 1 || runs[0].State != "interrupted" {
		t.Errorf("runs %+v, want one that was interrupted", runs)
	}
}

// TestScheduler: `run` crawls a site that was never crawled at once, and ends
// cleanly by a signal.
func TestScheduler(t *testing.T) {
	for signal, want := range map[syscall.Signal]int{syscall.SIGTERM: statusOK, syscall.SIGINT: statusInterrupted} {
		t.Run(signal.String(), func(t *testing.T) { stopScheduler(t, signal, want) })
	}
}

func stopScheduler(t *testing.T, signal syscall.Signal, want int) {
	dir := slowDemo(t, `, schedule: "@yearly"`)
	cmd := program(t, dir, "run")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(20 * time.Second)
	for len(lastRuns(t, dir)) == 0 && time.Now().Before(deadline) {
		select {
		case <-t.Context().Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
	if err := cmd.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	if got := exitStatus(cmd.Wait()); got != want {
		t.Errorf("run exits with %d, want %d", got, want)
	}
	if runs := lastRuns(t, dir); len(runs) != 1 || runs[0].State != "interrupted" {
		t.Errorf("runs %+v, want one that was interrupted", runs)
	}
}

type runState struct{ State string }

// lastRuns lists the runs of the archive in a folder, none while there is no
// archive.
func lastRuns(t *testing.T, dir string) []runState {
	t.Helper()
	a, err := archive.OpenReader(t.Context(), filepath.Join(dir, "a.db"))
	if err != nil {
		return nil
	}
	defer a.Close()
	runs, err := a.Runs(t.Context(), "", 0)
	if err != nil {
		return nil
	}
	var out []runState
	for _, r := range runs {
		out = append(out, runState{string(r.State)})
	}
	return out
}
