package archive

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// What repair notes at observations that cannot be put back.
const (
	doubtChanged = "not as it was written, or one before it is missing"
	doubtShort   = "one or more after it are missing"
)

// observations compares the observations of each address with their digests. A repair
// puts back the one field of an observation that was changed where a digest proves what it
// was. Else what was there is lost: what is left is marked as doubtful, so that later
// damage is seen, and nobody relies on it.
func (v *verifier) observations() error {
	if v.repair {
		if err := v.strays(); err != nil {
			return err
		}
	}
	scan := rowScan{db: v.a.reader, table: "frontier"}
	for {
		ids, err := scan.next(v.ctx)
		if err != nil || len(ids) == 0 {
			return errors.Join(err, v.unread(&scan))
		}
		bad, err := v.unsealed(ids[0], ids[len(ids)-1])
		if isCorrupt(err) {
			v.found(Damage{Kind: DamagedFile, What: "table observations", Detail: err.Error()})
		} else if err != nil {
			return err
		}
		for _, b := range bad {
			if err := v.doubted(b); err != nil {
				return err
			}
		}
	}
}

// unsealed is a chain that does not hold.
type unsealed struct {
	chain
	places []int
	short  bool
}

// unsealed gives the chains that do not hold of a range of addresses.
func (v *verifier) unsealed(from, to int64) ([]unsealed, error) {
	var out []unsealed
	for c, err := range chains(v.ctx, v.a.reader, "f.id BETWEEN $1 AND $2", from, to) {
		if err != nil {
			return out, err
		}
		places, short, err := c.wrong()
		if err != nil {
			return out, err
		}
		if len(places) > 0 || short {
			out = append(out, unsealed{c, places, short})
		}
	}
	return out, nil
}

// doubted tells of a chain that does not hold.
func (v *verifier) doubted(b unsealed) error {
	d := b.damage()
	if v.repair {
		if err := v.mendObservations(&b, &d); err != nil {
			return err
		}
	}
	if len(b.places) > 0 || b.short {
		v.distrust(b)
	}
	v.found(d)
	return nil
}

// distrust notes the runs of which observations do not hold.
func (v *verifier) distrust(b unsealed) {
	if v.unsure == nil {
		v.unsure = map[int64]bool{}
	}
	for _, l := range b.links {
		if run, ok := l.fields[sealedRun].(int64); ok {
			v.unsure[run] = true
		}
	}
}

// mendObservations puts back what digests prove, and marks the rest.
func (v *verifier) mendObservations(b *unsealed, d *Damage) error {
	d.Repaired = true
	some, err := v.mendChain(&b.chain)
	if err != nil {
		return err
	}
	if some {
		d.Detail += "; what digests prove was put back"
	}
	if b.places, b.short, err = b.wrong(); err != nil || len(b.places) == 0 && !b.short {
		return err
	}
	d.Detail += "; what is left of them is marked as doubtful"
	return v.a.write(v.ctx, "observations of "+b.url, func(tx *tx) error { return b.doubt(v.ctx, tx) })
}

// damage says what is wrong, and which records the address had to do with.
func (b unsealed) damage() Damage {
	d := Damage{Kind: DamagedObservation, What: b.url}
	if len(b.places) > 0 {
		d.Detail = fmt.Sprintf("%d of its %d observations were changed or put in, or follow on one that is missing", len(b.places), len(b.links))
	}
	if b.short {
		if d.Detail != "" {
			d.Detail += "; "
		}
		d.Detail += fmt.Sprintf("after %d observations the last ones are missing", len(b.links))
	}
	ids := []string{b.record}
	for _, l := range b.links {
		ids = append(ids, l.record)
	}
	slices.Sort(ids)
	d.Affects = slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return id == "" })
	return d
}

// doubt marks the observations that do not hold, and seals them as they are.
func (b unsealed) doubt(ctx context.Context, tx *tx) error {
	marks := map[int64]string{}
	if n := len(b.links); b.short && n > 0 {
		marks[b.links[n-1].id] = doubtShort
	}
	for _, i := range b.places {
		marks[b.links[i].id] = doubtChanged
	}
	for id, why := range marks {
		if _, err := tx.ExecContext(ctx, "UPDATE observations SET doubt = $1 WHERE id = $2", why, id); err != nil {
			return err
		}
	}
	return sealAll(ctx, tx, []int64{b.address})
}
