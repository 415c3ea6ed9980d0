package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/configs"
	"github.com/dossier-archive/dossier/crawler"
	"github.com/dossier-archive/dossier/extract"
)

// A pageReader reads stored pages by the rules of their sites as they are
// configured now.
type pageReader struct {
	config   *configs.Config
	siblings *crawler.Siblings
}

func newReader(c *configs.Config, ar *archive.Archive) *pageReader {
	return &pageReader{c, crawler.NewSiblings(ar.Samples)}
}

// alone reads a page without regard to others.
func (r *pageReader) alone(_ context.Context, site string, page *dossier.Snapshot) (dossier.Article, error) {
	return extract.Extract(*page, r.rules(site)), nil
}

// foreign reads a page of another crawler as a crawl does: one that says why it is not what was
// asked for is no article.
func (r *pageReader) foreign(_ context.Context, site string, page *dossier.Snapshot) (dossier.Article, error) {
	p := extract.Parse(page)
	o, excuse := crawler.Excuse(p.Kind())
	a := p.Article(r.rules(site))
	if excuse {
		return a, archive.NoArticle{Outcome: o}
	}
	return a, nil
}

// goOn reports whether the text of a page goes on in another one, and reads both if it does.
func (r *pageReader) goOn(site string, first, further *dossier.Snapshot) (dossier.Article, bool) {
	page := *first
	page.Parts = slices.Clone(first.Parts)
	p := extract.Parse(&page)
	taken := p.GoOn(*further)
	return p.Article(r.rules(site)), taken
}

// besideOthers reads a page as a crawl does, with what the newest articles of
// its host show.
func (r *pageReader) besideOthers(ctx context.Context, site string, page *dossier.Snapshot) (dossier.Article, error) {
	p := extract.Parse(page)
	known, err := r.siblings.Of(ctx, site, p.Host())
	if err != nil {
		return dossier.Article{}, err
	}
	return p.Of(known).Article(r.rules(site)), nil
}

func (r *pageReader) rules(site string) dossier.Rules {
	if s := r.config.Site(site); s != nil {
		return s.Rules
	}
	return dossier.Rules{Timezone: r.config.Timezone}
}

// digest is equal for readers that read alike.
func (r *pageReader) digest() string {
	h := sha256.New()
	fmt.Fprintln(h, version(), r.config.Timezone) // of sites that are not configured
	for _, s := range r.config.Sites {
		fmt.Fprintf(h, "%s %+v\n", s.ID, s.Rules)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}
