package configs

import (
	"regexp"

	"github.com/dossier-archive/dossier"
)

// makeSite makes a site of a tree that has been checked and filled.
func makeSite(n *node) *dossier.Site {
	zone := n.get("timezone").location()
	s := &dossier.Site{
		ID:       n.get("id").text(),
		Name:     n.get("name").text(),
		Start:    n.get("start").texts(),
		Follow:   patterns(n.get("follow")),
		Articles: patterns(n.get("articles")),
		Exclude:  patterns(n.get("exclude")),
		Delay:    n.get("delay").duration(),
		Parallel: n.get("parallel").integer(),
		MaxPages: n.get("max_pages").integer(),
		Timezone: zone,
		Schedule: n.get("schedule").text(),
		Robots:   dossier.RobotsPolicy(n.get("robots").text()),
	}
	if s.Name == "" {
		s.Name = s.ID
	}
	x := n.get("extract")
	s.Rules = dossier.Rules{
		Title:    rule(x.get("title")),
		Date:     rule(x.get("date")),
		Author:   rule(x.get("author")),
		Source:   rule(x.get("source")),
		Body:     rule(x.get("body")),
		Remove:   x.get("remove").texts(),
		Timezone: zone,
	}
	return s
}

func patterns(n *node) []*regexp.Regexp {
	var all []*regexp.Regexp
	for _, p := range n.texts() {
		all = append(all, regexp.MustCompile(p)) // the schema has compiled it
	}
	return all
}

// rule reads the short form, a selector, or the long one.
func rule(n *node) dossier.FieldRule {
	if n == nil || n.fields == nil {
		return dossier.FieldRule{Selector: n.text()}
	}
	r := dossier.FieldRule{Selector: n.get("selector").text(), Layout: n.get("layout").text()}
	if m := n.get("match").text(); m != "" {
		r.Match = regexp.MustCompile(m)
	}
	return r
}

// values lists what is in force, the keys of sites under their ids.
func values(root *node, sites []*node) []Value {
	var all []Value
	for _, key := range root.keys {
		if key != "sites" {
			all = flatten(all, key, root.get(key))
		}
	}
	for _, s := range sites {
		for _, key := range s.keys {
			if key != "id" {
				all = flatten(all, "sites."+s.get("id").text()+"."+key, s.get(key))
			}
		}
	}
	return all
}

func flatten(to []Value, key string, n *node) []Value {
	if n.fields == nil {
		return append(to, Value{Key: key, Value: n.String(), From: n.pos.String()})
	}
	for _, k := range n.keys {
		to = flatten(to, key+"."+k, n.get(k))
	}
	return to
}
