package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/dossier-archive/dossier"
)

// lostRecord is a record of which versions are missing, and what may stand for
// them: the pages that it was read from.
type lostRecord struct {
	seq     int64
	id      string
	site    string
	url     string
	current int           // 0 when its own row is missing as well
	kept    map[int]int64 // the page of each version that is there, 0 where none is kept
	pages   []int64       // that brought a version and that none has now, in their order
}

// remade is a version to be made of a page.
type remade struct {
	number int
	page   int64
	added  bool // it has a new number, since that of the lost one is not known
}

// lostRecords finds the records of which versions are missing.
func lostRecords(ctx context.Context, db querier) ([]lostRecord, error) {
	rows, err := db.QueryContext(ctx, `SELECT r.seq, r.id, r.site, r.url, r.version FROM
			(SELECT seq, id, site, url, CASE WHEN typeof(version) = 'integer' AND version BETWEEN 1 AND `+topVersion+` THEN version ELSE 1 END AS version FROM records
				UNION ALL SELECT record, '', site, url, 0 FROM addresses WHERE reason = '' AND typeof(record) = 'integer' AND record NOT IN (SELECT seq FROM records)) r
		LEFT JOIN (SELECT record, count(*) AS n, max(number) AS top FROM versions WHERE `+isVersion+` GROUP BY record) v ON v.record = r.seq
		WHERE coalesce(v.n, 0) < max(r.version, coalesce(v.top, 0), 1) ORDER BY r.seq`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []lostRecord
	for rows.Next() {
		l := lostRecord{kept: map[int]int64{}}
		if err := rows.Scan(&l.seq, &l.id, &l.site, &l.url, &l.current); err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil || len(out) == 0 {
		return out, err
	}
	imported, err := unclaimed(ctx, db)
	if err != nil {
		return nil, err
	}
	for i := range out {
		if err := out[i].look(ctx, db, imported); err != nil {
			return out, fmt.Errorf("record %d: %w", out[i].seq, err)
		}
	}
	return slices.DeleteFunc(out, func(l lostRecord) bool { return l.current != 0 && len(l.missing()) == 0 }), nil
}

// isVersion is a condition on a version whose number was once written.
var isVersion = "typeof(number) = 'integer' AND number BETWEEN 1 AND " + topVersion

// unclaimed gives the pages of which neither a version nor an observation tells,
// by site and address: those that were imported.
func unclaimed(ctx context.Context, db querier) (map[[2]string][]int64, error) {
	rows, err := db.QueryContext(ctx, `SELECT site, final_url, id FROM pages p WHERE status BETWEEN 200 AND 299
		AND NOT EXISTS (SELECT 1 FROM versions WHERE page = p.id) AND NOT EXISTS (SELECT 1 FROM observations WHERE page = p.id) ORDER BY id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[[2]string][]int64{}
	for rows.Next() {
		var key [2]string
		var id int64
		if err := rows.Scan(&key[0], &key[1], &id); err != nil {
			return nil, err
		}
		out[key] = append(out[key], id)
	}
	return out, rows.Err()
}

// look finds what is there of a record.
func (l *lostRecord) look(ctx context.Context, db querier, imported map[[2]string][]int64) error {
	rows, err := db.QueryContext(ctx, "SELECT number, CASE WHEN typeof(page) = 'integer' THEN page ELSE 0 END FROM versions WHERE record = $1 AND "+isVersion, l.seq)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var number int
		var page int64
		if err := rows.Scan(&number, &page); err != nil {
			return err
		}
		l.kept[number] = page
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	rows, err = db.QueryContext(ctx, `SELECT o.page FROM observations o JOIN pages p ON p.id = o.page
		WHERE o.record = $1 AND (o.status = 'new' OR o.status = 'changed') AND NOT EXISTS (SELECT 1 FROM versions WHERE page = o.page) ORDER BY o.id`, l.seq)
	if err != nil {
		return err
	}
	l.pages, err = column[int64](rows)
	l.pages = append(l.pages, imported[[2]string{l.site, l.url}]...)
	slices.Sort(l.pages)
	if err != nil {
		return err
	}
	return l.limit(ctx, db)
}

// limit lets the current version be none of which there is no seal while there are seals of
// others: the check of the seals tells of a record that says so.
func (l *lostRecord) limit(ctx context.Context, db querier) error {
	var top int
	err := db.QueryRowContext(ctx, "SELECT coalesce(max("+sealedNumber+"), 0) FROM seals WHERE id BETWEEN $1 AND $2", sealID(l.seq, 1), sealID(l.seq+1, 0)-1).Scan(&top)
	if top > 0 {
		l.current = min(l.current, max(top, slices.Max(append(slices.Collect(maps.Keys(l.kept)), 0))))
	}
	return err
}

// missing are the numbers of the versions that are not there. Without a row of the
// record each page stands for one.
func (l *lostRecord) missing() []int {
	top := l.current
	for number := range l.kept {
		top = max(top, number)
	}
	if l.current == 0 {
		newest := l.newest()
		for _, page := range l.pages {
			if page > newest {
				top++
			}
		}
	}
	var out []int
	for number := 1; number <= top; number++ {
		if _, ok := l.kept[number]; !ok {
			out = append(out, number)
		}
	}
	return out
}

// newest is the last page of the versions that are there.
func (l *lostRecord) newest() (page int64) {
	for _, p := range l.kept {
		page = max(page, p)
	}
	return page
}

// plan says which pages stand for which versions. A page gets the number of a lost
// version only where there are as many pages as numbers. When the current version
// is lost and has no page, the newest page is read under a new number.
func (l *lostRecord) plan() []remade {
	var out []remade
	missing := l.missing()
	for rest := missing; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n] == rest[0]+n {
			n++
		}
		pages := l.between(rest[0], rest[n-1])
		if len(pages) == n {
			for i, page := range pages {
				out = append(out, remade{number: rest[i], page: page})
			}
		}
		rest = rest[n:]
	}
	newest := l.newest()
	if len(l.pages) > 0 {
		newest = max(newest, l.pages[len(l.pages)-1])
	}
	current := func(r remade) bool { return r.number == l.current }
	if slices.Contains(missing, l.current) && !slices.ContainsFunc(out, current) && newest > 0 {
		top := slices.Max(append(slices.Collect(maps.Keys(l.kept)), l.current))
		out = append(out, remade{number: top + 1, page: newest, added: true})
	}
	return out
}

// between gives the pages that can have brought the versions of a gap.
func (l *lostRecord) between(first, last int) []int64 {
	after, ok := l.kept[last+1]
	return slices.DeleteFunc(slices.Clone(l.pages), func(page int64) bool {
		return page < l.kept[first-1] || ok && after != 0 && page > after
	})
}

// remake makes a version of a page of a record, marked as read again, and reports
// whether the page is there and gives a text.
func (a *Archive) remake(ctx context.Context, l lostRecord, r remade, read []ReadFunc) (bool, error) {
	page, err := a.Page(ctx, r.page)
	if err != nil {
		return false, context.Cause(ctx) // damaged as well
	}
	art, ok := readAny(ctx, l.site, &page, read)
	if !ok {
		return false, context.Cause(ctx)
	}
	at := page.FetchedAt.UTC()
	if r.added {
		at = time.Now().UTC()
	}
	return true, a.write(ctx, fmt.Sprintf("version %d of %s", r.number, l.id), func(tx *tx) error {
		c := commit{ctx: ctx, v: &dossier.Visit{At: at}, origin: originReread, attempt: attempt{tx: tx, stored: sql.NullInt64{Int64: r.page, Valid: true}}}
		if err := c.insertVersion(l.seq, r.number, contentOf(art)); err != nil || !r.added {
			return err
		}
		return setVersion(ctx, tx, l.seq, r.number)
	})
}

// readAny reads a page in the first way that gives a text.
func readAny(ctx context.Context, site string, page *dossier.Snapshot, ways []ReadFunc) (dossier.Article, bool) {
	for _, read := range ways {
		if art, err := read(ctx, site, page); err == nil && art.Body != "" {
			return art, true
		}
	}
	return dossier.Article{}, false
}
