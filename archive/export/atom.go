package export

import (
	"encoding/xml"
	"io"
	"strings"
	"time"

	"github.com/dossier-archive/dossier"
)

// atomEncoder writes an Atom feed (RFC 4287).
type atomEncoder struct {
	w       io.Writer
	updated time.Time
	lost    replacements
}

type atomEntry struct {
	XMLName   xml.Name    `xml:"entry"`
	ID        string      `xml:"id"`
	Title     string      `xml:"title"`
	Link      *atomLink   `xml:"link"`
	Published string      `xml:"published,omitempty"`
	Updated   string      `xml:"updated"`
	Author    *atomAuthor `xml:"author"`
	Category  atomSite    `xml:"category"`
	Content   atomText    `xml:"content"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

type atomAuthor struct {
	Name string `xml:"name"`
}

type atomSite struct {
	Term string `xml:"term,attr"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Lang string `xml:"xml:lang,attr,omitempty"`
	Text string `xml:",chardata"`
}

func (e *atomEncoder) begin() error {
	_, err := io.WriteString(e.w, xml.Header+`<feed xmlns="http://www.w3.org/2005/Atom">`+"\n<id>urn:dossier:records</id>\n<title>"+untitled+"</title>\n<author><name>dossier</name></author>\n<generator>dossier</generator>\n")
	return err
}

func (e *atomEncoder) record(r *dossier.Record) error {
	clean, replaced := printable(*r)
	r = &clean
	if author := cell(optional(r.Author)); replaced || !fitsXML(r.Title) || !fitsXML(r.Body) || !fitsXML(author) || !fitsXML(r.URL) {
		e.lost.records++
	}
	entry := atomEntry{ID: "urn:dossier:" + r.ID, Title: r.Title, Updated: stamp(r.Changed), Category: atomSite{r.Site},
		Content: atomText{Type: "text", Lang: r.Language, Text: r.Body}, Published: instant(r.Date)}
	if webAddress(r.URL) {
		entry.Link = &atomLink{"alternate", r.URL}
	}
	if r.Author != nil && *r.Author != "" {
		entry.Author = &atomAuthor{*r.Author}
	}
	if r.Changed.After(e.updated) {
		e.updated = r.Changed
	}
	out, err := xml.Marshal(entry)
	if err != nil {
		return err
	}
	_, err = e.w.Write(append(out, '\n'))
	return err
}

// end writes when the feed was updated: elements of a feed may stand in any
// order, and it is known only now.
func (e *atomEncoder) end() error {
	e.lost.say()
	if e.updated.IsZero() {
		e.updated = time.Unix(0, 0) // of no record
	}
	_, err := io.WriteString(e.w, "<updated>"+stamp(e.updated)+"</updated>\n</feed>\n")
	return err
}

// instant is a publication date as feeds write it: with a time, which is
// midnight UTC when the page shows none.
func instant(date string) string {
	switch {
	case len(date) == len(time.DateOnly):
		return date + "T00:00:00Z"
	case len(date) > len(time.DateOnly):
		if _, err := time.Parse(time.RFC3339, date); err != nil {
			return date[:len(time.DateOnly)] + "T00:00:00Z"
		}
	}
	return date
}

// webAddress keeps javascript: and the like out of links.
func webAddress(s string) bool {
	s = strings.ToLower(s)
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}
