package crawler

import (
	"context"
	"errors"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/extract"
)

// A Probe is what one look at an address shows. Nothing is stored.
type Probe struct {
	URL      string         `json:"url"`
	Robots   RobotsProbe    `json:"robots"`
	Asked    bool           `json:"asked"`               // robots.txt and the site allow it, so it was
	Outcome  dossier.Status `json:"outcome,omitempty"`   // of the visit
	Reason   dossier.Reason `json:"reason,omitempty"`    //
	Detail   string         `json:"detail,omitempty"`    //
	Status   int            `json:"status,omitempty"`    // HTTP, after redirects; 0: no answer that is kept
	FinalURL string         `json:"final_url,omitempty"` // after redirects
	ReadsAs  string         `json:"reads_as,omitempty"`  // article, list or other
	Title    string         `json:"title,omitempty"`     // of an article
	Date     string         `json:"date,omitempty"`      // of an article
	Articles int            `json:"articles,omitempty"`  // addresses that a list leads to, as articles
	Lists    int            `json:"lists,omitempty"`     // and as lists, feeds, sitemaps and sections
	Feeds    []string       `json:"feeds,omitempty"`     // that the page announces
	Requests int            `json:"requests"`
}

// RobotsProbe is what robots.txt says of an address.
type RobotsProbe struct {
	Allowed    bool     `json:"allowed"`
	Line       int      `json:"line,omitempty"`  // of the rule that decides, 0 when none matches
	Rule       string   `json:"rule,omitempty"`  // as written
	Group      string   `json:"group,omitempty"` // whose rules hold: dossier, * for everybody, none when there are no rules
	Says       string   `json:"says"`            // the verdict in words
	CrawlDelay float64  `json:"crawl_delay"`     // seconds that are kept between requests for its sake
	Sitemaps   []string `json:"sitemaps,omitempty"`
}

// Probe asks robots.txt for an address as a crawl of the site would, and the
// address itself if it may.
func (c *Crawler) Probe(ctx context.Context, site *dossier.Site, address string) (Probe, error) {
	a, err := ParseAddress("", address)
	if err != nil {
		return Probe{URL: address}, err
	}
	p := Probe{URL: a.URL}
	v := &visit{site: site, task: dossier.Task{URL: a.URL}, scope: newScope(site)}
	rules, err := c.rules(ctx, v, a)
	var refused *robotsError
	switch {
	case errors.As(err, &refused):
		p.Robots.Says, p.Reason, p.Detail = refused.detail, refused.reason, refused.detail
		p.Outcome, p.Requests = dossier.StatusFailed, v.out.Requests
		return p, nil
	case err != nil:
		return p, err
	}
	verdict := rules.check(a.Path)
	p.Robots = RobotsProbe{Allowed: verdict.Allowed, Group: rules.Group, Line: verdict.Line, Rule: verdict.Rule, Says: verdict.String(),
		CrawlDelay: min(rules.CrawlDelay, maxCrawlDelay).Seconds(), Sitemaps: rules.Sitemaps}
	p.Asked = verdict.Allowed || site.Robots == dossier.RobotsIgnore
	if p.Asked {
		err = c.look(ctx, site, a, &p)
	}
	p.Requests += v.out.Requests
	return p, err
}

// look asks for the address itself.
func (c *Crawler) look(ctx context.Context, site *dossier.Site, a Address, p *Probe) error {
	t := dossier.Task{URL: a.URL, Host: a.Host, Kind: dossier.KindStart, Attempts: maxAttempts}
	v := &visit{site: site, task: t, scope: newScope(site), out: dossier.Visit{Task: t}}
	snap, page, err := c.attempt(ctx, v)
	if err != nil {
		return err
	}
	o := v.out.Outcome
	p.Outcome, p.Reason, p.Detail, p.Requests = o.Status, o.Reason, o.Detail, v.out.Requests
	if snap != nil {
		p.Status, p.FinalURL = snap.Status, snap.FinalURL
		p.Feeds = feedsOf(snap)
	}
	for _, l := range v.out.Links {
		if l.Kind == dossier.KindArticle || l.Kind == dossier.KindMaybe && l.Witness.Title != "" {
			p.Articles++
		} else {
			p.Lists++
		}
	}
	switch {
	case page != nil:
		p.read(page, site)
	case o.Status == dossier.StatusListed:
		p.ReadsAs = string(extract.KindList)
	}
	return nil
}

// feedsOf are the feeds that a page announces.
func feedsOf(s *dossier.Snapshot) []string {
	if !IsPage(s) {
		return nil
	}
	page := extract.Parse(s)
	var out []string
	for _, href := range page.Alternates() {
		if a, err := ParseAddress(page.Base.String(), href); err == nil {
			out = append(out, a.URL)
		}
	}
	return out
}

func (p *Probe) read(page *extract.Page, site *dossier.Site) {
	article := page.Article(site.Rules)
	p.Outcome, p.ReadsAs = dossier.StatusNew, string(page.Kind())
	p.Title, p.Date = article.Title, article.Date
}
