package crawler

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/dossier-archive/dossier"
)

// TestSiblings: the stored pages of a host are read once, and while they are, other hosts
// do not wait.
func TestSiblings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow, asked := make(chan struct{}), map[string]int{}
		s := NewSiblings(func(_ context.Context, _, host string) ([]*dossier.Snapshot, error) {
			asked[host]++
			if host == "slow.example" {
				<-slow
			}
			return nil, nil
		})
		go s.Of(t.Context(), "zone", "slow.example")
		synctest.Wait()
		first, err := s.Of(t.Context(), "zone", "quick.example")
		if err != nil {
			t.Fatal(err)
		}
		if again, err := s.Of(t.Context(), "zone", "quick.example"); err != nil || again != first {
			t.Errorf("asked again: %p, %v, want %p", again, err, first)
		}
		close(slow)
		synctest.Wait()
		if _, err := s.Of(t.Context(), "zone", "slow.example"); err != nil {
			t.Fatal(err)
		}
		if asked["slow.example"] != 1 || asked["quick.example"] != 1 {
			t.Errorf("stored pages read %v times", asked)
		}
	})
}
