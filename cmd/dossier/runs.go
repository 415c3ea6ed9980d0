package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

func (a *app) runsCommand() *cobra.Command {
	var site string
	var limit int
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "runs",
		Short: "List the runs, the latest first",
		Long:  `List what was crawled and imported when, and what came of it.` + statuses(statusOK, statusFailed, statusUsage, statusArchive),
		Example: `  dossier runs --site jilin
  dossier runs show 12               every page of a run with its outcome`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := limitOf(limit); err != nil {
				return err
			}
			return a.runs(cmd.Context(), site, limit, asJSON)
		},
	}
	cmd.Flags().StringVar(&site, "site", "", "only of this site, by `ID`")
	cmd.Flags().IntVarP(&limit, "limit", "n", 20, "at most `N` runs; 0 lists all")
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line")
	cmd.RegisterFlagCompletionFunc("site", a.siteNames)
	cmd.AddCommand(a.runsShowCommand())
	return cmd
}

func (a *app) runs(ctx context.Context, site string, limit int, asJSON bool) error {
	ar, err := a.openReader(ctx)
	if err != nil {
		return err
	}
	defer ar.Close()
	if site != "" {
		if err := knownSites(ctx, ar, site); err != nil {
			return err
		}
	}
	runs, err := ar.Runs(ctx, site, limit)
	if err != nil {
		return err
	}
	if asJSON {
		return writeLines(a.stdout, runs)
	}
	t := plainTable(a.people)
	t.AppendHeader(table.Row{"Run", "Site", "Kind", "Started", "State", "Requests", "New", "Changed", "Unchanged", "Duplicates", "Gone", "Failed"})
	for _, r := range runs {
		t.AppendRow(table.Row{r.ID, r.Site, r.Kind, stamp(r.Started), r.State, r.Requests, r.New, r.Changed, r.Unchanged, r.Duplicate, r.Gone, r.Failed})
	}
	t.Render()
	return nil
}

func (a *app) runsShowCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "show RUN",
		Short:   "Show every page of a run with its outcome",
		Long:    `Show what a run asked, what came of it and why.` + statuses(statusOK, statusFailed, statusUsage, statusArchive),
		Example: `  dossier runs show 12 --json | jq 'select(.outcome.status=="failed")'`,
		Args:    takes(1, 1, "the number of one RUN"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil {
				return fail(statusUsage, "`dossier runs` lists them", "%q is not the number of a run", args[0])
			}
			return a.runsShow(cmd.Context(), id, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line: the run, then its pages")
	return cmd
}

func (a *app) runsShow(ctx context.Context, id int64, asJSON bool) error {
	ar, err := a.openReader(ctx)
	if err != nil {
		return err
	}
	defer ar.Close()
	run, err := ar.Run(ctx, id)
	if errors.Is(err, archive.ErrNotFound) {
		return fail(statusFailed, "`dossier runs` lists them", "there is no run %d", id)
	}
	if err != nil {
		return err
	}
	if asJSON {
		if err := writeJSON(a.stdout, run); err != nil {
			return err
		}
	} else {
		printReports(a.people, []siteRun{{site: &dossier.Site{ID: run.Site}, report: run}})
		if run.Error != "" {
			fmt.Fprintf(a.people, "%s: %s\n", run.State, inert(run.Error))
		}
		fmt.Fprintln(a.people)
	}
	for o, err := range ar.RunObservations(ctx, id) {
		if err != nil {
			return err
		}
		if err := a.printObservation(o, asJSON); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) printObservation(o archive.Observation, asJSON bool) error {
	if asJSON {
		return writeJSON(a.stdout, o)
	}
	_, err := fmt.Fprintf(a.people, "%s  %-9s  %s\n", stamp(o.At), o.Outcome.Status, o.URL)
	if b := because(o); err == nil && b != "" {
		_, err = fmt.Fprintf(a.people, "    %s\n", b)
	}
	return err
}
