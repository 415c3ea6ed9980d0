package crawler

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/extract"
)

// maxArchives is how many years and months a list leads to.
const maxArchives = 120

// archives are the lists of single years and months that a list leads to, by
// links or by the entries of a menu: a year in the text, and an address of the
// same list or below it.
func (f *finder) archives(p *extract.Page, base string, links []candidate, rows []bool) []dossier.Link {
	if f.task.Depth > maxSectionDepth || f.task.Kind != dossier.KindStart && !f.isFound() || f.task.Witness.Title != "" {
		return nil
	}
	place := plainFile(f.at.File())
	if place == "" {
		place = strings.TrimSuffix(strings.TrimSuffix(f.at.File(), path.Ext(f.at.File())), "/")
	}
	var out []dossier.Link
	for i, c := range slices.Concat(links, f.candidates(p.Choices(), base)) {
		if i < len(rows) && rows[i] || c.refused != "" || len(out) >= maxArchives || c.addr.Host != f.at.Host || !archiveName.MatchString(c.Text) || !archivePlace.MatchString(c.addr.Path) {
			continue
		}
		if isView(f.at, c.addr) || strings.HasPrefix(c.addr.File(), place+"/") || folderOf(c.addr.File()) == folderOf(f.at.File()) {
			out = append(out, f.link(c.addr, dossier.KindMaybe, dossier.Witness{}))
		}
	}
	return out
}

var (
	// archiveName is a year, or a month of one: 2023, 2023年, 2023年12月,
	// December 2023 (10), 12/2023.
	archiveName = regexp.MustCompile(`^\s*(?:\p{L}{3,12}\.?,?\s+|\d{1,2}[/.\-])?(?:19|20)\d\d(?:\s*年(?:度)?)?(?:\s*\d{1,2}\s*月|[/.\-]\d{1,2})?\s*(?:[(（]\d{1,5}[)）])?\s*$`)
	// archivePlace is an address that names the year.
	archivePlace = regexp.MustCompile(`(?:19|20)\d\d`)
	// archiveOfBlog is where a blog shows the posts of an author, a subject or a month.
	archiveOfBlog = regexp.MustCompile(`(?i)(/(?:author|category|tag)/[^/?.]+(?:/page/\d+)?|^(?:/[\w\-]+)?/(?:19|20)\d\d/(?:0[1-9]|1[0-2])(?:/page/\d+)?)/?$|^/(?:` + language + `/)?(?:19|20)\d\d(?:/page/\d+)?/$|^/?\?(?:cat|author|m|tag)=[\w\-]+$`)
)
