package crawler

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/dossier-archive/dossier/extract"
)

// nextRows is the address of the rows after those of this answer, which is no
// page and has no pager: its own with the next number. An answer without
// articles is the last.
func (f *finder) nextRows(rows *extract.Fragment, articles int) (Address, bool) {
	if rows == nil || rows.Ended || articles == 0 || f.task.Chain == "" && *rows == (extract.Fragment{}) {
		return Address{}, false
	}
	file, query, asked := strings.Cut(f.at.URL, "?")
	fields := strings.Split(query, "&")
	for i, field := range fields {
		name, value, _ := strings.Cut(field, "=")
		if !asked || !isNumber(value) || !pageParameter.MatchString(name) || totalParameter.MatchString(name) {
			continue
		}
		fields[i] = name + "=" + strconv.Itoa(following(name, number(value), rows.Next, f.rowsPerPage(articles)))
		return f.pageAt(f.at.URL, file+"?"+strings.Join(fields, "&"))
	}
	if at := lastOfPath.FindStringSubmatchIndex(file); at != nil {
		n := following("", number(file[at[2]:at[3]]), rows.Next, articles)
		return f.pageAt(f.at.URL, file[:at[2]]+strconv.Itoa(n)+file[at[3]:]+strings.TrimSuffix("?"+query, "?"))
	}
	next := rows.Next
	if next == 0 && rows.Page > 0 && rows.Page < rows.Pages {
		next = rows.Page + 1
	}
	if next == 0 {
		return Address{}, false
	}
	return f.pageAt(f.at.URL, file+"?"+strings.TrimPrefix(query+"&page="+strconv.Itoa(next), "&"))
}

// following is the number after another: that which the answer names, or one
// more, or as many rows more.
func following(name string, n, named, rows int) int {
	switch {
	case named > 0:
		return named
	case rowParameter.MatchString(name):
		return n + rows
	}
	return n + 1
}

// rowsPerPage is how many rows the address asks for, else how many came.
func (f *finder) rowsPerPage(articles int) int {
	for _, p := range parameters(f.at) {
		if sizeParameter.MatchString(p.name) && isNumber(p.value) && number(p.value) > 0 {
			return number(p.value)
		}
	}
	return articles
}

var (
	rowParameter   = regexp.MustCompile(`(?i)(offset|start|from|begin|skip)\]?$`)
	sizeParameter  = regexp.MustCompile(`(?i)^(limit|size|rows|count|page_?size|per_?page|num)$`)
	totalParameter = regexp.MustCompile(`(?i)(total_?pages?|page_?size|chash|pageid)\]?$`)
	lastOfPath     = regexp.MustCompile(`[/_\-a-zA-Z](\d{1,4})(?:\.\w{2,5}|/)?$`)
)
