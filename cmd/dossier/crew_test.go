package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestSitesAtOnce: however many sites are due, only some are crawled side by side, by
// the scheduler as well.
func TestSitesAtOnce(t *testing.T) {
	for command, most := range map[string]int{"crawl": crawlBounds.sites, "run": scheduleBounds.sites} {
		t.Run(command, func(t *testing.T) {
			asked := make(chan struct{}, most+3)
			release := make(chan struct{})
			hold := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked <- struct{}{}
				<-release
			})
			var text strings.Builder
			text.WriteString("archive: a.db\nnetwork: {allow_private: true}\nsites:\n")
			for i := range most + 3 {
				server := httptest.NewServer(hold)
				defer server.Close()
				fmt.Fprintf(&text, "  - {id: s%d, start: [%q], schedule: \"@yearly\"}\n", i, server.URL)
			}
			file := filepath.Join(t.TempDir(), "dossier.yaml")
			if err := os.WriteFile(file, []byte(text.String()), 0o644); err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				a := &app{stdin: strings.NewReader(""), stdout: io.Discard, stderr: io.Discard}
				a.run(ctx, []string{command, "--config", file})
			}()
			for n := range most {
				select {
				case <-asked:
				case <-time.After(10 * time.Second):
					t.Errorf("%d hosts are asked at once, want %d", n, most)
				}
			}
			select {
			case <-asked:
				t.Errorf("more than %d hosts are asked at once", most)
			case <-time.After(200 * time.Millisecond):
			}
			stop()
			close(release)
			<-ended
		})
	}
}
