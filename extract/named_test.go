package extract

import (
	"slices"
	"strings"
	"testing"
)

// TestStems holds the shortcut to what it stands for.
func TestStems(t *testing.T) {
	for _, words := range []map[string]bool{authorWords, authorFolders} {
		for w := range words {
			if !slices.ContainsFunc(stems, func(stem string) bool { return strings.Contains(w, stem) }) {
				t.Errorf("no stem for %q", w)
			}
		}
	}
}
