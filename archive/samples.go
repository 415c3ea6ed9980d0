package archive

import (
	"context"
	"fmt"
	"net/url"

	"github.com/dossier-archive/dossier"
)

const (
	// sampleSize is how many articles of a host are given to learn from.
	sampleSize = 12
	// sampleSpan is how many of the newest records are looked through for them:
	// a site may have several hosts.
	sampleSpan = 240
)

// Samples gives the pages of the newest articles of a host of a site, the
// newest first, for those who read the next one. A damaged page is left out.
func (a *Archive) Samples(ctx context.Context, site, host string) ([]*dossier.Snapshot, error) {
	ids, err := a.samplesOf(ctx, site, host)
	if err != nil {
		return nil, fmt.Errorf("samples of %s: %w", site, err)
	}
	var out []*dossier.Snapshot
	for _, id := range ids {
		page, err := a.Page(ctx, id)
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if err == nil {
			out = append(out, &page)
		}
	}
	return out, nil
}

func (a *Archive) samplesOf(ctx context.Context, site, host string) ([]int64, error) {
	rows, err := a.reader.QueryContext(ctx, `SELECT r.url, v.page FROM records r JOIN versions v ON v.record = r.seq AND v.number = r.version
		WHERE r.site = $1 AND v.page IS NOT NULL ORDER BY r.seq DESC LIMIT $2`, site, sampleSpan)
	if err != nil {
		return nil, classify(err)
	}
	defer rows.Close()
	var ids []int64
	for rows.Next() && len(ids) < sampleSize {
		var address string
		var page int64
		if err := rows.Scan(&address, &page); err != nil {
			return nil, err
		}
		if u, err := url.Parse(address); err == nil && u.Host == host {
			ids = append(ids, page)
		}
	}
	return ids, rows.Err()
}
