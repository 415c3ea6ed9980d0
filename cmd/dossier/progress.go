package main

import (
	"fmt"
	"sync"

	"github.com/schollz/progressbar/v3"

	"github.com/dossier-archive/dossier"
)

// A progress shows how runs get on, on a terminal only. How many pages a site
// has is not known before its end, so it is a spinner with counts.
type progress struct {
	mu   sync.Mutex
	bar  *progressbar.ProgressBar // nil: nobody looks
	runs map[string]dossier.Run
}

func (a *app) newProgress() *progress {
	p := &progress{runs: map[string]dossier.Run{}}
	if isTerminal(a.stderr) && !a.quiet && !a.verbose {
		p.bar = progressbar.NewOptions(-1,
			progressbar.OptionSetWriter(a.stderr),
			progressbar.OptionSpinnerType(14),
			progressbar.OptionSetElapsedTime(false),
			progressbar.OptionClearOnFinish(),
		)
	}
	return p
}

// show takes the state of a run; runs of several sites may call it at once.
func (p *progress) show(r dossier.Run) {
	if p.bar == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.runs[r.Site] = r
	var all dossier.Run
	for _, run := range p.runs {
		all.Requests += run.Requests
		all.New += run.New
		all.Changed += run.Changed
		all.Failed += run.Failed
	}
	p.bar.Describe(fmt.Sprintf("%s: %d requests, %d new, %d changed, %d failed", r.Site, all.Requests, all.New, all.Changed, all.Failed))
	// The only error is that of writing to the terminal.
	_ = p.bar.Add(1)
}

func (p *progress) done() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
