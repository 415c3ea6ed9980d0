package archive

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/dossier-archive/dossier/archive/warc"
)

// bundle imports the WARC files of a WACZ file, and of those that stand in it, as in one of the profile
// multi-wacz-package: the names of their files begin with under. Names in it are only compared.
func (j *importJob) bundle(under string, f *io.SectionReader) error {
	z, err := zip.NewReader(f, f.Size())
	if err != nil {
		return j.cutBundle(under, f, err)
	}
	if j.files += len(z.File); j.files > maxBundle {
		return fmt.Errorf("%d files in a bundle: %w", j.files, warc.ErrLimit)
	}
	found, digests, before := false, digestsIn(z), j.report.Records
	var misled error // by the directory, when none of its files stands where it says
	for _, part := range z.File {
		isBundle := under == "" && strings.HasSuffix(strings.ToLower(part.Name), ".wacz")
		if !isBundle && !holdsRecords(part.Name) {
			continue
		}
		found = true
		name := under + part.Name
		if part.UncompressedSize64 > ratioFrom && part.UncompressedSize64/max(part.CompressedSize64, 1) > uint64(warc.Defaults().Ratio) {
			j.pass(Passed{File: name, Reason: warc.ErrLimit.Error(), Damaged: true})
			continue
		}
		if !isAsDescribed(part, digests[part.Name]) {
			j.pass(Passed{File: name, Reason: "its bytes are not those whose digest datapackage.json names; what can be read of it is imported", Damaged: true})
		}
		if isBundle {
			if err := j.innerBundle(f, part); err != nil {
				return err
			}
			continue
		}
		in, err := part.Open()
		if err != nil {
			j.pass(Passed{File: name, Reason: err.Error(), Damaged: true})
			misled = err
			continue
		}
		err = j.part(name, in)
		in.Close() // only read
		if err != nil {
			return err
		}
	}
	if !found {
		return errNoWARC
	}
	if misled != nil && j.report.Records == before {
		return j.cutBundle(under, f, misled)
	}
	return nil
}

var (
	errNoWARC      = errors.New("not a WACZ bundle: there is no WARC file in its folder archive, and no bundle in it")
	errInnerBundle = errors.New("a bundle that is packed in another one; take it out with unzip and import it")
)

// innerBundle imports a bundle that stands in another one. When it cannot be read, the others may.
func (j *importJob) innerBundle(f *io.SectionReader, part *zip.File) error {
	before := j.report.Records
	at, err := part.DataOffset()
	if err == nil && part.Method != zip.Store {
		err = errInnerBundle
	}
	if err == nil {
		err = j.bundle(part.Name+"/", io.NewSectionReader(f, at, int64(part.CompressedSize64)))
	}
	if err != nil && j.report.Records == before && j.ctx.Err() == nil {
		j.pass(Passed{File: part.Name, Reason: err.Error(), Damaged: true})
		return nil
	}
	return err
}

// holdsRecords reports whether a file of a bundle is a WARC file.
func holdsRecords(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, "archive/") && (strings.HasSuffix(name, ".warc") || strings.HasSuffix(name, ".warc.gz") || strings.HasSuffix(name, ".warc.zst"))
}

// part imports one file of a bundle. When it holds no record that can be read,
// the others may.
func (j *importJob) part(name string, in io.Reader) error {
	err := j.file(name, in)
	if err != nil && !j.read && j.ctx.Err() == nil {
		j.pass(Passed{File: name, Reason: err.Error(), Damaged: true})
		return nil
	}
	return err
}

// cutBundle imports what is left of a bundle without its directory, which stands
// at the end: each file has a header of its own.
func (j *importJob) cutBundle(under string, f io.ReadSeeker, cause error) error {
	found := false
	for at := int64(0); ; {
		if _, err := f.Seek(at, io.SeekStart); err != nil {
			return err
		}
		in := bufio.NewReaderSize(f, 64<<10)
		skipped, err := seekHeader(in)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		h, err := readHeader(in)
		at += skipped + int64(len(zipHeader))
		if err != nil || !holdsRecords(h.name) {
			continue
		}
		if !found {
			j.pass(Passed{File: strings.TrimSuffix(under, "/"), Reason: "the directory of the bundle cannot be read (" + cause.Error() + "); what is left of its files is imported", Damaged: true})
		}
		found = true
		if err := j.part(under+h.name, h.content(in)); err != nil {
			return err
		}
		read, err := f.Seek(0, io.SeekCurrent)
		if err != nil {
			return err
		}
		at = max(at+h.size, read-int64(in.Buffered()))
	}
	if !found {
		return fmt.Errorf("%w; its directory cannot be read: %w", errNoWARC, cause)
	}
	return nil
}

// zipHeader is what the header of a file in a ZIP file begins with.
var zipHeader = []byte("PK\x03\x04")

// seekHeader reads up to the next header, and past what it begins with. It gives
// the number of bytes before it.
func seekHeader(in *bufio.Reader) (skipped int64, err error) {
	for {
		ahead, err := in.Peek(32 << 10)
		if i := bytes.Index(ahead, zipHeader); i >= 0 {
			_, err := in.Discard(i + len(zipHeader))
			return skipped + int64(i), err
		}
		if err != nil {
			return skipped, err
		}
		n, err := in.Discard(len(ahead) - len(zipHeader) + 1)
		if skipped += int64(n); err != nil {
			return skipped, err
		}
	}
}

// A localHeader is what stands before a file in a ZIP file.
type localHeader struct {
	name   string
	method uint16
	size   int64 // of the packed content; 0: not told before it
}

func readHeader(in io.Reader) (localHeader, error) {
	var raw struct {
		Version, Flags, Method, Time, Day uint16
		CRC, Packed, Unpacked             uint32
		Name, Extra                       uint16
	}
	if err := binary.Read(in, binary.LittleEndian, &raw); err != nil {
		return localHeader{}, fmt.Errorf("header: %w", err)
	}
	text := make([]byte, int(raw.Name)+int(raw.Extra))
	if _, err := io.ReadFull(in, text); err != nil {
		return localHeader{}, fmt.Errorf("header: %w", err)
	}
	h := localHeader{name: string(text[:raw.Name]), method: raw.Method, size: int64(raw.Packed)}
	if raw.Packed == 1<<32-1 { // told in the extra field, as not at all
		h.size = 0
	}
	return h, nil
}

// content is the file that follows its header. Without a known size a stored one
// goes on into what follows, which is no record.
func (h localHeader) content(in io.Reader) io.Reader {
	if h.size > 0 {
		in = io.LimitReader(in, h.size)
	}
	if h.method == zip.Deflate {
		return flate.NewReader(in)
	}
	return in
}
