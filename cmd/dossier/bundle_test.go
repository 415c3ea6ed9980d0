package main

import (
	"testing"

	"github.com/dossier-archive/dossier/archive"
)

// A part of an archive is never described as the whole.
func TestBundleTitle(t *testing.T) {
	for _, c := range []struct {
		q    archive.Query
		want string
	}{
		{archive.Query{}, "Archived records"},
		{archive.Query{Sites: []string{"two", "one", "two"}, Text: "招商 -plant", Since: "2018", Until: "2019-06"}, "Archived records (site one, two; query 招商 -plant; since 2018; until 2019-06)"},
	} {
		if got := bundleTitle(c.q); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
