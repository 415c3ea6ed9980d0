package archive_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

// observed is an archive of three records, each of which was seen four times.
func observed(t *testing.T) (path string, ids []string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "a.db")
	return path, observedArchive.at(t, path, func(a *archive.Archive) []string { return observe(t, a) })
}

var observedArchive made

func observe(t *testing.T, a *archive.Archive) []string {
	t.Helper()
	ids := put(t, a, "jilin", noon, many(3)...)
	for year := 1; year < 4; year++ {
		at := noon.AddDate(year, 0, 0)
		run := begin(t, a, "jilin", at)
		for task, _, _, err := leaseOne(t.Context(), a, run.ID, nil, at); task != nil || err != nil; task, _, _, err = leaseOne(t.Context(), a, run.ID, nil, at) {
			if err != nil {
				t.Fatal(err)
			}
			var i int
			if _, err := fmt.Sscanf(task.URL, "http://jilin.test/%d", &i); err != nil {
				t.Fatal(err)
			}
			art := many(3)[i]
			if year == 2 {
				art.Body += " It was revised."
			}
			commit(t, a, visit(*task, at, art))
		}
		run.State, run.Ended = dossier.RunFinished, at
		if err := a.EndRun(t.Context(), run); err != nil {
			t.Fatal(err)
		}
	}
	return ids
}

// damage lists what verify finds.
func damage(t *testing.T, path string, repair bool) []string {
	t.Helper()
	a := openAt(t, path)
	defer a.Close()
	v, err := a.Verify(t.Context(), repair)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, d := range v.Damage {
		out = append(out, fmt.Sprintf("%s %s %v", d.Kind, strings.Join(d.Affects, " "), d.Repaired))
	}
	return out
}

// doubts lists the observations of a record that are not to be relied on.
func doubts(t *testing.T, path, id string) (all, doubtful int) {
	t.Helper()
	a := openAt(t, path)
	defer a.Close()
	for o, err := range a.RecordObservations(t.Context(), id) {
		if err != nil {
			t.Fatal(err)
		}
		if all++; o.Doubt != "" {
			doubtful++
		}
	}
	return all, doubtful
}

// observationsOf gives all observations, to compare them before and after.
func observationsOf(t *testing.T, path string) (all string) {
	t.Helper()
	const query = "SELECT group_concat(concat_ws(' ', id, run, address, at, status, reason, detail, http, coalesce(record, '-'), coalesce(page, '-'), doubt, hex(digest)), char(10)) FROM observations"
	if err := raw(t, path).QueryRow(query).Scan(&all); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestForgedObservations: whoever changes, puts in or takes out an observation
// is noticed, and the record that it tells of is named. What digests prove comes back.
func TestForgedObservations(t *testing.T) {
	const of = "WHERE address = (SELECT id FROM frontier WHERE url LIKE '%/1') "
	const all = "run, address, at, status, reason, detail, http, record, page, doubt, digest"
	first, last := "AND id = (SELECT min(id) FROM observations "+of+")", "AND id = (SELECT max(id) FROM observations "+of+")"
	second := "AND id = (SELECT id FROM observations " + of + "ORDER BY id LIMIT 1 OFFSET 1)"
	for _, tt := range []struct {
		name, forge    string
		left, doubtful int
	}{
		// each field: the digest proves what it was
		{"run", "UPDATE observations SET run = 2 " + of + first, 4, 0},
		{"time", "UPDATE observations SET at = '2020-01-01T00:00:00Z' " + of + second, 4, 0},
		{"status", "UPDATE observations SET status = 'gone' " + of + last, 4, 0},
		{"all of them", "UPDATE observations SET status = 'gone' " + of, 4, 0},
		{"reason", "UPDATE observations SET reason = 'moved' " + of + second, 4, 0},
		{"detail", "UPDATE observations SET detail = '說' " + of + second, 4, 0},
		{"answer", "UPDATE observations SET http = 404 " + of + second, 4, 0},
		{"answer that is no number", "UPDATE observations SET http = 'none' " + of + second, 4, 0},
		{"answer without end", "UPDATE observations SET http = 9e999 " + of + second, 4, 0},
		{"page", "UPDATE observations SET page = NULL " + of + first, 4, 0},
		{"doubt", "UPDATE observations SET doubt = 'none' " + of + first, 4, 0},
		{"digest", "UPDATE observations SET digest = x'00' " + of + second, 4, 0},
		{"digest of the last", "UPDATE observations SET digest = x'00' " + of + last, 4, 0},
		{"address", "UPDATE observations SET address = 999 " + of + second, 4, 0},
		{"two fields", "UPDATE observations SET status = 'gone', http = 404 " + of + second, 4, 1},
		{"what nothing says", "UPDATE observations SET detail = 'said', page = NULL " + of + first, 4, 1},
		// whole ones
		{"first taken out", "DELETE FROM observations " + of + first, 3, 1},
		{"second taken out", "DELETE FROM observations " + of + second, 3, 1},
		{"last taken out", "DELETE FROM observations " + of + last, 3, 1},
		{"all taken out", "DELETE FROM observations " + of, 0, 0},
		{"copied to the end", "INSERT INTO observations (" + all + ") SELECT " + all + " FROM observations " + of + last, 5, 1},
		{"copied with a time of its own", "INSERT INTO observations (" + all + ") SELECT " + strings.Replace(all, "at", "'2027-06-01T00:00:00Z'", 1) + " FROM observations " + of + last, 5, 1},
		{"put in before", "INSERT INTO observations (id, run, address, at, status, reason, detail, http, record) SELECT -1, run, address, at, 'gone', '', '', 404, record FROM observations " + of + first, 5, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path, ids := observed(t)
			if got := damage(t, path, false); got != nil {
				t.Fatalf("before: %q", got)
			}
			before := observationsOf(t, path)
			if _, err := raw(t, path).Exec(tt.forge); err != nil {
				t.Fatal(err)
			}
			for _, repair := range []bool{false, true} { // a value that nobody has written is told of as well
				want := fmt.Sprintf("observation %s %v", ids[1], repair)
				if got := slices.Compact(damage(t, path, repair)); !slices.Contains(got, want) || len(got) != 1 && tt.name != "address" {
					t.Errorf("repair %v: %q, want %s", repair, got, want)
				}
			}
			if got := damage(t, path, false); got != nil {
				t.Errorf("afterwards: %q", got)
			}
			if after := observationsOf(t, path); tt.doubtful == 0 && tt.left == 4 && after != before {
				t.Errorf("they are\n%s, were\n%s", after, before)
			}
			if n, doubtful := doubts(t, path, ids[1]); n != tt.left || doubtful != tt.doubtful {
				t.Errorf("%d observations, %d of them doubtful; want %d, %d", n, doubtful, tt.left, tt.doubtful)
			}
		})
	}
}

// TestObservationOfAnotherRecord: both records are named.
func TestObservationOfAnotherRecord(t *testing.T) {
	path, ids := observed(t)
	if _, err := raw(t, path).Exec("UPDATE observations SET record = (SELECT seq FROM records WHERE url LIKE '%/2') WHERE address = (SELECT id FROM frontier WHERE url LIKE '%/1') AND run = 2"); err != nil {
		t.Fatal(err)
	}
	both := slices.Sorted(slices.Values(ids[1:]))
	if diff := cmp.Diff([]string{"observation " + strings.Join(both, " ") + " false"}, damage(t, path, false)); diff != "" {
		t.Errorf("damage (-want +got):\n%s", diff)
	}
}

// TestPruneKeepsDigests: what prune removes is not missed, and damage that was
// there before stays damage.
func TestPruneKeepsDigests(t *testing.T) {
	policy := archive.Policy{PagesBefore: noon.AddDate(2, 6, 0), ObservationsBefore: noon.AddDate(1, 6, 0)}
	for _, forge := range []string{"", "UPDATE observations SET status = 'gone' WHERE address = (SELECT id FROM frontier WHERE url LIKE '%/1') AND run = 3"} {
		path, ids := observed(t)
		var want []string
		if forge != "" {
			want = []string{"observation " + ids[1] + " false"}
		}
		if _, err := raw(t, path).Exec(forge); err != nil {
			t.Fatal(err)
		}
		a := openAt(t, path)
		if p, err := a.Prune(t.Context(), policy); err != nil || p.Observations < 6 || p.Pages == 0 {
			t.Errorf("prune: %+v, %v", p, err)
		}
		a.Close()
		if diff := cmp.Diff(want, damage(t, path, false)); diff != "" {
			t.Errorf("damage (-want +got):\n%s", diff)
		}
	}
}

// older makes an archive one of the schema before observations had digests.
func older(t *testing.T, path string) {
	t.Helper()
	for _, stmt := range []string{"ALTER TABLE observations DROP COLUMN digest", "ALTER TABLE observations DROP COLUMN doubt",
		"ALTER TABLE frontier DROP COLUMN observed", "DROP TABLE seals", "ALTER TABLE frontier DROP COLUMN raw", "DROP INDEX frontier_waits", "ALTER TABLE frontier DROP COLUMN waits", "ALTER TABLE frontier DROP COLUMN modified", "ALTER TABLE frontier DROP COLUMN rising", "ALTER TABLE frontier DROP COLUMN listed", "ALTER TABLE runs DROP COLUMN kind", "DELETE FROM goose_db_version WHERE version_id > 1"} {
		if _, err := raw(t, path).Exec(stmt); err != nil {
			t.Fatalf("%s: %v", stmt, err)
		}
	}
}

// TestOlderArchive: observations of an older archive get digests, when it is
// brought up to date as when it is salvaged.
func TestOlderArchive(t *testing.T) {
	for _, way := range []string{"brought up to date", "salvaged"} {
		path, ids := observed(t)
		older(t, path)
		if way == "salvaged" {
			a, err := archive.OpenAsIs(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			path = filepath.Join(t.TempDir(), "b.db")
			if got, err := a.Salvage(t.Context(), path); err != nil || len(got.Lost) > 0 {
				t.Errorf("salvage: %+v, %v", got, err)
			}
			a.Close()
		}
		if got := damage(t, path, false); got != nil {
			t.Errorf("%s: %q", way, got)
		}
		if _, err := raw(t, path).Exec("UPDATE observations SET status = 'gone' WHERE run = 1 AND record = (SELECT seq FROM records WHERE url LIKE '%/1')"); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"observation " + ids[1] + " false"}, damage(t, path, false)); diff != "" {
			t.Errorf("%s, then forged (-want +got):\n%s", way, diff)
		}
	}
}

// TestSalvageKeepsDigests: what a salvage has to end is not taken for damage,
// and what was forged is not taken for what was written.
func TestSalvageKeepsDigests(t *testing.T) {
	path, ids := observed(t)
	db := raw(t, path)
	for _, stmt := range []string{"PRAGMA foreign_keys = OFF", "DELETE FROM pages WHERE id = (SELECT page FROM versions WHERE record = (SELECT seq FROM records WHERE url LIKE '%/2') AND number = 1)",
		"DELETE FROM runs WHERE id = 4", "UPDATE observations SET http = 404 WHERE run = 2 AND record = (SELECT seq FROM records WHERE url LIKE '%/1')"} {
		if _, err := db.Exec(stmt); err != nil {
			t.Fatal(err)
		}
	}
	a := openAt(t, path)
	copied := filepath.Join(t.TempDir(), "b.db")
	if _, err := a.Salvage(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"observation " + ids[1] + " false"}, damage(t, copied, false)); diff != "" {
		t.Errorf("damage (-want +got):\n%s", diff)
	}
}
