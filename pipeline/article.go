package pipeline

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/extract"
)

// visit makes one attempt at a task and reads the page if it is an article.
func (r *run) visit(ctx context.Context, t dossier.Task) (dossier.Visit, error) {
	if t.Canonical != "" {
		if v, ok, err := r.knownCopy(ctx, t); ok || err != nil {
			return v, err
		}
	}
	if err := r.askWhole(ctx, &t); err != nil {
		return dossier.Visit{Task: t}, err
	}
	v, page, err := r.Crawler.Visit(ctx, r.site, t)
	if err != nil {
		return v, err
	}
	ctx = context.WithoutCancel(ctx) // what has been fetched is finished
	if page == nil {
		return r.textLost(ctx, v)
	}
	a := page.Article(r.site.Rules)
	testify(&a, t.Witness)
	v.Article = &a
	v.Outcome = dossier.Outcome{Status: dossier.StatusNew}
	if reason, detail := r.rejects(t, a); reason != "" {
		v.Article, v.Kind = nil, "" // it stays what it was taken for, and is judged alike the next time
		v.Outcome = dossier.Outcome{Status: dossier.StatusSkipped, Reason: reason, Detail: detail}
		return r.textLost(ctx, v)
	}
	if settled, err := r.compare(ctx, &v, page); settled || err != nil {
		return v, err
	}
	return r.canonical(ctx, v)
}

// askWhole has the page of an article that stands in several answers asked for without a
// condition: that its first page is as it was says nothing of the others. One without a text
// may have it in a frame.
func (r *run) askWhole(ctx context.Context, t *dossier.Task) error {
	if !t.Archived {
		return nil
	}
	rec, err := r.Store.RecordAt(ctx, r.site.ID, t.Key)
	if err != nil || rec == nil {
		return err
	}
	t.Gone = !rec.Gone.IsZero()
	if t.Parts, t.Cut = len(rec.Parts), rec.Continued != ""; t.Parts > 0 || t.Cut || rec.Body == "" {
		t.ETag, t.LastModified = "", ""
	}
	return nil
}

// compare sets an article beside the record of its address. One that differs is
// a change of the page, but for three cases that it settles: the page has lost its
// text, only writes its day with a midnight that says nothing, or only reads otherwise.
func (r *run) compare(ctx context.Context, v *dossier.Visit, page *extract.Page) (settled bool, err error) {
	rec, err := r.Store.RecordAt(ctx, r.site.ID, v.FinalKey)
	if err != nil || rec == nil || rec.Article.SameContent(*v.Article) {
		return false, err
	}
	if v.Article.Body == "" && rec.Body != "" || page.Kind().IsExcuse() && !page.IsUnder(v.Task.Witness.Title) || isOther(rec.Article, *v.Article) || r.isListNow(ctx, rec, v, page) {
		v.Article = nil
		v.Outcome, err = r.textGone(ctx, v, rec)
		return true, err
	}
	if isMidnightOf(rec.Date, v.Article.Date) || isMidnightOf(v.Article.Date, rec.Date) {
		now := *v.Article
		now.Date = rec.Date
		if rec.Article.SameContent(now) {
			v.Article, v.Outcome = nil, dossier.Outcome{Status: dossier.StatusUnchanged}
			return true, nil
		}
	}
	return r.onlyReadOtherwise(ctx, rec, v, page)
}

// textLost looks whether a page that shows nothing to archive is that of a
// record: then it is a fault of the page, and asked again like one.
func (r *run) textLost(ctx context.Context, v dossier.Visit) (dossier.Visit, error) {
	if v.Outcome.Reason != dossier.ReasonNoText && v.Outcome.Reason != dossier.ReasonNotArticle {
		return v, nil
	}
	rec, err := r.Store.RecordAt(ctx, r.site.ID, v.FinalKey)
	if err == nil && rec != nil && rec.Body != "" {
		v.Outcome, err = r.textGone(ctx, &v, rec)
	}
	return v, err
}

// isMidnightOf reports whether a time is that which templates print with a day of which they
// know no time: 2026-11-27T00:00:00+08:00 of 2026-11-27.
func isMidnightOf(day, at string) bool {
	return len(day) == len(time.DateOnly) && strings.HasPrefix(at, day+"T00:00:00")
}

// textGone is the outcome of a page that shows another text than that of its record, or none: it is
// gone when the site answers any address so, and shows its other articles.
func (r *run) textGone(ctx context.Context, v *dossier.Visit, rec *dossier.Record) (dossier.Outcome, error) {
	if v.Snapshot != nil && r.Crawler.IsNothing(ctx, r.site, v) {
		shows, err := r.showsOthers(ctx, v, rec)
		if shows || err != nil {
			return dossier.Outcome{Status: dossier.StatusGone, Reason: dossier.ReasonNotFoundText,
				Detail: "the page shows its text no more, and an address that does not exist is answered alike"}, err
		}
	}
	return dossier.Outcome{Status: dossier.StatusFailed, Reason: dossier.ReasonTextGone, Detail: "the page shows its text no more; the record stays as it was"}, nil
}

// mostOthers is how many articles are looked at for one that the site still shows.
const mostOthers = 3

// showsOthers reports whether the site shows one of its newest articles but that of a record. It is
// asked once a run.
func (r *run) showsOthers(ctx context.Context, v *dossier.Visit, but *dossier.Record) (bool, error) {
	r.sound.Do(func() {
		var others []dossier.Record
		if others, r.soundErr = r.Store.Newest(ctx, r.site.ID, mostOthers+1); r.soundErr != nil {
			return
		}
		others = slices.DeleteFunc(others, func(o dossier.Record) bool { return o.ID == but.ID })
		r.isSound = slices.ContainsFunc(others[:min(len(others), mostOthers)], func(o dossier.Record) bool {
			return r.Crawler.ShowsStill(ctx, r.site, v, o.URL, o.Title)
		})
	})
	return r.isSound, r.soundErr
}

// maxExcuse is how long a text can be that stands in the place of another.
const maxExcuse = 600

// isOther reports whether a page that was an article shows something else now, in
// whatever words: a short text that the page gives no day, of which the article has no line.
func isOther(before, now dossier.Article) bool {
	if before.Date == "" || extract.HasOwnDate(now) || utf8.RuneCountInString(now.Body) > maxExcuse {
		return false
	}
	had := extract.Squeeze(before.Title + before.Body)
	for line := range strings.Lines(now.Title + "\n" + now.Body) {
		if line = extract.Squeeze(line); line != "" && strings.Contains(had, line) {
			return false
		}
	}
	return true
}

// isListNow reports whether a page that was an article shows a list under another headline: the
// home page, or that of its section.
func (r *run) isListNow(ctx context.Context, rec *dossier.Record, v *dossier.Visit, page *extract.Page) bool {
	if page.Kind() != extract.KindList || extract.SameHeadline(rec.Title, v.Article.Title) {
		return false
	}
	before, err := r.Store.Snapshot(ctx, rec.ID, rec.Version)
	return err != nil || page.Another(&before).Kind() != extract.KindList
}

// onlyReadOtherwise recognises an article that differs from its record because
// pages are read in another way since, by a newer program or with more known of
// the site. The page that the record was read from is read again: if it gives
// the same article, the site has changed nothing.
func (r *run) onlyReadOtherwise(ctx context.Context, rec *dossier.Record, v *dossier.Visit, page *extract.Page) (bool, error) {
	before, err := r.Store.Snapshot(ctx, rec.ID, rec.Version)
	if err != nil {
		return false, ctx.Err() // without that page there is nothing to compare
	}
	same := dossier.Article.SameContent
	if before.FinalURL != v.Snapshot.FinalURL { // a repost, which has the text in common
		same = sameStory
	}
	if same(rec.Article, *v.Article) || !same(page.Another(&before).Article(r.site.Rules), *v.Article) {
		return false, nil
	}
	v.Article = nil
	v.Outcome = dossier.Outcome{Status: dossier.StatusUnchanged, Reason: dossier.ReasonReading, Detail: "`dossier replay` reads the record as this program does"}
	return true, nil
}

// rejects says why a page is not archived as an article. A page that the site
// names is taken as soon as it has text. One that was only found by its looks
// also needs a date, or a row with a headline that led to it.
func (r *run) rejects(t dossier.Task, a dossier.Article) (dossier.Reason, string) {
	switch {
	case a.Body == "" && (a.Title == "" || t.Kind == dossier.KindMaybe && len(a.Attachments) == 0 && !isAnnounced(t, a)):
		return dossier.ReasonNoText, "no text was found on the page"
	case t.Kind == dossier.KindMaybe && a.Date == "" && t.Witness.Date == "" && t.Witness.Title == "":
		return dossier.ReasonNoDate, "found without a pattern, and the page shows no date"
	}
	return "", ""
}

// isAnnounced reports whether a page shows the headline of the row that led to it, and a
// date: its text may be a picture or a film.
func isAnnounced(t dossier.Task, a dossier.Article) bool {
	return t.Witness.Title != "" && a.Date != "" && extract.SameHeadline(a.Title, t.Witness.Title)
}

// canonical deals with a page that names another address as its own: a print
// copy, an address with parameters. That address is asked first; when it
// turns out to hold the same article, this one is an alias of it, and a record
// that stood here moves there.
func (r *run) canonical(ctx context.Context, v dossier.Visit) (dossier.Visit, error) {
	link, ok := r.Crawler.Canonical(r.site, v)
	if !ok {
		return v, nil
	}
	rec, err := r.Store.RecordAt(ctx, r.site.ID, link.Key)
	if err != nil {
		return v, err
	}
	switch {
	case rec != nil && rec.URL == v.Snapshot.FinalURL: // that is known as another name of this one
		v.Canonical = link.Key
	case rec != nil && IsCopy(rec.Article, *v.Article):
		return aliasOf(v, rec, link.Key), nil
	case rec == nil && v.Task.Canonical == "":
		v.Outcome = dossier.Outcome{Status: dossier.StatusRetry, Reason: dossier.ReasonCanonical, Detail: "a copy of " + link.URL + ", which is asked first"}
		v.Canonical, v.RetryAt = link.Key, time.Now().UTC()
		v.Task.Witness.Title = v.Article.Title
		v.Links, v.Article, v.Snapshot = []dossier.Link{link}, nil, nil
	}
	return v, nil
}

// knownCopy ends a task whose canonical address has been archived meanwhile,
// without asking for the page again.
func (r *run) knownCopy(ctx context.Context, t dossier.Task) (dossier.Visit, bool, error) {
	v := dossier.Visit{Task: t, At: time.Now().UTC()}
	rec, err := r.Store.RecordAt(ctx, r.site.ID, t.Canonical)
	if err != nil || rec == nil || !sameText(rec.Title, t.Witness.Title) {
		return v, false, err
	}
	return aliasOf(v, rec, t.Canonical), true, nil
}

func aliasOf(v dossier.Visit, rec *dossier.Record, canonical string) dossier.Visit {
	v.Outcome = dossier.Outcome{Status: dossier.StatusDuplicate, Reason: dossier.ReasonCanonical, Record: rec.ID}
	v.Canonical, v.Article, v.Snapshot = canonical, nil, nil
	return v
}

// IsCopy compares a copy with what is archived. A print copy shows the
// same text with less around it, so most lines have to be equal, not all.
func IsCopy(a, b dossier.Article) bool {
	if sameText(a.Body, b.Body) {
		return true
	}
	lines := map[string]bool{}
	total := 0
	for line := range strings.Lines(a.Body) {
		lines[extract.Squeeze(line)] = true
		total += len(line)
	}
	shared := 0
	for line := range strings.Lines(b.Body) {
		if lines[extract.Squeeze(line)] {
			shared += len(line)
		}
	}
	return shared*10 >= min(total, len(b.Body))*8 && shared > 0
}

func sameStory(a, b dossier.Article) bool {
	return sameText(a.Title, b.Title) && sameText(a.Body, b.Body)
}

func sameText(a, b string) bool { return extract.Squeeze(a) == extract.Squeeze(b) }
