package extract

import (
	"html"
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
)

// TestHeldText: the text of an article that only a script or a field has is its body, and
// what stands beside it are its title, date and source.
func TestHeldText(t *testing.T) {
	lines := []string{
		"The Northern Zone signed agreements with three companies worth two billion dollars.",
		"The director of the administration said that they would get every help they need.",
		"The projects cover medicine, optics and information, and two thousand people are to work there.",
	}
	markup := "<p>" + strings.Join(lines, "</p><p>") + "</p>"
	const head = `<h1>Three companies come to the zone</h1><div>Date: 2018-01-19 Source: Zone Daily</div>`
	for name, page := range map[string]string{
		"variable":     head + `<div id="c"></div><script>var content = "` + markup + `"; show(content)</script>`,
		"written":      head + `<div id="content"><script>document.write('` + markup + `')</script></div>`,
		"field":        head + `<textarea id="content" style="display:none">` + html.EscapeString(markup) + `</textarea>`,
		"hidden field": head + `<input type="hidden" name="nr" value="` + html.EscapeString(markup) + `">`,
		"object":       `<div id="app"></div><script>window.__STATE__ = {a: undefined, detail: {title: "Three companies come to the zone", publishTime: "2018-01-19 10:00:00", paperDate: "2018-01-20", source: "Zone Daily", content: "` + markup + `"}}</script>`,
		"data":         `<div id="app"></div><script id="__NEXT_DATA__" type="application/json">{"props":{"post":{"headline":"Three companies come to the zone","date":"2018-01-19","source":"Zone Daily","body":"` + markup + `"}}}</script>`,
		"preformatted": head + `<xmp>` + strings.Join(lines, "\n") + `</xmp>`,
	} {
		a := Extract(dossier.Snapshot{URL: "https://zone.example/n/1.html", Body: []byte(`<html><head><title>Three companies come to the zone - Zone</title></head><body><a href="/">Home</a>` + page + `</body></html>`)}, dossier.Rules{})
		if a.Title != "Three companies come to the zone" || !strings.HasPrefix(a.Date, "2018-01-19") || a.Source == nil || *a.Source != "Zone Daily" || a.Body != strings.Join(lines, "\n") {
			t.Errorf("%s: title %q, date %q, source %v, body %q", name, a.Title, a.Date, a.Source, a.Body)
		}
	}
}

// TestTextOfAnother: of a page that shows a headline and no text, as of a picture, the text
// is none that a script holds under another headline.
func TestTextOfAnother(t *testing.T) {
	page := `<h1>The opening in pictures</h1><p>2018-01-19</p><img src="/a.jpg"><script>var related = [{title: "Another article of the zone", content: "<p>It is about another thing, of which it tells at some length, so that its text is longer than all of this one.</p><p>It goes on.</p>"}]</script>`
	if a := Extract(dossier.Snapshot{URL: "https://zone.example/n/1.html", Body: []byte(page)}, dossier.Rules{}); a.Body != "" {
		t.Errorf("body %q", a.Body)
	}
}

// TestNoHeldText: a page that shows a text keeps it, and what only those hear who have no
// scripts is none.
func TestNoHeldText(t *testing.T) {
	const text = "The Northern Zone signed agreements with three companies worth two billion dollars, and work will begin next year."
	for name, page := range map[string]string{
		"shorter":          `<p>` + text + ` ` + text + `</p><script>var tip = "<p>This is what another part of the page would say of it, if anybody asked for it.</p>"</script>`,
		"consent":          `<p>` + text + `</p><script>consent({content: "<p>This page works with cookies. They are kept for a year, and tell others which pages you have read before this one.</p><p>Whoever does not want that can say so here, and goes on to the page as it is. We thank all who let us know what they read.</p><p>More of it is told on another page of this site, which is linked below.</p>"})</script>`,
		"another article":  `<img src="/a.jpg"><script>var related = [{title: "Another article of the page", url: "/n/2.html", content: "<p>This page is about another thing, of which it tells at some length, so that its text is longer than all of this one.</p><p>It goes on.</p>"}]</script><p>` + text + `</p>`,
		"unheard":          `<p>` + text + `</p><noscript><p>This page works with scripts alone. Please allow them, or use another browser.</p><p>You can also write to us, and we will send the text by mail to whoever asks.</p></noscript>`,
		"template to fill": `<p>` + text + `</p><textarea><p>{{ text }} is the text of the page, which is put here by a script as soon as it has come from the server.</p><p>It is long.</p></textarea>`,
	} {
		a := Extract(dossier.Snapshot{URL: "https://zone.example/n/1.html", Body: []byte(`<html><body><h1>Three companies come to the zone</h1><p>2018-01-19</p>` + page + `</body></html>`)}, dossier.Rules{})
		if !strings.HasPrefix(a.Body, text) || strings.Contains(a.Body, "page") {
			t.Errorf("%s: body %q", name, a.Body)
		}
	}
}
