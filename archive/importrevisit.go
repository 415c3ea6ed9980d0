package archive

import (
	"fmt"

	"github.com/dossier-archive/dossier"
)

// A page that shows the text of a record in other bytes is not kept. Where a file says later that
// it was seen again as it was, that is a sight of the record all the same.

// pagedAs names a page of the files that are imported.
type pagedAs struct{ key, digest string }

// noteText remembers which version of a record a page has the text of that is not kept.
func (j *importJob) noteText(f *foreign, o dossier.Outcome, known knownAddress) error {
	digest := f.record.Get(payloadDigest)
	if f.page == nil || digest == "" || o.Status != dossier.StatusUnchanged || f.commit.same.Valid || known.record == 0 || known.reason != "" || len(j.paged) == maxLate {
		return nil
	}
	shown, err := f.commit.stateAt(known.record, f.commit.v.At)
	if err != nil {
		return err
	}
	if j.paged == nil {
		j.paged = map[pagedAs]int{}
	}
	j.paged[pagedAs{f.key, digest}] = shown.number
	return nil
}

// textSeenAgain notes that a page was seen again that is not kept and has the text of the version
// that stands for the time. Else the outcome has no status.
func (j *importJob) textSeenAgain(f *foreign, at sight) (o dossier.Outcome, before bool, err error) {
	number := j.paged[pagedAs{f.key, f.record.Get(payloadDigest)}]
	c := f.commit
	known, err := c.address(f.key)
	if err != nil || number == 0 || known.record == 0 || known.reason != "" {
		return o, false, err
	}
	shown, err := c.stateAt(known.record, c.v.At)
	if err != nil || shown.number != number {
		return o, false, err
	}
	o.Status = dossier.StatusUnchanged
	err = c.tx.QueryRowContext(c.ctx, "SELECT EXISTS (SELECT 1 FROM observations WHERE address = CAST($1 AS INTEGER) AND at = $2 AND status = $3 AND detail = $4)",
		at.id, stamped(c.v.At), o.Status, detailImported).Scan(&before)
	if err != nil {
		return o, false, fmt.Errorf("observations: %w", err)
	}
	if !before {
		_, err = c.seen(known.record)
	}
	return o, before, err
}
