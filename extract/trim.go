package extract

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// trim takes off what stands before and behind the text: headline, label
// lines, buttons, closing lines, what the other pages of the site have as well, and
// everything from a heading such as "related" on, which they may also have. It gives
// what stood at the head as well.
func (p *Page) trim(blocks []*block, title string) (text, head []*block) {
	labels := map[*block]*labelLine{}
	for _, l := range p.labelLines() {
		labels[l.block] = l
	}
	blocks = p.withoutRepeated(beforeTail(blocks))
	blocks, head = p.afterHead(blocks, title, labels)
	blocks = p.withoutClosing(withoutLinks(blocks), labels)
	return withoutEcho(withoutAsides(blocks)), head
}

// minEcho is the size of the shortest summary that is looked for in the text behind it.
const minEcho = 20

// withoutEcho drops the first lines when they are a summary that only says what the text
// begins with, with its name before it or above it.
func withoutEcho(blocks []*block) []*block {
	if len(blocks) > 2 && isSummaryName(blocks[0].key()) && isEcho(blocks[1].key(), blocks[2:]) {
		return blocks[2:]
	}
	if len(blocks) > 1 && isEcho(withoutSummaryName(blocks[0].key()), blocks[1:]) {
		return blocks[1:]
	}
	return blocks
}

// isEcho reports whether a text begins with a summary, perhaps a cut one.
func isEcho(summary string, text []*block) bool {
	if summary = strings.TrimRight(summary, ".…"); size(summary) < minEcho {
		return false
	}
	begin := ""
	for _, b := range text {
		if begin += b.key(); len(begin) >= len(summary) {
			break
		}
	}
	return strings.HasPrefix(begin, summary)
}

// maxSummaryName is the size of the longest name of a summary.
const maxSummaryName = 24

// summaryNameEnds stand behind names of summaries.
const summaryNameEnds = ":：】]"

// isSummaryName reports whether a line is no more than the name of a summary.
func isSummaryName(key string) bool {
	rest := withoutSummaryName(key)
	return rest == "" || rest == key && summaryNames[key]
}

// withoutSummaryName is what stands behind the name of a summary, whatever that is: 导读：
// or [Abstract].
func withoutSummaryName(key string) string {
	i := strings.IndexAny(key, summaryNameEnds)
	if i < 0 || size(key[:i]) > maxSummaryName {
		return key
	}
	return strings.TrimLeft(key[i:], summaryNameEnds)
}

// summaryNames stand above summaries.
var summaryNames = map[string]bool{"摘要": true, "内容摘要": true, "导读": true, "核心提示": true, "内容提要": true, "简介": true, "summary": true, "abstract": true}

// headBlocks is how many blocks at the start of the text may be its head, where none follows on another.
const headBlocks = 14

// afterHead drops the headline and the lines with labels, date or writer with
// everything before them, until running text begins. Such lines right behind
// that, as below a lead, are dropped alone. It gives what was dropped as well.
func (p *Page) afterHead(blocks []*block, title string, labels map[*block]*labelLine) (text, head []*block) {
	from := 0
	key := squeezeLabel(title)
	var inText bool
	drop := map[*block]bool{}
	for i, b := range blocks {
		if i >= headBlocks && from < i {
			break
		}
		l := labels[b]
		info := l != nil && isInfoLine(l) && !p.isEvent(l) && !p.isOfAnotherDay(l) && !(i > 0 && p.isSaidAbove(l))
		stamp := isPassing(b) || isTime(b) || (isStampLine(b) || b.isLabelledDate()) && !p.isTold(b, l, blocks[0])
		switch {
		case (!inText || i < 4 && i < len(blocks)/2) && isCounterAt(blocks, i):
			drop[b] = true
			if !inText && from == i && i > 0 {
				from = i + 1
			}
		case inText && (info && len(l.labels) > 1 || i < 4 && i < len(blocks)/2 && stamp):
			drop[b] = true
		case inText:
		case info || stamp || i > 0 && from == i && (l != nil && isIndex(l) || isIndexCell(b) || isIndexValue(b, blocks[i-1], labels)) || key != "" && b.key() == key, isByline(b), isButton(b.text), i > 0 && from == i && isValueBelow(b, labels[blocks[i-1]]):
			from = i + 1
		case b.gain() > 0:
			inText = true
		}
	}
	if !inText {
		clear(drop)
	}
	for i, b := range blocks {
		if i < from || drop[b] {
			head = append(head, b)
		} else {
			text = append(text, b)
		}
	}
	return text, head
}

// isIndex reports whether all labels of a line are those of the index of public documents, as stand in
// the tables above Chinese ones, or of the rows above the text on boards.
func isIndex(l *labelLine) bool {
	return l.bare == "" && !slices.ContainsFunc(l.labels, func(x label) bool { return !indexNames[squeezeLabel(x.name)] })
}

var indexNames = map[string]bool{"索引号": true, "信息索引": true, "信息索引号": true, "文号": true, "发文字号": true, "文件字号": true, "文件编号": true, "主题词": true, "关键词": true, "分类": true, "主题分类": true, "信息分类": true, "体裁分类": true, "组配分类": true,
	"信息类别": true, "公开类别": true, "公开方式": true, "公开形式": true, "公开范围": true, "公开属性": true, "첨부파일": true, "첨부": true, "조회수": true, "조회": true, "제목": true, "件名": true, "添付ファイル": true, "閲覧数": true, "附件": true, "点击数": true, "浏览次数": true, "瀏覽次數": true, "點閱數": true, "载体类型": true, "服务对象": true, "有效性": true, "标题": true, "名称": true}

// isIndexCell reports whether a line is a cell with nothing but such a label, and no colon.
func isIndexCell(b *block) bool {
	return b.row != nil && b.runes <= maxLabel && indexNames[squeezeLabel(strings.TrimRight(b.text, ":： "))]
}

// isIndexValue reports whether a line is the cell or the definition behind a name of the index.
func isIndexValue(b, before *block, labels map[*block]*labelLine) bool {
	l := labels[before]
	if labels[b] == nil && isIndexCell(before) && b.row == before.row {
		return true
	}
	return labels[b] == nil && l != nil && isIndex(l) && l.labels[len(l.labels)-1].value == "" && (b.row != nil && b.row == before.row || b.node.DataAtom == atom.Dd && before.node.DataAtom == atom.Dt)
}

// isByline reports whether a line names the writer and does nothing else.
func isByline(b *block) bool {
	rest, ok := cutBy(b.text)
	return ok && b.size <= maxByline && !endsSentence(b.text) && namesBehindBy(b.beforeSeam(len(b.text)-len(rest))) != ""
}

// isTime reports whether a line is nothing but an element for a time, in whatever words.
func isTime(b *block) bool {
	for n := range b.node.Descendants() {
		if n.DataAtom == atom.Time {
			return shortText(n, 100) == b.text
		}
	}
	return b.node.DataAtom == atom.Time
}

// isPassing recognises short lines that say how long reading takes or how long ago the
// text was published: "5 min read", "3 Min Lesezeit", "By Ann Lee · 23 days ago".
func isPassing(b *block) bool {
	const longest = 90
	if b.size >= longest || !strings.ContainsAny(b.text, "0123456789") {
		return false
	}
	text := strings.ToLower(b.text)
	rest := strings.TrimLeft(text, "0123456789 ")
	return rest != text && b.size < 30 && strings.HasPrefix(rest, "min") || containsAny(text, agoWords) && ago.MatchString(text)
}

// agoWords are in all that ago finds.
var agoWords = []string{"ago", "前", "전", "il y a", "vor ", "hace ", "há ", "назад", "trước", "lalu", " read", "lesezeit", "de lecture", "de lectura", "de leitura"}

// ago finds the time since something, or that reading takes, at the end of a line or of a part of it.
var ago = regexp.MustCompile(`(?:\d{1,3} (?:minute|min|hour|day|week|month|year)s? ago|\d{1,3} ?(?:分钟|小时|天|周|个月|年)前|\d{1,3} ?(?:分|時間|日|週間|か月|年)前|\d{1,3} ?(?:분|시간|일|주|개월|년) ?전|il y a \d{1,3} (?:minute|heure|jour|semaine|mois|an)s?|vor \d{1,3} (?:minute|stunde|tag|woche|monat|jahr)(?:en|n|e)?|hace \d{1,3} (?:minuto|hora|día|semana|mes|año)(?:es|s)?|há \d{1,3} (?:minuto|hora|dia|semana|mês|ano)(?:es|s)?|\d{1,3} (?:минут|час|дн|ден|недел|месяц|год|лет)\pL{0,3} назад|\d{1,3} (?:phút|giờ|ngày|tuần|tháng|năm) trước|\d{1,3} (?:menit|jam|hari|minggu|bulan|tahun) (?:yang )?lalu|\d{1,3}[ -]min(?:ute|uten|uto)?s? (?:read|lesezeit|de lecture|de lectura|de leitura))\s*(?:$|[|｜·•/\-–—])`)

// isInfoLine reports whether the labels of a line speak of the article rather
// than of something in it.
func isInfoLine(l *labelLine) bool {
	known := 0
	for _, x := range l.labels {
		if x.kind == labelNoise || x.kind == labelNotDate {
			continue
		}
		known++
	}
	return known > 0 && l.block.runes < 200 && (len(l.labels) > 1 || size(l.block.text) < 80 || len(findStamps(l.bare, "", 1)) > 0)
}

// tailHeadings begin what follows an article.
var tailHeadings = []string{
	"相关文章", "相关阅读", "相关新闻", "相关链接", "相关报道", "相关信息", "延伸阅读", "推荐阅读", "热门推荐", "猜你喜欢", "上一篇", "下一篇", "上一条", "下一条", "相關新聞", "相關文章", "延伸閱讀",
	"related articles", "related stories", "related news", "related posts", "related content", "related links", "read more", "read also", "also read", "more from", "more news", "more stories",
	"you may also like", "you might also like", "recommended", "comments", "leave a reply", "leave a comment", "share this", "follow us", "read next", "most read", "previous post", "next post",
	"mehr zum thema", "lesen sie auch", "weitere artikel", "das könnte sie auch interessieren", "ähnliche artikel", "ähnliche beiträge", "kommentare", "schreibe einen kommentar", "verwandte artikel",
	"à lire aussi", "lire aussi", "articles similaires", "commentaires", "te puede interesar", "artículos relacionados", "notas relacionadas", "noticias relacionadas", "leia também", "leia mais", "veja também",
	"auch interessant", "weitere themen", "weitere nachrichten", "empfohlene beiträge", "empfohlene artikel", "war der artikel", "hat ihnen der artikel", "meistgelesen", "meist gelesen", "über den autor", "über die autorin", "zur startseite",
	"about the author", "about the writer", "this entry was posted", "this post was posted", "posted in", "der beitrag wurde", "dieser beitrag wurde", "dieser eintrag wurde", "der eintrag wurde", "view comments", "write a comment", "add a comment", "post a comment",
	"highlights aus dem heft", "noch keine bewertungen", "top stories", "latest news", "latest stories", "in other news", "from our partners", "around the web", "trending", "don't miss", "editor's picks", "recommended stories", "what to read next",
	"dans la même rubrique", "sur le même sujet", "à découvrir aussi", "à propos de l'auteur", "laisser un commentaire", "mots clés", "más noticias", "más información", "le puede interesar", "también te puede", "lo más leído", "deja un comentario", "deja una respuesta",
	"notícias relacionadas", "mais lidas", "deixe um comentário", "você pode gostar", "registrado em", "leggi anche", "articoli correlati", "potrebbe interessarti", "lascia un commento", "lees ook", "gerelateerde artikelen", "zobacz także", "zobacz też", "czytaj także", "czytaj też", "polecamy",
	"dodaj komentarz", "další články", "související články", "čtěte také", "mohlo by vás zajímat", "benzer haberler", "diğer haberler", "bài viết liên quan", "ilgili haberler", "ilgili konular", "etiketler", "yorumlar", "läs också", "les også", "les mer", "lue myös", "lue lisää", "taip pat skaitykite", "loe ka",
	"другие новости", "оставить комментарий", "комментарии", "теги", "схожі новини", "новини за темою", "коментарі", "あわせて読みたい", "おすすめ記事", "人気記事", "이전글", "다음글", "관련뉴스", "많이 본 뉴스", "댓글",
	"مواضيع ذات صلة", "أخبار ذات صلة", "الأكثر قراءة", "التعليقات", "bình luận", "tin khác", "tin cùng chuyên mục", "tin mới nhất", "xem thêm", "artikel terkait", "komentar", "ข่าวที่เกี่ยวข้อง", "บทความที่เกี่ยวข้อง",
	"更多新闻", "更多资讯", "最新文章", "热门文章", "网友评论", "发表评论", "用户评论", "最新消息", "相关推荐", "扫描二维码", "上一条：", "前一篇", "后一篇", "延伸閱讀", "上一則", "下一則", "相關連結",
	"новости по теме", "читайте также", "похожие новости", "материалы по теме", "читайте також", "関連記事", "関連ニュース", "お問い合わせ", "お問合せ", "問い合わせ先", "問合せ先", "このページに関するお問い合わせ", "このページの情報は役に立ちましたか", "より良いウェブサイトにするために", "アンケート", "ご意見をお聞かせください", "この情報は役に立ちましたか", "この記事に関するお問い合わせ", "관련기사", "관련 기사", "اقرأ أيضا", "tin liên quan", "bài liên quan", "baca juga", "berita terkait",
}

// beforeTail cuts at the first heading of what follows the article. Where the
// text goes on behind, as around a box, only the box is taken out.
func beforeTail(blocks []*block) []*block {
	total := 0
	for _, b := range blocks {
		total += max(b.gain(), 0)
	}
	text := 0
	var out []*block
	for i := 0; i < len(blocks); i++ {
		b := blocks[i]
		if text > 0 && b.size < 60 && isTailHeading(b) {
			if b.linked > 0 && goesOn(blocks, i) {
				continue // a pointer to another story between two paragraphs
			}
			if next := resumes(blocks, i); next > 0 {
				i = next - 1
				continue
			}
			if text*100 >= total*tailShare && !tellsOn(blocks[i+1:], b) {
				return out
			}
		}
		text += max(b.gain(), 0)
		out = append(out, b)
	}
	return out
}

// minResumed is how many paragraphs make a text go on behind a box.
const minResumed = 3

// resumes gives the index of the paragraph with which the text goes on behind
// the heading of a box, 0 when it does not: paragraphs in an element like that
// of those before it, behind lines that are links or short.
func resumes(blocks []*block, heading int) int {
	before := map[string]bool{}
	for _, b := range blocks[:heading] {
		if b.gain() > 0 {
			before[describe(holder(b.node))] = true
		}
	}
	first, found := 0, 0
	for i, b := range blocks[heading+1:] {
		if b.gain() <= 0 || b.linked*5 > b.runes || !before[describe(holder(b.node))] {
			continue
		}
		if first == 0 {
			first = heading + 1 + i
		}
		found++
	}
	if found < minResumed || first == heading+1 {
		return 0
	}
	return first
}

// tellsOn reports whether what stands below a heading such as "latest news" is text: running
// text comes first, and nothing is a link. Below one of readers or writers it is theirs.
func tellsOn(below []*block, heading *block) bool {
	if len(below) == 0 || below[0].gain() <= 0 || containsAny(strings.ToLower(heading.text), othersWords) {
		return false
	}
	return !slices.ContainsFunc(below, func(b *block) bool { return b.linked > 0 })
}

// othersWords are parts of headings above what readers say, or what is said of the writer.
var othersWords = []string{"comment", "komment", "coment", "коммент", "коментар", "yorum", "评论", "댓글", "bình luận", "التعليقات", "reply", "respuesta", "autor", "auteur", "author", "writer"}

// tailShare is the part of the running text, in percent, that has to stand
// before a heading such as "read more" for it to end the article: many stand in
// the middle.
const tailShare = 60

func isTailHeading(b *block) bool {
	if b.heading == 0 && b.linked == 0 && (strings.HasSuffix(b.text, ".") && !strings.HasSuffix(b.text, "..") && strings.Contains(b.text, " ") || endsHanSentence(b.text)) {
		return false // a sentence of the text
	}
	text := strings.ToLower(strings.Trim(b.text, " :：【】[]()（）>»-|·•"))
	for _, h := range tailHeadings {
		if text == h || strings.HasPrefix(text, h) && (b.heading > 0 || b.linked > 0 || size(text) <= size(h)+10) {
			return true
		}
	}
	return false
}

// withoutAsides drops lines inside the text that are no part of it: credits of
// pictures and pointers to other stories. What stands in a row with more stays, as a
// column "Close" in a table of prices.
func withoutAsides(blocks []*block) []*block {
	cells := map[*html.Node]map[*html.Node]bool{} // with text, of each row
	for _, b := range blocks {
		if b.row != nil && b.cell != nil {
			if cells[b.row] == nil {
				cells[b.row] = map[*html.Node]bool{}
			}
			cells[b.row][b.cell] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(blocks), func(b *block) bool {
		return len(cells[b.row]) < 2 && (isCredit(b) || isPointer(b) || isFiller(b))
	})
}

// fillers are lines that stand where something else was shown.
var fillers = []string{"advertisement", "advertising", "anzeige", "werbung", "publicité", "publicidad", "publicidade", "pubblicità", "reklam", "reklama", "реклама", "iklan", "annonse", "annons", "广告", "廣告", "広告", "광고",
	"video", "videos", "loading...", "loading", "caption", "close", "play video", "story continues below", "article continues below", "continue reading", "weiterlesen"}

func isFiller(b *block) bool {
	if strings.HasPrefix(b.text, "------") && strings.Trim(b.text, "-分隔线 ") == "" {
		return true // the mark at which DedeCMS cuts a text in pages
	}
	return b.size < 40 && slices.Contains(fillers, strings.ToLower(strings.Trim(b.text, " :.[]()-–—")))
}

// creditStarts and creditEnds mark lines that say where a picture is from.
var (
	creditStarts = []string{"(image:", "image copyright", "image caption", "image credit", "(image credit", "image:", "photo:", "photos:", "(photo:", "(photo by", "photo by ", "photo credit", "foto:", "fotos:",
		"bild:", "bildquelle", "photograph:", "crédit photo", "crédits :", "getty images", "picture:", "фото:", "写真：", "写真:", "사진=", "图片来源", "圖片來源", "media playback is unsupported"}
	creditEnds = []string{"getty images", "getty images)", "(image: getty)", "(image: getty )", "/afp", "/reuters", "/ap)", "/afp)", "/reuters)"}
)

// maxCredit is the size up to which a line can be the caption of a picture.
const maxCredit = 240

func isCredit(b *block) bool {
	if b.heading > 0 || b.size > maxCredit {
		return false
	}
	text := strings.ToLower(b.text)
	for _, w := range creditStarts {
		if strings.HasPrefix(text, w) && size(text) < maxCredit/2 {
			return true
		}
	}
	for _, w := range creditEnds {
		if strings.HasSuffix(text, w) {
			return true
		}
	}
	open := strings.LastIndexAny(text, "([（【")
	return open >= 0 && strings.ContainsAny(text[len(text)-1:], ")]") && startsWithAny(text[open+1:], []string{"image:", "image credit", "photo by", "photo provided", "photo/", "photo:", "foto:"})
}

func startsWithAny(text string, starts []string) bool {
	return slices.ContainsFunc(starts, func(w string) bool { return strings.HasPrefix(text, w) })
}

// pointers begin lines that send the reader to another story.
var pointers = []string{"related:", "【相关", "[相关", "[related", "related story", "read more", "also read", "read also", "see also", "see more", "read next", "don't miss", "don’t miss", "also on ", "more:", "watch:", "listen:",
	"lesen sie", "mehr zum thema", "zum artikel", "auch interessant", "延伸阅读", "相关阅读", "推荐阅读", "相关新闻", "相关报道", "lire aussi", "à lire", "lee también", "leia também", "leia mais", "veja também", "czytaj więcej", "czytaj też", "читайте также", "читайте:", "читайте ще",
	"taip pat skaitykite", "baca juga", "xem thêm", "les også", "läs också", "läs mer", "leggi anche", "lees ook", "čtěte také", "click here", "skip past"}

// isPointer recognises a line that is little more than a link to another story
// and says so, or shouts it.
func isPointer(b *block) bool {
	if b.linked*2 < b.runes || b.size > 200 || b.heading > 0 {
		return false
	}
	text := strings.ToLower(strings.TrimLeft(b.text, "([>»• "))
	return startsWithAny(text, pointers) || b.linked*10 > b.runes*9 && strings.ToUpper(b.text) == b.text && text != b.text
}
