package archive

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive/warc"
)

// Import says how pages of a foreign web archive become records.
type Import struct {
	// Place gives the site of an address, the address as a crawl would keep it, and
	// the key by which addresses are compared. An error passes the page over, with
	// its text as the reason.
	Place func(url string) (site, clean, key string, err error)
	// Refuses says why a crawl of the site would not take the page of an address, "" where
	// it would: such a page becomes no record. Where it is nil, all are taken.
	Refuses func(site, url string) (reason string)
	IsPage  func(*dossier.Snapshot) bool // by the rule of a crawl; other answers are passed over
	// Read gives the article of a page, or a NoArticle. Pages that give no text are passed
	// over, where no record has their address.
	Read ReadFunc
	// GoOn reports whether a page shows where the text of another one goes on, and gives the
	// article that both are, or that the first is, of which is known then whether it goes on.
	// Where it is nil, pages are not put together.
	GoOn func(site string, first, further *dossier.Snapshot) (dossier.Article, bool)
	// Named gives the address that an article names as its own, "" when that is where it was read
	// or none that a crawl would ask; IsCopy reports whether one is a copy of what is archived there. Where
	// Named is nil, each is taken where it was read.
	Named  func(site, page string, a dossier.Article) (url string)
	IsCopy func(archived, copy dossier.Article) bool
	// Passed is told about every record of the file that was not imported. It
	// may be nil.
	Passed func(Passed)
}

// Passed is a record of a foreign file that was not imported.
type Passed struct {
	File   string `json:"file,omitempty"` // inside of a bundle
	Offset int64  `json:"offset"`         // unpacked
	Type   string `json:"type"`
	URL    string `json:"url"`
	Reason string `json:"reason"`

	// Damaged says that the record, or what follows it, could not be read: the
	// file may have held articles there.
	Damaged bool `json:"damaged,omitempty"`
}

// ImportReport counts what was done. Records of a file that only describe
// others, as requests, are counted but not listed as passed over.
type ImportReport struct {
	Records   int `json:"records"`
	New       int `json:"new"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	Duplicate int `json:"duplicates"`
	Gone      int `json:"gone"`               // at the address of a record there was no page
	Failed    int `json:"failed"`             // or another than its own
	Aliases   int `json:"aliases"`            // redirects to the address of a record
	Payloads  int `json:"payloads,omitempty"` // records whose payload digest is not that of their page; they are imported
	Waiting   int `json:"waiting,omitempty"`  // pages whose text may go on in the files that follow
	Passed    int `json:"passed"`
	Damaged   int `json:"damaged"` // of them

	// Renumbered counts records of which the file names a version by a number that is here
	// that of another one, or of none: where the archive that it came from had versions that
	// are not in the file, or this one has others.
	Renumbered int `json:"renumbered"`

	// Sites counts records by the sites that they are of in the archive that wrote the file, where
	// that is another one than they get here.
	Sites map[string]int `json:"sites,omitempty"`

	// Elsewhere counts those of them, changed or not, whose addresses another site
	// had before: they stay its records.
	Elsewhere map[string]int `json:"elsewhere,omitempty"`
}

// Articles is the number of records that gave an article, new or known.
func (r ImportReport) Articles() int { return r.New + r.Changed + r.Unchanged + r.Duplicate }

const (
	maxPage     = 64 << 20
	maxBundle   = 10000 // files in a WACZ bundle and those in it
	importBatch = 64
	ratioFrom   = 64 << 20
	maxAhead    = 48 * time.Hour // by which a clock may be wrong
)

// An Importer imports files one after the other that one crawl may have written. Pages of a text
// that stand in several of them are put together.
type Importer struct{ job *importJob }

// Importer makes an Importer. The caller holds the lock while it imports.
func (a *Archive) Importer(im Import) *Importer {
	return &Importer{&importJob{a: a, Import: im, runs: map[string]int64{}, renumbered: map[int64]bool{}}}
}

// ImportFile imports one file alone, as Importer.File does.
func (a *Archive) ImportFile(ctx context.Context, path string, im Import) (ImportReport, error) {
	return a.Importer(im).File(ctx, path, true)
}

// File imports a WARC, ARC or WACZ file, or a WARC or ARC file that a pipe brings. It
// waits for what comes into a pipe until ctx ends. Importing a file again changes
// nothing, and goes on where the disk was full (ErrFull, before the last room is taken);
// what the report counts is kept then. Pages that may belong to one text wait for each other
// until the last file was read, though that has an error.
func (i *Importer) File(ctx context.Context, path string, last bool) (ImportReport, error) {
	j := i.job
	j.ctx, j.report, j.files = ctx, ImportReport{}, 0
	err := j.readFile(path)
	if last && ctx.Err() == nil && !errors.Is(err, ErrFull) {
		err = cmp.Or(err, j.storeWhole(j.release(len(j.waiting))))
	}
	err = cmp.Or(err, j.settle())
	if ctx.Err() == nil && (err == nil || last) {
		err = cmp.Or(err, j.storeLate(last))
	}
	err = cmp.Or(err, j.end(err))
	j.carry(path)
	return j.report, wrapImport(path, err)
}

// readFile stores what is in a file and need not wait.
func (j *importJob) readFile(path string) error {
	f, err := openPatiently(j.ctx, path)
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		return pe.Err // the path is said already
	}
	if err != nil {
		return err
	}
	defer f.Close()
	defer context.AfterFunc(j.ctx, func() { f.SetReadDeadline(time.Now()) })() // of a file it has no effect
	return j.all(f)
}

func (j *importJob) all(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	in := bufio.NewReader(f)
	if magic, _ := in.Peek(4); string(magic) == "PK\x03\x04" { // without four bytes it is no record either
		if !info.Mode().IsRegular() {
			return errPipedBundle
		}
		return j.bundle("", io.NewSectionReader(f, 0, info.Size()))
	}
	err = j.file("", in)
	if err == nil && j.report.Records == 0 {
		err = errNoRecord
	}
	return err
}

var (
	errNoRecord    = errors.New("no record is in it")
	errPipedBundle = errors.New("a WACZ file cannot be read from a pipe, since what is in it stands at its end; save it first")
)

func wrapImport(path string, err error) error {
	if err != nil {
		return fmt.Errorf("import %s: %w", filepath.Base(path), err)
	}
	return nil
}

type importJob struct {
	Import
	a      *Archive
	ctx    context.Context
	report ImportReport
	name   string // file inside of a bundle
	read   bool   // any record of the current file
	files  int    // of the bundle

	runs    map[string]int64 // by site
	storing chan stored      // nil when no batch is being stored
	stored  int              // pages: the first are dictionaries for those that follow

	renumbered map[int64]bool  // records, by seq
	foreign    map[string]bool // records of other sites in the file, by id

	asked   []*warc.Record  // requests whose answers have not come yet
	parts   []*part         // of pages that have not come yet
	waiting []*foreign      // pages that may belong to one text
	taken   map[string]bool // sites and keys of those that have become part of one
	late    []*foreign      // records that wait for all others

	leads map[string]string // of redirects, from key to key
	paged map[pagedAs]int   // numbers of versions, by pages that have their text
}

// stored is what came of storing a batch.
type stored struct {
	ImportReport
	unknown    []*foreign // revisits of pages that the archive does not have yet
	passed     []*foreign // for a reason that the archive gives
	renumbered []int64    // records of which a version has another number than the file says
	err        error
}

// file imports the records of one file, batch by batch: pages are read by all
// processors while those before them are stored, in the order of the file.
func (j *importJob) file(name string, in io.Reader) error {
	j.name, j.read = name, false
	var batch []*foreign
	for r, err := range warc.Read(in, warc.Limits{}) {
		if err != nil {
			if j.ctx.Err() != nil {
				return context.Cause(j.ctx)
			}
			if !j.read {
				return err
			}
			j.pass(Passed{File: name, Reason: "what follows could not be read: " + err.Error(), Damaged: true})
			break
		}
		j.read = true
		j.report.Records++
		if j.holds(r) {
			continue
		}
		f := &foreign{record: r, file: name, asked: j.askedFor(r), parts: j.partsOf(r)}
		switch r.Type {
		case "warcinfo", "request", "metadata":
			if r.Problem != "" {
				j.passRecord(r, r.Problem, true)
			} else if r.Type == "metadata" {
				f = j.sighting(r)
			} else if r.Type == "request" {
				j.request(r, batch)
			}
			if f.seen == nil {
				continue
			}
		}
		if !saysOf(batch, f) && len(batch) >= j.enough() {
			if err := j.store(batch); err != nil {
				return err
			}
			batch = nil
		}
		batch = append(batch, f)
	}
	j.passParts(0)
	j.asked = nil
	return j.store(batch)
}

// enough is how many records make a batch. Pages are packed with those that are stored,
// so batches begin with one page and grow: else none of a small file has a dictionary.
// Records that are no pages let them grow slowly.
func (j *importJob) enough() int {
	return min(max(1, 3*j.stored, j.report.Records/importBatch), fullBatch())
}

func fullBatch() int { return importBatch * runtime.GOMAXPROCS(0) }

func (j *importJob) pass(p Passed) {
	j.report.Passed++
	if p.Damaged {
		j.report.Damaged++
	}
	if j.Passed != nil {
		j.Passed(p)
	}
}

func (j *importJob) passRecord(r *warc.Record, reason string, damaged bool) {
	j.pass(Passed{j.name, r.Offset, r.Type, r.URI, reason, damaged})
}

// passForeign passes over a record of whichever file it came from.
func (j *importJob) passForeign(f *foreign) {
	r := f.record
	j.pass(Passed{f.file, r.Offset, r.Type, r.URI, f.reason, f.damaged})
}

// foreign is a record on its way.
type foreign struct {
	record  *warc.Record
	file    string      // inside of a bundle, or of one that was read before
	asked   http.Header // of its request, nil: that is not in the file
	parts   []*part     // that the text of its page goes on in
	site    string
	key     string
	page    *dossier.Snapshot // nil for a revisit
	article dossier.Article
	waits   bool   // for other pages of its text, or the one that it is a copy of
	named   string // key of the address that its page names as its own, "" when it is that
	next    string // key of the one that it waits for, "" when it may be that of another
	reason  string // why it is passed over
	damaged bool
	payload bool // its digest is not that of the page
	commit  *commit
	seen    *sighting // of metadata
	said    *sighting // what the metadata of a page says, nil: nothing
	refused refusal   // what stands in the place of an article
	target  string    // key of the address that it leads to
	late    bool      // it has waited for all others
	carried bool      // to the file that follows
	err     error     // that ends the import
}

// add counts what was stored by another report as well.
func (r *ImportReport) add(s ImportReport) {
	r.New += s.New
	r.Changed += s.Changed
	r.Unchanged += s.Unchanged
	r.Duplicate += s.Duplicate
	r.Gone += s.Gone
	r.Failed += s.Failed
	r.Aliases += s.Aliases
	for site, n := range s.Elsewhere {
		r.elsewhere(site, n)
	}
}

func (r *ImportReport) elsewhere(site string, n int) {
	if r.Elsewhere == nil {
		r.Elsewhere = map[string]int{}
	}
	r.Elsewhere[site] += n
}

func (r *ImportReport) count(s dossier.Status) {
	switch s {
	case dossier.StatusNew:
		r.New++
	case dossier.StatusChanged:
		r.Changed++
	case dossier.StatusDuplicate:
		r.Duplicate++
	case dossier.StatusGone:
		r.Gone++
	case dossier.StatusFailed:
		r.Failed++
	default:
		r.Unchanged++
	}
}
