package archive

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dossier-archive/dossier"
)

// topNumber is more than any number that is stored: of a row, of bytes, or a time in
// milliseconds until the year 2248.
const topNumber = 1<<(63-sealBits) - 1

// A valueRule is what a value must be beside what its column says, and what stands in its
// place when it is not; "" for what follows from the column.
type valueRule struct{ fits, instead string }

var valueRules = map[string]valueRule{
	"runs.id":      {instead: unless("(SELECT min(run) FROM observations WHERE run NOT IN (SELECT id FROM runs))", "runs", "id")},
	"runs.kind":    {oneOf("kind", "crawl", "import"), "CASE WHEN EXISTS (SELECT 1 FROM observations WHERE run = t.id AND substr(detail, 1, 8) = '" + detailImported + "') THEN 'import' ELSE 'crawl' END"},
	"runs.state":   {oneOf("state", "running", "finished", "interrupted", "failed"), "'interrupted'"},
	"runs.started": {isTime("started"), "coalesce((SELECT min(at) FROM observations WHERE run = t.id), CASE WHEN " + isTime("ended") + " THEN t.ended END, '1970-01-01T00:00:00Z')"},
	"runs.ended":   {"(t.ended = '' OR " + isTime("ended") + ")", "coalesce((SELECT max(at) FROM observations WHERE run = t.id), '')"},

	"runs.requests": {instead: "(SELECT count(*) FROM observations WHERE run = t.id AND substr(detail, 1, 8) != '" + detailImported + "')"},

	"records.seq":     {instead: unless("(SELECT min(record) FROM versions WHERE record NOT IN (SELECT seq FROM records))", "records", "seq")},
	"records.version": {"t.version BETWEEN 1 AND " + topVersion, "coalesce((SELECT max(number) FROM versions WHERE record = t.seq AND number BETWEEN 1 AND " + topVersion + "), 1)"},
	"records.doc":     {"typeof(t.doc) = 'integer' AND t.doc BETWEEN -1152921504606846975 AND 1152921504606846975", lowestDoc + " - t.seq"},

	"pages.id":        {instead: unless("(SELECT min(page) FROM (SELECT page FROM versions UNION SELECT page FROM observations UNION SELECT base FROM pages) WHERE page NOT IN (SELECT id FROM pages))", "pages", "id")},
	"pages.codec":     {oneOf("codec", "zstd"), "'zstd'"},
	"pages.request":   {fits: isText("request")},
	"pages.header":    {fits: isText("header")},
	"pages.status":    {instead: "200"},
	"versions.more":   {fits: isText("more")},
	"versions.origin": {oneOf("origin", originCrawl, originReread, originImport), "'" + originCrawl + "'"},
	// A number that was once written stays, whatever seals say: whoever cites it finds the same text.
	"versions.number":   {"t.number BETWEEN 1 AND " + topVersion, sealAlone},
	"versions.record":   {instead: "(SELECT min(s.id >> 20) FROM seals s WHERE s.id & 1048575 = t.number AND NOT EXISTS (SELECT 1 FROM versions WHERE record = s.id >> 20 AND number = t.number))"},
	"versions.evidence": {fits: isText("evidence")},
	"seals.id":          {"t.id >> 20 > 0", ""},

	"addresses.reason":     {oneOf("reason", "", "redirect", "canonical", "repost"), "CASE WHEN t.url = (SELECT url FROM records WHERE seq = t.record) THEN '' ELSE 'redirect' END"},
	"addresses.record":     {instead: "(SELECT record FROM frontier WHERE site = t.site AND key = t.key)"},
	"addresses.first_seen": {isTime("first_seen"), "(SELECT first_seen FROM records WHERE seq = t.record)"},
	"addresses.last_seen":  {isTime("last_seen"), "(SELECT last_seen FROM records WHERE seq = t.record)"},

	"frontier.id":            {instead: unless("(SELECT address FROM observations WHERE digest = t.observed AND address NOT IN (SELECT id FROM frontier))", "frontier", "id")},
	"frontier.host":          {"t.host != ''", hostInSQL},
	"frontier.kind":          {oneOf("kind", slices.Sorted(maps.Keys(priorities))...), "CASE WHEN t.record IS NOT NULL THEN 'article' WHEN t.status = 'listed' THEN 'list' ELSE 'maybe' END"},
	"frontier.state":         {oneOf("state", "pending", "leased", "done", "failed"), "'pending'"},
	"frontier.etag":          {fits: isHeader("etag")},
	"frontier.last_modified": {fits: isHeader("last_modified")},
	"frontier.priority":      {instead: priorityInSQL()},
	"frontier.discovered":    {instead: "coalesce((SELECT min(o.run) FROM observations o JOIN runs r ON r.id = o.run WHERE o.address = t.id AND r.kind = 'crawl'), 0)"},
	"frontier.rising":        {"t.rising BETWEEN 0 AND 1", ""},
	"frontier.listed":        {instead: "CASE WHEN t.status = 'listed' AND t.reason != '" + string(dossier.ReasonPagingEmpty) + "' THEN t.asked ELSE 0 END"},
	"frontier.record":        {instead: "(SELECT record FROM observations WHERE address = t.id AND record IN (SELECT seq FROM records) ORDER BY id DESC LIMIT 1)"},

	"observations.id":      {instead: unless("NULL", "observations", "id")},
	"observations.run":     {instead: "coalesce((SELECT run FROM observations WHERE id < t.id ORDER BY id DESC LIMIT 1), (SELECT max(id) FROM runs))"},
	"observations.address": {instead: "(SELECT id FROM frontier WHERE observed = t.digest)"},

	"bands.band": {"typeof(t.band) = 'integer'", ""},
}

var (
	topVersion = fmt.Sprint(1<<sealBits - 1)
	sealAlone  = fmt.Sprintf(`(SELECT min(s.id & %[1]s) FROM seals s WHERE s.id BETWEEN (t.record %[2]s) + 1 AND (t.record %[2]s) + %[1]s
		AND NOT EXISTS (SELECT 1 FROM versions WHERE record = t.record AND number = s.id & %[1]s))`, topVersion, sealShift)
)

// hostInSQL is hostOf of the address.
const hostInSQL = "substr(substr(t.url, instr(t.url, '://') + 3), 1, instr(substr(t.url, instr(t.url, '://') + 3) || '/', '/') - 1)"

func priorityInSQL() string {
	out := "CASE t.kind"
	for _, kind := range slices.Sorted(maps.Keys(priorities)) {
		out += fmt.Sprintf(" WHEN '%s' THEN %d", kind, priorities[kind])
	}
	return out + " ELSE 0 END"
}

func isTime(name string) string { return "strftime('%Y-%m-%dT%H:%M:%SZ', t." + name + ") IS t." + name }

// isHeader is of what requests send back: none goes out with a control character in it.
func isHeader(name string) string {
	return "t." + name + " NOT GLOB '*[' || char(1) || '-' || char(8) || char(10) || '-' || char(31) || char(127) || ']*' AND instr(t." + name + ", char(0)) = 0"
}

func isText(name string) string { return "typeof(t." + name + ") IN ('text', 'blob')" }

func oneOf[T ~string](name string, values ...T) string {
	var out []string
	for _, v := range values {
		out = append(out, "'"+string(v)+"'")
	}
	return "t." + name + " IN (" + strings.Join(out, ", ") + ")"
}

// unless is the number of a row: one that others point to, else the next one.
func unless(named, table, id string) string {
	return fmt.Sprintf("coalesce(%s, (SELECT max(%[3]s) + 1 FROM %[2]s WHERE %[3]s < %[4]d), 1)", named, table, id, int64(topNumber))
}
