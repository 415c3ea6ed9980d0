package configs

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// A node is a value of a configuration file with its position.
type node struct {
	pos    Position
	value  any // of a scalar: string, int64, float64, bool or nil
	keys   []string
	fields map[string]field // of an object, else nil
	items  []*node          // of a list
	list   bool
}

type field struct {
	keyPos Position
	node   *node
}

func object(at Position) *node { return &node{pos: at, fields: map[string]field{}} }

func (n *node) get(key string) *node {
	if n == nil {
		return nil
	}
	return n.fields[key].node
}

func (n *node) set(key string, at Position, v *node) {
	if _, ok := n.fields[key]; !ok {
		n.keys = append(n.keys, key)
	}
	n.fields[key] = field{at, v}
}

// plain returns the value as encoding/json would decode it.
func (n *node) plain() any {
	switch {
	case n.fields != nil:
		m := make(map[string]any, len(n.fields))
		for k, f := range n.fields {
			m[k] = f.node.plain()
		}
		return m
	case n.list:
		s := make([]any, len(n.items))
		for i, item := range n.items {
			s[i] = item.plain()
		}
		return s
	}
	return n.value
}

// at follows a path of keys and indexes and returns the node and the position
// of its key. It stops at the last node that is there.
func (n *node) at(path []string) (*node, Position) {
	keyPos := n.pos
	for _, step := range path {
		if f, ok := n.fields[step]; ok {
			n, keyPos = f.node, f.keyPos
			continue
		}
		i, err := strconv.Atoi(step)
		if err != nil || i < 0 || i >= len(n.items) {
			return n, keyPos
		}
		n, keyPos = n.items[i], n.items[i].pos
	}
	return n, keyPos
}

// dotted writes a path for people: sites[0].extract.date.
func dotted(path []string) string {
	var b strings.Builder
	for _, step := range path {
		if _, err := strconv.Atoi(step); err == nil {
			fmt.Fprintf(&b, "[%s]", step)
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(step)
	}
	return b.String()
}

// text is the value of a string, "" of anything else.
func (n *node) text() string {
	if n == nil {
		return ""
	}
	s, _ := n.value.(string)
	return s
}

func (n *node) texts() []string {
	if n == nil {
		return nil
	}
	all := make([]string, len(n.items))
	for i, item := range n.items {
		all[i] = item.text()
	}
	return all
}

func (n *node) integer() int {
	i, _ := n.value.(int64)
	return int(i)
}

// path is the value as a path, relative to the folder of the file that it
// stands in.
func (n *node) path() string {
	p := n.text()
	if n.pos.File == "" || filepath.IsAbs(p) {
		return filepath.Clean(p)
	}
	return filepath.Join(filepath.Dir(n.pos.File), p)
}

// The schema has made sure that the following are well formed.

func (n *node) duration() time.Duration {
	d, _ := time.ParseDuration(n.text())
	return d
}

func (n *node) size() int64 {
	size, _ := parseSize(n.value)
	return size
}

func (n *node) location() *time.Location {
	loc, _ := time.LoadLocation(n.text())
	return loc
}

// String writes a scalar as it is and anything else as JSON.
func (n *node) String() string {
	if s, ok := n.value.(string); ok {
		return s
	}
	b, err := json.Marshal(n.plain())
	if err != nil {
		return err.Error()
	}
	return string(b)
}
