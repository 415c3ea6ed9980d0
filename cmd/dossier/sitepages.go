package main

import (
	"context"
	"iter"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/extract"
)

// A sitePage is a saved page with what the others of its site tell.
type sitePage struct {
	savedPage
	site *extract.Site // nil: nothing is known
}

func (a *app) parse(p sitePage) (*extract.Page, error) {
	body, err := a.pageBytes(p.savedPage)
	if err != nil {
		return nil, err
	}
	snap := &dossier.Snapshot{URL: p.URL, FinalURL: p.URL, Status: 200, Body: body}
	return extract.Parse(snap).Of(p.site), nil
}

const (
	// lookAhead is how many pages of a manifest are looked at together.
	lookAhead = 1024
	// fewPages is how many pages of a site it takes to learn from them: a
	// habit needs two beside the one that is read.
	fewPages = 2
	// enoughPages is how many pages of a site are looked at to learn.
	enoughPages = 24
)

// ofSites looks ahead over the pages and learns from those that are of one
// site before it hands them on: each is then read with what the others tell.
// With an id of a site all pages are of that one; else the host tells.
func (a *app) ofSites(ctx context.Context, pages pageSeq, id string) iter.Seq[sitePage] {
	return func(yield func(sitePage) bool) {
		known := map[string]*extract.Site{}
		for ahead := range chunks(pages, lookAhead) {
			known = a.learn(ctx, known, ahead, id)
			for _, p := range ahead {
				if !yield(sitePage{p, known[siteOf(p, id)]}) {
					return
				}
			}
		}
	}
}

// learn gives the sites of some pages with what was known of them before and
// what these pages add. Sites without a page among them are forgotten.
func (a *app) learn(ctx context.Context, known map[string]*extract.Site, pages []savedPage, id string) map[string]*extract.Site {
	bySite := map[string][]savedPage{}
	for _, p := range pages {
		if key := siteOf(p, id); key != "" && p.err == nil && len(bySite[key]) < enoughPages && isFile(p.File) {
			bySite[key] = append(bySite[key], p)
		}
	}
	sites := map[string]*extract.Site{}
	var samples []sitePage
	for _, p := range pages {
		key := siteOf(p, id)
		if sites[key] == nil && (known[key] != nil || len(bySite[key]) >= fewPages) {
			sites[key] = known[key]
			if sites[key] == nil {
				sites[key] = &extract.Site{}
			}
			for _, sample := range bySite[key] {
				samples = append(samples, sitePage{sample, sites[key]})
			}
		}
	}
	read := func(p sitePage) *extract.Page {
		page, err := a.parse(sitePage{savedPage: p.savedPage})
		if err != nil {
			return nil // said when the page is answered
		}
		page.Kind()
		return page
	}
	i := 0
	for page := range inOrder(ctx, slices.Values(samples), read) {
		if page != nil {
			samples[i].site.Learn(page)
		}
		i++
	}
	return sites
}

// isFile reports whether a page can be read twice.
func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

// siteOf tells which site a page is of: its host, or the host of the address
// that a web archive keeps a copy of; "" when it is not known.
func siteOf(p savedPage, id string) string {
	if id != "" {
		return id
	}
	address := p.URL
	for _, scheme := range []string{"/http://", "/https://"} {
		if i := strings.LastIndex(address, scheme); i > 0 {
			address = address[i+1:]
		}
	}
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

// chunks cuts a sequence into pieces of n.
func chunks[T any](items iter.Seq[T], n int) iter.Seq[[]T] {
	return func(yield func([]T) bool) {
		var piece []T
		for item := range items {
			piece = append(piece, item)
			if len(piece) == n {
				if !yield(piece) {
					return
				}
				piece = nil
			}
		}
		if len(piece) > 0 {
			yield(piece)
		}
	}
}
