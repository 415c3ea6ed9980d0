package demosite

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// templates are parsed when first needed. That they parse is tested.
var templates = sync.OnceValue(func() *template.Template {
	return template.Must(template.ParseFS(files, "pages/*.html"))
})

// A view is what the templates show.
type view struct {
	Title, Date, ISO, Author, Source string
	Number                           int
	Groups                           []group
	LD                               map[string]any
	Canonical, Print, Here           string
	Prev, Next                       *row
	Menu                             []*section
	Section                          *section
	Latest, Rows, Numbers            []row
	Boxes                            []box
	Pages, Page                      int
	Before, After, Month             string
	Weeks                            [][]row
	Counter                          int // of visits, never the same
}

// A row is a link with its date.
type row struct{ Href, Title, Short, Day, Print string }

type box struct {
	Section *section
	Rows    []row
}

// A group is a paragraph, a table or a list.
type group struct {
	Text        string
	Rows, Items []block
}

func groups(blocks []block) []group {
	var all []group
	for i, b := range blocks {
		same := i > 0 && len(all) > 0 && (b.Cells != nil) == (blocks[i-1].Cells != nil) && b.Item == blocks[i-1].Item
		switch {
		case b.Cells != nil && same:
			all[len(all)-1].Rows = append(all[len(all)-1].Rows, b)
		case b.Cells != nil:
			all = append(all, group{Rows: []block{b}})
		case b.Item && same:
			all[len(all)-1].Items = append(all[len(all)-1].Items, b)
		case b.Item:
			all = append(all, group{Items: []block{b}})
		default:
			all = append(all, group{Text: b.Text})
		}
	}
	return all
}

// view has what every page of a language shows.
func (s *Site) view(r *http.Request, lang string) view {
	v := view{Here: r.URL.Path, Counter: 20000 + s.total()}
	var newest []*article
	for _, sec := range s.sections {
		if sec.lang == lang {
			v.Menu = append(v.Menu, sec)
			newest = append(newest, s.listed(sec)...)
		}
	}
	slices.SortStableFunc(newest, func(a, b *article) int { return b.when.Compare(a.when) })
	for _, a := range newest[:6] {
		v.Latest = append(v.Latest, a.row(a.section))
	}
	return v
}

func (s *Site) total() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	total := 0
	for _, n := range s.requests {
		total += n
	}
	return total
}

// listed are the articles that a section lists today, newest first.
func (s *Site) listed(sec *section) []*article {
	late := s.late()
	all := append(slices.Clone(sec.articles), sec.reposts...)
	all = slices.DeleteFunc(all, func(a *article) bool { return a.fault == faultVanishes && late })
	slices.SortStableFunc(all, func(a, b *article) int { return b.when.Compare(a.when) })
	return all
}

// row links to an article as the list of a section does; headlines are cut.
func (a *article) row(in *section) row {
	r := row{Href: a.path(), Title: a.title, Short: a.title, Day: a.when.Format("2006-01-02"), Print: a.printPath()}
	if in != a.section {
		r.Href = a.repostPath()
	}
	longest := 60
	if in.lang == "zh" {
		longest = 18
	}
	if text := []rune(a.title); len(text) > longest {
		r.Short = string(text[:longest]) + "..."
	}
	return r
}

func (s *Site) home(w http.ResponseWriter, r *http.Request, lang string) {
	v := s.view(r, lang)
	for _, sec := range v.Menu {
		b := box{Section: sec}
		for _, a := range s.listed(sec)[:4] {
			b.Rows = append(b.Rows, a.row(sec))
		}
		v.Boxes = append(v.Boxes, b)
	}
	s.render(w, r, lang+"-home", v, false)
}

func (s *Site) about(w http.ResponseWriter, r *http.Request, lang string) {
	v := s.view(r, lang)
	v.Title = map[string]string{"en": "About Us", "zh": "联系我们"}[lang]
	s.render(w, r, lang+"-about", v, false)
}

// list serves one page of a section, counted from 0.
func (s *Site) list(w http.ResponseWriter, r *http.Request, sec *section, page int) {
	all := s.listed(sec)
	per := sec.perPage
	if per == 0 {
		per = len(all)
	}
	v := s.view(r, sec.lang)
	v.Title, v.Section, v.Page, v.Pages = sec.Name, sec, page, (len(all)+per-1)/per
	if page < 0 || page >= v.Pages {
		http.NotFound(w, r)
		return
	}
	for _, a := range all[page*per : min(len(all), (page+1)*per)] {
		v.Rows = append(v.Rows, a.row(sec))
	}
	v.number(sec.Path)
	s.render(w, r, sec.list, v, sec.gb18030)
}

// number makes the pager of a list whose page is in the query.
func (v *view) number(path string) {
	for i := range v.Pages {
		n := row{Short: strconv.Itoa(i + 1)}
		if i != v.Page {
			n.Href = fmt.Sprintf("%s?page=%d", path, i+1)
		}
		v.Numbers = append(v.Numbers, n)
	}
	if v.Page+1 < v.Pages {
		v.After = fmt.Sprintf("%s?page=%d", path, v.Page+2)
	}
}

// articleView shows an article in a section, its own or that of its repost.
func (s *Site) articleView(r *http.Request, a *article, in *section) view {
	v := s.view(r, in.lang)
	if s.late() {
		a = a.in(2)
	}
	v.Title, v.Section, v.Number = a.title, in, a.number
	v.Date, v.ISO = a.when.Format(in.layout), a.date()
	v.Author, v.Source = text(a.author), text(a.source)
	v.Groups = groups(a.blocks)
	v.Print = a.printPath()
	if a.section.bare {
		v.Canonical = "http://" + r.Host + a.path()
	}
	v.LD = map[string]any{
		"@context": "https://schema.org", "@type": "NewsArticle", "headline": a.title, "datePublished": v.ISO,
		"mainEntityOfPage": v.Canonical,
	}
	if a.author != nil {
		v.LD["author"] = map[string]any{"@type": "Person", "name": *a.author}
	}
	v.Prev, v.Next = s.neighbours(a, in)
	return v
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func (s *Site) neighbours(a *article, in *section) (before, after *row) {
	all := s.listed(in)
	i := slices.IndexFunc(all, func(b *article) bool { return b.number == a.number })
	if i > 0 {
		r := all[i-1].row(in)
		before = &r
	}
	if i >= 0 && i+1 < len(all) {
		r := all[i+1].row(in)
		after = &r
	}
	return before, after
}

func (s *Site) show(w http.ResponseWriter, r *http.Request, a *article, in *section) {
	s.render(w, r, in.template, s.articleView(r, a, in), in.gb18030)
}

func (s *Site) print(w http.ResponseWriter, r *http.Request, a *article) {
	v := s.articleView(r, a, a.section)
	v.Canonical = "http://" + r.Host + a.path()
	s.render(w, r, a.section.lang+"-print", v, false)
}

// cut states the whole length and sends half of the page.
func (s *Site) cut(w http.ResponseWriter, r *http.Request, a *article, in *section) {
	page, err := execute(in.template, s.articleView(r, a, in), in.gb18030)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(page)))
	_, _ = w.Write(page[:len(page)/2]) // the reader notices, that is the point
}

// render writes a page with validators. Notices come from a server that has
// none, and whose counter changes the page at every request.
func (s *Site) render(w http.ResponseWriter, r *http.Request, name string, v view, gb18030 bool) {
	page, err := execute(name, v, gb18030)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html")
	if name == "en-cell" || name == "en-list-query" {
		_, _ = w.Write(page) // a reader that has gone needs no answer
		return
	}
	v.Counter = 0
	still, err := execute(name, v, gb18030)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	sum := sha256.Sum256(still)
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
	modified := newest
	if s.late() {
		modified = newest.Add(24 * time.Hour)
	}
	http.ServeContent(w, r, "", modified, bytes.NewReader(page))
}

func execute(name string, v view, gb18030 bool) ([]byte, error) {
	var b bytes.Buffer
	if err := templates().ExecuteTemplate(&b, name, v); err != nil {
		return nil, fmt.Errorf("page %s: %w", name, err)
	}
	if gb18030 {
		return simplifiedchinese.GB18030.NewEncoder().Bytes(b.Bytes())
	}
	return b.Bytes(), nil
}

// feed lists the stories as RSS, sitemap the articles of the parks.
func (s *Site) feed(w http.ResponseWriter, r *http.Request) {
	type item struct {
		Title string `xml:"title"`
		Link  string `xml:"link"`
		Date  string `xml:"pubDate"`
	}
	type channel struct {
		XMLName xml.Name `xml:"rss"`
		Version string   `xml:"version,attr"`
		Title   string   `xml:"channel>title"`
		Link    string   `xml:"channel>link"`
		Items   []item   `xml:"channel>item"`
	}
	c := channel{Version: "2.0", Title: "Stories", Link: "http://" + r.Host + "/en/"}
	for _, a := range s.listed(s.sections[2]) {
		c.Items = append(c.Items, item{a.title, "http://" + r.Host + a.path() + "?utm_source=feed", a.when.Format(time.RFC1123Z)})
	}
	writeXML(w, "application/rss+xml", c)
}

func (s *Site) sitemap(w http.ResponseWriter, r *http.Request) {
	type page struct {
		Loc     string `xml:"loc"`
		LastMod string `xml:"lastmod"`
	}
	type set struct {
		XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		Pages   []page   `xml:"url"`
	}
	all := set{Pages: []page{{"http://" + r.Host + "/en/", "2021-09-18"}, {"http://" + r.Host + "/en/about.html", "2004-03-01"}}}
	for _, a := range s.listed(s.sections[3]) {
		all.Pages = append(all.Pages, page{"http://" + r.Host + a.path(), a.when.Format("2006-01-02")})
	}
	writeXML(w, "application/xml", all)
}

func writeXML(w http.ResponseWriter, kind string, v any) {
	out, err := xml.MarshalIndent(v, "", " ")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(append([]byte(xml.Header), out...)) // a reader that has gone needs no answer
}
