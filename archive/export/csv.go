package export

import (
	"encoding/csv"
	"fmt"
	"io"

	"github.com/dossier-archive/dossier"
)

// csvEncoder writes RFC 4180: lines end with CR LF, cells with a comma, a
// quote or a line break are quoted. Line breaks inside a cell stay LF.
type csvEncoder struct {
	w       io.Writer
	csv     *csv.Writer
	columns []string
	bom     bool
	row     []string
}

func newCSV(w io.Writer, o Options) *csvEncoder {
	// The library would turn the line breaks inside cells into CR LF as well.
	return &csvEncoder{w: w, csv: csv.NewWriter(&crlf{w: w}), columns: o.Columns, bom: o.BOM, row: make([]string, len(o.Columns))}
}

func (e *csvEncoder) begin() error {
	if e.bom {
		if _, err := io.WriteString(e.w, "\ufeff"); err != nil {
			return err
		}
	}
	return e.write(e.columns)
}

func (e *csvEncoder) record(r *dossier.Record) error {
	for i, c := range e.columns {
		e.row[i] = ""
		if v := value(r, c); v != nil {
			e.row[i] = fmt.Sprint(v)
		}
	}
	return e.write(e.row)
}

// write sends each row on at once, so that crlf sees where it ends.
func (e *csvEncoder) write(row []string) error {
	if err := e.csv.Write(row); err != nil {
		return err
	}
	e.csv.Flush()
	return e.csv.Error()
}

func (e *csvEncoder) end() error { return nil }

// crlf turns the last byte of each row, a LF, into CR LF.
type crlf struct{ w io.Writer }

func (c *crlf) Write(p []byte) (int, error) {
	if len(p) == 0 || p[len(p)-1] != '\n' {
		return c.w.Write(p)
	}
	if _, err := c.w.Write(p[:len(p)-1]); err != nil {
		return 0, err
	}
	if _, err := io.WriteString(c.w, "\r\n"); err != nil {
		return 0, err
	}
	return len(p), nil
}
