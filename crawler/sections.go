package crawler

import (
	"context"
	"fmt"
	"sync"

	"github.com/dossier-archive/dossier"
)

// maxBarren is how many sections of a site a run takes from pages that show no
// article themselves. Without a limit, a tree of folders that lead to nothing
// is asked to its last leaf.
const maxBarren = 400

// barren counts for each site the sections that were taken from pages without
// articles. It is safe for concurrent use; the zero value is ready.
type barren struct {
	mu    sync.Mutex
	sites map[string]int
}

// reset begins a new run of a site.
func (b *barren) reset(site string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.sites, site)
}

// take counts n more and reports whether the limit was not yet reached.
func (b *barren) take(site string, n int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.sites == nil {
		b.sites = map[string]int{}
	}
	if b.sites[site] >= maxBarren {
		return false
	}
	b.sites[site] += n
	return true
}

// sectionsOf gives the sections to take from a page without articles: all, or
// none once such pages have led to too many. Those that are known cost nothing.
func (c *Crawler) sectionsOf(ctx context.Context, v *visit, sections []dossier.Link) ([]dossier.Link, error) {
	keys := make([]string, len(sections))
	for i, l := range sections {
		keys[i] = l.Key
	}
	unseen, _, err := c.store.Known(ctx, v.site.ID, v.task.Run, keys)
	if err != nil {
		return nil, fmt.Errorf("sections of %s: %w", v.task.URL, err)
	}
	if unseen > 0 && !c.barren.take(v.site.ID, unseen) {
		return nil, nil
	}
	return sections, nil
}
