package archive

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Snippet is a piece of a text in which a search matched.
type Snippet struct {
	Text  string   `json:"text"`
	Marks [][2]int `json:"marks"` // byte offsets of what matched, in order
	Head  bool     `json:"-"`     // the text begins here
	Tail  bool     `json:"-"`     // the text ends here
}

// Highlight puts open and closing around what matched and an ellipsis where
// the text goes on. Text passes through escape first, which may be nil.
func (s Snippet) Highlight(open, closing string, escape func(string) string) string {
	if escape == nil {
		escape = func(t string) string { return t }
	}
	var b strings.Builder
	if !s.Head {
		b.WriteString("…")
	}
	at := 0
	for _, m := range s.Marks {
		b.WriteString(escape(s.Text[at:m[0]]) + open + escape(s.Text[m[0]:m[1]]) + closing)
		at = m[1]
	}
	b.WriteString(escape(s.Text[at:]))
	if !s.Tail {
		b.WriteString("…")
	}
	return b.String()
}

// snippetWidth is the length of a snippet in columns: a Chinese character
// takes two.
const snippetWidth = 160

// cutter finds the terms of a query in texts.
type cutter struct {
	folder folder
	terms  []term
}

func newCutter(terms []term) cutter { return cutter{newFolder(), terms} }

// piece is one token of a text and where it stands.
type piece struct {
	token      string
	start, end int
}

// pieces splits a text as the index does.
func (c cutter) pieces(s string) []piece {
	var out []piece
	var buf [8]rune
	open := false    // the last piece can go on
	between := false // something stood behind the last piece
	for i, end := 0, 0; i < len(s); i = end {
		var r rune
		r, end = character(s, i)
		gap := true
		for _, d := range c.folder.fold(buf[:0], r) {
			if !isToken(d) {
				continue
			}
			gap = false
			switch {
			case unspaced(d):
				if n := len(out); between && n > 0 && unspacedAt(out[n-1].token) {
					out = append(out, piece{string(sentence), i, i})
				}
				out = append(out, piece{string(d), i, end})
				open = false
			case open:
				last := &out[len(out)-1]
				last.token += string(d)
				last.end = end
			default:
				out = append(out, piece{string(d), i, end})
				open = true
			}
			between = false
		}
		if gap && !unicode.Is(unicode.Mn, r) {
			open, between = false, true
		}
	}
	return out
}

// unspacedAt reports whether a token is a character of a script without spaces.
func unspacedAt(token string) bool {
	r, n := utf8.DecodeRuneInString(token)
	return n == len(token) && unspaced(r)
}

// marks are the places where terms of a field stand, in order and apart.
func (c cutter) marks(pieces []piece, field string) [][2]int {
	var out [][2]int
	for _, t := range c.terms {
		if t.field != "" && t.field != field {
			continue
		}
		for i := 0; i+len(t.tokens) <= len(pieces); i++ {
			if matches(pieces[i:], t.tokens, t.prefix) {
				out = append(out, [2]int{pieces[i].start, pieces[i+len(t.tokens)-1].end})
			}
		}
	}
	slices.SortFunc(out, func(a, b [2]int) int { return a[0] - b[0] })
	return merge(out)
}

func matches(pieces []piece, want []string, prefix bool) bool {
	for i, w := range want {
		got := pieces[i].token
		if got != w && !(prefix && i == len(want)-1 && strings.HasPrefix(got, w)) {
			return false
		}
	}
	return len(want) > 0
}

func merge(marks [][2]int) [][2]int {
	out := marks[:0]
	for _, m := range marks {
		if n := len(out); n > 0 && m[0] <= out[n-1][1] {
			out[n-1][1] = max(out[n-1][1], m[1])
			continue
		}
		out = append(out, m)
	}
	return out
}

// whole marks a text without cutting it.
func (c cutter) whole(s, field string) Snippet {
	return Snippet{Text: s, Marks: c.marks(c.pieces(s), field), Head: true, Tail: true}
}

// around cuts the piece with the most matches out of a text, its beginning
// when there are none.
func (c cutter) around(s, field string) Snippet {
	pieces := c.pieces(s)
	marks := c.marks(pieces, field)
	from := 0
	if len(marks) > 0 {
		from = densest(s, marks)
	}
	start := stepBack(s, from, snippetWidth/4)
	end := stepOn(s, start, snippetWidth)
	out := Snippet{Text: strings.Join(strings.Fields(s[start:end]), " "), Head: start == 0, Tail: end == len(s)}
	out.Marks = c.marks(c.pieces(out.Text), field)
	return out
}

// densest is the mark from which on the most marks stand within a snippet.
func densest(s string, marks [][2]int) int {
	best, at := 0, marks[0][0]
	for i, m := range marks {
		if n := countWithin(marks[i:], stepOn(s, m[0], snippetWidth*3/4)); n > best {
			best, at = n, m[0]
		}
		if i > 200 {
			break
		}
	}
	return at
}

func countWithin(marks [][2]int, end int) int {
	n := 0
	for n < len(marks) && marks[n][1] <= end {
		n++
	}
	return n
}

func columns(r rune) int {
	if unspaced(r) {
		return 2
	}
	return 1
}

// stepOn goes on by a number of columns, and then to the end of the word.
func stepOn(s string, from, width int) int {
	for i, r := range s[from:] {
		if width <= 0 && (unspaced(r) || !isToken(r) || width < -20) {
			return from + i
		}
		width -= columns(r)
	}
	return len(s)
}

// stepBack goes back by a number of columns, and then to the start of a word.
func stepBack(s string, from, width int) int {
	at := from
	word := from
	runes := []rune(s[max(0, from-4*width-100):from])
	for i := len(runes) - 1; i >= 0; i-- {
		r := runes[i]
		if width <= 0 {
			break
		}
		width -= columns(r)
		at -= len(string(r))
		if unspaced(r) || !isToken(r) {
			word = at
			if !unspaced(r) {
				word = at + len(string(r))
			}
		}
	}
	if at <= 0 {
		return 0
	}
	return word
}
