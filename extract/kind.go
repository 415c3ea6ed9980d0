package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// PageKind is what a page is to a crawler.
type PageKind string

const (
	KindArticle   PageKind = "article"
	KindList      PageKind = "list"      // leads to articles
	KindOther     PageKind = "other"     // neither
	KindNotFound  PageKind = "notfound"  // says that there is no such page
	KindChallenge PageKind = "challenge" // a check against robots
	KindLogin     PageKind = "login"     // asks for a name and a password
	KindEmpty     PageKind = "empty"     // shows next to nothing
)

// Kind tells what a page is, from its structure and its words.
func (p *Page) Kind() PageKind {
	if p.kind == "" {
		p.kind = p.judge()
	}
	return p.kind
}

func (p *Page) judge() PageKind {
	m := p.metadata()
	shown := 0
	for _, b := range p.pageBlocks() {
		if !b.hidden {
			shown += b.size
		}
	}
	if k := p.apology(m, shown); k != "" {
		return k
	}
	if shown < 30 {
		return KindEmpty
	}
	r := p.read()
	text := size(r.body.text)
	rows, linked := p.listRows()
	if n := p.teasers(); n >= minTeasers && text < n*maxTeaser {
		return KindList
	}
	info := p.infoLine()
	date := r.date.best.score
	dated := r.date.best.value != ""
	declared := strings.EqualFold(m.get("og:type"), "article") || m.article() != nil || m.get("articletitle", "article:published_time") != ""
	switch {
	case text == 0:
		return listOr(rows, linked, KindOther)
	case dated && date >= 0.7 && (info != nil || declared) && text >= 60 && (rows < 12 || text > linked):
		return KindArticle
	case rows >= 5 && text < linked*2:
		return KindList
	case dated && date >= 0.6 && text >= 100 && text*2 > linked:
		return KindArticle
	case declared && text >= 200:
		return KindArticle
	}
	return listOr(rows, linked, KindOther)
}

func listOr(rows, linked int, other PageKind) PageKind {
	if rows >= 3 || linked > 400 {
		return KindList
	}
	return other
}

// listRows counts the links with a date beside them, and the size of all
// linked headlines.
func (p *Page) listRows() (rows, linked int) {
	for _, l := range p.Links() {
		if l.Region == RegionFooter || l.Region == RegionNav || l.Region == RegionPager {
			continue
		}
		if n := size(l.Text); n >= 16 {
			linked += n
			if l.Date != "" {
				rows++
			}
		}
	}
	return rows, linked
}

// minTeasers is how many linked headlines make a text a list of teasers. An
// article links to others in its sentences or below, not by headlines with
// dates inside of its text.
const (
	minTeasers = 4
	maxTeaser  = 500 // size of the text a teaser
)

// teasers counts the headlines inside the text of the page that are links with
// a date beside them, or headings.
func (p *Page) teasers() int {
	body := p.read().body
	if body.node == nil {
		return 0
	}
	seen := map[string]bool{}
	for _, l := range p.Links() {
		if size(l.Text) < 16 || seen[l.Href] || l.Region != RegionMain && l.Region != RegionHeader || !within(l.node, body.node) || p.inFurniture(l.node.Parent, p.furnitureSeen()) {
			continue
		}
		if l.Date != "" || inHeading(l.node) {
			seen[l.Href] = true
		}
	}
	return len(seen)
}

func inHeading(n *html.Node) bool {
	for i := 0; i < 3 && n != nil; i, n = i+1, n.Parent {
		switch n.DataAtom {
		case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5:
			return true
		}
		if n.FirstChild != nil && n.FirstChild.Type == html.ElementNode && n.DataAtom == atom.A {
			switch n.FirstChild.DataAtom {
			case atom.H2, atom.H3, atom.H4:
				return true
			}
		}
	}
	return false
}

// What pages say instead of what was asked for. The phrases count in titles
// and headings, and in the text of short pages.
var (
	notFoundPhrases = []string{
		"404", "not found", "page not found", "does not exist", "doesn't exist", "no longer available", "cannot be found", "can't be found", "页面不存在", "找不到", "页面未找到",
		"您访问的页面", "该页无法显示", "已被删除", "网页不存在", "信息不存在", "文章不存在", "内容不存在", "頁面不存在", "找不到頁面", "seite nicht gefunden", "nicht gefunden", "page introuvable", "página no encontrada",
		"página não encontrada", "страница не найдена", "сторінку не знайдено", "ページが見つかりません", "페이지를 찾을 수 없", "الصفحة غير موجودة", "không tìm thấy", "halaman tidak ditemukan", "ไม่พบหน้า",
	}
	challengePhrases = []string{
		"just a moment", "checking your browser", "attention required", "verify you are human", "are you a robot", "access denied", "request blocked", "captcha", "security check",
		"安全验证", "访问验证", "人机验证", "请求被拦截", "访问被拒绝", "您的访问", "滑动验证", "网站防火墙", "请开启javascript", "ddos protection", "incapsula", "error 1020",
	}
	loginPhrases = []string{"log in", "login", "sign in", "登录", "用户登录", "统一身份认证", "登錄", "anmelden", "se connecter", "iniciar sesión", "вход"}
)

// maxApology is the size up to which a page can be nothing but an apology.
const maxApology = 900

// apology recognises pages that answer something else than what was asked.
func (p *Page) apology(m *metadata, shown int) PageKind {
	if shown > maxApology*3 {
		return ""
	}
	heads := strings.ToLower(m.title)
	text := ""
	for _, b := range p.pageBlocks() {
		if b.heading > 0 && b.heading < 4 {
			heads += "\n" + strings.ToLower(b.text)
		}
		if shown <= maxApology {
			text += "\n" + strings.ToLower(b.text)
		}
	}
	kind := apologyIn(heads, text, shown, p.hasPassword)
	if kind != "" && p.tellsSomething() {
		return "" // an article about a login or a project with the number 404
	}
	return kind
}

// apologyIn looks for the words of an apology in the headings and, of a small
// page, in its text.
func apologyIn(heads, text string, shown int, hasPassword func() bool) PageKind {
	switch {
	case containsAny(heads, challengePhrases) || shown <= maxApology/2 && containsAny(text, challengePhrases):
		return KindChallenge
	case startsAny(heads, notFoundPhrases) || shown <= maxApology/2 && containsAny(text, notFoundPhrases[1:]):
		return KindNotFound
	case hasPassword() && (startsAny(heads, loginPhrases) || shown <= maxApology):
		return KindLogin
	}
	return ""
}

// tellsSomething reports whether a page has the text of an article: several
// paragraphs that are no links, or one below a line of labels with a date.
func (p *Page) tellsSomething() bool {
	const paragraph, much, little = 80, 600, 200
	text := 0
	for _, b := range p.pageBlocks() {
		if b.size >= paragraph && b.heading == 0 && !b.hidden && b.region == RegionMain && b.linked*3 < b.runes {
			text += b.size
		}
	}
	if text >= much {
		return true
	}
	info := p.infoLine()
	return text >= little && info != nil && infoScore(info) >= 3
}

func (p *Page) hasPassword() bool {
	found := false
	eachElement(p.Root, func(n *html.Node) {
		if n.DataAtom == atom.Input && strings.EqualFold(attrOf(n, "type"), "password") {
			found = true
		}
	})
	return found
}

func containsAny(s string, phrases []string) bool {
	for _, w := range phrases {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// startsAny reports whether a line of a text is short and holds a phrase: a
// headline may speak of what was not found, an apology does little else.
func startsAny(text string, phrases []string) bool {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		for _, w := range phrases {
			if strings.Contains(line, w) && size(line) <= size(w)+30 {
				return true
			}
		}
	}
	return false
}
