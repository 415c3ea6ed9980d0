package main

import (
	"errors"
	"io"
	"os"
	"strings"
	"syscall"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"

	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/archive/export"
)

// output is where a command writes its results. It keeps the first error, so
// that no command ends well whose results were not written.
type output struct {
	w   io.Writer
	err error
}

func (o *output) Write(p []byte) (int, error) {
	n, err := o.w.Write(p)
	if err != nil && o.err == nil {
		o.err = err
	}
	return n, err
}

// failure is the error of a command that ended with err and could not write
// what it found. A reader that has seen enough, as head, is no failure.
func (o *output) failure(err error) error {
	switch {
	case errors.Is(o.err, syscall.EPIPE) && (err == nil || errors.Is(err, syscall.EPIPE)):
		return nil
	case o.err != nil && (err == nil || errors.Is(err, o.err)):
		return fail(statusFailed, "what was printed is not complete", "the results could not be written: %w", o.err)
	}
	return err
}

// forPeople makes text inert that is shown on a terminal: what pages say must
// not steer it.
func forPeople(w io.Writer) io.Writer { return transform.NewWriter(w, runes.Map(export.Printable)) }

// inert is text for people as forPeople writes it.
func inert(s string) string {
	s, _, err := transform.String(runes.Map(export.Printable), s)
	if err != nil {
		return "" // runes.Map knows no errors
	}
	return s
}

// keepsOff refuses to write over an archive, what stands beside it, and the
// configuration.
func (a *app) keepsOff(target string) error {
	if target == "" || target == "-" { // nothing is written, or to the standard output, whatever is called so
		return nil
	}
	if archive.IsArchive(target) {
		return fail(statusUsage, "name another file", "%s is an archive; nothing was written", target)
	}
	return a.keepsBeside(target)
}

// keepsBeside refuses to write over what stands beside an archive, and the
// configuration.
func (a *app) keepsBeside(target string) error {
	for _, beside := range []string{"-wal", "-shm", "-journal", ".lock"} {
		if name, ok := strings.CutSuffix(target, beside); ok && archive.IsArchive(name) {
			return fail(statusUsage, "name another file", "%s belongs to the archive %s; nothing was written", target, name)
		}
	}
	c, err := a.configOrNone()
	if err != nil {
		return err
	}
	there, err1 := os.Stat(target)
	used, err2 := os.Stat(c.File)
	if err1 == nil && err2 == nil && os.SameFile(there, used) {
		return fail(statusUsage, "name another file", "%s is the configuration; nothing was written", target)
	}
	return nil
}
