package archive_test

import (
	"sync"
	"testing"

	"github.com/dossier-archive/dossier"
)

// Pages that are committed at the same time share a transaction. One that
// cannot be stored fails alone.
func TestPagesCommittedTogether(t *testing.T) {
	const pages, bad = 12, 5
	a := open(t)
	run := begin(t, a, "jilin", noon, numbered(pages)...)
	var tasks []*dossier.Task
	for range pages {
		tasks = append(tasks, next(t, a, run, noon))
	}
	errs := make([]error, pages)
	var all sync.WaitGroup
	for i, task := range tasks {
		v := visit(*task, noon, prose(i))
		if i == bad {
			v.Article, v.Outcome = nil, dossier.Outcome{Status: dossier.StatusDuplicate, Record: "dnosuch"}
		}
		all.Go(func() { _, errs[i] = a.Commit(t.Context(), v) })
	}
	all.Wait()
	for i, err := range errs {
		if (err != nil) != (i == bad) {
			t.Errorf("page %d: %v", i, err)
		}
	}
	got, err := a.Run(t.Context(), run.ID)
	if err != nil || got.New != pages-1 {
		t.Errorf("new records of the run: %d, %v; want %d", got.New, err, pages-1)
	}
	if v, err := a.Verify(t.Context(), false); err != nil || v.Records != pages-1 || !v.Whole() {
		t.Errorf("verify: %+v, %v", v, err)
	}
}
