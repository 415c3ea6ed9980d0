package warc

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// frames is the packing of frames of zstd, with the dictionary that the file may begin with
// (WARC-ZSTD 1.0).
type frames struct {
	*zstd.Decoder
	frame frame
	begun bool // the place of the dictionary is passed
	dict  []byte
}

// Limits of what a frame makes a reader keep.
const (
	maxWindow     = 128 << 20 // as the zstd command has it
	maxDictionary = 16 << 20
)

var (
	frameBegin     = []byte{0x28, 0xb5, 0x2f, 0xfd}
	dictionaryMark = []byte{0x37, 0xa4, 0x30, 0xec}
)

// skippableDictionary is the number of the skippable frame that a dictionary stands in.
const skippableDictionary = 0x5d

var errNoDictionary = errors.New("it is packed with a dictionary that is not in the file")

func (*frames) begins() []byte { return frameBegin }

// isSkippable holds for the beginning of a frame that holds nothing of the unpacked file.
func isSkippable(head []byte) bool {
	return len(head) >= 4 && head[0]&0xf0 == 0x50 && bytes.Equal(head[1:4], []byte{0x2a, 0x4d, 0x18})
}

// skip passes over skippable frames. It keeps the dictionary, which stands in the first.
func (f *frames) skip(in *tape) error {
	for {
		in.forget()
		head, _ := in.peek(8)
		if !isSkippable(head) || len(head) < 8 {
			f.begun = true
			return nil
		}
		size := int64(binary.LittleEndian.Uint32(head[4:]))
		isDictionary := head[0] == skippableDictionary && !f.begun
		f.begun = true
		in.take(make([]byte, 8))
		if isDictionary {
			var err error
			if f.dict, err = dictionary(io.LimitReader(in, size)); err != nil {
				return fmt.Errorf("the dictionary that it is packed with: %w", err)
			}
		} else if _, err := io.CopyN(io.Discard, in, size); err != nil {
			return within(err)
		}
	}
}

// dictionary reads a dictionary, which may be packed itself.
func dictionary(in io.Reader) ([]byte, error) {
	content, err := readAll(in, maxDictionary)
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(content, frameBegin) {
		z, err := unpacker("zstd", content)
		if err != nil {
			return nil, err
		}
		if content, err = readAll(z, maxDictionary); err != nil {
			return nil, err
		}
	}
	if !bytes.HasPrefix(content, dictionaryMark) {
		return nil, errors.New("it is none")
	}
	if _, err := zstd.InspectDictionary(content); err != nil {
		return nil, err
	}
	return content, nil
}

func (f *frames) reset(in *tape) error {
	if f.Decoder == nil {
		options := []zstd.DOption{zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxMemory(maxWindow)}
		if f.dict != nil {
			options = append(options, zstd.WithDecoderDicts(f.dict))
		}
		var err error
		if f.Decoder, err = zstd.NewReader(nil, options...); err != nil {
			return err
		}
	}
	f.frame = frame{in: in}
	if err := f.frame.header(); err != nil {
		return err
	}
	return f.Decoder.Reset(&f.frame)
}

func (f *frames) Read(p []byte) (int, error) {
	n, err := f.Decoder.Read(p)
	switch {
	case errors.Is(err, zstd.ErrUnknownDictionary):
		err = errNoDictionary
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		err = ErrLimit
	}
	return n, err
}

// frame reads the packed bytes of one frame, block by block, so that what follows it is left.
type frame struct {
	in       *tape
	left     int64 // of the block, or of the header
	last     bool  // the block
	checksum bool  // behind the last block
}

func (f *frame) header() error {
	head, _ := f.in.peek(zstd.HeaderMaxSize) // a short frame is not as long
	var h zstd.Header
	if err := h.Decode(head); err != nil {
		return err
	}
	if h.Skippable {
		return errors.New("a frame that is to be skipped is cut off")
	}
	f.left, f.checksum = int64(h.HeaderSize), h.HasCheckSum
	return nil
}

func (f *frame) Read(p []byte) (int, error) {
	if f.left == 0 {
		if f.last {
			return 0, io.EOF
		}
		if err := f.block(); err != nil {
			return 0, err
		}
	}
	n, err := f.in.Read(p[:min(int64(len(p)), f.left)])
	f.left -= int64(n)
	return n, within(err)
}

// within is the error of a file that ends inside of a frame.
func within(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// block reads the header of a block.
func (f *frame) block() error {
	head, err := f.in.peek(3)
	if err != nil {
		return within(err)
	}
	b := uint32(head[0]) | uint32(head[1])<<8 | uint32(head[2])<<16
	const repeated = 1 // one byte stands for all
	size := int64(b >> 3)
	if b>>1&3 == repeated {
		size = 1
	}
	f.left, f.last = 3+size, b&1 == 1
	if f.last && f.checksum {
		f.left += 4
	}
	return nil
}
