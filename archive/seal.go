package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"iter"
)

// Each observation has a digest of its fields and of the digest before it at
// the same address, and the address has the digest of its last one: so none can
// be changed, put in or taken out unnoticed.

// sealed are the fields of an observation that its digest covers.
const sealed = "o.run, o.address, o.at, o.status, o.reason, o.detail, o.http, o.record, o.page, o.doubt"

// sealOf is the SHA-256 of the digest before and of the sealed fields as a JSON
// array.
func sealOf(before []byte, fields ...any) ([]byte, error) {
	for i, f := range fields {
		if n, ok := f.(sql.NullInt64); ok {
			fields[i], _ = n.Value() // cannot fail
		}
		if n, ok := f.(float64); ok { // only put in by others, and JSON does not know all of them
			fields[i] = fmt.Sprint(n)
		}
	}
	var b bytes.Buffer
	b.Write(before)
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(fields); err != nil {
		return nil, fmt.Errorf("digest of an observation: %w", err)
	}
	sum := sha256.Sum256(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
	return sum[:], nil
}

// A chain is all observations of an address, in their order.
type chain struct {
	address int64
	url     string
	record  string // id, "" when the address is of none
	head    []byte // digest of the last one, as the address has it
	links   []chainLink
}

type chainLink struct {
	id     int64
	record string // id
	digest []byte
	fields []any
}

// statements are what a transaction and a connection have in common.
type statements interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// chains gives the chains of the addresses that a condition on the frontier, f,
// chooses, in their order.
func chains(ctx context.Context, db statements, where string, args ...any) iter.Seq2[chain, error] {
	return func(yield func(chain, error) bool) {
		rows, err := db.QueryContext(ctx, `SELECT f.id, f.url, coalesce(own.id, ''), f.observed, o.id, coalesce(r.id, ''), o.digest, `+sealed+`
			FROM frontier f LEFT JOIN observations o ON o.address = f.id LEFT JOIN records r ON r.seq = o.record LEFT JOIN records own ON own.seq = f.record
			WHERE `+where+" ORDER BY f.id, o.id", args...)
		if err != nil {
			yield(chain{}, err)
			return
		}
		defer rows.Close()
		var c chain
		for rows.Next() {
			next, err := scanLink(rows)
			if err != nil {
				yield(chain{}, err)
				return
			}
			if next.address == c.address {
				c.links = append(c.links, next.links...)
				continue
			}
			if c.address != 0 && !yield(c, nil) {
				return
			}
			c = next
		}
		if err := rows.Err(); err != nil {
			yield(chain{}, err)
		} else if c.address != 0 {
			yield(c, nil)
		}
	}
}

// scanLink reads a row of chains: an address with one of its observations.
func scanLink(rows *sql.Rows) (chain, error) {
	var c chain
	var id sql.NullInt64
	l := chainLink{fields: make([]any, 10)}
	dest := []any{&c.address, &c.url, &c.record, &c.head, &id, &l.record, &l.digest}
	for i := range l.fields {
		dest = append(dest, &l.fields[i])
	}
	if err := rows.Scan(dest...); err != nil {
		return c, err
	}
	if l.id = id.Int64; id.Valid {
		c.links = append(c.links, l)
	}
	return c, nil
}

// wrong gives the places of the observations that are not as they were written,
// or that follow on missing ones, and reports whether the last ones are missing.
// One that was put in does not make the next one wrong.
func (c chain) wrong() (places []int, short bool, err error) {
	var good, before []byte
	for i, l := range c.links {
		held := false
		for _, b := range [][]byte{before, good} {
			digest, err := sealOf(b, l.fields...)
			if err != nil {
				return nil, false, err
			}
			held = held || bytes.Equal(digest, l.digest)
		}
		if before = l.digest; held {
			good = l.digest
		} else {
			places = append(places, i)
		}
	}
	return places, !bytes.Equal(c.head, before) && !bytes.Equal(c.head, good), nil
}

// seal writes the digests of a chain anew where they are others.
func (c chain) seal(ctx context.Context, db statements) error {
	var before []byte
	for _, l := range c.links {
		digest, err := sealOf(before, l.fields...)
		if err != nil {
			return err
		}
		if !bytes.Equal(digest, l.digest) {
			if _, err := db.ExecContext(ctx, "UPDATE observations SET digest = $1 WHERE id = $2", digest, l.id); err != nil {
				return err
			}
		}
		before = digest
	}
	var head driver.Value
	if before != nil {
		head = before
	}
	_, err := db.ExecContext(ctx, "UPDATE frontier SET observed = $1 WHERE id = $2", head, c.address)
	return err
}

// sealAll writes the digests of addresses anew.
func sealAll(ctx context.Context, db statements, addresses []int64) error {
	for _, address := range addresses {
		var list []chain // the rows are closed before anything is written
		for c, err := range chains(ctx, db, "f.id = $1", address) {
			if err != nil {
				return fmt.Errorf("observations of address %d: %w", address, err)
			}
			list = append(list, c)
		}
		for _, c := range list {
			if err := c.seal(ctx, db); err != nil {
				return fmt.Errorf("observations of address %d: %w", address, err)
			}
		}
	}
	return nil
}

// keepSealed lets do remove observations, or what they point to, of the addresses
// that a condition on the frontier, f, chooses. Digests that held before hold
// afterwards; what was damaged stays as damaged as it was.
func keepSealed(ctx context.Context, db statements, where string, args []any, do func() error) error {
	var intact []int64
	for c, err := range chains(ctx, db, where, args...) {
		if err != nil {
			return err
		}
		places, short, err := c.wrong()
		if err != nil {
			return err
		}
		if len(places) == 0 && !short {
			intact = append(intact, c.address)
		}
	}
	if err := do(); err != nil {
		return err
	}
	return sealAll(ctx, db, intact)
}
