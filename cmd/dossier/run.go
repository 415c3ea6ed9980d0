package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/schedule"
)

func (a *app) runCommand() *cobra.Command {
	var grace time.Duration
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Crawl every site by its schedule until told to stop",
		Long: `Stay in the foreground and start a run of each site when its schedule says so.
A time that was missed while nothing ran is caught up once; a site that was
never crawled is due at once. Two runs of one site never overlap. Sixteen sites are
crawled at a time; others wait for their turn.

SIGTERM or SIGINT ends it: pages in hand are finished and committed, the rest
is left to the next run. After SIGTERM all is well; SIGINT is an interruption. A
second signal stops at once.` +
			statuses(statusOK, statusFailed, statusUsage, statusArchive, statusLocked, statusInterrupted),
		Example: `  dossier run
  dossier run --grace 2m            under systemd with a longer TimeoutStopSec`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.schedule(cmd.Context(), grace)
		},
	}
	cmd.Flags().DurationVar(&grace, "grace", time.Minute, "`TIME` that runs under way get to end")
	return cmd
}

func (a *app) schedule(ctx context.Context, grace time.Duration) (err error) {
	c, err := a.configWithSites()
	if err != nil {
		return err
	}
	ar, done, err := openWriter(ctx, c.Archive, "dossier run")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	log := a.logger(slog.LevelInfo)
	crew := newCrew(c, ar, scheduleBounds, log)
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	s, err := schedule.New(c.Sites, ar, func(ctx context.Context, site *dossier.Site) error {
		if err := crew.begin(ctx); err != nil {
			return err
		}
		defer crew.end()
		report, err := crew.run(ctx, site, nil)
		log.Info("run ended", "site", site.ID, "state", report.State, "requests", report.Requests, "new", report.New, "changed", report.Changed,
			"unchanged", report.Unchanged, "duplicates", report.Duplicate, "gone", report.Gone, "failed", report.Failed)
		if isArchiveError(err) {
			stop(err)
		}
		return err
	}, grace, log)
	if err != nil {
		return usage(err, "give a site a `schedule`, or one to all of them under `defaults`")
	}
	if err := s.Run(ctx); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	cause := context.Cause(ctx)
	var by interruption
	if isArchiveError(cause) || errors.As(cause, &by) && by.signal == os.Interrupt {
		return cause
	}
	return nil
}
