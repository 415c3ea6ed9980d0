package extract

import (
	"regexp"
	"strings"
)

// writerInside finds who wrote a text where that has no label of its own, at the end of what stands behind
// another label: "Xinhua By Ann Lee", "2012-11-12 记者 张伟". Values without one of the words are not matched
// against the expression, which takes long for sentences.
var writerInside = []struct {
	words []string
	at    *regexp.Regexp
}{
	{[]string{"By", "BY", "Par", "Por", "Oleh", "Von"}, regexp.MustCompile(`(?:^|\s)(?:By|BY|Par|Por|Oleh|Von)\s+(\p{Lu}\p{L}*(?:[\s.'’\-]+\p{L}+){1,4})\s*$`)},
	{[]string{"者", "员", "員"}, regexp.MustCompile(`(?:^|[\s　|｜])(?:本报|本网)?(?:记者|記者|通讯员|通訊員)[\s　]+(\p{Han}{2,4}(?:[\s　、]+\p{Han}{2,4})*)\s*$`)},
	{[]string{"文", "作者"}, regexp.MustCompile(`(?:^|[\s　|｜])(?:撰?文|作者)\s?[/／｜|]\s?(\p{Han}{2,4})(?:[\s　]+(?:图|編集|编辑|摄影|撮影)\s?[/／｜|]\s?\p{Han}{2,4})*\s*$`)},
	{[]string{"記者"}, regexp.MustCompile(`(?:^|[\s　|｜])(\p{Han}{3,5})記者\s*$`)},
}

// cutWriter parts a value from who wrote the text where that stands at its end.
func cutWriter(value string) (rest, writer string) {
	for _, form := range writerInside {
		if !containsAny(value, form.words) {
			continue
		}
		if m := form.at.FindStringSubmatchIndex(value); m != nil && !sorts.MatchString(value[m[2]:m[3]]) {
			return strings.TrimRight(value[:m[0]], " 　|｜"), value[m[2]:m[3]]
		}
	}
	return value, ""
}

// sorts are words before 記者 that say what sort of reporter, and name nobody.
var sorts = regexp.MustCompile(`^(?:本報|本社|本紙|特派|特約|實習|見習|駐|編集)|[部局社員]$`)

// partWriters gives the writers inside the values of a line labels of their own.
func (l *labelLine) partWriters() {
	for i := range l.labels {
		x := &l.labels[i]
		if x.kind != labelSource && x.kind != labelDate && x.kind != labelUpdated {
			continue
		}
		if rest, writer := cutWriter(x.value); writer != "" && rest != "" {
			x.value = rest
			l.labels = append(l.labels, label{kind: labelAuthor, name: x.name, value: writer, start: x.start, end: x.end})
		}
	}
}
