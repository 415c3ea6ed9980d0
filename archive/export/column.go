package export

import (
	"encoding/base64"
	"errors"
	"slices"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

// column is all that the formats know of a field of a record, or of what an export adds.
// WriteJSONL and Cells of an archive name the fields as well, each by its SQL.
type column struct {
	name     string
	kind     string // string, integer, datetime or json
	about    string // for machines and people
	optional bool   // may be missing, which is not empty
	long     bool   // nobody looks for it by its first bytes
	few      bool   // the same few values in many records

	// value is a string, an int, a time, JSON, or nil where it is missing.
	value func(rower, *dossier.Record) (any, error)
}

var fields = []column{
	{name: "id", kind: "string", about: "Identifier of the record, stable for ever",
		value: held(func(r *dossier.Record) any { return r.ID })},
	{name: "site", kind: "string", few: true, about: "Identifier of the site",
		value: held(func(r *dossier.Record) any { return r.Site })},
	{name: "url", kind: "string", long: true, about: "Address as published, after redirects",
		value: held(func(r *dossier.Record) any { return r.URL })},
	{name: "title", kind: "string", long: true, about: "Headline as a reader sees it",
		value: held(func(r *dossier.Record) any { return r.Title })},
	{name: "date", kind: "string", about: "Publication date as the page shows it: RFC 3339 with a time, YYYY-MM-DD without, empty when it shows none",
		value: held(func(r *dossier.Record) any { return r.Date })},
	{name: "author", kind: "string", optional: true, about: "Author; empty when the page names none",
		value: held(func(r *dossier.Record) any { return optional(r.Author) })},
	{name: "source", kind: "string", optional: true, about: "Source that the page names",
		value: held(func(r *dossier.Record) any { return optional(r.Source) })},
	{name: "body", kind: "string", long: true, about: "Text of the article, one block a line, cells of tables separated by tabs",
		value: held(func(r *dossier.Record) any { return r.Body })},
	{name: "language", kind: "string", few: true, about: "Language, BCP 47",
		value: held(func(r *dossier.Record) any { return r.Language })},
	{name: "first_seen", kind: "datetime", about: "When the record was archived",
		value: held(func(r *dossier.Record) any { return r.FirstSeen })},
	{name: "last_seen", kind: "datetime", about: "When it was last found as it is",
		value: held(func(r *dossier.Record) any { return r.LastSeen })},
	{name: "version", kind: "integer", about: "1 for the first content, one more for each change",
		value: held(func(r *dossier.Record) any { return r.Version })},
	{name: "sha256", kind: "string", long: true, about: "Digest of title, date, author, source and body as a JSON array",
		value: held(func(r *dossier.Record) any { return r.SHA256 })},
}

var extras = []column{
	{name: "raw", kind: "string", optional: true, long: true, value: rower.raw},
	{name: "html", kind: "string", long: true, value: held(func(r *dossier.Record) any { return bodyHTML(r.Body) })},
	{name: "markdown", kind: "string", long: true, value: held(func(r *dossier.Record) any { return bodyMarkdown(r.Body) })},
	{name: "evidence", kind: "json", long: true, value: func(_ rower, r *dossier.Record) (any, error) { return jsonValue(r.Evidence) }},
	{name: "parts", kind: "json", long: true, value: func(_ rower, r *dossier.Record) (any, error) { return jsonValue(append([]string{}, r.Parts...)) }},
	{name: "continued", kind: "string", long: true, value: held(func(r *dossier.Record) any { return r.Continued })},
	{name: "versions", kind: "json", long: true, value: rower.versions},
	{name: "similar", kind: "json", long: true, value: rower.similar},
	{name: "aliases", kind: "json", long: true, value: rower.aliases},
}

// needSource are the extras that a record does not hold itself.
var needSource = []string{"raw", "versions", "similar", "aliases"}

func held(of func(*dossier.Record) any) func(rower, *dossier.Record) (any, error) {
	return func(_ rower, r *dossier.Record) (any, error) { return of(r), nil }
}

func optional(s *string) any {
	if s == nil {
		return nil
	}
	return *s
}

func namesOf(columns []column) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	return names
}

// has reports whether there is a column of each name.
func has(columns []column, names ...string) bool {
	all := namesOf(columns)
	return !slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(all, name) })
}

func (w rower) raw(r *dossier.Record) (any, error) {
	page, err := w.source.Snapshot(w.ctx, r.ID, r.Version)
	if errors.Is(err, archive.ErrNotFound) {
		*w.lacking++
		return nil, nil
	}
	if w.damaged != nil && errors.Is(err, archive.ErrDamaged) {
		*w.damaged++
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return base64.StdEncoding.EncodeToString(page.Body), nil
}

func (w rower) versions(r *dossier.Record) (any, error) {
	list, err := w.source.Versions(w.ctx, r.ID)
	if err != nil {
		return nil, err
	}
	return jsonValue(versionsOf(list))
}

func (w rower) similar(r *dossier.Record) (any, error) {
	list, err := w.source.Similar(w.ctx, r.ID)
	if err != nil {
		return nil, err
	}
	return jsonValue(list)
}

func (w rower) aliases(r *dossier.Record) (any, error) {
	list, err := w.source.Aliases(w.ctx, r.ID)
	if err != nil {
		return nil, err
	}
	return jsonValue(list)
}
