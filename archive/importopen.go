package archive

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive/warc"
)

// open unpacks and reads one record, or says why not.
func (j *importJob) open(f *foreign) {
	f.reason = j.openRecord(f)
	f.record.Block, f.parts = nil, nil
}

func (j *importJob) openRecord(f *foreign) (reason string) {
	if f.seen != nil {
		return ""
	}
	if f.record.Problem != "" {
		f.damaged = true
		return f.record.Problem
	}
	if f.record.Date.After(time.Now().Add(maxAhead)) {
		return "its date lies in the future: " + stamped(f.record.Date)
	}
	switch f.record.Type {
	case "revisit":
		return j.openRevisit(f)
	case "continuation":
		return "a further part of what stands in several records, which are not joined"
	}
	page, err := f.record.Page(maxPage)
	cut := errors.Is(err, warc.ErrCut)
	switch {
	case err != nil && !cut:
		f.damaged = !errors.Is(err, warc.ErrForeign)
		return err.Error()
	case page.Status >= 400:
		return j.openRefusal(f, page)
	case isRedirect(page):
		return j.openRedirect(f, page)
	case page.Status == http.StatusPartialContent:
		return "the server answered 206, with a part of the page"
	case page.Status < 200 || page.Status > 299:
		return otherStatus(page.Status)
	case !j.IsPage(page):
		return "not an HTML page: " + warc.MediaType(page)
	case cut:
		f.damaged = true
		return err.Error()
	}
	f.payload = f.record.HasOtherPayload()
	return j.openPage(f, page)
}

// openPage makes ready a page that is whole.
func (j *importJob) openPage(f *foreign, page *dossier.Snapshot) (reason string) {
	var err error
	if f.site, page.FinalURL, f.key, err = j.Place(page.FinalURL); err != nil {
		return err.Error()
	}
	if f.asked != nil {
		page.Request = f.asked
	}
	if page.Parts, err = openParts(f.parts); err != nil {
		f.damaged = true
		return "a part of its text: " + err.Error()
	}
	f.article, err = j.Read(j.ctx, f.site, page)
	shows := f.article.Body != "" && f.article.Title != ""
	var none NoArticle
	switch {
	case errors.As(err, &none) && (f.said == nil || !shows): // beside what is one of a record, the file says so
		return j.refuse(f, page, none.Outcome, none.Error())
	case err != nil && !errors.As(err, &none):
		return err.Error()
	case f.article.Body == "":
		return j.refuse(f, page, textGone, noArticleFound)
	case !shows:
		return noArticleFound
	}
	f.page = page
	f.named = j.namedBy(f)
	if f.waits = j.waitsFor(f) || f.named != ""; !f.waits {
		f.commit, f.err = j.arrival(f)
	}
	return ""
}

const noArticleFound = "no article was found on the page"

// openRevisit makes ready what says that a page was seen again as it was.
func (j *importJob) openRevisit(f *foreign) (reason string) {
	status := http.StatusOK
	if strings.HasSuffix(f.record.Get("WARC-Profile"), "/server-not-modified") {
		status = http.StatusNotModified
	}
	return j.openBare(f, status)
}

// openBare makes ready a record of which no page is kept.
func (j *importJob) openBare(f *foreign, status int) (reason string) {
	site, url, key, err := j.Place(f.record.URI)
	if err != nil {
		return err.Error()
	}
	v := &dossier.Visit{At: f.record.Date.UTC(), FinalKey: key, Task: dossier.Task{URL: url}, HTTP: status}
	f.site, f.key = site, key
	f.commit = &commit{ctx: j.ctx, v: v, origin: originImport, site: site, key: key}
	return ""
}

// arrival makes of a capture that no run has made what a transaction needs.
func (j *importJob) arrival(f *foreign) (*commit, error) {
	v := &dossier.Visit{At: f.page.FetchedAt.UTC(), Snapshot: f.page, FinalKey: f.key, Article: &f.article, Task: dossier.Task{URL: f.page.FinalURL}}
	c := &commit{ctx: j.ctx, v: v, origin: originImport, site: f.site, key: f.key, said: f.said}
	if err := c.prepare(j.a); err != nil {
		return nil, fmt.Errorf("import %s: %w", f.page.URL, err)
	}
	return c, nil
}
