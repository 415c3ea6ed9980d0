package bench

import (
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/gocolly/colly/v2"
	_ "github.com/mattn/go-sqlite3"
	"golang.org/x/net/html"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/crawler"
	"github.com/dossier-archive/dossier/pipeline"
)

// site serves lists of fifty articles each and the articles, from memory.
type site struct {
	*httptest.Server
	articles int
	pages    map[string]string
}

const perList = 50

func newSite(b *testing.B, articles int) *site {
	s := &site{articles: articles, pages: map[string]string{}}
	for list := 0; list*perList < articles; list++ {
		var rows strings.Builder
		for n := list * perList; n < min((list+1)*perList, articles); n++ {
			fmt.Fprintf(&rows, `<li><a href="/art/%d.html">%s</a> <span>%s</span></li>`, n, headline(n), day(n))
		}
		next := ""
		if (list+1)*perList < articles {
			next = fmt.Sprintf(`<a href="/news/index_%d.html">Next page</a>`, list+1)
		}
		s.pages[listPath(list)] = "<html><head><title>News - Zone</title></head><body>" + menu + `<ul class="list">` + rows.String() + `</ul><div class="pager">` + next + "</div></body></html>"
	}
	for n := range articles {
		s.pages[fmt.Sprintf("/art/%d.html", n)] = article(n)
	}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, ok := s.pages[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, page)
	}))
	b.Cleanup(s.Close)
	return s
}

func listPath(n int) string {
	if n == 0 {
		return "/news/"
	}
	return fmt.Sprintf("/news/index_%d.html", n)
}

func headline(n int) string {
	return fmt.Sprintf("Project number %d is signed in the Northern Development Zone", n)
}

func day(n int) string {
	return time.Date(2015, 1, 1+n%3000, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

var menu = func() string {
	var b strings.Builder
	for i := range 60 {
		fmt.Fprintf(&b, `<li class="item-%d"><a href="/section/%d/" title="Section %d">Section number %d</a></li>`, i, i, i, i)
	}
	return `<div class="nav"><ul>` + b.String() + `</ul></div>`
}()

// words are what the texts are made of: as many different ones as a paper uses.
var words = func() []string {
	r := rand.New(rand.NewPCG(1, 2))
	out := make([]string, 4000)
	for i := range out {
		word := make([]byte, 2+r.IntN(9))
		for j := range word {
			word[j] = byte('a' + r.IntN(26))
		}
		out[i] = string(word)
	}
	return out
}()

func article(n int) string {
	r := rand.New(rand.NewPCG(uint64(n), 3))
	var text strings.Builder
	for range 12 {
		text.WriteString(`<p style="text-indent: 2em">`)
		for i := range 45 {
			text.WriteString(words[r.IntN(len(words))])
			text.WriteString([]string{" ", ", "}[i%9/8])
		}
		fmt.Fprintf(&text, "and %d more.</p>", r.IntN(900))
	}
	return fmt.Sprintf(`<!DOCTYPE html><html lang="en"><head><title>%s - Zone</title><meta name="description" content="%s"></head><body>%s<div class="main"><h1 class="title">%s</h1>`+
		`<div class="info">Date: %s 10:46:00 Author: Writer %d Source: Zone Daily</div><div class="content">%s</div></div><div class="footer">%s Copyright Zone</div></body></html>`,
		headline(n), headline(n), menu, headline(n), day(n), n%40, text.String(), menu)
}

const crawled = 2000

// BenchmarkCrawl makes the whole job on one site in three ways: dossier with
// robots.txt, charset, frontier, extraction, raw page, record and full
// durability; a bare colly collector and Scrapy with fixed selectors and one
// insert a page; and fetching and parsing alone. The time of Scrapy includes
// the start of its program, about half a second.
func BenchmarkCrawl(b *testing.B) {
	s := newSite(b, crawled)
	for _, way := range []struct {
		name  string
		crawl func(*testing.B, *site) int
	}{{"dossier", crawlDossier}, {"colly", crawlColly}, {"scrapy", crawlScrapy}, {"fetch and parse", crawlBare}} {
		b.Run(way.name, func(b *testing.B) {
			for b.Loop() {
				if n := way.crawl(b, s); n != s.articles {
					b.Fatalf("%d articles, want %d", n, s.articles)
				}
			}
			b.ReportMetric(float64(s.articles*b.N)/b.Elapsed().Seconds(), "pages/s")
		})
	}
}

func crawlDossier(b *testing.B, s *site) int {
	defer debug.SetGCPercent(debug.SetGCPercent(200)) // as the program does
	arch, err := archive.Open(b.Context(), filepath.Join(b.TempDir(), "a.db"), archive.Options{Create: true})
	if err != nil {
		b.Fatal(err)
	}
	defer arch.Close()
	log := slog.New(slog.DiscardHandler)
	c := crawler.New(crawler.Options{UserAgent: "dossier/bench", Timeout: time.Minute, MaxBody: 1 << 20, AllowPrivate: true, Log: log}, arch)
	zone := &dossier.Site{ID: "zone", Start: []string{s.URL + "/news/"}, Parallel: 8, Timezone: time.UTC, Robots: dossier.RobotsObey,
		Follow: []*regexp.Regexp{regexp.MustCompile(`/news/index_\d+\.html$`)}, Articles: []*regexp.Regexp{regexp.MustCompile(`/art/\d+\.html$`)}}
	run, err := pipeline.Run(b.Context(), zone, pipeline.Deps{Crawler: c, Store: arch, Log: log})
	if err != nil {
		b.Fatal(err)
	}
	return run.New
}

func openTable(b *testing.B) *sql.DB {
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(b.TempDir(), "c.db")+"?_journal_mode=WAL&_synchronous=FULL")
	if err != nil {
		b.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("CREATE TABLE articles (url TEXT PRIMARY KEY, title TEXT, date TEXT, author TEXT, source TEXT, body TEXT)"); err != nil {
		b.Fatal(err)
	}
	return db
}

var info = regexp.MustCompile(`Date: (.*?) Author: (.*?) Source: (.*)`)

func crawlColly(b *testing.B, s *site) int {
	db := openTable(b)
	defer db.Close()
	c := colly.NewCollector(colly.Async(true))
	if err := c.Limit(&colly.LimitRule{DomainGlob: "*", Parallelism: 8}); err != nil {
		b.Fatal(err)
	}
	c.OnHTML(`ul.list a, .pager a`, func(e *colly.HTMLElement) { e.Request.Visit(e.Attr("href")) })
	c.OnHTML(`div.main`, func(e *colly.HTMLElement) {
		g := info.FindStringSubmatch(e.ChildText(".info"))
		var body []string
		e.DOM.Find(".content p").Each(func(_ int, p *goquery.Selection) { body = append(body, p.Text()) })
		if g == nil {
			b.Error("no line of labels at", e.Request.URL)
			return
		}
		if _, err := db.Exec("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?)", e.Request.URL.String(), e.ChildText("h1.title"), g[1], g[2], g[3], strings.Join(body, "\n")); err != nil {
			b.Error(err)
		}
	})
	if err := c.Visit(s.URL + "/news/"); err != nil {
		b.Fatal(err)
	}
	c.Wait()
	return rowsOf(b, db)
}

func rowsOf(b *testing.B, db *sql.DB) int {
	n := 0
	if err := db.QueryRow("SELECT count(*) FROM articles").Scan(&n); err != nil {
		b.Fatal(err)
	}
	return n
}

// crawlScrapy crawls with the Scrapy of the machine's Python.
func crawlScrapy(b *testing.B, s *site) int {
	python := "/usr/bin/python3"
	if exec.CommandContext(b.Context(), python, "-c", "import scrapy").Run() != nil {
		b.Skip("Scrapy is not installed; Debian has it as python3-scrapy")
	}
	file := filepath.Join(b.TempDir(), "s.db")
	if out, err := exec.CommandContext(b.Context(), python, "spider.py", s.URL, file).CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	db, err := sql.Open("sqlite3", "file:"+file)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	return rowsOf(b, db)
}

func crawlBare(b *testing.B, s *site) int {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 8}}
	defer client.CloseIdleConnections()
	addresses := make(chan string)
	var workers sync.WaitGroup
	var mu sync.Mutex
	n := 0
	for range 8 {
		workers.Go(func() {
			for a := range addresses {
				answer, err := client.Get(a)
				if err != nil {
					b.Error(err)
					continue
				}
				_, err = html.Parse(answer.Body)
				answer.Body.Close()
				if err != nil {
					b.Error(err)
				}
				mu.Lock()
				n++
				mu.Unlock()
			}
		})
	}
	for i := range s.articles {
		addresses <- fmt.Sprintf("%s/art/%d.html", s.URL, i)
	}
	close(addresses)
	workers.Wait()
	return n
}
