package archive_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

var vocabulary = func() []string {
	r := rand.New(rand.NewPCG(1, 2))
	words := make([]string, 20000)
	for i := range words {
		if i%3 == 0 {
			n := 2 + r.IntN(2)
			for range n {
				words[i] += string(rune(0x4e00 + r.IntN(6000)))
			}
			continue
		}
		for range 3 + r.IntN(8) {
			words[i] += string(rune('a' + r.IntN(26)))
		}
	}
	return words
}()

// prose makes an article of about 2,000 characters with words as frequent as
// in a language.
func prose(i int) dossier.Article {
	r := rand.New(rand.NewPCG(uint64(i), 3))
	zipf := rand.NewZipf(r, 1.1, 8, uint64(len(vocabulary)-1))
	var b strings.Builder
	for n := range 300 {
		b.WriteString(vocabulary[zipf.Uint64()])
		b.WriteByte(" \n"[min(1, n%40/39)])
	}
	a := article(fmt.Sprintf("Title %d %s", i, vocabulary[zipf.Uint64()]), b.String())
	a.Date = fmt.Sprintf("20%02d-%02d-%02d", 10+r.IntN(15), 1+r.IntN(12), 1+r.IntN(28))
	return a
}

// fill archives n articles of a site.
func fill(b *testing.B, a *archive.Archive, site string, n int) {
	b.Helper()
	fillFrom(b, a, site, 0, n)
}

// fillFrom archives n articles, the texts counted from one on.
func fillFrom(b *testing.B, a *archive.Archive, site string, from, n int) {
	b.Helper()
	run := begin(b, a, site, noon, numbered(n)...)
	const batch = 500 // pages made at a time, outside of the measurement
	var arts []dossier.Article
	var pages []string
	for i := range n {
		if i%batch == 0 {
			b.StopTimer()
			arts, pages = arts[:0], pages[:0]
			for j := i; j < min(n, i+batch); j++ {
				arts, pages = append(arts, prose(from+j)), append(pages, pageOf(from+j))
			}
			b.StartTimer()
		}
		task := next(b, a, run, noon)
		commit(b, a, visitWith(*task, noon, arts[i%batch], pages[i%batch]))
	}
}

var menu = strings.Repeat(`<li><a href="/column/index.html" class="item">A column of the site</a></li>`+"\n", 150)

func pageOf(i int) string { return pageWith(prose(i)) }

func pageWith(art dossier.Article) string {
	return "<html><body>" + menu + "<h1>" + art.Title + "</h1><div>" + strings.ReplaceAll(art.Body, "\n", "</p>\n<p>") + "</div>" + menu + "</body></html>"
}

// BenchmarkPut leases and archives one page with its record, index and capture.
func BenchmarkPut(b *testing.B) {
	a := open(b)
	fill(b, a, "warm", 50)
	b.ResetTimer()
	fill(b, a, "jilin", b.N)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pages/s")
}

// BenchmarkSearch asks for the newest 20 of 5,000 records.
func BenchmarkSearch(b *testing.B) {
	a := open(b)
	fill(b, a, "jilin", 5000)
	for i := 0; b.Loop(); i++ {
		word := vocabulary[i%2000]
		if _, _, err := a.Search(b.Context(), archive.Search{Query: archive.Query{Text: word}, Limit: 20}); err != nil {
			b.Fatal(word, err)
		}
	}
}
