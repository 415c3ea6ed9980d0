package configs_test

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/configs"
)

// write puts files into a new folder and moves there, so that positions read
// the same everywhere.
func write(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

const site = "sites:\n  - id: a\n    start: [http://a.invalid/]\n"

// TestProblems has one case for each thing that can be wrong; the message is
// given as far as it is ours.
func TestProblems(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{"nested brackets", "sites: " + strings.Repeat("[", 20_000), "dossier.yaml:1:72: is nested more than 64 times"},
		{"nested groups", "sites: " + strings.Repeat("{a: ", 20_000), "dossier.yaml:1:264: is nested more than 64 times"},
		{"nested lists", "sites:\n" + strings.Repeat("- ", 20_000), "dossier.yaml:2:129: is nested more than 64 times"},
		{"unknown key", "archve: x.db\n", "dossier.yaml:1:1: archve: is not a known key; did you mean archive?"},
		{"unknown key, nothing near", "zzzzzzzz: 1\n", "dossier.yaml:1:1: zzzzzzzz: is not a known key; known are archive, defaults, network, sites, sites_dir, user_agent"},
		{"unknown key of a site", site + "    articels: []\n", "dossier.yaml:4:5: sites[0].articels: is not a known key; did you mean articles?"},
		{"unknown key of a rule", site + "    extract: {title: {selctor: h1}}\n", "dossier.yaml:4:23: sites[0].extract.title.selctor: is not a known key; did you mean selector?"},
		{"layout of a title", site + "    extract: {title: {selector: h1, layout: x}}\n", "dossier.yaml:4:37: sites[0].extract.title.layout: is not a known key; known are match, selector"},
		{"number for text", "archive: 12\n", "dossier.yaml:1:10: archive: is a number, not text; write for example `archive: \"dossier.db\"`"},
		{"text for a list", "sites: [{id: a, start: http://a.invalid/}]\n", "dossier.yaml:1:24: sites[0].start: is text, not a list; write for example `start: [\"https://example.org/news/\"]`"},
		{"text for a switch", "network: {allow_private: maybe}\n", "dossier.yaml:1:26: network.allow_private: is text, not true or false; write for example `allow_private: false`"},
		{"group for a list", "sites:\n  id: a\n", "dossier.yaml:2:3: sites: is a group of keys, not a list; write for example `sites: [{\"id\":\"jilin\",\"start\":[\"https://example.org/news/\"]}]`"},
		{"empty value", "archive:\n" + site, "dossier.yaml:1:1: archive: is empty, not text; write for example `archive: \"dossier.db\"`"},
		{"missing id", "sites:\n  - start: [http://a.invalid/]\n", "dossier.yaml:2:5: sites[0].id: is missing; write for example `id: \"jilin\"`"},
		{"missing start", "sites:\n  - id: a\n", "dossier.yaml:2:5: sites[0].start: is missing; write for example `start: [\"https://example.org/news/\"]`"},
		{"empty start", "sites: [{id: a, start: []}]\n", "dossier.yaml:1:24: sites[0].start: is empty; write for example `start: [\"https://example.org/news/\"]`"},
		{"bad id", "sites: [{id: a/b, start: [http://a.invalid/]}]\n", "dossier.yaml:1:14: sites[0].id: \"a/b\" is not an id: at most 64 letters, digits, dots, hyphens and underscores, a letter or digit first; write for example `id: \"jilin\"`"},
		{"id in use", site + "  - id: A\n    start: [http://b.invalid/]\n", "dossier.yaml:4:9: id: \"A\" is already the id of the site at dossier.yaml:2:9; give each site an id of its own"},
		{"relative address", "sites: [{id: a, start: [/news/]}]\n", "dossier.yaml:1:25: sites[0].start[0]: \"/news/\" does not begin with http:// or https://; write for example `- \"https://example.org/news/\"`"},
		{"other scheme", "sites: [{id: a, start: ['ftp://a.invalid/']}]\n", "dossier.yaml:1:25: sites[0].start[0]: \"ftp://a.invalid/\" does not begin with http:// or https://; write for example `- \"https://example.org/news/\"`"},
		{"no host", "sites: [{id: a, start: ['http:///x']}]\n", "dossier.yaml:1:25: sites[0].start[0]: \"http:///x\" has no host; write for example `- \"https://example.org/news/\"`"},
		{"bad regexp", site + "    articles: ['(']\n", "dossier.yaml:4:16: sites[0].articles[0]: is not a regular expression of Go: error parsing regexp: missing closing ): `(`; write for example `- \"/art/\\\\d+/\"`"},
		{"bad selector", site + "    extract:\n      body: 'div['\n", "dossier.yaml:5:13: sites[0].extract.body: \"div[\" is not a CSS selector: "},
		{"bad selector of a rule", site + "    extract: {remove: ['>>']}\n", "dossier.yaml:4:24: sites[0].extract.remove[0]: \">>\" is not a CSS selector: "},
		{"empty rule", site + "    extract: {body: {}}\n", "dossier.yaml:4:21: sites[0].extract.body: is empty; write for example `body: \"div.content\"`"},
		{"layout without year", site + "    extract: {date: {layout: '01/02'}}\n", "dossier.yaml:4:30: sites[0].extract.date.layout: \"01/02\" is not a layout of a date: it must write 2 January 2006 with year, month and day; write for example `layout: \"2006/01/02 15:04:05\"`"},
		{"layout of another language", site + "    extract: {date: {layout: YYYY-MM-DD}}\n", "dossier.yaml:4:30: sites[0].extract.date.layout: \"YYYY-MM-DD\" is not a layout"},
		{"bad cron spec", "defaults: {schedule: '99 * * * *'}\n", "dossier.yaml:1:22: defaults.schedule: \"99 * * * *\" is not a cron spec: "},
		{"cron spec that never fires", "defaults: {schedule: '0 0 30 2 *'}\n", "dossier.yaml:1:22: defaults.schedule: \"0 0 30 2 *\" never fires; write for example `schedule: \"17 */6 * * *\"`"},
		{"cron zone alone", "defaults: {schedule: 'CRON_TZ=UTC'}\n", "dossier.yaml:1:22: defaults.schedule: \"CRON_TZ=UTC\" names a zone and no time; "},
		{"bad zone", "defaults: {timezone: Asia/Peking}\n", "dossier.yaml:1:22: defaults.timezone: \"Asia/Peking\" is not a zone of the IANA time zone database; write for example `timezone: \"Asia/Shanghai\"`"},
		{"bad duration", "network: {timeout: 30}\n", "dossier.yaml:1:20: network.timeout: is a number, not text; write for example `timeout: \"30s\"`"},
		{"duration without unit", "defaults: {delay: '2'}\n", "dossier.yaml:1:19: defaults.delay: \"2\" is not a duration: a number and ms, s, m or h; write for example `delay: \"1s\"`"},
		{"negative delay", "defaults: {delay: -1s}\n", "dossier.yaml:1:19: defaults.delay: -1s is not between 0s and 1h; write for example `delay: \"1s\"`"},
		{"no time-out", "network: {timeout: 0s}\n", "dossier.yaml:1:20: network.timeout: 0s is not between 100ms and 1h; write for example `timeout: \"30s\"`"},
		{"bad size", "network: {max_body: big}\n", "dossier.yaml:1:21: network.max_body: \"big\" is not a size: a number and B, KiB, MiB or GiB; write for example `max_body: \"16MiB\"`"},
		{"size of nothing", "network: {max_body: 0}\n", "dossier.yaml:1:21: network.max_body: 0 is not between 1KiB and 1GiB; write for example `max_body: \"16MiB\"`"},
		{"no requests at a time", "defaults: {parallel: 0}\n", "dossier.yaml:1:22: defaults.parallel: 0 is too small; the least is 1"},
		{"too many at a time", "defaults: {parallel: 1000}\n", "dossier.yaml:1:22: defaults.parallel: 1000 is too large; the most is 64"},
		{"negative limit", site + "    max_pages: -1\n", "dossier.yaml:4:16: sites[0].max_pages: -1 is too small; the least is 0"},
		{"unknown policy", site + "    robots: maybe\n", "dossier.yaml:4:13: sites[0].robots: maybe is not known; write one of obey, ignore"},
		{"database server", "archive: postgres://h/db\n", "dossier.yaml:1:10: archive: postgres:// is not supported, only files are; write for example `archive: \"dossier.db\"`"},
		{"path with NUL", "archive: \"a\\0b.db\"\n", "dossier.yaml:1:10: archive: has the character NUL, which no path can hold; "},
		{"header with a line break", "user_agent: \"a\\nb\"\n", "dossier.yaml:1:13: user_agent: has a character that a header cannot carry; "},
		{"folder that is not there", "sites_dir: nowhere\n", "dossier.yaml:1:12: sites_dir: cannot be read: no such file or directory; make the folder, or take the key out"},
		// Notation.
		{"empty file", "", "dossier.yaml: is empty; "},
		{"comments only", "# nothing\n", "dossier.yaml: is empty; "},
		{"text only", "hello\n", "dossier.yaml:1:1: is not a list of keys and values; "},
		{"tab", "network:\n\ttimeout: 3s\n", "dossier.yaml:2:1: is not YAML: the line begins with a tab; indent with blanks"},
		{"unclosed", "archive: \"x\n", "dossier.yaml:1:10: is not YAML: "},
		{"duplicate key", "archive: a.db\narchive: b.db\n", "dossier.yaml:2:1: archive: is written twice, first at line 1; keep one of the two"},
		{"two documents", "archive: a.db\n---\narchive: b.db\n", "dossier.yaml:3:8: a second document begins; "},
		{"unknown alias", "archive: *x\n", "dossier.yaml:1:10: the alias *x stands for nothing; define it before with &x"},
		{"alias in itself", "sites: &s [*s]\n", "dossier.yaml:1:12: the alias *s stands for nothing; "},
		{"GBK", "archive: \xb5\xb5\xb0\xb8.db", "dossier.yaml: is not written in UTF-8, but perhaps in GBK or another encoding of Windows; save it as UTF-8"},
		{"UTF-16", "\xff\xfea\x00", "dossier.yaml: is written in UTF-16; save it as UTF-8"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			write(t, map[string]string{"dossier.yaml": c.text})
			_, err := configs.Load(configs.Options{})
			var problems configs.Problems
			if !errors.As(err, &problems) {
				t.Fatalf("Load: got error %v, want Problems", err)
			}
			if got := problems[0].String(); !strings.HasPrefix(got, c.want) {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// All problems of all files come at once, in the order of the files.
func TestAllProblemsAtOnce(t *testing.T) {
	write(t, map[string]string{
		"dossier.yaml":  "archve: x.db\nsites_dir: sites\ndefaults: {delay: fast}\nsites: [{id: a, start: [http://a.invalid/]}]\n",
		"sites/b.yaml":  "id: a\nstart: [http://b.invalid/]\nexclude: ['[']\n",
		"sites/c.yaml":  "id: c\nstart: nowhere\n",
		"sites/d.yaml":  "",
		"sites/.e.yaml": "not read",
	})
	_, err := configs.Load(configs.Options{})
	want := []string{
		"dossier.yaml:1:1: archve", "dossier.yaml:3:19: defaults.delay", "sites/b.yaml:1:5: id",
		"sites/b.yaml:3:11: exclude[0]", "sites/c.yaml:2:8: start", "sites/d.yaml: is empty",
	}
	var problems configs.Problems
	if !errors.As(err, &problems) || len(problems) != len(want) {
		t.Fatalf("got\n%v\nwant %d problems", err, len(want))
	}
	for i, p := range problems {
		if !strings.HasPrefix(p.String(), want[i]) {
			t.Errorf("problem %d: got %s, want %s…", i, p, want[i])
		}
	}
}

func TestNoFile(t *testing.T) {
	t.Chdir(t.TempDir())
	c, err := configs.Load(configs.Options{Env: []string{"DOSSIER_ARCHIVE=x.db"}})
	if !errors.Is(err, configs.ErrNoFile) || c == nil || c.Archive != "x.db" || c.Network.Timeout != 30*time.Second {
		t.Errorf("got %+v, %v", c, err)
	}
	for name, want := range map[string]string{"none.yaml": "none.yaml: is not there; ", ".": ".: is a folder, not a file; "} {
		if _, err := configs.Load(configs.Options{File: name}); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("Load(%s): got %v, want %s…", name, err, want)
		}
	}
}

// The keys of design and documentation, all of them, end in the site.
func TestSite(t *testing.T) {
	write(t, map[string]string{
		"dossier.yaml": "\xef\xbb\xbfsites_dir: sites\ndefaults: {delay: 3s, timezone: UTC}\n",
		"sites/jilin.yaml": `id: jilin
name: Jilin
start: ["http://jilin.invalid/en/news/"]
follow: ['/news/index_\d+\.html$']
articles: ['/art/\d+/']
exclude: ['/print/']
parallel: 2
max_pages: 7
timezone: Asia/Shanghai
schedule: "@daily"
robots: ignore
extract:
  title: "h1.title"
  date: {selector: ".info", match: 'Date:\s*([\d/: ]+)', layout: "2006/01/02 15:04:05"}
  source: {match: 'Source:\s*(.*)$'}
  remove: [".share", "script"]
`})
	c, err := configs.Load(configs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	want := &dossier.Site{
		ID: "jilin", Name: "Jilin", Start: []string{"http://jilin.invalid/en/news/"},
		Follow:   []*regexp.Regexp{regexp.MustCompile(`/news/index_\d+\.html$`)},
		Articles: []*regexp.Regexp{regexp.MustCompile(`/art/\d+/`)},
		Exclude:  []*regexp.Regexp{regexp.MustCompile(`/print/`)},
		Delay:    3 * time.Second, Parallel: 2, MaxPages: 7, Timezone: zone, Schedule: "@daily", Robots: dossier.RobotsIgnore,
		Rules: dossier.Rules{
			Title:    dossier.FieldRule{Selector: "h1.title"},
			Date:     dossier.FieldRule{Selector: ".info", Match: regexp.MustCompile(`Date:\s*([\d/: ]+)`), Layout: "2006/01/02 15:04:05"},
			Source:   dossier.FieldRule{Match: regexp.MustCompile(`Source:\s*(.*)$`)},
			Remove:   []string{".share", "script"},
			Timezone: zone,
		},
	}
	same := []cmp.Option{
		cmp.Comparer(func(a, b *regexp.Regexp) bool {
			return (a == nil) == (b == nil) && (a == nil || a.String() == b.String())
		}),
		cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() }),
	}
	if diff := cmp.Diff(want, c.Site("jilin"), same...); diff != "" {
		t.Errorf("site mismatch (-want +got):\n%s", diff)
	}
}

// A flag overrides a variable, that the file, that the default; paths of the
// file are relative to it, those of variables and flags to the work folder.
func TestOverrides(t *testing.T) {
	write(t, map[string]string{"etc/d.yaml": "archive: a.db\nnetwork: {timeout: 9s}\n" + site})
	env := []string{
		"DOSSIER_NETWORK_TIMEOUT=8s", "DOSSIER_NETWORK_ALLOW_PRIVATE=true", "DOSSIER_DEFAULTS_PARALLEL=4",
		"DOSSIER_USER_AGENT=me", "DOSSIER_ARCHVE=x", "HOME=/",
	}
	c, err := configs.Load(configs.Options{File: "etc/d.yaml", Env: env, Flags: map[string]string{"network.timeout": "7s"}})
	if err != nil {
		t.Fatal(err)
	}
	if c.Archive != filepath.Join("etc", "a.db") || c.Network.Timeout != 7*time.Second || !c.Network.AllowPrivate || c.UserAgent != "me" {
		t.Errorf("got %+v", c)
	}
	if got := c.Site("a").Parallel; got != 4 {
		t.Errorf("parallel of the site: got %d, want 4", got)
	}
	if want := []string{"the variable DOSSIER_ARCHVE means nothing: did you mean DOSSIER_ARCHIVE?"}; !cmp.Equal(want, c.Warnings) {
		t.Errorf("warnings: got %q, want %q", c.Warnings, want)
	}
	from := map[string]string{}
	for _, v := range c.Values {
		from[v.Key] = v.Value + " from " + v.From
	}
	for key, want := range map[string]string{
		"archive":               "a.db from etc/d.yaml:1:10",
		"network.timeout":       "7s from --network-timeout",
		"network.max_body":      "16MiB from default",
		"defaults.parallel":     "4 from DOSSIER_DEFAULTS_PARALLEL",
		"sites.a.parallel":      "4 from DOSSIER_DEFAULTS_PARALLEL",
		"sites.a.start":         `["http://a.invalid/"] from etc/d.yaml:5:12`,
		"sites.a.schedule":      "17 */6 * * * from default",
		"network.allow_private": "true from DOSSIER_NETWORK_ALLOW_PRIVATE",
	} {
		if from[key] != want {
			t.Errorf("%s: got %s, want %s", key, from[key], want)
		}
	}
	c, err = configs.Load(configs.Options{File: "etc/d.yaml", Env: []string{"DOSSIER_ARCHIVE=b.db"}})
	if err != nil || c.Archive != "b.db" {
		t.Errorf("got %v, %v", c, err)
	}
	_, err = configs.Load(configs.Options{File: "etc/d.yaml", Env: []string{"DOSSIER_DEFAULTS_PARALLEL=many"}})
	if want := "DOSSIER_DEFAULTS_PARALLEL: defaults.parallel: is text, not a whole number; "; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v, want %s…", err, want)
	}
}

// Aliases and merge keys keep the rules of sites with one template in one place.
func TestAliases(t *testing.T) {
	write(t, map[string]string{"dossier.yaml": `sites:
  - &first
    id: a
    start: [http://a.invalid/]
    extract: &rules {title: h1}
  - {id: b, start: [http://b.invalid/], extract: *rules}
  - {<<: *first, id: c}
`})
	c, err := configs.Load(configs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"a", "b", "c"} {
		if s := c.Site(id); s == nil || s.Rules.Title.Selector != "h1" {
			t.Errorf("site %s: got %+v", id, s)
		}
	}
}

func TestExample(t *testing.T) {
	c, err := configs.Load(configs.Options{File: "dossier.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"harbour", "jilin", "riverport"}, c.IDs()); diff != "" {
		t.Errorf("sites (-want +got):\n%s", diff)
	}
}

// Each size and the number of bytes that it is.
func TestSizes(t *testing.T) {
	for text, want := range map[string]int64{
		"2048": 2048, "'2048'": 2048, "64KiB": 64 << 10, "1.5 MiB": 3 << 19, "2MB": 2_000_000, "1GiB": 1 << 30,
	} {
		write(t, map[string]string{"dossier.yaml": "network: {max_body: " + text + "}\n"})
		c, err := configs.Load(configs.Options{})
		if err != nil || c.Network.MaxBody != want {
			t.Errorf("%s: got %+v, %v, want %d", text, c, err, want)
		}
	}
}

// Whatever a file holds, loading it ends in a configuration or in problems.
func FuzzLoad(f *testing.F) {
	example, err := os.ReadFile("dossier.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(example))
	f.Add(site + "    extract: {title: {selector: h1}}\n")
	f.Add("a: &a [*a]\n<<: *a\n? x\n: y\n")
	f.Fuzz(func(t *testing.T, text string) {
		file := filepath.Join(t.TempDir(), "d.yaml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := configs.Load(configs.Options{File: file})
		if (c == nil) == (err == nil) {
			t.Errorf("got %v and %v", c, err)
		}
	})
}
