package extract

import (
	"bytes"
	"mime"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/saintfish/chardet"
	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

// metaWindow is how far a declaration is looked for. Browsers stop after
// 1,024 bytes, but old pages begin with long comments and scripts.
const metaWindow = 8 << 10

// decode turns the bytes of a page into UTF-8 and names the encoding. In this
// order: a byte-order mark, letters of two bytes, the sequences of ISO-2022-JP, bytes that are valid UTF-8, the HTTP header, the
// page's own declaration, detection. Servers send one charset for pages in
// several, so that a label counts only as long as the bytes bear it out; text
// that happens to be valid UTF-8 is UTF-8.
func decode(body []byte, contentType string) ([]byte, string) {
	if e, name, n := fromBOM(body); e != nil {
		return decodeWith(e, body[n:]), name
	}
	if e, name := wide(body); e != nil {
		return decodeWith(e, body), name
	}
	if isISO2022JP(body) {
		return decodeWith(japanese.ISO2022JP, body), "iso-2022-jp"
	}
	labels := []string{headerCharset(contentType), declaredCharset(body)}
	if utf8.Valid(body) || mostlyUTF8(body, slices.Contains(labels, "utf-8")) {
		return clean(validUTF8(body)), "utf-8"
	}
	likely, share := likelyEastern(body)
	for _, label := range labels {
		if e, name := lookup(label); e != nil && name != "utf-8" && borneOut(body, name, share) {
			if name == "windows-1258" { // which has letters and their marks apart
				return norm.NFC.Bytes(decodeWith(e, body)), name
			}
			return decodeWith(e, body), name
		}
	}
	if share >= clearShare {
		e, name := lookup(likely)
		return decodeWith(e, body), name
	}
	e, name := detect(body)
	return decodeWith(e, body), name
}

// UTF8 gives the text of a feed, a sitemap or a page as UTF-8. An XML
// declaration in front of it is taken away, for it speaks of the bytes as they
// were.
func UTF8(body []byte, contentType string) []byte {
	text, _ := decode(body, contentType)
	text = bytes.TrimLeft(text, "\ufeff \t\r\n")
	if bytes.HasPrefix(text, []byte("<?xml ")) {
		if _, rest, ok := bytes.Cut(text, []byte("?>")); ok {
			return rest
		}
	}
	return text
}

func clean(b []byte) []byte {
	if bytes.IndexByte(b, 0) < 0 {
		return b
	}
	return bytes.ReplaceAll(b, []byte{0}, nil)
}

func decodeWith(e encoding.Encoding, body []byte) []byte {
	switch e {
	case unicode.UTF8:
		return clean(validUTF8(body))
	case simplifiedchinese.GB18030:
		body = withLatePairs(body)
	}
	out, err := e.NewDecoder().Bytes(body)
	if err != nil {
		out = body
	}
	return clean(validUTF8(out))
}

// latePairs are the two-byte codes that the 2022 edition of GB18030 gave to
// characters and the library does not know, with the four-byte codes of the
// same characters, which it does.
var latePairs = map[[2]byte][4]byte{
	{0xa6, 0xd9}: {0x84, 0x31, 0x82, 0x36}, {0xa6, 0xda}: {0x84, 0x31, 0x82, 0x38}, {0xa6, 0xdb}: {0x84, 0x31, 0x82, 0x37},
	{0xa6, 0xdc}: {0x84, 0x31, 0x82, 0x39}, {0xa6, 0xdd}: {0x84, 0x31, 0x83, 0x30}, {0xa6, 0xde}: {0x84, 0x31, 0x83, 0x31},
	{0xa6, 0xdf}: {0x84, 0x31, 0x83, 0x32}, {0xa6, 0xec}: {0x84, 0x31, 0x83, 0x33}, {0xa6, 0xed}: {0x84, 0x31, 0x83, 0x34},
	{0xa6, 0xf3}: {0x84, 0x31, 0x83, 0x35}, {0xa8, 0xbc}: {0x81, 0x35, 0xf4, 0x37}, {0xfe, 0x59}: {0x82, 0x35, 0x90, 0x37},
	{0xfe, 0x61}: {0x82, 0x35, 0x90, 0x38}, {0xfe, 0x66}: {0x82, 0x35, 0x90, 0x39}, {0xfe, 0x67}: {0x82, 0x35, 0x91, 0x30},
	{0xfe, 0x6d}: {0x82, 0x35, 0x91, 0x31}, {0xfe, 0x7e}: {0x82, 0x35, 0x91, 0x32}, {0xfe, 0x90}: {0x82, 0x35, 0x91, 0x33},
	{0xfe, 0xa0}: {0x82, 0x35, 0x91, 0x34},
}

// withLatePairs writes those codes in their longer form. Text without any is
// returned as it is.
func withLatePairs(body []byte) []byte {
	var out []byte
	from := 0
	for i := 0; i < len(body); {
		if body[i] < 0x81 || i+1 >= len(body) {
			i++
			continue
		}
		if second := body[i+1]; second >= 0x30 && second <= 0x39 {
			i += 4
			continue
		}
		if long, ok := latePairs[[2]byte{body[i], body[i+1]}]; ok {
			out = append(append(out, body[from:i]...), long[:]...)
			from = i + 2
		}
		i += 2
	}
	if out == nil {
		return body
	}
	return append(out, body[min(from, len(body)):]...)
}

func fromBOM(b []byte) (encoding.Encoding, string, int) {
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		return unicode.UTF8, "utf-8", 3
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "utf-16le", 2
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "utf-16be", 2
	}
	return nil, "", 0
}

// isISO2022JP recognises Japanese text of seven bits by the sequences that switch
// to its characters and back.
func isISO2022JP(b []byte) bool {
	into := bytes.Contains(b, []byte("\x1b$B")) || bytes.Contains(b, []byte("\x1b$@"))
	return into && (bytes.Contains(b, []byte("\x1b(B")) || bytes.Contains(b, []byte("\x1b(J")))
}

// wide recognises UTF-16 without a byte-order mark by its first tag: an angle
// bracket and a letter, each with a zero beside it.
func wide(b []byte) (encoding.Encoding, string) {
	at := 0
	for at+1 < len(b) && (b[at] == 0 && isBlank(b[at+1]) || isBlank(b[at]) && b[at+1] == 0) {
		at += 2
	}
	if b = b[at:]; len(b) < 4 {
		return nil, ""
	}
	switch {
	case b[0] == '<' && b[1] == 0 && b[2] != 0 && b[3] == 0:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "utf-16le"
	case b[0] == 0 && b[1] == '<' && b[2] == 0 && b[3] != 0:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "utf-16be"
	}
	return nil, ""
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// headerCharset is the encoding that the HTTP header names, "" when none.
func headerCharset(contentType string) string {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return ""
	}
	_, name := lookup(params["charset"])
	return name
}

// declaredCharset is the encoding that a <meta> or an XML declaration names,
// "" when there is none that means anything.
func declaredCharset(body []byte) string {
	head := body[:min(len(body), metaWindow)]
	if label := metaCharset(head); label != "" {
		return label
	}
	if !bytes.HasPrefix(bytes.TrimSpace(head), []byte("<?xml")) {
		return ""
	}
	decl, _, _ := bytes.Cut(head, []byte("?>"))
	_, rest, ok := strings.Cut(string(decl), "encoding=")
	if !ok || len(rest) < 2 {
		return ""
	}
	label, _, _ := strings.Cut(rest[1:], rest[:1])
	_, name := lookup(label)
	return name
}

// metaCharset reads <meta charset> and <meta http-equiv>. The charset of a
// script speaks of the script.
func metaCharset(head []byte) string {
	z := html.NewTokenizer(bytes.NewReader(head))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			if name, more := z.TagName(); string(name) == "meta" && more {
				if label := metaLabel(z); label != "" {
					return label
				}
			}
		}
	}
}

func metaLabel(z *html.Tokenizer) string {
	label := ""
	for more := true; more; {
		var key, val []byte
		key, val, more = z.TagAttr()
		switch string(key) {
		case "charset":
			label = string(val)
		case "content":
			if _, rest, ok := strings.Cut(strings.ToLower(string(val)), "charset="); ok && label == "" {
				if words := strings.FieldsFunc(rest, func(r rune) bool { return strings.ContainsRune("; \"',", r) }); len(words) > 0 {
					label = words[0]
				}
			}
		}
	}
	_, name := lookup(label)
	return name
}

// lookup knows the labels of the WHATWG standard. What calls itself GB2312 or
// GBK is read as GB18030, which holds both. A page that can be read cannot be
// UTF-16 without a byte-order mark.
func lookup(label string) (encoding.Encoding, string) {
	label = strings.ToLower(strings.TrimSpace(label))
	if label == "" {
		return nil, ""
	}
	e, err := htmlindex.Get(label)
	if err != nil {
		switch label {
		case "gb_2312", "gb-2312", "gb18030-2000", "gb18030-2005", "gb18030-2022", "cp936", "ms936":
			return simplifiedchinese.GB18030, "gb18030"
		case "utf8mb4", "utf_8", "unicode":
			return unicode.UTF8, "utf-8"
		}
		return nil, ""
	}
	name, err := htmlindex.Name(e)
	switch {
	case err != nil:
		return nil, ""
	case name == "gbk" || name == "gb18030":
		return simplifiedchinese.GB18030, "gb18030"
	case strings.HasPrefix(name, "utf-16"):
		return unicode.UTF8, "utf-8"
	case name == "replacement" || name == "x-user-defined":
		return nil, ""
	}
	return e, name
}

// mostlyUTF8 reports whether the bytes beyond ASCII are UTF-8 but for a few
// that were cut or pasted wrongly: where that is declared, but for a third of them. In text of
// other encodings nearly all are none, least of all those of more than two bytes.
func mostlyUTF8(b []byte, declared bool) bool {
	good, bad := 0, 0
	for len(b) > 0 {
		if b[0] < utf8.RuneSelf {
			b = b[1:]
			continue
		}
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			bad++
			for b[0] >= 0xc2 && n < min(len(b), utf8.UTFMax) && !utf8.RuneStart(b[n]) { // a sequence that was cut
				n++
			}
		} else {
			good += n - 1
		}
		b = b[n:]
	}
	return good > 20*bad || declared && good >= 2*bad
}

// detectWindow is how much of a page is looked at to guess its encoding.
const detectWindow = 64 << 10

// detect guesses the encoding of a page that declares none.
func detect(body []byte) (encoding.Encoding, string) {
	text := body[:min(len(body), detectWindow)]
	if results, err := chardet.NewHtmlDetector().DetectAll(text); err == nil {
		for _, r := range results {
			if _, name := lookup(r.Charset); name != "" && name != "utf-8" && r.Confidence >= 10 {
				return lookup(refine(name, text))
			}
		}
	}
	_, name, _ := charset.DetermineEncoding(text, "")
	return lookup(refine(name, text))
}

// validUTF8 puts the replacement character for what is no UTF-8; a text that is
// all right is given as it is.
func validUTF8(text []byte) []byte {
	if utf8.Valid(text) {
		return text
	}
	return bytes.ToValidUTF8(text, []byte("\uFFFD"))
}
