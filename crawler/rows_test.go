package crawler

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/extract"
)

// TestNextRows: rows that a page fetches are followed by those behind them,
// and not beyond the last.
func TestNextRows(t *testing.T) {
	const two = `<li><a href="/a/1">The first headline of the list</a> 2023-01-02</li><li><a href="/a/2">The second headline of the list</a> 2023-01-01</li>`
	const row = `[{"title":"The first headline of the list","url":"a/1","date":"2023-01-02"},{"title":"The second headline of the list","url":"a/2","date":"2023-01-01"}]`
	tests := []struct{ name, at, body, want string }{
		{"HTML", "/rows?page=2", two, "/rows?page=3"},
		{"HTML that says what follows", "/rows?page=2", two + `<a data-next="/rows?page=x9">More</a>`, "/rows?page=x9"},
		{"a whole page", "/rows?page=2", "<html><body>" + two, ""},
		{"HTML without articles", "/rows?page=2", "<p>No more</p>", ""},
		{"JSON", "/rows?type=7&page=2&size=10", row, "/rows?type=7&page=3&size=10"},
		{"JSON by rows", "/rows?offset=10", row, "/rows?offset=12"},
		{"JSON by rows of a size", "/rows?offset=10&limit=10", row, "/rows?offset=20&limit=10"},
		{"JSON in a folder", "/rows/2.json", row, "/rows/3.json"},
		{"JSON with an address", "/rows", `{"items":` + row + `,"next_page_url":"/rows?cursor=abc"}`, "/rows?cursor=abc"},
		{"JSON with a number", "/rows?start=10", `{"items":` + row + `,"nextStart":15}`, "/rows?start=15"},
		{"JSON with pages", "/rows", `{"items":` + row + `,"page":1,"pages":3}`, "/rows?page=2"},
		{"JSON, the last", "/rows?page=2", `{"items":` + row + `,"page":2,"pages":2}`, ""},
		{"JSON, no more", "/rows?page=2", `{"items":` + row + `,"hasNext":false}`, ""},
		{"JSON without rows", "/rows?page=5", `{"items":[]}`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			const host = "http://zone.example"
			site := &dossier.Site{Start: []string{host + "/news/"}, Timezone: time.UTC}
			at, err := ParseAddress("", host+tt.at)
			if err != nil {
				t.Fatal(err)
			}
			f := &finder{site: site, scope: newScope(site), at: at, task: dossier.Task{Kind: dossier.KindList, Chain: host + "/news/"}}
			got := f.page(extract.Parse(&dossier.Snapshot{URL: at.URL, Body: []byte(tt.body), Header: http.Header{}}))
			if more, want := urls(got.more), strings.TrimSuffix(host+tt.want, host); more != want && (tt.want != "" || more != "") {
				t.Errorf("goes on at %q, want %q", more, want)
			}
			if strings.Contains(tt.body, `"url":"a/1"`) {
				first := got.articles[0]
				if first.URL != host+"/news/a/1" || first.Witness != (dossier.Witness{Title: "The first headline of the list", Date: "2023-01-02"}) {
					t.Errorf("the first row is %+v, relative to the page of the list", first)
				}
			}
		})
	}
}
