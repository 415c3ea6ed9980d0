package crawler

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/dossier-archive/dossier"
)

const (
	// robotsToken is that of the robots.txt groups that speak to this crawler, whatever
	// the user agent says around it.
	robotsToken = "dossier"

	robotsAge        = 24 * time.Hour  // RFC 9309, 2.4
	robotsRetry      = 2 * time.Second // after the first failure, then twice as long each time
	maxRobotsRetry   = 10 * time.Minute
	maxRobotsTries   = 5 // of a run, in a row: about half a minute
	maxRobotsHops    = 5
	maxCrawlDelay    = 60 * time.Second
	statusNoAnswer   = 0
	robotsPath       = "/robots.txt"
	robotsAcceptText = "text/plain,*/*;q=0.5"
)

// robotsStore keeps robots.txt between runs.
type robotsStore interface {
	Robots(ctx context.Context, origin string) (dossier.RobotsFile, bool, error)
	PutRobots(ctx context.Context, file dossier.RobotsFile) error
}

// robotsCache holds the rules of each origin for a day. It is safe for
// concurrent use; one origin is asked by one caller at a time.
type robotsCache struct {
	mu      sync.Mutex
	origins map[string]*robotsEntry
}

type robotsEntry struct {
	mu       sync.Mutex
	rules    *robots // nil: not known or not reachable
	until    time.Time
	failures int
	retryAt  time.Time
	reason   dossier.Reason // why it could not be had
	detail   string
}

func (c *robotsCache) entry(origin string) *robotsEntry {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.origins == nil {
		c.origins = map[string]*robotsEntry{}
	}
	e := c.origins[origin]
	if e == nil {
		e = &robotsEntry{}
		c.origins[origin] = e
	}
	return e
}

// robotsError says that an address may not be asked, or not yet.
type robotsError struct {
	reason  dossier.Reason
	detail  string
	retryAt time.Time // zero: never in this run
}

func (e *robotsError) Error() string { return e.detail }

// rules gives the rules for an address, asking its origin when they are not
// known. The error is a *robotsError when there is no answer.
func (c *Crawler) rules(ctx context.Context, v *visit, a Address) (*robots, error) {
	e := c.robots.entry(a.Origin())
	e.mu.Lock()
	defer e.mu.Unlock()
	now := time.Now()
	if e.rules != nil && now.Before(e.until) {
		return e.rules, nil
	}
	if e.reason != "" && c.polite.silentRobots(a.Host, a.Origin()) {
		return nil, &robotsError{reason: e.reason, detail: e.detail}
	}
	if now.Before(e.retryAt) {
		return nil, &robotsError{e.reason, e.detail, e.retryAt}
	}
	file, err := c.robotsFile(ctx, v, a)
	if err != nil {
		return nil, err
	}
	if file.Status == statusNoAnswer || file.Status == http.StatusTooManyRequests || file.Status >= 500 {
		e.fail(file.Status, v.robotsReason, v.robotsDetail)
		c.polite.lacksRobots(a.Host, a.Origin())
		return nil, &robotsError{e.reason, e.detail, e.retryAt}
	}
	e.rules = &robots{}
	if file.Status < 300 {
		e.rules = parseRobots(file.Body, robotsToken)
	}
	e.until, e.failures = file.FetchedAt.Add(robotsAge), 0
	c.polite.hasRobots(a.Host, a.Origin())
	c.polite.asksDelay(a.Host, a.Origin(), min(e.rules.CrawlDelay, maxCrawlDelay))
	return e.rules, nil
}

func (e *robotsEntry) fail(status int, reason dossier.Reason, detail string) {
	e.rules = nil
	e.reason, e.detail = reason, "robots.txt: "+detail
	if status != statusNoAnswer {
		e.reason, e.detail = dossier.ReasonRobotsDown, fmt.Sprintf("robots.txt answered %d; nothing of this host is asked until it answers", status)
	}
	e.retryAt = time.Now().Add(min(robotsRetry<<min(e.failures, 10), maxRobotsRetry))
	e.failures++
}

// robotsFile reads robots.txt from the archive when it is fresh, else from
// the network.
func (c *Crawler) robotsFile(ctx context.Context, v *visit, a Address) (dossier.RobotsFile, error) {
	file, ok, err := c.store.Robots(ctx, a.Origin())
	if err != nil {
		return file, fmt.Errorf("robots.txt of %s: %w", a.Origin(), err)
	}
	if ok && time.Since(file.FetchedAt) < robotsAge && file.Status != statusNoAnswer && file.Status < 500 && file.Status != http.StatusTooManyRequests {
		return file, nil
	}
	file = c.askRobots(ctx, v, a)
	if err := ctx.Err(); err != nil {
		return file, context.Cause(ctx)
	}
	if err := c.store.PutRobots(ctx, file); err != nil {
		return file, fmt.Errorf("robots.txt of %s: %w", a.Origin(), err)
	}
	return file, nil
}

// isOfHost reports whether a reason that robots.txt could not be had holds for
// every page of the host, and so says more than that robots.txt was missing.
func isOfHost(r dossier.Reason) bool {
	switch r {
	case dossier.ReasonDNS, dossier.ReasonRefused, dossier.ReasonReset, dossier.ReasonUnreachable, dossier.ReasonPrivate, dossier.ReasonBadAddress,
		dossier.ReasonTLSExpired, dossier.ReasonTLSName, dossier.ReasonTLSAuthority, dossier.ReasonTLSHandshake, dossier.ReasonTLS:
		return true
	}
	return false
}

// askRobots fetches robots.txt over at most five redirects. More than that is
// as good as none, RFC 9309, 2.3.1.2, and so is one that leads nowhere.
func (c *Crawler) askRobots(ctx context.Context, v *visit, a Address) dossier.RobotsFile {
	file := dossier.RobotsFile{Origin: a.Origin(), FetchedAt: time.Now().UTC()}
	ctx = onlyBeginning(ctx, maxRobots)
	at, err := ParseAddress(a.URL, robotsPath)
	for hop := 0; err == nil; hop++ {
		var got answer
		got, err = c.request(ctx, v, at, http.Header{"Accept": {robotsAcceptText}})
		if err != nil {
			break
		}
		file.Status, file.Body = got.status, got.body
		if !isRedirect(got.status) {
			return file
		}
		if hop == maxRobotsHops {
			file.Status = http.StatusNotFound
			return file
		}
		next, badRedirect := ParseAddress(at.URL, got.header.Get("Location"))
		if badRedirect != nil || got.header.Get("Location") == "" {
			file.Status = http.StatusNotFound
			return file
		}
		at = next
	}
	file.Status, file.Body = statusNoAnswer, nil
	v.robotsReason, v.robotsDetail = reasonOf(err), err.Error()
	if !isOfHost(v.robotsReason) {
		v.robotsReason = dossier.ReasonRobotsDown
	}
	return file
}
