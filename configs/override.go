package configs

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// override puts variables, and above them flags, over the file. Each key of
// the top level, of network and of defaults has a variable: DOSSIER_ARCHIVE,
// DOSSIER_NETWORK_TIMEOUT.
func (l *loader) override(env []string, flags map[string]string) {
	keys := overridable()
	for _, v := range env {
		name, value, _ := strings.Cut(v, "=")
		if !strings.HasPrefix(name, "DOSSIER_") {
			continue
		}
		if key, ok := keys[name]; ok {
			l.put(key, value, name)
			continue
		}
		l.warnings = append(l.warnings, unknownVariable(name, slices.Collect(maps.Keys(keys))))
	}
	for _, key := range slices.Sorted(maps.Keys(flags)) {
		l.put(strings.Split(key, "."), flags[key], "--"+strings.NewReplacer(".", "-", "_", "-").Replace(key))
	}
}

// overridable maps the name of each variable to the path of its key.
func overridable() map[string][]string {
	keys := map[string][]string{}
	for _, top := range properties(definition(wholeSchema, nil)) {
		switch def := definition(wholeSchema, []string{top}); def["type"] {
		case "object":
			for _, sub := range properties(def) {
				keys[variable(top, sub)] = []string{top, sub}
			}
		case "string":
			keys[variable(top)] = []string{top}
		}
	}
	return keys
}

func variable(path ...string) string {
	return "DOSSIER_" + strings.ToUpper(strings.Join(path, "_"))
}

func unknownVariable(name string, known []string) string {
	slices.Sort(known)
	lower := make([]string, len(known))
	for i, k := range known {
		lower[i] = strings.ToLower(k)
	}
	if near := nearest(name, lower); near != "" {
		return fmt.Sprintf("the variable %s means nothing: did you mean %s?", name, strings.ToUpper(near))
	}
	return fmt.Sprintf("the variable %s means nothing: known are %s", name, strings.Join(known, ", "))
}

// put sets a key in the tree. Its value takes the type that the schema wants;
// what cannot is left for the schema to report.
func (l *loader) put(path []string, value, source string) {
	at := Position{Source: source}
	n := l.root
	for _, step := range path[:len(path)-1] {
		if child := n.get(step); child == nil || child.fields == nil {
			n.set(step, at, object(at))
		}
		n = n.get(step)
	}
	n.set(path[len(path)-1], at, &node{pos: at, value: typed(value, definition(wholeSchema, path)["type"])})
}

func typed(value string, want any) any {
	switch want {
	case "boolean":
		if b, err := strconv.ParseBool(value); err == nil {
			return b
		}
	case "integer":
		if i, err := strconv.ParseInt(value, 10, 64); err == nil {
			return i
		}
	}
	return value
}
