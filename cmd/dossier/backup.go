package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dossier-archive/dossier/archive"
)

func (a *app) backupCommand() *cobra.Command {
	var replace bool
	cmd := &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the archive, also while a crawl runs",
		Long: `Write a copy of the archive as it is at this moment. The file appears under its
name when it is complete, on disk and checked.` + statuses(statusOK, statusFailed, statusUsage, statusArchive),
		Example: `  dossier backup /mnt/backup/dossier-$(date +%F).db`,
		Args:    takes(1, 1, "one FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.backup(cmd.Context(), args[0], replace)
		},
	}
	cmd.Flags().BoolVar(&replace, "replace", false, "replace a file that is there")
	return cmd
}

// isNamed refuses the standard output where an archive is to be written.
func isNamed(file string) error {
	if file != "-" {
		return nil
	}
	return fail(statusUsage, "name a file; one that is called so is ./-", "an archive is not written to the standard output")
}

func (a *app) backup(ctx context.Context, file string, replace bool) error {
	if file == "" {
		return fail(statusUsage, "name the file to write", "FILE is empty")
	}
	if err := isNamed(file); err != nil {
		return err
	}
	c, err := a.configOrNone()
	if err != nil {
		return err
	}
	ar, err := archive.OpenAsIs(ctx, c.Archive)
	if err != nil {
		return archiveTrouble(err)
	}
	defer ar.Close()
	if err := a.keepsBeside(file); err != nil {
		return err
	}
	made, err := ar.Backup(ctx, file, replace)
	if errors.Is(err, fs.ErrExist) {
		return usage(err, "--replace replaces it")
	}
	if err != nil {
		return err
	}
	if len(made.Damage) > 0 {
		fmt.Fprintf(a.stderr, "warning: the search index is damaged, in the archive and its copy; `dossier verify --repair` makes it anew: %s\n", strings.Join(made.Damage, "; "))
	}
	a.say("%s in %s, %d bytes", count(made.Records, "record"), file, made.Bytes)
	return nil
}
