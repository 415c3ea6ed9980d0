package demosite

import (
	"fmt"
	"time"
)

// A section is one column of the site: a list and articles of one template.
type section struct {
	Path     string // of the list
	Name     string
	lang     string
	template string // of an article
	list     string // template of the list
	layout   string // of the date on an article page
	dayOnly  bool   // the date carries no time
	perPage  int    // 0: all on one page
	gb18030  bool
	labels   struct{ author, source bool }
	bare     bool // no label is printed without a value
	print    string
	address  func(*article) string
	sources  []string
	articles []*article // own ones, newest first
	reposts  []*article // of other sections
}

func labelled(s *section, author, source bool) *section {
	s.labels.author, s.labels.source = author, source
	return s
}

func englishSections() []*section {
	sources := []string{"Riverbend Daily", "Canal Post", "Office of Statistics"}
	return []*section{
		labelled(&section{
			Path: "/en/news/", Name: "Investment News", lang: "en", template: "en-line", list: "en-list-script",
			layout: "2006/01/02 15:04:05", perPage: 4, address: byDay("/en/news/"), sources: sources,
		}, true, true),
		labelled(&section{
			Path: "/en/notices/", Name: "Notices", lang: "en", template: "en-cell", list: "en-list-query",
			layout: "2006-01-02 15:04", perPage: 4, print: "/en/print.aspx?id=%d", sources: sources,
			address: func(a *article) string { return fmt.Sprintf("/en/Article_Show.aspx?id=%d", a.number) },
		}, true, true),
		labelled(&section{
			Path: "/en/stories/", Name: "Stories", lang: "en", template: "en-jsonld", list: "en-list-plain",
			layout: "January 2, 2006 15:04", bare: true, sources: sources,
			address: func(a *article) string { return fmt.Sprintf("/en/stories/%d/%s-%d/", a.when.Year(), slug(a), a.number) },
		}, true, false),
		labelled(&section{
			Path: "/en/parks/", Name: "Parks", lang: "en", template: "en-micro", list: "en-list-plain",
			layout: "2 January 2006, 15:04", bare: true, sources: sources,
			address: func(a *article) string { return fmt.Sprintf("/en/parks/%d/%d", a.when.Year(), a.number) },
		}, true, false),
	}
}

func chineseSections() []*section {
	sources := []string{"海屿日报", "运河晚报", "区统计局"}
	return []*section{
		labelled(&section{
			Path: "/zh/tzdt/", Name: "投资动态", lang: "zh", template: "zh-meta", list: "zh-list-script",
			layout: "2006-01-02 15:04", perPage: 4, print: "/zh/print/%d.html", address: byDay("/zh/tzdt/"), sources: sources,
		}, false, true),
		labelled(&section{
			Path: "/zh/zsxm/", Name: "招商项目", lang: "zh", template: "zh-cell", list: "zh-list-query",
			layout: "2006/01/02 15:04:05", perPage: 4, gb18030: true, sources: sources,
			address: func(a *article) string { return fmt.Sprintf("/zh/zsxm/show.asp?id=%d", a.number) },
		}, true, true),
		labelled(&section{
			Path: "/zh/yqdt/", Name: "园区动态", lang: "zh", template: "zh-line", list: "zh-list-plain",
			layout: "2006年01月02日", dayOnly: true, perPage: 4, sources: sources,
			address: func(a *article) string { return fmt.Sprintf("/zh/yqdt/content/post_%d.html", a.number) },
		}, true, true),
	}
}

// byDay makes addresses like /en/news/202109/t20210917_4100.html.
func byDay(folder string) func(*article) string {
	return func(a *article) string {
		return fmt.Sprintf("%s%s/t%s_%d.html", folder, a.when.Format("200601"), a.when.Format("20060102"), a.number)
	}
}

// addFaults gives single articles what goes wrong with pages. The changing
// and the vanishing one stand on the first page of their list.
func (s *Site) addFaults() {
	en, zh := s.sections[:4], s.sections[4:]
	news, notices := en[0].articles, en[1]
	news[0].fault = faultChanges
	news[2].fault = faultVanishes
	news[1].fault = faultOnce503
	news[4].fault = faultBroken
	news[5].fault = faultCut
	news[6].fault = faultInternal
	zh[0].articles[5].fault = faultInternal
	news[3].repostIn(notices)
	zh[2].articles[1].repostIn(zh[0])
}

func (a *article) repostIn(other *section) {
	a.repost = other
	other.reposts = append(other.reposts, a)
}

// path is the address of an article in its own section.
func (a *article) path() string {
	if a.fault == faultInternal {
		return internalFolder[a.section.lang] + fmt.Sprintf("t%s_%d.html", a.when.Format("20060102"), a.number)
	}
	return a.section.address(a)
}

var internalFolder = map[string]string{"en": "/en/internal/", "zh": "/zh/neibu/"}

// repostPath is the address in the other section.
func (a *article) repostPath() string {
	copied := *a
	copied.number += 5000
	return a.repost.address(&copied)
}

func (a *article) printPath() string {
	if a.section.print == "" {
		return ""
	}
	return fmt.Sprintf(a.section.print, a.number)
}

// date is the publication date as the archive writes it.
func (a *article) date() string {
	if a.section.dayOnly {
		return a.when.Format("2006-01-02")
	}
	shown, err := time.ParseInLocation(a.section.layout, a.when.Format(a.section.layout), a.when.Location())
	if err != nil {
		return err.Error() // a layout that is not one; the test of Truth sees it
	}
	return shown.Format(time.RFC3339)
}
