// Package export writes records in the formats that people and programs open.
// The same records and options give the same bytes.
package export

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/dossier-archive/dossier"
)

// Columns are the fields of a record in the order of export.
var Columns = []string{"id", "site", "url", "title", "date", "author", "source", "body", "language", "first_seen", "last_seen", "version", "sha256"}

// Formats are the names that Write knows.
var Formats = []string{"csv", "json", "jsonl"}

// Options of an export. The zero value writes every column.
type Options struct {
	Columns []string // a choice of Columns in their own order; nil: all
	BOM     bool     // begin CSV with a byte-order mark, which spreadsheets need to see UTF-8
}

// Check says what is wrong with the options or the format, nil when nothing.
func (o Options) Check(format string) error {
	if !slices.Contains(Formats, format) {
		return fmt.Errorf("format %q is not known; there are %s", format, strings.Join(Formats, ", "))
	}
	for i, c := range o.Columns {
		if !slices.Contains(Columns, c) {
			return fmt.Errorf("column %q is not known; there are %s", c, strings.Join(Columns, ", "))
		}
		if slices.Contains(o.Columns[:i], c) {
			return fmt.Errorf("column %q is named twice", c)
		}
	}
	return nil
}

// encoder writes one format.
type encoder interface {
	begin() error
	record(*dossier.Record) error
	end() error
}

// Write writes records to w and returns how many there were. Memory does not
// grow with their number.
func Write(ctx context.Context, w io.Writer, format string, records iter.Seq2[dossier.Record, error], o Options) (n int, err error) {
	if err := o.Check(format); err != nil {
		return 0, err
	}
	if o.Columns == nil {
		o.Columns = Columns
	}
	out := bufio.NewWriterSize(w, 64<<10)
	var enc encoder
	switch format {
	case "csv":
		enc = newCSV(out, o)
	default:
		enc = &jsonEncoder{w: out, columns: o.Columns, array: format == "json"}
	}
	if err := enc.begin(); err != nil {
		return 0, fmt.Errorf("write %s: %w", format, err)
	}
	for r, err := range records {
		if err != nil {
			return n, err
		}
		if err := ctx.Err(); err != nil {
			return n, context.Cause(ctx)
		}
		if err := enc.record(&r); err != nil {
			return n, fmt.Errorf("write %s: %w", format, err)
		}
		n++
	}
	if err := errors.Join(enc.end(), out.Flush()); err != nil {
		return n, fmt.Errorf("write %s: %w", format, err)
	}
	return n, nil
}

// WriteFile writes records to a file. It is written under another name in the
// same folder and renamed when it is complete and on disk: under its own name
// there is either the whole export or what was there before.
func WriteFile(ctx context.Context, path, format string, records iter.Seq2[dossier.Record, error], o Options) (n int, err error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return 0, fmt.Errorf("%s is a folder; name a file in it", path)
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.part")
	if err != nil {
		return 0, fmt.Errorf("export to %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreGone(os.Remove(f.Name())))
		}
	}()
	n, err = Write(ctx, f, format, records, o)
	if err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return n, fmt.Errorf("export to %s: %w", path, err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return n, fmt.Errorf("export to %s: %w", path, err)
	}
	return n, nil
}

func ignoreGone(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// value is one field of a record: a string, an int, or nil for a missing
// author or source.
func value(r *dossier.Record, column string) any {
	switch column {
	case "id":
		return r.ID
	case "site":
		return r.Site
	case "url":
		return r.URL
	case "title":
		return r.Title
	case "date":
		return r.Date
	case "author":
		return optional(r.Author)
	case "source":
		return optional(r.Source)
	case "body":
		return r.Body
	case "language":
		return r.Language
	case "first_seen":
		return r.FirstSeen.UTC().Format(time.RFC3339)
	case "last_seen":
		return r.LastSeen.UTC().Format(time.RFC3339)
	case "version":
		return r.Version
	case "sha256":
		return r.SHA256
	}
	return nil
}

func optional(s *string) any {
	if s == nil {
		return nil
	}
	return *s
}
