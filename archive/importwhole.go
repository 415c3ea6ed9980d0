package archive

import (
	"cmp"
	"errors"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/dossier-archive/dossier"
)

// Other crawlers keep the further pages of a text as pages like any other, before the first
// or behind it. Those that may belong to a text wait for each other.

// Bounds of what waits, and of what is put together.
const (
	maxWaiting     = 64 << 20 // bytes of pages
	maxWaitingMany = 4096
	maxTogether    = 50 // parts of a page
)

// waitsFor notes what a page waits for that has been read, and reports whether it waits: its
// text goes on in another one, or it may be where that of another goes on.
func (j *importJob) waitsFor(f *foreign) bool {
	if j.GoOn == nil {
		return false
	}
	f.next = ""
	if f.article.Continued != "" {
		if _, _, key, err := j.Place(f.article.Continued); err == nil {
			f.next = key
		}
	}
	return f.next != "" || isFurther(f.page.FinalURL, f.article.Canonical)
}

// isFurther reports whether an address can be that of a further page of the text at first.
func isFurther(address, first string) bool {
	if first == "" || first == address {
		return false
	}
	a, err := url.Parse(address)
	b, firstErr := url.Parse(first)
	if err != nil || firstErr != nil || a.Host != b.Host {
		return false
	}
	ext := path.Ext(b.Path)
	stem := strings.TrimRight(strings.TrimSuffix(b.Path, ext), "1/")
	return stem != "" && strings.HasPrefix(a.Path, stem) && path.Ext(a.Path) == ext
}

// whole gives the pages of a batch that are to be stored now: those that wait for none, those
// that have what they waited for, and those for which there is no more room.
func (j *importJob) whole(batch []*foreign) (ready []*foreign) {
	for _, f := range batch {
		if !f.waits {
			ready = append(ready, f)
			continue
		}
		j.waiting = append(j.waiting, f)
		for _, first := range slices.Clone(j.waiting) {
			if first.next == f.key || first == f {
				ready = append(ready, j.complete(first)...)
			}
		}
	}
	size, from := 0, len(j.waiting)
	for ; from > 0 && len(j.waiting)-from < maxWaitingMany; from-- {
		if size += pageSize(j.waiting[from-1].page); size > maxWaiting {
			break
		}
	}
	return append(ready, j.release(from)...)
}

// complete puts a page together with those that its text goes on in. It is given when it has
// all of them.
func (j *importJob) complete(first *foreign) []*foreign {
	if first.next == "" {
		return nil
	}
	for first.next != "" && j.goesOn(first) {
	}
	if first.next != "" {
		return nil
	}
	j.waiting = slices.DeleteFunc(j.waiting, func(w *foreign) bool { return w == first })
	return []*foreign{first}
}

// goesOn adds to a page the one that its text goes on in, and reports whether there is one:
// of several captures that which was made nearest to it.
func (j *importJob) goesOn(first *foreign) bool {
	best := -1
	apart := func(f *foreign) time.Duration { return f.page.FetchedAt.Sub(first.page.FetchedAt).Abs() }
	for i, f := range j.waiting {
		if f != first && f.key == first.next && f.site == first.site && (best < 0 || apart(f) < apart(j.waiting[best])) {
			best = i
		}
	}
	if best < 0 || len(first.page.Parts) == maxTogether || pageSize(first.page)+pageSize(j.waiting[best].page) > maxPage {
		return false
	}
	further := j.waiting[best]
	article, taken := j.GoOn(first.site, first.page, further.page)
	first.article = article
	j.waitsFor(first)
	if !taken {
		return false
	}
	page := *first.page
	page.Parts = append(slices.Clone(page.Parts), *further.page)
	first.page = &page
	j.waiting = slices.Delete(j.waiting, best, best+1)
	if j.taken == nil {
		j.taken = map[string]bool{}
	}
	j.taken[further.site+" "+further.key] = true
	return true
}

// release gives the first n pages that wait, for which no other one comes: those that may be
// further pages or copies behind the others. A further capture of a page that is part of a text is
// no record.
func (j *importJob) release(n int) (ready []*foreign) {
	for _, f := range j.waiting[:n] {
		if f.next == "" && j.taken[f.site+" "+f.key] {
			f.reason = furtherPage + f.article.Canonical
			j.passForeign(f)
			continue
		}
		ready = append(ready, f)
	}
	j.waiting = slices.Delete(j.waiting, 0, n)
	slices.SortStableFunc(ready, func(a, b *foreign) int { return cmp.Compare(a.rank(), b.rank()) })
	return ready
}

// rank orders pages that waited: copies, and what may be a further page of a text, come last.
func (f *foreign) rank() int {
	if f.named != "" || f.mayBeFurther() {
		return 1
	}
	return 0
}

// mayBeFurther reports whether a page can be a further one of a text by its address.
func (f *foreign) mayBeFurther() bool { return isFurther(f.page.FinalURL, f.article.Canonical) }

// isPartOf gives the reason why a page is no record: it is a further page of the text of one.
func (j *importJob) isPartOf(f *foreign) (reason string, err error) {
	if j.GoOn == nil || !f.mayBeFurther() {
		return "", nil
	}
	c := f.commit
	_, _, key, err := j.Place(f.article.Canonical)
	if err != nil {
		return "", nil
	}
	known, err := c.address(key)
	if err != nil || known.record == 0 || known.reason != "" {
		return "", err
	}
	shown, err := c.stateAt(known.record, c.v.At)
	if err != nil || !shown.page.Valid {
		return "", err
	}
	first, err := j.a.pageFrom(c.ctx, c.tx, shown.page.Int64)
	if errors.Is(err, ErrDamaged) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	for i := range first.Parts {
		if _, _, part, err := j.Place(first.Parts[i].FinalURL); err == nil && part == f.key {
			return furtherPage + f.article.Canonical, nil
		}
	}
	if _, goesOn := j.GoOn(f.site, &first, f.page); !goesOn {
		return "", nil
	}
	return furtherPage + f.article.Canonical + ", which is archived without it: import the files of all its pages with one command", nil
}

const furtherPage = "a further page of the text of "

// pageSize is the size of the bodies of a page.
func pageSize(s *dossier.Snapshot) int {
	n := len(s.Body)
	for i := range s.Parts {
		n += len(s.Parts[i].Body)
	}
	return n
}
