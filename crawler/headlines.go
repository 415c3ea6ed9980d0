package crawler

import (
	"path"
	"regexp"
	"strings"
	"unicode"

	"github.com/dossier-archive/dossier/extract"
)

// articleRows tells which links of a page look like the rows of a list of
// articles: a headline with a date beside it, or headlines of one place in
// the page whose addresses look like articles. A further page of a list has such rows for
// sure, and shorter headlines will do.
func articleRows(all []candidate, further bool) []bool {
	groups := map[string]*rowGroup{}
	for _, c := range all {
		if (c.Region == extract.RegionMain || c.Region == extract.RegionHeader) && c.headlineWidth() >= minHeadline {
			g := groups[c.Path]
			if g == nil {
				g = &rowGroup{}
				groups[c.Path] = g
			}
			g.add(c)
		}
	}
	short := map[string]int{} // dated links that are shorter, by place
	for _, c := range all {
		if c.isShortRow() {
			short[c.Path]++
		}
	}
	out := make([]bool, len(all))
	for i, c := range all {
		w := c.headlineWidth()
		switch g := groups[c.Path]; {
		case c.Region == extract.RegionPager, c.Region == extract.RegionFooter:
		case w < minHeadline:
			out[i] = c.isShortRow() && (short[c.Path] >= minShortRows || g != nil && g.dated >= minShortRows)
		case c.isDated():
			out[i] = true
		case g != nil:
			out[i] = g.isHeadlines() || further && g.shaped == g.links && g.width >= g.links*minFurther
		}
	}
	return out
}

// minHeadline is the least width of a headline: four Han characters or eight
// Latin ones.
const minHeadline = 8

// isShortRow reports whether a dated link may be a row whose headline is a word, as "Notice":
// others of its place show that it is.
func (c candidate) isShortRow() bool {
	w := c.headlineWidth()
	return minShort <= w && w < minHeadline && c.isDated() && articleShape(c.addr) && (c.Region == extract.RegionMain || c.Region == extract.RegionHeader)
}

const (
	minShort     = 4 // width of a headline of one word
	minShortRows = 3 // rows of its place
)

// minFurther is the least average width of the headlines of a further page.
const minFurther = 14

// rowGroup gathers the links of one place in a page that are long enough for headlines.
type rowGroup struct{ links, width, shaped, dated int }

func (g *rowGroup) add(c candidate) {
	g.links++
	g.width += c.headlineWidth()
	if articleShape(c.addr) {
		g.shaped++
	}
	if c.isDated() {
		g.dated++
	}
}

// isHeadlines holds where undated links are as long as headlines are. Section
// names are on average 8 to 22 wide, headlines 30 to 90.
func (g *rowGroup) isHeadlines() bool {
	average := g.width / g.links
	switch {
	case g.dated*2 >= g.links:
		return true
	case g.links < 2:
		return average >= 30 && g.shaped > 0
	case g.shaped*5 >= g.links*3:
		return average >= 24
	}
	return average >= 36
}

func (c candidate) isDated() bool { return c.Date != "" || c.At != "" }

func (c candidate) headlineWidth() int { return max(width(c.Text), width(c.Title)) }

// width counts the columns of a text: two for a Han, kana or hangul character.
func width(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
			n += 2
		case unicode.IsLetter(r), unicode.IsDigit(r), r == ' ':
			n++
		}
	}
	return n
}

// articleShape reports whether an address looks like that of an article: a
// number of four digits or more, a date, an id, a long slug.
func articleShape(a Address) bool { return shapeOfArticle.MatchString(a.Path) }

var shapeOfArticle = regexp.MustCompile(`(?i)\d{4,}|/\d{1,4}/\d{1,2}/|[?&](\w*id|aid|newsid|n|no)=\d+|/\d+\.\w{3,5}$|/\d+/?$|(\w+-){3,}\w+|[0-9a-f]{16,}`)

// files are extensions of addresses that are no pages.
var files = map[string]bool{
	".pdf": true, ".doc": true, ".docx": true, ".xls": true, ".xlsx": true, ".ppt": true, ".pptx": true, ".wps": true, ".rtf": true, ".csv": true, ".odt": true,
	".zip": true, ".rar": true, ".7z": true, ".gz": true, ".tar": true, ".exe": true, ".apk": true, ".dmg": true, ".iso": true,
	".jpg": true, ".jpeg": true, ".png": true, ".gif": true, ".bmp": true, ".svg": true, ".webp": true, ".ico": true, ".tif": true, ".tiff": true,
	".mp3": true, ".mp4": true, ".avi": true, ".mov": true, ".wmv": true, ".flv": true, ".wav": true, ".m4a": true, ".webm": true, ".m3u8": true,
	".css": true, ".js": true, ".json": true, ".woff": true, ".woff2": true, ".ttf": true, ".eot": true, ".swf": true, ".epub": true, ".ics": true,
}

func isPage(a Address) bool { return !files[strings.ToLower(path.Ext(a.File()))] }
