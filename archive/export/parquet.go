package export

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"runtime"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
	parquetzstd "github.com/parquet-go/parquet-go/compress/zstd"

	"github.com/dossier-archive/dossier"
)

const (
	groupBytes = 4 << 20   // text that a row group gathers in memory before it is packed
	maxPacking = 3         // row groups that are packed at a time
	pageWindow = 512 << 10 // how far a packer looks back: a page is rarely longer
)

// parquetEncoder writes a Parquet file with typed columns. Long texts carry no
// bounds in the page index: nobody looks for a body by its first bytes. Row
// groups are packed by several processors and written in their order.
type parquetEncoder struct {
	out     *parquet.GenericWriter[any]
	row     rower
	filling *rowGroup
	held    int // bytes of text in it
	packing []*rowGroup
	free    []*rowGroup
}

func newParquet(w io.Writer, row rower) (*parquetEncoder, error) {
	codec, err := newPageCodec()
	if err != nil {
		return nil, err
	}
	options := []parquet.WriterOption{parquetSchema(row.columns), parquet.Compression(codec), parquet.CreatedBy("dossier", "1", "")}
	for _, c := range row.columns {
		if c.long {
			options = append(options, parquet.SkipPageBounds(c.name))
		}
	}
	e := &parquetEncoder{out: parquet.NewGenericWriter[any](w, options...), row: row}
	e.filling = e.group()
	return e, nil
}

// pageCodec is zstd with a window of the size of a page: that of the library
// takes 8 MiB for each page that is packed at a time.
type pageCodec struct {
	parquetzstd.Codec
	encoder *zstd.Encoder
}

func newPageCodec() (*pageCodec, error) {
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithWindowSize(pageWindow),
		zstd.WithEncoderConcurrency(maxPacking), zstd.WithZeroFrames(true), zstd.WithEncoderCRC(false))
	return &pageCodec{encoder: encoder}, err
}

// Encode may be called by several goroutines at once.
func (c *pageCodec) Encode(dst, src []byte) ([]byte, error) {
	return c.encoder.EncodeAll(src, dst[:0]), nil
}

// parquetSchema has the columns in their order, which a schema that is built
// of nodes would not keep.
func parquetSchema(columns []column) *parquet.Schema {
	fields := make([]reflect.StructField, len(columns))
	for i, c := range columns {
		kind, tag := reflect.TypeFor[string](), c.name
		switch {
		case c.optional:
			kind, tag = reflect.TypeFor[*string](), tag+",optional"
		case c.kind == "datetime":
			kind, tag = reflect.TypeFor[time.Time](), tag+",timestamp(millisecond)"
		case c.kind == "integer":
			kind = reflect.TypeFor[int32]()
		case c.few:
			tag += ",dict"
		case c.kind == "json":
			tag += ",json"
		}
		fields[i] = reflect.StructField{Name: fmt.Sprintf("F%d", i), Type: kind, Tag: reflect.StructTag(fmt.Sprintf("parquet:%q", tag))}
	}
	return parquet.SchemaOf(reflect.New(reflect.StructOf(fields)).Elem().Interface())
}

func (e *parquetEncoder) begin() error { return nil }

func (e *parquetEncoder) record(r *dossier.Record) error {
	for i, c := range e.row.columns {
		v, err := c.value(e.row, r)
		if err != nil {
			return err
		}
		value, size := parquetValue(v)
		level := 0
		if c.optional && v != nil {
			level = 1
		}
		e.filling.values[i] = append(e.filling.values[i], value.Level(0, level, i))
		e.held += size
	}
	if e.held += 200; e.held >= groupBytes {
		return e.pack()
	}
	return nil
}

// parquetValue is a value of a record and how long its text is.
func parquetValue(v any) (parquet.Value, int) {
	switch v := v.(type) {
	case string:
		return parquet.ValueOf(v), len(v)
	case json.RawMessage:
		return parquet.ByteArrayValue(v), len(v)
	case int:
		return parquet.Int32Value(int32(v)), 0
	case time.Time:
		return parquet.Int64Value(v.UnixMilli()), 0
	}
	return parquet.NullValue(), 0
}

// pack lets a goroutine pack the rows gathered so far, and writes the oldest
// row group when enough are on their way.
func (e *parquetEncoder) pack() error {
	g := e.filling
	go func() { g.packed <- g.pack() }()
	e.packing, e.filling, e.held = append(e.packing, g), nil, 0
	if len(e.packing) >= min(runtime.GOMAXPROCS(0), maxPacking) {
		if err := e.commit(); err != nil {
			return err
		}
	}
	e.filling = e.group()
	return nil
}

// commit writes the oldest row group.
func (e *parquetEncoder) commit() error {
	g := e.packing[0]
	e.packing = e.packing[1:]
	if err := <-g.packed; err != nil {
		return err
	}
	if _, err := g.out.Commit(); err != nil {
		return err
	}
	for i := range g.values {
		clear(g.values[i])
		g.values[i] = g.values[i][:0]
	}
	e.free = append(e.free, g)
	return nil
}

// group is an empty row group.
func (e *parquetEncoder) group() *rowGroup {
	if n := len(e.free); n > 0 {
		g := e.free[n-1]
		e.free = e.free[:n-1]
		return g
	}
	return &rowGroup{out: e.out.BeginRowGroup(), values: make([][]parquet.Value, len(e.row.columns)), packed: make(chan error, 1)}
}

func (e *parquetEncoder) end() error {
	if err := e.pack(); err != nil {
		return err
	}
	for len(e.packing) > 0 {
		if err := e.commit(); err != nil {
			return err
		}
	}
	return e.out.Close()
}

// Close waits for what is still being packed after an error.
func (e *parquetEncoder) Close() error {
	var errs []error
	for _, g := range e.packing {
		errs = append(errs, <-g.packed)
	}
	e.packing = nil
	return errors.Join(errs...)
}

// rowGroup is the rows of a group, column by column.
type rowGroup struct {
	out    *parquet.ConcurrentRowGroupWriter
	values [][]parquet.Value
	packed chan error
}

// pack encodes and compresses the columns. A page ends between two steps, so
// they are short.
func (g *rowGroup) pack() error {
	const step = 64
	for i, column := range g.out.ColumnWriters() {
		for values := g.values[i]; len(values) > 0; values = values[min(step, len(values)):] {
			if _, err := column.WriteRowValues(values[:min(step, len(values))]); err != nil {
				return err
			}
		}
	}
	return g.out.Flush()
}
