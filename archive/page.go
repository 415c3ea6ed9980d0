package archive

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/dossier-archive/dossier"
)

// packedPage is a capture ready to be stored. Packing is done before the
// transaction, so that it does not hold up other pages.
type packedPage struct {
	sha256 []byte
	body   []byte
}

func (a *Archive) packPage(s *dossier.Snapshot) *packedPage {
	if s == nil {
		return nil
	}
	sum := sha256.Sum256(s.Body)
	return &packedPage{sha256: sum[:], body: a.packer.EncodeAll(s.Body, nil)}
}

// keepPage stores the capture of the visit.
func (c *commit) keepPage() error {
	s := c.v.Snapshot
	request, err := json.Marshal(s.Request)
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	header, err := json.Marshal(s.Header)
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	res, err := c.tx.ExecContext(c.ctx, `INSERT INTO pages (site, url, final_url, fetched_at, status, proto, request, header, sha256, size, codec, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'zstd', $11)`,
		c.site, s.URL, s.FinalURL, s.FetchedAt.UTC().Format(time.RFC3339Nano), s.Status, s.Proto, request, header, c.page.sha256, len(s.Body), c.page.body)
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	id, err := res.LastInsertId()
	c.stored = sql.NullInt64{Int64: id, Valid: err == nil}
	return err
}

// Snapshot gives back the page that a version of a record was read from, as
// it was fetched. Version 0 is the current one.
func (a *Archive) Snapshot(ctx context.Context, id string, version int) (dossier.Snapshot, error) {
	var s dossier.Snapshot
	var at string
	var request, header, sum, body []byte
	err := a.reader.QueryRowContext(ctx, `SELECT p.url, p.final_url, p.fetched_at, p.status, p.proto, p.request, p.header, p.sha256, p.body
		FROM records r JOIN versions v ON v.record = r.seq AND v.number = CASE WHEN $1 = 0 THEN r.version ELSE $1 END
		JOIN pages p ON p.id = v.page WHERE r.id = $2`, version, id).
		Scan(&s.URL, &s.FinalURL, &at, &s.Status, &s.Proto, &request, &header, &sum, &body)
	if errors.Is(err, sql.ErrNoRows) {
		return s, fmt.Errorf("page of %s version %d: %w", id, version, ErrNotFound)
	}
	if err != nil {
		return s, fmt.Errorf("page of %s: %w", id, classify(err))
	}
	if s.Body, err = a.unpackr.DecodeAll(body, nil); err != nil {
		return s, fmt.Errorf("page of %s: %w (%w)", id, ErrDamaged, err)
	}
	if got := sha256.Sum256(s.Body); string(got[:]) != string(sum) {
		return s, fmt.Errorf("page of %s: its digest is not that of its bytes: %w", id, ErrDamaged)
	}
	s.Request, s.Header = http.Header{}, http.Header{}
	err = errors.Join(json.Unmarshal(request, &s.Request), json.Unmarshal(header, &s.Header))
	var atErr error
	s.FetchedAt, atErr = time.Parse(time.RFC3339Nano, at)
	if err = errors.Join(err, atErr); err != nil {
		return s, fmt.Errorf("page of %s: %w (%w)", id, ErrDamaged, err)
	}
	return s, nil
}

func nullMillis(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixMilli(), Valid: !t.IsZero()}
}
