package archive

import (
	"slices"
	"testing"
	"time"

	"github.com/dossier-archive/dossier"
)

// Of two pages with one text the first of the queue is the original, whichever
// was read first: an article waits for those before it that are still read.
func TestArticlesAreStoredInTheOrderOfTheQueue(t *testing.T) {
	tests := []struct {
		name    string
		before  dossier.Task // leased, and still read when task 5 has been
		patient bool         // there is time left to wait
		want    []int64      // taken at once
	}{
		{"an article before it", dossier.Task{ID: 3, Run: 1, Host: "a", Kind: dossier.KindArticle}, true, nil},
		{"what may be one", dossier.Task{ID: 3, Run: 1, Host: "a", Kind: dossier.KindMaybe}, true, nil},
		{"an article behind it", dossier.Task{ID: 7, Run: 1, Host: "a", Kind: dossier.KindArticle}, true, []int64{5}},
		{"of another host", dossier.Task{ID: 3, Run: 1, Host: "b", Kind: dossier.KindArticle}, true, []int64{5}},
		{"of another run", dossier.Task{ID: 3, Run: 2, Host: "a", Kind: dossier.KindArticle}, true, []int64{5}},
		{"a list", dossier.Task{ID: 3, Run: 1, Host: "a", Kind: dossier.KindList}, true, []int64{5}},
		{"one that takes too long", dossier.Task{ID: 3, Run: 1, Host: "a", Kind: dossier.KindArticle}, false, []int64{5}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			task := dossier.Task{ID: 5, Run: 1, Host: "a", Kind: dossier.KindArticle}
			s := newSharing()
			s.lend(&tt.before)
			s.lend(&task)
			j := &job{task: task}
			if tt.patient {
				j.until = time.Now().Add(time.Hour)
			}
			s.join(j)
			if got := tasksOf(s.take()); !slices.Equal(got, tt.want) {
				t.Fatalf("taken: %v, want %v", got, tt.want)
			}
			s.join(&job{task: tt.before})
			if want := rest(tt.before.ID, tt.want); !slices.Equal(tasksOf(s.take()), want) {
				t.Errorf("once the other is read, not %v", want)
			}
		})
	}
}

// A page that is given up holds nobody back.
func TestPagesGivenUpHoldNobody(t *testing.T) {
	s := newSharing()
	for id := range int64(3) {
		s.lend(&dossier.Task{ID: id, Run: 1, Host: "a", Kind: dossier.KindArticle})
	}
	begin := s.beginning()
	s.join(&job{task: dossier.Task{ID: 2, Run: 1, Host: "a"}, until: time.Now().Add(time.Hour)})
	s.done(func(l *inHand) bool { return l.task < 2 })
	select {
	case <-begin:
	default:
		t.Error("the one that waits was not told")
	}
	if got := tasksOf(s.take()); !slices.Equal(got, []int64{2}) {
		t.Errorf("taken: %v", got)
	}
}

func rest(before int64, taken []int64) []int64 {
	if len(taken) > 0 {
		return []int64{before}
	}
	return []int64{before, 5}
}

func tasksOf(jobs []*job) []int64 {
	var ids []int64
	for _, j := range jobs {
		ids = append(ids, j.task.ID)
	}
	return ids
}
