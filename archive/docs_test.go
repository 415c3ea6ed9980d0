package archive_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFileFormatIsDescribed: whoever reads an archive without this program
// finds every table in docs/archive.md.
func TestFileFormatIsDescribed(t *testing.T) {
	doc, err := os.ReadFile("../docs/archive.md")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "a.db")
	openAt(t, path)
	rows, err := raw(t, path).Query("SELECT name FROM sqlite_schema WHERE type = 'table'")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	tables := 0
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		tables++
		if !strings.HasPrefix(name, "sqlite_") && !strings.Contains(string(doc), "`"+name+"`") {
			t.Errorf("docs/archive.md does not describe the table %s", name)
		}
	}
	if tables < 10 {
		t.Errorf("only %d tables were looked up", tables)
	}
}

// TestMapOfFiles: the comment of the package has a place for each of its files.
func TestMapOfFiles(t *testing.T) {
	source, err := os.ReadFile("archive.go")
	if err != nil {
		t.Fatal(err)
	}
	comment, _, _ := strings.Cut(string(source), "\npackage archive")
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || strings.HasPrefix(file, "verify") {
			continue
		}
		if !strings.Contains(comment, " "+file) {
			t.Errorf("the comment of the package does not name %s", file)
		}
	}
}
