package extract

import (
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	maxRowClimb = 5 // elements between a link and its row
	maxBeside   = 8 // nodes beside a row
)

// rowDate looks for a date around a link: in the largest element that holds no other
// link, beside that, behind it before above it, and last in the link's own text.
func (w *linkWalk) rowDate(a *html.Node, text string) (date string, beside bool) {
	row := a
	for range maxRowClimb {
		p := row.Parent
		if p == nil || p.Type != html.ElementNode || w.counts[p] > 1 || p.DataAtom == atom.Body {
			break
		}
		row = p
	}
	if row != a {
		around := shortText(row, maxLinkText)
		if len(around) < maxLinkText {
			if d := FindDate(strings.Replace(around, text, " ", 1), w.lang); d != "" {
				return d, false
			}
		} else if d := w.lineDate(row); d != "" {
			return d, false
		}
	}
	for _, step := range []func(*html.Node) *html.Node{next, previous} {
		if d := w.dateBeside(row, step); d != "" {
			return d, true
		}
	}
	if len(text) < maxLinkText {
		return FindDate(text, w.lang), false
	}
	return "", false
}

// isInBrackets reports whether a link stands in brackets, as the section of an article does before its
// headline: [<a>Notices</a>] <a>A contract is signed</a> 2018-01-19. The day of the row is not its.
func isInBrackets(a *html.Node) bool {
	before, behind := a.PrevSibling, a.NextSibling
	if before == nil || behind == nil || before.Type != html.TextNode || behind.Type != html.TextNode {
		return false
	}
	left, right := strings.TrimSpace(before.Data), strings.TrimSpace(behind.Data)
	for _, pair := range []string{"[]", "【】", "［］"} {
		open, end := pair[:len(pair)/2], pair[len(pair)/2:]
		if strings.HasSuffix(left, open) && strings.HasPrefix(right, end) {
			return true
		}
	}
	return false
}

// dropStrayDates takes the date from the only row of a list that has one, when it stands
// beside the row: it is of what follows the list, as "Last updated" at the foot of a page,
// or of what comes before.
func dropStrayDates(links []Link) {
	const fewest = 3 // rows of a list
	type list struct{ rows, dated, last int }
	lists := map[string]*list{}
	for i, l := range links {
		of := lists[l.Path]
		if of == nil {
			of = &list{}
			lists[l.Path] = of
		}
		of.rows++
		if l.Date != "" || l.At != "" {
			of.dated, of.last = of.dated+1, i
		}
	}
	for _, of := range lists {
		if of.rows >= fewest && of.dated == 1 && links[of.last].beside {
			links[of.last].Date = ""
		}
	}
}

// lineDate is the date of the first element of a row with a teaser that holds little else
// than a day, "" when there is none.
func (w *linkWalk) lineDate(row *html.Node) string {
	const longest, most = 60, 100 // bytes of its text, nodes that are looked at
	nodes := 0
	for n := range row.Descendants() {
		if nodes++; nodes > most {
			break
		}
		if n.Type != html.ElementNode || w.counts[n] > 0 || isSilent(n) {
			continue
		}
		text := shortText(n, maxLinkText)
		if len(text) > longest || !strings.ContainsAny(text, "0123456789") {
			continue
		}
		if d := FindDate(text, w.lang); len(d) >= len(time.DateOnly) {
			return d
		}
	}
	return ""
}

// dateBeside is the date between a row and the next line or link in one direction, ""
// when what stands before it is too long.
func (w *linkWalk) dateBeside(row *html.Node, step func(*html.Node) *html.Node) string {
	const longest = 60
	text, date := "", ""
	for s, i := step(row), 0; s != nil && i < maxBeside && len(date) < len(time.DateOnly); s, i = step(s), i+1 {
		switch s.Type {
		case html.TextNode:
			text += " " + s.Data
		case html.ElementNode:
			if s.DataAtom == atom.Br || s.DataAtom == atom.A || w.counts[s] > 0 {
				return date
			}
			text += " " + shortText(s, maxLinkText)
		default:
			continue
		}
		if text = collapse(text); len(text) > longest {
			break
		}
		date = FindDate(text, w.lang)
	}
	return date
}

func next(n *html.Node) *html.Node     { return n.NextSibling }
func previous(n *html.Node) *html.Node { return n.PrevSibling }
