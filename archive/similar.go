package archive

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"

	"github.com/dossier-archive/dossier"
)

// Two texts are compared by their groups of four tokens (shingles). Each text has a
// sketch (MinHash): for each of 32 hash functions the least hash of its groups. The
// share of equal numbers of two sketches estimates the share of groups that
// the texts have in common, their Jaccard similarity; texts with four equal numbers in
// a row, a band, are looked at (locality-sensitive hashing, LSH). Texts that share 0.8 of their groups are found with a
// probability of 0.98, 0.7 with 0.88.
const (
	groupTokens  = 4
	sketchSize   = 32
	bandRows     = 4
	bandCount    = sketchSize / bandRows
	minGroups    = 8  // shorter texts are not compared
	bandLimit    = 64 // records of a band that are looked at; more means boilerplate
	compareLimit = 8  // texts that are read and compared exactly
	similarFrom  = 0.6
)

type sketch [sketchSize]uint32

// sketchOf makes the sketch of a text of tokens, nil for a short one.
func sketchOf(tokens string) *sketch {
	groups := slices.AppendSeq(make([]uint64, 0, len(tokens)/4), groupsOf(tokens))
	if !hasDistinct(groups, minGroups) {
		return nil
	}
	s := sketch{}
	for i := range s {
		by, plus, least := 2*uint64(i)*0x9e3779b97f4a7c15+0xbf58476d1ce4e5b9, uint64(i)*0x94d049bb133111eb, uint32(math.MaxUint32)
		for _, g := range groups {
			least = min(least, uint32((g*by+plus)>>32))
		}
		s[i] = least
	}
	return &s
}

// hasDistinct reports whether at least n of the hashes differ.
func hasDistinct(hashes []uint64, n int) bool {
	seen := make([]uint64, 0, n)
	for _, h := range hashes {
		if len(seen) == n {
			break
		}
		if !slices.Contains(seen, h) {
			seen = append(seen, h)
		}
	}
	return len(seen) == n
}

// groupsOf gives the hashes of all runs of four tokens, as often as they
// stand there. The hash is part of the file format. Those of the four runs that a
// token is in are made together: each waits for its last step, not for the others.
func groupsOf(tokens string) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		var begun [groupTokens]uint64 // FNV-1a of the runs that began at the last tokens
		n := 0
		for word := range strings.SplitSeq(tokens, " ") {
			if word == "" {
				continue
			}
			begun[n%groupTokens] = 14695981039346656037
			for i := range len(word) {
				addToAll(&begun, word[i])
			}
			addToAll(&begun, ' ')
			if n++; n < groupTokens {
				continue
			}
			h := begun[n%groupTokens]
			h ^= h >> 33
			if !yield(h*0xff51afd7ed558ccd ^ h>>29) {
				return
			}
		}
	}
}

func addToAll(begun *[groupTokens]uint64, b byte) {
	for i := range begun {
		begun[i] = (begun[i] ^ uint64(b)) * 1099511628211
	}
}

func groupSet(tokens string) map[uint64]struct{} {
	groups := map[uint64]struct{}{}
	for g := range groupsOf(tokens) {
		groups[g] = struct{}{}
	}
	return groups
}

func (s *sketch) bytes() []byte {
	b := make([]byte, 0, 4*sketchSize)
	for _, v := range s {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return b
}

func (s *sketch) bands() [bandCount]int64 {
	var out [bandCount]int64
	for i := range out {
		h := uint64(i+1) * 0x9e3779b97f4a7c15
		for _, v := range s[i*bandRows : (i+1)*bandRows] {
			h = (h ^ uint64(v)) * 0xff51afd7ed558ccd
			h ^= h >> 32
		}
		out[i] = int64(h >> 1)
	}
	return out
}

// bandArgs are the bands as arguments of a statement.
func (s *sketch) bandArgs() []any {
	args := make([]any, 0, bandCount)
	for _, band := range s.bands() {
		args = append(args, band)
	}
	return args
}

func sketchFrom(b []byte) *sketch {
	if len(b) != 4*sketchSize {
		return nil
	}
	s := sketch{}
	for i := range s {
		s[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return &s
}

// share is the part of two sketches that is equal.
func (s *sketch) share(o *sketch) float64 {
	n := 0
	for i := range s {
		if s[i] == o[i] {
			n++
		}
	}
	return float64(n) / sketchSize
}

// relate files the sketch of a record and links it to the records whose text
// is similar.
func relate(ctx context.Context, tx *tx, seq int64, x indexed) error {
	if err := forget(ctx, tx, seq); err != nil || x.sketch == nil {
		return err
	}
	found, err := similarTo(ctx, tx, seq, x)
	if err != nil {
		return err
	}
	for other, score := range found {
		if _, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO similar (record, other, score) VALUES ($1, $2, $3)", seq, other, score); err != nil {
			return fmt.Errorf("similar: %w", err)
		}
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO sketches (record, hashes) VALUES ($1, $2)", seq, x.sketch.bytes()); err != nil {
		return fmt.Errorf("similar: %w", err)
	}
	if _, err := tx.ExecContext(ctx, insertBands, append([]any{seq}, x.sketch.bandArgs()...)...); err != nil {
		return fmt.Errorf("similar: %w", err)
	}
	return nil
}

// forget removes what an earlier version of a record left.
func forget(ctx context.Context, tx *tx, seq int64) error {
	var hashes []byte
	err := tx.QueryRowContext(ctx, "SELECT hashes FROM sketches WHERE record = $1", seq).Scan(&hashes)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("similar: %w", err)
	}
	if s := sketchFrom(hashes); s != nil {
		for _, band := range s.bands() {
			if _, err := tx.ExecContext(ctx, "DELETE FROM bands WHERE band = $1 AND record = $2", band, seq); err != nil {
				return fmt.Errorf("similar: %w", err)
			}
		}
	}
	for _, stmt := range []string{"DELETE FROM sketches WHERE record = $1", "DELETE FROM similar WHERE record = $1", "DELETE FROM similar WHERE other = $1"} {
		if _, err := tx.ExecContext(ctx, stmt, seq); err != nil {
			return fmt.Errorf("similar: %w", err)
		}
	}
	return nil
}

// similarTo finds the records like a text, with the share of groups that they
// have in common.
func similarTo(ctx context.Context, tx *tx, seq int64, x indexed) (map[int64]float64, error) {
	candidates, err := candidatesOf(ctx, tx, seq, x.sketch)
	if err != nil || len(candidates) == 0 {
		return nil, err
	}
	groups := groupSet(x.title + " " + x.body)
	f := newFolder()
	out := map[int64]float64{}
	for _, other := range candidates {
		var title, body string
		err := tx.QueryRowContext(ctx, `SELECT v.title, v.body FROM records r JOIN versions v ON v.record = r.seq AND v.number = r.version
			WHERE r.seq = CAST($1 AS INTEGER)`, other).Scan(&title, &body)
		if errors.Is(err, sql.ErrNoRows) {
			continue // lost; Verify finds it
		}
		if err != nil {
			return nil, fmt.Errorf("similar: %w", err)
		}
		if share := jaccard(groups, groupSet(f.tokens(title)+" "+f.tokens(body))); share >= similarFrom {
			out[other] = scoreOf(share)
		}
	}
	return out, nil
}

// scoreOf is a share as it is stored.
func scoreOf(share float64) float64 { return math.Round(share*1000) / 1000 }

func jaccard(a, b map[uint64]struct{}) float64 {
	both := 0
	for g := range a {
		if _, ok := b[g]; ok {
			both++
		}
	}
	return float64(both) / float64(max(len(a)+len(b)-both, 1))
}

// insertBands files a record under each band of its sketch.
var insertBands = eachBand("INSERT OR IGNORE INTO bands (record, band) VALUES ", "($1, $%d)", ", ", 2)

// recordsOfBands gives the records of each band of a sketch. It has its limit in the text:
// SQLite prepares a statement anew each time that a limit is bound.
var recordsOfBands = eachBand("", fmt.Sprintf("SELECT record FROM (SELECT record FROM bands WHERE band = $%%d LIMIT %d)", bandLimit), " UNION ALL ", 1)

// eachBand is a statement with a part for each band, which has the next parameter from first on.
func eachBand(begin, part, join string, first int) string {
	parts := make([]string, bandCount)
	for i := range parts {
		parts[i] = fmt.Sprintf(part, first+i)
	}
	return begin + strings.Join(parts, join)
}

// candidatesOf are the records whose sketches are most like this one.
func candidatesOf(ctx context.Context, tx *tx, seq int64, s *sketch) ([]int64, error) {
	near := map[int64]bool{}
	rows, err := tx.QueryContext(ctx, recordsOfBands, s.bandArgs()...)
	if err != nil {
		return nil, fmt.Errorf("similar: %w", err)
	}
	others, err := column[int64](rows)
	if err != nil {
		return nil, fmt.Errorf("similar: %w", err)
	}
	for _, other := range others {
		near[other] = other != seq
	}
	shares := map[int64]float64{}
	for other, ok := range near {
		var hashes []byte
		if !ok {
			continue
		}
		err := tx.QueryRowContext(ctx, "SELECT hashes FROM sketches WHERE record = $1", other).Scan(&hashes)
		if err != nil && !errors.Is(err, sql.ErrNoRows) { // what is lost Verify finds
			return nil, fmt.Errorf("similar: %w", err)
		}
		if o := sketchFrom(hashes); o != nil && s.share(o) >= similarFrom-0.2 {
			shares[other] = s.share(o)
		}
	}
	best := make([]int64, 0, len(shares))
	for other := range shares {
		best = append(best, other)
	}
	slices.SortFunc(best, func(a, b int64) int {
		if shares[a] != shares[b] {
			return int(math.Copysign(1, shares[b]-shares[a]))
		}
		return int(a - b)
	})
	return best[:min(len(best), compareLimit)], nil
}

// Similar lists the records whose current text is like that of a record, the
// most similar first.
func (a *Archive) Similar(ctx context.Context, id string) ([]dossier.Similar, error) {
	rows, err := a.reader.QueryContext(ctx, `SELECT o.id, o.site, o.url, v.title, v.date, s.score FROM
			(SELECT s.other AS seq, s.score AS score FROM records r JOIN similar s ON s.record = r.seq WHERE r.id = $1
			UNION ALL SELECT s.record, s.score FROM records r JOIN similar s ON s.other = r.seq WHERE r.id = $1) s
		JOIN records o ON o.seq = s.seq JOIN versions v ON v.record = o.seq AND v.number = o.version ORDER BY s.score DESC, o.seq`, id)
	if err != nil {
		return nil, fmt.Errorf("similar to %s: %w", id, classify(err))
	}
	defer rows.Close()
	out := []dossier.Similar{}
	for rows.Next() {
		var s dossier.Similar
		if err := rows.Scan(&s.ID, &s.Site, &s.URL, &s.Title, &s.Date, &s.Score); err != nil {
			return nil, fmt.Errorf("similar to %s: %w", id, classify(err))
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("similar to %s: %w", id, classify(err))
	}
	return out, nil
}
