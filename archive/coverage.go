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
	DayMissed  = "missed"  // the schedule named a time, and no run was begun before its next one
	DayNotDue  = "not due" // no run was begun, and none was due
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

// A Timetable gives the first time after t at which a site is due, zero when
// there is none.
type Timetable func(t time.Time) time.Time

// Coverage lists each day of the chosen sites, all when there are none, in
// order: from the first run of a site to the last run of any, with the days on
// which nothing was done. A site without a timetable is due on no day.
func (a *Archive) Coverage(ctx context.Context, sites []string, timetables map[string]Timetable) ([]CoverageDay, error) {
	rows, err := a.reader.QueryContext(ctx, "SELECT site, started, state, requests, new, changed, failed FROM runs WHERE kind = 'crawl' ORDER BY site, started")
	if err != nil {
		return nil, fmt.Errorf("coverage: %w", classify(err))
	}
	defer rows.Close()
	var days []CoverageDay             // those with runs
	starts := map[string][]time.Time{} // of the runs of each site
	var end time.Time                  // when the last run of any site began
	for rows.Next() {
		d := CoverageDay{Runs: 1, State: DayFailed}
		var started, state string
		if err := rows.Scan(&d.Site, &started, &state, &d.Requests, &d.New, &d.Changed, &d.Failed); err != nil {
			return nil, fmt.Errorf("coverage: %w", classify(err))
		}
		at, err := time.Parse(stamp, started)
		if err != nil {
			return nil, fmt.Errorf("coverage: a run of %s has no time of its start: %w: %w", d.Site, ErrDamaged, err)
		}
		if at.After(end) {
			end = at
		}
		if len(sites) > 0 && !slices.Contains(sites, d.Site) {
			continue
		}
		if d.Day = at.Format(time.DateOnly); state == "finished" {
			d.State = DayChecked
		}
		starts[d.Site] = append(starts[d.Site], at)
		days = addDay(days, d)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("coverage: %w", classify(err))
	}
	return fillDays(days, end, func(site string, day time.Time) string {
		return idleDay(day, end, timetables[site], starts[site])
	}), nil
}

// addDay adds a run to the days, whose last one may be its own.
func addDay(days []CoverageDay, d CoverageDay) []CoverageDay {
	n := len(days)
	if n == 0 || days[n-1].Site != d.Site || days[n-1].Day != d.Day {
		return append(days, d)
	}
	last := &days[n-1]
	if d.State == DayChecked {
		last.State = DayChecked
	}
	last.Runs += d.Runs
	last.Requests += d.Requests
	last.New += d.New
	last.Changed += d.Changed
	last.Failed += d.Failed
	return days
}

// fillDays puts in the days without runs, for each site up to the day after
// which no site has a run.
func fillDays(days []CoverageDay, end time.Time, state func(site string, day time.Time) string) []CoverageDay {
	var out []CoverageDay
	for i, d := range days {
		out = append(out, d)
		until := end.AddDate(0, 0, 1).Format(time.DateOnly)
		if i+1 < len(days) && days[i+1].Site == d.Site {
			until = days[i+1].Day
		}
		day, _ := time.Parse(time.DateOnly, d.Day) // it was written so
		for day = day.AddDate(0, 0, 1); day.Format(time.DateOnly) < until; day = day.AddDate(0, 0, 1) {
			out = append(out, CoverageDay{Site: d.Site, Day: day.Format(time.DateOnly), State: state(d.Site, day)})
		}
	}
	return out
}

// slack is how long a run that is due may take to begin.
const slack = time.Hour

// idleDay is the state of a day on which no run was begun.
func idleDay(day, end time.Time, next Timetable, starts []time.Time) string {
	if next == nil {
		return DayNotDue
	}
	after := day.AddDate(0, 0, 1)
	for due := next(day.Add(-time.Nanosecond)); !due.IsZero() && due.Before(after); {
		following := next(due)
		late := due.Add(slack).Before(end)
		i, _ := slices.BinarySearchFunc(starts, due, time.Time.Compare)
		if late && (i == len(starts) || !following.IsZero() && !starts[i].Before(following)) {
			return DayMissed
		}
		due = following
	}
	return DayNotDue
}
