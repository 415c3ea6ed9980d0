package extract

import (
	"regexp"
	"strings"
	"unicode"
)

// longestCounter is the size of the longest line that can be a counter.
const longestCounter = 64

// isCounter reports whether a line only says how often the page was read, liked, shared
// or answered, or how long it took to make: another number at each visit, and no part of
// the text. Words that also count what a text tells of, as "Visitors: 55,000", are none of it.
func isCounter(text string) bool {
	if size(text) > longestCounter || !strings.ContainsAny(text, "0123456789:：") {
		return size(text) <= longestCounter && unanswered.MatchString(text)
	}
	if endsSentence(text) && !ofThisPage.MatchString(text) {
		return false
	}
	words := strings.Join(strings.FieldsFunc(strings.ToLower(text), isNoWord), " ")
	return counterLine.MatchString(words) && counted.MatchString(words) || generated.MatchString(text)
}

// isCounterAt reports whether a line is a counter, or half of one on two lines, as "Views"
// and "55", and not one of the figures of a text, as "Visits: 5,000" between "Guests:
// 300" and "Contracts: 40".
func isCounterAt(blocks []*block, i int) bool {
	text := func(i int) string {
		if i < 0 || i >= len(blocks) || blocks[i].heading > 0 || blocks[i].size > longestCounter {
			return ""
		}
		return blocks[i].text
	}
	figure := func(i int) bool {
		_, value, labelled := strings.Cut(strings.ReplaceAll(text(i), "：", ":"), ":")
		return labelled && strings.ContainsAny(value, "0123456789") && !isCounter(text(i)) && len(blocks[i].stamps()) == 0
	}
	this, before, behind := text(i), text(i-1), text(i+1)
	is := false
	switch {
	case isBareNumber(this):
		is = !isBareNumber(before) && before != "" && isCounter(before+" "+this) || behind != "" && !isBareNumber(behind) && isCounter(this+" "+behind) || reactions.MatchString(this)
	case isBareNumber(behind):
		is = isCounter(this + " " + behind)
	default:
		is = isCounter(this) || isBareNumber(before) && isCounter(before+" "+this)
	}
	return is && !figure(i-1) && !figure(i+1) && !inRowOfCells(blocks, i)
}

// inRowOfCells reports whether a line stands in a row of a table with another cell.
func inRowOfCells(blocks []*block, i int) bool {
	for _, j := range []int{i - 1, i + 1} {
		if j >= 0 && j < len(blocks) && blocks[i].row != nil && blocks[j].row == blocks[i].row && blocks[j].cell != blocks[i].cell {
			return true
		}
	}
	return false
}

// counterAt is where in a line of labels a number of readers begins that goes on to its end,
// -1 where there is none: the shortest end of the line that is a counter, with the words
// that lead to it. There also words count that tell of something else in texts.
func counterAt(line string) int {
	at := -1
	inWord, inNumber := false, false
	for i, r := range line {
		was, wasNumber := inWord, inNumber
		inNumber = unicode.IsDigit(r) || wasNumber && (r == '.' || r == ',')
		inWord = unicode.IsLetter(r) || unicode.IsMark(r) || inNumber
		rest := line[i:]
		if reactions.MatchString(rest) {
			return len(strings.TrimSpace(line[:i]))
		}
		begins := inWord && (!was || inNumber && !wasNumber) || unicode.Is(unicode.Han, r) && beginsJoined.MatchString(rest)
		if begins && size(rest) <= longestCounter && len(numbers.FindAllStringIndex(rest, 2)) == 1 && (isCounter(rest) || counterInLine.MatchString(rest)) {
			at = i
		}
	}
	if at > 0 {
		before := line[:at]
		if strings.HasPrefix(strings.ToLower(line[at:]), "read") {
			before = timesBefore.ReplaceAllString(before, "")
		}
		at = len(leadsToCounter.ReplaceAllString(before, "$1"))
	}
	return at
}

// isBareNumber reports whether a line holds figures and no word.
func isBareNumber(text string) bool {
	return strings.ContainsAny(text, "0123456789") && strings.IndexFunc(text, unicode.IsLetter) < 0
}

func isNoWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }

var (
	// generated finds what a server says of its work.
	generated = regexp.MustCompile(`(?i)^(?:page )?(?:generated|processed|executed|loaded|rendered|created) in [\d.,]+ ?(?:s|ms|seconds?|second\(s\)|milliseconds?)\b.{0,30}$|^页面(?:执行|加载|生成)(?:时间|耗时)`)
	// ofThisPage finds what a sentence says of the page that it stands on.
	ofThisPage = regexp.MustCompile(`(?i)\b(?:this|you are|dieser|diese|cet|cette|este|esta|questo|ini)\b|本文|本页|此文|该文|您是|本信息`)
	// unanswered says that nobody has commented.
	unanswered = regexp.MustCompile(`(?i)^(?:no|sin|no hay|keine|aucun|pas de|nenhum|nessun|geen|sem) (?:comments?(?: yet)?|comentarios?|kommentare|commentaires?|comentários?|commento|reacties)$|^(?:暂无评论|没有评论|コメントはありません|댓글 없음|нет комментариев)$`)
	// counterInLine finds what only on a line of labels counts those who read the page.
	counterInLine = regexp.MustCompile(`(?i)^(?:visitors?|readers?|visited|brows(?:ed?|ing)|besucher|leser|visiteurs|lecteurs|visitantes|lectores|leitores|посетителей|читателей|đọc|xem|số lần xem|الزوار|عدد الزوار|关注度|关注|浏览者|熱度)\s*(?:no\.?)?\s*[:：(（]?\s*[\d,.]+\s*[)）]?\s*(?:times|次|人|lần)?$`)
	// leadsToCounter finds the words before a counter that belong to it.
	leadsToCounter = regexp.MustCompile(`(?i)(^|[^\pL\pM])(?:(?:total|page|number|count|of|the number|you|are|nombre|número|numero|de|d'|du|la|количество|число|кількість|liczba|anzahl|số|lượt|lần|đã|عدد)\s+)+$|(?:已有|共有|已经|已被|已|共|被|本文|该文|此文|总|累计|总计|您是第|第|本页|本信息)+\s*$`)
	timesBefore    = regexp.MustCompile(`(?i)\btimes\s+$`)
	// numbers are the numbers of a line, beginsJoined words that count in scripts that join theirs.
	numbers      = regexp.MustCompile(`\d+(?:[.,]\d+)*`)
	beginsJoined = regexp.MustCompile(`^(?:` + countedJoined + `)`)
	// reactions finds signs for reading and liking with their numbers.
	reactions = regexp.MustCompile(`^(?:[\x{2600}-\x{27BF}\x{1F300}-\x{1FAFF}]\x{FE0F}?\s*\d[\d,.]*[kKmM万]?\s*)+$`)
)

// counted holds words for what is counted, and counterLine lines of nothing but these and
// words around them; both take words in small letters without figures and signs.
var (
	counted = regexp.MustCompile(`(?:^| )(?:` + countedWords + `)(?: |$)|` + countedJoined)

	counterLine = regexp.MustCompile(`^(?:(?:` + countedWords + `|` + aroundCounted + `)(?: |$)|(?:` + countedJoined + `|` + aroundJoined + `) ?)+$`)
)

// Words of scripts with blanks.
const (
	countedWords = `views?|viewed|seen|affichages?|clics?|impactos|acessad[oa]s?|просмотрели|показов|đã đọc|شوهد|pageviews?|reads?|readings?|hits?|visits?|clicks?|clicked|you are (?:the )?(?:visitor|reader)|(?:visitor|reader) (?:no|number|count)|likes?|shares?|shared|comments?|popularity|ratings?|rated|` +
		`aufrufe|seitenaufrufe|aufgerufen|gelesen|zugriffe|angesehen|angeschaut|klicks|kommentare?|vue?s?(?: par)?|lue?s?|consultée?|visites?|lectures?|commentaires?|` +
		`vistas?|visto|visitas?|leíd[oa]|lecturas?|visualizaciones|comentarios?|acessos?|visualizações|visualizada|lid[oa]|leituras?|comentários?|lett[oa]|letture|visualizzazioni|visite|` +
		`просмотр(?:ов|ы|а)?|просмотрено|прочитан[оа]|прочтений|посещений|переглядів|переглянуто|wyświetle(?:ń|nia)|odsłon|przeczytano|okunma|okundu|görüntülenme|görüntüleme|` +
		`lượt xem|lượt đọc|lượt truy cập|đã xem|dilihat|dibaca|pembaca|مشاهدات?|المشاهدات|مشاهدة|قراءات|قراءة|القراءات|زيارات|الزيارات|조회|조회수|추천수?|댓글수?`
	aroundCounted = `this|the|article|news|story|page|item|post|website|has|have|been|was|is|are|you|it|times?|x|in|total|number|no|nr|count|counter|of|so|far|already|people|persons|readers|visitors|users|by|now|since|today|yesterday|users?|stars?|out|this month|` +
		`print|email|e|mail|close|favou?rites?|k|m|dieser|diese|der|die|artikel|seite|beitrag|meldung|wurde|bisher|anzahl|mal|cet?|cette|a|à|article|page|été|fois|nombre|de|personnes|` +
		`este|esta|artículo|página|noticia|nota|ha|sido|fue|veces|número|personas|artigo|notícia|foi|vezes|pessoas|questo|articolo|è|stato|volte|количество|число|раз|раза|эту|страницу|новость|кількість|liczba|razy|sayısı|kez|defa|` +
		`số|lần|bài|viết|này|kali|orang|jumlah|artikel|ini|telah|berita|عدد|مرة|مرات|هذا|الخبر|المقال|تم|수|회|명|건|이|글|기사`
)

// Words of scripts that join theirs.
const (
	countedJoined = `已读|已讀|阅读|浏览|点击|访问|人气|热度|点赞|阅览|查看|看过|读过|围观|评论|收藏|转发|在线|顶|踩|閱讀|瀏覽|點擊|訪問|人氣|閱覽|點閱|閲覧|アクセス|ビュー|เข้าชม|เปิดอ่าน|ผู้ชม|อ่าน`
	aroundJoined  = `次数|次數|人数|人數|次|数|數|万|量|率|已经|已經|已|被|本|该|該|此|文章|新闻|新聞|稿件|信息|资讯|内容|页面|頁面|网页|網頁|文|页|頁|您|你|是|第|位|者|人次|人|有|共|累计|累計|总计|总|總|回|件|网友|读者|访客|过|了|` +
		`今日|昨日|本站|当前|打印|关闭|窗口|返回|分享|字号|字体|大|中|小|の|この|記事|ページ|จำนวน|ผู้|ครั้ง|คน|แล้ว|ยอด|ข่าว|นี้`
)
