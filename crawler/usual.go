package crawler

import (
	"slices"
	"strings"

	"github.com/dossier-archive/dossier"
)

// Where sites keep the sitemaps and feeds that they do not announce, beside
// their home page.
var (
	usualSitemaps = []string{"sitemap.xml", "sitemap_index.xml"}
	usualFeeds    = []string{"feed/", "rss.xml", "feed.xml", "atom.xml"}
)

// usualPlaces are the addresses to try from a home page that the site is
// configured with, for what it has not announced. Where nothing is found, the
// address is passed over and only looked at again after a long time.
func (f *finder) usualPlaces(announced []dossier.Link) []dossier.Link {
	if f.task.Kind != dossier.KindStart {
		return nil
	}
	var out []dossier.Link
	for _, group := range []struct {
		kind  dossier.Kind
		names []string
	}{{dossier.KindSitemap, usualSitemaps}, {dossier.KindFeed, usualFeeds}} {
		if slices.ContainsFunc(announced, func(l dossier.Link) bool { return l.Kind == group.kind }) {
			continue
		}
		for _, name := range group.names {
			if a, err := ParseAddress(f.at.URL, f.folder()+name); err == nil && f.scope.refuses(a) == "" {
				out = append(out, f.link(a, dossier.KindMaybe, dossier.Witness{}))
			}
		}
	}
	return out
}

// isUsualPlace reports whether a task only tries whether a feed or a sitemap
// is there: that it is not is then no failure.
func (v *visit) isUsualPlace() bool {
	if v.task.Kind != dossier.KindMaybe {
		return false
	}
	a, err := ParseAddress("", v.task.URL)
	if err != nil {
		return false
	}
	ends := func(name string) bool { return strings.HasSuffix(a.Path, "/"+name) }
	return slices.ContainsFunc(usualSitemaps, ends) || slices.ContainsFunc(usualFeeds, ends)
}
