package configs

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// A Position is where a value was written.
type Position struct {
	File      string
	Line, Col int
	Source    string // instead of a file: a variable, a flag, "default"
}

func (p Position) String() string {
	switch {
	case p.Source != "":
		return p.Source
	case p.Line == 0:
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// A Problem is one thing that is wrong with a configuration.
type Problem struct {
	At   Position
	Key  string // dotted path, "" for the file as a whole
	What string
	Mend string // what to do about it
}

func (p Problem) String() string {
	parts := []string{p.At.String()}
	if p.Key != "" {
		parts = append(parts, p.Key)
	}
	return strings.Join(append(parts, p.What+"; "+p.Mend), ": ")
}

// Problems are all that is wrong with a configuration.
type Problems []Problem

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

func (ps *Problems) add(at Position, key, what, mend string) {
	*ps = append(*ps, Problem{at, key, what, mend})
}

// sorted returns the problems in the order of the files, each once.
func (ps Problems) sorted() Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.At.File, b.At.File), a.At.Line-b.At.Line, a.At.Col-b.At.Col)
	})
	return slices.Compact(ps)
}

// cause is the error without the path, which the position says already.
func cause(err error) string {
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		err = pe.Err
	}
	return err.Error()
}
