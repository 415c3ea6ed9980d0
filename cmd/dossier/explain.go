package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/dossier-archive/dossier"
)

// explain prints for people what was read from a page and why.
func explain(w io.Writer, an answered) error {
	var b strings.Builder
	fmt.Fprintln(&b, an.page.ID)
	art := an.article
	for _, f := range []struct {
		name, value string
	}{
		{"title", art.Title}, {"date", art.Date}, {"author", orMissing(art.Author)}, {"source", orMissing(art.Source)}, {"body", art.Body},
	} {
		fmt.Fprintf(&b, "  %-8s%s\n", f.name, brief(f.value))
		explainField(&b, art.Evidence[f.name])
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func explainField(b *strings.Builder, e dossier.Evidence) {
	if e.Rule == "" {
		return
	}
	fmt.Fprintf(b, "          by %s (%.2f) from %q\n", e.Rule, e.Score, brief(e.Raw))
	for _, c := range e.Rejected {
		fmt.Fprintf(b, "          not %s (%.2f): %s\n", c.Rule, c.Score, brief(c.Value))
	}
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

// brief cuts a text to what fits on a line.
func brief(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	const most = 100
	if r := []rune(s); len(r) > most {
		return fmt.Sprintf("%s… (%d characters)", string(r[:most]), len(r))
	}
	return s
}
