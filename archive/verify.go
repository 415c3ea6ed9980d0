package archive

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mattn/go-sqlite3"

	"github.com/dossier-archive/dossier"
)

// Kinds of damage.
const (
	DamagedFile        = "file"        // the database itself
	DamagedPage        = "page"        // a stored page
	DamagedVersion     = "version"     // the text of a version
	DamagedRecord      = "record"      // its row is missing or not as it was written
	DamagedAddress     = "address"     // of a record; it is missing or another one
	DamagedObservation = "observation" // it was changed, put in or taken out
	DamagedIndex       = "index"       // what search knows of a record
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
	Ended    bool     `json:"ended,omitempty"` // before all was compared: tables are missing
}

// Whole reports whether nothing is damaged, or everything was repaired.
func (v Verification) Whole() bool {
	return !slices.ContainsFunc(v.Damage, func(d Damage) bool { return !d.Repaired })
}

// Verify compares the database, each value with its column, each page and version with its
// digest, what stands beside them with its seals, the address of each record with that
// among all addresses, the observations with their digests, what records say of when they
// were there with these, and the search index with the records, past parts of the file that
// cannot be read. With repair it rebuilds what can be: the indexes, addresses, what one
// changed field of an observation was, and the text of a version from its page, when one of
// the ways to read it gives just what was stored. The caller of a repair holds the lock.
// The error is ErrDamaged where the definitions of the tables are: only Salvage helps then.
func (a *Archive) Verify(ctx context.Context, repair bool, read ...ReadFunc) (Verification, error) {
	v := &verifier{a: a, ctx: ctx, repair: repair, read: read, apart: map[int64]bool{}}
	if err := v.defined(); err != nil {
		return v.out, fmt.Errorf("verify %s: %w", a.path, classify(err))
	}
	if v.out.Ended {
		return v.out, nil
	}
	err := v.run(v.header, v.file, v.missingIndexes, v.lone, v.values, v.records, v.seals, v.pages, v.versions, v.missing,
		func() error { return v.references(true) }, v.addresses, v.observations, v.observedAliases, v.runs, v.sites, func() error { return v.references(false) }, v.counts, v.seen, v.index)
	return v.out, err
}

// contents compares what was archived with its digests, and nothing that can be made
// again.
func (v *verifier) contents() error { return v.run(v.seals, v.pages, v.versions, v.observations) }

func (v *verifier) run(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); meansDamage(v.ctx, err) {
			v.found(Damage{Kind: DamagedFile, What: v.a.path, Detail: inWords(err)})
		} else if err != nil {
			return fmt.Errorf("verify: %w", classify(err))
		}
	}
	return nil
}

// meansDamage reports whether an error comes of what stands in the file: parts that
// cannot be read, rows of another table where a page of the file is in the wrong place,
// values of another type, rows that are missing, or there twice.
func meansDamage(ctx context.Context, err error) bool {
	var s sqlite3.Error
	switch {
	case err == nil || ctx.Err() != nil:
		return false
	case errors.As(err, &s):
		return isCorrupt(err) || s.Code == sqlite3.ErrConstraint || s.Code == sqlite3.ErrMismatch
	}
	return isCorrupt(err) || errors.Is(err, sql.ErrNoRows)
}

// inWords says what an error means that comes of what stands in the file.
func inWords(err error) string {
	if errors.Is(err, sql.ErrNoRows) {
		return strings.ReplaceAll(err.Error(), sql.ErrNoRows.Error(), "a row is missing that others belong to")
	}
	return err.Error()
}

type verifier struct {
	a      *Archive
	ctx    context.Context
	repair bool
	read   []ReadFunc
	out    Verification

	apart   map[int64]bool // rows whose seals stand elsewhere, by the number of the seal that they should have
	lacks   [][2]string    // indexes of tables, and their definitions
	unsure  map[int64]bool // runs of which observations do not hold
	stale   bool           // what follows from the texts is to be made anew
	wordSum wordSum        // of the records, as the search index should hold them
}

func (v *verifier) found(d Damage) { v.out.Damage = append(v.out.Damage, d) }

// file looks for damage of the file itself. Where a repair cannot make that good, nothing else
// is repaired: a page of the file may be of two tables, and what is written for one be lost
// for the other, from which --salvage could copy it.
func (v *verifier) file() error {
	lines, err := v.a.integrity(v.ctx)
	left := lines
	if err == nil && len(lines) > 0 && v.repair {
		left, err = v.reindexed(lines)
	}
	sound := err == nil && !slices.ContainsFunc(left, func(line string) bool { return !isOfValue(line) && !isOfSearch(line) })
	if v.repair && !sound {
		v.repair = false
		v.found(Damage{Kind: DamagedFile, What: v.a.path, Detail: "nothing but its indexes is repaired while the file itself is damaged: --salvage copies what can be read into a new one, which can be repaired"})
	}
	if err != nil {
		return err
	}
	for _, line := range lines {
		d := Damage{Kind: DamagedFile, What: v.a.path, Detail: line, Repaired: !slices.Contains(left, line)}
		if isOfValue(line) { // which the comparison of all values names
			continue
		}
		if isOfSearch(line) {
			d.Kind, d.What = DamagedIndex, "search index"
		}
		v.found(d)
	}
	for _, line := range left {
		if !slices.Contains(lines, line) && !isOfValue(line) {
			v.found(Damage{Kind: DamagedFile, What: v.a.path, Detail: line})
		}
	}
	return nil
}

// isOfSearch reports whether the database finds fault with the search index.
func isOfSearch(line string) bool { return strings.Contains(strings.ToLower(line), "fts5") }

// isOfValue reports whether the database finds fault with a value alone.
func isOfValue(line string) bool {
	_, of, _ := strings.Cut(line, " value in ")
	if rest, ok := strings.CutPrefix(line, "CHECK constraint failed in "); ok {
		of = rest
	}
	table, _, _ := strings.Cut(of, ".")
	return slices.ContainsFunc(valueTables, func(t valueTable) bool { return t.name == table })
}

// reindexed builds anew the indexes of the tables, and the search index if that is what
// the database finds fault with, and gives what it finds then. What else the file
// needs is left to Salvage.
func (v *verifier) reindexed(lines []string) ([]string, error) {
	err := v.a.writer.exec(v.ctx, "REINDEX")
	if slices.ContainsFunc(lines, isOfSearch) {
		err = v.a.Reindex(v.ctx)
	}
	if ended := v.ctx.Err(); err != nil && (ended != nil || !isCorrupt(err)) {
		return lines, ended
	}
	return v.a.integrity(v.ctx)
}

// isCorrupt reports whether the database could not read a part of its file.
func isCorrupt(err error) bool { return err != nil && errors.Is(classify(err), ErrDamaged) }

// verifyBatch is how many rows are looked at between two reads of the table,
// so that no read lasts long and the log can be folded in.
const verifyBatch = 512

func (v *verifier) pages() error {
	scan := rowScan{db: v.a.reader, table: "pages"}
	for {
		ids, err := scan.next(v.ctx)
		if err != nil || len(ids) == 0 {
			return errors.Join(err, v.unread(&scan))
		}
		errs := make([]error, len(ids))
		readAll(v.ctx, indexesOf(ids), func(i int) { _, errs[i] = v.a.Page(v.ctx, ids[i]) })
		if err := v.ctx.Err(); err != nil {
			return context.Cause(v.ctx)
		}
		for i, err := range errs {
			v.out.Pages++
			if err == nil {
				continue
			}
			affects, affErr := v.readFrom(ids[i])
			if affErr != nil && !isCorrupt(affErr) {
				return affErr
			}
			v.found(Damage{Kind: DamagedPage, What: fmt.Sprintf("page %d", ids[i]), Detail: err.Error(), Affects: affects})
		}
	}
}

// unread tells of the rows of a table that could not be read.
func (v *verifier) unread(scan *rowScan) error {
	if scan.skipped == 0 {
		return nil
	}
	d := Damage{Kind: DamagedFile, What: "table " + scan.table, Detail: fmt.Sprintf("up to %d of its rows cannot be read", scan.skipped)}
	if scan.table == "pages" {
		rows, err := v.a.reader.QueryContext(v.ctx, "SELECT r.id || '@' || v.number FROM versions v JOIN records r ON r.seq = v.record WHERE v.page BETWEEN $1 AND $2", scan.from, scan.to)
		if err == nil {
			d.Affects, err = column[string](rows)
		}
		if err != nil && !isCorrupt(err) {
			return err
		}
	}
	v.found(d)
	return nil
}

// readFrom names the versions that were read from a page.
func (v *verifier) readFrom(page int64) ([]string, error) {
	rows, err := v.a.reader.QueryContext(v.ctx, "SELECT r.id || '@' || v.number FROM versions v JOIN records r ON r.seq = v.record WHERE v.page = $1", page)
	if err != nil {
		return nil, err
	}
	return column[string](rows)
}

// versions compares the text of each version with its digest.
func (v *verifier) versions() error {
	scan := rowScan{db: v.a.reader, table: "records"}
	for {
		seqs, err := scan.next(v.ctx)
		if err != nil || len(seqs) == 0 {
			return errors.Join(err, v.unread(&scan))
		}
		for _, seq := range seqs {
			if err := v.record(seq); isCorrupt(err) {
				v.found(Damage{Kind: DamagedVersion, What: fmt.Sprintf("record number %d", seq), Detail: err.Error()})
			} else if err != nil {
				return err
			}
		}
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
	if err := v.textHashes(seq, id, list); err != nil {
		return err
	}
	for _, ver := range list {
		if ContentDigest(ver.Article) == ver.SHA256 {
			continue
		}
		name := fmt.Sprintf("%s@%d", id, ver.Number)
		d := Damage{Kind: DamagedVersion, What: name, Detail: "its digest is not that of its text", Affects: []string{name}}
		if v.repair {
			if err := v.restore(seq, site, ver, ver.Number == current, &d); err != nil {
				return err
			}
		}
		v.found(d)
	}
	return nil
}

// textHashes compares what reposts are known by with the texts.
func (v *verifier) textHashes(seq int64, id string, list []dossier.Version) error {
	rows, err := v.a.reader.QueryContext(v.ctx, "SELECT text_hash FROM versions WHERE record = $1 ORDER BY number", seq)
	if err != nil {
		return err
	}
	hashes, err := column[[]byte](rows)
	if err != nil {
		return err
	}
	for i, ver := range list {
		want := textHashOf(ver.Article)
		if i >= len(hashes) || bytes.Equal(hashes[i], want) || ContentDigest(ver.Article) != ver.SHA256 {
			continue
		}
		name := fmt.Sprintf("%s@%d", id, ver.Number)
		d := Damage{Kind: DamagedVersion, What: name, Detail: "the hash by which reposts of it are known is not that of its text", Affects: []string{name}}
		if v.repair {
			err := v.a.write(v.ctx, "hash of "+name, func(tx *tx) error {
				_, err := tx.ExecContext(v.ctx, "UPDATE versions SET text_hash = $1 WHERE record = $2 AND number = $3", want, seq, ver.Number)
				return err
			})
			if err != nil {
				return err
			}
			d.Repaired = true
		}
		v.found(d)
	}
	return nil
}

// restore reads a version from its page again. Only the very text that was
// stored is put back. When rules or program have changed since, that text is lost;
// of the current version its page then gives a new one, marked as read again.
func (v *verifier) restore(seq int64, site string, ver dossier.Version, current bool, d *Damage) error {
	if ver.Page == 0 || len(v.read) == 0 {
		d.Detail += "; the text is lost, and there is no page to read it from again"
		return nil
	}
	page, err := v.a.Page(v.ctx, ver.Page)
	if err != nil {
		d.Detail += "; the text is lost, and its page is damaged as well"
		return nil
	}
	got, ok := v.readAs(site, &page, ver.SHA256)
	if !ok {
		return v.readAnew(seq, site, ver, &page, current, d)
	}
	d.Repaired = true
	return v.a.write(v.ctx, "restore "+d.What, func(tx *tx) error {
		_, err := tx.ExecContext(v.ctx, "UPDATE versions SET title = $1, date = $2, author = $3, source = $4, body = $5 WHERE record = $6 AND number = $7",
			got.Title, got.Date, got.Author, got.Source, got.Body, seq, ver.Number)
		return err
	})
}

// readAnew says that the text of a version is lost, and adds what its page gives
// now as a version of its own when it was the current one.
func (v *verifier) readAnew(seq int64, site string, ver dossier.Version, page *dossier.Snapshot, current bool, d *Damage) error {
	d.Detail += fmt.Sprintf("; the text is lost: its page, which `dossier raw %s` gives, is read otherwise by the rules and the program of today", d.What)
	got, ok := readAny(v.ctx, site, page, v.read)
	if !current || !ok {
		return context.Cause(v.ctx)
	}
	item := &rereadItem{seq: seq, page: ver.Page, content: contentOf(got)}
	if err := v.a.write(v.ctx, "read "+d.What+" again", func(tx *tx) error { return storeAgain(v.ctx, tx, item) }); err != nil {
		return err
	}
	d.Detail += "; what that gives is now the current version, marked as read again"
	return nil
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
