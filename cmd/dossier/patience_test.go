package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/pipeline"
)

// tightStore takes a page only when there is room.
type tightStore struct {
	pipeline.Store
	free    *atomic.Int64
	log     atomic.Int64
	commits int
	begun   int
}

func (s *tightStore) Next(context.Context, int64, []string, time.Time, int) ([]*dossier.Task, time.Time, bool, error) {
	return []*dossier.Task{{ID: 1}}, time.Time{}, false, nil
}

func (s *tightStore) Commit(context.Context, dossier.Visit) (dossier.Outcome, error) {
	s.commits++
	if s.free.Load() == 0 {
		return dossier.Outcome{}, archive.ErrFull
	}
	return dossier.Outcome{Status: dossier.StatusNew}, nil
}

func (s *tightStore) BeginRun(context.Context, *dossier.Site, []dossier.Link, time.Time) (dossier.Run, error) {
	if s.begun++; s.free.Load() < 1<<20 {
		return dossier.Run{}, archive.ErrFull
	}
	return dossier.Run{ID: 7}, nil
}

// fold makes the room that the log takes.
func (s *tightStore) fold(context.Context) error {
	s.free.Add(s.log.Swap(0))
	return nil
}

func tight(log *bytes.Buffer, free *atomic.Int64, stop <-chan struct{}) (patientStore, *tightStore) {
	inner := &tightStore{free: free}
	room := func() (int64, int64, error) { return free.Load(), 2 << 20, nil }
	return patientStore{inner, &patience{room: room, fold: inner.fold, limit: time.Minute, log: slog.New(slog.NewTextHandler(log, nil))}, stop}, inner
}

// TestPausesAtFullDisk: neither lease nor commit fails while room comes within
// the limit, and it is said once.
func TestPausesAtFullDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		var free atomic.Int64
		s, inner := tight(&log, &free, nil)
		begun := time.Now()
		time.AfterFunc(20*time.Second, func() { free.Store(50 << 20) })
		if tasks, _, _, err := s.Next(t.Context(), 1, nil, time.Now(), 1); err != nil || len(tasks) == 0 || time.Since(begun) < 20*time.Second {
			t.Errorf("lease after %v: tasks %v, %v", time.Since(begun), tasks, err)
		}
		free.Store(0)
		time.AfterFunc(10*time.Second, func() { free.Store(50 << 20) })
		if o, err := s.Commit(t.Context(), dossier.Visit{}); err != nil || o.Status != dossier.StatusNew || inner.commits < 2 {
			t.Errorf("commit: %v, %v after %d tries", o, err, inner.commits)
		}
		if n := strings.Count(log.String(), "crawling pauses"); n != 2 {
			t.Errorf("the pause was said %d times for 2 pauses:\n%s", n, log.String())
		}
	})
}

// TestFoldsTheLogFirst: a crawl does not pause for room that the log takes.
func TestFoldsTheLogFirst(t *testing.T) {
	var log bytes.Buffer
	var free atomic.Int64
	s, inner := tight(&log, &free, nil)
	inner.log.Store(50 << 20)
	if tasks, _, _, err := s.Next(t.Context(), 1, nil, time.Now(), 1); err != nil || len(tasks) == 0 || log.Len() > 0 {
		t.Errorf("lease: tasks %v, %v; said %q", tasks, err, log.String())
	}
}

func TestPatienceEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		var free atomic.Int64
		stop := make(chan struct{})
		s, _ := tight(&log, &free, stop)
		if _, _, _, err := s.Next(t.Context(), 1, nil, time.Now(), 1); !errors.Is(err, archive.ErrFull) {
			t.Errorf("no room for a minute gives %v, want that the disk is full", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, _, _, err := s.Next(ctx, 1, nil, time.Now(), 1); !errors.Is(err, context.Canceled) {
			t.Errorf("a stop signal gives %v", err)
		}
		close(stop)
		begun := time.Now()
		if _, err := s.Commit(t.Context(), dossier.Visit{}); !errors.Is(err, archive.ErrFull) || time.Since(begun) > time.Second {
			t.Errorf("a stop signal with a page in hand gives %v after %v", err, time.Since(begun))
		}
	})
}

// TestRunBeginsAtFullDisk: a run that should begin on a full disk waits for room as well.
func TestRunBeginsAtFullDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		var free atomic.Int64
		s, inner := tight(&log, &free, nil)
		free.Store(-141288)
		time.AfterFunc(30*time.Second, func() { free.Store(50 << 20) })
		begun := time.Now()
		run, err := s.BeginRun(t.Context(), nil, nil, time.Now())
		if err != nil || run.ID != 7 || inner.begun != 1 || time.Since(begun) < 30*time.Second {
			t.Errorf("run %v, %v after %d tries and %v", run, err, inner.begun, time.Since(begun))
		}
		if !strings.Contains(log.String(), "free_bytes=0 ") {
			t.Errorf("the room is said as\n%s", log.String())
		}
		free.Store(0)
		if _, err := s.BeginRun(t.Context(), nil, nil, time.Now()); !errors.Is(err, archive.ErrFull) {
			t.Errorf("without room: %v", err)
		}
	})
}
