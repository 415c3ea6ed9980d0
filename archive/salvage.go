package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mattn/go-sqlite3"
)

// Salvaged says what was copied of a damaged archive, and what was not.
type Salvaged struct {
	Records  int      `json:"records"`
	Versions int      `json:"versions"`
	Pages    int      `json:"pages"`
	Reread   int      `json:"reread"` // versions of them, made of their pages since they themselves were lost
	Lost     []string `json:"lost"`   // in words, a line a loss; empty when everything was copied
	Damage   []Damage `json:"damage"` // what was copied and is not as it was stored
}

// salvagedTables are copied in this order. The search index and what is known of
// similar texts are made anew.
var salvagedTables = []string{"runs", "records", "pages", "versions", "addresses", "frontier", "observations", "jobs", "robots", "seals"}

// forgoneTables can be made again.
var forgoneTables = []string{"jobs", "robots"}

// misfits reports whether a table has other columns than it should, or is not there.
func misfits(err error) bool {
	var s sqlite3.Error
	return errors.As(err, &s) && s.Code == sqlite3.ErrError
}

// Salvage copies what can still be read of a damaged archive into a new one, row
// by row and as it is at this moment, and leaves the damaged file as it is. A record whose row is lost is made
// again from its versions and its address, and a version from its page, marked as
// read again, by the first way to read that gives a text; an address whose record is
// lost is asked again by the next crawl. What was copied though it is not as it was
// stored is said as Verify does.
func (a *Archive) Salvage(ctx context.Context, path string, read ...ReadFunc) (Salvaged, error) {
	from, err := a.reader.Conn(ctx)
	if err == nil {
		defer from.Close()
		_, err = from.ExecContext(ctx, "BEGIN")
	}
	if err != nil {
		return Salvaged{}, fmt.Errorf("salvage %s: %w", a.path, classify(err))
	}
	defer from.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") // it has written nothing
	s := &salvage{ctx: ctx, from: from, read: read}
	if _, err := a.copyBy(ctx, path, false, s.copyTo); err != nil {
		return Salvaged{}, fmt.Errorf("salvage into %s: %w", path, classify(err))
	}
	return s.out, nil
}

type salvage struct {
	ctx  context.Context
	from *sql.Conn // in one transaction: a crawl may go on
	read []ReadFunc
	to   *sql.Conn
	out  Salvaged
}

// copyTo makes the new archive. It is opened again for the index: the rows are
// copied by a connection that does not mind what points to lost ones.
func (s *salvage) copyTo(ctx context.Context, part string) error {
	for _, step := range []func(*Archive) error{
		s.tables,
		s.versions,
		s.finish,
		func(b *Archive) error { return b.Reindex(s.ctx) },
		s.inspect,
	} {
		b, err := Open(ctx, part, Options{Create: true})
		if err != nil {
			return err
		}
		if err := errors.Join(step(b), b.Close()); err != nil {
			return err
		}
	}
	return nil
}

func (s *salvage) tables(b *Archive) error {
	s.to = b.writer.conn
	if err := s.exec("PRAGMA foreign_keys = OFF", "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	schema, err := schemaOf(s.ctx, s.from)
	if err != nil {
		return err
	}
	for _, table := range salvagedTables {
		if table == "seals" && schema < schemaRowSeals {
			continue
		}
		err := s.table(table)
		if slices.Contains(forgoneTables, table) && misfits(err) {
			s.lose("the table %s, which crawls and replays make again: %v", table, err)
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
	}
	if err := s.reunite(); err != nil {
		return err
	}
	return s.exec("COMMIT")
}

// reunite puts numbers right by which rows and their seals stand apart.
func (s *salvage) reunite() error {
	found, _, err := partedRows(s.ctx, s.to)
	if err != nil {
		return err
	}
	for _, p := range found {
		if err := p.mend(s.ctx, s.to); err != nil && !isConstraint(err) { // what cannot be mended, Verify tells of
			return err
		}
	}
	return nil
}

// inspect compares what was copied with its digests.
func (s *salvage) inspect(b *Archive) error {
	v := &verifier{a: b, ctx: s.ctx}
	err := v.contents()
	s.out.Damage = v.out.Damage
	return err
}

// versions makes versions of pages that were copied where they are lost.
func (s *salvage) versions(b *Archive) error {
	s.to = b.writer.conn
	lost, err := lostRecords(s.ctx, b.reader)
	if err == nil {
		err = s.exec("PRAGMA foreign_keys = OFF")
	}
	if err != nil {
		return err
	}
	for _, l := range lost {
		for _, r := range l.plan() {
			ok, err := b.remake(s.ctx, l, r, s.read)
			if err != nil {
				return err
			}
			if ok {
				s.out.Reread++
			}
		}
	}
	if s.out.Reread > 0 {
		s.lose("the texts of %d versions as they were read first; their pages were read again, and they are marked so", s.out.Reread)
	}
	return nil
}

// finish makes of the rows an archive again.
func (s *salvage) finish(b *Archive) error {
	s.to = b.writer.conn
	if err := s.exec("PRAGMA foreign_keys = OFF", "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := s.remake(); err != nil {
		return err
	}
	if err := s.seal(); err != nil {
		return err
	}
	for query, n := range map[string]*int{"records": &s.out.Records, "versions": &s.out.Versions, "pages": &s.out.Pages} {
		if err := s.to.QueryRowContext(s.ctx, "SELECT count(*) FROM "+query).Scan(n); err != nil {
			return err
		}
	}
	return s.exec("COMMIT")
}

func (s *salvage) exec(statements ...string) error {
	for _, stmt := range statements {
		if _, err := s.to.ExecContext(s.ctx, stmt); err != nil {
			return err
		}
	}
	return nil
}

func (s *salvage) lose(format string, args ...any) {
	s.out.Lost = append(s.out.Lost, fmt.Sprintf(format, args...))
}

// table copies the rows of a table that can be read and fit into the new one.
func (s *salvage) table(name string) error {
	scan := rowScan{db: s.from, table: name}
	broken := 0
	for {
		ids, err := scan.next(s.ctx)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			break
		}
		for _, id := range ids {
			ok, err := s.row(&scan, id)
			if err != nil {
				return err
			}
			if !ok {
				broken++
			}
		}
	}
	switch n := int64(broken) + scan.skipped; {
	case scan.endless():
		s.lose("the rows of the table %s from number %d on, however many they were", name, scan.from)
	case n > 0:
		s.lose("up to %d rows of the table %s", n, name)
	}
	return nil
}

// row copies one row and reports whether that was possible.
func (s *salvage) row(scan *rowScan, id int64) (bool, error) {
	columns, values, err := scan.values(s.ctx, id)
	switch {
	case isCorrupt(err):
		return false, nil
	case err != nil:
		return false, err
	case values == nil:
		return false, nil
	}
	seen := map[string]bool{}
	var names []string
	var args []any
	for i, c := range columns { // the number of a row may be one of its columns, too
		if c = strings.ToLower(c); !seen[c] {
			seen[c] = true
			names, args = append(names, `"`+c+`"`), append(args, values[i])
		}
	}
	res, err := s.to.ExecContext(s.ctx, "INSERT OR IGNORE INTO "+scan.table+" ("+strings.Join(names, ", ")+") VALUES ("+marks(len(args))+")", args...)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// remake makes the rows of records again whose versions and address are there.
func (s *salvage) remake() error {
	lost, err := lostRows(s.ctx, s.to)
	if err != nil {
		return err
	}
	for _, l := range lost {
		if len(l.addresses) == 0 {
			continue
		}
		if _, err := l.remake(s.ctx, s.to); isConstraint(err) {
			s.lose("the row of the record number %d, in the place of which others stand", l.seq)
		} else if err != nil {
			return err
		}
	}
	return nil
}

// seal tidies so that digests of observations hold where they held in the damaged
// archive. An older one has none yet.
func (s *salvage) seal() error {
	schema, err := schemaOf(s.ctx, s.from)
	if err != nil {
		return err
	}
	tidy := func() error { return errors.Join(s.tidy(), sealEveryRow(s.ctx, s.to)) }
	if schema >= schemaRowSeals {
		records, err := s.endingRecords()
		if err != nil {
			return err
		}
		tidy = func() error { return keepSeals(s.ctx, s.to, records, s.tidy) }
	}
	if schema < schemaSeals {
		return errors.Join(tidy(), sealEvery(s.ctx, s.to))
	}
	const touched = `f.id IN (SELECT address FROM observations WHERE run NOT IN (SELECT id FROM runs) OR record NOT IN (SELECT seq FROM records) OR page NOT IN (SELECT id FROM pages))`
	return keepSealed(s.ctx, s.to, touched, nil, tidy)
}

// endingRecords are those of which tidy changes what seals cover.
func (s *salvage) endingRecords() ([]int64, error) {
	rows, err := s.to.QueryContext(s.ctx, `SELECT record FROM versions WHERE page NOT IN (SELECT id FROM pages)
		UNION SELECT seq FROM records r WHERE NOT EXISTS (SELECT 1 FROM versions WHERE record = r.seq AND number = r.version)`)
	if err != nil {
		return nil, err
	}
	return column[int64](rows)
}

// tidy ends what points to lost rows. Each step that loses something says what.
func (s *salvage) tidy() error {
	const noRecord, noPage = "NOT IN (SELECT seq FROM records)", "NOT IN (SELECT id FROM pages)"
	for _, step := range []struct{ lost, query string }{
		{"the rows of %d runs, which were made again from their observations", remakeRuns},
		{"%d pages that were packed with a page that is lost", "DELETE FROM pages WHERE base " + noPage},
		{"%d pages that were packed with one of those", "DELETE FROM pages WHERE base " + noPage},
		{"the pages of %d versions", "UPDATE versions SET page = NULL WHERE page " + noPage},
		{"%d versions of records of which no more is left", "DELETE FROM versions WHERE record " + noRecord},
		{"the current version of %d records, which show the last one that is left", `UPDATE records SET version = (SELECT max(number) FROM versions WHERE record = seq)
			WHERE NOT EXISTS (SELECT 1 FROM versions WHERE record = seq AND number = records.version) AND EXISTS (SELECT 1 FROM versions WHERE record = seq)`},
		{"%d records of which no version is left", "DELETE FROM records WHERE seq NOT IN (SELECT record FROM versions)"},
		{"%d addresses of records that are lost", "DELETE FROM addresses WHERE record " + noRecord},
		{"", "UPDATE frontier SET record = NULL, etag = '', last_modified = '', state = 'pending', due = 0 WHERE record " + noRecord},
		{"%d observations of runs or addresses that are lost", "DELETE FROM observations WHERE run NOT IN (SELECT id FROM runs) OR address NOT IN (SELECT id FROM frontier)"},
		{"", "UPDATE observations SET record = NULL WHERE record " + noRecord},
		{"", "UPDATE observations SET page = NULL WHERE page " + noPage},
		{"%d records and versions of which only their seals are left", "DELETE FROM seals WHERE " + sealedSeq + " NOT IN (SELECT seq FROM records) OR " +
			sealedNumber + " != 0 AND NOT EXISTS (SELECT 1 FROM versions WHERE record = " + sealedSeq + " AND number = " + sealedNumber + ")"},
		{"", freeDocs},
	} {
		res, err := s.to.ExecContext(s.ctx, step.query)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n > 0 && step.lost != "" {
			s.lose(step.lost, n)
			if err != nil {
				return err
			}
		}
	}
	return nil
}
