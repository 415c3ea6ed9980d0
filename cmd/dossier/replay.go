package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/dossier-archive/dossier/archive"
)

type replayOptions struct {
	filter
	dryRun bool
	json   bool
}

func (a *app) replayCommand() *cobra.Command {
	var o replayOptions
	cmd := &cobra.Command{
		Use:   "replay",
		Short: "Read the stored pages again, without a request",
		Long: `Read the stored pages again with this program and the rules of the configuration,
and add a version to each record whose fields come out differently. What was
cited before stays as it was. --dry-run shows field by field what would change.
A replay that was interrupted goes on where it stopped.` + statuses(statusOK, statusFailed, statusUsage, statusPartial, statusArchive, statusLocked, statusInterrupted),
		Example: `  dossier replay --dry-run --site jilin
  dossier replay --site jilin`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.check(); err != nil {
				return err
			}
			return a.replay(cmd.Context(), o)
		},
	}
	o.flags(a, cmd)
	cmd.Flags().BoolVar(&o.dryRun, "dry-run", false, "show what would change, and change nothing")
	cmd.Flags().BoolVar(&o.json, "json", false, "the report as a JSON object; before it those of a dry run, one a line, that say what would change")
	return cmd
}

func (a *app) replay(ctx context.Context, o replayOptions) (err error) {
	c, err := a.configOrNone()
	if err != nil {
		return err
	}
	open := openToChange
	if o.dryRun {
		open = openToLook
	}
	ar, done, err := open(ctx, c.Archive, "dossier replay")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	q, err := o.in(ctx, ar)
	if err != nil {
		return err
	}
	pages := newReader(c, ar)
	var written error
	failed := func(f archive.RereadFailure) {
		fmt.Fprintf(a.stderr, "%s %s: %s\n", f.Record, inert(f.URL), inert(f.Err.Error()))
	}
	report, err := ar.Reread(ctx, archive.Reread{Query: q, Read: pages.besideOthers, Rules: pages.digest(), DryRun: o.dryRun, Failed: failed, Change: func(change archive.RereadChange) {
		if o.json && o.dryRun {
			written = errors.Join(written, writeJSON(a.stdout, change))
		}
		if o.json || a.quiet {
			return
		}
		fmt.Fprintf(a.people, "%s  %s\n", change.Record, change.URL)
		for _, f := range change.Fields {
			fmt.Fprintf(a.people, "  %s: %s\n", f.Field, changeBriefly(f))
		}
	}})
	if errors.Is(err, context.Canceled) && !o.dryRun {
		return fail(statusInterrupted, "start the same replay again: it goes on where this one stopped", "%w", err)
	}
	if err := errors.Join(err, written); err != nil {
		return err
	}
	if report.Resumed {
		a.say("an earlier replay was interrupted, and this one went on where it stopped: these are the totals of both")
	}
	switch {
	case o.json:
		if err := writeJSON(a.stdout, report); err != nil {
			return err
		}
	case !a.quiet:
		fmt.Fprintf(a.people, "%s read again: %d changed, %d unchanged, %d failed, %d without a page\n",
			count(report.Read, "page"), report.Changed, report.Unchanged, report.Failed, report.NoPage)
	}
	switch {
	case report.Failed == 0:
		return nil
	case report.Read == 0:
		return fail(statusFailed, "their records stay as they are", "no page could be read again")
	}
	return fail(statusPartial, "their records stay as they are", "%s could not be read again", count(report.Failed, "page"))
}
