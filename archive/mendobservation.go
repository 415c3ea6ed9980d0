package archive

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// sealedNames are the columns of the sealed fields, in their order.
var sealedNames = strings.Split(strings.ReplaceAll(sealed, "o.", ""), ", ")

// The places of some of them.
const (
	sealedRun = iota
	sealedAddress
	sealedAt
	sealedStatus
	sealedReason
	sealedDetail
	sealedHTTP
	sealedRecord
	sealedPage
	sealedDoubt
)

// mendChain puts back the one field of an observation that was changed, or its digest, where
// the digests of the chain prove what it was, and reports whether it did so for any.
func (v *verifier) mendChain(c *chain) (mended bool, err error) {
	places, _, err := c.wrong()
	if err != nil {
		return false, err
	}
	for _, i := range places {
		ok, err := v.mendLink(c, i)
		if err != nil {
			return mended, err
		}
		mended = mended || ok
	}
	return mended, nil
}

func (v *verifier) mendLink(c *chain, i int) (bool, error) {
	var before []byte
	if i > 0 {
		before = c.links[i-1].digest
	}
	l := &c.links[i]
	digest, err := sealOf(before, l.fields...)
	if err != nil {
		return false, err
	}
	if follows, err := c.follows(i, digest); err != nil || bytes.Equal(digest, l.digest) || follows {
		if follows {
			l.digest, err = digest, v.set("observations", "digest", "id = $2", digest, l.id)
		}
		return follows, err
	}
	candidates, err := v.observationsLike(c, l)
	if err != nil {
		return false, err
	}
	place, value, ok := mended(l.digest, l.fields, candidates, func(fields []any) ([]byte, error) { return sealOf(before, fields...) })
	if ok {
		l.fields[place], err = value, v.set("observations", sealedNames[place], "id = $2", value, l.id)
	}
	return ok, err
}

// follows reports whether what comes behind an observation follows on a digest.
func (c *chain) follows(i int, digest []byte) (bool, error) {
	if i+1 == len(c.links) {
		return bytes.Equal(digest, c.head), nil
	}
	next, err := sealOf(digest, c.links[i+1].fields...)
	return bytes.Equal(next, c.links[i+1].digest), err
}

// observationsLike are what the fields of an observation may have been.
func (v *verifier) observationsLike(c *chain, l *chainLink) (map[int][]any, error) {
	out := map[int][]any{sealedRecord: {nil}, sealedPage: {nil}, sealedDetail: {""}, sealedDoubt: {""}}
	for _, q := range []struct {
		place int
		query string
		arg   any
	}{
		{sealedRun, "SELECT id FROM runs WHERE $1 IS NOT NULL", c.address},
		{sealedAt, "SELECT DISTINCT at FROM observations WHERE run = $1", l.fields[sealedRun]},
		{sealedAt, "SELECT substr(fetched_at, 1, 19) || 'Z' FROM pages WHERE id = $1", l.fields[sealedPage]},
		{sealedStatus, "SELECT DISTINCT status FROM observations WHERE $1 IS NOT NULL", c.address},
		{sealedReason, "SELECT DISTINCT reason FROM observations WHERE $1 IS NOT NULL", c.address},
		{sealedHTTP, "SELECT DISTINCT http FROM observations WHERE $1 IS NOT NULL", c.address},
		{sealedRecord, "SELECT record FROM frontier WHERE id = $1", c.address},
		{sealedRecord, "SELECT a.record FROM frontier f JOIN addresses a ON a.site = f.site AND a.key = f.key WHERE f.id = $1", c.address},
		{sealedRecord, "SELECT record FROM observations WHERE address = $1", c.address},
		{sealedPage, "SELECT page FROM observations WHERE address = $1", c.address},
		{sealedPage, "SELECT p.id FROM frontier f JOIN pages p ON p.site = f.site AND f.url IN (p.url, p.final_url) WHERE f.id = $1", c.address},
		{sealedPage, "SELECT v.page FROM frontier f JOIN versions v ON v.record = f.record WHERE f.id = $1", c.address},
	} {
		rows, err := v.a.reader.QueryContext(v.ctx, q.query, q.arg)
		if err != nil {
			return nil, err
		}
		values, err := column[any](rows)
		if err != nil {
			return nil, err
		}
		out[q.place] = append(out[q.place], values...)
	}
	return out, nil
}

// stray is an observation of an address that is not there.
type stray struct {
	chainLink
	home *chain // of the address whose digests it fits
}

// strays brings observations whose address was changed back to that whose digests they fit.
func (v *verifier) strays() error {
	rows, err := v.a.reader.QueryContext(v.ctx, "SELECT o.id, o.digest, "+sealed+" FROM observations o WHERE o.address NOT IN (SELECT id FROM frontier)")
	if err != nil {
		return err
	}
	defer rows.Close()
	var list []stray
	for rows.Next() {
		s := stray{chainLink: chainLink{fields: make([]any, len(sealedNames))}}
		dest := []any{&s.id, &s.digest}
		for i := range s.fields {
			dest = append(dest, &s.fields[i])
		}
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		list = append(list, s)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil || len(list) == 0 {
		return err
	}
	for c, err := range chains(v.ctx, v.a.reader, "true") {
		if err != nil {
			return err
		}
		if places, short, err := c.wrong(); err != nil {
			return err
		} else if len(places) > 0 || short {
			if err := c.adopt(list); err != nil {
				return err
			}
		}
	}
	for _, s := range list {
		if s.home == nil { // which the check of the references says
			continue
		}
		if err := v.set("observations", "address", "id = $2", s.home.address, s.id); err != nil {
			return err
		}
		d := unsealed{chain: *s.home}.damage()
		d.Detail, d.Repaired = fmt.Sprintf("its observation number %d stood at an address that is not there", s.id), true
		v.found(d)
	}
	return nil
}

// adopt finds the strays that follow on the observations of an address.
func (c *chain) adopt(list []stray) error {
	digests := [][]byte{nil}
	for _, l := range c.links {
		digests = append(digests, l.digest)
	}
	for i := range list {
		s := &list[i]
		s.fields[sealedAddress] = c.address
		for _, before := range digests {
			got, err := sealOf(before, s.fields...)
			if err != nil {
				return err
			}
			if bytes.Equal(got, s.digest) {
				s.home = c
			}
		}
	}
	return nil
}
