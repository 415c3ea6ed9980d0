package archive

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"archive/zip"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive/warc"
)

// A WebArchive counts what was written.
type WebArchive struct {
	Pages    int `json:"pages"`
	Revisits int `json:"revisits"`
	NoPage   int `json:"no_page"` // versions whose page is not kept
}

// capture is one page as it was written, for the index.
type capture struct {
	warc.Place
	url    string
	title  string
	at     time.Time
	status int
	mime   string
	kind   string // of the record
}

// WriteWARC writes the pages that the chosen records were read from as a
// compressed WARC file: request, response and metadata of each version, and a
// revisit for each time when the same bytes came or the server said so. The same archive
// and query give the same bytes.
func (a *Archive) WriteWARC(ctx context.Context, out io.Writer, q Query, software string) (WebArchive, error) {
	return a.writeWARC(ctx, out, q, software, warc.NewWriter, func(capture) {})
}

// WritePlainWARC is WriteWARC of a file that is not compressed.
func (a *Archive) WritePlainWARC(ctx context.Context, out io.Writer, q Query, software string) (WebArchive, error) {
	return a.writeWARC(ctx, out, q, software, warc.NewPlainWriter, func(capture) {})
}

// warcWriter begins a file as warc.NewWriter does.
type warcWriter func(out io.Writer, software string, at time.Time) (*warc.Writer, error)

func (a *Archive) writeWARC(ctx context.Context, out io.Writer, q Query, software string, begin warcWriter, note func(capture)) (WebArchive, error) {
	var n WebArchive
	var w *warc.Writer
	for r, err := range a.Records(ctx, q) {
		if err == nil && w == nil {
			w, err = begin(out, software, r.FirstSeen)
		}
		if err == nil {
			err = a.writeRecord(ctx, w, r, &n, note)
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

// writeRecord writes the captures of one record.
func (a *Archive) writeRecord(ctx context.Context, w *warc.Writer, r dossier.Record, n *WebArchive, note func(capture)) error {
	versions, err := a.Versions(ctx, r.ID)
	if err != nil {
		return err
	}
	aliases, err := a.Aliases(ctx, r.ID)
	if err != nil {
		return err
	}
	var last capture
	var written int64
	for i, v := range versions {
		if v.Page == 0 {
			n.NoPage++
			continue
		}
		if v.Page == written { // read again from the same page
			continue
		}
		page, err := a.Page(ctx, v.Page)
		if err != nil {
			return err
		}
		place, err := w.Page(&page)
		if err != nil {
			return err
		}
		n.Pages++
		last = capture{Place: place, url: page.FinalURL, title: v.Article.Title, at: page.FetchedAt, status: page.Status, mime: mimeOf(page), kind: "response"}
		note(last)
		sum := sha256.Sum256(page.Body)
		lines := []warc.Field{{Name: "record", Value: fmt.Sprintf("%s@%d", r.ID, v.Number)}, {Name: "title", Value: v.Article.Title},
			{Name: seenText, Value: v.SHA256}, {Name: seenOnPage, Value: hex.EncodeToString(sum[:])},
			{Name: seenFirst, Value: stamped(r.FirstSeen)}, {Name: seenLast, Value: stamped(r.LastSeen)}}
		if written == 0 {
			for _, al := range aliases {
				lines = append(lines, warc.Field{Name: seenAlias, Value: aliasLine(al, r.Site)})
			}
		}
		written = v.Page
		if err := w.Metadata(place, page.FinalURL, page.FetchedAt, lines); err != nil {
			return err
		}
		until := ""
		if i+1 < len(versions) {
			until = stamped(versions[i+1].Created)
		}
		if err := a.writeRevisits(ctx, w, r.ID, last, v.Page, until, n, note); err != nil {
			return err
		}
	}
	return nil
}

// writeRevisits writes when a page was found as it was, until the next version:
// when just its bytes came, or its server said that it had not changed. That its
// text was the same, in a page with another counter, is no revisit.
func (a *Archive) writeRevisits(ctx context.Context, w *warc.Writer, id string, of capture, page int64, until string, n *WebArchive, note func(capture)) error {
	rows, err := a.reader.QueryContext(ctx, `SELECT o.at, o.http FROM records r JOIN observations o ON o.record = r.seq JOIN frontier f ON f.id = o.address
		WHERE r.id = $1 AND o.status = 'unchanged' AND o.doubt = '' AND o.at > $2 AND ($3 = '' OR o.at < $3)
			AND f.url = $4 AND (o.http = 304 OR o.page = $5) ORDER BY o.id`, id, stamped(of.at), until, of.url, page)
	if err != nil {
		return classify(err)
	}
	defer rows.Close()
	for rows.Next() {
		var at string
		var status int
		if err := rows.Scan(&at, &status); err != nil {
			return err
		}
		place, err := w.Revisit(of.url, parseStamp(at), of.Place, of.at, status == http.StatusNotModified)
		if err != nil {
			return err
		}
		n.Revisits++
		place.Digest = of.Digest
		note(capture{Place: place, url: of.url, title: of.title, at: parseStamp(at), status: of.status, mime: "warc/revisit", kind: "revisit"})
	}
	return rows.Err()
}

func mimeOf(s dossier.Snapshot) string {
	mime, _, _ := strings.Cut(s.Header.Get("Content-Type"), ";")
	if mime = strings.ToLower(strings.TrimSpace(mime)); mime == "" {
		return "unk"
	}
	return mime
}

// WriteWACZ writes the same as WriteWARC as a WACZ bundle, with an index and a
// list of pages, that web-archive players open. The index is held in memory.
func (a *Archive) WriteWACZ(ctx context.Context, out io.Writer, q Query, software string) (WebArchive, error) {
	z := &wacz{zip: zip.NewWriter(out)}
	var n WebArchive
	var captures []capture
	err := z.add("archive/data.warc.gz", zip.Store, func(w io.Writer) (err error) {
		n, err = a.writeWARC(ctx, w, q, software, warc.NewWriter, func(c capture) { captures = append(captures, c) })
		return err
	})
	if err == nil {
		err = z.finish(captures, software)
	}
	if err != nil {
		return n, fmt.Errorf("write WACZ: %w", err)
	}
	return n, nil
}

// zipTime is the first instant that ZIP knows: the same content, the same bytes.
var zipTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// wacz is a bundle that is being written.
type wacz struct {
	zip       *zip.Writer
	resources []resource
}

type resource struct {
	Name  string `json:"name"`
	Path  string `json:"path"`
	Hash  string `json:"hash"`
	Bytes int64  `json:"bytes"`
}

func (z *wacz) add(name string, method uint16, write func(io.Writer) error) error {
	f, err := z.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: zipTime})
	if err != nil {
		return err
	}
	sum := sha256.New()
	n := &written{}
	buffered := bufio.NewWriterSize(io.MultiWriter(f, sum, n), 64<<10)
	if err := write(buffered); err != nil {
		return err
	}
	if err := buffered.Flush(); err != nil {
		return err
	}
	z.resources = append(z.resources, resource{name[strings.LastIndexByte(name, '/')+1:], name, "sha256:" + hex.EncodeToString(sum.Sum(nil)), n.n})
	return nil
}

type written struct{ n int64 }

func (w *written) Write(p []byte) (int, error) {
	w.n += int64(len(p))
	return len(p), nil
}

func (z *wacz) finish(captures []capture, software string) error {
	lines := make([]string, len(captures))
	for i, c := range captures {
		line, err := cdxLine(c)
		if err != nil {
			return err
		}
		lines[i] = line
	}
	slices.Sort(lines)
	err := z.add("indexes/index.cdx", zip.Deflate, func(w io.Writer) error {
		_, err := io.WriteString(w, strings.Join(lines, ""))
		return err
	})
	if err != nil {
		return err
	}
	if err := z.add("pages/pages.jsonl", zip.Deflate, func(w io.Writer) error { return writePages(w, captures) }); err != nil {
		return err
	}
	pack := map[string]any{"profile": "data-package", "wacz_version": "1.1.1", "software": software, "title": "Archived records", "resources": z.resources}
	if len(captures) > 0 {
		pack["created"] = captures[0].at.UTC().Format(time.RFC3339)
	}
	data, err := json.MarshalIndent(pack, "", "  ")
	if err != nil {
		return err
	}
	if err := z.add("datapackage.json", zip.Deflate, func(w io.Writer) error { _, err := w.Write(data); return err }); err != nil {
		return err
	}
	digest := fmt.Sprintf("{\n  \"path\": \"datapackage.json\",\n  \"hash\": %q\n}\n", z.resources[len(z.resources)-1].Hash)
	if err := z.add("datapackage-digest.json", zip.Deflate, func(w io.Writer) error { _, err := io.WriteString(w, digest); return err }); err != nil {
		return err
	}
	return z.zip.Close()
}

// cdxLine is a line of the index: the address turned around so that a host
// sorts beside its parts, the time, and where the record stands.
func cdxLine(c capture) (string, error) {
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

func writePages(w io.Writer, captures []capture) error {
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
