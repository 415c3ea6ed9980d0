package archive

import (
	"database/sql"

	"github.com/dossier-archive/dossier"
)

// A page may name another address as its own: a print copy, an address with parameters. As in a
// crawl the page of that comes first, and where it shows the same article, the other is another
// name of its record.

// namedBy gives the key of the address that the page of an article names as its own, "" when it
// is that.
func (j *importJob) namedBy(f *foreign) string {
	if j.Named == nil || f.said != nil {
		return ""
	}
	url := j.Named(f.site, f.page.FinalURL, f.article)
	if url == "" {
		return ""
	}
	_, _, key, err := j.Place(url)
	if err != nil || key == f.key {
		return ""
	}
	return key
}

// copied makes the address of a page another name of the record at the address that the page names
// as its own, and says whether that was seen before. Where there is no such record, or with another
// article, the outcome has no status.
func (j *importJob) copied(f *foreign, known knownAddress, at sight) (o dossier.Outcome, before bool, err error) {
	c := f.commit
	if f.named == "" || known.record != 0 && known.reason == "" {
		return o, false, nil
	}
	if o, before, err = c.observedBefore(at); before || err != nil {
		return o, before, err
	}
	to, err := c.address(f.named)
	if err != nil || to.record == 0 || to.site != f.site || known.record != 0 && known.record != to.record {
		return o, false, err
	}
	shown, err := c.stateAt(to.record, c.v.At)
	if err != nil {
		return o, false, err
	}
	var archived dossier.Article
	err = c.tx.QueryRowContext(c.ctx, "SELECT title, body FROM versions WHERE record = CAST($1 AS INTEGER) AND number = $2", to.record, shown.number).Scan(&archived.Title, &archived.Body)
	if err != nil {
		return o, false, recordError(to.record, err)
	}
	if !j.IsCopy(archived, f.article) {
		return o, false, nil
	}
	o = dossier.Outcome{Status: dossier.StatusDuplicate, Reason: dossier.ReasonCanonical}
	if before, err = c.refusedBefore(at, o); before || err != nil {
		return o, before, err
	}
	c.record = sql.NullInt64{Int64: to.record, Valid: true}
	return o, false, c.putAddress(f.key, f.page.FinalURL, to.record, dossier.ReasonCanonical)
}
