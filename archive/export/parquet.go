package export

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"

	"github.com/dossier-archive/dossier"
)

// groupBytes is how much text a row group gathers in memory before it is
// written.
const groupBytes = 16 << 20

// parquetEncoder writes a Parquet file with typed columns. Long texts carry no
// bounds in the page index: nobody looks for a body by its first bytes.
type parquetEncoder struct {
	out  *parquet.GenericWriter[any]
	row  rower
	rec  reflect.Value // one row, used again for each record
	held int
}

func newParquet(w io.Writer, row rower) (*parquetEncoder, error) {
	fields := make([]reflect.StructField, len(row.columns))
	options := []parquet.WriterOption{parquet.Compression(&zstd.Codec{Level: zstd.SpeedFastest}), parquet.CreatedBy("dossier", "1", "")}
	for i, c := range row.columns {
		kind, tag := reflect.TypeFor[string](), c
		switch c {
		case "author", "source":
			kind, tag = reflect.TypeFor[*string](), c+",optional"
		case "first_seen", "last_seen":
			kind, tag = reflect.TypeFor[time.Time](), c+",timestamp(millisecond)"
		case "version":
			kind = reflect.TypeFor[int32]()
		case "site", "language":
			tag = c + ",dict"
		case "evidence", "versions":
			tag = c + ",json"
		}
		switch c {
		case "title", "url", "body", "sha256", "raw", "html", "markdown", "evidence", "versions":
			options = append(options, parquet.SkipPageBounds(c))
		}
		fields[i] = reflect.StructField{Name: fmt.Sprintf("F%d", i), Type: kind, Tag: reflect.StructTag(fmt.Sprintf("parquet:%q", tag))}
	}
	rec := reflect.New(reflect.StructOf(fields)).Elem()
	options = append(options, parquet.SchemaOf(rec.Interface()))
	return &parquetEncoder{out: parquet.NewGenericWriter[any](w, options...), row: row, rec: rec}, nil
}

func (e *parquetEncoder) begin() error { return nil }

func (e *parquetEncoder) record(r *dossier.Record) error {
	for i, c := range e.row.columns {
		v, err := e.row.value(r, c)
		if err != nil {
			return err
		}
		field := e.rec.Field(i)
		switch v := v.(type) {
		case nil:
			field.SetZero()
		case string:
			e.held += len(v)
			if field.Kind() == reflect.Pointer {
				field.Set(reflect.ValueOf(&v))
			} else {
				field.SetString(v)
			}
		case json.RawMessage:
			e.held += len(v)
			field.SetString(string(v))
		case int:
			field.SetInt(int64(v))
		case time.Time:
			field.Set(reflect.ValueOf(v.UTC()))
		}
	}
	if _, err := e.out.Write([]any{e.rec.Interface()}); err != nil {
		return err
	}
	if e.held += 200; e.held >= groupBytes {
		e.held = 0
		return e.out.Flush()
	}
	return nil
}

func (e *parquetEncoder) end() error { return e.out.Close() }
