package archive

import (
	"fmt"
	"path/filepath"
	"syscall"
)

// Room is how many bytes the file system of the archive has left for this
// user. A crawl that stops while there is some left can end its run in order.
func (a *Archive) Room() (int64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(filepath.Dir(a.path), &s); err != nil {
		return 0, fmt.Errorf("room beside %s: %w", a.path, err)
	}
	return int64(s.Bavail) * int64(s.Bsize), nil
}
