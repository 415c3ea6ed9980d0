package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

// What the commands share to print their results.

// count words a number of things.
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// stamp is a moment as results show it.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// day is the publication day of a record, without its time.
func day(r dossier.Record) string {
	return r.Date[:min(len(r.Date), len(time.DateOnly))]
}

// brief cuts a text to what fits on a line.
func brief(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	const most = 100
	if r := []rune(s); len(r) > most {
		return fmt.Sprintf("%s… (%d characters)", string(r[:most]), len(r))
	}
	return s
}

// orMissing words the difference between a missing field and an empty one.
func orMissing(s *string) string {
	switch {
	case s == nil:
		return "(none on the page)"
	case *s == "":
		return "(printed empty)"
	}
	return *s
}

// orNone words that there is nothing.
func orNone(s string) string {
	if s == "" {
		return "(none)"
	}
	return s
}

// field prints one labelled value, nothing when there is none.
func field(w io.Writer, label, value string) {
	if value != "" {
		fmt.Fprintf(w, "%-11s%s\n", label, value)
	}
}

// plainTable makes a table without lines, which is also easy to cut apart.
func plainTable(w io.Writer) table.Writer {
	t := table.NewWriter()
	t.SetOutputMirror(w)
	style := table.StyleDefault
	style.Options = table.OptionsNoBordersAndSeparators
	style.Format.Header = text.FormatDefault
	style.Box.PaddingLeft = ""
	style.Box.PaddingRight = "  "
	t.SetStyle(style)
	t.SuppressTrailingSpaces()
	return t
}

// because words the reason of an outcome.
func because(o archive.Observation) string {
	var parts []string
	switch reason, detail := string(o.Outcome.Reason), o.Outcome.Detail; {
	case reason != "" && detail != "":
		parts = append(parts, reason+": "+detail)
	case reason != "" || detail != "":
		parts = append(parts, reason+detail)
	}
	if o.Outcome.Record != "" {
		parts = append(parts, "record "+o.Outcome.Record)
	}
	if o.Doubt != "" {
		parts = append(parts, "doubtful: "+o.Doubt)
	}
	return strings.Join(parts, "; ")
}

// writeJSON writes a value on a line, with addresses as they are.
func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// writeLines writes one JSON object a line.
func writeLines[T any](w io.Writer, items []T) error {
	for _, item := range items {
		if err := writeJSON(w, item); err != nil {
			return err
		}
	}
	return nil
}
