package pipeline_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestMidnightIsNoVersion: a day that a page begins or ceases to print with the midnight of
// its template is as it was. Any other time is a version.
func TestMidnightIsNoVersion(t *testing.T) {
	s := newFakeSite(t, 3)
	at := ""
	s.handle("/news/2.html", func(w http.ResponseWriter, r *http.Request) {
		write(w, r, strings.ReplaceAll(article(2, paragraphs(2)), " 10:30:00", at))
	})
	b := newBench(t, s)
	for run, tt := range []struct {
		at      string
		changed int
	}{{"", 0}, {" 00:00:00", 0}, {"", 0}, {" 00:00:00", 0}, {" 10:30:00", 1}, {" 00:00:00", 1}, {"", 0}} {
		at = tt.at
		if got := b.run(); got.Changed != tt.changed || got.Failed != 0 {
			t.Errorf("run %d with the time %q: %d changed, want %d (%+v)", run+1, tt.at, got.Changed, tt.changed, got)
		}
	}
}
