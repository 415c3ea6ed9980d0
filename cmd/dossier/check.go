package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/configs"
)

func (a *app) checkCommand() *cobra.Command {
	var show, asJSON bool
	var live string
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check configuration and archive",
		Long: `Say what is wrong with the configuration and the archive and how to mend it. All
problems are reported at once, with file, line and column. Nothing is written
and no site is asked.

--live asks one address as a crawl would: which line of robots.txt decides, what
comes, and whether it reads as an article or a list. It needs no configuration,
and uses the site of the configuration on that domain if there is one.` + statuses(statusOK, statusUsage, statusGate, statusArchive),
		Example: `  dossier check
  dossier check --show        each value in force and where it came from
  dossier check -c new.yaml   before it goes to work
  dossier check --live https://example.org/news/`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if live != "" {
				return a.checkLive(cmd.Context(), live, asJSON)
			}
			return a.check(cmd.Context(), show, asJSON)
		},
	}
	cmd.Flags().BoolVar(&show, "show", false, "print each value in force and where it came from")
	cmd.Flags().StringVar(&live, "live", "", "ask this `URL` and say what robots.txt and the page say")
	cmd.Flags().BoolVar(&asJSON, "json", false, "as a JSON object")
	return cmd
}

// A checkup is what check has found.
type checkup struct {
	Config   string              `json:"config"`
	Sites    []string            `json:"sites"`
	Warnings []string            `json:"warnings,omitempty"`
	Values   []configs.Value     `json:"values,omitempty"`
	Archive  string              `json:"archive"`
	Exists   bool                `json:"archive_exists"`
	Stats    []archive.SiteStats `json:"archive_sites,omitempty"`
}

func (a *app) check(ctx context.Context, show, asJSON bool) error {
	c, err := a.config()
	if err != nil && !(errors.Is(err, configs.ErrNoFile) && a.archivePath != "") {
		return err
	}
	found := checkup{Config: c.File, Sites: c.IDs(), Warnings: c.Warnings, Archive: c.Archive}
	if show {
		found.Values = c.Values
	}
	if found.Stats, err = checkArchive(ctx, c.Archive); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return archiveTrouble(err)
	}
	found.Exists = err == nil
	if folder := filepath.Dir(c.Archive); !found.Exists {
		if _, err := os.Stat(folder); err != nil {
			return fail(statusArchive, "make it first, or name another archive", "the archive %s cannot be made: %w", c.Archive, err)
		}
	}
	if asJSON {
		return writeJSON(a.stdout, found)
	}
	a.printCheckup(found)
	return nil
}

// checkArchive looks for damage and counts what there is. The error is
// fs.ErrNotExist when nothing has been archived yet.
func checkArchive(ctx context.Context, path string) ([]archive.SiteStats, error) {
	ar, err := openUpgraded(ctx, path)
	if err != nil {
		return nil, err
	}
	defer ar.Close()
	if err := ar.Check(ctx); err != nil {
		return nil, fmt.Errorf("archive %s: %w", path, err)
	}
	return ar.Stats(ctx)
}

func (a *app) printCheckup(found checkup) {
	if len(found.Values) > 0 {
		t := plainTable(a.people)
		t.AppendHeader(table.Row{"Key", "Value", "From"})
		for _, v := range found.Values {
			t.AppendRow(table.Row{v.Key, v.Value, v.From})
		}
		t.Render()
		fmt.Fprintln(a.people)
	}
	if a.quiet {
		return
	}
	switch {
	case found.Config == "":
		field(a.people, "config", "none was read")
	case len(found.Sites) == 0:
		field(a.people, "config", found.Config+" is right, but names no site yet")
	default:
		field(a.people, "config", fmt.Sprintf("%s is right: %s", found.Config, count(len(found.Sites), "site")))
	}
	if !found.Exists {
		field(a.people, "archive", found.Archive+" is not there yet; the first crawl makes it")
		return
	}
	records := 0
	for _, s := range found.Stats {
		records += s.Records
	}
	field(a.people, "archive", fmt.Sprintf("%s is intact: %s of %s", found.Archive, count(records, "record"), count(len(found.Stats), "site")))
}
