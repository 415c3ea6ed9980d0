package extract

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A goer is a function of a page that goes to an address which it makes of its
// arguments: function openNews(id) { window.open("/news/" + id + ".html") }.
type goer []part

// A part of such an address is a text, or an argument. What is added to an argument is
// for numbers of pages.
type part struct {
	text  string
	arg   int // number of the argument, from 1; 0: the part is text
	added int
}

// address is where a function goes for some arguments, "" when one is missing.
func (g goer) address(args []string) string {
	var b strings.Builder
	for _, p := range g {
		switch {
		case p.arg == 0:
			b.WriteString(p.text)
		case p.arg > len(args) || args[p.arg-1] == "":
			return ""
		case p.added != 0:
			if !isDigits(args[p.arg-1]) {
				return ""
			}
			b.WriteString(strconv.Itoa(atoi(args[p.arg-1]) + p.added))
		default:
			b.WriteString(args[p.arg-1])
		}
	}
	return b.String()
}

// calledAddress is where a function of the page goes for some arguments.
func (p *Page) calledAddress(name string, args []string) string { return p.goers()[name].address(args) }

// The heads of functions: function f(a) {, f = function(a) {, f = (a) =>. What stands before
// the word or the arrow is matched by itself, at the end of a short piece.
var (
	namedHead = regexp.MustCompile(`^function\s+(` + identifier + `)\s*\(([^()]{0,120})\)\s*\{`)
	plainHead = regexp.MustCompile(`^function\s*\(([^()]{0,120})\)\s*\{`)
	setBefore = regexp.MustCompile(`(` + identifier + `)\s*[:=]\s*$`)
	arrowHead = regexp.MustCompile(`(` + identifier + `)\s*=\s*\(?\s*([\w$,\s]{0,120}?)\s*\)?\s*$`)
)

const headLength = 180 // of what is looked at before a word or an arrow

// A function of a script.
type function struct {
	name   string
	params []string
	from   int // where what it does begins
	head   int // where its head begins
}

// functionsOf finds the functions of a script that have a name, in their order.
func functionsOf(script string) []function {
	var out []function
	for at := 0; len(out) < maxFunctions; {
		word, arrow := strings.Index(script[at:], "function"), strings.Index(script[at:], "=>")
		if word < 0 && arrow < 0 {
			break
		}
		if word >= 0 && (arrow < 0 || word < arrow) {
			i := at + word
			at = i + len("function")
			before := script[max(0, i-headLength):i]
			if g := namedHead.FindStringSubmatch(script[i:]); g != nil {
				out = append(out, function{g[1], listed(g[2]), i + len(g[0]), i})
			} else if g := plainHead.FindStringSubmatch(script[i:]); g != nil {
				if name := setBefore.FindStringSubmatch(before); name != nil {
					out = append(out, function{name[1], listed(g[1]), i + len(g[0]), i})
				}
			}
			continue
		}
		i := at + arrow
		at = i + len("=>")
		if g := arrowHead.FindStringSubmatch(script[max(0, i-headLength):i]); g != nil {
			out = append(out, function{g[1], listed(g[2]), at, i - len(g[0])})
		}
	}
	return out
}

// listed are the parameters of a function; of one without any the first is "".
func listed(params string) []string {
	out := strings.Split(params, ",")
	for i := range out {
		out[i] = strings.TrimSpace(out[i])
	}
	return out
}

const (
	maxFunction  = 600  // how far into a function its address is searched
	maxFunctions = 2000 // of a page that are looked into
)

// goers reads such functions of the scripts, once. Of several with one name the first
// is taken.
func (p *Page) goers() map[string]goer {
	if p.functions != nil {
		return p.functions
	}
	p.functions = map[string]goer{}
	read := 0
	eachElement(p.Root, func(n *html.Node) {
		if n.DataAtom != atom.Script || n.FirstChild == nil || len(n.FirstChild.Data) > maxPagerScript || read >= maxFunctions {
			return
		}
		text := n.FirstChild.Data
		if !strings.Contains(text, "location") && !strings.Contains(text, "submit") && !strings.Contains(text, "window.open") {
			return
		}
		text = p.withFields(text)
		all := functionsOf(text)
		for i, f := range all {
			if read++; read > maxFunctions {
				return
			}
			end := min(len(text), f.from+maxFunction)
			if i+1 < len(all) {
				end = min(end, max(f.from, all[i+1].head))
			}
			if _, known := p.functions[f.name]; known {
				continue
			}
			if to, ok := p.goerOf(f.params, text[f.from:end]); ok {
				p.functions[f.name] = to
			}
		}
	})
	return p.functions
}

// goingTo finds where a script leaves the page; the address follows.
var goingTo = regexp.MustCompile(`(?:\blocation(?:\.href)?\s*=|\blocation\.(?:assign|replace)\(|\bwindow\.open\()\s*`)

// goerOf reads what a function does with its arguments. Of several addresses the one
// that is made of them is meant.
func (p *Page) goerOf(params []string, inside string) (goer, bool) {
	var fixed goer
	for _, at := range goingTo.FindAllStringIndex(inside, -1) {
		parts, ok := joinedParts(inside[at[1]:], inside[:at[0]], params)
		switch {
		case !ok:
		case parts.takesArgument():
			return parts, true
		case fixed == nil:
			fixed = parts
		}
	}
	if params[0] == "" {
		return fixed, fixed != nil
	}
	return p.submitter(params, inside)
}

func (g goer) takesArgument() bool {
	for _, p := range g {
		if p.arg > 0 {
			return true
		}
	}
	return false
}

var (
	quotedText = regexp.MustCompile("^(?:'([^'\\s<>]{0,500})'|\"([^\"\\s<>]{0,500})\"|`([^`\\s<>]{0,500})`)")
	plainName  = regexp.MustCompile(`^(?:(?:encodeURIComponent|encodeURI|escape|String)\(\s*(` + identifier + `)\s*\)|(` + identifier + `))`)
	counting   = regexp.MustCompile(`^\(\s*(?:parseInt\(|Number\()?\s*(` + identifier + `)\s*\)?\s*([-+]\s*\d{1,2})\s*\)`)
	embedded   = regexp.MustCompile(`\$\{\s*(` + identifier + `)\s*\}`)
	sideValue  = regexp.MustCompile(`[?&]\w+=$`)
)

// joinedParts reads an expression that joins texts and parameters, from its beginning. A
// variable is what the script before sets it to. What is added to defeat caches is left out.
func joinedParts(script, before string, params []string) (goer, bool) {
	var out goer
	for {
		script = strings.TrimSpace(script)
		parts, rest, ok := joinedPart(script, params)
		switch {
		case ok:
			out, script = append(out, parts...), strings.TrimSpace(rest)
		case len(out) == 0 && before != "":
			for expression := range assignments(before, plainName.FindString(script)) {
				return joinedParts(expression, "", params)
			}
			return nil, false
		case len(out) > 1 && out.takesArgument() && sideValue.MatchString(out[len(out)-1].text):
			last := &out[len(out)-1]
			last.text = sideValue.ReplaceAllString(last.text, "")
			return out, true
		default:
			return nil, false
		}
		if !strings.HasPrefix(script, "+") {
			return out, !operator.MatchString(script)
		}
		script = script[1:]
	}
}

// operator finds what makes something else of the text before it.
var operator = regexp.MustCompile(`^(?:[-*%.?|&=<>!\[(]|/[^/])`)

// joinedPart reads the first text or parameter of an expression.
func joinedPart(script string, params []string) (parts []part, rest string, ok bool) {
	if g := quotedText.FindStringSubmatch(script); g != nil {
		parts, ok = textParts(g[1]+g[2], g[3], params)
		return parts, script[len(g[0]):], ok
	}
	if g := counting.FindStringSubmatch(script); g != nil {
		added, err := strconv.Atoi(strings.Join(strings.Fields(g[2]), ""))
		arg := parameter(params, g[1])
		return []part{{arg: arg, added: added}}, script[len(g[0]):], err == nil && arg > 0
	}
	if g := plainName.FindStringSubmatch(script); g != nil {
		arg := parameter(params, g[1]+g[2])
		return []part{{arg: arg}}, script[len(g[0]):], arg > 0
	}
	return nil, script, false
}

// textParts are those of a quoted text, or of one in which parameters stand. One with
// something else in it cannot be read.
func textParts(text, template string, params []string) ([]part, bool) {
	if template == "" {
		return []part{{text: text}}, true
	}
	var out []part
	for {
		at := embedded.FindStringSubmatchIndex(template)
		if at == nil {
			return append(out, part{text: template}), !strings.Contains(template, "${")
		}
		arg := parameter(params, template[at[2]:at[3]])
		if arg == 0 {
			return nil, false
		}
		out = append(out, part{text: template[:at[0]]}, part{arg: arg})
		template = template[at[1]:]
	}
}

// parameter is the number of a parameter, from 1; 0 when there is none of the name.
func parameter(params []string, name string) int {
	for i, p := range params {
		if p == name {
			return i + 1
		}
	}
	return 0
}
