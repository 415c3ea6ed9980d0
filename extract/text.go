package extract

import "strings"

// render writes blocks as the body of an article: one block a line, the cells
// of a table row with tabs between them, of tables of data one more for each cell that is
// empty or that one before reaches over. A text that stands twice, as copies
// for phones and for reading aloud do, is written once.
func render(blocks []*block) string {
	blocks = withoutCopies(blocks)
	n := 0
	for _, x := range blocks {
		n += len(x.text) + 1
	}
	grids := gridsOf(blocks)
	var b strings.Builder
	b.Grow(n)
	tabs := func(n int) {
		for range n {
			b.WriteByte('\t')
		}
	}
	var before *block
	for _, x := range blocks {
		at, inGrid := grids[x.cell]
		sameRow := before != nil && x.row != nil && x.row == before.row
		switch {
		case sameRow && x.cell != before.cell && inGrid:
			tabs(max(1, at.column-grids[before.cell].column))
		case sameRow && x.cell != before.cell:
			tabs(1)
		case sameRow && inGrid:
			b.WriteByte(' ') // another line of the cell
		default:
			if before != nil {
				tabs(grids[before.cell].behind())
				b.WriteByte('\n')
			}
			tabs(at.column)
		}
		b.WriteString(x.text)
		before = x
	}
	if before != nil {
		tabs(grids[before.cell].behind())
	}
	return b.String()
}

// minCopy is the size from which on a line that stands twice is a copy.
const minCopy = 80

func withoutCopies(blocks []*block) []*block {
	seen := map[string]bool{}
	out := blocks[:0:0]
	for _, x := range blocks {
		if x.size >= minCopy && x.cell == nil { // cells of a table may say the same
			if seen[x.text] {
				continue
			}
			seen[x.text] = true
		}
		out = append(out, x)
	}
	return out
}
