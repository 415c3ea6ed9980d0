package crawler

import (
	"strings"

	"github.com/dossier-archive/dossier"
)

// Canonical is the link to the address that an article names as its own. It
// is false when that is where it was read, when it differs only in scheme,
// www or a final slash, and when it cannot be an article of the site: many
// templates name the home page, or a page of another site, on every page.
func (c *Crawler) Canonical(site *dossier.Site, v dossier.Visit) (dossier.Link, bool) {
	if v.Article == nil || v.Snapshot == nil {
		return dossier.Link{}, false
	}
	a, ok := Named(v.Snapshot.FinalURL, *v.Article)
	if !ok || c.scopeOf(site).refuses(a) != "" {
		return dossier.Link{}, false
	}
	return dossier.Link{URL: a.URL, Key: a.Key, Host: a.Host, Kind: dossier.KindArticle, Depth: v.Task.Depth + 1, Witness: v.Task.Witness}, true
}

// Named is the address that an article names as its own, as Canonical gives it, whatever the
// site takes.
func Named(page string, article dossier.Article) (Address, bool) {
	at, err := ParseAddress("", page)
	if err != nil || article.Canonical == "" {
		return Address{}, false
	}
	a, err := ParseAddress(at.URL, article.Canonical)
	if err != nil || plain(a) == plain(at) || a.Domain() != at.Domain() || homePath.MatchString(a.File()) || !isPage(a) {
		return Address{}, false
	}
	return a, true
}

// plain is an address without what one page is often reached with and without.
func plain(a Address) string {
	_, rest, _ := strings.Cut(a.Key, "://")
	return strings.TrimSuffix(strings.TrimPrefix(rest, "www."), "/")
}
