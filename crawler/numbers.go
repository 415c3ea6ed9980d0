package crawler

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/dossier-archive/dossier/extract"
)

// A run is a row of numbers as a pager shows them, in ascending order.
type run []numbered

// numbered is a number of a pager with its address, nil where this page itself
// is shown.
type numbered struct {
	n    int
	addr *Address
}

// runs splits the numbers of a page where they begin anew: a pager above and
// one below the list, a calendar beside them.
func (f *finder) runs(numbers []extract.Numbered, base string) []run {
	var out []run
	last := 0
	for _, number := range numbers {
		item := numbered{n: number.N}
		if a, err := ParseAddress(base, number.Href); number.Href != "" && err == nil && f.scope.refuses(a) == "" {
			item.addr = &a
		} else if number.Href != "" {
			continue
		}
		if number.N <= last || len(out) == 0 {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], item)
		last = number.N
	}
	return out
}

// numberedNext is the address behind the number that follows that of this page.
func (f *finder) numberedNext(pg extract.Pager, base string) (Address, bool) {
	for _, r := range f.runs(pg.Numbers, base) {
		current, own := r.current(f.at, pg.Current)
		next := r.at(current + 1)
		switch {
		case r.countsRows():
			next = r.behind(current)
		case current == 0:
			continue
		}
		if next != nil && next.Key != f.at.Key && (own || family(*next) == family(f.at) || r.counter().counts(f.at, *next) || isView(f.at, *next) || r.leadsFrom(current, pg.Current)) {
			return *next, true
		}
	}
	return Address{}, false
}

// leadsFrom reports whether a run shows its first page as the one that is shown here,
// by a mark or by no address, and the page after it at an address that is named as pages
// are, wherever that is.
func (r run) leadsFrom(current, marked int) bool {
	if current != 1 || r[0].n != 1 || r[0].addr != nil && marked != 1 || len(r) < 2 || r[1].addr == nil {
		return false
	}
	next := *r[1].addr
	for _, p := range parameters(next) {
		if pageParameter.MatchString(p.name) && isNumber(p.value) {
			return true
		}
	}
	return pagePlace.MatchString(next.File())
}

// pagePlace finds paths that are named as further pages of a list.
var pagePlace = regexp.MustCompile(`(?i)(/(page|p)/\d{1,3}/?|/(index|list|page|default)[_-]?\d{1,3}\.\w{3,5})$`)

// current is the number of a page in a run, 0 when it is none of the run's
// pages; own says that the run has the address of the page.
func (r run) current(at Address, marked int) (n int, own bool) {
	c := r.counter()
	if c.isDay() {
		return 0, false
	}
	for _, item := range r {
		if item.addr != nil && item.addr.Key == at.Key {
			return item.n, true
		}
	}
	if n, ok := c.number(at); ok {
		return n, false
	}
	for _, item := range r {
		if item.addr == nil && (r.at(item.n-1) != nil || r.at(item.n+1) != nil) {
			return item.n, false
		}
	}
	if n := r.gap(); n > 0 {
		return n, false
	}
	first := r[0].n
	for _, item := range r {
		if item.addr != nil {
			first = item.n
			break
		}
	}
	switch {
	case marked > 0:
		return marked, false
	case first == 1 || first == 2:
		return 1, false
	}
	return 0, false
}

// countsRows reports whether a run counts rows instead of pages, 0, 10, 20, and says them
// in its addresses as well.
func (r run) countsRows() bool {
	c := r.counter()
	if c.parameter == "" || c.step != 1 || c.offset != 0 || c.isDay() {
		return false
	}
	for i, item := range r {
		if i > 0 && item.n-r[i-1].n < minRows {
			return false
		}
	}
	return true
}

// behind is the first address after a number in a run.
func (r run) behind(n int) *Address {
	for _, item := range r {
		if item.n > n && item.addr != nil {
			return item.addr
		}
	}
	return nil
}

// minRows is how many rows pages have at the least that are counted by them.
const minRows = 3

// gap is the one number that is missing between linked ones: that of this page, which
// a pager may show as plain text. It is 0 when there are more, or none.
func (r run) gap() int {
	found := 0
	for i := 1; i < len(r); i++ {
		switch n := r[i].n - r[i-1].n; {
		case n == 2 && found == 0:
			found = r[i].n - 1
		case n > 1:
			return 0
		}
	}
	return found
}

// at is the address of a number of a run, nil when it has none.
func (r run) at(n int) *Address {
	for _, item := range r {
		if item.n == n {
			return item.addr
		}
	}
	return nil
}

// counter is the place in the addresses of a run that counts its pages: the
// one that most of the neighbours agree on.
func (r run) counter() counter {
	votes := map[counter]int{}
	var best counter
	var before numbered
	for _, item := range r {
		if item.addr == nil {
			continue
		}
		if before.addr != nil {
			if c, ok := counterOf(before, item); ok {
				votes[c]++
				if votes[c] > votes[best] {
					best = c
				}
			}
		}
		before = item
	}
	return best
}

// A counter is a place in an address that grows with the number of the page:
// a number in a parameter of the query, or in the path. The zero value counts
// nothing.
type counter struct {
	file           string // of a parameter: the path that it belongs to
	parameter      string // its name
	prefix, suffix string // what stands around the number, in the value of the parameter or in the path
	step, offset   int    // value = step*page + offset
}

// counterOf compares the addresses of two pages. A counter begins near 0: the
// ids of articles behind the numbers of a slide show do not.
func counterOf(a, b numbered) (counter, bool) {
	c, low, high := differing(*a.addr, *b.addr)
	if (high-low)%(b.n-a.n) != 0 || high == low {
		return counter{}, false
	}
	c.step = (high - low) / (b.n - a.n)
	c.offset = low - c.step*a.n
	first := c.step + c.offset
	return c, c.step == -1 || c.step > 0 && 0 <= first && first <= c.step+1
}

// differing finds where two addresses differ, with the numbers there.
func differing(a, b Address) (c counter, low, high int) {
	if a.Host == b.Host && a.File() == b.File() {
		return differingParameter(a, b)
	}
	prefix, suffix, low, high, ok := differingNumber(a.Path, b.Path)
	if a.Host != b.Host || !ok {
		return counter{}, 0, 0
	}
	return counter{prefix: prefix, suffix: suffix}, low, high
}

// differingNumber finds the number in which two texts differ, and what stands around it in both;
// false when they differ in more, or the number is long.
func differingNumber(x, y string) (prefix, suffix string, low, high int, ok bool) {
	from := 0
	for from < min(len(x), len(y)) && x[from] == y[from] {
		from++
	}
	for from > 0 && isDigit(x[from-1]) {
		from--
	}
	i, j := from, from
	for i < len(x) && isDigit(x[i]) {
		i++
	}
	for j < len(y) && isDigit(y[j]) {
		j++
	}
	if x[i:] != y[j:] || i-from > 5 || j-from > 5 {
		return "", "", 0, 0, false
	}
	return x[:from], x[i:], number(x[from:i]), number(y[from:j]), true
}

// differingParameter finds the first parameter with another number, or with another one in its value.
func differingParameter(a, b Address) (c counter, low, high int) {
	others := parameters(b)
	for _, p := range parameters(a) {
		for _, q := range others {
			if p.name != q.name || p.value == q.value {
				continue
			}
			if isNumber(p.value) && isNumber(q.value) {
				return counter{file: a.File(), parameter: p.name}, number(p.value), number(q.value)
			}
			if prefix, suffix, low, high, ok := differingNumber(p.value, q.value); ok && prefix+suffix != "" {
				return counter{file: a.File(), parameter: p.name, prefix: prefix, suffix: suffix}, low, high
			}
		}
	}
	return counter{}, 0, 0
}

type parameter struct{ name, value string }

// parameters are those of a query in their order.
func parameters(a Address) []parameter {
	_, query, _ := strings.Cut(a.Path, "?")
	var out []parameter
	for field := range strings.FieldsFuncSeq(query, func(r rune) bool { return r == '&' || r == ';' }) {
		name, value, _ := strings.Cut(field, "=")
		if plain, err := url.QueryUnescape(name); err == nil {
			name = plain
		}
		if name != "" {
			out = append(out, parameter{name, value})
		}
	}
	return out
}

// number is the page that an address is by what it counts.
func (c counter) number(at Address) (int, bool) {
	value := ""
	switch {
	case c.parameter != "" && sameFile(c.file, at.File()):
		for _, p := range parameters(at) {
			if p.name == c.parameter && len(p.value) > len(c.prefix)+len(c.suffix) && strings.HasPrefix(p.value, c.prefix) && strings.HasSuffix(p.value, c.suffix) {
				value = p.value[len(c.prefix) : len(p.value)-len(c.suffix)]
			}
		}
	case c.suffix+c.prefix != "" && strings.HasPrefix(at.Path, c.prefix) && strings.HasSuffix(at.Path, c.suffix) && len(at.Path) > len(c.prefix)+len(c.suffix):
		value = at.Path[len(c.prefix) : len(at.Path)-len(c.suffix)]
	}
	if !isNumber(value) || (number(value)-c.offset)%c.step != 0 {
		return 0, false
	}
	return (number(value) - c.offset) / c.step, true
}

// isView reports whether two addresses are of one file, the second with
// further parameters.
func isView(at, next Address) bool {
	return at.Host == next.Host && sameFile(at.File(), next.File()) && within(parameters(at), parameters(next))
}

// counts reports whether a page can be the first of those that are counted:
// with the same file and no parameter that next has not, or at the place under
// which they stand.
func (c counter) counts(at, next Address) bool {
	if _, ok := c.number(at); ok {
		return true
	}
	if at.Host != next.Host || c == (counter{}) {
		return false
	}
	if c.parameter != "" {
		return isView(at, next)
	}
	place := plainFile(at.File())
	rest, below := strings.CutPrefix(c.prefix, place)
	return below && placeOfPages.MatchString(rest) || folderOf(at.File()) == folderOf(c.prefix)
}

// placeOfPages is what stands between the address of a list and the numbers of
// its pages: nothing, or a word.
var placeOfPages = regexp.MustCompile(`^([/_.\-][\w\-]*[/_.\-]?)?$`)

func folderOf(file string) string { return file[:strings.LastIndexByte(file, '/')+1] }

// plainFile is a path without the name of an index file, extension and stroke
// at its end.
func plainFile(file string) string {
	file = indexFile.ReplaceAllString(file, "/")
	if i := strings.LastIndexByte(file, '.'); i > strings.LastIndexByte(file, '/') {
		file = file[:i]
	}
	return strings.TrimSuffix(file, "/")
}

func sameFile(a, b string) bool {
	return a == b || indexFile.ReplaceAllString(a, "/") == indexFile.ReplaceAllString(b, "/")
}

func within(some, all []parameter) bool {
	for _, p := range some {
		if !slices.Contains(all, p) && !pageParameter.MatchString(p.name) {
			return false
		}
	}
	return true
}

// isDay holds for counters of days, months and years: those are the places of
// a calendar.
func (c counter) isDay() bool {
	return dayParameter.MatchString(c.parameter) || dayFolder.MatchString(c.prefix)
}

var (
	dayParameter = regexp.MustCompile(`(?i)(^|[_\-\[.])(d|m|y|day|date|month|year|week|yue|nian|ri)\]?$|calendar`)
	dayFolder    = regexp.MustCompile(`/(19|20)\d\d(/|-|_)?(\d{1,2}(/|-|_))?$|(?i)calendar`)
)

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isNumber(s string) bool {
	return s != "" && len(s) <= 7 && strings.Trim(s, "0123456789") == ""
}

func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
