package archive_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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
		task, _, _, err := a.Next(ctx, run.ID, nil, noon)
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
	v, err := a.Verify(t.Context(), false, nil)
	if err != nil || !v.Whole() {
		t.Errorf("after %d kills: %+v, %v", times-1, v, err)
	}
	titles := map[string]int{}
	for r, err := range a.Records(t.Context(), archive.Query{}) {
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
		_, err = a.ImportFile(ctx, path+".warc.gz", archive.Import{Place: place, Read: readPage(false)})
	case "backup":
		err = a.Backup(ctx, path+".copy", true)
	case "repair":
		err = a.Reindex(ctx)
	case "export":
		_, err = export.WriteFile(ctx, path+".csv", "csv", a.Records(ctx, archive.Query{}), export.Options{})
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
	if _, err := source.WriteWARC(t.Context(), &web, archive.Query{}, "test"); err != nil {
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
	v, err := a.Verify(t.Context(), false, nil)
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

func TestLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	cmd := child(t, "lock", path)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if !bufio.NewScanner(out).Scan() {
		t.Fatal("the other process has no lock")
	}
	a := openAt(t, path)
	_, err = a.Lock("dossier run")
	var locked *archive.LockedError
	if !errors.As(err, &locked) || locked.Holder.PID != cmd.Process.Pid || locked.Holder.Command != "dossier crawl" {
		t.Errorf("got %v, want a LockedError that names process %d", err, cmd.Process.Pid)
	}
	in.Close()
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	unlock, err := a.Lock("dossier run")
	if err != nil {
		t.Fatalf("after the other process ended: %v", err)
	}
	if err := unlock(); err != nil {
		t.Error(err)
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	write := func(name, content string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	other := filepath.Join(t.TempDir(), "other.db")
	if _, err := raw(t, other).Exec("CREATE TABLE books (title)"); err != nil {
		t.Fatal(err)
	}
	newer := filepath.Join(t.TempDir(), "newer.db")
	a := openAt(t, newer)
	a.Close()
	if _, err := raw(t, newer).Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, path string
		want       error
	}{
		{"text", write("a.txt", strings.Repeat("This is not a database. ", 100)), archive.ErrNotArchive},
		{"other program", other, archive.ErrNotArchive},
		{"folder", t.TempDir(), archive.ErrNotArchive},
		{"newer", newer, archive.ErrNewer},
	} {
		for mode, openIt := range map[string]func() (*archive.Archive, error){
			"write": func() (*archive.Archive, error) {
				return archive.Open(t.Context(), c.path, archive.Options{Create: true})
			},
			"read": func() (*archive.Archive, error) { return archive.OpenReader(t.Context(), c.path) },
		} {
			before, _ := os.ReadFile(c.path)
			a, err := openIt()
			if !errors.Is(err, c.want) {
				t.Errorf("%s, %s: got %v, want %v", c.name, mode, err, c.want)
			}
			if err == nil {
				a.Close()
			}
			if after, _ := os.ReadFile(c.path); !bytes.Equal(before, after) {
				t.Errorf("%s, %s: the file was changed", c.name, mode)
			}
		}
	}
	if _, err := archive.OpenReader(t.Context(), filepath.Join(t.TempDir(), "none.db")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	if _, err := archive.Open(t.Context(), filepath.Join(t.TempDir(), "no", "a.db"), archive.Options{Create: true}); err == nil {
		t.Error("a folder that is not there: no error")
	}
}

func TestReaderDoesNotWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	a := openAt(t, path)
	put(t, a, "jilin", noon, many(3)...)
	r, err := archive.OpenReader(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if s, err := r.Stats(t.Context()); err != nil || len(s) != 1 || s[0].Records != 3 {
		t.Errorf("beside a writer: %+v, %v; want 3 records", s, err)
	}
	if _, err := r.BeginRun(t.Context(), &dossier.Site{ID: "x"}, nil, noon); !errors.Is(err, archive.ErrReadOnly) {
		t.Errorf("write: %v, want ErrReadOnly", err)
	}
}

// On a read-only file system nothing can be made beside the archive.
func TestReadOnlyFileSystem(t *testing.T) {
	dir := tmpfs(t, "4m")
	path := filepath.Join(dir, "a.db")
	a, err := archive.Open(t.Context(), path, archive.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	put(t, a, "jilin", noon, many(3)...)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	r, err := archive.OpenReader(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if s, err := r.Stats(t.Context()); err != nil || len(s) != 1 || s[0].Records != 3 {
		t.Errorf("%+v, %v; want 3 records", s, err)
	}
	if w, err := archive.Open(t.Context(), path, archive.Options{}); !errors.Is(err, archive.ErrReadOnly) {
		t.Errorf("open for writing: %v, want ErrReadOnly", err)
		if err == nil {
			w.Close()
		}
	}
}

func TestFullDisk(t *testing.T) {
	dir := tmpfs(t, "2m")
	path := filepath.Join(dir, "a.db")
	a := openAt(t, path)
	run := begin(t, a, "jilin", noon, func() (paths []string) {
		for i := range 200 {
			paths = append(paths, fmt.Sprintf("/%d", i))
		}
		return paths
	}()...)
	var kept []string
	var err error
	for err == nil {
		var task *dossier.Task
		if task, _, _, err = a.Next(t.Context(), run.ID, nil, noon); err != nil {
			break
		}
		noise := make([]byte, 20000)
		for i := range noise {
			noise[i] = byte(rand.Uint32())
		}
		var o dossier.Outcome
		if o, err = a.Commit(t.Context(), visitWith(*task, noon, article(task.URL, "Text of "+task.URL), string(noise))); err == nil {
			kept = append(kept, o.Record)
		}
	}
	if !errors.Is(err, archive.ErrFull) {
		t.Fatalf("got %v, want ErrFull", err)
	}
	// With room again, the same process goes on.
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT, "size=16m"); err != nil {
		t.Fatal(err)
	}
	task := next(t, a, run, noon)
	kept = append(kept, commit(t, a, visit(*task, noon, article("After", "There is room again."))).Record)
	for _, id := range kept {
		if _, err := a.Snapshot(t.Context(), id, 0); err != nil {
			t.Errorf("%s was acknowledged: %v", id, err)
		}
	}
	if v, err := a.Verify(t.Context(), false, nil); err != nil || !v.Whole() || v.Records != len(kept) {
		t.Errorf("%+v, %v; want %d records and no damage", v, err, len(kept))
	}
}

// tmpfs mounts a small file system of its own for a test.
func tmpfs(t *testing.T, size string) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "archive-tmpfs-*")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Remove(dir) })
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("a file system of %s cannot be mounted here: %v", size, err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func TestInterruptedRunIsResumed(t *testing.T) {
	a := open(t)
	run := begin(t, a, "jilin", noon, "/0", "/1", "/2")
	commit(t, a, visit(*next(t, a, run, noon), noon, many(1)[0]))
	leased := next(t, a, run, noon) // and then the process ends

	start := dossier.Link{URL: "http://jilin.test/", Key: "jilin.test/", Host: "jilin.test", Kind: dossier.KindStart}
	again, err := a.BeginRun(t.Context(), &dossier.Site{ID: "jilin"}, []dossier.Link{start}, noon)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for {
		task, _, _, err := a.Next(t.Context(), again.ID, nil, noon)
		if err != nil {
			t.Fatal(err)
		}
		if task == nil {
			break
		}
		got = append(got, task.URL)
	}
	if diff := cmp.Diff([]string{"http://jilin.test/", leased.URL, "http://jilin.test/2"}, got); diff != "" {
		t.Errorf("tasks of the next run (-want +got):\n%s", diff)
	}
	old, err := a.Run(t.Context(), run.ID)
	if err != nil || old.State != dossier.RunInterrupted || old.New != 1 {
		t.Errorf("the run that stopped: %+v, %v", old, err)
	}
}

func TestNextWaits(t *testing.T) {
	a := open(t)
	run := begin(t, a, "jilin", noon, "/0")
	if task, wake, more, err := a.Next(t.Context(), run.ID, []string{"jilin.test"}, noon); task != nil || !wake.IsZero() || !more || err != nil {
		t.Errorf("busy host: %v, %v, %v, %v; want only more", task, wake, more, err)
	}
	task := next(t, a, run, noon)
	due := noon.Add(90e9)
	commit(t, a, dossier.Visit{Task: *task, At: noon, RetryAt: due, Outcome: dossier.Outcome{Status: dossier.StatusRetry, Reason: "http_503"}})
	if task, wake, more, err := a.Next(t.Context(), run.ID, nil, noon); task != nil || !wake.Equal(due) || more || err != nil {
		t.Errorf("before it is due: %v, %v, %v, %v; want to wake at %v", task, wake, more, err, due)
	}
	if task := next(t, a, run, due); task.Attempts != 1 {
		t.Errorf("attempts: %d, want 1", task.Attempts)
	}
}

// When the configuration says something else about links, lists are read again
// even if they are as they were, and what was passed over is asked again.
func TestChangedPatternsAskAgain(t *testing.T) {
	a := open(t)
	run := begin(t, a, "jilin", noon, "/list", "/skipped")
	for range 2 {
		task := next(t, a, run, noon)
		v := dossier.Visit{Task: *task, At: noon, Kind: dossier.KindList, ETag: `"1"`, Outcome: dossier.Outcome{Status: dossier.StatusListed}}
		if strings.HasSuffix(task.URL, "/skipped") {
			v.Kind, v.Outcome = dossier.KindMaybe, dossier.Outcome{Status: dossier.StatusSkipped, Reason: "no_text"}
		}
		commit(t, a, v)
	}
	asked := func(site *dossier.Site) map[string]string {
		start := dossier.Link{URL: "http://jilin.test/", Key: "jilin.test/", Host: "jilin.test", Kind: dossier.KindStart}
		run, err := a.BeginRun(t.Context(), site, []dossier.Link{start}, noon)
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]string{}
		for {
			task, _, _, err := a.Next(t.Context(), run.ID, nil, noon)
			if err != nil {
				t.Fatal(err)
			}
			if task == nil {
				return out
			}
			out[task.URL] = task.ETag
			commit(t, a, dossier.Visit{Task: *task, At: noon, ETag: `"1"`, Outcome: dossier.Outcome{Status: dossier.StatusListed}})
		}
	}
	same := asked(&dossier.Site{ID: "jilin"})
	if diff := cmp.Diff(map[string]string{"http://jilin.test/": "", "http://jilin.test/list": `"1"`}, same); diff != "" {
		t.Errorf("same patterns (-want +got):\n%s", diff)
	}
	changed := asked(&dossier.Site{ID: "jilin", Follow: []*regexp.Regexp{regexp.MustCompile("x")}})
	if diff := cmp.Diff(map[string]string{"http://jilin.test/": "", "http://jilin.test/list": "", "http://jilin.test/skipped": ""}, changed); diff != "" {
		t.Errorf("other patterns (-want +got):\n%s", diff)
	}
}
