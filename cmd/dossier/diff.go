package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
)

func (a *app) diffCommand() *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use:   "diff ID [OLD NEW]",
		Short: "Show what changed between two versions of a record",
		Long: `Show word by word what changed: [-taken out-] and {+put in+}. Without numbers the
two latest versions are compared.` + statuses(statusOK, statusFailed, statusUsage, statusArchive),
		Example: `  dossier diff d4k2m9x7qa
  dossier diff d4k2m9x7qa 1 3`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 && len(args) != 3 {
				return fmt.Errorf("give an id, or an id and two versions")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.diff(cmd.Context(), args[0], args[1:], asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as a JSON object")
	return cmd
}

// versionDiff is a difference as JSON shows it.
type versionDiff struct {
	ID     string              `json:"id"`
	Old    int                 `json:"old"`
	New    int                 `json:"new"`
	Fields []archive.FieldDiff `json:"fields"`
}

func (a *app) diff(ctx context.Context, id string, numbers []string, asJSON bool) error {
	if strings.Contains(id, "@") {
		return fail(statusUsage, "give the versions after the id, as `dossier diff d4k2m9x7qa 1 2`", "%s is a citation of one version", id)
	}
	ar, err := a.openReader(ctx)
	if err != nil {
		return err
	}
	defer ar.Close()
	versions, err := ar.Versions(ctx, id)
	if errors.Is(err, archive.ErrNotFound) {
		return fail(statusFailed, "`dossier list` shows the ids", "no record has the id %s", id)
	}
	if err != nil {
		return err
	}
	// By time: of an import an older version can have a later number.
	slices.SortStableFunc(versions, func(a, b dossier.Version) int { return a.Created.Compare(b.Created) })
	if len(versions) == 1 && len(numbers) == 0 && !asJSON {
		a.say("%s has one version, and nothing to compare it with", id)
		return nil
	}
	older, newer := max(0, len(versions)-2), len(versions)-1
	if len(numbers) == 2 {
		if older, err = versionIndex(versions, numbers[0]); err != nil {
			return err
		}
		if newer, err = versionIndex(versions, numbers[1]); err != nil {
			return err
		}
	}
	changes := archive.Diff(versions[older].Article, versions[newer].Article)
	if asJSON {
		return writeJSON(a.stdout, versionDiff{id, versions[older].Number, versions[newer].Number, append([]archive.FieldDiff{}, changes...)})
	}
	if len(changes) > 0 {
		fmt.Fprintf(a.people, "%s -> %s\n", named(id, versions[older]), named(id, versions[newer]))
	} else {
		a.say("versions %d and %d of %s are the same", versions[older].Number, versions[newer].Number, id)
	}
	for _, c := range changes {
		fmt.Fprintf(a.people, "%s:\n%s\n", c.Field, changeOf(c))
	}
	return nil
}

// named is the citation of a version and its time.
func named(id string, v dossier.Version) string {
	return fmt.Sprintf("%s@%d (%s)", id, v.Number, stamp(v.Created))
}

func versionIndex(versions []dossier.Version, text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, fail(statusUsage, "versions are numbered from 1", "%s is no version", text)
	}
	i := slices.IndexFunc(versions, func(v dossier.Version) bool { return v.Number == n })
	if i < 0 {
		return 0, fail(statusFailed, fmt.Sprintf("there are 1 to %d", len(versions)), "there is no version %d", n)
	}
	return i, nil
}

// changeOf writes what changed in a field. A field that one side does not have is
// told from one that it leaves empty.
func changeOf(f archive.FieldDiff) string {
	if f.Old != nil && f.New != nil {
		return marked(f.Parts)
	}
	return "[-" + orMissing(f.Old) + "-]{+" + orMissing(f.New) + "+}"
}

// marked writes a difference as one text with marks.
func marked(parts []archive.Part) string {
	var b strings.Builder
	for _, p := range parts {
		switch p.Op {
		case archive.Delete:
			b.WriteString("[-" + p.Text + "-]")
		case archive.Insert:
			b.WriteString("{+" + p.Text + "+}")
		default:
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

// Bounds of a change on one line: characters of kept text on each side of what changed, of the
// longest change that stands whole, and changes.
const (
	keptAround  = 24
	mostChanged = 100
	mostChanges = 6
)

// changeBriefly is like changeOf, on one line: text that was kept is shortened
// more than what changed, and what is left out is said.
func changeBriefly(f archive.FieldDiff) string {
	if f.Old == nil || f.New == nil {
		return changeOf(archive.FieldDiff{Old: briefed(f.Old), New: briefed(f.New)})
	}
	changes := 0
	var out []archive.Part
	for i, p := range f.Parts {
		p.Text = oneLine(p.Text)
		switch {
		case p.Op == archive.Equal:
			p.Text = shortened(p.Text, i > 0, i < len(f.Parts)-1)
		case utf8.RuneCountInString(p.Text) > mostChanged:
			p.Text = brief(p.Text)
		}
		if p.Op != archive.Equal {
			changes++
		}
		if changes <= mostChanges {
			out = append(out, p)
		}
	}
	if changes > mostChanges {
		return marked(out) + fmt.Sprintf(" and %d more", changes-mostChanges)
	}
	return marked(out)
}

func briefed(s *string) *string {
	if s == nil {
		return nil
	}
	short := brief(*s)
	return &short
}

// oneLine writes a text on one line, with the blanks at its ends.
func oneLine(s string) string {
	return strings.NewReplacer("\r", "", "\n", " ", "\t", " ").Replace(s)
}

// shortened keeps of a text what stands right behind a change, right before one, or both.
func shortened(s string, behind, before bool) string {
	r := []rune(s)
	if len(r) <= 2*keptAround+1 {
		return s
	}
	var out string
	if behind {
		out = string(r[:keptAround])
	}
	out += "…"
	if before {
		out += string(r[len(r)-keptAround:])
	}
	return out
}
