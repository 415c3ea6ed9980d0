package main

import (
	"testing"

	"github.com/dossier-archive/dossier/archive"
)

// Marks of JSON count characters, as programs that read them do.
func TestMarksInCharacters(t *testing.T) {
	s := archive.Snippet{Text: "长春新区招商大会 café x", Marks: [][2]int{{12, 18}, {25, 30}}}
	got := inCharacters(s)
	text := []rune(s.Text)
	for i, want := range []string{"招商", "café"} {
		m := got.Marks[i]
		if word := string(text[m[0]:m[1]]); word != want {
			t.Errorf("mark %v is %q, want %q", m, word, want)
		}
	}
	if s.Marks[0] != [2]int{12, 18} {
		t.Error("the snippet itself was changed")
	}
}
