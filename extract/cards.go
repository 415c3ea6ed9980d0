package extract

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	minCards  = 3   // links of one place with one text
	cardDepth = 5   // levels above a link at which its card ends at the latest
	cardNodes = 200 // of a card that are looked at
)

// nameCards gives links that all say the same, as "Read more" below each teaser of
// a list, the heading of their card as title.
func nameCards(links []Link) {
	type place struct{ path, text string }
	groups := map[place][]int{}
	for i, l := range links {
		if l.node != nil && l.Text != "" && l.Title == "" {
			k := place{l.Path, l.Text}
			groups[k] = append(groups[k], i)
		}
	}
	for _, group := range groups {
		if len(group) < minCards {
			continue
		}
		nodes := make(map[*html.Node]bool, len(group))
		for _, i := range group {
			nodes[links[i].node] = true
		}
		for _, i := range group {
			links[i].Title = headingOfCard(links[i].node, nodes)
		}
	}
}

// headingOfCard is the text of the first heading around a link, within what holds
// no other link of its group; "" when there is none.
func headingOfCard(n *html.Node, group map[*html.Node]bool) string {
	for range cardDepth {
		if n = n.Parent; n == nil {
			return ""
		}
		c := card{group: group, left: cardNodes}
		c.look(n)
		if c.links > 1 {
			return ""
		}
		if c.heading != nil {
			return shortText(c.heading, 300)
		}
	}
	return ""
}

// card is what is seen of the elements around a link.
type card struct {
	group   map[*html.Node]bool
	left    int
	links   int
	heading *html.Node
}

func (c *card) look(n *html.Node) {
	c.left--
	if c.group[n] {
		c.links++
	}
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		if c.heading == nil {
			c.heading = n
		}
	}
	for d := n.FirstChild; d != nil && c.left >= 0 && c.links <= 1; d = d.NextSibling {
		c.look(d)
	}
}
