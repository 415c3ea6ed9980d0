package archive

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/dossier-archive/dossier"
)

// Kinds of damage.
const (
	DamagedFile    = "file"    // the database itself
	DamagedPage    = "page"    // a stored page
	DamagedVersion = "version" // the text of a version
	DamagedIndex   = "index"   // what search knows of a record
)

// Damage is one thing that is not as it was stored.
type Damage struct {
	Kind     string   `json:"kind"`
	What     string   `json:"what"`
	Detail   string   `json:"detail"`
	Affects  []string `json:"affects"` // ids of records, with @version when it is one version
	Repaired bool     `json:"repaired"`
}

// Verification is what Verify looked at and found.
type Verification struct {
	Records  int      `json:"records"`
	Versions int      `json:"versions"`
	Pages    int      `json:"pages"`
	Damage   []Damage `json:"damage"`
}

// Whole reports whether nothing is damaged, or everything was repaired.
func (v Verification) Whole() bool {
	return !slices.ContainsFunc(v.Damage, func(d Damage) bool { return !d.Repaired })
}

// Verify compares the database, each page and version with its digest, and the
// search index with the records. With repair it rebuilds what can be: the
// index from the records, and the text of a version from its page, when one of
// the ways to read it gives just what was stored. The caller of a repair holds
// the lock.
func (a *Archive) Verify(ctx context.Context, repair bool, read ...ReadFunc) (Verification, error) {
	v := &verifier{a: a, ctx: ctx, repair: repair, read: read}
	for _, step := range []func() error{v.file, v.pages, v.versions, v.index} {
		if err := step(); err != nil {
			return v.out, fmt.Errorf("verify: %w", classify(err))
		}
	}
	return v.out, nil
}

type verifier struct {
	a      *Archive
	ctx    context.Context
	repair bool
	read   []ReadFunc
	out    Verification
}

func (v *verifier) found(d Damage) { v.out.Damage = append(v.out.Damage, d) }

func (v *verifier) file() error {
	lines, err := v.a.integrity(v.ctx)
	if err != nil {
		return err
	}
	for _, line := range lines {
		v.found(Damage{Kind: DamagedFile, What: v.a.path, Detail: line + "; restore a backup"})
	}
	rows, err := v.a.reader.QueryContext(v.ctx, "SELECT \"table\", count(*) FROM pragma_foreign_key_check GROUP BY 1")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var table string
		var n int
		if err := rows.Scan(&table, &n); err != nil {
			return err
		}
		v.found(Damage{Kind: DamagedFile, What: table, Detail: fmt.Sprintf("%d rows point to nothing", n)})
	}
	return rows.Err()
}

// verifyBatch is how many rows are looked at between two reads of the table,
// so that no read lasts long and the log can be folded in.
const verifyBatch = 512

// ids gives the next ids of a table after one.
func (v *verifier) ids(query string, after int64) ([]int64, error) {
	rows, err := v.a.reader.QueryContext(v.ctx, query, after, verifyBatch)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}

func (v *verifier) pages() error {
	for after := int64(0); ; {
		ids, err := v.ids("SELECT id FROM pages WHERE id > $1 ORDER BY id LIMIT $2", after)
		if err != nil || len(ids) == 0 {
			return err
		}
		errs := make([]error, len(ids))
		at := make([]int, len(ids))
		for i := range at {
			at[i] = i
		}
		readAll(v.ctx, at, func(i int) { _, errs[i] = v.a.Page(v.ctx, ids[i]) })
		if err := v.ctx.Err(); err != nil {
			return context.Cause(v.ctx)
		}
		for i, err := range errs {
			v.out.Pages++
			if err == nil {
				continue
			}
			affects, affErr := v.readFrom(ids[i])
			if affErr != nil {
				return affErr
			}
			v.found(Damage{Kind: DamagedPage, What: fmt.Sprintf("page %d", ids[i]), Detail: err.Error(), Affects: affects})
		}
		after = ids[len(ids)-1]
	}
}

// readFrom names the versions that were read from a page.
func (v *verifier) readFrom(page int64) ([]string, error) {
	rows, err := v.a.reader.QueryContext(v.ctx, "SELECT r.id || '@' || v.number FROM versions v JOIN records r ON r.seq = v.record WHERE v.page = $1", page)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []string{}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}

// versions compares the text of each version with its digest.
func (v *verifier) versions() error {
	for after := int64(0); ; {
		ids, err := v.ids("SELECT seq FROM records WHERE seq > $1 ORDER BY seq LIMIT $2", after)
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, seq := range ids {
			if err := v.record(seq); err != nil {
				return err
			}
		}
		after = ids[len(ids)-1]
	}
}

func (v *verifier) record(seq int64) error {
	v.out.Records++
	var id, site string
	var current int
	if err := v.a.reader.QueryRowContext(v.ctx, "SELECT id, site, version FROM records WHERE seq = $1", seq).Scan(&id, &site, &current); err != nil {
		return err
	}
	list, err := v.a.Versions(v.ctx, id)
	if err != nil && !errors.Is(err, ErrNotFound) {
		v.found(Damage{Kind: DamagedVersion, What: id, Detail: err.Error(), Affects: []string{id}})
		return nil
	}
	v.out.Versions += len(list)
	for i, ver := range list {
		name := fmt.Sprintf("%s@%d", id, ver.Number)
		switch {
		case ver.Number != i+1:
			v.found(Damage{Kind: DamagedVersion, What: name, Detail: fmt.Sprintf("version %d is missing", i+1), Affects: []string{id}})
		case ContentDigest(ver.Article) != ver.SHA256:
			d := Damage{Kind: DamagedVersion, What: name, Detail: "its digest is not that of its text", Affects: []string{name}}
			if v.repair {
				if err := v.restore(seq, site, ver, &d); err != nil {
					return err
				}
			}
			v.found(d)
		}
	}
	if len(list) < current {
		v.found(Damage{Kind: DamagedVersion, What: id, Detail: fmt.Sprintf("its current version %d is missing", current), Affects: []string{id}})
	}
	return nil
}

// restore reads a version from its page again. Only the very text that was
// stored is put back.
func (v *verifier) restore(seq int64, site string, ver dossier.Version, d *Damage) error {
	if ver.Page == 0 || len(v.read) == 0 {
		d.Detail += "; there is no page to read it from again"
		return nil
	}
	page, err := v.a.Page(v.ctx, ver.Page)
	if err != nil {
		d.Detail += "; its page is damaged as well"
		return nil
	}
	got, ok := v.readAs(site, &page, ver.SHA256)
	if !ok {
		d.Detail += "; reading its page again gives another text, `dossier replay` would make that a new version"
		return nil
	}
	d.Repaired = true
	return v.a.write(v.ctx, "restore "+d.What, func(tx *tx) error {
		_, err := tx.ExecContext(v.ctx, "UPDATE versions SET title = $1, date = $2, author = $3, source = $4, body = $5 WHERE record = $6 AND number = $7",
			got.Title, got.Date, got.Author, got.Source, got.Body, seq, ver.Number)
		return err
	})
}

// readAs reads a page in each way until one gives the content of a digest.
func (v *verifier) readAs(site string, page *dossier.Snapshot, digest string) (dossier.Article, bool) {
	for _, read := range v.read {
		if got, err := read(v.ctx, site, page); err == nil && ContentDigest(got) == digest {
			return got, true
		}
	}
	return dossier.Article{}, false
}
