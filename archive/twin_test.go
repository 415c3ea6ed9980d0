package archive_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

// served is what a site answers: by address a text, "-> " with another address,
// "fails", or "" for none.
type served map[string]string

// crawlServed makes a run whose start page shows addresses, and gives the outcome of
// each in the order in which they were asked.
func crawlServed(t *testing.T, a *archive.Archive, at time.Time, shows []string, site served) []string {
	t.Helper()
	return crawlServedWith(t, a, at, shows, site, func(*dossier.Visit) {})
}

// crawlServedWith is crawlServed with visits that are changed before.
func crawlServedWith(t *testing.T, a *archive.Archive, at time.Time, shows []string, site served, change func(*dossier.Visit)) []string {
	t.Helper()
	start := dossier.Link{URL: "http://zone.test/", Key: "http://zone.test/", Host: "zone.test", Kind: dossier.KindStart}
	run, err := a.BeginRun(t.Context(), &dossier.Site{ID: "zone"}, []dossier.Link{start}, at)
	if err != nil {
		t.Fatal(err)
	}
	v := dossier.Visit{Task: *next(t, a, run, at), At: at, Outcome: dossier.Outcome{Status: dossier.StatusListed}}
	for _, url := range shows {
		v.Links = append(v.Links, dossier.Link{URL: url, Key: url, Host: "zone.test", Kind: dossier.KindArticle, OnShow: true})
	}
	commit(t, a, v)
	var out []string
	for {
		task, wake, _, err := leaseOne(t.Context(), a, run.ID, nil, at)
		if err != nil {
			t.Fatal(err)
		}
		if task == nil {
			if wake.IsZero() {
				run.State, run.Ended = dossier.RunFinished, at
				if err := a.EndRun(t.Context(), run); err != nil {
					t.Fatal(err)
				}
				return out
			}
			at = wake
			continue
		}
		if len(out) > 50 {
			t.Fatalf("the run does not end: %q", out)
		}
		v := answer(*task, at, site)
		change(&v)
		o := commit(t, a, v)
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s", task.URL, o.Status, o.Reason)))
	}
}

// versions gives the current version of each record, by its text.
func versions(t *testing.T, a *archive.Archive) map[string]int {
	t.Helper()
	out := map[string]int{}
	for r, err := range a.Records(t.Context(), archive.List{}) {
		if err != nil {
			t.Fatal(err)
		}
		out[r.Body] = r.Version
	}
	return out
}

func answer(task dossier.Task, at time.Time, site served) dossier.Visit {
	final := task.URL
	for to, ok := strings.CutPrefix(site[final], "-> "); ok; to, ok = strings.CutPrefix(site[final], "-> ") {
		final = to
	}
	if site[final] == "fails" {
		return dossier.Visit{Task: task, At: at, Outcome: dossier.Outcome{Status: dossier.StatusFailed, Reason: "http_500"}}
	}
	if site[final] == "" {
		return dossier.Visit{Task: task, At: at, Outcome: dossier.Outcome{Status: dossier.StatusGone, Reason: "http_404"}}
	}
	v := visit(task, at, article("The plant opens", site[final]))
	v.FinalKey, v.Snapshot.FinalURL = final, final
	return v
}

// TestTwins: an article at several names of one address stays one record when it
// changes, whichever of them is asked first.
func TestTwins(t *testing.T) {
	const (
		http  = "http://zone.test/1.html"
		https = "https://www.zone.test/1.html"
	)
	const first, second = "The plant has twelve halls.", "The plant has thirteen halls."
	for _, tt := range []struct {
		name  string
		runs  []served
		shows []string // in each run
		want  []string // outcomes of the last run
		url   string   // of the record
		texts []string // of its versions
	}{
		{"moved by a redirect, then changed", []served{{http: first}, {http: "-> " + https, https: first}, {http: "-> " + https, https: second}}, []string{http, https, https},
			[]string{https + " changed"}, https, []string{first, second}},
		{"moved and changed at once", []served{{http: first}, {http: "-> " + https, https: second}}, []string{http, https},
			[]string{http + " changed moved"}, https, []string{first, second}},
		{"both names, changed", []served{{http: first}, {http: first, https: first}, {http: second, https: second}}, []string{http, https, https},
			[]string{http + " changed", https + " unchanged"}, http, []string{first, second}},
		{"the old name is dead", []served{{http: first}, {http: first, https: first}, {https: second}}, []string{http, https, https},
			[]string{https + " retry own_first", http + " gone http_404", https + " changed moved"}, https, []string{first, second}},
		{"another number each time", []served{{http + "?t=1": first}, {http + "?t=1": first, http + "?t=2": first}, {http + "?t=1": second, http + "?t=2": second, http + "?t=3": second}},
			[]string{http + "?t=1", http + "?t=2", http + "?t=3"}, []string{http + "?t=2 retry own_first", http + "?t=1 changed", http + "?t=2 unchanged", http + "?t=3 duplicate repost"}, http + "?t=1", []string{first, second}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := open(t)
			var got []string
			for i, site := range tt.runs {
				// The others are not due by their age in the last run.
				got = crawlServed(t, a, noon.Add(time.Duration(i)*time.Minute), tt.shows[i:i+1], site)
			}
			if len(got) > len(tt.want) { // what a list has shown before is asked as well
				got = got[len(got)-len(tt.want):]
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("outcomes (-want +got):\n%s", diff)
			}
			n := 0
			for r, err := range a.Records(t.Context(), archive.List{}) {
				if err != nil {
					t.Fatal(err)
				}
				n++
				versions, err := a.Versions(t.Context(), r.ID)
				if err != nil {
					t.Fatal(err)
				}
				var texts []string
				for _, v := range versions {
					texts = append(texts, v.Article.Body)
				}
				if diff := cmp.Diff(tt.texts, texts); diff != "" || r.URL != tt.url {
					t.Errorf("record at %s, want %s (-want +got):\n%s", r.URL, tt.url, diff)
				}
			}
			if n != 1 {
				t.Errorf("%d records, want 1", n)
			}
			if v, err := a.Verify(t.Context(), false); err != nil || !v.Whole() {
				t.Errorf("verify: %+v, %v", v, err)
			}
		})
	}
}

// TestTwinsThatDiffer are two records: what they show is not the same.
func TestTwinsThatDiffer(t *testing.T) {
	a := open(t)
	site := served{"http://zone.test/show?id=1": "The bulletin of May.", "http://zone.test/show?id=2": "The bulletin of June."}
	crawlServed(t, a, noon, []string{"http://zone.test/show?id=1"}, site)
	got := crawlServed(t, a, noon.Add(time.Minute), []string{"http://zone.test/show?id=2"}, site)
	want := []string{"http://zone.test/show?id=1 unchanged", "http://zone.test/show?id=2 new"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	got = crawlServed(t, a, noon.Add(2*time.Minute), []string{"http://zone.test/show?id=2"}, site)
	if diff := cmp.Diff([]string{"http://zone.test/show?id=2 unchanged"}, got); diff != "" {
		t.Errorf("the run after (-want +got):\n%s", diff)
	}
}

// TestOwnFirstAsksOnce: an address that waits is asked once more when the own address of
// its record has an outcome, however long that takes.
func TestOwnFirstAsksOnce(t *testing.T) {
	const http, https = "http://zone.test/1.html", "https://zone.test/1.html"
	a := open(t)
	crawlServed(t, a, noon, []string{https}, served{https: "Twelve halls."}) // found first, and so asked first
	crawlServed(t, a, noon.AddDate(0, 0, 1), []string{https, http}, served{https: "-> " + http, http: "Twelve halls."})
	start := dossier.Link{URL: "http://zone.test/", Key: "http://zone.test/", Host: "zone.test", Kind: dossier.KindStart}
	at := noon.AddDate(0, 1, 0)
	run, err := a.BeginRun(t.Context(), &dossier.Site{ID: "zone"}, []dossier.Link{start}, at)
	if err != nil {
		t.Fatal(err)
	}
	site, asked, busy := served{http: "Thirteen halls.", https: "Thirteen halls."}, map[string]int{}, 5
	for {
		task, wake, _, err := leaseOne(t.Context(), a, run.ID, nil, at)
		if err != nil {
			t.Fatal(err)
		}
		if task == nil && wake.IsZero() {
			break
		}
		if task == nil {
			at = wake
			continue
		}
		if asked[task.URL]++; asked[task.URL] > 10 {
			t.Fatalf("%s is asked again and again", task.URL)
		}
		if task.Kind == dossier.KindStart {
			commit(t, a, dossier.Visit{Task: *task, At: at, Outcome: dossier.Outcome{Status: dossier.StatusListed}})
			continue
		}
		if task.URL == http && busy > 0 { // the server of the own address asks for patience
			busy--
			commit(t, a, dossier.Visit{Task: *task, At: at, Outcome: dossier.Outcome{Status: dossier.StatusRetry, Reason: "http_429"}, RetryAt: at.Add(time.Minute)})
			continue
		}
		commit(t, a, answer(*task, at, site))
	}
	if asked[https] > 2 || asked[http] != 6 {
		t.Errorf("asked %v, want %s at most twice", asked, https)
	}
	for r, err := range a.Records(t.Context(), archive.List{}) {
		if err != nil || r.Version != 2 {
			t.Errorf("%s at version %d, %v", r.URL, r.Version, err)
		}
	}
}

// TestStaleCopy: another name that shows the text as it was is no article of its own.
func TestStaleCopy(t *testing.T) {
	const http, https = "http://zone.test/1.html", "https://zone.test/1.html"
	a := open(t)
	both := []string{http, https}
	crawlServed(t, a, noon, both, served{http: "Twelve halls.", https: "Twelve halls."})
	got := crawlServed(t, a, noon.AddDate(0, 0, 1), both, served{http: "Thirteen halls.", https: "Twelve halls."})
	if diff := cmp.Diff([]string{http + " changed", https + " unchanged stale"}, got); diff != "" {
		t.Errorf("a stale copy (-want +got):\n%s", diff)
	}
	got = crawlServed(t, a, noon.AddDate(0, 0, 2), both, served{http: "Thirteen halls.", https: "Thirteen halls."})
	if diff := cmp.Diff([]string{http + " unchanged", https + " unchanged"}, got); diff != "" {
		t.Errorf("later (-want +got):\n%s", diff)
	}
}

// TestOwnAddressIsBehind: when only another name shows a new text, it is waited for the
// own address of the record, but not for ever.
func TestOwnAddressIsBehind(t *testing.T) {
	const http, https = "http://zone.test/1.html", "https://zone.test/1.html"
	for _, runs := range []int{2, 5} { // until the own address shows it too
		a := open(t)
		both := []string{http, https}
		crawlServed(t, a, noon, both, served{http: "Twelve halls.", https: "Twelve halls."})
		for day := 1; day < 8; day++ {
			site := served{http: "Twelve halls.", https: "Thirteen halls."}
			if day > runs {
				site[http] = site[https]
			}
			crawlServed(t, a, noon.AddDate(0, 0, day), both, site)
		}
		n := 0
		for _, err := range a.Records(t.Context(), archive.List{}) {
			if n++; err != nil {
				t.Fatal(err)
			}
		}
		if want := map[int]int{2: 1, 5: 2}[runs]; n != want {
			t.Errorf("behind for %d runs: %d records, want %d", runs, n, want)
		}
	}
}

// TestNumbersNameArticles: an article does not take the place of another one of the same
// headline that has lost its page.
func TestNumbersNameArticles(t *testing.T) {
	const first, second = "http://zone.test/view?id=1", "http://zone.test/view?id=6"
	for _, broken := range []string{"", "fails"} {
		a := open(t)
		crawlServed(t, a, noon, []string{first}, served{first: "The first tender."})
		for day := 1; day < 6; day++ {
			crawlServed(t, a, noon.AddDate(0, 0, day), []string{second}, served{first: broken, second: "The sixth tender."})
		}
		if diff := cmp.Diff(map[string]int{"The first tender.": 1, "The sixth tender.": 1}, versions(t, a)); diff != "" {
			t.Errorf("answer %q: records with their versions (-want +got):\n%s", broken, diff)
		}
	}
}

// TestRedirectToAnotherOfTheSameHeadline: a notice whose address leads to the next one
// of its kind has not become that.
func TestRedirectToAnotherOfTheSameHeadline(t *testing.T) {
	const first, second = "http://zone.test/view?id=1", "http://zone.test/view?id=6"
	a := open(t)
	dated := func(v *dossier.Visit) {
		if v.Article != nil {
			v.Article.Date = map[string]string{"The first tender.": "2021-01-05", "The sixth tender.": "2021-06-05"}[v.Article.Body]
		}
	}
	crawlServedWith(t, a, noon, []string{first}, served{first: "The first tender."}, dated)
	for day := 1; day < 3; day++ {
		crawlServedWith(t, a, noon.AddDate(0, 0, day), []string{first, second}, served{first: "-> " + second, second: "The sixth tender."}, dated)
	}
	if diff := cmp.Diff(map[string]int{"The first tender.": 1, "The sixth tender.": 1}, versions(t, a)); diff != "" {
		t.Errorf("records with their versions (-want +got):\n%s", diff)
	}
}

// TestMovedToARecord: an article that was changed while it moved, and was found at its new
// address first, is not gone at the old one.
func TestMovedToARecord(t *testing.T) {
	const old, now = "http://zone.test/art/5.html", "http://zone.test/new/5.html"
	a := open(t)
	crawlServed(t, a, noon, []string{old}, served{old: "Twelve halls."})
	crawlServed(t, a, noon.Add(time.Minute), []string{now}, served{old: "Twelve halls.", now: "Thirteen halls."})
	var got []string
	for day := 1; day < 9; day++ {
		got = append(got, crawlServed(t, a, noon.AddDate(0, 0, 30*day), []string{now, old}, served{old: "-> " + now, now: "Thirteen halls."})...)
	}
	if !slices.Contains(got, old+" duplicate moved") {
		t.Errorf("outcomes: %q", got)
	}
	for r, err := range a.Records(t.Context(), archive.List{}) {
		if err != nil || !r.Gone.IsZero() {
			t.Errorf("%s is gone since %v, %v", r.URL, r.Gone, err)
		}
	}
}

// TestOwnAddressFails: a passing fault of the own address of a record is no reason to
// move it, one that lasts is.
func TestOwnAddressFails(t *testing.T) {
	const http, https = "http://zone.test/1.html", "https://zone.test/1.html"
	a := open(t)
	crawlServed(t, a, noon, []string{http, https}, served{http: "Twelve halls.", https: "Twelve halls."})
	var got []string
	for day := 1; day < 8; day++ {
		for _, o := range crawlServed(t, a, noon.AddDate(0, 0, day), []string{http, https}, served{http: "fails", https: "Thirteen halls."}) {
			if strings.HasPrefix(o, https) && !strings.Contains(o, "retry") {
				got = append(got, strings.TrimPrefix(o, https+" "))
			}
		}
	}
	want := []string{"failed own_first", "failed own_first", "changed moved", "unchanged", "unchanged", "unchanged", "unchanged"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("outcomes of the runs (-want +got):\n%s", diff)
	}
}

// TestAliasOfAnotherSite: a record moves to an address that so far only another site had.
func TestAliasOfAnotherSite(t *testing.T) {
	a := open(t)
	const own, other = "http://zone.test/art/1.html", "http://zone.test/x/1.html"
	crawlServed(t, a, noon, []string{own}, served{own: "Twelve halls."})
	run := begin(t, a, "province", noon, "/x/1.html")
	task := next(t, a, run, noon)
	v := visit(*task, noon, article("The plant opens", "Twelve halls."))
	v.FinalKey, v.Snapshot.FinalURL = other, other
	if o := commit(t, a, v); o.Status != dossier.StatusDuplicate {
		t.Fatalf("got %+v", o)
	}
	for day := 1; day < 4; day++ {
		crawlServed(t, a, noon.AddDate(0, 0, day), []string{other}, served{other: "Twelve halls."})
	}
	for r, err := range a.Records(t.Context(), archive.List{}) {
		if err != nil || r.URL != other || !r.LastSeen.Equal(noon.AddDate(0, 0, 3)) {
			t.Errorf("record at %s, last seen %v, %v", r.URL, r.LastSeen, err)
		}
	}
	if v, err := a.Verify(t.Context(), false); err != nil || !v.Whole() {
		t.Errorf("verify: %+v, %v", v, err)
	}
}

// TestOwnFirstOverRuns: an address that waits for another does so also when a run ends
// in between, and not for ever.
func TestOwnFirstOverRuns(t *testing.T) {
	a := open(t)
	const own, other = "http://zone.test/show?id=1", "http://zone.test/show?id=2"
	crawlServed(t, a, noon, []string{own}, served{own: "The bulletin of May."})
	var got []string
	for i := range 4 { // each run asks one page
		at := noon.Add(time.Duration(i+1) * time.Minute)
		start := dossier.Link{URL: "http://zone.test/", Key: "http://zone.test/", Host: "zone.test", Kind: dossier.KindStart}
		run, err := a.BeginRun(t.Context(), &dossier.Site{ID: "zone"}, []dossier.Link{start}, at)
		if err != nil {
			t.Fatal(err)
		}
		v := dossier.Visit{Task: *next(t, a, run, at), At: at, Outcome: dossier.Outcome{Status: dossier.StatusListed}}
		v.Links = []dossier.Link{{URL: other, Key: other, Host: "zone.test", Kind: dossier.KindArticle}}
		commit(t, a, v)
		task, _, _, err := leaseOne(t.Context(), a, run.ID, nil, at)
		if err != nil {
			t.Fatal(err)
		}
		if task != nil {
			o := commit(t, a, answer(*task, at, served{own: "The bulletin of May.", other: "The bulletin of June."}))
			got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %s", task.URL, o.Status, o.Reason)))
		}
		run.State, run.Ended = dossier.RunFinished, at
		if err := a.EndRun(t.Context(), run); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Contains(got, other+" new") {
		t.Errorf("outcomes of the runs: %q", got)
	}
}

// TestOtherNameLives: a record whose own address has lost its page, and that is seen
// at another one, is not gone.
func TestOtherNameLives(t *testing.T) {
	a := open(t)
	const own, other = "http://zone.test/print/1.html", "http://zone.test/art/1.html"
	crawlServed(t, a, noon, []string{own, other}, served{own: "The plant has twelve halls.", other: "The plant has twelve halls."})
	for day := 1; day < 9; day++ {
		crawlServed(t, a, noon.AddDate(0, 0, day), []string{own, other}, served{other: "The plant has twelve halls."})
	}
	for r, err := range a.Records(t.Context(), archive.List{}) {
		if err != nil || r.URL != other || !r.Gone.IsZero() || r.LastSeen.Before(noon.AddDate(0, 0, 7)) {
			t.Errorf("record at %s, gone %v, last seen %v, %v", r.URL, r.Gone, r.LastSeen, err)
		}
	}
}

// TestClosedSite: a site whose every page shows one notice changes no record.
func TestClosedSite(t *testing.T) {
	a := open(t)
	site, closed := served{}, served{"http://zone.test/notice.html": "This site has been closed for good."}
	pages := []string{"http://zone.test/notice.html"}
	for i := range 4 {
		url := fmt.Sprintf("http://zone.test/%d.html", i)
		pages = append(pages, url)
		site[url] = fmt.Sprintf("Text number %d with words of its own.", i)
		closed[url] = closed["http://zone.test/notice.html"]
	}
	titles := func(v *dossier.Visit) {
		if v.Article != nil {
			v.Article.Title = "About " + v.Article.Body
		}
	}
	crawlServedWith(t, a, noon, pages[1:], site, titles)
	crawlServedWith(t, a, noon.AddDate(0, 0, 1), pages[:1], served{pages[0]: closed[pages[0]]}, titles)
	crawlServedWith(t, a, noon.AddDate(0, 0, 2), pages, closed, titles)
	n := 0
	for r, err := range a.Records(t.Context(), archive.List{}) {
		if n++; err != nil || r.Version != 1 {
			t.Errorf("%s is at version %d: %q, %v", r.URL, r.Version, r.Body, err)
		}
	}
	if n != 5 {
		t.Errorf("%d records, want 5", n)
	}
}

// TestNoticesInTheSameWords: what a site prints again with another date or another file
// is another article; what another site prints again is a repost.
func TestNoticesInTheSameWords(t *testing.T) {
	notice := func(date string, files ...string) dossier.Article {
		art := article("The list is published", "Objections may be raised in writing.")
		art.Date = date
		for _, f := range files {
			art.Attachments = append(art.Attachments, dossier.Attachment{URL: f})
		}
		return art
	}
	a := open(t)
	ids := put(t, a, "jilin", noon, notice("2021-01-05"), notice("2021-02-05", "http://jilin.test/f/2.pdf"), notice("2021-01-05T10:00:00+08:00"),
		notice("2021-02-05"), notice("2021-02-05", "http://jilin.test/f/3.pdf"), notice("2021-02-05", "http://jilin.test/g/2.pdf"))
	other := put(t, a, "wuhan", noon, notice("2022-01-01"))
	got := append(ids, other...)
	want := []string{ids[0], ids[1], ids[0], ids[1], ids[4], ids[1], ids[0]}
	if diff := cmp.Diff(want, got); diff != "" || ids[0] == ids[1] || ids[1] == ids[4] {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}
