package archive

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive/warc"
)

// maxHeld bounds the parts of pages that wait for their page, and maxPage their size.
const maxHeld = 64

// part is a part of a page that waits for it.
type part struct {
	*warc.Record
	asked http.Header // of its request
}

// holds keeps a part of a page until that comes, and reports whether it is one.
func (j *importJob) holds(r *warc.Record) bool {
	if r.Type != "response" || r.Get(warc.PartOf) == "" {
		return false
	}
	j.parts = append(j.parts, &part{r, j.askedFor(r)})
	keep, size := 0, 0
	for _, part := range slices.Backward(j.parts) {
		if size += len(part.Block); size > maxPage || keep == maxHeld {
			break
		}
		keep++
	}
	j.passParts(keep)
	return true
}

// passParts passes over the parts that came first, but for some.
func (j *importJob) passParts(keep int) {
	for len(j.parts) > keep {
		r := j.parts[0]
		j.parts = j.parts[1:]
		j.passRecord(r.Record, fmt.Sprintf("a part of the text of %s, which does not follow in the file", r.Get(warc.PartOf)), r.Problem != "")
	}
}

// partsOf gives the parts that a record names, in its order, up to the first that has not come.
func (j *importJob) partsOf(r *warc.Record) (out []*part) {
	for _, f := range r.Fields {
		if f.Name != warc.Part {
			continue
		}
		i := slices.IndexFunc(j.parts, func(p *part) bool { return p.ID == f.Value })
		if i < 0 {
			break
		}
		out = append(out, j.parts[i])
		j.parts = slices.Delete(j.parts, i, i+1)
	}
	return out
}

// openParts unpacks the parts of a page, all of which have no more than the size of one.
func openParts(parts []*part) ([]dossier.Snapshot, error) {
	var out []dossier.Snapshot
	left := int64(maxPage)
	for _, r := range parts {
		if r.Problem != "" {
			return nil, errors.New(r.Problem)
		}
		page, err := r.Page(left)
		if err != nil {
			return nil, err
		}
		if left -= int64(len(page.Body)); left < 0 {
			return nil, warc.ErrLimit
		}
		if r.asked != nil {
			page.Request = r.asked
		}
		out = append(out, *page)
	}
	return out, nil
}
