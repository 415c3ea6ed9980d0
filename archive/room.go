package archive

import (
	"fmt"
	"path/filepath"
	"syscall"
)

// Room is how many bytes the file system of the archive has left for this
// user, and how many it has in all. A crawl that pauses while there are some
// left loses nothing.
func (a *Archive) Room() (free, size int64, err error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(filepath.Dir(a.path), &s); err != nil {
		return 0, 0, fmt.Errorf("room beside %s: %w", a.path, err)
	}
	return int64(s.Bavail) * int64(s.Bsize), int64(s.Blocks) * int64(s.Bsize), nil
}
