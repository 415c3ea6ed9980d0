package archive

import (
	"path/filepath"
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
// in the order of their times. Until the last file, those of pages that wait for others do so too.
func (j *importJob) storeLate(last bool) error {
	late, on := j.late, []*foreign(nil)
	if !last {
		late, on = j.ripe()
	}
	j.late = on
	j.leads = map[string]string{}
	for _, f := range late {
		if f.target != "" {
			j.leads[f.key] = f.target
		}
	}
	slices.SortStableFunc(late, func(a, b *foreign) int {
		switch {
		case (a.target != "") == (b.target != ""):
			return a.record.Date.Compare(b.record.Date)
		case a.target != "":
			return -1
		}
		return 1
	})
	for batch := range slices.Chunk(late, fullBatch()) {
		if err := j.storeWhole(batch); err != nil {
			return err
		}
	}
	return j.settle()
}

// ripe gives the records that have waited whose page was stored if it has come, and the others.
func (j *importJob) ripe() (ripe, on []*foreign) {
	waits := map[string]bool{}
	for _, f := range j.waiting {
		waits[f.key] = true
	}
	for changed := true; changed; { // a redirect may lead to another one
		changed = false
		for _, f := range j.late {
			if f.target != "" && waits[f.target] && !waits[f.key] {
				waits[f.key], changed = true, true
			}
		}
	}
	for _, f := range j.late {
		if waits[f.key] {
			on = append(on, f)
		} else {
			ripe = append(ripe, f)
		}
	}
	return ripe, on
}

// carry names the file of what waits for the files that follow, and counts it.
func (j *importJob) carry(path string) {
	for _, f := range slices.Concat(j.waiting, j.late) {
		if !f.carried {
			f.carried, f.file = true, filepath.Join(filepath.Base(path), f.file)
		}
	}
	j.report.Waiting = len(j.waiting)
}
