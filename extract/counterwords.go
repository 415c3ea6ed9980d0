package extract

import (
	"iter"
	"strings"
)

// A counterWord is one that counters are made of.
type counterWord struct {
	counted bool // it says what is counted
	joined  bool // it is of a script that joins its words
}

// counterWords are looked up in small letters. Some are several words.
var counterWords = func() map[string]counterWord {
	m := map[string]counterWord{}
	for _, of := range []struct {
		words string
		is    counterWord
	}{{aroundCounted, counterWord{}}, {countedWords, counterWord{counted: true}}, {aroundJoined, counterWord{joined: true}}, {countedJoined, counterWord{counted: true, joined: true}}} {
		for w := range strings.SplitSeq(of.words, "|") {
			m[w] = of.is
		}
	}
	return m
}()

// maxCounterWord is how many bytes the longest of them has.
var maxCounterWord = func() (longest int) {
	for w := range counterWords {
		longest = max(longest, len(w))
	}
	return longest
}()

// isOfCounters reports whether a line, in small letters without figures and signs, is made
// of the words of counters alone.
func isOfCounters(line string) bool {
	begins := make([]bool, len(line)+1) // where a word may begin, or the line end
	begins[0] = true
	for i := range line {
		if !begins[i] {
			continue
		}
		for end := range counterWordsAt(line, i) {
			if end < len(line) && line[end] == ' ' {
				end++
			}
			begins[end] = true
		}
	}
	return begins[len(line)]
}

// saysWhatIsCounted reports whether one of the words of such a line does.
func saysWhatIsCounted(line string) bool {
	for i := range line {
		for _, word := range counterWordsAt(line, i) {
			if word.counted && (word.joined || i == 0 || line[i-1] == ' ') {
				return true
			}
		}
	}
	return false
}

// counterWordsAt gives the words of counters that begin at a byte of a line, with where they
// end: those of scripts with blanks before one.
func counterWordsAt(line string, i int) iter.Seq2[int, counterWord] {
	return func(yield func(int, counterWord) bool) {
		for n := 1; n <= min(len(line)-i, maxCounterWord); n++ {
			word, ok := counterWords[line[i:i+n]]
			if ok && (word.joined || i+n == len(line) || line[i+n] == ' ') && !yield(i+n, word) {
				return
			}
		}
	}
}

// Words of scripts with blanks.
const (
	countedWords = `pv|uv|нравится|gefällt mir|j aime|me gusta|me gustas|gosto|curtir|curtidas|mi piace|beğen|beğeni|beğenme|thích|lượt thích|suka|أعجبني|إعجاب|إعجابات|좋아요|consultations|impressions|plays|votes|vote|view|views|viewed|seen|affichage|affichages|clic|clics|impactos|acessado|acessados|acessada|acessadas|просмотрели|показов|đã đọc|شوهد|pageview|` +
		`pageviews|read|reads|reading|readings|hit|hits|visit|visits|click|clicks|clicked|you are visitor|you are reader|you are the visitor|you are the reader|` +
		`visitor no|visitor number|visitor count|reader no|reader number|reader count|like|likes|share|shares|shared|comment|comments|popularity|rating|ratings|` +
		`rated|aufrufe|seitenaufrufe|aufgerufen|gelesen|zugriffe|angesehen|angeschaut|klicks|kommentar|kommentare|vu|vu par|vus|vus par|vue|vue par|vues|` +
		`vues par|lu|lus|lue|lues|consulté|consultée|visite|visites|lecture|lectures|commentaire|commentaires|vista|vistas|visto|visita|visitas|leído|leída|` +
		`lectura|lecturas|visualizaciones|comentario|comentarios|acesso|acessos|visualizações|visualizada|lido|lida|leitura|leituras|comentário|comentários|` +
		`letto|letta|letture|visualizzazioni|просмотр|просмотров|просмотры|просмотра|просмотрено|прочитано|прочитана|прочтений|посещений|переглядів|переглянуто|` +
		`wyświetleń|wyświetlenia|odsłon|przeczytano|okunma|okundu|görüntülenme|görüntüleme|lượt xem|lượt đọc|lượt truy cập|đã xem|dilihat|dibaca|pembaca|مشاهدا|` +
		`مشاهدات|المشاهدات|مشاهدة|قراءات|قراءة|القراءات|زيارات|الزيارات|조회|조회수|추천|추천수|댓글|댓글수`
	aroundCounted = `this|the|article|news|story|page|item|post|website|has|have|been|was|is|are|you|it|time|times|x|in|total|number|no|nr|count|counter|of|so|far|already|` +
		`people|persons|readers|visitors|users|by|now|since|today|yesterday|user|star|stars|out|this month|print|email|e|mail|close|favorite|favorites|` +
		`favourite|favourites|k|m|dieser|diese|der|die|artikel|seite|beitrag|meldung|wurde|bisher|anzahl|mal|ce|cet|cette|a|à|été|fois|nombre|de|personnes|este|` +
		`esta|artículo|página|noticia|nota|ha|sido|fue|veces|número|personas|artigo|notícia|foi|vezes|pessoas|questo|articolo|è|stato|volte|количество|число|` +
		`раз|раза|эту|страницу|новость|кількість|liczba|razy|sayısı|kez|defa|số|lần|bài|viết|này|kali|orang|jumlah|ini|telah|berita|عدد|مرة|مرات|هذا|الخبر|` +
		`المقال|تم|수|회|명|건|이|글|기사`
)

// Words of scripts that join theirs.
const (
	countedJoined = `いいね|ถูกใจ|已读|已讀|阅读|浏览|点击|访问|人气|热度|点赞|阅览|查看|看过|读过|围观|评论|播放|评分|有用|没用|收藏|转发|在线|顶|踩|閱讀|瀏覽|點擊|訪問|人氣|閱覽|點閱|閲覧|アクセス|ビュー|เข้าชม|เปิดอ่าน|ผู้ชม|อ่าน`
	aroundJoined  = `次数|次數|分|评|条|條|則|则|人数|人數|次|数|數|万|量|率|已经|已經|已|被|本|该|該|此|文章|新闻|新聞|稿件|信息|资讯|内容|页面|頁面|网页|網頁|文|页|頁|您|你|是|第|位|者|人次|人|有|共|累计|累計|总计|总|總|回|件|网友|读者|访客|过|了|今日|昨日|本站|当前|打印|关闭|窗口|` +
		`返回|分享|字号|字体|大|中|小|の|この|記事|ページ|จำนวน|ผู้|ครั้ง|คน|แล้ว|ยอด|ข่าว|นี้`
)
