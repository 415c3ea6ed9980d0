package export_test

import (
	"archive/zip"
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"github.com/xuri/excelize/v2"

	"github.com/dossier-archive/dossier"
	"github.com/dossier-archive/dossier/archive"
	"github.com/dossier-archive/dossier/archive/export"
)

func ptr(s string) *string { return &s }

var at = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// records have what breaks formats: quotes, line breaks, formulas, markup,
// a missing and an empty author, text longer than a cell.
var records = []dossier.Record{
	{ID: "d2345abcdef", Site: "jilin", URL: "http://jilin.test/1", FirstSeen: at, LastSeen: at.Add(time.Hour), Changed: at.Add(time.Hour / 2), Version: 2, SHA256: "ab",
		Article: dossier.Article{Title: `A "quoted", title`, Date: "2018-01-19T10:46:00+08:00", Author: ptr(""), Source: ptr("新华社"), Body: "First.\nSecond,\twith\ttabs\n\nLast", Language: "en",
			Evidence: map[string]dossier.Evidence{"title": {Rule: "h1", Raw: "<b>"}}}},
	{ID: "d6789ghjkmn", Site: "hubei", URL: "javascript:alert(1)", FirstSeen: at, LastSeen: at, Changed: at, Version: 1, SHA256: "cd",
		Article: dossier.Article{Title: "=1+1", Date: "2018-01-20", Body: "<script>alert(1)</script> & *stars*\x00", Language: "zh"}},
	{ID: "dlong234567", Site: "hubei", URL: "http://hubei.test/2", FirstSeen: at, LastSeen: at, Changed: at, Version: 1, SHA256: "ef",
		Article: dossier.Article{Title: "-long", Body: strings.Repeat("長文𠀀", 20000), Language: "zh"}},
}

func all(list ...dossier.Record) iter.Seq2[dossier.Record, error] {
	return func(yield func(dossier.Record, error) bool) {
		for _, r := range list {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func write(t *testing.T, format string, o export.Options) []byte {
	t.Helper()
	var b bytes.Buffer
	n, err := export.Write(t.Context(), &b, format, all(records...), o)
	if err != nil || n != len(records) {
		t.Fatalf("%s: %d records, %v", format, n, err)
	}
	return b.Bytes()
}

func TestSameRecordsGiveTheSameBytes(t *testing.T) {
	for _, format := range export.Formats {
		first := write(t, format, export.Options{})
		for range 3 {
			if !bytes.Equal(first, write(t, format, export.Options{})) {
				t.Errorf("%s: the bytes differ", format)
				break
			}
		}
		var none bytes.Buffer
		if n, err := export.Write(t.Context(), &none, format, all(), export.Options{}); n != 0 || err != nil {
			t.Errorf("%s: no records: %d, %v", format, n, err)
		}
	}
}

func TestCSV(t *testing.T) {
	out := write(t, "csv", export.Options{})
	if bytes.Count(out, []byte("\r\n")) != 4 {
		t.Errorf("rows do not end with CR LF: %q", out[:200])
	}
	rows, err := csv.NewReader(bytes.NewReader(out)).ReadAll()
	if err != nil || len(rows) != 4 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if diff := cmp.Diff(export.Columns, rows[0]); diff != "" {
		t.Errorf("header (-want +got):\n%s", diff)
	}
	want := []string{"d2345abcdef", "jilin", "http://jilin.test/1", `A "quoted", title`, "2018-01-19T10:46:00+08:00", "", "新华社",
		"First.\nSecond,\twith\ttabs\n\nLast", "en", "2026-03-01T12:00:00Z", "2026-03-01T13:00:00Z", "2", "ab"}
	if diff := cmp.Diff(want, rows[1]); diff != "" {
		t.Errorf("row (-want +got):\n%s", diff)
	}
	excel := write(t, "csv", export.Options{Columns: []string{"title"}}.ForExcel())
	if want := "\ufefftitle\r\n\"A \"\"quoted\"\", title\"\r\n'=1+1\r\n'-long\r\n"; string(excel) != want {
		t.Errorf("for a spreadsheet: %q, want %q", excel, want)
	}
}

func TestJSON(t *testing.T) {
	var array []map[string]any
	if err := json.Unmarshal(write(t, "json", export.Options{}), &array); err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(bytes.TrimSpace(write(t, "jsonl", export.Options{With: []string{"evidence", "html"}})), []byte("\n"))
	if len(array) != 3 || len(lines) != 3 {
		t.Fatalf("%d objects, %d lines", len(array), len(lines))
	}
	if array[0]["author"] != "" || array[1]["author"] != nil || array[0]["version"] != 2.0 {
		t.Errorf("first: %v, second: %v", array[0], array[1])
	}
	if !bytes.HasPrefix(lines[0], []byte(`{"id":"d2345abcdef","site":"jilin","url":`)) {
		t.Errorf("keys are not in order: %s", lines[0])
	}
	var last map[string]any
	if err := json.Unmarshal(lines[1], &last); err != nil || last["html"] != "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; *stars*\x00</p>\n" {
		t.Errorf("html: %q, %v", last["html"], err)
	}
}

// TestLongCellsForExcel: the file has them whole, and it is said that a spreadsheet
// does not take them.
func TestLongCellsForExcel(t *testing.T) {
	var warned []string
	o := export.Options{Warn: func(s string) { warned = append(warned, s) }}
	rows, err := csv.NewReader(bytes.NewReader(write(t, "csv", o.ForExcel())[3:])).ReadAll()
	if err != nil || len(rows) != 4 || rows[3][7] != records[2].Body {
		t.Errorf("%d rows, %v", len(rows), err)
	}
	if len(warned) != 1 || !strings.HasPrefix(warned[0], "1 cells are longer") {
		t.Errorf("said: %q", warned)
	}
}

func TestXLSX(t *testing.T) {
	var warned []string
	o := export.Options{Warn: func(s string) { warned = append(warned, s) }}
	book, err := excelize.OpenReader(bytes.NewReader(write(t, "xlsx", o)))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.GetRows("records")
	if err != nil || len(rows) != 4 || rows[2][3] != "=1+1" || rows[1][7] != records[0].Body {
		t.Errorf("records: %.200q, %v", rows, err)
	}
	if f, err := book.GetCellFormula("records", "D3"); err != nil || f != "" {
		t.Errorf("a title became the formula %q (%v)", f, err)
	}
	long, err := book.GetRows("long texts")
	if err != nil || len(long) != 3 || !slices.Equal(long[1][:5], []string{"dlong234567", "records", "4", "body", "2"}) {
		t.Fatalf("long texts: %d rows, %v", len(long), err)
	}
	first := rows[3][7]
	if got := strings.TrimSuffix(first, " […]") + long[1][5] + long[2][5]; got != records[2].Body {
		t.Errorf("the pieces of a long text do not make it up: %d of %d bytes", len(got), len(records[2].Body))
	}
	if len(warned) != 2 {
		t.Errorf("said: %q", warned)
	}
}

func TestParquet(t *testing.T) {
	out := write(t, "parquet", export.Options{})
	f, err := parquet.OpenFile(bytes.NewReader(out), int64(len(out)))
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		ID        string    `parquet:"id"`
		Author    *string   `parquet:"author,optional"`
		Body      string    `parquet:"body"`
		FirstSeen time.Time `parquet:"first_seen,timestamp(millisecond)"`
		Version   int32     `parquet:"version"`
	}
	rows := make([]row, 3)
	if n, err := parquet.NewGenericReader[row](f).Read(rows); n != 3 || err != nil && !errors.Is(err, io.EOF) {
		t.Fatalf("%d rows, %v", n, err)
	}
	if rows[0].ID != "d2345abcdef" || rows[0].Author == nil || rows[1].Author != nil || !rows[0].FirstSeen.Equal(at) || rows[0].Version != 2 || rows[2].Body != records[2].Body {
		t.Errorf("rows: %+v", rows[:2])
	}
	for i, c := range f.Schema().Columns() {
		if c[0] != export.Columns[i] {
			t.Errorf("column %d is %s, want %s", i, c[0], export.Columns[i])
		}
	}
}

// Row groups are packed beside each other, and stand in the order of the records.
func TestParquetRowGroups(t *testing.T) {
	const n = 10000
	var out, again bytes.Buffer
	for _, w := range []io.Writer{&out, &again} {
		if _, err := export.Write(t.Context(), w, "parquet", made(n), export.Options{}); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(out.Bytes(), again.Bytes()) {
		t.Error("the bytes differ")
	}
	f, err := parquet.OpenFile(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil || len(f.RowGroups()) < 3 {
		t.Fatalf("%d row groups, %v", len(f.RowGroups()), err)
	}
	type row struct {
		ID   string `parquet:"id"`
		Body string `parquet:"body"`
	}
	got := make([]row, n+1)
	if k, err := parquet.NewGenericReader[row](f).Read(got); k != n || !errors.Is(err, io.EOF) {
		t.Fatalf("%d rows, %v", k, err)
	}
	i := 0
	for want := range made(n) {
		if got[i].ID != want.ID || got[i].Body != want.Body {
			t.Fatalf("row %d is %s with %d bytes, want %s with %d", i, got[i].ID, len(got[i].Body), want.ID, len(want.Body))
		}
		i++
	}
}

func TestSQLite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.db")
	if err := os.WriteFile(path, write(t, "sqlite", export.Options{}), 0o644); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var title, check string
	var author *string
	if err := db.QueryRow("SELECT title, author FROM records WHERE id = 'd6789ghjkmn'").Scan(&title, &author); err != nil || title != "=1+1" || author != nil {
		t.Errorf("%q, %v, %v", title, author, err)
	}
	var id string
	if err := db.QueryRow("SELECT r.id FROM records_fts f JOIN records r ON r.rowid = f.rowid WHERE records_fts MATCH '長文𠀀'").Scan(&id); err != nil || id != "dlong234567" {
		t.Errorf("full text: %q, %v", id, err)
	}
	// Datasette's own query for the full-text table of a table.
	if err := db.QueryRow(`SELECT name FROM sqlite_master WHERE rootpage = 0 AND sql LIKE '%VIRTUAL TABLE%USING FTS%content="records"%'`).Scan(&id); err != nil || id != "records_fts" {
		t.Errorf("Datasette's full-text table: %q, %v", id, err)
	}
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&check); err != nil || check != "ok" {
		t.Errorf("integrity: %q, %v", check, err)
	}
}

// What the full-text table of an SQLite export finds, for queries as the search
// box of Datasette sends them: each word in double quotes.
func TestSQLiteFullText(t *testing.T) {
	r := dossier.Record{ID: "dfull234567", Article: dossier.Article{Title: "长春新区管理委员会2018年招商大会", Body: "The Café in Changchun New Area.\n\nＡ股企业，第10届东北亚博览会。投资促进"}}
	var out bytes.Buffer
	if _, err := export.Write(t.Context(), &out, "sqlite", all(r), export.Options{}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "r.db")
	if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for query, want := range map[string]int{
		`"招"`: 1, `"招商"`: 1, `"新区管"`: 1, `"招商大会"`: 1, `"企业"`: 1, `"A股"`: 0, `"Ａ股"`: 1, `"2018年"`: 1, `"第10届"`: 1, `"10"`: 1,
		`"业第"`: 0, `"会投资"`: 0, `"长春新区" "管理委员" "员会"`: 1, `"委 员 会"`: 1, `"员 委"`: 0, `"cafe"`: 1, `"New Area"`: 1, `"Area New"`: 0, `title : "企业"`: 0,
		// Longer phrases as the schema says, whatever their length.
		`"长 春 新 区 管"`: 1, `"春 新 区 管 理 委 员 会 2018 年 招 商 大 会"`: 1, `"长 春 新 区 委"`: 0, `"第 10 届 东 北 亚 博 览 会"`: 1, `"东 北 亚 博 览 会 投 资"`: 0,
	} {
		var got int
		if err := db.QueryRow("SELECT count(*) FROM records_fts WHERE records_fts MATCH ?", query).Scan(&got); err != nil || got != want {
			t.Errorf("%s is found %d times, want %d: %v", query, got, want, err)
		}
	}
	var schema string
	if err := db.QueryRow("SELECT sql FROM sqlite_master WHERE name = 'records'").Scan(&schema); err != nil || !strings.Contains(schema, `More than 4 Chinese characters are found with a space behind each: MATCH '"招 商`) {
		t.Errorf("the schema does not say how to search, %v: %s", err, schema)
	}
	var marked string
	if err := db.QueryRow(`SELECT highlight(records_fts, 1, '[', ']') FROM records_fts WHERE records_fts MATCH '"New Area"'`).Scan(&marked); err != nil || !strings.HasPrefix(marked, "The Café in Changchun [New Area].") {
		t.Errorf("highlighted: %q, %v", marked, err)
	}
	if _, err := db.Exec("INSERT INTO records_fts (records_fts) VALUES ('integrity-check')"); err != nil {
		t.Error(err)
	}
}

func TestAtom(t *testing.T) {
	out := write(t, "atom", export.Options{})
	var feed struct {
		Title   string `xml:"title"`
		Updated string `xml:"updated"`
		Entries []struct {
			ID    string `xml:"id"`
			Title string `xml:"title"`
			Link  []struct {
				Href string `xml:"href,attr"`
			} `xml:"link"`
			Content string `xml:"content"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal(out, &feed); err != nil {
		t.Fatal(err)
	}
	if feed.Title != "Archived records" || feed.Updated != "2026-03-01T12:30:00Z" || len(feed.Entries) != 3 || feed.Entries[0].Title != records[0].Title {
		t.Errorf("feed: %.500v", feed)
	}
	if len(feed.Entries[1].Link) != 0 {
		t.Errorf("a javascript: address became a link")
	}
}

func TestDocuments(t *testing.T) {
	page := string(write(t, "html", export.Options{}))
	if strings.Contains(page, "<script") || strings.Contains(page, `href="javascript:`) || !strings.Contains(page, "d2345abcdef@2") || !strings.Contains(page, "<td>Second,</td>") {
		t.Errorf("html: %.2000s", page)
	}
	text := string(write(t, "markdown", export.Options{}))
	if strings.Contains(text, "<script>") || !strings.Contains(text, `\<script\>`) || !strings.Contains(text, `\*stars\*`) || !strings.Contains(text, "| Second, | with | tabs |") {
		t.Errorf("markdown: %.2000s", text)
	}
}

func TestTextFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "corpus")
	if _, err := export.WriteFile(t.Context(), dir, "text", all(records...), export.Options{}); err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		got, err := os.ReadFile(filepath.Join(dir, "texts", r.ID+".txt"))
		if want := r.Title + "\n\n" + r.Body + "\n"; err != nil || string(got) != want {
			t.Errorf("%s: %.50q, %v", r.ID, got, err)
		}
	}
	guarded := write(t, "text", export.Options{Columns: []string{"title"}}.ForExcel())
	if z, err := zip.NewReader(bytes.NewReader(guarded), int64(len(guarded))); err != nil {
		t.Error(err)
	} else if meta, err := fs.ReadFile(z, "metadata.csv"); err != nil || !bytes.HasPrefix(meta, []byte("\ufefftitle\r\n")) || !bytes.Contains(meta, []byte("'=")) {
		t.Errorf("metadata for a spreadsheet: %q, %v", meta, err)
	}
	if meta, err := os.ReadFile(filepath.Join(dir, "metadata.csv")); err != nil || bytes.Contains(meta, []byte("body")) || bytes.Count(meta, []byte("\r\n")) != 4 {
		t.Errorf("metadata: %.100q, %v", meta, err)
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(dir), ".*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// An export that fails leaves what was there, and nothing else.
func TestFailureLeavesNoFile(t *testing.T) {
	broken := func(yield func(dossier.Record, error) bool) {
		_ = yield(records[0], nil) && yield(dossier.Record{}, errors.New("the disk is on fire"))
	}
	for _, format := range export.Formats {
		dir := t.TempDir()
		path := filepath.Join(dir, "out")
		if format != "text" {
			if err := os.WriteFile(path, []byte("before"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := export.WriteFile(t.Context(), path, format, broken, export.Options{}); err == nil || !strings.Contains(err.Error(), "on fire") {
			t.Errorf("%s: got %v", format, err)
		}
		if got, err := os.ReadFile(path); format != "text" && (err != nil || string(got) != "before") {
			t.Errorf("%s: %q, %v; want what was there", format, got, err)
		}
		entries, err := os.ReadDir(dir)
		if err != nil || len(entries) > 1 || format == "text" && len(entries) != 0 {
			t.Errorf("%s: left %v, %v", format, entries, err)
		}
	}
}

// A pipe is written to, and stays a pipe.
func TestCreateWritesIntoPipes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skipf("no pipes here: %v", err)
	}
	// Open for both, so that neither side waits for the other.
	pipe, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer pipe.Close()
	if err := export.Create(path, func(w io.Writer) error { _, err := io.WriteString(w, "records"); return err }); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, len("records"))
	if _, err := io.ReadFull(pipe, got); err != nil || string(got) != "records" {
		t.Errorf("read %q, %v", got, err)
	}
	if info, err := os.Lstat(path); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		t.Errorf("the pipe is now %v, %v", info.Mode(), err)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for _, c := range []struct {
		format string
		o      export.Options
	}{
		{"word", export.Options{}}, {"csv", export.Options{Columns: []string{"colour"}}}, {"csv", export.Options{Columns: []string{"id", "id"}}},
		{"csv", export.Options{With: []string{"pictures"}}}, {"csv", export.Options{With: []string{"raw"}}},
	} {
		if err := c.o.Check(c.format); err == nil {
			t.Errorf("%s %+v: no error", c.format, c.o)
		}
	}
}

type source struct{}

func (source) Snapshot(_ context.Context, id string, _ int) (dossier.Snapshot, error) {
	return dossier.Snapshot{Body: []byte("\xff page of " + id)}, nil
}

// pageless is an archive that has lost the pages of some records.
type pageless struct{ source }

func (s pageless) Snapshot(ctx context.Context, id string, version int) (dossier.Snapshot, error) {
	if id == records[0].ID {
		return dossier.Snapshot{}, fmt.Errorf("page of %s: %w", id, archive.ErrNotFound)
	}
	return s.source.Snapshot(ctx, id, version)
}

// TestRecordsWithoutAPage: they are exported like others, and it is said how many they are.
func TestRecordsWithoutAPage(t *testing.T) {
	for _, format := range export.Formats {
		o := export.Options{With: []string{"raw"}, Source: pageless{}}
		if o.Check(format) != nil {
			continue
		}
		var said []string
		o.Warn = func(s string) { said = append(said, s) }
		var out bytes.Buffer
		n, err := export.Write(t.Context(), &out, format, all(records...), o)
		if err != nil || n != len(records) || !strings.Contains(strings.Join(said, "\n"), "of 1 of the records no page is kept") {
			t.Errorf("%s: %d of %d records, %v, said %q", format, n, len(records), err, said)
		}
		if first, _, _ := bytes.Cut(out.Bytes(), []byte("\n")); format == "jsonl" && !bytes.Contains(first, []byte(`"raw":null`)) {
			t.Errorf("%s", first)
		}
	}
}

func (source) Versions(_ context.Context, id string) ([]dossier.Version, error) {
	return []dossier.Version{{Record: id, Number: 1, Created: at, Origin: "crawl", Article: records[0].Article, SHA256: "ab"}}, nil
}

func (source) Aliases(context.Context, string) ([]dossier.Alias, error) {
	return []dossier.Alias{{URL: "http://mirror.test/1", Site: "mirror", Reason: "repost", FirstSeen: at, LastSeen: at}}, nil
}

func (source) Similar(_ context.Context, id string) ([]dossier.Similar, error) {
	return []dossier.Similar{{ID: "dother", Site: "jilin", URL: "http://a.test/2", Title: "Other", Score: 0.75}}, nil
}

func TestExtras(t *testing.T) {
	line, _, _ := bytes.Cut(write(t, "jsonl", export.Options{Columns: []string{"id"}, With: []string{"raw", "versions", "evidence", "markdown", "similar", "aliases"}, Source: source{}}), []byte("\n"))
	var got struct {
		Raw      string
		Versions []struct {
			Version int
			Created string
			Origin  string
		}
		Evidence map[string]dossier.Evidence
		Markdown string
		Similar  []dossier.Similar
	}
	if err := json.Unmarshal(line, &got); err != nil {
		t.Fatal(err)
	}
	page, err := base64.StdEncoding.DecodeString(got.Raw)
	if err != nil || string(page) != "\xff page of d2345abcdef" || len(got.Versions) != 1 || got.Versions[0].Origin != "crawl" || got.Evidence["title"].Rule != "h1" || len(got.Similar) != 1 || got.Similar[0].Score != 0.75 || got.Markdown == "" {
		t.Errorf("%s: %+v", line, got)
	}
}

// Other programs read what we write.
func TestForeignReaders(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not installed")
	}
	dir := t.TempDir()
	for _, f := range []string{"csv", "sqlite"} {
		if err := os.WriteFile(filepath.Join(dir, "r."+f), write(t, f, export.Options{}), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	script := `
import csv, sqlite3, json
rows = list(csv.DictReader(open("r.csv", encoding="utf-8", newline="")))
db = sqlite3.connect("r.sqlite"); db.row_factory = sqlite3.Row
back = [dict(r) for r in db.execute("SELECT * FROM records")]
print(json.dumps([[r["title"] for r in rows], [r["title"] for r in back], [r["body"] for r in rows] == [r["body"] for r in back]]))`
	cmd := exec.CommandContext(t.Context(), python, "-c", script)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	titles := fmt.Sprintf("%q", []string{records[0].Title, records[1].Title, records[2].Title})
	want := strings.ReplaceAll(titles, `" "`, `", "`)
	if string(bytes.TrimSpace(out)) != "["+want+", "+want+", true]" {
		t.Errorf("python reads %s, want %s", out, want)
	}
}
