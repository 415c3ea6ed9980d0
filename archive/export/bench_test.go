package export_test

import (
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive/export"
)

// made gives n records with texts of about 2,000 characters.
func made(n int) iter.Seq2[dossier.Record, error] {
	r := rand.New(rand.NewPCG(1, 1))
	bodies := make([]string, 500)
	for i := range bodies {
		var b strings.Builder
		for range 300 {
			fmt.Fprintf(&b, "%x ", r.Uint32N(1<<20))
		}
		bodies[i] = b.String()
	}
	return func(yield func(dossier.Record, error) bool) {
		for i := range n {
			rec := records[0]
			rec.ID, rec.Body = fmt.Sprintf("d%09d", i), bodies[i%len(bodies)]
			if !yield(rec, nil) {
				return
			}
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	for _, format := range export.Formats {
		b.Run(format, func(b *testing.B) {
			if _, err := export.Write(b.Context(), io.Discard, format, made(b.N), export.Options{}); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
		})
	}
}
