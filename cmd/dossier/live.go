package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/configs"
	"github.com/dossier-archive/dossier/crawler"
)

// noStore is an archive that holds nothing and keeps nothing, for looks at
// addresses that are to leave no trace.
type noStore struct{}

func (noStore) Robots(context.Context, string) (dossier.RobotsFile, bool, error) {
	return dossier.RobotsFile{}, false, nil
}
func (noStore) PutRobots(context.Context, dossier.RobotsFile) error { return nil }
func (noStore) Known(_ context.Context, _ string, _ int64, keys []string) (int, int, error) {
	return len(keys), 0, nil
}
func (noStore) LastPage(context.Context, string, string) (dossier.Link, bool, error) {
	return dossier.Link{}, false, nil
}
func (noStore) OnShow(context.Context, string, string) ([]string, error)             { return nil, nil }
func (noStore) Samples(context.Context, string, string) ([]*dossier.Snapshot, error) { return nil, nil }
func (noStore) Leads(context.Context, string, string) (bool, error)                  { return false, nil }

// checkLive asks an address as a crawl would and says what robots.txt decides
// and what the answer is.
func (a *app) checkLive(ctx context.Context, address string, asJSON bool) error {
	at, err := crawler.ParseAddress("", address)
	if err != nil {
		return fail(statusUsage, "give a whole address, such as https://example.org/news/", "--live: %w", err)
	}
	c, err := a.configOrNone()
	if err != nil {
		return err
	}
	cr := crawler.New(crawlerOptions(c, a.logger(slog.LevelWarn)), noStore{})
	site := siteAt(c, at)
	p, err := cr.Probe(ctx, site, address)
	if err != nil {
		return err
	}
	if asJSON {
		err = writeJSON(a.stdout, p)
	} else if !a.quiet {
		a.printProbe(p, site)
	}
	switch {
	case err != nil:
		return err
	case !p.Asked:
		return fail(statusGate, "", "%s is not asked: %s", p.URL, p.Robots.Says)
	case p.Outcome == dossier.StatusFailed, p.Outcome == dossier.StatusGone, p.Reason == dossier.ReasonRobots:
		return fail(statusGate, "", "%s: %s (%s)", p.URL, p.Reason, p.Detail)
	}
	return nil
}

// siteAt is the site of the configuration whose start addresses are on the
// domain of an address, or one made for it.
func siteAt(c *configs.Config, at crawler.Address) *dossier.Site {
	for _, s := range c.Sites {
		for _, start := range s.Start {
			if a, err := crawler.ParseAddress("", start); err == nil && a.Domain() == at.Domain() {
				return s
			}
		}
	}
	zone := c.Timezone
	if zone == nil {
		zone = time.UTC
	}
	return &dossier.Site{Start: []string{at.URL}, Delay: c.Delay, Parallel: 1, Robots: dossier.RobotsObey, Timezone: zone, Rules: dossier.Rules{Timezone: zone}}
}

func (a *app) printProbe(p crawler.Probe, site *dossier.Site) {
	field(a.people, "url", p.URL)
	field(a.people, "site", site.ID)
	field(a.people, "robots.txt", p.Robots.Says)
	if p.Robots.Group != "" {
		field(a.people, "group", p.Robots.Group)
	}
	field(a.people, "delay", fmt.Sprint(max(site.Delay, time.Duration(p.Robots.CrawlDelay*float64(time.Second)))))
	for _, s := range p.Robots.Sitemaps {
		field(a.people, "sitemap", s)
	}
	if !p.Asked {
		return
	}
	if p.Status > 0 {
		field(a.people, "status", fmt.Sprint(p.Status))
	}
	if p.FinalURL != "" && p.FinalURL != p.URL {
		field(a.people, "answered by", p.FinalURL)
	}
	for _, f := range p.Feeds {
		field(a.people, "feed", f)
	}
	switch {
	case p.ReadsAs == "article":
		field(a.people, "reads as", fmt.Sprintf("an article: %s, %s", orNone(p.Title), orNone(p.Date)))
	case p.Outcome == dossier.StatusListed:
		field(a.people, "reads as", fmt.Sprintf("a list: %s, %s to look into", count(p.Articles, "article"), count(p.Lists, "page")))
	default:
		field(a.people, "outcome", fmt.Sprintf("%s %s", p.Outcome, p.Reason))
		field(a.people, "detail", p.Detail)
	}
}
