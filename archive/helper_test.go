package archive_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func open(t testing.TB) *archive.Archive {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "a.db"))
}

func openAt(t testing.TB, path string) *archive.Archive {
	t.Helper()
	a, err := archive.Open(t.Context(), path, archive.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

// made is the file of an archive that many tests begin with.
type made struct {
	file []byte
	ids  []string
}

// at writes the archive to a path. It is made when it is first asked for.
func (m *made) at(t *testing.T, path string, fill func(a *archive.Archive) []string) []string {
	t.Helper()
	if m.file != nil {
		if err := os.WriteFile(path, m.file, 0o644); err != nil {
			t.Fatal(err)
		}
		return m.ids
	}
	a := openAt(t, path)
	m.ids = fill(a)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	var err error
	if m.file, err = os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	return m.ids
}

// few is how often a loop goes round that has one goroutine: where only races are looked
// for, in short tests, the first cases are enough.
func few(all, short int) int {
	if testing.Short() {
		return short
	}
	return all
}

// alone skips, in short tests, one that has a single goroutine and takes long: there is no race in it.
func alone(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("it has one goroutine")
	}
}

// begin opens a run whose frontier holds the given paths as articles.
func begin(t testing.TB, a *archive.Archive, site string, at time.Time, paths ...string) dossier.Run {
	t.Helper()
	start := dossier.Link{URL: "http://" + site + ".test/", Key: site + ".test/", Host: site + ".test", Kind: dossier.KindStart}
	run, err := a.BeginRun(t.Context(), &dossier.Site{ID: site}, []dossier.Link{start}, at)
	if err != nil {
		t.Fatal(err)
	}
	task := next(t, a, run, at)
	links := make([]dossier.Link, len(paths))
	for i, p := range paths {
		links[i] = link(site, p)
	}
	commit(t, a, dossier.Visit{Task: *task, At: at, Outcome: dossier.Outcome{Status: dossier.StatusListed}, Links: links})
	return run
}

func link(site, path string) dossier.Link {
	return dossier.Link{URL: "http://" + site + ".test" + path, Key: site + ".test" + path, Host: site + ".test", Kind: dossier.KindArticle}
}

func next(t testing.TB, a *archive.Archive, run dossier.Run, at time.Time) *dossier.Task {
	t.Helper()
	task, wake, more, err := leaseOne(t.Context(), a, run.ID, nil, at)
	if err != nil {
		t.Fatal(err)
	}
	if task == nil {
		t.Fatalf("no task; wake %v, more %v", wake, more)
	}
	return task
}

// leaseOne leases a task alone, nil when there is none.
func leaseOne(ctx context.Context, a *archive.Archive, run int64, busy []string, at time.Time) (*dossier.Task, time.Time, bool, error) {
	tasks, wake, more, err := a.Next(ctx, run, busy, at, 1)
	if len(tasks) == 0 {
		return nil, wake, more, err
	}
	return tasks[0], wake, more, err
}

func commit(t testing.TB, a *archive.Archive, v dossier.Visit) dossier.Outcome {
	t.Helper()
	o, err := a.Commit(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// visit answers a task with an article on a page that shows its text.
func visit(task dossier.Task, at time.Time, art dossier.Article) dossier.Visit {
	return visitWith(task, at, art, fmt.Sprintf("<html><h1>%s</h1><p>%s</p></html>", art.Title, art.Body))
}

func visitWith(task dossier.Task, at time.Time, art dossier.Article, page string) dossier.Visit {
	return dossier.Visit{Task: task, At: at, Kind: dossier.KindArticle, FinalKey: task.URL[len("http://"):], Article: &art, Requests: 1, Bytes: int64(len(page)),
		Snapshot: &dossier.Snapshot{URL: task.URL, FinalURL: task.URL, FetchedAt: at, Status: 200, Proto: "HTTP/1.1",
			Request: http.Header{"User-Agent": {"dossier"}}, Header: http.Header{"Content-Type": {"text/html"}}, Body: []byte(page)}}
}

// put archives articles of a site in one run, the i-th at /i.
func put(t testing.TB, a *archive.Archive, site string, at time.Time, arts ...dossier.Article) []string {
	t.Helper()
	run := begin(t, a, site, at, numbered(len(arts))...)
	ids := make([]string, len(arts))
	for range arts {
		task := next(t, a, run, at)
		var i int
		if _, err := fmt.Sscanf(task.URL, "http://"+site+".test/%d", &i); err != nil {
			t.Fatal(err)
		}
		ids[i] = commit(t, a, visit(*task, at, arts[i])).Record
	}
	return ids
}

// numbered are the paths /0 to /n-1.
func numbered(n int) []string {
	paths := make([]string, n)
	for i := range paths {
		paths[i] = fmt.Sprintf("/%d", i)
	}
	return paths
}

func article(title, body string) dossier.Article {
	return dossier.Article{Title: title, Date: "2018-01-19", Body: body, Language: "en"}
}

func ptr(s string) *string { return &s }

func isDamaged(err error) bool { return errors.Is(err, archive.ErrDamaged) }

func backup(t testing.TB, a *archive.Archive, path string, replace bool) error {
	t.Helper()
	_, err := a.Backup(t.Context(), path, replace)
	return err
}
