package export

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/archive/warc"
)

// A WebArchive counts what was written.
type WebArchive struct {
	Pages    int `json:"pages"`
	Revisits int `json:"revisits"`
	NoPage   int `json:"no_page"` // versions whose page is not kept
	Damaged  int `json:"damaged"` // versions whose page cannot be read, which is left out
}

// indexed is one page as it was written, for the index.
type indexed struct {
	warc.Place
	url    string
	title  string
	at     time.Time
	status int
	mime   string
	kind   string // of the record; part for a response that the text of another page stands in as well
}

// WriteWARC writes captures as a compressed WARC file: request, response and metadata
// of each version, and a revisit for each time when the same bytes came or the server
// said so. The same archive and query give the same bytes.
func WriteWARC(out io.Writer, captures iter.Seq2[archive.Capture, error], software string) (WebArchive, error) {
	return writeWARC(out, captures, software, warc.NewWriter, func(indexed) {})
}

// WritePlainWARC is WriteWARC of a file that is not compressed.
func WritePlainWARC(out io.Writer, captures iter.Seq2[archive.Capture, error], software string) (WebArchive, error) {
	return writeWARC(out, captures, software, warc.NewPlainWriter, func(indexed) {})
}

// warcWriter begins a file as warc.NewWriter does.
type warcWriter func(out io.Writer, software string, at time.Time) (*warc.Writer, error)

func writeWARC(out io.Writer, captures iter.Seq2[archive.Capture, error], software string, begin warcWriter, note func(indexed)) (WebArchive, error) {
	var n WebArchive
	var w *warc.Writer
	for c, err := range captures {
		if err == nil && w == nil {
			w, err = begin(out, software, c.Record.FirstSeen)
		}
		if err == nil {
			err = writeCapture(w, &c, &n, note)
		}
		if err != nil {
			return n, fmt.Errorf("write WARC: %w", err)
		}
	}
	if w == nil {
		if _, err := begin(out, software, time.Unix(0, 0)); err != nil {
			return n, fmt.Errorf("write WARC: %w", err)
		}
	}
	return n, nil
}

func writeCapture(w *warc.Writer, c *archive.Capture, n *WebArchive, note func(indexed)) error {
	switch {
	case c.Damaged:
		n.Damaged++
		return nil
	case c.Page == nil:
		n.NoPage++
		return nil
	}
	place, parts, err := w.Page(c.Page)
	if err != nil {
		return err
	}
	n.Pages++
	for i := range parts {
		part := &c.Page.Parts[i]
		note(indexed{Place: parts[i], url: part.FinalURL, at: part.FetchedAt, status: part.Status, mime: warc.MediaType(part), kind: "part"})
	}
	page := indexed{Place: place, url: c.Page.FinalURL, title: c.Version.Article.Title, at: c.Page.FetchedAt, status: c.Page.Status, mime: warc.MediaType(c.Page), kind: "response"}
	note(page)
	if err := w.Metadata(place, page.url, page.at, c.Notes()); err != nil {
		return err
	}
	for _, r := range c.Revisits {
		again := page
		if again.Place, err = w.Revisit(page.url, r.At, page.Place, page.at, r.NotModified); err != nil {
			return err
		}
		n.Revisits++
		again.Digest, again.at, again.mime, again.kind = page.Digest, r.At, "warc/revisit", "revisit"
		note(again)
	}
	return nil
}

// WriteWACZ writes the same as WriteWARC as a WACZ bundle, with an index and a
// list of pages, that web-archive players open. The index is held in memory.
func WriteWACZ(out io.Writer, captures iter.Seq2[archive.Capture, error], software string) (WebArchive, error) {
	z := &bundleWriter{zip: zip.NewWriter(out)}
	var n WebArchive
	var written []indexed
	err := z.add("archive/data.warc.gz", zip.Store, func(w io.Writer) (err error) {
		n, err = writeWARC(w, captures, software, warc.NewWriter, func(c indexed) { written = append(written, c) })
		return err
	})
	if err == nil {
		err = z.finishWACZ(written, software)
	}
	if err != nil {
		return n, fmt.Errorf("write WACZ: %w", err)
	}
	return n, nil
}

// resource is a file of a WACZ in its description.
type resource struct {
	Name  string `json:"name"`
	Path  string `json:"path"`
	Hash  string `json:"hash"`
	Bytes int64  `json:"bytes"`
}

func (z *bundleWriter) finishWACZ(captures []indexed, software string) error {
	lines := make([]string, len(captures))
	for i, c := range captures {
		line, err := cdxLine(c)
		if err != nil {
			return err
		}
		lines[i] = line
	}
	slices.Sort(lines)
	if err := z.text("indexes/index.cdx", strings.Join(lines, "")); err != nil {
		return err
	}
	if err := z.add("pages/pages.jsonl", zip.Deflate, func(w io.Writer) error { return writePages(w, captures) }); err != nil {
		return err
	}
	var resources []resource
	for _, f := range z.files {
		resources = append(resources, resource{f.path[strings.LastIndexByte(f.path, '/')+1:], f.path, "sha256:" + f.hash, f.bytes})
	}
	pack := map[string]any{"profile": "data-package", "wacz_version": "1.1.1", "software": software, "title": untitled, "resources": resources}
	if len(captures) > 0 {
		pack["created"] = captures[0].at.UTC().Format(time.RFC3339)
	}
	data, err := json.MarshalIndent(pack, "", "  ")
	if err != nil {
		return err
	}
	if err := z.text("datapackage.json", string(data)); err != nil {
		return err
	}
	digest := fmt.Sprintf("{\n  \"path\": \"datapackage.json\",\n  \"hash\": %q\n}\n", "sha256:"+z.files[len(z.files)-1].hash)
	if err := z.text("datapackage-digest.json", digest); err != nil {
		return err
	}
	return z.zip.Close()
}

// cdxLine is a line of the index: the address turned around so that a host
// sorts beside its parts, the time, and where the record stands.
func cdxLine(c indexed) (string, error) {
	data, err := json.Marshal(struct {
		URL      string `json:"url"`
		MIME     string `json:"mime"`
		Status   string `json:"status"`
		Digest   string `json:"digest"`
		Length   string `json:"length"`
		Offset   string `json:"offset"`
		Filename string `json:"filename"`
	}{c.url, c.mime, fmt.Sprint(c.status), c.Digest, fmt.Sprint(c.Length), fmt.Sprint(c.Offset), "data.warc.gz"})
	return surt(c.url) + " " + c.at.UTC().Format("20060102150405") + " " + string(data) + "\n", err
}

func surt(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	parts := strings.Split(strings.ToLower(u.Hostname()), ".")
	slices.Reverse(parts)
	host := strings.TrimSuffix(strings.Join(parts, ","), ",www")
	if port := u.Port(); port != "" && port != "80" && port != "443" {
		host += ":" + port
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	return host + ")" + strings.ToLower(path)
}

func writePages(w io.Writer, captures []indexed) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(map[string]string{"format": "json-pages-1.0", "id": "pages", "title": "All pages"}); err != nil {
		return err
	}
	for _, c := range captures {
		if c.kind != "response" {
			continue
		}
		err := enc.Encode(struct {
			ID    string `json:"id"`
			URL   string `json:"url"`
			TS    string `json:"ts"`
			Title string `json:"title"`
		}{strings.Trim(c.ID, "<>"), c.url, c.at.UTC().Format(time.RFC3339), c.title})
		if err != nil {
			return err
		}
	}
	return nil
}
