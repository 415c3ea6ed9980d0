package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/crawler"
	"github.com/dossier-archive/dossier/internal/faults"
)

var allFaults = flag.Bool("faults", false, "TestFaults goes through all faults, not only the quick ones")

// faultsAtOnce is how many crawls TestFaults runs side by side: most of them
// wait most of the time.
const faultsAtOnce = 12

// maxResident is what a crawl may hold in memory, in KiB, whatever a site does.
const maxResident = 512 << 10

// TestFaults crawls one broken site after the other with the real program. Each
// must end with the outcome that its fault has to give, and with all healthy
// articles: its own, and those of a site beside it.
func TestFaults(t *testing.T) {
	ca, err := faults.NewAuthority()
	if err != nil {
		t.Fatal(err)
	}
	trusted := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(trusted, ca.PEM(), 0o644); err != nil {
		t.Fatal(err)
	}
	sound := faults.ServeSound()
	defer sound.Close()
	names := map[string]bool{}
	free := make(chan struct{}, faultsAtOnce)
	var running sync.WaitGroup
	for _, f := range faults.All() {
		if names[f.Name] {
			t.Errorf("two faults are called %q", f.Name)
		}
		names[f.Name] = true
		if !*allFaults && !f.Short {
			continue
		}
		free <- struct{}{}
		running.Go(func() {
			defer func() { <-free }()
			t.Run(f.Name, func(t *testing.T) { newFaultTest(t, f, ca, trusted, sound).run() })
		})
	}
	running.Wait()
	t.Logf("%d faults", len(names))
}

// faultTest is one fault with its site and the folder of its archive.
type faultTest struct {
	*testing.T
	fault   faults.Fault
	site    *faults.Site
	dir     string
	trusted string // file with the authority of the test
}

func newFaultTest(t *testing.T, f faults.Fault, ca *faults.Authority, trusted string, sound *faults.Site) *faultTest {
	site := faults.Serve(ca)
	t.Cleanup(site.Close)
	if f.Make != nil {
		f.Make(site)
	}
	network := "allow_private: true, timeout: 5s"
	for _, key := range strings.Split(f.Network, ", ") {
		name, _, _ := strings.Cut(key, ":")
		network = replaceKey(network, name, key)
	}
	var starts []string
	for _, s := range site.Start {
		starts = append(starts, fmt.Sprintf("%q", absolute(site, s)))
	}
	text := fmt.Sprintf(`archive: a.db
network: {%s}
defaults: {delay: 0s, parallel: 2}
sites:
  - id: broken
    start: [%s]
    %s
`, network, strings.Join(starts, ", "), f.Keys)
	if !strings.Contains(network, "allow_private: false") {
		text += fmt.Sprintf("  - {id: sound, start: [%q]}\n", sound.URL+"/news/")
	}
	ft := &faultTest{T: t, fault: f, site: site, dir: t.TempDir(), trusted: trusted}
	if err := os.WriteFile(filepath.Join(ft.dir, "dossier.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return ft
}

// replaceKey sets a key in the list of keys of a YAML flow mapping.
func replaceKey(keys, name, with string) string {
	if with == "" {
		return keys
	}
	var kept []string
	for _, k := range strings.Split(keys, ", ") {
		if !strings.HasPrefix(k, name+":") {
			kept = append(kept, k)
		}
	}
	return strings.Join(append(kept, with), ", ")
}

func absolute(s *faults.Site, address string) string {
	if strings.HasPrefix(address, "/") {
		return s.URL + address
	}
	return address
}

// hasSound reports whether the healthy site beside the broken one is crawled.
func (t *faultTest) hasSound() bool {
	return !strings.Contains(t.fault.Network, "allow_private: false")
}

func (t *faultTest) run() {
	for n := 1; n < t.fault.Runs; n++ {
		t.crawl(t.fault.Interrupt && n == 1)
	}
	interrupt := t.fault.Interrupt && t.fault.Runs < 2
	report, exit := t.crawl(interrupt)
	if interrupt {
		if exit != statusInterrupted || report.State != dossier.RunInterrupted {
			t.Errorf("exits with %d, run %s, want %d, run %s", exit, report.State, statusInterrupted, dossier.RunInterrupted)
		}
		return
	}
	t.checkEnd(report, exit)
	t.checkOutcome(report)
	t.checkRecords()
	t.checkServer()
	checkIntact(t.T, filepath.Join(t.dir, "a.db"))
}

// command is the program in the folder of the fault.
func (t *faultTest) command(args ...string) *exec.Cmd {
	cmd := program(t.T, t.dir, args...)
	cmd.Env = append(os.Environ(), "SSL_CERT_FILE="+t.trusted, "SSL_CERT_DIR=", "GODEBUG=netdns=go")
	return cmd
}

// crawl makes one run of all sites and gives the report of the broken one.
func (t *faultTest) crawl(interrupt bool) (dossier.Run, int) {
	t.Helper()
	cmd := t.command("crawl", "--json")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	guard := time.AfterFunc(2*time.Minute, func() { cmd.Process.Kill() })
	defer guard.Stop()
	if interrupt {
		select {
		case <-t.site.InTrouble():
		case <-t.Context().Done():
		}
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
	}
	err := cmd.Wait()
	var exited *exec.ExitError
	if err != nil && !errors.As(err, &exited) {
		t.Fatal(err)
	}
	if use, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok && use.Maxrss > maxResident {
		t.Errorf("the crawl took %d KiB of memory, at most %d are allowed", use.Maxrss, maxResident)
	}
	if text := errs.String(); strings.Contains(text, "panic") || strings.Contains(text, "goroutine ") {
		t.Errorf("the program has panicked:\n%s", text)
	}
	for line := range bytes.Lines(out.Bytes()) {
		var r dossier.Run
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatalf("report %q: %v", line, err)
		}
		if r.Site == "broken" {
			return r, cmd.ProcessState.ExitCode()
		}
	}
	t.Fatalf("no report of the site; exit status %d\n%s", cmd.ProcessState.ExitCode(), errs.String())
	return dossier.Run{}, 0
}

// checkEnd compares how the run and the program ended: every fault is a page
// that failed, a page that is no failure, or the loss of the whole site.
func (t *faultTest) checkEnd(report dossier.Run, exit int) {
	t.Helper()
	state, status := dossier.RunFinished, statusOK
	switch {
	case t.fault.Lost && !t.hasSound():
		state, status = dossier.RunFailed, statusFailed
	case t.fault.Lost:
		state, status = dossier.RunFailed, statusPartial
	case strings.HasPrefix(t.fault.Outcome, "failed"):
		status = statusPartial
	}
	if report.State != state || exit != status {
		t.Errorf("run %s, exit status %d, want run %s, exit status %d; %v %s", report.State, exit, state, status, report.Reasons, report.Error)
	}
}

// checkOutcome looks for the outcome in the three places that show it.
func (t *faultTest) checkOutcome(report dossier.Run) {
	t.Helper()
	address := t.address()
	if got := t.lastOutcome("runs", "show", fmt.Sprint(report.ID), "--json"); !sameOutcome(got, t.fault.Outcome) {
		t.Errorf("runs show: %s is %q (%s), want %q; all reasons: %v", address, outcomeText(got), got.Detail, t.fault.Outcome, report.Reasons)
	}
	if got := t.lastOutcome("why", address, "--json"); !sameOutcome(got, t.fault.Outcome) {
		t.Errorf("why: %s is %q, want %q", address, outcomeText(got), t.fault.Outcome)
	}
	if _, reason, ok := strings.Cut(t.fault.Outcome, " "); ok && report.Reasons[dossier.Reason(reason)] == 0 {
		t.Errorf("crawl --json: reason %s is not among %v", reason, report.Reasons)
	}
}

// address is the one that the fault is about.
func (t *faultTest) address() string {
	switch t.fault.At {
	case "":
		return t.site.URL + faults.Page
	case faults.Start:
		return absolute(t.site, t.site.Start[0])
	case faults.LastStart:
		return absolute(t.site, t.site.Start[len(t.site.Start)-1])
	}
	return t.site.URL + t.fault.At
}

// lastOutcome is the last that a command shows for the fault's address. Both
// observations and what `why` prints are read.
func (t *faultTest) lastOutcome(args ...string) dossier.Outcome {
	t.Helper()
	out, err := t.command(args...).Output()
	if err != nil {
		t.Errorf("%s: %v", strings.Join(args, " "), err)
	}
	at, err := crawler.ParseAddress("", t.address())
	if err != nil {
		t.Fatal(err)
	}
	var last dossier.Outcome
	for line := range bytes.Lines(out) {
		var o struct {
			URL          string
			Outcome      dossier.Outcome
			Observations []archive.Observation
		}
		if err := json.Unmarshal(line, &o); err != nil {
			t.Fatalf("%s: %q: %v", strings.Join(args, " "), line, err)
		}
		switch {
		case o.URL != at.URL:
		case len(o.Observations) > 0:
			last = o.Observations[len(o.Observations)-1].Outcome
		default:
			last = o.Outcome
		}
	}
	return last
}

func outcomeText(o dossier.Outcome) string {
	return strings.TrimSpace(string(o.Status) + " " + string(o.Reason))
}

// sameOutcome compares with `status reason`. Why a list was not followed
// further is compared where a fault names it.
func sameOutcome(o dossier.Outcome, want string) bool {
	if strings.HasPrefix(string(o.Reason), "paging_") && !strings.Contains(want, "paging_") {
		return string(o.Status) == want
	}
	return outcomeText(o) == want
}

// checkRecords compares what is archived with what is well on both sites.
func (t *faultTest) checkRecords() {
	t.Helper()
	out, err := t.command("export", "--format", "jsonl", "-o", "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	bySite := map[string]map[string]exportedRecord{"broken": {}, "sound": {}}
	for line := range bytes.Lines(out) {
		var r exportedRecord
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		bySite[r.Site][r.URL] = r
	}
	if t.hasSound() {
		t.checkHealthy("sound", bySite["sound"], faults.Sound)
	}
	records := bySite["broken"]
	if t.fault.Lost {
		if len(records) > 0 {
			t.Errorf("records of a site that gives nothing: %v", slices.Collect(maps.Keys(records)))
		}
		return
	}
	t.checkHealthy("broken", records, 0)
	t.checkPage(records)
}

type exportedRecord struct {
	Site, URL, Title, Body string
	Version                int
}

func (t *faultTest) checkHealthy(site string, records map[string]exportedRecord, after int) {
	t.Helper()
	for n := after + 1; n <= after+faults.Healthy; n++ {
		title, sentence := faults.Story(n)
		found := 0
		for _, r := range records {
			if r.Title == title && strings.Contains(r.Body, sentence) {
				found++
			}
		}
		if found != 1 {
			t.Errorf("site %s has %d records of its healthy article %q, want 1", site, found, title)
		}
	}
}

// checkPage looks at the record of the article that the fault is about: that
// it is there with its text, or that it is not.
func (t *faultTest) checkPage(records map[string]exportedRecord) {
	t.Helper()
	want := faults.Healthy
	status, _, _ := strings.Cut(t.fault.Outcome, " ")
	archived := t.fault.Version > 0 || t.fault.At == "" && (status == "new" || status == "changed" || status == "unchanged")
	if archived {
		want++
	}
	if len(records) != want {
		t.Errorf("%d records, want %d: %v", len(records), want, slices.Collect(maps.Keys(records)))
	}
	for n := 1; n <= faults.Healthy; n++ {
		title, _ := faults.Story(n)
		for url, r := range records {
			if r.Title == title {
				delete(records, url)
			}
		}
	}
	for _, r := range records {
		if !strings.Contains(r.Title+"\n"+r.Body, t.fault.Reads) || strings.TrimSpace(r.Body) == "" || strings.ContainsAny(r.Title+r.Body, "\x00\ufffd") && t.fault.Reads == "" {
			t.Errorf("the record reads %q, %.300q, want it to hold %q", r.Title, r.Body, t.fault.Reads)
		}
		if t.fault.Version > 0 && r.Version != t.fault.Version {
			t.Errorf("the record has version %d, want %d", r.Version, t.fault.Version)
		}
	}
}

// checkServer asks the site what the crawler did to it.
func (t *faultTest) checkServer() {
	t.Helper()
	asked, wrong := t.site.Asked()
	for _, w := range wrong {
		t.Error(w)
	}
	if t.fault.Asks > 0 && asked > t.fault.Asks {
		t.Errorf("the site got %d requests, want at most %d", asked, t.fault.Asks)
	}
}
