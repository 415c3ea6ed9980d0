package export

import (
	"context"
	"iter"

	"github.com/dossier-archive/dossier"
)

const aheadBatch = 64

type aheadItem struct {
	record dossier.Record
	err    error
}

// ahead reads records in a goroutine of its own, some batches before they are
// needed: formats that are costly to write then use a second processor.
func ahead(ctx context.Context, records iter.Seq2[dossier.Record, error]) iter.Seq2[dossier.Record, error] {
	return func(yield func(dossier.Record, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		batches := make(chan []aheadItem, 4)
		go readAhead(ctx, records, batches)
		defer func() {
			cancel()
			for range batches { // until the goroutine has ended
			}
		}()
		for batch := range batches {
			for _, item := range batch {
				if !yield(item.record, item.err) {
					return
				}
			}
		}
	}
}

func readAhead(ctx context.Context, records iter.Seq2[dossier.Record, error], batches chan<- []aheadItem) {
	defer close(batches)
	var batch []aheadItem
	send := func() bool {
		select {
		case batches <- batch:
			batch = nil
			return true
		case <-ctx.Done():
			return false
		}
	}
	for r, err := range records {
		batch = append(batch, aheadItem{r, err})
		if len(batch) == aheadBatch && !send() {
			return
		}
	}
	if len(batch) > 0 {
		send()
	}
}
