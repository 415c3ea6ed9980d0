package export

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/dossier-archive/dossier"
)

// textEncoder writes a ZIP file, or a folder, for corpus tools: the text of
// each record in a file named after its id, and metadata.csv with the rest.
type textEncoder struct {
	zip  *zip.Writer
	meta bytes.Buffer // grows with the records, without their texts
	csv  *csvEncoder
}

func newText(w io.Writer, row rower, o Options) *textEncoder {
	e := &textEncoder{zip: zip.NewWriter(w)}
	row.columns = slices.DeleteFunc(slices.Clone(row.columns), func(c column) bool { return c.name == "body" })
	e.csv = newCSV(&e.meta, row, Options{BOM: o.BOM, Guard: o.Guard})
	return e
}

func (e *textEncoder) begin() error { return e.csv.begin() }

func (e *textEncoder) record(r *dossier.Record) error {
	f, err := createIn(e.zip, "texts/"+fileName(r.ID)+".txt", zip.Deflate)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(f, "%s\n\n%s\n", r.Title, r.Body); err != nil {
		return err
	}
	return e.csv.record(r)
}

// fileName is an id as the name of a file: an archive that comes from others can hold any
// text as an id, and must not choose where a file is written.
func fileName(id string) string {
	var b strings.Builder
	for i := range len(id) {
		switch c := id[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

func (e *textEncoder) end() error {
	if err := e.csv.end(); err != nil {
		return err
	}
	f, err := createIn(e.zip, "metadata.csv", zip.Deflate)
	if err != nil {
		return err
	}
	if _, err := e.meta.WriteTo(f); err != nil {
		return err
	}
	return e.zip.Close()
}

// createIn begins a file of a ZIP. Its time is the first that ZIP knows, so
// that the same content gives the same bytes.
func createIn(z *zip.Writer, name string, method uint16) (io.Writer, error) {
	return z.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
}

// unfold turns the ZIP file of an export into a folder beside it and gives its
// name.
func unfold(file string) (folder string, err error) {
	in, err := zip.OpenReader(file)
	if err != nil {
		return "", err
	}
	defer in.Close()
	folder = file + ".folder"
	if err := os.MkdirAll(filepath.Join(folder, "texts"), 0o755); err != nil {
		return folder, err
	}
	for _, f := range in.File {
		name, err := filepath.Localize(f.Name)
		if err == nil {
			err = unfoldFile(f, filepath.Join(folder, name))
		}
		if err != nil {
			return folder, err
		}
	}
	return folder, nil
}

func unfoldFile(f *zip.File, name string) error {
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(name)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}
