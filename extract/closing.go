package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/atom"
)

// closingSpan is how many lines at the end are looked through for one that
// closes the page.
const closingSpan = 8

// withoutClosing drops the lines that close a page, with short lines that
// stand between and behind them.
func (p *Page) withoutClosing(blocks []*block, labels map[*block]*labelLine) []*block {
	blocks = blocks[:p.closingFields(blocks, labels)]
	end := len(blocks)
	counters := map[*block]bool{}
loop:
	for i := len(blocks) - 1; i >= max(0, len(blocks)-closingSpan); i-- {
		switch b := blocks[i]; {
		case isClosing(b) && !isBelowGrid(blocks, i), i == end-1 && isLoose(b, labels):
			end = i
		case isCounterAt(blocks, i):
			counters[b] = true
		case b.gain() > 0:
			break loop
		}
	}
	end = p.closingFields(blocks[:end], labels)
	return slices.DeleteFunc(slices.Clone(blocks[:end]), func(b *block) bool { return counters[b] })
}

// closingFields gives how many lines stand before those at the end that have the date, the
// writer, the source or the editor of the article one below the other, each with its label. A
// day alone may be that of something announced.
func (p *Page) closingFields(blocks []*block, labels map[*block]*labelLine) int {
	from, signed := len(blocks), false
	for i := len(blocks) - 1; i > 0 && i >= len(blocks)-closingSpan; i-- {
		l := labels[blocks[i]]
		if l == nil && isValueBelow(blocks[i], labels[blocks[i-1]]) {
			i--
			l = labels[blocks[i]]
		}
		if l == nil || !isField(l) || p.isEvent(l) || isBelowGrid(blocks, i) {
			break
		}
		from, signed = i, signed || isSignature(l)
	}
	if !signed {
		return len(blocks)
	}
	return from
}

// isField reports whether a line is nothing but fields of the article.
func isField(l *labelLine) bool {
	return l.bare == "" && l.block.size <= maxField && !slices.ContainsFunc(l.labels, func(x label) bool {
		return x.kind == labelNotDate || contacts[squeezeLabel(x.name)] || endsSentence(x.value)
	})
}

// maxField is the size up to which a line can be a field at the end of a text.
const maxField = 100

// isSignature reports whether a field says who wrote the text or gave it out, or when that was.
func isSignature(l *labelLine) bool {
	return slices.ContainsFunc(l.labels, func(x label) bool {
		switch x.kind {
		case labelAuthor, labelSource, labelEditor:
			return true
		case labelDate, labelUpdated:
			return !eventNames[squeezeLabel(x.name)]
		}
		return false
	})
}

// isValueBelow reports whether a line is the value of the label that ends the line above it.
func isValueBelow(b *block, above *labelLine) bool {
	if above == nil {
		return false
	}
	last := above.labels[len(above.labels)-1]
	return last.value != "" && last.value == cleanValue(b.text)
}

// closingWords begin lines that close a page and are no part of the text.
var closingWords = []string{
	"责任编辑", "责编", "编辑：", "编辑:", "编辑 ", "编辑丨", "编辑|", "编校：", "编校:", "一审：", "一审:", "扫一扫", "分享到", "分享：", "打印", "关闭窗口", "关闭】", "关闭]", "关闭）", "本期编辑", "上传：", "排版：", "分享让更多人看到", "本文来源：", "阅读原文", "返回顶部", "返回列表",
	"文件下载", "关联文件", "主办单位", "版权所有", "来源：", "作者：", "審核", "审核：", "初审", "校对：", "責任編輯", "友善列印", "我要纠错", "二维码", "更多精彩",
	"share this", "share on", "share via", "share", "print", "printer", "printable", "tags", "tag:", "topics", "filed under", "copyright", "©", "<copyright", "all rights reserved", "source:", "permalink:", "文章链接：", "文章链接:", "本文链接：", "本文链接:", "本文网址：", "本文网址:", "editor:", "editors:", "web editor:", "edited by", "close", "back to top", "return to list", "download pdf", "- end -", "-end-", "advertisement", "click here to",
	"tweet", "facebook", "twitter", "whatsapp", "email", "drucken", "teilen", "quelle:", "schlagwörter", "imprimer", "partager", "compartir", "etiquetas", "compartilhe", "compartilhar", "condividi", "udostępnij", "drukuj", "wydrukuj", "paylaş", "yazdır", "chia sẻ", "in trang", "bản in", "bagikan", "cetak", "versión para imprimir", "версия для печати", "wersja do druku", "version imprimable", "druckversion", "versão para impressão", "stampa", "نسخة للطباعة", "طباعة", "распечатать", "поделиться", "теги", "источник:",
	"fuente:", "fonte:", "source :", "nguồn:", "sumber:", "джерело:", "źródło:", "kaynak:", "дереккөз:", "المصدر:", "출처", "出典：", "출처:", "첨부파일", "담당부서", "담당자", "assessoria de comunicação", "###", "ends", "-ends-", "- ends -",
	"scan the qr code", "scan qr code", "scan the code", "scan to ", "registrado em", "categoría:", "categoria:", "mots-clés", "etiketler", "tagi:", "tags:", "タグ", "無断転載", "무단 전재", "weitere informationen", "häufig gelesen", "meistgelesen",
}

// signOffs begin or end the last lines of an article that speak of the paper
// and its writers; they may be sentences.
var (
	signOffStarts = []string{
		"版权声明：", "版权声明:", "免责声明：", "免责声明:", "版權聲明：",
		"follow ", "sign up", "subscribe", "like this story", "have a tip", "do you have a story", "got a story", "get in touch", "get the latest", "stay informed", "for more stories", "for more on ", "reach the reporter",
		"write to ", "email ", "contact the writer", "contact the author", "additional reporting", "with reporting", "with reports from", "reporting by", "first published", "this article was first", "this story was first",
		"this article originally", "this story originally", "originally published", "there's plenty more", "more ap ", "download the ", "join our", "our website is", "listen to ", "you can follow", "– additional reporting",
		"hat ihnen dieser artikel", "ihre meinung ist uns", "dieses thema im programm", "sendung:", "zitiervorschlag", "dieser artikel ist eine übersetzung", "dieser artikel erschien", "jetzt abonnieren", "newsletter",
		"suivez-nous", "abonnez-vous", "síguenos", "suscríbete", "siga-nos", "inscreva-se", "подписывайтесь", "підписуйтесь", "czytaj dalej", "śledź nas", "segui ",
	}
	signOffEnds = []string{"contributed to this report.", "contributed to this story.", "contributed to this article.", "contributed reporting.", "contributed.", "contributed to this report"}
)

// signsOff reports whether what begins as some signOffStarts do is one: "Follow us", but not "Follow the money".
func signsOff(text string) bool {
	for start, words := range map[string][]string{"follow ": {" us", " me", " him", " her", " our", "@", "twitter", "facebook", "instagram", "linkedin", "whatsapp", "google", "http", "coverage", "more stories"}, "download the ": {" app"}, "listen to ": {"podcast", "episode", "radio", " live", " here"}} {
		if strings.HasPrefix(text, start) {
			return containsAny(text, words)
		}
	}
	return true
}

// maxSignOff is the size up to which a line can be a sign-off.
const maxSignOff = 320

// isClosing recognises a line at the end that does not belong to the text.
func isClosing(b *block) bool {
	text := strings.ToLower(strings.TrimLeft(b.text, " 　[]【】()（）〔〕"))
	if size(text) <= maxSignOff && (startsWithAny(text, signOffStarts) && signsOff(text) || slices.ContainsFunc(signOffEnds, func(w string) bool { return strings.HasSuffix(text, w) })) {
		return true
	}
	if b.size > 80 {
		return b.size <= maxSignOff && isNeighbour(b, text)
	}
	sentence := endsHanSentence(text)
	return isButton(b.text) || isNeighbour(b, text) || slices.ContainsFunc(closingWords, func(w string) bool {
		return closesWith(text, w) && !(sentence && slices.Contains(closingHan, w)) && !(w == "email" && strings.Contains(text, "@")) && !goesOnAsText(b, text, w)
	})
}

// neighbours are what the articles before and behind are called.
var neighbours = []string{"previous", "prev article", "prev post", "previous post", "next post", "older post", "newer post", "older", "newer", "上一页", "下一页", "previous article", "previous news", "prev", "next", "next article", "next news", "last article", "vorheriger", "nächster", "précédent", "suivant", "anterior", "siguiente", "próximo", "предыдущая", "следующая", "上一篇", "下一篇", "上一条", "下一条", "上一則", "下一則",
	"上一篇新闻", "下一篇新闻", "前一篇", "后一篇", "上一篇文章", "下一篇文章", "上一頁", "下一頁", "前の記事", "次の記事", "前へ", "次へ", "이전글", "다음글", "이전", "다음", "이전기사", "다음기사", "предыдущая новость", "следующая новость", "предыдущая статья", "следующая статья", "предыдущий", "следующий",
	"попередня", "наступна", "попередня новина", "наступна новина", "vorheriger beitrag", "nächster beitrag", "vorheriger artikel", "nächster artikel", "zurück", "weiter", "article précédent", "article suivant", "précédente", "suivante",
	"noticia anterior", "noticia siguiente", "artículo anterior", "artículo siguiente", "próxima", "notícia anterior", "próxima notícia", "precedente", "successivo", "vorige", "volgende", "poprzedni", "następny", "poprzednia", "następna", "předchozí", "následující", "önceki", "sonraki", "önceki haber", "sonraki haber",
	"السابق", "التالي", "المقال السابق", "المقال التالي", "الخبر السابق", "الخبر التالي", "bài trước", "bài sau", "tin trước", "tin sau", "bài cũ hơn", "bài mới hơn", "bài viết trước", "bài viết sau", "sebelumnya", "berikutnya", "selanjutnya", "berita sebelumnya", "berita berikutnya", "artikel sebelumnya", "ก่อนหน้า", "ถัดไป", "ข่าวก่อนหน้า", "ข่าวถัดไป"}

// isNeighbour reports whether a line leads to the article before or behind, or says that there is none:
// "Next: Port project signed".
func isNeighbour(b *block, text string) bool {
	if name, rest, named := strings.Cut(strings.ReplaceAll(text, "：", ":"), ":"); named && slices.Contains(neighbours, strings.TrimSpace(name)) {
		return b.linked*2 >= b.runes-len([]rune(name)) || size(rest) <= len(" no more articles") && !strings.HasSuffix(rest, ".")
	}
	if b.linked*2 < b.runes {
		return false
	}
	return pointsOn(text) || slices.ContainsFunc(neighbours, func(w string) bool { return closesWith(strings.TrimLeft(text, arrows+" "), w) })
}

// arrows point to the article before or behind.
const arrows = "«»‹›←→<>◀▶"

// pointsOn reports whether a text begins or ends with an arrow. A pair of them are quotes: «Rules of the port».
func pointsOn(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	last, _ := utf8.DecodeLastRuneInString(text)
	return strings.ContainsRune(arrows, first) != strings.ContainsRune(arrows, last)
}

// closesWith reports whether a line begins with a word that closes pages. A Latin or Korean one is a
// whole word, and one that sentences begin with as well not the first of a sentence:
// "Shareholders will vote on Friday." may well be the last paragraph.
func closesWith(line, word string) bool {
	rest, ok := strings.CutPrefix(line, word)
	last, _ := utf8.DecodeLastRuneInString(word)
	next, _ := utf8.DecodeRuneInString(rest)
	if ok && unicode.Is(unicode.Hangul, last) {
		return !unicode.Is(unicode.Hangul, next)
	}
	if !ok || !mostlyLatin(word) || !unicode.IsLetter(last) {
		return ok
	}
	return !unicode.IsLetter(next) && !unicode.IsDigit(next) && !(slices.Contains(closingVerbs, word) && endsSentence(rest))
}

// goesOnAsText reports whether a line that begins with a word that closes pages is text: a sentence of
// several words, or words that say something else, as "Share of renewables: 61 per cent".
func goesOnAsText(b *block, text, word string) bool {
	last, _ := utf8.DecodeLastRuneInString(word)
	if b.linked > 0 || !unicode.IsLetter(last) || mostlyHan(word) || strings.ContainsAny(text, "©@") {
		return false
	}
	rest := strings.Fields(text[len(word):])
	if strings.HasPrefix(word, "copyright") {
		return len(rest) > 2 && !strings.ContainsAny(text, "0123456789")
	}
	if !slices.Contains(closingVerbs, word) || len(rest) < 2 || !startsInLetter(rest[0]) || closingObjects[strings.Trim(rest[0], ".,:")] || strings.HasPrefix(text[len(word):], ":") {
		return false
	}
	return len(rest) > 2 || strings.HasSuffix(text, ".")
}

func startsInLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

// closingObjects follow such a word where it is a button.
var closingObjects = map[string]bool{"this": true, "on": true, "via": true, "with": true, "to": true, "it": true, "us": true, "page": true, "article": true, "the": true, "story": true, "post": true, "and": true, "email": true, "facebook": true, "twitter": true, "diesen": true, "diese": true, "auf": true, "cet": true, "cette": true, "sur": true, "en": true, "este": true, "esta": true, "no": true, "com": true, "эту": true, "эта": true, "в": true, "bài": true, "ini": true, "ke": true}

// closingVerbs are those closingWords that sentences begin with as well.
var closingVerbs = []string{"close", "edited by", "share", "print", "tags", "topics", "tweet", "facebook", "twitter", "whatsapp", "email", "ends", "assessoria de comunicação", "drucken", "teilen", "imprimer", "partager", "compartir", "compartilhe", "compartilhar", "condividi", "stampa", "chia sẻ", "in trang", "bagikan", "cetak", "поделиться", "распечатать", "udostępnij", "drukuj", "paylaş", "yazdır", "scan the qr code", "scan qr code", "scan the code"}

// closingHan are those that Chinese sentences begin with as well.
var closingHan = []string{"打印", "主办单位", "文件下载", "关联文件", "二维码", "更多精彩", "審核", "初审", "扫一扫", "责任编辑", "责编"}

// isLoose recognises what is no end of a text when it is the last line: a link,
// a heading, an editor, a label.
func isLoose(b *block, labels map[*block]*labelLine) bool {
	if b.linked*5 > b.runes*4 && b.size < 200 || isFileLine(b) {
		return true
	}
	if b.size > 80 {
		return false
	}
	l := labels[b]
	if b.heading > 0 || filesNames[strings.TrimRight(b.text, ":： ")] && strings.ContainsAny(b.text, ":：") {
		return true
	}
	return l != nil && l.bare == "" && !contacts[squeezeLabel(l.labels[0].name)] && (l.labels[0].kind == labelEditor || l.labels[0].kind == labelNoise && b.size < 40)
}

// isFileLine recognises a line that is a link to a file and says so, and how often it was
// fetched: another number at each visit.
func isFileLine(b *block) bool {
	const most = 8 // links
	if b.linked == 0 || b.size > 200 {
		return false
	}
	rest, links, files := b.text, 0, 0
	for d := range b.node.Descendants() {
		if d.DataAtom != atom.A {
			continue
		}
		if links++; links > most {
			return false
		}
		name := shortText(d, 300)
		path, _, _ := strings.Cut(attrOf(d, "href"), "?")
		if isAttached(path) || isAttached(strings.TrimRight(name, "》」)）]】 ")) {
			files++
		}
		rest = strings.Replace(rest, name, "", 1)
	}
	return files > 0 && besideFiles.MatchString(rest)
}

// besideFiles is what stands beside the links of such lines.
var besideFiles = regexp.MustCompile(`^(?i:[^\pL]|附件|附檔|附加檔案|相关|相關|文件|下载|下載|已|共|次数|次數|次|点击|浏览|首次|attach(?:ed|ments?)?|files?|downloads?|downloaded|times|hits|pdf|kb|mb|첨부파일|첨부|다운로드|添付ファイル|anhänge?|pièces? jointes?|adjuntos?|anexos?|скачать|файлы?)*$`)

// filesNames stand above files that are attached.
var filesNames = map[string]bool{"附件": true, "附件下载": true, "相关附件": true, "相关文件": true, "文件下载": true, "相關附件": true, "附檔": true, "Attachments": true, "Attachment": true, "Related files": true, "Related documents": true, "Downloads": true}

// contacts are labels that notices end with.
var contacts = map[string]bool{"venue": true, "location": true, "place": true, "contact": true, "fax": true, "tel": true, "telephone": true, "phone": true, "address": true, "website": true,
	"ort": true, "kontakt": true, "ansprechpartner": true, "contacto": true, "contato": true, "contatti": true, "контакты": true, "контакт": true, "контакти": true, "liênhệ": true, "kontak": true, "hubungi": true, "문의": true, "연락처": true, "telefon": true, "телефон": true, "điệnthoại": true, "担当": true, "問い合わせ先": true, "地点": true,
	"数据来源": true, "图表来源": true, "附件": true, "联系人": true, "联系电话": true, "咨询电话": true, "联系方式": true, "电话": true, "地址": true, "邮编": true, "电子邮箱": true, "邮箱": true, "传真": true, "网址": true, "e-mail": true, "email": true, "邮政编码": true, "咨询热线": true, "举报电话": true, "监督电话": true, "聯絡人": true, "電話": true, "住所": true}
