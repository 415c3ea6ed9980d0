package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/configs"
	"github.com/dossier-archive/dossier/crawler"
	"github.com/dossier-archive/dossier/pipeline"
)

// A crew is what the runs of a process share: one crawler, so that each host
// has one queue, and one archive.
type crew struct {
	crawler  *crawler.Crawler
	archive  *archive.Archive
	patience *patience
	places   chan struct{} // one for each run under way
	log      *slog.Logger
}

// bounds of the runs of a process.
type bounds struct {
	sites    int           // crawled side by side; each host has a queue of its own in any case
	patience time.Duration // how long a run waits for room on a full disk
}

// The scheduler has time, and a site whose turn it is does not wait for a few that
// take hours.
var (
	crawlBounds    = bounds{sites: 4, patience: time.Minute}
	scheduleBounds = bounds{sites: 16, patience: 365 * 24 * time.Hour}
)

func newCrew(c *configs.Config, ar *archive.Archive, b bounds, log *slog.Logger) *crew {
	return &crew{crawler: crawler.New(crawlerOptions(c, log), ar), archive: ar, places: make(chan struct{}, b.sites),
		patience: &patience{room: ar.Room, fold: ar.Checkpoint, limit: b.patience, log: log}, log: log}
}

func crawlerOptions(c *configs.Config, log *slog.Logger) crawler.Options {
	return crawler.Options{
		UserAgent:    c.UserAgent,
		Timeout:      c.Network.Timeout,
		MaxBody:      c.Network.MaxBody,
		AllowPrivate: c.Network.AllowPrivate,
		Log:          log,
	}
}

// begin waits for a place among the runs under way, in the order of the calls. Give it
// back with end.
func (c *crew) begin(ctx context.Context) error {
	select {
	case c.places <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if ctx.Err() != nil {
		c.end()
		return context.Cause(ctx)
	}
	return nil
}

func (c *crew) end() { <-c.places }

// run makes one run of a site, which has begun. Progress may be nil.
func (c *crew) run(ctx context.Context, site *dossier.Site, progress func(dossier.Run)) (dossier.Run, error) {
	store := patientStore{c.archive, c.patience, ctx.Done()}
	return pipeline.Run(ctx, site, pipeline.Deps{Crawler: c.crawler, Store: store, Log: c.log, Progress: progress})
}

// A siteRun is how the run of one site went. Its error says what stopped it.
type siteRun struct {
	site   *dossier.Site
	report dossier.Run
	err    error
}

// all makes one run of each site and gives the results in their order, without
// those that an interruption kept from beginning. What the archive cannot take
// ends all of them.
func (c *crew) all(ctx context.Context, sites []*dossier.Site, progress func(dossier.Run)) []siteRun {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	runs := make([]siteRun, len(sites))
	var workers sync.WaitGroup
	for i, site := range sites {
		if c.begin(ctx) != nil {
			break
		}
		workers.Go(func() {
			defer c.end()
			report, err := c.run(ctx, site, progress)
			if isArchiveError(err) {
				stop(err)
			}
			runs[i] = siteRun{site, report, err}
		})
	}
	workers.Wait()
	var begun []siteRun
	for _, r := range runs {
		if r.site != nil {
			begun = append(begun, r)
		}
	}
	return begun
}
