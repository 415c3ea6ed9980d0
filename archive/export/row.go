package export

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/dossier-archive/dossier"
)

// rower gives the values of a record in the order of the columns.
type rower struct {
	ctx     context.Context
	columns []column
	source  Source
	lacking *int // records of which no page is kept
	damaged *int // records of which the page cannot be read; nil: that is an error
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
