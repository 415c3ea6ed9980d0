package export

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"github.com/dossier-archive/dossier"
)

const (
	cellLimit  = 32767   // UTF-16 units of an XLSX cell
	sheetLimit = 1048576 // rows of an XLSX sheet
	longSheet  = "long texts"
	longMark   = " […]"
)

// xlsxEncoder writes a workbook. What is too long for a cell goes on, piece by
// piece, on a sheet of its own; what is too much for a sheet, on the next one.
type xlsxEncoder struct {
	w        io.Writer
	book     *excelize.File
	row      rower
	warn     func(string, ...any)
	sheets   int
	out      *excelize.StreamWriter
	at       int // last row written
	long     *excelize.StreamWriter
	longAt   int
	longSeen int // cells that went on elsewhere
	lost     replacements
}

func newXLSX(w io.Writer, row rower, o Options) *xlsxEncoder {
	return &xlsxEncoder{w: w, book: excelize.NewFile(), row: row, warn: o.warn, lost: replacements{why: "XML cannot hold them", warn: o.warn}}
}

func (e *xlsxEncoder) begin() error { return e.sheet() }

// sheetName is the name of the nth sheet of records.
func sheetName(n int) string {
	if n == 1 {
		return "records"
	}
	return fmt.Sprintf("records %d", n)
}

// sheet begins the next sheet of records.
func (e *xlsxEncoder) sheet() error {
	if e.out != nil {
		if err := e.out.Flush(); err != nil {
			return err
		}
	}
	e.sheets++
	name := sheetName(e.sheets)
	if e.sheets == 1 {
		if err := e.book.SetSheetName("Sheet1", name); err != nil {
			return err
		}
	} else {
		if _, err := e.book.NewSheet(name); err != nil {
			return err
		}
		e.warn("more than %d records: they go on on the sheet %q", sheetLimit-1, name)
	}
	var err error
	if e.out, err = e.book.NewStreamWriter(name); err != nil {
		return err
	}
	header := make([]any, len(e.row.columns))
	for i, c := range e.row.columns {
		header[i] = c.name
	}
	e.at = 1
	return e.out.SetRow("A1", header)
}

func (e *xlsxEncoder) record(r *dossier.Record) error {
	if e.at == sheetLimit {
		if err := e.sheet(); err != nil {
			return err
		}
	}
	cells := make([]any, len(e.row.columns))
	fits := true
	for i, c := range e.row.columns {
		v, err := c.value(e.row, r)
		if err != nil {
			return err
		}
		switch v := v.(type) {
		case string, json.RawMessage:
			fits = fits && fitsXML(cell(v))
			if cells[i], err = e.fit(r.ID, c.name, cell(v)); err != nil {
				return err
			}
		case time.Time:
			cells[i] = stamp(v)
		default:
			cells[i] = v
		}
	}
	if !fits {
		e.lost.records++
	}
	e.at++
	return e.out.SetRow(fmt.Sprintf("A%d", e.at), cells)
}

// fit gives as much of a text as a cell takes and files the rest.
func (e *xlsxEncoder) fit(id, column, s string) (string, error) {
	if fitsCell(s) {
		return s, nil
	}
	units := utf16.Encode([]rune(s))
	first, rest := cut(units, cellLimit-len(utf16.Encode([]rune(longMark))))
	e.longSeen++
	for part := 2; len(rest) > 0; part++ {
		var piece []uint16
		piece, rest = cut(rest, cellLimit)
		if err := e.fileLong(id, column, part, string(utf16.Decode(piece))); err != nil {
			return "", err
		}
	}
	return string(utf16.Decode(first)) + longMark, nil
}

// fitsCell reports whether a text is short enough for a cell.
func fitsCell(s string) bool {
	return len(s) <= cellLimit || len(utf16.Encode([]rune(s))) <= cellLimit
}

// cut splits a text without parting a surrogate pair.
func cut(units []uint16, n int) (first, rest []uint16) {
	if len(units) <= n {
		return units, nil
	}
	if utf16.IsSurrogate(rune(units[n-1])) && units[n-1] < 0xdc00 {
		n--
	}
	return units[:n], units[n:]
}

func (e *xlsxEncoder) fileLong(id, column string, part int, s string) error {
	if e.long == nil {
		if _, err := e.book.NewSheet(longSheet); err != nil {
			return err
		}
		var err error
		if e.long, err = e.book.NewStreamWriter(longSheet); err != nil {
			return err
		}
		if err := e.long.SetRow("A1", []any{"id", "sheet", "row", "column", "part", "text"}); err != nil {
			return err
		}
		e.longAt = 1
	}
	if e.longAt == sheetLimit {
		return errors.New("too many long texts for a workbook; use another format")
	}
	e.longAt++
	return e.long.SetRow(fmt.Sprintf("A%d", e.longAt), []any{id, sheetName(e.sheets), e.at + 1, column, part, s})
}

func (e *xlsxEncoder) end() error {
	if err := e.out.Flush(); err != nil {
		return err
	}
	if e.long != nil {
		if err := e.long.Flush(); err != nil {
			return err
		}
		e.warn("%d cells are longer than %d characters: they end in %q and go on on the sheet %q", e.longSeen, cellLimit, longMark, longSheet)
	}
	e.lost.say()
	return e.ordered()
}

// ordered writes the parts of the workbook in the order of their names; the
// library writes them in any.
func (e *xlsxEncoder) ordered() (err error) {
	f, err := scratch()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	// The library packs into memory; its packer may write elsewhere.
	e.book.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(f) })
	if _, err := e.book.WriteToBuffer(); err != nil {
		return err
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	in, err := zip.NewReader(f, size)
	if err != nil {
		return err
	}
	slices.SortFunc(in.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	out := zip.NewWriter(e.w)
	for _, part := range in.File {
		if err := out.Copy(part); err != nil {
			return err
		}
	}
	return out.Close()
}

// Close frees the temporary files of the workbook.
func (e *xlsxEncoder) Close() error { return e.book.Close() }
