package archive

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/dossier-archive/dossier"
)

// sharing lets work for the writer share transactions (group commit): waiting for the disk,
// and what the search index does at each commit, cost as much for one page as
// for several. Articles of one host are stored in the order of the queue: of two
// pages with one text the first is the original. It is safe for concurrent use.
type sharing struct {
	mu      sync.Mutex
	waiting []*job
	begin   chan struct{} // closed when those who wait may begin
	leased  []*inHand     // pages under way, those that wait among them
}

// inHand is a page that was leased and is not stored yet.
type inHand struct {
	run, task int64
	host      string
	holds     bool // articles behind it in the queue wait until it is read
}

// job is work for the writer.
type job struct {
	ctx   context.Context
	task  dossier.Task
	until time.Time // what stands before it in the queue is waited for
	do    func(*tx) error
	taken bool // guarded, as err, by the mutex of the writer
	err   error
}

const (
	// gatherFor bounds how long a page waits for others to share with.
	gatherFor = 100 * time.Millisecond
	// turnFor bounds how long it waits for those before it.
	turnFor = 250 * time.Millisecond
)

var errAbandoned = errors.New("the transaction that was shared with other pages was abandoned")

func newSharing() *sharing { return &sharing{begin: make(chan struct{})} }

// lend counts a page that was leased.
func (s *sharing) lend(t *dossier.Task) {
	s.mu.Lock()
	defer s.mu.Unlock()
	holds := t.Kind == dossier.KindArticle || t.Kind == dossier.KindMaybe
	s.leased = append(s.leased, &inHand{run: t.Run, task: t.ID, host: t.Host, holds: holds})
}

// done forgets the leases that a condition names.
func (s *sharing) done(which func(*inHand) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.leased = slices.DeleteFunc(s.leased, which)
	s.beginIfHalf()
}

// join adds a job, and lets all begin when half of the pages under way wait for
// nothing else: the other half keeps the processors busy meanwhile.
func (s *sharing) join(j *job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting = append(s.waiting, j)
	for _, l := range s.leased {
		if l.task == j.task.ID {
			l.holds = false
		}
	}
	s.beginIfHalf()
}

// beginning is closed when those who wait now may begin.
func (s *sharing) beginning() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.begin
}

// beginIfHalf must be called with mu held.
func (s *sharing) beginIfHalf() {
	ripe := 0
	for _, j := range s.waiting {
		if s.isRipe(j) {
			ripe++
		}
	}
	if ripe > 0 && ripe >= (len(s.leased)+1)/2 {
		s.release()
	}
}

// isRipe reports whether nothing is read any more that stands before a job in
// the queue, or it has waited long enough. It must be called with mu held.
func (s *sharing) isRipe(j *job) bool {
	return !time.Now().Before(j.until) || !slices.ContainsFunc(s.leased, func(l *inHand) bool {
		return l.holds && l.run == j.task.Run && l.host == j.task.Host && l.task < j.task.ID
	})
}

// release must be called with mu held.
func (s *sharing) release() {
	close(s.begin)
	s.begin = make(chan struct{})
}

// take gives those who wait and are ripe, in the order of the queue.
func (s *sharing) take() []*job {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ripe, rest []*job
	for _, j := range s.waiting {
		if s.isRipe(j) {
			j.taken = true
			ripe = append(ripe, j)
		} else {
			rest = append(rest, j)
		}
	}
	slices.SortStableFunc(ripe, func(a, b *job) int { return cmp.Compare(a.task.ID, b.task.ID) })
	s.waiting = rest
	if len(ripe) > 0 {
		s.release()
	}
	return ripe
}

// share runs do in a transaction with those who come about the same time, and
// waits until it is on disk. Whoever gets the writer first does the work of all.
// When one fails, each gets a transaction of its own: so do may be called twice.
func (w *writer) share(ctx context.Context, task dossier.Task, ordered bool, do func(*tx) error) error {
	j := &job{ctx: ctx, task: task, do: do, err: errAbandoned}
	if ordered {
		j.until = time.Now().Add(turnFor)
	}
	begin := w.sharing.beginning()
	w.sharing.join(j)
	for wait := gatherFor; ; wait = max(time.Until(j.until), time.Millisecond) {
		timer := time.NewTimer(wait)
		select {
		case <-begin:
		case <-timer.C:
		}
		timer.Stop()
		begin = w.sharing.beginning()
		if w.attempt(j) {
			return j.err
		}
	}
}

// attempt does the work of all who are ripe, unless another has done that of a
// job, and reports whether the job is done.
func (w *writer) attempt(j *job) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !j.taken {
		if jobs := w.sharing.take(); len(jobs) > 0 {
			w.together(jobs)
		}
	}
	return j.taken
}

// together must be called with mu held.
func (w *writer) together(jobs []*job) {
	err := w.transact(context.Background(), onDisk, func(tx *tx) error {
		for _, j := range jobs {
			if err := j.do(tx); err != nil {
				return err
			}
		}
		return nil
	})
	for _, j := range jobs {
		j.err = err
		if err != nil && len(jobs) > 1 {
			j.err = w.transact(j.ctx, onDisk, j.do)
		}
	}
}
