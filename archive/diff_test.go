package archive_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

func TestDiffText(t *testing.T) {
	show := func(parts []archive.Part) string {
		var b strings.Builder
		for _, p := range parts {
			b.WriteString(map[archive.Op]string{archive.Equal: "", archive.Delete: "-", archive.Insert: "+"}[p.Op])
			if p.Op == archive.Equal {
				b.WriteString(p.Text)
			} else {
				b.WriteString("[" + p.Text + "]")
			}
		}
		return b.String()
	}
	for _, c := range []struct{ a, b, want string }{
		{"same", "same", "same"},
		{"", "new", "+[new]"},
		{"old", "", "-[old]"},
		{"The plant opens today.", "The plant opened today.", "The plant -[opens]+[opened] today."},
		{"one\ntwo\nthree", "one\nthree", "one\n-[two\n]three"},
		// By the character, but not in splinters.
		{"投资总额3亿元，同比增长5%。", "投资总额4亿元，同比增长5%。", "投资总额-[3]+[4]亿元，同比增长5%。"},
		{"长春新区举行大会", "长春新区召开大会", "长春新区-[举行]+[召开]大会"},
		{"cost 3.5 billion, 1,200 jobs", "cost 3.6 billion, 1,300 jobs", "cost -[3.5]+[3.6] billion, -[1,200]+[1,300] jobs"},
		{"On 2021-01-19 at 10:46.", "On 2021-02-19 at 10:47.", "On -[2021-01-19 at 10:46]+[2021-02-19 at 10:47]."},
		{"a b c d", "x b y d", "-[a b c]+[x b y] d"},
	} {
		if got := show(archive.DiffText(c.a, c.b)); got != c.want {
			t.Errorf("%q to %q: got %s, want %s", c.a, c.b, got, c.want)
		}
	}
}

// Whatever the texts are, the parts make up both of them.
func TestDiffTextIsComplete(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune("ab 招商\n,é")), 0, 60, -1)
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		var before, after strings.Builder
		for _, p := range archive.DiffText(a, b) {
			if p.Op != archive.Insert {
				before.WriteString(p.Text)
			}
			if p.Op != archive.Delete {
				after.WriteString(p.Text)
			}
		}
		if before.String() != a || after.String() != b {
			t.Fatalf("parts give %q and %q", before.String(), after.String())
		}
	})
}

func TestDiffNamesFields(t *testing.T) {
	a := dossier.Article{Title: "T", Author: ptr(""), Body: "B"}
	b := dossier.Article{Title: "T", Body: "B2"}
	var got []string
	for _, f := range archive.Diff(a, b) {
		got = append(got, f.Field)
	}
	if diff := cmp.Diff([]string{"author", "body"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
