package demosite

import (
	"embed"
	"fmt"
	"strings"
	"time"
)

//go:embed text pages
var files embed.FS

// An article is the content of one article page.
type article struct {
	section *section
	number  int
	title   string
	when    time.Time
	author  *string // as Article.Author: nil has no label, "" an empty one
	source  *string
	blocks  []block
	fault   fault
	repost  *section // where it is printed a second time
}

// A block is a paragraph, a row of a table or an item of a list.
type block struct {
	Text  string
	Cells []string
	Item  bool
}

// line is the block as it is archived.
func (b block) line() string {
	if b.Cells != nil {
		return strings.Join(b.Cells, "\t")
	}
	return b.Text
}

func (a *article) body() string {
	lines := make([]string, len(a.blocks))
	for i, b := range a.blocks {
		lines[i] = b.line()
	}
	return strings.Join(lines, "\n")
}

// fault is what is wrong with an article.
type fault string

const (
	faultNone     fault = ""
	faultOnce503  fault = "once503"  // the first answer is 503
	faultBroken   fault = "broken"   // every answer is 500
	faultCut      fault = "cut"      // the answer ends before its stated length
	faultInternal fault = "internal" // in the folder that robots.txt disallows
	faultChanges  fault = "changes"  // has another text in the second phase
	faultVanishes fault = "vanishes" // is gone in the second phase
)

// words fill the places of a theme. The lists of one language have lengths
// without common divisor, so that no two articles get the same words.
type words struct {
	places, companies, partners, sectors, amounts, people []string
}

var english = words{
	places:    []string{"Riverbend", "Old Quay", "Larkfield", "Stonebridge Park", "Eastmoor", "Millhaven", "Tern Bay"},
	companies: []string{"Aldersyn Works", "Brightwell Optics", "Corvane", "Dunmarrow Steel", "Ebbing & Sons", "Fennick Robotics", "Galloway Cells", "Hartmere Foods", "Ironquill", "Juniper Freight", "Kestrel Looms"},
	partners:  []string{"Varsholm", "the Port of Ondara", "Kelmenia"},
	sectors:   []string{"battery", "precision optics", "cold-chain", "wind-tower", "medical textile"},
	amounts:   []string{"120 million yuan", "2.4 billion yuan", "86 million dollars", "310 million yuan"},
	people:    []string{"Miriam Okafor", "Tomas Lindqvist", "Lena Haverkamp", "Samuel Adeyemi", "Ruth Castellan", "Piotr Zielonka", "Hannah Whitlock", "Deng Wenbo", "Aisha Rahmani"},
}

var chinese = words{
	places:    []string{"海屿新区", "青澜开发区", "云泽高新区", "北岚临港区", "松原湖产业园", "石门渡经开区", "白鹭湾新城"},
	companies: []string{"远帆重工", "晨曦光电", "润禾食品", "鼎岳机器人", "蓝汐电池", "华铎新材料", "云杉纺织", "长亭物流", "金穗农机", "天璇仪器", "明溪制药"},
	partners:  []string{"瓦尔斯霍尔姆", "翁达拉港", "克尔梅尼亚"},
	sectors:   []string{"动力电池", "精密光学", "冷链装备", "风电塔筒", "医用纺织"},
	amounts:   []string{"12亿元", "24.6亿元", "3.8亿元", "9500万元"},
	people:    []string{"林若川", "周明远", "沈佳宁", "何以安", "许青禾", "陆承泽", "叶知秋", "唐晓岚", "顾思源"},
}

func pick(list []string, i int) string { return list[i%len(list)] }

func (w words) replacer(i int) *strings.Replacer {
	return strings.NewReplacer(
		"{place}", pick(w.places, i), "{company}", pick(w.companies, i), "{partner}", pick(w.partners, i),
		"{sector}", pick(w.sectors, i), "{amount}", pick(w.amounts, i), "{person}", pick(w.people, i),
		"{area}", fmt.Sprint(11+i*7%60), "{months}", fmt.Sprint(3+i*5%21), "{jobs}", fmt.Sprint(95+i*37))
}

// themes reads a file of text/: a line "= title" begins a theme, "|" a row of
// a table and "- " an item of a list.
func themes(name string) []article {
	text, err := files.ReadFile("text/" + name)
	if err != nil {
		panic(err) // embedded
	}
	var all []article
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if title, ok := strings.CutPrefix(line, "= "); ok {
			all = append(all, article{title: title})
			continue
		}
		last := &all[len(all)-1]
		last.blocks = append(last.blocks, parseBlock(line))
	}
	return all
}

func parseBlock(line string) block {
	if strings.HasPrefix(line, "|") {
		return block{Cells: strings.Split(strings.Trim(line, "|"), "|")}
	}
	item, ok := strings.CutPrefix(line, "- ")
	return block{Text: item, Item: ok}
}

// write makes count articles of the themes, newest first, in the sections by
// turns.
func write(sections []*section, theme []article, w words, count int) []*article {
	var all []*article
	for i := range count {
		r := w.replacer(i)
		a := theme[i%len(theme)]
		a.title = r.Replace(a.title)
		a.blocks = fillBlocks(a.blocks, r)
		a.number = 4100 + i
		a.section = sections[i%len(sections)]
		a.when = newest.Add(-time.Duration(i) * 61 * time.Hour).Add(time.Duration(i*i%97) * time.Minute)
		a.sign(i, w)
		a.section.articles = append(a.section.articles, &a)
		all = append(all, &a)
	}
	return all
}

// newest is the date of the newest article in Chinese local time.
var newest = time.Date(2021, 9, 17, 16, 42, 5, 0, time.FixedZone("", 8*60*60))

func fillBlocks(theme []block, r *strings.Replacer) []block {
	filled := make([]block, len(theme))
	for i, b := range theme {
		filled[i] = block{Text: r.Replace(b.Text), Item: b.Item}
		for _, c := range b.Cells {
			filled[i].Cells = append(filled[i].Cells, r.Replace(c))
		}
	}
	return filled
}

// sign gives an article author and source as its section prints them; some
// labels stay empty.
func (a *article) sign(i int, w words) {
	author, source := pick(w.people, i+4), pick(a.section.sources, i)
	if i%3 == 1 {
		author = ""
	}
	if i%5 == 2 {
		source = ""
	}
	if a.section.labels.author && (author != "" || !a.section.bare) {
		a.author = &author
	}
	if a.section.labels.source {
		a.source = &source
	}
}
