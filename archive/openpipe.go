package archive

import (
	"context"
	"os"
	"syscall"
	"time"
)

// releaseEvery is how often a reader of a pipe that is to give up is let go of.
const releaseEvery = 10 * time.Millisecond

// openPatiently opens a file to read it. Of a named pipe it waits for who writes into it,
// until ctx ends.
func openPatiently(ctx context.Context, path string) (*os.File, error) {
	if info, err := os.Stat(path); err != nil || info.Mode().Type() != os.ModeNamedPipe {
		return os.Open(path)
	}
	type opening struct {
		f   *os.File
		err error
	}
	opened := make(chan opening, 1)
	go func() {
		f, err := os.Open(path)
		opened <- opening{f, err}
	}()
	select {
	case o := <-opened:
		return o.f, o.err
	case <-ctx.Done():
	}
	for {
		if w, err := os.OpenFile(path, os.O_WRONLY|syscall.O_NONBLOCK, 0); err == nil {
			w.Close() // a writer that comes lets the reader go on
		}
		select {
		case o := <-opened:
			if o.err == nil {
				o.f.Close()
			}
			return nil, context.Cause(ctx)
		case <-time.After(releaseEvery):
		}
	}
}
