package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/dossier-archive/dossier"
)

// writer is the one connection that writes. It keeps its statements prepared,
// which saves a third of the time of a page, and so begins and ends its
// transactions itself.
type writer struct {
	mu    sync.Mutex
	db    *sql.DB
	conn  *sql.Conn
	stmts map[string]*sql.Stmt // the package has some hundred texts, all of them constant

	set     durability // what the connection does now, "" when it is not known
	sharing *sharing
}

// tx is a transaction of the writer. Statements that run for each page cast the
// parameters that they look up by: SQLite prepares a statement anew when one is
// bound by whose value it could choose its plan, which takes longer than to run
// it, and it does not look into a cast.
type tx struct {
	w       *writer
	reindex map[int64]reindexing // by record; what the index learns before the commit
}

func openWriter(path string) (*writer, error) {
	db, err := sql.Open("sqlite3", dsn(path, "_journal_mode=WAL&_synchronous=FULL&_busy_timeout=10000&_foreign_keys=1&_cache_size=-32768&_txlock=immediate"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return &writer{db: db, stmts: map[string]*sql.Stmt{}, sharing: newSharing()}, nil
}

// connect takes the connection for good; before that the pool may use it.
func (w *writer) connect(ctx context.Context) (err error) {
	w.conn, err = w.db.Conn(ctx)
	if err == nil {
		_, err = w.conn.ExecContext(ctx, "PRAGMA wal_autocheckpoint = 4000")
	}
	return err
}

func (w *writer) close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	var err error
	for _, s := range w.stmts {
		err = errors.Join(err, s.Close())
	}
	if w.conn != nil {
		err = errors.Join(err, w.conn.Close())
	}
	return errors.Join(err, w.db.Close())
}

// durability says what a commit waits for.
type durability string

const (
	// onDisk: when write returns, the transaction survives a power failure.
	onDisk durability = "PRAGMA synchronous = FULL"
	// inOrder: it survives the process; a power failure may undo it together
	// with all that follows.
	inOrder durability = "PRAGMA synchronous = NORMAL"
)

// write runs do in one transaction of the writer, and waits until it is on
// disk.
func (a *Archive) write(ctx context.Context, what string, do func(*tx) error) error {
	return a.writeAs(ctx, onDisk, what, do)
}

func (a *Archive) writeAs(ctx context.Context, d durability, what string, do func(*tx) error) error {
	return a.through(what, func(w *writer) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.transact(ctx, d, do)
	})
}

// writeTogether is like write, but may share the transaction with others who
// call it about the same time, in the order of the queue; what is ordered also
// waits a while for pages before it that are still read. do may be called twice,
// and must then give what it would have given at once.
func (a *Archive) writeTogether(ctx context.Context, what string, task dossier.Task, ordered bool, do func(*tx) error) error {
	return a.through(what, func(w *writer) error { return w.share(ctx, task, ordered, do) })
}

func (a *Archive) through(what string, write func(*writer) error) error {
	if a.writer == nil {
		return fmt.Errorf("%s: %w: it was opened for reading", what, ErrReadOnly)
	}
	if err := write(a.writer); err != nil {
		return fmt.Errorf("%s: %w", what, classify(err))
	}
	return nil
}

// transact must be called with mu held.
func (w *writer) transact(ctx context.Context, d durability, do func(*tx) error) (err error) {
	t := &tx{w: w, reindex: map[int64]reindexing{}}
	if w.set != d {
		// Not prepared: SQLite does this while it compiles the text.
		if _, err := w.conn.ExecContext(ctx, string(d)); err != nil {
			return err
		}
		w.set = d
	}
	if _, err := t.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	done := false
	defer func() {
		if !done { // also when do panics
			_, undo := t.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
			if undo != nil && !strings.Contains(undo.Error(), "no transaction is active") { // SQLite has done it
				err = errors.Join(err, undo)
			}
		}
	}()
	if err := do(t); err != nil {
		return err
	}
	if err := t.indexAll(ctx); err != nil {
		return err
	}
	if _, err := t.ExecContext(ctx, "COMMIT"); err != nil {
		return err
	}
	done = true
	return nil
}

// exec runs a statement that stands outside of transactions.
func (w *writer) exec(ctx context.Context, query string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, err := w.conn.ExecContext(ctx, query)
	return err
}

// stmt gives a prepared statement, and a context that cannot end: with one that
// can, the driver starts a goroutine for each statement. A transaction is short
// and looks at its context between statements.
func (t *tx) stmt(ctx context.Context, query string) (*sql.Stmt, context.Context, error) {
	if ctx.Err() != nil {
		return nil, nil, context.Cause(ctx)
	}
	ctx = context.WithoutCancel(ctx)
	if s := t.w.stmts[query]; s != nil {
		return s, ctx, nil
	}
	s, err := t.w.conn.PrepareContext(ctx, query)
	if err == nil {
		t.w.stmts[query] = s
	}
	return s, ctx, err
}

func (t *tx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	s, ctx, err := t.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

func (t *tx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, ctx, err := t.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

func (t *tx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	s, free, err := t.stmt(ctx, query)
	if err != nil {
		return t.w.conn.QueryRowContext(ctx, query, args...) // gives the error again
	}
	return s.QueryRowContext(free, args...)
}
