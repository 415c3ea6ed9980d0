package archive

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// States of a day of a site.
const (
	DayChecked = "checked" // a run went to its end
	DayFailed  = "failed"  // runs were begun and none went to its end
	DayNotDue  = "not due" // no run was begun
)

// A CoverageDay says what was done for a site on one day, by UTC.
type CoverageDay struct {
	Site     string `json:"site"`
	Day      string `json:"day"`
	State    string `json:"state"`
	Runs     int    `json:"runs"`
	Requests int    `json:"requests"`
	New      int    `json:"new"`
	Changed  int    `json:"changed"`
	Failed   int    `json:"failed"` // pages
}

// Coverage lists each day of the chosen sites from their first to their last
// run, in order, with the days on which nothing was done.
func (a *Archive) Coverage(ctx context.Context, sites []string) ([]CoverageDay, error) {
	rows, err := a.reader.QueryContext(ctx, `SELECT site, substr(started, 1, 10), max(state = 'finished'), count(*), sum(requests), sum(new), sum(changed), sum(failed)
		FROM runs GROUP BY 1, 2 ORDER BY 1, 2`)
	if err != nil {
		return nil, fmt.Errorf("coverage: %w", classify(err))
	}
	defer rows.Close()
	var out []CoverageDay
	for rows.Next() {
		d := CoverageDay{State: DayFailed}
		var finished bool
		if err := rows.Scan(&d.Site, &d.Day, &finished, &d.Runs, &d.Requests, &d.New, &d.Changed, &d.Failed); err != nil {
			return nil, fmt.Errorf("coverage: %w", err)
		}
		if finished {
			d.State = DayChecked
		}
		if len(sites) == 0 || slices.Contains(sites, d.Site) {
			out = appendDay(out, d)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("coverage: %w", classify(err))
	}
	return out, nil
}

// appendDay fills the days between two runs.
func appendDay(out []CoverageDay, d CoverageDay) []CoverageDay {
	const limit = 100 * 366
	if n := len(out); n > 0 && out[n-1].Site == d.Site {
		day, err := time.Parse(time.DateOnly, out[n-1].Day)
		for i := 0; err == nil && i < limit; i++ {
			day = day.AddDate(0, 0, 1)
			if name := day.Format(time.DateOnly); name < d.Day {
				out = append(out, CoverageDay{Site: d.Site, Day: name, State: DayNotDue})
				continue
			}
			break
		}
	}
	return append(out, d)
}
