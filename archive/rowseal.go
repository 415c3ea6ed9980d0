package archive

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/dossier-archive/dossier"
)

// The text of a version has a digest, and so has the body of a page. What stands
// beside them, such as times, headers and evidence, is covered by seals: digests of
// the fields of a record, of a version, and of the page that it was read from.

// sealBits is the part of a seal's number that is the number of the version, 0 for
// the record itself; what stands above is the record.
const sealBits = 20

// The same in SQL.
var (
	sealedSeq    = fmt.Sprintf("id >> %d", sealBits)
	sealedNumber = fmt.Sprintf("id & %d", 1<<sealBits-1)
	sealShift    = fmt.Sprintf("<< %d", sealBits)
)

func sealID(seq int64, number int) int64 { return seq<<sealBits | int64(number) }

// The fields that seals cover, as SQL names them.
var (
	recordSealed  = []string{"id", "site", "version", "first_seen"}
	versionSealed = []string{"number", "created", "origin", "page", "language", "more", "evidence", "sha256"}
	pageSealed    = []string{"site", "url", "final_url", "fetched_at", "status", "proto", "request", "header", "sha256", "size", "parts"}
)

// A sealedRow is a record, or a version with its page, and its seal.
type sealedRow struct {
	seq    int64
	number int // 0 for the record itself
	fields []any
	page   sql.NullInt64
	ofPage []any // nil without page

	seal, pageSeal []byte // as they are kept; without a seal nil
	doubt          string // why the fields are not to be relied on
}

// seals gives the digests that the row should have.
func (r *sealedRow) seals() (seal, page []byte, err error) {
	if seal, err = sealOf(nil, append(slices.Clone(r.fields), r.doubt)...); err == nil && r.ofPage != nil {
		page, err = sealOf(nil, sealedOfPage(r.ofPage)...)
	}
	return seal, page, err
}

// sealedOfPage are the fields of a page that its seal covers: all but what it says of its
// parts when it has none, as pages were before they could have some.
func sealedOfPage(fields []any) []any {
	out, last := slices.Clone(fields), len(fields)-1
	if out[last] == "" {
		return out[:last]
	}
	return out
}

// holds reports whether the fields of the row, and those of its page, are as they
// were written.
func (r *sealedRow) holds() (row, page bool, err error) {
	seal, pageSeal, err := r.seals()
	return bytes.Equal(seal, r.seal), bytes.Equal(pageSeal, r.pageSeal), err
}

// put writes the seal of a row.
func (r *sealedRow) put(ctx context.Context, db statements) error {
	seal, page, err := r.seals()
	if err == nil {
		_, err = db.ExecContext(ctx, `INSERT INTO seals (id, seal, page, doubt) VALUES ($1, $2, $3, $4)
			ON CONFLICT (id) DO UPDATE SET seal = excluded.seal, page = excluded.page, doubt = excluded.doubt`,
			sealID(r.seq, r.number), seal, page, r.doubt)
	}
	if err != nil {
		return fmt.Errorf("seal: %w", err)
	}
	return nil
}

// sealedRows gives the records of a range, each followed by its versions.
func sealedRows(ctx context.Context, db statements, from, to int64) ([]*sealedRow, error) {
	records, err := scanSealed(ctx, db, "SELECT seq, 0, NULL, "+columnsOf("r", recordSealed)+", s.seal, s.page, s.doubt FROM records r LEFT JOIN seals s ON s.id = r.seq "+sealShift+" WHERE seq BETWEEN $1 AND $2",
		len(recordSealed), 0, from, to)
	if err != nil {
		return nil, err
	}
	versions, err := scanSealed(ctx, db, "SELECT v.record, v.number, p.id, "+columnsOf("v", versionSealed)+", "+columnsOf("p", pageSealed)+`, s.seal, s.page, s.doubt
		FROM versions v LEFT JOIN pages p ON p.id = v.page LEFT JOIN seals s ON s.id = v.record `+sealShift+` | v.number WHERE v.record BETWEEN $1 AND $2`,
		len(versionSealed), len(pageSealed), from, to)
	if err != nil {
		return nil, err
	}
	out := append(records, versions...)
	slices.SortFunc(out, func(a, b *sealedRow) int { return int(sealID(a.seq, a.number) - sealID(b.seq, b.number)) })
	return out, nil
}

func columnsOf(table string, fields []string) string {
	return table + "." + strings.Join(fields, ", "+table+".")
}

func scanSealed(ctx context.Context, db statements, query string, fields, ofPage int, from, to int64) ([]*sealedRow, error) {
	rows, err := db.QueryContext(ctx, query, from, to)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []*sealedRow
	for rows.Next() {
		r := &sealedRow{fields: make([]any, fields), ofPage: make([]any, ofPage)}
		var doubt sql.NullString
		dest := []any{&r.seq, &r.number, &r.page}
		for i := range r.fields {
			dest = append(dest, &r.fields[i])
		}
		for i := range r.ofPage {
			dest = append(dest, &r.ofPage[i])
		}
		if err := rows.Scan(append(dest, &r.seal, &r.pageSeal, &doubt)...); err != nil {
			return nil, err
		}
		if r.doubt = doubt.String; !r.page.Valid {
			r.ofPage = nil
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// sealRecords gives records and their versions the seals of their fields as they
// are.
func sealRecords(ctx context.Context, db statements, from, to int64) error {
	rows, err := sealedRows(ctx, db, from, to)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := r.put(ctx, db); err != nil {
			return err
		}
	}
	return nil
}

// sealVersion gives a version the seal of its fields as they are.
func sealVersion(ctx context.Context, db statements, seq int64, number int) error {
	rows, err := sealedRows(ctx, db, seq, seq)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.number != number {
			continue
		}
		if err := r.put(ctx, db); err != nil {
			return err
		}
	}
	return nil
}

// keepSeals lets do change what seals of records cover. Seals that held before
// hold afterwards; what was damaged stays as damaged as it was.
func keepSeals(ctx context.Context, db statements, records []int64, do func() error) error {
	broken := map[int64]bool{}
	for _, seq := range records {
		rows, err := sealedRows(ctx, db, seq, seq)
		if err != nil {
			return err
		}
		for _, r := range rows {
			own, page, err := r.holds()
			if err != nil {
				return err
			}
			if !own || !page && r.ofPage != nil { // a page that is lost can only be ended
				broken[sealID(r.seq, r.number)] = true
			}
		}
	}
	if err := do(); err != nil {
		return err
	}
	for _, seq := range records {
		rows, err := sealedRows(ctx, db, seq, seq)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if broken[sealID(r.seq, r.number)] {
				continue
			}
			if err := r.put(ctx, db); err != nil {
				return err
			}
		}
	}
	return nil
}

// Doubt says why what stands beside the text of a version, or its record, is not to
// be relied on; "" when nothing is known against it.
func (a *Archive) Doubt(ctx context.Context, id string, version int) (string, error) {
	rows, err := a.reader.QueryContext(ctx, `SELECT s.doubt FROM records r JOIN seals s ON s.id IN (r.seq `+sealShift+`, r.seq `+sealShift+` | $1) WHERE r.id = $2 AND s.doubt != '' ORDER BY s.id`, version, id)
	if err != nil {
		return "", fmt.Errorf("doubt of %s: %w", id, classify(err))
	}
	doubts, err := column[string](rows)
	if err != nil {
		return "", fmt.Errorf("doubt of %s: %w", id, classify(err))
	}
	return strings.Join(doubts, "; "), nil
}

// setVersion makes another version of a record the current one.
func setVersion(ctx context.Context, tx *tx, seq int64, number int) error {
	return keepSeals(ctx, tx, []int64{seq}, func() error {
		_, err := tx.ExecContext(ctx, "UPDATE records SET version = $1 WHERE seq = $2", number, seq)
		return err
	})
}

// mended looks for the one field that was changed, among what it may have been,
// and gives its place and value when the seal, as sealOf gives it, proves it.
func mended(seal []byte, fields []any, candidates map[int][]any, sealOf func([]any) ([]byte, error)) (int, any, bool) {
	for i, values := range candidates {
		for _, value := range values {
			tried := slices.Clone(fields)
			tried[i] = value
			if got, err := sealOf(tried); err == nil && bytes.Equal(got, seal) {
				return i, value, true
			}
		}
	}
	return 0, nil, false
}

// isReadable reports whether a field, by its name, stops nobody who reads it.
func isReadable(name string, field any) bool {
	text, ok := field.([]byte)
	if s, is := field.(string); is {
		text, ok = []byte(s), true
	}
	var err error
	switch name {
	case "more":
		err = json.Unmarshal(text, &further{})
	case "evidence":
		err = json.Unmarshal(text, &map[string]dossier.Evidence{})
	case "request":
		err = json.Unmarshal(text, &http.Header{})
	case "header":
		err = setHeader(&dossier.Snapshot{}, text)
	case "parts":
		if len(text) > 0 {
			_, err = readParts(string(text))
		}
	case "fetched_at":
		_, err = time.Parse(time.RFC3339Nano, string(text))
	default:
		return true
	}
	return ok && err == nil
}
