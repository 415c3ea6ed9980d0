package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// byWords stand before the name of an author.
var byWords = map[string]bool{"by": true, "von": true, "vom": true, "par": true, "por": true, "door": true, "di": true, "av": true, "af": true, "от": true, "oleh": true, "bởi": true, "โดย": true, "بقلم": true, "كتب": true, "كتبت": true, "автором": true}

// byMade are words that do so only behind one of madeWords, or behind the date.
var byMade = map[string]bool{"da": true}

// madeWords say what the author has done, and may stand before a word of byWords. They are
// told by the first word of each.
var madeWords = func() map[string][]string {
	m := map[string][]string{}
	for _, w := range []string{
		"published", "posted", "submitted", "written", "created", "added", "story", "text", "words", "reported", "report", "reporting", "article", "interview", "photos and text",
		"geschrieben", "verfasst", "erstellt", "veröffentlicht", "gepostet", "bericht", "ein artikel", "ein beitrag", "ein kommentar", "ein gastbeitrag", "ein interview",
		"eine analyse", "eine reportage", "eine kolumne", "rédigé", "écrit", "publié", "propos recueillis", "escrito", "publicado", "redigido", "ditulis", "đăng", "viết", "scritto", "pubblicato", "inserito", "geplaatst", "geschreven", "gepubliceerd",
	} {
		first, _, _ := strings.Cut(w, " ")
		m[first] = append(m[first], w)
	}
	return m
}()

// byLength is the length of the words that begin a line which names the author, with the
// blanks behind them; 0 when there are none.
func byLength(s string) int {
	const blanks, longest = " \t\r\n\f", 20
	rest := strings.TrimLeft(s, "-–—| ")
	for made := true; ; made = false {
		n := strings.IndexAny(rest, blanks+":")
		if n < 1 || n > longest {
			return 0
		}
		word := strings.ToLower(rest[:n])
		if byWords[word] || !made && byMade[word] {
			rest = rest[n:]
			break
		}
		if !made || madeWords[word] == nil {
			return 0
		}
		behind := rest
		for _, w := range madeWords[word] {
			if len(rest) > len(w) && strings.EqualFold(rest[:len(w)], w) && strings.IndexByte(blanks, rest[len(w)]) >= 0 {
				behind = strings.TrimLeft(rest[len(w):], blanks)
			}
		}
		if behind == rest {
			return 0
		}
		rest = behind
	}
	behind := strings.TrimLeft(rest, blanks)
	if named, ok := strings.CutPrefix(behind, ":"); ok {
		if name := strings.TrimLeft(named, blanks); name != named {
			behind = name
		}
	}
	if behind == rest {
		return 0
	}
	return len(s) - len(behind)
}

// cutBy takes off the words that begin a line with the author, false when
// there are none or nothing follows.
func cutBy(s string) (string, bool) {
	n := byLength(s)
	if n == 0 || n == len(s) {
		return "", false
	}
	return s[n:], true
}

var (
	// authorTail begins what follows names: roles, papers, dates.
	authorTail = regexp.MustCompile(`(?i)\s*(?:\||•|\s·\s|–|—| - |\(|（|\[|\bfor\b|\bupdated\b|\bpublished\b|\bposted\b|\bon\s+\w+day|\bon\s+(?:mon|tue|wed|thu|fri|sat|sun)\b|@|https?:|\bamp;|\bin\s+[A-Z]|, (?:staff|senior|special|editor|reporter|correspondent|contributor|chief|associate|the |ap\b|afp\b|reuters|dpa)|\s\S+:|\bam\s+\d|\bam\s+\pL+tag\b|\bvom\b|\bum\s+\d|\bunter\b|\baus\s+\p{Lu}|\b(?:alle|mehr|weitere) (?:artikel|beiträge)|\b(?:view )?all (?:posts|articles)|\bread more|\bmore by|\b(?:illustration(?:en|s)?|fotos?|photos?|photography|bild(?:er)?|pictures?) (?:von|by|par|de)\b|\bhace \d|\bil y a \d|\bvor \d).*$`)
	// authorLinks begin the text of links to all that an author has written.
	authorLinks = regexp.MustCompile(`(?i)^(?:view all posts by|all posts by|posts by|zeige alle beiträge von|alle beiträge von|beiträge von|veröffentlicht von|mehr von|alles von|more by|author|autor(?:in|en|es|e)?|auteurs?|voir tous les articles (?:de|par)|ver todas las entradas de|about(?: the)? author)\s*:?\s+`)
	// authorEnd is what follows the last name of a list.
	authorEnd = regexp.MustCompile(`(?i)\s+(?:on|am|at|um|le|il|el|em|en|del|den|op|pada|pe|dnia|dne|от|від|vào|vào ngày|ngày|วันที่|เมื่อวันที่|hace|publicad[oa]|publiée?|published|опубликовано|said|says|sagt|schreibt|meint|ph\.?d\.?|m\.?d\.?|veröffentlicht.*|posted.*|follow(?:ing)?|folgen|gespeichert.*|(?:ein )?kommentar.*|기자|특파원|논설위원|記者)$`)
	// letterSizes are buttons for the size of letters.
	letterSizes = regexp.MustCompile(`\s+(?:[LMS](?: [LMS]){2}|A[-+]?(?: A[-+]?){2})$`)
	authorEmail = regexp.MustCompile(`\S+@\S+`)
	// authorRoles begin bylines in Han: the paper and what its people are.
	authorRoles = regexp.MustCompile(`^(?:(?:本报|本网|本刊|本社|本台|本站|新华社|中新社|人民网|新华网|见习|实习|首席|全媒体|特约|特派|驻\p{Han}{1,4}|通讯员|记者|通訊員|記者|文|图|摄影|作者|撰文|编译|新闻|客户端|日报)*(?:记者|記者|通讯员|通訊員|作者|撰稿人?)[:：/ ]*|(?:文字|文/图|图/文|文|图)[:：/ ]+)`)
	// hanRoles stand behind names in Han and kana.
	hanRoles = regexp.MustCompile(`(?:\s*(?:记者|記者|通讯员|通訊員|報道|报道|摄影报道|摄影|編集委員|論説委員)|[\s/](?:撰|文|摄))+$`)
	// personRole is a role in front of a name that is written as one word.
	personRole = regexp.MustCompile(`^(?:\S*(?i:experte|expertin|redakteur|redakteurin|redaktor|reporter|reporterin|korrespondent|korrespondentin|autor|autorin|correspondent|columnist|journalist)|(?i:staff|senior|chief|special|political|contributing|guest) (?i:writer|reporter|correspondent|editor|contributor|columnist|author)s?):?\s+(\p{Lu}.*)$`)
	// nameJoins separate the names of a list.
	nameJoins = regexp.MustCompile(`\s*[;,，、；&|／]\s*|\s+/\s+|\s(?i:and|und|et|og|och|sowie|with|avec|mit)\s+|\s(?:y|e|en|и|і|та|va|ve|dan|và)\s+`)
)

// notPeople are texts that stand where authors do and name nobody.
var notPeople = regexp.MustCompile(`(?i)^(?:admin(?:istrator)?|webmaster|web ?team|root|user\d*|guest|unknown|anonym(?:ous|e)?|info|super user|系统管理员|管理员|佚名|匿名|未知|本站|网站|网络|互联网|admin\d+|null|none|nil|undefined|no author|author|autor(?:in)?|ph\.?d\.?|m\.?d\.?|wem\?|mehr|n/a|-+|about.*|follow.*|read more.*|share.*|more .*|by|von|written.*|posted.*|edited.*|.*\bedited by\b.*|.*\s(?:by|von|par|de)|redacted|image|photo|foto|bild|the|an?|our|us|you|your|this|der|die|das|contributors?|comments?|kommentare?|read|(?:the )?order of .*)$`)

// desks are bylines that name an office of the paper instead of a person.
var desks = regexp.MustCompile(`(?i)^(?:(?:the )?(?:online|news|web|digital|sports?)?[- ]?(?:editor(?:s|ial)?|editorial (?:team|staff|board|desk)|staff(?: (?:writers?|reporters?))?|redaktion|redaktör|redaction|rédaction|redacción|redação|redazione|редакция|desk|news|press|team)|la rédaction|die redaktion|la redacción|编辑部|编辑|編集部|온라인뉴스팀)$`)

// authorNames cleans a text to names, several joined by "; ". It is "" when no
// name is left.
func authorNames(s string) string {
	return joinNames(peopleIn(s, isName))
}

// deskNames is like authorNames, but takes the name of a desk as well.
func deskNames(s string) string {
	return joinNames(peopleIn(s, func(s string) bool { return isName(s) || desks.MatchString(s) }))
}

// namesBehindBy are the names behind the words that begin a byline, desks as well, "" where what stands
// there goes on as a sentence does: "By road, the zone is near", "Por qué invertir".
func namesBehindBy(rest string) string {
	names := deskNames(rest)
	if names == "" {
		return ""
	}
	if found := findStamps(rest, "", 1); len(found) > 0 {
		rest = rest[:found[0].start]
	}
	small, words := 0, strings.Fields(rest)
	for _, w := range words {
		if r, n := utf8.DecodeRuneInString(w); unicode.IsLower(r) && len(w) > n {
			small++
		}
	}
	cased := isCased(names)
	for n := range strings.SplitSeq(names, "; ") {
		switch first, _ := utf8.DecodeRuneInString(n); {
		case looksPersonal(n), desks.MatchString(n), namesOffice(n) && strings.ContainsFunc(n, unicode.IsUpper), mostlyHan(n):
		case !cased:
			if len(strings.Fields(n)) > maxNameWords {
				return ""
			}
		case !strings.Contains(n, " "):
			if strings.HasPrefix(names, n) && len(words) > 2 && (unicode.IsLower(first) || small > 1) {
				return ""
			}
		case hasSmallWord(n):
			return ""
		}
	}
	return names
}

// maxNameWords is how many words the name of a person has in scripts without capitals.
const maxNameWords = 4

// hasSmallWord reports whether a word of a text begins small that is no small word of names.
func hasSmallWord(s string) bool {
	return slices.ContainsFunc(strings.Fields(s), func(w string) bool {
		r, _ := utf8.DecodeRuneInString(w)
		return unicode.IsLower(r) && !nameParticles[w] && !smallOfOffices[w]
	})
}

// smallOfOffices are small words in names of offices and papers.
var smallOfOffices = map[string]bool{"of": true, "the": true, "for": true, "and": true, "in": true, "at": true, "on": true, "für": true, "und": true, "des": true, "et": true, "pour": true, "los": true, "las": true, "para": true, "em": true, "per": true, "dan": true, "và": true, "и": true, "по": true}

// peopleIn are the parts of a text that are names by a given measure.
func peopleIn(s string, isOne func(string) bool) []string {
	s = collapse(s)
	if strings.Contains(s, "@") {
		s = strings.TrimSpace(authorEmail.ReplaceAllString(s, " "))
	}
	if rest, ok := cutBy(s); ok {
		s = rest
	}
	s = withoutRoles(s)
	if found := findStamps(s, "", 1); len(found) > 0 {
		s = s[:found[0].start]
	}
	s = withoutButtons(s)
	s = authorLinks.ReplaceAllString(s, "")
	s = authorTail.ReplaceAllString(s, "")
	if i := strings.IndexAny(s, "0123456789"); i > 0 && s[i-1] == ' ' {
		s = s[:i]
	}
	var names []string
	for _, part := range splitNames(s) {
		if len(names) > 0 && isJob(part) {
			continue
		}
		if part = cleanName(part); isOne(part) {
			names = append(names, part)
		}
	}
	return withoutOffices(names)
}

// isJob reports whether a part of a list of names is the post of the one before it, as in
// "Ann Lee, Communications Manager".
func isJob(part string) bool { return jobs.MatchString(part) }

var jobs = regexp.MustCompile(`(?i)(?:^|\s)(?:manager|director|officer|head of|president|secretary|minister|spokes(?:man|woman|person)|analyst|advis[eo]r|consultant|coordinator|specialist|assistant|executive|professor|fellow|intern|editor|reporter|` +
	`correspondent|writer|producer|engineer|leiter(?:in)?|referent(?:in)?|sprecher(?:in)?|geschäftsführer(?:in)?|directeur|directrice|responsable|chargée?|jefe|jefa|gerente|directora?|periodista|diretora?|jornalista|redaktor|redakteur(?:in)?)(?:\s|,|$)`)

// withoutRoles takes authorRoles off, which no text in Latin letters begins with.
func withoutRoles(s string) string {
	if s == "" || s[0] < utf8.RuneSelf {
		return s
	}
	return authorRoles.ReplaceAllString(s, "")
}

// cleanName takes off a name what is not of it.
func cleanName(s string) string {
	s = withoutRoles(strings.TrimSpace(s))
	s = strings.Trim(trimValue(s), "*\"'“”„~ ")
	s = letterSizes.ReplaceAllString(s, "")
	for {
		shorter := authorEnd.ReplaceAllString(s, "")
		if shorter == s {
			break
		}
		s = shorter
	}
	if m := personRole.FindStringSubmatch(s); m != nil {
		s = m[1]
	}
	if s != "" && s[len(s)-1] >= utf8.RuneSelf {
		if cut := hanRoles.ReplaceAllString(s, ""); utf8.RuneCountInString(cut) > 1 {
			s = cut
		}
	}
	if words := strings.Fields(s); len(words) > 2 && len(words)%2 == 0 && strings.Join(words[:len(words)/2], " ") == strings.Join(words[len(words)/2:], " ") {
		s = strings.Join(words[:len(words)/2], " ") // printed twice, for two sizes of screen
	}
	return strings.TrimRight(s, " ,.:") + lastStop(s)
}

// lastStop is the full stop of a name that ends with an initial or "Jr.".
func lastStop(s string) string {
	words := strings.Fields(s)
	if len(words) > 1 && strings.HasSuffix(s, ".") && utf8.RuneCountInString(words[len(words)-1]) <= 3 {
		return "."
	}
	return ""
}

// withoutOffices drops from a list of people what is no person: a domain, the
// place or the paper behind the first name.
func withoutOffices(names []string) []string {
	if len(names) < 2 || !looksPersonal(names[0]) {
		return names
	}
	out := names[:1]
	for _, n := range names[1:] {
		switch {
		case !mostlyLatin(n), isAgency(n):
			out = append(out, n)
		case looksPersonal(n) && !namesOffice(n) && (!isShouted(n) || isShouted(names[0])):
			out = append(out, n)
		}
	}
	return out
}

// agencies stand behind names and instead of them.
var agencies = []string{"afp", "ap", "dpa", "apa", "efe", "ansa", "pti", "ani", "ians", "tass", "kna", "epd", "sid", "lusa", "bns", "ntb", "tt", "ritzau", "belga", "anp", "ats", "reuters", "xinhua"}

func isAgency(s string) bool { return slices.Contains(agencies, strings.ToLower(s)) }

// isShouted reports whether all letters of a text are capitals.
func isShouted(s string) bool { return strings.ToUpper(s) == s && strings.ToLower(s) != s }

// looksPersonal reports whether a Latin text has the form of a person's name:
// two to five words with capitals, none of them all capitals unless all are.
func looksPersonal(s string) bool {
	words := strings.Fields(s)
	if len(words) < 2 || len(words) > 5 {
		return false
	}
	capitals, shouted := 0, 0
	for i, w := range words {
		if i == 1 && (w == "der" || w == "des") {
			return false // "Bund der", "Haus des": an office
		}
		first, _ := utf8.DecodeRuneInString(w)
		if unicode.IsUpper(first) {
			capitals++
		} else if !nameParticles[strings.ToLower(w)] {
			return false
		}
		if utf8.RuneCountInString(w) > 2 && strings.ToUpper(w) == w && !strings.Contains(w, ".") {
			shouted++
		}
	}
	return capitals > 1 && (shouted == 0 || shouted == len(words))
}

// nameParticles are the small words of names.
var nameParticles = map[string]bool{
	"de": true, "der": true, "den": true, "del": true, "della": true, "di": true, "da": true, "do": true, "dos": true, "das": true, "du": true, "la": true, "le": true,
	"van": true, "von": true, "zu": true, "zum": true, "zur": true, "v.": true, "bin": true, "ibn": true, "al": true, "el": true, "ter": true, "ten": true, "af": true, "av": true, "y": true, "e": true,
}

func mostlyLatin(s string) bool {
	latin, all := 0, 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			all++
			if r < 0x250 {
				latin++
			}
		}
	}
	return latin*2 > all
}

// officeWords are of names that are written like those of people.
var officeWords = map[string]bool{
	"news": true, "daily": true, "times": true, "post": true, "press": true, "release": true, "releases": true, "media": true, "ministry": true, "department": true,
	"office": true, "government": true, "national": true, "bureau": true, "agency": true, "city": true, "province": true, "report": true, "reports": true, "minutes": true,
	"read": true, "business": true, "politics": true, "world": true, "sports": true, "sport": true, "economy": true, "development": true, "investment": true, "trade": true,
	"commission": true, "committee": true, "council": true, "association": true, "center": true, "centre": true, "university": true, "institute": true, "company": true,
	"herald": true, "weekly": true, "gazette": true, "tribune": true, "chronicle": true, "observer": true, "journal": true,
	"online": true, "reporter": true, "editor": true, "writer": true, "correspondent": true, "newsletter": true, "today": true, "follow": true, "account": true, "commons": true, "update": true, "updated": true, "latest": true, "public": true, "affairs": true, "events": true, "articles": true, "comments": true, "views": true,
	"autor": true, "author": true, "related": true, "stories": true, "north": true, "south": true, "east": true, "west": true, "new": true, "the": true, "all": true, "home": true, "blog": true, "zone": true, "park": true,
	"staff": true, "redaktion": true, "aktuelles": true, "pressemitteilung": true, "meldung": true, "nachrichten": true, "zeitung": true, "kommentare": true, "uhr": true, "min": true,
	"actualités": true, "noticias": true, "notícias": true, "prensa": true, "communiqué": true, "presse": true, "comunicado": true, "janeiro": true,
}

// personRoles end words that say what somebody is.
var personRoles = []string{"redakteur", "redakteurin", "redaktor", "korrespondent", "korrespondentin", "reporterin", "autorin", "journalist", "journalistin", "experte", "expertin", "leiter", "leiterin", "chef", "chefin"}

// namesOffice reports whether a word of a text is one of offices, sections or
// roles.
func namesOffice(s string) bool {
	return slices.ContainsFunc(strings.Fields(strings.ToLower(s)), func(w string) bool {
		w = strings.Trim(w, ".,:")
		return officeWords[w] || slices.ContainsFunc(personRoles, func(role string) bool { return strings.HasSuffix(w, role) })
	})
}

// isOneOffice reports whether parts of a text are those of the name of one office: "Department of
// Trade and Industry", "Presse- und Informationsamt".
func isOneOffice(s string, parts []string) bool {
	if len(parts) < 2 || strings.ContainsAny(s, ";；、") {
		return false
	}
	if strings.HasSuffix(parts[0], "-") {
		return true
	}
	first := strings.Fields(strings.ToLower(parts[0]))
	return len(first) > 1 && slices.ContainsFunc(first, func(w string) bool { return offices[w] }) && !slices.ContainsFunc(parts[1:], func(part string) bool {
		return looksPersonal(part) || slices.ContainsFunc(strings.Fields(strings.ToLower(part)), func(w string) bool { return offices[w] })
	})
}

// offices are what offices are called, in the languages of their names.
var offices = map[string]bool{"ministry": true, "department": true, "bureau": true, "office": true, "agency": true, "commission": true, "committee": true, "council": true, "directorate": true, "division": true, "chamber": true, "ministerium": true, "bundesministerium": true, "stabsstelle": true, "abteilung": true, "referat": true, "amt": true, "landesamt": true, "senatsverwaltung": true, "oficina": true, "ministerio": true, "secretaría": true, "dirección": true, "agencia": true, "cámara": true, "departamento": true, "secretaria": true, "ministério": true, "agência": true, "câmara": true, "diretoria": true, "ministère": true, "direction": true, "agence": true, "chambre": true, "secrétariat": true, "service": true, "ministero": true, "ufficio": true, "dipartimento": true, "отдел": true, "управление": true, "министерство": true, "департамент": true, "комитет": true, "администрация": true, "агентство": true, "відділ": true, "управління": true, "міністерство": true, "агенція": true, "kementerian": true, "dinas": true, "badan": true, "sở": true, "bộ": true, "phòng": true, "bakanlığı": true, "müdürlüğü": true}

// splitNames separates the names of a list. Han names may stand with blanks
// between them.
func splitNames(s string) []string {
	var out []string
	parts := nameJoins.Split(s, -1)
	if isOneOffice(s, parts) {
		return []string{s}
	}
	for _, part := range parts {
		words := strings.Fields(part)
		halves := strings.Split(part, "/")
		switch {
		case len(words) > 1 && allHan(part):
			out = append(out, hanNames(words)...)
		case len(halves) == 2 && looksPersonal(strings.TrimSpace(halves[0])):
			out = append(out, halves...)
		default:
			out = append(out, part)
		}
	}
	return out
}

// hanNames joins names of two characters that are set with a blank inside to
// the width of those of three.
func hanNames(words []string) []string {
	var out []string
	for i := 0; i < len(words); i++ {
		if utf8.RuneCountInString(words[i]) == 1 && i+1 < len(words) && utf8.RuneCountInString(words[i+1]) == 1 {
			out = append(out, words[i]+words[i+1])
			i++
			continue
		}
		if !hanDeeds[words[i]] {
			out = append(out, words[i])
		}
	}
	return out
}

// hanDeeds say behind names what these people did.
var hanDeeds = map[string]bool{"报道": true, "報道": true, "報導": true, "摄影": true, "攝影": true, "摄影报道": true, "撰文": true, "整理": true, "采访": true, "編集": true, "撮影": true}

func allHan(s string) bool {
	for _, r := range s {
		if !unicode.Is(unicode.Han, r) && !unicode.IsSpace(r) {
			return false
		}
	}
	return s != ""
}

// legalForms end the names of companies and associations.
var legalForms = regexp.MustCompile(`(?:^|\s)(?:GmbH|AG|KG|SE|e\. ?V\.?|Ltd\.?|Inc\.?|LLC|PLC|S\.?A\.?|S\.?L\.?|Corp\.?|Verlag|Co\.|B\.?V\.?|Pty)(?:\s|$)`)

// domainName is an address without its scheme.
var domainName = regexp.MustCompile(`(?i)^(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,4}$`)

// isName reports whether a text can be the name of a person.
func isName(s string) bool {
	n := utf8.RuneCountInString(s)
	if n < 2 || n > 45 || strings.ContainsAny(s, "{}<>=:") || notPeople.MatchString(s) || desks.MatchString(s) || domainName.MatchString(s) || legalForms.MatchString(s) {
		return false
	}
	if labelTable().kind(s) != "" {
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
	return letters && digits < 5 && len(strings.Fields(s)) <= 6
}

// joinNames writes lists of names as one, each name once.
func joinNames(names []string) string {
	var out []string
	seen := map[string]bool{}
	for _, list := range names {
		for _, n := range strings.Split(list, "; ") {
			if key := squeezeLabel(n); key != "" && !seen[key] {
				seen[key] = true
				out = append(out, n)
			}
		}
	}
	return strings.Join(out, "; ")
}
