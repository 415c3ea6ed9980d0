package export

import (
	"strings"
	"unicode"

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

// printable is a record with its texts printable.
func printable(r dossier.Record) dossier.Record {
	clean := func(s string) string { return strings.Map(Printable, strings.ToValidUTF8(s, "\ufffd")) }
	r.Title, r.Date, r.Body, r.URL = clean(r.Title), clean(r.Date), clean(r.Body), clean(r.URL)
	for _, field := range []**string{&r.Author, &r.Source} {
		if *field != nil {
			text := clean(**field)
			*field = &text
		}
	}
	return r
}
