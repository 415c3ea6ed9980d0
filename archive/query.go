package archive

import (
	"encoding/hex"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A SyntaxError says where a search query cannot be understood.
type SyntaxError struct {
	Query   string
	Place   int // of the character, from 1
	Message string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("query, character %d: %s", e.Place, e.Message)
}

const (
	maxQuery = 2000 // characters
	maxTerms = 64
	maxDepth = 16
)

// searchable are the fields of a query and the columns that they stand for.
var searchable = map[string]string{
	"title": "title", "body": "body", "text": "body", "author": "author", "source": "source", "site": "site",
}

const allRecords = "all" // token of every record in the column site

// siteToken is a site id as one token, whatever its characters.
func siteToken(id string) string { return "s" + hex.EncodeToString([]byte(id)) }

// parsed is a query in the language of the index.
type parsed struct {
	match    string // "" chooses every record
	from, to int64  // first and last day; 0: no bound
	terms    []term // for highlighting
	sites    []string
}

// QuerySites are the sites that a query names, none for one that cannot be read.
func QuerySites(query string) []string {
	p, err := parseQuery(query)
	if err != nil {
		return nil
	}
	return p.sites
}

// term is a word or phrase to highlight, folded and split.
type term struct {
	field  string // "" is title and body
	tokens []string
	prefix bool
}

// parseQuery reads what a user types: words that must all be there, "phrases",
// -excluded ones, prefix*, alternatives with OR, parentheses, fields as
// title:word, and dates: after:2018-01 (or since:) from that month on,
// until:2018 to the end of that year, before:2018 to the end of the year
// before it.
func parseQuery(s string) (parsed, error) {
	p := &queryParser{text: []rune(s), folder: newFolder()}
	if len(p.text) > maxQuery {
		return parsed{}, p.fault(maxQuery, "a query has at most %d characters", maxQuery)
	}
	match, err := p.group(0)
	if err != nil {
		return parsed{}, err
	}
	p.out.match = match
	return p.out, nil
}

type queryParser struct {
	text   []rune
	at     int
	folder folder
	count  int
	out    parsed
}

func (p *queryParser) fault(at int, format string, args ...any) error {
	return &SyntaxError{Query: string(p.text), Place: at + 1, Message: fmt.Sprintf(format, args...)}
}

func (p *queryParser) space() {
	for p.at < len(p.text) && unicode.IsSpace(p.text[p.at]) {
		p.at++
	}
}

func (p *queryParser) peek() rune {
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

// group reads clauses until the end or a closing parenthesis.
func (p *queryParser) group(depth int) (string, error) {
	if depth > maxDepth {
		return "", p.fault(p.at, "more than %d parentheses inside each other", maxDepth)
	}
	var must, mustNot []string
	or := false // the next clause is an alternative of the last one
	for {
		p.space()
		start := p.at
		switch c := p.peek(); {
		case c == 0 || c == ')':
			if c == ')' && depth == 0 {
				return "", p.fault(start, "this parenthesis closes nothing")
			}
			if or {
				return "", p.fault(start, "nothing stands after OR")
			}
			return combine(must, mustNot), nil
		case p.keyword("AND"):
			continue
		case p.keyword("OR"):
			if len(must) == 0 || or {
				return "", p.fault(start, "nothing that is looked for stands before OR")
			}
			or = true
			continue
		}
		not := p.keyword("NOT") || p.excluded()
		clause, err := p.clause(depth, not || or || depth > 0, not)
		switch {
		case err != nil:
			return "", err
		case clause == "" && or:
			return "", p.fault(start, "a date cannot be an alternative")
		case clause == "":
		case not && or:
			return "", p.fault(start, "an exclusion cannot be an alternative")
		case not:
			mustNot = append(mustNot, clause)
		case or:
			must[len(must)-1] = "(" + must[len(must)-1] + " OR " + clause + ")"
		default:
			must = append(must, clause)
		}
		or = false
	}
}

func combine(must, mustNot []string) string {
	if len(mustNot) == 0 {
		return strings.Join(must, " AND ")
	}
	if len(must) == 0 {
		must = []string{`site : "` + allRecords + `"`}
	}
	return "((" + strings.Join(must, " AND ") + ") NOT (" + strings.Join(mustNot, " OR ") + "))"
}

func (p *queryParser) keyword(word string) bool {
	end := p.at + len(word)
	if end > len(p.text) || string(p.text[p.at:end]) != word || end < len(p.text) && !unicode.IsSpace(p.text[end]) {
		return false
	}
	p.at = end
	p.space()
	return true
}

func (p *queryParser) excluded() bool {
	c := p.peek()
	if (c == '-' || c == '－') && p.at+1 < len(p.text) && !unicode.IsSpace(p.text[p.at+1]) {
		p.at++
		return true
	}
	return false
}

// clause reads one word, phrase, date or parenthesis. fixed says that a date
// may not stand here, not that the clause is an exclusion.
func (p *queryParser) clause(depth int, fixed, not bool) (string, error) {
	start := p.at
	field, err := p.field()
	if err != nil {
		return "", err
	}
	switch field {
	case "after", "before", "until":
		return "", p.date(field, start, fixed)
	}
	if p.peek() == '(' {
		return p.parenthesis(depth, field)
	}
	at := p.at
	if field != "" && p.excluded() {
		return "", p.fault(at, "the minus of an exclusion stands before the field: -%s:…", field)
	}
	word, quoted, prefix, err := p.word()
	if err != nil {
		return "", err
	}
	if p.count++; p.count > maxTerms {
		return "", p.fault(at, "a query has at most %d words", maxTerms)
	}
	if field == "site" {
		p.out.sites = append(p.out.sites, word)
		return `site : "` + siteToken(word) + `"`, nil
	}
	tokens := p.folder.tokens(word)
	if tokens == "" {
		if quoted || word == "" {
			return "", p.fault(at, "there is no letter or digit to look for")
		}
		return "", p.fault(at, "%q has no letter or digit to look for", word)
	}
	t := term{field: searchable[field], tokens: strings.Fields(tokens), prefix: prefix}
	if !not {
		p.out.terms = append(p.out.terms, t)
	}
	column := "{title body}"
	if field != "" {
		column = searchable[field]
	}
	expr := column + ` : "` + tokens + `"`
	if prefix {
		expr += " *"
	}
	return expr, nil
}

// field reads the name before a colon, if there is one.
func (p *queryParser) field() (string, error) {
	end := p.at
	for end < len(p.text) && (unicode.IsLetter(p.text[end]) || p.text[end] == '_') {
		end++
	}
	if end == p.at || end >= len(p.text) || p.text[end] != ':' && p.text[end] != '：' {
		return "", nil
	}
	name := strings.ToLower(string(p.text[p.at:end]))
	if name == "since" {
		name = "after"
	}
	if name != "after" && name != "before" && name != "until" && searchable[name] == "" {
		return "", p.fault(p.at, "there is no field %q; there are title, body, author, source, site, after, until and before; put quotes around it to look for the text", name)
	}
	p.at = end + 1
	p.space()
	if p.at >= len(p.text) {
		return "", p.fault(p.at, "nothing stands after %s:", name)
	}
	return name, nil
}

func (p *queryParser) date(field string, start int, fixed bool) error {
	at := p.at
	word, _, _, err := p.word()
	if err != nil {
		return err
	}
	if fixed {
		return p.fault(start, "a date holds for the whole query; write it outside of parentheses, OR and exclusions")
	}
	first, last, err := daysOf(word)
	if err != nil {
		return p.fault(at, "%q is not a date as 2018, 2018-01 or 2018-01-19", word)
	}
	switch field {
	case "after":
		p.out.from = max(p.out.from, first)
	case "before":
		p.out.to = earlier(p.out.to, first-1)
	case "until":
		p.out.to = earlier(p.out.to, last)
	}
	return nil
}

// earlier is the lesser of two last days; 0 is no bound.
func earlier(a, b int64) int64 {
	if a == 0 || b < a {
		return b
	}
	return a
}

func (p *queryParser) parenthesis(depth int, field string) (string, error) {
	open := p.at
	if field != "" {
		return "", p.fault(open, "a field holds for one word or phrase; repeat it before each")
	}
	p.at++
	inner, err := p.group(depth + 1)
	if err != nil {
		return "", err
	}
	if p.peek() != ')' {
		return "", p.fault(open, "this parenthesis is not closed")
	}
	p.at++
	if inner == "" {
		return "", p.fault(open, "nothing stands in this parenthesis")
	}
	return "(" + inner + ")", nil
}

// word reads a word or a quoted phrase.
func (p *queryParser) word() (text string, quoted, prefix bool, err error) {
	start := p.at
	if closing := closingQuote(p.peek()); closing != "" {
		p.at++
		for p.at < len(p.text) && !strings.ContainsRune(closing, p.text[p.at]) {
			p.at++
		}
		if p.at >= len(p.text) {
			return "", false, false, p.fault(start, "this quotation mark is not closed")
		}
		text = string(p.text[start+1 : p.at])
		p.at++
		quoted = true
	} else {
		for p.at < len(p.text) && !unicode.IsSpace(p.text[p.at]) && !strings.ContainsRune(`()"“”`, p.text[p.at]) {
			p.at++
		}
		text = string(p.text[start:p.at])
	}
	if star := strings.IndexByte(text, '*'); star >= 0 && !quoted {
		at := utf8.RuneCountInString(text[:star])
		if text, prefix = strings.TrimSuffix(text, "*"), true; star != len(text) || star == 0 {
			return "", false, false, p.fault(start+at, "a star stands at the end of a word, for any rest of it")
		}
	} else if quoted && p.peek() == '*' {
		p.at++
		prefix = true
	}
	return text, quoted, prefix, nil
}

func closingQuote(r rune) string {
	switch r {
	case '"':
		return `"`
	case '“', '”':
		return `”“"`
	}
	return ""
}

// daysOf gives the first and the last day that a date as 2018, 2018-01 or
// 2018-01-19 means, counted from the year 1.
func daysOf(s string) (first, last int64, err error) {
	for _, f := range []struct {
		layout       string
		years, month int
		days         int
	}{{time.DateOnly, 0, 0, 1}, {"2006-01", 0, 1, 0}, {"2006", 1, 0, 0}} {
		if t, err := time.Parse(f.layout, s); err == nil {
			return dayNumber(t), dayNumber(t.AddDate(f.years, f.month, f.days)) - 1, nil
		}
	}
	return 0, 0, fmt.Errorf("%q is not a date as 2018, 2018-01 or 2018-01-19", s)
}

// dayNumber counts days from the first of January of the year 1.
func dayNumber(t time.Time) int64 { return t.Unix()/86400 + 719162 }
