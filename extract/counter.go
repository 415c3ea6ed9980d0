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
	if endsSentence(strings.TrimPrefix(text, "いいね！")) && !ofThisPage.MatchString(text) {
		return false
	}
	words := strings.Join(strings.FieldsFunc(strings.ToLower(text), isNoWord), " ")
	return isOfCounters(words) && saysWhatIsCounted(words) || generated.MatchString(text) || voted.MatchString(text)
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
	// voted finds answers to the question whether a page was of use.
	voted = regexp.MustCompile(`(?i)^(?:yes|no|helpful|not helpful|ja|nein|oui|non|sí|sim|não|да|нет|是|否|はい|いいえ|예|아니오)\s*[(（]\s*\d+\s*[)）]$`)
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
