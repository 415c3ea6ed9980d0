package archive_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/archive/export"
)

// The test binary is run again as another process.
const (
	envJob  = "ARCHIVE_TEST_JOB"
	envPath = "ARCHIVE_TEST_PATH"
)

func TestMain(m *testing.M) {
	switch os.Getenv(envJob) {
	case "":
		os.Exit(m.Run())
	case "crawl":
		os.Exit(childCrawl(os.Getenv(envPath)))
	case "lock":
		os.Exit(childLock(os.Getenv(envPath)))
	default:
		os.Exit(childJob(os.Getenv(envJob), os.Getenv(envPath)))
	}
}

func child(t *testing.T, job, path string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe)
	cmd.Env = append(os.Environ(), envJob+"="+job, envPath+"="+path)
	cmd.Stderr = os.Stderr
	return cmd
}

const childPages = 120

// childCrawl archives pages until all are done, and prints the number of each
// one that is acknowledged.
func childCrawl(path string) int {
	ctx := context.Background()
	fail := func(err error) int { fmt.Fprintln(os.Stderr, err); return 1 }
	a, err := archive.Open(ctx, path, archive.Options{Create: true})
	if err != nil {
		return fail(err)
	}
	start := dossier.Link{URL: "http://jilin.test/", Key: "jilin.test/", Host: "jilin.test", Kind: dossier.KindStart}
	run, err := a.BeginRun(ctx, &dossier.Site{ID: "jilin"}, []dossier.Link{start}, noon)
	if err != nil {
		return fail(err)
	}
	for {
		task, _, _, err := leaseOne(ctx, a, run.ID, nil, noon)
		if err != nil {
			return fail(err)
		}
		if task == nil {
			return 0
		}
		var v dossier.Visit
		var n int
		if task.Kind == dossier.KindStart {
			v = dossier.Visit{Task: *task, At: noon, Outcome: dossier.Outcome{Status: dossier.StatusListed}}
			for i := range childPages {
				v.Links = append(v.Links, link("jilin", fmt.Sprintf("/%d", i)))
			}
			n = -1
		} else if _, err := fmt.Sscanf(task.URL, "http://jilin.test/%d", &n); err != nil {
			return fail(err)
		} else {
			v = visit(*task, noon, article(fmt.Sprintf("Title %d", n), fmt.Sprintf("Body %d has a text of its own, number %d.", n, n*7919)))
		}
		if _, err := a.Commit(ctx, v); err != nil {
			return fail(err)
		}
		fmt.Println(n)
	}
}

func TestKillAtAnyMoment(t *testing.T) {
	times := 12
	if testing.Short() {
		times = 4
	}
	path := filepath.Join(t.TempDir(), "a.db")
	acknowledged := map[string]bool{}
	for i := range times {
		cmd := child(t, "crawl", path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		stop := rand.IntN(2 * childPages / times)
		for n := 0; lines.Scan(); n++ {
			acknowledged[lines.Text()] = true
			if n == stop && i < times-1 {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := cmd.Wait(); err != nil && i == times-1 {
			t.Fatalf("last run: %v", err)
		}
	}
	a := openAt(t, path)
	v, err := a.Verify(t.Context(), false)
	if err != nil || !v.Whole() {
		t.Errorf("after %d kills: %+v, %v", times-1, v, err)
	}
	titles := map[string]int{}
	for r, err := range a.Records(t.Context(), archive.List{}) {
		if err != nil {
			t.Fatal(err)
		}
		titles[strings.TrimPrefix(r.Title, "Title ")]++
	}
	delete(acknowledged, "-1")
	for n := range acknowledged {
		if titles[n] == 0 {
			t.Errorf("page %s was acknowledged and is lost", n)
		}
	}
	if len(titles) != childPages || v.Versions != childPages {
		t.Errorf("%d titles in %d versions, want %d", len(titles), v.Versions, childPages)
	}
	runs, err := a.Runs(t.Context(), "jilin", 0)
	if err != nil || len(runs) == 0 {
		t.Fatalf("runs: %v, %v", runs, err)
	}
	for _, r := range runs[1:] {
		if r.State != dossier.RunInterrupted {
			t.Errorf("run %d is %s, want interrupted", r.ID, r.State)
		}
	}
}

// childJob does one long job on an archive, after saying that it begins.
func childJob(job, path string) int {
	ctx := context.Background()
	a, err := archive.Open(ctx, path, archive.Options{Create: true})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println("begins")
	switch job {
	case "reread":
		_, err = a.Reread(ctx, archive.Reread{Read: readPage(true)})
	case "import":
		_, err = a.ImportFile(ctx, path+".warc.gz", archive.Import{Place: place, IsPage: isPage, Read: readPage(false)})
	case "backup":
		_, err = a.Backup(ctx, path+".copy", true)
	case "repair":
		err = a.Reindex(ctx)
	case "export":
		_, err = export.WriteFile(ctx, path+".csv", "csv", a.Records(ctx, archive.List{}), export.Options{})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// Whatever job is killed, the archive is intact, and doing the job again
// completes it.
func TestKillDuringLongJobs(t *testing.T) {
	times := 8
	if testing.Short() {
		times = 2
	}
	source := open(t)
	put(t, source, "jilin", noon, many(150)...)
	var web bytes.Buffer
	if _, err := export.WriteWARC(&web, source.Captures(t.Context(), archive.Query{}), "test"); err != nil {
		t.Fatal(err)
	}
	for _, job := range []string{"reread", "import", "backup", "repair", "export"} {
		t.Run(job, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.db")
			if err := os.WriteFile(path+".warc.gz", web.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
			a := openAt(t, path)
			if job != "import" {
				put(t, a, "jilin", noon, many(150)...)
			}
			if err := a.Close(); err != nil {
				t.Fatal(err)
			}
			for range times {
				killSoon(t, child(t, job, path))
				checkWhole(t, path)
				if job == "backup" && exists(path+".copy") {
					checkWhole(t, path+".copy")
				}
				if data, err := os.ReadFile(path + ".csv"); err == nil && bytes.Count(data, []byte("\r\n")) != 151 {
					t.Fatalf("half of an export has its final name: %d bytes", len(data))
				}
			}
			if out, err := child(t, job, path).Output(); err != nil {
				t.Fatalf("not killed: %s, %v", out, err)
			}
			if v := checkWhole(t, path); v.Records != 150 || job == "reread" && v.Versions != 300 {
				t.Errorf("in the end: %+v", v)
			}
		})
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func killSoon(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	lines.Scan()
	timer := time.AfterFunc(time.Duration(rand.IntN(60))*time.Millisecond, func() { cmd.Process.Kill() })
	defer timer.Stop()
	for lines.Scan() {
	}
	cmd.Wait() // it was killed, or had done its job before that
}

func checkWhole(t *testing.T, path string) archive.Verification {
	t.Helper()
	a, err := archive.OpenReader(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	v, err := a.Verify(t.Context(), false)
	if err != nil || !v.Whole() {
		t.Fatalf("%s: %+v, %v", path, v, err)
	}
	return v
}

func childLock(path string) int {
	a, err := archive.Open(context.Background(), path, archive.Options{Create: true})
	if err != nil {
		return 1
	}
	if _, err := a.Lock("dossier crawl"); err != nil {
		return 1
	}
	fmt.Println("locked")
	io.Copy(io.Discard, os.Stdin) // until the parent is done
	return 0
}
