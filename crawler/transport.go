package crawler

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

// Sentinel errors of a fetch; reasonOf gives each its code.
var (
	errTooLarge  = errors.New("the answer is larger than network.max_body allows")
	errBomb      = errors.New("the answer unpacks to far more than its own size")
	errTruncated = errors.New("the answer ended before it was complete")
	errPrivate   = errors.New("the address is private, and network.allow_private is not set")
	errEncoding  = errors.New("the answer cannot be unpacked")
	errHandshake = errors.New("the TLS handshake was not completed")
)

const (
	maxHeaderBytes = 256 << 10
	// bodyTimes is how many times the time-out a whole answer may take, as
	// long as bytes keep coming.
	bodyTimes = 4
)

// newTransport makes the way to the network: a dialer that refuses private
// addresses, no proxy from the environment, and on top of it whole answers.
func newTransport(o Options) http.RoundTripper {
	g := newGuard(o)
	base := &http.Transport{
		DialContext:            g.plain,
		DialTLSContext:         g.secure,
		DisableCompression:     true, // unpacked here, with limits
		ResponseHeaderTimeout:  o.Timeout,
		MaxResponseHeaderBytes: maxHeaderBytes,
		MaxIdleConnsPerHost:    8,
		IdleConnTimeout:        60 * time.Second,
	}
	return &wholeAnswer{next: base, timeout: o.Timeout, max: o.MaxBody}
}

// guard dials only names of which every address is public, and checks the
// address once more when it is really dialled.
type guard struct {
	dialer *net.Dialer
	public *ssrf.Guardian // nil: everything may be dialled
	tls    *tls.Config
}

// newGuard lets TLS speak HTTP/1.1 only: in HTTP/2 a head is no text that could be
// kept.
func newGuard(o Options) *guard {
	g := &guard{dialer: &net.Dialer{Timeout: o.Timeout, KeepAlive: 30 * time.Second}, tls: &tls.Config{NextProtos: []string{"http/1.1"}}}
	if !o.AllowPrivate {
		g.public = ssrf.New(ssrf.WithAnyPort())
		g.dialer.Control = g.public.Safe
	}
	return g
}

func (g *guard) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if g.public == nil {
		return g.dialer.DialContext(ctx, network, address)
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	ips, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	for _, ip := range ips {
		if err := g.check(ip.Unmap()); err != nil {
			return nil, fmt.Errorf("%s is %s: %w", host, ip, err)
		}
	}
	var errs error
	for _, ip := range ips {
		conn, err := g.dialer.DialContext(ctx, network, net.JoinHostPort(ip.Unmap().String(), port))
		if err == nil {
			return conn, nil
		}
		errs = errors.Join(errs, err)
	}
	return nil, errs
}

func (g *guard) check(ip netip.Addr) error {
	if err := g.public.SafeAddr(ip); err != nil {
		return fmt.Errorf("%w (%w)", errPrivate, err)
	}
	return nil
}

// plain dials a connection of which the heads are kept.
func (g *guard) plain(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := g.dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &headConn{Conn: conn}, nil
}

// secure is plain by TLS.
func (g *guard) secure(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	conn, err := g.dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, g.dialer.Timeout)
	defer cancel()
	config := g.tls.Clone()
	config.ServerName = host
	secured := tls.Client(conn, config)
	if err := secured.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, fmt.Errorf("%w: %w", errHandshake, err)
	}
	return &headConn{Conn: secured}, nil
}

// wholeAnswer reads every answer to its end, unpacked and within limits, so
// that a cut, slow or swollen body is an error of the request. What it hands
// on is in memory.
type wholeAnswer struct {
	next    http.RoundTripper
	timeout time.Duration // between two bytes
	max     int64         // of unpacked bytes
}

func (t *wholeAnswer) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeoutCause(req.Context(), t.timeout*bodyTimes, errSlowAnswer)
	defer cancel()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	idle := time.AfterFunc(t.timeout*2, func() { stop(errIdle) })
	defer idle.Stop()

	var head lastHead
	res, err := t.next.RoundTrip(req.WithContext(head.watch(ctx)))
	if err != nil {
		return nil, causeOf(ctx, err)
	}
	defer res.Body.Close()
	keepCapture(req.Context(), req, res, head.bytes())
	if res.StatusCode == http.StatusSwitchingProtocols {
		return handOver(res, req), nil // what follows is no HTTP, and no time-out ends it
	}
	body := &countingReader{r: res.Body, touch: func() { idle.Reset(t.timeout) }}
	idle.Reset(t.timeout)
	limit, cut := t.limit(req.Context())
	data, err := decode(body, res.ContentLength, res.Header.Values("Content-Encoding"), limit)
	if err != nil && !(cut && errors.Is(err, errTooLarge)) {
		return nil, causeOf(ctx, err)
	}
	keepBody(req.Context(), data)
	return handOver(res, req), nil
}

type beginningKey struct{}

// onlyBeginning lets the requests of a context read no more than the first n
// bytes of an answer. What follows is no error.
func onlyBeginning(ctx context.Context, n int64) context.Context {
	return context.WithValue(ctx, beginningKey{}, n)
}

// isBeginning reports whether only the beginning of an answer is read, as of robots.txt.
func isBeginning(ctx context.Context) bool { return ctx.Value(beginningKey{}) != nil }

// limit is how many unpacked bytes a request may read, and whether the answer
// is to be cut there.
func (t *wholeAnswer) limit(ctx context.Context) (int64, bool) {
	if n, ok := ctx.Value(beginningKey{}).(int64); ok {
		return n, true
	}
	return t.max, false
}

var (
	errSlowAnswer = fmt.Errorf("the whole answer took longer than %d times network.timeout: %w", bodyTimes, context.DeadlineExceeded)
	errIdle       = fmt.Errorf("no byte came for longer than network.timeout: %w", context.DeadlineExceeded)
)

// causeOf prefers the reason for which a context ended to its symptom.
func causeOf(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// handOver gives the client of the headers only the cookies: by the others it
// would decode once more and follow redirects. It gets no body, which it would
// copy. The capture keeps all of them.
func handOver(res *http.Response, req *http.Request) *http.Response {
	out := *res
	out.Request = req
	out.Uncompressed = true
	out.ContentLength = 0
	out.Header = http.Header{}
	for _, cookie := range res.Header.Values("Set-Cookie") {
		if len(cookie) <= maxCookie && len(out.Header["Set-Cookie"]) < maxCookies {
			out.Header.Add("Set-Cookie", cookie)
		}
	}
	out.Body = http.NoBody
	return &out
}

// countingReader counts what comes over the wire and says that it came.
type countingReader struct {
	r     io.Reader
	n     int64
	touch func()
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if n > 0 {
		c.n += int64(n)
		c.touch()
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) {
		err = errTruncated
	}
	return n, err
}
