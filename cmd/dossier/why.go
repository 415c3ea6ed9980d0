package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/crawler"
)

func (a *app) whyCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "why URL",
		Short: "Say what became of an address, and why",
		Long: `Say whether a site has shown an address, what it was taken for, how each attempt
at it ended, which record it belongs to and when it is asked again.` + statuses(statusOK, statusFailed, statusUsage, statusArchive),
		Example: `  dossier why 'https://www.example.org/news/1.html?utm_source=x'`,
		Args:    takes(1, 1, "one URL"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.why(cmd.Context(), args[0], asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a site")
	return cmd
}

func (a *app) why(ctx context.Context, url string, asJSON bool) error {
	address, err := crawler.ParseAddress("", url)
	if err != nil {
		return usage(err, "write it whole, as https://example.org/news/1.html")
	}
	ar, err := a.openReader(ctx)
	if err != nil {
		return err
	}
	defer ar.Close()
	found, err := ar.Addresses(ctx, address.Key)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		if found, err = a.elsewhere(ctx, ar, address, asJSON); err != nil || found == nil {
			return err
		}
	}
	if asJSON {
		return writeLines(a.stdout, found)
	}
	for _, f := range found {
		found := fmt.Sprintf("first seen in run %d", f.Discovered)
		if f.Discovered == 0 {
			found = "only imported: no page of the site has led to it"
		}
		fmt.Fprintf(a.people, "%s\n  site %s, taken for: %s, %s; %s\n", f.URL, f.Site, f.Kind, f.State, found)
		if f.Raw != "" {
			fmt.Fprintf(a.people, "  found as %s\n", f.Raw)
		}
		if !f.Revisit.IsZero() {
			sooner := ""
			if f.OnShow && f.Record != "" {
				sooner = ", or sooner, as a list shows it"
			}
			fmt.Fprintf(a.people, "  asked again after %s%s\n", stamp(f.Revisit), sooner)
		}
		for _, o := range f.Observations {
			fmt.Fprintf(a.people, "  run %d, %s: %s", o.Run, stamp(o.At), o.Outcome.Status)
			if b := because(o); b != "" {
				fmt.Fprintf(a.people, " (%s)", b)
			}
			fmt.Fprintln(a.people)
		}
	}
	return nil
}

// elsewhere answers for an address that no page has shown: of robots.txt by what was
// kept of it, of others by what led to them. Without that it is an error.
func (a *app) elsewhere(ctx context.Context, ar *archive.Archive, address crawler.Address, asJSON bool) ([]archive.Address, error) {
	if address.Path == "/robots.txt" {
		file, ok, err := ar.Robots(ctx, address.Origin())
		if err != nil {
			return nil, err
		}
		if ok && asJSON {
			return nil, writeLines(a.stdout, []rulesAsked{{address.URL, file.Status, file.FetchedAt, len(file.Body)}})
		}
		if ok {
			fmt.Fprintf(a.people, "%s\n  asked for its rules at %s: status %d, %d bytes\n", address.URL, stamp(file.FetchedAt), file.Status, len(file.Body))
			return nil, nil
		}
	}
	led, err := ar.LedTo(ctx, address.URL)
	if err != nil {
		return nil, err
	}
	if len(led) == 0 {
		return nil, fail(statusFailed, "follow, articles and exclude of the site decide which addresses are taken; links within articles and the steps between redirects are not kept",
			"no page that is read for its links has led to %s", address.URL)
	}
	if asJSON {
		return led, nil
	}
	fmt.Fprintf(a.people, "%s\n  no page that is read for its links has led to it; it is another address of these, or they were sent on to it:\n", address.URL)
	return led, nil
}

// rulesAsked is what is kept of a robots.txt.
type rulesAsked struct {
	URL       string    `json:"url"`
	Status    int       `json:"http"` // 0: no answer
	FetchedAt time.Time `json:"fetched_at"`
	Bytes     int       `json:"bytes"`
}
