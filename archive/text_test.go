package archive

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// samples are texts of letters, marks and signs as they come, and as they never do.
func samples() []string {
	signs := []rune("aZ9 .\n\t，。：；！？（）［］ＡｚＺ０９～　、“”‘’—…·《》【】〖〗〈〉招商长春開發區㈱①½℃ﬁée\u0301\u3099かカﾞｶ가각\u1100\u1161㍿𠮷Å°\u00a0\ufeff\ue000")
	r := rand.New(rand.NewPCG(1, 2))
	out := []string{"", "招商", "Ａ股，第10届（东北亚）博览会。", "café"}
	for range 3000 {
		text := make([]rune, r.IntN(30))
		for i := range text {
			text[i] = signs[r.IntN(len(signs))]
		}
		out = append(out, string(text))
	}
	for c := rune(0x2000); c < 0x10000; c++ { // each alone and beside a letter
		if !unicode.Is(unicode.Cs, c) {
			out = append(out, string(c), "a"+string(c)+"\u0301")
		}
	}
	return out
}

// TestNormalText: the short way for plain texts gives what NFKC gives. The digests
// of texts that are archived rest on it.
func TestNormalText(t *testing.T) {
	for _, s := range samples() {
		var want strings.Builder
		for _, r := range norm.NFKC.String(s) {
			if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) {
				want.WriteRune(unicode.ToLower(r))
			}
		}
		if got := normalText(s); got != want.String() {
			t.Fatalf("%q: got %q, want %q", s, got, want.String())
		}
	}
}

// TestGroups: the hashes are those of each run of four tokens by itself. The
// sketches of texts that are archived rest on them.
func TestGroups(t *testing.T) {
	for _, s := range samples() {
		tokens := newFolder().tokens(s) + " " + newFolder().tokens(s+" b")
		words := strings.Fields(tokens)
		var want []uint64
		for i := 0; i+groupTokens <= len(words); i++ {
			h := uint64(14695981039346656037)
			for _, b := range []byte(strings.Join(words[i:i+groupTokens], " ") + " ") {
				h = (h ^ uint64(b)) * 1099511628211
			}
			h ^= h >> 33
			want = append(want, h*0xff51afd7ed558ccd^h>>29)
		}
		if got := slices.Collect(groupsOf(tokens)); !slices.Equal(got, want) {
			t.Fatalf("%q: got %x, want %x", tokens, got, want)
		}
	}
}

// TestFoldHalfWidth: full-width forms are folded as NFKC has them.
func TestFoldHalfWidth(t *testing.T) {
	f := newFolder()
	for r := rune(0xff00); r < 0xff60; r++ {
		var want []rune
		for _, d := range norm.NFKC.String(string(r)) {
			want = append(want, unicode.ToLower(f.table.of(d)))
		}
		if got := f.fold(nil, r); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", r, string(got), string(want))
		}
	}
}

// TestFoldComposed: what is written as several characters is searched as the one that it is.
func TestFoldComposed(t *testing.T) {
	f := newFolder()
	for _, c := range []struct{ written, as string }{
		{"ﾊﾟｿｺﾝとｶﾞｽ", "パソコンとガス"},
		{norm.NFD.String("がんばる 한국 정부청사"), "がんばる 한국 정부청사"},
		{"辻\U000e0100本の葛\ufe00城", "辻本の葛城"},
		{"⼯⼚", "工厂"},
		{norm.NFD.String("café über"), "cafe uber"},
		{"ﾞ゛가", "ﾞ゛가"},
	} {
		if got, want := f.tokens(c.written), f.tokens(c.as); got != want {
			t.Errorf("%q: got %q, want %q", c.written, got, want)
		}
		text := "の、" + c.written + "。"
		s := newCutter([]term{{tokens: strings.Fields(f.tokens(c.as))}}).whole(text, "")
		if got := s.Highlight("[", "]", nil); len(s.Marks) == 1 && !strings.Contains(got, "["+c.written+"]") {
			t.Errorf("%q: marked %s", c.written, got)
		}
	}
}
