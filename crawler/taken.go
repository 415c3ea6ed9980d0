package crawler

import "github.com/dossier-archive/dossier"

// Taken gives a function that says why a crawl of a site archives no page of an address, ""
// where it may.
func Taken(site *dossier.Site) func(Address) dossier.Reason {
	s := newScope(site)
	return func(a Address) dossier.Reason {
		reason := s.refuses(a)
		if reason == "" && len(site.Articles) > 0 && !matchesAny(site.Articles, a.URL) {
			reason = dossier.ReasonNotArticle
		}
		return reason
	}
}
