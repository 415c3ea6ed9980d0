package extract

import (
	"net/url"

	"golang.org/x/net/html"

	"github.com/dossier-archive/dossier"
)

// A Page is a snapshot that has been decoded and parsed once. Everything that
// is read from it, article and links, is read from this one tree. It is not
// safe for concurrent use.
type Page struct {
	Snapshot *dossier.Snapshot
	Base     *url.URL // what relative addresses are resolved against: <base> or the final address
	Root     *html.Node
}
