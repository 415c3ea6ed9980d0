package archive_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

func corpus(t testing.TB) *archive.Archive {
	a := open(t)
	dated := func(date, title, body string) dossier.Article {
		art := article(title, body)
		art.Date = date
		return art
	}
	put(t, a, "jilin", noon,
		dated("2018-01-19T10:46:00+08:00", "Changchun New Area signs", "Café owners visited the Changchun New Area. Tourism was discussed."),
		dated("2018-02-01", "长春新区招商引资", "长春新区举行投资促进会，招商，引资并重。ＡＢＣ公司落户。"),
		dated("2017-12-31", "臺灣廠商投資長春", "臺灣廠商赴長春投資設廠。"),
		dated("2019-06-01", "Investment news", "New investments; C++ and COVID-19 matter. An area that is new."))
	with := dated("2018-03-03", "Hubei bulletin", "Figures of the quarter 招商.")
	with.Author, with.Source = ptr("Wang Fang"), ptr("新华社")
	put(t, a, "hu-bei", noon, with)
	return a
}

func TestSearch(t *testing.T) {
	a := corpus(t)
	const signs, zhaoshang, taiwan, news, hubei = "Changchun New Area signs", "长春新区招商引资", "臺灣廠商投資長春", "Investment news", "Hubei bulletin"
	for _, c := range []struct {
		query string
		want  []string // newest first
	}{
		// Words, phrases, exclusion, prefix.
		{"changchun area", []string{signs}},
		{`"new area"`, []string{signs}},
		{"new area", []string{news, signs}},
		{"new -tourism", []string{news}},
		{"new NOT tourism", []string{news}},
		{"-new", []string{hubei, zhaoshang, taiwan}},
		{"invest*", []string{news}},
		{"cafe OR quarter", []string{hubei, signs}},
		{"(cafe OR quarter) figures", []string{hubei}},
		{"COVID-19", []string{news}},
		{"c++", []string{news}},
		// Chinese of one and two characters, Traditional, full width, accents.
		{"招商", []string{hubei, zhaoshang}},
		{"投资", []string{zhaoshang, taiwan}},
		{"投", []string{zhaoshang, taiwan}},
		{"台湾厂商", []string{taiwan}},
		{"長春", []string{zhaoshang, taiwan}},
		{"abc公司", []string{zhaoshang}},
		{"ＣＡＦＥ", []string{signs}},
		{"café", []string{signs}},
		// Across a comma there is no word.
		{"会招", nil},
		{"“招商引资”", []string{zhaoshang}},
		// Fields and dates.
		{"title:new", []string{signs}},
		{"author:wang", []string{hubei}},
		{"source:新华社", []string{hubei}},
		{"site:jilin 招商", []string{zhaoshang}},
		{"site:hu-bei", []string{hubei}},
		{"after:2018-02", []string{news, hubei, zhaoshang}},
		{"before:2018", []string{taiwan}},
		{"until:2018-01", []string{signs, taiwan}},
		{"new after:2018-01 before:2019", []string{signs}},
		{"", []string{news, hubei, zhaoshang, signs, taiwan}},
	} {
		t.Run(c.query, func(t *testing.T) {
			hits, more, err := a.Search(t.Context(), archive.Search{Query: archive.Query{Text: c.query}})
			if err != nil || more {
				t.Fatalf("error %v, more %v", err, more)
			}
			var got []string
			for _, h := range hits {
				got = append(got, h.Record.Title)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			n := 0
			for _, err := range a.Records(t.Context(), archive.List{Query: archive.Query{Text: c.query}}) {
				if err != nil {
					t.Fatal(err)
				}
				n++
			}
			if n != len(c.want) {
				t.Errorf("Records gives %d, want %d", n, len(c.want))
			}
		})
	}
}

func TestSearchSyntaxErrors(t *testing.T) {
	a := open(t)
	for query, place := range map[string]int{
		`"open`: 1, `a "b`: 3, `(a`: 1, `a)`: 2, `()`: 1, `OR a`: 1, `a OR`: 5, `a OR OR b`: 6, `colour:red`: 1, `after:soon`: 7,
		`a OR -b`: 6, `(after:2018)`: 2, `!!!`: 1, `title:`: 7, `title:(a b)`: 7, `""`: 1, `a title:-teak`: 9, `*inv`: 1, `in*v`: 3, `inv**`: 4, `招*商`: 2,
		strings.Repeat("a ", 65): 129, strings.Repeat("(", 40) + "a": 18, strings.Repeat("a", 3000): 2001,
	} {
		_, _, err := a.Search(t.Context(), archive.Search{Query: archive.Query{Text: query}})
		var syntax *archive.SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%.40q: got %v, want a SyntaxError", query, err)
		} else if syntax.Place != place {
			t.Errorf("%.40q: place %d (%s), want %d", query, syntax.Place, syntax.Message, place)
		}
	}
}

func TestSearchFollowsVersions(t *testing.T) {
	a := open(t)
	put(t, a, "jilin", noon, article("Old", "The word walnut."))
	later := noon.AddDate(1, 0, 0)
	changed := article("Old", "The word almond.")
	changed.Date = "2020-02-02"
	commit(t, a, visit(again(t, a, "jilin", "/0", later), later, changed))
	for query, want := range map[string]int{"walnut": 0, "almond": 1, "almond after:2020": 1, "almond before:2020": 0} {
		hits, _, err := a.Search(t.Context(), archive.Search{Query: archive.Query{Text: query}})
		if err != nil || len(hits) != want {
			t.Errorf("%s: %d hits, %v; want %d", query, len(hits), err, want)
		}
	}
}

func TestSnippet(t *testing.T) {
	a := open(t)
	put(t, a, "jilin", noon,
		article("Snippets <b>", strings.Repeat("Filler words stand here. ", 40)+"The Café in Changchun New Area opened."+strings.Repeat(" More of it.", 40)),
		article("中文", strings.Repeat("这里是别的内容。", 60)+"長春新區招商引資大會開幕。"+strings.Repeat("其他。", 60)))
	for query, want := range map[string]string{`cafe "new area"`: "[Café] in Changchun [New Area]", "长春 招商引资": "[長春]新區[招商引資]"} {
		hits, _, err := a.Search(t.Context(), archive.Search{Query: archive.Query{Text: query}})
		if err != nil || len(hits) != 1 {
			t.Fatalf("%s: %d hits, %v", query, len(hits), err)
		}
		got := hits[0].Snippet.Highlight("[", "]", nil)
		if !strings.Contains(got, want) || !strings.HasPrefix(got, "…") || !strings.HasSuffix(got, "…") {
			t.Errorf("%s: got %q, want %q in it", query, got, want)
		}
	}
}

// TestSnippetMarksMatches: what the search does not take for a match is not marked as one.
func TestSnippetMarksMatches(t *testing.T) {
	a := open(t)
	put(t, a, "jilin", noon, article("区域", "建设长春，新区在北。长春新区今天签约。在长春新 区，也有工厂。"))
	for query, want := range map[string]string{"长春新区": "建设长春，新区在北。[长春新区]今天签约。在长春新 区，也有工厂。", `"长春，新区"`: "建设[长春，新区]在北。长春新区今天签约。在长春新 区，也有工厂。"} {
		hits, _, err := a.Search(t.Context(), archive.Search{Query: archive.Query{Text: query}})
		if err != nil || len(hits) != 1 {
			t.Fatalf("%s: %d hits, %v", query, len(hits), err)
		}
		if got := hits[0].Snippet.Highlight("[", "]", nil); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
}

func TestSearchLimit(t *testing.T) {
	a := open(t)
	var arts []dossier.Article
	for i := range 45 {
		arts = append(arts, article(fmt.Sprintf("Number %02d", i), fmt.Sprintf("Investment %d", i*7919)))
	}
	put(t, a, "jilin", noon, arts...)
	all, more, err := a.Search(t.Context(), archive.Search{Query: archive.Query{Text: "investment"}})
	if err != nil || more || len(all) < 40 {
		t.Fatalf("%d of 45 records, more %v, %v", len(all), more, err)
	}
	for _, limit := range []int{1, 20, len(all), len(all) + 1} {
		for _, relevance := range []bool{false, true} {
			hits, more, err := a.Search(t.Context(), archive.Search{Query: archive.Query{Text: "investment"}, Relevance: relevance, Limit: limit})
			if err != nil || len(hits) != min(limit, len(all)) || more != (limit < len(all)) {
				t.Errorf("limit %d of %d: %d hits, more %v, %v", limit, len(all), len(hits), more, err)
			}
		}
	}
}

func FuzzQuery(f *testing.F) {
	for _, s := range []string{`招商 "Changchun New Area" -tourism site:jilin after:2018-01`, "(a OR b) -c*", `title:"x"*`, "“a”"} {
		f.Add(s)
	}
	a := corpus(f)
	f.Fuzz(func(t *testing.T, s string) {
		_, _, err := a.Search(t.Context(), archive.Search{Query: archive.Query{Text: s}})
		var syntax *archive.SyntaxError
		if err != nil && !errors.As(err, &syntax) {
			t.Errorf("%q: %v", s, err)
		}
	})
}
