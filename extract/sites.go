package extract

import (
	"context"
	"fmt"
	"sync"

	"github.com/dossier-archive/dossier"
)

// Sites keeps what is known of the hosts of sites, of the last that were met. It
// is safe for concurrent use.
type Sites struct {
	load LoadFunc

	mu    sync.Mutex
	known map[siteHost]*Site
	order []siteHost // of being met
}

// A LoadFunc gives stored articles of a host of a site to learn from.
type LoadFunc func(ctx context.Context, site, host string) ([]*dossier.Snapshot, error)

type siteHost struct{ site, host string }

// maxSites is how many hosts are kept.
const maxSites = 64

// NewSites makes a collection that begins with what is stored of a site.
func NewSites(load LoadFunc) *Sites {
	return &Sites{load: load, known: map[siteHost]*Site{}}
}

// Of is what is known of a host of a site.
func (s *Sites) Of(ctx context.Context, site, host string) (*Site, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := siteHost{site, host}
	if known := s.known[key]; known != nil {
		return known, nil
	}
	pages, err := s.load(ctx, site, host)
	if err != nil {
		return nil, fmt.Errorf("stored pages of %s: %w", host, err)
	}
	known := &Site{}
	for _, p := range pages {
		known.Learn(Parse(p))
	}
	if len(s.order) == maxSites {
		delete(s.known, s.order[0])
		s.order = s.order[1:]
	}
	s.known[key], s.order = known, append(s.order, key)
	return known, nil
}
