package archive

import (
	"context"
	"fmt"
	"strings"

	"github.com/dossier-archive/dossier"
)

// A Search is what to look for. Query.Text is what the user typed; see the
// help of `dossier search` for its language.
type Search struct {
	Query
	Relevance bool // the best match first; else the newest
	Limit     int  // 0: no limit
}

// A Hit is a record that a search found.
type Hit struct {
	Record  dossier.Record
	Title   Snippet
	Snippet Snippet // of the body, where it matches
	Score   float64 // greater is better; 0 unless sorted by relevance
}

// Search finds records. A *SyntaxError says what is wrong with the text of the
// query; more that there are records beyond the limit.
func (a *Archive) Search(ctx context.Context, s Search) (hits []Hit, more bool, err error) {
	p, err := parseQuery(s.Text)
	if err != nil {
		return nil, false, err
	}
	stmt, args, err := s.statement(p)
	if err != nil {
		return nil, false, err
	}
	rows, err := a.reader.QueryContext(ctx, stmt, args...)
	if err != nil {
		return nil, false, fmt.Errorf("search: %w", classify(err))
	}
	defer rows.Close()
	cut := newCutter(p.terms)
	for rows.Next() {
		var h Hit
		if h.Record, _, err = scanRecord(scored{rows, &h.Score}); err != nil {
			return nil, false, fmt.Errorf("search: %w", classify(err))
		}
		if s.Limit > 0 && len(hits) == s.Limit {
			return hits, true, nil
		}
		h.Title = cut.whole(h.Record.Title, "title")
		h.Snippet = cut.around(h.Record.Body, "body")
		hits = append(hits, h)
	}
	if err := rows.Err(); err != nil {
		return nil, false, fmt.Errorf("search: %w", classify(err))
	}
	return hits, false, nil
}

// scored reads one more column, the score, before those of a record.
type scored struct {
	row   interface{ Scan(...any) error }
	score *float64
}

func (s scored) Scan(dest ...any) error { return s.row.Scan(append([]any{s.score}, dest...)...) }

// statement gives the first of the wanted documents and their records. The
// documents are cut off before records are read.
func (s Search) statement(p parsed) (string, []any, error) {
	from, to, err := s.days(p)
	if err != nil {
		return "", nil, err
	}
	order := "doc DESC"
	if s.Relevance && p.match != "" {
		order = "score DESC, doc DESC"
	}
	inner, args := "SELECT doc, 0.0 AS score FROM records d", []any{}
	where := []string{"doc >= ?", "doc < ?"}
	if match := s.sites(p.match); match != "" {
		score := "0.0"
		if s.Relevance && p.match != "" {
			score = "-bm25(search, 8, 1, 1, 1, 0)"
		}
		inner = "SELECT rowid AS doc, " + score + " AS score FROM search"
		where = []string{"search MATCH ?", "rowid >= ?", "rowid < ?"}
		args = append(args, match)
	}
	limit := -1 // none
	if s.Limit > 0 {
		limit = s.Limit + 1
	}
	args = append(args, from<<seqBits, (to+1)<<seqBits, limit)
	return "SELECT h.score, " + recordColumns + " FROM (" + inner + " WHERE " + strings.Join(where, " AND ") + " ORDER BY " + order + " LIMIT ?) h" +
		" JOIN records r ON r.seq = h." + seqOfDoc + " JOIN versions v ON v.record = r.seq AND v.number = r.version ORDER BY h." +
		strings.Replace(order, ", ", ", h.", 1), args, nil
}

// sites adds the choice of sites to an expression of the index.
func (q Query) sites(match string) string {
	if len(q.Sites) == 0 {
		return match
	}
	tokens := make([]string, len(q.Sites))
	for i, id := range q.Sites {
		tokens[i] = `site : "` + siteToken(id) + `"`
	}
	chosen := "(" + strings.Join(tokens, " OR ") + ")"
	if match == "" {
		return chosen
	}
	return "(" + match + ") AND " + chosen
}

const lastDay = 9999 * 366

// days are the first and last day that a query allows.
func (q Query) days(p parsed) (from, to int64, err error) {
	from, to = p.from, p.to
	if q.Since != "" {
		first, _, err := daysOf(q.Since)
		if err != nil {
			return 0, 0, fmt.Errorf("since: %w", err)
		}
		from = max(from, first)
	}
	if q.Until != "" {
		_, last, err := daysOf(q.Until)
		if err != nil {
			return 0, 0, fmt.Errorf("until: %w", err)
		}
		to = earlier(to, last)
	}
	if to == 0 {
		to = lastDay
	}
	return from, to, nil
}
