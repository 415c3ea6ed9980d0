package extract

import "strings"

// render writes blocks as the body of an article: one block a line, the cells
// of a table row with tabs between them. A text that stands twice, as copies
// for phones and for reading aloud do, is written once.
func render(blocks []*block) string {
	blocks = withoutCopies(blocks)
	n := 0
	for _, x := range blocks {
		n += len(x.text) + 1
	}
	var b strings.Builder
	b.Grow(n)
	var before *block
	for _, x := range blocks {
		if before != nil {
			if x.row != nil && x.row == before.row && x.cell != before.cell {
				b.WriteByte('\t')
			} else {
				b.WriteByte('\n')
			}
		}
		b.WriteString(x.text)
		before = x
	}
	return b.String()
}

// minCopy is the size from which on a line that stands twice is a copy.
const minCopy = 80

func withoutCopies(blocks []*block) []*block {
	seen := map[string]bool{}
	out := blocks[:0:0]
	for _, x := range blocks {
		if x.size >= minCopy {
			if seen[x.text] {
				continue
			}
			seen[x.text] = true
		}
		out = append(out, x)
	}
	return out
}
