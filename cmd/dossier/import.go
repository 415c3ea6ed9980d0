package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/crawler"
)

func (a *app) importCommand() *cobra.Command {
	var site string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "import FILE…",
		Short: "Take articles from WARC, ARC and WACZ files of other crawlers",
		Long: `Read the pages of web archives that other programs made, extract their articles
and archive them under --site. Every record of a file that is not imported is
listed with its reason. Importing a file twice changes nothing.` +
			statuses(statusOK, statusFailed, statusUsage, statusArchive, statusLocked),
		Example: `  dossier import --site jilin crawl.warc.gz pages.wacz`,
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error {
			if site == "" {
				return fail(statusUsage, "the records get it as their site", "--site is missing")
			}
			return a.importFiles(cmd.Context(), files, site, asJSON)
		},
	}
	cmd.Flags().StringVar(&site, "site", "", "`ID` of the site that the pages belong to")
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a file")
	cmd.RegisterFlagCompletionFunc("site", a.siteNames)
	return cmd
}

func (a *app) importFiles(ctx context.Context, files []string, site string, asJSON bool) (err error) {
	c, err := a.configOrNone()
	if err != nil {
		return err
	}
	ar, done, err := openWriter(ctx, c.Archive, "dossier import")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	im := archive.Import{
		Place: func(url string) (string, string, error) {
			address, err := crawler.ParseAddress("", url)
			return site, address.Key, err
		},
		Read:   newReader(c, ar).alone,
		Passed: func(p archive.Passed) { a.say("passed over %s %s: %s", p.Type, p.URL, p.Reason) },
	}
	for _, file := range files {
		report, err := ar.ImportFile(ctx, file, im)
		if err != nil {
			return err
		}
		if asJSON {
			err = json.NewEncoder(a.stdout).Encode(report)
		} else {
			_, err = fmt.Fprintf(a.stdout, "%s: %s, new %d, changed %d, unchanged %d, duplicates %d, passed over %d\n",
				file, count(report.Records, "record"), report.New, report.Changed, report.Unchanged, report.Duplicate, report.Passed)
		}
		if err != nil {
			return fmt.Errorf("write: %w", err)
		}
	}
	return nil
}
