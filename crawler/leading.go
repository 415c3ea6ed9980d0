package crawler

import (
	"context"
	"fmt"
	"sync"

	"github.com/dossier-archive/dossier"
)

// leading notes in a run of a site which pages without articles were the first to show an
// address: when that is a list, they lead to lists, as the page of a year does that shows
// nothing but its months, and are asked in each run as lists are. It is safe for concurrent
// use; the zero value is ready.
type leading struct {
	mu    sync.Mutex
	sites map[string]map[string]dossier.Link // page by key of what it shows
}

// reset begins a new run of a site.
func (l *leading) reset(site string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.sites, site)
}

func (l *leading) note(site string, page dossier.Link, keys []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sites == nil {
		l.sites = map[string]map[string]dossier.Link{}
	}
	if l.sites[site] == nil {
		l.sites[site] = map[string]dossier.Link{}
	}
	for _, key := range keys {
		l.sites[site][key] = page
	}
}

// to gives the page that has led to an address, once.
func (l *leading) to(site, key string) (dossier.Link, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	page, ok := l.sites[site][key]
	delete(l.sites[site], key)
	return page, ok
}

// noteLeading notes what a page that was found by its looks, and shows no articles, is the first to
// lead to.
func (c *Crawler) noteLeading(ctx context.Context, v *visit, links []dossier.Link) error {
	if v.task.Kind != dossier.KindMaybe || v.task.Witness.Title != "" {
		return nil
	}
	var first []string
	for _, l := range links {
		unseen, _, err := c.store.Known(ctx, v.site.ID, v.task.Run, []string{l.Key})
		if err != nil {
			return fmt.Errorf("what %s leads to: %w", v.task.URL, err)
		}
		if unseen > 0 {
			first = append(first, l.Key)
		}
	}
	page := dossier.Link{URL: v.task.URL, Key: v.task.Key, Host: v.task.Host, Kind: dossier.KindList, Depth: v.task.Depth}
	c.leading.note(v.site.ID, page, first)
	return nil
}
