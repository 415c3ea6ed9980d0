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
	for _, name := range []string{payloadDigest, refersTo} {
		if value := r.Get(name); value != "" {
			f.record.Fields = append(f.record.Fields, warc.Field{Name: name, Value: value})
		}
	}
	f.late = true
	j.late = append(j.late, f)
	return true
}

// Fields of a revisit: the digest of the page that it speaks of, and where that was seen before.
const (
	payloadDigest = "WARC-Payload-Digest"
	refersTo      = "WARC-Refers-To-Target-URI"
)

// unseen says why a revisit is passed over.
func unseen(f *foreign) string {
	if of := f.record.Get(refersTo); of != "" && of != f.record.URI {
		return "a revisit of a page of another address"
	}
	return "a revisit of a page that neither this file nor the archive has"
}

// storeLate stores the records that have waited: first what makes addresses known, then the others
// in the order of their times.
func (j *importJob) storeLate() error {
	j.leads = map[string]string{}
	for _, f := range j.late {
		if f.target != "" {
			j.leads[f.key] = f.target
		}
	}
	slices.SortStableFunc(j.late, func(a, b *foreign) int {
		switch {
		case (a.target != "") == (b.target != ""):
			return a.record.Date.Compare(b.record.Date)
		case a.target != "":
			return -1
		}
		return 1
	})
	for batch := range slices.Chunk(j.late, fullBatch()) {
		if err := j.storeWhole(batch); err != nil {
			return err
		}
	}
	return j.settle()
}
