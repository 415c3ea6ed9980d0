package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/dossier-archive/dossier/archive"
)

type pruneOptions struct {
	pages, observations string
	compact, dryRun     bool
}

func (a *app) pruneCommand() *cobra.Command {
	var o pruneOptions
	cmd := &cobra.Command{
		Use:   "prune",
		Short: "Remove old pages and observations, as you say",
		Long: `Remove stored pages that no current version was read from, and old observations,
from before the days you name. Records, versions and addresses are never
removed: a citation stays valid. Nothing is ever pruned by itself.` + statuses(statusOK, statusFailed, statusUsage, statusArchive, statusLocked),
		Example: `  dossier prune --pages-before 2020-01-01 --dry-run
  dossier prune --pages-before 2020-01-01 --observations-before 2024-01-01 --compact`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.prune(cmd.Context(), o)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.pages, "pages-before", "", "pages fetched before this `DAY`, as 2020-01-01")
	flags.StringVar(&o.observations, "observations-before", "", "observations before this `DAY`, but for the last of each address")
	flags.BoolVar(&o.compact, "compact", false, "give the room back to the file system")
	flags.BoolVar(&o.dryRun, "dry-run", false, "only count")
	return cmd
}

func (o pruneOptions) policy() (archive.Policy, error) {
	p := archive.Policy{Compact: o.compact, DryRun: o.dryRun}
	if o.pages == "" && o.observations == "" && !o.compact {
		return p, fail(statusUsage, "name --pages-before, --observations-before or --compact", "nothing was named to prune")
	}
	for _, of := range []struct {
		text string
		to   *time.Time
	}{{o.pages, &p.PagesBefore}, {o.observations, &p.ObservationsBefore}} {
		if of.text == "" {
			continue
		}
		day, err := time.Parse(time.DateOnly, of.text)
		if err != nil {
			return p, fail(statusUsage, "write it as 2020-01-01", "%q is not a day", of.text)
		}
		*of.to = day
	}
	return p, nil
}

func (a *app) prune(ctx context.Context, o pruneOptions) (err error) {
	policy, err := o.policy()
	if err != nil {
		return err
	}
	c, err := a.configOrNone()
	if err != nil {
		return err
	}
	open := openToChange
	if o.dryRun {
		open = openToLook
	}
	ar, done, err := open(ctx, c.Archive, "dossier prune")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	pruned, err := ar.Prune(ctx, policy)
	if err != nil || a.quiet {
		return err
	}
	verb := "removed"
	if o.dryRun {
		verb = "would be removed"
	}
	_, err = fmt.Fprintf(a.people, "%s (%d bytes) and %s %s\n", count(pruned.Pages, "page"), pruned.Bytes, count(pruned.Observations, "observation"), verb)
	if pruned.Kept > 0 {
		a.say("%s stay: many others are packed with them", count(pruned.Kept, "page"))
	}
	return err
}
