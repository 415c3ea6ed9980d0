package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"sync"
)

// A savedPage is one page that extract is asked to read.
type savedPage struct {
	ID   string `json:"id"`
	File string `json:"file"`
	URL  string `json:"url"`

	at  string // for messages: the line of the manifest, "" on the command line
	err error  // of the line itself
}

type pageSeq = iter.Seq[savedPage]

// namedPages are the pages of the command line; their files are their ids.
func namedPages(files []string, url string) pageSeq {
	return func(yield func(savedPage) bool) {
		for _, f := range files {
			if !yield(savedPage{ID: f, File: f, URL: url}) {
				return
			}
		}
	}
}

// A manifest lists pages, one JSON object a line.
type manifest struct {
	name string
	in   io.ReadCloser
}

func (a *app) openManifest(name string) (*manifest, error) {
	if name == "-" {
		return &manifest{name, io.NopCloser(a.stdin)}, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = fmt.Errorf("%s is a folder", name)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &manifest{name, f}, nil
}

func (m *manifest) close() { m.in.Close() }

// maxManifestLine bounds the memory that a file which is no manifest can take.
const maxManifestLine = 1 << 20

// pages reads the manifest line by line. A line that is not understood is a
// page with an error.
func (m *manifest) pages() pageSeq {
	return func(yield func(savedPage) bool) {
		lines := bufio.NewScanner(m.in)
		lines.Buffer(nil, maxManifestLine)
		n := 0
		for lines.Scan() {
			n++
			line := bytes.TrimSpace(bytes.TrimPrefix(lines.Bytes(), []byte("\ufeff")))
			if len(line) > 0 && !yield(m.page(n, line)) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(savedPage{at: fmt.Sprintf("%s:%d", m.name, n+1), err: err})
		}
	}
}

func (m *manifest) page(n int, line []byte) savedPage {
	var p savedPage
	err := json.Unmarshal(line, &p)
	p.at = fmt.Sprintf("%s:%d", m.name, n)
	switch {
	case err != nil:
		p.err = fmt.Errorf("not a JSON object with id, file and url: %w", err)
	case p.File == "":
		p.err = errors.New(`the key "file" is missing`)
	case !filepath.IsAbs(p.File) && m.name != "-":
		p.File = filepath.Join(filepath.Dir(m.name), p.File)
	}
	if p.ID == "" {
		p.ID = p.File
	}
	return p
}

// maxPage is the most that a saved page may have after decompression.
const maxPage = 64 << 20

// pageBytes reads a saved page and decompresses it when it is gzip.
func (a *app) pageBytes(p savedPage) ([]byte, error) {
	if p.err != nil {
		return nil, p.err
	}
	body, err := a.readPage(p.File)
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		err = pe.Err // the path is said already
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.File, err)
	}
	return body, nil
}

func (a *app) readPage(name string) ([]byte, error) {
	raw := a.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		raw = f
	}
	buffered := bufio.NewReader(raw)
	in := io.Reader(buffered)
	if magic, _ := buffered.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		zip, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, err
		}
		in = zip
	}
	body, err := io.ReadAll(io.LimitReader(in, maxPage+1))
	if err == nil && len(body) > maxPage {
		err = fmt.Errorf("larger than %d MiB", maxPage>>20)
	}
	return body, err
}

// inOrder does something with each item on all processors, and gives the
// results in the order of the items. It holds a bounded number of them.
func inOrder[T, R any](ctx context.Context, items iter.Seq[T], do func(T) R) iter.Seq[R] {
	return func(yield func(R) bool) {
		ctx, cancel := context.WithCancel(ctx)
		processors := runtime.GOMAXPROCS(0)
		places := make(chan chan R, 4*processors)
		var workers sync.WaitGroup
		defer workers.Wait()
		defer cancel()
		workers.Go(func() {
			defer close(places)
			free := make(chan struct{}, processors)
			for item := range items {
				place := make(chan R, 1)
				select {
				case places <- place:
				case <-ctx.Done():
					return
				}
				free <- struct{}{}
				workers.Go(func() {
					defer func() { <-free }()
					place <- do(item)
				})
			}
		})
		for place := range places {
			if !yield(<-place) {
				return
			}
		}
	}
}
