package extract

import (
	"iter"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const identifier = `[A-Za-z_$][\w$]{0,40}`

var (
	isVariable = regexp.MustCompile(`^` + identifier + `$`)
	literal    = regexp.MustCompile(`^\s*(?:'([^']{0,300})'|"([^"]{0,300})"|(\d{1,12})\b)`)
	argument   = regexp.MustCompile(`(?:'[^']*'|"[^"]*"|[^,'"])+`)
)

// arguments are those of a call, as written between its brackets.
func arguments(call string) []string {
	out := argument.FindAllString(call, -1)
	for i := range out {
		out[i] = strings.TrimSpace(out[i])
	}
	return out
}

// valuesOf are the values of arguments: literals, and what a script first sets variables
// to; "" for what cannot be read.
func valuesOf(args []string, script string) []string {
	out := make([]string, len(args))
	for i, arg := range args {
		if isVariable.MatchString(arg) {
			for expression := range assignments(script, arg) {
				if arg = literal.FindString(expression); arg != "" {
					break
				}
			}
		}
		arg = strings.TrimSpace(arg)
		if g := literal.FindStringSubmatch(arg); g != nil && len(g[0]) == len(arg) {
			out[i] = g[1] + g[2] + g[3]
		}
	}
	return out
}

// assignments are the expressions that a script sets a variable to, each with the script
// behind it.
func assignments(script, name string) iter.Seq[string] {
	const most = 50 // mentions of the name
	return func(yield func(string) bool) {
		rest := script
		for range most {
			at := strings.Index(rest, name)
			if at < 0 || name == "" {
				return
			}
			before := script[:len(script)-len(rest)+at]
			rest = rest[at+len(name):]
			behind, set := strings.CutPrefix(strings.TrimLeft(rest, " \t\r\n"), "=")
			if set && !strings.HasPrefix(behind, "=") && !endsInName(before) && !yield(behind) {
				return
			}
		}
	}
}

// endsInName reports whether a name that stands behind a text goes on in it to the left.
func endsInName(text string) bool {
	if text == "" {
		return false
	}
	c := text[len(text)-1]
	return c == '.' || isVariable.MatchString("a"+string(c))
}

func isDigits(s string) bool {
	return s != "" && len(s) <= 6 && strings.Trim(s, "0123456789") == ""
}

// atoi reads digits that a pattern has found.
func atoi(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

// fieldValue finds where a script takes the value of a field of the page by its id.
var fieldValue = regexp.MustCompile(`\$\(\s*["']#([\w\-]+)["']\s*\)\.val\(\s*\)|document\.getElementById\(\s*["']([\w\-]+)["']\s*\)\.value\b`)

// simpleValue is a value that can stand in a script and in an address as it is.
var simpleValue = regexp.MustCompile(`^[\w.\-]{1,60}$`)

// withFields writes into a script the values of the hidden fields that it takes for
// parts of addresses, as $("#columnId").val(). What it sets is left as it is.
func (p *Page) withFields(script string) string {
	found := fieldValue.FindAllStringSubmatchIndex(script, -1)
	if len(found) == 0 {
		return script
	}
	values := map[string]string{}
	eachElement(p.Root, func(n *html.Node) {
		if n.DataAtom == atom.Input && strings.EqualFold(attrOf(n, "type"), "hidden") && simpleValue.MatchString(attrOf(n, "value")) {
			values[attrOf(n, "id")] = attrOf(n, "value")
		}
	})
	var b strings.Builder
	end := 0
	for _, g := range found {
		id := ""
		if g[2] >= 0 {
			id = script[g[2]:g[3]]
		} else {
			id = script[g[4]:g[5]]
		}
		rest := strings.TrimLeft(script[g[1]:], " ")
		if values[id] == "" || strings.HasPrefix(rest, "=") && !strings.HasPrefix(rest, "==") {
			continue
		}
		b.WriteString(script[end:g[0]] + `"` + values[id] + `"`)
		end = g[1]
	}
	return b.String() + script[end:]
}
