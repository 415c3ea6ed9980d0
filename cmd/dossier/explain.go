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
	fmt.Fprintf(b, "          by %s (%.2f) from %q\n", inWords(e.Rule), e.Score, brief(e.Raw))
	for _, c := range e.Rejected {
		fmt.Fprintf(b, "          not %s (%.2f): %s\n", inWords(c.Rule), c.Score, brief(c.Value))
	}
}

// words say in what place of a page a rule reads; what begins with a key and a
// hyphen reads there too.
var words = map[string]string{
	"site-rule": "the rule of the site", "site-rule-unmatched": "the rule of the site, which fits nothing", "site-rule-no-date": "the rule of the site, which shows no date",
	"label": "a label in sight", "label-empty": "a label that stands without a value", "beside-date": "what stands beside the date", "beside-labels": "what stands beside labels",
	"byline": "a line that names the author", "signature": "a name alone before the text", "office-line": "an office on lines beside the date",
	"named-author": "an element named for the author", "author-link": "a link to the page of a person", "rel-author": "a link marked as the author", "microdata": "an element marked in microdata",
	"json-ld": "JSON-LD", "meta": "a <meta> tag", "title-element": "the <title>", "h1": "the main heading", "heading": "a heading", "named-title": "an element named for the headline",
	"above-labels": "a line above labels or the text", "titled-line": "a line that the <title> repeats", "over-text": "a bold or centred line right over the text", "list-row": "the row that led to the page",
}

// inWords names the place that a rule reads, with the name of the rule.
func inWords(rule string) string {
	if w := words[rule]; w != "" {
		return w + ", " + rule
	}
	if kind, _, ok := strings.Cut(rule, "-"); ok && words[kind] != "" {
		return words[kind] + ", " + rule
	}
	if strings.HasPrefix(rule, "json-ld-") {
		return words["json-ld"] + ", " + rule
	}
	return rule
}
