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
