package crawler

import (
	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/extract"
)

// Bounds of a box that stands beside what pages are about: its rows, and how many pages have
// shown it before one that has a text beside it, and one that shows nothing else, are known to be no
// list. A section may well show what the home page does, and be introduced by a text.
const (
	maxBeside  = 12
	besideText = 2
	besideAny  = 4
)

// hasOthersRows reports whether a page that was found by its looks shows no more than the few
// rows that another page of the host shows as well, beside what it is about.
func (c *Crawler) hasOthersRows(v *visit, f *finder, page *extract.Page, links *found) bool {
	n := len(links.articles)
	if n == 0 {
		return false
	}
	keys := make([]string, 0, n)
	for _, l := range links.articles {
		keys = append(keys, l.Key)
	}
	all := digestOf(keys)
	before := c.siblings.Led(v.site.ID, f.at.Host, append(links.boxes, all), all)
	return v.task.Kind == dossier.KindMaybe && n <= maxBeside && len(links.more) == 0 && (before >= besideAny || before >= besideText && page.HasRowsBeside())
}
