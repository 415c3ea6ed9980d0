package crawler

import (
	"context"
	"net/http"
	"time"

	"github.com/gocolly/colly/v2"
)

// capture collects one exchange as it went over the wire, beside the client
// that makes it.
type capture struct {
	request http.Header
	header  http.Header
	head    []byte // status line and header as they came
	status  int
	proto   string
	body    []byte // unpacked
}

type captureKey struct{}

// keepCapture notes the headers of an exchange in the capture of its context.
func keepCapture(ctx context.Context, req *http.Request, res *http.Response, head []byte) {
	if c, ok := ctx.Value(captureKey{}).(*capture); ok {
		c.request, c.header, c.head = req.Header.Clone(), res.Header, head
		c.status, c.proto = res.StatusCode, res.Proto
	}
}

// keepBody notes the body of an exchange in the capture of its context.
func keepBody(ctx context.Context, body []byte) {
	if c, ok := ctx.Value(captureKey{}).(*capture); ok {
		c.body = body
	}
}

// client makes single requests with colly: no redirects, no robots, no
// limits of its own. It is safe for concurrent use.
type client struct {
	collector *colly.Collector
	cookies   *cookies
}

func newClient(o Options) *client {
	c := colly.NewCollector()
	c.WithTransport(newTransport(o))
	jar := &cookies{}
	c.SetCookieJar(jar)
	c.SetRequestTimeout(0) // the transport has finer ones
	c.SetRedirectHandler(func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse })
	// Set after the collector is made, because it lets COLLY_ variables of the
	// environment override what its options say.
	c.UserAgent = o.UserAgent
	c.AllowURLRevisit, c.IgnoreRobotsTxt, c.ParseHTTPErrorResponse = true, true, true
	c.Async, c.DetectCharset, c.CacheDir = false, false, ""
	c.MaxBodySize, c.MaxDepth, c.MaxRequests = 0, 0, 0
	c.AllowedDomains, c.DisallowedDomains, c.URLFilters, c.DisallowedURLFilters = nil, nil, nil, nil
	return &client{collector: c, cookies: jar}
}

// answer is one HTTP answer, redirects not followed.
type answer struct {
	capture
	at time.Time // complete
}

// get makes one request. The error is one of the transport or the network.
func (c *client) get(ctx context.Context, address string, header http.Header) (answer, error) {
	var a answer
	one := c.collector.Clone()
	one.Context = context.WithValue(ctx, captureKey{}, &a.capture)
	header.Set("Accept-Encoding", acceptEncoding)
	err := one.Request(http.MethodGet, address, nil, nil, header)
	a.at = time.Now().UTC()
	return a, err
}
