package archive

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/dossier-archive/dossier"
)

// A page whose text stands in several answers is one row: the bodies follow on each other,
// and the column parts says of each answer but the first what the row says of that one. So
// they are packed, compared, sealed and removed together.

// storedPart is a further answer in the column parts.
type storedPart struct {
	URL       string      `json:"url"`
	FinalURL  string      `json:"final_url"`
	FetchedAt time.Time   `json:"fetched_at"`
	Status    int         `json:"status"`
	Proto     string      `json:"proto"`
	Request   http.Header `json:"request"`
	Header    []byte      `json:"header"` // as headerOf gives it
	Size      int         `json:"size"`
}

// wholeBody is the body of a page with those of its parts behind it.
func wholeBody(s *dossier.Snapshot) []byte {
	if len(s.Parts) == 0 {
		return s.Body
	}
	out := bytes.Clone(s.Body)
	for _, p := range s.Parts {
		out = append(out, p.Body...)
	}
	return out
}

// partsText is what the column parts says of a page, "" for one answer.
func partsText(s *dossier.Snapshot) (string, error) {
	if len(s.Parts) == 0 {
		return "", nil
	}
	out := make([]storedPart, len(s.Parts))
	for i := range s.Parts {
		p := &s.Parts[i]
		header, err := headerOf(p)
		if err != nil {
			return "", err
		}
		out[i] = storedPart{p.URL, p.FinalURL, p.FetchedAt.UTC(), p.Status, p.Proto, p.Request, header, len(p.Body)}
	}
	text, err := json.Marshal(out)
	return string(text), err
}

var errParts = errors.New("what it says of its parts does not fit their bytes")

// setParts undoes wholeBody and partsText.
func setParts(s *dossier.Snapshot, parts string, whole []byte) error {
	s.Body = whole
	if parts == "" {
		return nil
	}
	stored, err := readParts(parts)
	if err != nil {
		return err
	}
	ends := len(whole)
	out := make([]dossier.Snapshot, len(stored))
	for i := len(stored) - 1; i >= 0; i-- {
		p := stored[i]
		if p.Size < 0 || p.Size > ends {
			return errParts
		}
		out[i] = dossier.Snapshot{URL: p.URL, FinalURL: p.FinalURL, FetchedAt: p.FetchedAt, Status: p.Status, Proto: p.Proto, Request: p.Request, Body: whole[ends-p.Size : ends : ends]}
		if err := setHeader(&out[i], p.Header); err != nil {
			return err
		}
		ends -= p.Size
	}
	s.Body, s.Parts = whole[:ends:ends], out
	return nil
}

func readParts(parts string) (out []storedPart, err error) {
	err = json.Unmarshal([]byte(parts), &out)
	return out, err
}
