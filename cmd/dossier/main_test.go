package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"dossier": func() { os.Exit(realMain()) },
	})
}

// TestScripts types the commands of testdata as a user would.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			env.Setenv("NO_COLOR", "1")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"serve":  serve,
			"config": config,
			"status": status,
			"signal": signalJob,
		},
	})
}

// serve FOLDER serves the files of a folder as a web site and sets $SITE to
// its address. Some paths are faults: /slow/… hangs until the client leaves,
// and /broken/… answers 500.
func serve(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: serve FOLDER")
	}
	files := http.FileServer(http.Dir(ts.MkAbs(args[0])))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/slow/"):
			select {
			case <-r.Context().Done():
			case <-time.After(time.Second):
			}
			files.ServeHTTP(w, r)
		case strings.HasPrefix(r.URL.Path, "/broken/"):
			http.Error(w, "broken", http.StatusInternalServerError)
		default:
			files.ServeHTTP(w, r)
		}
	}))
	ts.Defer(server.Close)
	ts.Setenv("SITE", server.URL)
}

// config writes a dossier.yaml for the site that is served.
func config(ts *testscript.TestScript, neg bool, args []string) {
	text := "archive: a.db\nnetwork: {allow_private: true, timeout: 3s}\ndefaults: {delay: 0s, parallel: 4}\nsites:\n" +
		"  - {id: harbour, start: [\"" + ts.Getenv("SITE") + "/news/\"]}\n"
	ts.Check(os.WriteFile(ts.MkAbs("dossier.yaml"), []byte(text), 0o644))
}

// status N COMMAND ARG… runs a command and fails unless it exits with N. What
// it prints is kept in the files out and err.
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N COMMAND ARG…")
	}
	// The script's own exec tells only success from failure.
	script := `"$@" >out 2>err; echo "exit=$?"`
	err := ts.Exec("sh", append([]string{"-c", script, "sh"}, args[1:]...)...)
	ts.Check(err)
	got := strings.TrimSpace(strings.TrimPrefix(ts.ReadFile("stdout"), "exit="))
	if got != args[0] {
		ts.Fatalf("%s exits with %s, want %s\nstdout:\n%sstderr:\n%s", strings.Join(args[1:], " "), got, args[0],
			ts.ReadFile(filepath.Join(ts.Getenv("WORK"), "out")), ts.ReadFile(filepath.Join(ts.Getenv("WORK"), "err")))
	}
}

// signalJob NAME COMMAND waits until the background command that writes its
// process id to pid has begun, and sends it a signal.
func signalJob(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: signal NAME")
	}
	ts.Check(ts.Exec("sh", "-c", `kill -s "$1" "$(cat pid)"`, "sh", args[0]))
}
