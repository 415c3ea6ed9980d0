package main

import (
	"bytes"
	"context"
	"testing"
)

// TestInterruptedWithHint: what is said when a job is interrupted, and how it goes on.
func TestInterruptedWithHint(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want string
	}{
		{context.Canceled, "dossier: interrupted\n"},
		{fail(statusInterrupted, "start it again", "replay: %w", context.Canceled), "dossier: interrupted\n  start it again\n"},
	} {
		var out bytes.Buffer
		a := app{stderr: &out}
		if status := a.report(tt.err); status != statusInterrupted || out.String() != tt.want {
			t.Errorf("%v: status %d, %q", tt.err, status, out.String())
		}
	}
}
