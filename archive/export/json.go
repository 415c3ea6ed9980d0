package export

import (
	"bytes"
	"encoding/json"
	"io"
	"time"

	"github.com/dossier-archive/dossier"
)

// jsonEncoder writes one object a record: an array of them, or one a line.
type jsonEncoder struct {
	w     io.Writer
	row   rower
	array bool
	any   bool
	buf   bytes.Buffer
}

func (e *jsonEncoder) begin() error {
	if e.array {
		_, err := io.WriteString(e.w, "[")
		return err
	}
	return nil
}

func (e *jsonEncoder) record(r *dossier.Record) error {
	e.buf.Reset()
	if e.array {
		if e.any {
			e.buf.WriteByte(',')
		}
		e.buf.WriteByte('\n')
	}
	e.any = true
	enc := json.NewEncoder(&e.buf)
	enc.SetEscapeHTML(false)
	for i, c := range e.row.columns {
		sep := byte(',')
		if i == 0 {
			sep = '{'
		}
		e.buf.WriteByte(sep)
		e.buf.WriteString(`"` + c.name + `":`)
		v, err := c.value(e.row, r)
		if err != nil {
			return err
		}
		if at, ok := v.(time.Time); ok {
			v = stamp(at)
		}
		if err := enc.Encode(v); err != nil {
			return err
		}
		e.buf.Truncate(e.buf.Len() - 1) // the line break of the encoder
	}
	e.buf.WriteByte('}')
	if !e.array {
		e.buf.WriteByte('\n')
	}
	_, err := e.w.Write(e.buf.Bytes())
	return err
}

func (e *jsonEncoder) end() error {
	if !e.array {
		return nil
	}
	_, err := io.WriteString(e.w, "\n]\n")
	return err
}
