// Package export writes records in the formats that people and programs open.
// The same records and options give the same bytes.
package export

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

// Columns are the fields of a record in the order of export.
var Columns = namesOf(fields)

// Formats are the names that Write knows.
var Formats = []string{"csv", "json", "jsonl", "xlsx", "parquet", "sqlite", "atom", "text", "markdown", "html"}

// Extras are columns that Options.With adds: the page as fetched (in base64),
// the text as HTML and as Markdown, where the fields came from, all
// versions, the records with a similar text, and the other addresses at which the
// article appeared.
var Extras = namesOf(extras)

// untitled is what a feed, a document or a bundle is called.
const untitled = "Archived records"

// Options of an export. The zero value writes every column.
type Options struct {
	Columns []string // a choice of Columns in their own order; nil: all
	BOM     bool     // begin CSV with a byte-order mark, which spreadsheets need to see UTF-8
	// Guard puts an apostrophe before cells of CSV that a spreadsheet would
	// take for a formula.
	Guard  bool
	With   []string     // of Extras
	Source Source       // needed for the extras raw, versions, similar and aliases
	Warn   func(string) // told about what a format cannot hold as it is; may be nil
	// Damaged is told of how many records the pages cannot be read, which leaves their raw
	// empty. Where it is nil the first of them ends the export.
	Damaged func(records int)
	// Facts are told of each record in Markdown and HTML beside those that it holds, as names
	// and values.
	Facts [][2]string
}

// ForExcel are the options that a spreadsheet program needs.
func (o Options) ForExcel() Options {
	o.BOM, o.Guard = true, true
	return o
}

// Source gives what a record does not hold itself.
type Source interface {
	Snapshot(ctx context.Context, id string, version int) (dossier.Snapshot, error)
	Versions(ctx context.Context, id string) ([]dossier.Version, error)
	Similar(ctx context.Context, id string) ([]dossier.Similar, error)
	Aliases(ctx context.Context, id string) ([]dossier.Alias, error)
}

// Check says what is wrong with the options or the format, nil when nothing.
func (o Options) Check(format string) error {
	if !slices.Contains(Formats, format) {
		return fmt.Errorf("format %q is not known; there are %s", format, strings.Join(Formats, ", "))
	}
	if !hasColumns(format) && len(o.Columns)+len(o.With) > 0 {
		return fmt.Errorf("%s has a form of its own: --columns and --with are for %s", format, strings.Join(slices.DeleteFunc(slices.Clone(Formats), func(f string) bool { return !hasColumns(f) }), ", "))
	}
	for i, c := range o.Columns {
		if slices.Contains(Extras, c) {
			return fmt.Errorf("%s is no column of itself; --with %s adds it behind the others", c, c)
		}
		if !slices.Contains(Columns, c) {
			return fmt.Errorf("column %q is not known; there are %s", c, strings.Join(Columns, ", "))
		}
		if slices.Contains(o.Columns[:i], c) {
			return fmt.Errorf("column %q is named twice", c)
		}
	}
	for i, e := range o.With {
		if !slices.Contains(Extras, e) {
			return fmt.Errorf("there is no %q to add; there are %s", e, strings.Join(Extras, ", "))
		}
		if slices.Contains(o.With[:i], e) {
			return fmt.Errorf("%q is to be added twice", e)
		}
		if slices.Contains(needSource, e) && o.Source == nil {
			return fmt.Errorf("%q needs the archive that the records are from", e)
		}
	}
	return nil
}

// hasColumns reports whether a format has a place for each column of a record.
func hasColumns(format string) bool {
	return format != "atom" && format != "markdown" && format != "html"
}

// columns are those asked for and the extras. Check has found them all.
func (o Options) columns() []column {
	columns := fields
	if o.Columns != nil {
		columns = chosen(fields, o.Columns)
	}
	return slices.Concat(columns, chosen(extras, o.With))
}

// chosen are the columns of some names, in the order of these.
func chosen(columns []column, names []string) []column {
	var out []column
	for _, name := range names {
		i := slices.IndexFunc(columns, func(c column) bool { return c.name == name })
		out = append(out, columns[i])
	}
	return out
}

func (o Options) warn(format string, args ...any) {
	if o.Warn != nil {
		o.Warn(fmt.Sprintf(format, args...))
	}
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
	out := bufio.NewWriterSize(w, 64<<10)
	row := rower{ctx: ctx, columns: o.columns(), source: o.Source, lacking: new(int)}
	if o.Damaged != nil {
		row.damaged = new(int)
	}
	enc, err := newEncoder(out, format, row, o)
	if err != nil {
		return 0, fmt.Errorf("write %s: %w", format, err)
	}
	defer func() {
		if c, ok := enc.(io.Closer); ok {
			err = errors.Join(err, c.Close())
		}
	}()
	if err := enc.begin(); err != nil {
		return 0, fmt.Errorf("write %s: %w", format, err)
	}
	switch format {
	case "parquet", "xlsx", "sqlite":
		records = ahead(ctx, records)
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
	err = enc.end()
	if err == nil { // else it would say the same again
		err = out.Flush()
	}
	if err != nil {
		return n, fmt.Errorf("write %s: %w", format, err)
	}
	if *row.lacking > 0 {
		o.warn("of %d of the records no page is kept: their raw is empty", *row.lacking)
	}
	if row.damaged != nil && *row.damaged > 0 {
		o.Damaged(*row.damaged)
	}
	return n, nil
}

// scratch makes a temporary file that has no name any more, so that nothing of it stays behind
// when the program is killed.
func scratch() (*os.File, error) {
	f, err := os.CreateTemp("", "dossier-export-*")
	if err != nil {
		return nil, temporary(err)
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(temporary(err), f.Close())
	}
	return f, nil
}

// temporary says of an error of making a temporary file where that was to be.
func temporary(err error) error {
	if _, missing := os.Stat(os.TempDir()); errors.Is(missing, fs.ErrNotExist) {
		return fmt.Errorf("the folder %s for temporary files is not there; make it, or name another in TMPDIR", os.TempDir())
	}
	return fmt.Errorf("temporary file: %w", err)
}

func newEncoder(w *bufio.Writer, format string, row rower, o Options) (encoder, error) {
	switch format {
	case "csv":
		return newCSV(w, row, o), nil
	case "json", "jsonl":
		return &jsonEncoder{w: w, row: row, array: format == "json"}, nil
	case "xlsx":
		return newXLSX(w, row, o), nil
	case "parquet":
		return newParquet(w, row)
	case "sqlite":
		return newSQLite(w, row)
	case "atom":
		return &atomEncoder{w: w, lost: replacements{why: "XML cannot hold them, or they steer what shows the text", warn: o.warn}}, nil
	case "text":
		return newText(w, row, o), nil
	case "markdown":
		return newDocument(w, o, writeMarkdown), nil
	case "html":
		e := newDocument(w, o, writeHTML)
		e.html = true
		return e, nil
	}
	return nil, fmt.Errorf("format %q is not known", format)
}

// WriteFile writes records to a file. It is written under another name in the
// same folder and renamed when it is complete and on disk: under its own name
// there is either the whole export or what was there before. The format text
// gives a folder, unless the name ends in .zip; it takes the place of an empty one.
func WriteFile(ctx context.Context, path, format string, records iter.Seq2[dossier.Record, error], o Options) (n int, err error) {
	err = create(path, format == "text" && filepath.Ext(path) != ".zip", func(w io.Writer) error {
		n, err = Write(ctx, w, format, records, o)
		return err
	})
	return n, err
}

// Create lets write fill a file that appears under its name when it is
// complete and on disk. When write fails, there is what was there before. A
// link is followed; into a device or a pipe is written straight. What exports to
// the same path that were killed have left beside it is removed.
func Create(path string, write func(io.Writer) error) error {
	return create(path, false, write)
}

func create(path string, asFolder bool, write func(io.Writer) error) (err error) {
	info, err := os.Stat(path)
	if err == nil && !info.IsDir() && !info.Mode().IsRegular() {
		return writeInto(path, write) // links such as /dev/stdout lead to what has no name
	}
	if path = behindLinks(path); asFolder {
		path = filepath.Clean(path) // without a slash behind
	}
	if err == nil {
		if err := replaceable(path, info, asFolder); err != nil {
			return err
		}
		if path, err = filepath.Abs(path); err != nil { // of "." and "x/", too, what stands beside it
			return fmt.Errorf("export to %s: %w", path, err)
		}
	}
	if _, err := os.Stat(filepath.Dir(path)); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("export to %s: the folder %s is not there; make it first", path, filepath.Dir(path))
	}
	begins, ends := "."+filepath.Base(path)+".", ".part"
	archive.RemoveLeft(filepath.Dir(path), begins, ends)
	f, err := archive.Scratch(func() (*os.File, error) { return os.CreateTemp(filepath.Dir(path), begins+"*"+ends) })
	if err != nil {
		return fmt.Errorf("export to %s: %w", path, err)
	}
	defer f.Close() // when it has its name; what was written is on disk by then
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreGone(os.Remove(f.Name())))
		}
	}()
	if err = write(f); err == nil {
		err = errors.Join(f.Chmod(0o644), f.Sync())
	}
	if err != nil {
		return fmt.Errorf("export to %s: %w", path, err)
	}
	publish := os.Rename
	if asFolder {
		publish = publishFolder
	}
	if err := publish(f.Name(), path); err != nil {
		return fmt.Errorf("export to %s: %w", path, err)
	}
	return nil
}

// replaceable refuses what an export cannot take the place of: a folder takes that of an
// empty one, and a file that of a file.
func replaceable(path string, info fs.FileInfo, asFolder bool) error {
	switch {
	case !info.IsDir() && asFolder:
		return fmt.Errorf("%s is a file, and the export is a folder; name another, or one that ends in .zip", path)
	case !info.IsDir():
		return nil
	case !asFolder:
		return fmt.Errorf("%s is a folder; name a file", path)
	}
	in, err := os.ReadDir(path)
	if err != nil {
		return fmt.Errorf("export to %s: %w", path, err)
	}
	if len(in) > 0 {
		return fmt.Errorf("the folder %s is not empty (%s is in it), and is not replaced; name another, or empty it", path, in[0].Name())
	}
	return nil
}

// behindLinks follows links, also to what is not there yet.
func behindLinks(path string) string {
	const most = 40 // what Linux follows
	for range most {
		to, err := os.Readlink(path)
		if err != nil {
			break
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(path), to)
		}
		path = to
	}
	return path
}

// writeInto writes to what is no file and cannot be replaced.
func writeInto(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err == nil {
		err = errors.Join(write(f), f.Close())
	}
	if err != nil {
		return fmt.Errorf("export to %s: %w", path, err)
	}
	return nil
}

// publishFolder turns a ZIP file into a folder of that name, with the permissions of the
// empty one that may be there.
func publishFolder(file, path string) error {
	folder, err := unfold(file)
	if info, there := os.Stat(path); err == nil && there == nil {
		err = os.Chmod(folder, info.Mode().Perm())
	}
	if err == nil {
		err = syscall.Rename(folder, path) // os.Rename refuses empty folders
	}
	if err != nil {
		return errors.Join(err, os.RemoveAll(folder))
	}
	return os.Remove(file)
}

func ignoreGone(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
