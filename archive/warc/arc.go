package warc

import (
	"bufio"
	"errors"
	"strconv"
	"strings"
	"time"
)

// arcRecord reads a record of the older format, whose header is one line:
// address, IP, date, type and length.
func (r *reader) arcRecord() (*Record, error) {
	rec := &Record{Offset: r.offset()}
	parts, err := r.arcLine()
	if err != nil {
		return nil, eof(err)
	}
	n := len(parts)
	// An address may hold spaces; the other parts do not.
	rec.URI, rec.Type = address(strings.Join(parts[:n-4], " ")), "response"
	if strings.HasPrefix(rec.URI, "filedesc:") {
		rec.Type = "warcinfo"
	}
	if date, err := time.Parse("20060102150405", parts[n-3]); err == nil {
		rec.Date = date
	} else {
		rec.Problem = "its date cannot be read"
	}
	rec.Fields = []Field{{"Content-Type", "application/http"}, {"WARC-IP-Address", parts[n-4]}}
	length, err := strconv.ParseInt(parts[n-1], 10, 64)
	if err != nil || length < 0 {
		rec.Problem = "its length cannot be read"
		return rec, nil
	}
	return r.block(rec, length)
}

// arcLine reads the next line that can be the header of a record.
func (r *reader) arcLine() ([]string, error) {
	for skipped := 0; skipped < resyncSpan; {
		line, err := r.in.ReadSlice('\n')
		skipped += len(line)
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return nil, err
		}
		parts := strings.Fields(string(line))
		if n := len(parts); n >= 5 && strings.Contains(parts[0], "://") && strings.Trim(parts[n-3], "0123456789") == "" {
			return parts, nil
		}
	}
	return nil, errors.New("no further record was found")
}
