// Command dossier keeps a citable archive of what investment-promotion sites
// publish. Each command has a file of its own here, which wires the packages
// that do the work and decides nothing itself; what they print with is in print.go,
// what they open and load in setup.go.
//
// Results go to stdout, everything else to stderr.
package main

import (
	"context"
	"io"
	"log"
	"os"
	"os/signal"
	"runtime/debug"
	"sync"
	"syscall"

	"golang.org/x/term"

	"github.com/dossier-archive/dossier/configs"
)

func main() {
	// Libraries log to the standard logger; under cron nothing may be printed
	// when all is well.
	log.SetOutput(io.Discard)
	collectAt(gcPercent)
	os.Exit(realMain())
}

// gcPercent lets the heap grow by more than Go's own 100 % between collections:
// little of it lives longer than a page, and collecting takes a tenth of a crawl.
const gcPercent = 200

// collectAt sets how much the heap grows between collections, unless the user
// has said it.
func collectAt(percent int) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
}

// heapExport is how much memory an export keeps in bytes, where it can: with that
// of the database the program stays under 100 MB, and is no slower for it.
const heapExport = 56 << 20

// boundHeap makes the program collect more often near a bound, unless the user has
// set one.
func boundHeap(bytes int64) {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(bytes)
	}
}

// realMain is main without the exit, for scripts in tests.
func realMain() int {
	a := &app{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, env: os.Environ()}
	ctx, stop := interruptible(context.Background(), a.stderr)
	defer stop()
	return a.run(ctx, os.Args[1:])
}

// An app is what the commands share: the streams, the environment and the
// flags that every command has.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer // stdout gets data as they are
	people         io.Writer // stdout for text that people read
	terminal       bool      // stdout is one
	env            []string

	configFile  string
	archivePath string
	quiet       bool
	verbose     bool

	started bool // the command line was understood

	// config is the configuration, loaded when it is first asked for. Its error may
	// be configs.ErrNoFile beside a usable configuration without sites.
	config func() (*configs.Config, error)
}

// run does what the arguments say and gives the exit status.
func (a *app) run(ctx context.Context, args []string) int {
	a.config = sync.OnceValues(a.loadConfig)
	a.terminal = isTerminal(a.stdout)
	out := &output{w: a.stdout}
	a.stdout, a.people = out, forPeople(out)
	root := a.rootCommand()
	if cmd, _, err := root.Find(args); err == nil && cmd.Name() == "search" {
		args = excluding(args)
	}
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(ctx)
	if err != nil && !a.started {
		err = misunderstood(cmd, err)
	}
	return a.report(out.failure(err))
}

// An interruption is the cause of a context that a signal has ended.
type interruption struct{ signal os.Signal }

func (i interruption) Error() string { return "interrupted" }

// Unwrap lets code that knows nothing of signals recognise a cancelled context.
func (i interruption) Unwrap() error { return context.Canceled }

// interruptible gives a context that the first SIGINT or SIGTERM ends, with an
// interruption as its cause. A second signal ends the process at once; the
// archive is safe at any moment. Call stop to give the signals back.
func interruptible(ctx context.Context, stderr io.Writer) (_ context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	quit := make(chan struct{})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case s := <-signals:
				if ctx.Err() != nil {
					os.Exit(statusInterrupted)
				}
				cancel(interruption{s})
				if isTerminal(stderr) {
					io.WriteString(stderr, "\nStopping: what is in hand is finished first. Press Ctrl-C again to stop at once.\n")
				}
			case <-quit:
				return
			}
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(quit)
		<-ended
		cancel(nil)
	}
}

func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
