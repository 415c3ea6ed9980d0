package export

import (
	"fmt"
	"html"
	"io"
	"slices"
	"strings"

	"github.com/dossier-archive/dossier"
)

// documentEncoder writes records for people to read, each with where it comes
// from and how to cite it.
type documentEncoder struct {
	w     io.Writer
	html  bool
	write writeRecord
	facts [][2]string // beside those of each record
	lost  replacements
}

type writeRecord func(w io.Writer, r *dossier.Record, facts [][2]string) error

func newDocument(w io.Writer, o Options, write writeRecord) *documentEncoder {
	return &documentEncoder{w: w, write: write, facts: o.Facts, lost: replacements{why: "they steer what shows the text", warn: o.warn}}
}

func (e *documentEncoder) begin() error {
	if !e.html {
		return nil
	}
	_, err := io.WriteString(e.w, `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>`+untitled+`</title>
<style>body{max-width:44em;margin:2em auto;padding:0 1em;font:1em/1.5 serif}dl{font:.85em/1.4 sans-serif;display:grid;grid-template-columns:max-content 1fr;gap:0 1em}dd{margin:0;overflow-wrap:anywhere}article+article{border-top:1px solid;margin-top:3em}td{border:1px solid #999;padding:0 .5em}</style>
</head>
<body>
`)
	return err
}

func (e *documentEncoder) record(r *dossier.Record) error {
	clean, replaced := printable(*r)
	if replaced {
		e.lost.records++
	}
	return e.write(e.w, &clean, slices.Concat(factsOf(&clean), e.facts))
}

func (e *documentEncoder) end() error {
	e.lost.say()
	if !e.html {
		return nil
	}
	_, err := io.WriteString(e.w, "</body>\n</html>\n")
	return err
}

// factsOf are what a reader has to know of a record besides its text.
func factsOf(r *dossier.Record) [][2]string {
	facts := [][2]string{{"Date", r.Date}, {"Author", cell(optional(r.Author))}, {"Source", cell(optional(r.Source))}, {"Address", r.URL}, {"Site", r.Site},
		{"First seen", stamp(r.FirstSeen)}}
	if !r.LastSeen.IsZero() {
		facts = append(facts, [2]string{"Last seen", stamp(r.LastSeen)})
	}
	facts = append(facts, [2]string{"Citation", fmt.Sprintf("%s@%d", r.ID, r.Version)}, [2]string{"SHA-256", r.SHA256})
	if !r.Gone.IsZero() {
		facts = append(facts, [2]string{"Gone since", stamp(r.Gone)})
	}
	return facts
}

func writeHTML(w io.Writer, r *dossier.Record, facts [][2]string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "<article id=\"%s\" lang=\"%s\">\n<h1>%s</h1>\n<dl>\n", html.EscapeString(r.ID), html.EscapeString(r.Language), html.EscapeString(r.Title))
	for _, f := range facts {
		value := html.EscapeString(f[1])
		if f[0] == "Address" && webAddress(f[1]) {
			value = `<a rel="noreferrer" href="` + value + `">` + value + "</a>"
		}
		fmt.Fprintf(&b, "<dt>%s</dt><dd>%s</dd>\n", f[0], value)
	}
	b.WriteString("</dl>\n" + bodyHTML(r.Body) + "</article>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func writeMarkdown(w io.Writer, r *dossier.Record, facts [][2]string) error {
	var b strings.Builder
	b.WriteString("# " + escapeMarkdown(oneLine(r.Title)) + "\n\n")
	for _, f := range facts {
		if f[1] == "" {
			continue
		}
		value := escapeMarkdown(oneLine(f[1]))
		if f[0] == "Address" && webAddress(f[1]) && !strings.ContainsAny(f[1], "<> \n") {
			value = "<" + f[1] + ">"
		}
		fmt.Fprintf(&b, "- %s: %s\n", f[0], value)
	}
	b.WriteString("\n" + bodyMarkdown(r.Body) + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// blocks splits a body into paragraphs and tables: lines with tabs that follow
// each other are the rows of one.
func blocks(body string, paragraph func(string), table func([][]string)) {
	var rows [][]string
	flush := func() {
		if len(rows) > 0 {
			table(rows)
		}
		rows = nil
	}
	for _, line := range strings.Split(body, "\n") {
		if strings.Contains(line, "\t") {
			rows = append(rows, strings.Split(line, "\t"))
			continue
		}
		flush()
		if strings.TrimSpace(line) != "" {
			paragraph(line)
		}
	}
	flush()
}

func bodyHTML(body string) string {
	var b strings.Builder
	blocks(body, func(p string) { b.WriteString("<p>" + html.EscapeString(p) + "</p>\n") }, func(rows [][]string) {
		b.WriteString("<table>\n")
		for _, row := range rows {
			b.WriteString("<tr>")
			for _, c := range row {
				b.WriteString("<td>" + html.EscapeString(c) + "</td>")
			}
			b.WriteString("</tr>\n")
		}
		b.WriteString("</table>\n")
	})
	return b.String()
}

func bodyMarkdown(body string) string {
	var b strings.Builder
	blocks(body, func(p string) { b.WriteString(escapeMarkdown(strings.TrimSpace(p)) + "\n\n") }, func(rows [][]string) {
		width := 0
		for _, row := range rows {
			width = max(width, len(row))
		}
		for i, row := range rows {
			for j := range width {
				c := ""
				if j < len(row) {
					c = row[j]
				}
				b.WriteString("| " + escapeMarkdown(c) + " ")
			}
			b.WriteString("|\n")
			if i == 0 {
				b.WriteString(strings.Repeat("| --- ", width) + "|\n")
			}
		}
		b.WriteString("\n")
	})
	return b.String()
}

// escapeMarkdown makes text stand for itself.
func escapeMarkdown(s string) string {
	var b strings.Builder
	start := true // of the line: only blanks and digits so far
	for _, r := range s {
		special := strings.ContainsRune("\\`*_[]<>|&~$", r) || start && strings.ContainsRune("#+-=.)", r)
		if special {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
		start = start && (r == ' ' || r >= '0' && r <= '9')
	}
	return b.String()
}
