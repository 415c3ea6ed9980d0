package crawler

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/extract"
)

// Siblings keeps what the pages of a host have in common, for the hosts that were met
// last. It is safe for concurrent use; hosts do not wait for one another.
type Siblings struct {
	samples SamplesFunc

	mu    sync.Mutex
	known map[siteHost]*sibling
	order []siteHost // of being met
}

// A SamplesFunc gives stored articles of a host of a site to learn from.
type SamplesFunc func(ctx context.Context, site, host string) ([]*dossier.Snapshot, error)

type siteHost struct{ site, host string }

type sibling struct {
	mu   sync.Mutex
	site *extract.Site  // nil until the stored articles have been read
	led  map[string]int // how many pages have led to a set of articles, by its digest
}

// maxLed is how many sets of articles are kept of a host.
const maxLed = 10_000

// maxSiblings is how many hosts are kept.
const maxSiblings = 64

// NewSiblings makes a collection that begins with what is stored of a site.
func NewSiblings(samples SamplesFunc) *Siblings {
	return &Siblings{samples: samples, known: map[siteHost]*sibling{}}
}

// Of is what is known of a host of a site.
func (s *Siblings) Of(ctx context.Context, site, host string) (*extract.Site, error) {
	entry := s.entry(siteHost{site, host})
	entry.mu.Lock()
	defer entry.mu.Unlock()
	if entry.site != nil {
		return entry.site, nil
	}
	pages, err := s.samples(ctx, site, host)
	if err != nil {
		return nil, fmt.Errorf("stored pages of %s: %w", host, err)
	}
	known := &extract.Site{}
	for _, p := range pages {
		known.Learn(extract.Parse(p))
	}
	entry.site = known
	return known, nil
}

func (s *Siblings) entry(key siteHost) *sibling {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.known[key]; known != nil {
		return known
	}
	if len(s.order) == maxSiblings {
		delete(s.known, s.order[0])
		s.order = s.order[1:]
	}
	entry := &sibling{}
	s.known[key], s.order = entry, append(s.order, key)
	return entry
}

// Led keeps the sets of articles that a page of a host leads to, and gives the number of pages
// that have led to one of them before.
func (s *Siblings) Led(site, host string, sets []string, one string) (before int) {
	entry := s.entry(siteHost{site, host})
	entry.mu.Lock()
	defer entry.mu.Unlock()
	before = entry.led[one]
	if entry.led == nil || len(entry.led) >= maxLed {
		entry.led = map[string]int{}
	}
	slices.Sort(sets)
	for _, set := range slices.Compact(sets) {
		entry.led[set]++
	}
	return before
}
