package demosite

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// routes has a pattern for each kind of page; what has a query decides by it.
func (s *Site) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("/robots.txt", robots)
	mux.HandleFunc("/en/feed.xml", s.feed)
	mux.HandleFunc("/en/sitemap.xml", s.sitemap)
	mux.HandleFunc("/en/calendar/", s.calendar)
	mux.HandleFunc("/zh/rili/", s.calendar)
	for _, lang := range []string{"en", "zh"} {
		mux.HandleFunc("/"+lang+"/{$}", func(w http.ResponseWriter, r *http.Request) { s.home(w, r, lang) })
	}
	mux.HandleFunc("/en/about.html", func(w http.ResponseWriter, r *http.Request) { s.about(w, r, "en") })
	mux.HandleFunc("/zh/lxwm.html", func(w http.ResponseWriter, r *http.Request) { s.about(w, r, "zh") })
	for _, sec := range s.sections {
		mux.HandleFunc(sec.Path+"{$}", func(w http.ResponseWriter, r *http.Request) { s.listPage(w, r, sec) })
		mux.HandleFunc(sec.Path+"{file}", func(w http.ResponseWriter, r *http.Request) { s.listFile(w, r, sec) })
	}
	mux.HandleFunc("/", s.article)
	return mux
}

func robots(w http.ResponseWriter, r *http.Request) {
	fmt.Fprint(w, "# Riverbend and Haiyu\nUser-agent: *\nDisallow: /en/internal/\nDisallow: /zh/neibu/\nDisallow: /en/search\nSitemap: http://"+r.Host+"/en/sitemap.xml\n")
}

// listPage serves a list whose page is in the query.
func (s *Site) listPage(w http.ResponseWriter, r *http.Request, sec *section) {
	page := 1
	if q := r.URL.Query().Get("page"); q != "" {
		n, err := strconv.Atoi(q)
		if err != nil || n < 1 {
			http.NotFound(w, r)
			return
		}
		page = n
	}
	s.list(w, r, sec, page-1)
}

// listFile serves index.html and index_1.html, and leaves the rest of the
// folder to the articles.
func (s *Site) listFile(w http.ResponseWriter, r *http.Request, sec *section) {
	name := strings.TrimSuffix(r.PathValue("file"), ".html")
	if name == "index" {
		s.list(w, r, sec, 0)
		return
	}
	number, ok := strings.CutPrefix(name, "index_")
	n, err := strconv.Atoi(number)
	if !ok || err != nil {
		s.article(w, r)
		return
	}
	s.list(w, r, sec, n)
}

// article finds an article, its repost or its print copy by the address.
func (s *Site) article(w http.ResponseWriter, r *http.Request) {
	address := r.URL.RequestURI()
	if clean, _, ok := strings.Cut(address, "?utm_"); ok {
		address = clean
	}
	address, _, _ = strings.Cut(address, "&utm_")
	for _, a := range s.articles {
		switch {
		case address == a.path():
			s.serveArticle(w, r, a, a.section)
		case a.repost != nil && address == a.repostPath():
			s.serveArticle(w, r, a, a.repost)
		case address == a.printPath():
			s.print(w, r, a)
		default:
			continue
		}
		return
	}
	http.NotFound(w, r)
}

func (s *Site) serveArticle(w http.ResponseWriter, r *http.Request, a *article, in *section) {
	switch {
	case a.fault == faultBroken:
		http.Error(w, "Server Error in '/' Application.", http.StatusInternalServerError)
	case a.fault == faultOnce503 && s.Requests(r.URL.RequestURI()) == 1:
		w.Header().Set("Retry-After", "1")
		http.Error(w, "The server is busy, please try again.", http.StatusServiceUnavailable)
	case a.fault == faultVanishes && s.late():
		http.NotFound(w, r)
	case a.fault == faultCut:
		s.cut(w, r, a, in)
	default:
		s.show(w, r, a, in)
	}
}

// calendar serves any month and any day, for ever.
func (s *Site) calendar(w http.ResponseWriter, r *http.Request) {
	folder, file, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	part, name, _ := strings.Cut(file, "/")
	lang, base := folder, "/"+folder+"/"+part+"/"
	name = strings.TrimSuffix(name, ".html")
	month, err := time.Parse("2006-01", name[:min(len(name), 7)])
	if err != nil {
		http.NotFound(w, r)
		return
	}
	v := s.view(r, lang)
	v.Month = month.Format("January 2006")
	if lang == "zh" {
		v.Month = month.Format("2006年1月")
	}
	v.Title = v.Month
	v.Before = base + month.AddDate(0, -1, 0).Format("2006-01") + ".html"
	v.After = base + month.AddDate(0, 1, 0).Format("2006-01") + ".html"
	v.Weeks = weeks(month, base)
	s.render(w, r, lang+"-calendar", v, false)
}

// weeks lays the days of a month out from Monday to Sunday.
func weeks(month time.Time, base string) [][]row {
	var all [][]row
	week := make([]row, (int(month.Weekday())+6)%7)
	for day := month; day.Month() == month.Month(); day = day.AddDate(0, 0, 1) {
		week = append(week, row{Short: strconv.Itoa(day.Day()), Href: base + day.Format("2006-01-02") + ".html"})
		if len(week) == 7 {
			all, week = append(all, week), nil
		}
	}
	return append(all, week)
}
