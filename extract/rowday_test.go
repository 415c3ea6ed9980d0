package extract

import (
	"testing"

	"github.com/dossier-archive/dossier"
)

// TestIsDatedInRow: the day of a short list is that of one of its rows. That of an article is not, whatever
// links with days stand around it.
func TestIsDatedInRow(t *testing.T) {
	const (
		text  = `<p>The zone signed a contract with an investor from abroad on Monday, the administration said, and the work is to begin in spring.</p>`
		rows  = `<ul><li><a href="/n/8.html">A second quay is opened in the harbour</a> 2019-01-07</li><li><a href="/n/9.html">Three plants move into the old shipyard</a> 2019-01-05</li></ul>`
		cards = `<div><h3>A second quay is opened</h3><p>2019-01-07 10:30</p>` + text + `<a href="/n/8.html">Read more</a></div><div><h3>Three plants move in</h3><p>2019-01-05</p>` + text + `<a href="/n/9.html">Read more</a></div>`
	)
	tests := []struct {
		name, html string
		want       bool
	}{
		{"cards", "<h2>Policies</h2>" + cards, true},
		{"table", `<table><tr><td><a href="/n/8.html">A second quay is opened in the harbour</a></td><td>[2019-01-07]</td></tr></table><table><tr><td><a href="/n/9.html">Three plants move into the old shipyard</a></td><td>[2019-01-05]</td></tr></table>` + text, true},
		{"article", "<h1>The zone signs a contract</h1><p>2019-01-07</p>" + text + text, false},
		{"article above rows of its day", "<h1>The zone signs a contract</h1><p>2019-01-07</p>" + text + text + rows, false},
		{"article below rows of its day", rows + "<h1>The zone signs a contract</h1><p>2019-01-07</p>" + text + text, false},
		{"article with its source linked", `<h1>The zone signs a contract</h1><p><a href="/media/">Northern Daily Herald</a> 2019-01-07</p>` + text + text, false},
		{"article with the next one", "<h1>The zone signs a contract</h1><p>2019-01-07</p>" + text + text + `<p>Next: <a href="/n/8.html">A second quay is opened in the harbour</a> 2019-01-07</p>`, false},
	}
	for _, tt := range tests {
		p := Parse(&dossier.Snapshot{URL: "http://zone.example/channel/4/", FinalURL: "http://zone.example/channel/4/", Body: []byte("<html><head><title>Zone</title></head><body>" + tt.html + "</body></html>")})
		if got := p.IsDatedInRow(); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
