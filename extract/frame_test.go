package extract

import (
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
)

// TestFrame: of a page without a text of its own, the document that a frame shows or a script
// loads is named, and read in its place.
func TestFrame(t *testing.T) {
	const (
		host = "http://zone.example"
		head = "<h1>The harbour opens a second quay</h1><p>Date: 2019-05-05 Source: Zone Daily</p>"
	)
	text := "<p>" + strings.Join(said(1), "</p><p>") + "</p>"
	for _, tt := range []struct{ name, page, want string }{
		{"frame", head + `<div class="art-con"><iframe src="/frame/7.html" width="100%" frameborder="0"></iframe></div>`, "/frame/7.html"},
		{"frame with a fragment", head + `<iframe src="/frame/7.html#top"></iframe>`, "/frame/7.html"},
		{"the one for the text", head + `<iframe src="/a/1.html"></iframe><iframe name="contentFrame" src="/frame/7.html"></iframe>`, "/frame/7.html"},
		{"object", head + `<object type="text/html" data="/frame/7.html"></object>`, "/frame/7.html"},
		{"load", head + `<div id="nr"></div><script>$(function () { $("#nr").load("/frame/7.html"); })</script>`, "/frame/7.html"},
		{"text of its own", head + text + `<iframe src="/frame/7.html"></iframe>`, ""},
		{"counter", head + `<iframe src="/count/hits.html" width="0" height="0"></iframe><iframe src="/tj.asp?id=7"></iframe>`, ""},
		{"banner", head + `<div class="ad"><iframe src="/x.html"></iframe></div><iframe src="/banner.html"></iframe>`, ""},
		{"film", head + `<iframe src="https://www.youtube.com/embed/x"></iframe><iframe src="/film.mp4"></iframe>`, ""},
		{"viewer of a file", head + `<iframe src="/pdfjs/web/viewer.html?file=/f/1.pdf"></iframe>`, ""},
		{"hidden", head + `<iframe style="display:none" src="/x.html"></iframe>`, ""},
		{"no address", head + `<iframe src="about:blank"></iframe><iframe></iframe>`, ""},
		{"itself", head + `<iframe src="/news/7.html"></iframe>`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := dossier.Snapshot{URL: host + "/news/7.html", FinalURL: host + "/news/7.html", Body: []byte("<html><head><title>The harbour opens a second quay</title></head><body>" + tt.page + "</body></html>")}
			if got := strings.TrimPrefix(Parse(&s).Frame(), host); got != tt.want {
				t.Fatalf("its text stands in %q, want %q", got, tt.want)
			}
			if tt.want == "" {
				return
			}
			s.Parts = []dossier.Snapshot{{URL: host + "/frame/7.html", FinalURL: host + "/frame/7.html", Body: []byte(`<html><body><p><a href="data.pdf">Annex</a></p>` + text + "</body></html>")}}
			p := Parse(&s)
			if p.Kind() != KindArticle || p.Frame() != "" {
				t.Errorf("with the document it is %s, and its text stands in %q", p.Kind(), p.Frame())
			}
			a := p.Article(dossier.Rules{})
			if a.Title != "The harbour opens a second quay" || a.Date != "2019-05-05" || !strings.Contains(a.Body, strings.Join(said(1), "\n")) || len(a.Parts) != 1 {
				t.Errorf("%q of %q, parts %v, body\n%s", a.Title, a.Date, a.Parts, a.Body)
			}
			if len(a.Attachments) != 1 || a.Attachments[0].URL != host+"/frame/data.pdf" {
				t.Errorf("attachments %v", a.Attachments)
			}
		})
	}
}
