package extract

import (
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// A PagerScript is a pager that a script writes:
// createPageHTML(total, current, "index", "html").
type PagerScript struct {
	Total, Current int    // pages, and the number of this one
	First          int    // number of the first page, 0 or 1
	Name, Ext      string // of the file of the first page
}

// Next is the address of the page behind this one, relative to the list, ""
// when this is the last.
func (s *PagerScript) Next() string {
	n := s.Current + 1
	if n >= s.Total+s.First {
		return ""
	}
	return s.Name + "_" + strconv.Itoa(n) + "." + s.Ext
}

var (
	// writesPager finds the call of a function that writes a pager.
	writesPager = regexp.MustCompile(`(?i)\b\w*page\w*\(([^()]{5,300})\)`)
	fileOfPages = regexp.MustCompile(`^[\w\-./]{1,60}$`)
	extOfPages  = regexp.MustCompile(`(?i)^(s?html?|jspx?|php\d?|aspx?|do|action|xml|json)$`)

	countPage = regexp.MustCompile(`\bcountPage\s*=\s*['"]?(\d{1,6})`)
	currentPg = regexp.MustCompile(`\bcurrentPage\s*=\s*['"]?(\d{1,6})`)

	joined       = regexp.MustCompile(`(["'])\s*\+\s*(["'])`) // "index"+"_" is "index_"
	numberedFile = regexp.MustCompile(`([\w\-]{1,40})_["']\s*\+\s*\w+\s*\+\s*["']\.(\w{3,5})`)
)

// maxPagerScript bounds the scripts that are searched for a pager.
const maxPagerScript = 20_000

func (r *pagerReader) script(n *html.Node) {
	if n.FirstChild == nil || len(n.FirstChild.Data) > maxPagerScript || r.Script != nil {
		return
	}
	text := n.FirstChild.Data
	r.Script = r.page.pagesOf(text)
	if strings.Contains(text, "location") {
		r.drawn(text)
	}
}

// pagesOf reads a script that writes a pager, nil when it does not.
func (p *Page) pagesOf(script string) *PagerScript {
	if s := writtenPages(script); s != nil {
		return s
	}
	if strings.Contains(script, "countPage") {
		return p.countedPages(script)
	}
	return nil
}

// writtenPages reads the call of a function that writes a pager from the number of pages
// and that of this one, and the name and extension of the first. In the form that
// counts from 1 the element of the pager comes first:
// createPageHTML('page_div', 10, 1, 'list', 'shtml', 189).
func writtenPages(script string) *PagerScript {
	const most, longest = 40, 8 // calls of a script, commas of a call
	for _, call := range writesPager.FindAllStringSubmatch(script, most) {
		if n := strings.Count(call[1], ","); n < 3 || n > longest {
			continue
		}
		args, inElement := valuesOf(arguments(call[1]), script), false
		if len(args) > 4 && !isDigits(args[0]) {
			args, inElement = args[1:], true
		}
		if len(args) < 4 || !isDigits(args[0]) || !isDigits(args[1]) || !fileOfPages.MatchString(args[2]) || !extOfPages.MatchString(args[3]) {
			continue
		}
		s := &PagerScript{Total: atoi(args[0]), Current: atoi(args[1]), Name: args[2], Ext: args[3]}
		if inElement && s.Current > 0 {
			s.First = 1
		}
		return s
	}
	return nil
}

// countedPages reads a script that numbers the pages by itself. The files are
// those that it writes, else named like the file of this page.
func (p *Page) countedPages(text string) *PagerScript {
	total, current := countPage.FindStringSubmatch(text), currentPg.FindStringSubmatch(text)
	if total == nil || current == nil {
		return nil
	}
	s := &PagerScript{Total: atoi(total[1]), Current: atoi(current[1]), Name: "index", Ext: "html"}
	if g := numberedFile.FindStringSubmatch(joined.ReplaceAllString(text, "")); g != nil {
		s.Name, s.Ext = g[1], g[2]
	} else if name, ext := p.file(); ext != "" {
		s.Name, s.Ext = name, ext
	}
	return s
}

// file is the name of the file of the page, without the number of a page of a
// list, and its extension; both are empty when the address ends in a folder.
func (p *Page) file() (name, ext string) {
	u, err := url.Parse(p.address())
	if err != nil || strings.HasSuffix(u.Path, "/") {
		return "", ""
	}
	name, ext, ok := strings.Cut(path.Base(u.Path), ".")
	if !ok || strings.Contains(ext, ".") {
		return "", ""
	}
	return fileNumber.ReplaceAllString(name, ""), ext
}

var fileNumber = regexp.MustCompile(`_\d{1,5}$`)
