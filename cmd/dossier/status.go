package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"

	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/configs"
)

// Exit statuses. The help of each command lists those that it can end with.
const (
	statusOK          = 0
	statusFailed      = 1
	statusUsage       = 2
	statusPartial     = 3
	statusGate        = 4
	statusArchive     = 5
	statusLocked      = 11
	statusInterrupted = 130
)

// meanings are the words for the exit statuses in the help.
var meanings = map[int]string{
	statusOK:          "all well",
	statusFailed:      "failed",
	statusUsage:       "wrong command line or configuration; nothing was done",
	statusPartial:     "partial: some sites or pages failed, the rest is done",
	statusGate:        "a quality gate failed",
	statusArchive:     "the archive cannot be used",
	statusLocked:      "another run holds the lock of the archive",
	statusInterrupted: "interrupted; what was finished is kept",
}

// A failure is an error with the exit status it leads to and, for people, what
// to do about it.
type failure struct {
	status int
	err    error
	hint   string // "" when the error says it all
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

func fail(status int, hint, format string, args ...any) error {
	return &failure{status, fmt.Errorf(format, args...), hint}
}

func usage(err error, hint string) error { return &failure{statusUsage, err, hint} }

// statusOf maps an error to the exit status.
func statusOf(err error) int {
	if err == nil {
		return statusOK
	}
	if errors.Is(err, context.Canceled) {
		return statusInterrupted
	}
	if locked := (*archive.LockedError)(nil); errors.As(err, &locked) {
		return statusLocked
	}
	if isArchiveError(err) {
		return statusArchive
	}
	if f := (*failure)(nil); errors.As(err, &f) {
		return f.status
	}
	if syntax := (*archive.SyntaxError)(nil); errors.As(err, &syntax) {
		return statusUsage
	}
	if problems := (configs.Problems)(nil); errors.As(err, &problems) || errors.Is(err, configs.ErrNoFile) {
		return statusUsage
	}
	return statusFailed
}

func isArchiveError(err error) bool {
	for _, known := range []error{archive.ErrNotArchive, archive.ErrNewer, archive.ErrReadOnly, archive.ErrFull, archive.ErrDamaged, archive.ErrNoFTS} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}

// report tells people what went wrong and what to do next, and gives the exit
// status.
func (a *app) report(err error) int {
	status := statusOf(err)
	switch {
	case err == nil:
		return status
	case status == statusInterrupted:
		fmt.Fprintln(a.stderr, "dossier: interrupted")
		if f := (*failure)(nil); errors.As(err, &f) && f.hint != "" {
			fmt.Fprintf(a.stderr, "  %s\n", f.hint)
		}
		return status
	}
	if text := inert(err.Error()); strings.Contains(text, "\n") {
		fmt.Fprintln(a.stderr, text)
	} else {
		fmt.Fprintf(a.stderr, "dossier: %s\n", text)
	}
	if hint := hintOf(err); hint != "" {
		fmt.Fprintf(a.stderr, "  %s\n", inert(hint))
	}
	return status
}

// hintOf says what to do about an error, "" when nobody knows better than the
// error itself.
func hintOf(err error) string {
	if f := (*failure)(nil); errors.As(err, &f) && f.hint != "" {
		return f.hint
	}
	for _, h := range []struct {
		err  error
		hint string
	}{
		{archive.ErrReadOnly, "check who owns the file and its folder, and whether the disk is mounted read-only"},
		{archive.ErrFull, "make room on the disk and start the same command again; what was acknowledged is kept"},
		{syscall.ENOSPC, "make room on the disk, or name a file on another one; nothing was left under the name"},
		{archive.ErrIndex, "`dossier verify --repair` makes it again, and says whether anything else is damaged"},
		{archive.ErrDamaged, "`dossier verify` says what is damaged, and with --repair mends what it can; else restore the last backup, or let `dossier verify --salvage FILE` copy what can still be read"},
		{archive.ErrNotArchive, "name another file with --archive, or the key `archive` of the configuration"},
	} {
		if errors.Is(err, h.err) {
			return h.hint
		}
	}
	if locked := (*archive.LockedError)(nil); errors.As(err, &locked) {
		return "wait until it ends, or stop that process; reading commands work all the while"
	}
	return ""
}
