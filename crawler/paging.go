package crawler

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/extract"
)

const (
	// maxChain is how many pages of one list a run follows.
	maxChain = 10_000
	// maxStale is how many pages of a list in a row may bring nothing that is
	// not known from elsewhere. A home page shows up to 30 articles of a
	// section, and lists have ten rows or more.
	maxStale = 5
)

// nextPages are the page after this one, or what continues each of its lists,
// of a page with so many articles.
func (f *finder) nextPages(pg extract.Pager, base string, articles int) []Address {
	var out []Address
	for _, group := range pg.Groups {
		if a, ok := f.pageAt(base, group); ok {
			out = append(out, a)
		}
	}
	if len(out) > 0 {
		return out
	}
	if next, ok := f.nextPage(pg, base); ok {
		out = append(out, next)
	} else if next, ok := f.nextRows(pg.Rows, articles); ok {
		out = append(out, next)
	}
	return out
}

// nextPage finds the page after this one: from a pager script, from the
// numbers of the pager, or from a link that calls itself next.
func (f *finder) nextPage(pg extract.Pager, base string) (Address, bool) {
	if pg.Script != nil && pg.Script.Next() != "" {
		return f.pageAt(base, pg.Script.Next())
	}
	if a, ok := f.numberedNext(pg, base); ok {
		return a, true
	}
	for _, href := range pg.Next {
		if a, ok := f.pageAt(base, href); ok {
			return a, true
		}
	}
	for _, href := range pg.Likely {
		if a, ok := f.pageAt(base, href); ok && family(a) == family(f.at) {
			return a, true
		}
	}
	return Address{}, false
}

func (f *finder) pageAt(base, href string) (Address, bool) {
	a, err := ParseAddress(base, href)
	return a, err == nil && a.Key != f.at.Key && f.scope.refuses(a) == ""
}

// family is equal for the pages of one list: the address without what counts
// them.
func family(a Address) string {
	file, query, _ := strings.Cut(a.Path, "?")
	file = pageFolder.ReplaceAllString(file, "/")
	file = pageSuffix.ReplaceAllString(file, "$1")
	file = indexFile.ReplaceAllString(file, "/")
	var kept []string
	for _, p := range strings.Split(query, "&") {
		name, _, _ := strings.Cut(p, "=")
		if plain, err := url.QueryUnescape(name); err == nil {
			name = plain
		}
		if name != "" && !pageParameter.MatchString(name) {
			kept = append(kept, p)
		}
	}
	return a.Host + file + "?" + strings.Join(kept, "&")
}

var (
	pageFolder    = regexp.MustCompile(`(?i)/(page|p)/?\d{1,5}/?$`)
	pageSuffix    = regexp.MustCompile(`[_-]?(?:p|page)?\d{1,4}(\.\w{3,5})$`)
	indexFile     = regexp.MustCompile(`(?i)/(index|default|list|node)\.\w{3,5}$`)
	pageParameter = regexp.MustCompile(`(?i)(^|[\[_.])(p|pg|pn|page|paged|page_?no|page_?num(ber)?|page_?index|pageid|page_?size|cur|cur_?page|curr_?page|current_?page|now_?page|to_?page|offset|start|limitstart|b_start|from|begin|total_?pages?|chash)(?::int)?\]?$`)
)

// memory is what the crawler asks of the archive about links.
type memory interface {
	// Known counts the keys that the frontier of the site has never held, and
	// those that it holds since a later run than this.
	Known(ctx context.Context, site string, run int64, keys []string) (unseen, fresh int, err error)
	// LastPage gives the page of a list, by the key of its first page, that stands
	// furthest from that; false when there is none.
	LastPage(ctx context.Context, site, chain string) (dossier.Link, bool, error)
	// OnShow gives the keys of the articles that a page showed first when it was read last, but for
	// those that another has shown since.
	OnShow(ctx context.Context, site, key string) ([]string, error)
}

// proceed decides whether a run goes on to further pages of a list, and says
// why not. A page that brings nothing unseen ends the list; but while what it shows
// became known only since it was read last, it may go on a little: from a home page or
// another list, or from pages before it in a run that did not come as far, whose rows
// have moved down since. A
// page found as a section that brings nothing unseen, such as a calendar with
// the latest news beside it, leads to no further sections; only a list that the home page
// leads to still leads to its years and months, of which that may have shown the newest.
func proceed(ctx context.Context, m memory, site string, t dossier.Task, f *found) (dossier.Reason, error) {
	more := f.more
	f.more = nil
	shown := f.articles
	if len(shown) == 0 {
		shown = f.refused // rows none of which is to be asked: what stands behind them may be
	}
	keys := make([]string, 0, len(shown))
	for _, l := range shown {
		keys = append(keys, l.Key)
	}
	if len(keys) == 0 && t.Chain != "" {
		return dossier.ReasonPagingEmpty, nil
	}
	if len(keys) == 0 {
		return endOf(more), nil
	}
	digest := digestOf(keys)
	if digest == t.Digest {
		f.leave(t, &f.sections, &f.archives)
		return dossier.ReasonPagingRepeat, nil
	}
	if t.Depth >= maxChain {
		return dossier.ReasonPagingLimit, nil
	}
	unseen, fresh, err := m.Known(ctx, site, t.Listed, keys)
	if err != nil {
		return "", fmt.Errorf("links of %s: %w", t.URL, err)
	}
	stale := t.Stale + 1
	if unseen > 0 {
		stale = 0
	}
	if unseen == 0 && t.Kind == dossier.KindMaybe && t.Depth > 0 { // a frame of the home page is read as that is
		f.leave(t, &f.sections)
	}
	if unseen == 0 && t.Depth > 1 && (t.Kind == dossier.KindMaybe || t.Kind == dossier.KindList) {
		f.leave(t, &f.archives)
	}
	end := endOf(more)
	switch {
	case stale > maxStale:
		return end, nil
	case unseen+fresh == 0:
		if more, err = onwards(ctx, m, site, t, f.articles, more); err != nil || len(more) == 0 {
			return end, err
		}
	}
	for i := range more {
		more[i].Stale, more[i].Digest = stale, digest
	}
	f.more = more
	if t.Kind == dossier.KindStart && t.Listed > 0 && len(more)+len(f.whole)+len(f.sections) == 0 && unseen == len(keys) && unseen >= minWindow {
		return dossier.ReasonGap, nil
	}
	return "", nil
}

// leave keeps links that a page is not followed to among those of which only that is kept.
func (f *found) leave(t dossier.Task, lists ...*[]dossier.Link) {
	for _, list := range lists {
		for _, l := range *list {
			if len(f.asides) < maxAsides {
				l.Aside, l.Host = true, t.Host
				f.asides = append(f.asides, l)
			}
		}
		*list = nil
	}
}

// minWindow is how many articles a page shows at the least of which one that was shown
// before is expected at the next run.
const minWindow = 3

// hasLostRows reports whether a list that was read before shows no more than a few articles beside what it
// says, all of them known, and half of those that it showed then at most: when an error stands in the place
// of its rows, the box of the latest ones beside it is all that is left.
func hasLostRows(ctx context.Context, m memory, site string, t dossier.Task, page *extract.Page, f *found) (bool, error) {
	if t.Kind != dossier.KindStart && t.Kind != dossier.KindList || t.Listed == 0 || t.Chain != "" ||
		len(f.articles) == 0 || len(f.articles) > maxBeside || len(f.more)+len(f.whole) > 0 || !page.HasRowsBeside() {
		return false, nil
	}
	before, err := m.OnShow(ctx, site, t.Key)
	if err != nil || len(before) < minWindow {
		return false, err
	}
	keys := make([]string, 0, len(f.articles))
	for _, l := range f.articles {
		keys = append(keys, l.Key)
	}
	unseen, _, err := m.Known(ctx, site, t.Listed, keys)
	left := 0
	for _, key := range before {
		if slices.Contains(keys, key) {
			left++
		}
	}
	return unseen == 0 && left*2 <= len(before), err
}

// onwards are the pages on which a list that begins with its oldest articles goes on:
// the last page that is known, and behind one that was the last those that were never
// seen. Pages without end always lead to others.
func onwards(ctx context.Context, m memory, site string, t dossier.Task, articles, more []dossier.Link) ([]dossier.Link, error) {
	if !isRising(articles) {
		return nil, nil
	}
	if t.Chain == "" {
		last, ok, err := m.LastPage(ctx, site, t.Key)
		if err != nil {
			return nil, fmt.Errorf("last page of %s: %w", t.URL, err)
		}
		if ok {
			last.Listed = t.Listed
			return []dossier.Link{last}, nil
		}
	}
	if t.Ended {
		return nil, nil
	}
	var out []dossier.Link
	for _, l := range more {
		unseen, _, err := m.Known(ctx, site, t.Run, []string{l.Key})
		if err != nil {
			return nil, fmt.Errorf("pages of %s: %w", t.URL, err)
		}
		if unseen > 0 {
			out = append(out, l)
		}
	}
	return out, nil
}

// isRising reports whether the dates of rows never fall, and do rise.
func isRising(articles []dossier.Link) bool {
	var dates []string
	for _, l := range articles {
		if l.Witness.Date != "" {
			dates = append(dates, l.Witness.Date)
		}
	}
	return len(dates) >= 3 && slices.IsSorted(dates) && dates[0] < dates[len(dates)-1]
}

// endOf is the reason for not going on, "" where there was nothing to go to.
func endOf(more []dossier.Link) dossier.Reason {
	if len(more) == 0 {
		return ""
	}
	return dossier.ReasonPagingEnd
}

// digestOf names a set of keys.
func digestOf(keys []string) string {
	sorted := slices.Clone(keys)
	slices.Sort(sorted)
	sum := sha256.Sum256([]byte(strings.Join(slices.Compact(sorted), "\n")))
	return hex.EncodeToString(sum[:8])
}

// afterFailure steps over a page of a list that could not be fetched, so that
// the pages behind it are not lost: the same address with the next number. Two in a
// row that are not there are behind its end.
func afterFailure(t dossier.Task, gone bool) []dossier.Link {
	most := maxStale
	if gone {
		most = 1
	}
	if t.Kind != dossier.KindList || t.Chain == "" || t.Stale >= most {
		return nil
	}
	from, to, ok := numberOfPage(t.URL)
	if !ok {
		return nil
	}
	n, err := strconv.Atoi(t.URL[from:to])
	if err != nil {
		return nil
	}
	a, err := ParseAddress("", t.URL[:from]+strconv.Itoa(n+1)+t.URL[to:])
	if err != nil {
		return nil
	}
	if u, err := url.Parse(t.URL); err != nil || u.Host != a.Host {
		return nil
	}
	return []dossier.Link{{URL: a.URL, Key: a.Key, Host: a.Host, Kind: dossier.KindList, Depth: t.Depth + 1,
		Chain: t.Chain, Stale: t.Stale + 1, Digest: t.Digest, Listed: t.Listed}}
}

// numberOfPage finds where an address counts the pages of a list: the parameter
// that is named so, else the last number that can.
func numberOfPage(address string) (from, to int, ok bool) {
	for _, at := range numberParameter.FindAllStringSubmatchIndex(address, -1) {
		if pageParameter.MatchString(address[at[2]:at[3]]) {
			return at[4], at[5], true
		}
	}
	at := lastNumber.FindAllStringSubmatchIndex(address, -1)
	if len(at) == 0 {
		return 0, 0, false
	}
	return at[len(at)-1][2], at[len(at)-1][3], true
}

// numberParameter finds parameters whose value is a number.
var numberParameter = regexp.MustCompile(`[?&]([^=&#]+)=(\d{1,5})\b`)

// lastNumber finds the numbers that can count pages.
var lastNumber = regexp.MustCompile(`[_\-=/a-zA-Z](\d{1,5})(?:\.\w{3,5}|/|$|&)`)
