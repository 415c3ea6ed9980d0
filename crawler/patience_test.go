package crawler

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dossier-archive/dossier"
)

// noRobotsStore has no robots.txt of an earlier run.
type noRobotsStore struct{ Store }

func (noRobotsStore) Robots(context.Context, string) (dossier.RobotsFile, bool, error) {
	return dossier.RobotsFile{}, false, nil
}

func (noRobotsStore) PutRobots(context.Context, dossier.RobotsFile) error { return nil }

// TestRobotsThatAreNeverHad hold a run for a bounded time, and the next one asks again.
func TestRobotsThatAreNeverHad(t *testing.T) {
	asked := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		w.WriteHeader(http.StatusInternalServerError)
	}))
	defer s.Close()
	c := New(Options{UserAgent: "dossier/test", Timeout: time.Second, MaxBody: 1 << 20, AllowPrivate: true, Log: slog.New(slog.DiscardHandler)}, noRobotsStore{})
	site := &dossier.Site{ID: "s", Start: []string{s.URL + "/"}, Parallel: 1}
	for run := range 2 {
		if _, err := c.Starts(site); err != nil {
			t.Fatal(err)
		}
		asked = 0
		for range 2 * maxRobotsTries {
			v, _, err := c.Visit(t.Context(), site, dossier.Task{URL: s.URL + "/1.html", Kind: dossier.KindArticle, Site: "s"})
			if err != nil || v.Outcome.Reason != dossier.ReasonRobotsDown {
				t.Fatalf("%+v, %v", v.Outcome, err)
			}
			if asked < maxRobotsTries && v.Outcome.Status != dossier.StatusRetry {
				t.Errorf("run %d, after %d tries: %s, want %s", run, asked, v.Outcome.Status, dossier.StatusRetry)
			}
			for _, e := range c.robots.origins {
				e.retryAt = time.Time{} // as if that had passed
			}
		}
		if asked != maxRobotsTries {
			t.Errorf("run %d: robots.txt was asked for %d times, want %d", run, asked, maxRobotsTries)
		}
	}
}

// TestPagesThatFailInARow: while a host answers for its robots.txt, pages of it that ask for
// a pause hold it for some minutes at most; at first it is left alone twice as long each time.
func TestPagesThatFailInARow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPoliteness()
		begun := time.Now()
		for n := 0; ; n++ {
			if p.down("zone.example") && !p.doubts("zone.example") {
				break
			}
			if p.down("zone.example") {
				p.answered("zone.example")
				p.lives("zone.example", true)
			}
			if err := p.acquire(t.Context(), "zone.example", 0, 1); err != nil {
				t.Fatal(err)
			}
			pause := p.failed("zone.example", http.StatusServiceUnavailable, time.Now())
			if want := firstPause << n; n < maxFailures && pause != want {
				t.Errorf("pause %d is %v, want %v", n, pause, want)
			}
			p.release("zone.example", pause)
		}
		if took := time.Since(begun); took > 5*time.Minute {
			t.Errorf("the host is held for %v, want five minutes at most", took)
		}
	})
}

// TestPagesThatFailAtOnce: what was under way together does not double the pause each.
func TestPagesThatFailAtOnce(t *testing.T) {
	p := newPoliteness()
	var last time.Duration
	for n := range maxFailures + 8 {
		if n >= maxFailures {
			p.doubts("zone.example")
		}
		last = p.failed("zone.example", http.StatusServiceUnavailable, time.Now())
	}
	if want := firstPause << (maxFailures - 1); last != want {
		t.Errorf("the last of them asks for %v, want %v", last, want)
	}
}

// TestHostThatIsDown: one that does not answer for its robots.txt either is asked for it
// once more, and then left alone.
func TestHostThatIsDown(t *testing.T) {
	p := newPoliteness()
	times := 0
	for range maxFailures {
		p.failed("zone.example", http.StatusServiceUnavailable, time.Now())
	}
	for p.doubts("zone.example") {
		times++
		if pause := p.failed("zone.example", http.StatusServiceUnavailable, time.Now()); pause <= maxSilence {
			t.Errorf("behind try %d it is left alone for %v", times, pause)
		}
		p.lives("zone.example", false)
	}
	if times != 2 {
		t.Errorf("asked %d times, want 2", times)
	}
}
