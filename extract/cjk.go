package extract

// clearShare is the share of frequent characters from which on bytes are
// taken for an encoding without any label. Texts in their own encoding reach
// 0.9, in another one 0.3 to 0.6.
const clearShare = 0.75

// A doubleByte encoding is recognised by the codes that its texts use most:
// the frequent characters stand together in the tables.
type doubleByte struct {
	name     string
	pair     func(lead, trail byte) bool // a code of two bytes
	frequent func(lead, trail byte) bool // one that ordinary text uses
}

var doubleBytes = []doubleByte{
	{"gb18030",
		func(l, t byte) bool { return l >= 0x81 && l != 0xff && t >= 0x40 && t != 0x7f && t != 0xff },
		func(l, t byte) bool { return (l >= 0xb0 && l <= 0xd7 || l >= 0xa1 && l <= 0xa3) && t >= 0xa1 }},
	{"big5",
		func(l, t byte) bool {
			return l >= 0x81 && l != 0xff && (t >= 0x40 && t <= 0x7e || t >= 0xa1 && t != 0xff)
		},
		func(l, t byte) bool { return l >= 0xa4 && l <= 0xc6 || l == 0xa1 && t < 0x7f }},
	{"euc-kr",
		func(l, t byte) bool { return l >= 0x81 && l != 0xff && t >= 0x41 && t != 0xff },
		func(l, t byte) bool { return l >= 0xb0 && l <= 0xc8 && t >= 0xa1 }},
	{"euc-jp",
		func(l, t byte) bool { return l >= 0xa1 && l != 0xff && t >= 0xa1 && t != 0xff },
		func(l, t byte) bool { return l == 0xa4 || l == 0xa5 || l == 0xa1 || l >= 0xb0 && l <= 0xcf }},
	{"shift_jis",
		func(l, t byte) bool {
			return (l >= 0x81 && l <= 0x9f || l >= 0xe0 && l <= 0xfc) && t >= 0x40 && t != 0x7f && t <= 0xfc
		},
		func(l, t byte) bool { return l >= 0x81 && l <= 0x83 || l >= 0x88 && l <= 0x97 }},
}

// share is the part of the bytes beyond ASCII that stand in frequent codes,
// and how many codes there are. Kana make Japanese text known at once.
func (d doubleByte) share(b []byte) (float64, int) {
	good, kana, all := 0, 0, 0
	for i := 0; i < len(b); {
		if b[i] < 0x80 {
			i++
			continue
		}
		all++
		if i+1 >= len(b) || !d.pair(b[i], b[i+1]) {
			i++
			continue
		}
		if d.frequent(b[i], b[i+1]) {
			good++
		}
		if b[i] == 0xa4 || b[i] == 0x82 {
			kana++
		}
		i += 2
	}
	if all == 0 {
		return 0, 0
	}
	if (d.name == "euc-jp" || d.name == "shift_jis") && kana*10 < all {
		return 0, all
	}
	return float64(good) / float64(all), all
}

// likelyEastern is the double-byte encoding that fits a text best, or that of
// Thai, with its share.
func likelyEastern(body []byte) (name string, share float64) {
	text := body[:min(len(body), detectWindow)]
	if isWindows874(text) {
		return "windows-874", 1
	}
	var korean float64
	for _, d := range doubleBytes {
		s, n := d.share(text)
		if d.name == "euc-kr" && n >= minHangul {
			korean = s
		}
		if n >= 4 && s > share {
			name, share = d.name, s
		}
	}
	// Hangul stand in the first part of the rows that Chinese characters fill, so
	// that Korean text fits both; Chinese text has half of its characters behind.
	if name == "gb18030" && korean >= 0.97*share {
		name = "euc-kr"
	}
	if (name == "gb18030" || name == "euc-kr") && hasOddRuns(text) {
		return "", 0
	}
	return name, share
}

// minHangul is the shortest text, in characters, that is taken for Korean by its
// bytes alone.
const minHangul = 30

// hasOddRuns reports whether the runs of bytes beyond ASCII are as often odd as
// even: those of words in letters of one byte are, those of double-byte text
// are even.
func hasOddRuns(text []byte) bool {
	runs, odd, n := 0, 0, 0
	for _, b := range text {
		if b >= 0x80 {
			n++
			continue
		}
		if n > 0 {
			runs++
			odd += n % 2
		}
		n = 0
	}
	return runs >= 10 && odd*10 >= runs*3
}

// borneOut reports whether the bytes agree with a label. A double-byte label
// is given up when another one fits much better; a Western label when the text
// is clearly double-byte, for many servers send it with every page.
func borneOut(body []byte, name string, share float64) bool {
	for _, d := range doubleBytes {
		if d.name == name {
			own, _ := d.share(body[:min(len(body), detectWindow)])
			return share-own < 0.3
		}
	}
	if name == "windows-1252" || name == "iso-8859-15" {
		text := body[:min(len(body), detectWindow)]
		return share < 0.9 && !hasForeignWords(text) && latin2(text) == ""
	}
	return true
}
