package extract

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Bounds of a table of data: one with more is a frame for a page, or nonsense.
const (
	maxCellLines = 3
	maxCellText  = 200 // size of a line of a cell with several
	maxColumns   = 200
	maxRows      = 5000
)

// gridCell is where the text of a cell stands in a table of data.
type gridCell struct {
	column int // of the first one that it takes
	span   int // how many it takes
	width  int // of the table
}

// behind is how many columns stand behind the cell.
func (c gridCell) behind() int { return max(0, c.width-c.column-c.span) }

// isBelowGrid reports whether a line of some stands right below a table of data, as where its
// figures are from.
func isBelowGrid(blocks []*block, i int) bool {
	if i == 0 || blocks[i-1].row == nil || blocks[i].row != nil && tableOf(blocks[i].row) == tableOf(blocks[i-1].row) {
		return false
	}
	_, ok := gridsOf(blocks)[blocks[i-1].cell]
	return ok
}

// gridsOf gives the place of each cell of the tables of data that a text has: those with two
// rows or more in which two cells say something, and none says much. Empty cells, those that
// reach over several columns and those that reach down into a row have their places too.
func gridsOf(blocks []*block) map[*html.Node]gridCell {
	type content struct {
		cells map[*html.Node]int // lines of each
		rows  map[*html.Node]int // cells of each
		much  bool
	}
	tables := map[*html.Node]*content{}
	for _, b := range blocks {
		if b.row == nil || b.cell == nil || b.cell.Parent != b.row {
			continue
		}
		table := tableOf(b.row)
		if table == nil {
			continue
		}
		c := tables[table]
		if c == nil {
			c = &content{cells: map[*html.Node]int{}, rows: map[*html.Node]int{}}
			tables[table] = c
		}
		if c.cells[b.cell]++; c.cells[b.cell] == 1 {
			c.rows[b.row]++
		}
		c.much = c.much || c.cells[b.cell] > maxCellLines || c.cells[b.cell] > 1 && b.size > maxCellText
	}
	var out map[*html.Node]gridCell
	for table, c := range tables {
		full := 0
		for _, n := range c.rows {
			if n >= 2 {
				full++
			}
		}
		if full < 2 || c.much {
			continue
		}
		if out == nil {
			out = map[*html.Node]gridCell{}
		}
		placeCells(table, out)
	}
	return out
}

// placeCells adds the places of the cells of a table, none when it has too many.
func placeCells(table *html.Node, out map[*html.Node]gridCell) {
	var cells []*html.Node
	var places []gridCell
	width, rows := 0, 0
	var below []int // rows that a cell above still takes, by column
	place := func(row *html.Node) {
		rows++
		column := 0
		free := func() {
			for column < len(below) && below[column] > 0 {
				below[column]--
				column++
			}
		}
		for c := row.FirstChild; c != nil && column < maxColumns; c = c.NextSibling {
			if c.DataAtom != atom.Td && c.DataAtom != atom.Th {
				continue
			}
			free()
			span := min(max(atoi(attrOf(c, "colspan")), 1), maxColumns)
			cells, places = append(cells, c), append(places, gridCell{column: column, span: span})
			down := min(max(atoi(attrOf(c, "rowspan")), 1), maxRows) - 1
			for range span {
				if column == len(below) {
					below = append(below, 0)
				}
				below[column] = down
				column++
			}
		}
		for ; column < len(below); column++ {
			if below[column] > 0 {
				below[column]--
			}
		}
		width = max(width, len(below))
	}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		for c := n.FirstChild; c != nil && rows <= maxRows; c = c.NextSibling {
			switch c.DataAtom {
			case atom.Tr:
				place(c)
			case atom.Tbody, atom.Thead, atom.Tfoot:
				walk(c)
			}
		}
	}
	walk(table)
	if rows > maxRows || width > maxColumns {
		return
	}
	for i, c := range cells {
		places[i].width = width
		out[c] = places[i]
	}
}
