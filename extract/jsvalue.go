package extract

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A jsReader reads values as scripts write them: JSON, and beyond that names as keys,
// single quotes, strings that are joined, new Array(…) and commas at the end. What it
// cannot know, as the value of a variable, is nil.
type jsReader struct {
	text string
	at   int // bytes that have been read
}

// jsValue reads the value that a text begins with, and gives how many bytes were read for
// it; not ok where there is none.
func jsValue(text string) (value any, read int, ok bool) {
	r := jsReader{text: text}
	value, ok = r.value(0)
	return value, r.at, ok
}

func (r *jsReader) value(depth int) (any, bool) {
	r.blank()
	if depth > maxJSONDepth || r.at >= len(r.text) {
		return nil, false
	}
	rest := r.text[r.at:]
	switch c := rest[0]; {
	case c == '{':
		return r.object(depth)
	case c == '[':
		r.at++
		return r.list(']', depth)
	case c == '"' || c == '\'' || c == '`':
		return r.joined()
	}
	if m := newArray.FindString(rest); m != "" {
		r.at += len(m)
		return r.list(')', depth)
	}
	if m := jsNumber.FindString(rest); m != "" {
		r.at += len(m)
		return json.Number(m), r.ends()
	}
	return nil, r.pass()
}

var (
	newArray = regexp.MustCompile(`^new\s+Array\s*\(`)
	jsNumber = regexp.MustCompile(`^-?\d{1,18}(?:\.\d{1,18})?`)
	jsName   = regexp.MustCompile(`^[\pL_$][\pL\d_$]*|^\d+`)
)

// blank passes over blanks and comments.
func (r *jsReader) blank() {
	for {
		rest := strings.TrimLeft(r.text[r.at:], " \t\r\n\u3000\ufeff")
		switch {
		case strings.HasPrefix(rest, "/*"):
			_, rest, _ = strings.Cut(rest[2:], "*/")
		case strings.HasPrefix(rest, "//"):
			_, rest, _ = strings.Cut(rest, "\n")
		default:
			r.at = len(r.text) - len(rest)
			return
		}
		r.at = len(r.text) - len(rest)
	}
}

// takes passes over a sign when it comes next.
func (r *jsReader) takes(sign byte) bool {
	r.blank()
	if r.at < len(r.text) && r.text[r.at] == sign {
		r.at++
		return true
	}
	return false
}

// ends reports whether a value has come to its end.
func (r *jsReader) ends() bool {
	r.blank()
	return r.at == len(r.text) || strings.IndexByte(",]});\n<", r.text[r.at]) >= 0
}

func (r *jsReader) list(end byte, depth int) (any, bool) {
	var out []any
	for !r.takes(end) {
		if r.takes(',') {
			continue
		}
		v, ok := r.value(depth + 1)
		if !ok || len(out) > maxRecords {
			return nil, false
		}
		out = append(out, v)
	}
	return out, true
}

func (r *jsReader) object(depth int) (any, bool) {
	r.at++
	out := map[string]any{}
	for !r.takes('}') {
		if r.takes(',') {
			continue
		}
		if r.at == len(r.text) {
			return nil, false
		}
		var key string
		if c := r.text[r.at]; c == '"' || c == '\'' {
			s, ok := r.quoted()
			if !ok {
				return nil, false
			}
			key = s
		} else if key = jsName.FindString(r.text[r.at:]); key == "" {
			return nil, false
		} else {
			r.at += len(key)
		}
		if !r.takes(':') {
			return nil, false
		}
		v, ok := r.value(depth + 1)
		if !ok {
			return nil, false
		}
		out[key] = v
	}
	return out, true
}

// joined reads strings that are joined by plus signs; with something else among them the
// value cannot be known.
func (r *jsReader) joined() (any, bool) {
	var b strings.Builder
	for {
		s, ok := r.quoted()
		if !ok {
			return nil, false
		}
		b.WriteString(s)
		if !r.takes('+') {
			break
		}
		r.blank()
		if r.at == len(r.text) || strings.IndexByte("'\"`", r.text[r.at]) < 0 {
			return nil, r.pass()
		}
	}
	if !r.ends() {
		return nil, r.pass()
	}
	return b.String(), true
}

// escapes are the letters behind a backslash that stand for something else.
var escapes = map[byte]string{'n': "\n", 't': "\t", 'r': "\r", 'b': "", 'f': "", 'v': "", '0': "", '\n': ""}

func (r *jsReader) quoted() (string, bool) {
	quote := r.text[r.at]
	r.at++
	var b strings.Builder
	for r.at < len(r.text) {
		c := r.text[r.at]
		r.at++
		switch {
		case c == quote:
			return b.String(), true
		case c == '\n' && quote != '`':
			return "", false
		case c != '\\' || r.at == len(r.text):
			b.WriteByte(c)
		default:
			r.escape(&b)
		}
	}
	return "", false
}

// escape reads what stands behind a backslash.
func (r *jsReader) escape(b *strings.Builder) {
	c := r.text[r.at]
	r.at++
	if digits := map[byte]int{'u': 4, 'x': 2}[c]; digits > 0 && r.at+digits <= len(r.text) {
		if n, err := strconv.ParseUint(r.text[r.at:r.at+digits], 16, 32); err == nil && utf8.ValidRune(rune(n)) {
			r.at += digits
			b.WriteRune(rune(n))
			return
		}
	}
	if plain, known := escapes[c]; known {
		b.WriteString(plain)
		return
	}
	b.WriteByte(c)
}

// pass goes over what cannot be known to where the next value may begin.
func (r *jsReader) pass() bool {
	for open := 0; r.at < len(r.text); {
		switch c := r.text[r.at]; c {
		case '\'', '"', '`':
			if _, ok := r.quoted(); !ok {
				return false
			}
			continue
		case '(', '[', '{':
			open++
		case ')', ']', '}', ',', ';':
			if open == 0 {
				return c != ';'
			}
			if c != ',' && c != ';' {
				open--
			}
		}
		r.at++
	}
	return false
}
