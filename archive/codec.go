package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/klauspost/compress/zstd"

	"github.com/dossier-archive/dossier"
)

// Pages are packed with zstd. The last page of the same address, else a page
// of the same site that has much in common, is the dictionary: of such a page
// only what differs takes room.
const (
	siteBases = 4         // dictionaries that a site has at a time
	codecKept = 8         // sites, and dictionaries for reading, kept in memory
	maxBase   = 512 << 10 // longest page that is a dictionary
	minBase   = 1 << 10
	minShared = 0.25 // of a page's parts that a dictionary must have
	baseID    = 0    // no id in the frames, so that other tools take the page as it is; the column base says which
)

// codec packs and unpacks pages. It is safe for concurrent use.
type codec struct {
	plain    *zstd.Encoder
	unpacker *zstd.Decoder

	mu    sync.Mutex
	sites []*siteCodec // used last stands last
	read  []reader     // likewise
}

type siteCodec struct {
	site  string
	bases []*base // the newest stands last
}

// base is a page that others are packed with.
type base struct {
	page   int64
	body   []byte
	parts  map[uint64]struct{} // hashes of its markup
	packer *zstd.Encoder       // made when it is needed
}

type reader struct {
	page    int64
	decoder *zstd.Decoder
}

func newCodec() (*codec, error) {
	plain, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedDefault), zstd.WithEncoderConcurrency(2), zstd.WithLowerEncoderMem(true))
	if err != nil {
		return nil, fmt.Errorf("zstd: %w", err)
	}
	unpacker, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0))
	if err != nil {
		return nil, fmt.Errorf("zstd: %w", err)
	}
	return &codec{plain: plain, unpacker: unpacker}, nil
}

func (c *codec) close() {
	c.plain.Close()
	c.unpacker.Close()
	c.reset()
}

// reset forgets the dictionaries, after pages were removed.
func (c *codec) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sites, c.read = nil, nil
}

// unpackerOn gives the decoder for pages that were packed with a page.
func (c *codec) unpackerOn(page int64, load func() ([]byte, error)) (*zstd.Decoder, error) {
	c.mu.Lock()
	if i := slices.IndexFunc(c.read, func(r reader) bool { return r.page == page }); i >= 0 {
		r := c.read[i]
		c.read = append(slices.Delete(c.read, i, i+1), r)
		c.mu.Unlock()
		return r.decoder, nil
	}
	c.mu.Unlock()
	body, err := load()
	if err != nil {
		return nil, err
	}
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderDictRaw(baseID, body))
	if err != nil {
		return nil, fmt.Errorf("zstd: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.read) >= codecKept {
		c.read = slices.Delete(c.read, 0, 1)
	}
	c.read = append(c.read, reader{page, d})
	return d, nil
}

func packerOn(body []byte) (*zstd.Encoder, error) {
	return zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedDefault), zstd.WithEncoderConcurrency(1),
		zstd.WithLowerEncoderMem(true), zstd.WithWindowSize(1<<20), zstd.WithEncoderDictRaw(baseID, body))
}

// packPage packs the capture of a visit to a site, nil when there is none. An
// address that has no record, as said by first, has no last page to look for.
func (a *Archive) packPage(ctx context.Context, site, key string, s *dossier.Snapshot, first bool) (*packedPage, error) {
	if s == nil {
		return nil, nil
	}
	whole := wholeBody(s)
	sum := sha256.Sum256(whole)
	p := &packedPage{whole: whole, sha256: sum[:]}
	if first {
		return p, a.packOnSite(ctx, site, whole, p)
	}
	var last, lastBase sql.NullInt64
	var lastSum []byte
	err := a.lookup.row(ctx, `SELECT p.id, p.base, p.sha256 FROM addresses a JOIN records r ON r.seq = a.record
		JOIN versions v ON v.record = r.seq AND v.number = r.version JOIN pages p ON p.id = v.page
		WHERE a.key = CAST($1 AS TEXT) AND a.site = CAST($2 AS TEXT)`, key, site).Scan(&last, &lastBase, &lastSum)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return p, a.packOnSite(ctx, site, whole, p)
	case err != nil:
		return nil, fmt.Errorf("page before %s: %w", s.FinalURL, classify(err))
	case bytes.Equal(lastSum, p.sha256):
		p.body = a.codec.plain.EncodeAll(whole, nil) // rarely stored
		return p, nil
	}
	return p, a.packOnLast(ctx, last.Int64, lastBase.Valid, whole, p)
}

// packOnLast packs a page with the last one of its address.
func (a *Archive) packOnLast(ctx context.Context, last int64, chained bool, body []byte, p *packedPage) error {
	before, err := a.bodyOf(ctx, a.reader, last)
	if errors.Is(err, ErrDamaged) || err == nil && (len(before) > 8*maxBase || len(before) < minBase/4) {
		p.body = a.codec.plain.EncodeAll(body, nil)
		return nil
	}
	if err != nil {
		return err
	}
	enc, err := packerOn(before)
	if err != nil {
		return fmt.Errorf("zstd: %w", err)
	}
	defer enc.Close()
	p.body, p.base = enc.EncodeAll(body, nil), last
	if chained {
		p.baseAlone = a.codec.plain.EncodeAll(before, nil)
	}
	return nil
}

// packOnSite packs a page with the one of the site that is most like it.
func (a *Archive) packOnSite(ctx context.Context, site string, body []byte, p *packedPage) error {
	bases, err := a.basesOf(ctx, site)
	if err != nil {
		return err
	}
	a.codec.mu.Lock()
	defer a.codec.mu.Unlock()
	b := mostShared(bases.bases, body)
	if b == nil {
		p.body = a.codec.plain.EncodeAll(body, nil)
		return nil
	}
	if b.packer == nil {
		if b.packer, err = packerOn(b.body); err != nil {
			return fmt.Errorf("zstd: %w", err)
		}
	}
	p.body, p.base = b.packer.EncodeAll(body, nil), b.page
	return nil
}

// basesOf gives the dictionaries of a site: its newest pages that have none.
func (a *Archive) basesOf(ctx context.Context, site string) (*siteCodec, error) {
	c := a.codec
	c.mu.Lock()
	if i := slices.IndexFunc(c.sites, func(s *siteCodec) bool { return s.site == site }); i >= 0 {
		s := c.sites[i]
		c.sites = append(slices.Delete(c.sites, i, i+1), s)
		c.mu.Unlock()
		return s, nil
	}
	c.mu.Unlock()
	s := &siteCodec{site: site}
	for _, id := range a.alone(ctx, site) {
		body, err := a.bodyOf(ctx, a.reader, id)
		if errors.Is(err, ErrDamaged) {
			continue
		}
		if err != nil {
			return nil, err
		}
		s.bases = append([]*base{newBase(id, body)}, s.bases...)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if i := slices.IndexFunc(c.sites, func(o *siteCodec) bool { return o.site == site }); i >= 0 {
		return c.sites[i], nil
	}
	if len(c.sites) >= codecKept {
		c.sites = slices.Delete(c.sites, 0, 1)
	}
	c.sites = append(c.sites, s)
	return s, nil
}

// alone names the newest pages of a site that can be dictionaries.
func (a *Archive) alone(ctx context.Context, site string) []int64 {
	rows, err := a.reader.QueryContext(ctx, `SELECT id, size FROM pages WHERE site = $1 AND base IS NULL ORDER BY id DESC LIMIT 16`, site)
	if err != nil {
		return nil // without a dictionary a page takes more room, that is all
	}
	defer rows.Close()
	var ids []int64
	for rows.Next() && len(ids) < siteBases {
		var id, size int64
		if rows.Scan(&id, &size) == nil && size >= minBase && size <= maxBase {
			ids = append(ids, id)
		}
	}
	return ids
}

// learn makes a page that was stored without a dictionary one for others.
func (c *codec) learn(site string, page int64, body []byte) {
	if len(body) < minBase || len(body) > maxBase {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.sites {
		if s.site != site {
			continue
		}
		if len(s.bases) >= siteBases {
			s.bases = slices.Delete(s.bases, 0, 1)
		}
		s.bases = append(s.bases, newBase(page, body))
	}
}

func newBase(page int64, body []byte) *base {
	b := &base{page: page, body: body, parts: map[uint64]struct{}{}}
	for h := range partsOf(body) {
		b.parts[h] = struct{}{}
	}
	return b
}

// partsOf gives a hash for each piece of markup that is long enough to tell
// something, with the number of its bytes.
func partsOf(body []byte) func(yield func(uint64, int) bool) {
	return func(yield func(uint64, int) bool) {
		start, h := 0, uint64(14695981039346656037)
		for i, b := range body {
			if (b == '<' || b == '\n') && i-start >= 16 {
				if !yield(h, i-start) {
					return
				}
				start, h = i, 14695981039346656037
			}
			h = (h ^ uint64(b)) * 1099511628211
		}
	}
}

// mostShared is the dictionary that has most of a page, nil when none has
// enough.
func mostShared(bases []*base, body []byte) *base {
	shared := make([]int, len(bases))
	for h, n := range partsOf(body) {
		for i, b := range bases {
			if _, ok := b.parts[h]; ok {
				shared[i] += n
			}
		}
	}
	var best *base
	most := int(minShared * float64(len(body)))
	for i, n := range shared {
		if n > most {
			best, most = bases[i], n
		}
	}
	return best
}
