package crawler

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// maxRobots is how much of a robots.txt is read. RFC 9309 asks for at least
// 500 KiB; one of 4,231 real files has rules beyond that.
const maxRobots = 1 << 20

// maxRobotsLine is where a line is cut, as the reference parser does.
const maxRobotsLine = 2083*8 - 1

// robots are the rules of one robots.txt that hold for one product token, read
// as RFC 9309 says and, where that is silent, as Google's parser does. It may
// be shared.
type robots struct {
	CrawlDelay time.Duration // 0: none asked for
	Sitemaps   []string      // as written
	Group      string        // whom the rules speak to: the product token, * for everybody, "" when there are none

	rules []robotsRule
}

type robotsRule struct {
	allow   bool
	pattern string
	line    int
}

// A verdict says whether an address may be asked and which line decided.
type verdict struct {
	Allowed bool
	Line    int    // of robots.txt, 0 when no rule matched
	Rule    string // as written there, "" when no rule matched
}

func (v verdict) String() string {
	word := "disallowed"
	if v.Allowed {
		word = "allowed"
	}
	if v.Line == 0 {
		return word + ": no rule of robots.txt matches"
	}
	return fmt.Sprintf("%s by line %d of robots.txt: %s", word, v.Line, v.Rule)
}

// robotsGroup is what a parser has collected for one kind of agent.
type robotsGroup struct {
	rules []robotsRule
	delay time.Duration
}

// robotsParser goes through the lines for one product token. Groups that name
// the token win over those for everybody, even when they hold no rule.
type robotsParser struct {
	token            string
	specific, global robotsGroup
	everSpecific     bool
	everGlobal       bool
	inSpecific       bool // the current group names the token
	inGlobal         bool // the current group is for everybody
	closed           bool // a rule was seen: the next user-agent opens a new group
	sitemaps         []string
}

// parseRobots reads the rules for a product token. It never fails: what it
// does not know is passed over.
func parseRobots(body []byte, token string) *robots {
	if len(body) > maxRobots {
		body = body[:maxRobots]
	}
	body = trimBOM(body)
	p := robotsParser{token: token}
	for n := 1; len(body) > 0; n++ {
		line := body
		if i := bytes.IndexAny(body, "\r\n"); i >= 0 {
			line = body[:i]
			if body[i] == '\r' && i+1 < len(body) && body[i+1] == '\n' {
				i++
			}
			body = body[i+1:]
		} else {
			body = nil
		}
		p.line(n, line[:min(len(line), maxRobotsLine)])
	}
	r := &robots{Sitemaps: p.sitemaps, rules: p.global.rules, CrawlDelay: p.global.delay}
	switch {
	case p.everSpecific:
		r.rules, r.CrawlDelay, r.Group = p.specific.rules, p.specific.delay, token
	case p.everGlobal:
		r.Group = "*"
	}
	return r
}

// trimBOM cuts a byte-order mark, also one of which only the start is there.
func trimBOM(b []byte) []byte {
	const bom = "\xef\xbb\xbf"
	i := 0
	for i < len(bom) && i < len(b) && b[i] == bom[i] {
		i++
	}
	return b[i:]
}

func (p *robotsParser) line(n int, line []byte) {
	key, value, ok := robotsPair(string(line))
	if !ok {
		return
	}
	switch key = strings.ToLower(key); {
	case strings.HasPrefix(key, "user-agent"), strings.HasPrefix(key, "useragent"), strings.HasPrefix(key, "user agent"):
		p.agent(value)
	case strings.HasPrefix(key, "allow"):
		p.allow(escapeAlike(value), n)
	case isDisallow(key):
		p.rule(robotsRule{pattern: escapeAlike(value), line: n})
	case strings.HasPrefix(key, "sitemap"), strings.HasPrefix(key, "site-map"):
		p.sitemaps = append(p.sitemaps, value)
	case strings.HasPrefix(key, "crawl-delay"):
		p.delay(value)
	}
}

func isDisallow(key string) bool {
	for _, word := range []string{"disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"} {
		if strings.HasPrefix(key, word) {
			return true
		}
	}
	return false
}

// robotsPair splits a line at its colon or, when it has none, at the blank
// between its only two words.
func robotsPair(line string) (key, value string, ok bool) {
	if i := strings.IndexByte(line, '#'); i >= 0 {
		line = line[:i]
	}
	line = strings.Trim(line, " \t\v\f")
	if i := strings.IndexByte(line, ':'); i >= 0 {
		key, value = strings.Trim(line[:i], " \t\v\f"), strings.Trim(line[i+1:], " \t\v\f")
		return key, value, key != ""
	}
	words := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == '\t' })
	if len(words) != 2 {
		return "", "", false
	}
	return words[0], words[1], true
}

func (p *robotsParser) agent(value string) {
	if p.closed {
		p.inSpecific, p.inGlobal, p.closed = false, false, false
	}
	if value == "*" || len(value) > 1 && value[0] == '*' && (value[1] == ' ' || value[1] == '\t') {
		p.inGlobal, p.everGlobal = true, true
		return
	}
	if strings.EqualFold(productToken(value), p.token) {
		p.inSpecific, p.everSpecific = true, true
	}
}

// productToken is the start of a user agent that RFC 9309 allows in a token.
func productToken(agent string) string {
	for i := 0; i < len(agent); i++ {
		if c := agent[i] | 0x20; (c < 'a' || c > 'z') && agent[i] != '-' && agent[i] != '_' {
			return agent[:i]
		}
	}
	return agent
}

// group is where the rules of the current group belong, nil when it is for
// other agents.
func (p *robotsParser) group() *robotsGroup {
	switch {
	case p.inSpecific:
		return &p.specific
	case p.inGlobal:
		return &p.global
	}
	return nil
}

func (p *robotsParser) rule(r robotsRule) {
	p.closed = true
	if g := p.group(); g != nil {
		g.rules = append(g.rules, r)
	}
}

// allow adds a rule; allowing a folder's index page allows the folder as well.
func (p *robotsParser) allow(pattern string, line int) {
	p.rule(robotsRule{allow: true, pattern: pattern, line: line})
	if slash := strings.LastIndexByte(pattern, '/'); slash >= 0 && strings.HasPrefix(pattern[slash:], "/index.htm") {
		p.rule(robotsRule{allow: true, pattern: pattern[:slash+1] + "$", line: line})
	}
}

func (p *robotsParser) delay(value string) {
	seconds, err := strconv.ParseFloat(value, 64)
	if g := p.group(); g != nil && err == nil && seconds > 0 && seconds < 1e6 {
		g.delay = time.Duration(seconds * float64(time.Second))
	}
}

// check decides about the path of an address, with its query. It is compared with
// its encodings written as those of the patterns are, RFC 9309, 2.2.2.
func (r *robots) check(path string) verdict { return r.match(escapeAlike(path)) }

// match decides about a path as its bytes are. The longest matching pattern
// wins, allow before disallow where they are equally long.
func (r *robots) match(path string) verdict {
	var allow, disallow *robotsRule
	for i := range r.rules {
		rule := &r.rules[i]
		best := &disallow
		if rule.allow {
			best = &allow
		}
		if (*best == nil || len(rule.pattern) > len((*best).pattern)) && matchPattern(path, rule.pattern) {
			*best = rule
		}
	}
	winner := allow
	if disallow != nil && (allow == nil || len(disallow.pattern) > len(allow.pattern)) {
		winner = disallow
	}
	if winner == nil || winner.pattern == "" {
		return verdict{Allowed: true}
	}
	return verdict{Allowed: winner.allow, Line: winner.line, Rule: winner.String()}
}

func (r *robotsRule) String() string {
	if r.allow {
		return "Allow: " + r.pattern
	}
	return "Disallow: " + r.pattern
}

// matchPattern matches the start of a path. A star stands for any text, a
// final dollar for the end.
func matchPattern(path, pattern string) bool {
	parts := strings.Split(strings.TrimSuffix(pattern, "$"), "*")
	anchored := strings.HasSuffix(pattern, "$")
	if !strings.HasPrefix(path, parts[0]) {
		return false
	}
	rest := path[len(parts[0]):]
	if len(parts) == 1 {
		return !anchored || rest == ""
	}
	last := len(parts) - 1
	for _, part := range parts[1:last] {
		i := strings.Index(rest, part)
		if i < 0 {
			return false
		}
		rest = rest[i+len(part):]
	}
	if anchored {
		return strings.HasSuffix(rest, parts[last])
	}
	return strings.Contains(rest, parts[last])
}

// escapeAlike percent-encodes bytes beyond ASCII and writes the digits of
// encodings with capitals, in patterns and in paths.
func escapeAlike(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			b.WriteString(strings.ToUpper(s[i : i+3]))
			i += 2
		case s[i] >= 0x80:
			fmt.Fprintf(&b, "%%%02X", s[i])
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
