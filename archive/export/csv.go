package export

import (
	"bytes"
	"encoding/csv"
	"io"
	"strings"

	"github.com/dossier-archive/dossier"
)

// csvEncoder writes RFC 4180: lines end with CR LF, cells with a comma, a
// quote or a line break are quoted. Line breaks inside a cell stay LF, which
// is why the library's own CR LF, that would turn them as well, is not used.
type csvEncoder struct {
	w     io.Writer
	buf   bytes.Buffer // one row
	csv   *csv.Writer
	row   rower
	bom   bool
	guard bool
	cells []string
}

func newCSV(w io.Writer, row rower, o Options) *csvEncoder {
	e := &csvEncoder{w: w, row: row, bom: o.BOM, guard: o.Guard, cells: make([]string, len(row.columns))}
	e.csv = csv.NewWriter(&e.buf)
	return e
}

func (e *csvEncoder) begin() error {
	if e.bom {
		if _, err := io.WriteString(e.w, "\ufeff"); err != nil {
			return err
		}
	}
	return e.write(e.row.columns)
}

func (e *csvEncoder) record(r *dossier.Record) error {
	for i, c := range e.row.columns {
		v, err := e.row.value(r, c)
		if err != nil {
			return err
		}
		e.cells[i] = cell(v)
		if e.guard {
			e.cells[i] = guarded(e.cells[i])
		}
	}
	return e.write(e.cells)
}

// guarded keeps a spreadsheet from running a cell as a formula.
func guarded(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(s[:min(len(s), 4)])[0]) {
		return "'" + s
	}
	return s
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
