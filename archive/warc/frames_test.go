package warc_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/dossier-archive/dossier/archive/warc"
)

// skippable is a frame of zstd that holds nothing of the unpacked file.
func skippable(number byte, content []byte) []byte {
	head := []byte{0x50 | number, 0x2a, 0x4d, 0x18}
	return append(binary.LittleEndian.AppendUint32(head, uint32(len(content))), content...)
}

// withDictionary are files of n resources whose frames need a dictionary: as it is, packed, and
// not in the file.
func withDictionary(t testing.TB, n int) map[string][]byte {
	record := func(i int) []byte {
		text := fmt.Sprintf("<p>Page %d of the harbour administration says what ships came in on day %d and what they had loaded.", i, i*i)
		return fmt.Appendf(nil, "WARC/1.1\r\nWARC-Type: resource\r\nWARC-Target-URI: http://a.test/%d\r\nWARC-Date: 2026-01-01T00:00:00Z\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", i, len(text), text)
	}
	var samples [][]byte
	for i := range 40 {
		samples = append(samples, record(i))
	}
	dictionary, err := zstd.BuildDict(zstd.BuildDictOptions{ID: 77, Contents: samples, History: bytes.Join(samples[:8], nil), Offsets: [3]int{1, 4, 8}})
	if err != nil {
		t.Fatal(err)
	}
	packed := func(content []byte, options ...zstd.EOption) []byte {
		z, err := zstd.NewWriter(nil, append(options, zstd.WithEncoderConcurrency(1))...)
		if err != nil {
			t.Fatal(err)
		}
		return z.EncodeAll(content, nil)
	}
	var frames []byte
	for i := range n {
		frames = append(frames, packed(record(i), zstd.WithEncoderDict(dictionary))...)
		frames = append(frames, skippable(0, []byte("WARC/1.1\r\n"))...)
	}
	return map[string][]byte{
		"plain":   append(skippable(0xd, dictionary), frames...),
		"packed":  append(skippable(0xd, packed(dictionary)), frames...),
		"missing": frames,
		"none":    append(skippable(0xd, []byte("no dictionary")), frames...),
		"too big": append(skippable(0xd, packed(make([]byte, 17<<20))), frames...),
	}
}

// TestDictionary: the frames of a file may need the dictionary that it begins with, and others
// are skipped. A file that lacks it is not read, with that reason.
func TestDictionary(t *testing.T) {
	want := map[string]string{"missing": "a dictionary that is not in the file", "none": "the dictionary", "too big": warc.ErrLimit.Error()}
	for name, file := range withDictionary(t, 9) {
		sound, problems := read(file)
		if want[name] == "" && (len(sound) != 9 || len(problems) > 0) {
			t.Errorf("%s: %d records, %q", name, len(sound), problems)
		}
		if want[name] != "" && (len(sound) > 0 || len(problems) != 1 || !strings.Contains(problems[0], want[name])) {
			t.Errorf("%s: %d records, %q; want %q", name, len(sound), problems, want[name])
		}
	}
}

// TestWindowOfFrames: a frame that would take more memory than is allowed is not unpacked.
func TestWindowOfFrames(t *testing.T) {
	const exponent = 18 // of a window of 256 MiB
	frame := []byte{0x28, 0xb5, 0x2f, 0xfd, 0, exponent << 3, 1, 0, 0}
	for _, err := range warc.Read(bytes.NewReader(frame), warc.Limits{}) {
		if !errors.Is(err, warc.ErrLimit) {
			t.Errorf("got %v, want ErrLimit", err)
		}
	}
}
