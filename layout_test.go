package dossier_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/dossier-archive/dossier"

// allowed is the import table of docs/architecture.md: which packages of this
// module each folder may import. Folders below a row belong to the row and may
// import its other folders.
var allowed = map[string][]string{
	".":                 {},
	"cmd":               {"*"},
	"configs":           {"."},
	"crawler":           {".", "extract"},
	"extract":           {"."},
	"archive":           {"."},
	"pipeline":          {".", "extract"},
	"schedule":          {".", "pipeline"},
	"internal/demosite": {"."},
	"internal/faults":   {"."},
}

// TestLayout reads the import lines of every source file, so that it sees each
// change; asking the go command would be answered from the test cache.
func TestLayout(t *testing.T) {
	seen := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "bench") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		row := rowOf(filepath.ToSlash(filepath.Dir(path)))
		may, ok := allowed[row]
		if !ok {
			t.Errorf("%s: the folder is not in the table of docs/architecture.md", path)
			return nil
		}
		seen[row] = true
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			if name != module && !strings.HasPrefix(name, module+"/") {
				if row == "." && strings.Contains(strings.Split(name, "/")[0], ".") {
					t.Errorf("%s imports %s; the root package imports the standard library only", path, name)
				}
				continue
			}
			to := rowOf(strings.TrimPrefix(strings.TrimPrefix(name, module), "/"))
			if to != row && !slices.Contains(may, to) && !slices.Contains(may, "*") {
				t.Errorf("%s imports %s; %s may import %v", path, name, row, may)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for row := range allowed {
		if !seen[row] {
			t.Errorf("no source file seen in %s: the table names a folder that is not there", row)
		}
	}
}

// rowOf names the row of the table that a folder belongs to.
func rowOf(dir string) string {
	if dir == "" || dir == "." {
		return "."
	}
	if parts := strings.SplitN(dir, "/", 3); parts[0] == "internal" && len(parts) > 1 {
		return parts[0] + "/" + parts[1]
	}
	return strings.SplitN(dir, "/", 2)[0]
}
