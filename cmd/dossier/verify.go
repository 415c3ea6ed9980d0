package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/crawler"
)

func (a *app) verifyCommand() *cobra.Command {
	var repair, asJSON bool
	var salvage string
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Check the digests of pages, versions and observations, and the search index",
		Long: `Compare the database, every value with its column, every stored page, version and
observation with its digest, and the search index with the records; say what is
damaged and which records it affects. --repair rebuilds what can be rebuilt: the
indexes, versions from their pages, addresses, and observations as far as their
digests tell; the rest of these it marks as doubtful. A version that comes from reading a page again is marked
unless it is proven to be the same. When parts of the file itself cannot be read,
--salvage copies what can into a new archive and leaves the damaged one as it is;
it ends with 4 when something is lost, or some of what it copied is damaged.` + statuses(statusOK, statusGate, statusUsage, statusArchive, statusLocked),
		Example: `  dossier verify
  dossier verify --repair
  dossier verify --salvage rescued.db`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch given := cmd.Flags().Changed("salvage"); {
			case given && repair:
				return fail(statusUsage, "a salvage leaves the archive as it is; leave one of the two out", "--repair and --salvage exclude each other")
			case given && salvage == "":
				return fail(statusUsage, "name the file of the new archive", "--salvage is empty")
			case given:
				return a.salvage(cmd.Context(), salvage, asJSON)
			}
			return a.verify(cmd.Context(), repair, asJSON)
		},
	}
	cmd.Flags().BoolVar(&repair, "repair", false, "rebuild what can be rebuilt")
	cmd.Flags().StringVar(&salvage, "salvage", "", "copy what can be read into a new archive, `FILE`")
	cmd.Flags().BoolVar(&asJSON, "json", false, "as a JSON object")
	return cmd
}

func (a *app) verify(ctx context.Context, repair, asJSON bool) (err error) {
	c, err := a.configOrNone()
	if err != nil {
		return err
	}
	var ar *archive.Archive
	if repair {
		var done func() error
		if ar, done, err = openLocked(ctx, c.Archive, "dossier verify --repair", archive.Options{Repair: true}); err != nil {
			return unopened(err)
		}
		defer func() { err = errors.Join(err, done()) }()
	} else {
		if ar, err = a.openReader(ctx); err != nil {
			return unopened(err)
		}
		defer ar.Close()
	}
	pages := newReader(c, ar)
	v, err := ar.Verify(ctx, repair, pages.besideOthers, pages.alone)
	if err != nil {
		return unopened(err)
	}
	if !v.Ended {
		addresses, err := ar.VerifyAddresses(ctx, repair, func(address string) (string, string, error) {
			at, err := crawler.ParseAddress("", address)
			return at.URL, at.Key, err
		})
		if err != nil {
			return err
		}
		v.Damage = append(v.Damage, addresses...)
	}
	if asJSON {
		if err := writeJSON(a.stdout, v); err != nil {
			return err
		}
	} else {
		printVerification(a, v)
	}
	if !v.Whole() {
		return fail(statusGate, "--repair rebuilds what can be rebuilt; of a file that cannot be read, --salvage FILE copies the rest; else go back to a backup", "the archive is damaged")
	}
	return nil
}

// unopened says what is left to do about an archive that verify itself cannot read.
func unopened(err error) error {
	switch {
	case errors.Is(err, archive.ErrDamaged) && !errors.Is(err, archive.ErrIndex):
		return fail(statusArchive, "`dossier verify --salvage FILE` copies what can still be read into a new archive; else go back to the last backup", "%w", err)
	case errors.Is(err, archive.ErrNotArchive):
		return fail(statusArchive, "name another file with --archive, or the key `archive` of the configuration; if it was one, `dossier verify --salvage FILE` copies what can still be read", "%w", err)
	}
	return err
}

func printVerification(a *app, v archive.Verification) {
	for _, d := range v.Damage {
		state := "damaged"
		if d.Repaired {
			state = "repaired"
		}
		what := d.What
		if !strings.HasPrefix(what, d.Kind+" ") {
			what = d.Kind + " " + what
		}
		fmt.Fprintf(a.people, "%s: %s: %s", state, what, strings.TrimPrefix(d.Detail, d.What+": "))
		if len(d.Affects) > 0 {
			fmt.Fprintf(a.people, " (affects %s)", strings.Join(d.Affects, ", "))
		}
		fmt.Fprintln(a.people)
	}
	if !a.quiet {
		fmt.Fprintf(a.people, "%s, %s and %s verified\n", count(v.Records, "record"), count(v.Versions, "version"), count(v.Pages, "page"))
	}
}

// salvage copies what can be read of a damaged archive.
func (a *app) salvage(ctx context.Context, file string, asJSON bool) error {
	if err := isNamed(file); err != nil {
		return err
	}
	c, err := a.configOrNone()
	if err != nil {
		return err
	}
	ar, err := archive.OpenDamaged(ctx, c.Archive, filepath.Dir(file))
	if errors.Is(err, archive.ErrDamaged) {
		return fail(statusArchive, "go back to the last backup", "nothing can be saved: %w", err)
	}
	if err != nil {
		return archiveTrouble(err)
	}
	defer ar.Close()
	if err := a.keepsBeside(file); err != nil {
		return err
	}
	pages := newReader(c, ar)
	got, err := ar.Salvage(ctx, file, pages.besideOthers, pages.alone)
	if errors.Is(err, fs.ErrExist) {
		return usage(err, "")
	}
	if err != nil {
		return err
	}
	if asJSON {
		if err := writeJSON(a.stdout, got); err != nil {
			return err
		}
	}
	if got.Records == 0 {
		lost := ""
		if len(got.Lost) > 0 {
			lost = ": lost are " + strings.Join(got.Lost, "; ")
		}
		return fail(statusGate, "go back to a backup; "+file+" holds what else could be read", "no record could be saved%s", lost)
	}
	if !asJSON {
		printSalvaged(a, got, file)
	}
	if err := salvageFailure(got, file); err != nil {
		return err
	}
	if !asJSON {
		a.say("look at it with `dossier verify --archive %s` before it takes the place of the damaged one", file)
	}
	return nil
}

// salvageFailure is the error that a salvage ends with, nil when everything was copied
// as it was stored.
func salvageFailure(got archive.Salvaged, file string) error {
	damaged := ""
	if n := len(got.Damage); n > 0 {
		damaged = fmt.Sprintf("%s in %s, copied from the damaged archive", count(n, "damaged thing"), file)
	}
	mend := "`dossier verify --repair --archive " + file + "` mends what can be mended, and names the rest"
	switch {
	case len(got.Lost) > 0 && damaged != "":
		return fail(statusGate, mend+"; a backup may have what is lost", "%s lacks %s; %s", file, strings.Join(got.Lost, "; "), damaged)
	case len(got.Lost) > 0:
		return fail(statusGate, "a backup may have what is lost; look at the copy with `dossier verify --archive "+file+"`", "%s lacks %s", file, strings.Join(got.Lost, "; "))
	case damaged != "":
		return fail(statusGate, mend, "%s", damaged)
	}
	return nil
}

func printSalvaged(a *app, got archive.Salvaged, file string) {
	for _, kind := range []string{archive.DamagedRecord, archive.DamagedVersion, archive.DamagedPage, archive.DamagedObservation, archive.DamagedFile} {
		n := 0
		for _, d := range got.Damage {
			if d.Kind == kind {
				n++
			}
		}
		if n > 0 {
			fmt.Fprintf(a.people, "damaged: %s, copied as it stands\n", count(n, kind))
		}
	}
	fmt.Fprintf(a.people, "%s, %s and %s are in %s\n", count(got.Records, "record"), count(got.Versions, "version"), count(got.Pages, "page"), file)
}
