package export

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"iter"
	"path/filepath"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

// WriteQuery writes the records that a query chooses in the fastest way that
// there is for the format. What is written is what Write writes; of JSON it may
// escape other characters than that does.
func WriteQuery(ctx context.Context, w io.Writer, format string, a *archive.Archive, q archive.Query, o Options) (int, error) {
	o = o.from(a)
	if err := o.Check(format); err != nil {
		return 0, err
	}
	switch {
	case len(o.With) > 0:
	case format == "jsonl":
		return a.WriteJSONL(ctx, w, q, namesOf(o.columns()))
	case format == "csv" && !o.Guard:
		return writeCells(ctx, w, a, q, o)
	}
	return Write(ctx, w, format, recordsFor(ctx, a, q, o), o)
}

// from are the options for records of an archive.
func (o Options) from(a *archive.Archive) Options {
	if o.Source == nil {
		o.Source = a
	}
	return o
}

// recordsFor are the records with what the options need of them.
func recordsFor(ctx context.Context, a *archive.Archive, q archive.Query, o Options) iter.Seq2[dossier.Record, error] {
	return a.Records(ctx, archive.List{Query: q, Bare: len(o.With) == 0})
}

// WriteQueryFile is WriteQuery to a file, as WriteFile does it.
func WriteQueryFile(ctx context.Context, path, format string, a *archive.Archive, q archive.Query, o Options) (n int, err error) {
	if format == "text" && filepath.Ext(path) != ".zip" {
		return WriteFile(ctx, path, format, recordsFor(ctx, a, q, o), o.from(a))
	}
	err = Create(path, func(w io.Writer) error {
		n, err = WriteQuery(ctx, w, format, a, q, o)
		return err
	})
	return n, err
}

// writeCells writes CSV from the text of the columns as it is archived.
func writeCells(ctx context.Context, w io.Writer, a *archive.Archive, q archive.Query, o Options) (n int, err error) {
	out := bufio.NewWriterSize(w, 64<<10)
	columns := o.columns()
	head := newCSV(out, rower{columns: columns}, o)
	if err := head.begin(); err != nil {
		return 0, fmt.Errorf("write csv: %w", err)
	}
	var row []byte
	for cells, err := range a.Cells(ctx, q, namesOf(columns)) {
		if err != nil {
			return n, err
		}
		row = row[:0]
		for i, c := range cells {
			if i > 0 {
				row = append(row, ',')
			}
			row = appendCell(row, c, len(columns) == 1)
		}
		if _, err := out.Write(append(row, '\r', '\n')); err != nil {
			return n, fmt.Errorf("write csv: %w", err)
		}
		n++
	}
	if err := out.Flush(); err != nil {
		return n, fmt.Errorf("write csv: %w", err)
	}
	return n, nil
}
