package archive

import (
	"context"
	"fmt"
	"time"

	"github.com/dossier-archive/dossier"
)

// A Parting is an address that was another name of one record until it read otherwise,
// and is that of another record now.
type Parting struct {
	URL       string         `json:"url"`
	Reason    dossier.Reason `json:"reason"`   // why it was another name, by the alphabet the last: canonical, redirect or repost
	Original  string         `json:"original"` // the record whose name it was
	Record    string         `json:"record"`   // the one whose it is now
	FirstSeen time.Time      `json:"first_seen"`
	LastSeen  time.Time      `json:"last_seen"` // as another name
}

// partings are the addresses of a record at which another one was seen. Only the
// observations know of them, as far as they were not pruned.
const partings = `SELECT a.url, max(CASE WHEN o.status = 'duplicate' THEN o.reason ELSE '' END), was.id, now.id, min(o.at), max(o.at)
	FROM observations o JOIN frontier f ON f.id = o.address JOIN addresses a ON a.site = f.site AND a.key = f.key
		JOIN records was ON was.seq = o.record JOIN records now ON now.seq = a.record
	WHERE a.record != o.record AND o.doubt = '' AND (o.status = 'duplicate' OR o.status = 'unchanged')`

// Partings gives the former other names of a record that are now records of their
// own, and the records whose other name it was itself.
func (a *Archive) Partings(ctx context.Context, id string) ([]Parting, error) {
	const each = " GROUP BY o.address, o.record, a.record HAVING max(o.status = 'duplicate')"
	rows, err := a.reader.QueryContext(ctx, partings+" AND o.record = (SELECT seq FROM records WHERE id = $1)"+each+
		" UNION ALL "+partings+" AND a.record = (SELECT seq FROM records WHERE id = $1)"+each+" ORDER BY 5, 1", id)
	if err != nil {
		return nil, fmt.Errorf("partings of %s: %w", id, classify(err))
	}
	defer rows.Close()
	out := []Parting{}
	for rows.Next() {
		var p Parting
		var first, last string
		if err := rows.Scan(&p.URL, &p.Reason, &p.Original, &p.Record, &first, &last); err != nil {
			return nil, fmt.Errorf("partings of %s: %w", id, err)
		}
		p.FirstSeen, p.LastSeen = parseStamp(first), parseStamp(last)
		out = append(out, p)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("partings of %s: %w", id, classify(err))
	}
	return out, nil
}
