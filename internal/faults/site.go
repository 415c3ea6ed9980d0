package faults

import (
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
)

// A Site is a web site on loopback. It is healthy until it is changed.
type Site struct {
	URL   string   // without a slash at its end
	Start []string // paths or addresses that a crawl begins with

	after   int // the number before the first article
	ca      *Authority
	server  *httptest.Server
	hold    chan struct{} // closed when the site ends
	trouble chan struct{} // closed by Trouble
	once    sync.Once

	mu       sync.Mutex
	handlers map[string]http.HandlerFunc
	rows     []string
	asked    int
	wrong    []string
	others   []io.Closer
}

// Serve begins to serve a healthy site, whose articles have the numbers 1 to
// Healthy. The authority signs the certificates of the sites that it leads to.
func Serve(ca *Authority) *Site { return serve(ca, 0) }

// ServeSound begins to serve the healthy site that stands beside the broken
// ones. Its articles are others: their numbers begin after Sound.
func ServeSound() *Site { return serve(nil, Sound) }

// Sound is what the numbers of the articles beside a broken site follow.
const Sound = 100

func serve(ca *Authority, after int) *Site {
	s := &Site{ca: ca, Start: []string{"/news/"}, hold: make(chan struct{}), trouble: make(chan struct{}), handlers: map[string]http.HandlerFunc{}}
	s.after = after
	for n := after + 1; n <= after+Healthy; n++ {
		s.Handle(fmt.Sprintf("/news/%d.html", n), html(story(n)))
	}
	s.Handle("/news/", func(w http.ResponseWriter, r *http.Request) { html(list(s.allRows()...))(w, r) })
	s.server = quiet(s)
	s.server.Start()
	s.URL = s.server.URL
	return s
}

// quiet is a server that keeps what goes wrong with its connections to itself.
func quiet(h http.Handler) *httptest.Server {
	server := httptest.NewUnstartedServer(h)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	return server
}

// ServeHTTP answers by the longest handler for the path.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked++
	h := s.handlers[r.URL.Path]
	for path := r.URL.Path; h == nil && path != ""; {
		path = path[:len(path)-1]
		h = s.handlers[path+"*"]
	}
	s.mu.Unlock()
	if h == nil {
		h = http.NotFound
	}
	h(w, r)
}

// Handle answers a path with h; a path that ends in * stands for all that
// begin so.
func (s *Site) Handle(path string, h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handlers[path] = h
}

// Article adds the article that a fault is about to the site's list, before
// the healthy ones.
func (s *Site) Article(h http.HandlerFunc) {
	s.Handle(Page, h)
	s.Row(storyRow(9001))
}

// Row adds a line to the site's list.
func (s *Site) Row(row string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rows = append(s.rows, row)
}

func (s *Site) allRows() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	rows := append([]string(nil), s.rows...)
	for n := s.after + 1; n <= s.after+Healthy; n++ {
		rows = append(rows, storyRow(n))
	}
	return rows
}

// Wrong notes that the crawler did what it never may.
func (s *Site) Wrong(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wrong = append(s.wrong, fmt.Sprintf(format, args...))
}

// Trouble says that the fault has been met.
func (s *Site) Trouble() { s.once.Do(func() { close(s.trouble) }) }

// InTrouble is closed once the fault has been met.
func (s *Site) InTrouble() <-chan struct{} { return s.trouble }

// Asked gives the number of requests so far, and what the crawler did wrong.
func (s *Site) Asked() (int, []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked, s.wrong
}

// Close ends the site and all that hangs on it.
func (s *Site) Close() {
	close(s.hold)
	s.server.Close()
	for _, o := range s.others {
		o.Close()
	}
}

// another serves h on a port of its own and gives its address.
func (s *Site) another(h http.HandlerFunc) string {
	server := quiet(h)
	server.Start()
	s.others = append(s.others, closer(server.Close))
	return server.URL
}

// secure serves the article by TLS and gives its address.
func (s *Site) secure(config *tls.Config) string { return s.serveTLS(config, html(story(9001))) }

// serveTLS serves h by TLS, also in HTTP/2, and gives its address.
func (s *Site) serveTLS(config *tls.Config, h http.HandlerFunc) string {
	server := quiet(h)
	server.TLS, server.EnableHTTP2 = config, true
	server.StartTLS()
	s.others = append(s.others, closer(server.Close))
	return server.URL
}

// listen hands the connections of a port of its own to do, and gives the port's
// host and number.
func (s *Site) listen(do func(net.Conn)) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err) // no test can go on without loopback
	}
	s.others = append(s.others, l)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				do(conn)
			}()
		}
	}()
	return l.Addr().String()
}

type closer func()

func (c closer) Close() error { c(); return nil }

// counter counts its calls from 1.
func counter() func() int {
	var n atomic.Int64
	return func() int { return int(n.Add(1)) }
}
