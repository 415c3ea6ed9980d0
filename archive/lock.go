package archive

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// Lock makes this process the one that crawls into the archive. The error is
// a *LockedError when another one does. The lock ends with the process, also
// when that is killed. The archive may be closed before it is unlocked. The lock
// stands beside the file itself, also when the archive was opened by a link to it.
func (a *Archive) Lock(command string) (unlock func() error, err error) {
	name := a.lockName()
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", a.path, classify(err))
	}
	if err := flock(f); err != nil {
		defer f.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("lock %s: %w", a.path, err)
		}
		locked := &LockedError{Path: a.path}
		if json.NewDecoder(f).Decode(&locked.Holder) != nil {
			locked.Holder = Holder{} // it has not written yet who it is
		}
		return nil, locked
	}
	if _, err := os.Stat(a.path); err != nil { // whoever had made it has abandoned it meanwhile
		return nil, fmt.Errorf("lock %s: %w", a.path, errors.Join(err, f.Close()))
	}
	if err := writeHolder(f, command); err != nil {
		f.Close()
		return nil, fmt.Errorf("lock %s: %w", a.path, classify(err))
	}
	return func() error { return errors.Join(f.Truncate(0), a.removeLock(name), f.Close()) }, nil
}

// isLocked holds the lock that it looks at for less than lookFor on an idle machine, and
// for less than lookFor times looks on a busy one.
const (
	lookFor = 50 * time.Millisecond
	looks   = 8
)

// flock locks a file, also when a process just looks whether it is locked.
func flock(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	for n := 0; n < looks && errors.Is(err, syscall.EWOULDBLOCK); n++ {
		time.Sleep(lookFor)
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	}
	return err
}

func (a *Archive) lockName() string {
	if file, err := filepath.EvalSymlinks(a.path); err == nil {
		return file + ".lock"
	}
	return a.path + ".lock"
}

// isLocked reports whether a process holds the lock; yes when that cannot be seen.
func (a *Archive) isLocked() bool {
	f, err := os.Open(a.lockName())
	if err != nil {
		return !errors.Is(err, fs.ErrNotExist)
	}
	defer f.Close() // which gives the lock back
	return syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB) != nil
}

// removeLock leaves no lock beside an archive that was abandoned.
func (a *Archive) removeLock(name string) error {
	if _, err := os.Stat(a.path); a.abandoned && errors.Is(err, fs.ErrNotExist) {
		return os.Remove(name)
	}
	return nil
}

func writeHolder(f *os.File, command string) error {
	host, err := os.Hostname()
	if err != nil {
		host = "this host"
	}
	data, err := json.Marshal(Holder{PID: os.Getpid(), Host: host, Command: command, Since: time.Now().UTC().Truncate(time.Second)})
	if err != nil {
		return err
	}
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err = f.WriteAt(data, 0)
	return err
}
