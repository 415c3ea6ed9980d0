package archive

import (
	"context"
	"database/sql"
	"sync"
)

// lookups are the questions that are asked for each page. They stay prepared:
// to prepare one takes longer than to answer it.
type lookups struct {
	db    *sql.DB
	mu    sync.Mutex
	stmts map[string]*sql.Stmt // a handful of constant texts
}

// row asks for one row. A lookup is too short to be interrupted: with a context
// that can end, the driver starts a goroutine for each.
func (l *lookups) row(ctx context.Context, query string, args ...any) *sql.Row {
	ctx = context.WithoutCancel(ctx)
	s, err := l.stmt(ctx, query)
	if err != nil {
		return l.db.QueryRowContext(ctx, query, args...) // gives the error again
	}
	return s.QueryRowContext(ctx, args...)
}

func (l *lookups) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s := l.stmts[query]; s != nil {
		return s, nil
	}
	s, err := l.db.PrepareContext(ctx, query)
	if err == nil {
		l.stmts[query] = s
	}
	return s, err
}
