// Package faults is a collection of what goes wrong with web sites, each with
// the outcome that a crawl has to come to. A fault is one entry of a table: how
// the site differs from a healthy one, and what must be seen of it afterwards.
// Every faulty site has healthy articles too, and none of them may be lost.
package faults

import "slices"

// A Fault is one way in which a site goes wrong.
type Fault struct {
	Name string
	// Short is set on those that `make test` goes through; the others belong to
	// the long form alone.
	Short bool
	// Make changes a healthy site before the first crawl.
	Make func(s *Site)

	Network string // more keys of network in the configuration, as in `max_body: 64KiB`
	Keys    string // more keys of the site
	Runs    int    // crawls one after the other; 0 is one
	// Interrupt ends the first crawl with SIGTERM as soon as the site says
	// that it is in trouble; the last crawl is looked at, as always.
	Interrupt bool

	Want
}

// Want is what must be seen after the last crawl.
type Want struct {
	// Outcome is status and reason, as in `failed timeout`, of the address At:
	// in `runs show`, in `why`, and among the reasons of `crawl --json`. With
	// "" only that the crawl has ended as it should is looked at.
	Outcome string
	At      string // path; "" is Page

	Lost    bool   // none of the site's own articles can be had; the run has failed
	Reads   string // stands in title or text of the record of Page
	Asks    int    // most requests that the site gets; 0 does not count them
	Version int    // of the record of Page; 0 does not look
}

// All gives every fault.
func All() []Fault {
	return slices.Concat(connections(), messages(), bodies(), encodings(), statuses(), pauses(), redirects(), certificates(), cookies(),
		charsets(), pages(), parts(), files(), traps(), pagings(), robots(), sitemaps(), feeds(), revisits())
}
