package archive

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/dossier-archive/dossier"
)

// putArticle decides what an article is to the archive: a new record, a new
// version of one, one that is as it was, or one that is known from another
// address.
func (c *commit) putArticle() (dossier.Outcome, error) {
	known, err := c.address(c.v.FinalKey)
	if err != nil {
		return c.v.Outcome, err
	}
	if known, err = c.within(known, c.said); err != nil {
		return c.v.Outcome, err
	}
	content := c.content
	if c.key != c.v.FinalKey {
		if o, ok, err := c.ledAway(known, content); ok || err != nil {
			return o, err
		}
	}
	var o dossier.Outcome
	switch {
	case known.record != 0 && known.reason == "":
		var named bool
		if o, named, err = c.followsName(known.record); named || err != nil {
			return o, err
		}
		o, err = c.revised(known.record, content)
	case known.record != 0:
		o, err = c.aliasSeen(known, content)
	default:
		o, err = c.unknown(content, 0)
	}
	if err != nil {
		return o, err
	}
	return o, c.redirected()
}

// known is an address that the archive holds.
type knownAddress struct {
	record int64
	reason dossier.Reason
	site   string
}

// address looks a key up, at this site first: two sites may share addresses.
func (c *commit) address(key string) (knownAddress, error) {
	var k knownAddress
	err := c.tx.QueryRowContext(c.ctx, "SELECT record, reason, site FROM addresses WHERE key = CAST($1 AS TEXT) ORDER BY site = $2 DESC LIMIT 1", key, c.site).Scan(&k.record, &k.reason, &k.site)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return k, fmt.Errorf("address: %w", err)
	}
	return k, nil
}

// content is an article as it is compared.
type content struct {
	article  dossier.Article
	sha256   string
	textHash []byte // nil without body: nothing is like an empty page
	indexed  indexed
}

func contentOf(a dossier.Article) content {
	return content{article: a, sha256: ContentDigest(a), textHash: textHashOf(a), indexed: indexedOf(a)}
}

// textHashOf is equal for articles that read alike, nil for one without body.
func textHashOf(a dossier.Article) []byte {
	text := make([]byte, 0, len(a.Title)+1+len(a.Body))
	text = append(appendNormal(text, a.Title), 0)
	head := len(text)
	if text = appendNormal(text, a.Body); len(text) == head {
		return nil
	}
	sum := sha256.Sum256(text)
	return sum[:16]
}

// ContentDigest is the SHA-256 of title, date, author, source and body, in hex:
// of the JSON array of the five, in which a missing author or source is null.
func ContentDigest(a dossier.Article) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	// Encoding strings cannot fail.
	_ = enc.Encode([]any{a.Title, a.Date, a.Author, a.Source, a.Body})
	sum := sha256.Sum256(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
	return hex.EncodeToString(sum[:])
}

// normalText leaves what makes a text the same in print: letters and digits,
// in small and half-width form.
func normalText(s string) string { return string(appendNormal(make([]byte, 0, len(s)), s)) }

func appendNormal(out []byte, s string) []byte {
	if !isPlain(s) {
		s = norm.NFKC.String(s)
	}
	for _, r := range s {
		if 0xff01 <= r && r <= 0xff5e {
			r -= 0xff01 - '!'
		}
		switch {
		case r < utf8.RuneSelf:
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
			if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
				out = append(out, byte(r))
			}
		case 0x4e00 <= r && r <= 0x9fff:
			out = utf8.AppendRune(out, r)
		case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r):
			out = utf8.AppendRune(out, unicode.ToLower(r))
		}
	}
	return out
}

// isPlain reports whether NFKC would change nothing of a text but the width of its
// characters and marks that are no part of a normal text. That holds for nearly all
// Chinese and English ones, and saves most of the time of it.
func isPlain(s string) bool {
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf, 0x4e00 <= r && r <= 0x9fff, 0xff01 <= r && r <= 0xff5e:
		case 0x2018 <= r && r <= 0x2027, r == 0x2014, 0x3000 <= r && r <= 0x3003, 0x3008 <= r && r <= 0x3011: // dashes, quotes, brackets
		default:
			return false
		}
	}
	return true
}

// state is a version as a new capture is compared with it.
type state struct {
	number  int
	created string
	sha256  string
	page    sql.NullInt64 // that it was read from
	bytes   []byte        // digest of that
	last    bool          // the current one
}

// stateAt is the version of a record that held at a time: the current one for
// a crawl, perhaps an earlier one for an import.
func (c *commit) stateAt(seq int64, at time.Time) (state, error) {
	var s state
	err := c.tx.QueryRowContext(c.ctx, `SELECT v.number, v.created, v.sha256, p.id, coalesce(p.sha256, x''), v.number = r.version`+ofVersions+`
		ORDER BY $2 AND v.number = r.version DESC, v.created <= $3 DESC, CASE WHEN v.created <= $3 THEN v.created END DESC, v.created, v.number DESC LIMIT 1`,
		seq, c.origin != originImport, stamped(at)).Scan(&s.number, &s.created, &s.sha256, &s.page, &s.bytes, &s.last)
	if err != nil {
		return s, recordError(seq, err)
	}
	return s, nil
}

const ofVersions = ` FROM records r JOIN versions v ON v.record = r.seq LEFT JOIN pages p ON p.id = v.page WHERE r.seq = CAST($1 AS INTEGER)`

// revised compares an article with the record of its own address.
func (c *commit) revised(seq int64, n content) (dossier.Outcome, error) {
	old, err := c.stateAt(seq, c.v.At)
	if err != nil {
		return dossier.Outcome{}, err
	}
	back, err := c.cameBack(seq, old.created)
	if err != nil {
		return dossier.Outcome{}, err
	}
	alike := !back && c.shows(old, n)
	if !back && !alike {
		if alike, err = c.spellsAlike(seq, old, n); err != nil {
			return dossier.Outcome{}, err
		}
	}
	if alike {
		id, err := c.seen(seq)
		return dossier.Outcome{Status: dossier.StatusUnchanged, Record: id}, err
	}
	if o, known, err := c.showsNext(seq, n); known || err != nil {
		return o, err
	}
	if o, known, err := c.again(seq, n); known || err != nil {
		return o, err
	}
	if o, known, err := c.onlyBegins(seq, old.number, n); known || err != nil {
		return o, err
	}
	if o, gone, err := c.replaced(seq, n); gone || err != nil {
		return o, err
	}
	if err := c.keepPage(); err != nil {
		return dossier.Outcome{}, err
	}
	if err := c.revise(seq, n); err != nil {
		return dossier.Outcome{}, err
	}
	id, err := c.seen(seq)
	return dossier.Outcome{Status: dossier.StatusChanged, Record: id}, err
}

// shows reports whether a capture is a sight of a version: the same bytes read in another way
// are no change of the page.
func (c *commit) shows(old state, n content) bool {
	identical := c.page != nil && bytes.Equal(c.page.sha256, old.bytes)
	if identical {
		c.same = old.page
	}
	return identical || old.sha256 == n.sha256
}

// revise adds a version. It becomes the current one unless a later capture gave that
// already, or showed it again, which happens when old captures are imported.
func (c *commit) revise(seq int64, n content) error {
	var last, number int
	var created string
	err := c.tx.QueryRowContext(c.ctx, `SELECT r.version, v.created, (SELECT max(number) FROM versions WHERE record = r.seq) FROM records r
		JOIN versions v ON v.record = r.seq AND v.number = r.version WHERE r.seq = CAST($1 AS INTEGER)`, seq).Scan(&last, &created, &number)
	if err != nil {
		return recordError(seq, err)
	}
	older := c.origin == originImport && created > stamped(c.v.At)
	if !older {
		if older, err = c.seenSince(seq, n); err != nil {
			return err
		}
	}
	if older {
		return c.insertVersion(seq, number+1, n)
	}
	if err := c.addVersion(seq, number+1, n); err != nil {
		return err
	}
	if err := setVersion(c.ctx, c.tx, seq, number+1); err != nil {
		return recordError(seq, err)
	}
	return c.askReposts(seq)
}

func (c *commit) newRecord(n content) (dossier.Outcome, error) {
	if err := c.keepPage(); err != nil {
		return dossier.Outcome{}, err
	}
	id, seq, err := c.insertRecord()
	if err != nil {
		return dossier.Outcome{}, err
	}
	c.record = sql.NullInt64{Int64: seq, Valid: true}
	c.due = revisitAt(c.v.At, c.v.At, n.article.Date)
	if err := c.addVersion(seq, 1, n); err != nil {
		return dossier.Outcome{}, err
	}
	return dossier.Outcome{Status: dossier.StatusNew, Record: id}, c.putAddress(c.v.FinalKey, c.v.Snapshot.FinalURL, seq, "")
}

// insertRecord takes an id that follows from site and address, so that the
// same crawl gives the same ids.
func (c *commit) insertRecord() (id string, seq int64, err error) {
	for salt := 0; ; salt++ {
		id = recordID(c.site, c.v.FinalKey, salt)
		res, err := c.tx.ExecContext(c.ctx, `INSERT INTO records (id, site, url, version, first_seen, last_seen) VALUES ($1, $2, $3, 1, $4, $5)
			ON CONFLICT (id) DO NOTHING`, id, c.site, c.v.Snapshot.FinalURL, stamped(c.v.At), stamped(c.v.At))
		if err != nil {
			return "", 0, fmt.Errorf("record: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 1 {
			seq, idErr := res.LastInsertId()
			if err := errors.Join(err, idErr); err != nil {
				return id, seq, err
			}
			sealed := sealedRow{seq: seq, fields: []any{id, c.site, int64(1), stamped(c.v.At)}}
			return id, seq, sealed.put(c.ctx, c.tx)
		}
	}
}

// recordID is the letter d and ten of the digits and letters that are not
// mistaken for each other: about 1e15 ids, none of which a spreadsheet takes
// for a number or a date.
func recordID(site, key string, salt int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%d", site, key, salt))
	return "d" + idLetters.EncodeToString(sum[:10])[:10]
}

var idLetters = base32.NewEncoding("23456789abcdefghjkmnpqrstuvwxyz0").WithPadding(base32.NoPadding)

// addVersion adds the version that becomes the current one.
func (c *commit) addVersion(seq int64, number int, n content) error {
	if err := c.insertVersion(seq, number, n); err != nil {
		return err
	}
	return reindex(c.ctx, c.tx, seq, n.article.Date, n.indexed)
}

func (c *commit) insertVersion(seq int64, number int, n content) error {
	more, evidence, err := besides(n.article)
	if err != nil {
		return fmt.Errorf("version: %w", err)
	}
	a := n.article
	_, err = c.tx.ExecContext(c.ctx, `INSERT INTO versions
		(record, number, created, origin, page, title, date, author, source, body, language, more, evidence, sha256, text_hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		seq, number, stamped(c.v.At), c.origin, c.stored, a.Title, a.Date, a.Author, a.Source, a.Body, a.Language, more, evidence, n.sha256, n.textHash)
	if err != nil {
		return fmt.Errorf("version %d: %w", number, err)
	}
	sealed := sealedRow{seq: seq, number: number, ofPage: c.pageFields,
		fields: []any{int64(number), stamped(c.v.At), c.origin, c.stored, a.Language, more, evidence, n.sha256}}
	if c.stored.Valid && c.pageFields == nil {
		return sealVersion(c.ctx, c.tx, seq, number)
	}
	return sealed.put(c.ctx, c.tx)
}

// besides gives what an article has beside its text, as it is stored.
func besides(a dossier.Article) (more, evidence []byte, err error) {
	more, err = json.Marshal(moreOf(a))
	if err == nil {
		evidence, err = json.Marshal(a.Evidence)
	}
	return more, evidence, err
}

// further are the fields of an article beyond the five.
type further struct {
	Editor      *string              `json:"editor,omitempty"`
	Canonical   string               `json:"canonical,omitempty"`
	Section     string               `json:"section,omitempty"`
	Keywords    []string             `json:"keywords,omitempty"`
	Image       string               `json:"image,omitempty"`
	Attachments []dossier.Attachment `json:"attachments,omitempty"`
	Parts       []string             `json:"parts,omitempty"`
	Continued   string               `json:"continued,omitempty"`
}

func moreOf(a dossier.Article) further {
	return further{a.Editor, a.Canonical, a.Section, a.Keywords, a.Image, a.Attachments, a.Parts, a.Continued}
}

func (f further) into(a *dossier.Article) {
	a.Editor, a.Canonical, a.Section, a.Keywords, a.Image, a.Attachments, a.Parts, a.Continued = f.Editor, f.Canonical, f.Section, f.Keywords, f.Image, f.Attachments, f.Parts, f.Continued
}

// seen moves last_seen of a record and says when it is due again. Whatever
// made it look gone is over, unless this is an old capture that is imported, from before then.
func (c *commit) seen(seq int64) (string, error) {
	c.record = sql.NullInt64{Int64: seq, Valid: true}
	var missed bool
	err := c.tx.QueryRowContext(c.ctx, "SELECT missed != 0 AND last_seen < $1 AND missed_at <= $1 AND $2 FROM records WHERE seq = $3", stamped(c.v.At), c.origin == originImport, seq).Scan(&missed)
	if err != nil {
		return "", recordError(seq, err)
	}
	_, err = c.tx.ExecContext(c.ctx, `UPDATE records SET missed = CASE WHEN max(last_seen, missed_at) <= $1 THEN 0 ELSE missed END, missed_at = CASE WHEN max(last_seen, missed_at) <= $1 THEN '' ELSE missed_at END,
		gone = CASE WHEN max(last_seen, missed_at) <= $1 THEN '' ELSE gone END, last_seen = max(last_seen, $1) WHERE seq = $2`, stamped(c.v.At), seq)
	if err != nil {
		return "", recordError(seq, err)
	}
	if missed {
		if err := c.missedSince(seq); err != nil {
			return "", err
		}
	}
	if err := c.seenBefore(seq); err != nil {
		return "", err
	}
	var created, date string
	err = c.tx.QueryRowContext(c.ctx, `SELECT v.created, v.date FROM records r JOIN versions v ON v.record = r.seq AND v.number = r.version
		WHERE r.seq = CAST($1 AS INTEGER)`, seq).Scan(&created, &date)
	if err != nil {
		return "", recordError(seq, err)
	}
	c.due = revisitAt(c.v.At, parseStamp(created), date)
	return c.idOf(seq)
}

// seenBefore moves first_seen of a record back to a capture that is imported. By it
// records without a date are ordered in the index.
func (c *commit) seenBefore(seq int64) error {
	if c.origin != originImport {
		return nil
	}
	var first string
	var art dossier.Article
	err := c.tx.QueryRowContext(c.ctx, `SELECT r.first_seen, v.title, v.date, v.author, v.source, v.body FROM records r JOIN versions v ON v.record = r.seq AND v.number = r.version
		WHERE r.seq = CAST($1 AS INTEGER)`, seq).Scan(&first, &art.Title, &art.Date, &art.Author, &art.Source, &art.Body)
	if err != nil {
		return recordError(seq, err)
	}
	if first <= stamped(c.v.At) {
		return nil
	}
	err = keepSeals(c.ctx, c.tx, []int64{seq}, func() error {
		_, err := c.tx.ExecContext(c.ctx, "UPDATE records SET first_seen = $1 WHERE seq = $2", stamped(c.v.At), seq)
		return err
	})
	if err != nil {
		return recordError(seq, err)
	}
	_, err = c.tx.ExecContext(c.ctx, "UPDATE addresses SET first_seen = min(first_seen, $1) WHERE record = $2 AND reason = ''", stamped(c.v.At), seq)
	if err != nil {
		return recordError(seq, err)
	}
	return reindex(c.ctx, c.tx, seq, art.Date, indexedOf(art))
}

// missed notes that a record was not at its address. Only several such
// observations over days confirm that it is gone.
func (c *commit) missed(seq int64) (string, error) {
	now := stamped(c.v.At)
	var since string
	err := c.tx.QueryRowContext(c.ctx, `UPDATE records SET missed = missed + 1, missed_at = CASE WHEN missed_at = '' THEN $1 ELSE missed_at END,
		gone = CASE WHEN gone = '' AND missed + 1 >= $2 AND missed_at != '' AND missed_at <= $3 THEN $1 ELSE gone END WHERE seq = $4 RETURNING missed_at`,
		now, goneTimes, stamped(c.v.At.Add(-goneSpan)), seq).Scan(&since)
	if err != nil {
		return "", recordError(seq, err)
	}
	c.due = c.v.At.Add(recheckGone(c.v.At.Sub(parseStamp(since))))
	return c.idOf(seq)
}

func (c *commit) idOf(seq int64) (string, error) {
	var id string
	if err := c.tx.QueryRowContext(c.ctx, "SELECT id FROM records WHERE seq = $1", seq).Scan(&id); err != nil {
		return "", recordError(seq, err)
	}
	return id, nil
}

// redirected makes the address that was asked for an alias when another one
// answered, and marks that one as asked.
func (c *commit) redirected() error {
	if c.key == c.v.FinalKey {
		return nil
	}
	if err := c.putAddress(c.key, c.v.Task.URL, c.record.Int64, dossier.ReasonRedirect); err != nil {
		return err
	}
	_, err := c.tx.ExecContext(c.ctx, `INSERT INTO frontier (site, key, url, host, kind, state, priority, status, reason, record, revisit, etag, last_modified, discovered, asked)
		VALUES ($1, $2, $3, $4, 'article', 'done', $5, 'unchanged', $6, $7, $8, $9, $10, $11, $11)
		ON CONFLICT (site, key) DO UPDATE SET state = CASE WHEN state = 'pending' THEN 'done' ELSE state END, record = excluded.record, revisit = excluded.revisit`,
		c.site, c.v.FinalKey, c.v.Snapshot.FinalURL, hostOf(c.v.Snapshot.FinalURL), priorities[dossier.KindArticle], dossier.ReasonRedirect, c.record, nullMillis(c.due),
		c.v.ETag, c.v.LastModified, c.v.Task.Run)
	if err != nil {
		return fmt.Errorf("redirect: %w", err)
	}
	return nil
}

// hostOf is the host and port of an absolute address.
func hostOf(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	host, _, _ := strings.Cut(rest, "/")
	return host
}

// putAddress says that a key belongs to a record. A record's own address is
// never turned into an alias of another.
func (c *commit) putAddress(key, address string, seq int64, reason dossier.Reason) error {
	_, err := c.tx.ExecContext(c.ctx, `INSERT INTO addresses (key, site, url, record, reason, first_seen, last_seen) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (key, site) DO UPDATE SET last_seen = max(last_seen, excluded.last_seen),
			url = CASE WHEN excluded.reason = '' THEN excluded.url ELSE url END,
			record = CASE WHEN reason = '' AND excluded.reason != '' THEN record ELSE excluded.record END,
			reason = CASE WHEN reason = '' THEN '' ELSE excluded.reason END`,
		key, c.site, address, seq, reason, stamped(c.v.At), stamped(c.v.At))
	if err != nil {
		return fmt.Errorf("address %s: %w", address, err)
	}
	return nil
}
