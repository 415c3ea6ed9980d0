package warc_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha1"
	"encoding/base32"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/dossier-archive/dossier/archive/warc"
)

// packings are how the records of a file may be packed.
var packings = []string{"plain", "gzip", "zstd"}

// pack adds a record to a file, packed as a member of its own.
func pack(t testing.TB, file *bytes.Buffer, packing, record string) {
	var z io.WriteCloser
	switch packing {
	case "plain":
		file.WriteString(record)
		return
	case "gzip":
		z = gzip.NewWriter(file)
	case "zstd":
		var err error
		if z, err = zstd.NewWriter(file, zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := io.WriteString(z, record); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
}

// pages is a file of n responses with digests, and where each begins in it.
func pages(t testing.TB, n int, packing string) (file []byte, begins []int) {
	r := rand.New(rand.NewPCG(7, 8))
	var b bytes.Buffer
	for i := range n {
		begins = append(begins, b.Len())
		text := make([]byte, 600+r.IntN(4000))
		for j := range text {
			text[j] = byte('a' + r.IntN(26))
		}
		block := "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>" + string(text)
		record := fmt.Sprintf("WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.test/%d\r\nWARC-Date: 2026-01-01T00:00:00Z\r\nContent-Type: application/http\r\nContent-Length: %d\r\nWARC-Block-Digest: %s\r\n\r\n%s\r\n\r\n",
			i, len(block), sha1Of(block), block)
		pack(t, &b, packing, record)
	}
	return b.Bytes(), append(begins, b.Len())
}

// TestDamageCostsOnlyItsRecords damages files at many places: the records that
// are not touched are read, and that others were lost is said.
func TestDamageCostsOnlyItsRecords(t *testing.T) {
	const n = 12
	r := rand.New(rand.NewPCG(9, 10))
	for _, packing := range packings {
		whole, begins := pages(t, n, packing)
		for range 400 {
			file := bytes.Clone(whole)
			at := r.IntN(len(file) - 1)
			end := min(at+1+r.IntN([]int{1, 30, 3000}[r.IntN(3)]), len(file))
			how := r.IntN(3)
			for i := at; i < end; i++ {
				switch how {
				case 0:
					file[i] = 0
				case 1:
					file[i] = byte(r.IntN(256))
				default:
					file[i] ^= 1 << r.IntN(8)
				}
			}
			if how == 1 && r.IntN(2) == 0 { // bytes that are missing
				file = append(file[:at], file[end:]...)
			}
			if bytes.Equal(file, whole) {
				continue
			}
			sound, problems := read(file)
			for i := range n {
				uri := fmt.Sprintf("http://a.test/%d", i)
				if touched := begins[i]-4 < end && begins[i+1] > at; !touched && !sound[uri] {
					t.Fatalf("%s, bytes %d to %d damaged: record %d at %d to %d is lost\n%s", packing, at, end, i, begins[i], begins[i+1], strings.Join(problems, "\n"))
				}
			}
			if len(sound) < n && len(problems) == 0 {
				t.Fatalf("%s, bytes %d to %d damaged: %d records and not a word", packing, at, end, len(sound))
			}
		}
	}
}

// read gives the addresses of the sound records, and what is said of others.
func read(file []byte) (sound map[string]bool, problems []string) {
	sound = map[string]bool{}
	for r, err := range warc.Read(bytes.NewReader(file), warc.Limits{}) {
		switch {
		case err != nil:
			problems = append(problems, err.Error())
		case r.Problem != "":
			problems = append(problems, fmt.Sprint(r.Offset, " ", r.URI, ": ", r.Problem))
		default:
			sound[r.URI] = true
		}
	}
	return sound, problems
}

// TestLengthThatSwallows: records inside of a block whose length is wrong are
// read all the same.
func TestLengthThatSwallows(t *testing.T) {
	whole, _ := pages(t, 5, "plain")
	i := bytes.Index(whole, []byte("Content-Length: "))
	for _, length := range []string{"7000", "999999999", "10"} {
		j := i + len("Content-Length: ")
		k := j + bytes.IndexByte(whole[j:], '\r')
		file := append(append(bytes.Clone(whole[:j]), length...), whole[k:]...)
		sound, problems := read(file)
		if len(sound) != 4 || len(problems) == 0 {
			t.Errorf("length %s: %d sound records, want 4; %q", length, len(sound), problems)
		}
	}
}

func sha1Of(block string) string {
	sum := sha1.Sum([]byte(block))
	return "sha1:" + base32.StdEncoding.EncodeToString(sum[:])
}

// TestZerosAtTheEnd: zeros that fill a file up are no damage, unless something follows them.
func TestZerosAtTheEnd(t *testing.T) {
	const n = 3
	zeros := make([]byte, 70<<10)
	for _, packing := range packings {
		whole, begins := pages(t, n, packing)
		if sound, problems := read(append(bytes.Clone(whole), zeros...)); len(sound) != n || len(problems) > 0 {
			t.Errorf("%s: %d records, %q", packing, len(sound), problems)
		}
		file := append(append(bytes.Clone(whole[:begins[2]]), zeros...), whole[begins[2]:]...)
		if sound, problems := read(file); len(sound) != n || len(problems) != 1 {
			t.Errorf("%s, in between: %d records, %q", packing, len(sound), problems)
		}
	}
}
