package archive

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// Room is how many bytes the file system of the archive has left for this
// user, less those that folding the log into the file may take, and how many it has
// in all. A crawl that pauses while there are some left loses nothing.
func (a *Archive) Room() (free, size int64, err error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(filepath.Dir(a.path), &s); err != nil {
		return 0, 0, fmt.Errorf("room beside %s: %w", a.path, err)
	}
	free = int64(s.Bavail) * int64(s.Bsize)
	if log, err := os.Stat(a.path + "-wal"); err == nil {
		free -= log.Size()
	}
	return free, int64(s.Blocks) * int64(s.Bsize), nil
}

// Fold folds the log into the file, and gives its room back.
func (a *Archive) Fold(ctx context.Context) error {
	return a.through("fold the log", func(w *writer) error { return w.exec(ctx, "PRAGMA wal_checkpoint(TRUNCATE)") })
}
