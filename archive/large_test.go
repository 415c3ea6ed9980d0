package archive_test

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/archive/export"
)

// BenchmarkLarge fills an archive with as many records as DOSSIER_BENCH_RECORDS
// says, and measures what has to stay fast: putting behind the first ten thousand and
// at the end, opening, searching, exporting.
func BenchmarkLarge(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("DOSSIER_BENCH_RECORDS"))
	if err != nil {
		b.Skip("set DOSSIER_BENCH_RECORDS to a number of records, as 100000")
	}
	path := filepath.Join(b.TempDir(), "large.db")
	a := openAt(b, path)
	const step, few = 5000, 10_000
	puts := map[string]time.Duration{}
	for done := 0; done < n; done += step {
		site := "site" + strconv.Itoa(done/step)
		when := "last"
		switch {
		case done == few:
			when = "10000"
		case done+step < n:
			fillTogether(b, a, site, done, step) // not measured
			continue
		}
		b.ResetTimer()
		cpu := cpuTime(b)
		fillFrom(b, a, site, done, step)
		puts["µs/put-"+when], puts["µs-of-cpu/put-"+when] = b.Elapsed()/step, (cpuTime(b)-cpu)/step
	}
	for what, took := range puts {
		b.ReportMetric(float64(took.Microseconds()), what)
	}
	start := time.Now()
	r, err := archive.OpenReader(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	b.ReportMetric(float64(time.Since(start).Microseconds()), "µs/open")
	b.ReportMetric(float64(similarP95(b, r).Microseconds()), "µs/similar-p95")
	b.ReportMetric(float64(searchP95(b, r).Microseconds()), "µs/search-p95")
	rates := map[string]float64{}
	for _, format := range []string{"jsonl", "jsonl", "csv", "parquet"} { // the first brings the file into memory
		runtime.GC()
		start := time.Now()
		if _, err := export.WriteQuery(b.Context(), io.Discard, format, r, archive.Query{}, export.Options{}); err != nil {
			b.Fatal(err)
		}
		rates[format] = float64(n) / time.Since(start).Seconds()
		b.ReportMetric(rates[format], format+"-rows/s")
	}
	for format, mode := range map[string]string{"jsonl": "-json", "csv": "-csv"} {
		if rate := shellRate(b, path, mode, n); rate > 0 {
			b.ReportMetric(rates[format]/rate, format+"-of-sqlite3-shell")
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapSys>>20), "MB-heap")
}

// cpuTime is what the processors have done for this program.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// fillTogether archives articles as a crawl with many requests at once does.
func fillTogether(b *testing.B, a *archive.Archive, site string, from, n int) {
	b.Helper()
	run := begin(b, a, site, noon, numbered(n)...)
	var workers sync.WaitGroup
	tasks := make(chan *dossier.Task, 64)
	for range 32 {
		workers.Go(func() {
			for task := range tasks {
				i, err := strconv.Atoi(task.URL[strings.LastIndexByte(task.URL, '/')+1:])
				if err != nil {
					b.Error(err)
					continue
				}
				art := prose(from + i)
				if _, err := a.Commit(b.Context(), visitWith(*task, noon, art, pageWith(art))); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for range n {
		tasks <- next(b, a, run, noon)
	}
	close(tasks)
	workers.Wait()
}

// similarP95 is the 95th percentile of asking for the records like one.
func similarP95(b *testing.B, a *archive.Archive) time.Duration {
	var ids []string
	for r, err := range a.Records(b.Context(), archive.List{Newest: true, Limit: 400}) {
		if err != nil {
			b.Fatal(err)
		}
		ids = append(ids, r.ID)
	}
	var times []time.Duration
	for _, id := range ids {
		start := time.Now()
		if _, err := a.Similar(b.Context(), id); err != nil {
			b.Fatal(err)
		}
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	return times[len(times)*95/100]
}

// searchP95 is the 95th percentile of searches for the newest 20.
func searchP95(b *testing.B, a *archive.Archive) time.Duration {
	var times []time.Duration
	for i := range 400 {
		query := vocabulary[i*7%3000]
		switch i % 4 {
		case 1:
			query += " " + vocabulary[i%50]
		case 2:
			query += " -" + vocabulary[i%50]
		case 3:
			query += " after:2015 before:2020"
		}
		start := time.Now()
		if _, _, err := a.Search(b.Context(), archive.Search{Query: archive.Query{Text: query}, Limit: 20}); err != nil {
			b.Fatal(query, err)
		}
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	return times[len(times)*95/100]
}

// shellRate is how many rows a second the sqlite3 shell writes of the columns
// that an export has, 0 when it is not installed.
func shellRate(b *testing.B, path, mode string, n int) float64 {
	shell, err := exec.LookPath("sqlite3")
	if err != nil {
		b.Log("no comparison with the sqlite3 shell:", err)
		return 0
	}
	start := time.Now()
	err = exec.CommandContext(b.Context(), shell, mode, path, `SELECT r.id, r.site, r.url, v.title, v.date, v.author, v.source, v.body, v.language, r.first_seen, r.last_seen, r.version, v.sha256
		FROM records r JOIN versions v ON v.record = r.seq AND v.number = r.version ORDER BY r.seq`).Run()
	if err != nil {
		b.Fatal(err)
	}
	return float64(n) / time.Since(start).Seconds()
}
