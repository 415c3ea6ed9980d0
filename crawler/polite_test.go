package crawler

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dossier-archive/dossier"
)

// TestHostsComeBack: a host that has said too often that there were too many requests is
// left alone for the rest of the run, and asked again by the next run of a site that asks
// it, whether the site begins there or not.
func TestHostsComeBack(t *testing.T) {
	c := New(Options{Log: slog.New(slog.DiscardHandler)}, struct{ Store }{})
	site := &dossier.Site{ID: "s", Start: []string{"http://www.zone.example/"}, Robots: dossier.RobotsIgnore}
	other := &dossier.Site{ID: "t", Start: []string{"http://www.quay.example/"}, Robots: dossier.RobotsIgnore}
	asked := func(address string) error {
		a, err := ParseAddress("", address)
		if err != nil {
			t.Fatal(err)
		}
		return c.mayAsk(t.Context(), &visit{site: site, scope: newScope(site)}, a, 1)
	}
	begin := func(site *dossier.Site) {
		if _, err := c.Starts(site); err != nil {
			t.Fatal(err)
		}
	}
	begin(site)
	for _, address := range []string{"http://www.zone.example/1.html", "http://news.zone.example/1.html", "http://paper.example/1.html"} {
		if err := asked(address); err != nil {
			t.Errorf("%s: %v, want it asked", address, err)
		}
		for range maxFailures {
			c.polite.failed(address[len("http://"):len(address)-len("/1.html")], http.StatusTooManyRequests, time.Now())
		}
		var down *failure
		if err := asked(address); !errors.As(err, &down) || down.reason != dossier.ReasonHostDown {
			t.Errorf("%s: %v, want %s", address, err, dossier.ReasonHostDown)
		}
		if begin(other); asked(address) == nil {
			t.Errorf("%s: the run of another site revived it", address)
		}
		if begin(site); asked(address) != nil {
			t.Errorf("%s: %v in the next run, want it asked", address, asked(address))
		}
	}
}

// TestCrawlDelays: each origin of a host has its own robots.txt, and the host one queue.
func TestCrawlDelays(t *testing.T) {
	p := newPoliteness()
	kept := func() time.Duration {
		if err := p.acquire(t.Context(), "zone.example", time.Second, 10); err != nil {
			t.Fatal(err)
		}
		h := p.host("zone.example")
		h.nextAt, h.last = time.Time{}, time.Time{}
		return h.delay
	}
	for _, step := range []struct {
		origin      string
		asked, want time.Duration
	}{
		{"https://zone.example", 0, time.Second},
		{"https://zone.example", 30 * time.Second, 30 * time.Second},
		{"http://zone.example", 0, 30 * time.Second}, // its robots.txt is not there
		{"http://zone.example", 10 * time.Second, 30 * time.Second},
		{"https://zone.example", 5 * time.Second, 10 * time.Second}, // a day later
		{"http://zone.example", 0, 5 * time.Second},
	} {
		p.asksDelay("zone.example", step.origin, step.asked)
		if got := kept(); got != step.want {
			t.Errorf("%s asks for %v: %v is kept, want %v", step.origin, step.asked, got, step.want)
		}
	}
}

// TestCrawlDelayFromTheFirst: the delay that robots.txt asks for is kept before the first
// page as well.
func TestCrawlDelayFromTheFirst(t *testing.T) {
	p := newPoliteness()
	if err := p.acquire(t.Context(), "zone.example", 0, 1); err != nil {
		t.Fatal(err)
	}
	p.release("zone.example", 0)
	p.asksDelay("zone.example", "https://zone.example", time.Hour)
	if wait, _ := p.try("zone.example", 0, 1); wait < time.Hour-time.Minute {
		t.Errorf("the first page waits for %v, want an hour", wait)
	}
}

// TestDelayOfTheSiteThatAsks: of two sites on one host each keeps its own delay from the
// requests of the other.
func TestDelayOfTheSiteThatAsks(t *testing.T) {
	p := newPoliteness()
	if err := p.acquire(t.Context(), "zone.example", time.Microsecond, 2); err != nil {
		t.Fatal(err)
	}
	if wait, _ := p.try("zone.example", time.Hour, 2); wait < time.Hour-time.Minute {
		t.Errorf("while the other is answered: %v, want an hour", wait)
	}
	p.release("zone.example", 0)
	if wait, _ := p.try("zone.example", 2*time.Hour, 2); wait < 2*time.Hour-time.Minute {
		t.Errorf("behind an answer to the other: %v, want two hours", wait)
	}
}

// TestFinishing: a request goes on for a while when its run is told to stop, and no longer.
func TestFinishing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		run, stop := context.WithCancel(t.Context())
		request, done := finishing(run)
		defer done()
		stop()
		time.Sleep(maxFinish - time.Second)
		if request.Err() != nil {
			t.Error("a page under way is given up at once")
		}
		time.Sleep(2 * time.Second)
		if request.Err() == nil {
			t.Error("a page that does not come is waited for")
		}
		ended, end := finishing(t.Context())
		end()
		if ended.Err() == nil {
			t.Error("a request that has ended holds its context")
		}
	})
}

// TestRefusalsOfOneMoment: what was under way when a host says that it has too much to do counts
// once, and the host is asked more slowly until it has answered for a while.
func TestRefusalsOfOneMoment(t *testing.T) {
	for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} {
		p := newPoliteness()
		began := time.Now()
		for range 8 {
			if pause := p.failed("zone.example", status, began); pause != firstPause {
				t.Errorf("status %d: a pause of %v for answers to requests of one moment, want %v", status, pause, firstPause)
			}
		}
		if p.down("zone.example") {
			t.Errorf("status %d: the host counts as down", status)
		}
		if pause := p.failed("zone.example", status, time.Now()); pause != 2*firstPause {
			t.Errorf("status %d: a pause of %v when it says so again, want twice as long", status, pause)
		}
		h := p.host("zone.example")
		if h.slow != 2*firstSlow {
			t.Errorf("status %d: %v between requests, want %v", status, h.slow, 2*firstSlow)
		}
		for range 100 {
			p.answered("zone.example")
		}
		if h.slow != 0 {
			t.Errorf("status %d: still %v between requests after many answers", status, h.slow)
		}
	}
}
