// Package schedule says which site is due when, and starts its runs: each by
// its own cron spec and time zone, never two of one site at once, and once for
// a time that was missed while no scheduler ran.
package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/dossier-archive/dossier"
)

// A History knows when a site was last crawled.
type History interface {
	// LastRun is when the last run of a site began, zero when there was none.
	LastRun(ctx context.Context, siteID string) (time.Time, error)
}

// A Scheduler starts runs. Make it with New.
type Scheduler struct {
	jobs    []*job
	history History
	log     *slog.Logger
	grace   time.Duration
}

// job is one site with its schedule. Its mutex is held while it runs.
type job struct {
	site     *dossier.Site
	schedule cron.Schedule
	run      func(ctx context.Context, site *dossier.Site) error
	running  sync.Mutex
}

// ErrNothingScheduled says that no site has a schedule.
var ErrNothingScheduled = errors.New("no site has a schedule")

// ErrGrace says that a run did not end within the grace time.
var ErrGrace = errors.New("a run did not end within the grace time")

// New makes a scheduler for the sites that have a schedule. run makes one run
// of a site; when its context ends it finishes the page in hand and returns,
// within the grace time.
func New(sites []*dossier.Site, history History, run func(context.Context, *dossier.Site) error, grace time.Duration, log *slog.Logger) (*Scheduler, error) {
	s := &Scheduler{history: history, log: log, grace: grace}
	for _, site := range sites {
		if site.Schedule == "" {
			log.Warn("the site has no schedule and is only crawled by hand", "site", site.ID)
			continue
		}
		parsed, err := parse(site)
		if err != nil {
			return nil, fmt.Errorf("site %s: schedule %q: %w", site.ID, site.Schedule, err)
		}
		s.jobs = append(s.jobs, &job{site: site, schedule: parsed, run: run})
	}
	if len(s.jobs) == 0 {
		return nil, ErrNothingScheduled
	}
	return s, nil
}

// Timetable gives the first time after another at which a site is due, zero
// when there is none.
func Timetable(site *dossier.Site) (func(time.Time) time.Time, error) {
	parsed, err := parse(site)
	if err != nil {
		return nil, fmt.Errorf("site %s: schedule %q: %w", site.ID, site.Schedule, err)
	}
	return parsed.Next, nil
}

// parse reads a spec in the time zone of its site, unless it names its own.
func parse(site *dossier.Site) (cron.Schedule, error) {
	spec := site.Schedule
	if !strings.HasPrefix(spec, "CRON_TZ=") && !strings.HasPrefix(spec, "TZ=") && site.Timezone != nil && isZoneName(site.Timezone) {
		spec = "CRON_TZ=" + site.Timezone.String() + " " + spec
	}
	return cron.ParseStandard(spec)
}

// isZoneName reports whether a zone can be named in a spec; one that was made
// from an offset cannot.
func isZoneName(zone *time.Location) bool {
	_, err := time.LoadLocation(zone.String())
	return err == nil
}

// Run starts runs until ctx ends, then waits until those under way have ended.
// A site that was never crawled, or whose time was missed, is due at once.
func (s *Scheduler) Run(ctx context.Context) error {
	late, err := s.missed(ctx)
	if err != nil {
		return err
	}
	c := cron.New(cron.WithLogger(cronLog{s.log}))
	for _, j := range s.jobs {
		c.Schedule(j.schedule, cron.FuncJob(func() { s.start(ctx, j) }))
	}
	var catchingUp sync.WaitGroup
	for _, j := range late {
		s.log.Info("a time was missed; catching up", "site", j.site.ID)
		catchingUp.Go(func() { s.start(ctx, j) })
	}
	for _, j := range s.jobs {
		s.log.Info("scheduled", "site", j.site.ID, "spec", j.site.Schedule, "next", j.schedule.Next(time.Now()))
	}
	c.Start()
	<-ctx.Done()
	s.log.Info("stopping; pages in hand are finished")
	return s.wait(c.Stop(), &catchingUp)
}

// wait gives the runs under way the grace time to end.
func (s *Scheduler) wait(started context.Context, catchingUp *sync.WaitGroup) error {
	ended := make(chan struct{})
	go func() {
		<-started.Done()
		catchingUp.Wait()
		close(ended)
	}()
	timer := time.NewTimer(s.grace)
	defer timer.Stop()
	select {
	case <-ended:
		return nil
	case <-timer.C:
		return fmt.Errorf("%w of %s", ErrGrace, s.grace)
	}
}

// missed gives the jobs that were never run, or whose time has passed since.
func (s *Scheduler) missed(ctx context.Context) ([]*job, error) {
	var late []*job
	for _, j := range s.jobs {
		last, err := s.history.LastRun(ctx, j.site.ID)
		if err != nil {
			return nil, fmt.Errorf("site %s: %w", j.site.ID, err)
		}
		if last.IsZero() || j.schedule.Next(last).Before(time.Now()) {
			late = append(late, j)
		}
	}
	return late, nil
}

// start makes one run, unless the one before has not ended.
func (s *Scheduler) start(ctx context.Context, j *job) {
	if ctx.Err() != nil {
		return
	}
	if !j.running.TryLock() {
		s.log.Warn("the run before has not ended; this time is left out", "site", j.site.ID)
		return
	}
	defer j.running.Unlock()
	if err := j.run(ctx, j.site); err != nil && ctx.Err() == nil {
		s.log.Error("run failed", "site", j.site.ID, "error", err)
	}
}

// cronLog passes what the cron library says on.
type cronLog struct{ log *slog.Logger }

func (l cronLog) Info(msg string, keys ...any) { l.log.Debug("cron: "+msg, keys...) }

func (l cronLog) Error(err error, msg string, keys ...any) {
	l.log.Error("cron: "+msg, append(keys, "error", err)...)
}
