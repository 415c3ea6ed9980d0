package extract

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Tags of frames are found in the bytes, wherever they stand.
func TestFramesIn(t *testing.T) {
	for _, c := range []struct {
		body string
		want []string
	}{
		{`<p>text</p><FRAMESET><frame name=a SRC="a.htm"><frame src='b.htm?x=1&amp;y=2'/>`, []string{"a.htm", "b.htm?x=1&y=2"}},
		{"<frame\n scrolling=no\n src=top.htm>", []string{"top.htm"}},
		{`<frameset cols="1,2"><iframe src="no.htm">`, nil},
		{`<frame name="none"><a src="no.htm">`, nil},
		{"<frame", nil},
		{strings.Repeat(`<frame src="a">`, 20), slicesOf("a", maxFrames)},
	} {
		if diff := cmp.Diff(c.want, framesIn([]byte(c.body))); diff != "" {
			t.Errorf("%.60q (-want +got):\n%s", c.body, diff)
		}
	}
}

func slicesOf(s string, n int) []string {
	return strings.Split(strings.Repeat(s+" ", n-1)+s, " ")
}
