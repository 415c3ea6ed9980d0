package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/configs"
)

// loadConfig loads the configuration and tells what is odd about it.
func (a *app) loadConfig() (*configs.Config, error) {
	flags := map[string]string{}
	if a.archivePath != "" {
		flags["archive"] = a.archivePath
	}
	c, err := configs.Load(configs.Options{File: a.configFile, Env: a.env, Flags: flags})
	if c != nil {
		for _, w := range c.Warnings {
			a.say("warning: %s", w)
		}
	}
	var problems configs.Problems
	if errors.As(err, &problems) {
		return nil, usage(err, fmt.Sprintf("%d to mend; nothing was done", len(problems)))
	}
	return c, err
}

// configOrNone is the configuration, or an empty one when there is no file.
func (a *app) configOrNone() (*configs.Config, error) {
	c, err := a.config()
	if errors.Is(err, configs.ErrNoFile) {
		err = nil
	}
	return c, err
}

// configWithSites is config for the commands that need a site.
func (a *app) configWithSites() (*configs.Config, error) {
	c, err := a.config()
	if err != nil {
		return nil, err
	}
	if len(c.Sites) == 0 {
		return nil, fail(statusUsage, "write one under `sites:` or as a file in sites_dir; configs/dossier.yaml is an example",
			"%s names no site", c.File)
	}
	return c, nil
}

// chosen gives the sites of the ids, all of them when no id is given.
func chosen(c *configs.Config, ids []string) ([]*dossier.Site, error) {
	if len(ids) == 0 {
		return c.Sites, nil
	}
	var sites []*dossier.Site
	for _, id := range ids {
		site := c.Site(id)
		if site == nil {
			return nil, unknownSite(id, c.IDs(), c.File)
		}
		if !slices.Contains(sites, site) {
			sites = append(sites, site)
		}
	}
	return sites, nil
}

func unknownSite(id string, known []string, where string) error {
	if len(known) == 0 {
		return fail(statusUsage, "", "there is no site %q, nor any other, in %s", id, where)
	}
	return fail(statusUsage, "known are "+strings.Join(known, ", "), "there is no site %q in %s", id, where)
}

// openReader opens the archive for a command that only reads. It works
// without a configuration file.
func (a *app) openReader(ctx context.Context) (*archive.Archive, error) {
	c, err := a.configOrNone()
	if err != nil {
		return nil, err
	}
	ar, err := openUpgraded(ctx, c.Archive)
	return ar, archiveTrouble(err)
}

// openUpgraded opens the archive for reading, and brings an older one up to date
// before.
func openUpgraded(ctx context.Context, path string) (*archive.Archive, error) {
	ar, err := archive.OpenReader(ctx, path)
	if !errors.Is(err, archive.ErrOlder) {
		return ar, err
	}
	if _, err := archive.Upgrade(ctx, path, "dossier"); err != nil {
		return nil, err
	}
	return archive.OpenReader(ctx, path)
}

// openWriter opens the archive for a command that brings something into it, which
// may be the first, and locks it against others. Call done to give both back.
func openWriter(ctx context.Context, path, what string) (_ *archive.Archive, done func() error, err error) {
	return openLocked(ctx, path, what, archive.Options{Create: true})
}

// openToChange is openWriter for a command that works on what is there.
func openToChange(ctx context.Context, path, what string) (_ *archive.Archive, done func() error, err error) {
	return openLocked(ctx, path, what, archive.Options{})
}

func openLocked(ctx context.Context, path, what string, o archive.Options) (_ *archive.Archive, done func() error, err error) {
	if older, err := archive.Upgrade(ctx, path, what); older && err != nil {
		return nil, nil, archiveTrouble(err)
	}
	ar, err := archive.Open(ctx, path, o)
	if err != nil {
		return nil, nil, archiveTrouble(err)
	}
	unlock, err := ar.Lock(what)
	if err != nil {
		return nil, nil, archiveTrouble(errors.Join(err, ar.Close()))
	}
	return ar, func() error { return errors.Join(ar.Close(), unlock()) }, nil
}

// openToLook opens the archive for a command that would write, and only shows
// what.
func openToLook(ctx context.Context, path, _ string) (_ *archive.Archive, done func() error, err error) {
	ar, err := openUpgraded(ctx, path)
	if err != nil {
		return nil, nil, archiveTrouble(err)
	}
	return ar, ar.Close, nil
}

// archiveTrouble marks an error of opening the archive, whatever it is.
func archiveTrouble(err error) error {
	if err == nil {
		return nil
	}
	return &failure{status: statusArchive, err: err}
}

// siteNames completes ids of sites on the command line.
func (a *app) siteNames(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	c, err := configs.Load(configs.Options{File: a.configFile, Env: a.env})
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return c.IDs(), cobra.ShellCompDirectiveNoFileComp
}
