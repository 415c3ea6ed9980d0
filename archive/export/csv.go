package export

import (
	"io"
	"strings"

	"github.com/dossier-archive/dossier"
)

// csvEncoder writes RFC 4180: lines end with CR LF, cells with a comma, a
// quote or a line break are quoted. Line breaks inside a cell stay as they are.
type csvEncoder struct {
	w     io.Writer
	buf   []byte // one row
	row   rower
	bom   bool
	guard bool
	cells []string

	// Of what is for a spreadsheet: its rows, and cells that are too long for one.
	rows, long int
	warn       func(format string, args ...any)
}

func newCSV(w io.Writer, row rower, o Options) *csvEncoder {
	return &csvEncoder{w: w, row: row, bom: o.BOM, guard: o.Guard, cells: make([]string, len(row.columns)), warn: o.warn}
}

func (e *csvEncoder) begin() error {
	if e.bom {
		if _, err := io.WriteString(e.w, "\ufeff"); err != nil {
			return err
		}
	}
	return e.write(namesOf(e.row.columns))
}

func (e *csvEncoder) record(r *dossier.Record) error {
	for i, c := range e.row.columns {
		v, err := c.value(e.row, r)
		if err != nil {
			return err
		}
		e.cells[i] = cell(v)
		if e.guard {
			e.cells[i] = guarded(e.cells[i])
			if !fitsCell(e.cells[i]) {
				e.long++
			}
		}
	}
	e.rows++
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
	e.buf = e.buf[:0]
	for i, c := range row {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		e.buf = appendCell(e.buf, c, len(row) == 1)
	}
	e.buf = append(e.buf, '\r', '\n')
	_, err := e.w.Write(e.buf)
	return err
}

// appendCell quotes a cell that needs it; alone says that it is the only one
// of its row, where an empty one would be an empty line.
func appendCell[T ~string | ~[]byte](dst []byte, s T, alone bool) []byte {
	quote := len(s) == 0 && alone || len(s) > 0 && s[0] == ' '
	for i := 0; i < len(s) && !quote; i++ {
		quote = s[i] == ',' || s[i] == '"' || s[i] == '\r' || s[i] == '\n'
	}
	if !quote {
		return append(dst, s...)
	}
	dst = append(dst, '"')
	start := 0
	for i := range len(s) {
		if s[i] == '"' {
			dst = append(append(dst, s[start:i+1]...), '"')
			start = i + 1
		}
	}
	return append(append(dst, s[start:]...), '"')
}

// end says what a spreadsheet will not take of the file.
func (e *csvEncoder) end() error {
	if e.long > 0 {
		e.warn("%d cells are longer than the %d characters that a spreadsheet takes; the file has them whole, xlsx has them in parts", e.long, cellLimit)
	}
	if e.guard && e.rows >= sheetLimit {
		e.warn("%d records are more than the %d rows that a spreadsheet takes; the file has them all, xlsx has them on several sheets", e.rows, sheetLimit)
	}
	return nil
}
