package archive

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Scratch opens what create makes, a file or folder for the time until it is
// complete, and locks it until it is closed or the process ends, however that ends.
func Scratch(create func() (*os.File, error)) (*os.File, error) {
	const most = 10 // times that RemoveLeft is quicker than the lock
	for try := range most {
		f, err := create()
		if errors.Is(err, fs.ErrNotExist) && try < most-1 {
			continue // a folder is made before it can be opened
		}
		if err != nil {
			return nil, err
		}
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EWOULDBLOCK) && isAt(f, f.Name()) { // where nothing can be locked, nothing is removed either
			return f, nil
		}
		if err := errors.Join(f.Close(), os.RemoveAll(f.Name())); err != nil {
			return nil, err
		}
	}
	return nil, errors.New("what was made for the time until it is complete was removed again and again by others")
}

func isAt(f *os.File, path string) bool {
	have, err1 := f.Stat()
	there, err2 := os.Stat(path)
	return err1 == nil && err2 == nil && os.SameFile(have, there)
}

// RemoveLeft removes from a folder what processes that were killed have left there
// of Scratch: what is called prefix, a number and suffix, and what has a further
// ending. What it cannot see or remove stays.
func RemoveLeft(folder, prefix, suffix string) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return
	}
	for _, e := range entries { // in order of their names: a file before what has its name and a further ending
		rest, found := strings.CutPrefix(e.Name(), prefix)
		digits := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
		owner := prefix + digits + suffix
		ours := found && digits != "" && (e.Name() == owner || strings.HasPrefix(e.Name(), owner+"."))
		if !ours || !e.Type().IsRegular() && !e.IsDir() {
			continue
		}
		removeUnheld(filepath.Join(folder, e.Name()), filepath.Join(folder, owner))
	}
}

// removeUnheld removes a file or folder unless a process holds its owner.
func removeUnheld(path, owner string) {
	f, err := os.Open(owner)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err == nil {
		defer f.Close()
		if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
			return
		}
	}
	os.RemoveAll(path) // the next one tries again
}
