package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/extract"
)

const (
	maxAttempts  = 3
	maxRefusals  = 5 // attempts that a host refuses because there were too many
	maxRedirects = 10
	acceptPages  = "text/html,application/xhtml+xml,application/xml;q=0.9,application/rss+xml,application/atom+xml,*/*;q=0.8"
)

// visit is one task in the making.
type visit struct {
	site  *dossier.Site
	task  dossier.Task
	scope scope
	out   dossier.Visit
	pause time.Duration // that the last host asked for
	asked pauseAsked    // its words
	once  bool          // it is not tried again when it fails
	known bool          // cookies were sent

	ledTo string // host that is asked, after redirects

	lacking *visit    // of a part of the text that could not be read; nil: none
	own     *resolved // see resolve; nil: not known

	robotsReason dossier.Reason
	robotsDetail string
}

// resolve reads an address that is absolute. That of the task is read once.
func (v *visit) resolve(address string) (Address, error) {
	if address != v.task.URL {
		return ParseAddress("", address)
	}
	if v.own == nil {
		a, err := ParseAddress("", address)
		v.own = &resolved{a, err}
	}
	return v.own.addr, v.own.err
}

// Visit makes one attempt at a task. The page is given when it is to be read
// as an article; its outcome is then decided by who archives it. The error is
// that of the store or of the context: the task is then as if never leased.
func (c *Crawler) Visit(ctx context.Context, site *dossier.Site, t dossier.Task) (dossier.Visit, *extract.Page, error) {
	v := &visit{site: site, task: t, scope: c.scopeOf(site), out: dossier.Visit{Task: t}}
	v.known = c.isKnown(t.URL)
	_, page, err := c.attempt(ctx, v)
	if err == nil && c.getsCookies(ctx, v) {
		v.out = dossier.Visit{Task: t, Requests: v.out.Requests, Bytes: v.out.Bytes}
		_, page, err = c.attempt(ctx, v)
	}
	return v.out, page, err
}

// attempt fetches and reads. The snapshot is that of any answer, nil when there
// was none.
func (c *Crawler) attempt(ctx context.Context, v *visit) (*dossier.Snapshot, *extract.Page, error) {
	snap, err := c.fetch(ctx, v)
	v.out.At = time.Now().UTC()
	if stop := stopError(ctx, err); stop != nil {
		return nil, nil, stop
	}
	if err != nil {
		v.fail(err)
		return nil, nil, nil
	}
	v.out.FinalKey = keyOf(snap.FinalURL)
	v.out.ETag, v.out.LastModified = validator(snap, "ETag"), validator(snap, "Last-Modified")
	if o, final := v.byStatus(snap); final {
		v.end(o)
		if o.Status == dossier.StatusListed && v.task.Rising {
			return snap, nil, c.fromBehind(context.WithoutCancel(ctx), v)
		}
		return snap, nil, nil
	}
	// An answer that has come is read even when the run is told to stop.
	page, err := c.read(context.WithoutCancel(ctx), v, snap)
	if err == nil && page != nil {
		page, err = c.wholeText(ctx, v, page)
	}
	return snap, page, err
}

// fromBehind goes on to the last page of a list that begins with its oldest articles,
// while its first page is as it was.
func (c *Crawler) fromBehind(ctx context.Context, v *visit) error {
	v.out.Rising = true
	if v.task.Chain != "" {
		return nil
	}
	last, ok, err := c.store.LastPage(ctx, v.site.ID, v.task.Key)
	if err != nil {
		return fmt.Errorf("last page of %s: %w", v.task.URL, err)
	}
	if ok {
		last.Listed = v.task.Listed
		v.out.Links = append(v.out.Links, last)
	}
	return nil
}

// validator is a header for the next conditional request, "" when it is longer
// than servers would take it back.
func validator(s *dossier.Snapshot, name string) string {
	if value := s.Header.Get(name); len(value) <= 1024 {
		return value
	}
	return ""
}

// storeError marks an error of the archive, which stops a run.
type storeError struct{ error }

func (e storeError) Unwrap() error { return e.error }

// stopError is the error that ends a run: of the store, or of the context.
func stopError(ctx context.Context, err error) error {
	var store storeError
	if errors.As(err, &store) {
		return store.error
	}
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

// failure is an error that already has its reason.
type failure struct {
	reason  dossier.Reason
	detail  string
	skipped bool // not to be asked, rather than failed
}

func (f *failure) Error() string { return f.detail }

// fetch asks the address of the task and follows redirects.
func (c *Crawler) fetch(ctx context.Context, v *visit) (*dossier.Snapshot, error) {
	at, err := v.resolve(v.task.URL)
	if err != nil {
		return nil, &failure{reason: dossier.ReasonBadAddress, detail: err.Error()}
	}
	seen := map[string]bool{}
	excused := false // a page may send its reader to itself once, to see its cookie come back
	for hop := 0; ; hop++ {
		v.ledTo = at.Host
		if err := c.mayAsk(ctx, v, at, hop); err != nil {
			return nil, err
		}
		seen[at.URL] = true
		got, err := c.request(ctx, v, at, v.header(hop))
		if got.status > 0 {
			v.out.HTTP = got.status
		}
		if err != nil {
			return nil, err
		}
		if !isRedirect(got.status) {
			return snapshotOf(v.task.URL, at.URL, got), nil
		}
		next, err := ParseAddress(at.URL, got.header.Get("Location"))
		switch {
		case got.header.Get("Location") == "" || err != nil:
			return nil, &failure{reason: dossier.ReasonBadRedirect, detail: fmt.Sprintf("%d leads to %q", got.status, got.header.Get("Location"))}
		case seen[next.URL] && !excused && len(got.header["Set-Cookie"]) > 0:
			excused = true
		case seen[next.URL]:
			return nil, &failure{reason: dossier.ReasonRedirectLoop, detail: "redirected to " + next.URL + " again"}
		case hop+1 >= maxRedirects:
			return nil, &failure{reason: dossier.ReasonRedirects, detail: fmt.Sprintf("more than %d redirects", maxRedirects)}
		}
		at = next
	}
}

// header is what is sent; only the first request can be conditional.
func (v *visit) header(hop int) http.Header {
	h := http.Header{"Accept": {acceptPages}, "Accept-Language": {"*"}}
	if hop == 0 {
		if v.task.ETag != "" {
			h.Set("If-None-Match", v.task.ETag)
		}
		if v.task.LastModified != "" {
			h.Set("If-Modified-Since", v.task.LastModified)
		}
	}
	return h
}

// whyAside says why an address is not asked that nothing is against.
func (v *visit) whyAside() string {
	if len(v.site.Articles) > 0 {
		return "neither articles nor follow of the site matches it"
	}
	return "no row of a list, and no section of the site as far as could be told"
}

// mayAsk checks the site's own limits and robots.txt. Redirects may leave the
// site, because articles move, but not to what it excludes.
func (c *Crawler) mayAsk(ctx context.Context, v *visit, at Address, hop int) error {
	if r := v.scope.refuses(at); r == dossier.ReasonExcluded || hop == 0 && r != "" && v.task.Kind != dossier.KindStart {
		return &failure{reason: r, detail: at.URL + " is not part of the site", skipped: true}
	}
	if hop == 0 && v.task.Kind == dossier.KindMaybe && !isPage(at) {
		return &failure{reason: dossier.ReasonNotHTML, detail: "a file by its name, which is not asked for", skipped: true}
	}
	if hop == 0 && v.task.Aside {
		return &failure{reason: dossier.ReasonAside, detail: v.whyAside(), skipped: true}
	}
	c.polite.belongs(at.Host, v.site.ID)
	if c.polite.down(at.Host) && !c.lives(ctx, v, at) {
		return &failure{reason: dossier.ReasonHostDown, detail: fmt.Sprintf("%s failed %d times in a row", at.Host, maxFailures)}
	}
	v.once = c.polite.wary(at.Host)
	if v.site.Robots == dossier.RobotsIgnore {
		return nil
	}
	rules, err := c.rules(ctx, v, at)
	if err != nil {
		var refused *robotsError
		if !errors.As(err, &refused) && ctx.Err() == nil {
			return storeError{err}
		}
		return err
	}
	verdict := rules.check(at.Path)
	switch {
	case verdict.Allowed:
		return nil
	case hop > 0:
		return &failure{reason: dossier.ReasonRobots, detail: fmt.Sprintf("leads to %s, which is %s", at.URL, verdict), skipped: true}
	}
	return &failure{reason: dossier.ReasonRobots, detail: verdict.String(), skipped: true}
}

// lives asks a host that has failed several times in a row for its robots.txt:
// when that is answered, those were faults of pages, and others may be well.
func (c *Crawler) lives(ctx context.Context, v *visit, at Address) bool {
	probe, err := ParseAddress(at.URL, robotsPath)
	if err != nil || !c.polite.doubts(at.Host) {
		return false
	}
	_, err = c.request(onlyBeginning(ctx, maxRobots), v, probe, http.Header{"Accept": {robotsAcceptText}})
	alive := err == nil && !c.polite.down(at.Host)
	c.polite.lives(at.Host, alive)
	return alive
}

// request waits for the host's queue and makes one request.
func (c *Crawler) request(ctx context.Context, v *visit, at Address, header http.Header) (answer, error) {
	if err := c.polite.acquire(ctx, at.Host, v.site.Delay, v.site.Parallel); err != nil {
		return answer{}, err
	}
	until, done := finishing(ctx)
	defer done()
	began := time.Now()
	got, err := c.client.get(until, at.URL, header)
	v.out.Requests++
	v.out.Bytes += int64(len(got.body))
	v.pause, v.asked = c.judge(ctx, at.Host, began, got, err)
	c.polite.release(at.Host, v.pause)
	return got, err
}

// maxFinish is how long a page under way goes on when the run is told to stop.
const maxFinish = 10 * time.Second

// finishing gives a request the time to end when its run is told to stop, unless it is for
// no page.
func finishing(ctx context.Context) (context.Context, context.CancelFunc) {
	if isBeginning(ctx) {
		return ctx, func() {}
	}
	until, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-until.Done():
		case <-time.After(maxFinish):
			cancel()
		}
	})
	return until, func() { stop(); cancel() }
}

// judge keeps count of a host's failures and says how long it is left alone.
func (c *Crawler) judge(ctx context.Context, host string, began time.Time, got answer, err error) (time.Duration, pauseAsked) {
	status, reason := got.status, dossier.HTTPReason(got.status)
	if err != nil {
		status, reason = 0, reasonOf(err)
	}
	if !blamesHost(reason) {
		c.polite.answered(host)
		return 0, pauseAsked{}
	}
	pause := c.polite.failed(host, status, began)
	if err != nil {
		return pause, pauseAsked{}
	}
	asked := retryAfter(got.header, time.Now())
	if asked.sent != "" && !asked.wrong {
		pause = max(asked.pause, time.Second)
	}
	asked.log(ctx, c.log, host, status, pause)
	return pause, asked
}

func isRedirect(status int) bool {
	switch status {
	case 301, 302, 303, 307, 308:
		return true
	}
	return false
}

func snapshotOf(asked, final string, got answer) *dossier.Snapshot {
	return &dossier.Snapshot{URL: asked, FinalURL: final, FetchedAt: got.at, Status: got.status, Proto: got.proto,
		Request: got.request, Header: got.header, Head: got.head, Body: got.body}
}

// fail turns the error of a fetch into an outcome: tried again when that can
// help, else final.
func (v *visit) fail(err error) {
	var known *failure
	var robots *robotsError
	o := dossier.Outcome{Status: dossier.StatusFailed, Detail: err.Error()}
	switch {
	case errors.As(err, &known):
		o.Reason = known.reason
		if known.skipped {
			o.Status = dossier.StatusSkipped
		}
	case errors.As(err, &robots):
		o.Reason = robots.reason
		v.pause = time.Until(robots.retryAt)
		v.once = v.once || robots.retryAt.IsZero()
	default:
		o.Reason = reasonOf(err)
	}
	if o.Reason == dossier.ReasonDNS && v.task.Kind == dossier.KindMaybe && v.task.Witness.Date == "" && v.ledTo != v.task.Host {
		o.Status = dossier.StatusSkipped // a banner that leads to a host that is no more
	}
	v.end(o)
}

// byStatus decides what the status of an answer alone can decide.
func (v *visit) byStatus(s *dossier.Snapshot) (dossier.Outcome, bool) {
	o := dossier.Outcome{Reason: dossier.HTTPReason(s.Status), Detail: http.StatusText(s.Status) + v.asked.detail()}
	switch {
	case s.Status == http.StatusNotModified && v.task.ETag+v.task.LastModified != "":
		o.Status, o.Reason, o.Detail = dossier.StatusUnchanged, dossier.ReasonNotModified, ""
		if v.isList() {
			o.Status = dossier.StatusListed
		}
		v.out.ETag, v.out.LastModified = v.task.ETag, v.task.LastModified
	case s.Status == http.StatusNotFound || s.Status == http.StatusGone:
		o.Status = dossier.StatusGone
	case s.Status == http.StatusOK || s.Status == http.StatusCreated || s.Status == http.StatusNonAuthoritativeInfo:
		return o, false
	case s.Status == http.StatusNoContent && v.task.Chain != "":
		o.Status, o.Reason = dossier.StatusListed, dossier.ReasonPagingEmpty
	default:
		switch barrier(s) {
		case extract.KindChallenge:
			o, _ = Excuse(extract.KindChallenge)
		case extract.KindLogin:
			o = v.login(loginBefore + v.asked.detail())
		default:
			o.Status = dossier.StatusFailed
		}
	}
	return o, true
}

// barrier recognises the page of a firewall or a login behind a status that says less.
func barrier(s *dossier.Snapshot) extract.PageKind {
	if s.Status != http.StatusAccepted && s.Status < 400 || len(s.Body) == 0 || !IsPage(s) {
		return ""
	}
	return extract.Parse(s).Kind()
}

// isList reports whether the task was known to lead to articles.
func (v *visit) isList() bool {
	switch v.task.Kind {
	case dossier.KindArticle, dossier.KindMaybe:
		return false
	}
	return true
}

// tries is how often a page is asked at the most. A host that refuses requests because they are
// too many, and asks for no long pause, says nothing of the page.
func (v *visit) tries(reason dossier.Reason) int {
	if reason == dossier.HTTPReason(http.StatusTooManyRequests) && v.pause <= 2*firstPause {
		return maxRefusals
	}
	return maxAttempts
}

// end sets a final outcome, or puts the task back while trying again can help.
func (v *visit) end(o dossier.Outcome) {
	if o.Status == dossier.StatusGone && v.task.Kind == dossier.KindStart {
		o.Status = dossier.StatusFailed // without it nothing new is found
	}
	if o.Reason == dossier.ReasonNotHTML && v.task.Kind == dossier.KindStart && v.task.Listed > 0 {
		o.Status, o.Detail = dossier.StatusFailed, o.Detail+"; it was a list before"
	}
	if o.Status == dossier.StatusFailed && isTransient(o.Reason) && v.task.Attempts+1 < v.tries(o.Reason) && !v.once {
		o.Status = dossier.StatusRetry
		v.out.RetryAt = time.Now().Add(max(v.pause, firstPause<<min(v.task.Attempts, 5)))
	}
	if o.Status == dossier.StatusFailed || o.Status == dossier.StatusGone {
		v.out.Links = afterFailure(v.task, o.Status == dossier.StatusGone)
		if v.isUsualPlace() {
			o.Status = dossier.StatusSkipped
		}
	}
	v.out.Outcome = o
}
