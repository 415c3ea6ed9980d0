package crawler

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// politeness keeps one queue a host for all runs of the process: at most
// parallel requests at once, and a pause between the end of one answer and
// the next request. Its zero value is not ready; use newPoliteness.
type politeness struct {
	mu    sync.Mutex
	hosts map[string]*hostState
}

type hostState struct {
	inFlight  int
	nextAt    time.Time     // no request before
	last      time.Time     // begin or end of the last request
	failures  int           // answers in a row that ask for a pause, or none at all
	refuses   bool          // the last of them said that there were too many requests
	strained  time.Time     // when the host last said that it had too much to do
	strain    time.Duration // how long it was left alone then
	slow      time.Duration // between requests, since it said so; less with each that is answered
	doubts    int           // how often it was asked in this run whether it still lives
	silent    int           // how often that was not answered
	lives     bool          // the last time it was
	delay     time.Duration // of the last request, so that Busy can tell
	parallel  int
	released  chan struct{}            // closed and renewed whenever a place becomes free
	asksDelay map[string]time.Duration // Crawl-delay of robots.txt, clamped, by origin
	noRobots  map[string]int           // how often in a row robots.txt could not be had in this run, by origin
	sites     map[string]bool          // whose runs ask it
}

func newPoliteness() *politeness {
	return &politeness{hosts: map[string]*hostState{}}
}

// host must be called with mu held.
func (p *politeness) host(name string) *hostState {
	h := p.hosts[name]
	if h == nil {
		h = &hostState{parallel: 1, released: make(chan struct{}), asksDelay: map[string]time.Duration{}, noRobots: map[string]int{}, sites: map[string]bool{}}
		p.hosts[name] = h
	}
	return h
}

// acquire waits until a request to the host may start. The caller releases
// the place when the answer is complete.
func (p *politeness) acquire(ctx context.Context, host string, delay time.Duration, parallel int) error {
	for {
		wait, freed := p.try(host, delay, max(parallel, 1))
		if wait == 0 && freed == nil {
			return nil
		}
		if err := sleep(ctx, wait, freed); err != nil {
			return err
		}
	}
}

// try takes a place, or says how long to wait or what to wait for.
func (p *politeness) try(host string, delay time.Duration, parallel int) (time.Duration, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.host(host)
	h.delay, h.parallel = max(delay, h.slow), parallel
	for _, asked := range h.asksDelay {
		h.delay = max(h.delay, asked)
	}
	if h.inFlight >= parallel {
		return 0, h.released
	}
	if own := h.last.Add(h.delay); !h.last.IsZero() && own.After(h.nextAt) {
		h.nextAt = own // the last request was that of a site with a shorter delay
	}
	if wait := time.Until(h.nextAt); wait > 0 {
		return wait, nil
	}
	h.inFlight++
	h.last = time.Now()
	h.nextAt = h.last.Add(h.delay)
	return 0, nil
}

// release gives a place back. pause, when it is longer than the delay, keeps
// the host quiet for that long: the answer asked for it.
func (p *politeness) release(host string, pause time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.host(host)
	h.inFlight--
	h.last = time.Now()
	if next := h.last.Add(max(h.delay, pause)); next.After(h.nextAt) {
		h.nextAt = next
	}
	close(h.released)
	h.released = make(chan struct{})
}

// busy names the hosts that cannot start a request now, and how long until
// the first of them can; zero when that depends on an answer.
func (p *politeness) busy() ([]string, time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var names []string
	var soonest time.Duration
	for name, h := range p.hosts {
		wait := time.Until(h.nextAt)
		full := h.inFlight >= h.parallel
		if wait <= 0 && !full {
			continue
		}
		names = append(names, name)
		if wait > 0 && !full && (soonest == 0 || wait < soonest) {
			soonest = wait
		}
	}
	return names, soonest
}

// asksDelay makes the host's delay at least d from now on. Each of its origins has a
// robots.txt, and may ask for less the next time; the most that one asks for is kept.
func (p *politeness) asksDelay(host, origin string, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.host(host)
	h.asksDelay[origin] = d
	if next := h.last.Add(d); !h.last.IsZero() && next.After(h.nextAt) {
		h.nextAt = next // the delay holds from the answer on that asked for it
	}
}

// failed counts a sign of overload or absence and says for how long the host
// is to be left alone: twice as long as after the failure before. One that gives
// no answer, status 0, is not left alone for long, nor is one that has answered for its
// robots.txt between: it may be a page of it. One that refuses, status 429, is. What was
// under way when the host said that it had too much to do, and is answered so as well, counts
// as that one time. Until it has answered for a while it is asked more slowly.
func (p *politeness) failed(host string, status int, began time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.host(host)
	h.refuses = status == http.StatusTooManyRequests
	strains := h.refuses || status == http.StatusServiceUnavailable
	if strains && began.Before(h.strained) {
		return h.strain
	}
	h.failures++
	pause := h.pause(status)
	if strains {
		h.strained, h.strain = time.Now(), pause
		h.slow = min(max(2*h.slow, firstSlow), maxSlow)
	}
	return pause
}

// pause is how long a host is left alone after its last failure.
func (h *hostState) pause(status int) time.Duration {
	switch {
	case h.refuses:
		return min(firstPause<<min(h.failures-1, 10), maxPause)
	case status == 0 || h.lives:
		return min(firstPause<<min(h.failures-1, 10), maxSilence)
	}
	// What fails beyond maxFailures was under way at once, or asked whether it still lives.
	return min(firstPause<<min(h.failures-1, maxFailures-1+h.silent), maxPause)
}

// answered ends a row of failures.
func (p *politeness) answered(host string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.host(host)
	h.failures = 0
	if h.slow -= h.slow / 16; h.slow < firstSlow/4 {
		h.slow = 0
	}
}

// down reports whether a host has failed so often in a row that asking it for
// more pages in this run is in vain.
func (p *politeness) down(host string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.host(host).failures >= maxFailures
}

// doubts reports whether a host that is down may be asked whether it still
// lives. One that says itself that there were too many requests is not.
func (p *politeness) doubts(host string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.host(host)
	if h.refuses || h.doubts >= maxDoubts {
		return false
	}
	h.doubts++
	return true
}

// lives notes whether a host that was asked whether it still lives has answered. If it
// has not, it is asked once more.
func (p *politeness) lives(host string, answered bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.host(host)
	h.lives = answered
	if !answered {
		h.silent++
		h.doubts += maxDoubts/2 - 1
	}
}

// wary reports whether a host was thought to be down in this run: then a page
// of it that fails is not tried again.
func (p *politeness) wary(host string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.host(host).doubts > 0
}

// lacksRobots counts that the robots.txt of an origin could not be had.
func (p *politeness) lacksRobots(host, origin string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.host(host).noRobots[origin]++
}

// hasRobots ends a row of these.
func (p *politeness) hasRobots(host, origin string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.host(host).noRobots, origin)
}

// silentRobots reports whether robots.txt has failed so often in a row that asking
// for it in this run, and so for any page, is in vain.
func (p *politeness) silentRobots(host, origin string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.host(host).noRobots[origin] >= maxRobotsTries
}

// belongs notes that the runs of a site ask a host.
func (p *politeness) belongs(host, site string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.host(host).sites[site] = true
}

// revive lets the hosts of a site that were down be asked again: a new run begins.
func (p *politeness) revive(site string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, h := range p.hosts {
		if h.sites[site] {
			h.failures, h.doubts, h.silent, h.lives, h.slow = 0, 0, 0, false, 0
			clear(h.noRobots)
		}
	}
}

const (
	firstPause  = time.Second
	maxPause    = 5 * time.Minute
	firstSlow   = 200 * time.Millisecond
	maxSlow     = 2 * time.Second
	maxSilence  = 5 * time.Second // the longest pause of a host that did not ask for one
	maxFailures = 6
	maxDoubts   = 10
)

// sleep waits for the time or, when one is given, for the channel, and ends
// early with the context's error.
func sleep(ctx context.Context, d time.Duration, freed <-chan struct{}) error {
	var timeUp <-chan time.Time
	if freed == nil {
		timer := time.NewTimer(d)
		defer timer.Stop()
		timeUp = timer.C
	}
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timeUp:
	case <-freed:
	}
	return nil
}
