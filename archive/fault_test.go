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
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

// TestLockWhileSomebodyLooks: a process that looks whether an archive is locked keeps nobody
// from locking it.
func TestLockWhileSomebodyLooks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	a := openAt(t, path)
	looks, err := os.Create(path + ".lock")
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Flock(int(looks.Fd()), syscall.LOCK_SH); err != nil {
		t.Fatal(err)
	}
	var done sync.WaitGroup
	done.Go(func() {
		time.Sleep(time.Millisecond)
		looks.Close()
	})
	defer done.Wait()
	unlock, err := a.Lock("dossier crawl")
	if err != nil {
		t.Fatal(err)
	}
	if err := unlock(); err != nil {
		t.Error(err)
	}
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
	link := filepath.Join(t.TempDir(), "current.db")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	if _, err := openAt(t, link).Lock("dossier run"); !errors.As(err, &locked) {
		t.Errorf("by a link to the archive: got %v, want a LockedError", err)
	}
	run := begin(t, a, "jilin", noon)
	state := func() dossier.RunState {
		r, err := archive.OpenReader(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		got, err := r.Run(t.Context(), run.ID)
		if err != nil {
			t.Fatal(err)
		}
		return got.State
	}
	if got := state(); got != dossier.RunRunning {
		t.Errorf("a run of a process that has the lock is %s", got)
	}
	in.Close()
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if got := state(); got != dossier.RunInterrupted {
		t.Errorf("a run that nobody has the lock for is %s", got)
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
	if _, err := archive.OpenReader(t.Context(), filepath.Join(t.TempDir(), "none.db")); !errors.Is(err, os.ErrNotExist) || strings.Count(err.Error(), "exist") != 1 {
		t.Errorf("missing file: %v", err)
	}
	empty := write("empty.db", "")
	if _, err := archive.Open(t.Context(), empty, archive.Options{}); !errors.Is(err, archive.ErrNotArchive) {
		t.Errorf("a file that was cut to nothing: %v", err)
	}
	if info, err := os.Stat(empty); err != nil || info.Size() > 0 {
		t.Errorf("it became something: %v, %v", info, err)
	}
	if _, err := archive.Open(t.Context(), filepath.Join(t.TempDir(), "no", "a.db"), archive.Options{Create: true}); err == nil {
		t.Error("a folder that is not there: no error")
	}
}

// TestRereadOfDamage: a replay says that it is the archive that cannot be read.
func TestRereadOfDamage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	a := openAt(t, path)
	put(t, a, "jilin", noon, many(400)...)
	a.Close()
	size := int(sum(t, raw(t, path), "PRAGMA page_size"))
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.LastIndex(data, []byte("Title 200")) / size * size
	if at <= 0 {
		t.Fatal("no such text in the file")
	}
	clear(data[at : at+size])
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openAt(t, path).Reread(t.Context(), archive.Reread{Read: readPage(false)}); !errors.Is(err, archive.ErrDamaged) {
		t.Errorf("got %v, want ErrDamaged", err)
	}
}

// TestValuesOfOtherTypes: what is none of what was written is damage of the archive to those
// who read it.
func TestValuesOfOtherTypes(t *testing.T) {
	for forged, read := range map[string]func(a *archive.Archive, id string) error{
		"UPDATE pages SET status = 'x'": func(a *archive.Archive, id string) error {
			_, err := a.Snapshot(t.Context(), id, 0)
			return err
		},
		"UPDATE versions SET page = 'x'": func(a *archive.Archive, id string) error {
			_, err := a.Versions(t.Context(), id)
			return err
		},
		"UPDATE versions SET title = x'00ff'": func(a *archive.Archive, _ string) error {
			_, err := a.WriteJSONL(t.Context(), io.Discard, archive.Query{}, []string{"id", "title"})
			return err
		},
		"UPDATE runs SET new = x'00ff'": func(a *archive.Archive, _ string) error {
			_, err := a.Runs(t.Context(), "", 0)
			return err
		},
		"UPDATE runs SET started = 'x'": func(a *archive.Archive, _ string) error {
			_, err := a.Coverage(t.Context(), nil, nil)
			return err
		},
	} {
		path := filepath.Join(t.TempDir(), "a.db")
		a := openAt(t, path)
		id := put(t, a, "jilin", noon, many(1)...)[0]
		if _, err := raw(t, path).Exec(forged); err != nil {
			t.Fatal(err)
		}
		if err := read(a, id); !errors.Is(err, archive.ErrDamaged) {
			t.Errorf("%s: got %v, want ErrDamaged", forged, err)
		}
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
	run := begin(t, a, "jilin", noon, numbered(200)...)
	var kept []string
	var err error
	for err == nil {
		var task *dossier.Task
		if task, _, _, err = leaseOne(t.Context(), a, run.ID, nil, noon); err != nil {
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
	if v, err := a.Verify(t.Context(), false); err != nil || !v.Whole() || v.Records != len(kept) {
		t.Errorf("%+v, %v; want %d records and no damage", v, err, len(kept))
	}
}

// TestImportLeavesTheReserve: an import and a replay stop before the room on the disk
// that is to stay, and go on when there is more.
func TestImportLeavesTheReserve(t *testing.T) {
	const pages = 600
	var fetch []fetched
	for i := range pages {
		var noise strings.Builder
		for range 400 {
			fmt.Fprintf(&noise, "%x ", rand.Uint64())
		}
		fetch = append(fetch, fetched{fmt.Sprintf("/%d", i), noon, noise.String()})
	}
	file := warcOf(t, fetch...)
	dir := tmpfs(t, "16m")
	a := openAt(t, filepath.Join(dir, "a.db"))
	im := archive.Import{Place: place, IsPage: isPage, Read: readPage(false)}
	left := func() int64 {
		var s syscall.Statfs_t
		if err := syscall.Statfs(dir, &s); err != nil {
			t.Fatal(err)
		}
		return int64(s.Bavail) * int64(s.Bsize)
	}
	const disk, more = 16 << 20, 24 << 20
	got, err := a.ImportFile(t.Context(), file, im)
	if !errors.Is(err, archive.ErrFull) || !strings.Contains(err.Error(), "stopped before http://jilin.test/") || !strings.Contains(err.Error(), dir) {
		t.Fatalf("%+v, %v; want ErrFull with where", got, err)
	}
	if err := a.Checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left() < disk/50 || left() > disk/3 {
		t.Errorf("%d bytes are left, want %d to %d: batches that do not fit are stored in parts", left(), disk/50, disk/3)
	}
	if v, err := a.Verify(t.Context(), false); err != nil || !v.Whole() || v.Records != got.New || got.New == 0 {
		t.Errorf("%+v, %v; want the %d records that were reported", v, err, got.New)
	}
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT, "size=24m"); err != nil {
		t.Fatal(err)
	}
	replay := archive.Reread{Read: readPage(true)}
	for err = nil; err == nil; {
		replay.Read = func(ctx context.Context, site string, page *dossier.Snapshot) (dossier.Article, error) {
			art, err := readPage(false)(ctx, site, page)
			art.Body += fmt.Sprintf(" %x", rand.Uint64())
			return art, err
		}
		_, err = a.Reread(t.Context(), replay)
	}
	if !errors.Is(err, archive.ErrFull) || !strings.Contains(err.Error(), "stopped before ") || left() < more/50 || left() > more/3 {
		t.Errorf("replay: %v, %d bytes left; want ErrFull with %d to %d", err, left(), more/50, more/3)
	}
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT, "size=64m"); err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		again, err := a.ImportFile(t.Context(), file, im)
		if new := (pages - got.New) * (1 - i); err != nil || again.New != new || again.Changed != 0 || again.Articles() != pages {
			t.Errorf("with room, import %d: %+v, %v; want the %d others", i+1, again, err, new)
		}
	}
}

// Where not even the files beside an archive fit, the disk is full as well.
func TestFullDiskAtOpen(t *testing.T) {
	dir := tmpfs(t, "8k")
	a, err := archive.Open(t.Context(), filepath.Join(dir, "a.db"), archive.Options{Create: true})
	if err == nil {
		a.Close()
	}
	if !errors.Is(err, archive.ErrFull) {
		t.Errorf("got %v, want ErrFull", err)
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
		task, _, _, err := leaseOne(t.Context(), a, again.ID, nil, noon)
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

// What lists show first is asked at each run, within bounds where it comes
// whole each time; a run that goes on with an interrupted one does not ask again.
func TestShownArticlesAreAskedAgain(t *testing.T) {
	for _, c := range []struct {
		name, etag string
		end        dossier.RunState
		want       int
	}{
		{"conditionally", `"1"`, dossier.RunFinished, 25},
		{"whole", "", dossier.RunFinished, 10},
		{"after an interruption", `"1"`, "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := open(t)
			start := dossier.Link{URL: "http://jilin.test/", Key: "jilin.test/", Host: "jilin.test", Kind: dossier.KindStart}
			run, err := a.BeginRun(t.Context(), &dossier.Site{ID: "jilin"}, []dossier.Link{start}, noon)
			if err != nil {
				t.Fatal(err)
			}
			var links []dossier.Link
			for i := range 25 {
				l := link("jilin", fmt.Sprintf("/%d", i))
				l.OnShow = true
				links = append(links, l)
			}
			list := func(task *dossier.Task) {
				commit(t, a, dossier.Visit{Task: *task, At: noon, Outcome: dossier.Outcome{Status: dossier.StatusListed}, Links: links})
			}
			list(next(t, a, run, noon))
			for i := range 25 {
				v := visit(*next(t, a, run, noon), noon, prose(i))
				v.ETag = c.etag
				commit(t, a, v)
			}
			if run.State = c.end; c.end != "" {
				if err := a.EndRun(t.Context(), run); err != nil {
					t.Fatal(err)
				}
			}
			again, err := a.BeginRun(t.Context(), &dossier.Site{ID: "jilin"}, []dossier.Link{start}, noon.Add(time.Minute))
			if err != nil {
				t.Fatal(err)
			}
			list(next(t, a, again, noon.Add(time.Minute)))
			asked := 0
			for {
				task, _, _, err := leaseOne(t.Context(), a, again.ID, nil, noon.Add(time.Minute))
				if err != nil {
					t.Fatal(err)
				}
				if task == nil {
					break
				}
				asked++
			}
			if asked != c.want {
				t.Errorf("asked %d articles again, want %d", asked, c.want)
			}
		})
	}
}

func TestNextWaits(t *testing.T) {
	a := open(t)
	run := begin(t, a, "jilin", noon, "/0")
	if task, wake, more, err := leaseOne(t.Context(), a, run.ID, []string{"jilin.test"}, noon); task != nil || !wake.IsZero() || !more || err != nil {
		t.Errorf("busy host: %v, %v, %v, %v; want only more", task, wake, more, err)
	}
	task := next(t, a, run, noon)
	due := noon.Add(90e9)
	commit(t, a, dossier.Visit{Task: *task, At: noon, RetryAt: due, Outcome: dossier.Outcome{Status: dossier.StatusRetry, Reason: "http_503"}})
	if task, wake, more, err := leaseOne(t.Context(), a, run.ID, nil, noon); task != nil || !wake.Equal(due) || more || err != nil {
		t.Errorf("before it is due: %v, %v, %v, %v; want to wake at %v", task, wake, more, err, due)
	}
	if task := next(t, a, run, due); task.Attempts != 1 {
		t.Errorf("attempts: %d, want 1", task.Attempts)
	}
}

// Several tasks that are leased together are of one host and priority, in the
// order of the queue, and no more than asked for.
func TestLeaseSeveral(t *testing.T) {
	a := open(t)
	run := begin(t, a, "jilin", noon, numbered(5)...)
	lists := []dossier.Link{link("jilin", "/list"), link("other", "/elsewhere")}
	lists[0].Kind = dossier.KindList
	commit(t, a, dossier.Visit{Task: *next(t, a, run, noon), At: noon, Outcome: dossier.Outcome{Status: dossier.StatusListed}, Links: lists})
	for _, want := range [][]string{{"/list"}, {"/1", "/2", "/3"}, {"/4"}, {"/elsewhere"}, nil} {
		tasks, _, _, err := a.Next(t.Context(), run.ID, nil, noon, 3)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, task := range tasks {
			got = append(got, task.URL[strings.LastIndexByte(task.URL, '/'):])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("leased together (-want +got):\n%s", diff)
		}
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
			task, _, _, err := leaseOne(t.Context(), a, run.ID, nil, noon)
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
