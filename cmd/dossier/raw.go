package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dossier-archive/dossier/archive"
)

func (a *app) rawCommand() *cobra.Command {
	var version, part int
	var headers bool
	cmd := &cobra.Command{
		Use:   "raw ID",
		Short: "Give back the page that a record was read from",
		Long: `Write the page as it was fetched to the standard output, byte by byte, before any
decoding of its characters. --headers gives status line and headers as the server
sent them, CR LF and the empty line included; of pages that an older dossier
fetched the names are in canonical case and sorted. On a terminal, characters that
would steer it are shown as U+FFFD. The text of some articles stands in several pages,
or in a frame: --part 2 gives the second of those that "dossier show" names.` + statuses(statusOK, statusFailed, statusUsage, statusArchive),
		Example: `  dossier raw d4k2m9x7qa > page.html
  dossier raw d4k2m9x7qa@1 --headers`,
		Args: takes(1, 1, "one ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, version, err := cited(args[0], version)
			if err != nil {
				return err
			}
			return a.raw(cmd.Context(), id, version, part, headers)
		},
	}
	cmd.Flags().IntVar(&version, "version", 0, "of this version `N`; 0 is the current one")
	cmd.Flags().IntVar(&part, "part", 1, "of a text in several pages, page `N`")
	cmd.Flags().BoolVar(&headers, "headers", false, "the status line and the headers instead")
	return cmd
}

// noPage says whether the record, its version or only the page is missing.
func (a *app) noPage(ctx context.Context, ar *archive.Archive, id string, version int) error {
	versions, err := ar.Versions(ctx, id)
	switch {
	case errors.Is(err, archive.ErrNotFound):
		return fail(statusFailed, "`dossier list` shows the ids", "no record has the id %s", id)
	case err != nil:
		return err
	case version > len(versions):
		return fail(statusFailed, fmt.Sprintf("there are 1 to %d", len(versions)), "%s has no version %d", id, version)
	}
	if version == 0 {
		version = len(versions)
	}
	doubt, err := ar.Doubt(ctx, id, version)
	if err != nil {
		return err
	}
	if strings.Contains(doubt, archive.LostPage) {
		return fail(statusFailed, "a backup may have it", "the page of %s@%d is lost: the archive was damaged", id, version)
	}
	return fail(statusFailed, "`dossier prune` may have removed it", "no page is kept of %s in this version", id)
}

func (a *app) raw(ctx context.Context, id string, version, part int, headers bool) error {
	ar, err := a.openReader(ctx)
	if err != nil {
		return err
	}
	defer ar.Close()
	s, err := ar.Snapshot(ctx, id, version)
	if errors.Is(err, archive.ErrNotFound) {
		return a.noPage(ctx, ar, id, version)
	}
	if err != nil {
		return err
	}
	if part < 1 || part > len(s.Parts)+1 {
		return fail(statusUsage, fmt.Sprintf("its text stands in %s", count(len(s.Parts)+1, "page")), "--part %d: there is no such page of %s", part, id)
	}
	if part > 1 {
		s = s.Parts[part-2]
	}
	if !headers {
		_, err := a.stdout.Write(s.Body)
		return err
	}
	out := a.stdout
	if a.terminal {
		out = a.people
	}
	if s.Head != nil {
		_, err := out.Write(s.Head)
		return err
	}
	fmt.Fprintf(out, "%s %d\n", s.Proto, s.Status)
	var names []string
	for name := range s.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, v := range s.Header[name] {
			fmt.Fprintf(out, "%s: %s\n", name, v)
		}
	}
	return nil
}
