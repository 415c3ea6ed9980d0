package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/pipeline"
)

const (
	// roomCheck is how often a crawl that waits for room looks again.
	roomCheck = 500 * time.Millisecond
)

// patience pauses crawls while the disk is full.
type patience struct {
	room  func() (free, reserve int64, err error)
	fold  func(context.Context) error // makes room of what the log takes
	limit time.Duration               // waited at most
	log   *slog.Logger

	mu     sync.Mutex
	paused bool // it has been said
}

// wait returns when there is room, or with an error when there is none within
// the limit, the context ends or stop is closed. It looks first after a while.
func (p *patience) wait(ctx context.Context, stop <-chan struct{}, first time.Duration) error {
	until := time.Now().Add(p.limit)
	for pause := first; ; pause = roomCheck {
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return context.Cause(ctx)
		case <-stop:
			timer.Stop()
			return context.Canceled
		}
		free, ok := p.hasRoom()
		if !ok && p.fold(ctx) == nil {
			free, ok = p.hasRoom()
		}
		if ok {
			p.say(false, free)
			return nil
		}
		p.say(true, free)
		if time.Now().After(until) {
			return fmt.Errorf("%w: %d bytes are left", archive.ErrFull, free)
		}
	}
}

// hasRoom reports whether more is free than the reserve. What cannot be measured is no
// reason to stop.
func (p *patience) hasRoom() (free int64, ok bool) {
	free, reserve, err := p.room()
	return max(free, 0), err != nil || free > reserve
}

// say tells once that crawls pause, and once that they go on.
func (p *patience) say(paused bool, free int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case paused && !p.paused:
		p.log.Error("the disk is full: crawling pauses until there is room", "free_bytes", free, "patience", p.limit.String())
	case !paused && p.paused:
		p.log.Error("there is room again: crawling goes on", "free_bytes", free)
	}
	p.paused = paused
}

// patientStore is an archive that waits for room before a run begins and a page is leased, and
// with what did not fit.
type patientStore struct {
	pipeline.Store
	patience *patience
	stop     <-chan struct{} // ends the wait of a commit
}

func (s patientStore) Next(ctx context.Context, run int64, busyHosts []string, now time.Time, most int) ([]*dossier.Task, time.Time, bool, error) {
	if err := s.patience.wait(ctx, nil, 0); err != nil {
		return nil, time.Time{}, false, err
	}
	return s.Store.Next(ctx, run, busyHosts, time.Now().UTC(), most)
}

func (s patientStore) BeginRun(ctx context.Context, site *dossier.Site, starts []dossier.Link, now time.Time) (run dossier.Run, err error) {
	if err := s.patience.wait(ctx, nil, 0); err != nil {
		return run, err
	}
	err = s.fitting(ctx, func() (err error) {
		run, err = s.Store.BeginRun(ctx, site, starts, now)
		return err
	})
	return run, err
}

func (s patientStore) Commit(ctx context.Context, v dossier.Visit) (o dossier.Outcome, err error) {
	err = s.fitting(ctx, func() (err error) {
		o, err = s.Store.Commit(ctx, v)
		return err
	})
	return o, err
}

// fitting stores something, again where it did not fit and there is room since.
func (s patientStore) fitting(ctx context.Context, store func() error) error {
	err := store()
	for tries := 0; errors.Is(err, archive.ErrFull) && tries < maxCommits; tries++ {
		if s.patience.wait(ctx, s.stop, roomCheck) != nil {
			return err
		}
		err = store()
	}
	return err
}

// maxCommits bounds how often something is stored again that does not fit
// although there seems to be room.
const maxCommits = 20
