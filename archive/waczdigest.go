package archive

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"strings"
)

// maxDescription bounds the datapackage.json of a bundle.
const maxDescription = 16 << 20

// digestsIn are the SHA-256 digests, in hex, that the datapackage.json of a WACZ
// bundle names, by the names of the files.
func digestsIn(z *zip.Reader) map[string]string {
	in, err := z.Open("datapackage.json")
	if err != nil {
		return nil // older bundles have none
	}
	defer in.Close()
	var description struct {
		Resources []struct{ Path, Hash string }
	}
	if json.NewDecoder(io.LimitReader(in, maxDescription)).Decode(&description) != nil {
		return nil
	}
	out := map[string]string{}
	for _, r := range description.Resources {
		if digest, ok := strings.CutPrefix(r.Hash, "sha256:"); ok {
			out[r.Path] = strings.ToLower(digest)
		}
	}
	return out
}

// isAsDescribed compares a file of a bundle with its digest; one that has none
// passes.
func isAsDescribed(part *zip.File, digest string) bool {
	if digest == "" {
		return true
	}
	in, err := part.Open()
	if err != nil {
		return false
	}
	defer in.Close()
	sum := sha256.New()
	_, err = io.Copy(sum, in)
	return err == nil && hex.EncodeToString(sum.Sum(nil)) == digest
}
