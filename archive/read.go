package archive

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/dossier-archive/dossier"
)

// A Query chooses records. Its zero value chooses all of them.
type Query struct {
	Sites []string // ids; none: every site
	// Since and Until bound the publication date, or the day of archiving of
	// a record whose page shows none. They are dates as 2018, 2018-01 or
	// 2018-01-19, and both are included.
	Since, Until string
	Text         string // in the language of Search
}

// A List is the records of a query as Records gives them.
type List struct {
	Query
	Limit  int  // 0: no limit
	Newest bool // by date, the newest first; else in the order of archiving
	Bare   bool // only the columns of an export: no evidence and no further fields, which is faster
}

const recordColumns = `r.seq, r.id, r.site, r.url, r.version, r.first_seen, r.last_seen, v.created, r.gone,
	v.title, v.date, v.author, v.source, v.body, v.language, v.more, v.evidence, v.sha256, ` + originColumn

// bareColumns are the same with nothing to unpack.
const bareColumns = `r.seq, r.id, r.site, r.url, r.version, r.first_seen, r.last_seen, v.created, r.gone,
	v.title, v.date, v.author, v.source, v.body, v.language, NULL, NULL, v.sha256, ` + originColumn

// originColumn is the origin of the page that the current version was read from, also
// when it was read again.
const originColumn = `CASE v.origin WHEN 'reread' THEN coalesce((SELECT w.origin FROM versions w
	WHERE w.record = v.record AND w.page = v.page AND w.origin != 'reread' LIMIT 1), v.origin) ELSE v.origin END`

const recordTables = ` FROM records r JOIN versions v ON v.record = r.seq AND v.number = r.version`

// where is the condition of a query with its arguments.
func (q Query) where() (string, []any, error) {
	p, err := parseQuery(q.Text)
	if err != nil {
		return "", nil, err
	}
	from, to, err := q.days(p)
	if err != nil {
		return "", nil, err
	}
	var terms []string
	var args []any
	if len(q.Sites) > 0 {
		terms = append(terms, "r.site IN ("+marks(len(q.Sites))+")")
		for _, s := range q.Sites {
			args = append(args, s)
		}
	}
	if from > 0 || to < lastDay {
		terms, args = append(terms, "r.doc >= ?", "r.doc < ?"), append(args, from<<seqBits, (to+1)<<seqBits)
	}
	if p.match != "" {
		terms, args = append(terms, "r.doc IN (SELECT rowid FROM search WHERE search MATCH ?)"), append(args, p.match)
	}
	if len(terms) == 0 {
		return "", nil, nil
	}
	return " WHERE " + strings.Join(terms, " AND "), args, nil
}

// order is how the records of a list follow each other, and how many there are.
func (l List) order() string {
	order := " ORDER BY r.seq"
	if l.Newest {
		order = " ORDER BY r.doc DESC"
	}
	if l.Limit > 0 {
		order += fmt.Sprintf(" LIMIT %d", l.Limit)
	}
	return order
}

// Records gives the records of a list, one at a time and always in
// the same order. Aliases are not filled in. The last error is ErrDamaged when
// an index counts another number of them than was reached; with a limit, or when the
// loop ends before, nothing is compared.
func (a *Archive) Records(ctx context.Context, l List) iter.Seq2[dossier.Record, error] {
	return func(yield func(dossier.Record, error) bool) {
		columns := recordColumns
		if l.Bare {
			columns = bareColumns
		}
		err := a.walk(ctx, l, columns, func(rows *sql.Rows) (bool, error) {
			r, _, err := scanRecord(rows)
			return err == nil && yield(r, nil), err
		})
		if err != nil {
			yield(dossier.Record{}, err)
		}
	}
}

// walk calls row for each record of a list, with the columns asked
// for, until it reports no more. A record that the tables do not lead to is no row
// of theirs, so at the end they are counted.
func (a *Archive) walk(ctx context.Context, l List, columns string, row func(*sql.Rows) (more bool, err error)) (err error) {
	where, args, err := l.where()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("records: %w", classify(err))
		}
	}()
	tx, err := a.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer tx.Rollback() // nothing was written
	rows, err := tx.QueryContext(ctx, "SELECT "+columns+recordTables+where+l.order(), args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	n := 0
	for ; rows.Next(); n++ {
		if more, err := row(rows); !more || err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil || l.Limit > 0 {
		return err
	}
	return complete(ctx, tx, n, where, args)
}

// complete counts the records of a condition in an index, and compares. It goes
// through the whole index: pages of it that stand at the wrong place are met too,
// where a search would end before them.
func complete(ctx context.Context, tx *sql.Tx, reached int, where string, args []any) error {
	counted := "SELECT count(*) FROM records INDEXED BY records_by_day"
	if where != "" { // LIMIT keeps the condition out of the search in the index
		counted = "SELECT count(*) FROM (SELECT site, doc FROM records INDEXED BY records_by_site_day LIMIT -1) r" + where
	}
	var n int
	if err := tx.QueryRowContext(ctx, counted, args...).Scan(&n); err != nil {
		return err
	}
	if n != reached {
		return fmt.Errorf("%d of %d were reached; `dossier verify` says what is wrong: %w", reached, n, ErrDamaged)
	}
	return nil
}

func scanRecord(row interface{ Scan(...any) error }) (dossier.Record, int64, error) {
	var r dossier.Record
	var seq int64
	var first, last, changed, gone string
	var more, evidence []byte
	err := row.Scan(&seq, &r.ID, &r.Site, &r.URL, &r.Version, &first, &last, &changed, &gone,
		&r.Title, &r.Date, &r.Author, &r.Source, &r.Body, &r.Language, &more, &evidence, &r.SHA256, &r.Origin)
	if err != nil {
		return r, 0, err
	}
	r.FirstSeen, r.LastSeen, r.Changed, r.Gone = parseStamp(first), parseStamp(last), parseStamp(changed), parseStamp(gone)
	if more == nil {
		return r, seq, nil
	}
	var f further
	if err := errors.Join(json.Unmarshal(more, &f), json.Unmarshal(evidence, &r.Evidence)); err != nil {
		return r, 0, fmt.Errorf("record %s: %w; `dossier verify --repair` mends it (%w)", r.ID, ErrDamaged, err)
	}
	f.into(&r.Article)
	return r, seq, nil
}

// Record gives one record with its aliases; the error is ErrNotFound when
// there is none of that id.
func (a *Archive) Record(ctx context.Context, id string) (dossier.Record, error) {
	r, seq, err := scanRecord(a.reader.QueryRowContext(ctx, "SELECT "+recordColumns+recordTables+" WHERE r.id = $1", id))
	if errors.Is(err, sql.ErrNoRows) {
		return r, fmt.Errorf("record %s: %w", id, ErrNotFound)
	}
	if err != nil {
		return r, fmt.Errorf("record %s: %w", id, classify(err))
	}
	r.Aliases, err = a.aliases(ctx, seq)
	return r, err
}

// Aliases lists the other addresses of a record, on its own site and on others.
func (a *Archive) Aliases(ctx context.Context, id string) ([]dossier.Alias, error) {
	var seq int64
	if err := a.lookup.row(ctx, "SELECT seq FROM records WHERE id = CAST($1 AS TEXT)", id).Scan(&seq); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			err = ErrNotFound
		}
		return nil, fmt.Errorf("aliases of %s: %w", id, classify(err))
	}
	return a.aliases(ctx, seq)
}

// Reposts counts the records of other sites whose articles sites have published too.
func (a *Archive) Reposts(ctx context.Context, sites []string) (int, error) {
	args := make([]any, 0, 2*len(sites))
	for range 2 {
		for _, s := range sites {
			args = append(args, s)
		}
	}
	var n int
	err := a.reader.QueryRowContext(ctx, "SELECT count(DISTINCT a.record) FROM addresses a JOIN records r ON r.seq = a.record WHERE a.site IN ("+marks(len(sites))+") AND r.site NOT IN ("+marks(len(sites))+")", args...).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("reposts: %w", classify(err))
	}
	return n, nil
}

func (a *Archive) aliases(ctx context.Context, seq int64) ([]dossier.Alias, error) {
	rows, err := a.reader.QueryContext(ctx, `SELECT url, site, reason, first_seen, last_seen FROM addresses
		WHERE record = $1 AND reason != '' ORDER BY first_seen, key, site`, seq)
	if err != nil {
		return nil, fmt.Errorf("aliases: %w", classify(err))
	}
	defer rows.Close()
	out := []dossier.Alias{}
	for rows.Next() {
		var al dossier.Alias
		var first, last string
		if err := rows.Scan(&al.URL, &al.Site, &al.Reason, &first, &last); err != nil {
			return nil, fmt.Errorf("aliases: %w", classify(err))
		}
		al.FirstSeen, al.LastSeen = parseStamp(first), parseStamp(last)
		out = append(out, al)
	}
	return out, rows.Err()
}

// RecordAt gives the record that an address key belongs to, nil when none
// does. Aliases are not filled in.
func (a *Archive) RecordAt(ctx context.Context, siteID, key string) (*dossier.Record, error) {
	r, _, err := scanRecord(a.lookup.row(ctx, "SELECT "+recordColumns+recordTables+` WHERE r.seq = coalesce(
		(SELECT record FROM addresses WHERE key = CAST($1 AS TEXT) AND site = CAST($2 AS TEXT)), (SELECT record FROM addresses WHERE key = CAST($1 AS TEXT) LIMIT 1))`, key, siteID))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("record at %s: %w", key, classify(err))
	}
	return &r, nil
}

// Newest gives the newest records of a site that are not gone, at most as many as most says. Aliases and
// evidence are not filled in.
func (a *Archive) Newest(ctx context.Context, siteID string, most int) ([]dossier.Record, error) {
	var out []dossier.Record
	for r, err := range a.Records(ctx, List{Query: Query{Sites: []string{siteID}}, Newest: true, Limit: 4 * most, Bare: true}) {
		if err != nil {
			return nil, err
		}
		if r.Gone.IsZero() && len(out) < most {
			out = append(out, r)
		}
	}
	return out, nil
}

// Versions lists the states of a record, the first one first.
func (a *Archive) Versions(ctx context.Context, id string) ([]dossier.Version, error) {
	rows, err := a.reader.QueryContext(ctx, `SELECT v.number, v.created, v.origin, coalesce(v.page, 0), v.title, v.date, v.author, v.source, v.body,
		v.language, v.more, v.evidence, v.sha256 FROM records r JOIN versions v ON v.record = r.seq WHERE r.id = $1 ORDER BY v.number`, id)
	if err != nil {
		return nil, fmt.Errorf("versions of %s: %w", id, classify(err))
	}
	defer rows.Close()
	var out []dossier.Version
	for rows.Next() {
		v := dossier.Version{Record: id}
		var created string
		var more, evidence []byte
		art := &v.Article
		err := rows.Scan(&v.Number, &created, &v.Origin, &v.Page, &art.Title, &art.Date, &art.Author, &art.Source, &art.Body, &art.Language, &more, &evidence, &v.SHA256)
		var f further
		if err != nil {
			return nil, fmt.Errorf("versions of %s: %w", id, classify(err))
		}
		if err := errors.Join(json.Unmarshal(more, &f), json.Unmarshal(evidence, &art.Evidence)); err != nil {
			return nil, fmt.Errorf("%s@%d: %w; `dossier verify --repair` mends it (%w)", id, v.Number, ErrDamaged, err)
		}
		f.into(art)
		v.Created = parseStamp(created)
		out = append(out, v)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("versions of %s: %w", id, classify(err))
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("record %s: %w", id, ErrNotFound)
	}
	return out, nil
}

// Version gives one state of a record; number 0 is the current one.
func (a *Archive) Version(ctx context.Context, id string, number int) (dossier.Version, error) {
	if number == 0 {
		r, err := a.Record(ctx, id)
		if err != nil {
			return dossier.Version{}, err
		}
		number = r.Version
	}
	list, err := a.Versions(ctx, id)
	if err != nil {
		return dossier.Version{}, err
	}
	var numbers []int
	for _, v := range list {
		if v.Number == number {
			return v, nil
		}
		numbers = append(numbers, v.Number)
	}
	has := "the versions " + spans(numbers)
	if len(numbers) == 1 {
		has = "the version " + spans(numbers) + " alone"
	}
	return dossier.Version{}, fmt.Errorf("record %s has %s, not %d: %w", id, has, number, ErrNotFound)
}

// ParseCitation splits a citation as d2345abcdef@2 into id and version; 0 is
// the current one.
func ParseCitation(s string) (id string, version int, err error) {
	id, number, found := strings.Cut(s, "@")
	if !found {
		return id, 0, nil
	}
	if version, err = strconv.Atoi(number); err != nil || version < 1 || id == "" {
		return "", 0, fmt.Errorf("%q is not a citation as d2345abcdef@2", s)
	}
	return id, version, nil
}

// Pending counts the addresses of a site that wait to be asked.
func (a *Archive) Pending(ctx context.Context, siteID string) (int, error) {
	var n int
	err := a.reader.QueryRowContext(ctx, "SELECT count(*) FROM frontier WHERE site = $1 AND state = 'pending'", siteID).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("pending addresses of %s: %w", siteID, classify(err))
	}
	return n, nil
}

// HasRecords reports whether a site has led to any record; what was imported, nothing
// has led to.
func (a *Archive) HasRecords(ctx context.Context, siteID string) (bool, error) {
	var has bool
	err := a.reader.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM frontier WHERE site = $1 AND record IS NOT NULL AND discovered > 0)", siteID).Scan(&has)
	if err != nil {
		return false, fmt.Errorf("records of %s: %w", siteID, classify(err))
	}
	return has, nil
}

// SiteStats say what the archive holds of a site.
type SiteStats struct {
	Site    string    `json:"site"`
	Records int       `json:"records"`
	Gone    int       `json:"gone"`
	First   string    `json:"first_date"` // publication dates
	Last    string    `json:"last_date"`
	LastRun time.Time `json:"last_run,omitzero"`
	Pending int       `json:"pending"` // addresses that a run has not asked yet
}

// Stats counts what there is, by site.
func (a *Archive) Stats(ctx context.Context) ([]SiteStats, error) {
	rows, err := a.reader.QueryContext(ctx, `SELECT s.site,
		(SELECT count(*) FROM records WHERE site = s.site), (SELECT count(*) FROM records WHERE site = s.site AND gone != ''),
		(SELECT coalesce(min(nullif(substr(v.date, 1, 10), '')), '') `+recordTables+` WHERE r.site = s.site),
		(SELECT coalesce(max(substr(v.date, 1, 10)), '') `+recordTables+` WHERE r.site = s.site),
		(SELECT coalesce(max(started), '') FROM runs WHERE site = s.site AND kind = 'crawl'),
		(SELECT count(*) FROM frontier WHERE site = s.site AND state = 'pending')
		FROM (`+sitesOf("runs")+` UNION `+sitesOf("records")+`) s ORDER BY s.site`)
	if err != nil {
		return nil, fmt.Errorf("statistics: %w", classify(err))
	}
	defer rows.Close()
	var out []SiteStats
	for rows.Next() {
		var s SiteStats
		var last string
		if err := rows.Scan(&s.Site, &s.Records, &s.Gone, &s.First, &s.Last, &last, &s.Pending); err != nil {
			return nil, fmt.Errorf("statistics: %w", classify(err))
		}
		s.LastRun = parseStamp(last)
		out = append(out, s)
	}
	return out, rows.Err()
}

// sitesOf is the query for the sites of a table that has an index that begins
// with them: it goes from one to the next, without reading what is between.
func sitesOf(table string) string {
	return `SELECT site FROM (WITH RECURSIVE next(site) AS (SELECT min(site) FROM ` + table + `
		UNION ALL SELECT (SELECT min(site) FROM ` + table + ` WHERE site > next.site) FROM next WHERE next.site IS NOT NULL)
		SELECT site FROM next WHERE site IS NOT NULL)`
}

// Sites lists the sites that have runs or records.
func (a *Archive) Sites(ctx context.Context) ([]string, error) {
	rows, err := a.reader.QueryContext(ctx, sitesOf("runs")+" UNION "+sitesOf("records")+" ORDER BY 1")
	if err != nil {
		return nil, fmt.Errorf("sites: %w", classify(err))
	}
	sites, err := column[string](rows)
	if err != nil {
		return nil, fmt.Errorf("sites: %w", classify(err))
	}
	return sites, nil
}

// Robots gives the last answer of an origin, false when none is kept.
func (a *Archive) Robots(ctx context.Context, origin string) (dossier.RobotsFile, bool, error) {
	f := dossier.RobotsFile{Origin: origin}
	var at string
	err := a.reader.QueryRowContext(ctx, "SELECT status, fetched_at, body FROM robots WHERE origin = $1", origin).Scan(&f.Status, &at, &f.Body)
	if errors.Is(err, sql.ErrNoRows) {
		return f, false, nil
	}
	if err != nil {
		return f, false, fmt.Errorf("robots.txt: %w", classify(err))
	}
	f.FetchedAt = parseStamp(at)
	return f, true, nil
}

// PutRobots keeps the answer of an origin.
func (a *Archive) PutRobots(ctx context.Context, f dossier.RobotsFile) error {
	return a.write(ctx, "robots.txt of "+f.Origin, func(tx *tx) error {
		body := f.Body
		if body == nil {
			body = []byte{}
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO robots (origin, status, fetched_at, body) VALUES ($1, $2, $3, $4)
			ON CONFLICT (origin) DO UPDATE SET status = excluded.status, fetched_at = excluded.fetched_at, body = excluded.body`,
			f.Origin, f.Status, stamped(f.FetchedAt), body)
		return err
	})
}
