package pipeline_test

import (
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/crawler"
	"github.com/dossier-archive/dossier/internal/demosite"
	"github.com/dossier-archive/dossier/pipeline"
)

// fields are what of a record is compared with what its site says.
type fields struct {
	Site, Title, Date, Author, Source, Body string
}

// maxCalendar is how many requests to the two endless calendars all crawls of
// the test together may make: the first pages of each.
const maxCalendar = 8

func shown(s *string) string {
	if s == nil {
		return "(none)"
	}
	return "<" + *s + ">"
}

// TestDemoSite crawls the demo site, the English half by patterns and the
// Chinese half without, and compares every field of every record.
func TestDemoSite(t *testing.T) {
	site, err := demosite.Serve()
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := site.Close(); err != nil {
			t.Error(err)
		}
	}()
	for _, patterns := range []bool{true, false} {
		name := "as configured"
		sites := site.Sites()
		if !patterns {
			name = "without patterns, from the home pages"
			sites[0].Start, sites[0].Follow, sites[0].Articles = []string{site.URL + "/en/"}, nil, nil
		}
		t.Run(name, func(t *testing.T) { compareWithTruth(t, site, sites) })
	}
}

func compareWithTruth(t *testing.T, site *demosite.Server, sites []*dossier.Site) {
	arch, err := archive.Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), archive.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer arch.Close()
	log := slog.New(slog.DiscardHandler)
	c := crawler.New(crawler.Options{UserAgent: "dossier/test", Timeout: 5 * time.Second, MaxBody: 1 << 20, AllowPrivate: true, Log: log}, arch)
	for _, s := range sites {
		report, err := pipeline.Run(t.Context(), s, pipeline.Deps{Crawler: c, Store: arch, Log: log})
		if err != nil {
			t.Fatalf("%s: %v", s.ID, err)
		}
		t.Logf("%s: %+v", s.ID, report)
	}
	got := map[string]fields{}
	for r, err := range arch.Records(t.Context(), archive.List{}) {
		if err != nil {
			t.Fatal(err)
		}
		got[strings.TrimPrefix(r.URL, site.URL)] = fields{r.Site, r.Title, r.Date, shown(r.Author), shown(r.Source), r.Body}
	}
	for _, e := range site.Truth(1) {
		want := fields{e.Site, e.Title, e.Date, shown(e.Author), shown(e.Source), e.Body}
		path := e.Path
		if r, ok := got[e.Other]; ok && e.Other != "" {
			// The repost came first. It shows less about the same text.
			path = e.Other
			want.Author, want.Date = r.Author, r.Date
		}
		record, ok := got[path]
		if !ok {
			t.Errorf("%s is not archived", e.Path)
			continue
		}
		delete(got, path)
		if diff := cmp.Diff(want, record); diff != "" {
			t.Errorf("%s (-want +got):\n%s", e.Path, diff)
		}
	}
	for path, r := range got {
		t.Errorf("%s is archived and is no article: %+v", path, r)
	}
	calendar := 0
	for uri, n := range site.AllRequests() {
		switch {
		case strings.HasPrefix(uri, "/en/internal/"), strings.HasPrefix(uri, "/zh/neibu/"):
			t.Errorf("%s is disallowed and was asked", uri)
		case strings.Contains(uri, "calendar"), strings.Contains(uri, "rili"):
			calendar += n
		}
	}
	t.Logf("%d requests to the endless calendars so far", calendar)
	if calendar > maxCalendar {
		t.Errorf("the endless calendars were asked %d times, want at most %d", calendar, maxCalendar)
	}
}
