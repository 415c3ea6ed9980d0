package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/archive/export"
)

func (a *app) showCommand() *cobra.Command {
	var asJSON bool
	var version int
	var format string
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Show one record with all its addresses",
		Long: `Show one record: its fields, its versions, the other addresses under which the same
article stands, other names that are those of records of their own now, the records with a
similar text (each with the share of the word groups that both have), and the text. A citation ID@N, or --version N, gives the
text of that version for ever. --format gives the record as a document with where it
comes from and how to cite it.` + statuses(statusOK, statusFailed, statusUsage, statusArchive),
		Example: `  dossier list
  dossier show d4k2m9x7qa
  dossier show d4k2m9x7qa@1
  dossier show d4k2m9x7qa --json | jq .evidence
  dossier show d4k2m9x7qa@1 --format html > cited.html`,
		Args: takes(1, 1, "one ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, version, err := cited(args[0], version)
			if err != nil {
				return err
			}
			switch {
			case format != "" && !slices.Contains(documents, format):
				return fail(statusUsage, "`dossier export` writes the others", "--format=%s is no document; there are %s", format, strings.Join(documents, " and "))
			case format != "" && asJSON:
				return fail(statusUsage, "leave one of them out", "--format and --json are two forms")
			}
			return a.show(cmd.Context(), id, version, format, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as a JSON object, with evidence")
	cmd.Flags().IntVar(&version, "version", 0, "this version `N`; 0 is the current one")
	cmd.Flags().StringVarP(&format, "format", "f", "", "as a document: "+strings.Join(documents, ", "))
	cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(documents, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// documents are the formats of one record for people to read.
var documents = []string{"markdown", "html"}

// cited reads the id or the citation of an argument, and the version that a flag
// names beside it, 0 for none.
func cited(arg string, flag int) (id string, version int, err error) {
	id, version, err = archive.ParseCitation(arg)
	switch {
	case err != nil:
		return "", 0, usage(err, "a citation is an id, @ and a version, as d4k2m9x7qa@1")
	case flag < 0:
		return "", 0, fail(statusUsage, "0 is the current one, 1 the first", "--version=%d is no version", flag)
	case flag != 0 && version != 0 && flag != version:
		return "", 0, fail(statusUsage, "leave one of them out", "%s and --version=%d are two versions", arg, flag)
	}
	return id, max(version, flag), nil
}

func (a *app) show(ctx context.Context, id string, version int, format string, asJSON bool) error {
	ar, err := a.openReader(ctx)
	if err != nil {
		return err
	}
	defer ar.Close()
	r, err := ar.Record(ctx, id)
	if errors.Is(err, archive.ErrNotFound) {
		return fail(statusFailed, "`dossier list` shows the ids", "no record has the id %s", id)
	}
	if err != nil {
		return err
	}
	shown := shownRecord{Record: r}
	if shown.versions, err = ar.Versions(ctx, id); err != nil {
		return err
	}
	if shown.similar, err = ar.Similar(ctx, id); err != nil {
		return err
	}
	if shown.partings, err = ar.Partings(ctx, id); err != nil {
		return err
	}
	if version != 0 {
		v, err := ar.Version(ctx, id, version)
		if errors.Is(err, archive.ErrNotFound) {
			return fail(statusFailed, "", "%w", err)
		}
		if err != nil {
			return err
		}
		shown.Article, shown.Version, shown.SHA256 = v.Article, v.Number, v.SHA256
	}
	if archive.ContentDigest(shown.Article) != shown.SHA256 {
		fmt.Fprintf(a.stderr, "dossier: %s@%d is not as it was archived: its digest is not that of its text; `dossier verify` says more\n", id, shown.Version)
	}
	if shown.doubt, err = ar.Doubt(ctx, id, shown.Version); err != nil {
		return err
	}
	switch {
	case format != "":
		one := func(yield func(dossier.Record, error) bool) { yield(shown.Record, nil) }
		facts := shown.ofVersion()
		_, err := export.Write(ctx, a.stdout, format, one, export.Options{Facts: facts, Warn: func(text string) { a.say("warning: %s", text) }})
		return err
	case asJSON:
		return writeRecordJSON(a.stdout, shown)
	}
	return printRecord(a.people, shown)
}

// shownRecord is a record, in one of its versions, with what belongs to it.
type shownRecord struct {
	dossier.Record
	versions []dossier.Version // all
	similar  []dossier.Similar
	partings []archive.Parting
	doubt    string
}

// ofVersion says of the version that is shown where it comes from and what took its place. When
// that is the case, what the record was seen as last is another text, and is left out.
func (r *shownRecord) ofVersion() [][2]string {
	var facts [][2]string
	for i, v := range r.versions {
		if v.Number != r.Version {
			continue
		}
		facts = append(facts, [2]string{"Version", fmt.Sprintf("%d of %s, %s", v.Number, stamp(v.Created), origins[v.Origin])})
		if i+1 < len(r.versions) {
			next := r.versions[i+1]
			facts = append(facts, [2]string{"Replaced", fmt.Sprintf("by version %d of %s, %s", next.Number, stamp(next.Created), origins[next.Origin])})
			r.LastSeen = time.Time{}
		}
	}
	return facts
}

// origins are what people call the origins of versions.
var origins = map[string]string{"crawl": "as crawled", "reread": "from reading the stored page again", "import": "imported"}

// printRecord prints a record for people.
func printRecord(to io.Writer, r shownRecord) error {
	w := bufio.NewWriter(to)
	field(w, "title", r.Title)
	field(w, "date", r.Date)
	for _, f := range []struct {
		label string
		value *string
	}{{"author", r.Author}, {"source", r.Source}} {
		if f.value != nil {
			field(w, f.label, orMissing(f.value))
		}
	}
	field(w, "id", fmt.Sprintf("%s, version %d", r.ID, r.Version))
	for _, v := range r.versions {
		if len(r.versions) > 1 || v.Origin != "crawl" {
			field(w, "version", fmt.Sprintf("%d of %s, %s", v.Number, stamp(v.Created), origins[v.Origin]))
		}
	}
	field(w, "site", r.Site)
	field(w, "url", r.URL)
	for _, al := range r.Aliases {
		field(w, "also", fmt.Sprintf("%s (%s)", al.URL, al.Reason))
	}
	for _, p := range r.partings {
		if p.Original == r.ID {
			field(w, "parted", fmt.Sprintf("%s (%s from %s to %s), now %s", p.URL, p.Reason, stamp(p.FirstSeen), stamp(p.LastSeen), p.Record))
		} else {
			field(w, "parted", fmt.Sprintf("from %s (%s from %s to %s)", p.Original, p.Reason, stamp(p.FirstSeen), stamp(p.LastSeen)))
		}
	}
	for _, o := range r.similar {
		field(w, "similar", fmt.Sprintf("%s (%.2f) %s, %s", o.ID, o.Score, o.Title, o.URL))
	}
	for _, at := range r.Attachments {
		field(w, "attached", at.URL)
	}
	for i, part := range r.Parts {
		field(w, fmt.Sprintf("part %d", i+2), part)
	}
	if r.Continued != "" {
		field(w, "goes on", r.Continued+" (not archived: the body ends before it)")
	}
	field(w, "language", r.Language)
	field(w, "seen", stamp(r.FirstSeen)+" to "+stamp(r.LastSeen))
	if !r.Gone.IsZero() {
		field(w, "gone", stamp(r.Gone))
	}
	field(w, "sha256", r.SHA256)
	for _, doubt := range strings.Split(r.doubt, "; ") {
		switch doubt {
		case "":
		case archive.LostPage:
			field(w, "lost", "its page, by damage of the archive")
		default:
			field(w, "doubtful", doubt)
		}
	}
	fmt.Fprintf(w, "\n%s\n", r.Body)
	return w.Flush()
}

// A versionLine is a version without its content.
type versionLine struct {
	Version int       `json:"version"`
	Created time.Time `json:"created"`
	Origin  string    `json:"origin"` // crawl, reread or import
	SHA256  string    `json:"sha256"`
}

// writeRecordJSON writes a record with what export leaves out.
func writeRecordJSON(w io.Writer, r shownRecord) error {
	versions := make([]versionLine, len(r.versions))
	for i, v := range r.versions {
		versions[i] = versionLine{v.Number, v.Created, v.Origin, v.SHA256}
	}
	return writeJSON(w, struct {
		ID   string `json:"id"`
		Site string `json:"site"`
		URL  string `json:"url"`
		dossier.Article
		FirstSeen time.Time         `json:"first_seen"`
		LastSeen  time.Time         `json:"last_seen"`
		Gone      time.Time         `json:"gone,omitzero"`
		Version   int               `json:"version"`
		SHA256    string            `json:"sha256"`
		Aliases   []dossier.Alias   `json:"aliases"`
		Parted    []archive.Parting `json:"parted"` // other names that are those of other records now
		Versions  []versionLine     `json:"versions"`
		Similar   []dossier.Similar `json:"similar"`
		Doubt     string            `json:"doubt,omitempty"` // why what stands beside the text is not to be relied on
	}{r.ID, r.Site, r.URL, r.Article, r.FirstSeen, r.LastSeen, r.Gone, r.Version, r.SHA256, r.Aliases, r.partings, versions, r.similar, r.doubt})
}
