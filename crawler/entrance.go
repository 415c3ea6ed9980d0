package crawler

import (
	"context"
	"net/url"
	"sync"

	"github.com/dossier-archive/dossier"
)

// entered notes the hosts whose entrance was asked once more for its cookies in a run
// of a site.
type entered struct {
	mu    sync.Mutex
	hosts map[[2]string]chan struct{} // site, host; closed when it has been asked
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

// once asks the entrance of a host for a site. While one caller does, others wait for
// it until ctx ends.
func (e *entered) once(ctx context.Context, site, host string, ask func()) {
	e.mu.Lock()
	key := [2]string{site, host}
	asked, others := e.hosts[key]
	if !others {
		if e.hosts == nil {
			e.hosts = map[[2]string]chan struct{}{}
		}
		asked = make(chan struct{})
		e.hosts[key] = asked
	}
	e.mu.Unlock()
	if !others {
		defer close(asked)
		ask()
		return
	}
	select {
	case <-asked:
	case <-ctx.Done():
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
	if v.out.Outcome.Reason != dossier.ReasonLogin && v.out.Outcome.Reason != dossier.ReasonRedirectLoop || v.task.Kind == dossier.KindStart {
		return false
	}
	if v.known {
		return false
	}
	if !c.isKnown(v.task.URL) {
		c.entered.once(ctx, v.site.ID, v.task.Host, func() { c.enter(ctx, v) })
	}
	return c.isKnown(v.task.URL)
}

// enter asks the start addresses on the host of a task until one gives cookies.
func (c *Crawler) enter(ctx context.Context, v *visit) {
	for _, start := range v.site.Start {
		a, err := ParseAddress("", start)
		if err != nil || a.Host != v.task.Host || c.mayAsk(ctx, v, a, 0) != nil {
			continue
		}
		if _, err := c.request(ctx, v, a, v.header(1)); err == nil && c.isKnown(v.task.URL) {
			return
		}
	}
}
