package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/dossier-archive/dossier"
)

// What repair notes at fields that cannot be put back.
const (
	doubtRow  = "its fields are not as they were written"
	doubtPage = "the fields of its page are not as they were written"
)

// LostPage is part of the Doubt of a version whose page is lost.
const LostPage = "its page is lost"

// records finds records whose rows are missing. A repair makes them again.
func (v *verifier) records() error {
	lost, err := lostRows(v.ctx, v.a.reader)
	if err != nil {
		return err
	}
	for _, l := range lost {
		d := Damage{Kind: DamagedRecord, What: fmt.Sprintf("record number %d", l.seq), Detail: fmt.Sprintf("its row is missing; %d of its versions are there", len(l.versions))}
		if len(l.addresses) == 0 {
			d.Detail += ", and no address"
			v.found(d)
			continue
		}
		row, _ := l.row()
		id, _ := row.fields[0].(string)
		d.What, d.Affects = id, []string{id}
		if v.repair {
			if err := v.mendWith(&d, func(tx *tx) error {
				how, err := l.remake(v.ctx, tx)
				d.Detail += how
				return err
			}); err != nil {
				return err
			}
		}
		v.found(d)
	}
	rows, err := v.a.reader.QueryContext(v.ctx, `SELECT DISTINCT `+sealedSeq+` FROM seals WHERE `+sealedSeq+` NOT IN (SELECT seq FROM records) AND `+sealedSeq+` NOT IN (SELECT record FROM versions)`)
	if err != nil {
		return err
	}
	gone, err := column[int64](rows)
	for _, seq := range gone {
		v.found(Damage{Kind: DamagedRecord, What: fmt.Sprintf("record number %d", seq), Detail: "its row and its versions are missing; --salvage makes of its pages what can be made"})
	}
	return err
}

// seals compares what stands beside texts and bodies with its seals.
func (v *verifier) seals() error {
	scan := rowScan{db: v.a.reader, table: "records"}
	for {
		seqs, err := scan.next(v.ctx)
		if err != nil || len(seqs) == 0 {
			return err // what could not be read, the check of the versions says
		}
		rows, err := sealedRows(v.ctx, v.a.reader, seqs[0], seqs[len(seqs)-1])
		if isCorrupt(err) {
			rows, err = v.readableRows(seqs)
		}
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := v.sealed(r); err != nil {
				return err
			}
		}
	}
}

// readableRows are the rows of those records that can be read.
func (v *verifier) readableRows(seqs []int64) (out []*sealedRow, err error) {
	for _, seq := range seqs {
		rows, err := sealedRows(v.ctx, v.a.reader, seq, seq)
		if err != nil && !isCorrupt(err) {
			return out, err
		}
		out = append(out, rows...)
	}
	return out, nil
}

func (v *verifier) sealed(r *sealedRow) error {
	own, page, err := r.holds()
	if err == nil && own && page && !r.page.Valid && strings.Contains(r.doubt, LostPage) {
		return v.lostPage(r)
	}
	if err != nil || own && page || r.seal == nil && v.apart[sealID(r.seq, r.number)] {
		return err
	}
	what, err := v.evidenceOf(r)
	if err != nil {
		return err
	}
	if !own {
		if r, err = v.unsealedRow(r, what); err != nil {
			return err
		}
		if _, page, err = r.holds(); err != nil { // a repair may have put back which page it is
			return err
		}
	}
	if page || r.seal == nil {
		return nil
	}
	return v.unsealedPage(r, what)
}

// unsealedRow tells of a record or version that is not as it was written, and gives
// it as a repair leaves it.
func (v *verifier) unsealedRow(r *sealedRow, what *fieldEvidence) (*sealedRow, error) {
	d := Damage{Kind: DamagedRecord, What: what.id, Detail: "its id, its site, which version is the current one, or when it was first seen is not as it was written"}
	if r.number > 0 {
		d.Kind, d.What = DamagedVersion, fmt.Sprintf("%s@%d", what.id, r.number)
		d.Detail = "its time, origin, page, language, evidence or further fields are not as they were written"
	}
	if r.seal == nil {
		d.Detail = "its seal, the digest of its fields, is missing"
	}
	d.Affects = []string{d.What}
	if v.repair {
		if err := v.mend(r, what, &d); err != nil {
			return r, err
		}
		rows, err := sealedRows(v.ctx, v.a.reader, r.seq, r.seq)
		if err != nil {
			return r, err
		}
		for _, again := range rows {
			if again.number == r.number {
				r = again
			}
		}
	}
	v.found(d)
	return r, nil
}

func (v *verifier) unsealedPage(r *sealedRow, what *fieldEvidence) error {
	if !r.page.Valid {
		return v.lostPage(r)
	}
	name := fmt.Sprintf("%s@%d", what.id, r.number)
	d := Damage{Kind: DamagedPage, What: fmt.Sprintf("page %d", r.page.Int64), Detail: "its addresses, time, status or headers are not as they were written", Affects: []string{name}}
	if v.repair {
		if err := v.mendPage(r, what, &d); err != nil {
			return err
		}
	}
	v.found(d)
	return nil
}

// lostPage tells of a version whose page is lost, now or since an earlier repair.
func (v *verifier) lostPage(r *sealedRow) error {
	what, err := v.evidenceOf(r)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("%s@%d", what.id, r.number)
	v.found(Damage{Kind: DamagedVersion, What: name, Detail: LostPage, Affects: []string{name}})
	if !v.repair || strings.Contains(r.doubt, LostPage) {
		return nil
	}
	return v.doubtful(r, LostPage)
}

// mend puts back the one field that was changed, when the seal proves it; else it
// marks the row as doubtful.
func (v *verifier) mend(r *sealedRow, what *fieldEvidence, d *Damage) error {
	d.Repaired = true
	names, table, where, args := recordSealed, "records", "seq = $2", []any{r.seq}
	candidates := what.ofRecord()
	if r.number > 0 {
		names, table, where, args = versionSealed, "versions", "record = $2 AND number = $3", []any{r.seq, r.number}
		candidates = what.ofVersion(r, v.readings(r, what))
	}
	if i, value, ok := mended(r.seal, r.fields, candidates, func(fields []any) ([]byte, error) { return sealOf(nil, append(fields, r.doubt)...) }); ok {
		r.fields[i] = value
		return v.set(table, names[i], where, value, args...)
	}
	d.Detail += "; what it was cannot be proven, and it is marked as doubtful"
	if err := v.readable(table, names, r.fields, candidates, where, args...); err != nil {
		return err
	}
	return v.doubtful(r, doubtRow)
}

func (v *verifier) mendPage(r *sealedRow, what *fieldEvidence, d *Damage) error {
	d.Repaired = true
	if i, value, ok := mended(r.pageSeal, r.ofPage, what.ofPage(r), func(fields []any) ([]byte, error) { return sealOf(nil, sealedOfPage(fields)...) }); ok {
		r.ofPage[i] = value
		return v.set("pages", pageSealed[i], "id = $2", value, r.page.Int64)
	}
	d.Detail += "; what they were cannot be proven, and the version is marked as doubtful"
	if err := v.readable("pages", pageSealed, r.ofPage, what.ofPage(r), "id = $2", r.page.Int64); err != nil {
		return err
	}
	return v.doubtful(r, doubtPage)
}

// readable puts in the place of fields that nobody can read what they may have been, else
// nothing in its form.
func (v *verifier) readable(table string, names []string, fields []any, candidates map[int][]any, where string, args ...any) error {
	for i, name := range names {
		if isReadable(name, fields[i]) {
			continue
		}
		fields[i] = []byte("{}")
		for _, value := range candidates[i] {
			if isReadable(name, value) {
				fields[i] = value
				break
			}
		}
		if err := v.set(table, name, where, fields[i], args...); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) set(table, field, where string, value any, args ...any) error {
	return v.a.write(v.ctx, "repair "+table, func(tx *tx) error {
		_, err := tx.ExecContext(v.ctx, "UPDATE "+table+" SET "+field+" = $1 WHERE "+where, append([]any{value}, args...)...)
		return err
	})
}

func (v *verifier) doubtful(r *sealedRow, why string) error {
	if r.doubt == "" {
		r.doubt = why
	} else if r.doubt != why {
		r.doubt += "; " + why
	}
	return v.a.write(v.ctx, "repair seals", func(tx *tx) error { return r.put(v.ctx, tx) })
}

// readings are what the page of a version gives, read in each way.
func (v *verifier) readings(r *sealedRow, what *fieldEvidence) (out []dossier.Article) {
	if !r.page.Valid {
		return nil
	}
	page, err := v.a.Page(v.ctx, r.page.Int64)
	if err != nil {
		return nil
	}
	for _, read := range v.read {
		if art, err := read(v.ctx, what.site, &page); err == nil {
			out = append(out, art)
		}
	}
	return out
}

// fieldEvidence is what the archive says elsewhere of the fields of a record, its
// versions and pages.
type fieldEvidence struct {
	id, site string
	ids      []any // that its addresses give
	sites    []any
	urls     []any
	times    []any
	numbers  []any // of versions
	pages    []any
	statuses []any
	body     []byte // of the page, whatever its digest, nil when it cannot be unpacked
	text     string // digest of what the version says
}

func (v *verifier) evidenceOf(r *sealedRow) (*fieldEvidence, error) {
	e := &fieldEvidence{statuses: []any{int64(200)}}
	err := v.a.reader.QueryRowContext(v.ctx, "SELECT id, site FROM records WHERE seq = $1", r.seq).Scan(&e.id, &e.site)
	if errors.Is(err, sql.ErrNoRows) { // which the check of the records tells of
		e.id, err = fmt.Sprintf("record number %d", r.seq), nil
	}
	if err != nil {
		return nil, err
	}
	for _, q := range []struct {
		query string
		take  func(row []any)
	}{
		{"SELECT key, site, url, first_seen FROM addresses WHERE record = $1", func(row []any) {
			for salt := range 3 {
				e.ids = append(e.ids, recordID(fmt.Sprint(row[1]), fmt.Sprint(row[0]), salt))
			}
			e.sites, e.urls, e.times = append(e.sites, row[1]), append(e.urls, row[2]), append(e.times, row[3])
		}},
		{"SELECT number, created, 0, 0 FROM versions WHERE record = $1", func(row []any) {
			e.numbers, e.times = append(e.numbers, row[0]), append(e.times, row[1])
		}},
		{"SELECT first_seen, url, site, 0 FROM records WHERE seq = $1", func(row []any) {
			e.times, e.urls, e.sites = append(e.times, row[0]), append(e.urls, row[1]), append(e.sites, row[2])
		}},
		{"SELECT page, http, at, 0 FROM observations WHERE record = $1 AND page IS NOT NULL", func(row []any) {
			e.pages, e.statuses, e.times = append(e.pages, row[0]), append(e.statuses, row[1]), append(e.times, row[2])
		}},
	} {
		if err := eachRow(v.ctx, v.a.reader, q.query, r.seq, q.take); err != nil {
			return nil, err
		}
	}
	if r.number == 0 {
		return e, nil
	}
	var art dossier.Article
	err = v.a.reader.QueryRowContext(v.ctx, "SELECT title, date, author, source, body FROM versions WHERE record = $1 AND number = $2", r.seq, r.number).
		Scan(&art.Title, &art.Date, &art.Author, &art.Source, &art.Body)
	if err != nil {
		return nil, err
	}
	e.text = ContentDigest(art)
	if body, _, err := v.a.unpacked(v.ctx, v.a.reader, r.page.Int64); err == nil {
		e.body = body
	}
	return e, nil
}

// eachRow gives each row of four columns of a query.
func eachRow(ctx context.Context, db *sql.DB, query string, arg any, take func(row []any)) error {
	rows, err := db.QueryContext(ctx, query, arg)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		row := make([]any, 4)
		if err := rows.Scan(&row[0], &row[1], &row[2], &row[3]); err != nil {
			return err
		}
		take(row)
	}
	return rows.Err()
}

// What each field may have been, by its place among the sealed ones.

func (e *fieldEvidence) ofRecord() map[int][]any {
	return map[int][]any{0: e.ids, 1: e.sites, 2: e.numbers, 3: e.times}
}

func (e *fieldEvidence) ofVersion(r *sealedRow, readings []dossier.Article) map[int][]any {
	times := e.times
	if r.ofPage != nil {
		if at, ok := r.ofPage[3].(string); ok && len(at) >= len(stamp)-1 {
			times = append(times, at[:len(stamp)-1]+"Z")
		}
	}
	out := map[int][]any{1: times, 2: {originCrawl, originReread, originImport}, 3: e.pages, 7: {e.text}}
	for _, art := range readings {
		more, evidence, err := besides(art)
		out[7] = append(out[7], ContentDigest(art))
		if err == nil {
			out[4], out[5], out[6] = append(out[4], art.Language), append(out[5], more), append(out[6], evidence)
		}
	}
	return out
}

func (e *fieldEvidence) ofPage(r *sealedRow) map[int][]any {
	urls := append(e.urls, r.ofPage[1], r.ofPage[2])
	out := map[int][]any{0: e.sites, 1: urls, 2: urls, 3: e.times, 4: e.statuses, 5: {"HTTP/1.1", "HTTP/2.0", "HTTP/1.0"}, 10: {""}}
	if e.body != nil {
		sum := sha256.Sum256(e.body)
		out[8], out[9] = []any{bytes.Clone(sum[:])}, []any{int64(len(e.body))}
	}
	return out
}
