package archive

import (
	"slices"

	"github.com/dossier-archive/dossier/archive/warc"
)

// Some records of a file say something of a page that may stand behind them in it: that it was
// seen again, or was not there. They wait until all is read, so that importing a file again
// finds nothing that it did not find at first.

// maxLate is how many records wait. Of each only what names it is held. What comes beyond
// that is decided by what stands before it in the file.
const maxLate = 65536

// hold lets a record wait for all others, and reports whether there is room for that. None
// waits twice.
func (j *importJob) hold(f *foreign) bool {
	if f.late || len(j.late) == maxLate {
		return false
	}
	r := f.record
	f.record = &warc.Record{Offset: r.Offset, Type: r.Type, URI: r.URI, Date: r.Date}
	for _, name := range []string{payloadDigest} {
		if value := r.Get(name); value != "" {
			f.record.Fields = append(f.record.Fields, warc.Field{Name: name, Value: value})
		}
	}
	f.late = true
	j.late = append(j.late, f)
	return true
}

// payloadDigest is the field with the digest of the page that a revisit speaks of.
const payloadDigest = "WARC-Payload-Digest"

// storeLate stores the records that have waited, in the order of their times.
func (j *importJob) storeLate() error {
	slices.SortStableFunc(j.late, func(a, b *foreign) int { return a.record.Date.Compare(b.record.Date) })
	for batch := range slices.Chunk(j.late, fullBatch()) {
		if err := j.storeWhole(batch); err != nil {
			return err
		}
	}
	return j.settle()
}
