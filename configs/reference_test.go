package configs

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/configuration.md anew")

// schemaNode is the part of the JSON Schema that the reference shows.
type schemaNode struct {
	Ref         string `json:"$ref"`
	Type        any
	Default     any
	Description string
	Examples    []any
	Enum        []any
	Properties  map[string]schemaNode
	Items       *schemaNode
	OneOf       []schemaNode
	AnyOf       []schemaNode
	Defs        map[string]schemaNode `json:"$defs"`
}

// keysInOrder are the keys of an object of the schema as the file has them.
func keysInOrder(t *testing.T, raw json.RawMessage) []string {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(string(raw)))
	var keys []string
	depth := 0
	for {
		tok, err := d.Token()
		if err != nil {
			return keys
		}
		switch v := tok.(type) {
		case json.Delim:
			if v == '{' || v == '[' {
				depth++
			} else {
				depth--
			}
		case string:
			if depth == 1 {
				keys = append(keys, v)
				var skip json.RawMessage
				if err := d.Decode(&skip); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// reference writes the keys of an object and of those below it as rows.
func reference(t *testing.T, b *strings.Builder, root, n schemaNode, raw json.RawMessage, prefix string) {
	t.Helper()
	var object struct{ Properties json.RawMessage }
	if err := json.Unmarshal(raw, &object); err != nil {
		t.Fatal(err)
	}
	var children map[string]json.RawMessage
	if err := json.Unmarshal(object.Properties, &children); err != nil {
		t.Fatal(err)
	}
	for _, key := range keysInOrder(t, object.Properties) {
		c := n.Properties[key]
		def := ""
		if c.Default != nil {
			v, err := json.Marshal(c.Default)
			if err != nil {
				t.Fatal(err)
			}
			def = "`" + strings.Trim(string(v), `"`) + "`"
		}
		description := c.Description
		if len(c.Enum) > 0 {
			description += fmt.Sprintf(" One of %v.", c.Enum)
		}
		fmt.Fprintf(b, "| `%s%s` | %s | %s |\n", prefix, key, def, strings.ReplaceAll(description, "|", `\|`))
		if len(c.Properties) > 0 {
			reference(t, b, root, c, children[key], prefix+key+".")
		}
	}
}

// TestReference holds docs/configuration.md to the schema: its tables are
// made from it.
func TestReference(t *testing.T) {
	raw, err := os.ReadFile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var root schemaNode
	var top struct {
		Defs map[string]json.RawMessage `json:"$defs"`
	}
	if err := json.Unmarshal(raw, &root); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &top); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString(`# Configuration

One YAML file, decoded strictly: an unknown key, a wrong type, a pattern that does not compile or a schedule that never
fires is an error that names file, line and column. All errors are reported at once, and nothing runs. Paths are relative to
the file they stand in. ` + "`dossier check`" + ` checks it, ` + "`dossier check --show`" + ` prints what is in force and where it came from.

The file is the one of ` + "`-c`" + `, else ` + "`dossier.yaml`" + `, else ` + "`configs/dossier.yaml`" + `. Keys of the top level, of ` + "`network`" + ` and of
` + "`defaults`" + ` can be overridden by a variable (` + "`DOSSIER_ARCHIVE`, `DOSSIER_NETWORK_TIMEOUT`, `DOSSIER_DEFAULTS_DELAY`" + `), and those by a flag.

Editors that know YAML schemas complete and check it with the line
` + "`# yaml-language-server: $schema=…/configs/schema.json`" + ` at its top. The tables below are made from that schema:
` + "`go test ./configs -run TestReference -update`" + `.

## The file

| key | default | meaning |
| --- | --- | --- |
`)
	reference(t, &b, root, root, raw, "")
	names := make([]string, 0, len(root.Defs))
	for name := range root.Defs {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if len(root.Defs[name].Properties) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| key | default | meaning |\n| --- | --- | --- |\n", name, root.Defs[name].Description)
		reference(t, &b, root, root.Defs[name], top.Defs[name], "")
	}
	const file = "../docs/configuration.md"
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != b.String() {
		t.Errorf("%s is not what the schema says; run go test ./configs -run TestReference -update", file)
	}
}
