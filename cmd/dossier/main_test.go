package main

import (
	"database/sql"
	"errors"
	"fmt"
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
			"warcs":  writeWARCs,
			"sql":    forge,
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

// warcs writes files as another crawler makes them: one.warc with an article, a
// picture and two revisits, cut.warc that ends inside of a second article,
// revisits.warc without any, and raw.warc with one whose address carries a session.
func writeWARCs(ts *testscript.TestScript, neg bool, args []string) {
	record := func(kind, path, block string) string {
		return fmt.Sprintf("WARC/1.1\r\nWARC-Type: %s\r\nWARC-Target-URI: http://foreign.test/%s\r\nWARC-Date: 2019-03-04T05:06:07Z\r\n"+
			"WARC-Record-ID: <urn:test:%s>\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n",
			kind, path, path, len(block), block)
	}
	answer := func(medium, body string) string {
		return "HTTP/1.1 200 OK\r\nContent-Type: " + medium + "\r\n\r\n" + body
	}
	text := "<h1>A foreign crawler was here</h1><p>Date: 2019-03-04</p><div><p>" +
		strings.Repeat("It came by night and took what it found, page by page, to keep it for later. ", 6) + "</p></div>"
	article := record("response", "a.html", answer("text/html", text))
	revisits := record("revisit", "b.html", answer("text/html", "")) + record("revisit", "c.html", answer("text/html", ""))
	for name, text := range map[string]string{
		"one.warc":      article + record("response", "p.png", answer("image/png", "\x89PNG")) + revisits,
		"cut.warc":      article + article[:len(article)/2],
		"revisits.warc": revisits,
		"raw.warc":      strings.Replace(record("response", "x/../y.html;jsessionid=A1B2?utm_source=x#top", answer("text/html", strings.ReplaceAll(text, "crawler", "reader"))), "http://foreign", "HTTP://foreign", 1),
	} {
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o644))
	}
}

// config writes a dossier.yaml for the site that is served.
func config(ts *testscript.TestScript, neg bool, args []string) {
	text := "archive: a.db\nnetwork: {allow_private: true, timeout: 3s}\ndefaults: {delay: 0s, parallel: 4}\nsites:\n" +
		"  - {id: harbour, start: [\"" + ts.Getenv("SITE") + "/news/\"]}\n"
	ts.Check(os.WriteFile(ts.MkAbs("dossier.yaml"), []byte(text), 0o644))
}

// forge FILE STATEMENT writes into an archive past the program.
func forge(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sql FILE STATEMENT")
	}
	db, err := sql.Open("sqlite3", "file:"+ts.MkAbs(args[0]))
	ts.Check(err)
	_, err = db.Exec(args[1])
	ts.Check(errors.Join(err, db.Close()))
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
