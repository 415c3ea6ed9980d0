package archive

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
)

// A KeyFunc reads an address: as it is asked for, and the key that addresses of the same
// page have in common.
type KeyFunc func(address string) (url, key string, err error)

// VerifyAddresses compares each address, those in the frontier and those of records, with
// its key, and the records of other addresses with what was observed there. What
// stands elsewhere proves what a repair puts right. The caller of a repair holds the lock.
func (a *Archive) VerifyAddresses(ctx context.Context, repair bool, key KeyFunc) ([]Damage, error) {
	v := &verifier{a: a, ctx: ctx, repair: repair}
	err := v.run(v.aliases, func() error { return v.keys("frontier", key) }, func() error { return v.keys("addresses", key) })
	return v.out.Damage, err
}

// keyed is an address with its key.
type keyed struct {
	id             int64
	site, key, url string
	record         string // id, "" when it is of none
}

// keys compares the addresses of a table with their keys. Both are read as addresses are
// today, so that a program that reads them otherwise than that which wrote them finds nothing.
func (v *verifier) keys(table string, key KeyFunc) error {
	for after := int64(0); ; {
		list, err := v.keyedAfter(table, after)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, k := range list {
			own, want, err := key(k.key)
			_, got, bad := key(k.url)
			if err != nil && bad != nil { // by rules of today neither is an address at all
				continue
			}
			if err == nil && bad == nil && (got == k.key || got == want) {
				continue
			}
			own = cmp.Or(own, "no address")
			if err := v.otherKey(table, k, own, want, key); err != nil {
				return err
			}
		}
		last := list[len(list)-1].id
		if err := goesOn(table, after, last); err != nil {
			return err
		}
		after = last
	}
}

func (v *verifier) keyedAfter(table string, after int64) (list []keyed, err error) {
	rows, err := v.a.reader.QueryContext(v.ctx, `SELECT t.rowid, t.site, t.key, t.url, coalesce(r.id, '')
		FROM `+table+` t LEFT JOIN records r ON r.seq = t.record WHERE t.rowid > $1 ORDER BY t.rowid LIMIT $2`, after, verifyBatch)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var k keyed
		if err := rows.Scan(&k.id, &k.site, &k.key, &k.url, &k.record); err != nil {
			return nil, err
		}
		list = append(list, k)
	}
	return list, rows.Err()
}

// otherKey tells of an address that its key does not fit. own is the address that the key
// is itself.
func (v *verifier) otherKey(table string, k keyed, own, want string, key KeyFunc) error {
	d := Damage{Kind: DamagedAddress, What: k.url, Detail: fmt.Sprintf("its key in the table %s is that of %s", table, own)}
	if k.record != "" {
		d.Affects = []string{k.record}
	}
	if v.repair {
		field, value, err := v.fitting(table, k, own, want, key)
		if err != nil {
			return err
		}
		switch field {
		case "":
			d.Detail += "; which of the two was changed is not known"
		case "key":
			d.Repaired, err = v.rekey(table, k, value, &d)
		default:
			d.Repaired, err = true, v.set(table, field, "rowid = $2", value, k.id)
		}
		if err != nil {
			return err
		}
	}
	v.found(d)
	return nil
}

// fitting looks elsewhere in the archive for what was changed, the address or its key, and
// gives what it was; "" when nothing proves either. Where nothing else was stored of the key,
// the address is the key itself.
func (v *verifier) fitting(table string, k keyed, own, want string, key KeyFunc) (field, value string, err error) {
	rows, err := v.a.reader.QueryContext(v.ctx, `SELECT p.url FROM frontier f JOIN observations o ON o.address = f.id JOIN pages p ON p.id = o.page WHERE f.site = $1 AND f.key = $2
		UNION SELECT p.final_url FROM frontier f JOIN observations o ON o.address = f.id JOIN pages p ON p.id = o.page WHERE f.site = $1 AND f.key = $2`, k.site, k.key)
	if err != nil {
		return "", "", err
	}
	pages, err := column[string](rows)
	if err != nil {
		return "", "", err
	}
	rows, err = v.a.reader.QueryContext(v.ctx, "SELECT url FROM frontier WHERE site = $1 AND key = $2 UNION SELECT url FROM addresses WHERE site = $1 AND key = $2", k.site, k.key)
	if err != nil {
		return "", "", err
	}
	others, err := column[string](rows)
	if err != nil {
		return "", "", err
	}
	for _, url := range append(others, pages...) {
		if _, got, err := key(url); err == nil && (got == k.key || got == want) {
			return "url", url, nil
		}
	}
	if proper, ok, err := v.keyBefore(table, k, pages, key); err != nil || ok {
		return "key", proper, err
	}
	if len(pages) == 0 && want != "" {
		return "url", own, nil
	}
	return "", "", nil
}

// keyBefore is the key of the address itself, and whether a page that came of it, or for the
// address of a record the frontier, which has both, proves that it was the key of the row.
func (v *verifier) keyBefore(table string, k keyed, pages []string, key KeyFunc) (proper string, ok bool, err error) {
	_, proper, bad := key(k.url)
	if bad != nil {
		return "", false, nil
	}
	for _, url := range pages {
		if _, got, err := key(url); err == nil && got == proper {
			return proper, true, nil
		}
	}
	err = v.a.reader.QueryRowContext(v.ctx, "SELECT $1 = 'addresses' AND EXISTS (SELECT 1 FROM frontier WHERE site = $2 AND key = $3 AND url = $4)",
		table, k.site, proper, k.url).Scan(&ok)
	return proper, ok, err
}

// rekey gives an address the key that pages prove, unless another row has it.
func (v *verifier) rekey(table string, k keyed, key string, d *Damage) (bool, error) {
	var taken bool
	err := v.a.reader.QueryRowContext(v.ctx, "SELECT EXISTS (SELECT 1 FROM "+table+" WHERE site = $1 AND key = $2)", k.site, key).Scan(&taken)
	if err != nil {
		return false, err
	}
	if taken {
		d.Detail += "; the key that it had is that of another row meanwhile"
		return false, nil
	}
	return true, v.set(table, "key", "rowid = $2", key, k.id)
}

// otherNamesOf finds other addresses of a record at which only another one was ever seen:
// the observations, whose digests hold, and the frontier say so.
const otherNamesOf = `SELECT a.rowid, a.site, a.key, a.url, coalesce(r.id, ''), f.record, coalesce(was.id, '')
	FROM addresses a JOIN frontier f ON f.site = a.site AND f.key = a.key LEFT JOIN records r ON r.seq = a.record LEFT JOIN records was ON was.seq = f.record
	WHERE a.reason != '' AND f.record != a.record AND NOT EXISTS (SELECT 1 FROM observations WHERE address = f.id AND (record = a.record OR doubt != ''))
		AND f.record = (SELECT record FROM observations WHERE address = f.id AND record IS NOT NULL ORDER BY id DESC LIMIT 1)`

// aliases compares whose other names addresses are with what was observed at them.
func (v *verifier) aliases() error {
	rows, err := v.a.reader.QueryContext(v.ctx, otherNamesOf)
	if err != nil {
		return err
	}
	defer rows.Close()
	type alias struct {
		keyed
		seq sql.NullInt64
		of  string
	}
	var bad []alias
	for rows.Next() {
		var b alias
		if err := rows.Scan(&b.id, &b.site, &b.key, &b.url, &b.record, &b.seq, &b.of); err != nil {
			return err
		}
		bad = append(bad, b)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, b := range bad {
		d := Damage{Kind: DamagedAddress, What: b.url, Detail: fmt.Sprintf("it stands as another address of %s, and only %s was ever seen there", b.record, b.of), Affects: []string{b.record, b.of}}
		if v.repair {
			if err := v.set("addresses", "record", "rowid = $2", b.seq, b.id); err != nil {
				return err
			}
			d.Repaired = true
		}
		v.found(d)
	}
	return nil
}
