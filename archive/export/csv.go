package export

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"

	"github.com/dossier-archive/dossier"
)

// csvEncoder writes RFC 4180: lines end with CR LF, cells with a comma, a
// quote or a line break are quoted. Line breaks inside a cell stay LF, which
// is why the library's own CR LF, that would turn them as well, is not used.
type csvEncoder struct {
	w       io.Writer
	buf     bytes.Buffer // one row
	csv     *csv.Writer
	columns []string
	bom     bool
	row     []string
}

func newCSV(w io.Writer, o Options) *csvEncoder {
	e := &csvEncoder{w: w, columns: o.Columns, bom: o.BOM, row: make([]string, len(o.Columns))}
	e.csv = csv.NewWriter(&e.buf)
	return e
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

func (e *csvEncoder) write(row []string) error {
	e.buf.Reset()
	if err := e.csv.Write(row); err != nil {
		return err
	}
	e.csv.Flush()
	e.buf.Truncate(e.buf.Len() - 1)
	e.buf.WriteString("\r\n")
	_, err := e.w.Write(e.buf.Bytes())
	return err
}

func (e *csvEncoder) end() error { return e.csv.Error() }
