package export

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dossier-archive/dossier"
)

// Printable is the character that stands for one in text that people read. What
// steers a terminal, or turns the direction of what follows, becomes U+FFFD.
func Printable(r rune) rune {
	switch {
	case r == '\n' || r == '\t':
		return r
	case unicode.IsControl(r), 0x202a <= r && r <= 0x202e, 0x2066 <= r && r <= 0x2069:
		return unicode.ReplacementChar
	}
	return r
}

// printable is a record with its texts printable, and whether any was not.
func printable(r dossier.Record) (_ dossier.Record, replaced bool) {
	clean := func(s string) string {
		out := strings.Map(Printable, strings.ToValidUTF8(s, "\ufffd"))
		replaced = replaced || out != s
		return out
	}
	r.ID, r.Site, r.Language, r.SHA256 = clean(r.ID), clean(r.Site), clean(r.Language), clean(r.SHA256) // others may have written them
	r.Title, r.Date, r.Body, r.URL = clean(r.Title), clean(r.Date), clean(r.Body), clean(r.URL)
	for _, field := range []**string{&r.Author, &r.Source} {
		if *field != nil {
			text := clean(**field)
			*field = &text
		}
	}
	return r, replaced
}

// fitsXML reports whether XML can hold a text as it is. Of other characters the
// encoders make U+FFFD. https://www.w3.org/TR/xml/#charsets
func fitsXML(s string) bool {
	bad := func(r rune) bool { return r < ' ' && !strings.ContainsRune("\t\n\r", r) || r == 0xfffe || r == 0xffff }
	return utf8.ValidString(s) && !strings.ContainsFunc(s, bad)
}

// replacements counts the records in which characters became U+FFFD.
type replacements struct {
	records int
	why     string
	warn    func(format string, args ...any)
}

func (r *replacements) say() {
	if r.records > 0 {
		r.warn("in %d of the records characters became U+FFFD: %s; csv and jsonl have them as they are", r.records, r.why)
	}
}
