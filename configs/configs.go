// Package configs loads and checks the configuration, and holds its schema and
// an example.
//
// Loading goes in these steps, and every problem of every step is reported:
//
//	files -> tree with positions -> environment and flags -> schema -> sites
//
// The schema in schema.json is the one source of what may be written: it
// validates here, completes in editors and makes docs/configuration.md.
package configs

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/dossier-archive/dossier"
)

// A Config is the configuration in force.
type Config struct {
	File      string // that was read, "" when there is none
	Archive   string // path of the archive
	UserAgent string
	Network   Network
	Timezone  *time.Location // of defaults
	Delay     time.Duration  // of defaults
	Sites     []*dossier.Site
	Warnings  []string // what is allowed and yet probably not meant
	Values    []Value  // each value in force, for people
}

// Network is what holds for every request.
type Network struct {
	AllowPrivate bool
	Timeout      time.Duration
	MaxBody      int64 // bytes after decoding
}

// A Value is one value in force and where it came from.
type Value struct {
	Key   string `json:"key"`
	Value string `json:"value"`
	From  string `json:"from"` // file:line:col, a variable, a flag, or "default"
}

// Options say where the configuration is.
type Options struct {
	File  string            // "": the first of Files that is there
	Env   []string          // as of os.Environ; variables DOSSIER_… override the file
	Flags map[string]string // key such as "archive" to value; overrides everything
}

// Files are the places where the configuration is looked for.
var Files = [...]string{"dossier.yaml", filepath.Join("configs", "dossier.yaml")}

// ErrNoFile is wrapped by the error of Load when no file was named and none is
// at the usual places. The Config beside it is usable: it has the defaults and
// what environment and flags say, but no sites of its own.
var ErrNoFile = errors.New("no configuration found")

// Load reads the configuration. What is wrong with it comes as Problems, all
// at once.
func Load(o Options) (*Config, error) {
	file, missing := o.File, error(nil)
	if file == "" {
		file = find()
	}
	l := loader{root: object(Position{Source: "default"})}
	if file == "" {
		missing = fmt.Errorf("%w: neither %s nor %s is here; name one with --config FILE", ErrNoFile, Files[0], Files[1])
	} else {
		l.readMain(file)
	}
	l.override(o.Env, o.Flags)
	l.readSitesDir()
	c := l.config(file)
	if len(l.problems) > 0 {
		return nil, l.problems.sorted()
	}
	return c, missing
}

// Site returns the site with an id, nil when there is none.
func (c *Config) Site(id string) *dossier.Site {
	for _, s := range c.Sites {
		if s.ID == id {
			return s
		}
	}
	return nil
}

// IDs lists the ids of the sites in the order of the configuration.
func (c *Config) IDs() []string {
	ids := make([]string, len(c.Sites))
	for i, s := range c.Sites {
		ids[i] = s.ID
	}
	return ids
}

func find() string {
	for _, f := range Files {
		if _, err := os.Stat(f); err == nil {
			return f
		}
	}
	return ""
}

// A loader gathers the trees of all files and what is wrong with them.
type loader struct {
	root     *node
	sites    []*node // of sites_dir, a file each
	warnings []string
	problems Problems
}

func (l *loader) readMain(file string) {
	root, problems := readFile(file)
	l.problems = append(l.problems, problems...)
	if root != nil {
		l.root = root
	}
}

// readSitesDir reads each *.yaml of the folder that sites_dir names.
func (l *loader) readSitesDir() {
	dir := l.root.get("sites_dir")
	if dir == nil || dir.text() == "" {
		return
	}
	path := dir.path()
	entries, err := os.ReadDir(path)
	if err != nil {
		l.problems.add(dir.pos, "sites_dir", "cannot be read: "+cause(err), "make the folder, or take the key out")
		return
	}
	for _, e := range entries {
		name := e.Name()
		switch {
		case strings.HasPrefix(name, "."):
		case strings.HasSuffix(name, ".yml"):
			l.warnings = append(l.warnings, fmt.Sprintf("%s is not read: call it .yaml", filepath.Join(path, name)))
		case strings.HasSuffix(name, ".yaml"):
			site, problems := readFile(filepath.Join(path, name))
			l.problems = append(l.problems, problems...)
			if site != nil {
				l.sites = append(l.sites, site)
			}
		}
	}
}

// config checks the trees and makes the configuration of them. What it returns
// is only good when there are no problems.
func (l *loader) config(file string) *Config {
	l.problems = append(l.problems, validate(l.root, wholeSchema)...)
	for _, s := range l.sites {
		l.problems = append(l.problems, validate(s, siteSchema)...)
	}
	sites := l.allSites()
	l.checkIDs(sites)
	if len(l.problems) > 0 {
		return nil
	}
	fill(l.root, wholeSchema)
	for _, s := range sites {
		inherit(s, l.root.get("defaults"))
		fill(s, siteSchema)
	}
	network := l.root.get("network")
	c := &Config{
		File:      file,
		Archive:   l.root.get("archive").path(),
		UserAgent: l.root.get("user_agent").text(),
		Network: Network{
			AllowPrivate: network.get("allow_private").value == true,
			Timeout:      network.get("timeout").duration(),
			MaxBody:      network.get("max_body").size(),
		},
		Timezone: l.root.get("defaults").get("timezone").location(),
		Delay:    l.root.get("defaults").get("delay").duration(),
		Warnings: l.warnings,
		Values:   values(l.root, sites),
	}
	for _, s := range sites {
		c.Sites = append(c.Sites, makeSite(s))
	}
	return c
}

func (l *loader) allSites() []*node {
	var sites []*node
	if list := l.root.get("sites"); list != nil {
		sites = slices.Clone(list.items)
	}
	return append(sites, l.sites...)
}

// checkIDs reports each site whose id an earlier one has. Ids are compared
// without regard to case, because they become names of files.
func (l *loader) checkIDs(sites []*node) {
	first := map[string]*node{}
	for _, s := range sites {
		id := s.get("id")
		if id == nil || id.text() == "" {
			continue
		}
		key := strings.ToLower(id.text())
		if other := first[key]; other != nil {
			l.problems.add(id.pos, "id", fmt.Sprintf("%q is already the id of the site at %s", id.text(), other.pos),
				"give each site an id of its own")
			continue
		}
		first[key] = id
	}
}
