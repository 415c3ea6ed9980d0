package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/archive/export"
	"github.com/dossier-archive/dossier/configs"
	"github.com/dossier-archive/dossier/internal/demosite"
)

func (a *app) demoCommand() *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "See it work on a built-in site, without a network",
		Long: `Serve a small built-in site on a loopback port of its own, crawl it, show some
records, export them beside an archive in a new folder, and crawl a second
time. The site has what real ones have: two languages and encodings, print
copies, reposts, pages that fail.` + statuses(statusOK, statusFailed, statusUsage, statusArchive, statusInterrupted),
		Example: `  dossier demo
  dossier demo --dir /tmp/try`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.demo(cmd.Context(), dir)
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "new `FOLDER` for the results (default dossier-demo, or with a number when that is there)")
	return cmd
}

// A demo is the built-in site beside the archive it goes to.
type demo struct {
	*app
	dir   string
	site  *demosite.Server
	sites []*dossier.Site
	crew  *crew
}

func (a *app) demo(ctx context.Context, dir string) (err error) {
	dir, err = newFolder(dir)
	if err != nil {
		return err
	}
	site, err := demosite.Serve()
	if err != nil {
		return fmt.Errorf("serve the built-in site: %w", err)
	}
	defer func() { err = errors.Join(err, site.Close()) }()
	file := filepath.Join(dir, "archive.db")
	ar, done, err := openWriter(ctx, file, "dossier demo")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	crew := newCrew(demoConfig(), ar, crawlBounds, a.logger(slog.LevelError))
	fmt.Fprintf(a.people, "A built-in site is served on %s, for this computer alone.\n", site.URL)
	d := &demo{a, dir, site, site.Sites(), crew}
	return d.play(ctx)
}

func demoConfig() *configs.Config {
	return &configs.Config{
		UserAgent: "dossier/1.0 (demo)",
		Network:   configs.Network{AllowPrivate: true, Timeout: 10 * time.Second, MaxBody: 16 << 20},
	}
}

// newFolder makes the folder for the results: the one that was named, which
// must not be there, or the first of dossier-demo, dossier-demo-2, … that is
// free.
func newFolder(dir string) (string, error) {
	if dir != "" {
		if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
			return "", usage(err, "")
		}
		if err := os.Mkdir(dir, 0o755); err != nil {
			return "", usage(err, "name a folder that is not there yet")
		}
		return dir, nil
	}
	for n := 1; ; n++ {
		dir = "dossier-demo"
		if n > 1 {
			dir = fmt.Sprintf("dossier-demo-%d", n)
		}
		err := os.Mkdir(dir, 0o755)
		if err == nil || !errors.Is(err, os.ErrExist) {
			return dir, err
		}
	}
}

// play goes through the demo, a paragraph a step.
func (d *demo) play(ctx context.Context) error {
	fmt.Fprint(d.stdout, "\nThe first crawl:\n\n")
	first, err := d.crawl(ctx)
	if err != nil {
		return err
	}
	if n := sum(first).New; n == 0 {
		return fail(statusFailed, "", "the first crawl archived nothing")
	}
	fmt.Fprint(d.stdout, "\nWhat failed is part of the demo: a page that always answers 500 and one that is cut short.\n\n")
	example, err := d.showSome(ctx)
	if err != nil {
		return err
	}
	if err := d.export(ctx); err != nil {
		return err
	}
	d.site.NextPhase()
	fmt.Fprint(d.stdout, "\nThe second crawl, after one article was changed and another taken away:\n\n")
	second, err := d.crawl(ctx)
	if err != nil {
		return err
	}
	if n := sum(second).New; n > 0 {
		return fail(statusFailed, "", "the second crawl took %s for new", count(n, "article"))
	}
	fmt.Fprint(d.stdout, "\nNothing that was there is stored again.\n")
	d.whatNext(example)
	return nil
}

func (d *demo) crawl(ctx context.Context) ([]siteRun, error) {
	bar := d.newProgress()
	runs := d.crew.all(ctx, d.sites, bar.show)
	bar.done()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	for _, r := range runs {
		if r.err != nil {
			return nil, fmt.Errorf("crawl %s: %w", r.site.ID, r.err)
		}
	}
	printReports(d.stdout, runs)
	return runs, nil
}

// showSome prints the newest record of each site and gives the id of one.
func (d *demo) showSome(ctx context.Context) (id string, err error) {
	fmt.Fprint(d.stdout, "Some of the records:\n")
	for _, site := range d.sites {
		for r, err := range d.crew.archive.Records(ctx, archive.List{Query: archive.Query{Sites: []string{site.ID}}, Newest: true, Limit: 2}) {
			if err != nil {
				return "", err
			}
			id = r.ID
			fmt.Fprintln(d.stdout)
			field(d.stdout, "title", r.Title)
			field(d.stdout, "date", r.Date)
			field(d.stdout, "author", orMissing(r.Author))
			field(d.stdout, "source", orMissing(r.Source))
			field(d.stdout, "body", brief(r.Body))
		}
	}
	return id, nil
}

func (d *demo) export(ctx context.Context) error {
	fmt.Fprintf(d.stdout, "\nIn the folder %s are now:\n\n", d.dir)
	for _, format := range []string{"csv", "json"} {
		name := "records." + format
		records := d.crew.archive.Records(ctx, archive.List{})
		n, err := export.WriteFile(ctx, filepath.Join(d.dir, name), format, records, export.Options{})
		if err != nil {
			return err
		}
		fmt.Fprintf(d.stdout, "  %-13s %s\n", name, count(n, "record"))
	}
	fmt.Fprintf(d.stdout, "  %-13s the archive: records, versions and the pages as fetched\n", "archive.db")
	return nil
}

func (d *demo) whatNext(id string) {
	file := filepath.Join(d.dir, "archive.db")
	fmt.Fprintf(d.stdout, `
Try next:

  dossier list --archive %[1]s
  dossier show %[2]s --archive %[1]s
  dossier export --archive %[1]s --format jsonl --query investment

For a site of your own, put this into dossier.yaml:

  sites:
    - id: mysite
      start: ["https://www.example.org/news/"]

and then: dossier check, dossier crawl, dossier export -o records.csv
`, file, id)
}
