package main

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// noArgs refuses arguments after a command that has none.
var noArgs = takes(0, 0, "no argument")

// takes refuses fewer arguments than least and more than most. What names those
// that there should be.
func takes(least, most int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) > most:
			return fmt.Errorf("%s takes %s; %q is too much", cmd.CommandPath(), what, args[most])
		case len(args) < least:
			return fmt.Errorf("%s takes %s; it is missing", cmd.CommandPath(), what)
		}
		return nil
	}
}

// takesSome refuses to go without an argument.
func takesSome(what string) cobra.PositionalArgs { return takes(1, math.MaxInt, what) }

// flagError words what is wrong with a flag for people.
func flagError(_ *cobra.Command, err error) error {
	invalid := (*pflag.InvalidValueError)(nil)
	if !errors.As(err, &invalid) || !strings.HasPrefix(invalid.GetFlag().Value.Type(), "int") {
		return err
	}
	return fmt.Errorf("--%s=%s is not a whole number", invalid.GetFlag().Name, invalid.GetValue())
}

// misunderstood is the error of a command line that a command refuses before it
// begins.
func misunderstood(cmd *cobra.Command, err error) error {
	if !cmd.HasParent() {
		return usage(err, "`dossier help` lists the commands, `dossier help COMMAND` explains one")
	}
	return usage(err, fmt.Sprintf("`%s --help` explains it", cmd.CommandPath()))
}

// limitOf refuses a limit below none.
func limitOf(n int) error {
	if n < 0 {
		return fail(statusUsage, "0 lists all", "--limit=%d is less than none", n)
	}
	return nil
}

func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Explain a command",
		RunE: func(cmd *cobra.Command, words []string) error {
			about, rest, err := cmd.Root().Find(words)
			if err == nil && len(rest) > 0 {
				err = fmt.Errorf("%s has no command %q", about.CommandPath(), rest[0])
			}
			if err != nil {
				return misunderstood(cmd.Root(), err)
			}
			about.InitDefaultHelpFlag()
			return about.Help()
		},
	}
}
