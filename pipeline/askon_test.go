package pipeline_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

// waitingStore begins to commit articles when three of them wait for it.
type waitingStore struct {
	*archive.Archive
	arrive, three chan struct{}
	stuck         atomic.Bool
}

func (w *waitingStore) Commit(ctx context.Context, v dossier.Visit) (dossier.Outcome, error) {
	if v.Article != nil {
		w.arrive <- struct{}{}
		select {
		case <-w.three:
		case <-time.After(10 * time.Second):
			w.stuck.Store(true)
		}
	}
	return w.Archive.Commit(ctx, v)
}

// TestHostIsAskedOnWhileStoring crawls a site that may be asked for two pages at
// once with a store that is not content with two.
func TestHostIsAskedOnWhileStoring(t *testing.T) {
	const articles = 6
	b := newBench(t, newFakeSite(t, articles))
	store := &waitingStore{Archive: b.arch, arrive: make(chan struct{}, articles), three: make(chan struct{})}
	b.deps.Store = store
	go func() {
		for range 3 {
			<-store.arrive
		}
		close(store.three)
	}()
	expect(t, b.run(), "new 6, changed 0, unchanged 0, duplicates 0, gone 0, failed 0")
	if store.stuck.Load() {
		t.Error("no third page was asked for while two were being stored")
	}
}
