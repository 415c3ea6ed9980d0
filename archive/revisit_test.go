package archive

import (
	"testing"
	"time"
)

// TestRecordsThatAreAwayAreAskedRarely: a record that was missed is looked for daily, and the
// longer it is away, the later.
func TestRecordsThatAreAwayAreAskedRarely(t *testing.T) {
	const day = 24 * time.Hour
	for missed, want := range map[time.Duration]time.Duration{0: day, 3 * day: day, 8 * day: day, 80 * day: 10 * day, 4000 * day: revisitCeiling} {
		if got := recheckGone(missed); got != want {
			t.Errorf("missed for %v: again after %v, want %v", missed, got, want)
		}
	}
}
