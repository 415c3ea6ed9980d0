package crawler

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/extract"
)

// maxBarren is how many sections of a site a run takes from pages that show no
// article themselves. Without a limit, a tree of folders that lead to nothing
// is asked to its last leaf.
const maxBarren = 400

// barren counts for each site the sections that were taken from pages without
// articles. It is safe for concurrent use; the zero value is ready.
type barren struct {
	mu    sync.Mutex
	sites map[string]int
}

// reset begins a new run of a site.
func (b *barren) reset(site string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.sites, site)
}

// take counts n more and reports whether the limit was not yet reached.
func (b *barren) take(site string, n int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.sites == nil {
		b.sites = map[string]int{}
	}
	if b.sites[site] >= maxBarren {
		return false
	}
	b.sites[site] += n
	return true
}

// boundSections leaves all sections of a page without articles once such pages have led to too
// many, and so the frames of a frame of the home page, which are as near to that as it is itself.
// Those that are known cost nothing.
func (c *Crawler) boundSections(ctx context.Context, v *visit, links *found) error {
	bound := []*[]dossier.Link{&links.sections}
	if v.task.Depth == 0 {
		bound = append(bound, &links.whole)
	}
	var keys []string
	for _, list := range bound {
		for _, l := range *list {
			keys = append(keys, l.Key)
		}
	}
	unseen, _, err := c.store.Known(ctx, v.site.ID, v.task.Run, keys)
	if err != nil {
		return fmt.Errorf("sections of %s: %w", v.task.URL, err)
	}
	if unseen > 0 && !c.barren.take(v.site.ID, unseen) {
		links.leave(v.task, bound...)
	}
	return nil
}

// isHome reports whether the page is the entrance of a site, or of one of its
// languages that the entrance leads to: from there the sections are looked for.
func (f *finder) isHome() bool {
	if f.isFrameOfHome() {
		return true
	}
	entrance := f.task.Kind == dossier.KindStart || f.isFound() && f.task.Depth <= 1
	return entrance && (homePath.MatchString(f.at.File()) || f.entrance() != "" || f.home && f.task.Kind == dossier.KindStart)
}

// isFrameOfHome reports whether the page is shown in a frame of a home page, as menus of old sites
// are. One with rows is asked as a list in later runs.
func (f *finder) isFrameOfHome() bool {
	return f.task.Depth == 0 && f.isFound()
}

// isFound reports whether the page was found by its looks, and is the first of its list if it is one.
func (f *finder) isFound() bool {
	return f.task.Kind == dossier.KindMaybe || f.task.Kind == dossier.KindList && f.task.Chain == ""
}

// isCalledHome reports whether one of the first links of a page calls it the home page, as menus do on
// each page. Pagers call their first page so as well.
func (f *finder) isCalledHome(p *extract.Page, base string) bool {
	const first = 12
	links := p.Links()
	for _, l := range links[:min(len(links), first)] {
		if !homeWords[strings.ToLower(l.Text)] {
			continue
		}
		if a, err := f.resolve(base, l.Href); err == nil && a.Key == f.at.Key {
			pager := p.Pager()
			return len(pager.Next)+len(pager.Numbers) == 0 && pager.Script == nil
		}
	}
	return false
}

// homeWords are what menus call the home page, in small letters.
var homeWords = map[string]bool{"首页": true, "首頁": true, "网站首页": true, "網站首頁": true, "主页": true, "home": true, "homepage": true, "home page": true, "startseite": true, "accueil": true, "inicio": true, "início": true,
	"главная": true, "ホーム": true, "トップ": true, "홈": true, "trang chủ": true, "beranda": true, "الرئيسية": true}

// entrance is the folder of the configured home page that has sent its reader
// to this page, "" when none has.
func (f *finder) entrance() string {
	if f.task.Kind != dossier.KindStart {
		return ""
	}
	asked, err := ParseAddress("", f.task.URL)
	if err != nil || asked.Key == f.at.Key && f.task.Depth == 0 {
		return ""
	}
	for _, start := range f.site.Start {
		s, err := ParseAddress("", start)
		if err == nil && homePath.MatchString(s.File()) && (f.task.Depth > 0 || s.Key == asked.Key) && strings.HasPrefix(f.at.File(), folderOf(s.File())) {
			return folderOf(s.File())
		}
	}
	return ""
}

var homePath = regexp.MustCompile(`(?i)^/(` + language + `|` + language + `\.\w{3,5}|(` + language + `/)?((index|default|home|main)(\.\w{2,5})?)?|(home|index)/index)$`)

// language is the part of an address that names an edition of a site.
const language = `([a-z]{2}(-[a-z]{2,4})?|english|chinese|www)`

// folder is the part of the site that a home page speaks for.
func (f *finder) folder() string {
	if from := f.entrance(); from != "" {
		return from
	}
	if f.isFrameOfHome() {
		return f.folderOfFramer()
	}
	return folderOfHome(f.at)
}

// folderOfFramer is the folder of the home page that shows the page in a frame: of the start
// addresses of its host the nearest above it, else the first.
func (f *finder) folderOfFramer() string {
	first, nearest := "", ""
	for _, start := range f.site.Start {
		a, err := ParseAddress("", start)
		if err != nil || a.Host != f.at.Host {
			continue
		}
		folder := folderOfHome(a)
		if first == "" {
			first = folder
		}
		if strings.HasPrefix(f.at.File(), folder) && len(folder) > len(nearest) {
			nearest = folder
		}
	}
	return cmp.Or(nearest, first, folderOfHome(f.at))
}

func folderOfHome(a Address) string { return folderOf(homeAction.ReplaceAllString(a.File(), "/")) }

// homeAction is how some programs call the home page of a site, in no folder of its own.
var homeAction = regexp.MustCompile(`(?i)/(?:home|index)/index$`)

const (
	maxSections     = 80
	maxSectionDepth = 2
)

// sections are links of a page that may lead to lists, as sectionScope has them. What
// they are is seen when they are asked. Further states of the page itself, such as the
// months of a calendar, are none. The menu of a home page may also be one to choose from, or
// written by a script.
func (f *finder) sections(p *extract.Page, base string, all []candidate, rows []bool) []dossier.Link {
	hasRows := slices.Contains(rows, true)
	folder, named := f.sectionScope(hasRows)
	if f.isHome() {
		all = slices.Concat(all, f.menus(p, base, all))
	}
	var out []dossier.Link
	for i, c := range all {
		column := hasRows && (f.isColumn(c.addr) || f.isColumnOfHome(c.addr))
		leads := folder != "" && strings.HasPrefix(c.addr.File(), folder) || named && namesList(c.Link) && f.inFolder(c.addr) || column
		switch {
		case !leads, i < len(rows) && rows[i], c.refused != "", len(out) >= maxSections, c.addr.Host != f.at.Host, c.addr.File() == f.at.File() && !column,
			c.Region == extract.RegionPager, !isName(c.Link), noSection.MatchString(c.addr.Path), matchesAny(f.site.Articles, c.addr.URL):
			continue
		}
		out = append(out, f.link(c.addr, dossier.KindMaybe, dossier.Witness{}))
	}
	return out
}

// menus are the links of a page that are no anchors of it: entries of menus to choose from, and what
// its scripts write.
func (f *finder) menus(p *extract.Page, base string, anchors []candidate) []candidate {
	known := make(map[string]bool, len(anchors))
	for _, c := range anchors {
		known[c.addr.Key] = true
	}
	others := f.candidates(slices.Concat(p.Choices(), p.Written()), base)
	return slices.DeleteFunc(others, func(c candidate) bool { return known[c.addr.Key] })
}

// wholeLists are links by which a page that shows the first rows of a list leads to all of it:
// "View all releases". They are followed also where the page itself shows nothing new.
func (f *finder) wholeLists(all []candidate, rows []bool) []dossier.Link {
	if !slices.Contains(rows, true) || f.task.Kind != dossier.KindMaybe || !f.mayLead(true) {
		return nil
	}
	var out []dossier.Link
	for i, c := range all {
		switch {
		case rows[i], c.refused != "", len(out) >= maxWhole, c.addr.Host != f.at.Host, c.Region != extract.RegionMain && c.Region != extract.RegionHeader,
			!wholeName.MatchString(strings.TrimSpace(c.Text)), noSection.MatchString(c.addr.Path), matchesAny(f.site.Articles, c.addr.URL):
			continue
		}
		out = append(out, f.link(c.addr, dossier.KindMaybe, dossier.Witness{}))
	}
	return out
}

// maxWhole is how many of them a page leads to.
const maxWhole = 5

var wholeName = regexp.MustCompile(`(?i)^(?:\W*(?:(?:view|see|show|browse|go to)\s+)?(?:all|more)\b(?:\s+[\pL ]{2,30})?|[\pL ]{0,30}\barchives?|(?:alle|weitere|tous|toutes|todas?|todos|ver todas?|все)\s+[\pL ]{2,30}|(?:查看|浏览|点击查看)?(?:全部|所有|更多|往期|历史)[\p{Han}]{0,8}|もっと見る|一覧(?:へ|を見る)?|더보기|전체보기)\s*[>»›→…+]*$`)

// sectionScope says which links of a page may lead to lists: all into a folder, "" for
// none, and those that are named as lists are. A home page leads into its folder, and so
// does a section in a folder of its own. A start address without rows is a part of its
// site, and leads to what stands below it. Any other page without rows may stand between
// the entrance of its site and the lists, and a section that the home page leads to may
// have others beside it.
func (f *finder) sectionScope(hasRows bool) (folder string, named bool) {
	folder = f.folder()
	named = f.mayLead(hasRows) && (!hasRows || f.task.Kind == dossier.KindMaybe && f.task.Depth == 1)
	switch {
	case f.isHome(), f.leadsBelow(folder, hasRows):
		return folder, named
	case !named || f.task.Kind != dossier.KindStart:
		return "", named
	case plainFile(f.at.File()) == "":
		return "", false
	}
	return plainFile(f.at.File()) + "/", false
}

// isColumn reports whether an address is a column of a section with rows, as the tabs of a page
// have them: ?cat=2, or /news/parks of /news. A section that the home page leads to has other
// columns beside itself; one that was asked for has only those within it.
func (f *finder) isColumn(a Address) bool {
	found := f.task.Kind == dossier.KindMaybe && f.task.Depth == 1 && f.task.Witness.Title == ""
	if f.isHome() || !found && f.task.Kind != dossier.KindStart {
		return false
	}
	if !sameFile(f.at.File(), a.File()) {
		below, ok := strings.CutPrefix(a.File(), f.at.File()+"/")
		return ok && path.Ext(f.at.File()) == "" && below != "" && !strings.Contains(strings.TrimSuffix(below, "/"), "/")
	}
	own, its := parameters(f.at), parameters(a)
	further := slices.DeleteFunc(slices.Clone(its), func(p parameter) bool { return slices.Contains(own, p) })
	within := len(its)-len(further) == len(own)
	return len(further) == 1 && columnParameter.MatchString(further[0].name) && (within || found && len(its) == len(own))
}

// isColumnOfHome reports whether the page is a home page whose program also shows the sections: /?cat=3,
// portal.php?mod=list&catid=1.
func (f *finder) isColumnOfHome(a Address) bool {
	names := func(p parameter) bool { return columnParameter.MatchString(p.name) }
	return f.isHome() && sameFile(f.at.File(), a.File()) && slices.ContainsFunc(parameters(a), names) && !slices.ContainsFunc(parameters(f.at), names)
}

var columnParameter = regexp.MustCompile(`(?i)^(cat|catid|category|cate|class|classid|cid|column|columnid|col|channel|channelid|section|sort_?id|type|typeid|tid|lm|lanmu|lanmuid|bigclass|smallclass)$`)

// leadsBelow reports whether a page that is no home page can have sections in
// its own folder.
func (f *finder) leadsBelow(folder string, hasRows bool) bool {
	return !homePath.MatchString(folder) && f.mayLead(hasRows)
}

// mayLead reports whether a page is near enough to the start to lead to sections. A list with rows
// has done so when it was found.
func (f *finder) mayLead(hasRows bool) bool {
	found := f.task.Kind == dossier.KindMaybe || f.isFound() && !hasRows
	return f.task.Kind == dossier.KindStart || found && f.task.Depth <= maxSectionDepth && f.task.Witness.Title == ""
}

// namesList reports whether a link is named as lists of articles are.
func namesList(l extract.Link) bool { return listName.MatchString(l.Text + " " + l.Title) }

var listName = regexp.MustCompile(`(?i)\b(news|newsroom|newsletters?|press|media|stories|updates?|announcements?|notices?|bulletins?|releases?|articles?|blogs?|insights?|publications?|highlights?|latest|archives?)\b|新闻|动态|要闻|资讯|公告|通知|快讯|信息|报道|播报|公开|频道|栏目|专栏|招商|新聞|動態|資訊|報導|頻道|欄目|ニュース|お知らせ|뉴스|소식|новости`)

// isName tells names and pictures from the numbers of pages and days.
func isName(l extract.Link) bool {
	return l.Text+l.Title == "" || strings.IndexFunc(l.Text+l.Title, unicode.IsLetter) >= 0
}

// noSection are addresses that answer to a reader's own input or identity, and those of the
// pages on the law that sites have to show.
var noSection = regexp.MustCompile(`(?i)(login|logout|signin|sign-in|[/_\-.?&=](?:register|passport|search(?:[?.&=_\-]|/?(?:\?|$))|feedback|subscribe|print)|/cart|/user/|wp-admin|wp-login` +
	`|/impressum|/imprint\b|datenschutz|/privacy|/disclaimer|/cookie|/legal[-_]?notice|/mentions[-_]legales|/aviso[-_]legal|/terms[-_](?:of|and)|/accessibility|/barrierefreiheit|/accesibilidad|/accessibilite|/politica[-_]de[-_](?:privacidad|cookies))`)
