package crawler

import (
	"bufio"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// acceptEncoding names the encodings that decode knows.
const acceptEncoding = "gzip, deflate, br, zstd"

const (
	// An answer that unpacks to more than maxRatio times its size is refused
	// once it is larger than ratioFloor. Real pages stay under 60.
	maxRatio   = 300
	ratioFloor = 2 << 20
	// maxEncodings bounds how often one body may be packed.
	maxEncodings = 3
)

// decode reads a body to its end and undoes its content encodings. A body
// that is not packed in spite of its header is taken as it is. length is that
// which was announced, -1 when none was.
func decode(body *countingReader, length int64, encodings []string, max int64) ([]byte, error) {
	var names []string
	for _, e := range strings.Split(strings.Join(encodings, ","), ",") {
		if e = strings.ToLower(strings.TrimSpace(e)); e != "" && e != "identity" {
			names = append(names, e)
		}
	}
	if len(names) > maxEncodings {
		return nil, fmt.Errorf("%d content encodings: %w", len(names), errEncoding)
	}
	slices.Reverse(names)
	var r io.Reader = body
	for _, name := range names {
		next, err := unpack(name, r)
		if err != nil {
			return nil, err
		}
		r = next
	}
	return readLimited(r, func() int64 { return body.n }, length, max)
}

// The room that is made for a body before it is read: an announced length is
// believed up to the larger.
const (
	someBody = 16 << 10
	mostBody = 1 << 20
)

// readLimited reads all of r, about length bytes, up to max bytes and within
// the ratio to what packed counts. With errTooLarge it gives the first max
// bytes.
func readLimited(r io.Reader, packed func() int64, length, max int64) ([]byte, error) {
	if length < 0 {
		length = someBody
	}
	out := make([]byte, 0, min(length, mostBody)+1) // one more: the end is seen without growing
	for {
		if len(out) == cap(out) {
			out = slices.Grow(out, someBody)
		}
		n, err := r.Read(out[len(out):cap(out)])
		out = out[:len(out)+n]
		size := int64(len(out))
		switch {
		case size > max:
			return out[:max], fmt.Errorf("more than %d bytes: %w", max, errTooLarge)
		case size > ratioFloor && size > maxRatio*packed():
			return nil, fmt.Errorf("%d bytes from %d: %w", size, packed(), errBomb)
		case err == io.EOF:
			return out, nil
		case err != nil:
			return nil, decodeError(err)
		}
	}
}

// decodeError tells a body that was cut from one that is broken.
func decodeError(err error) error {
	switch {
	case errors.Is(err, errTruncated), errors.Is(err, io.ErrUnexpectedEOF):
		return errTruncated
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader), errors.Is(err, zlib.ErrHeader),
		errors.Is(err, zstd.ErrMagicMismatch), errors.Is(err, zstd.ErrCRCMismatch), errors.Is(err, zstd.ErrWindowSizeExceeded):
		return fmt.Errorf("%w (%w)", errEncoding, err)
	}
	var corrupt flate.CorruptInputError
	if errors.As(err, &corrupt) || strings.HasPrefix(err.Error(), "brotli:") {
		return fmt.Errorf("%w (%w)", errEncoding, err)
	}
	return err
}

// unpack undoes one encoding. Headers are often wrong: what the first bytes
// show goes before what the header says.
func unpack(name string, r io.Reader) (io.Reader, error) {
	in := bufio.NewReader(r)
	head, err := in.Peek(512)
	switch {
	case len(head) == 0 && err == io.EOF:
		return in, nil
	case err != nil && err != io.EOF:
		return nil, decodeError(err)
	case isGzip(head):
		return newGzip(in)
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(8<<20))
		if err != nil {
			return nil, decodeError(err)
		}
		return z.IOReadCloser(), nil
	case isPlain(head):
		return in, nil
	}
	switch name {
	case "deflate":
		return newDeflate(in, head)
	case "br":
		return brotli.NewReader(in), nil
	}
	if http.DetectContentType(head) != "application/octet-stream" {
		return in, nil // a file of a known kind
	}
	return nil, fmt.Errorf("content encoding %q: %w", name, errEncoding)
}

// isPlain recognises a body that is not packed at all: a page, or text that is
// long enough not to be so by chance.
func isPlain(head []byte) bool {
	if trimmed := bytes.TrimSpace(trimBOM(head)); len(trimmed) > 0 && trimmed[0] == '<' {
		return true
	}
	for _, c := range head {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' {
			return false
		}
	}
	return len(head) >= 32
}

// newDeflate reads deflate with the head of zlib, as the standard says, or
// without it, as some servers send it.
func newDeflate(in io.Reader, head []byte) (io.Reader, error) {
	if head[0]&0x0f != 8 || len(head) < 2 || (int(head[0])<<8|int(head[1]))%31 != 0 {
		return flate.NewReader(in), nil
	}
	z, err := zlib.NewReader(in)
	if err != nil {
		return nil, decodeError(err)
	}
	return z, nil
}

// gzipBody reads gzip and takes what stands behind it for noise, as browsers
// do.
type gzipBody struct{ *gzip.Reader }

func newGzip(r io.Reader) (io.Reader, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, decodeError(err)
	}
	return gzipBody{z}, nil
}

func (g gzipBody) Read(p []byte) (int, error) {
	n, err := g.Reader.Read(p)
	if err == gzip.ErrHeader { // of a second member: the first is whole
		err = io.EOF
	}
	return n, err
}

func isGzip(head []byte) bool {
	return len(head) > 2 && head[0] == 0x1f && head[1] == 0x8b && head[2] == 8
}

// gunzip unpacks a file that is itself gzip, such as sitemap.xml.gz.
func gunzip(data []byte, max int64) ([]byte, error) {
	packed := bytes.NewReader(data)
	z, err := newGzip(packed)
	if err != nil {
		return nil, err
	}
	return readLimited(z, func() int64 { return packed.Size() - int64(packed.Len()) }, int64(len(data)), max)
}
