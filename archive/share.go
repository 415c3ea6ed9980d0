package archive

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// sharing lets work for the writer share transactions: waiting for the disk,
// and what the search index does at each commit, cost as much for one page as
// for several. It is safe for concurrent use.
type sharing struct {
	mu      sync.Mutex
	waiting []*job
	begin   chan struct{} // closed when those who wait may begin
	leased  int           // pages under way, those that wait among them
}

// job is work for the writer.
type job struct {
	ctx   context.Context
	place int64 // in the queue: of those that come together the least is first
	do    func(*tx) error
	taken bool // guarded, as err, by the mutex of the writer
	err   error
}

// gatherFor bounds how long a page waits for others.
const gatherFor = 10 * time.Millisecond

var errAbandoned = errors.New("the transaction that was shared with other pages was abandoned")

func newSharing() *sharing { return &sharing{begin: make(chan struct{})} }

// underWay counts pages that were leased, or that are done with.
func (s *sharing) underWay(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.leased = max(s.leased+n, 0)
}

// join adds a job, and lets all begin when half of the pages under way wait:
// the other half keeps the processors busy meanwhile.
func (s *sharing) join(j *job) (begin <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting = append(s.waiting, j)
	begin = s.begin
	if len(s.waiting) >= (s.leased+1)/2 {
		s.release()
	}
	return begin
}

// release must be called with mu held.
func (s *sharing) release() {
	close(s.begin)
	s.begin = make(chan struct{})
}

// take gives those who wait, in the order of the queue that they are from: of two
// pages with one text the first is the original.
func (s *sharing) take() []*job {
	s.mu.Lock()
	defer s.mu.Unlock()
	jobs := s.waiting
	slices.SortStableFunc(jobs, func(a, b *job) int { return cmp.Compare(a.place, b.place) })
	s.waiting = nil
	s.release()
	for _, j := range jobs {
		j.taken = true
	}
	return jobs
}

// share runs do in a transaction with those who come about the same time, and
// waits until it is on disk. Whoever gets the writer first does the work of all.
// When one fails, each gets a transaction of its own: so do may be called twice.
func (w *writer) share(ctx context.Context, place int64, do func(*tx) error) error {
	j := &job{ctx: ctx, place: place, do: do, err: errAbandoned}
	timer := time.NewTimer(gatherFor)
	defer timer.Stop()
	select {
	case <-w.sharing.join(j):
	case <-timer.C:
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if !j.taken {
		w.together(w.sharing.take())
	}
	return j.err
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
