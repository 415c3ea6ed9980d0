package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dossier-archive/dossier"
)

// history is a map of last runs.
type history map[string]time.Time

func (h history) LastRun(_ context.Context, id string) (time.Time, error) { return h[id], nil }

// journal notes when runs begin.
type journal struct {
	mu    sync.Mutex
	lines []string
}

func (j *journal) note(site *dossier.Site) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, fmt.Sprintf("%s %s", time.Now().UTC().Format("15:04"), site.ID))
}

func (j *journal) text() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return strings.Join(j.lines, ", ")
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// play runs a scheduler for a while of fake time and gives what it started.
// Fake time begins at midnight UTC, 2000-01-01.
func play(t *testing.T, sites []*dossier.Site, h history, lasts, whole time.Duration) (string, error) {
	t.Helper()
	var j journal
	var err error
	synctest.Test(t, func(t *testing.T) {
		s, newErr := New(sites, h, func(ctx context.Context, site *dossier.Site) error {
			j.note(site)
			select {
			case <-ctx.Done():
			case <-time.After(lasts):
			}
			return nil
		}, time.Minute, slog.New(slog.DiscardHandler))
		if newErr != nil {
			t.Fatal(newErr)
		}
		ctx, cancel := context.WithTimeout(t.Context(), whole)
		defer cancel()
		err = s.Run(ctx)
	})
	return j.text(), err
}

func TestEachSiteByItsOwnSpecAndZone(t *testing.T) {
	start := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	sites := []*dossier.Site{
		{ID: "shanghai", Schedule: "30 9 * * *", Timezone: zone(t, "Asia/Shanghai")},          // 01:30 UTC
		{ID: "named", Schedule: "CRON_TZ=UTC 15 2 * * *", Timezone: zone(t, "Asia/Shanghai")}, // its own zone wins
		{ID: "hourly", Schedule: "@every 2h", Timezone: time.UTC},
		{ID: "byhand"},
	}
	h := history{"shanghai": start.Add(-time.Minute), "named": start.Add(-time.Minute), "hourly": start.Add(-time.Minute)}
	got, err := play(t, sites, h, time.Minute, 5*time.Hour)
	if want := "01:30 shanghai, 02:00 hourly, 02:15 named, 04:00 hourly"; got != want || err != nil {
		t.Errorf("started %s (%v), want %s", got, err, want)
	}
}

func TestNoTwoRunsOfOneSite(t *testing.T) {
	start := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	got, err := play(t, []*dossier.Site{{ID: "slow", Schedule: "@hourly", Timezone: time.UTC}}, history{"slow": start.Add(-time.Minute)}, 90*time.Minute, 4*time.Hour+30*time.Minute)
	if want := "01:00 slow, 03:00 slow"; got != want || err != nil {
		t.Errorf("started %s (%v), want %s", got, err, want)
	}
}

func TestMissedTimeIsCaughtUpOnce(t *testing.T) {
	start := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	h := history{"missed": start.Add(-72 * time.Hour), "current": start.Add(-time.Hour)}
	got, err := play(t, []*dossier.Site{
		{ID: "missed", Schedule: "0 3 * * *", Timezone: time.UTC},
		{ID: "current", Schedule: "0 3 * * *", Timezone: time.UTC},
	}, h, time.Minute, 2*time.Hour)
	if want := "00:00 missed"; got != want || err != nil {
		t.Errorf("started %q (%v), want %q", got, err, want)
	}
}

func TestStopWaitsForRunsAndNotForEver(t *testing.T) {
	site := &dossier.Site{ID: "stuck", Schedule: "@hourly", Timezone: time.UTC}
	for _, tt := range []struct {
		ends time.Duration // after it was told to
		want error
	}{{10 * time.Second, nil}, {time.Hour, ErrGrace}} {
		synctest.Test(t, func(t *testing.T) {
			var ended atomic.Bool
			s, err := New([]*dossier.Site{site}, history{}, func(ctx context.Context, _ *dossier.Site) error {
				<-ctx.Done()
				time.Sleep(tt.ends)
				ended.Store(true)
				return ctx.Err()
			}, time.Minute, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			if err := s.Run(ctx); !errors.Is(err, tt.want) {
				t.Errorf("a run that ends after %v gave %v, want %v", tt.ends, err, tt.want)
			}
			if ended.Load() != (tt.want == nil) {
				t.Errorf("a run that ends after %v: ended %v", tt.ends, ended.Load())
			}
			time.Sleep(2 * time.Hour)
		})
	}
}

// broken is a history that knows of the first site alone.
type broken struct{}

func (broken) LastRun(_ context.Context, id string) (time.Time, error) {
	if id == "first" {
		return time.Time{}, nil
	}
	return time.Time{}, errors.New("the disk is gone")
}

// TestNothingRunsWhenRunFails: who closes the archive behind Run takes it from no run.
func TestNothingRunsWhenRunFails(t *testing.T) {
	sites := []*dossier.Site{{ID: "first", Schedule: "@hourly", Timezone: time.UTC}, {ID: "second", Schedule: "@hourly", Timezone: time.UTC}}
	synctest.Test(t, func(t *testing.T) {
		var j journal
		s, err := New(sites, broken{}, func(_ context.Context, site *dossier.Site) error {
			j.note(site)
			return nil
		}, time.Minute, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Run(t.Context()); err == nil || err.Error() != "site second: the disk is gone" {
			t.Errorf("gave %v", err)
		}
		if synctest.Wait(); j.text() != "" {
			t.Errorf("started %s", j.text())
		}
	})
}

func TestBadSchedules(t *testing.T) {
	run := func(context.Context, *dossier.Site) error { return nil }
	log := slog.New(slog.DiscardHandler)
	if _, err := New([]*dossier.Site{{ID: "a", Schedule: "61 * * * *"}}, history{}, run, 0, log); err == nil || !strings.Contains(err.Error(), `site a: schedule "61 * * * *"`) {
		t.Errorf("bad spec gave %v", err)
	}
	if _, err := New([]*dossier.Site{{ID: "a"}}, history{}, run, 0, log); !errors.Is(err, ErrNothingScheduled) {
		t.Errorf("no schedule gave %v", err)
	}
}
