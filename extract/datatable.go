package extract

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// ruleTable names what makes a table the text of a page.
const ruleTable = "body-table"

const (
	minTableRows  = 3 // of a table that is a text by itself
	minTableCells = 2 // of each of these
)

// dataTable is the table of figures that is all the text of a page, as bulletins of
// statistics have it; nil when there is none. Tables of links and of layout are none.
func (p *Page) dataTable() *html.Node {
	type content struct{ size, rows, linked int } // of the rows those that link
	tables := map[*html.Node]*content{}
	cells, links := map[*html.Node]int{}, map[*html.Node]bool{} // of a row
	for _, b := range p.pageBlocks() {
		if b.row == nil || b.hidden || b.region != RegionMain || p.inFurniture(b.node, p.furnitureSeen()) {
			continue
		}
		table := tableOf(b.row)
		if table == nil {
			continue
		}
		t := tables[table]
		if t == nil {
			t = &content{}
			tables[table] = t
		}
		t.size += b.runes
		if b.linked > 0 && !links[b.row] {
			links[b.row] = true
			t.linked++
		}
		if cells[b.row]++; cells[b.row] == minTableCells {
			t.rows++
		}
	}
	var best *html.Node
	for n := range p.Root.Descendants() {
		if t := tables[n]; t != nil && t.rows >= minTableRows && t.linked*2 < t.rows && (best == nil || t.size > tables[best].size) {
			best = n
		}
	}
	return best
}

// tableOfCell is the table of data in a cell of which an element stands, where that is all the
// running text of it, as in the records of projects; nil when it stands in none.
func (p *Page) tableOfCell(n *html.Node) *html.Node {
	cell := n
	for cell != nil && cell.DataAtom != atom.Td && cell.DataAtom != atom.Th {
		cell = cell.Parent
	}
	if cell == nil {
		return nil
	}
	table := p.dataTable()
	if table == nil || !within(cell, table) {
		return nil
	}
	if _, ok := gridsOf(p.inside([]*html.Node{table}))[cell]; !ok {
		return nil
	}
	return table
}

func tableOf(row *html.Node) *html.Node {
	for n := row; n != nil; n = n.Parent {
		if n.DataAtom == atom.Table {
			return n
		}
	}
	return nil
}
