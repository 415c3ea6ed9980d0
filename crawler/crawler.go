// Package crawler turns addresses into snapshots. One visit goes through
// these steps:
//
//  1. robots.txt of the origin decides, and the host's queue is waited for;
//  2. one request is made by colly behind a transport of our own, that refuses
//     private addresses, unpacks within limits and notes time-outs;
//  3. each redirect goes through 1 and 2 again;
//  4. the answer is told apart: feed, sitemap, list, article, or none of them;
//  5. of what leads to articles the links are sorted, and it is decided
//     whether a list is followed further.
//
// What an article says is read elsewhere. Nothing is stored here.
package crawler

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/dossier-archive/dossier"
)

// Options configure a Crawler.
type Options struct {
	UserAgent    string
	Timeout      time.Duration // to connect, to wait for headers, between two bytes
	MaxBody      int64         // decoded bytes of one answer
	AllowPrivate bool          // loopback and private addresses may be asked
	Log          *slog.Logger
}

// Store is what a crawl asks of the archive.
type Store interface {
	robotsStore
	memory
	// Samples gives stored articles of a host of a site, to read the next by.
	Samples(ctx context.Context, site, host string) ([]*dossier.Snapshot, error)
	// Leads reports whether a site knows a key as one that leads to articles.
	Leads(ctx context.Context, siteID, key string) (bool, error)
}

// A Crawler visits addresses politely. It is safe for concurrent use: one
// Crawler serves all runs of a process, so that a host has one queue.
type Crawler struct {
	client   *client
	polite   *politeness
	robots   robotsCache
	store    Store
	siblings *Siblings
	barren   barren
	leading  leading
	entered  entered
	madeUp   madeUp
	scope    atomic.Pointer[scope] // see scopeOf
	log      *slog.Logger
}

// New makes a Crawler.
func New(o Options, s Store) *Crawler {
	return &Crawler{client: newClient(o), polite: newPoliteness(), store: s, siblings: NewSiblings(s.Samples), log: o.Log}
}

// Starts gives the links that a run of the site begins with. Hosts that were
// given up in an earlier run are asked again.
func (c *Crawler) Starts(site *dossier.Site) ([]dossier.Link, error) {
	if site.Robots == dossier.RobotsIgnore {
		c.log.Warn("robots.txt is ignored, as the configuration says", "site", site.ID)
	}
	c.barren.reset(site.ID)
	c.leading.reset(site.ID)
	c.entered.reset(site.ID)
	c.madeUp.reset(site.ID)
	var out []dossier.Link
	for _, start := range site.Start {
		a, err := ParseAddress("", start)
		if err != nil {
			return nil, fmt.Errorf("site %s: %w", site.ID, err)
		}
		c.polite.belongs(a.Host, site.ID)
		out = append(out, dossier.Link{URL: a.URL, Key: a.Key, Host: a.Host, Kind: dossier.KindStart})
	}
	c.polite.revive(site.ID)
	return out, nil
}

// Busy names the hosts that cannot take a request now, and how long until the
// first of them can; zero when that depends on an answer.
func (c *Crawler) Busy() ([]string, time.Duration) { return c.polite.busy() }
