package crawler

import (
	"bufio"
	"bytes"
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"code.dny.dev/ssrf"
	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"

	"github.com/dossier-archive/dossier"
)

func testClient(t *testing.T, o Options) *client {
	t.Helper()
	if o.Timeout == 0 {
		o.Timeout = 2 * time.Second
	}
	if o.MaxBody == 0 {
		o.MaxBody = 1 << 20
	}
	o.UserAgent = "dossier/test"
	return newClient(o)
}

// TestPrivateAddresses goes through the registries of special addresses.
func TestPrivateAddresses(t *testing.T) {
	var cases struct {
		Addresses []struct {
			IP, Why string
			Blocked bool
		}
		URLs []struct {
			URL, Why string
			Blocked  bool
		}
	}
	if err := json.NewDecoder(robotsData(t, "ssrf/cases.json")).Decode(&cases); err != nil {
		t.Fatal(err)
	}
	g := &guard{public: ssrf.New(ssrf.WithAnyPort())}
	for _, c := range cases.Addresses {
		err := g.check(netip.MustParseAddr(c.IP).Unmap())
		if (err != nil) != c.Blocked {
			t.Errorf("%s (%s): %v, want blocked %v", c.IP, c.Why, err, c.Blocked)
		}
	}
	client := testClient(t, Options{Timeout: time.Second})
	for _, c := range cases.URLs {
		a, err := ParseAddress("", c.URL)
		if err == nil && c.Blocked {
			if _, err = client.get(t.Context(), a.URL, http.Header{}); err == nil {
				t.Errorf("%s (%s) was asked as %s", c.URL, c.Why, a.URL)
				continue
			}
			if r := reasonOf(err); r != dossier.ReasonPrivate && r != dossier.ReasonDNS && r != dossier.ReasonBadAddress {
				t.Errorf("%s (%s): %v, want it refused", c.URL, c.Why, err)
			}
		}
		if !c.Blocked && (err != nil || strings.HasPrefix(a.Host, "127.")) {
			t.Errorf("%s (%s): %v, want it to be an address of %s", c.URL, c.Why, err, a.Host)
		}
	}
}

func packed(t *testing.T, name string, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	var err error
	switch name {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "deflate":
		w = zlib.NewWriter(&b)
	case "raw deflate":
		w, err = flate.NewWriter(&b, 6)
	case "br":
		w = brotli.NewWriter(&b)
	case "zstd":
		w, err = zstd.NewWriter(&b)
	default:
		return data
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestBodies(t *testing.T) {
	page := []byte("<html><body>" + strings.Repeat("a news page of some length ", 50) + "</body></html>")
	zeros := make([]byte, 8<<20)
	tests := []struct {
		name     string
		encoding string // header
		body     []byte
		cut      bool // announce more than is sent
		want     error
	}{
		{"plain", "", page, false, nil},
		{"gzip", "gzip", packed(t, "gzip", page), false, nil},
		{"deflate", "deflate", packed(t, "deflate", page), false, nil},
		{"raw deflate", "deflate", packed(t, "raw deflate", page), false, nil},
		{"brotli", "br", packed(t, "br", page), false, nil},
		{"zstd", "zstd", packed(t, "zstd", page), false, nil},
		{"two encodings", "gzip, br", packed(t, "br", packed(t, "gzip", page)), false, nil},
		{"says gzip, is plain", "gzip", page, false, nil},
		{"says br, is plain", "br", page, false, nil},
		{"unknown encoding", "snappy", []byte("\xff\x06\x00\x00sNaPpY\x01\x02"), false, errEncoding},
		{"unknown encoding, is plain", "utf-8", page, false, nil},
		{"says br, is gzip", "br", packed(t, "gzip", page), false, nil},
		{"says gzip, is br", "gzip", packed(t, "br", page), false, errEncoding},
		{"gzip with noise behind", "gzip", append(packed(t, "gzip", page), "<!-- 3 ms -->"...), false, nil},
		{"too many encodings", "gzip, gzip, gzip, gzip", page, false, errEncoding},
		{"broken gzip", "gzip", append(packed(t, "gzip", page)[:20], 1, 2, 3, 4, 5, 6, 7), false, errTruncated},
		{"cut gzip", "gzip", packed(t, "gzip", page)[:60], false, errTruncated},
		{"cut body", "", page, true, errTruncated},
		{"large", "", bytes.Repeat(page, 1000), false, errTooLarge},
		{"gzip bomb", "gzip", packed(t, "gzip", zeros), false, errTooLarge},
		{"brotli bomb", "br", packed(t, "br", zeros), false, errTooLarge},
		{"bomb in a bomb", "gzip, gzip", packed(t, "gzip", packed(t, "gzip", zeros)), false, errTooLarge},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if tt.encoding != "" {
					w.Header().Set("Content-Encoding", tt.encoding)
				}
				if tt.cut {
					w.Header().Set("Content-Length", fmt.Sprint(len(tt.body)+100))
				}
				w.Write(tt.body)
			}))
			defer server.Close()
			got, err := testClient(t, Options{AllowPrivate: true}).get(t.Context(), server.URL, http.Header{})
			if !errors.Is(err, tt.want) {
				t.Fatalf("got error %v, want %v", err, tt.want)
			}
			if err == nil && !bytes.Equal(got.body, page) {
				t.Errorf("got %d bytes, want the %d of the page", len(got.body), len(page))
			}
		})
	}
}

func TestRatioGuard(t *testing.T) {
	c := &countingReader{r: bytes.NewReader(packed(t, "gzip", make([]byte, 8<<20))), touch: func() {}}
	if _, err := decode(c, -1, []string{"gzip"}, 1<<30); !errors.Is(err, errBomb) {
		t.Errorf("8 MiB of zeros gave %v, want %v", err, errBomb)
	}
}

// TestRawBytesSurvive: the client library would decode by the charset of the
// header and follow redirects; the capture must be what was sent.
func TestRawBytesSurvive(t *testing.T) {
	body := []byte("\xd5\xd0\xc9\xcc\x00\xff")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=gb2312")
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(http.StatusFound)
		w.Write(body)
	}))
	defer server.Close()
	t.Setenv("COLLY_USER_AGENT", "overridden")
	got, err := testClient(t, Options{AllowPrivate: true}).get(t.Context(), server.URL, http.Header{})
	if err != nil {
		t.Fatal(err)
	}
	if got.status != http.StatusFound || !bytes.Equal(got.body, body) || got.header.Get("Content-Type") != "text/html; charset=gb2312" {
		t.Errorf("got %d %q %v", got.status, got.body, got.header)
	}
	if ua := got.request.Get("User-Agent"); ua != "dossier/test" {
		t.Errorf("user agent %q was sent", ua)
	}
}

// rawServer answers every connection with the same bytes, or not at all.
func rawServer(t *testing.T, answer []byte, hold bool) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() { close(done); l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				conn.Read(make([]byte, 4096))
				conn.Write(answer)
				if hold {
					<-done
				}
			}()
		}
	}()
	return "http://" + l.Addr().String() + "/"
}

func TestSilence(t *testing.T) {
	client := testClient(t, Options{AllowPrivate: true, Timeout: 200 * time.Millisecond})
	for name, answer := range map[string]string{
		"nothing":     "",
		"half a head": "HTTP/1.1 200 OK\r\nContent-",
		"half a body": "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<html>",
	} {
		_, err := client.get(t.Context(), rawServer(t, []byte(answer), true), http.Header{})
		if r := reasonOf(err); err == nil || r != dossier.ReasonTimeout {
			t.Errorf("%s: %v is %s, want %s", name, err, r, dossier.ReasonTimeout)
		}
	}
	if _, err := client.get(t.Context(), "http://127.0.0.1:1/", http.Header{}); reasonOf(err) != dossier.ReasonRefused {
		t.Errorf("closed port: %v is %s, want %s", err, reasonOf(err), dossier.ReasonRefused)
	}
	if _, err := client.get(t.Context(), "http://no-such-host.invalid/", http.Header{}); reasonOf(err) != dossier.ReasonDNS {
		t.Errorf("unknown name: %v is %s, want %s", err, reasonOf(err), dossier.ReasonDNS)
	}
}

// TestRawAnswers serves answers that were written to test an HTTP client: each
// ends in an answer or an error with a reason, and none is taken for whole
// when it is cut.
func TestRawAnswers(t *testing.T) {
	var raw []struct {
		Test  any
		Name  string
		Reply string `json:"reply_base64"`
	}
	if err := json.NewDecoder(robotsData(t, "http-raw-responses/replies.json")).Decode(&raw); err != nil {
		t.Fatal(err)
	}
	client := testClient(t, Options{AllowPrivate: true, Timeout: 150 * time.Millisecond})
	answered := 0
	for _, c := range raw {
		b, err := base64.StdEncoding.DecodeString(c.Reply)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		_, err = client.get(ctx, rawServer(t, b, false), http.Header{})
		if ctx.Err() != nil {
			t.Errorf("%v %s: did not end", c.Test, c.Name)
		}
		cancel()
		if err == nil {
			answered++
		} else if reasonOf(err) == "" {
			t.Errorf("%v %s: %v has no reason", c.Test, c.Name, err)
		}
	}
	if answered < 480 || len(raw) != 594 {
		t.Errorf("%d of %d were answers", answered, len(raw))
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		text   string
		want   time.Duration
		detail string
	}{
		{"7", 7 * time.Second, `; Retry-After "7"`},
		{"Wed, 01 May 2024 12:00:30 GMT", 30 * time.Second, `; Retry-After "Wed, 01 May 2024 12:00:30 GMT"`},
		{"Wed, 01 May 2019 12:00:30 GMT", 0, `; Retry-After "Wed, 01 May 2019 12:00:30 GMT"`},
		{"999999", maxRetryAfter, `; Retry-After "999999", of which 5m0s are kept`},
		{"9999999999999", maxRetryAfter, `; Retry-After "9999999999999", of which 5m0s are kept`},
		{"99999999999999999999", maxRetryAfter, `; Retry-After "99999999999999999999", of which 5m0s are kept`},
		{"-5", 0, `; Retry-After "-5" says no time`},
		{"soon", 0, `; Retry-After "soon" says no time`},
		{"1e9", 0, `; Retry-After "1e9" says no time`},
		{"", 0, ""},
	}
	for _, tt := range tests {
		got := retryAfter(http.Header{"Retry-After": {tt.text}}, now)
		if got.pause != tt.want || got.detail() != tt.detail {
			t.Errorf("%q: %v and %q, want %v and %q", tt.text, got.pause, got.detail(), tt.want, tt.detail)
		}
	}
}

// The head of every answer is kept as it came, also on a connection that answers
// many requests, in small pieces, behind interim answers, and over TLS.
func TestHeads(t *testing.T) {
	heads := []string{
		"HTTP/1.1 200 Alles gut\r\nx-lower: 1\r\nX-UPPER: \xd6\xd0\r\nContent-length: 12\r\n\r\n",
		"HTTP/1.1 404 \r\nB: 2\r\nA: 1\r\nB: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
		"HTTP/1.1 200 OK\nContent-Length: 0\nX-Folded: one\n two\n\n",
	}
	bodies := []string{"HTTP/1.1 100", "c\r\nHTTP/1.1 100\r\n0\r\n\r\n", ""}
	before := []string{"", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", ""}
	serve := func(l net.Listener) {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				in := bufio.NewReader(conn)
				for i := 0; ; i++ {
					req, err := http.ReadRequest(in)
					if err != nil {
						return
					}
					n := i % len(heads)
					answer := before[n] + heads[n] + bodies[n]
					step := 1 + 300*(i/len(heads)%2)
					for at := 0; at < len(answer); at += step {
						if _, err := io.WriteString(conn, answer[at:min(at+step, len(answer))]); err != nil {
							return
						}
					}
					if req.Close {
						return
					}
				}
			}()
		}
	}
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	go serve(plain)
	c := testClient(t, Options{AllowPrivate: true})
	for i := range 4 * len(heads) {
		n := i % len(heads)
		got, err := c.get(t.Context(), "http://"+plain.Addr().String()+"/", http.Header{})
		if err != nil || string(got.head) != heads[n] {
			t.Errorf("answer %d: %v %q, want %q", i, err, got.head, heads[n])
		}
	}
}

func TestHeadsOverTLS(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["x-lower"] = []string{r.Proto}
		w.Header()["Date"] = nil
		io.WriteString(w, "page")
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	g := newGuard(Options{AllowPrivate: true, Timeout: time.Second})
	g.tls.RootCAs = x509.NewCertPool()
	g.tls.RootCAs.AddCert(server.Certificate())
	transport := &wholeAnswer{next: &http.Transport{DialTLSContext: g.secure}, timeout: time.Second, max: 1 << 20}
	defer transport.next.(*http.Transport).CloseIdleConnections()
	for range 2 {
		var a capture
		req, err := http.NewRequestWithContext(context.WithValue(t.Context(), captureKey{}, &a), http.MethodGet, server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		want := "HTTP/1.1 200 OK\r\nx-lower: HTTP/1.1\r\nContent-Length: 4\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
		if _, err = transport.RoundTrip(req); err != nil || string(a.head) != want {
			t.Errorf("%v %q, want %q", err, a.head, want)
		}
	}
}
