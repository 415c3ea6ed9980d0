package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive/warc"
)

// packedPage is a capture ready to be stored. Packing is done before the
// transaction, so that it does not hold up other pages.
type packedPage struct {
	whole  []byte // body of the capture, with those of its parts
	sha256 []byte // of that
	body   []byte // that, packed
	base   int64  // the page that is its dictionary; 0: none

	// A base that has a dictionary of its own is stored anew without one:
	// dictionaries never chain.
	baseAlone []byte
}

// keepPage stores the capture of the visit.
func (c *commit) keepPage() error {
	s := c.v.Snapshot
	request, err := json.Marshal(s.Request)
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	header, err := headerOf(s)
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	parts, err := partsText(s)
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	if c.page.baseAlone != nil {
		if _, err := c.tx.ExecContext(c.ctx, "UPDATE pages SET base = NULL, body = $1 WHERE id = $2", c.page.baseAlone, c.page.base); err != nil {
			return fmt.Errorf("page: %w", err)
		}
	}
	base := sql.NullInt64{Int64: c.page.base, Valid: c.page.base != 0}
	c.pageFields = []any{c.site, s.URL, s.FinalURL, s.FetchedAt.UTC().Format(time.RFC3339Nano), int64(s.Status), s.Proto, request, header, c.page.sha256, int64(len(c.page.whole)), parts}
	res, err := c.tx.ExecContext(c.ctx, `INSERT INTO pages (site, url, final_url, fetched_at, status, proto, request, header, sha256, size, parts, base, body, codec)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'zstd')`,
		append(slices.Clone(c.pageFields), base, c.page.body)...)
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	id, err := res.LastInsertId()
	c.stored = sql.NullInt64{Int64: id, Valid: err == nil}
	return err
}

// querier is what the pools and a transaction have in common.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Snapshot gives back the page that a version of a record was read from, as
// it was fetched. Version 0 is the current one.
func (a *Archive) Snapshot(ctx context.Context, id string, version int) (dossier.Snapshot, error) {
	var page int64
	err := a.reader.QueryRowContext(ctx, `SELECT v.page FROM records r
		JOIN versions v ON v.record = r.seq AND v.number = CASE WHEN $1 = 0 THEN r.version ELSE $1 END
		WHERE r.id = $2 AND v.page IS NOT NULL`, version, id).Scan(&page)
	if errors.Is(err, sql.ErrNoRows) {
		return dossier.Snapshot{}, fmt.Errorf("page of %s version %d: %w", id, version, ErrNotFound)
	}
	if err != nil {
		return dossier.Snapshot{}, fmt.Errorf("page of %s: %w", id, classify(err))
	}
	s, err := a.Page(ctx, page)
	if err != nil {
		return s, fmt.Errorf("page of %s: %w", id, err)
	}
	return s, nil
}

// Page gives back a stored page by its number, as in Version.Page.
func (a *Archive) Page(ctx context.Context, page int64) (dossier.Snapshot, error) {
	return a.pageFrom(ctx, a.reader, page)
}

func (a *Archive) pageFrom(ctx context.Context, q querier, page int64) (dossier.Snapshot, error) {
	var s dossier.Snapshot
	var at, parts string
	var request, header []byte
	err := q.QueryRowContext(ctx, "SELECT url, final_url, fetched_at, status, proto, request, header, parts FROM pages WHERE id = $1", page).
		Scan(&s.URL, &s.FinalURL, &at, &s.Status, &s.Proto, &request, &header, &parts)
	if errors.Is(err, sql.ErrNoRows) {
		return s, lostPage(page)
	}
	if err != nil {
		return s, fmt.Errorf("page %d: %w", page, classify(err))
	}
	s.Request = http.Header{}
	var atErr error
	s.FetchedAt, atErr = time.Parse(time.RFC3339Nano, at)
	if err := errors.Join(json.Unmarshal(request, &s.Request), setHeader(&s, header), atErr); err != nil {
		return s, fmt.Errorf("page %d: %w (%w)", page, ErrDamaged, err)
	}
	whole, err := a.bodyOf(ctx, q, page)
	if err != nil {
		return s, err
	}
	if err := setParts(&s, parts, whole); err != nil {
		return s, fmt.Errorf("page %d: %w (%w)", page, ErrDamaged, err)
	}
	return s, nil
}

// headerOf is the header of a page as it is kept: the head of the answer as it came,
// or JSON when that is not known or can only be read by who got it.
func headerOf(s *dossier.Snapshot) ([]byte, error) {
	if _, _, err := warc.ParseHead(s.Head); err == nil {
		return s.Head, nil
	}
	return json.Marshal(s.Header)
}

// setHeader undoes headerOf.
func setHeader(s *dossier.Snapshot, header []byte) error {
	if bytes.HasPrefix(header, []byte("{")) {
		s.Header = http.Header{}
		return json.Unmarshal(header, &s.Header)
	}
	head, _, err := warc.ParseHead(header)
	s.Head, s.Header = header, head.Header
	return err
}

// bodyOf unpacks the body of a page and compares its digest.
func (a *Archive) bodyOf(ctx context.Context, q querier, page int64) ([]byte, error) {
	body, sum, err := a.unpacked(ctx, q, page)
	if err != nil {
		return nil, err
	}
	if got := sha256.Sum256(body); string(got[:]) != string(sum) {
		return nil, fmt.Errorf("page %d: its digest is not that of its bytes: %w", page, ErrDamaged)
	}
	return body, nil
}

// lostPage is the error of a page that others point to, and that is not there.
func lostPage(page int64) error { return fmt.Errorf("page %d is lost: %w", page, ErrDamaged) }

// unpacked gives the body of a page with the digest that it should have.
func (a *Archive) unpacked(ctx context.Context, q querier, page int64) (body, sum []byte, err error) {
	var packed []byte
	var base sql.NullInt64
	err = q.QueryRowContext(ctx, "SELECT sha256, base, body FROM pages WHERE id = $1", page).Scan(&sum, &base, &packed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil, lostPage(page)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("page %d: %w", page, classify(err))
	}
	unpack := a.codec.unpacker
	if base.Valid {
		if unpack, err = a.codec.unpackerOn(base.Int64, func() ([]byte, error) { return a.bodyOf(ctx, q, base.Int64) }); err != nil {
			return nil, nil, fmt.Errorf("page %d: what it is packed with: %w", page, err)
		}
	}
	if body, err = unpack.DecodeAll(packed, nil); err != nil {
		return nil, nil, fmt.Errorf("page %d: %w (%w)", page, ErrDamaged, err)
	}
	return body, sum, nil
}

func nullMillis(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixMilli(), Valid: !t.IsZero()}
}
