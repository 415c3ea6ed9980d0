package crawler

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"golang.org/x/net/html/charset"
)

// maxSitemapEntries is the limit of the protocol for one file.
const maxSitemapEntries = 50_000

// A sitemapEntry is one address of a sitemap.
type sitemapEntry struct {
	Loc     string
	LastMod time.Time
	Title   string // of a news sitemap
	Date    string // of a news sitemap
	IsMap   bool   // a sitemap of its own
}

var errNotSitemap = errors.New("neither <urlset> nor <sitemapindex>")

// eachSitemapEntry reads a sitemap, a sitemap index or a plain list of
// addresses, one entry at a time. What stands before a defect is used; the
// error then says where the defect is. External entities are never read.
func eachSitemapEntry(data []byte, do func(sitemapEntry)) error {
	if isAddressList(data) {
		for line := range strings.Lines(string(data)) {
			do(sitemapEntry{Loc: strings.TrimSpace(line)})
		}
		return nil
	}
	d := xml.NewDecoder(bytes.NewReader(bytes.TrimSpace(data)))
	d.Strict = false
	d.CharsetReader = readCharset
	r := sitemapReader{decoder: d, do: do, takes: map[string]bool{"": true, "news": true}}
	return r.read()
}

// readCharset decodes what a declaration names. An encoding that nobody knows is
// taken for UTF-8: addresses are plain letters in nearly all.
func readCharset(label string, in io.Reader) (io.Reader, error) {
	if e, _ := charset.Lookup(label); e == nil {
		return in, nil
	}
	return charset.NewReaderLabel(label, in)
}

// isAddressList recognises the text form: nothing but addresses, one a line.
func isAddressList(data []byte) bool {
	data = bytes.TrimSpace(trimBOM(data))
	first, _, _ := bytes.Cut(data, []byte("\n"))
	first = bytes.TrimSpace(first)
	return (bytes.HasPrefix(first, []byte("http://")) || bytes.HasPrefix(first, []byte("https://"))) && !bytes.ContainsAny(first, " <>")
}

type sitemapReader struct {
	decoder *xml.Decoder
	do      func(sitemapEntry)
	root    string
	takes   map[string]bool // prefixes of the elements that are read
	closed  bool            // its end tag was read
	entries int
	cur     sitemapEntry
	text    strings.Builder
}

func (r *sitemapReader) read() error {
	for r.entries < maxSitemapEntries {
		token, err := r.decoder.RawToken() // files are found whose tags do not fit
		if err != nil {
			if text := strings.TrimSpace(r.text.String()); r.cur.Loc == "" && strings.HasPrefix(text, "http") && strings.HasSuffix(text, "/") {
				r.cur.Loc = text // the file was cut inside the end tag
			}
			r.flush()
			return r.ending(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if err := r.start(t); err != nil {
				return err
			}
		case xml.EndElement:
			r.end(t.Name)
		case xml.CharData:
			r.text.Write(t)
		}
	}
	return nil
}

func (r *sitemapReader) ending(err error) error {
	switch {
	case err == io.EOF && r.root == "":
		return errNotSitemap
	case err == io.EOF && r.closed:
		return nil
	case err == io.EOF:
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("sitemap, after %d addresses: %w", r.entries, err)
}

func (r *sitemapReader) start(t xml.StartElement) error {
	r.text.Reset()
	name := strings.ToLower(t.Name.Local)
	if r.root == "" {
		if name != "urlset" && name != "sitemapindex" {
			return errNotSitemap
		}
		r.root, r.takes[t.Name.Space] = name, true
	}
	for _, a := range t.Attr {
		if a.Name.Space == "xmlns" && ownSpace.MatchString(a.Value) {
			r.takes[a.Name.Local] = true
		}
	}
	if !r.takes[t.Name.Space] {
		return nil
	}
	if name == "url" || name == "sitemap" {
		r.flush() // the one before was not closed
		r.cur = sitemapEntry{IsMap: r.root == "sitemapindex"}
	}
	return nil
}

// ownSpace finds the namespaces of sitemaps and of news in them. Other elements tell of
// pictures, films and translations, and also have addresses and titles.
var ownSpace = regexp.MustCompile(`/schemas/sitemap(-news)?/`)

// end takes the text of an element. Files are found that leave out <loc>, or
// write <url> inside it.
func (r *sitemapReader) end(n xml.Name) {
	text := strings.TrimSpace(r.text.String())
	r.text.Reset()
	if !r.takes[n.Space] {
		return
	}
	switch name := strings.ToLower(n.Local); name {
	case r.root:
		r.closed = true
	case "loc":
		r.setLoc(text)
	case "lastmod":
		r.cur.LastMod = readLastMod(text)
	case "publication_date":
		r.cur.Date = text
	case "title":
		r.cur.Title = text
	case "url", "sitemap":
		if strings.HasPrefix(text, "http") {
			r.setLoc(text)
		}
		r.flush()
	}
}

// readLastMod reads the forms of the protocol, and what is written for them; zero
// when it is none of them.
func readLastMod(text string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", time.DateTime, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t
		}
	}
	return time.Time{}
}

// setLoc takes an address; a second one in the same entry begins another.
func (r *sitemapReader) setLoc(text string) {
	if r.cur.Loc != "" {
		isMap := r.cur.IsMap
		r.flush()
		r.cur.IsMap = isMap
	}
	if strings.HasPrefix(text, "www.") {
		text = "http://" + text
	}
	r.cur.Loc = text
}

func (r *sitemapReader) flush() {
	if r.cur.Loc != "" {
		r.do(r.cur)
		r.entries++
	}
	r.cur = sitemapEntry{}
}
