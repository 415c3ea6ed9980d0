package archive_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// keyOf is the key of addresses of these tests.
func keyOf(address string) (url, key string, err error) {
	if strings.Contains(address, " ") {
		return "", "", errors.New("no address")
	}
	key = strings.TrimPrefix(address, "http://")
	return "http://" + key, key, nil
}

// misplaced lists what verify finds at addresses.
func misplaced(t *testing.T, path string, repair bool) (out []string) {
	t.Helper()
	a := openAt(t, path)
	defer a.Close()
	found, err := a.VerifyAddresses(t.Context(), repair, keyOf)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range found {
		out = append(out, fmt.Sprintf("%s %s %d %v", d.Kind, d.What, len(d.Affects), d.Repaired))
	}
	return out
}

// TestVerifyForgedAddresses: an address fits its key, and another address of a record is one
// where that record was seen.
func TestVerifyForgedAddresses(t *testing.T) {
	const all = "SELECT count(*) FROM (SELECT key, url FROM frontier UNION ALL SELECT key, url FROM addresses) WHERE url = 'http://' || key"
	for _, c := range []struct{ forged, want string }{
		{"UPDATE addresses SET url = 'http://jilin.test/2' WHERE reason != ''", "address http://jilin.test/2 1"},
		{"UPDATE addresses SET url = 'no address' WHERE reason != ''", "address no address 1"},
		{"UPDATE frontier SET url = 'http://evil.test/0' WHERE key = 'jilin.test/0'", "address http://evil.test/0 1"},
		{"UPDATE frontier SET url = 'http://jilin.test/0' WHERE key = 'jilin.test/3'", "address http://jilin.test/0 0"},
		{"UPDATE addresses SET record = (SELECT max(seq) FROM records) WHERE reason != ''", "address http://jilin.test/1 2"},
	} {
		path := filepath.Join(t.TempDir(), "a.db")
		a := openAt(t, path)
		put(t, a, "jilin", noon, article("One", "One text."), article("One", "One text."), article("Two", "Another."))
		begin(t, a, "jilin", noon.AddDate(0, 0, 1), "/3")
		a.Close()
		whole, of := sum(t, raw(t, path), all), sum(t, raw(t, path), "SELECT sum(record) FROM addresses")
		if found := misplaced(t, path, false); len(found) > 0 {
			t.Fatalf("whole: %q", found)
		}
		if _, err := raw(t, path).Exec(c.forged); err != nil {
			t.Fatal(err)
		}
		for _, repaired := range []bool{false, true} {
			if got, want := misplaced(t, path, repaired), []string{fmt.Sprint(c.want, " ", repaired)}; !slices.Equal(got, want) {
				t.Errorf("%s: found %q, want %q", c.forged, got, want)
			}
		}
		if found := misplaced(t, path, false); len(found) > 0 || sum(t, raw(t, path), all) != whole || sum(t, raw(t, path), "SELECT sum(record) FROM addresses") != of {
			t.Errorf("%s: not as it was, found %q", c.forged, found)
		}
	}
}

// TestVerifyForgedKey: a key that was changed is put back where a stored page or the frontier
// proves it; else it is only told.
func TestVerifyForgedKey(t *testing.T) {
	const all = "SELECT group_concat(key || ' ' || url) FROM (SELECT key, url FROM frontier UNION ALL SELECT key, url FROM addresses ORDER BY 1, 2)"
	for _, c := range []struct {
		forged string
		mended bool
	}{
		{"UPDATE frontier SET key = 'evil.test/' WHERE key = 'jilin.test/0'", true},
		{"UPDATE frontier SET key = 'no address' WHERE key = 'jilin.test/0'", true},
		{"UPDATE addresses SET key = 'evil.test/' WHERE key = 'jilin.test/0'", true},
		{"UPDATE frontier SET key = 'evil.test/' WHERE key = 'jilin.test/0'; UPDATE frontier SET key = 'jilin.test/0', url = 'http://jilin.test/0' WHERE key = 'jilin.test/'", false},
		{"UPDATE frontier SET key = 'evil.test/', url = 'http://other.test/' WHERE key = 'jilin.test/0'", false},
	} {
		path := filepath.Join(t.TempDir(), "a.db")
		a := openAt(t, path)
		put(t, a, "jilin", noon, many(1)...)
		a.Close()
		var before, after string
		if err := raw(t, path).QueryRow(all).Scan(&before); err != nil {
			t.Fatal(err)
		}
		if _, err := raw(t, path).Exec(c.forged); err != nil {
			t.Fatal(err)
		}
		if got := misplaced(t, path, false); len(got) != 1 || !strings.HasSuffix(got[0], "false") {
			t.Errorf("%s: found %q", c.forged, got)
		}
		if got := misplaced(t, path, true); len(got) != 1 || strings.HasSuffix(got[0], "true") != c.mended {
			t.Errorf("%s: repair: found %q, want mended %v", c.forged, got, c.mended)
		}
		if !c.mended {
			continue
		}
		if got := misplaced(t, path, false); len(got) > 0 {
			t.Errorf("%s: afterwards: found %q", c.forged, got)
		}
		if err := raw(t, path).QueryRow(all).Scan(&after); err != nil || after != before {
			t.Errorf("%s: addresses are %s, want %s; %v", c.forged, after, before, err)
		}
	}
}

// TestVerifyAddressesThatLeadBack: where the tree of a table leads back, nobody goes round
// for ever.
func TestVerifyAddressesThatLeadBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	a := openAt(t, path)
	begin(t, a, "jilin", noon, numbered(400)...)
	a.Close()
	page := 4096 * (sum(t, raw(t, path), "SELECT rootpage FROM sqlite_schema WHERE name = 'frontier'") - 1)
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	root := file[page:]
	if root[0] != 5 {
		t.Fatalf("the root of the table is a page of type %d, want one above others", root[0])
	}
	first, last := root[binary.BigEndian.Uint16(root[12:]):][:4], root[8:12] // the pages below it
	for i := range first {
		first[i], last[i] = last[i], first[i]
	}
	path = filepath.Join(t.TempDir(), "a.db")
	if err := os.WriteFile(path, file, 0o644); err != nil {
		t.Fatal(err)
	}
	if got := misplaced(t, path, false); len(got) == 0 || !strings.HasPrefix(got[0], "file ") {
		t.Errorf("found %q, want that the table is damaged", got)
	}
}
