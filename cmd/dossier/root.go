package main

import (
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"time"

	"github.com/lmittmann/tint"
	"github.com/spf13/cobra"
)

func (a *app) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "dossier",
		Short: "Keep a citable archive of what investment-promotion sites publish",
		Long: `dossier fetches the list pages, feeds and sitemaps of sites, follows them to
articles, reads title, date, author, source and body, and keeps the page as
fetched together with what was read from it in one archive file.`,
		Example: `  dossier demo                       see it work, without a network
  dossier check                      is the configuration right?
  dossier crawl                      one run of every site
  dossier export -o records.csv      what is in the archive`,
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRun: func(*cobra.Command, []string) {
			a.started = true
		},
	}
	flags := root.PersistentFlags()
	flags.StringVarP(&a.configFile, "config", "c", "", "configuration `FILE` (default dossier.yaml, then configs/dossier.yaml)")
	flags.StringVar(&a.archivePath, "archive", "", "archive `FILE`, instead of the one of the configuration")
	flags.BoolVarP(&a.quiet, "quiet", "q", false, "say nothing when all is well")
	flags.BoolVarP(&a.verbose, "verbose", "v", false, "log each page")
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(helpCommand())
	root.AddCommand(
		a.demoCommand(),
		a.crawlCommand(),
		a.runCommand(),
		a.extractCommand(),
		a.listCommand(),
		a.showCommand(),
		a.searchCommand(),
		a.diffCommand(),
		a.rawCommand(),
		a.exportCommand(),
		a.runsCommand(),
		a.whyCommand(),
		a.backupCommand(),
		a.verifyCommand(),
		a.replayCommand(),
		a.importCommand(),
		a.pruneCommand(),
		a.checkCommand(),
		a.versionCommand(),
	)
	return root
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of this program",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(a.stdout, "dossier", version())
			return err
		},
	}
}

// version is what the build knows of itself.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(unknown version)"
	}
	return info.Main.Version
}

// statuses words the exit statuses of a command for its help.
func statuses(all ...int) string {
	var b strings.Builder
	b.WriteString("\n\nExit status:\n")
	for _, s := range all {
		fmt.Fprintf(&b, "  %-4d %s\n", s, meanings[s])
	}
	return strings.TrimRight(b.String(), "\n")
}

// logger writes to stderr: lines for people on a terminal, JSON elsewhere.
// Level is the least that is written unless a flag says otherwise.
func (a *app) logger(level slog.Level) *slog.Logger {
	switch {
	case a.verbose:
		level = slog.LevelDebug
	case a.quiet:
		level = slog.LevelError
	}
	if isTerminal(a.stderr) {
		return slog.New(tint.NewTextHandler(a.stderr, &tint.Options{Level: level, TimeFormat: time.TimeOnly}))
	}
	return slog.New(slog.NewJSONHandler(a.stderr, &slog.HandlerOptions{Level: level}))
}

// say writes a sentence for people, unless they asked for silence.
func (a *app) say(format string, args ...any) {
	if !a.quiet {
		fmt.Fprintln(a.stderr, inert(fmt.Sprintf(format, args...)))
	}
}
