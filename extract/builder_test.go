package extract

import (
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
)

// TestPageOfWidgets: all parts of a page of Elementor are called widgets, also its text,
// which may be shorter than the beginnings of other articles below it. What is known of
// the site does not lead to another part.
func TestPageOfWidgets(t *testing.T) {
	widget := func(kind, inner string) string {
		return `<div class="elementor-element elementor-widget elementor-widget-` + kind + `"><div class="elementor-widget-container">` + inner + `</div></div>`
	}
	page := func(title, day, text string) *Page {
		card := func(n string) string {
			return `<article><h3><a href="/o/` + n + `">Another plant opens in the zone, number ` + n + `</a></h3><div class="elementor-post__excerpt"><p>` + strings.Repeat("It makes parts for wind turbines, and sells ", 3) + n + `…</p></div><span>7 October 2018</span></article>`
		}
		return pageOf(`<html lang="en"><title>` + title + `</title><body><section>` + widget("theme-post-title", `<h1>`+title+`</h1>`) + widget("post-info", `<ul><li><a href="/2018/"><time>`+day+`</time></a></li></ul>`) +
			widget("theme-post-content", text) + widget("heading", "<h2>Related news</h2>") + widget("posts", card(day[:2]+"1")+card(day[:2]+"2")+card(day[:2]+"3")) + `</section></body></html>`)
	}
	const short = "<p>The administration signed a contract with an investor from abroad, and work begins soon.</p><p>It creates two hundred jobs, a speaker said on the phone, and more follow.</p>"
	site := &Site{}
	site.Learn(page("A harbour is deepened", "28 October 2018", "<p>"+strings.Repeat("Ships of up to three hundred metres can land there now. ", 12)+"</p>").Of(site))
	site.Learn(page("A school is opened", "29 October 2018", "<p>"+strings.Repeat("It has places for four hundred pupils of the district. ", 12)+"</p>").Of(site))
	for name, p := range map[string]*Page{"alone": page("A contract is signed", "30 October 2018", short), "of a known site": page("A contract is signed", "30 October 2018", short).Of(site)} {
		a := p.Article(dossier.Rules{})
		if p.Kind() != KindArticle || a.Date != "2018-10-30" || !strings.HasPrefix(a.Body, "The administration") || strings.Contains(a.Body, "turbines") {
			t.Errorf("%s: %s of %q: %q", name, p.Kind(), a.Date, a.Body)
		}
	}
}
