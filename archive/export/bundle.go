package export

import (
	"archive/zip"
	"bufio"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

// A Bundle is a ZIP file with the records and everything that one has to know
// to use and cite them: a description for people, and for machines as Data
// Package, Croissant and Citation File Format.
type Bundle struct {
	Title    string
	Software string // name and version of the program
	Sites    []BundleSite
	Coverage []archive.CoverageDay
}

// BundleSite says how a site is configured to be collected.
type BundleSite struct {
	ID, Name string
	Start    []string
	Schedule string
	Robots   dossier.RobotsPolicy
}

// Write writes the bundle. The same records give the same bytes.
func (b Bundle) Write(ctx context.Context, w io.Writer, records iter.Seq2[dossier.Record, error]) (n int, err error) {
	z := &bundleWriter{zip: zip.NewWriter(w)}
	sums, err := z.records(ctx, records)
	if err == nil {
		err = b.describe(z, sums)
	}
	if err == nil {
		err = z.manifest()
	}
	if err != nil {
		return sums.records, fmt.Errorf("write bundle: %w", err)
	}
	return sums.records, nil
}

// WriteFile writes the bundle to a file, as WriteFile of the package does.
func (b Bundle) WriteFile(ctx context.Context, path string, records iter.Seq2[dossier.Record, error]) (n int, err error) {
	err = Create(path, func(w io.Writer) error {
		n, err = b.Write(ctx, w, records)
		return err
	})
	return n, err
}

type bundleFile struct {
	path, hash string
	bytes      int64
}

type bundleWriter struct {
	zip   *zip.Writer
	files []bundleFile
}

func (z *bundleWriter) add(path string, method uint16, write func(io.Writer) error) error {
	f, err := createIn(z.zip, path, method)
	if err != nil {
		return err
	}
	sum := sha256.New()
	count := &countWriter{}
	out := bufio.NewWriterSize(io.MultiWriter(f, sum, count), 64<<10)
	if err := write(out); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	z.files = append(z.files, bundleFile{path, hex.EncodeToString(sum.Sum(nil)), count.n})
	return nil
}

type countWriter struct{ n int64 }

func (c *countWriter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}

// records writes the records as CSV and JSON Lines from one pass, so that both
// hold the same even while a crawl goes on.
func (z *bundleWriter) records(ctx context.Context, records iter.Seq2[dossier.Record, error]) (sums bundleSums, err error) {
	sums.origins = map[string]map[string]int{}
	part, err := scratch()
	if err != nil {
		return sums, err
	}
	defer func() { err = errors.Join(err, part.Close()) }()
	lines := bufio.NewWriterSize(part, 64<<10)
	row := rower{ctx: ctx, columns: fields}
	second := &jsonEncoder{w: lines, row: row}
	both := func(yield func(dossier.Record, error) bool) {
		for r, err := range records {
			if err == nil {
				sums.add(&r)
				err = second.record(&r)
			}
			if !yield(r, err) {
				return
			}
		}
	}
	err = z.add("data/records.csv", zip.Deflate, func(w io.Writer) error {
		sums.records, err = Write(ctx, w, "csv", both, Options{})
		return err
	})
	if err != nil {
		return sums, err
	}
	if err := lines.Flush(); err != nil {
		return sums, err
	}
	if _, err := part.Seek(0, io.SeekStart); err != nil {
		return sums, err
	}
	err = z.add("data/records.jsonl", zip.Deflate, func(w io.Writer) error {
		_, err := io.Copy(w, part)
		return err
	})
	return sums, err
}

func maxTime(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// describe writes the files that describe the data.
func (b Bundle) describe(z *bundleWriter, sums bundleSums) error {
	if b.Title == "" {
		b.Title = untitled
	}
	if err := z.add("coverage.csv", zip.Deflate, func(w io.Writer) error { return writeCoverage(w, b.Coverage) }); err != nil {
		return err
	}
	for _, f := range []struct {
		path  string
		value any
	}{{"datapackage.json", b.dataPackage(z.files, sums)}, {"croissant.json", b.croissant(z.files, sums)}} {
		data, err := json.MarshalIndent(f.value, "", "  ")
		if err != nil {
			return err
		}
		if err := z.text(f.path, string(data)+"\n"); err != nil {
			return err
		}
	}
	if err := z.text("CITATION.cff", b.citation(sums)); err != nil {
		return err
	}
	return z.text("README.md", b.readme(sums))
}

func (z *bundleWriter) text(path, content string) error {
	return z.add(path, zip.Deflate, func(w io.Writer) error {
		_, err := io.WriteString(w, content)
		return err
	})
}

func (z *bundleWriter) manifest() error {
	files := slices.Clone(z.files)
	slices.SortFunc(files, func(a, b bundleFile) int { return strings.Compare(a.path, b.path) })
	var lines strings.Builder
	for _, f := range files {
		fmt.Fprintf(&lines, "%s  %s\n", f.hash, f.path)
	}
	if err := z.text("manifest-sha256.txt", lines.String()); err != nil {
		return err
	}
	return z.zip.Close()
}

var coverageColumns = []string{"site", "day", "state", "runs", "requests", "new", "changed", "failed"}

func writeCoverage(w io.Writer, days []archive.CoverageDay) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(coverageColumns); err != nil {
		return err
	}
	for _, d := range days {
		err := out.Write([]string{d.Site, d.Day, d.State, strconv.Itoa(d.Runs), strconv.Itoa(d.Requests), strconv.Itoa(d.New), strconv.Itoa(d.Changed), strconv.Itoa(d.Failed)})
		if err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// object keeps the order of its keys only as far as JSON needs: by name.
type object = map[string]any

func (b Bundle) dataPackage(files []bundleFile, sums bundleSums) object {
	columns := make([]object, len(fields))
	for i, c := range fields {
		columns[i] = object{"name": c.name, "type": c.kind, "description": c.about}
	}
	columns[0]["constraints"] = object{"required": true, "unique": true}
	coverage := make([]object, len(coverageColumns))
	for i, c := range coverageColumns {
		kind := "integer"
		switch c {
		case "site", "state":
			kind = "string"
		case "day":
			kind = "date"
		}
		coverage[i] = object{"name": c, "type": kind}
	}
	var resources []object
	for _, f := range files {
		r := object{"name": strings.NewReplacer("data/", "", ".", "-").Replace(f.path), "path": f.path, "bytes": f.bytes, "hash": "sha256:" + f.hash, "encoding": "utf-8"}
		switch f.path {
		case "data/records.csv":
			r["type"], r["format"], r["mediatype"] = "table", "csv", "text/csv"
			r["schema"] = object{"fields": columns, "primaryKey": []string{"id"}}
			r["dialect"] = object{"lineTerminator": "\r\n"}
		case "coverage.csv":
			r["type"], r["format"], r["mediatype"] = "table", "csv", "text/csv"
			r["schema"] = object{"fields": coverage, "primaryKey": []string{"site", "day"}}
			r["dialect"] = object{"lineTerminator": "\r\n"}
		default:
			r["format"], r["mediatype"] = "jsonl", "application/jsonl"
		}
		resources = append(resources, r)
	}
	pack := object{"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "name": "records", "title": b.Title,
		"description": "Articles archived from " + b.sites(sums) + ", with when each was seen.", "resources": resources}
	if !sums.latest.IsZero() {
		pack["created"] = stamp(sums.latest)
	}
	return pack
}

// sites names the sites that the records are of: all of them, where there are no records.
func (b Bundle) sites(sums bundleSums) string {
	var names []string
	for _, s := range b.Sites {
		if sums.records == 0 || sums.origins[s.ID] != nil {
			names = append(names, cmp.Or(s.Name, s.ID))
		}
	}
	names = append(names, sums.unconfigured(b.Sites)...)
	if len(names) == 0 {
		return "the sites named in the data"
	}
	return strings.Join(names, ", ")
}

func (b Bundle) croissant(files []bundleFile, sums bundleSums) object {
	var distribution, columns []object
	for _, f := range files {
		kind := "text/csv"
		if strings.HasSuffix(f.path, ".jsonl") {
			kind = "application/jsonlines"
		}
		distribution = append(distribution, object{"@type": "cr:FileObject", "@id": f.path, "name": f.path, "contentUrl": f.path, "encodingFormat": kind, "sha256": f.hash, "contentSize": fmt.Sprintf("%d B", f.bytes)})
	}
	for _, c := range fields {
		kind := map[string]string{"string": "sc:Text", "integer": "sc:Integer", "datetime": "sc:DateTime"}[c.kind]
		if c.name == "url" {
			kind = "sc:URL"
		}
		columns = append(columns, object{"@type": "cr:Field", "@id": "records/" + c.name, "name": c.name, "description": c.about, "dataType": kind,
			"source": object{"fileObject": object{"@id": "data/records.csv"}, "extract": object{"column": c.name}}})
	}
	set := object{
		"@context": croissantContext(), "@type": "sc:Dataset", "conformsTo": "http://mlcommons.org/croissant/1.0",
		"name": b.Title, "description": "Articles archived from " + b.sites(sums) + ".", "version": "1.0.0",
		"creator":      object{"@type": "sc:Organization", "name": b.sites(sums)},
		"license":      object{"@type": "sc:CreativeWork", "name": "not stated: the rights are those of the sites that published the articles"},
		"distribution": distribution,
		"recordSet":    []object{{"@type": "cr:RecordSet", "@id": "records", "name": "records", "key": object{"@id": "records/id"}, "field": columns}},
	}
	if !sums.latest.IsZero() {
		set["dateCreated"], set["datePublished"] = stamp(sums.latest), stamp(sums.latest)
	}
	if len(b.Sites) > 0 && len(b.Sites[0].Start) > 0 {
		set["url"] = b.Sites[0].Start[0]
	} else if sums.first != "" {
		set["url"] = sums.first
	}
	return set
}

// croissantContext is the context that version 1.0 of the format prescribes.
func croissantContext() object {
	c := object{"@language": "en", "@vocab": "https://schema.org/", "sc": "https://schema.org/", "cr": "http://mlcommons.org/croissant/",
		"dct": "http://purl.org/dc/terms/", "rai": "http://mlcommons.org/croissant/RAI/", "conformsTo": "dct:conformsTo",
		"data": object{"@id": "cr:data", "@type": "@json"}, "examples": object{"@id": "cr:examples", "@type": "@json"},
		"dataType": object{"@id": "cr:dataType", "@type": "@vocab"}}
	for _, term := range []string{"citeAs", "column", "extract", "field", "fileObject", "fileProperty", "fileSet", "format", "includes", "isLiveDataset",
		"jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex", "repeated", "replace", "separator", "source", "subField", "transform"} {
		c[term] = "cr:" + term
	}
	return c
}

func (b Bundle) citation(sums bundleSums) string {
	text := fmt.Sprintf("cff-version: 1.2.0\nmessage: \"To cite one article, give its id and version, as in d2345abcdef@1.\"\ntype: dataset\ntitle: %s\nauthors:\n  - name: %s\n",
		quoted(b.Title), quoted(b.sites(sums)))
	if !sums.latest.IsZero() {
		text += "date-released: " + sums.latest.UTC().Format(time.DateOnly) + "\n"
	}
	return text
}

// quoted is a string of JSON, which YAML reads as well.
func quoted(s string) string {
	out, err := jsonValue(s)
	if err != nil {
		return `""` // strings can be encoded
	}
	return string(out)
}

func (b Bundle) readme(sums bundleSums) string {
	var out strings.Builder
	until := ""
	if !sums.latest.IsZero() {
		until = " up to " + stamp(sums.latest)
	}
	fmt.Fprintf(&out, "# %s\n\n%d records, as archived%s by %s.\n\n", escapeMarkdown(oneLine(b.Title)), sums.records, until, escapeMarkdown(oneLine(b.Software)))
	out.WriteString("## Files\n\n- `data/records.csv`: the records, one a row (RFC 4180, UTF-8)\n- `data/records.jsonl`: the same, one JSON object a line; a missing author or source is null, one that the page leaves empty is \"\"\n" +
		"- `coverage.csv`: for each site and day, by UTC, whether it was checked, failed (no run came to its end), missed (a run was due by the schedule below, and none began), or was not due\n- `datapackage.json`, `croissant.json`, `CITATION.cff`: the same facts for machines\n- `manifest-sha256.txt`: digests of all files; check with `sha256sum -c manifest-sha256.txt`\n\n## Columns\n\n")
	for _, c := range fields {
		fmt.Fprintf(&out, "- `%s`: %s\n", c.name, c.about)
	}
	out.WriteString("\n## How it was collected\n\n" + b.collected(sums) + "\n## Gaps\n\n" + b.gaps())
	return out.String()
}
