package pipeline

import (
	"sync"

	"github.com/dossier-archive/dossier"
)

// workers work on tasks, each on one at a time. One who has done its task waits for
// another: its stack has grown by then to what reading a page takes.
type workers struct {
	work  func(dossier.Task)
	tasks chan dossier.Task // for those who wait
	all   sync.WaitGroup
}

func newWorkers(work func(dossier.Task)) *workers {
	return &workers{work: work, tasks: make(chan dossier.Task)}
}

// give hands a task to one who waits, or to a new one.
func (w *workers) give(t dossier.Task) {
	select {
	case w.tasks <- t:
	default:
		w.all.Go(func() {
			w.work(t)
			for t := range w.tasks {
				w.work(t)
			}
		})
	}
}

// end waits until all tasks are done. After that none can be given.
func (w *workers) end() {
	close(w.tasks)
	w.all.Wait()
}
