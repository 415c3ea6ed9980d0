package extract

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// findAuthor chooses who wrote the article. empty says that the page prints
// the label without a name.
func (p *Page) findAuthor(m *metadata, body bodyResult) (best candidate, rejected []candidate, empty bool) {
	var cs []candidate
	for _, l := range p.labelLines() {
		x, ok := l.value(labelAuthor)
		if !ok || l.block.runes > 200 {
			continue
		}
		names := authorNames(x.value)
		if names == "" {
			empty = empty || x.value == "" && p.distance(l.block, body) < 0.2
			continue
		}
		score := 0.9 - p.distance(l.block, body)
		cs = append(cs, candidate{value: names, raw: x.name + " " + x.value, rule: "label-author", score: score})
	}
	cs = append(cs, p.bylines(body)...)
	cs = append(cs, p.metaAuthors(m)...)
	best, rejected = choose(cs)
	return best, rejected, empty
}

// metaAuthors are the authors that metadata name. On Chinese pages the tag
// holds the web editor (0 of 27 were the author) and is left out.
func (p *Page) metaAuthors(m *metadata) []candidate {
	var cs []candidate
	add := func(rule string, score float64, raw []string) {
		var names []string
		for _, r := range raw {
			if n := authorNames(r); n != "" && !p.isSiteName(m, r) && !p.isPublisher(m, r) {
				names = append(names, n)
			}
		}
		if len(names) > 0 {
			cs = append(cs, candidate{value: joinNames(names), raw: strings.Join(raw, " | "), rule: rule, score: score})
		}
	}
	if o := m.article(); o != nil {
		add("json-ld", 0.86, ldStrings(o["author"]))
		add("json-ld-creator", 0.7, ldStrings(o["creator"]))
	}
	if m.get("articletitle", "contentsource", "sitename") == "" && m.get("publishedtype", "pagetype") == "" && !mostlyHan(m.title) {
		for _, of := range []struct {
			name  string
			score float64
		}{{"author", 0.72}, {"article:author", 0.7}, {"byl", 0.76}, {"dc.creator", 0.72}, {"dcterms.creator", 0.7}, {"sailthru.author", 0.74}, {"parsely-author", 0.76}, {"citation_author", 0.72}, {"rbauthors", 0.7}, {"article_author", 0.7}} {
			add("meta-"+of.name, of.score, m.names[of.name])
		}
	}
	var shown []string
	for _, n := range m.props["author"] {
		shown = append(shown, shortText(n, 120))
	}
	add("microdata", 0.78, shown)
	return cs
}

func mostlyHan(s string) bool {
	han := 0
	for _, r := range s {
		if unicode.Is(unicode.Han, r) {
			han++
		}
	}
	return han*2 > countRunes(s)
}

func (p *Page) isPublisher(m *metadata, name string) bool {
	key := squeezeLabel(name)
	if o := m.article(); o != nil && squeezeLabel(ldString(o, "publisher")) == key {
		return true
	}
	return false
}

// bylines are lines near the head of the text that begin like "By", and
// elements that are named as the author.
func (p *Page) bylines(body bodyResult) []candidate {
	var cs []candidate
	first := len(p.pageBlocks())
	if len(body.blocks) > 0 {
		first = body.blocks[0].index
	}
	for _, b := range p.pageBlocks() {
		if b.index > first+2 || first-b.index > 15 || b.hidden || size(b.text) > 100 {
			continue
		}
		rest, ok := cutBy(b.text)
		if found := findStamps(b.text, p.language(), 1); !ok && len(found) > 0 {
			rest, ok = cutBy(strings.TrimLeft(b.text[found[0].end:], " ,|·-"))
		}
		if ok {
			if names := authorNames(rest); names != "" {
				cs = append(cs, candidate{value: names, raw: b.text, rule: "byline", score: 0.8})
			}
		}
	}
	eachElement(p.Root, func(n *html.Node) {
		rel := n.DataAtom == atom.A && hasWord(attrOf(n, "rel"), "author")
		if !rel && !isAuthorName(n) || len(cs) > 12 {
			return
		}
		text := shortText(n, 150)
		if rest, ok := cutBy(text); ok {
			text = rest
		}
		names := authorNames(text)
		if names == "" || size(names) > 80 {
			return
		}
		score := 0.66
		if rel {
			score = 0.74
		}
		if p.inFurniture(n.Parent, p.furnitureSeen()) {
			score -= 0.2 // the author of a comment or of another article
		}
		cs = append(cs, candidate{value: names, raw: text, rule: "named-author", score: score})
	})
	return cs
}

// isAuthorName reports whether an element is named as that of the author.
func isAuthorName(n *html.Node) bool {
	for _, part := range strings.Fields(strings.ToLower(attrOf(n, "class"))) {
		switch part {
		case "author", "byline", "author-name", "byline-name", "article-author", "post-author", "entry-author", "author_name", "byline__name", "article__author", "vcard", "fn", "autor", "author__name", "byline-author", "c-byline", "story-author", "auteur":
			return true
		}
	}
	return false
}

// byWords begin a line that names the author.
var byWords = regexp.MustCompile(`(?i)^(?:(?:published|posted|written|story|text|words|reported|report|article|geschrieben|verfasst|ein (?:artikel|beitrag|kommentar|gastbeitrag)|eine (?:analyse|reportage|kolumne)|rédigé|écrit|publié|escrito|publicado|redigido)\s+)?(?:by|von|par|por|door|di|av|af|от|oleh|bởi|โดย|بقلم)\s*:?\s+`)

func cutBy(s string) (string, bool) {
	m := byWords.FindString(s)
	if m == "" || len(m) == len(s) {
		return "", false
	}
	return s[len(m):], true
}

// authorTail begins what follows names: roles, papers, dates.
var (
	authorTail  = regexp.MustCompile(`(?i)\s*(?:\||•|·|–|—| - |\(|（|\bfor\b|\bupdated\b|\bpublished\b|\bposted\b|\bon\s+\w+day|@|https?:|\bamp;|\bin\s+[A-Z]|, (?:staff|senior|special|editor|reporter|correspondent|contributor|chief|associate|the |ap\b|afp\b|reuters|dpa)|\bin:|\bkategorie\b|\bam\s+\d|\bvom\b|\bum\s+\d|\bunter\b).*$`)
	authorLinks = regexp.MustCompile(`(?i)^(?:view all posts by|all posts by|posts by|zeige alle beiträge von|alle beiträge von|veröffentlicht von|mehr von|more by|author|autor(?:in)?|voir tous les articles (?:de|par)|ver todas las entradas de)\s*:?\s+`)
	authorEnd   = regexp.MustCompile(`(?i)\s+(?:on|am|at|um|le|el|said|says|sagt|schreibt|meint|ph\.?d\.?|m\.?d\.?|veröffentlicht.*|posted.*|gespeichert.*|(?:ein )?kommentar.*)$`)
	authorEmail = regexp.MustCompile(`\S+@\S+`)
	authorRoles = regexp.MustCompile(`^(?:本报|本网|本刊|本社|新华社|中新社|人民网|见习|实习|首席|全媒体|特约|通讯员|记者|通訊員|記者|文|图|摄影|作者|撰文|编译|新闻|客户端|日报)*(?:记者|記者|通讯员|通訊員|作者|撰稿人?|文/图|文)[:：/ ]*`)
	notPeople   = regexp.MustCompile(`(?i)^(?:admin(?:istrator)?|webmaster|editor(?:s|ial)?|staff|root|user\d*|guest|unknown|anonym(?:ous|e)?|redaktion|redaktör|redaction|rédaction|la rédaction|redacción|redação|redazione|редакция|news ?desk|news|press|team|info|super user|系统管理员|管理员|佚名|匿名|本站|网站|编辑部|admin\d+|null|none|undefined|no author|ph\.?d\.?|m\.?d\.?|wem\?|mehr|n/a|-+|about.*|follow.*|read more.*|share.*|more .*|by|von|written.*|posted.*)$`)
	nameJoins   = regexp.MustCompile(`(?i)\s*(?:;|,|，|、|\band\b|\bund\b|\bet\b|\by\b|\be\b|\ben\b|&|\bи\b|\bі\b|\bsowie\b|\bwith\b| / )\s*`)
)

// authorNames cleans a text to names, several joined by "; ". It is "" when no
// name is left.
func authorNames(s string) string {
	s = strings.TrimSpace(authorEmail.ReplaceAllString(collapse(s), " "))
	if rest, ok := cutBy(s); ok {
		s = rest
	}
	s = authorRoles.ReplaceAllString(s, "")
	if found := findStamps(s, "", 1); len(found) > 0 {
		s = s[:found[0].start]
	}
	s = authorLinks.ReplaceAllString(s, "")
	s = authorTail.ReplaceAllString(s, "")
	if i := strings.IndexAny(s, "0123456789"); i > 0 && s[i-1] == ' ' {
		s = s[:i]
	}
	var names []string
	for _, part := range splitNames(s) {
		part = strings.Trim(trimValue(authorRoles.ReplaceAllString(part, "")), ".*\"'“”~ ")
		part = authorEnd.ReplaceAllString(part, "")
		if isName(part) {
			names = append(names, part)
		}
	}
	return joinNames(names)
}

// splitNames separates the names of a list. Han names may stand with blanks
// between them.
func splitNames(s string) []string {
	parts := nameJoins.Split(s, -1)
	var out []string
	for _, part := range parts {
		if words := strings.Fields(part); len(words) > 1 && allHan(part) {
			out = append(out, words...)
			continue
		}
		out = append(out, part)
	}
	return out
}

func allHan(s string) bool {
	for _, r := range s {
		if !unicode.Is(unicode.Han, r) && !unicode.IsSpace(r) {
			return false
		}
	}
	return s != ""
}

// isName reports whether a text can be the name of a person.
func isName(s string) bool {
	n := utf8.RuneCountInString(s)
	if n < 2 || n > 45 || notPeople.MatchString(s) || strings.Contains(s, "://") || strings.Contains(s, "www.") {
		return false
	}
	digits := 0
	letters := false
	for _, r := range s {
		if unicode.IsDigit(r) {
			digits++
		}
		letters = letters || unicode.IsLetter(r)
	}
	return letters && digits < 3 && len(strings.Fields(s)) <= 6
}

func joinNames(names []string) string {
	var out []string
	seen := map[string]bool{}
	for _, list := range names {
		for _, n := range strings.Split(list, "; ") {
			if key := squeezeLabel(n); !seen[key] {
				seen[key] = true
				out = append(out, n)
			}
		}
	}
	return strings.Join(out, "; ")
}
