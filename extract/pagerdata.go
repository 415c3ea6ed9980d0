package extract

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// What the data attributes are called in which an element tells its script the pages of
// a list, without strokes.
var (
	dataCurrent = regexp.MustCompile(`^(page|page(index|no|num|number|current)|cur|current|(cur|current|now)page)$`)
	dataPages   = regexp.MustCompile(`^(pages|pages?(count|total)|(total|max|last)pages?)$`)
)

// placeOfNumber finds where the number of a page goes into an address.
var placeOfNumber = regexp.MustCompile(`(?i)\$?\{+\s*(?:page\w*|p|n|num|0)\s*\}+|\[page\w*\]|__page\w*?__|%7b(?:page\w*|p)%7d|\((?::num|page)\)`)

// filled reads an element that a script fills with a pager: data-pagecount="3"
// data-pageindex="1" data-url="index_{page}.html". Without an address only one that is
// named as a pager says that the list goes on: slide shows count as well.
func (r *pagerReader) filled(n *html.Node) {
	current, pages, address := -1, 0, ""
	for _, a := range n.Attr {
		name, ok := strings.CutPrefix(a.Key, "data-")
		value := strings.TrimSpace(a.Val)
		if !ok || value == "" || len(value) > maxDataValue {
			continue
		}
		name = strokes.Replace(name)
		switch {
		case isDigits(value) && dataCurrent.MatchString(name):
			current = atoi(value)
		case isDigits(value) && dataPages.MatchString(name):
			pages = atoi(value)
		case address == "" && !strings.Contains(value, " ") && strings.ContainsAny(value, "/.?") && placeOfNumber.MatchString(value):
			address = value
		}
	}
	switch {
	case current < 0 || current >= pages:
	case address != "":
		r.Next = append(r.Next, placeOfNumber.ReplaceAllLiteralString(address, strconv.Itoa(current+1)))
	case hasRegionWord(n, pagerNames):
		r.Unread = true
	}
}

const maxDataValue = 500 // bytes of a data attribute that is looked at

var (
	strokes    = strings.NewReplacer("-", "", "_", "")
	pagerNames = wordSet("pager", "pages", "pagination", "paging", "page", "pagebar", "pagelist", "fenye")
)
