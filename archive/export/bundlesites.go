package export

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

// bundleSums are what the files say of all records.
type bundleSums struct {
	records int
	first   string                    // the address of the first record; "" without records
	latest  time.Time                 // when one was last seen; zero without records
	origins map[string]map[string]int // how many records of a site have an origin
}

func (s *bundleSums) add(r *dossier.Record) {
	s.first = cmp.Or(s.first, r.URL)
	s.latest = maxTime(s.latest, r.LastSeen)
	if s.origins[r.Site] == nil {
		s.origins[r.Site] = map[string]int{}
	}
	s.origins[r.Site][r.Origin]++
}

// unconfigured are the sites of records that none of those is, by name.
func (s *bundleSums) unconfigured(known []BundleSite) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(s.origins)), func(id string) bool {
		return slices.ContainsFunc(known, func(k BundleSite) bool { return k.ID == id })
	})
}

// collected says of each site where its records come from, and how it is crawled if
// any of them was.
func (b Bundle) collected(sums bundleSums) string {
	var out strings.Builder
	for _, s := range b.Sites {
		from := sums.origins[s.ID]
		fmt.Fprintf(&out, "- %s (`%s`): %s", escapeMarkdown(oneLine(cmp.Or(s.Name, s.ID))), inCode(s.ID), origins(from))
		if from["import"] == 0 || from["crawl"] > 0 {
			fmt.Fprintf(&out, "; crawls begin at %s; schedule %s; robots.txt: %s", escapeMarkdown(strings.Join(s.Start, ", ")), escapeMarkdown(orNone(s.Schedule)), orNone(string(s.Robots)))
		}
		out.WriteString("\n")
	}
	for _, id := range sums.unconfigured(b.Sites) {
		fmt.Fprintf(&out, "- `%s`, which is not configured: %s\n", inCode(id), origins(sums.origins[id]))
	}
	return out.String()
}

// origins words where the current texts of records come from.
func origins(from map[string]int) string {
	var parts []string
	for _, p := range []struct {
		origin, text string
	}{{"crawl", "crawled"}, {"import", "imported from web archives that other programs made"}, {"reread", "read again from pages of either kind"}} {
		switch n := from[p.origin]; n {
		case 0:
		case 1:
			parts = append(parts, "1 record "+p.text)
		default:
			parts = append(parts, fmt.Sprintf("%d records %s", n, p.text))
		}
	}
	if len(parts) == 0 {
		return "no record"
	}
	return strings.Join(parts, ", ")
}

// inCode is an id as it stands between backticks, which an archive of others may not leave.
func inCode(id string) string {
	return oneLine(strings.Map(func(r rune) rune {
		if r == '`' {
			return unicode.ReplacementChar
		}
		return Printable(r)
	}, strings.ToValidUTF8(id, "\ufffd")))
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// gaps sums up the days on which a site was not checked though it was due.
func (b Bundle) gaps() string {
	type count struct{ checked, failed, missed int }
	counts := map[string]*count{}
	var order []string
	for _, d := range b.Coverage {
		if counts[d.Site] == nil {
			counts[d.Site] = &count{}
			order = append(order, d.Site)
		}
		switch d.State {
		case archive.DayFailed:
			counts[d.Site].failed++
		case archive.DayMissed:
			counts[d.Site].missed++
		case archive.DayChecked:
			counts[d.Site].checked++
		}
	}
	if len(order) == 0 {
		return "No run is on record.\n"
	}
	var out strings.Builder
	for _, site := range order {
		fmt.Fprintf(&out, "- `%s`: checked on %s, failed on %d, missed on %d\n", inCode(site), dayCount(counts[site].checked), counts[site].failed, counts[site].missed)
	}
	return out.String()
}

func dayCount(n int) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}
