package crawler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxRetryAfter is the longest pause that a run grants a host.
const maxRetryAfter = 5 * time.Minute

// A pauseAsked is a request for a pause, as the header Retry-After makes it.
type pauseAsked struct {
	sent    string        // as it came, "" when there was none
	pause   time.Duration // from now on, maxRetryAfter at most
	clamped bool          // it was longer
	wrong   bool          // neither seconds nor a date; counts as not sent
}

// retryAfter reads seconds or a date. A date that has passed asks for no pause.
func retryAfter(h http.Header, now time.Time) pauseAsked {
	asked := pauseAsked{sent: strings.TrimSpace(h.Get("Retry-After"))}
	if seconds, ok := wholeNumber(asked.sent); ok {
		asked.pause = time.Duration(min(seconds, math.MaxInt32)) * time.Second
	} else if at, err := http.ParseTime(asked.sent); err == nil {
		asked.pause = max(at.Sub(now), 0)
	} else {
		asked.wrong = asked.sent != ""
	}
	asked.clamped = asked.pause > maxRetryAfter
	asked.pause = min(asked.pause, maxRetryAfter)
	return asked
}

// wholeNumber reads digits: no sign, no fraction. A number beyond 63 bits counts as
// the greatest of these.
func wholeNumber(s string) (n int64, ok bool) {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil || errors.Is(err, strconv.ErrRange)
}

// log tells what was sent and what is made of it. The run deals with it, so it
// is nothing to be warned of.
func (a pauseAsked) log(ctx context.Context, log *slog.Logger, host string, status int, pause time.Duration) {
	message := "the host asks for a pause"
	switch {
	case a.sent == "":
		return
	case a.wrong:
		message = "the host asks for a pause in words that say no time"
	case a.clamped:
		message = "the host asks for a longer pause than a run grants"
	}
	log.InfoContext(ctx, message, "host", host, "status", status, "retry_after", a.sent, "pause", human(pause))
}

// detail is what the outcome of a page says of it, "" when nothing was sent.
func (a pauseAsked) detail() string {
	switch {
	case a.sent == "":
		return ""
	case a.wrong:
		return fmt.Sprintf("; Retry-After %q says no time", a.sent)
	case a.clamped:
		return fmt.Sprintf("; Retry-After %q, of which %s are kept", a.sent, human(a.pause))
	}
	return fmt.Sprintf("; Retry-After %q", a.sent)
}

// human writes a pause as people say it, to the second.
func human(d time.Duration) string { return d.Round(time.Second).String() }
