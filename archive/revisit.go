package archive

import (
	"slices"
	"strings"
	"time"

	"github.com/dossier-archive/dossier"
)

// How soon a page is asked again.
const (
	revisitFloor   = time.Hour
	revisitCeiling = 90 * 24 * time.Hour
	// revisitShare is the part of an article's age after which it is looked at
	// again: a day-old one after three hours, a year-old one after 46 days.
	revisitShare = 8
	// shownMost is how many articles that lists show are asked at every
	// run, shownFull how many of those that come whole each time, or a hundredth
	// of a site's records if that is more.
	shownMost = 30
	shownFull = 10
	// recheckSkipped is for addresses that were passed over: what forbade
	// them may have changed. Those whose page may only be unfinished are asked
	// sooner at first.
	recheckSkipped = 30 * 24 * time.Hour
	// goneTimes observations over goneSpan confirm that a record is not there any more.
	goneTimes = 3
	goneSpan  = 72 * time.Hour
)

// recheckGone is how long after an observation a record is looked for again that has been
// missed for some time: daily at first, and the longer it is away, the later.
func recheckGone(missed time.Duration) time.Duration {
	return min(max(missed/revisitShare, 24*time.Hour), revisitCeiling)
}

// revisitAt is when a record is due: the longer ago its page was published or
// last changed, the later.
func revisitAt(now, changed time.Time, date string) time.Time {
	since := changed
	if len(date) >= len(time.DateOnly) {
		if published, err := time.Parse(time.DateOnly, date[:len(time.DateOnly)]); err == nil && published.Before(since) {
			since = published
		}
	}
	return now.Add(min(max(now.Sub(since)/revisitShare, revisitFloor), revisitCeiling))
}

// recheckPage is how long after a run a further page of a list is looked at again even
// if the pages before it bring nothing new: rows are also put in further down, and
// behind the last. The further a page is from the first, the later, in days.
func recheckPage(depth int, last bool) time.Duration {
	const day = 24 * time.Hour
	if last {
		return day
	}
	return min(time.Duration(max(depth, 1))*day, recheckSkipped)
}

// unripe are the reasons for passing over a page that may only be unfinished.
var unripe = map[dossier.Reason]bool{dossier.ReasonNoText: true, dossier.ReasonNoDate: true, dossier.ReasonNotArticle: true, dossier.ReasonNotHTML: true}

// unripeInSQL lists them.
var unripeInSQL = func() string {
	var out []string
	for r := range unripe {
		out = append(out, "'"+string(r)+"'")
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}()

// recheckUnripe is how long after a run that passed over such a page it is looked at
// again: after six hours, a day, four, sixteen, then as others that were passed over.
func recheckUnripe(times int) time.Duration {
	return min(6*time.Hour<<(2*min(times-1, 8)), recheckSkipped)
}

// retryFailed is how long after a run that failed for an address the next run
// tries it again: at once, then in growing distance.
func retryFailed(failures int) time.Duration {
	if failures <= 1 {
		return 0
	}
	return min(6*time.Hour<<min(failures-2, 8), revisitCeiling)
}
