package warc

import (
	"bufio"
	"errors"
	"strconv"
	"strings"
	"time"
)

// arcRecord reads a record of the older format, whose header is one line:
// address, IP, date, type and length. In version 2 status, checksum, location, offset and
// file name stand before the length.
func (r *reader) arcRecord() (*Record, error) {
	rec := &Record{Offset: r.offset()}
	parts, err := r.arcLine()
	if err != nil {
		return nil, eof(err)
	}
	n, at := len(parts), arcDate(parts)
	// An address may hold spaces; the other parts do not.
	rec.URI, rec.Type = address(strings.Join(parts[:at-1], " ")), "response"
	if strings.HasPrefix(rec.URI, "filedesc:") {
		rec.Type = "warcinfo"
	}
	if date, err := time.Parse(arcTime, parts[at]); err == nil {
		rec.Date = date
	} else {
		rec.Problem = "its date cannot be read"
	}
	rec.Fields = []Field{{"Content-Type", "application/http"}, {"WARC-IP-Address", parts[at-1]}}
	length, err := strconv.ParseInt(parts[n-1], 10, 64)
	if err != nil || length < 0 {
		rec.Problem = "its length cannot be read"
		return rec, nil
	}
	return r.block(rec, length)
}

const arcTime = "20060102150405"

// arcDate is the place of the date in the header of a record, of version 1 or 2.
func arcDate(parts []string) int {
	const behind1, behind2 = 3, 8
	n := len(parts)
	if n > behind2+1 && len(parts[n-behind1]) != len(arcTime) && len(parts[n-behind2]) == len(arcTime) && strings.Trim(parts[n-behind2], "0123456789") == "" {
		return n - behind2
	}
	return n - behind1
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
