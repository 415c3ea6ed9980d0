package crawler

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/extract"
)

// Sites have more ways to say that a page is no more, or that they are out of order, than
// lists of words can hold. So when a page shows nothing of what the row that leads to it
// says, or of the article that is kept of its address, one that nobody has given out is asked as
// well: what answers both alike is the page of nothing.

// madeUp keeps how made-up addresses of sites are answered in a run. It is safe for
// concurrent use; one address is asked once.
type madeUp struct {
	mu    sync.Mutex
	sites map[string]map[string]*nothing
}

// nothing is the page that answers an address that does not exist.
type nothing struct {
	once  sync.Once
	shown string // see extract.Page.Shown; "": such addresses are refused, as they should be
}

// maxMadeUp is how many addresses are made up for a site in a run.
const maxMadeUp = 20

// reset begins a new run of a site.
func (m *madeUp) reset(site string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.sites, site)
}

// of gives what is kept of an address, nil when enough were made up for the site.
func (m *madeUp) of(site, address string) *nothing {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.sites == nil {
		m.sites = map[string]map[string]*nothing{}
	}
	if m.sites[site] == nil {
		m.sites[site] = map[string]*nothing{}
	}
	known := m.sites[site]
	if known[address] == nil && len(known) < maxMadeUp {
		known[address] = &nothing{}
	}
	return known[address]
}

// isNothing reports whether a page is what the site also answers an address with that does
// not exist. That is asked only where the page has little text and shows neither the headline by
// which it was found nor a date.
func (c *Crawler) isNothing(ctx context.Context, v *visit, page *extract.Page, at Address) bool {
	headline := v.task.Witness.Title
	if headline == "" || v.task.Archived || page.TellsMore() || page.Shows(headline) {
		return false
	}
	return c.isAnswered(ctx, v, page, at)
}

// IsNothing reports whether what a visit found in the place of an article that is kept is what
// the site also answers an address with that does not exist. The requests that this takes
// are counted with the visit.
func (c *Crawler) IsNothing(ctx context.Context, site *dossier.Site, out *dossier.Visit) bool {
	at, err := ParseAddress("", out.Snapshot.FinalURL)
	if err != nil {
		return false
	}
	v, counted := c.further(site, out)
	defer counted()
	return c.isAnswered(ctx, v, extract.Parse(out.Snapshot), at)
}

// ShowsStill reports whether an article of the site still stands at its address: an answer without
// its headline is that of a site out of order. The requests are counted with the visit.
func (c *Crawler) ShowsStill(ctx context.Context, site *dossier.Site, out *dossier.Visit, address, headline string) bool {
	at, err := ParseAddress("", address)
	if err != nil {
		return false
	}
	v, counted := c.further(site, out)
	defer counted()
	page := c.pageAt(ctx, v, at)
	return page != nil && page.Kind() == extract.KindArticle && extract.SameHeadline(page.Article(site.Rules).Title, headline)
}

// further goes on with a visit that has ended, to ask for other pages; counted adds what that took to it.
func (c *Crawler) further(site *dossier.Site, out *dossier.Visit) (v *visit, counted func()) {
	v = &visit{site: site, task: out.Task, scope: c.scopeOf(site), out: *out}
	return v, func() { out.Requests, out.Bytes = v.out.Requests, v.out.Bytes }
}

// isAnswered reports whether an address like that of a page, and made up, is answered with the same.
func (c *Crawler) isAnswered(ctx context.Context, v *visit, page *extract.Page, at Address) bool {
	a, err := ParseAddress("", makeUp(at))
	if err != nil || a.Key == at.Key {
		return false
	}
	n := c.madeUp.of(v.site.ID, a.Origin()+digits.ReplaceAllString(a.Path, "0"))
	if n == nil {
		return false
	}
	n.once.Do(func() {
		if got := c.pageAt(ctx, v, a); got != nil {
			n.shown = got.Shown()
		}
	})
	return n.shown != "" && page.Shown() == n.shown
}

// pageAt is the page that answers an address with status 200, nil when there is none or it may not
// be asked.
func (c *Crawler) pageAt(ctx context.Context, v *visit, a Address) *extract.Page {
	if c.mayAsk(ctx, v, a, 0) != nil {
		return nil
	}
	got, err := c.request(ctx, v, a, http.Header{"Accept": {acceptPages}, "Accept-Language": {"*"}})
	if err != nil || got.status != http.StatusOK {
		return nil
	}
	return extract.Parse(snapshotOf(a.URL, a.URL, got))
}

var (
	digits   = regexp.MustCompile(`\d+`)
	lastName = regexp.MustCompile(`([^/.]*)((?:\.\w+)?/?)$`)
	// dispatches finds parameters that choose what a program does, and not with what.
	dispatches = regexp.MustCompile(`(?i)^(?:m|c|a|mod|module|act|action|do|op|r|controller|lang|language|app|appid)$`)
)

// noSuchPage is a name that no page has.
const noSuchPage = "no-such-page-98000007"

// makeUp makes an address of the same kind that leads to nothing: everything that may choose
// the page is another, numbers, names and the values of parameters.
func makeUp(a Address) string {
	file, query, asks := strings.Cut(a.Path, "?")
	parts := lastName.FindStringSubmatchIndex(file)
	folder, name, end := file[:parts[2]], file[parts[2]:parts[3]], file[parts[4]:]
	switch {
	case digits.MatchString(name):
		name = digits.ReplaceAllStringFunc(name, otherNumber)
	case !asks:
		name = noSuchPage
	}
	made := a.Origin() + digits.ReplaceAllStringFunc(folder, otherNumber) + name + end
	if !asks {
		return made
	}
	parameters := strings.Split(query, "&")
	for i, p := range parameters {
		key, value, _ := strings.Cut(p, "=")
		switch {
		case digits.MatchString(value):
			parameters[i] = key + "=" + digits.ReplaceAllStringFunc(value, otherNumber)
		case value != "" && !dispatches.MatchString(key):
			parameters[i] = key + "=" + noSuchPage
		}
	}
	return made + "?" + strings.Join(parameters, "&")
}

// otherNumber is a number far from those that a site has given out, and no date.
func otherNumber(number string) string {
	const high = "98000000"
	if len(number) < len(high) {
		return high[:len(high)-len(number)] + number
	}
	return strings.Map(func(d rune) rune { return '0' + (d-'0'+5)%10 }, number)
}

// nothingThere is the outcome of a page of nothing.
func nothingThere() dossier.Outcome {
	return dossier.Outcome{Status: dossier.StatusGone, Reason: dossier.ReasonNotFoundText,
		Detail: "the page shows neither its headline nor a date, and an address that does not exist is answered alike"}
}
