package extract

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:embed labels.txt
var labelData string

// labelKind is what a label announces.
type labelKind string

const (
	labelDate    labelKind = "date"
	labelUpdated labelKind = "updated"
	labelNotDate labelKind = "notdate"
	labelAuthor  labelKind = "author"
	labelSource  labelKind = "source"
	labelEditor  labelKind = "editor"
	labelNoise   labelKind = "noise"
)

// A labelSet holds labels by their squeezed form.
type labelSet map[string]labelKind

// labelTable is the table that comes with the program.
var labelTable = sync.OnceValue(func() labelSet { return readWords[labelKind](labelData) })

// readWords reads a table as labels.txt describes it: words by their squeezed form, with their
// kinds. Where two languages disagree the first one in the file wins.
func readWords[K ~string](data string) map[string]K {
	table := map[string]K{}
	for line := range strings.Lines(data) {
		head, list, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		kind, _, _ := strings.Cut(head, " ")
		for words := range strings.SplitSeq(list, "|") {
			if w := squeezeLabel(words); w != "" && table[w] == "" {
				table[w] = K(kind)
			}
		}
	}
	return table
}

// squeezedSet holds words by the form in which labels are compared.
func squeezedSet(words ...string) map[string]bool {
	set := make(map[string]bool, len(words))
	for _, w := range words {
		set[squeezeLabel(w)] = true
	}
	return set
}

// squeezeLabel is the form in which labels are compared: small letters
// without blanks.
func squeezeLabel(s string) string {
	var short [128]byte
	return string(appendSqueezed(short[:0], s))
}

func appendSqueezed(dst []byte, s string) []byte {
	dst = slices.Grow(dst, len(s))
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf:
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
			if r > ' ' || r < '\t' || r > '\r' && r < ' ' {
				dst = append(dst, byte(r))
			}
		case 0x3001 <= r && r < 0xd800: // Han, kana, Hangul: no blanks, no capitals
			dst = utf8.AppendRune(dst, r)
		case !unicode.IsSpace(r):
			dst = utf8.AppendRune(dst, unicode.ToLower(r))
		}
	}
	return dst
}

// kind is the kind of the label that a text is, "" when it is none.
func (table labelSet) kind(text string) labelKind {
	var short [128]byte
	return table[string(appendSqueezed(short[:0], text))]
}

// A label is one label in a text with its value.
type label struct {
	kind       labelKind
	name       string // as written
	value      string // without what does not belong to it
	start, end int    // bytes of label and value
}

// findLabels finds the labels of a line in the table of the program.
func findLabels(text string) []label { return labelTable().find(text) }

// find finds the labels of a line. A label is known by the colon behind it, or
// the bracket around it: of what stands before the colon the longest label
// wins, so that 图片来源 is not taken for 来源.
func (table labelSet) find(text string) []label { return table.findIn(text, nil) }

// findIn is like find for the text of elements; seams are where one ends and another begins.
func (table labelSet) findIn(text string, seams []int) []label {
	if strings.IndexByte(text, ':') < 0 && strings.IndexByte(text, ']') < 0 && (isASCII(text) || !strings.ContainsAny(text, "：∶】")) {
		return nil
	}
	var out []label
	for i, r := range text {
		if r != ':' && r != '：' && r != '∶' && r != '】' && r != ']' {
			continue
		}
		from := 0
		if len(out) > 0 {
			from = out[len(out)-1].start // a label may hold a colon: "Autor:in"
		}
		start, kind, ok := table.before(text[:i], max(from, i-maxLabel*3), seams)
		if !ok || (r == '】' || r == ']') && !strings.HasSuffix(strings.TrimSpace(text[:start]), openings[r]) {
			continue
		}
		if kind, ok = inContext(text[:start], text[start:i], kind); !ok {
			continue
		}
		found := label{kind: kind, name: strings.TrimSpace(text[start:i]), start: start, end: i + utf8.RuneLen(r)}
		if n := len(out); n > 0 && start < out[n-1].end {
			if start != out[n-1].start {
				continue
			}
			out = out[:n-1]
		}
		out = append(out, found)
	}
	for i := range out {
		end := len(text)
		if i+1 < len(out) {
			end = out[i+1].start
		}
		out[i].value = cleanValue(text[out[i].end:end])
		out[i].end = end
	}
	return out
}

// inContext is the kind of a label behind a text that it may belong to, false where it is none:
// in quotes, and in the name of a project. The time of something that nobody knows, as in
// 申请入党时间, is not that of publishing.
func inContext(before, name string, kind labelKind) (labelKind, bool) {
	last, _ := utf8.DecodeLastRuneInString(before)
	compound := unicode.Is(unicode.Han, last)
	switch {
	case openQuotes[last], compound && name == "名称":
		return "", false
	case someTimes[name] && (compound || itemMark.MatchString(before+"x")):
		return labelNotDate, true
	}
	return kind, true
}

// openQuotes open what is quoted, someTimes are labels of any time.
var (
	openQuotes = map[rune]bool{'“': true, '‘': true, '「': true, '『': true}
	someTimes  = map[string]bool{"时间": true, "日期": true, "時間": true}
)

// maxSpaced is the bytes of the longest line of labels without colons, and
// maxWords how many words such a label has.
const (
	maxSpaced = 240
	maxWords  = 4
)

// findSpaced finds the labels of a line that has no colons: "등록일 2019.11.05
// 작성자 홍보팀 조회 33". It begins with a label, has another one, and shows a
// date right behind one that announces it, or else its words are only words.
func (table labelSet) findSpaced(text string) []label {
	if len(text) > maxSpaced || !strings.ContainsAny(text, "0123456789０１２３４５６７８９") || isASCII(text) && !hasYear(text) {
		return nil
	}
	var out []label
	dated := false
	for i := 0; i < len(text); {
		end, kind := table.spacedAt(text, i)
		if kind == "" || text[i:end] == koreanReporter {
			if len(out) == 0 {
				return nil
			}
			i = nextWord(text, i)
			continue
		}
		if n := len(out); n > 0 {
			out[n-1].value, out[n-1].end = cleanValue(text[out[n-1].end:i]), i
		}
		out = append(out, label{kind: kind, name: text[i:end], start: i, end: end})
		i = nextWord(text, end)
	}
	if len(out) < 2 {
		return nil
	}
	last := &out[len(out)-1]
	last.value, last.end = cleanValue(text[last.end:]), len(text)
	for _, x := range out {
		found := findStamps(x.value, "", 1)
		dated = dated || (x.kind == labelDate || x.kind == labelUpdated) && len(found) > 0 && found[0].start == 0
	}
	if !dated {
		return nil
	}
	return out
}

// koreanReporter stands behind the name of a reporter.
const koreanReporter = "기자"

// spacedAt is the end and the kind of the longest label of whole words that
// begins at i.
func (table labelSet) spacedAt(text string, i int) (end int, kind labelKind) {
	for j, n := i, 0; n < maxWords && j < len(text); n++ {
		stop := j + wordLength(text[j:])
		k := table[squeezeLabel(text[i:stop])]
		if k != "" && byLength(text[i:stop]+" ") == 0 { // "von" is a part of names
			end, kind = stop, k
		}
		j = nextWord(text, j)
	}
	return end, kind
}

// wordLength is the length of the word that a text begins with, nextWord where
// the next one begins.
func wordLength(text string) int {
	for i := range len(text) {
		if c := text[i]; c == ' ' || c == '|' || c == "　"[0] && strings.HasPrefix(text[i:], "　") {
			return i
		}
	}
	return len(text)
}

func nextWord(text string, i int) int {
	i += wordLength(text[i:])
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !unicode.IsSpace(r) && r != '|' {
			break
		}
		i += n
	}
	return i
}

// openings are the brackets that open a label.
var openings = map[rune]string{'】': "【", ']': "["}

// before finds the longest label that ends at the end of a text and does not
// begin before from. It begins where a word or an element begins.
func (table labelSet) before(text string, from int, seams []int) (start int, kind labelKind, ok bool) {
	var squeezed [maxLabel * 3]byte // filled from its end
	free := len(squeezed)
	for i := len(text); i > from; {
		r, n := utf8.DecodeLastRuneInString(text[:i])
		i -= n
		if unicode.IsSpace(r) {
			continue
		}
		r = unicode.ToLower(r)
		if free -= utf8.RuneLen(r); free < 0 {
			break
		}
		utf8.EncodeRune(squeezed[free:], r)
		if k, found := table[string(squeezed[free:])]; found && (beginsWord(text, i) || slices.Contains(seams, i)) {
			start, kind, ok = i, k, true
		}
		if slices.Contains(seams, i) {
			break
		}
	}
	return start, kind, ok
}

// beginsWord reports whether a label can begin at i: Han and kana need no
// border, other scripts do.
func beginsWord(text string, i int) bool {
	r, _ := utf8.DecodeRuneInString(text[i:])
	if unicode.Is(unicode.Han, r) || unicode.Is(unicode.Hiragana, r) || unicode.Is(unicode.Katakana, r) || i == 0 {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	return !unicode.IsLetter(before) && !unicode.IsMark(before)
}

// valueNoise are words that stand behind values without a colon of their own:
// buttons for printing, sharing and letter size.
var valueNoise = []string{
	"打印", "關閉", "关闭", "收藏", "分享", "字体", "字號", "字号", "大 中 小", "大中小", "【", "[大", "（大", "我要纠错", "纠错", "下载", "保存", "复制", "扫一扫",
	"听全文", "朗读", "我要评论", "我来评论", "发表评论", "网友评论", "点击", "浏览", "阅读", "友善列印", "列印", "分享到",
	"Print", "Share", "Font", "A A A", "A- A+", "A+ A-", "L M S", "Comments", "Leave a comment", "Post a comment", "Add comment", "Email this", "Save", "| Print", "Size",
}

// cleanValue cuts a value where something else begins.
func cleanValue(s string) string {
	if inner, ok := strings.CutPrefix(strings.TrimSpace(s), "【"); ok {
		if value, _, ok := strings.Cut(inner, "】"); ok {
			return trimValue(value)
		}
	}
	for _, word := range valueNoise {
		if i := strings.Index(s, word); i >= 0 && (i == 0 || !isLetterBefore(s, i)) {
			s = s[:i]
		}
	}
	return trimValue(withoutButtons(s))
}

func isLetterBefore(s string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	r, _ := utf8.DecodeRuneInString(s[i:])
	return unicode.IsLetter(before) && r < utf8.RuneSelf
}

// trimValue takes off blanks, separators, brackets that are not closed and
// brackets around all of a value.
func trimValue(s string) string {
	for {
		t := strings.Trim(s, " \u3000\t|丨/\\;；,，、-–—·•:：<>\u00a0")
		r, n := utf8.DecodeRuneInString(t)
		last, m := utf8.DecodeLastRuneInString(t)
		switch closer := brackets[r]; {
		case closer != 0 && (last == closer || !strings.ContainsRune(t, closer)), isCloser(r):
			t = t[n:]
		case isCloser(last) && !strings.ContainsRune(t, openerOf(last)), brackets[last] != 0:
			t = t[:len(t)-m]
		}
		if t == s {
			return strings.TrimSpace(t)
		}
		s = t
	}
}

// brackets are the brackets that values stand in, with what closes them.
var brackets = map[rune]rune{'(': ')', '（': '）', '[': ']', '【': '】', '［': '］', '《': '》', '〔': '〕', '「': '」', '『': '』'}

func isCloser(r rune) bool { return openerOf(r) != 0 }

func openerOf(closer rune) rune {
	for open, c := range brackets {
		if c == closer {
			return open
		}
	}
	return 0
}
