package archive

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/dossier-archive/dossier"
)

// A ReadFunc reads the article of a stored page. It is called by several
// goroutines at once.
type ReadFunc func(ctx context.Context, site string, page *dossier.Snapshot) (dossier.Article, error)

// Reread says what to read again.
type Reread struct {
	Query           // which records
	Read   ReadFunc // how
	Rules  string   // digest of what Read does; a job that stopped is taken up only when it is the same
	DryRun bool     // change nothing
	// Change is called for each record whose fields would change, and Failed for each
	// that stays as it is because its page could not be read, in the order of
	// archiving. Either may be nil.
	Change func(RereadChange)
	Failed func(RereadFailure)
}

// A RereadFailure says why a record could not be read again.
type RereadFailure struct {
	Record, URL string
	Err         error
}

// A RereadChange is what reading a page again changes in a record.
type RereadChange struct {
	Record  string      `json:"record"`
	URL     string      `json:"url"`
	Version int         `json:"version"` // the one that is compared
	Fields  []FieldDiff `json:"fields"`
}

// RereadReport counts what was done.
type RereadReport struct {
	Read      int  `json:"read"`
	Changed   int  `json:"changed"`
	Unchanged int  `json:"unchanged"`
	Failed    int  `json:"failed"`  // the page is damaged, or gave no text where it gave one before
	NoPage    int  `json:"no_page"` // no page is kept
	Resumed   bool `json:"resumed"` // an earlier job was taken up where it stopped
}

// rereadJob is how far a job has come.
type rereadJob struct {
	Key    string
	Seq    int64
	Report RereadReport
}

const (
	rereadName  = "reread"
	rereadBatch = 256
)

// Reread reads stored pages again and adds a version, marked as reread, to
// each record whose fields come out differently. What was cited before stays
// as it was. It makes no request. A job that is interrupted goes on where it
// stopped when the same one is started again. The caller holds the lock unless
// it is a dry run.
func (a *Archive) Reread(ctx context.Context, r Reread) (RereadReport, error) {
	job, err := a.rereadFrom(ctx, r)
	if err != nil {
		return job.Report, fmt.Errorf("reread: %w", err)
	}
	where, args, err := r.where()
	if err != nil {
		return job.Report, fmt.Errorf("reread: %w", err)
	}
	for {
		batch, err := a.rereadBatch(ctx, where, args, job.Seq)
		if err == nil && len(batch) > 0 {
			readAll(ctx, batch, func(item *rereadItem) { a.readAgain(ctx, r.Read, item) })
			err = errors.Join(context.Cause(ctx), goesOn("records", job.Seq, batch[len(batch)-1].seq))
		}
		if err == nil {
			err = a.rereadStore(ctx, r, &job, batch)
		}
		if err != nil {
			return job.Report, fmt.Errorf("reread: %w", classify(err))
		}
		if len(batch) < rereadBatch {
			return job.Report, nil
		}
	}
}

// rereadFrom finds where a job like this one stopped.
func (a *Archive) rereadFrom(ctx context.Context, r Reread) (rereadJob, error) {
	key := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %q", r.Sites, r.Since, r.Until, r.Text, r.Rules))
	fresh := rereadJob{Key: hex.EncodeToString(key[:])}
	if r.DryRun {
		return fresh, nil
	}
	var state string
	err := a.reader.QueryRowContext(ctx, "SELECT state FROM jobs WHERE name = $1", rereadName).Scan(&state)
	if errors.Is(err, sql.ErrNoRows) {
		return fresh, nil
	}
	if err != nil {
		return fresh, classify(err)
	}
	var old rereadJob
	if json.Unmarshal([]byte(state), &old) != nil || old.Key != fresh.Key { // one that nobody can read begins anew as well
		return fresh, nil
	}
	old.Report.Resumed = true
	return old, nil
}

// rereadItem is one record on its way.
type rereadItem struct {
	seq     int64
	page    int64
	record  dossier.Record
	content content
	err     error
}

// changes reports whether a page that was read again gives another content.
func (i *rereadItem) changes() bool { return i.err == nil && i.content.sha256 != i.record.SHA256 }

func (a *Archive) rereadBatch(ctx context.Context, where string, args []any, after int64) ([]*rereadItem, error) {
	if where == "" {
		where = " WHERE r.seq > ?"
	} else {
		where += " AND r.seq > ?"
	}
	args = append(append([]any(nil), args...), after, rereadBatch)
	rows, err := a.reader.QueryContext(ctx, "SELECT coalesce(v.page, 0), "+recordColumns+recordTables+where+" ORDER BY r.seq LIMIT ?", args...)
	if err != nil {
		return nil, classify(err)
	}
	defer rows.Close()
	var out []*rereadItem
	for rows.Next() {
		item := &rereadItem{}
		if item.record, item.seq, err = scanRecord(paged{rows, &item.page}); err != nil {
			return nil, classify(err)
		}
		out = append(out, item)
	}
	return out, rows.Err()
}

// paged reads one more column, the page, before those of a record.
type paged struct {
	row  interface{ Scan(...any) error }
	page *int64
}

func (p paged) Scan(dest ...any) error { return p.row.Scan(append([]any{p.page}, dest...)...) }

// readAll works on a batch with every processor.
func readAll[T any](ctx context.Context, batch []T, work func(T)) {
	var workers sync.WaitGroup
	queue := make(chan T)
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for item := range queue {
				work(item)
			}
		})
	}
	for _, item := range batch {
		if ctx.Err() != nil {
			break
		}
		queue <- item
	}
	close(queue)
	workers.Wait()
}

// indexesOf are the indexes of a batch, for work that keeps its results by them.
func indexesOf[T any](batch []T) []int {
	at := make([]int, len(batch))
	for i := range at {
		at[i] = i
	}
	return at
}

var errNoPage = errors.New("no page is kept")

func (a *Archive) readAgain(ctx context.Context, read ReadFunc, item *rereadItem) {
	if item.page == 0 {
		item.err = errNoPage
		return
	}
	page, err := a.Page(ctx, item.page)
	if err != nil {
		item.err = err
		return
	}
	article, err := read(ctx, item.record.Site, &page)
	if err != nil {
		item.err = err
		return
	}
	if article.Body == "" && item.record.Body != "" {
		item.err = errors.New("the page gives no text; do the rules of its site fit?")
		return
	}
	item.content = contentOf(article)
}

// rereadStore writes a batch, in one transaction where the room on the disk is enough for it.
func (a *Archive) rereadStore(ctx context.Context, r Reread, job *rereadJob, batch []*rereadItem) error {
	done := len(batch) < rereadBatch
	for {
		n := len(batch)
		if !r.DryRun && slices.ContainsFunc(batch, (*rereadItem).changes) {
			var err error
			if n, err = a.fitting(ctx, n, func(n int) int64 { return rereadRoom(batch[:n]) }); err != nil {
				return fmt.Errorf("stopped before %s: %w", batch[0].record.ID, err)
			}
		}
		if err := a.rereadStoreAtOnce(ctx, r, job, batch[:n], done && n == len(batch)); err != nil {
			return err
		}
		if batch = batch[n:]; len(batch) == 0 {
			return nil
		}
	}
}

// rereadRoom is about how many bytes what changes takes.
func rereadRoom(batch []*rereadItem) (n int64) {
	for _, item := range batch {
		if item.changes() {
			n += textRoom(item.content.article)
		}
	}
	return n
}

// rereadStoreAtOnce writes records and how far the job has come in one transaction.
func (a *Archive) rereadStoreAtOnce(ctx context.Context, r Reread, job *rereadJob, batch []*rereadItem, done bool) error {
	next := *job
	var changed []*rereadItem
	for _, item := range batch {
		next.Seq = item.seq
		switch {
		case errors.Is(item.err, errNoPage):
			next.Report.NoPage++
		case item.err != nil:
			next.Report.Failed++
		case item.content.sha256 == item.record.SHA256:
			next.Report.Read++
			next.Report.Unchanged++
		default:
			next.Report.Read++
			next.Report.Changed++
			changed = append(changed, item)
		}
	}
	if !r.DryRun {
		err := a.write(ctx, "store", func(tx *tx) error {
			for _, item := range changed {
				if err := storeAgain(ctx, tx, item); err != nil {
					return err
				}
			}
			return saveJob(ctx, tx, next, done)
		})
		if err != nil {
			return err
		}
	}
	*job = next
	for _, item := range batch {
		switch {
		case item.err != nil && r.Failed != nil && !errors.Is(item.err, errNoPage):
			r.Failed(RereadFailure{item.record.ID, item.record.URL, item.err})
		case r.Change != nil && item.changes():
			r.Change(RereadChange{item.record.ID, item.record.URL, item.record.Version, Diff(item.record.Article, item.content.article)})
		}
	}
	return nil
}

func storeAgain(ctx context.Context, tx *tx, item *rereadItem) error {
	c := commit{ctx: ctx, v: &dossier.Visit{At: time.Now().UTC()}, origin: originReread,
		attempt: attempt{tx: tx, stored: sql.NullInt64{Int64: item.page, Valid: true}}}
	return c.revise(item.seq, item.content)
}

func saveJob(ctx context.Context, tx *tx, job rereadJob, done bool) error {
	if done {
		_, err := tx.ExecContext(ctx, "DELETE FROM jobs WHERE name = $1", rereadName)
		return err
	}
	state, err := json.Marshal(job)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO jobs (name, state) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET state = excluded.state", rereadName, string(state))
	return err
}
