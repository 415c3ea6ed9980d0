package crawler

import (
	"bytes"
	"context"
	"net"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
)

// headConn keeps the head of the last answer, status line and header, as it came:
// the HTTP library renames and sorts what it parses. The requests on it follow
// each other.
type headConn struct {
	net.Conn

	mu    sync.Mutex
	head  []byte // of the answer to the last request, as far as it has come
	whole bool   // what follows is body
}

func (c *headConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	if c.whole {
		c.head, c.whole = nil, false
	}
	c.mu.Unlock()
	return c.Conn.Write(p)
}

func (c *headConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	for came := p[:n]; len(came) > 0 && !c.whole; {
		came = c.take(came)
	}
	return n, err
}

// take adds what came to the head, up to the empty line that ends it, and gives the
// rest. The head of an interim answer is left out.
func (c *headConn) take(came []byte) (rest []byte) {
	before := len(c.head)
	c.head = append(c.head, came...)
	end := endOfHead(c.head, max(0, before-3))
	switch {
	case end >= 0:
		rest = came[end-before:]
		c.head = c.head[:end:end]
		if c.whole = !isInterim(c.head); !c.whole {
			c.head = nil
		}
	case len(c.head) > 2*maxHeaderBytes: // more than the HTTP library takes
		c.head, c.whole = nil, true
	}
	return rest
}

// endOfHead is the place behind the first empty line that ends at from or later, -1
// when there is none. Lines end with LF, which CR may precede.
func endOfHead(b []byte, from int) int {
	for {
		i := bytes.IndexByte(b[from:], '\n')
		if i < 0 {
			return -1
		}
		from += i + 1
		if before := bytes.TrimSuffix(b[:from-1], []byte("\r")); bytes.HasSuffix(before, []byte("\n")) {
			return from
		}
	}
}

// isInterim holds for the answers that another one follows: those of 100 to 199 but
// the one that leaves HTTP.
func isInterim(head []byte) bool {
	_, status, _ := bytes.Cut(head, []byte(" "))
	return bytes.HasPrefix(status, []byte("1")) && !bytes.HasPrefix(status, []byte("101"))
}

// lastHead watches which connection a request goes over.
type lastHead struct{ conn atomic.Pointer[headConn] }

func (l *lastHead) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		if conn, ok := info.Conn.(*headConn); ok {
			l.conn.Store(conn)
		}
	}})
}

// bytes gives the head of the answer as it came, nil when it is not known.
func (l *lastHead) bytes() []byte {
	conn := l.conn.Load()
	if conn == nil {
		return nil
	}
	conn.mu.Lock()
	defer conn.mu.Unlock()
	if !conn.whole {
		return nil
	}
	return conn.head
}
