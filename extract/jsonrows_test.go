package extract

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
)

// TestJSONRows reads the rows of a list, and where it goes on, from answers in
// JSON.
func TestJSONRows(t *testing.T) {
	tests := []struct{ name, body, rows, more string }{
		{"HTML in an object", `{"html":"<li><a href=\"/a/1\">One<\/a> 2023-01-02<\/li>","next":"/rows?page=3"}`, "/a/1 One 2023-01-02", "next /rows?page=3"},
		{"HTML, the last", `{"code":0,"data":{"html":"<a href='/a/1'>One</a>","hasMore":false}}`, "/a/1 One ", "ended"},
		{"array", `[{"title":"One","url":"/a/1","date":"2023-01-02"},{"title":"Two","url":"/a/2","date":"2023-01-01"}]`, "/a/1 One 2023-01-02; /a/2 Two 2023-01-01", ""},
		{"names of other systems", `{"total":40,"pageCount":4,"pageNo":2,"rows":[{"ID":7,"InfoTitle":"One &amp; <em>all</em>","imgUrl":"/i.jpg","LinkUrl":"a/1.html","UpdateTime":"2024-05-05","PublishTime":"2023-01-02 10:00:00"}]}`, "a/1.html One & all 2023-01-02T10:00:00", "page 2 of 4"},
		{"wrapped title", `[{"title":{"rendered":"One"},"link":"http://zone.example/a/1","date":"2023-01-02T10:00:00"}]`, "http://zone.example/a/1 One 2023-01-02T10:00:00", ""},
		{"milliseconds", `{"items":[{"headline":"One","href":"/a/1","time":1672597800000}],"nextPage":3}`, "/a/1 One 2023-01-01T18:30:00Z", "number 3"},
		{"called back", `cb({"list":[{"name":"One","link":"/a/1"}],"next":null});`, "/a/1 One ", "ended"},
		{"next within links", `{"data":[{"title":"One","url":"/a/1"}],"links":{"next":"/rows?page=3"}}`, "/a/1 One ", "next /rows?page=3"},
		{"last of the pages", `{"pages":"4","page":"4","rows":[{"title":"One","url":"/a/1"}]}`, "/a/1 One ", "ended page 4 of 4"},
		{"no rows any more", `{"code":0,"rows":[]}`, "", ""},
		{"no list", `{"code":401,"msg":"not allowed"}`, "none", ""},
		{"a page in words", `[Photo] of the zone`, "no data", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := Parse(&dossier.Snapshot{URL: "http://zone.example/rows?page=2", Body: []byte(tt.body), Header: http.Header{}})
			var rows []string
			for _, l := range p.Links() {
				if l.Rel != "next" {
					rows = append(rows, l.Href+" "+l.Text+" "+l.Date+l.At)
				}
			}
			got := strings.Join(rows, "; ")
			if data, list := p.IsData(); !data {
				got = "no data"
			} else if !list {
				got = "none"
			}
			if got != tt.rows {
				t.Errorf("rows %q, want %q", got, tt.rows)
			}
			if more := moreOf(p.Pager()); more != tt.more {
				t.Errorf("goes on %q, want %q", more, tt.more)
			}
		})
	}
}

// moreOf words what a pager says of the rows behind these.
func moreOf(pg Pager) string {
	var out []string
	if pg.Rows != nil {
		if pg.Rows.Ended {
			out = append(out, "ended")
		}
		if pg.Rows.Next > 0 {
			out = append(out, fmt.Sprintf("number %d", pg.Rows.Next))
		}
		if pg.Rows.Pages > 0 {
			out = append(out, fmt.Sprintf("page %d of %d", pg.Rows.Page, pg.Rows.Pages))
		}
	}
	for _, next := range pg.Next {
		out = append(out, "next "+next)
	}
	return strings.Join(out, " ")
}
