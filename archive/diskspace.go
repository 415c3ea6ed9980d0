package archive

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"github.com/dossier-archive/dossier"
)

// maxReserve is the room on the disk that crawls, imports and replays leave; of a small
// file system it is the fiftieth part.
const (
	maxReserve   = 32 << 20
	reserveShare = 50
)

// Room is how many bytes the file system of the archive has left for this
// user, less those that folding the log into the file may take, and how many are to
// stay. What stops while these are left loses nothing.
func (a *Archive) Room() (free, reserve int64, err error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(filepath.Dir(a.path), &s); err != nil {
		return 0, 0, fmt.Errorf("room beside %s: %w", a.path, err)
	}
	free = int64(s.Bavail) * int64(s.Bsize)
	if log, err := os.Stat(a.path + "-wal"); err == nil {
		free -= log.Size()
	}
	return free, min(maxReserve, int64(s.Blocks)*int64(s.Bsize)/reserveShare), nil
}

// keepReserve says that the disk is full where storing n bytes would touch the reserve,
// also after the log is folded. What cannot be measured is no reason to stop.
func (a *Archive) keepReserve(ctx context.Context, n int64) error {
	n = perTransaction + a.mergeRoom() + 2*n // they go into the log before they go into the file
	free, reserve, err := a.Room()
	if err == nil && free-n <= reserve && a.Checkpoint(ctx) == nil {
		free, reserve, err = a.Room()
	}
	if err != nil || free-n > reserve {
		return context.Cause(ctx)
	}
	return fmt.Errorf("%w: beside %s are %d bytes left, what comes next may take %d, and %d stay free", ErrFull, a.path, max(free, 0), n, reserve)
}

// mergeRoom is about how many bytes of the search index a transaction may write anew.
func (a *Archive) mergeRoom() int64 {
	info, err := os.Stat(a.path)
	if err != nil {
		return 0
	}
	return min(maxMerged, info.Size()/mergedShare)
}

// fitting is how many of n pages can be stored in one transaction without touching the
// reserve, at least one, where room says what the first of them take. The error is that
// of keepReserve for one.
func (a *Archive) fitting(ctx context.Context, n int, room func(n int) int64) (int, error) {
	for {
		err := a.keepReserve(ctx, room(n))
		if err == nil || n <= 1 || !errors.Is(err, ErrFull) {
			return n, err
		}
		n /= 2
	}
}

// A record changes about six pages of the file beside those of its text, and a transaction
// some more. The text is stored once, indexed once, and folded with spaces between its
// characters. What a transaction adds to the search index, or takes from it, may let that be
// merged: of a file of 19 MB 41 records that were read again made 5 MB of log.
const (
	perTransaction = 128 << 10
	maxMerged      = 8 << 20
	mergedShare    = 3
	besideText     = 24 << 10
	timesStored    = 3
)

// textRoom is about how many bytes a version takes without its page.
func textRoom(art dossier.Article) int64 {
	return besideText + timesStored*int64(len(art.Title)+len(art.Body))
}

// Checkpoint writes what stands in the log into the file, and gives the room of the log back.
func (a *Archive) Checkpoint(ctx context.Context) error {
	return a.through("fold the log", func(w *writer) error { return w.exec(ctx, "PRAGMA wal_checkpoint(TRUNCATE)") })
}
