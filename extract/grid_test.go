package extract

import (
	"strings"
	"testing"
)

// TestTablesKeepTheirColumns: a cell stands behind as many tabs as there are columns before it,
// whatever is empty or reaches over several.
func TestTablesKeepTheirColumns(t *testing.T) {
	const head = "<tr><th>Town</th><th>Industry</th><th>Farms</th><th>Abroad</th></tr>"
	const text = "<p>The office of statistics of the zone has published the figures of the first half of the year for all its towns.</p>"
	for _, tt := range []struct{ name, rows, want string }{
		{"full", head + "<tr><td>East</td><td>1</td><td>2</td><td>3</td></tr>", "Town\tIndustry\tFarms\tAbroad\nEast\t1\t2\t3"},
		{"empty cells", head + "<tr><td>East</td><td></td><td>7</td><td>8</td></tr><tr><td>West</td><td>&nbsp;</td><td>&nbsp;</td><td>9</td></tr><tr><td></td><td>5</td><td>6</td><td></td></tr>",
			"Town\tIndustry\tFarms\tAbroad\nEast\t\t7\t8\nWest\t\t\t9\n\t5\t6\t"},
		{"one cell of a row", head + "<tr><td>East</td><td>1</td><td>2</td><td>3</td></tr><tr><td></td><td></td><td>2</td><td></td></tr>", "Town\tIndustry\tFarms\tAbroad\nEast\t1\t2\t3\n\t\t2\t"},
		{"over columns", `<tr><th>Town</th><th colspan=2>2018</th><th>2019</th></tr><tr><td>East</td><td>1</td><td>2</td><td>3</td></tr><tr><td colspan="4">Source: the office</td></tr>`,
			"Town\t2018\t\t2019\nEast\t1\t2\t3\nSource: the office"},
		{"over rows", `<tr><td rowspan=2>East</td><td>1</td><td></td></tr><tr><td>3</td><td>4</td></tr><tr><td>West</td><td>5</td><td>6</td></tr>`, "East\t1\t\n\t3\t4\nWest\t5\t6"},
		{"parts of a table", "<thead>" + head + "</thead><tbody><tr><td>East</td><td></td><td>2</td><td>3</td></tr></tbody>", "Town\tIndustry\tFarms\tAbroad\nEast\t\t2\t3"},
		{"lines in a cell", head + "<tr><td><p>East</p><p>(new)</p></td><td>1</td><td>2</td><td>3</td></tr>", "Town\tIndustry\tFarms\tAbroad\nEast (new)\t1\t2\t3"},
		{"nonsense", head + `<tr><td rowspan="99999999">East</td><td colspan="-5">1</td><td colspan=x>2</td><td>3</td></tr><tr><td>4</td><td>5</td></tr>`, "Town\tIndustry\tFarms\tAbroad\nEast\t1\t2\t3\n\t4\t5\t"},
	} {
		p := pageOf("<html><body><h1>Figures of the first half of the year</h1><div>Date: 2019-05-05</div><div class=content>" + text + "<table>" + tt.rows + "</table>" + strings.Replace(text, "first", "second", 1) + "</div></body></html>")
		body := p.read().body.text
		if !strings.Contains(body, "\n"+tt.want+"\n") {
			t.Errorf("%s: got\n%q\nwant\n%q", tt.name, body, tt.want)
		}
	}
	// A table that frames the page is none of data.
	p := pageOf("<html><body><h1>Figures of the first half of the year</h1><div>Date: 2019-05-05</div><table><tr><td></td><td>" + text + strings.Replace(text, "first", "third", 1) + "</td><td></td></tr></table></body></html>")
	if body := p.read().body.text; strings.Contains(body, "\t") {
		t.Errorf("a frame of one row gives tabs: %q", body)
	}
}
