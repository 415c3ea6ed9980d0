package archive

import (
	"strings"
	"unicode"

	"github.com/dossier-archive/dossier"
)

// Op says what became of a piece of text.
type Op string

const (
	Equal  Op = "equal"
	Delete Op = "delete"
	Insert Op = "insert"
)

// A Part is a piece of text that was kept, taken out or put in.
type Part struct {
	Op   Op     `json:"op"`
	Text string `json:"text"`
}

// A FieldDiff says how one field changed. A field that is missing and one that
// is empty differ, although their texts do not.
type FieldDiff struct {
	Field    string  `json:"field"`
	Old, New *string `json:"-"`
	Missing  string  `json:"missing,omitempty"` // the side that does not have the field, "old" or "new"
	Parts    []Part  `json:"parts"`
}

// Diff compares two articles field by field and names the fields that differ.
// Words are compared whole, Chinese, Japanese and Korean by the character.
func Diff(a, b dossier.Article) []FieldDiff {
	var out []FieldDiff
	for _, f := range []FieldDiff{
		{Field: "title", Old: &a.Title, New: &b.Title}, {Field: "date", Old: &a.Date, New: &b.Date},
		{Field: "author", Old: a.Author, New: b.Author}, {Field: "source", Old: a.Source, New: b.Source},
		{Field: "body", Old: &a.Body, New: &b.Body},
	} {
		if (f.Old == nil) == (f.New == nil) && text(f.Old) == text(f.New) {
			continue
		}
		if f.Old == nil {
			f.Missing = "old"
		} else if f.New == nil {
			f.Missing = "new"
		}
		f.Parts = DiffText(text(f.Old), text(f.New))
		out = append(out, f)
	}
	return out
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// DiffText gives the parts of two texts; those that are not inserted make up
// the first one, those that are not deleted the second.
func DiffText(a, b string) []Part {
	var parts []Part
	for _, p := range edits(linesOf(a), linesOf(b)) {
		if len(p.gone) == 0 || len(p.come) == 0 {
			parts = appendEdit(parts, p)
			continue
		}
		words := edits(wordsOf(strings.Join(p.gone, "")), wordsOf(strings.Join(p.come, "")))
		for _, w := range readable(words) {
			parts = appendEdit(parts, w)
		}
	}
	return parts
}

// edit is a run of equal tokens, or of tokens that others stand for.
type edit struct {
	same       []string
	gone, come []string
}

func appendEdit(parts []Part, e edit) []Part {
	for _, p := range []Part{{Equal, strings.Join(e.same, "")}, {Delete, strings.Join(e.gone, "")}, {Insert, strings.Join(e.come, "")}} {
		if p.Text == "" {
			continue
		}
		if n := len(parts); n > 0 && parts[n-1].Op == p.Op {
			parts[n-1].Text += p.Text
			continue
		}
		parts = append(parts, p)
	}
	return parts
}

func linesOf(s string) []string {
	return strings.SplitAfter(s, "\n")
}

// wordsOf splits a text into words, spaces, and single other characters. Figures stay
// whole: 3.5, 1,200, 2021-01-19, 10:46.
func wordsOf(s string) []string {
	var out []string
	class := func(r rune) int {
		switch {
		case unspaced(r):
			return 0
		case isToken(r):
			return 1
		case unicode.IsSpace(r):
			return 2
		}
		return 0
	}
	last := 0
	start := 0
	for i, r := range s {
		c := class(r)
		if strings.ContainsRune(".,-/:", r) && i > start && isDigit(s, i-1) && isDigit(s, i+1) {
			c = 1
		}
		if i > start && (c == 0 || c != last) {
			out = append(out, s[start:i])
			start = i
		}
		last = c
	}
	if start < len(s) {
		out = append(out, s[start:])
	}
	return out
}

func isDigit(s string, at int) bool { return at < len(s) && s[at] >= '0' && s[at] <= '9' }

// readable joins changes with only a space or one or two characters between
// them: a reader follows one replaced phrase better than a row of splinters.
func readable(list []edit) []edit {
	var out []edit
	for i, e := range list {
		n := len(out)
		short := len(e.same) > 0 && len(e.same) <= 3 && len(strings.TrimSpace(strings.Join(e.same, ""))) <= 6
		if short && n > 0 && len(out[n-1].same) == 0 && i+1 < len(list) {
			out[n-1].gone = append(out[n-1].gone, e.same...)
			out[n-1].come = append(out[n-1].come, e.same...)
			continue
		}
		if len(e.same) == 0 && n > 0 && len(out[n-1].same) == 0 {
			out[n-1].gone = append(out[n-1].gone, e.gone...)
			out[n-1].come = append(out[n-1].come, e.come...)
			continue
		}
		out = append(out, e)
	}
	return out
}

// maxEdits bounds the work on two texts; those that differ more are said to
// differ as a whole.
const maxEdits = 1000

// edits finds a shortest list of changes from a to b (Myers 1986).
func edits(a, b []string) []edit {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var out []edit
	if head > 0 {
		out = append(out, edit{same: a[:head]})
	}
	out = append(out, middle(a[head:len(a)-tail], b[head:len(b)-tail])...)
	if tail > 0 {
		out = append(out, edit{same: a[len(a)-tail:]})
	}
	return out
}

func middle(a, b []string) []edit {
	if len(a) == 0 && len(b) == 0 {
		return nil
	}
	trace := furthest(a, b)
	if trace == nil {
		return []edit{{gone: clone(a), come: clone(b)}}
	}
	// Walk back from the end: a diagonal is a token that both have.
	var back []edit
	x, y := len(a), len(b)
	for d := len(trace) - 1; d >= 0; d-- {
		k := x - y
		v := trace[d]
		from := k - 1
		if k == -d || k != d && v.at(k-1) < v.at(k+1) {
			from = k + 1
		}
		startX, startY := 0, 0 // of the diagonal
		if d > 0 {
			startX, startY = v.at(from), v.at(from)-from
		}
		prevX, prevY := startX, startY
		switch {
		case d == 0:
		case from == k+1:
			startY++
		default:
			startX++
		}
		for x > startX {
			back = append(back, edit{same: a[x-1 : x]})
			x, y = x-1, y-1
		}
		if startY > prevY {
			back = append(back, edit{come: b[prevY:startY]})
		}
		if startX > prevX {
			back = append(back, edit{gone: a[prevX:startX]})
		}
		x, y = prevX, prevY
	}
	return gather(back)
}

// gather turns single steps from the end into runs from the start.
func gather(back []edit) []edit {
	var out []edit
	for i := len(back) - 1; i >= 0; i-- {
		e := back[i]
		n := len(out)
		if n == 0 || (len(out[n-1].same) > 0) != (len(e.same) > 0) {
			out = append(out, edit{})
			n++
		}
		last := &out[n-1]
		last.same = append(last.same, e.same...)
		last.gone = append(last.gone, e.gone...)
		last.come = append(last.come, e.come...)
	}
	return out
}

func clone(s []string) []string { return append([]string(nil), s...) }

// reach is, for each diagonal, how far into a one comes with d changes.
type reach struct {
	d int
	x []int
}

func (r reach) at(k int) int {
	if i := k + r.d + 1; i >= 0 && i < len(r.x) {
		return r.x[i]
	}
	return -1
}

// furthest gives the reaches before each change, nil when there are too many.
func furthest(a, b []string) []reach {
	limit := min(len(a)+len(b), maxEdits)
	now := reach{d: 0, x: []int{-1, 0, -1}}
	var trace []reach
	for d := 0; d <= limit; d++ {
		trace = append(trace, now)
		next := reach{d: d, x: make([]int, 2*d+3)}
		for k := -d; k <= d; k += 2 {
			x := 0
			switch {
			case d == 0:
			case k == -d || k != d && now.at(k-1) < now.at(k+1):
				x = now.at(k + 1)
			default:
				x = now.at(k-1) + 1
			}
			y := x - k
			for x < len(a) && y < len(b) && a[x] == b[y] {
				x, y = x+1, y+1
			}
			next.x[k+d+1] = x
			if x >= len(a) && y >= len(b) {
				return trace
			}
		}
		now = next
	}
	return nil
}
