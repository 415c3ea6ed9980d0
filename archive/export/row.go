package export

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

// rower gives the values of a record in the order of the columns.
type rower struct {
	ctx     context.Context
	columns []string
	source  Source
	lacking *int // records of which no page is kept
}

// value is one field of a record: a string, an int, a time, JSON, or nil for a
// missing author, source or page.
func (w rower) value(r *dossier.Record, column string) (any, error) {
	switch column {
	case "id":
		return r.ID, nil
	case "site":
		return r.Site, nil
	case "url":
		return r.URL, nil
	case "title":
		return r.Title, nil
	case "date":
		return r.Date, nil
	case "author":
		return optional(r.Author), nil
	case "source":
		return optional(r.Source), nil
	case "body":
		return r.Body, nil
	case "language":
		return r.Language, nil
	case "first_seen":
		return r.FirstSeen, nil
	case "last_seen":
		return r.LastSeen, nil
	case "version":
		return r.Version, nil
	case "sha256":
		return r.SHA256, nil
	}
	return w.extra(r, column)
}

func optional(s *string) any {
	if s == nil {
		return nil
	}
	return *s
}

// extra is the value of a column that Options.With added.
func (w rower) extra(r *dossier.Record, column string) (any, error) {
	switch column {
	case "raw":
		page, err := w.source.Snapshot(w.ctx, r.ID, r.Version)
		if errors.Is(err, archive.ErrNotFound) {
			*w.lacking++
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return base64.StdEncoding.EncodeToString(page.Body), nil
	case "html":
		return bodyHTML(r.Body), nil
	case "markdown":
		return bodyMarkdown(r.Body), nil
	case "evidence":
		return jsonValue(r.Evidence)
	case "versions":
		list, err := w.source.Versions(w.ctx, r.ID)
		if err != nil {
			return nil, err
		}
		return jsonValue(versionsOf(list))
	case "similar":
		list, err := w.source.Similar(w.ctx, r.ID)
		if err != nil {
			return nil, err
		}
		return jsonValue(list)
	case "aliases":
		list, err := w.source.Aliases(w.ctx, r.ID)
		if err != nil {
			return nil, err
		}
		return jsonValue(list)
	}
	return nil, fmt.Errorf("column %q is not known", column)
}

// versionFields is a version as it is exported.
type versionFields struct {
	Version int     `json:"version"`
	Created string  `json:"created"`
	Origin  string  `json:"origin"`
	Title   string  `json:"title"`
	Date    string  `json:"date"`
	Author  *string `json:"author"`
	Source  *string `json:"source"`
	Body    string  `json:"body"`
	SHA256  string  `json:"sha256"`
}

func versionsOf(list []dossier.Version) []versionFields {
	out := make([]versionFields, len(list))
	for i, v := range list {
		a := v.Article
		out[i] = versionFields{v.Number, stamp(v.Created), v.Origin, a.Title, a.Date, a.Author, a.Source, a.Body, v.SHA256}
	}
	return out
}

func jsonValue(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// text is a value as a cell shows it.
func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case time.Time:
		return stamp(v)
	case json.RawMessage:
		return string(v)
	}
	return fmt.Sprint(v)
}
