// Package demosite is a small news site in English and Chinese, built the way
// investment-promotion sites are built: it is what `dossier demo` crawls, and
// what tests crawl. Its texts are invented.
//
// Beside the articles it has what makes such sites hard to read: paging by a
// script, a section in GB18030, print copies, reposts, addresses that count
// campaigns, a folder that robots.txt disallows, a calendar without end, and
// pages that fail. Truth says what an archive of it has to hold.
package demosite

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"sync"
	"time"

	"github.com/dossier-archive/dossier"
)

// A Site serves the demo site. It is safe for concurrent use.
type Site struct {
	mux      *http.ServeMux
	sections []*section // of both languages, in the order of the menus
	articles []*article

	mu       sync.Mutex
	phase    int
	requests map[string]int
}

// New returns the site in its first phase.
func New() *Site {
	s := &Site{requests: map[string]int{}}
	en, zh := englishSections(), chineseSections()
	s.sections = append(append(s.sections, en...), zh...)
	s.articles = append(write(en, themes("en.txt"), english, 36), write(zh, themes("zh.txt"), chinese, 30)...)
	s.addFaults()
	s.mux = s.routes()
	return s
}

// NextPhase moves the site to another day: in phase 2 one article has another
// text and one is gone.
func (s *Site) NextPhase() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.phase = 2
}

func (s *Site) late() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.phase == 2
}

// Requests says how often an address, path and query, has been asked for.
func (s *Site) Requests(address string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests[address]
}

// AllRequests maps each address that was asked for to how often.
func (s *Site) AllRequests() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make(map[string]int, len(s.requests))
	for address, n := range s.requests {
		all[address] = n
	}
	return all
}

// ServeHTTP answers a request and counts it.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.requests[r.URL.RequestURI()]++
	s.mu.Unlock()
	s.mux.ServeHTTP(w, r)
}

// A Server is a Site on a loopback port of its own. Close ends it.
type Server struct {
	*Site
	URL    string // base address, without slash at the end
	server *http.Server
	ended  chan error
}

// Serve serves a new site on a free port of the loopback interface.
func Serve() (*Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("demo site: %w", err)
	}
	site := New()
	s := &Server{
		Site: site, URL: "http://" + listener.Addr().String(), ended: make(chan error, 1),
		server: &http.Server{Handler: site, ReadHeaderTimeout: 10 * time.Second},
	}
	go func() { s.ended <- s.server.Serve(listener) }()
	return s, nil
}

// Close ends the server and waits until it has ended. Call it once.
func (s *Server) Close() error {
	err := s.server.Close()
	if ended := <-s.ended; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, ended)
	}
	return err
}

// Sites are the sites that the demo crawls.
func (s *Server) Sites() []*dossier.Site { return Sites(s.URL) }

// Sites are the sites of a demo site at an address: the English half by patterns, the
// Chinese half by nothing but its home page.
func Sites(base string) []*dossier.Site {
	zone := time.FixedZone("UTC+8", 8*60*60)
	common := dossier.Site{Parallel: 4, Timezone: zone, Robots: dossier.RobotsObey, Rules: dossier.Rules{Timezone: zone}}
	en, zh := common, common
	en.ID, en.Name = "riverbend", "Riverbend Investment Promotion"
	en.Start = []string{base + "/en/news/", base + "/en/notices/", base + "/en/feed.xml", base + "/en/sitemap.xml"}
	en.Follow = []*regexp.Regexp{regexp.MustCompile(`/news/index_\d+\.html$`), regexp.MustCompile(`/notices/\?page=\d+$`)}
	en.Articles = []*regexp.Regexp{
		regexp.MustCompile(`/t\d{8}_\d+\.html$`), regexp.MustCompile(`/Article_Show\.aspx\?id=\d+$`),
		regexp.MustCompile(`/(stories|parks)/\d{4}/`),
	}
	zh.ID, zh.Name = "haiyu", "海屿投资促进网"
	zh.Start = []string{base + "/zh/"}
	return []*dossier.Site{&en, &zh}
}
