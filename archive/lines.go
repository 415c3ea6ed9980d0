package archive

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"iter"
	"strings"
)

// lineColumns are the columns of an export as SQL.
var lineColumns = map[string]string{
	"id": "r.id", "site": "r.site", "url": "r.url", "title": "v.title", "date": "v.date", "author": "v.author", "source": "v.source",
	"body": "v.body", "language": "v.language", "first_seen": "r.first_seen", "last_seen": "r.last_seen", "version": "r.version", "sha256": "v.sha256",
}

// WriteJSONL writes the records that a query chooses as JSON Lines, as package
// export does, only faster: the database builds the lines. columns are names
// of an export in their order.
func (a *Archive) WriteJSONL(ctx context.Context, w io.Writer, q Query, columns []string) (n int, err error) {
	pairs := make([]string, len(columns))
	for i, c := range columns {
		pairs[i] = "'" + c + "', " + lineColumns[c]
	}
	out := bufio.NewWriterSize(w, 64<<10)
	for line, err := range a.rawRows(ctx, q, columns, "json_object("+strings.Join(pairs, ", ")+")", 1) {
		if err != nil {
			return n, err
		}
		out.Write(line[0]) // the error stays until the next write
		if err := out.WriteByte('\n'); err != nil {
			return n, fmt.Errorf("write jsonl: %w", err)
		}
		n++
	}
	if err := out.Flush(); err != nil {
		return n, fmt.Errorf("write jsonl: %w", err)
	}
	return n, nil
}

// Cells gives the records that a query chooses as rows of text, in the order
// of the columns of an export; a missing author or source is nil. A row is
// valid until the next one.
func (a *Archive) Cells(ctx context.Context, q Query, columns []string) iter.Seq2[[]sql.RawBytes, error] {
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = lineColumns[c]
	}
	return a.rawRows(ctx, q, columns, strings.Join(list, ", "), len(columns))
}

// rawRows gives the rows of an expression of width columns.
func (a *Archive) rawRows(ctx context.Context, q Query, columns []string, expr string, width int) iter.Seq2[[]sql.RawBytes, error] {
	return func(yield func([]sql.RawBytes, error) bool) {
		for _, c := range columns {
			if lineColumns[c] == "" {
				yield(nil, fmt.Errorf("column %q is not known", c))
				return
			}
		}
		cells, dest := make([]sql.RawBytes, width), make([]any, width)
		for i := range cells {
			dest[i] = &cells[i]
		}
		err := a.walk(ctx, List{Query: q}, expr, func(rows *sql.Rows) (bool, error) {
			err := rows.Scan(dest...)
			return err == nil && yield(cells, nil), err
		})
		if err != nil {
			yield(nil, err)
		}
	}
}
