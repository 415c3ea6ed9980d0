package archive

import (
	"golang.org/x/text/unicode/norm"

	"github.com/dossier-archive/dossier"
)

// spellsAlike reports whether an article differs from a version only in how letters with marks
// are written, as one character or as two, which programs do either way.
func (c *commit) spellsAlike(seq int64, old state, n content) (bool, error) {
	var v dossier.Article
	err := c.tx.QueryRowContext(c.ctx, "SELECT title, date, author, source, body FROM versions WHERE record = $1 AND number = $2", seq, old.number).
		Scan(&v.Title, &v.Date, &v.Author, &v.Source, &v.Body)
	if err != nil {
		return false, recordError(seq, err)
	}
	return ContentDigest(composedOf(v)) == ContentDigest(composedOf(n.article)), nil
}

// composedOf is an article with its letters composed.
func composedOf(a dossier.Article) dossier.Article {
	compose := func(s *string) *string {
		if s == nil {
			return nil
		}
		out := norm.NFC.String(*s)
		return &out
	}
	a.Title, a.Body, a.Author, a.Source = norm.NFC.String(a.Title), norm.NFC.String(a.Body), compose(a.Author), compose(a.Source)
	return a
}
