package main

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

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

// TestChangeBriefly: a change far inside a long text is shown, with what stands beside it.
func TestChangeBriefly(t *testing.T) {
	long := strings.Repeat("The zone has signed an agreement with the port. ", 20)
	han := strings.Repeat("开发区与港口签署了协议。", 30)
	for _, tt := range []struct{ before, after, want string }{
		{long + "It cost 12 million.\nWork begins.", long + "It cost 15 million.\nWork begins.", "… with the port. It cost [-12-]{+15+} million. Work begins."},
		{han + "投资十二亿元。" + han, han + "投资十五亿元。" + han, "…与港口签署了协议。开发区与港口签署了协议。投资十[-二-]{+五+}亿元。开发区与港口签署了协议。开发区与港口签署了…"},
		{"First. " + long, "First.", "First.[-The zone has signed an agreement with the port."},
	} {
		fields := archive.Diff(dossier.Article{Body: tt.before}, dossier.Article{Body: tt.after})
		if got := changeBriefly(fields[0]); !strings.HasPrefix(got, tt.want) || strings.Contains(got, "\n") || utf8.RuneCountInString(got) > 200 {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
	source := "Zone Daily"
	fields := archive.Diff(dossier.Article{}, dossier.Article{Source: &source})
	if got, want := changeBriefly(fields[0]), "[-(none on the page)-]{+Zone Daily+}"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
