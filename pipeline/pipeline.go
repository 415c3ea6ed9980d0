// Package pipeline makes one run of one site. For each address that the
// frontier leases it goes these steps:
//
//  1. the crawler visits the address and says what came;
//  2. a page that is an article is read;
//  3. outcome, capture, article and links are archived in one transaction.
//
// As many addresses are under way as the site allows its hosts.
package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/extract"
)

// A Crawler visits addresses.
type Crawler interface {
	Starts(site *dossier.Site) ([]dossier.Link, error)
	Busy() (hosts []string, wait time.Duration)
	Visit(ctx context.Context, site *dossier.Site, t dossier.Task) (dossier.Visit, *extract.Page, error)
	// Canonical is the link to the address that an article names as its own,
	// false when that is the address it was read from or not to be believed.
	Canonical(site *dossier.Site, v dossier.Visit) (dossier.Link, bool)
	// IsNothing reports whether the page of a visit is also what an address that does not
	// exist is answered with, ShowsStill whether an article stands at its address. Both may ask
	// for pages, and count that in the visit.
	IsNothing(ctx context.Context, site *dossier.Site, v *dossier.Visit) bool
	ShowsStill(ctx context.Context, site *dossier.Site, v *dossier.Visit, address, headline string) bool
}

// A Store keeps the frontier and the records.
type Store interface {
	BeginRun(ctx context.Context, site *dossier.Site, starts []dossier.Link, now time.Time) (dossier.Run, error)
	// Next leases tasks of one host, at most as many as most says. When it gives
	// none, wake says when one is due; zero means that nothing is pending but on the
	// busy hosts, and more that there is something there.
	Next(ctx context.Context, run int64, busyHosts []string, now time.Time, most int) (tasks []*dossier.Task, wake time.Time, more bool, err error)
	Commit(ctx context.Context, v dossier.Visit) (dossier.Outcome, error)
	RecordAt(ctx context.Context, siteID, key string) (*dossier.Record, error)
	// Newest gives the newest records of a site that are not gone, at most as many as most says.
	Newest(ctx context.Context, siteID string, most int) ([]dossier.Record, error)
	// Snapshot gives the page that a version of a record was read from.
	Snapshot(ctx context.Context, id string, version int) (dossier.Snapshot, error)
	HasRecords(ctx context.Context, siteID string) (bool, error)
	// Pending counts the addresses of the site that wait to be asked.
	Pending(ctx context.Context, siteID string) (int, error)
	// ForgetLists has the lists that rows of a run led to asked no more, until the
	// patterns of the site change.
	ForgetLists(ctx context.Context, run dossier.Run) error
	EndRun(ctx context.Context, run dossier.Run) error
}

// Deps are what a run works with.
type Deps struct {
	Crawler  Crawler
	Store    Store
	Log      *slog.Logger
	Progress func(dossier.Run) // called after each page by one goroutine at a time; may be nil
}

// ErrNothing says that a site has given no article at all.
var ErrNothing = errors.New("no article was found")

// Run makes one run of a site and gives its report. When ctx ends, the pages
// in hand are finished and committed and the run is left resumable; the error
// is then that of the context. Failed pages are in the report; an error means
// that the run could not go on, or brought nothing.
func Run(ctx context.Context, site *dossier.Site, d Deps) (dossier.Run, error) {
	starts, err := d.Crawler.Starts(site)
	if err != nil {
		return dossier.Run{Site: site.ID, State: dossier.RunFailed, Error: err.Error()}, err
	}
	report, err := d.Store.BeginRun(ctx, site, starts, time.Now().UTC())
	if err != nil {
		return report, fmt.Errorf("begin run of %s: %w", site.ID, err)
	}
	r := &run{Deps: d, site: site, report: report, inHand: map[string]int{}, done: make(chan struct{}, 1), begun: make(chan struct{})}
	err = r.all(ctx)
	return r.finish(ctx, err)
}

// run is the state of one run. Its mutex guards the report and what is in hand.
type run struct {
	Deps
	site *dossier.Site

	mu        sync.Mutex
	report    dossier.Run
	inHand    map[string]int // tasks whose host is still asked, by host
	storing   int            // tasks that have been read and are not yet on disk
	visits    int
	startsBad int
	startsOK  int
	restarts  int           // times that a start address is to be asked again
	begun     chan struct{} // closed when a start address has been asked
	begin     sync.Once
	turned    int       // rows in a row that led to a list instead of an article
	rows      int       // that lists show and no record is of
	noPage    int       // of these, which led to no page
	again     int       // articles, not known to be gone, that were asked again
	lost      int       // of these, which are not there any more
	sound     sync.Once // see showsOthers
	isSound   bool
	soundErr  error
	err       error         // the first that ends the run
	done      chan struct{} // a task has ended, or its host may be asked again
}

// maxHosts bounds how many hosts one run asks at the same time.
const maxHosts = 8

// all leases tasks and has them worked on until there are none, the page limit is
// reached, or the run has to end.
func (r *run) all(ctx context.Context) error {
	w := newWorkers(func(t dossier.Task) { r.work(ctx, t) })
	err := r.leaseAll(ctx, w)
	w.end()
	if err == nil {
		err = r.stopped(ctx)
	}
	return err
}

func (r *run) leaseAll(ctx context.Context, w *workers) error {
	for {
		if err := r.stopped(ctx); err != nil {
			return err
		}
		tasks, wait, err := r.lease(ctx)
		switch {
		case err != nil:
			return err
		case len(tasks) > 0:
			for _, task := range tasks {
				w.give(*task)
			}
		case wait == nothingLeft:
			return nil
		default:
			r.rest(ctx, wait)
		}
	}
}

const (
	nothingLeft  = time.Duration(-1)
	untilTheNext = time.Duration(0) // until a task in hand ends
)

// lease takes the next tasks, or says how long to wait for one. A lease costs the
// archive a transaction: where several pages are in hand, several are leased.
func (r *run) lease(ctx context.Context) ([]*dossier.Task, time.Duration, error) {
	busy, soonest := r.Crawler.Busy()
	r.mu.Lock()
	under, most, full := 0, r.atOnce(), false
	if r.site.MaxPages > 0 {
		most = min(most, r.site.MaxPages-r.visits)
		full = most <= 0
	}
	for host, n := range r.inHand {
		under += n
		if n+most > r.together() {
			busy = append(busy, host)
		}
	}
	storing := r.storing
	r.mu.Unlock()
	if full && under+storing == 0 {
		return nil, nothingLeft, nil
	}
	if full || under >= r.together()*maxHosts || storing >= 4*r.atOnce() {
		return nil, untilTheNext, nil
	}
	tasks, wake, more, err := r.Store.Next(ctx, r.report.ID, busy, time.Now().UTC(), most)
	if err != nil {
		return nil, 0, fmt.Errorf("next page of %s: %w", r.site.ID, err)
	}
	if len(tasks) > 0 {
		r.mu.Lock()
		r.inHand[tasks[0].Host] += len(tasks)
		r.visits += len(tasks)
		r.mu.Unlock()
		return tasks, 0, nil
	}
	return nil, r.patience(under+storing, soonest, wake, more), nil
}

// atOnce is how many tasks are leased together.
func (r *run) atOnce() int {
	if !r.hurries() {
		return 1
	}
	return r.site.Parallel
}

// hurries reports whether pages are asked for while others are read and stored: of a
// site that is asked without pauses. Elsewhere no more than parallel pages are in hand,
// and as many are asked for again after a crash.
func (r *run) hurries() bool { return r.site.Parallel > 1 && r.site.Delay == 0 }

// together is how many pages of a host are in hand at a time.
func (r *run) together() int {
	if !r.hurries() {
		return max(r.site.Parallel, 1)
	}
	return r.site.Parallel * inHandShare
}

// inHandShare is how many pages are in hand for each that is asked for.
const inHandShare = 4

// patience is how long to wait when there is no task: until one is due, a
// host is free again, or a task in hand ends.
func (r *run) patience(under int, soonest time.Duration, wake time.Time, more bool) time.Duration {
	wait := nothingLeft
	if !wake.IsZero() {
		wait = max(time.Until(wake), time.Millisecond)
	}
	if more && soonest > 0 && (wait < 0 || soonest < wait) {
		wait = soonest
	}
	if wait == nothingLeft && more && under == 0 {
		return time.Millisecond // the host became free in the meantime
	}
	if wait == nothingLeft && under > 0 {
		return untilTheNext
	}
	return wait
}

// rest waits until a task ends, the time is up, or the run is told to stop.
func (r *run) rest(ctx context.Context, wait time.Duration) {
	var timeUp <-chan time.Time
	if wait != untilTheNext {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		timeUp = timer.C
	}
	select {
	case <-r.done:
	case <-timeUp:
	case <-ctx.Done():
	}
}

func (r *run) stopped(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil {
		return r.err
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

// work visits, reads and archives one task.
func (r *run) work(ctx context.Context, t dossier.Task) {
	v, err := r.visit(ctx, t)
	r.doubtGone(ctx, &v)
	early := err == nil && r.askOn(v)
	var o dossier.Outcome
	if err == nil {
		o, err = r.Store.Commit(context.WithoutCancel(ctx), v)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if early {
		r.storing--
	} else {
		r.inHand[t.Host]--
	}
	switch {
	case err == nil:
		r.count(v, o)
	default:
		r.report.Requests += v.Requests
		r.report.Bytes += v.Bytes
		if r.err == nil && ctx.Err() == nil {
			r.err = err
		}
	}
	r.wake()
}

// maxDoubt is how long a page that is gone waits for the answer of a start address.
const maxDoubt = 30 * time.Second

// doubtGone makes a failure of a record whose page is gone while no start address of the site
// can be read: that says more of the site than of the page.
func (r *run) doubtGone(ctx context.Context, v *dossier.Visit) {
	if v.Outcome.Status != dossier.StatusGone || !v.Task.Archived {
		return
	}
	timer := time.NewTimer(maxDoubt)
	defer timer.Stop()
	select {
	case <-r.begun:
	case <-timer.C:
	case <-ctx.Done():
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.startsOK == 0 && r.startsBad+r.restarts > 0 {
		v.Outcome.Status = dossier.StatusFailed
		v.Outcome.Detail += "; no start address of the site can be read either"
	}
}

// askOn lets the host be asked for another page while this one is stored. What
// leads to other pages is stored before: it says what to ask next.
func (r *run) askOn(v dossier.Visit) bool {
	if !r.hurries() || len(v.Links) > 0 || v.Outcome.Status == dossier.StatusRetry {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.inHand[v.Task.Host]--
	r.storing++
	if r.inHand[v.Task.Host]+r.atOnce() <= r.together() { // else the next lease would find the host busy
		r.wake()
	}
	return true
}

// wake tells the loop that something has changed. It must be called with mu held.
func (r *run) wake() {
	select {
	case r.done <- struct{}{}:
	default:
	}
}

// count adds a visit to the report. It must be called with mu held.
func (r *run) count(v dossier.Visit, o dossier.Outcome) {
	if v.Requests == 0 {
		r.visits-- // max_pages are pages that were asked for
	}
	r.report.Requests += v.Requests
	r.report.Bytes += v.Bytes
	r.report.Count(o)
	if v.Task.Kind == dossier.KindStart {
		switch o.Status {
		case dossier.StatusFailed, dossier.StatusSkipped:
			if len(v.Links) > 0 { // a broken feed or sitemap that has led on
				r.startsOK++
			}
			r.startsBad++
		case dossier.StatusRetry:
			r.restarts++
		default:
			r.startsOK++
		}
		r.begin.Do(func() { close(r.begun) })
	}
	r.turnsToList(v.Task, o)
	if v.Task.Witness.Title != "" && !v.Task.Archived && v.Requests > 0 {
		r.rows++
		if o.Status == dossier.StatusGone {
			r.noPage++
		}
	}
	if v.Task.Archived && !v.Task.Gone && v.Requests > 0 && o.Status != dossier.StatusRetry {
		r.again++
		if o.Status == dossier.StatusGone {
			r.lost++
		}
	}
	r.Log.Debug("visited", "site", r.site.ID, "url", v.Task.URL, "status", o.Status, "reason", o.Reason, "detail", o.Detail)
	if r.Progress != nil {
		r.Progress(r.report)
	}
}

// maxTurned is how many rows of lists may lead to lists before one leads to an article.
const maxTurned = 1000

// ErrOnlyLists says that the rows of a site lead to rows without end.
var ErrOnlyLists = fmt.Errorf("%d pages that lists announce are lists themselves and none is an article; has the domain been given up? If not, name the pages to read with articles and follow, or bound a run with max_pages", maxTurned)

// turnsToList ends a run that finds lists alone behind the rows of lists, as on a domain
// that somebody has bought to lead to everywhere. It must be called with mu held.
func (r *run) turnsToList(t dossier.Task, o dossier.Outcome) {
	switch {
	case o.Status == dossier.StatusNew:
		r.turned = 0
	case o.Status == dossier.StatusListed && t.Kind == dossier.KindMaybe && t.Witness.Title != "":
		if r.turned++; r.turned >= maxTurned && r.err == nil {
			r.err = ErrOnlyLists
		}
	}
}

// minNoPage is how many rows or articles without a page say that something is wrong with all of them.
const minNoPage = 5

// finish stores how the run ended. A run that read none of its start
// addresses, or after which the site still has no record, has failed.
func (r *run) finish(ctx context.Context, err error) (dossier.Run, error) {
	r.report.Ended = time.Now().UTC().Truncate(time.Second)
	r.report.State = dossier.RunFinished
	switch {
	case err != nil && ctx.Err() != nil:
		r.report.State = dossier.RunInterrupted
	case err == nil:
		if r.noPage >= minNoPage && r.noPage == r.rows {
			r.Log.WarnContext(ctx, "nothing that the lists newly show has a page; are their addresses right?", "site", r.site.ID, "rows", r.rows)
		}
		if err = r.bounded(ctx); err == nil {
			err = r.verdict(ctx)
		}
	}
	if err != nil && r.report.State != dossier.RunInterrupted {
		r.report.State, r.report.Error = dossier.RunFailed, err.Error()
	}
	if errors.Is(err, ErrOnlyLists) {
		err = errors.Join(err, r.Store.ForgetLists(context.WithoutCancel(ctx), r.report))
	}
	if endErr := r.Store.EndRun(context.WithoutCancel(ctx), r.report); endErr != nil {
		err = errors.Join(err, fmt.Errorf("end run of %s: %w", r.site.ID, endErr))
	}
	return r.report, err
}

// bounded says in the report that max_pages has ended the run.
func (r *run) bounded(ctx context.Context) error {
	if r.site.MaxPages == 0 || r.visits < r.site.MaxPages {
		return nil
	}
	left, err := r.Store.Pending(ctx, r.site.ID)
	if left > 0 {
		r.report.Error = fmt.Sprintf("max_pages: %d addresses wait for the next run", left)
	}
	return err
}

// ErrAllGone says that no article of a site that was asked again is there any more, though its
// lists are.
var ErrAllGone = errors.New("all articles that were asked again are gone")

func (r *run) verdict(ctx context.Context) error {
	if r.startsOK > 0 && r.lost >= minNoPage && r.lost == r.again {
		return fmt.Errorf("%w: %d on %s; is it out of order, or has it new addresses? Those that stay so for days are marked as gone (`dossier runs show %d` says why)", ErrAllGone, r.lost, r.site.ID, r.report.ID)
	}
	if r.startsOK == 0 && r.startsBad > 0 && r.report.Seen() > 0 {
		return fmt.Errorf("none of the start addresses of %s could be read; only what was known before has been asked (`dossier check` and the reasons of the run say more)", r.site.ID)
	}
	if r.startsOK == 0 && r.startsBad > 0 {
		return fmt.Errorf("%w: none of the start addresses of %s could be read (`dossier check` and the reasons of the run say more)", ErrNothing, r.site.ID)
	}
	has, err := r.Store.HasRecords(ctx, r.site.ID)
	if err != nil {
		return err
	}
	if !has && r.report.Failed > 0 && r.report.Skipped == 0 {
		return fmt.Errorf("%w on %s: none of its pages could be read, %d failed (`dossier runs show %d` says why)", ErrNothing, r.site.ID, r.report.Failed, r.report.ID)
	}
	if !has && r.report.Error != "" {
		return fmt.Errorf("%w on %s: %s", ErrNothing, r.site.ID, r.report.Error)
	}
	if !has {
		return fmt.Errorf("%w on %s: its pages were read, and none was an article; look at start, follow and articles", ErrNothing, r.site.ID)
	}
	return nil
}
