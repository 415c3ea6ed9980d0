package archive

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// SQLite reads the definitions of all tables before anything else, and nothing where one of
// them is damaged. The program knows its own: what it does not know is at which page of the
// file each table begins. That number stands before the text of each definition. Where it
// does not hold, the table begins at the page that looks like its rows and that no other page
// points to. https://www.sqlite.org/fileformat2.html

// A definition is what is known of a table: what its columns are called, without what else
// they must be, and how its rows look in the file.
type definition struct {
	table    string
	create   string
	columns  []string // name, type and whether it is a key, each in one text
	numbers  []bool   // which columns hold numbers
	numbered bool     // its first column is the number of the row, which rows do not hold
}

// laterColumns are how many columns of a table migrations have brought: rows of older archives
// lack them.
var laterColumns = map[string]int{"runs": 1, "frontier": 6, "observations": 2, "pages": 1}

// newTables are those of a new archive, in memory.
func newTables(ctx context.Context) (*sql.DB, error) {
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // each connection has a memory of its own
	p, err := provider(db)
	if err == nil {
		_, err = p.Up(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// definitions are those of the tables that a salvage copies, as a new archive has them.
func definitions(ctx context.Context) (out []definition, err error) {
	db, err := newTables(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for _, table := range append([]string{"goose_db_version"}, salvagedTables...) {
		d, err := definitionOf(ctx, db, table)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}

func definitionOf(ctx context.Context, db *sql.DB, table string) (d definition, err error) {
	d.table = table
	rows, err := db.QueryContext(ctx, "SELECT name, type, pk, coalesce(dflt_value, 'NULL'), (SELECT sum(pk) FROM pragma_table_info($1)) FROM pragma_table_info($1)", table)
	if err != nil {
		return d, err
	}
	defer rows.Close()
	var parts []string
	for rows.Next() {
		var name, kind, byDefault string
		var key, keys int
		if err := rows.Scan(&name, &kind, &key, &byDefault, &keys); err != nil {
			return d, err
		}
		part := fmt.Sprintf("%s %s DEFAULT (%s)", name, kind, byDefault)
		if key == 1 && keys == 1 && kind == "INTEGER" {
			part, d.numbered = name+" INTEGER PRIMARY KEY", true
		}
		parts, d.columns, d.numbers = append(parts, part), append(d.columns, columnText(name, kind, key > 0)), append(d.numbers, kind == "INTEGER")
	}
	d.create = "CREATE TABLE " + table + " (" + strings.Join(parts, ", ") + ")"
	return d, rows.Err()
}

func columnText(name, kind string, key bool) string { return fmt.Sprint(name, " ", kind, " ", key) }

// isDefined reports whether the tables of an archive that could be opened are what they should
// be. An older one may lack the last columns, and the table of seals.
func (a *Archive) isDefined(ctx context.Context, known []definition) (bool, error) {
	if ok, err := headerHolds(a.path); err != nil || !ok {
		return ok, err
	}
	schema, err := schemaOf(ctx, a.reader)
	if err != nil {
		return false, err
	}
	for _, d := range known {
		rows, err := a.reader.QueryContext(ctx, "SELECT name || ' ' || type || ' ' || iif(pk > 0, 'true', 'false') FROM pragma_table_info($1)", d.table)
		if err != nil {
			return false, err
		}
		columns, err := column[string](rows)
		if err != nil {
			return false, err
		}
		if len(columns) == 0 && d.table == "seals" && schema < schemaRowSeals {
			continue
		}
		if len(columns) < 2 || len(columns) > len(d.columns) || !slices.Equal(columns, d.columns[:len(columns)]) {
			return false, nil
		}
	}
	return a.beginsRight(ctx, known)
}

// beginsRight reports whether the tables can begin where the archive says. While somebody may
// be writing, that is not looked at.
func (a *Archive) beginsRight(ctx context.Context, known []definition) (bool, error) {
	if a.isLocked() {
		return true, nil
	}
	p, err := openPages(a.path)
	if err != nil {
		return false, err
	}
	defer p.close()
	roots, err := p.roots(ctx, known)
	if err != nil {
		return false, err
	}
	for i, d := range known {
		var root int64
		err := a.reader.QueryRowContext(ctx, "SELECT rootpage FROM sqlite_schema WHERE name = $1 AND type = 'table'", d.table).Scan(&root)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return false, err
		}
		if roots[i] != 0 && roots[i] != root {
			return false, nil
		}
	}
	return true, nil
}

// beginning is how well a page may be the first one of a table.
type beginning int

const (
	otherRows beginning = iota
	noRows
	likeRows
)

// begins compares a page, and the first row below it, with what is known of a table.
func (p *pagesOf) begins(root int64, d definition) beginning {
	const deepest = 20
	n := root
	for range deepest {
		page, from, err := p.read(n)
		if err != nil || n < 2 || n > p.count {
			return otherRows
		}
		at := cells(page, from)
		switch {
		case page[0] == interiorTable:
			n = children(page, from)[0]
		case page[0] == leafTable && len(at) == 0:
			return noRows
		case page[0] == leafTable && d.isRow(page[at[0]:]):
			return likeRows
		default:
			return otherRows
		}
	}
	return otherRows
}

// isRow reports whether a cell can hold a row of the table: of an older archive it lacks the
// last columns.
func (d definition) isRow(cell []byte) bool {
	_, n := binaryUvarint(cell) // size
	_, m := binaryUvarint(cell[n:])
	record := cell[n+m:]
	size, at := binaryUvarint(record)
	if size > uint64(len(record)) {
		return false
	}
	var kinds []uint64
	for uint64(at) < size {
		kind, n := binaryUvarint(record[at:])
		kinds, at = append(kinds, kind), at+n
	}
	if len(kinds) > len(d.columns) || len(kinds) < len(d.columns)-laterColumns[d.table] || (kinds[0] == 0) != d.numbered {
		return false
	}
	const texts = 12 // and greater ones are kinds of texts and bytes, 0 that of nothing
	for i, kind := range kinds {
		if kind != 0 && (kind < texts) != d.numbers[i] {
			return false
		}
	}
	return true
}

// binaryUvarint reads a number as SQLite writes it, its greatest part first, and says how many
// bytes it took.
func binaryUvarint(b []byte) (v uint64, n int) {
	for i, c := range b {
		if i == 8 {
			return v<<8 | uint64(c), 9
		}
		if v = v<<7 | uint64(c&0x7f); c < 0x80 {
			return v, i + 1
		}
	}
	return v, len(b)
}

// roots finds the page at which each table begins, 0 where nothing tells.
func (p *pagesOf) roots(ctx context.Context, known []definition) ([]int64, error) {
	told := make([][]int64, len(known))
	var heads []int64 // pages that may begin a table
	below := map[int64]bool{}
	for n := int64(1); n <= p.count; n++ {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		page, from, err := p.read(n)
		if err != nil {
			return nil, err
		}
		if page[from] == interiorTable {
			for _, child := range children(page, from) {
				below[child] = true
			}
		}
		if page[0] == interiorTable || page[0] == leafTable {
			heads = append(heads, n)
		}
		if bytes.Contains(page, []byte("CREATE TABLE ")) {
			for i, d := range known {
				told[i] = append(told[i], d.toldBy(page)...)
			}
		}
	}
	c := claims{p, known, told, heads, below, map[int64]bool{}, make([]int64, len(known))}
	c.settle()
	return c.roots, nil
}

// claims are what is known of where tables begin.
type claims struct {
	p     *pagesOf
	known []definition
	told  [][]int64      // by the definitions, of each table
	heads []int64        // pages that may begin a table
	below map[int64]bool // pages that others point to
	taken map[int64]bool
	roots []int64
}

// settle gives each table the page at which it begins: one that its definition tells and that
// has such rows; one that has no rows, and that no other table claims; any that has such rows
// and to which nothing points; and in the end what is damaged at its beginning as well.
func (c *claims) settle() {
	alone := func(n int64) bool {
		claims := 0
		for _, told := range c.told {
			if slices.Contains(told, n) {
				claims++
			}
		}
		return claims == 1
	}
	always := func(int64) bool { return true }
	for _, step := range []struct {
		want beginning
		told bool
		may  func(int64) bool
	}{{likeRows, true, always}, {noRows, true, alone}, {likeRows, false, always}, {noRows, true, always}, {otherRows, true, always}} {
		for i := range c.known {
			among := c.heads
			if step.told {
				among = c.told[i]
			}
			c.take(i, step.want, among, step.may)
		}
	}
}

// take gives a table the only page that fits.
func (c *claims) take(i int, want beginning, among []int64, may func(int64) bool) {
	var fit []int64
	for _, n := range among {
		if !c.taken[n] && !c.below[n] && may(n) && c.p.begins(n, c.known[i]) >= want {
			fit = append(fit, n)
		}
	}
	slices.Sort(fit)
	if fit = slices.Compact(fit); c.roots[i] == 0 && len(fit) == 1 {
		c.roots[i], c.taken[fit[0]] = fit[0], true
	}
}

// toldBy gives the pages at which a table begins by the definitions on a page: what they are
// of, twice, the number of the page and the text follow on each other. One byte of each may be
// another one.
func (d definition) toldBy(page []byte) (out []int64) {
	name, text := []byte("table"+d.table+d.table), []byte("CREATE TABLE ")
	for at := 0; at+len(name)+4+len(text) <= len(page); at++ {
		if otherBytes(page[at:], name) > 1 {
			continue
		}
		var root int64
		for i := at + len(name); i < at+len(name)+4; i++ {
			root = root<<8 | int64(page[i])
			if otherBytes(page[i+1:], text) <= 1 {
				out = append(out, root)
				break
			}
		}
	}
	return out
}

// otherBytes counts the bytes that are not as they should be.
func otherBytes(got, want []byte) (n int) {
	if len(got) < len(want) {
		return len(want)
	}
	for i, b := range want {
		if got[i] != b {
			n++
		}
	}
	return n
}

// fixedHeader is what the header of every archive holds, but for what is -1.
func fixedHeader() (out [100]int) {
	for i := range out {
		out[i] = 0
	}
	for i, b := range []byte("SQLite format 3\x00") {
		out[i] = int(b)
	}
	for i, b := range binary.BigEndian.AppendUint32(nil, applicationID) {
		out[68+i] = int(b)
	}
	out[headerWrite], out[headerRead], out[21], out[22], out[23], out[47], out[59] = formatMost, formatMost, 64, 32, 32, 4, 1
	for _, span := range [][2]int{{16, 18}, {24, 44}, {48, 52}, {60, 64}, {92, 100}} { // sizes, counters and versions
		for i := span[0]; i < span[1]; i++ {
			out[i] = -1
		}
	}
	return out
}

// headerHolds reports whether the header of an archive holds what that of every one does, and
// its size where no log may have changed it.
func headerHolds(path string) (bool, error) {
	p, err := openPages(path)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return true, nil // all of it is in the log
	}
	if err != nil {
		return false, err
	}
	defer p.close()
	head, _, err := p.read(1)
	if err != nil {
		return false, err
	}
	head[headerWrite], head[headerRead] = formatMost, formatMost // or as the file was made by others
	for i, want := range fixedHeader() {
		if want >= 0 && int(head[i]) != want {
			return false, nil
		}
	}
	return !noLog(path) || int64(binary.BigEndian.Uint32(head[28:])) == p.count, nil
}

// redefine gives a copy of an archive that nobody else has open the definitions that are
// known, of the tables that a salvage copies alone. It reports whether it is an archive at all.
func redefine(ctx context.Context, path string, known []definition) (bool, error) {
	if ok, err := mendCopyHeader(path); err != nil || !ok {
		return ok, err
	}
	if err := foldLog(path); err != nil {
		return true, err
	}
	p, err := openPages(path)
	if err != nil {
		return true, err
	}
	roots, err := p.roots(ctx, known)
	if err := errors.Join(err, p.close()); err != nil {
		return true, err
	}
	if !slices.ContainsFunc(roots, func(n int64) bool { return n > 0 }) {
		return false, nil
	}
	for i := range roots {
		if roots[i] == 0 { // it begins at a page that cannot be read
			p.count++
			roots[i] = p.count
		}
	}
	if err := os.Truncate(path, p.count*p.size); err != nil {
		return true, err
	}
	if err := emptyFirst(path, p); err != nil {
		return true, err
	}
	return true, define(ctx, path, known, roots)
}

// mendCopyHeader puts back in a header what is the same in every archive. It reports whether
// it can have been one.
func mendCopyHeader(path string) (bool, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return false, err
	}
	defer f.Close()
	head := make([]byte, 100)
	if _, err := io.ReadFull(f, head); err != nil {
		return false, nil
	}
	other := map[bool]int{}
	for i, want := range fixedHeader() {
		if want >= 0 && int(head[i]) != want {
			other[i >= 68 && i < 72]++
			head[i] = byte(want)
		}
	}
	const most = 4 // bytes that may be others
	if other[true] > 1 || other[false] > most {
		return false, nil
	}
	if size := int(binary.BigEndian.Uint16(head[16:])); size != 1 && (size < 512 || size&(size-1) != 0) {
		binary.BigEndian.PutUint16(head[16:], usualPage)
	}
	_, err = f.WriteAt(head, 0)
	return true, errors.Join(err, f.Sync())
}

// emptyFirst makes the first page of a copy that of a database without tables and without
// free pages, which nobody needs who reads it.
func emptyFirst(path string, p *pagesOf) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	page := make([]byte, p.size)
	if _, err := f.ReadAt(page[:100], 0); err != nil {
		return err
	}
	page[headerWrite], page[headerRead] = 1, 1
	binary.BigEndian.PutUint32(page[28:], uint32(p.count))
	clear(page[32:40])
	copy(page[92:96], page[24:28]) // the size holds as of the last change
	page[100] = leafTable
	binary.BigEndian.PutUint16(page[105:], uint16(p.size)) // 65536 is written as 0
	_, err = f.WriteAt(page, 0)
	return err
}

// define writes definitions into a database without any.
func define(ctx context.Context, path string, known []definition, roots []int64) error {
	db, err := sql.Open("sqlite3", dsn(path, "mode=rw&_writable_schema=1&_journal_mode=OFF"))
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return errors.Join(err, db.Close())
	}
	for i, d := range known {
		_, err = tx.ExecContext(ctx, "INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql) VALUES ('table', $1, $1, $2, $3)", d.table, roots[i], d.create)
		if err != nil {
			return errors.Join(err, tx.Rollback(), db.Close())
		}
	}
	return errors.Join(tx.Commit(), db.Close())
}
