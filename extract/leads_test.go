package extract

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
)

// TestLeadsByData: rows whose address stands in another attribute than href, or is made of
// one by a script, are links.
func TestLeadsByData(t *testing.T) {
	for row, script := range map[string]string{
		`<li data-url="/show.asp?id=ID"><p>TITLE</p></li>`:                      "",
		`<li><a href="javascript:;" data-href="/show.asp?id=ID">TITLE</a></li>`: "",
		`<li><a href="javascript:void(0)" rel="/show.asp?id=ID">TITLE</a></li>`: "",
		`<li><a ng-href="/show.asp?id=ID">TITLE</a></li>`:                       "",
		`<router-link to="/show.asp?id=ID"><p>TITLE</p></router-link>`:          "",
		`<li ondblclick="window.open('/show.asp?id=ID')"><p>TITLE</p></li>`:     "",
		`<li class="go" data-id="ID"><p>TITLE</p></li>`:                         `$("li.go").click(function () { location.href = "/show.asp?id=" + $(this).data("id") })`,
		`<li><a href="#" data-id="ID">TITLE</a></li>`:                           `$("a").on("click", function () { window.location = '/show.asp?id=' + $(this).attr("data-id") })`,
		`<p class="go" data-nr="ID"><span>TITLE</span></p>`:                     `for (const p of all) p.onclick = e => window.open("/show.asp?id=" + p.dataset.nr)`,
	} {
		var rows strings.Builder
		for i := range 3 {
			rows.WriteString(strings.NewReplacer("ID", fmt.Sprint(i), "TITLE", fmt.Sprintf("Investor number %d comes to the zone", i)).Replace(row))
		}
		p := Parse(&dossier.Snapshot{URL: "https://zone.example/", Body: []byte("<html><body><div>" + rows.String() + "</div><script>" + script + "</script></body></html>")})
		links := p.Links()
		for i := range 3 {
			if len(links) != 3 || links[i].Href != fmt.Sprintf("/show.asp?id=%d", i) || links[i].Text != fmt.Sprintf("Investor number %d comes to the zone", i) {
				t.Errorf("%s: %+v", row, links)
				break
			}
		}
	}
	page := Parse(&dossier.Snapshot{URL: "https://zone.example/", Body: []byte(`<html><body><a name="top"></a><a rel="nofollow">No link</a><p data-id="7" data-url="n7">None</p><router-link to="{{ way }}">None</router-link><a class="fav" data-url="/n/5.html">Keep</a><li data-url="/vote?id=5">Vote for this project of the zone</li><a rel="license/cc">Licence</a><div data-url="/api/card/1">A card of the zone</div></body></html>`)})
	for _, l := range page.Links() {
		t.Errorf("%q is no link", l.Href)
	}
}
