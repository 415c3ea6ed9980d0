package crawler

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/extract"
)

// The text of an article may stand in several answers: in the document of a frame, or on
// further pages. They are fetched in the visit of its page, and archived with it.

// Bounds of the further answers of one text. What lies behind them is named as where it goes on.
const (
	maxParts     = 50
	maxPartBytes = 32 << 20 // of all of them
)

// framed gives a page with the document of the frame that its text stands in, when it shows
// none itself and makes an article with that. The page is nil when the visit has ended.
func (c *Crawler) framed(ctx context.Context, v *visit, page *extract.Page, at Address) (*extract.Page, error) {
	if v.isList() || page.Kind() == extract.KindArticle {
		return page, nil
	}
	address := page.Frame()
	if address == "" {
		return page, nil
	}
	part, ended, err := c.part(ctx, v, page.Snapshot, address)
	if ended || err != nil {
		return nil, err
	}
	if part == nil {
		v.out.ETag, v.out.LastModified = "", "" // it may come later, in a page that is as it was
		return page, nil
	}
	whole := *page.Snapshot
	whole.Parts = []dossier.Snapshot{*part}
	if framed := page.Another(&whole); framed.IsFramed() && v.isArticle(framed, at) && !framed.Kind().IsExcuse() {
		return framed, nil
	}
	return page, nil
}

// wholeText fetches the further pages of the text of an article. It is nil when the visit
// has ended.
func (c *Crawler) wholeText(ctx context.Context, v *visit, page *extract.Page) (*extract.Page, error) {
	size := 0
	for len(page.Snapshot.Parts) < maxParts && size < maxPartBytes {
		address := page.NextPart()
		if address == "" {
			return page, nil
		}
		part, ended, err := c.part(ctx, v, page.Snapshot, address)
		if ended || err != nil {
			return nil, err
		}
		if part == nil {
			if v.lacking != nil {
				c.log.WarnContext(ctx, "an article is archived without a part of its text, which could not be read",
					"site", v.site.ID, "url", v.task.URL, "part", v.lacking.task.URL, "reason", v.lacking.out.Outcome.Reason)
			}
			v.out.ETag, v.out.LastModified = "", "" // that it is as it was would not bring the rest
			return page, nil
		}
		if !page.GoOn(*part) {
			if len(page.Snapshot.Parts) < v.task.Parts {
				v.missing(dossier.Outcome{Reason: dossier.ReasonNotArticle, Detail: "it shows nothing of the text"}, address)
				return nil, nil
			}
			return page, nil
		}
		size += len(part.Body)
	}
	return page, nil
}

// part fetches a further answer that the text of a page stands in. It is nil when there is
// none to have. One that may come later ends the visit: the page is asked again, and when that
// does not help either, only what has no record yet is archived without it.
func (c *Crawler) part(ctx context.Context, v *visit, of *dossier.Snapshot, address string) (part *dossier.Snapshot, ended bool, err error) {
	a, err := ParseAddress(of.FinalURL, address)
	if err != nil || isThere(of, a) {
		return nil, false, nil
	}
	sub := &visit{site: v.site, task: dossier.Task{URL: a.URL, Host: a.Host, Kind: dossier.KindArticle}, scope: v.scope}
	got, err := c.fetch(ctx, sub)
	v.out.Requests += sub.out.Requests
	v.out.Bytes += sub.out.Bytes
	if stop := stopError(ctx, err); stop != nil {
		return nil, false, stop
	}
	if err != nil {
		sub.fail(err)
		return nil, v.lacks(sub, len(of.Parts)), nil
	}
	if o, final := sub.byStatus(got); final {
		sub.end(o)
	} else if final, err := ParseAddress("", got.FinalURL); err != nil || !isMoved(a, final) || isThere(of, final) || !IsPage(got) {
		sub.end(dossier.Outcome{Status: dossier.StatusFailed, Reason: dossier.ReasonNotArticle, Detail: "the answer of " + got.FinalURL + " is none"})
	} else if o, bad := sub.misdirected(extract.Parse(got)); bad {
		sub.end(o)
	} else {
		return got, false, nil
	}
	return nil, v.lacks(sub, len(of.Parts)), nil
}

// isThere reports whether an address is that of a page, or of a part that it has.
func isThere(of *dossier.Snapshot, a Address) bool {
	return keyOf(of.FinalURL) == a.Key ||
		slices.ContainsFunc(of.Parts, func(p dossier.Snapshot) bool { return keyOf(p.URL) == a.Key || keyOf(p.FinalURL) == a.Key })
}

// isMoved reports whether an address that another leads to is that of the same document, at
// its place or at a new one.
func isMoved(from, to Address) bool {
	name := path.Base(from.Path)
	return plain(from) == plain(to) || name == path.Base(to.Path) && strings.ContainsAny(name, "0123456789")
}

// lacks notes that a part of a text did not come, behind those that did, and reports whether
// that ends the visit: while it may come later, and when the record has it.
func (v *visit) lacks(sub *visit, behind int) bool {
	o := sub.out.Outcome
	if o.Status == dossier.StatusRetry {
		o.Status = dossier.StatusFailed
	}
	failed := o.Status == dossier.StatusFailed
	again := failed && isTransient(o.Reason) && v.task.Attempts+1 < maxAttempts && !v.once && !sub.once
	had := failed && v.task.Archived && !v.task.Cut || behind < v.task.Parts
	if failed {
		v.lacking = sub
	}
	if !again && !had {
		return false // nobody has it, or it is not to be asked
	}
	v.pause, v.once = sub.pause, v.once || sub.once
	v.missing(o, sub.task.URL)
	return true
}

// missing ends the visit of an article of which a part does not come. One that is not to be
// asked any more is no failure, and leaves the record as it is as well.
func (v *visit) missing(o dossier.Outcome, address string) {
	if o.Status != dossier.StatusSkipped {
		o.Status = dossier.StatusFailed
	}
	o.Detail = fmt.Sprintf("a further part of its text, %s: %s", address, o.Detail)
	v.end(o)
	v.out.Snapshot = nil
}
