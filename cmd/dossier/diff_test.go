package main

import (
	"errors"
	"testing"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

// A field that appears empty is a change, and is shown as one.
func TestChangeOf(t *testing.T) {
	empty, name := "", "Li Wei"
	for _, c := range []struct {
		before, after *string
		want          string
	}{
		{nil, &empty, "[-(none on the page)-]{+(printed empty)+}"},
		{&name, nil, "[-Li Wei-]{+(none on the page)+}"},
		{&empty, &name, "{+Li Wei+}"},
	} {
		changes := archive.Diff(dossier.Article{Author: c.before}, dossier.Article{Author: c.after})
		if len(changes) != 1 || changeOf(changes[0]) != c.want {
			t.Errorf("got %+v, want %s", changes, c.want)
		}
	}
}

// A version that is not there is asked for in vain, as with show; what is no number is
// a mistake in the command.
func TestVersionIndex(t *testing.T) {
	versions := []dossier.Version{{Number: 1}, {Number: 3}}
	for text, want := range map[string]int{"2": statusFailed, "9": statusFailed, "0": statusUsage, "x": statusUsage, "3": -1} {
		i, err := versionIndex(versions, text)
		var f *failure
		if want < 0 && (err != nil || i != 1) || want >= 0 && (!errors.As(err, &f) || f.status != want) {
			t.Errorf("%s: %d, %v, want status %d", text, i, err, want)
		}
	}
}
