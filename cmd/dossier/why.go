package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

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
		return fail(statusFailed, "follow, articles and exclude of the site decide which addresses are taken", "no page of any site has led to %s", address.URL)
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
