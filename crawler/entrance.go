package crawler

import (
	"context"
	"net/url"
	"sync"

	"github.com/dossier-archive/dossier"
)

// entered notes the hosts whose entrance was asked once more for its cookies in a run
// of a site. Its mutex is held while one is asked, so that others wait for them.
type entered struct {
	mu    sync.Mutex
	hosts map[[2]string]bool // site, host
}

func (e *entered) reset(site string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for key := range e.hosts {
		if key[0] == site {
			delete(e.hosts, key)
		}
	}
}

// isKnown reports whether the site has given cookies for an address.
func (c *Crawler) isKnown(address string) bool {
	u, err := url.Parse(address)
	return err == nil && len(c.client.cookies.Cookies(u)) > 0
}

// getsCookies asks a start address on the host of a task for its cookies, when the
// page refuses who has none: a list that is confirmed with 304 sets none, and they are
// not kept between runs. It reports whether there are some now.
func (c *Crawler) getsCookies(ctx context.Context, v *visit) bool {
	if v.out.Outcome.Reason != ReasonLogin && v.out.Outcome.Reason != ReasonRedirectLoop || v.task.Kind == dossier.KindStart {
		return false
	}
	if v.known {
		return false
	}
	c.entered.mu.Lock()
	defer c.entered.mu.Unlock()
	key := [2]string{v.site.ID, v.task.Host}
	if c.entered.hosts[key] || c.isKnown(v.task.URL) {
		return c.isKnown(v.task.URL)
	}
	if c.entered.hosts == nil {
		c.entered.hosts = map[[2]string]bool{}
	}
	c.entered.hosts[key] = true
	for _, start := range v.site.Start {
		a, err := ParseAddress("", start)
		if err != nil || a.Host != v.task.Host || c.mayAsk(ctx, v, a, 0) != nil {
			continue
		}
		if _, err := c.request(ctx, v, a, v.header(1)); err == nil && c.isKnown(v.task.URL) {
			return true
		}
	}
	return false
}
