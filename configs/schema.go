package configs

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// Schema is the JSON Schema of the configuration; #/$defs/site is the schema
// of a file of sites_dir.
//
//go:embed schema.json
var Schema []byte

const schemaURL = "file:///schema.json"

// A schema is one part of schema.json, compiled and as data.
type schema struct {
	validator *jsonschema.Schema
	data      map[string]any
}

type schemaName string

const (
	wholeSchema schemaName = ""
	siteSchema  schemaName = "#/$defs/site"
)

// schemas are compiled when first needed. That they compile is tested.
var schemas = sync.OnceValue(func() map[schemaName]schema {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema))
	if err != nil {
		panic(fmt.Sprintf("schema.json: %v", err))
	}
	c := jsonschema.NewCompiler()
	for name, check := range formats {
		c.RegisterFormat(&jsonschema.Format{Name: name, Validate: check})
	}
	c.AssertFormat()
	if err := c.AddResource(schemaURL, doc); err != nil {
		panic(fmt.Sprintf("schema.json: %v", err))
	}
	whole := doc.(map[string]any)
	defs := whole["$defs"].(map[string]any)
	return map[schemaName]schema{
		wholeSchema: {c.MustCompile(schemaURL), whole},
		siteSchema:  {c.MustCompile(schemaURL + string(siteSchema)), defs["site"].(map[string]any)},
	}
})

// definition returns the part of the schema that a path of keys and indexes
// leads to, references resolved; nil when there is none.
func definition(name schemaName, path []string) map[string]any {
	at := schemas()[name].data
	for _, step := range path {
		props, _ := at["properties"].(map[string]any)
		next, _ := props[step].(map[string]any)
		if _, err := strconv.Atoi(step); err == nil {
			next, _ = at["items"].(map[string]any)
		}
		if next == nil {
			return nil
		}
		at = resolve(next)
	}
	return at
}

// resolve puts what $ref names below the keys that stand beside it.
func resolve(s map[string]any) map[string]any {
	ref, ok := s["$ref"].(string)
	if !ok {
		return s
	}
	defs := schemas()[wholeSchema].data["$defs"].(map[string]any)
	merged := maps.Clone(defs[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any))
	maps.Copy(merged, s)
	return merged
}

// properties lists the keys of an object, sorted.
func properties(s map[string]any) []string {
	p, _ := s["properties"].(map[string]any)
	return slices.Sorted(maps.Keys(p))
}

// validate reports all that the schema finds wrong in a tree.
func validate(n *node, name schemaName) Problems {
	var failed *jsonschema.ValidationError
	if err := schemas()[name].validator.Validate(n.plain()); !errors.As(err, &failed) {
		return nil
	}
	var ps Problems
	v := violations{root: n, schema: name, problems: &ps}
	v.walk(failed)
	return ps
}

// violations turns what the validator says into problems.
type violations struct {
	root     *node
	schema   schemaName
	problems *Problems
}

func (v violations) walk(e *jsonschema.ValidationError) {
	for _, c := range e.Causes {
		v.walk(c)
	}
	if len(e.Causes) == 0 {
		v.explain(e)
	}
}

func (v violations) explain(e *jsonschema.ValidationError) {
	path := e.InstanceLocation
	n, _ := v.root.at(path)
	def := definition(v.schema, path)
	key, mend := dotted(path), "write for example "+example(path, def)
	add := func(what, mend string) { v.problems.add(n.pos, key, what, mend) }
	switch k := e.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		v.unknown(path, k.Properties, properties(def))
	case *kind.Required:
		for _, missing := range k.Missing {
			sub := append(slices.Clone(path), missing)
			v.problems.add(n.pos, dotted(sub), "is missing", "write for example "+example(sub, definition(v.schema, sub)))
		}
	case *kind.Type:
		add(typeProblem(k), mend)
	case *kind.Format:
		add(k.Err.Error(), mend)
	case *kind.Enum:
		add(fmt.Sprintf("%v is not known", k.Got), fmt.Sprintf("write one of %s", list(k.Want)))
	case *kind.Minimum:
		add(fmt.Sprintf("%s is too small", n), "the least is "+k.Want.RatString())
	case *kind.Maximum:
		add(fmt.Sprintf("%s is too large", n), "the most is "+k.Want.RatString())
	case *kind.MinItems, *kind.MinProperties:
		add("is empty", mend)
	default:
		add(e.Error(), mend)
	}
}

// unknown reports keys that the schema does not have.
func (v violations) unknown(path, keys, known []string) {
	for _, k := range keys {
		sub := append(slices.Clone(path), k)
		_, at := v.root.at(sub)
		mend := "known are " + strings.Join(known, ", ")
		if near := nearest(k, known); near != "" {
			mend = fmt.Sprintf("did you mean %s?", near)
		}
		v.problems.add(at, dotted(sub), "is not a known key", mend)
	}
}

func typeProblem(k *kind.Type) string {
	names := map[string]string{
		"string": "text", "integer": "a whole number", "number": "a number", "boolean": "true or false",
		"array": "a list", "object": "a group of keys", "null": "empty",
	}
	want := make([]string, len(k.Want))
	for i, w := range k.Want {
		want[i] = names[w]
	}
	return fmt.Sprintf("is %s, not %s", names[k.Got], strings.Join(want, " or "))
}

// example writes a key with a value that is right.
func example(path []string, def map[string]any) string {
	key := ""
	for _, step := range path {
		if _, err := strconv.Atoi(step); err != nil {
			key = step + ": "
		}
	}
	value := def["default"]
	if ex, _ := def["examples"].([]any); len(ex) > 0 {
		value = ex[0]
	}
	if len(path) > 0 && strings.Trim(path[len(path)-1], "0123456789") == "" {
		key = "- "
	}
	return "`" + key + asText(value) + "`"
}

// asText writes a value of the schema in YAML's flow style.
func asText(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err.Error()
	}
	return strings.TrimSpace(b.String())
}

func list(values []any) string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = fmt.Sprint(v)
	}
	return strings.Join(all, ", ")
}

// fill adds the defaults of the schema for what is not written.
func fill(n *node, name schemaName) { fillFrom(n, schemas()[name].data) }

func fillFrom(n *node, def map[string]any) {
	byDefault := Position{Source: "default"}
	for _, key := range properties(def) {
		p := resolve(def["properties"].(map[string]any)[key].(map[string]any))
		value, has := p["default"]
		switch {
		case n.get(key) != nil:
		case has:
			n.set(key, byDefault, &node{pos: byDefault, value: scalarOf(value)})
		case key == "network" || key == "defaults":
			n.set(key, byDefault, object(byDefault))
		}
		if child := n.get(key); child != nil && child.fields != nil && key != "extract" {
			fillFrom(child, p)
		}
	}
}

// scalarOf makes a value of the schema one of a tree.
func scalarOf(v any) any {
	if number, ok := v.(json.Number); ok {
		i, _ := number.Int64()
		return i
	}
	return v
}

// inherit gives a site what defaults says and the site does not.
func inherit(site, defaults *node) {
	for _, key := range defaults.keys {
		if site.get(key) == nil {
			site.set(key, defaults.fields[key].keyPos, defaults.get(key))
		}
	}
}
